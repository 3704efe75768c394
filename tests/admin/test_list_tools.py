"""The tools of lists on a real mongod: own columns, order, filter builder, views, search, jump, cost and indexes."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient
from bson import ObjectId

from aiocms.admin.registry import REGISTRY, Registry
from aiocms.auth import store as accounts
from aiocms.core import keys
from aiocms.core.application import create_app
from aiocms.testing import TEST_PASSWORD, SiteServer
from tests.admin.conftest import Admin

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCREENS = """
from aiocms.admin import Column, Filter, Screen

class Goods(Screen):
    collection = "goods"
    label = "{title}"
    columns = ("title", Column("price", format="money", currency="EUR"), "status", "made")
    filters = (Filter("status", choices=("new", "sold")), "price")
    order = ("price",)
    search = ("title",)

    def field_access(self, request, path, document=None):
        closed = {"cost": "mask", "lines.margin": "mask", "lines.secret": "hide"}
        return "edit" if request.user.is_superuser else closed.get(path, "edit")

FORMATS = ("text", "number", "money", "date", "datetime", "relative", "bool", "count", "tags", "json", "code", "image", "link")

class Things(Screen):
    collection = "things"
    label = "{_id}"
    columns = ("_id", *(Column(name, format=name, currency="EUR") for name in FORMATS))
"""
SETTINGS = {"time_zone": "Asia/Tokyo", "admin_large_collection": 50, "admin_probe_time": 20.0}
GOODS = "/admin/shopish/goods/"
MADE = datetime(2024, 1, 1, 12, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory, mongo_uri: str) -> AsyncIterator[SiteServer]:
    """One site for all tests of this module: starting it takes longer than what most of them ask."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "settings.py").write_text('apps = ["auth", "admin"]\n', encoding="utf-8")
    (folder / "apps" / "shopish").mkdir(parents=True)
    (folder / "apps" / "shopish" / "admin.py").write_text(SCREENS, encoding="utf-8")
    name = f"test_{uuid.uuid4().hex[:20]}"
    server = SiteServer(create_app(folder, database=mongo_uri, database_name=name, **SETTINGS))
    await server.start_server()
    yield server
    client = server.app[keys.MONGO].client
    await client.drop_database(name)
    await server.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients(server: SiteServer) -> AsyncIterator[dict[Any, TestClient[Any, Any]]]:
    """The users that have logged in, by what they may do."""
    known: dict[Any, TestClient[Any, Any]] = {}
    yield known
    for one in known.values():
        await one.session.close()


@pytest_asyncio.fixture(loop_scope="module")
async def goods(server: SiteServer, clients: Any) -> Admin:
    """120 goods, three of each price, 60 papers without a screen, and a superuser; nothing is remembered."""
    db = server.app[keys.MONGO].db
    for name in ("goods", "papers", "things"):
        await db[name].drop()
    for name in ("admin_views", "admin_preferences"):
        await db[name].delete_many({})
    registry = server.app[REGISTRY]
    registry.__dict__.update(Registry(server.app[keys.PLAN]).__dict__)
    await db.goods.insert_many([make_good(number) for number in range(120)])
    await db.papers.insert_many([{"_id": n, "name": f"Paper {n}", "pages": n} for n in range(60)])
    admin = Admin(None, str(server.make_url("/")).rstrip("/"))
    admin.server, admin.clients = server, clients  # type: ignore[attr-defined]
    await log_in(admin, superuser=True)
    return admin


async def log_in(admin: Any, *permissions: str, roles: tuple[str, ...] = (), superuser: bool = False) -> None:
    """Go on as a user with these rights."""
    key = (permissions, roles, superuser)
    if key not in admin.clients:
        name = f"user{len(admin.clients)}"
        db = admin.server.app[keys.MONGO].db
        given = () if superuser else ("admin.enter", *permissions)
        await accounts.create_user(
            db, name, TEST_PASSWORD, superuser=superuser, permissions=given, roles=roles
        )
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[admin.server.make_url("/")])
        admin.client = admin.clients[key] = TestClient(admin.server, cookie_jar=jar)
        page = await admin.get("/login")
        form = {"username": name, "password": TEST_PASSWORD, "csrf_token": token(page)}
        await admin.post("/login", list(form.items()))
    admin.client = admin.clients[key]


