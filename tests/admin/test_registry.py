"""Which screens there are, at which addresses, and what is wrong with their declarations."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from aiocms.admin.checks import iter_faults
from aiocms.admin.screens import Column, Filter, Screen, Tab, action, sound_path, words
from aiocms.core import keys
from aiocms.core.faults import Faults


def _ids(screen: type[Screen]) -> list[str]:
    return [fault.id for fault in iter_faults(screen)]


def test_sound_screen_has_no_fault() -> None:
    class Base(Screen):
        collection = "goods"

        def helper(self) -> int:
            return 1

    class Goods(Base):
        columns = ("title", Column("price", format="money", currency="EUR"))
        filters = ("status", Filter("price", type="int32"))
        layout = (("title", "slug"), Tab("Stock", "stock", ("a", "b")))
        order = ("-updated",)
        _own = 5

        def get_columns(self, request: Any, document: Any = None) -> Any:
            return ("title",)

        @action("Touch")
        async def touch(self, request: Any, rows: Any) -> None:
            return None

    assert _ids(Goods) == []


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"column": ("a",)}, "admin.E001"),
        ({"scop": lambda self, request, verb: True}, "admin.E001"),
        ({"get_colums": lambda self, request, document=None: ()}, "admin.E001"),
        ({"pagesize": 5}, "admin.E001"),
        ({"collection": ""}, "admin.E002"),
        ({"collection": "system.users"}, "admin.E002"),
        ({"columns": "title"}, "admin.E003"),
        ({"columns": (5,)}, "admin.E003"),
        ({"search": None}, "admin.E003"),
        ({"columns": (Column("price", format="mony"),)}, "admin.E004"),
        ({"filters": ("$where",)}, "admin.E005"),
        ({"order": ("-a..b",)}, "admin.E005"),
        ({"layout": (Tab("x", ("ok", "")),)}, "admin.E005"),
    ],
)
def test_bad_declaration_is_one_fault(body: dict[str, Any], wanted: str) -> None:
    screen = type("Bad", (Screen,), {"collection": "goods", **body})
    assert _ids(screen) == [wanted]


def test_misspelt_attribute_names_the_nearest() -> None:
    screen = type("Bad", (Screen,), {"collection": "goods", "colums": ("a",)})
    assert "'columns'" in next(iter_faults(screen)).hint


def test_bad_declarations_stop_the_start_and_are_shown_together(make_site: Any) -> None:
    from aiocms import create_app

    text = """
from aiocms.admin import Screen
class Goods(Screen):
    collection = "goods"
    colums = ("a",)
class GOODS(Screen):
    collection = "goods"
class Nothing(Screen):
    title = "x"
"""
    site = make_site({"apps/shopish/admin.py": text}, apps=["auth", "admin"])
    with pytest.raises(Faults) as caught:
        create_app(site)
    ids = [fault.id for fault in caught.value.faults]
    assert sorted(ids) == ["admin.E001", "admin.E002", "admin.E007"]
    assert all("admin.py:" in fault.where for fault in caught.value.faults)


def test_actions_come_in_order_and_can_be_taken_away() -> None:
    class Base(Screen):
        collection = "goods"

        @action("One")
        async def one(self, request: Any, rows: Any) -> None:
            return None

        @action("Two")
        async def two(self, request: Any, rows: Any) -> None:
            return None

    class Child(Base):
        one = None  # type: ignore[assignment]

        @action("Three", verb="delete")
        async def three(self, request: Any, rows: Any) -> None:
            return None

    assert [one.name for one in Child("shop").actions()] == ["two", "three"]


@pytest.mark.parametrize(
    ("path", "sound"),
    [("a", True), ("a.b", True), ("ä b", True), ("", False), ("a.", False), ("$a", False), ("a.$b", False)],
)
def test_paths_hold_no_operator(path: str, sound: bool) -> None:
    assert sound_path(path) is sound


def test_names_become_words() -> None:
    assert words("OrderLines") == "Order lines"
    assert words("order_lines") == "Order lines"


ODD = [
    "odd name",
    "a.b",
    "per%cent",
    "%2F",
    "slash/inside",
    "ünïcødé ⚡",
    "q?x#y",
    "new",
    "&<script>",
    "x*y",
    "~tilde",
    "a:b",
]


@pytest.fixture
async def client(make_site: Any, make_client: Any, login: Any) -> Any:
    one = await make_client(make_site(apps=["auth", "admin"]))
    await login(one)
    return one


async def test_collections_with_odd_names_have_working_addresses(client: Any) -> None:
    import html
    import re

    db = client.app[keys.MONGO].db
    for name in ODD:
        await db[name].insert_one({"title": f"in {name}"})
    page = await (await client.get("/admin/")).text()
    links = {
        html.unescape(title): html.unescape(address)
        for address, title in re.findall(r'<div class="a-tile"><a href="([^"]*)">(.*?)</a>', page)
    }
    for name in ODD:
        from yarl import URL

        answer = await client.get(URL(links[name], encoded=True))
        text = await answer.text()
        assert answer.status == 200, name
        assert html.escape(f"in {name}") in text.replace("&#34;", "&quot;"), name


@pytest.mark.parametrize(
    "name", ["system.views", "system.users", "core_sessions", "admin_changes", "not_there", "secret_things"]
)
async def test_internal_and_missing_collections_have_no_screen(
    make_site: Any, make_client: Any, login: Any, name: str
) -> None:
    client = await make_client(make_site(apps=["auth", "admin"], admin_hidden_collections=("secret_things",)))
    await login(client)
    await client.app[keys.MONGO].db.secret_things.insert_one({})
    assert (await client.get(f"/admin/database/{quote(name)}/")).status == 404
    assert name not in await (await client.get("/admin/")).text()


async def test_declared_collection_has_one_address_only(client: Any) -> None:
    assert (await client.get("/admin/auth/users/")).status == 200
    assert (await client.get("/admin/database/auth_users/")).status == 404


async def test_permission_on_one_odd_collection_opens_no_other(
    make_site: Any, make_client: Any, login: Any
) -> None:
    client = await make_client(make_site(apps=["auth", "admin"]))
    db = client.app[keys.MONGO].db
    for name in ("a", "a.b", "a*"):
        await db[name].insert_one({})
    await login(client, "eva", superuser=False, permissions=("admin.enter", "database.a.view"))
    assert (await client.get("/admin/database/a/")).status == 200
    assert (await client.get("/admin/database/a.b/")).status == 403
    assert (await client.get("/admin/database/a%2A/")).status == 403


async def test_view_of_the_database_is_listed(client: Any) -> None:
    db = client.app[keys.MONGO].db
    await db.goods.insert_many([{"title": "kept", "n": 1}, {"title": "dropped", "n": 2}])
    await db.command("create", "cheap", viewOn="goods", pipeline=[{"$match": {"n": 1}}])
    page = await (await client.get("/admin/database/cheap/?sort=-title")).text()
    assert "kept" in page
    assert "dropped" not in page
