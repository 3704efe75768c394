"""Lists over real collections: rows, filters, pages, rights, bad input."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import bson
import pytest
from bson import DatetimeMS, ObjectId
from pymongo.errors import ExecutionTimeout

from aiocms.admin.known import KnownField
from aiocms.admin.lists.conditions import Condition, compile_condition
from aiocms.core import keys

SCREEN = """
from aiocms.admin import Column, Screen, action

class Goods(Screen):
    collection = "goods"
    label = "{title}"
    columns = ("title", Column("price", format="money", currency="EUR"), Column("maker", reference="makers"), "status")
    order = ("price",)
    search = ("title",)

    @action("Touch", confirm="Touch these?")
    async def touch(self, request, rows):
        count = 0
        async for row in rows:
            count += 1
            await rows.collection.update_one({"_id": row["_id"]}, {"$set": {"touched": True}})
        return f"{count} touched"

class Makers(Screen):
    collection = "makers"
    label = "{name}"

class Guarded(Screen):
    collection = "secrets"
    label = "{title}"
    columns = ("title", "cost", "inner.code", "hidden")
    search = ("title", "cost")

    def scope(self, request, verb):
        return {"tenant": 1} if verb == "view" else False

    def field_access(self, request, path, document=None):
        return {"cost": "mask", "inner.code": "mask", "hidden": "hide"}.get(path, "edit")
