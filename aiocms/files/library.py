"""The library: the files that one user may read, a page at a time."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from aiocms.core import keys
from aiocms.core.mongo import Database
from aiocms.files.models import FILES
from aiocms.files.sniff import IMAGES
from aiocms.files.store import EVERYBODY, Record, is_file_id, read_record

_SIZE = 48
_TIME_MS = 5000


async def make_scope(request: web.Request) -> dict[str, Any]:
    """The filter of the files that the user may read."""
    user = request.get(keys.USER)
    if user is not None and user.is_superuser:
        return {}
    known = await request.app[keys.MONGO].db[FILES].distinct("grants", maxTimeMS=_TIME_MS)
    held = [one for one in known if isinstance(one, str) and one and user is not None and user.can(one)]
    return {"grants": {"$in": [EVERYBODY, *held]}}


async def find_page(
    db: Database, scope: dict[str, Any], *, text: str = "", images: bool = False, after: str = ""
) -> tuple[list[Record], str]:
    """A page of files, newest first.

    Parameters:
        scope: of ``make_scope``.
        text: part of the name, in any case.
        images: only those that can be shown.
        after: the id of the last file of the page before.

    Returns:
        The files, and the id of the last one when there are more.
    """
    parts = [scope]
    if text:
        parts.append({"name": {"$regex": re.escape(text), "$options": "i"}})
    if images:
        parts.append({"type": {"$in": list(IMAGES)}, "width": {"$gt": 0}})
    if is_file_id(after):
        last = await db[FILES].find_one({"_id": {"$eq": after}}, {"created": 1})
        if last is not None:
            older = {"created": {"$lt": last["created"]}}
            parts.append({"$or": [older, {"created": last["created"], "_id": {"$lt": after}}]})
    cursor = db[FILES].find({"$and": [one for one in parts if one] or [{}]}, limit=_SIZE + 1)
    cursor = cursor.sort([("created", -1), ("_id", -1)]).max_time_ms(_TIME_MS)
    found = [read_record(one) async for one in cursor]
    return found[:_SIZE], found[_SIZE - 1].id if len(found) > _SIZE else ""
