"""Numbers and charts of screens, aggregated on the real database within scope, filter and field rights."""

from __future__ import annotations

import html
import itertools
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bson import Decimal128, Int64, ObjectId

from aiocms.admin import Chart, Number, Screen
from aiocms.admin.charts.chart_pipeline import iter_starts, step_key
from aiocms.admin.charts.chart_shapes import draw_columns, draw_rows, nice_ticks
from aiocms.admin.checks import iter_faults
from tests.admin.conftest import Admin, OpenAdmin

SCREEN = """
from aiocms.admin import Chart, Number, Screen

class Orders(Screen):
    collection = "orders"
    label = "{number}"
    columns = ("number", "status", "created")
    search = ("number",)
    currency = "EUR"
    references = {"buyer": "buyers"}
    charts = (
        Chart("By status", by="status", top=2),
        Chart("By tag", by="tags"),
        Chart("By buyer", by="buyer"),
        Chart("Orders a day", by="created", step="day", last=7),
        Chart("By age", by="age", step=10, dashboard=False),
        Number("Orders"),
        Number("Paid", where={"status": "paid"}),
        Number("Revenue", sum="total.amount", where={"status": "paid"}, format="money"),
        Chart("Secret", by="secret"),
        Number("Secret sum", sum="secret"),
        Number("Secret filter", where={"$or": [{"secret": 1}]}),
    )

    def field_access(self, request, path, document=None):
        return "mask" if path == "secret" else "edit"

class Buyers(Screen):
    collection = "buyers"
    label = "{name}"
"""
CHARTS = "/admin/shopish/orders/-/charts"


@pytest.fixture
async def shop(open_admin: OpenAdmin) -> Admin:
    return await open_admin({"apps/shopish/admin.py": SCREEN}, time_zone="Europe/Berlin")


async def fill(admin: Admin) -> list[ObjectId]:
    now = datetime.now(UTC)
    buyers = [{"_id": ObjectId(), "name": name} for name in ("Ada", "Bob")]
    await admin.db.buyers.insert_many(buyers)
    rows = [
        {
            "number": f"N{i:03}",
            "status": ("paid", "paid", "paid", "new", "new", "lost")[i % 6],
            "tags": ["a", "b"] if i % 2 else ["a"],
            "buyer": buyers[i % 2]["_id"],
            "created": now - timedelta(days=i % 3),
            "age": i,
            "total": {"amount": Int64(1050), "cur": "EUR" if i % 6 else "USD"},
            "secret": 1,
        }
        for i in range(60)
    ]
    await admin.db.orders.insert_many(rows)
    return [one["_id"] for one in buyers]


def read_numbers(page: str) -> dict[str, str]:
    found = re.findall(r'a-number-name">(?:<a [^>]*>)?([^<]+).*?<b>(.*?)</b>', page, re.S)
    return {name: html.unescape(text) for name, text in found}


def read_tables(page: str) -> dict[str, dict[str, str]]:
    """The rows of each chart's table: name → number."""
    tables: dict[str, dict[str, str]] = {}
    for title, rest in re.findall(r"<figcaption>(.*?)</figcaption>(.*?)</figure>", page, re.S):
        rows = re.findall(
            r'<th scope="row">(?:<a [^>]*>)?(.*?)(?:</a>)?</th><td class="a-num">(.*?)</td>', rest
        )
        tables[title] = {html.unescape(name): text for name, text in rows}
    return tables


def find_link(page: str, title: str, name: str) -> str:
    figure = page.partition(f"<figcaption>{title}</figcaption>")[2].partition("</figure>")[0]
    found = re.search(rf'<th scope="row"><a href="([^"]*)">{re.escape(name)}</a>', figure)
    assert found, (title, name)
    return html.unescape(found[1])


async def count_list(admin: Admin, address: str) -> str:
    page = await admin.get(address)
    found = re.search(r'<b class="a-total">(.*?)</b>', page)
    assert found
    return found[1]


async def test_numbers_count_and_add_up_what_their_filter_says(shop: Admin) -> None:
    await fill(shop)
    numbers = read_numbers(await shop.get(CHARTS))
    assert numbers["Orders"] == "60"
    assert numbers["Paid"] == "30"
    # Amounts of two currencies are never added together.
    assert numbers["Revenue"] == "€210.00"
    assert "$105.00" in await shop.get(CHARTS)


