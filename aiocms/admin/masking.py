"""What of a document one user may see: the strictest of the user's rights and the screen's own rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from aiocms.admin.known import KnownFields
from aiocms.admin.screens import Access, Document, Screen
from aiocms.core import keys

_RANK: Mapping[str, int] = {"edit": 0, "read": 1, "mask": 2, "hide": 3}


class Masked:
    """Stands where a value is that the user may not see; shown as dots."""

    __slots__ = ()

    def __str__(self) -> str:
        return "••••••"

    def __bool__(self) -> bool:
        return False


MASKED = Masked()


class FieldRights:
    """The field rights of one request on one screen."""

    def __init__(self, request: web.Request, screen: Screen) -> None:
        self._request = request
        self._screen = screen
        self._user = request.get(keys.USER)
        self._base = screen.permission("")[:-1]
        self._of_user: dict[str, Access] = {}
        self._general: dict[str, Access] = {}
        self.has_rule = type(screen).field_access is not Screen.field_access
        """Whether the screen itself answers for fields."""

    @property
    def is_limited(self) -> bool:
        """Whether some field might be kept from this user."""
        return self.has_rule or not getattr(self._user, "is_superuser", False)

    def access(self, path: str, document: Document | None = None) -> Access:
        """What may be done with a field: the strictest answer for it and for every part that it lies in."""
        if not self.is_limited:
            return "edit"
        if not (self.has_rule and document is not None):
            if path not in self._general:
                self._general[path] = self._decide(path, None)
            return self._general[path]
        return self._decide(path, document)

    def may_name(self, path: str) -> bool:
        """Whether a filter, a search or a column may be about the field: its value must be open."""
        return _RANK[self.access(path)] < _RANK["mask"]

    def may_sort(self, path: str, fields: KnownFields) -> bool:
        """Whether rows may be sorted by the field: an object would tell of what is inside it."""
        return self.may_name(path) and (
            not self.is_limited or all(self.may_name(inner) for inner in fields.iter_below(path))
        )

    def prune(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document as this user may see it: hidden fields left out, masked ones replaced by `MASKED`."""
        if not self.is_limited:
            return dict(document)
        return self._prune_object(document, "", document)

    def _prune_object(self, value: Mapping[str, Any], at: str, document: Document) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for key, item in value.items():
            path = f"{at}.{key}" if at else key
            if path == "_id":
                kept[key] = item
                continue
            match self.access(path, document):
                case "mask":
                    kept[key] = MASKED
                case "hide":
                    continue
                case _:
                    kept[key] = self._prune_value(item, path, document)
        return kept

    def _prune_value(self, value: Any, path: str, document: Document) -> Any:
        if isinstance(value, Mapping):
            return self._prune_object(value, path, document)
        if isinstance(value, list):
            return [self._prune_value(item, path, document) for item in value]
        return value

    def _decide(self, path: str, document: Document | None) -> Access:
        parts = path.split(".")
        above = self.access(".".join(parts[:-1]), document) if len(parts) > 1 else "edit"
        answers = [above, self._by_user(path)]
        if self.has_rule:
            answers.append(self._screen.field_access(self._request, path, document))
        return max(answers, key=_RANK.__getitem__)

    def _by_user(self, path: str) -> Access:
        if getattr(self._user, "is_superuser", False):
            return "edit"
        if path not in self._of_user:
            answer: Access = self._user.field_access(self._base, path) if self._user is not None else "hide"
            self._of_user[path] = answer
        return self._of_user[path]
