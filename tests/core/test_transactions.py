"""Transactions: a conflict is met again at whatever moment it shows, and what was committed stays so."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.errors import DuplicateKeyError, OperationFailure

from aiocms.core import transactions
from aiocms.core.transactions import ContendedError, has_transactions, run_in_transaction


async def test_a_conflict_at_the_commit_starts_the_work_again(db: Any) -> None:
    seen: list[Any] = []

    async def work(session: Any) -> int:
        await db.fresh.insert_one({"_id": 1}, session=session)
        if not seen:
            # The collection that this transaction makes is made by somebody else: found out at the commit.
            await db.create_collection("fresh")
        seen.append(session)
        return len(seen)

    assert await run_in_transaction(db, work) == 2
    assert await db.fresh.count_documents({}) == 1


async def test_the_driver_alone_does_not_retry_such_a_conflict(db: Any) -> None:
    """Why there is a helper; when this fails, the driver has learnt it and the helper may go."""

    async def work(session: Any) -> None:
        await db.fresh.insert_one({"_id": 1}, session=session)
        if "fresh" not in await db.list_collection_names():
            await db.create_collection("fresh")

    async with await db.client.start_session() as session:
        with pytest.raises(OperationFailure, match=r"WriteConflict|in use"):
            await session.with_transaction(work)


async def test_a_transaction_that_the_server_has_ended_starts_again(db: Any) -> None:
    await db.things.insert_one({"_id": 1, "n": 0})
    tried = 0

    async def work(session: Any) -> None:
        nonlocal tried
        tried += 1
        await db.things.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)
        if tried == 1:
            await db.client.admin.command("killSessions", [session.session_id])

    await run_in_transaction(db, work)
    assert (await db.things.find_one())["n"] == 1 and tried == 2


async def test_many_writers_of_one_document_all_get_through(db: Any) -> None:
    async def add_one(session: Any) -> None:
        found = await db.things.find_one({"_id": 1}, session=session)
        new = {"n": (found or {"n": 0})["n"] + 1}
        await db.things.update_one({"_id": 1}, {"$set": new}, upsert=True, session=session)

    await asyncio.gather(*(run_in_transaction(db, add_one) for _ in range(10)))
    assert (await db.things.find_one())["n"] == 10


async def test_a_conflict_that_does_not_end_is_told_as_one(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "PATIENCE", 0.2)
    await db.things.insert_one({"_id": 1, "n": 0})

    async def work(session: Any) -> None:
        await db.things.update_one({"_id": 1}, {"$set": {"n": 2}}, session=session)

    async with await db.client.start_session() as other:
        other.start_transaction()
        await db.things.update_one({"_id": 1}, {"$set": {"n": 1}}, session=other)
        with pytest.raises(ContendedError):
            await run_in_transaction(db, work)
        await other.commit_transaction()
    assert (await db.things.find_one())["n"] == 1


async def test_an_error_of_the_work_leaves_nothing_behind(db: Any) -> None:
    await db.things.insert_one({"_id": 1})

    async def work(session: Any) -> None:
        await db.things.insert_one({"_id": 2}, session=session)
        await db.things.insert_one({"_id": 1}, session=session)

    with pytest.raises(DuplicateKeyError):
        await run_in_transaction(db, work)
    assert await db.things.count_documents({}) == 1


async def test_a_server_without_transactions_gets_the_work_once(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no(db: Any) -> bool:
        return False

    assert await has_transactions(db)
    monkeypatch.setattr(transactions, "has_transactions", no)
    seen: list[Any] = []

    async def work(session: Any) -> str:
        seen.append(session)
        return "done"

    assert await run_in_transaction(db, work) == "done" and seen == [None]


async def test_a_collection_that_takes_part_in_no_transaction_is_written_without(db: Any) -> None:
    await db.create_collection("ring", capped=True, size=4096)
    await db.create_collection("times", timeseries={"timeField": "at"})
    await db.things.insert_one({"_id": 1, "n": 0})
    sessions: list[bool] = []

    def make_work(write: Any) -> Any:
        async def work(session: Any) -> None:
            sessions.append(session is not None)
            await db.things.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)
            await write(session)

        return work

    moment = datetime(2024, 1, 1, tzinfo=UTC)
    for write in (
        lambda session: db.ring.insert_one({"_id": 1, "s": "a"}, session=session),
        lambda session: db.ring.update_one({"_id": 1}, {"$set": {"s": "b"}}, session=session),
        lambda session: db.ring.delete_one({"_id": 1}, session=session),
        lambda session: db.times.insert_one({"at": moment}, session=session),
    ):
        await run_in_transaction(db, make_work(write))
    assert sessions == [True, False] * 4
    # What the first tries wrote was taken back with them.
    assert (await db.things.find_one({"_id": 1}))["n"] == 4
    assert await db.times.count_documents({}) == 1
