"""One visitor's session: a dict that knows what changed in it since it was loaded."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import bson
from aiohttp_session import Session

from aiocms.core.errors import AiocmsError

MAX_SIZE = 16 * 1024

_ESCAPES = {ord("%"): "%25", ord("."): "%2E", ord("$"): "%24", 0: "%00"}


class SessionError(AiocmsError):
    """A value that a session cannot keep."""


class MongoSession(Session):
    """One visitor's session: a dict whose values are whatever BSON can hold.

    A change inside a value (``session["cart"].append(…)``) is saved like any other.
    """

    def __init__(
        self,
        token: str,
        *,
        new: bool,
        stored: Mapping[str, Any] | None = None,
        created: datetime | None = None,
        beside: Mapping[str, Any] | None = None,
    ) -> None:
        self._touched = False
        super().__init__(token, data=None, new=new)
        self._mapping.update(stored or {})
        self._loaded = {key: encode(key, value) for key, value in self._mapping.items()}
        if created is not None:
            self._created = int(created.timestamp())
        self._assigned: set[str] = set()
        self.next_token: str | None = None
        self.drop_cookie = False
        self._beside = dict(beside or {})

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        self._assigned.add(key)

    def take(self, name: str) -> Any:
        """What was read from the database together with the session, once: later it may be out of date."""
        return self._beside.pop(name, None)

    @property
    def rotating(self) -> bool:
        """Whether the session gets a new token with this answer."""
        return self.next_token is not None

    @property
    def coming_token(self) -> str:
        """The token that the visitor has after this answer; forms of this answer are bound to it."""
        return self.next_token or self.token

    @property
    def token(self) -> str:
        """The secret in the visitor's cookie."""
        return str(self.identity)

    # aiohttp-session asks this attribute whether to save; it does not see changes inside values.
    @property
    def _changed(self) -> bool:
        return self._touched or self.rotating or self.drop_cookie or any(self.find_changes())

    @_changed.setter
    def _changed(self, value: bool) -> None:
        self._touched = value

    def find_changes(self) -> tuple[dict[str, Any], list[str]]:
        """What to set and what to unset in the stored document.

        Returns:
            Values by key, and the keys that are gone.
        Raises:
            SessionError: a value is not storable, or all together are too large.
        """
        encoded = {key: encode(key, value) for key, value in self._mapping.items()}
        size = sum(map(len, encoded.values()))
        if size > MAX_SIZE:
            largest = max(encoded, key=lambda key: len(encoded[key]))
            raise SessionError(
                f"The session holds {size} bytes of at most {MAX_SIZE}; the largest key is {largest!r}: "
                "keep large things in a collection and their id in the session"
            )
        changed = {key: self._mapping[key] for key, code in encoded.items() if self._loaded.get(key) != code}
        return changed, [key for key in self._loaded if key not in encoded]

    def find_assigned(self) -> dict[str, Any]:
        """The values that this request assigned, also where they were the same before."""
        return {key: self._mapping[key] for key in self._assigned if key in self._mapping}

    def take_next_token(self) -> None:
        """Be known by the new token from now on."""
        self._identity = self.coming_token
        self.next_token = None

    def forget(self) -> None:
        """Become an empty session with a token of its own; what comes in next is stored anew."""
        self._mapping.clear()
        self._loaded = {}
        self._identity = make_token()
        self._new = True
        self._touched = False
        self.next_token = None

    def invalidate(self) -> None:
        """Drop all values; the document is deleted when the answer is sent."""
        self._mapping.clear()
        self._touched = True


def make_token() -> str:
    """A new token of 256 random bits, 43 characters."""
    return secrets.token_urlsafe(32)


def escape(key: str) -> str:
    """A session key as a field name: dots and dollars would be paths and operators."""
    return key.translate(_ESCAPES) or "%"


def unescape(field: str) -> str:
    """The session key of a field name."""
    return "" if field == "%" else unquote(field)


def encode(key: object, value: Any) -> bytes:
    """The stored form of one key, by which two values are compared.

    Raises:
        SessionError: it cannot be stored.
    """
    if not isinstance(key, str):
        raise SessionError(f"Session keys are text, got {key!r}")
    try:
        return bson.encode({escape(key): value})
    except (bson.errors.BSONError, ValueError, OverflowError, TypeError, RecursionError) as error:
        raise SessionError(f"The session cannot keep {key!r}: {error}") from error
