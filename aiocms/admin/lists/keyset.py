"""Pages of a sorted list without skipping: each page begins behind the sort keys of the row before it.

Two ways give the same order. When an index gives the rows in order and no list lies on its sort paths, a
page is read by a few range queries on that index, wherever it is. Otherwise the server sorts, says the sort
keys it used, and compares those: exact for lists, missing values and mixed types by construction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from aiocms.admin.values import bsonorder

Document = dict[str, Any]
Where = Literal["first", "after", "before", "last"]
_KEY = "\u00b7key"


@dataclass(frozen=True, slots=True)
class SortKey:
    """One path of a sort."""

    path: str
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.path}" if self.descending else self.path


@dataclass(frozen=True, slots=True)
class Key:
    """The value that a row is sorted by at one path; an empty list sorts below null and has no value."""

    value: Any
    is_empty_list: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Which page: the first, the last, or the one after or before the row with these keys.

    One key where the order has more is the `_id` of the row: its keys are too long for an address.
    """

    where: Where = "first"
    keys: tuple[Key, ...] = ()

    @property
    def is_backward(self) -> bool:
        """Whether the page is read from its end."""
        return self.where in ("before", "last")


@dataclass(frozen=True, slots=True)
class PageQuery:
    """What a page is read from. `match` is already narrowed to what the user may see.

    `in_order`: an index gives the rows in the order of `sort` without `_id`, and no list lies on its paths.
    `with_id`: that index ends with `_id`, so rows with equal keys come in order too.
    """

    match: Mapping[str, Any]
    sort: tuple[SortKey, ...]
    projection: Mapping[str, int]
    size: int
    time_ms: int
    in_order: bool = False
    with_id: bool = False
    collation: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Page:
    """The rows of a page in the order of the list.

    `whole`: the rows before what the user may not see was taken out, for a screen's rules about fields.
    """

    rows: list[Document] = field(default_factory=list)
    whole: list[Document] = field(default_factory=list)
    first: tuple[Key, ...] = ()
    last: tuple[Key, ...] = ()
    has_before: bool = False
    has_after: bool = False


def complete_sort(keys: Sequence[SortKey]) -> tuple[SortKey, ...]:
    """A total order: repeated paths left out, `_id` last, in the direction of the key before it."""
    found: dict[str, SortKey] = {}
    for key in keys:
        found.setdefault(key.path, key)
        if key.path == "_id":
            return tuple(found.values())
    kept = tuple(found.values())
    return (*kept, SortKey("_id", kept[-1].descending if kept else True))


async def fetch_page(collection: Any, query: PageQuery, place: Place) -> Page:
    """One page and whether rows lie before and behind it.

    Raises:
        PyMongoError: whatever the server refuses, a time-out included.
    """
    if len(place.keys) == 1 < len(query.sort):
        place = await _find_place(collection, query, place)
    elif place.keys and len(place.keys) != len(query.sort):
        place = Place()  # of the time when the list was paged by position
    way = _read_ranges if query.in_order else _read_sorted
    found = await way(collection, query, place)
    more, found = len(found) > query.size, found[: query.size]
    if place.is_backward:
        found.reverse()
    page = Page([row for row, _ in found])
    if found:
        page.first, page.last = _keys_of(*found[0], query.sort), _keys_of(*found[-1], query.sort)
    page.has_before = more if place.is_backward else place.where == "after"
    page.has_after = place.where == "before" if place.is_backward else more
    return page


async def _find_place(collection: Any, query: PageQuery, place: Place) -> Place:
    """The place with all keys of its row, as they are now; the first page when the row is gone."""
    stages: list[Document] = [
        {"$match": {"_id": {"$eq": place.keys[0].value}}},
        {"$sort": {key.path: -1 if key.descending else 1 for key in query.sort}},
        {"$set": {_KEY: _key_expression(len(query.sort))}},
        {"$project": {_KEY: 1}},
    ]
    options: Document = {"maxTimeMS": query.time_ms}
    if query.collation:
        options["collation"] = query.collation
    async for row in collection.aggregate(stages, **options):
        return Place(place.where, tuple(_read_key(row[_KEY][f"k{i}"]) for i in range(len(query.sort))))
    return Place()


Found = list[tuple[Document, tuple[Key, ...] | None]]
"""Rows with their sort keys; None when the row itself holds them. Only those at the edges are needed."""


