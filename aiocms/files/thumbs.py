"""Thumbnails: made when they are first asked for, kept in GridFS, one at a time for each."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from aiocms.core.mongo import Database
from aiocms.files.blobs import delete_blob, iter_blob, open_writer
from aiocms.files.images import Encoded, make_thumbnail
from aiocms.files.intake import copy
from aiocms.files.models import THUMBS
from aiocms.files.store import Record
from aiocms.files.work import Workshop

Box = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Thumb:
    """A stored thumbnail."""

    key: str
    content: ObjectId
    type: str
    size: int


def find_box(sizes: Mapping[str, Any], name: str) -> Box | None:
    """The box of a named size, or None."""
    box = sizes.get(name)
    if not isinstance(box, list | tuple) or len(box) != 2:
        return None
    width, height = (max(1, min(int(side), 4096)) for side in box)
    return width, height


async def get_thumb(db: Database, workshop: Workshop, record: Record, box: Box) -> Thumb:
    """The thumbnail of an image, made if there is none yet.

    Raises:
        BadImage: the image cannot be read.
    """
    key = f"{record.id}/{box[0]}x{box[1]}"
    known = await _find(db, key)
    if known is not None:
        return known
    async with workshop.alone(key):
        return await _find(db, key) or await _make(db, workshop, record, box, key)


async def _find(db: Database, key: str) -> Thumb | None:
    found = await db[THUMBS].find_one({"_id": {"$eq": key}})
    return Thumb(key, found["content"], found["type"], found["size"]) if found is not None else None


async def _make(db: Database, workshop: Workshop, record: Record, box: Box, key: str) -> Thumb:
    with tempfile.SpooledTemporaryFile(4 * 1024 * 1024) as spool:
        async for piece in iter_blob(db, record.content, 0, record.size):
            spool.write(piece)
        spool.seek(0)
        made: Encoded = await workshop.run(make_thumbnail, spool, record.type, box)
    async with open_writer(db) as writer:
        await copy(made.data, writer)
        await writer.finish(key, made.type)
        document = {
            "_id": key,
            "file": record.id,
            "content": writer.id,
            "type": made.type,
            "size": writer.length,
            "width": made.width,
            "height": made.height,
            "created": datetime.now(UTC),
        }
        try:
            await db[THUMBS].insert_one(document)
        except DuplicateKeyError:
            # Another process made the same one at the same moment.
            await delete_blob(db, writer.id)
            known = await _find(db, key)
            if known is None:
                raise
            return known
    return Thumb(key, writer.id, made.type, writer.length)