async def test_values_are_counted_item_by_item_and_the_rest_is_told(shop: Admin) -> None:
    await fill(shop)
    page = await shop.get(CHARTS)
    tables = read_tables(page)
    assert tables["By status"] == {"paid": "30", "new": "20"}
    assert "1 more value: 10" in page
    assert tables["By tag"] == {"a": "60", "b": "30"}
    assert tables["By buyer"] == {"Ada": "30", "Bob": "30"}
    assert tables["By age"] == {f"{low} – {low + 9}": "10" for low in range(0, 60, 10)}


async def test_steps_of_time_are_those_of_the_users_zone_and_empty_ones_are_shown(shop: Admin) -> None:
    zone = ZoneInfo("Europe/Berlin")
    today = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    # One minute after midnight in Berlin is still the day before in UTC.
    await shop.db.orders.insert_many([{"created": today + timedelta(minutes=1)}, {"created": today}])
    await shop.db.orders.insert_one({"created": today - timedelta(minutes=1)})
    await shop.db.orders.insert_one({"created": "no date"})
    rows = read_tables(await shop.get(CHARTS))["Orders a day"]
    assert list(rows.values()) == ["0", "0", "0", "0", "0", "1", "2"]


BARS = (
    ("By status", "new", "20"),
    ("By tag", "b", "30"),
    ("By buyer", "Ada", "30"),
    ("By age", "10 – 19", "10"),
)


async def test_a_bar_leads_to_the_list_of_its_documents(shop: Admin) -> None:
    await fill(shop)
    page = await shop.get(CHARTS)
    for title, name, count in BARS:
        assert await count_list(shop, find_link(page, title, name)) == count, title
    *_, last = read_tables(page)["Orders a day"].items()
    assert await count_list(shop, find_link(page, "Orders a day", last[0])) == last[1] == "20"


async def test_charts_count_what_the_list_shows(shop: Admin) -> None:
    await fill(shop)
    page = await shop.get(f"{CHARTS}?status.in=new,lost&sort=number")
    assert read_tables(page)["By status"] == {"new": "20", "lost": "10"}
    assert read_numbers(page)["Orders"] == "30"
    assert read_numbers(page)["Paid"] == "0"
    # The narrower condition takes the place of the wider one, otherwise it would be "one of both".
    link = find_link(page, "By status", "new")
    assert "lost" not in link and "sort=number" in link
    assert await count_list(shop, link) == "20"


async def test_documents_without_the_field_are_a_bar_of_their_own(shop: Admin) -> None:
    await shop.db.orders.insert_many([{"status": "new"}, {"status": ""}, {"status": None}, {}])
    page = await shop.get(CHARTS)
    assert read_tables(page)["By status"] == {"(empty)": "3", "new": "1"}
    assert await count_list(shop, find_link(page, "By status", "(empty)")) == "3"


async def test_no_chart_over_a_field_that_the_user_may_not_see(shop: Admin) -> None:
    await fill(shop)
    page = await shop.get(CHARTS)
    assert "Orders a day" in page
    assert "Secret" not in page


async def test_charts_count_only_rows_of_the_users_scope(open_admin: OpenAdmin) -> None:
    rights = ("admin.enter", "shopish.orders.view|status=new", "~shopish.orders.tags.view")
    admin = await open_admin(
        {"apps/shopish/admin.py": SCREEN}, user={"superuser": False, "permissions": rights}
    )
    buyers = await fill(admin)
    page = await admin.get(CHARTS)
    assert read_numbers(page)["Orders"] == "20"
    tables = read_tables(page)
    assert tables["By status"] == {"new": "20"}
    assert "By tag" not in tables
    # Names of documents of another screen need the right to see those.
    assert set(tables["By buyer"]) == {str(one) for one in buyers}
    await admin.get("/admin/shopish/buyers/-/charts", 403)


async def test_a_large_collection_is_counted_only_when_asked_to(open_admin: OpenAdmin) -> None:
    admin = await open_admin({"apps/shopish/admin.py": SCREEN}, admin_large_collection=10)
    await fill(admin)
    page = await admin.get(CHARTS)
    assert "Too many documents" in page
    assert read_numbers(page)["Orders"] == "60"  # known without looking
    link = re.search(r'<a href="([^"]*scan=yes[^"]*)"', page)
    assert link
    page = await admin.get(html.unescape(link[1]))
    assert read_tables(page)["By status"] == {"paid": "30", "new": "20"}