def _keys_of(row: Document, keys: tuple[Key, ...] | None, sort: Sequence[SortKey]) -> tuple[Key, ...]:
    return _read_keys(row, sort) if keys is None else keys


async def _read_sorted(collection: Any, query: PageQuery, place: Place) -> Found:
    """Rows by the server's own sort keys, from the place on, in the direction of reading."""
    pipeline: list[Document] = [
        {"$match": dict(query.match)},
        {"$sort": {key.path: -1 if key.descending else 1 for key in query.sort}},
    ]
    set_keys = {"$set": {_KEY: _key_expression(len(query.sort))}}
    limit = {"$limit": query.size + 1}
    if place.where == "first":
        pipeline += [limit, set_keys]
    else:
        pipeline.append(set_keys)
        if place.keys:
            pipeline.append({"$match": {"$expr": _beyond_expression(query.sort, place)}})
        if place.is_backward:
            order = {f"{_KEY}.k{i}": 1 if key.descending else -1 for i, key in enumerate(query.sort)}
            pipeline.append({"$sort": order})
        pipeline.append(limit)
    # A projection before the keys are read makes the server lose them (seen with 6.0).
    pipeline.append({"$project": {**query.projection, _KEY: 1}})
    options: Document = {"maxTimeMS": query.time_ms, "allowDiskUse": True}
    if query.collation:
        options["collation"] = query.collation
    found: Found = []
    async for row in collection.aggregate(pipeline, **options):
        keys = row.pop(_KEY)
        found.append((row, tuple(_read_key(keys[f"k{i}"]) for i in range(len(query.sort)))))
    return found


def _key_expression(count: int) -> Document:
    """The server's sort keys, each as `{c: class, v: value}`: the key of `[]` has no value."""
    keys: Document = {}
    for i in range(count):
        key: Document = {"$arrayElemAt": [{"$meta": "sortKey"}, i]}
        kind = {"$type": key}
        rank = {
            "$switch": {"branches": [_branch(kind, "minKey", 0), _branch(kind, "undefined", 1)], "default": 2}
        }
        keys[f"k{i}"] = {"c": rank, "v": {"$cond": [{"$eq": [kind, "undefined"]}, None, key]}}
    return keys


def _branch(kind: Document, name: str, rank: int) -> Document:
    return {"case": {"$eq": [kind, name]}, "then": rank}


def _read_key(key: Document) -> Key:
    return Key(key.get("v"), is_empty_list=key["c"] == 1)


def _write_key(key: Key) -> Document:
    rank = 1 if key.is_empty_list else 0 if bsonorder.bracket(key.value) == bsonorder.MIN else 2
    return {"c": rank, "v": key.value}


def _beyond_expression(sort: Sequence[SortKey], place: Place) -> Document:
    """Whether a row's keys lie beyond those of the place, key by key."""
    branches: list[Document] = []
    same: list[Document] = []
    for i, (key, at) in enumerate(zip(sort, place.keys, strict=True)):
        mine, theirs = f"${_KEY}.k{i}", {"$literal": _write_key(at)}
        operator = "$lt" if key.descending != place.is_backward else "$gt"
        branches.append({"$and": [*same, {operator: [mine, theirs]}]})
        same.append({"$eq": [mine, theirs]})
    return {"$or": branches}


async def _read_ranges(collection: Any, query: PageQuery, place: Place) -> Found:
    """Rows by range queries along an index, nearest to the place first."""
    sort = tuple(SortKey(key.path, key.descending != place.is_backward) for key in query.sort)
    found: Found = []
    for conditions, rest in _iter_segments(sort, place.keys):
        need = query.size + 1 - len(found)
        match = {"$and": [query.match, *conditions]} if conditions else query.match
        rows = await _read_segment(collection, query, match, rest, sort, need)
        found += [(row, None) for row in rows]
        if len(found) > query.size:
            break
    return found


def _iter_segments(
    sort: tuple[SortKey, ...], keys: tuple[Key, ...]
) -> Iterator[tuple[list[Document], tuple[SortKey, ...]]]:
    """Conditions of adjoining stretches of the list beyond the keys, and what each is sorted by."""
    if not keys:
        yield [], sort
        return
    for i in range(len(sort) - 1, -1, -1):
        same = [{key.path: {"$eq": at.value}} for key, at in zip(sort[:i], keys[:i], strict=True)]
        for beyond in iter_beyond(sort[i].path, keys[i].value, sort[i].descending):
            yield [*same, beyond], sort[i:]


