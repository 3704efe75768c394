"""Pages by position: of views, and of time series, which have no keys to page by.

The rows of a view may share one `_id` or have none, and of neither does the server say the sort keys that it
used (seen with 6.0). What it reads of them it computes anyway, so passing over rows costs little more. Rows
that come or go meanwhile may be seen twice or not at all; where an index gives the order, `keyset` is used.
"""

from __future__ import annotations

from typing import Any

from aiocms.admin.lists.keyset import Document, Key, Page, PageQuery, Place, SortKey, iter_beyond

_WHOLE = "\u00b7whole"


def position_keys(position: int, sort: tuple[SortKey, ...]) -> tuple[Key, ...]:
    """A position as the keys of a place: one more than the order has, so none is taken for the other."""
    return (Key(position), *(Key(None) for _ in sort))


async def fetch_page(collection: Any, query: PageQuery, place: Place, *, whole: bool) -> Page:
    """One page, and whether rows lie before and behind it.

    Parameters:
        whole: rows that are alike in the order are put in the order of all that they hold, because `_id`
            does not tell them apart.
    Raises:
        PyMongoError: whatever the server refuses, a time-out included.
    """
    start, most = await _find_stretch(collection, query, place)
    order = {key.path: -1 if key.descending else 1 for key in query.sort}
    stages: list[Document] = [{"$match": dict(query.match)}]
    if whole:
        stages.append({"$set": {_WHOLE: "$$ROOT"}})
        order[_WHOLE] = 1
    stages.append({"$sort": order})
    stages += [{"$skip": start}] if start else []
    stages += [{"$limit": most + 1}, {"$project": dict(query.projection)}]
    rows = [row async for row in collection.aggregate(stages, **_options(query))]
    page = Page(rows[:most])
    page.first = position_keys(start, query.sort)
    page.last = position_keys(start + len(page.rows), query.sort)
    page.has_before, page.has_after = start > 0, len(rows) > most
    return page


async def find_before(collection: Any, query: PageQuery, value: Any) -> tuple[Key, ...]:
    """The place behind all rows that come before a value of the first sort key."""
    key = query.sort[0]
    before = [*iter_beyond(key.path, value, not key.descending)]
    match = {"$and": [dict(query.match), {"$or": before}]} if before else {"$nor": [{}]}
    return position_keys(await _count(collection, query, match), query.sort)


async def _find_stretch(collection: Any, query: PageQuery, place: Place) -> tuple[int, int]:
    """The position of the first row, and how many there are at most."""
    if place.where == "last":
        return max(await _count(collection, query, query.match) - query.size, 0), query.size
    if len(place.keys) != len(query.sort) + 1:
        return 0, query.size  # the first page, or a place of the time when the list was paged by keys
    position = int(place.keys[0].value)
    if place.where == "after":
        return position, query.size
    most = min(query.size, position)
    return (position - most, most) if most else (0, query.size)


async def _count(collection: Any, query: PageQuery, match: Any) -> int:
    stages = [{"$match": dict(match)}, {"$count": "n"}]
    return sum([int(row["n"]) async for row in collection.aggregate(stages, **_options(query))])


def _options(query: PageQuery) -> Document:
    options: Document = {"maxTimeMS": query.time_ms, "allowDiskUse": True}
    return options | ({"collation": query.collation} if query.collation else {})
