"""Who a request comes from: User or Anonymous, both with the same attributes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiocms.auth.permissions import Access, Filter, compile_rules


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account, as of this request."""

    id: Any
    username: str
    is_superuser: bool = False
    permissions: tuple[str, ...] = ()
    """Their own and those of their roles."""
    email: str = ""
    display_name: str = ""
    language: str = ""
    """Chosen language, empty: the browser's."""
    time_zone: str = ""
    """Chosen time zone, empty: the site's."""
    theme: str = ""
    """light, dark, or empty: as the device says."""
    roles: tuple[Any, ...] = ()
    """Ids of their roles, those that exist."""
    stamp: str = field(default="", repr=False)
    """What sessions are compared with; it differs once the password, the roles or the rights have changed."""

    is_authenticated: ClassVar[bool] = True

    def can(self, permission: str) -> bool:
        """Whether the permission is granted, for all rows or for some: `scope` says which."""
        return self.is_superuser or compile_rules(self.permissions).scope(permission, self.id) is not False

    def scope(self, permission: str) -> bool | Filter:
        """True for all rows, False for none, else the MongoDB filter of the rows granted."""
        return True if self.is_superuser else compile_rules(self.permissions).scope(permission, self.id)

    def field_access(self, base: str, path: str) -> Access:
        """ "edit", "read" or "hide" for the field `path` of `base`, such as "shop.products"."""
        return "edit" if self.is_superuser else compile_rules(self.permissions).field_access(base, path)

    def prune(self, base: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of the document without the fields that this user may not see."""
        return dict(document) if self.is_superuser else compile_rules(self.permissions).prune(base, document)

    def __str__(self) -> str:
        return self.display_name


@dataclass(frozen=True, slots=True)
class Anonymous:
    """A visitor who is not logged in: no rights."""

    id: None = None
    username: str = ""
    is_superuser: bool = False
    permissions: tuple[str, ...] = ()
    email: str = ""
    display_name: str = ""
    language: str = ""
    time_zone: str = ""
    theme: str = ""
    roles: tuple[Any, ...] = ()
    stamp: str = ""

    is_authenticated: ClassVar[bool] = False

    def can(self, permission: str) -> bool:
        """False."""
        return False

    def scope(self, permission: str) -> bool | Filter:
        """False: no row."""
        return False

    def field_access(self, base: str, path: str) -> Access:
        """Hidden, each."""
        return "hide"

    def prune(self, base: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing of it."""
        return {}

    def __str__(self) -> str:
        return ""


def read_user(document: Mapping[str, Any]) -> User:
    """The User of a document of auth_users whose roles were joined as `role_documents`."""
    permissions = _texts(document.get("permissions"))
    for role in document.get("role_documents") or ():
        permissions += _texts(role.get("permissions"))
    username = str(document.get("username", ""))
    return User(
        id=document["_id"],
        username=username,
        is_superuser=document.get("superuser") is True,
        permissions=tuple(dict.fromkeys(permissions)),
        email=_text(document.get("email")),
        display_name=_text(document.get("display_name")) or username,
        language=_text(document.get("language")),
        time_zone=_text(document.get("time_zone")),
        theme=_text(document.get("theme")),
        roles=tuple(role["_id"] for role in document.get("role_documents") or () if "_id" in role),
        stamp=make_stamp(document),
    )


def make_stamp(document: Mapping[str, Any]) -> str:
    """A digest of what ends the other sessions when it changes.

    It is computed from the document, so a change by any way counts: an admin page, an import, the shell.
    """
    parts = [document.get("stamp"), document.get("active") is True, document.get("superuser") is True]
    parts += [sorted(map(str, _items(document.get(name)))) for name in ("roles", "permissions")]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def _texts(value: object) -> list[str]:
    return [item for item in _items(value) if isinstance(item, str)]


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
