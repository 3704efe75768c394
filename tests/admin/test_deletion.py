"""Deleting what others point to: each policy, rights, limits, what changes meanwhile, and the one undo."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from bson import Int64

from aiocms.admin.deletes.emptying import drop
from aiocms.admin.values.rawbson import Value
from tests.admin.conftest import Admin
from tests.admin.one_site import open_site

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = """
from aiocms.admin import Reference, Screen

class Makers(Screen):
    collection = "ware_makers"
    label = "{name}"

class Wares(Screen):
    collection = "ware_wares"
    label = "{name}"
    references = {"maker": Reference("ware_makers", "restrict", "Wares by this maker"), "seen": "ware_tags"}

class Tags(Screen):
    collection = "ware_tags"
    label = "{name}"
    references = {"parent": Reference("ware_tags", "cascade")}

class Lists(Screen):
    collection = "ware_lists"
    label = "{name}"
    references = {
        "tag": Reference("ware_tags", "unset"),
        "tags": Reference("ware_tags", "pull"),
        "rows.tag": Reference("ware_tags", "pull"),
        "notes.tag": Reference("ware_tags", "unset"),
        "kept": Reference("ware_tags", "keep"),
    }

    async def check(self, request, document, before=None):
        return {"name": "Sealed lists stay as they are."} if document.get("sealed") else {}
