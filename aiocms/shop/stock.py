"""Stock: what can be bought, and changes that keep ``available == on_hand - reserved``.

A change is one update of one document whose filter is the guard; the ledger's line is pushed into the
document's ``outbox`` by the same update and then moved to ``shop_stock_moves``, where it is unique. Cut
between the two, the line waits in the outbox and the next change or ``shop check`` moves it: exactly once.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from typing import Any

from bson import Int64, ObjectId
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from aiocms.core.errors import AiocmsError
from aiocms.shop.derive import iter_documents
from aiocms.shop.models import LOCATION, MOVES, PRODUCTS, SITE, STOCK, Database, Document


class Availability(enum.Enum):
    """How much of a variant there is, as visitors are told."""

    IN_STOCK = "in"
    FEW = "few"
    SOLD_OUT = "out"
    TO_ORDER = "order"


class StockError(AiocmsError):
    """A change of stock that its guard refused."""


def stock_id(variant: Any, location: str = LOCATION) -> str:
    """The id of the stock of a variant at a location."""
    return f"{variant}@{location}"


def new_stock(
    variant: Any,
    product: Any,
    sku: str,
    on_hand: int,
    *,
    low: int = 5,
    track: bool = True,
    backorder: bool = False,
) -> Document:
    """A stock document that fulfils its invariants."""
    return {
        "_id": stock_id(variant),
        "site": SITE,
        "variant": variant,
        "product": product,
        "location": LOCATION,
        "sku": sku,
        "on_hand": Int64(on_hand),
        "reserved": Int64(0),
        "available": Int64(on_hand),
        "track": track,
        "backorder": backorder,
        "low": low,
        "holds": [],
        "outbox": [],
        "version": 1,
    }


def new_move(stock: Document, kind: str, d_on_hand: int, d_reserved: int, ref: Document, by: str) -> Document:
    """A line of the ledger for a stock document."""
    return {
        "_id": ObjectId(),
        "site": SITE,
        "variant": stock["variant"],
        "location": stock["location"],
        "kind": kind,
        "d_on_hand": Int64(d_on_hand),
        "d_reserved": Int64(d_reserved),
        "ref": ref,
        "by": by,
        "at": dt.datetime.now(dt.UTC),
    }


async def find_availability(
    db: Database, variants: Iterable[Any], *, few: int = 5, time_ms: int = 3000
) -> dict[Any, Availability]:
    """What visitors are told of each variant: one ``$in`` for a whole page.

    A variant without a stock document is sold out; several locations add up.
    """
    ids = list(variants)
    if not ids:
        return {}
    fields = {"variant": 1, "available": 1, "track": 1, "backorder": 1}
    pieces: dict[Any, int] = {}
    to_order: set[Any] = set()
    untracked: set[Any] = set()
    async for stock in db[STOCK].find({"variant": {"$in": ids}}, fields).limit(10_000).max_time_ms(time_ms):
        variant = stock["variant"]
        pieces[variant] = pieces.get(variant, 0) + int(stock.get("available") or 0)
        if stock.get("backorder"):
            to_order.add(variant)
        if not stock.get("track", True):
            untracked.add(variant)
    told: dict[Any, Availability] = {}
    for variant in ids:
        count = pieces.get(variant, 0)
        if variant in untracked or count > few:
            told[variant] = Availability.IN_STOCK
        elif count > 0:
            told[variant] = Availability.FEW
        else:
            told[variant] = Availability.TO_ORDER if variant in to_order else Availability.SOLD_OUT
    return told


async def ensure_stock(db: Database, products: list[Any]) -> int:
    """Give every variant of some products its stock document, empty, and the article number it has now.

    Returns:
        How many were made.
    """
    wanted: dict[Any, tuple[Any, str]] = {}
    async for product in db[PRODUCTS].find(
        {"_id": {"$in": products}}, {"variants._id": 1, "variants.sku": 1}
    ):
        for variant in iter_documents(product.get("variants")):
            if "_id" in variant:
                wanted[variant["_id"]] = (product["_id"], str(variant.get("sku", "")))
    known: dict[Any, str] = {}
    async for stock in db[STOCK].find({"variant": {"$in": list(wanted)}}, {"variant": 1, "sku": 1}):
        known[stock["variant"]] = stock.get("sku", "")
    writes: list[UpdateOne] = []
    for variant, (product_id, sku) in wanted.items():
        if variant not in known:
            empty = new_stock(variant, product_id, sku, 0)
            writes.append(UpdateOne({"_id": empty["_id"]}, {"$setOnInsert": empty}, upsert=True))
        elif known[variant] != sku:
            writes.append(UpdateOne({"variant": variant}, {"$set": {"sku": sku}}))
    if not writes:
        return 0
    return int((await db[STOCK].bulk_write(writes, ordered=False)).upserted_count)


async def adjust(
    db: Database, id: str, change: int, *, reason: str, by: str, ref: Document | None = None
) -> Document:
    """Add or take pieces by hand, with a line in the ledger.

    Parameters:
        change: pieces added; negative: taken away, never more than are available.
        ref: what it belongs to; the same ref twice changes stock once.

    Returns:
        The stock document after the change.

    Raises:
        StockError: there is no such stock, or not enough is available.
    """
    ref = ref or {"type": "hand", "id": str(ObjectId()), "line": reason}
    while True:
        stock = await db[STOCK].find_one({"_id": id})
        if stock is None:
            raise StockError(f"There is no stock {id!r}")
        if await _is_known(db, stock, ref):
            return dict(stock)
        if change < 0 and stock["available"] < -change:
            raise StockError(f"Only {stock['available']} pieces of {stock['sku']!r} are available")
        move = {**new_move(stock, "adjustment", change, 0, ref, by), "reason": reason}
        # The version is the guard: whoever changed this stock since it was read, also with the same ref,
        # makes this one look again.
        done = await db[STOCK].find_one_and_update(
            {"_id": id, "version": stock["version"]},
            {"$inc": {"on_hand": change, "available": change, "version": 1}, "$push": {"outbox": move}},
            return_document=True,
        )
        if done is not None:
            await move_outbox(db, done)
            return dict(done)


async def _is_known(db: Database, stock: Document, ref: Document) -> bool:
    wanted = {**{f"ref.{key}": value for key, value in ref.items()}, "variant": stock["variant"]}
    return any(move["ref"] == ref for move in stock["outbox"]) or await db[MOVES].find_one(wanted) is not None


async def move_outbox(db: Database, stock: Document) -> int:
    """Move a stock document's waiting lines into the ledger; a line that is there already is only taken out.

    Returns:
        How many lines waited.
    """
    for move in stock["outbox"]:
        try:
            await db[MOVES].insert_one(move)
        except DuplicateKeyError:
            pass
        await db[STOCK].update_one({"_id": stock["_id"]}, {"$pull": {"outbox": {"_id": move["_id"]}}})
    return len(stock["outbox"])
