"""Which index a list lacks: fields asked for by equality, then the order, then ranges, then `_id`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiocms.admin.known import KnownField, KnownFields
from aiocms.admin.lists.conditions import Condition, Group
from aiocms.admin.lists.cost import Cost
from aiocms.admin.lists.keyset import SortKey
from aiocms.core.indexes import Index

_EQUAL = ("is", "in", "empty")
_RANGE = ("gt", "gte", "lt", "lte", "after", "before", "between", "starts")
_MOST_PATHS = 10


@dataclass(frozen=True, slots=True)
class Advice:
    """An index that would serve a list. `line` is what a developer writes into models.py."""

    index: Index
    line: str

    @property
    def name(self) -> str:
        """Its name in the database."""
        return self.index.name


@dataclass(slots=True)
class _Wanted:
    equal: list[str]
    ranges: list[str]


def suggest(
    collection: str,
    tree: Group,
    sort: Sequence[SortKey],
    cost: Cost,
    fields: KnownFields,
    indexes: Iterable[Mapping[str, object]],
    scope: Sequence[str] = (),
) -> tuple[Advice, ...]:
    """The indexes that are missing: one, or one for each part of an "or"; none when all is there.

    Parameters:
        scope: paths that the user's rights narrow by equality.
    """
    if not (cost.scans or cost.sorts):
        return ()
    known = set(_paths_of(tree))
    found: list[Advice] = []
    for wanted in _split(tree, fields, scope):
        keys = _order(wanted, sort, fields)
        if len(keys) > 1 or (keys and keys[0][0] in known):
            found.append(make_advice(collection, keys))
    stored = [list(dict(one["key"]).items()) for one in indexes if isinstance(one.get("key"), Mapping)]  # type: ignore[call-overload]
    unique = {one.name: one for one in found if list(one.index.keys) not in stored}
    return tuple(unique.values())


def suggest_text(
    collection: str, paths: Sequence[str], indexes: Iterable[Mapping[str, object]]
) -> tuple[Advice, ...]:
    """The text index that a search lacks; a collection has at most one."""
    if not paths or any("weights" in one for one in indexes):
        return ()
    return (make_advice(collection, [(path, "text") for path in paths]),)


def make_advice(collection: str, keys: Sequence[tuple[str, object]]) -> Advice:
    """The advice to make an index of these keys."""
    shown = ", ".join(f"({json.dumps(path)}, {json.dumps(kind)})" for path, kind in keys)
    return Advice(Index(collection, keys), f"Index({json.dumps(collection)}, [{shown}])")


def cannot_be_indexed(tree: Group) -> tuple[str, ...]:
    """The operators of a filter that no index helps."""
    used = {one.operator for one in _iter_all(tree)}
    return tuple(name for name in ("contains", "not", "exists", "type") if name in used)


def _split(tree: Group, fields: KnownFields, scope: Sequence[str]) -> Iterable[_Wanted]:
    base = _Wanted(list(scope), [])
    groups = _collect(tree, fields, base)
    if not groups or base.equal[len(scope) :] or base.ranges:
        yield base
        return
    for child in groups[0].children:
        one = _Wanted(list(scope), [])
        _collect(Group("and", (child,)), fields, one)
        yield one


def _collect(tree: Group, fields: KnownFields, wanted: _Wanted) -> list[Group]:
    """Sort the conditions that must all hold into equal and range; the "or" groups are given back."""
    groups: list[Group] = []
    for child in tree.children:
        if isinstance(child, Group):
            groups += _collect(child, fields, wanted) if child.kind != "or" else [child]
            continue
        known = fields.find(child.path)
        is_day = known is not None and "date" in known.parsed_types
        if child.operator in _EQUAL and not (is_day and child.operator != "empty"):
            wanted.equal.append(child.path)
        elif child.operator in _RANGE or child.operator in _EQUAL:
            wanted.ranges.append(child.path)
    return groups


def _order(wanted: _Wanted, sort: Sequence[SortKey], fields: KnownFields) -> list[tuple[str, int]]:
    keys: dict[str, int] = {}
    lists: set[str] = set()

    def add(path: str, direction: int) -> None:
        known = fields.find(path) or KnownField(path)
        if path in keys or len(keys) >= _MOST_PATHS or (known.array_at and lists - {known.array_at}):
            return  # an index holds one list, not two
        if known.array_at:
            lists.add(known.array_at)
        keys[path] = direction

    last = -1 if sort and sort[-1].descending else 1
    for path in wanted.equal:
        add(path, 1)
    for key in sort:
        if key.path != "_id":
            add(key.path, -1 if key.descending else 1)
    for path in wanted.ranges:
        add(path, 1)
    keys.setdefault("_id", last)
    return list(keys.items())


def _iter_all(tree: Group) -> Iterable[Condition]:
    for child in tree.children:
        if isinstance(child, Group):
            yield from _iter_all(child)
        else:
            yield child


def _paths_of(tree: Group) -> Iterable[str]:
    return (one.path for one in _iter_all(tree))
