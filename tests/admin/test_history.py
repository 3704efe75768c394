"""Records of changes: no acknowledged write is lost, with transactions and without."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson.raw_bson import RawBSONDocument

from aiocms.admin.door import Door, read
from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.values.rawbson import RAW, Value
from aiocms.admin.writes import history, write
from aiocms.admin.writes.history import find_change, recent_changes, repair
from aiocms.admin.writes.undo import undo
from aiocms.admin.writes.write import Edit, delete, insert, patch
from aiocms.core import transactions

OLD = {"_id": 1, "a": 1, "b": [{"id": 1, "n": 1}, {"id": 2, "n": 2}], "x.y": {"$z": 1.0}}


def make_door(db: Any, **more: Any) -> Door:
    scopes: dict[str, Any] = dict.fromkeys(("view", "add", "edit", "delete"), True)
    values: dict[str, Any] = {
        "db": db,
        "namespace": "database",
        "screen": "things",
        "collection": "things",
        "scopes": scopes,
        "access": lambda path: "edit",
        "describe": lambda document: str(document["_id"]),
        "user": 7,
        "username": "ana",
    }
    return Door(**{**values, **more})


@pytest.fixture(params=["transactions", "standalone"])
def door(db: Any, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Door:
    if request.param == "standalone":

        async def no(db: Any) -> bool:
            return False

        monkeypatch.setattr(transactions, "has_transactions", no)
    return make_door(db)


async def put(door: Door, document: dict[str, Any]) -> Value:
    raw = Value.of(document)
    await door.raw.insert_one(RawBSONDocument(raw.raw, RAW))
    return raw


def edit(old: Value, **changes: Any) -> Edit:
    mine = dict(old.items()) | {key: Value.of(value) for key, value in changes.items()}
    return Edit(FormBase(old), Value.object(mine.items()))


async def test_each_write_leaves_one_record_that_takes_it_back(door: Door) -> None:
    old = await put(door, OLD)
    identity = Value.of(1)
    saved = await patch(door, identity, edit(old, a=2, **{"x.y": {"$z": 1}}))
    change = await find_change(door.db, saved.change)  # type: ignore[arg-type]
    assert change is not None
    assert [write.path for write in change.writes] == [("a",), ("x.y", "$z")]
    await undo(door, change)
    assert await read(door, identity) == old
    gone = await delete(door, identity)
    back = await find_change(door.db, gone.change)  # type: ignore[arg-type]
    assert back is not None and back.document == old
    await undo(door, back)
    assert await read(door, identity) == old
    added = await insert(door, Value.of({"n": 1}))
    new = await find_change(door.db, added.change)  # type: ignore[arg-type]
    assert new is not None
    await undo(door, new)
    assert await door.db["things"].count_documents({}) == 1
    assert await door.db["admin_changes"].count_documents({"pending": True}) == 0
    assert [one.verb for one in await recent_changes(door.db, user=7)] == [
        "delete",
        "add",
        "add",
        "delete",
        "edit",
        "edit",
    ]


async def test_guard_refuses_what_changed_between_reading_and_writing(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await put(door, OLD)
    seen: list[Any] = []
    plain = write.build_filter

    def meddle(*args: Any, **kwargs: Any) -> Any:
        seen.append(args)
        return plain(*args, **kwargs)

    monkeypatch.setattr(write, "build_filter", meddle)
    await patch(door, Value.of(1), edit(old, a=2))
    guard = seen[0]
    assert await door.db["things"].count_documents(plain(*guard)) == 0
    await door.db["things"].update_one({"_id": 1}, {"$set": {"a": 1.0}})
    assert await door.db["things"].count_documents(plain(*guard)) == 0
    await door.db["things"].update_one({"_id": 1}, {"$set": {"a": 1}})
    assert await door.db["things"].count_documents(plain(*guard)) == 1


async def test_cut_before_the_write_leaves_no_record_after_repair(db: Any) -> None:
    door = make_door(db)
    old = await put(door, OLD)
    change = history.Change("database", "things", "things", Value.of(1), "edit", "1")
    writes = write.diff(old, edit(old, a=5).mine)  # type: ignore[arg-type]
    late = datetime.now(UTC) - timedelta(hours=1)
    await history.record(db, _replace(change, writes=tuple(writes), at=late), None, pending=True)
    assert await recent_changes(db) == []
    assert await repair(db) == 1
    assert await db["admin_changes"].count_documents({}) == 0


async def test_cut_after_the_write_keeps_its_record_after_repair(db: Any) -> None:
    door = make_door(db)
    old = await put(door, OLD)
    change = history.Change("database", "things", "things", Value.of(1), "edit", "1")
    writes = write.diff(old, edit(old, a=5).mine)  # type: ignore[arg-type]
    late = datetime.now(UTC) - timedelta(hours=1)
    await history.record(db, _replace(change, writes=tuple(writes), at=late), None, pending=True)
    await db["things"].update_one({"_id": 1}, {"$set": {"a": 5}})
    assert await repair(db) == 1
    (kept,) = await recent_changes(db)
    found = await find_change(db, kept.id)
    assert found is not None
    await undo(door, found)
    assert await read(door, Value.of(1)) == old


async def test_refused_write_leaves_no_record(door: Door) -> None:
    await put(door, OLD)
    await door.db["things"].create_index("a", unique=True)
    with pytest.raises(write.Refused):
        await insert(door, Value.of({"a": 1}))
    assert await door.db["admin_changes"].count_documents({}) == 0


async def test_deleted_document_of_16_megabytes_comes_back(db: Any) -> None:
    import os

    door = make_door(db)
    old = await put(door, {"_id": 1, "data": os.urandom(16 * 1024 * 1024 - 100)})
    gone = await delete(door, Value.of(1))
    change = await find_change(db, gone.change)  # type: ignore[arg-type]
    assert change is not None
    await undo(door, change)
    assert await read(door, Value.of(1)) == old


def _replace(change: history.Change, **values: Any) -> history.Change:
    from dataclasses import replace

    return replace(change, **values)


async def test_first_writes_at_the_same_moment_all_get_through(db: Any) -> None:
    """None of the collections exists: transactions that make one conflict at the commit."""
    door = make_door(db)
    await asyncio.gather(*(insert(door, Value.of({"_id": n})) for n in range(6)))
    assert await db["things"].count_documents({}) == 6
    assert await db["admin_changes"].count_documents({"pending": {"$ne": True}}) == 6


async def test_a_conflict_that_does_not_end_is_a_message(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "PATIENCE", 0.2)
    door = make_door(db)
    old = await put(door, OLD)
    async with await db.client.start_session() as other:
        other.start_transaction()
        await db["things"].update_one({"_id": 1}, {"$set": {"a": 9}}, session=other)
        with pytest.raises(write.Refused, match="Others are changing"):
            await patch(door, Value.of(1), edit(old, a=2))
        await other.abort_transaction()
    assert await read(door, Value.of(1)) == old