def iter_beyond(path: str, value: Any, descending: bool) -> Iterator[Document]:
    """What sorts beyond a value at one path: first the same type, then the other types in their order.

    A comparison in a query stays within the value's type, while a sort goes through all types.
    """
    rank = bsonorder.bracket(value)
    if bsonorder.NUMBER <= rank < bsonorder.MAX:
        yield from _iter_beyond_in_type(path, value, rank, descending)
    if descending:
        middle = [name for names in bsonorder.BRACKETS[bsonorder.NUMBER : rank] for name in names]
        if middle:
            yield {path: {"$type": middle}}
        if rank > bsonorder.NULL:
            yield {path: {"$eq": None}}  # null and missing
        if rank > bsonorder.MIN:
            yield {path: {"$type": "minKey"}}
        return
    if rank < bsonorder.NULL:
        yield {path: {"$eq": None}}
    later = [name for names in bsonorder.BRACKETS[max(rank, bsonorder.NULL) + 1 :] for name in names]
    if later:
        yield {path: {"$type": later}}


def _iter_beyond_in_type(path: str, value: Any, rank: int, descending: bool) -> Iterator[Document]:
    operator = "$lt" if descending else "$gt"
    if rank == bsonorder.NUMBER and bsonorder.is_nan(value):
        if not descending:  # NaN is the lowest number, and nothing compares with it
            yield {path: {"$gte": float("-inf")}}
    elif rank >= bsonorder.REGEX:
        names = list(bsonorder.BRACKETS[rank])
        yield {path: {"$type": names}, "$expr": {operator: [f"${path}", {"$literal": value}]}}
    else:
        yield {path: {operator: value}}
        if rank == bsonorder.NUMBER and descending:
            yield {path: {"$eq": float("nan")}}


async def _read_segment(
    collection: Any,
    query: PageQuery,
    match: Mapping[str, Any],
    rest: tuple[SortKey, ...],
    sort: tuple[SortKey, ...],
    need: int,
) -> list[Document]:
    """The first rows of a stretch. Equal keys are put in the order of `_id` where the index does not."""
    if query.with_id or len(rest) == 1:
        return await _find(collection, query, match, rest, need)
    rows = await _find(collection, query, match, rest[:-1], need)
    groups: dict[tuple[Any, ...], list[Document]] = {}
    for row in rows:
        group = tuple(bsonorder.order_key(key.value) for key in _read_keys(row, sort[:-1]))
        groups.setdefault(group, []).append(row)
    whole: list[Document] = []
    if len(rows) == need and groups:
        # The limit may have cut the last group anywhere: that one is read again in the order of _id, unless
        # only the one row too many is in it, which merely says that there are more.
        whole = groups.pop(next(reversed(groups)))
        if len(whole) > 1:
            at = _read_keys(whole[0], sort[:-1])
            same = [{key.path: {"$eq": one.value}} for key, one in zip(sort, at, strict=False)]
            whole = await _find(collection, query, {"$and": [match, *same]}, sort[-1:], len(whole))
    down = sort[-1].descending
    ordered = [
        row
        for group in groups.values()
        for row in sorted(group, key=lambda one: bsonorder.order_key(one["_id"]), reverse=down)
    ]
    return [*ordered, *whole]


async def _find(
    collection: Any, query: PageQuery, match: Mapping[str, Any], sort: Sequence[SortKey], limit: int
) -> list[Document]:
    cursor = collection.find(
        match,
        query.projection,
        sort=[(key.path, -1 if key.descending else 1) for key in sort],
        limit=limit,
        batch_size=limit + 1,
        max_time_ms=query.time_ms,
    )
    if query.collation:
        cursor = cursor.collation(query.collation)
    rows: list[Document] = await cursor.to_list(limit)
    return rows


def _read_keys(row: Document, sort: Sequence[SortKey]) -> tuple[Key, ...]:
    return tuple(Key(_dig(row, key.path)) for key in sort)


def _dig(row: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(row, Mapping):
            return None
        row = row.get(part)
    return row
