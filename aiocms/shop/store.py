"""What the shop's pages read: each function one bounded query.

Every query has a projection, a limit and a time limit; ``Slow`` says that the time was not enough.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pymongo.errors import ExecutionTimeout, OperationFailure

from aiocms.core.errors import AiocmsError
from aiocms.shop.keyset import RELEVANCE, after
from aiocms.shop.listing import Listing
from aiocms.shop.models import CATEGORIES, ORDER_INDEXES, PRODUCTS, PUBLISHED, SITE, TYPES, Database, Document

# Beyond this a listing's number is "10,000+", and beyond it no better bound for the index is looked for.
MOST_COUNTED = 10_000
MOST_TYPES = 500
MOST_CHILDREN = 500
_BAD_HINT = 2

_CATEGORY = {"site": 0, "old_paths": 0}


class Slow(AiocmsError):
    """A query took longer than the shop allows; the page asks for a narrower wish."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of products, in the order of the listing."""

    products: list[Document]
    has_before: bool
    has_after: bool


async def find_page(
    db: Database, listing: Listing, size: int, *, language: str = "", time_ms: int = 3000
) -> Page:
    """One page of a listing by one query that walks one index in the listing's order.

    Raises:
        Slow: the listing could not be read in time.
    """
    backwards = listing.cursor is not None and listing.cursor.backwards
    bounds = await find_bounds(db, listing, time_ms)
    try:
        if listing.order is RELEVANCE:
            found = await _read_by_score(db, listing, bounds, size, language, time_ms)
        else:
            found = await _read_in_order(db, listing, bounds, size, language, time_ms)
    except ExecutionTimeout as error:
        raise Slow("The products could not be read in time") from error
    more, found = len(found) > size, found[:size]
    if backwards:
        return Page(found[::-1], has_before=more, has_after=True)
    return Page(found, has_before=listing.cursor is not None, has_after=more)


async def _read_in_order(
    db: Database, listing: Listing, bounds: int, size: int, language: str, time_ms: int
) -> list[Document]:
    backwards = listing.cursor is not None and listing.cursor.backwards
    query = db[PRODUCTS].find(page_filter(listing, bounds), card_fields(language))
    query = query.sort(listing.order.sort(backwards)).limit(size + 1).max_time_ms(time_ms)
    if listing.is_text:
        return list(await query.to_list(size + 1))
    try:
        # Without the hint the server tries several indexes for each branch of the filter, at twice the time.
        return list(await query.clone().hint(ORDER_INDEXES[listing.order.field]).to_list(size + 1))
    except OperationFailure as error:
        if error.code != _BAD_HINT:
            raise
    # The index is still being built.
    return list(await query.to_list(size + 1))


async def _read_by_score(
    db: Database, listing: Listing, bounds: int, size: int, language: str, time_ms: int
) -> list[Document]:
    backwards = listing.cursor is not None and listing.cursor.backwards
    steps: list[Document] = [
        {"$match": listing_filter(listing, bounds)},
        {"$project": {**card_fields(language), "score": {"$meta": "textScore"}}},
    ]
    if listing.cursor is not None:
        steps.append({"$match": after(listing.order, listing.cursor)})
    steps += [{"$sort": dict(listing.order.sort(backwards))}, {"$limit": size + 1}]
    found: list[Document] = await db[PRODUCTS].aggregate(steps, maxTimeMS=time_ms).to_list(size + 1)
    return found


async def find_bounds(db: Database, listing: Listing, time_ms: int = 3000) -> int:
    """Which of the listing's groups the index is to be walked by: the rarest.

    A multikey index takes one condition of the array as its bounds; the others are checked on what it
    finds. Counting keys with a limit is cheap, a wrong guess is not.
    """
    groups = listing.groups
    if len(groups) == 1 or listing.is_text:
        return 0
    counts = await asyncio.gather(*(_count_group(db, group, time_ms) for group in groups))
    return counts.index(min(counts))


async def _count_group(db: Database, group: list[str], time_ms: int) -> int:
    wanted = {"site": SITE, "status": PUBLISHED, "tokens": _one_of(group)}
    try:
        return int(await db[PRODUCTS].count_documents(wanted, limit=MOST_COUNTED, maxTimeMS=time_ms))
    except ExecutionTimeout:
        return MOST_COUNTED


def listing_filter(listing: Listing, bounds: int = 0) -> Document:
    """The filter of all products of a listing, on every page.

    Parameters:
        bounds: the group that the index is walked by. The others are hidden from the planner in ``$expr``,
            or it might take one of them; their values are literals there, never expressions.
    """
    wanted: Document = {"site": SITE, "status": PUBLISHED}
    groups = listing.groups
    if listing.is_text:
        wanted["$text"] = {"$search": _search_text(listing), "$language": "none"}
        wanted["$and"] = [{"tokens": _one_of(group)} for group in groups]
    else:
        wanted["tokens"] = _one_of(groups[bounds])
        others = [_has_one_of(group) for index, group in enumerate(groups) if index != bounds]
        if others:
            wanted["$expr"] = {"$and": others}
    price: Document = {}
    if listing.price_from is not None:
        price["$gte"] = listing.price_from
    if listing.price_to is not None:
        price["$lte"] = listing.price_to
    if price:
        wanted["price_min"] = price
    if listing.begins:
        wanted["sort_title"] = {"$gte": listing.begins, "$lt": listing.begins + "\U0010ffff"}
    return wanted


