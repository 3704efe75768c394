"""Taking away what nothing uses: files after a time of grace, and content that uploads left behind when cut.

Nothing goes that any document of the database mentions, in whatever field, the history of changes too: an
undo may bring back what named it. A file that somebody uploads or chooses while this runs is left alone,
because choosing notes the time in the record, and the record only goes while that is old.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId

from aiocms.core.mongo import Database
from aiocms.files.blobs import delete_blob, delete_unused
from aiocms.files.models import BLOBS, CHUNKS, FILES, THUMBS
from aiocms.files.store import delete_thumbs
from aiocms.files.usage import find_mentions


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was found, and taken away unless it was only looked at."""

    files: int = 0
    bytes: int = 0
    leftovers: int = 0


async def clean(db: Database, *, grace: timedelta, kept_too: bool = False, dry: bool = False) -> Cleaned:
    """Take away files that nothing uses and content that belongs to no file.

    Parameters:
        grace: how long a file is left alone after somebody uploaded or chose it.
        kept_too: also what was put into the library on purpose.
        dry: only look.
    """
    before = datetime.now(UTC) - grace
    query = {"touched": {"$lt": before}, **({} if kept_too else {"keep": {"$ne": True}})}
    sizes = {str(one["_id"]): int(one["size"]) async for one in db[FILES].find(query, {"size": 1})}
    used = await find_mentions(db, frozenset(identity.encode() for identity in sizes))
    files = freed = 0
    for identity, size in sizes.items():
        if identity.encode() in used:
            continue
        if not dry:
            collection: Any = db[FILES]
            gone = await collection.find_one_and_delete({"_id": identity, **query}, {"content": 1})
            if gone is None:
                continue
            await delete_thumbs(db, identity)
            await delete_blob(db, gone["content"])
        files += 1
        freed += size
    return Cleaned(files, freed, await _clean_leftovers(db, before, dry=dry))


async def _clean_leftovers(db: Database, before: datetime, *, dry: bool) -> int:
    """Content of uploads that were killed, and of files that were deleted in the admin."""
    count = 0
    oldest = ObjectId.from_datetime(before)
    async for blob, identity in _iter_blobs(db, oldest):
        known = [await db[name].find_one({"content": blob}, {"_id": 1}) for name in (FILES, THUMBS)]
        if any(one is not None for one in known):
            continue
        if identity and await find_mentions(db, frozenset((identity.encode(),))):
            continue
        if dry or await delete_unused(db, blob):
            count += 1
    return count


async def _iter_blobs(db: Database, oldest: ObjectId) -> AsyncIterator[tuple[ObjectId, str]]:
    """Content older than this, with its SHA-256 as far as it was written to the end."""
    done: set[ObjectId] = set()
    async for blob in db[BLOBS].find({"_id": {"$lt": oldest}}, {"metadata.sha256": 1}):
        done.add(blob["_id"])
        yield blob["_id"], str((blob.get("metadata") or {}).get("sha256") or "")
    groups = (
        await db[CHUNKS]
        .aggregate(
            [{"$match": {"files_id": {"$lt": oldest}, "n": 0}}, {"$project": {"_id": 0, "files_id": 1}}]
        )
        .to_list(None)
    )
    for chunk in groups:
        if chunk["files_id"] not in done and await db[BLOBS].find_one({"_id": chunk["files_id"]}) is None:
            yield chunk["files_id"], ""
