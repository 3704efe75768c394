"""Who changed what and when: one record a write, with what is needed to take it back.

A record holds the changed paths with their values before and after, a delete the whole document. Values
are kept as the bytes of their BSON, compressed: exact, and free of the server's rules for keys. What does
not fit into one record goes into parts. Records end after 90 days (models.py).

Where the server has transactions a record is written together with its change. Elsewhere it is written
first, as ``pending``: a cut between the two leaves a record that ``repair`` compares with the document.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from bson import ObjectId
from bson.binary import Binary
from pymongo.errors import PyMongoError

from aiocms.admin.models import CHANGE_PARTS, CHANGES
from aiocms.admin.values.paths import Path, find, show
from aiocms.admin.values.rawbson import EXACT, RAW, Value
from aiocms.admin.writes.patch import Write
from aiocms.core import keys
from aiocms.core.errors import AiocmsError
from aiocms.core.mongo import Database

log = logging.getLogger("aiocms.admin")

ADD, EDIT, DELETE = "add", "edit", "delete"
_PART = 8 * 1024 * 1024
_SHOWN_PATHS = 50
_REPAIR_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Change:
    """One record.

    Parameters:
        identity: the changed document's ``_id``.
        verb: ``add``, ``edit`` or ``delete``.
        paths: changed paths as text, at most 50.
        writes: paths with values; only of records that were read whole.
        document: the deleted document.
        digest: of an added document, so that undo notices later edits.
        undoes: the record that this one took back.
        group: of changes that were made together and are taken back together.
    """

    namespace: str
    screen: str
    collection: str
    identity: Value
    verb: str
    label: str
    user: Any = None
    username: str = ""
    writes: tuple[Write, ...] = ()
    document: Value | None = None
    digest: str = ""
    undoes: ObjectId | None = None
    undone: bool = False
    paths: tuple[str, ...] = ()
    group: ObjectId | None = None
    id: ObjectId = field(default_factory=ObjectId)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def digest(document: Value) -> str:
    """What tells whether a document is still, to the byte, the one that was."""
    return hashlib.sha256(document.raw).hexdigest()


async def record(db: Database, change: Change, session: Any, *, pending: bool = False) -> None:
    """Write the record of a change, within the transaction of the change when there is one."""
    body = zlib.compress(_pack(change).raw, 1)
    parts = [body[at : at + _PART] for at in range(0, len(body), _PART)]
    document = {
        "_id": change.id,
        "at": change.at,
        "user": change.user,
        "username": change.username,
        "namespace": change.namespace,
        "screen": change.screen,
        "collection": change.collection,
        "document": change.identity.python(),
        "verb": change.verb,
        "label": change.label[:200],
        "paths": list(change.paths or [show(write.path) for write in change.writes[:_SHOWN_PATHS]]),
        "digest": change.digest,
        "undoes": change.undoes,
        "undone": False,
        "pending": pending,
        "parts": len(parts),
        "body": Binary(parts[0]),
        **({"group": change.group} if change.group is not None else {}),
    }
    for number, part in enumerate(parts[1:], 1):
        row = {"change": change.id, "number": number, "at": change.at, "body": Binary(part)}
        await db[CHANGE_PARTS].insert_one(row, session=session)
    await db[CHANGES].insert_one(document, session=session)


async def confirm(db: Database, change: ObjectId) -> None:
    """Mark a pending record as done."""
    await db[CHANGES].update_one({"_id": change}, {"$set": {"pending": False}})


async def renew_digest(db: Database, change: ObjectId, document: Value) -> None:
    """Note in the record of an added document what the document is after the screen's own additions."""
    await db[CHANGES].update_one({"_id": change}, {"$set": {"digest": digest(document)}})


async def forget(db: Database, change: ObjectId, session: Any = None) -> None:
    """Take away the record of a change that did not happen."""
    await db[CHANGES].delete_one({"_id": change}, session=session)
    await db[CHANGE_PARTS].delete_many({"change": change}, session=session)


async def mark_undone(db: Database, change: ObjectId, session: Any) -> bool:
    """Note that a change was taken back.

    Returns:
        Whether it had not been taken back before.
    """
    query = {"_id": change, "undone": {"$ne": True}}
    result = await db[CHANGES].update_one(query, {"$set": {"undone": True}}, session=session)
    return bool(result.modified_count)


async def find_change(db: Database, change: ObjectId, session: Any = None) -> Change | None:
    """A record with its values, or None."""
    row = await _records(db).find_one({"_id": change}, session=session)
    if row is None:
        return None
    body = [bytes(row["body"])]
    cursor = db[CHANGE_PARTS].find({"change": change}, session=session).sort("number", 1)
    async for part in cursor:
        body.append(bytes(part["body"]))
    return _unpack(row, Value.document(zlib.decompress(b"".join(body))))


