"""Cells of fields that a condition hides: they are not edited in a list, as they are not in the form.

The condition is asked of what is stored, as the form would show it: a declared field says what a value, or
a missing one, is to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

import wtforms
from bson import Decimal128
from wtforms import FieldList, FormField
from wtforms.fields import DateField

from aiocms.admin.forms.conditional import iter_field_parts, plain
from aiocms.admin.forms.showif import Plain, evaluate, iter_names, parse
from aiocms.admin.values import paths
from aiocms.admin.values.rawbson import BrokenBSON, Value

Find = Callable[[tuple[str, ...]], Value | None]
"""Gives what a document holds at a path."""


class CellConditions:
    """The conditions of a screen's fields, asked of documents.

    Parameters:
        texts: the condition by dotted path.
        form: the screen's own.
        access: the user's rights by dotted path; a field that is not the user's is none of the form.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        form: type[wtforms.Form] | None,
        access: Callable[[str], str],
        zone: tzinfo,
    ) -> None:
        self._texts, self._access, self._zone = texts, access, zone
        self._form = form() if form is not None and texts else None

    def has(self, path: str) -> bool:
        """Whether a field, or one that it lies in, has a condition."""
        return any(_iter_texts(self._texts, path))

    def hold(self, path: str, find: Find) -> bool:
        """Whether the form would show this field of a document."""

        def get(root: bool, names: tuple[str, ...]) -> Plain:
            return self._see(names, find(names))

        return all(evaluate(parse(text), get) for text in _iter_texts(self._texts, path))

    def _see(self, names: tuple[str, ...], value: Value | None) -> Plain:
        field = self._find_field(names)
        if field is None:
            return plain(value, self._zone) if value is not None else None
        if value is None:
            field.process(None)
        else:
            field.process(None, self._bring(field, value))
        return next(part.value for _, part in iter_field_parts([field]))

    def _find_field(self, names: tuple[str, ...]) -> Any:
        """The plain field of the declared form; None when what is stored counts."""
        here: Any = self._form
        for end, name in enumerate(names, 1):
            inner = here.form if isinstance(here, FormField) else here
            here = getattr(inner, "_fields", {}).get(name)
            if here is None or self._access(".".join(names[:end])) != "edit":
                return None
        return None if isinstance(here, FormField | FieldList) else here

    def _bring(self, field: Any, value: Value) -> Any:
        found = value.python()
        if isinstance(found, datetime):
            # A day has no zone: it is kept as midnight UTC and shown as that day everywhere.
            local = found.astimezone(self._zone).replace(tzinfo=None)
            return found.astimezone(UTC).date() if isinstance(field, DateField) else local
        return found.to_decimal() if isinstance(found, Decimal128) else found


def needed_paths(texts: Mapping[str, str], shown: Iterable[str]) -> tuple[str, ...]:
    """What must be known of a document to tell whether these fields of it are shown."""
    found: dict[str, None] = {}
    for path in shown if texts else ():
        for text in _iter_texts(texts, path):
            found.update((".".join(names), None) for _, names in iter_names(parse(text)))
    return tuple(found)


def find_in_value(document: Value) -> Find:
    """How a document as the database keeps it is asked."""
    return lambda names: paths.find(document, names)


def find_in_row(row: Mapping[str, Any]) -> Find:
    """How a row of a list is asked."""

    def find(names: tuple[str, ...]) -> Value | None:
        here: Any = row
        for name in names:
            if not isinstance(here, Mapping) or name not in here:
                return None
            here = here[name]
        try:
            return Value.of(here)
        except BrokenBSON:
            return None

    return find


def _iter_texts(texts: Mapping[str, str], path: str) -> Iterator[str]:
    """The conditions of a path and of what it lies in."""
    parts = path.split(".")
    for end in range(1, len(parts) + 1) if texts else ():
        text = texts.get(".".join(parts[:end]))
        if text is not None:
            yield text