"""


@pytest.fixture
def site(make_site: Any) -> Any:
    return make_site({"apps/shopish/admin.py": SCREEN}, apps=["auth", "admin"])


@pytest.fixture
async def client(site: Any, make_client: Any, login: Any) -> Any:
    one = await make_client(site)
    await login(one)
    return one


def _db(client: Any) -> Any:
    return client.app[keys.MONGO].db


async def _page(client: Any, address: str, status: int = 200) -> str:
    answer = await client.get(address)
    text: str = await answer.text()
    assert answer.status == status, text[:2000]
    return text


def _labels(page: str) -> list[str]:
    return [
        html.unescape(one) for one in re.findall(r'<th scope="row" class="a-label"><a [^>]*>(.*?)</a>', page)
    ]


def _links(page: str) -> dict[str, str]:
    found = re.findall(r'<a class="btn btn-sm[^"]*" href="([^"]*)" aria-label="([^"]*)"', page)
    return {label: html.unescape(address) for address, label in found}


async def _fill(client: Any) -> None:
    makers = [{"_id": ObjectId(), "name": name} for name in ("Ada", "Bob")]
    await _db(client).makers.insert_many(makers)
    rows = [
        {
            "title": f"Lamp {i:03}",
            "price": (i // 3) * 100,
            "maker": makers[i % 2]["_id"],
            "status": ("new", "sold")[i % 2],
        }
        for i in range(120)
    ]
    await _db(client).goods.insert_many(rows)


async def test_list_shows_columns_in_the_declared_order_with_types(client: Any) -> None:
    await _fill(client)
    page = await _page(client, "/admin/shopish/goods/")
    assert _labels(page)[0] == "Lamp 000"
    assert len(_labels(page)) == 50
    assert re.search(
        r'<td class="a-num" data-label="Price"[^>]*>1.00<span class="a-unit">EUR</span></td>', page
    )
    assert re.search(r'<td data-label="Maker"[^>]*>Bob</td>', page)
    assert '<b class="a-total">120</b>' in page
    assert 'aria-sort="ascending"' in page


async def test_pages_forth_and_back_hold_every_row_once(client: Any) -> None:
    await _fill(client)
    seen: list[str] = []
    address: str | None = "/admin/shopish/goods/?size=20&status.in=new,sold"
    pages = []
    while address:
        page = await _page(client, address)
        pages.append(_labels(page))
        seen += pages[-1]
        address = _links(page).get("Next page")
    assert sorted(seen) == [f"Lamp {i:03}" for i in range(120)]
    assert await _walk_back(client, "/admin/shopish/goods/?size=20&status.in=new,sold&at=last") == pages


async def _walk_back(client: Any, address: str | None) -> list[list[str]]:
    pages: list[list[str]] = []
    while address:
        page = await _page(client, address)
        pages.insert(0, _labels(page))
        address = _links(page).get("Previous page")
    return pages


async def test_filters_stand_as_chips_that_can_be_taken_away(client: Any) -> None:
    await _fill(client)
    page = await _page(client, "/admin/shopish/goods/?status=new&price.gte=39")
    assert _labels(page) == ["Lamp 118"]
    assert "<b>Price</b> <span>at least 39</span>" in page
    assert 'href="/admin/shopish/goods/?price.gte=39" aria-label="Remove the filter Status"' in page


async def test_chosen_columns_are_shown_in_their_order(client: Any) -> None:
    await _fill(client)
    page = await _page(client, "/admin/shopish/goods/?cols=status,price")
    assert re.findall(r'title="(status|price|maker)"', page) == ["status", "price"]


async def test_search_finds_text_literally(client: Any) -> None:
    await _db(client).goods.insert_many([{"title": "a.b"}, {"title": "axb"}, {"title": "A.B (new)"}])
    assert sorted(_labels(await _page(client, "/admin/shopish/goods/?q=a.b"))) == ["A.B (new)", "a.b"]
    assert _labels(await _page(client, "/admin/shopish/goods/?q=.*")) == []


async def test_search_uses_the_text_index(client: Any) -> None:
    await _db(client).goods.insert_many([{"title": "red lamp"}, {"title": "blue chair"}])
    await _db(client).goods.create_index([("title", "text")])
    page = await _page(client, "/admin/shopish/goods/?q=lamps")
    assert _labels(page) == ["red lamp"]
    assert "text index" in page


async def test_large_collection_without_index_is_announced_and_read_on_request(
    site: Any, make_client: Any, login: Any
) -> None:
    client = await make_client(site, admin_large_collection=100, admin_probe_time=0.001)
    await login(client)
    rows = [{"title": f"t{i}", "noise": "x" * 1000, "n": (i * 7919) % 20011} for i in range(20_000)]
    await _db(client).goods.insert_many(rows)
    page = await _page(client, "/admin/shopish/goods/?title.contains=t1&sort=title")
    assert "This would look through all 20,000 documents" in page
    address = html.unescape(re.findall(r'href="([^"]*scan=yes[^"]*)"', page)[0])
    assert "t1" in _labels(await _page(client, address))


async def test_indexed_list_names_its_index(client: Any) -> None:
    await _fill(client)
    await _db(client).goods.create_index("price")
    assert "index price_1" in await _page(client, "/admin/shopish/goods/?price.lt=5")


@pytest.mark.parametrize(
    "query",
    [
        "price.gte=abc",
        "nope=1",
        "$where=1",
        "title.$gt=1",
        "title=%FF%FE",
        "%ff=1",
        "q=%ED%A0%80",
        "at=after~AAAA",
        "at=after~" + "A" * 9000,
        "sort=%24natural",
        "size=-1",
        "price[$gt]=1",
    ],
)
async def test_bad_address_is_answered_with_a_message(client: Any, query: str) -> None:
    await _fill(client)
    answer = await client.get(f"/admin/shopish/goods/?{query}")
    page = await answer.text()
    # Broken bytes reach us as text that matches nothing, or are told about: never a server error.
    assert answer.status == 400 or (answer.status == 200 and "%" in query)
    if answer.status == 400 and "at=" not in query:
        assert "a-problem" in page
        assert _labels(page) == []


async def test_sort_by_two_lists_is_explained(client: Any) -> None:
    await _db(client).goods.insert_one({"title": "x", "a": [1], "b": [2]})
    assert "cannot sort by two lists" in await _page(client, "/admin/shopish/goods/?sort=a,b")


async def test_htmx_gets_the_list_alone(client: Any) -> None:
    await _fill(client)
    answer = await client.get("/admin/shopish/goods/", headers={"HX-Request": "true", "HX-Target": "list"})
    page = await answer.text()
    assert page.lstrip().startswith('<div class="a-results" id="list"')
    assert "HX-Target" in answer.headers["Vary"]


async def _fill_secrets(client: Any) -> None:
    await _db(client).secrets.insert_many(
        [
            {"title": "mine", "tenant": 1, "cost": 770077, "inner": {"code": "XK9"}, "hidden": "H1DDEN"},
            {"title": "other", "tenant": 2, "cost": 88, "inner": {"code": "ZZ1"}, "hidden": "H2DDEN"},
        ]
    )


async def test_scope_narrows_rows_counts_and_search(client: Any) -> None:
    await _fill_secrets(client)
    for query in ("", "?q=other", "?title=other", "?tenant=2", "?title.not=mine", "?or:tenant=1&or:tenant=2"):
        page = await _page(client, f"/admin/shopish/guarded/{query}")
        assert "other" not in _labels(page)
    assert '<b class="a-total">1</b>' in await _page(client, "/admin/shopish/guarded/")
    assert '<span class="a-num">1</span>' in await _page(client, "/admin/?q=shopish")


async def test_masked_values_leave_the_server_in_no_way(client: Any) -> None:
    await _fill_secrets(client)
    page = await _page(client, "/admin/shopish/guarded/?cols=cost,inner,inner.code,hidden")
    assert "••••••" in page
    for secret in ("770077", "XK9", "H1DDEN"):
        assert f">{secret}<" not in page
        assert secret not in re.sub(r'(value|href|content|src)="[^"]*"', "", page).split("<tbody>")[1]


@pytest.mark.parametrize(
    "query",
    [
        "cost=770077",
        "cost.gte=1",
        "cost.exists=yes",
        "inner.code=XK9",
        "hidden=H1DDEN",
        "hidden.starts=H",
        "sort=cost",
        "sort=hidden",
        "sort=inner",
        "sort=-inner.code",
    ],
)
async def test_masked_fields_are_no_oracle_in_filters_and_sorts(client: Any, query: str) -> None:
    await _fill_secrets(client)
    page = await _page(client, f"/admin/shopish/guarded/?{query}", 400)
    assert "There is no field" in page
    assert _labels(page) == []


async def test_masked_fields_are_no_oracle_in_search(client: Any) -> None:
    await _fill_secrets(client)
    assert _labels(await _page(client, "/admin/shopish/guarded/?q=770077")) == []
    await _db(client).secrets.create_index([("title", "text"), ("hidden", "text")])
    assert _labels(await _page(client, "/admin/shopish/guarded/?q=H1DDEN")) == []
    assert _labels(await _page(client, "/admin/shopish/guarded/?q=mine")) == ["mine"]


async def test_permission_with_condition_narrows_and_hides(site: Any, make_client: Any, login: Any) -> None:
    client = await make_client(site)
    await login(
        client,
        "eva",
        superuser=False,
        permissions=("admin.enter", "shopish.goods.view|status=sold", "~shopish.goods.price.view"),
    )
    await _fill(client)
    page = await _page(client, "/admin/shopish/goods/")
    assert '<b class="a-total">60</b>' in page
    assert "EUR" not in page
    await _page(client, "/admin/shopish/goods/?price.gte=1", 400)
    assert "New</a>" not in page
    await _page(client, "/admin/shopish/makers/", 403)
    assert "Ada" not in page
    assert "Makers" not in page


async def test_reader_may_not_run_actions(site: Any, make_client: Any, login: Any) -> None:
    client = await make_client(site)
    await login(client, "eva", superuser=False, permissions=("admin.enter", "shopish.goods.view"))
    await _fill(client)
    for action in ("touch", "delete"):
        assert (await _post(client, action=action, all="yes", confirm="yes")).status == 403
    assert await _db(client).goods.count_documents({}) == 120


async def test_without_right_to_enter_nothing_is_shown(site: Any, make_client: Any, login: Any) -> None:
    client = await make_client(site)
    await login(client, "eva", superuser=False, permissions=("shopish.goods.view",))
    await _page(client, "/admin/shopish/goods/", 403)


async def _post(client: Any, **data: Any) -> Any:
    page = await (await client.get("/admin/shopish/goods/")).text()
    hidden = dict(re.findall(r'<input type="hidden" name="(_[^"]*|csrf[^"]*)" value="([^"]*)"', page))
    origin = str(client.make_url("/")).rstrip("/")
    return await client.post(
        "/admin/shopish/goods/-/action",
        data={**hidden, **data},
        headers={"Origin": origin},
        allow_redirects=False,
    )


async def test_action_asks_then_runs_on_all_that_match(client: Any) -> None:
    await _fill(client)
    asked = await _post(client, action="touch", all="yes", query="status=new")
    page = await asked.text()
    assert asked.status == 200
    assert "Touch these?" in page
    assert await _db(client).goods.count_documents({"touched": True}) == 0
    done = await _post(client, action="touch", all="yes", query="status=new", confirm="yes")
    assert done.status == 303
    assert done.headers["Location"] == "/admin/shopish/goods/?status=new"
    assert await _db(client).goods.count_documents({"touched": True}) == 60


async def test_action_on_a_list_that_is_not_understood_touches_nothing(client: Any) -> None:
    await _fill(client)
    answer = await _post(client, action="touch", all="yes", query="status.nope=new&price=abc", confirm="yes")
    assert answer.status == 400
    assert await _db(client).goods.count_documents({"touched": True}) == 0


async def test_deleted_rows_can_be_taken_back(client: Any) -> None:
    await _fill(client)
    one = await _db(client).goods.find_one({"title": "Lamp 005"})
    done = await _post(client, action="delete", rows=str(one["_id"]), confirm="yes")
    assert done.status == 303
    assert await _db(client).goods.count_documents({}) == 119
    page = await _page(client, "/admin/shopish/goods/")
    assert "1 document was deleted." in page
    assert "/admin/undo/" in page


async def test_thousand_columns_stay_within_bounds(client: Any) -> None:
    await _db(client).wide.insert_many([{f"field_{n}": n for n in range(1000)} for _ in range(60)])
    page = await _page(client, "/admin/database/wide/")
    assert 4 <= page.count('scope="col"') <= 12
    assert len(page) < 200_000
    chosen = ",".join(f"field_{n}" for n in range(1000))
    page = await _page(client, f"/admin/database/wide/?cols={chosen}&field_999=999")
    assert page.count('scope="col"') <= 62


async def test_every_bson_type_and_hostile_text_is_shown_and_escaped(client: Any) -> None:
    from bson import Binary, Code, Decimal128, Int64, MaxKey, MinKey, Regex, Timestamp

    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    values = [
        None,
        True,
        5,
        Int64(5),
        0.1,
        float("nan"),
        Decimal128("1.10"),
        datetime(1, 1, 1, tzinfo=UTC),
        b"x",
    ]
    values += [
        hostile,
        [hostile],
        {"k": hostile, hostile: 1},
        [{"a": 1}],
        Regex("<b>"),
        Code("<i>"),
        MinKey(),
        MaxKey(),
    ]
    values += [Timestamp(1, 1), Binary(b"<u>", 5), ObjectId(), [], {}, "a" * 100_000]
    await _db(client).types.insert_many([{"title": hostile, "v": value} for value in values])
    page = await _page(client, "/admin/database/types/?cols=v")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert len(page) < 150_000
    for query in ("sort=v", "sort=-v&at=last"):
        assert len(_labels(await _page(client, f"/admin/database/types/?{query}"))) == len(values)


async def test_broken_text_and_far_dates_in_documents_do_not_break_the_list(client: Any) -> None:
    from bson.raw_bson import RawBSONDocument

    date = b"\x09when\x00" + (10**15).to_bytes(8, "little")
    text = b"\x02title\x00\x03\x00\x00\x00\xff\xfe\x00"
    body = b"\x10_id\x00\x01\x00\x00\x00" + date + text + b"\x00"
    await _db(client).broken.insert_one(RawBSONDocument((len(body) + 4).to_bytes(4, "little") + body))
    assert len(_labels(await _page(client, "/admin/database/broken/"))) == 1


async def test_document_of_15_megabytes_is_listed_by_its_columns(client: Any) -> None:
    await _db(client).big.insert_one({"title": "huge", "body": "x" * 15_000_000, "n": 5})
    page = await _page(client, "/admin/database/big/?cols=n")
    assert _labels(page) == ["huge"]
    assert len(page) < 100_000


async def test_screen_template_override_wins_over_general(
    make_site: Any, make_client: Any, login: Any
) -> None:
    files = {
        "apps/shopish/admin.py": SCREEN,
        "apps/shopish/templ/admin/goods/list.tpl": '{% extends "admin:list" %}{% block content %}MY LIST {{ super() }}{% endblock %}',
        "apps/shopish/templ/admin/list/paging.tpl": "MY PAGING",
    }
    client = await make_client(make_site(files, apps=["auth", "admin"]))
    await login(client)
    await _fill(client)
    page = await _page(client, "/admin/shopish/goods/")
    assert "MY LIST" in page
    assert "MY PAGING" in page
    assert "MY LIST" not in await _page(client, "/admin/shopish/makers/")


DAYS = """
from aiocms.admin import Column, Report, Screen

