"""A value as one of another BSON type: only where it stays the same for a person, never by itself.

What is offered loses nothing that the value says: 5.0 can be a whole number, 5.5 cannot; "7" can be a number,
"seven" cannot. Everything that has a text can be that text.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, tzinfo
from decimal import Decimal, InvalidOperation

from aiocms.admin.forms.nodes import Node
from aiocms.admin.forms.reading import Reading
from aiocms.admin.forms.shown import has_stub
from aiocms.admin.values import ejson
from aiocms.admin.values.bsontext import (
    CHOICES,
    CONTAINERS,
    NUMBERS,
    WITHOUT_TEXT,
    BadText,
    from_text,
    to_text,
)
from aiocms.admin.values.rawbson import ARRAY, CODES, NAMES, NULL, OBJECT, Value

_EMPTY = {"bool": "false", "int32": "0", "int64": "0", "double": "0.0", "decimal": "0"}
_WORDS = {
    "true": "true",
    "yes": "true",
    "1": "true",
    "false": "false",
    "no": "false",
    "0": "false",
    "": "false",
}
_LONGEST = 40
_LARGEST = 32 * 1024
_MILLIS_FROM = 100_000_000_000
_SECONDS_FROM = 100_000_000


def iter_offers(value: Value, zone: tzinfo = UTC) -> Iterator[tuple[str, str]]:
    """The types that a value can become, each with what it would be."""
    for kind in CHOICES:
        found = convert(value, kind, zone) if CODES[kind] != value.code else None
        if found is not None:
            yield kind, describe(found, zone)


def describe(value: Value, zone: tzinfo = UTC) -> str:
    """A value in a few characters."""
    if value.is_container:
        try:
            text = " ".join(ejson.dump(value).split()) if value.size < _LARGEST else "…"
        except BadText:
            text = "…"
    elif NAMES[value.code] in WITHOUT_TEXT:
        text = NAMES[value.code]
    else:
        text = to_text(value, zone) or ""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def convert(value: Value, kind: str, zone: tzinfo = UTC) -> Value | None:
    """The value as another type; None when it cannot be that."""
    if kind == NAMES.get(value.code):
        return value
    try:
        return _convert(value, kind, zone)
    except (BadText, InvalidOperation, OverflowError, ValueError):
        return None


def _convert(value: Value, kind: str, zone: tzinfo) -> Value | None:
    if kind == "null":
        return Value(NULL, b"")
    if value.code == NULL:
        return (
            from_text(kind, _EMPTY.get(kind, ""))
            if kind in _EMPTY or kind in ("string", *CONTAINERS)
            else None
        )
    if value.is_container:
        return _convert_container(value, kind)
    if kind == "array":
        return Value.array((value,))
    text = to_text(value, zone)
    if text is None:
        return None
    source = NAMES[value.code]
    if source == "date":
        return _convert_date(value, kind)
    if kind == "string":
        return from_text("string", text)
    if source in NUMBERS:
        return _convert_number(text, kind)
    if source == "bool":
        return (
            from_text(kind, _EMPTY[kind].replace("0", "1", 1) if text == "true" else _EMPTY[kind])
            if kind in NUMBERS
            else None
        )
    if source in ("string", "code"):
        return _convert_text(text, kind, zone)
    return None


def _convert_container(value: Value, kind: str) -> Value | None:
    if value.size > _LARGEST or has_stub(value):
        return None
    if kind == "string":
        return from_text("string", ejson.dump(value))
    if value.code == OBJECT:
        return Value.array((value,)) if kind == "array" else None
    items = value.values()
    return items[0] if len(items) == 1 and NAMES.get(items[0].code) == kind else None


def _convert_date(value: Value, kind: str) -> Value | None:
    millis = str(struct.unpack("<q", value.raw)[0])
    if kind == "string":
        text = to_text(value, UTC) or ""
        return from_text("string", f"{text}Z" if "T" in text else text)
    return from_text(kind, millis) if kind == "int64" else None


def _convert_number(text: str, kind: str) -> Value | None:
    number = Decimal(text)
    if kind in ("int32", "int64"):
        whole = int(number)
        return from_text(kind, str(whole)) if whole == number else None
    if kind == "double":
        return from_text(kind, repr(float(number))) if Decimal(repr(float(number))) == number else None
    if kind == "decimal":
        return from_text(kind, text)
    if kind == "bool":
        return from_text(kind, "true" if number else "false") if number in (0, 1) else None
    if kind == "date" and number == int(number) and number >= _SECONDS_FROM:
        return from_text(kind, str(int(number) if number >= _MILLIS_FROM else int(number) * 1000))
    return None


def _convert_text(text: str, kind: str, zone: tzinfo) -> Value | None:
    if kind == "bool":
        word = _WORDS.get(text.strip().lower())
        return from_text(kind, word) if word else None
    if kind in CONTAINERS:
        found = ejson.load(text, []) if text.strip()[:1] in ("{", "[") and len(text) < _LARGEST else None
        if found is None and kind == "array":
            return Value.array((from_text("string", text),))
        return found if found is not None and found.code == (OBJECT if kind == "object" else ARRAY) else None
    if kind in WITHOUT_TEXT:
        return None
    if kind == "code" or text.strip():
        return from_text(kind, text, zone)
    return None


def list_types(node: Node, zone: tzinfo = UTC) -> list[tuple[str, str]]:
    """The types to choose from for a part of a form, each with what its value would be; its own first."""
    if node.is_new and not node.text and not node.children:
        return [(kind, "") for kind in CHOICES]
    value, errors = Reading(zone).read(node), node.errors
    if value is None or node.has_errors:
        value = (
            from_text("string", node.text)
            if not node.is_container
            else Value(CODES[node.kind], b"\x05\0\0\0\0")
        )
    node.errors = errors
    found = dict(iter_offers(value, zone))
    found.pop(node.kind, None)
    if node.base is not None and node.base_kind not in (node.kind, *found) and node.stub is None:
        found[node.base_kind] = describe(node.base, zone)
    return [(node.kind, ""), *found.items()]