async def test_a_large_collection_is_counted_where_an_index_serves(open_admin: OpenAdmin) -> None:
    admin = await open_admin({"apps/shopish/admin.py": SCREEN}, admin_large_collection=10)
    await fill(admin)
    await admin.db.orders.create_index("created")
    tables = read_tables(await admin.get(CHARTS))
    assert sum(map(int, tables["Orders a day"].values())) == 60
    assert "By status" not in tables or not tables["By status"]


async def test_one_answer_serves_all_who_ask_the_same_for_some_seconds(shop: Admin) -> None:
    await fill(shop)
    assert read_numbers(await shop.get(CHARTS))["Paid"] == "30"
    await shop.db.orders.update_many({}, {"$set": {"status": "lost"}})
    assert read_numbers(await shop.get(CHARTS))["Paid"] == "30"
    assert read_numbers(await shop.get(f"{CHARTS}?status=lost"))["Paid"] == "0"


async def test_hostile_values_are_escaped_in_the_drawing(shop: Admin) -> None:
    await shop.db.orders.insert_many([{"status": "<script>alert(1)</script>"}, {"status": '"><b x="'}])
    page = await shop.get(CHARTS)
    assert "<script>alert" not in page and "<b x=" not in page
    assert "&lt;script&gt;alert" in page


async def test_odd_values_do_not_break_a_chart(shop: Admin) -> None:
    odd = [
        Decimal128("NaN"),
        float("inf"),
        -5,
        2**62,
        "x",
        None,
        [1, 2],
        {"a": 1},
        datetime(9999, 1, 1, tzinfo=UTC),
    ]
    await shop.db.orders.insert_many(
        [{"status": one, "age": one, "created": one, "tags": one} for one in odd]
    )
    page = await shop.get(CHARTS)
    assert "By status" in read_tables(page)


async def test_charts_are_asked_for_alone_by_htmx_and_stand_on_a_page_without(shop: Admin) -> None:
    await fill(shop)
    answer = await shop.client.get(CHARTS, headers={"HX-Request": "true"})
    assert "<html" not in await answer.text()
    assert "<html" in await shop.get(CHARTS)
    page = await shop.get("/admin/shopish/orders/?status=new")
    assert f'hx-get="{CHARTS}?status=new"' in page
    assert f'<a href="{CHARTS}?status=new">' in page
    assert "data-charts" not in await shop.get("/admin/shopish/buyers/")


async def test_a_filter_that_is_not_understood_counts_nothing(shop: Admin) -> None:
    await fill(shop)
    assert read_tables(await shop.get(f"{CHARTS}?nonsense=1")) == {}


FAULTS = (
    ("Number('A')", "admin.E040"),
    ("('A',)", "admin.E040"),
    ("(Chart('A', by='a', step='dya'),)", "admin.E041"),
    ("(Chart('A', by='a', step=0),)", "admin.E041"),
    ("(Chart('A', by='a', kind='pie'),)", "admin.E041"),
    ("(Chart('A', by='a', sum='b', average='c'),)", "admin.E041"),
    ("(Number('A', sum='$a'),)", "admin.E041"),
    ("(Number('A', format='gold'),)", "admin.E041"),
    ("(Chart('A', by='a', top=0),)", "admin.E041"),
    ("(Number('A', where={'a': 1}), Chart('A', by='a.b', step=2.5))", ""),
)


@pytest.mark.parametrize(("declared", "fault"), FAULTS)
def test_a_wrong_declaration_is_a_fault_at_start(declared: str, fault: str) -> None:
    charts = eval(declared, {"Chart": Chart, "Number": Number})
    screen = type("Bad", (Screen,), {"collection": "bad", "charts": charts})
    found = [one.id for one in iter_faults(screen)]
    assert found == ([fault] if fault else [])


def test_ticks_are_round_and_hold_all_values() -> None:
    assert nice_ticks(0, 7) == [0, 2, 4, 6, 8]
    assert nice_ticks(0, 0) == [0, 1]
    assert nice_ticks(-3, 12) == [-5, 0, 5, 10, 15]


def test_a_right_to_left_chart_is_the_mirror_image() -> None:
    left = draw_columns([1, 2, 3], kind="bars", whole=True, rtl=False)
    right = draw_columns([1, 2, 3], kind="bars", whole=True, rtl=True)
    for one, other in zip(left.bars, right.bars, strict=True):
        assert (round(left.width - one.x - one.width, 1), one.y, one.height) == (
            round(other.x, 1),
            other.y,
            other.height,
        )
    rows = draw_rows([4, 2], rtl=True)
    assert [bar.x for bar in rows.bars] == [0, 180]


