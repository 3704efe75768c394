"""A document that somebody deleted between the list and the click."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.admin.conftest import Admin
from tests.admin.one_site import open_site

LIST = "/admin/database/goods/"


async def fill(admin: Admin) -> None:
    await admin.db.goods.insert_many([{"_id": i, "name": f"Lamp {i}", "n": i} for i in range(3)])


@pytest.mark.parametrize("page", ["", "/preview", "/cell?path=n", "/delete", "/used"])
async def test_what_is_gone_is_told_in_the_admin_with_the_way_to_its_list(open_admin: Any, page: str) -> None:
    admin = await open_admin()
    await fill(admin)
    await admin.db.goods.delete_one({"_id": 1})
    mark = "&" if "?" in page else "?"
    text = await admin.get(f"{LIST}~int32:1{page}{mark}next=/admin/database/goods/%3Fsort%3Dn", 404)
    assert "This document is not there" in text and "Somebody has deleted it meanwhile" in text
    assert 'href="/admin/database/goods/?sort=n"' in text and "a-sidebar" in text
    assert "Bring it back" not in text


async def test_what_was_deleted_in_the_admin_can_be_brought_back_from_there(open_admin: Any) -> None:
    admin = await open_admin()
    await fill(admin)
    address = f"{LIST}~int32:1"
    form = re.findall(r'name="(csrf_token)" value="([^"]*)"', await admin.get(f"{address}/delete"))
    await admin.post(f"{address}/delete", [form[0]])
    text = await admin.get(address, 404)
    assert "“Lamp 1” was deleted by admin" in text
    found = re.search(r'action="(/admin/undo/[^"]*)"', text)
    assert found
    await admin.post(found[1], [form[0]])
    assert await admin.db.goods.count_documents({"_id": 1, "name": "Lamp 1"}) == 1


async def test_who_may_not_see_every_document_learns_nothing_of_a_deleted_one(
    tmp_path: Path, mongo_uri: str
) -> None:
    rights = ["admin.enter", "database.goods.view|n=0", "database.goods.delete|n=0"]
    users = {"admin": {"superuser": True}, "eva": {"permissions": rights}}
    async with open_site(tmp_path, mongo_uri, {}, users) as admins:
        admin, eva = admins["admin"], admins["eva"]
        await fill(admin)
        address = f"{LIST}~int32:1"
        form = re.findall(r'name="(csrf_token)" value="([^"]*)"', await admin.get(f"{address}/delete"))
        await admin.post(f"{address}/delete", [form[0]])
        assert "“Lamp 1” was deleted by admin" in await admin.get(address, 404)
        text = await eva.get(address, 404)
        assert "Somebody has deleted it meanwhile, or it is not one that you may see" in text
        assert "Lamp 1" not in text and "Bring it back" not in text
        # The same as of one that is there but not theirs.
        assert "Somebody has deleted it meanwhile" in await eva.get(f"{LIST}~int32:2", 404)


async def test_a_script_that_asks_for_json_gets_json(open_admin: Any) -> None:
    admin = await open_admin()
    answer = await admin.client.get(f"{LIST}~int32:1", headers={"Accept": "application/json"})
    assert answer.status in (404,) and answer.content_type in ("application/json",)


async def test_an_action_on_rows_that_are_gone_says_so(open_admin: Any) -> None:
    admin = await open_admin()
    await fill(admin)
    form = re.findall(r'name="(csrf_token)" value="([^"]*)"', await admin.get(LIST))
    await admin.db.goods.delete_many({"_id": {"$in": [1, 2]}})
    pairs = [form[0], ("action", "delete"), ("rows", "~int32:1"), ("rows", "~int32:2"), ("query", "sort=n")]
    answer = await admin.post(f"{LIST}-/action", pairs)
    assert answer.headers["Location"].endswith("/goods/?sort=n")
    assert "None of these documents is there any more." in await admin.get(answer.headers["Location"])
