"""The smallest update that turns one document into another, guarded by what it replaces.

Paths that the server's update operators cannot address (keys with dots, dollars, or empty) are written
through the nearest ancestor that they can; a top-level key of that kind through ``$setField``.

Source: MongoDB manual, "Field Names with Periods and Dollar Signs", ``$setField`` (since 5.0).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bson.raw_bson import RawBSONDocument

from aiocms.admin.values.bsontypes import SERVER_NAMES
from aiocms.admin.values.paths import Path, find, is_under
from aiocms.admin.values.rawbson import (
    ARRAY,
    INT32,
    NAMES,
    OBJECT,
    STRING,
    Value,
    has_twin_keys,
    raw_document,
)
from aiocms.admin.writes.align import align, find_identity

# Old values beyond this are guarded by type and size, not sent to the server a second time.
_GUARD_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Write:
    """One path with its value before and after; None stands for "not there"."""

    path: Path
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Update:
    """What goes to the server: the operators or the pipeline, and the guard over the old values."""

    update: RawBSONDocument | list[RawBSONDocument]
    guard: Value


def diff(before: Value, after: Value, path: Path = ()) -> list[Write]:
    """The paths in which two values differ, as deep as they can be told apart.

    Returns:
        One write a path; a list whose items came, went or moved is one write; so is an object whose
        keys changed places. 5 and 5.0, 0.0 and -0.0, null and missing differ.
    """
    if before == after:
        return []
    if before.code == after.code == OBJECT and not has_twin_keys(before) and not has_twin_keys(after):
        old, new = dict(before.items()), dict(after.items())
        if not path or _keeps_order(list(old), list(new)):
            return _diff_objects(old, new, path)
    if before.code == after.code == ARRAY:
        old_items, new_items = before.values(), after.values()
        if len(old_items) == len(new_items) and align(old_items, new_items) == list(range(len(new_items))):
            pairs = enumerate(zip(old_items, new_items, strict=True))
            return [write for i, (one, two) in pairs for write in diff(one, two, (*path, i))]
    return [Write(path, before, after)]


def build_update(current: Value, changed: Value, writes: Sequence[Write]) -> Update:
    """The update that carries out the writes on the document that is ``current``.

    Parameters:
        current: the whole stored document.
        changed: the whole document as it shall be.
        writes: ``diff(current, changed)``.
    """
    targets = list(dict.fromkeys(_addressable(write.path) for write in writes))
    targets = [path for path in targets if not is_under(path, [one for one in targets if one != path])]
    guard = _all_of(_guard_path(current, path) for path in targets)
    if any(_is_odd(path[0]) for path in targets):
        # A pipeline reads "a.0" as a key "0", so here whole top-level keys are written.
        keys = list(dict.fromkeys(path[0] for path in targets))
        guard = _all_of(_guard_path(current, (key,)) for key in keys)
        return Update([_set_field(str(key), changed.find(str(key))) for key in keys], guard)
    sets, unsets = [], []
    for path in targets:
        value = find(changed, path)
        name = ".".join(map(str, path))
        if value is None:
            unsets.append((name, Value.of("")))
        else:
            sets.append((name, value))
    operators = [("$set", sets), ("$unset", unsets)]
    return Update(
        raw_document(Value.object((op, Value.object(body)) for op, body in operators if body)), guard
    )


def build_filter(identity: Value, guard: Value | None = None, scope: Value | None = None) -> RawBSONDocument:
    """The filter for one document: its id, its old values, and the rows that the user may touch."""
    parts = [_object(_id=_object(**{"$eq": identity}))]
    if guard is not None:
        parts.append(_object(**{"$expr": guard}))
    if scope is not None:
        parts.append(scope)
    return raw_document(_object(**{"$and": Value.array(parts)}))


def guard_document(current: Value) -> Value:
    """A condition that the whole document is still the same."""
    return _all_of([_guard_value((), current)])


def _diff_objects(old: dict[str, Value], new: dict[str, Value], path: Path) -> list[Write]:
    writes: list[Write] = []
    for key in dict.fromkeys([*old, *new]):
        one, two = old.get(key), new.get(key)
        if one is not None and two is not None:
            writes.extend(diff(one, two, (*path, key)))
        else:
            writes.append(Write((*path, key), one, two))
    return writes


def _keeps_order(old: list[str], new: list[str]) -> bool:
    """Whether $set and $unset give the new order: they add keys last, sorted by name."""
    added = [key for key in new if key not in old]
    kept = [key for key in old if key in new]
    return new == [*kept, *added] and (len(added) < 2)


def _is_odd(part: str | int) -> bool:
    return isinstance(part, str) and (not part or "." in part or part.startswith("$"))


def _addressable(path: Path) -> Path:
    """The path, or its nearest ancestor that ``$set`` can name; at least the top-level key."""
    for depth, part in enumerate(path):
        if _is_odd(part):
            return path[: max(depth, 1)]
    return path


def _set_field(key: str, value: Value | None) -> RawBSONDocument:
    field = _object(
        field=_literal(Value.of(key)),
        input=Value.of("$$ROOT"),
        value=Value.of("$$REMOVE") if value is None else _literal(value),
    )
    return raw_document(_object(**{"$replaceWith": _object(**{"$setField": field})}))


def _guard_path(current: Value, path: Path) -> list[Value]:
    """Conditions that the value at a path, and the identity of the items around it, are still the same."""
    conditions: list[Value] = []
    for depth, part in enumerate(path):
        if isinstance(part, int) and depth + 1 < len(path):
            item = find(current, path[: depth + 1])
            known = find_identity(item) if item is not None else None
            if known is not None:
                conditions.extend(_guard_value((*path[: depth + 1], known[0]), known[1]))
            elif item is not None:
                conditions.extend(_guard_value(path[: depth + 1], item))
    return [*conditions, *_guard_value(path, find(current, path))]


def _guard_value(path: Path, old: Value | None) -> list[Value]:
    here = _at(path)
    kind = "missing" if old is None else SERVER_NAMES.get(NAMES[old.code], NAMES[old.code])
    conditions = [_operator("$eq", _operator("$type", here), Value.of(kind))]
    if old is None:
        return conditions
    if old.size <= _GUARD_LIMIT:
        conditions.append(_operator("$eq", here, _literal(old)))
    if old.is_container:
        # $eq takes 5 for 5.0 inside a container; their sizes differ.
        size = _operator("$bsonSize", _object(v=here))
        conditions.append(_operator("$eq", size, _int(Value.object((("v", old),)).size)))
    elif old.code == STRING and old.size > _GUARD_LIMIT:
        conditions.append(_operator("$eq", _operator("$strLenBytes", here), _int(old.size - 5)))
    return conditions


def _at(path: Path) -> Value:
    """An expression for exactly this path; "$a.0.b" would also mean other things."""
    here = Value.of("$$ROOT")
    for part in path:
        if isinstance(part, int):
            here = _operator("$arrayElemAt", here, _int(part))
        else:
            here = _operator("$getField", _object(field=_literal(Value.of(part)), input=here))
    return here


def _all_of(groups: Iterable[list[Value]]) -> Value:
    return _operator("$and", *dict.fromkeys(one for group in groups for one in group))


def _operator(name: str, *arguments: Value) -> Value:
    plain = len(arguments) == 1 and name != "$and"
    return _object(**{name: arguments[0] if plain else Value.array(arguments)})


def _literal(value: Value) -> Value:
    return _object(**{"$literal": value})


def _int(number: int) -> Value:
    return Value(INT32, struct.pack("<i", number))


def _object(**items: Value) -> Value:
    return Value.object(items.items())