@pytest.mark.parametrize("step", ["hour", "day", "week", "month", "year"])
def test_steps_follow_each_other_without_gap_over_a_change_of_clocks(step: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    until = datetime(2024, 10, 28, 12, 30, tzinfo=zone)
    starts = list(iter_starts(until, step, 50, zone))
    assert len({step_key(one, step, zone) for one in starts}) == 50
    assert starts[-1] <= until
    for before, after in itertools.pairwise(starts):
        moment = after.astimezone(UTC) - timedelta(minutes=1)
        assert step_key(moment, step, zone) in (
            step_key(before, step, zone),
            (int(moment.timestamp() // 60),),
        )


def test_a_chart_says_how_many_steps_it_shows() -> None:
    assert Chart("A", by="a", step="month").steps == 12
    assert Chart("A", by="a", step="month", last=3).steps == 3
    assert Number("A").where == {}


PLAIN = "/admin/database/notes/"


async def fill_notes(admin: Admin) -> None:
    """Notes of three months, the newest years ago, among others whose scope is another."""
    moments = [datetime(2021, 3, 1, tzinfo=UTC), datetime(2021, 3, 31, 23, tzinfo=UTC)]
    moments += [datetime(2021, 2, 10, 12, tzinfo=UTC)] * 3 + [datetime(2019, 1, 1, tzinfo=UTC)]
    await admin.db.notes.insert_many(
        [
            {"_id": ObjectId(ObjectId.from_datetime(one).binary[:4] + n.to_bytes(8)), "kind": "ab"[n % 2]}
            for n, one in enumerate(moments)
        ]
    )


async def test_a_collection_without_a_screen_has_its_documents_by_month_when_asked(admin: Admin) -> None:
    await fill_notes(admin)
    page = await admin.get(PLAIN)
    panel = re.search(r"<details class=\"a-charts\"[^>]*>", page)
    assert panel and " open" not in panel[0]
    assert 'hx-trigger="charts-open"' in page
    page = await admin.get(f"{PLAIN}-/charts")
    table = read_tables(page)["Documents added, by month"]
    # Twelve months up to the newest document.
    assert len(table) == 12
    assert {name: text for name, text in table.items() if text != "0"} == {
        "February 2021": "3",
        "March 2021": "2",
    }
    assert await count_list(admin, find_link(page, "Documents added, by month", "March 2021")) == "2"
    assert await count_list(admin, find_link(page, "Documents added, by month", "February 2021")) == "3"
    narrowed = await admin.get(f"{PLAIN}-/charts?kind=a")
    assert read_tables(narrowed)["Documents added, by month"]["February 2021"] == "2"
    answer = await admin.client.get(PLAIN, cookies={"aiocms_charts": "open"})
    assert re.search(r"<details class=\"a-charts\"[^>]* open>", await answer.text())


async def test_months_of_ids_are_those_of_the_users_time_zone(open_admin: OpenAdmin) -> None:
    admin = await open_admin(time_zone="Asia/Tokyo")
    await fill_notes(admin)
    page = await admin.get(f"{PLAIN}-/charts")
    table = read_tables(page)["Documents added, by month"]
    assert (table["March 2021"], table["April 2021"]) == ("1", "1")
    assert await count_list(admin, find_link(page, "Documents added, by month", "April 2021")) == "1"


async def test_a_large_collection_is_counted_by_its_index_on_ids_alone(open_admin: OpenAdmin) -> None:
    admin = await open_admin(admin_large_collection=3, admin_probe_time=20.0)
    await fill_notes(admin)
    await admin.db.command({"profile": 2})
    table = read_tables(await admin.get(f"{PLAIN}-/charts"))["Documents added, by month"]
    await admin.db.command({"profile": 0})
    assert table["March 2021"] == "2"
    counted = admin.db["system.profile"].find({"op": "command", "ns": {"$regex": "[.]notes$"}})
    groups = [row async for row in counted if "$group" in repr(row.get("command"))]
    assert groups
    # The document of 2019 is outside of the range, and no document is fetched: the index holds all that is asked.
    assert all(row["docsExamined"] == 0 and row["keysExamined"] <= 6 for row in groups)


async def test_no_chart_is_guessed_where_ids_tell_no_time_or_the_site_wants_none(
    open_admin: OpenAdmin,
) -> None:
    admin = await open_admin(admin_guess_charts=False)
    await fill_notes(admin)
    assert "data-charts" not in await admin.get(PLAIN)
    assert not read_tables(await admin.get(f"{PLAIN}-/charts"))


async def test_no_chart_is_guessed_for_other_ids_for_screens_and_for_the_dashboard(
    open_admin: OpenAdmin,
) -> None:
    other = await open_admin({"apps/shopish/admin.py": SCREEN})
    await fill_notes(other)
    await other.db.papers.insert_one({"_id": 1, "name": "x"})
    await other.db.buyers.insert_one({"name": "Ada"})
    for address in ("/admin/database/papers/", "/admin/shopish/buyers/"):
        assert "data-charts" not in await other.get(address)
    assert "Documents added" not in await other.get("/admin/")


async def test_a_declared_chart_may_go_by_the_time_of_the_ids(open_admin: OpenAdmin) -> None:
    screen = SCREEN.replace(
        'Number("Orders"),', 'Chart("New", by="_id", step="day", last=3), Number("Orders"),'
    )
    admin = await open_admin({"apps/shopish/admin.py": screen})
    await fill(admin)
    assert sum(map(int, read_tables(await admin.get(CHARTS))["New"].values())) == 60


async def test_who_wants_no_charts_above_a_list_hides_them_there_and_brings_them_back(shop: Admin) -> None:
    place = "/admin/shopish/orders/"
    page = await shop.get(f"{place}?sort=-_id")
    assert "data-charts" in page
    form = re.search(r'<form class="a-charts-hide".*?</form>', page, re.DOTALL)
    assert form
    token = re.search(r'name="csrf_token" value="([^"]*)"', form[0])
    assert token
    csrf = ("csrf_token", token[1])
    answer = await shop.post(f"{place}-/charts", [csrf, ("query", "sort=-_id"), ("do:", "hide")])
    assert answer.headers["Location"].endswith("?sort=-_id")
    assert "data-charts" not in await shop.get(place)
    # The choice is one for this list and this user; the columns' panel has the way back.
    panel = await shop.get(f"{place}-/columns")
    assert "Show the charts above the list again" in panel
    await shop.post(f"{place}-/charts", [csrf, ("query", ""), ("do:", "show")])
    assert "data-charts" in await shop.get(place)
    assert "Show the charts above the list again" not in await shop.get(f"{place}-/columns")


async def test_hiding_the_charts_wants_the_forms_token(shop: Admin) -> None:
    await shop.post("/admin/shopish/orders/-/charts", [("query", ""), ("do:", "hide")], 403)
    assert "data-charts" in await shop.get("/admin/shopish/orders/")


DAYS = """
from aiocms.admin import Chart, Number, Screen

class Visits(Screen):
    collection = "visits"
    columns = ("name", "day")
    charts = (
        Number("On average", average="size"),
        Chart("By day", by="day", step="day", until="newest", last=3),
        Chart("By month", by="day", step="month", until="newest", last=2),
    )
"""


async def test_a_chart_over_days_counts_the_days_that_the_column_shows(open_admin: OpenAdmin) -> None:
    admin = await open_admin({"apps/inn/admin.py": DAYS}, time_zone="America/New_York")
    first = datetime(2024, 5, 31, tzinfo=UTC)  # in New York still the 30th
    await admin.db.visits.insert_many(
        [{"name": f"v{i}", "day": first + timedelta(days=i // 2)} for i in range(4)]
    )
    page = await admin.get("/admin/inn/visits/-/charts")
    tables = read_tables(page)
    assert list(tables["By day"].values()) == ["0", "2", "2"]
    assert list(tables["By month"].values()) == ["2", "2"]
    for chart, name in (("By day", list(tables["By day"])[1]), ("By month", list(tables["By month"])[1])):
        listed = await admin.get(html.unescape(find_link(page, chart, name)))
        assert listed.count("<tr data-id=") == 2
        assert ("2024-05-31" if chart == "By day" else "2024-06-01") in re.sub("<[^>]*>", "|", listed)


async def test_there_is_no_average_of_nothing(open_admin: OpenAdmin) -> None:
    admin = await open_admin({"apps/inn/admin.py": DAYS})
    for documents in ([], [{"name": "One"}]):
        if documents:
            await admin.db.visits.insert_many(documents)
        page = await admin.get(f"/admin/inn/visits/-/charts?name.exists={'yes' if documents else 'no'}")
        assert read_numbers(page) == {"On average": "–"}
