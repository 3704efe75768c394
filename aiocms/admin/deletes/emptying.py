"""A document without its references to documents that go: fields are emptied, items leave their lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aiocms.admin.values.rawbson import ARRAY, OBJECT, Value

_NUMBERS = frozenset((1, 16, 18, 19))


def drop(document: Value, path: str, gone: Collection[Value], policy: str) -> Value:
    """The document without what points, at a dotted path through lists, to one of these ids.

    Parameters:
        policy: "unset" takes the field away, or the id out of a list of ids; "pull" takes the item out of the
            innermost list around it, and where there is none does as "unset".
    """
    changed = _drop(document, path.split("."), gone, pulls=policy == "pull", in_list=False)
    return document if changed is None else changed


def _drop(
    value: Value, parts: Sequence[str], gone: Collection[Value], *, pulls: bool, in_list: bool
) -> Value | None:
    """The value without the references; None when it goes itself."""
    if value.code == ARRAY:
        kept = [_drop(item, parts, gone, pulls=pulls, in_list=True) for item in value.values()]
        return Value.array(one for one in kept if one is not None)
    if not parts:
        return None if _is_one(value, gone) else value
    if value.code != OBJECT:
        return value
    items: list[tuple[str, Value]] = []
    for key, child in value.items():
        if key != parts[0]:
            items.append((key, child))
            continue
        new = _drop(child, parts[1:], gone, pulls=pulls, in_list=in_list)
        if new is not None:
            items.append((key, new))
        elif pulls and in_list:
            return None
    return Value.object(items)


def _is_one(value: Value, gone: Collection[Value]) -> bool:
    """Whether the server takes the value for one of these: numbers of any type are equal."""
    if value in gone:
        return True
    return value.code in _NUMBERS and any(
        one.code in _NUMBERS and one.python() == value.python() for one in gone
    )
