"""Files as records over their content: found, added once, touched, taken away. No requests here.

A record is the one place where content becomes a file; its ``_id`` is the content's SHA-256. Whoever comes
second with the same content loses the race for the ``_id``, and uses the record of the first.

Cut at any step, an upload leaves at most content without a record, which nothing can reach and
``aiocms files clean`` takes away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from aiocms.core.mongo import Database
from aiocms.files.blobs import delete_blob
from aiocms.files.models import FILES, THUMBS
from aiocms.files.sniff import IMAGES

EVERYBODY = ""
_ID = re.compile(r"[0-9a-f]{64}")
_TIME_MS = 5000


@dataclass(frozen=True, slots=True)
class Record:
    """A stored file.

    Parameters:
        id: SHA-256 of the content, in hexadecimal.
        content: the ``_id`` of its content in GridFS.
        type: as its bytes showed.
        grants: permissions of which one is needed to read it; "" is everybody's.
        keep: it was put into the library on purpose.
    """

    id: str
    name: str
    type: str
    size: int
    content: ObjectId
    width: int = 0
    height: int = 0
    frames: int = 0
    grants: tuple[str, ...] = ()
    keep: bool = False
    by: Any = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def is_image(self) -> bool:
        """Whether it is an image that was made anew here: shown in pages, with thumbnails."""
        return self.width > 0 and self.type in IMAGES

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return EVERYBODY in self.grants


def is_file_id(value: object) -> bool:
    """Whether a value looks like the id of a file."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def may_read(record: Record, user: Any) -> bool:
    """Whether a user, or None, may read a file."""
    return record.is_public or (user is not None and any(user.can(one) for one in record.grants if one))


async def find_record(db: Database, identity: str) -> Record | None:
    """The file of an id, or None."""
    if not is_file_id(identity):
        return None
    found = await db[FILES].find_one({"_id": {"$eq": identity}}, max_time_ms=_TIME_MS)
    return read_record(found) if found is not None else None


async def find_records(db: Database, identities: Iterable[str]) -> dict[str, Record]:
    """The files of these ids that there are."""
    wanted = sorted({one for one in identities if is_file_id(one)})[:1000]
    if not wanted:
        return {}
    cursor = db[FILES].find({"_id": {"$in": wanted}}, limit=len(wanted), max_time_ms=_TIME_MS)
    return {found["_id"]: read_record(found) async for found in cursor}


async def find_by_source(db: Database, source: str) -> Record | None:
    """The image that these bytes became when they were uploaded before."""
    found = await db[FILES].find_one({"sources": {"$eq": source}}, max_time_ms=_TIME_MS)
    return read_record(found) if found is not None else None


async def add_record(db: Database, record: Record, *, source: str = "", username: str = "") -> Record:
    """Make content a file, or use the file that has the same content.

    The content of one that came second is taken away. Whoever brings the bytes may widen who reads them.

    Returns:
        The stored file.
    """
    now = datetime.now(UTC)
    document = {
        "_id": record.id,
        "name": record.name,
        "type": record.type,
        "size": record.size,
        **({"width": record.width, "height": record.height, "frames": record.frames} if record.width else {}),
        "content": record.content,
        "sources": [source] if source else [],
        "grants": list(record.grants),
        "keep": record.keep,
        "by": record.by,
        "username": username,
        "created": now,
        "touched": now,
    }
    while True:
        known = await touch(db, record.id, grants=record.grants, keep=record.keep, source=source)
        if known is not None:
            await delete_blob(db, record.content)
            return known
        try:
            await db[FILES].insert_one(document)
        except DuplicateKeyError:
            continue  # somebody was quicker; unless it is cleaned away just now, it is found
        return read_record(document)


async def touch(
    db: Database, identity: str, *, grants: Iterable[str] = (), keep: bool = False, source: str = ""
) -> Record | None:
    """Note that somebody uploaded or chose a file, which keeps ``clean`` away from it.

    Returns:
        The file, or None when it is not there.
    """
    update: dict[str, Any] = {"$max": {"touched": datetime.now(UTC)}}
    added: dict[str, Any] = {"grants": {"$each": list(grants)}}
    if source:
        added["sources"] = source
    update["$addToSet"] = added
    if keep:
        update["$set"] = {"keep": True}
    collection: Any = db[FILES]
    found = await collection.find_one_and_update({"_id": {"$eq": identity}}, update, return_document=True)
    return read_record(found) if found is not None else None


async def touch_all(db: Database, identities: Iterable[str]) -> None:
    """Note that somebody chose these files."""
    wanted = sorted({one for one in identities if is_file_id(one)})[:1000]
    if wanted:
        now = datetime.now(UTC)
        await db[FILES].update_many({"_id": {"$in": wanted}}, {"$max": {"touched": now}})


async def delete_thumbs(db: Database, identity: str) -> None:
    """Take away the thumbnails of a file; they are made again when they are asked for."""
    async for thumb in db[THUMBS].find({"file": {"$eq": identity}}, {"content": 1}):
        await db[THUMBS].delete_one({"_id": thumb["_id"]})
        await delete_blob(db, thumb["content"])


def read_record(document: Mapping[str, Any]) -> Record:
    """The record of a stored document."""
    return Record(
        id=str(document["_id"]),
        name=str(document.get("name") or "file"),
        type=str(document.get("type") or ""),
        size=int(document.get("size") or 0),
        content=document["content"],
        width=int(document.get("width") or 0),
        height=int(document.get("height") or 0),
        frames=int(document.get("frames") or 0),
        grants=tuple(str(one) for one in document.get("grants") or ()),
        keep=document.get("keep") is True,
        by=document.get("by"),
        created=document.get("created") or datetime.now(UTC),
    )
