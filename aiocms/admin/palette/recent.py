"""Which documents a user opened lately: one small record each, for the palette."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from pymongo import WriteConcern
from pymongo.errors import PyMongoError

from aiocms.admin.forms.opened import Opened
from aiocms.admin.models import RECENT
from aiocms.admin.values.rawbson import EXACT
from aiocms.core import keys

log = logging.getLogger("aiocms.admin")


async def note_opened(opened: Opened) -> None:
    """Remember that the user opened this document; that it could not be remembered keeps nobody from it."""
    identity, user = opened.identity, opened.door.user
    if identity is None or user is None or opened.request.method != "GET":
        return
    key = {"user": user, "collection": opened.screen.collection, "document": identity.python()}
    found: Any = opened.door.db.get_collection(RECENT, write_concern=WriteConcern(w=0))
    try:
        await found.update_one(
            {name: {"$eq": value} for name, value in key.items()},
            {
                "$set": {
                    "at": datetime.now(UTC),
                    "namespace": opened.screen.namespace,
                    "screen": opened.screen.name,
                },
                "$setOnInsert": key,
            },
            upsert=True,
        )
    except PyMongoError as error:
        log.warning("An opened document was not remembered: %s", error)


async def find_opened(request: web.Request, limit: int = 30) -> list[dict[str, Any]]:
    """What the request's user opened last, newest first: namespace, screen, collection and document."""
    user = request.get(keys.USER)
    if user is None:
        return []
    cursor = (
        request.app[keys.MONGO]
        .db.get_collection(RECENT, codec_options=EXACT)
        .find({"user": user.id}, {"_id": 0, "user": 0}, sort=[("at", -1)], limit=limit, max_time_ms=1000)
    )
    found: list[dict[str, Any]] = await cursor.to_list(limit)
    return found
