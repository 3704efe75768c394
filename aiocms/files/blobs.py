"""Content in GridFS, streamed both ways in bounded memory.

Written by the GridFS specification, so that every driver and ``mongofiles`` can read it. The drivers' own
classes are not used: they hold up to 48 MB of an upload and 16 MB of a download in memory.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId

from aiocms.core.errors import AiocmsError
from aiocms.core.mongo import Database
from aiocms.files.models import BLOBS, CHUNKS, FILES, THUMBS

CHUNK_SIZE = 255 * 1024
_AT_ONCE = 4


class BlobWriter:
    """Content on its way into GridFS; made by ``open_writer``."""

    def __init__(self, db: Database) -> None:
        self.id = ObjectId()
        self.length = 0
        self._db = db
        self._hash = hashlib.sha256()
        self._rest = bytearray()
        self._next = 0

    @property
    def sha256(self) -> str:
        """The digest of what was written so far, in hexadecimal."""
        return self._hash.hexdigest()

    async def write(self, data: bytes) -> None:
        """Take the next bytes; full chunks go to the database a few at a time."""
        self._hash.update(data)
        self.length += len(data)
        self._rest += data
        while len(self._rest) >= _AT_ONCE * CHUNK_SIZE:
            await self._store(_AT_ONCE * CHUNK_SIZE)

    async def finish(self, name: str, kind: str) -> ObjectId:
        """Store the rest and the document that makes the content a file of GridFS.

        Returns:
            Its ``_id``.
        """
        while self._rest:
            await self._store(min(len(self._rest), _AT_ONCE * CHUNK_SIZE))
        await self._db[BLOBS].insert_one(
            {
                "_id": self.id,
                "length": self.length,
                "chunkSize": CHUNK_SIZE,
                "uploadDate": datetime.now(UTC),
                "filename": name,
                "metadata": {"sha256": self.sha256, "type": kind},
            }
        )
        return self.id

    async def _store(self, size: int) -> None:
        part = bytes(self._rest[:size])
        del self._rest[:size]
        chunks: list[dict[str, Any]] = []
        for start in range(0, size, CHUNK_SIZE):
            data = part[start : start + CHUNK_SIZE]
            chunks.append({"_id": ObjectId(), "files_id": self.id, "n": self._next, "data": data})
            self._next += 1
        await self._db[CHUNKS].insert_many(chunks)


@asynccontextmanager
async def open_writer(db: Database) -> AsyncIterator[BlobWriter]:
    """A writer whose chunks are taken away again when the block fails or is cut.

    What a killed process leaves behind, ``aiocms files clean`` takes away.
    """
    writer = BlobWriter(db)
    try:
        yield writer
    except BaseException:
        # Shielded: a cancelled request must not leave its chunks.
        await asyncio.shield(asyncio.ensure_future(delete_unused(db, writer.id)))
        raise


async def delete_blob(db: Database, blob: ObjectId) -> None:
    """Take content away: first the document, so that no half of it looks like a file."""
    await db[BLOBS].delete_one({"_id": blob})
    await db[CHUNKS].delete_many({"files_id": blob})


async def delete_unused(db: Database, blob: ObjectId) -> bool:
    """Take content away unless a record uses it: an insert that looked cut may have arrived.

    Returns:
        Whether it was taken away.
    """
    for collection in (FILES, THUMBS):
        if await db[collection].find_one({"content": blob}, {"_id": 1}) is not None:
            return False
    await delete_blob(db, blob)
    return True


async def iter_blob(db: Database, blob: ObjectId, start: int, stop: int) -> AsyncIterator[bytes]:
    """The bytes from ``start`` to before ``stop``, in pieces of at most a chunk.

    Raises:
        AiocmsError: a chunk is missing.
    """
    if stop <= start:
        return
    first, last = start // CHUNK_SIZE, (stop - 1) // CHUNK_SIZE
    query = {"files_id": blob, "n": {"$gte": first, "$lte": last}}
    cursor = db[CHUNKS].find(query, {"_id": 0, "n": 1, "data": 1}, sort=[("n", 1)], batch_size=_AT_ONCE)
    wanted = first
    async for chunk in cursor:
        if chunk["n"] != wanted:
            break
        begin = start - wanted * CHUNK_SIZE if wanted == first else 0
        end = stop - wanted * CHUNK_SIZE if wanted == last else CHUNK_SIZE
        yield bytes(chunk["data"][begin:end])
        wanted += 1
    if wanted != last + 1:
        raise AiocmsError(f"Chunk {wanted} of the content {blob} is missing in {CHUNKS}")