async def find_group(db: Database, group: ObjectId, session: Any = None) -> list[Change]:
    """The records of changes that were made together, with their values, the last one first."""
    cursor = db[CHANGES].find({"group": group, "undone": False}, {"_id": 1}, session=session)
    rows = await cursor.sort("_id", -1).to_list(None)
    found = [await find_change(db, row["_id"], session) for row in rows]
    return [one for one in found if one is not None]


async def recent_changes(
    db: Database,
    *,
    user: Any = None,
    collection: str | None = None,
    identity: Any = None,
    collections: Sequence[str] | None = None,
    limit: int = 10,
) -> list[Change]:
    """The latest records, newest first, without their values.

    Parameters:
        user: only this user's, by id.
        collection, identity: only of this collection, of this document.
        collections: only of these collections, e.g. those that the reader may see.
    """
    query: dict[str, Any] = {"pending": {"$ne": True}}
    if user is not None:
        query["user"] = user
    if collections is not None:
        query["collection"] = {"$in": list(collections)}
    if collection is not None:
        query["collection"] = collection
    if identity is not None:
        query["document"] = {"$eq": identity.python() if isinstance(identity, Value) else identity}
    cursor = _records(db).find(query, {"body": 0}, max_time_ms=2000)
    rows = await cursor.sort("_id", -1).limit(limit).to_list(limit)
    return [_unpack(row, None) for row in rows]


async def find_deletion(db: Database, collection: str, identity: Value) -> Change | None:
    """The record of a document's deletion, when that is the last that happened to it."""
    found = await recent_changes(db, collection=collection, identity=identity, limit=1)
    is_deletion = found and found[0].verb == DELETE and isinstance(found[0].id, ObjectId)
    return found[0] if is_deletion else None


def _records(db: Database) -> Any:
    """The records with the changed documents' ids read as they are, whatever a site keeps in them."""
    return db.get_collection(CHANGES, codec_options=EXACT)


async def repair(db: Database) -> int:
    """Settle records that a cut left pending: done when the document shows the change, else dropped.

    Returns:
        How many were settled.
    """
    query = {"pending": True, "at": {"$lt": datetime.now(UTC) - _REPAIR_AFTER}}
    settled = 0
    for row in await db[CHANGES].find(query, {"_id": 1}).limit(100).to_list(100):
        change = await find_change(db, row["_id"])
        if change is None:
            continue
        collection: Any = db.get_collection(change.collection, codec_options=RAW)
        try:
            found = await collection.find_one({"_id": {"$eq": change.identity.python()}})
        except PyMongoError:
            continue
        if _happened(change, None if found is None else Value.document(found)):
            await confirm(db, change.id)
        else:
            await forget(db, change.id)
        settled += 1
    return settled


@asynccontextmanager
async def tended(app: web.Application) -> AsyncIterator[None]:
    """Settles what cuts left behind, now and every few minutes, while the site runs."""

    async def tend() -> None:
        while True:
            try:
                await repair(app[keys.MONGO].db)
            except (PyMongoError, AiocmsError) as error:
                log.warning("Records of changes were not looked through: %s", error)
            await asyncio.sleep(_REPAIR_AFTER.total_seconds() * 2)

    task = asyncio.create_task(tend())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _happened(change: Change, document: Value | None) -> bool:
    if change.verb == DELETE:
        return document is None
    if document is None:
        return False
    if change.verb == ADD:
        return True
    return any(find(document, write.path) == write.after for write in change.writes)


def _pack(change: Change) -> Value:
    writes = Value.array(
        Value.object(
            (
                ("path", Value.of(list(write.path))),
                *((("before", write.before),) if write.before is not None else ()),
                *((("after", write.after),) if write.after is not None else ()),
            )
        )
        for write in change.writes
    )
    body = [("writes", writes)]
    if change.document is not None:
        body.append(("document", change.document))
    body.append(("identity", change.identity))
    return Value.object(body)


def _unpack(row: Mapping[str, Any], body: Value | None) -> Change:
    parts = dict(body.items()) if body is not None else {}
    return Change(
        namespace=row["namespace"],
        screen=row["screen"],
        collection=row["collection"],
        identity=parts.get("identity") or Value.of(row["document"]),
        verb=row["verb"],
        label=row["label"],
        user=row["user"],
        username=row["username"],
        writes=tuple(_unpack_write(one) for one in parts["writes"].values()) if parts else (),
        document=parts.get("document"),
        digest=row["digest"],
        undoes=row["undoes"],
        undone=bool(row["undone"]),
        paths=tuple(row["paths"]),
        group=row.get("group"),
        id=row["_id"],
        at=row["at"],
    )


def _unpack_write(value: Value) -> Write:
    parts = dict(value.items())
    path: Path = tuple(parts["path"].python())
    return Write(path, parts.get("before"), parts.get("after"))
