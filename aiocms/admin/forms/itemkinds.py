"""The kinds of a list's items: as a screen declares them, or as the items of the document show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiocms.admin.screens import Kind, words
from aiocms.admin.values.rawbson import OBJECT, STRING, Value
from aiocms.core.fields.kinds import guess_icon

Kinds = Mapping[str, Sequence[Kind]]
KEYS = ("type", "_type", "kind", "_cls")
"""Keys that usually tell the kinds of items apart."""
_LONGEST = 40
_MOST = 20


def find_kind_key(items: Sequence[Value]) -> str:
    """The key by which items differ in kind: a short text in each of them, with few different values."""
    if not items or any(item.code != OBJECT for item in items):
        return ""
    for key in KEYS:
        found = [item.find(key) for item in items]
        texts = {one for one in found if one is not None and one.code == STRING and one.size < _LONGEST}
        if None not in found and 1 < len(texts) <= min(_MOST, len(items)) and texts.issuperset(found):
            return key
    return ""


def guess_kinds(items: Sequence[Value]) -> list[Kind]:
    """The kinds that the items of a list show, in the order of their first item."""
    key = find_kind_key(items)
    seen = dict.fromkeys(str(item.find(key).python()) for item in items) if key else {}  # type: ignore[union-attr]
    return [Kind(name, words(name), icon=guess_icon(name), key=key) for name in seen]


def make_kind_value(kind: Kind) -> Value:
    """A new item of a declared kind: its mark, and its fields with their defaults."""
    fields = {key: value for key, value in kind.fields.items() if key != kind.key}
    return Value.of({kind.key: kind.name, **fields})