def make_good(number: int) -> dict[str, Any]:
    return {
        "_id": ObjectId.from_datetime(MADE.replace(day=1 + number % 28, month=1 + number // 28)),
        "title": f"Lamp {number:03}",
        "price": (number // 3) * 100,
        "status": ("new", "sold")[number % 2],
        "made": MADE.replace(month=1 + number % 12),
        "cost": number,
        "sold": number % 2 == 1,
        "lines": [
            {"sku": f"s{number}", "qty": number, "margin": number, "parts": [{"name": "wire", "mm": number}]},
            {"sku": "x", "qty": 1000, "secret": "s"},
        ],
        "tags": ["a", "b"] if number % 4 == 0 else ["a"],
    }


def labels(page: str) -> list[str]:
    return [
        html.unescape(one)
        for one in re.findall(r'<th scope="row" class="a-label"[^>]*>.*?<a [^>]*>(.*?)</a>', page)
    ]


def heads(page: str) -> list[str]:
    return re.findall(r'<th scope="col"[^>]* title="([^"]*)"', page)


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert found is not None
    return found[1]


async def leave(admin: Any, address: str) -> str:
    """Where a GET form leads."""
    answer = await admin.client.get(address, allow_redirects=False)
    assert answer.status == 303, (answer.status, (await answer.text())[:3000])
    return str(answer.headers["Location"])


async def post(admin: Any, panel: str, query: str, status: int = 303, **values: Any) -> Any:
    """Post a panel's form as its page would."""
    page = await admin.get(f"{GOODS}-/{panel}?{query}" if panel != "size" else GOODS)
    pairs = [("csrf_token", token(page)), ("query", query)]
    for name, value in values.items():
        name = "do:" if name == "do" else name
        pairs += [(name, one) for one in (value if isinstance(value, list) else [value])]
    return await admin.post(f"{GOODS}-/{panel}", pairs, status)


# Columns and page size.


async def test_chosen_columns_stay_in_their_order_until_back_to_default_and_the_address_wins(
    goods: Any,
) -> None:
    assert heads(await goods.get(GOODS)) == ["price", "status", "made"]
    answer = await post(goods, "columns", "status=new", col=["tags", "price"], do="keep")
    assert answer.headers["Location"] == f"{GOODS}?status=new"
    assert heads(await goods.get(GOODS)) == ["tags", "price"]
    assert heads(await goods.get(f"{GOODS}?cols=made")) == ["made"]
    await post(goods, "columns", "", do="default")
    assert heads(await goods.get(GOODS)) == ["price", "status", "made"]


async def test_columns_of_one_user_and_screen_are_not_those_of_another(goods: Any) -> None:
    await post(goods, "columns", "", col=["tags"], do="keep")
    assert heads(await goods.get("/admin/database/papers/")) == ["pages"]
    await log_in(goods, "shopish.goods.view")
    assert heads(await goods.get(GOODS)) == ["price", "status", "made"]


async def test_columns_only_for_this_time_stand_in_the_address(goods: Any) -> None:
    answer = await post(goods, "columns", "sort=-price", col=["tags"], do="once")
    assert answer.headers["Location"] == f"{GOODS}?sort=-price&cols=tags"
    assert heads(await goods.get(GOODS)) == ["price", "status", "made"]


async def test_a_column_is_moved_by_its_button_and_nothing_is_kept_before_it_is_said(goods: Any) -> None:
    answer = await post(goods, "columns", "", 200, col=["price", "status", "made"], do="up:made")
    assert re.findall(r'name="col" value="([^"]*)" checked', answer.page) == ["price", "made", "status"]
    assert heads(await goods.get(GOODS)) == ["price", "status", "made"]


async def test_a_column_of_a_field_that_is_gone_is_passed_over(goods: Any) -> None:
    await post(goods, "columns", "", col=["gone", "tags", "$where"], do="keep")
    assert heads(await goods.get(GOODS)) == ["tags"]


async def test_a_chosen_column_shows_nobody_a_field_that_is_masked_for_them(goods: Any) -> None:
    await log_in(goods, "shopish.goods.view")
    await post(goods, "columns", "", col=["cost"], do="keep")
    page = await goods.get(GOODS)
    assert "••••••" in page and ">119<" not in page


async def test_the_page_size_is_kept_for_the_user_and_the_address_wins(goods: Any) -> None:
    answer = await post(goods, "size", "status=new&size=50", size="20")
    assert answer.headers["Location"] == f"{GOODS}?status=new"
    assert len(labels(await goods.get(GOODS))) == 20
    assert len(labels(await goods.get(f"{GOODS}?size=100"))) == 100
    await post(goods, "size", "", 400, size="100000")


async def test_each_format_writes_its_values(goods: Any) -> None:
    late = datetime(2024, 5, 31, 20, 30, tzinfo=UTC)
    await goods.db.things.insert_one(
        {
            "_id": 1, "text": "<b>", "number": 1234567, "money": 199900, "date": late, "datetime": late,
            "relative": datetime(2001, 1, 1, tzinfo=UTC), "bool": True, "count": [1, 2, 3], "tags": ["x", "y"],
            "json": {"a": 1}, "code": "c", "image": "/static/a.png", "link": "https://example.org/",
        }
    )  # fmt: skip
    page = await goods.get("/admin/shopish/things/")
    cells = dict(re.findall(r'<td[^>]*data-label="([^"]*)"[^>]*>(.*?)</td>', page, re.DOTALL))
    assert cells["Text"] == "&lt;b&gt;"
    assert cells["Number"] == "1,234,567"
    assert cells["Money"] == '1,999.00<span class="a-unit">EUR</span>'
    assert ">2024-06-01<" in cells["Date"] and ">2024-06-01 05:30<" in cells["Datetime"]
    assert "years ago" in cells["Relative"]
    assert ">Yes<" in cells["Bool"] and cells["Count"] == "3"
    assert re.findall(r">([xy])<", cells["Tags"]) == ["x", "y"]
    assert '<img class="a-thumb" src="/static/a.png"' in cells["Image"]
    assert 'href="https://example.org/"' in cells["Link"]


# Order.


async def test_the_sort_panel_makes_an_order_of_several_fields(goods: Any) -> None:
    address = f"{GOODS}-/sort?status=new&by:=made&dir:=down&by:=title&dir:=up&by:=&dir:=up&do:=show"
    assert await leave(goods, address) == f"{GOODS}?status=new&sort=-made,title"
    page = await goods.get(f"{GOODS}?sort=-made,title")
    assert labels(page)[:3] == ["Lamp 011", "Lamp 023", "Lamp 035"]


async def test_buttons_of_the_sort_panel_move_and_remove_rows(goods: Any) -> None:
    keys = "by:=made&dir:=down&by:=title&dir:=up"
    page = await goods.get(f"{GOODS}-/sort?{keys}&do:=up:1")
    assert re.findall(r'<option value="([^"]*)" selected>', page) == ["title", "up", "made", "down", "up"]
    page = await goods.get(f"{GOODS}-/sort?{keys}&do:=remove:0")
    assert re.findall(r'<option value="([^"]*)" selected>', page) == ["title", "up", "up"]


async def test_nobody_sorts_by_a_masked_field_through_the_panel(goods: Any) -> None:
    await log_in(goods, "shopish.goods.view")
    assert 'value="cost"' not in await goods.get(f"{GOODS}-/sort")
    assert await leave(goods, f"{GOODS}-/sort?by:=cost&dir:=up&do:=show") == GOODS


# Filter builder.


async def test_the_builder_shows_the_inputs_that_fit_the_types(goods: Any) -> None:
    query = (
        "status=new&price.gte=3&made.after=2024-02-01&sold=yes&title.in=a,b&price.between=1..2&title.empty=no"
    )
    page = await goods.get(f"{GOODS}-/filter?{query}")
    assert re.search(r'<select[^>]*name="v:0"[^>]*>.*?<option value="new" selected>', page, re.DOTALL)
    assert re.search(r'name="v:1"[^>]*value="3"[^>]*type="number"', page)
    assert re.search(r'name="v:2"[^>]*value="2024-02-01"[^>]*type="date"', page)
    assert re.search(r'<select[^>]*name="v:3"[^>]*>\s*<option value="yes" selected>', page)
    assert re.search(r'<textarea[^>]*name="v:4"[^>]*>a\nb</textarea>', page)
    assert len(re.findall(r'name="v:5"[^>]*type="number"', page)) == 2
    assert re.search(
        r'name="v:6"[^>]*>\s*<option value="yes">Yes</option>\s*<option value="no" selected>', page
    )


async def test_the_builder_applies_rows_and_groups_as_a_readable_address(goods: Any) -> None:
    form = (
        "sort=-price&kind:=and&path:0=status&op:0=is&v:0=new&kind:1=or&path:1.0=price&op:1.0=lt&v:1.0=5"
        "&path:1.1=made&op:1.1=between&v:1.1=2024-03-01&v:1.1=&path:2=title&op:2=is&v:2=&do:=show"
    )
    address = await leave(goods, f"{GOODS}-/filter?{form}")
    assert address == f"{GOODS}?status=new&or:price.lt=5&or:made.between=2024-03-01..&sort=-price"
    found = {int(label[5:]) for label in labels(await goods.get(address + "&size=200"))}
    assert found == {n for n in range(0, 120, 2) if (n // 3) < 5 or 1 + n % 12 >= 3}


async def test_any_of_these_at_the_top_is_an_or_group_and_is_shown_so_again(goods: Any) -> None:
    form = "kind:=or&path:0=status&op:0=is&v:0=new&path:1=price&op:1=gt&v:1=38&do:=show"
    address = await leave(goods, f"{GOODS}-/filter?{form}")
    assert address == f"{GOODS}?or:status=new&or:price.gt=38"
    page = await goods.get(f"{GOODS}-/filter?{urlsplit(address).query}")
    assert re.search(
        r'name="kind:"[^>]*>\s*<option value="and">[^<]*</option>\s*<option value="or" selected>', page
    )


async def test_two_values_that_must_both_be_in_a_list_do_not_become_one_of_them(goods: Any) -> None:
    form = "kind:=and&path:0=tags&op:0=is&v:0=a&path:1=tags&op:1=is&v:1=b&do:=show"
    address = await leave(goods, f"{GOODS}-/filter?{form}")
    assert address == f"{GOODS}?tags=a&and:tags=b"
    assert len(labels(await goods.get(f"{address}&size=200"))) == 30
    page = await goods.get(f"{GOODS}-/filter?{urlsplit(address).query}")
    assert len(re.findall(r'<option value="tags" selected>', page)) == 2


async def test_between_in_a_list_asks_one_item_and_two_conditions_may_meet_two(goods: Any) -> None:
    assert labels(await goods.get(f"{GOODS}?lines.qty.between=5..7")) == ["Lamp 005", "Lamp 006", "Lamp 007"]
    both = await goods.get(f"{GOODS}?lines.qty.gte=999&lines.qty.lte=2")
    assert labels(both) == ["Lamp 000", "Lamp 001", "Lamp 002"]


async def test_one_item_of_a_list_meets_all_conditions_of_its_group(goods: Any) -> None:
    page = await goods.get(f"{GOODS}?one:lines:qty.gte=5&one:lines:qty.lt=8&one:lines:sku.not=s6")
    assert labels(page) == ["Lamp 005", "Lamp 007"]
    chip = re.search(r'<span class="a-chip">(.*?)</span><a href="([^"]*)"', page, re.DOTALL)
    assert chip is not None and chip[2] == GOODS
    words = html.unescape(re.sub("<[^>]*>", "", chip[1]))
    assert words == "Lines has one item: Qty at least 5 and Qty less than 8 and Sku is not s6"
    inner = await goods.get(f"{GOODS}?one:lines:sku.starts=s&one:lines:one:parts:mm.between=3..4")
    assert labels(inner) == ["Lamp 003", "Lamp 004"]
    either = await goods.get(f"{GOODS}?one:lines:or:qty=7&one:lines:or:sku=s9&one:lines:qty.lt=1000")
    assert labels(either) == ["Lamp 007", "Lamp 009"]
    assert "has one item: Qty less than 1000 and (Qty is 7 or Sku is s9)" in either


async def test_the_builder_makes_and_shows_a_group_about_one_item(goods: Any) -> None:
    page = await goods.get(f"{GOODS}-/filter?kind:=and&path:0=price&op:0=gte&v:0=1&do:=one:")
    assert re.search(r'name="kind:1".*?<option value="one:lines" selected>', page, re.DOTALL)
    offered = re.search(r'<select[^>]*name="path:1.0".*?</select>', page, re.DOTALL)
    assert offered is not None
    assert re.findall(r'value="([^"]+)"', offered[0]) == [
        f"lines.{name}" for name in ("sku", "qty", "margin", "parts", "parts.name", "parts.mm", "secret")
    ]
    assert ">Parts mm<" in offered[0]
    form = (
        "kind:=and&path:0=price&op:0=gte&v:0=1&kind:1=one:lines&path:1.0=lines.qty&op:1.0=gte&v:1.0=5"
        "&path:1.1=lines.qty&op:1.1=lt&v:1.1=8&path:1.2=&do:=show"
    )
    address = await leave(goods, f"{GOODS}-/filter?{form}")
    assert address == f"{GOODS}?price.gte=1&one:lines:qty.gte=5&one:lines:qty.lt=8"
    assert labels(await goods.get(address)) == ["Lamp 005", "Lamp 006", "Lamp 007"]
    again = await goods.get(f"{GOODS}-/filter?{urlsplit(address).query}")
    assert re.search(r'name="kind:1".*?<option value="one:lines" selected>', again, re.DOTALL)
    assert re.search(r'name="v:1.1"[^>]*value="8"[^>]*type="number"', again)


async def test_a_group_about_one_item_asks_for_fields_of_that_item_alone(goods: Any) -> None:
    form = "kind:0=one:lines&path:0.0=price&op:0.0=gte&v:0.0=1"
    page = await goods.get(f"{GOODS}-/filter?{form}&do:=show", 422)
    assert "“price” is not inside of “lines”." in page
    page = await goods.get(f"{GOODS}-/filter?{form}&do:=fit")
    assert re.search(r'name="path:0.0"[^>]*>\s*<option value="">Choose a field', page)
    inner = await goods.get(f"{GOODS}-/filter?{form}&do:=one:0")
    assert '<option value="one:lines.parts" selected>' in inner
    papers = await goods.get("/admin/database/papers/-/filter")
    assert "One item of a list" not in papers


async def test_fields_of_an_item_that_are_not_open_are_refused_as_elsewhere(goods: Any) -> None:
    await log_in(goods, "shopish.goods.view")
    assert labels(await goods.get(f"{GOODS}?one:lines:qty=5")) == ["Lamp 005"]
    for field in ("margin", "secret"):
        page = await goods.get(f"{GOODS}?one:lines:{field}.exists=yes", 400)
        assert not labels(page) and "There is no field" in page
        form = f"kind:0=one:lines&path:0.0=lines.{field}&op:0.0=exists&v:0.0=yes&do:=show"
        assert "There is no field" in await goods.get(f"{GOODS}-/filter?{form}", 422)
    assert "lines.margin" not in await goods.get(f"{GOODS}-/filter?do:=one:")


async def test_a_wrong_value_is_told_at_its_row_and_the_others_stay(goods: Any) -> None:
    form = "path:0=price&op:0=gte&v:0=soon&path:1=title&op:1=starts&v:1=Lamp&do:=show"
    page = await goods.get(f"{GOODS}-/filter?{form}", 422)
    assert "is no number" in page and 'value="soon"' in page and 'value="Lamp"' in page


async def test_rows_and_groups_are_added_and_removed_by_their_buttons(goods: Any) -> None:
    form = "kind:=and&path:0=price&op:0=gte&v:0=3"
    page = await goods.get(f"{GOODS}-/filter?{form}&do:=add:")
    assert 'name="path:1"' in page
    page = await goods.get(f"{GOODS}-/filter?{form}&do:=group:")
    assert 'name="path:1.1"' in page and 'name="kind:1"' in page
    page = await goods.get(f"{GOODS}-/filter?{form}&path:1=title&op:1=is&v:1=x&do:=remove:0")
    assert 'name="path:1"' not in page and 'value="x"' in page


async def test_another_field_gets_an_operator_and_an_input_that_fit_it(goods: Any) -> None:
    page = await goods.get(f"{GOODS}-/filter?path:0=made&op:0=contains&v:0=x&do:=fit")
    assert '<option value="after"' in page and '<option value="contains"' not in page


async def test_what_the_form_never_sends_is_harmless(goods: Any) -> None:
    await log_in(goods, "shopish.goods.view")
    for form in (
        "path:0=$where&op:0=is&v:0=1",
        "path:0=title&op:0=$ne&v:0=1",
        "path:0.0.0.0.0.0=title",
        "kind:9.9=or",
        "path:0=cost&op:0=gte&v:0=1",
    ):
        answer = await goods.client.get(f"{GOODS}-/filter?{form}&do:=show", allow_redirects=False)
        assert answer.status in (303, 422), form
        assert "$" not in answer.headers.get("Location", "")
        assert "cost" not in answer.headers.get("Location", "")


async def test_panels_need_the_right_to_see_the_screen(goods: Any) -> None:
    await log_in(goods, "shopish.other.view")
    for panel in ("filter", "sort", "columns", "view", "cost"):
        await goods.get(f"{GOODS}-/{panel}", 403)


async def test_panels_work_on_a_collection_without_a_screen(goods: Any) -> None:
    for panel in ("filter", "sort", "columns", "view", "cost"):
        await goods.get(f"/admin/database/papers/-/{panel}")
    address = await leave(goods, "/admin/database/papers/-/filter?path:0=pages&op:0=gte&v:0=58&do:=show")
    assert labels(await goods.get(address)) == ["Paper 59", "Paper 58"]


# Saved views.


async def save_view(goods: Any, query: str, **values: Any) -> str:
    answer = await post(goods, "view", query, **{"do": "new", **values})
    return str(answer.headers["Location"])


async def test_a_view_keeps_filter_columns_order_and_size_under_a_name(goods: Any) -> None:
    query = "status=new&sort=-price&size=20&cols=tags"
    address = await save_view(goods, query, name="New ones")
    pairs = dict(parse_qsl(urlsplit(address).query))
    assert pairs == {"status": "new", "sort": "-price", "size": "20", "cols": "tags", "view": pairs["view"]}
    page = await goods.get(address)
    assert re.search(r'aria-current="page"[^>]*><bdi>New ones</bdi>', page)
    assert heads(page) == ["tags"] and labels(page)[0] == "Lamp 118"
    assert f'href="{html.escape(address)}"' in await goods.get(GOODS)


async def test_a_view_keeps_what_one_item_must_meet_and_is_not_offered_to_who_may_not_name_it(
    goods: Any,
) -> None:
    await log_in(goods, "shopish.goods.view", "shopish.goods.share", roles=())
    await save_view(goods, "one:lines:qty.gte=5&one:lines:qty.lt=8", name="Some lines", role="*")
    await log_in(goods, superuser=True)
    await save_view(goods, "one:lines:margin.gte=5&one:lines:qty.lt=8", name="Good margins", role="*")
    assert "Good margins" in await goods.get(GOODS)
    await log_in(goods, "shopish.goods.view")
    page = await goods.get(GOODS)
    assert "Good margins" not in page and "Some lines" in page
    address = re.search(r'<a href="([^"]*)"[^>]*><bdi>Some lines', page)
    assert address is not None
    assert labels(await goods.get(html.unescape(address[1]))) == ["Lamp 005", "Lamp 006", "Lamp 007"]


async def test_a_view_keeps_the_columns_that_its_maker_had_chosen(goods: Any) -> None:
    await post(goods, "columns", "", col=["tags"], do="keep")
    assert "cols=tags" in await save_view(goods, "status=new", name="New ones")


async def test_a_view_is_changed_renamed_and_deleted(goods: Any) -> None:
    address = await save_view(goods, "status=new", name="New ones")
    view = parse_qsl(urlsplit(address).query)[-1][1]
    changed = f"status=sold&view={view}"
    assert 'title="Changed"' in await goods.get(f"{GOODS}?{changed}")
    answer = await post(goods, "view", changed, name="Sold ones", **{"with": "yes"}, do="save")
    assert answer.headers["Location"] == f"{GOODS}?{changed}"
    answer = await post(goods, "view", f"price.gte=3&view={view}", name="Renamed", do="save")
    assert answer.headers["Location"] == f"{GOODS}?{changed}"
    assert "<bdi>Renamed</bdi>" in await goods.get(GOODS)
    asked = await post(goods, "view", changed, 200, do="delete")
    assert "Delete the view “Renamed”?" in asked.page and await goods.db.admin_views.count_documents({}) == 1
    await post(goods, "view", changed, do="really")
    assert await goods.db.admin_views.count_documents({}) == 0


async def test_a_view_needs_a_name_that_its_owner_has_not_given_yet(goods: Any) -> None:
    await save_view(goods, "status=new", name="New ones")
    answer = await post(goods, "view", "status=sold", 422, name="New  ones", do="new")
    assert "You have a view of this name already." in answer.page
    assert "A view needs a name" in (await post(goods, "view", "status=sold", 422, name=" ", do="new")).page


async def test_a_view_shown_first_opens_the_list_and_all_still_shows_all(goods: Any) -> None:
    address = await save_view(goods, "status=new", name="New ones", first="yes")
    assert await leave(goods, GOODS) == address
    page = await goods.get(f"{GOODS}?view=all")
    assert len(labels(page)) == 50 and f'href="{GOODS}?view=all" aria-current="page"' in page
    view = parse_qsl(urlsplit(address).query)[-1][1]
    await post(goods, "view", f"status=new&view={view}", do="really")
    await goods.get(GOODS)


async def test_a_view_shared_with_a_role_is_there_for_its_members_alone(goods: Any) -> None:
    role = await accounts.save_role(goods.db, "clerk", ["shopish.goods.view"])
    await save_view(goods, "status=new", name="For clerks", role=[str(role)])
    await save_view(goods, "status=sold", name="Private")
    await log_in(goods, roles=("clerk",))
    page = await goods.get(GOODS)
    assert "<bdi>For clerks</bdi>" in page and "Private" not in page
    await log_in(goods, "shopish.goods.view")
    assert "For clerks" not in await goods.get(GOODS)


async def test_a_shared_view_cannot_be_changed_by_those_it_is_shared_with(goods: Any) -> None:
    address = await save_view(goods, "status=new", name="For all", role=["*"])
    query = urlsplit(address).query
    await log_in(goods, "shopish.goods.view")
    await post(goods, "view", query, 403, name="Mine now", do="save")
    await post(goods, "view", query, 403, do="really")
    await save_view(goods, query, name="For all")
    assert await goods.db.admin_views.count_documents({"name": "For all"}) == 2


async def test_sharing_needs_its_permission_and_gives_to_own_roles_alone(goods: Any) -> None:
    mine = await accounts.save_role(goods.db, "clerk", ["shopish.goods.view"])
    other = await accounts.save_role(goods.db, "boss", ["shopish.*"])
    await log_in(goods, "shopish.goods.view")
    await save_view(goods, "status=new", name="Not shared", role=["*", str(mine)])
    await log_in(goods, "shopish.goods.share", roles=("clerk",))
    await save_view(goods, "status=new", name="Shared", role=[str(mine), str(other)])
    stored = {one["name"]: one["roles"] async for one in goods.db.admin_views.find()}
    assert stored == {"Not shared": [], "Shared": [str(mine)]}


async def test_a_shared_view_shows_nobody_a_field_row_or_word_that_is_not_theirs(goods: Any) -> None:
    cost = await save_view(goods, "cost.gte=117&cols=cost", name="Dear ones", role=["*"])
    plain = await save_view(goods, "cols=cost,price", name="Prices", role=["*"])
    await log_in(goods, "shopish.goods.view|status=new")
    page = await goods.get(GOODS)
    # Ids, tokens and hashes of files hold any digits, but as a part of more.
    assert not re.search(r"(?<![\w-])117(?![\w-])", page)
    assert "Dear ones" not in page and "<bdi>Prices</bdi>" in page
    await goods.get(cost, 400)
    page = await goods.get(f"{plain}&size=200")
    assert len(labels(page)) == 60 and "••••••" in page


# Search.


async def test_a_large_list_is_searched_by_beginnings_in_any_usual_case_until_more_is_asked_for(
    goods: Any,
) -> None:
    await goods.db.goods.create_index("title")
    page = await goods.get(f"{GOODS}?q=lamp 00")
    assert len(labels(page)) == 10 and "beginnings of title" in page
    assert labels(await goods.get(f"{GOODS}?q=amp 00")) == []
    assert len(labels(await goods.get(f"{GOODS}?q=amp 00&scan=yes"))) == 10


async def test_a_text_index_finds_words_and_parts_of_words_when_asked(goods: Any) -> None:
    await goods.db.goods.create_index([("title", "text")])
    page = await goods.get(f"{GOODS}?q=007")
    assert labels(page) == ["Lamp 007"] and "whole words, by the text index" in page
    assert "No document has these words" in await goods.get(f"{GOODS}?q=am")
    assert len(labels(await goods.get(f"{GOODS}?q=am&scan=yes"))) == 50


# Jump.


JUMPS = (
    ("price", "5", "Lamp 015"),
    ("price", "5.01", "Lamp 018"),
    ("-price", "5", "Lamp 017"),
    ("title", "Lamp 1", "Lamp 100"),
    ("-title", "Lamp 1", "Lamp 119"),
    ("made,title", "2024-12", "Lamp 011"),
    ("-made,title", "2024-02", "Lamp 001"),
    ("_id", "2024-02-03", "Lamp 030"),
    ("-_id", "2024-02-03", "Lamp 030"),
)


@pytest.mark.parametrize("indexed", [False, True])
async def test_a_jump_begins_the_page_at_a_value_or_date(goods: Any, indexed: bool) -> None:
    if indexed:
        await goods.db.goods.create_index([("price", 1)])
        await goods.db.goods.create_index([("title", 1), ("_id", 1)])
    found = []
    for order, value, _ in JUMPS:
        address = await leave(goods, f"{GOODS}-/jump?sort={order}&size=20&to:={value}&do:=jump")
        found.append((order, value, labels(await goods.get(address))[0]))
    assert tuple(found) == JUMPS


async def test_a_jump_stays_within_the_filter_and_pages_go_on_from_it(goods: Any) -> None:
    address = await leave(goods, f"{GOODS}-/jump?status=sold&sort=title&size=20&to:=Lamp 05&do:=jump")
    page = await goods.get(address)
    assert labels(page)[:2] == ["Lamp 051", "Lamp 053"]
    found = re.search(r'href="([^"]*)" aria-label="Previous page"', page)
    assert found is not None
    assert labels(await goods.get(html.unescape(found[1])))[-1] == "Lamp 049"


async def test_a_jump_to_no_value_of_the_field_is_told(goods: Any) -> None:
    assert await leave(goods, f"{GOODS}-/jump?sort=made&to:=soon&do:=jump") == f"{GOODS}?sort=made"
    assert "is no date" in await goods.get(f"{GOODS}?sort=made")


async def test_a_jump_by_numeric_ids_includes_the_id(goods: Any) -> None:
    papers = "/admin/database/papers/"
    for order, first in (("_id", "Paper 30"), ("-_id", "Paper 30")):
        address = await leave(goods, f"{papers}-/jump?sort={order}&size=10&to:=30&do:=jump")
        assert labels(await goods.get(address))[0] == first


# Cost.


async def test_the_cost_is_measured_on_demand_and_names_the_missing_index(goods: Any) -> None:
    page = html.unescape(await goods.get(f"{GOODS}-/cost?status=new&price.gte=10&sort=-made"))
    assert re.search(r"<dt>Documents examined</dt><dd>120</dd>", page)
    assert 'Index("goods", [("status", 1), ("made", -1), ("price", 1), ("_id", -1)])' in page


async def test_a_list_that_an_index_serves_lacks_none(goods: Any) -> None:
    await goods.db.goods.create_index([("status", 1), ("price", 1), ("_id", 1)])
    page = await goods.get(f"{GOODS}-/cost?status=new")
    assert "An index serves this list." in page and "Missing index" not in page
    assert re.search(r"<dt>Index</dt><dd>status_1_price_1__id_1</dd>", page)


async def test_each_part_of_an_or_lacks_its_own_index(goods: Any) -> None:
    page = html.unescape(await goods.get(f"{GOODS}-/cost?or:status=new&or:tags=b"))
    assert 'Index("goods", [("status", 1), ("price", 1), ("_id", 1)])' in page
    assert 'Index("goods", [("tags", 1), ("price", 1), ("_id", 1)])' in page


async def test_what_one_item_must_meet_lacks_one_index_which_serves_it(goods: Any) -> None:
    query = "one:lines:qty.gte=5&one:lines:sku=s7"
    index = [("lines.sku", 1), ("price", 1), ("lines.qty", 1), ("_id", 1)]
    page = html.unescape(await goods.get(f"{GOODS}-/cost?{query}"))
    assert 'Index("goods", [("lines.sku", 1), ("price", 1), ("lines.qty", 1), ("_id", 1)])' in page
    await goods.db.goods.create_index(index)
    goods.server.app[REGISTRY].costs.forget("goods")
    page = await goods.get(f"{GOODS}-/cost?{query}")
    assert re.search(r"<dt>Documents examined</dt><dd>1</dd>", page)


async def test_a_search_without_text_index_lacks_one(goods: Any) -> None:
    assert 'Index("goods", [("title", "text")])' in html.unescape(await goods.get(f"{GOODS}-/cost?q=lamp"))


async def test_the_missing_index_is_created_after_a_question_and_serves_the_list_at_once(goods: Any) -> None:
    query = "status=new&sort=-made"
    name = "status_1_made_-1__id_-1"
    assert "no index for the filter" in await goods.get(f"{GOODS}?{query}")
    asked = await post(goods, "cost", query, 200, do=f"ask:{name}")
    assert "Create it now on all 120 documents?" in asked.page
    assert name not in await goods.db.goods.index_information()
    await post(goods, "cost", query, do=f"make:{name}")
    made = await goods.db.goods.index_information()
    assert made[name]["key"] == [("status", 1), ("made", -1), ("_id", -1)]
    assert f"index {name}" in await goods.get(f"{GOODS}?{query}")


async def test_only_an_advised_index_is_created_and_only_with_the_permission(goods: Any) -> None:
    query = "status=new&sort=-made"
    await post(goods, "cost", query, do="make:title_1")
    await log_in(goods, "shopish.goods.view")
    page = await goods.get(f"{GOODS}-/cost?{query}")
    assert "shopish.goods.index" in page and "Create this index" not in page
    await post(goods, "view", query, name="x", do="new")
    pairs = [("csrf_token", token(await goods.get(f"{GOODS}-/view"))), ("query", query)]
    await goods.post(f"{GOODS}-/cost", [*pairs, ("do:", "make:status_1_made_-1__id_-1")], 403)
    assert set(await goods.db.goods.index_information()) == {"_id_"}
    await log_in(goods, "shopish.goods.view", "shopish.goods.index")
    await post(goods, "cost", query, do="make:status_1_made_-1__id_-1")
    assert len(await goods.db.goods.index_information()) == 2


async def test_an_index_that_cannot_be_made_is_told_with_the_reason_of_the_database(goods: Any) -> None:
    await goods.get(GOODS)  # the fields are known before the odd one comes
    await goods.db.goods.insert_one({"title": "Odd", "status": ["new"], "made": [1, 2]})
    answer = await post(goods, "cost", "status=new&sort=made", 409, do="make:status_1_made_1__id_1")
    assert "Two of these fields are lists" in answer.page and "parallel arrays" in answer.page


async def test_forms_of_the_panels_want_their_token(goods: Any) -> None:
    for panel in ("columns", "size", "view", "cost"):
        await goods.post(f"{GOODS}-/{panel}", [("query", ""), ("do:", "keep")], 403)