"""
TAGS = ["admin.enter", *(f"ware.tags.{verb}" for verb in ("view", "edit", "add", "delete"))]
USERS = {
    "boss": {"superuser": True},
    "clerk": {"permissions": [*TAGS, "ware.lists.view", "ware.lists.edit|own=yes"]},
    "blind": {"permissions": [*TAGS, "ware.makers.view", "ware.makers.delete"]},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: Any, mongo_uri: str) -> AsyncIterator[dict[str, Admin]]:
    folder = tmp_path_factory.mktemp("ware")
    async with open_site(
        folder, mongo_uri, {"apps/ware/admin.py": ADMIN}, USERS, admin_delete_limit=20
    ) as admins:
        yield admins


@pytest_asyncio.fixture(loop_scope="module")
async def boss(site: dict[str, Admin]) -> Admin:
    db = site["boss"].db
    for name in ("makers", "wares", "tags", "lists"):
        await db[f"ware_{name}"].delete_many({})
    await db.admin_changes.delete_many({})
    await db.ware_makers.insert_one({"_id": "acme", "name": "Acme"})
    await db.ware_wares.insert_many([{"_id": n, "name": f"Ware {n}", "maker": "acme"} for n in range(8)])
    tags = [("a", None), ("b", "a"), ("c", "b"), ("x", "z"), ("y", "x"), ("z", "y"), ("free", None)]
    await db.ware_tags.insert_many(
        [{"_id": one, "name": one.upper(), "parent": above} for one, above in tags]
    )
    await db.ware_lists.insert_many(
        [
            {"_id": 1, "name": "First", "own": "yes", "tag": "a", "tags": ["a", "free", "c"], "kept": "a"},
            {
                "_id": 2,
                "name": "Second",
                "own": "no",
                "rows": [{"tag": "b", "n": 1}, {"tag": "free", "n": Int64(2)}],
            },
            {"_id": 3, "name": "Third", "notes": [{"tag": "c", "text": "stays"}], "tag": "free"},
        ]
    )
    return site["boss"]


async def ask(admin: Admin, screen: str, identity: Any, status: int = 200) -> str:
    return await admin.get(admin.url(screen, identity, ns="ware") + "/delete", status)


def read_form(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.split("<main", 1)[1])


async def confirm(admin: Admin, screen: str, identity: Any, page: str, status: int = 303) -> Any:
    return await admin.post(admin.url(screen, identity, ns="ware") + "/delete", read_form(page), status)


async def everything(admin: Admin) -> dict[str, list[Any]]:
    names = ("ware_makers", "ware_wares", "ware_tags", "ware_lists")
    return {name: await admin.db[name].find({}, sort=[("_id", 1)]).to_list(None) for name in names}


async def undo(admin: Admin, verb: str = "delete", status: int = 303) -> Any:
    change = await admin.db.admin_changes.find_one({"verb": verb, "undone": False}, sort=[("_id", -1)])
    page = await ask(admin, "tags", "free")
    token = dict(read_form(page))["csrf_token"]
    return await admin.post(f"/admin/undo/{change['_id']}", [("csrf_token", token)], status)


async def test_restrict_refuses_and_shows_who_points(boss: Admin) -> None:
    page = await ask(boss, "makers", "acme")
    assert "Wares by this maker" in page and "8 documents point here" in page and "Ware 0" in page
    assert "and 3 more" in page and "maker=acme" in page
    assert re.search(r'<button class="btn btn-danger" disabled', page)
    answer = await confirm(boss, "makers", "acme", page, 409)
    assert "keep this from being deleted" in answer.page
    assert await boss.db.ware_makers.count_documents({}) == 1


async def test_policies_touch_what_they_say_and_one_undo_brings_all_back(boss: Admin) -> None:
    before = await everything(boss)
    page = await ask(boss, "tags", "a")
    assert "2 documents are deleted too" not in page  # one by one level: b points to a, c to b
    assert page.count("1 document is deleted too.") == 2
    await confirm(boss, "tags", "a", page)
    after = await everything(boss)
    assert [one["_id"] for one in after["ware_tags"]] == ["free", "x", "y", "z"]
    first, second, third = after["ware_lists"]
    assert first == {"_id": 1, "name": "First", "own": "yes", "tags": ["free"], "kept": "a"}
    assert second["rows"] == [{"tag": "free", "n": Int64(2)}]
    assert third["notes"] == [{"text": "stays"}] and third["tag"] == "free"
    groups = await boss.db.admin_changes.distinct("group")
    assert len(groups) == 1 and await boss.db.admin_changes.count_documents({"group": groups[0]}) == 6
    await undo(boss)
    back = await everything(boss)
    assert {key: value for key, value in back.items() if key != "ware_lists"} == {
        key: value for key, value in before.items() if key != "ware_lists"
    }
    assert [sorted(one.items(), key=str) for one in back["ware_lists"]] == [
        sorted(one.items(), key=str) for one in before["ware_lists"]
    ]


async def test_any_change_of_the_group_takes_all_of_it_back_and_the_undo_too(boss: Admin) -> None:
    await confirm(boss, "tags", "a", await ask(boss, "tags", "a"))
    await undo(boss, "edit")
    assert await boss.db.ware_tags.count_documents({}) == 7
    await undo(boss, "add")  # the undo is a group of its own
    assert await boss.db.ware_tags.count_documents({}) == 4
    assert (await boss.db.ware_lists.find_one({"_id": 1}))["tags"] == ["free"]


async def test_a_circle_of_references_is_deleted_once(boss: Admin) -> None:
    page = await ask(boss, "tags", "x")
    await confirm(boss, "tags", "x", page)
    assert await boss.db.ware_tags.count_documents({"_id": {"$in": ["x", "y", "z"]}}) == 0
    await undo(boss)
    assert await boss.db.ware_tags.count_documents({"_id": {"$in": ["x", "y", "z"]}}) == 3


async def test_a_document_that_goes_too_keeps_nothing(boss: Admin) -> None:
    """What restricts is only what would be left over."""
    await boss.db.ware_tags.update_one({"_id": "c"}, {"$set": {"parent": "c"}})
    await confirm(boss, "tags", "c", await ask(boss, "tags", "c"))
    assert await boss.db.ware_tags.count_documents({"_id": "c"}) == 0


@pytest.mark.parametrize("late", ["restrict", "cascade", "pull"])
async def test_a_reference_that_appears_after_the_question_is_caught(boss: Admin, late: str) -> None:
    page = await ask(boss, "tags", "a")
    document = {"restrict": ("ware_wares", {"seen": "a"}), "cascade": ("ware_tags", {"parent": "a"})}
    name, fields = document.get(late, ("ware_lists", {"tags": ["a"]}))
    await boss.db[name].insert_one({"_id": "late", "name": "Latecomer", **fields})
    answer = await confirm(boss, "tags", "a", page, 409)
    assert "Latecomer" in answer.page
    assert await boss.db.ware_tags.count_documents({"_id": {"$in": ["a", "b", "c"]}}) == 3
    assert (await boss.db.ware_lists.find_one({"_id": 1}))["tag"] == "a"


async def test_without_a_question_nothing_else_is_touched(boss: Admin) -> None:
    pairs = [pair for pair in read_form(await ask(boss, "tags", "a")) if pair[0] != "_agreed"]
    await boss.post(boss.url("tags", "a", ns="ware") + "/delete", pairs, 409)
    assert await boss.db.ware_tags.count_documents({}) == 7


async def test_a_screen_that_has_something_against_one_write_stops_all(boss: Admin) -> None:
    await boss.db.ware_lists.update_one({"_id": 3}, {"$set": {"sealed": True}})
    before = await everything(boss)
    answer = await confirm(boss, "tags", "a", await ask(boss, "tags", "a"), 422)
    assert "Third cannot be changed" in answer.page and "Sealed lists stay as they are." in answer.page
    assert await everything(boss) == before
    assert await boss.db.admin_changes.count_documents({}) == 0


async def test_more_than_the_limit_is_refused(boss: Admin) -> None:
    await boss.db.ware_lists.insert_many([{"name": f"Many {n}", "tag": "free"} for n in range(25)])
    page = await ask(boss, "tags", "free")
    assert "More than 20 documents" in page
    await confirm(boss, "tags", "free", page, 409)
    assert await boss.db.ware_tags.count_documents({"_id": "free"}) == 1


async def test_documents_that_are_not_the_users_to_change_keep_the_delete_back(
    site: dict[str, Admin], boss: Admin
) -> None:
    clerk = site["clerk"]
    page = await ask(clerk, "tags", "a")
    assert "You may not change or delete what would be touched here." in page
    await confirm(clerk, "tags", "a", page, 409)
    assert await boss.db.ware_tags.count_documents({}) == 7
    await boss.db.ware_lists.update_many({}, {"$set": {"own": "yes"}})
    await confirm(clerk, "tags", "a", await ask(clerk, "tags", "a"))
    assert await boss.db.ware_tags.count_documents({}) == 4


async def test_documents_that_may_not_be_seen_still_count_but_are_not_named(
    site: dict[str, Admin], boss: Admin
) -> None:
    blind = site["blind"]
    page = await ask(blind, "makers", "acme")
    assert "8 documents point here" in page and "Documents that you may not see" in page
    assert "Ware 0" not in page and "Wares by this maker" not in page
    await confirm(blind, "makers", "acme", page, 409)
    assert await boss.db.ware_makers.count_documents({}) == 1


async def test_undo_of_a_group_asks_for_rights_to_all_of_it(site: dict[str, Admin], boss: Admin) -> None:
    await confirm(boss, "tags", "a", await ask(boss, "tags", "a"))
    await undo(site["blind"], status=403)
    assert await boss.db.ware_tags.count_documents({}) == 4


async def test_undo_of_a_group_is_refused_whole_when_one_document_was_changed_since(boss: Admin) -> None:
    await confirm(boss, "tags", "a", await ask(boss, "tags", "a"))
    await boss.db.ware_lists.update_one({"_id": 1}, {"$set": {"tag": "free"}})
    await undo(boss)
    assert await boss.db.ware_tags.count_documents({}) == 4
    assert (await boss.db.ware_lists.find_one({"_id": 1}))["tags"] == ["free"]


async def delete_rows(admin: Admin, screen: str, ids: list[str], status: int = 303, **more: str) -> Any:
    token = dict(read_form(await ask(admin, "tags", "free")))["csrf_token"]
    pairs = [("csrf_token", token), ("action", "delete"), *(("rows", one) for one in ids)]
    page = (await admin.post(f"/admin/ware/{screen}/-/action", pairs, 200)).page
    return page, await admin.post(f"/admin/ware/{screen}/-/action", [*read_form(page), *more.items()], status)


async def test_many_are_deleted_by_one_plan_and_come_back_by_one_undo(boss: Admin) -> None:
    before = await boss.db.ware_tags.count_documents({})
    page, _ = await delete_rows(boss, "tags", ["a", "x"])
    assert "deleted too" in page
    assert [one["_id"] async for one in boss.db.ware_tags.find({})] == ["free"]
    await undo(boss)
    assert await boss.db.ware_tags.count_documents({}) == before


async def test_many_are_refused_while_one_of_them_is_pointed_to(boss: Admin) -> None:
    await boss.db.ware_makers.insert_one({"_id": "solo", "name": "Solo"})
    page, answer = await delete_rows(boss, "makers", ["acme", "solo"], 409)
    assert "keep this from being deleted" in page and "Nothing was deleted." in answer.page
    assert await boss.db.ware_makers.count_documents({}) == 2


async def test_used_by_counts_and_links_to_the_list(site: dict[str, Admin], boss: Admin) -> None:
    page = await boss.get(boss.url("tags", "a", ns="ware") + "/used")
    lines = dict(re.findall(r'<a href="[^"]*">([^<]+)</a>\s*<span class="a-num">([^<]+)</span>', page))
    assert lines["Tags · Parent"] == "1" and lines["Lists · Tags"] == "1" and lines["Lists · Tag"] == "1"
    assert "tags=a" in page and "/admin/ware/lists/" in page
    blind = await site["blind"].get(boss.url("tags", "a", ns="ware") + "/used")
    assert "Lists" not in blind.split("<main", 1)[1] and "Tags · Parent" in blind


@pytest.mark.parametrize(
    ("document", "path", "policy", "wanted"),
    [
        ({"a": 1, "b": 2}, "a", "unset", {"b": 2}),
        ({"a": 1, "b": 2}, "a", "pull", {"b": 2}),
        ({"a": [1, 2, 1]}, "a", "pull", {"a": [2]}),
        ({"a": [1, 2]}, "a", "unset", {"a": [2]}),
        ({"l": [{"r": {"a": 1}}, {"r": {"a": 2}}]}, "l.r.a", "pull", {"l": [{"r": {"a": 2}}]}),
        ({"l": [{"r": {"a": 1, "k": 0}}]}, "l.r.a", "unset", {"l": [{"r": {"k": 0}}]}),
        ({"l": [{"a": [1, 3], "k": 0}]}, "l.a", "pull", {"l": [{"a": [3], "k": 0}]}),
        ({"l": [[{"a": 1}, {"a": 5}]]}, "l.a", "pull", {"l": [[{"a": 5}]]}),
        ({"a": 1.0, "b": Int64(1)}, "a", "unset", {"b": Int64(1)}),
        ({"a": True}, "a", "unset", {"a": True}),
        ({"a": {"b": 1}}, "a", "unset", {"a": {"b": 1}}),
    ],
)
async def test_emptying_takes_only_what_points(document: Any, path: str, policy: str, wanted: Any) -> None:
    assert drop(Value.of(document), path, frozenset((Value.of(1),)), policy) == Value.of(wanted)
