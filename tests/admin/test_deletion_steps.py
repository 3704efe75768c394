"""Deleting what others point to without transactions: cuts at each step, and others who write in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from aiocms.admin.writes import history
from aiocms.core import transactions
from tests.admin.conftest import Admin
from tests.admin.test_deletion import ask, boss, confirm, delete_rows, everything, read_form, site, undo

__all__ = ("boss", "site")
pytestmark = pytest.mark.asyncio(loop_scope="module")
Work = Callable[[history.Change], Awaitable[None]]


@pytest.fixture(autouse=True)
def _standalone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no(db: Any) -> bool:
        return False

    monkeypatch.setattr(transactions, "has_transactions", no)


def cut(monkeypatch: pytest.MonkeyPatch, name: str, after: int) -> None:
    """The process ends when it has done this so many times; what follows never happens."""
    real, count = getattr(history, name), 0

    async def ending(*arguments: Any, **more: Any) -> Any:
        nonlocal count
        if count == after:
            raise RuntimeError("cut")
        count += 1
        return await real(*arguments, **more)

    monkeypatch.setattr(history, name, ending)


def interfere(monkeypatch: pytest.MonkeyPatch, verb: str, identity: Any, work: Work) -> None:
    """Somebody else writes once, right before this write of a document."""
    real, open_ = history.record, [True]

    async def record(db: Any, change: history.Change, session: Any, *, pending: bool = False) -> None:
        if open_ and change.verb == verb and change.identity.python() == identity:
            open_.clear()
            await work(change)
        await real(db, change, session, pending=pending)

    monkeypatch.setattr(history, "record", record)


async def find_dangling(admin: Admin) -> list[Any]:
    """Documents that point to a tag that is not there; `kept` does by its policy."""
    tags = {one["_id"] async for one in admin.db.ware_tags.find({})} | {None}
    found = [one["_id"] async for one in admin.db.ware_tags.find({}) if one["parent"] not in tags]
    async for one in admin.db.ware_lists.find({}):
        rows = [*one.get("rows", ()), *one.get("notes", ()), one]
        pointed = [*one.get("tags", ()), *(row["tag"] for row in rows if "tag" in row)]
        found += [one["_id"]] if set(pointed) - tags else []
    return found


def sort_keys(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: [sorted(one.items(), key=str) for one in all_] for name, all_ in found.items()}


async def delete_a(admin: Admin, status: int = 303) -> Any:
    return await confirm(admin, "tags", "a", await ask(admin, "tags", "a"), status)


async def take_back(admin: Admin, change: dict[str, Any], status: int = 303) -> None:
    token = dict(read_form(await ask(admin, "tags", "free")))["csrf_token"]
    await admin.post(f"/admin/undo/{change['_id']}", [("csrf_token", token)], status)


async def expect_deleted(admin: Admin) -> None:
    after = await everything(admin)
    assert [one["_id"] for one in after["ware_tags"]] == ["free", "x", "y", "z"]
    assert after["ware_lists"][0] == {"_id": 1, "name": "First", "own": "yes", "tags": ["free"], "kept": "a"}
    assert await find_dangling(admin) == []


async def test_policies_touch_what_they_say_and_one_undo_brings_all_back(boss: Admin) -> None:
    before = sort_keys(await everything(boss))
    await delete_a(boss)
    await expect_deleted(boss)
    await undo(boss)
    assert sort_keys(await everything(boss)) == before


@pytest.mark.parametrize("after", range(6))
@pytest.mark.parametrize("name", ["record", "confirm"])
async def test_a_delete_that_was_cut_leaves_nothing_dangling_and_is_finished_by_another(
    boss: Admin, monkeypatch: pytest.MonkeyPatch, name: str, after: int
) -> None:
    before = sort_keys(await everything(boss))
    with monkeypatch.context() as patch:
        cut(patch, name, after)
        await delete_a(boss, 500)
    assert await find_dangling(boss) == []
    if await boss.db.ware_tags.count_documents({"_id": "a"}):
        await delete_a(boss)
    await expect_deleted(boss)
    changes = await boss.db.admin_changes.find({}, sort=[("_id", -1)]).to_list(None)
    for change in {one.get("group"): one for one in changes}.values():
        await take_back(boss, change)
    assert sort_keys(await everything(boss)) == before


async def test_a_screen_that_has_something_against_one_write_stops_it_before_the_first(boss: Admin) -> None:
    await boss.db.ware_lists.update_one({"_id": 3}, {"$set": {"sealed": True}})
    before = await everything(boss)
    answer = await delete_a(boss, 422)
    assert "Third cannot be changed" in answer.page
    assert await everything(boss) == before
    assert await boss.db.admin_changes.count_documents({}) == 0


async def test_a_document_that_is_pointed_elsewhere_meanwhile_stays_and_the_rest_is_told(
    boss: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def move(change: history.Change) -> None:
        await boss.db.ware_tags.update_one({"_id": "b"}, {"$set": {"parent": "free"}})

    before = sort_keys(await everything(boss))
    with monkeypatch.context() as patch:
        interfere(patch, "delete", "c", move)
        answer = await delete_a(boss)
    page = await boss.get(answer.headers["Location"])
    assert "4 documents were changed or deleted before this stopped: B was changed meanwhile." in page
    assert await boss.db.ware_tags.count_documents({"_id": {"$in": ["a", "b"]}}) == 2
    assert await find_dangling(boss) == []
    await undo(boss)
    await boss.db.ware_tags.update_one({"_id": "b"}, {"$set": {"parent": "a"}})
    assert sort_keys(await everything(boss)) == before


async def test_another_field_that_changes_meanwhile_stops_nothing(
    boss: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def rename(change: history.Change) -> None:
        await boss.db.ware_tags.update_one({"_id": "c"}, {"$set": {"name": "C again"}})

    with monkeypatch.context() as patch:
        interfere(patch, "delete", "c", rename)
        await delete_a(boss)
    await expect_deleted(boss)
    await undo(boss)
    assert (await boss.db.ware_tags.find_one({"_id": "c"}))["name"] == "C again"


async def test_what_is_deleted_by_another_meanwhile_stops_nothing(
    boss: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def delete(change: history.Change) -> None:
        await boss.db.ware_tags.delete_one({"_id": "b"})
        await boss.db.ware_lists.delete_one({"_id": 3})

    with monkeypatch.context() as patch:
        interfere(patch, "edit", 1, delete)
        await delete_a(boss)
    assert [one["_id"] async for one in boss.db.ware_tags.find({}, sort=[("_id", 1)])] == [
        "free",
        "x",
        "y",
        "z",
    ]


@pytest.mark.parametrize("late", ["restrict", "cascade", "pull"])
async def test_a_reference_that_appears_midway_keeps_the_last_step_back(
    boss: Admin, monkeypatch: pytest.MonkeyPatch, late: str
) -> None:
    document = {"restrict": ("ware_wares", {"seen": "a"}), "cascade": ("ware_tags", {"parent": "a"})}
    name, fields = document.get(late, ("ware_lists", {"tags": ["a"]}))

    async def point(change: history.Change) -> None:
        await boss.db[name].insert_one({"_id": "late", "name": "Latecomer", **fields})

    with monkeypatch.context() as patch:
        interfere(patch, "delete", "b", point)
        answer = await delete_a(boss)
    page = await boss.get(answer.headers["Location"])
    assert "5 documents were changed or deleted before this stopped: Something has changed" in page
    assert "Latecomer" in page
    assert await boss.db.ware_tags.count_documents({"_id": "a"}) == 1


async def test_many_that_are_deleted_tell_where_they_stopped(
    boss: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def point(change: history.Change) -> None:
        await boss.db.ware_tags.update_one({"_id": "b"}, {"$set": {"parent": "free"}})

    with monkeypatch.context() as patch:
        interfere(patch, "delete", "c", point)
        _, answer = await delete_rows(boss, "tags", ["a"])
    page = await boss.get(answer.headers["Location"])
    assert "before this stopped: B was changed meanwhile." in page
    await undo(boss)
    assert await boss.db.ware_tags.count_documents({}) == 7


@pytest.mark.parametrize("after", range(6))
@pytest.mark.parametrize("name", ["record", "mark_undone"])
async def test_an_undo_that_was_cut_is_finished_by_another(
    boss: Admin, monkeypatch: pytest.MonkeyPatch, name: str, after: int
) -> None:
    before = sort_keys(await everything(boss))
    await delete_a(boss)
    with monkeypatch.context() as patch:
        cut(patch, name, after)
        change = await boss.db.admin_changes.find_one({"verb": "delete"}, sort=[("_id", -1)])
        await take_back(boss, change, 500)
    assert await find_dangling(boss) == []
    await take_back(boss, change)
    assert sort_keys(await everything(boss)) == before


async def test_an_undo_that_meets_a_change_midway_says_how_far_it_came(
    boss: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def change_list(change: history.Change) -> None:
        await boss.db.ware_lists.update_one({"_id": 1}, {"$set": {"tag": "free"}})

    await delete_a(boss)
    with monkeypatch.context() as patch:
        interfere(patch, "add", "a", change_list)
        answer = await undo(boss)
    page = await boss.get(answer.headers["Location"])
    assert "before this stopped: First was changed since." in page
    assert await boss.db.ware_tags.count_documents({"_id": {"$in": ["a", "b", "c"]}}) == 3
    assert (await boss.db.ware_lists.find_one({"_id": 1}))["tag"] == "free"


async def test_an_undo_is_refused_whole_when_one_document_was_changed_before_it_began(boss: Admin) -> None:
    await delete_a(boss)
    await boss.db.ware_lists.update_one({"_id": 1}, {"$set": {"tag": "free"}})
    await undo(boss)
    assert await boss.db.ware_tags.count_documents({}) == 4