class Films(Screen):
    collection = "films"
    label = "{name}"
    columns = (Column("out", format="date"), Column("seen", format="date"), Column("day", format="day"))

class Last(Report):
    collection = "films"
    pipeline = ({"$project": {"out": 1, "seen": 1}},)
    columns = (Column("out", format="date"), Column("seen", format="date"))
"""


async def test_a_day_without_a_time_is_that_day_west_of_greenwich(
    make_site: Any, make_client: Any, login: Any
) -> None:
    site = make_site({"apps/cinema/admin.py": DAYS}, apps=["auth", "admin"], time_zone="America/New_York")
    client = await make_client(site)
    await login(client)
    db = client.app[keys.MONGO].db

    async def read(url: str) -> str:
        answer = await client.get(url)
        assert answer.status == 200
        return str(await answer.text())

    midnight, evening = datetime(2024, 5, 31, tzinfo=UTC), datetime(2024, 6, 2, 1, tzinfo=UTC)
    await db.films.insert_many(
        [
            {"_id": 1, "name": "One", "out": midnight, "seen": midnight, "day": midnight},
            {"_id": 2, "name": "Two", "out": None, "seen": evening, "day": evening},
        ]
    )

    def shown(page: str, column: str) -> list[str]:
        found = re.findall(rf'<td[^>]*data-label="{column}"[^>]*>(.*?)</td>', page, re.DOTALL)
        return [re.sub("<[^>]*>", "", one) for one in found]

    page = await read("/admin/cinema/films/?sort=_id")
    assert shown(page, "Out") == ["2024-05-31", "–"]
    # One of them has a time of the day: the column holds moments, and these are shown where the user is.
    assert shown(page, "Seen") == ["2024-05-30", "2024-06-01"]
    assert shown(page, "Day") == ["2024-05-31", "2024-06-02"]
    report = await read("/admin/-/reports/cinema/last/?sort=_id")
    assert "2024-05-31" in report and "2024-05-30" in report
    preview = await read("/admin/cinema/films/~int32:1/preview")
    assert preview.count(">2024-05-31<") == 2 and ">2024-05-30<" in preview
    # A filter on days means the days that are shown.
    assert _labels(await read("/admin/cinema/films/?day=2024-05-31")) == ["One"]
    assert _labels(await read("/admin/cinema/films/?day.after=2024-06-01")) == ["Two"]
    assert _labels(await read("/admin/cinema/films/?seen=2024-06-01")) == ["Two"]


async def test_what_is_a_day_by_its_values_is_filtered_and_jumped_to_as_the_column_shows_it(
    make_site: Any, make_client: Any, login: Any
) -> None:
    site = make_site({}, apps=["auth", "admin"], time_zone="America/New_York")
    client = await make_client(site)
    await login(client)
    db = client.app[keys.MONGO].db
    first = datetime(2024, 5, 30, tzinfo=UTC)
    await db.days.insert_many(
        [
            {"name": f"d{i}", "day": first + timedelta(days=i), "at": first + timedelta(hours=8 * i)}
            for i in range(6)
        ]
    )

    async def read(query: str) -> tuple[list[str], str]:
        answer = await client.get(f"/admin/database/days/{query}")
        page = str(await answer.text())
        assert answer.status == 200
        return _labels(page), re.sub("<[^>]*>", "|", page)

    # In New York these days begin at eight in the evening before.
    names, page = await read("?day=2024-06-01")
    assert names == ["d2"] and "|2024-06-01|" in page
    assert (await read("?day.between=2024-05-31..2024-06-01&sort=day"))[0] == ["d1", "d2"]
    assert (await read("-/jump?sort=day&do:=go&to:=2024-06-01"))[0][0] == "d2"
    # In a column of times midnight in UTC is a time as well, there on the evening before.
    names, page = await read("?at.is=2024-05-29")
    assert names == ["d0"] and "|2024-05-29 20:00|" in page


async def test_a_mostly_empty_time_keeps_days_days(make_site: Any, make_client: Any, login: Any) -> None:
    site = make_site({}, apps=["auth", "admin"], time_zone="America/New_York")
    client = await make_client(site)
    await login(client)
    values = [datetime(2024, 5, 31, tzinfo=UTC)] * 3 + [datetime(2024, 5, 31, 14, 30, tzinfo=UTC)]
    await client.app[keys.MONGO].db.days.insert_many([{"day": value} for value in values])
    page = await (await client.get("/admin/database/days/?day=2024-05-31")).text()
    shown = re.sub("<[^>]*>", "|", page)
    assert shown.count("|2024-05-31|") == 3 and shown.count("|2024-05-31 10:30|") == 1


@pytest.mark.parametrize("day", ["0001", "0001-01-01", "9999", "9999-12-31"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_first_and_last_day_of_the_calendar_are_days_like_others(zone: str, day: str) -> None:
    known = KnownField("at", frozenset(("date",)))
    for operator in ("is", "not", "after", "before", "gt", "lte"):
        found = compile_condition(Condition("at", operator, (day,)), known, ZoneInfo(zone))
        assert bson.encode(found)


VIEWS = """
from aiocms.admin import Screen

