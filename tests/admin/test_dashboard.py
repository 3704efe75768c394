"""The dashboard shows each user their screens, sizes and changes, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from aiocms.core import keys

SCREEN = """
from aiocms.admin import Screen
class Goods(Screen):
    collection = "goods"
    label = "{title}"
class Quiet(Screen):
    collection = "quiet"
    hidden = True
"""


@pytest.fixture
def site(make_site: Any) -> Any:
    return make_site({"apps/shopish/admin.py": SCREEN}, apps=["auth", "admin"])


async def _text(client: Any, address: str = "/admin/") -> str:
    answer = await client.get(address)
    assert answer.status == 200
    text: str = await answer.text()
    return text


async def _delete(client: Any, title: str) -> None:
    one = await client.app[keys.MONGO].db.goods.find_one({"title": title})
    page = await _text(client, "/admin/shopish/goods/")
    hidden = dict(re.findall(r'<input type="hidden" name="(_[^"]*|csrf[^"]*)" value="([^"]*)"', page))
    origin = str(client.make_url("/")).rstrip("/")
    data = {**hidden, "action": "delete", "rows": str(one["_id"]), "confirm": "yes"}
    answer = await client.post(
        "/admin/shopish/goods/-/action", data=data, headers={"Origin": origin}, allow_redirects=False
    )
    assert answer.status == 303


async def test_screens_are_grouped_by_app_and_the_rest_stands_under_database(
    site: Any, make_client: Any, login: Any
) -> None:
    client = await make_client(site)
    await login(client)
    db = client.app[keys.MONGO].db
    await db.goods.insert_many([{"title": "a"}, {"title": "b"}])
    await db.loose.insert_many([{} for _ in range(7)])
    page = await _text(client)
    heads = re.findall(r'<h2 id="group-\d+">(.*?)</h2>', page)
    assert heads[-1] == "Database"
    assert "Shopish" in heads
    tiles = dict(
        re.findall(r'<div class="a-tile"><a href="[^"]*">(.*?)</a><span class="a-num">(.*?)</span>', page)
    )
    assert tiles["Goods"] == "2"
    assert tiles["loose"] == "7"
    assert "Quiet" not in tiles


async def test_search_over_screens_opens_the_only_hit(site: Any, make_client: Any, login: Any) -> None:
    client = await make_client(site)
    await login(client)
    await client.app[keys.MONGO].db.goods.insert_one({"title": "a"})
    answer = await client.get("/admin/?q=goods", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/admin/shopish/goods/")
    assert "No screen has this name." in await _text(client, "/admin/?q=%3Cb%3E")


async def test_recent_changes_tell_who_did_what(site: Any, make_client: Any, login: Any) -> None:
    client = await make_client(site)
    await login(client)
    await client.app[keys.MONGO].db.goods.insert_many([{"title": "Gone <b>one</b>"}, {"title": "kept"}])
    await _delete(client, "Gone <b>one</b>")
    page = await _text(client)
    assert "<b>admin</b> deleted Gone &lt;b&gt;one&lt;/b&gt;" in page


async def test_user_sees_only_screens_and_changes_within_their_rights(
    site: Any, make_client: Any, login: Any
) -> None:
    admin = await make_client(site)
    await login(admin)
    db = admin.app[keys.MONGO].db
    await db.goods.insert_many([{"title": "Secret thing"}, {"title": "kept"}])
    await db.loose.insert_one({})
    await _delete(admin, "Secret thing")
    other = await make_client(site)
    await login(other, "eva", superuser=False, permissions=("admin.enter", "database.loose.view"))
    page = await _text(other)
    assert "loose" in page
    assert "Goods" not in page
    assert "Secret thing" not in page
    narrow = await make_client(site)
    await login(narrow, "bob", superuser=False, permissions=("admin.enter", "shopish.goods.view|title=kept"))
    page = await _text(narrow)
    assert "Goods" in page
    assert "Secret thing" not in page
    assert '<span class="a-num">1</span>' in page


async def test_empty_database_says_what_to_expect(site: Any, make_client: Any, login: Any) -> None:
    client = await make_client(site)
    await login(client, "eva", superuser=False, permissions=("admin.enter",))
    assert "Nothing to show yet" in await _text(client)


async def test_label_of_a_change_is_not_shown_to_who_may_not_see_its_field(
    site: Any, make_client: Any, login: Any
) -> None:
    admin = await make_client(site)
    await login(admin)
    await admin.app[keys.MONGO].db.goods.insert_many([{"title": "Secret thing"}, {"title": "kept"}])
    await _delete(admin, "Secret thing")
    other = await make_client(site)
    rights = ("admin.enter", "shopish.goods.view", "~shopish.goods.title.view")
    await login(other, "eva", superuser=False, permissions=rights)
    page = await _text(other)
    assert "deleted" in page
    assert "Secret thing" not in page
