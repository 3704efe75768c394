"""Writes the made-up catalogue into a database, in batches; a second run replaces the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from aiocms.shop.demo.catalogue import iter_products, make_categories, make_types
from aiocms.shop.facets import grow_version
from aiocms.shop.models import CATEGORIES, MOVES, PRODUCTS, STOCK, TYPES, Database, Document

_BATCH: Final = 250
_DUPLICATE_KEY: Final = 11000


async def fill(
    db: Database,
    count: int,
    currency: str,
    *,
    seed: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, int]:
    """Write types, categories, products, stock and its ledger.

    Documents have fixed ids and are replaced: cut anywhere, a second run completes the catalogue. Documents
    of other ids are never touched.

    Parameters:
        progress: told how many products have been written.

    Returns:
        How many documents of each collection the catalogue has.
    """
    written: dict[str, int] = {}
    await _write(db, TYPES, make_types(), written)
    await _write(db, CATEGORIES, make_categories(), written)
    batch: dict[str, list[Document]] = {PRODUCTS: [], STOCK: [], MOVES: []}
    done = 0
    for product, stocks, moves in iter_products(count, currency, seed):
        batch[PRODUCTS].append(product)
        batch[STOCK].extend(stocks)
        batch[MOVES].extend(moves)
        if len(batch[PRODUCTS]) == _BATCH:
            done += await _flush(db, batch, written)
            progress(done)
    done += await _flush(db, batch, written)
    progress(done)
    await grow_version(db)
    return written


async def _flush(db: Database, batch: dict[str, list[Document]], written: dict[str, int]) -> int:
    count = len(batch[PRODUCTS])
    for collection, documents in batch.items():
        await _write(db, collection, documents, written)
        documents.clear()
    return count


async def _write(db: Database, collection: str, documents: list[Document], written: dict[str, int]) -> None:
    if not documents:
        return
    try:
        await db[collection].insert_many(documents, ordered=False)
    except BulkWriteError as error:
        await _replace(db, collection, documents, error)
    written[collection] = written.get(collection, 0) + len(documents)


async def _replace(db: Database, collection: str, documents: list[Document], error: BulkWriteError) -> None:
    """Replace the documents that are there from a run before.

    Raises:
        BulkWriteError: something else was wrong, such as a slug that another product has.
    """
    failed = (error.details or {}).get("writeErrors", [])
    if any(one["code"] != _DUPLICATE_KEY for one in failed):
        raise error
    writes: list[Any] = [
        ReplaceOne({"_id": documents[one["index"]]["_id"]}, documents[one["index"]]) for one in failed
    ]
    done = await db[collection].bulk_write(writes, ordered=False)
    if done.matched_count != len(writes):
        raise error
