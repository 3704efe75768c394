"""Keeps derived fields right whoever changes a document: the admin, an import, a script, a shell.

Reads the database's own log of changes (a change stream, so a replica set, which the embedded server is)
and derives anew what was touched. Every process of a site follows; what they write is guarded and the same,
so the first one wins and the others find nothing to do. The place in the log is kept in ``shop_state``: what
changed while no process ran is caught up at the next start, as far as the log reaches back; beyond that,
everything is derived anew. Where there are no change streams, ``aiocms shop check --repair`` does it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any, Final

from pymongo.errors import OperationFailure, PyMongoError

from aiocms.core.errors import AiocmsError
from aiocms.shop.derive import DERIVED
from aiocms.shop.facets import grow_version
from aiocms.shop.models import CATEGORIES, PRODUCTS, SITE, STATE, TYPES, Database, Document
from aiocms.shop.save import refresh_products
from aiocms.shop.stock import ensure_stock
from aiocms.shop.tree import settle_categories

_LOG = logging.getLogger("aiocms.shop")
# What our own writes touch: to follow these would be to run in a circle.
_OURS: Final = frozenset(
    (
        *DERIVED,
        "published",
        "seen_slug",
        "old_slugs",
        "updated",
        "version",
        "unsettled",
        "url_path",
        "ancestors",
        "ancestors_are_public",
        "old_paths",
    )
)
_WANTED: Final = [
    {
        "$match": {
            "ns.coll": {"$in": [PRODUCTS, CATEGORIES, TYPES]},
            "operationType": {"$in": ["insert", "update", "replace", "delete"]},
        }
    },
    {"$project": {"fullDocument": 0}},
]
_MOST_AT_ONCE: Final = 500
_WAIT_MS: Final = 500
_NO_STREAMS: Final = frozenset((40573, 40415))
_TOO_OLD: Final = frozenset((286, 280, 222))


async def follow(get_db: Callable[[], Database]) -> None:
    """Follow until cancelled, also over times in which the database is away.

    Parameters:
        get_db: asked anew after each failure, because a database that came back may be another object.
    """
    pause, too_late = 1.0, False
    while True:
        try:
            db = get_db()
            if too_late:
                await _start_again(db)
                too_late = False
            async for events in _iter_events(db):
                await _handle_or_tell(db, events)
                token = events[-1]["_id"]
                await db[STATE].update_one({"_id": SITE}, {"$set": {"followed": token}}, upsert=True)
                pause = 1.0
            return
        except OperationFailure as error:
            if error.code in _NO_STREAMS:
                _LOG.info(
                    "No change streams here: run `aiocms shop check --repair` after changes from outside"
                )
                return
            too_late = error.code in _TOO_OLD
            _LOG.warning("Following the catalogue failed: %s", error)
        except (PyMongoError, AiocmsError) as error:
            _LOG.warning("Following the catalogue failed: %s", error)
        await asyncio.sleep(pause)
        pause = min(pause * 2, 60.0)


async def _handle_or_tell(db: Database, events: list[Document]) -> None:
    """As ``handle``; a document that it cannot cope with must not end the following of all others."""
    try:
        await handle(db, events)
    except (PyMongoError, AiocmsError):
        raise
    except Exception:  # noqa: BLE001 - logged with its traceback
        ids = [event["documentKey"]["_id"] for event in events[:10]]
        _LOG.exception("Derived fields could not be made after changes of %s; see `aiocms shop check`", ids)


async def _iter_events(db: Database) -> AsyncIterator[list[Document]]:
    """Batches of changes: what comes together is handled together."""
    state = await db[STATE].find_one({"_id": SITE}, {"followed": 1})
    token = (state or {}).get("followed")
    async with db.watch(
        _WANTED, resume_after=token, max_await_time_ms=_WAIT_MS, batch_size=_MOST_AT_ONCE
    ) as stream:
        events: list[Document] = []
        while stream.alive:
            event = await stream.try_next()
            if event is not None:
                events.append(event)
            if events and (event is None or len(events) >= _MOST_AT_ONCE):
                yield events
                events = []


async def handle(db: Database, events: Iterable[Document]) -> None:
    """Derive anew what some changes touched."""
    touched: dict[str, list[Any]] = {PRODUCTS: [], CATEGORIES: [], TYPES: []}
    deleted = False
    for event in events:
        if event["operationType"] == "delete":
            deleted = True
        if not _is_ours(event):
            touched[event["ns"]["coll"]].append(event["documentKey"]["_id"])
    await derive(db, touched, deleted=deleted)


async def derive(db: Database, touched: Mapping[str, list[Any]], *, deleted: bool = False) -> None:
    """Derive anew what follows from documents that were changed.

    Parameters:
        touched: ids by collection.
        deleted: some documents are gone.
    """
    if touched.get(CATEGORIES):
        # One made by hand in the admin or by an import has what its maker gave it.
        await db[CATEGORIES].update_many({"site": {"$exists": False}}, {"$set": {"site": SITE, "version": 1}})
        await settle_categories(db)
    if touched.get(TYPES):
        await refresh_products(db, {"type": {"$in": touched[TYPES]}})
    if touched.get(PRODUCTS):
        await refresh_products(db, {"_id": {"$in": touched[PRODUCTS]}})
        await ensure_stock(db, touched[PRODUCTS])
    if deleted:
        await grow_version(db)


def _is_ours(event: Document) -> bool:
    """Whether an update touched derived fields alone."""
    if event["operationType"] != "update":
        return False
    change = event["updateDescription"]
    paths = [*change.get("updatedFields", {}), *change.get("removedFields", ())]
    paths += [one["field"] for one in change.get("truncatedArrays", ())]
    return all(path.partition(".")[0] in _OURS for path in paths)


async def _start_again(db: Database) -> None:
    """The log does not reach back to where we were: derive everything anew and go on from now."""
    await db[STATE].update_one({"_id": SITE}, {"$unset": {"followed": ""}})
    await settle_categories(db)
    await refresh_products(db, {})