class Lines(Screen):
    collection = "lines"
    order = ("name",)
"""


@pytest.mark.parametrize("sort", ["", "name", "-lines.price", "-_id,name"])
@pytest.mark.parametrize("view", ["lines", "bare", "some", "times"])
async def test_pages_of_views_and_time_series_hold_every_row_once(
    make_site: Any, make_client: Any, login: Any, view: str, sort: str
) -> None:
    client = await make_client(make_site({"apps/odd/admin.py": VIEWS}, apps=["auth", "admin"]))
    await login(client)
    db = client.app[keys.MONGO].db
    rows = [{"_id": i, "name": f"n{i % 7}", "lines": [{"price": k} for k in range(i % 5)]} for i in range(40)]
    await db.goods.insert_many(rows)
    serial = {"$add": [{"$multiply": ["$_id", 10]}, "$lines.price"]}
    unwind = [{"$unwind": "$lines"}, {"$set": {"serial": serial}}]
    await db.create_collection("lines", viewOn="goods", pipeline=unwind)
    without = [*unwind, {"$project": {"_id": 0}}]
    await db.create_collection("bare", viewOn="goods", pipeline=without)
    some = [{"$match": {"_id": {"$lt": 30}}}, {"$set": {"serial": "$_id"}}]
    await db.create_collection("some", viewOn="goods", pipeline=some)
    await db.create_collection("times", timeseries={"timeField": "at"})
    now = datetime(2024, 1, 1, tzinfo=UTC)
    await db.times.insert_many(
        [{**row, "at": now + timedelta(hours=i), "serial": i} for i, row in enumerate(rows)]
    )
    expected = sorted([row["serial"] async for row in db[view].find()])
    base = "/admin/odd/lines/" if view == "lines" else f"/admin/database/{view}/"

    async def walk(url: str, link: str) -> list[list[str]]:
        pages = []
        while url:
            answer = await client.get(url)
            assert answer.status == 200 and len(pages) < 20
            page = await answer.text()
            pages.append(re.findall(r'data-label="Serial"[^>]*>([^<]*)<', page))
            found = re.search(rf'href="([^"]*)"[^>]*rel="{link}"', page) or re.search(
                rf'rel="{link}"[^>]*href="([^"]*)"', page
            )
            url = html.unescape(found[1]) if found else ""
        return pages

    query = f"?size=12&cols=serial&sort={sort}"
    forth = [one for page in await walk(base + query, "next") for one in page]
    back = [one for page in reversed(await walk(f"{base}{query}&at=last", "prev")) for one in page]
    assert forth == back
    assert sorted(map(int, forth)) == expected


READINGS = """
from aiocms.admin import Screen

