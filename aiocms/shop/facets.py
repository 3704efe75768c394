"""Facet numbers: how many products each value would leave, counted in bounded time and kept.

A facet's own ticks do not count against its other values (they widen the listing), so a listing with two
ticked facets is counted three times. What was counted is kept in ``shop_facets`` until the catalogue
changes, and ``shop_facet_age`` seconds longer: a busy editor does not make every visitor count again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pymongo.errors import ExecutionTimeout, PyMongoError

from aiocms.shop.derive import ALL
from aiocms.shop.listing import Listing, offered_orders, write_listing
from aiocms.shop.models import FACETS, PRODUCTS, SITE, STATE, Database, Document
from aiocms.shop.store import find_bounds, listing_filter

# A facet with more values than this is a search box's work.
MOST_VALUES: Final = 200
_KEPT: Final = dt.timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one listing.

    Parameters:
        total: products of the listing; None when they could not be counted in time.
        values: facet code to value to number; also ``ancestor`` for categories. Empty when not counted.
    """

    total: int | None
    values: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What counting may cost."""

    time_ms: int = 1500
    age: int = 60


async def count_facets(db: Database, listing: Listing, codes: Iterable[str], limits: Limits) -> Counts:
    """The numbers beside the facets of a listing.

    Parameters:
        codes: the facets wanted; ``ancestor`` gives the numbers of categories.
    """
    wanted = sorted({*codes, "ancestor"})
    listing = replace(listing, cursor=None, order=offered_orders(listing.is_text)[0])
    version = await read_version(db)
    # One counting for the whole listing, and one for each ticked facet without its ticks.
    ticked = [code for code, _ in listing.chosen if code in wanted]
    parts = await asyncio.gather(
        _count(db, listing, wanted, version, limits),
        *(_count(db, listing.without_facet(code), wanted, version, limits) for code in ticked),
    )
    whole = parts[0]
    if whole is None:
        return Counts(None, {})
    values: dict[str, Mapping[str, int]] = {
        code: whole.get(code, {}) for code in wanted if code not in ticked
    }
    for code, part in zip(ticked, parts[1:], strict=True):
        values[code] = (part or whole).get(code, {})
    return Counts(whole.get(ALL, {}).get("", 0), values)


_Numbers = dict[str, dict[str, int]]


async def _count(
    db: Database, listing: Listing, codes: list[str], version: int, limits: Limits
) -> _Numbers | None:
    """Numbers by facet code and value from what is kept, or counted now and kept.

    Old numbers are better than none: they are shown when counting takes too long.
    """
    key = _key(listing, codes)
    kept: Document | None = await db[FACETS].find_one({"_id": key})
    now = dt.datetime.now(dt.UTC)
    if kept is not None and (kept["version"] == version or _age(kept, now) < limits.age):
        return _unpack(kept["numbers"])
    try:
        counted = await _count_now(db, listing, codes, limits.time_ms)
    except ExecutionTimeout:
        return _unpack(kept["numbers"]) if kept is not None else None
    entry = {"version": version, "at": now, "expires": now + _KEPT, "numbers": counted}
    try:
        await db[FACETS].update_one({"_id": key}, {"$set": entry}, upsert=True)
    except PyMongoError:
        # Not kept, e.g. another visitor kept the same at the same moment: it is only a cache.
        pass
    return _unpack(counted)


async def _count_now(db: Database, listing: Listing, codes: list[str], time_ms: int) -> list[list[Any]]:
    bounds = await find_bounds(db, listing, time_ms)
    steps = [
        {"$match": listing_filter(listing, bounds)},
        {"$project": {"_id": 0, "tokens": 1}},
        {"$unwind": "$tokens"},
        {"$group": {"_id": "$tokens", "n": {"$sum": 1}}},
    ]
    wanted = {*codes, ALL}
    found: list[list[Any]] = []
    async for row in db[PRODUCTS].aggregate(steps, maxTimeMS=time_ms):
        token = row["_id"]
        if isinstance(token, str) and token.partition(":")[0] in wanted:
            found.append([token, row["n"]])
    found.sort(key=lambda pair: (-pair[1], pair[0]))
    return _trim(found)


def _trim(found: list[list[Any]]) -> list[list[Any]]:
    """The most frequent values of each facet."""
    seen: dict[str, int] = {}
    kept = []
    for token, number in found:
        code = token.partition(":")[0]
        seen[code] = seen.get(code, 0) + 1
        if seen[code] <= MOST_VALUES:
            kept.append([token, number])
    return kept


def _unpack(numbers: list[list[Any]]) -> _Numbers:
    found: _Numbers = {}
    for token, number in numbers:
        code, _, value = token.partition(":")
        found.setdefault(code, {})[value] = number
    return found


def _key(listing: Listing, codes: list[str]) -> str:
    # Values in any order are the same listing.
    pairs = sorted(write_listing(listing))
    parts = [SITE, listing.base, pairs, codes]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def _age(kept: Document, now: dt.datetime) -> float:
    at: dt.datetime = kept["at"]
    return (now - (at if at.tzinfo else at.replace(tzinfo=dt.UTC))).total_seconds()


async def read_version(db: Database) -> int:
    """The catalogue's version: it grows with every change."""
    state = await db[STATE].find_one({"_id": SITE}, {"version": 1})
    return int(state["version"]) if state else 0


async def grow_version(db: Database) -> None:
    """Say that the catalogue has changed: kept numbers are stale from now on."""
    await db[STATE].update_one({"_id": SITE}, {"$inc": {"version": 1}}, upsert=True)