def page_filter(listing: Listing, bounds: int = 0) -> Document:
    """The filter of one page, in orders of the database.

    Behind a cursor each token of the bounds gets branches of its own, each one a range of the index that is
    sorted already: the database merges them. Written shorter, it would sort all that is left in memory.
    """
    wanted = listing_filter(listing, bounds)
    if listing.cursor is None:
        return wanted
    if listing.is_text:
        return {"$and": [wanted, after(listing.order, listing.cursor)]}
    branches = [
        _narrow({**wanted, "tokens": token}, branch)
        for token in listing.groups[bounds]
        for branch in after(listing.order, listing.cursor)["$or"]
    ]
    return {"$or": branches}


def _narrow(wanted: Document, branch: Document) -> Document:
    """Both filters at once; conditions on one field are put together."""
    narrowed = dict(wanted)
    for name, condition in branch.items():
        operators = condition if isinstance(condition, dict) else {"$eq": condition}
        narrowed[name] = {**wanted.get(name, {}), **operators}
    return narrowed


def _one_of(group: list[str]) -> Any:
    return group[0] if len(group) == 1 else {"$in": group}


def _has_one_of(group: list[str]) -> Document:
    tokens = {"$cond": [{"$isArray": "$tokens"}, "$tokens", []]}
    return {"$or": [{"$in": [{"$literal": token}, tokens]} for token in group]}


def _search_text(listing: Listing) -> str:
    """The words as ``$text`` takes them: quoted words must all be there."""
    bare = [word.replace('"', " ").replace("\\", " ").lstrip("-") for word in listing.words]
    return " ".join(bare) if listing.match == "any" else " ".join(f'"{word}"' for word in bare)


def card_fields(language: str) -> Document:
    """The projection of a product on a list."""
    fields: Document = {
        "title": 1,
        "slug": 1,
        "type": 1,
        "published": 1,
        "price_min": 1,
        "price_max": 1,
        "currency": 1,
        "sort_title": 1,
        "media": {"$slice": ["$media", 2]},
        "variants._id": 1,
        "variants.active": 1,
        "variants.opts": 1,
        "variants.price": 1,
        "variants.compare": 1,
        "options": 1,
        "attrs.brand": 1,
    }
    if language.isascii() and language.replace("-", "").replace("_", "").isalnum():
        fields[f"translations.{language}.title"] = 1
    return fields


async def find_product(db: Database, slug: str, *, time_ms: int = 3000) -> Document | None:
    """The published product at an address, or that has moved from there (its ``slug`` differs then)."""
    for field in ("slug", "old_slugs"):
        wanted = {"site": SITE, field: slug, "status": PUBLISHED}
        found: Document | None = await db[PRODUCTS].find_one(
            wanted, {"tokens": 0, "search": 0}, max_time_ms=time_ms
        )
        if found is not None:
            return found
    return None


async def find_category(db: Database, path: str, *, time_ms: int = 3000) -> Document | None:
    """The public category at an address, or that has moved from there (its ``url_path`` differs then)."""
    for field in ("url_path", "old_paths"):
        wanted = {"site": SITE, field: path, "public": True, "ancestors_are_public": True}
        found: Document | None = await db[CATEGORIES].find_one(wanted, _CATEGORY, max_time_ms=time_ms)
        if found is not None:
            return found
    return None


async def find_children(db: Database, parents: Iterable[Any], *, time_ms: int = 3000) -> list[Document]:
    """The public categories right below some categories (None: the root), in their order."""
    wanted = {"site": SITE, "parent": {"$in": list(parents)}, "public": True, "ancestors_are_public": True}
    cursor = db[CATEGORIES].find(wanted, _CATEGORY).sort([("order", 1), ("_id", 1)])
    found: list[Document] = await cursor.max_time_ms(time_ms).to_list(MOST_CHILDREN)
    return found


async def find_categories(db: Database, ids: Iterable[Any], *, time_ms: int = 3000) -> list[Document]:
    """The public categories of some ids, in the order of the ids: breadcrumbs in one query."""
    wanted = list(ids)
    if not wanted:
        return []
    query = {"_id": {"$in": wanted}, "public": True, "ancestors_are_public": True}
    found = await db[CATEGORIES].find(query, _CATEGORY).max_time_ms(time_ms).to_list(len(wanted))
    by_id = {category["_id"]: category for category in found}
    return [by_id[category_id] for category_id in wanted if category_id in by_id]


async def find_types(db: Database, *, time_ms: int = 3000) -> dict[Any, Document]:
    """All types of products by id."""
    found = await db[TYPES].find({"site": SITE}).max_time_ms(time_ms).to_list(MOST_TYPES)
    return {kind["_id"]: kind for kind in found}