class Seen(Screen):
    collection = "seen"
    label = "{name}"

class Times(Screen):
    collection = "times"
"""


@pytest.mark.parametrize("app", ["database", "plant"])
async def test_a_view_is_read_and_measurements_are_only_added(
    make_site: Any, make_client: Any, login: Any, app: str
) -> None:
    files = {"apps/plant/admin.py": READINGS} if app == "plant" else {}
    client = await make_client(make_site(files, apps=["auth", "admin"]))
    await login(client)
    db = client.app[keys.MONGO].db
    await db.goods.insert_one({"name": "One"})
    await db.create_collection("seen", viewOn="goods", pipeline=[{"$project": {"_id": 0}}])
    await db.create_collection("times", timeseries={"timeField": "at"})
    await db.times.insert_one({"at": datetime(2024, 1, 1, tzinfo=UTC), "n": 1})
    seen = await (await client.get(f"/admin/{app}/seen/")).text()
    assert f"{app}/seen/new" not in seen and "data-edit" not in seen and 'name="rows"' not in seen
    # Its row has no _id, so it leads nowhere.
    assert re.search(r'<th scope="row" class="a-label">One</th>', seen)
    assert (await client.get(f"/admin/{app}/seen/new")).status == 403
    times = await (await client.get(f"/admin/{app}/times/")).text()
    assert f"{app}/times/new" in times and "data-edit" not in times and 'value="delete"' not in times
    address = re.search(r'<th scope="row" class="a-label"><a href="([^"]*)"', times)
    assert address
    assert "You may look at this document" in await (await client.get(address[1])).text()


async def test_a_jump_behind_the_last_row_leads_to_the_last_page(client: Any) -> None:
    await _fill(client)
    for order, value in (("price", "99999"), ("-price", "-5")):
        answer = await client.get(f"/admin/shopish/goods/-/jump?sort={order}&size=20&do:=go&to:={value}")
        page = await answer.text()
        assert answer.url.query.get("at") == "last" and len(_labels(page)) == 20
        assert "Nothing comes after" in page


async def test_a_field_of_many_types_is_one_column_and_numbers_that_are_none_are_found(
    make_site: Any, make_client: Any, login: Any
) -> None:
    client = await make_client(make_site({}, apps=["auth", "admin"]))
    await login(client)
    far = DatetimeMS(253402300800000 + 86_400_000)
    values = [1, "text", [1], {"a": 1}, float("nan"), float("-inf"), far]
    await client.app[keys.MONGO].db.odd.insert_many([{"_id": i, "v": one} for i, one in enumerate(values)])

    async def read(query: str) -> list[str]:
        answer = await client.get(f"/admin/database/odd/{query}")
        assert answer.status == 200
        return re.findall(r'data-label="V"[^>]*>(?:<[^>]*>)?([^<]*)', await answer.text())

    assert await read("?sort=_id") == ["1", "text", "1", "1", "NaN", "-Infinity", "10000-01-02"]
    for text, shown in (("NaN", "NaN"), ("nan", "NaN"), ("-inf", "-Infinity"), ("-infinity", "-Infinity")):
        assert await read(f"?v={text}") == [shown]


async def test_an_address_that_is_not_understood_can_be_gone_on_with(client: Any) -> None:
    await _fill(client)
    answer = await client.get("/admin/shopish/goods/?status=sold&price=abc&nonsense=1")
    page = await answer.text()
    assert answer.status == 400
    address = re.search(r'href="([^"]*)">Go on without them</a>', page)
    assert address and html.unescape(address[1]).endswith("/goods/?status=sold")
    assert len(_labels(await _page(client, html.unescape(address[1])))) == 50


@pytest.mark.parametrize("superuser", [True, False])
async def test_the_database_says_why_it_refuses_to_who_may_see_everything(
    make_site: Any, make_client: Any, login: Any, superuser: bool
) -> None:
    client = await make_client(make_site({}, apps=["auth", "admin"]))
    db = client.app[keys.MONGO].db
    await db.goods.insert_one({"a": "secret"})
    await db.create_collection("broken", viewOn="goods", pipeline=[{"$project": {"b": {"$toInt": "$a"}}}])
    # The message quotes a value of the source, which may not be open to others.
    rights = ("admin.enter", "database.broken.view")
    await login(client, "eva", superuser=superuser, permissions=rights)
    page = await (await client.get("/admin/database/broken/")).text()
    said = "Failed to parse number &#39;secret&#39;" if superuser else "ConversionFailure"
    assert f"The database refuses this list. {said}" in page
    assert ("secret" in page) is superuser


async def test_a_list_that_is_known_to_be_empty_is_not_announced_as_a_long_scan(
    site: Any, make_client: Any, login: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await make_client(site, admin_large_collection=100, admin_probe_time=1)
    await login(client)
    await _db(client).goods.insert_many([{"title": f"t{i}"} for i in range(120)])

    async def too_slow(*_: Any, **__: Any) -> None:
        raise ExecutionTimeout("time over", 50)

    monkeypatch.setattr("aiocms.admin.lists.keyset.fetch_page", too_slow)
    page = await _page(client, "/admin/shopish/goods/?title.contains=none&sort=title")
    assert "Nothing matches" in page and "This would look through" not in page
    page = await _page(client, "/admin/shopish/goods/?title.contains=t1&sort=title")
    assert "This would look through" in page


async def test_a_search_where_nobody_declared_fields_looks_at_its_texts_and_says_at_which(
    make_site: Any, make_client: Any, login: Any
) -> None:
    client = await make_client(make_site({}, apps=["auth", "admin"]))
    await login(client)
    db = client.app[keys.MONGO].db
    await db.notes.insert_many([{"n": 1, "word": "lamp", "at": {"city": "Rome"}}, {"n": 2, "word": "pot"}])
    await db.counts.insert_one({"_id": 1, "n": 1})

    async def read(query: str) -> str:
        answer = await client.get(f"/admin/database/{query}")
        assert answer.status == 200
        return str(await answer.text())

    assert (await read("notes/?q=lam")).count("<tr data-id=") == 1
    assert (await read("notes/?q=rome")).count("<tr data-id=") == 1
    assert "The search looked at word, at.city." in await read("notes/?q=nothing")
    assert "No field of this list can be searched for a text" in await read("counts/?q=nothing")


@pytest.mark.parametrize("sort", ["body", "-body,title", "-body"])
@pytest.mark.parametrize("indexed", [False, True])
async def test_pages_of_a_list_in_the_order_of_long_texts_hold_every_row_once(
    client: Any, sort: str, indexed: bool
) -> None:
    # A token of these keys would be longer than an address may be.
    rows = [{"title": f"t{i:02}", "body": "long text " * 700 + f"{i % 10}"} for i in range(25)]
    await _db(client).goods.insert_many([*rows, {"title": "short", "body": "a"}, {"title": "none"}])
    if indexed:
        await _db(client).goods.create_index([("body", 1), ("_id", 1)])

    async def walk(url: str, link: str) -> list[list[str]]:
        pages = []
        while url:
            page = await _page(client, url)
            pages.append(_labels(page))
            assert len(pages) < 9
            found = re.search(rf'href="([^"]*)"[^>]*rel="{link}"|rel="{link}"[^>]*href="([^"]*)"', page)
            url = html.unescape(found[1] or found[2]) if found else ""
        return pages

    base = f"/admin/shopish/goods/?sort={sort}&size=5"
    forth = [one for page in await walk(base, "next") for one in page]
    back = [one for page in reversed(await walk(f"{base}&at=last", "prev")) for one in page]
    assert forth == back and sorted(forth) == sorted([*(row["title"] for row in rows), "short", "none"])


async def test_a_filter_of_too_many_conditions_is_refused_and_not_shortened(client: Any) -> None:
    await _fill(client)
    query = "&".join(f"or{i}:price={i}" for i in range(60))
    answer = await client.get(f"/admin/shopish/goods/?{query}")
    assert answer.status == 400
    assert "A list is filtered by at most 50 conditions." in await answer.text()
    answer = await client.get("/admin/shopish/goods/?price.in=" + ",".join(map(str, range(300))))
    assert "A condition takes at most 200 values." in await answer.text()
