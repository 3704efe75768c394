"""Charts, the dashboard, reports and live lists as people with browsers meet them."""

from __future__ import annotations

import importlib.resources
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from playwright.async_api import Page, expect

from tests.browser.desk import DESK, PHONE, Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCREENS = """
from aiocms.admin import Chart, Column, Filter, Number, Report, Screen

class Loans(Screen):
    collection = "desk_loans"
    label = "{title}"
    columns = ("title", "status", "lent")
    filters = (Filter("status"), "lent")
    order = ("title",)
    charts = (
        Number("Loans"),
        Number("Open", where={"status": "open"}),
        Chart("Loans a day", by="lent", step="day", last=7),
        Chart("By status", by="status"),
        Chart("Lent, as a line", by="lent", step="day", last=7, kind="line", dashboard=False),
    )

class Statuses(Report):
    collection = "desk_loans"
    pipeline = ({"$group": {"_id": "$status", "loans": {"$sum": 1}}},)
    columns = (Column("_id", label="Status"), "loans")
    order = ("-loans",)
    drill = {"_id": "status"}
"""
SITE = {
    "apps/desk/app.py": 'from aiocms import App\n\napp = App(title="Desk")\n',
    "apps/desk/admin.py": SCREENS,
}
SETTINGS: dict[str, Any] = {"title": "Reading room", "languages": ["en", "ru", "ar"]}
USERS = {"eva": {"superuser": True}}
LOANS = "/admin/desk/loans/"
AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def fill(db: Any) -> None:
    now = datetime.now(UTC)
    await db.desk_loans.delete_many({})
    await db.admin_changes.delete_many({})
    await db.desk_loans.insert_many(
        [
            {
                "_id": f"loan{number:02}",
                "title": f"Loan {number:02}",
                "status": ("open", "open", "late")[number % 3],
                "lent": now - timedelta(days=number % 4),
            }
            for number in range(30)
        ]
    )


async def wait_for_stream(page: Page) -> None:
    """Until the page is told of changes."""
    await expect(page.locator("[data-live]")).to_have_attribute("data-state", "open", timeout=15_000)


def row(page: Page, number: int) -> Any:
    return page.locator(f'.a-list tbody tr:has(.a-label:has-text("Loan {number:02}"))')


async def test_charts_stand_above_the_list_and_a_bar_leads_to_its_documents(desk: Desk) -> None:
    page = await desk.open(LOANS)
    figures = page.locator("[data-figures]")
    await expect(figures.locator(".a-number b").first).to_have_text("30")
    chart = figures.locator("figure", has_text="By status")
    await expect(chart.locator("svg[role=img] .a-chart-bar")).to_have_count(2)
    await expect(chart.get_by_role("img", name="By status")).to_be_visible()
    await chart.locator(".a-chart-hits a").nth(1).click()
    await expect(page.locator(".a-total")).to_have_text("10")
    assert "status=late" in page.url
    await expect(page.locator("[data-figures] .a-number b").first).to_have_text("10")


async def test_a_charts_table_has_its_numbers_by_keyboard(desk: Desk) -> None:
    page = await desk.open(LOANS)
    chart = page.locator("figure", has_text="Loans a day")
    await chart.locator("summary").focus()
    await page.keyboard.press("Enter")
    await expect(chart.locator("tbody tr")).to_have_count(7)
    link = chart.locator("tbody a").last
    count = await chart.locator("tbody .a-num").last.inner_text()
    await link.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".a-total")).to_have_text(count)


async def test_charts_follow_the_filter_of_the_list(desk: Desk) -> None:
    page = await desk.open(LOANS)
    number = page.locator("[data-figures] .a-number b").first
    await expect(number).to_have_text("30")
    await page.fill("[data-list-search]", "Loan 0")
    await page.keyboard.press("Enter")
    await expect(page.locator(".a-total")).to_have_text("10")
    await expect(number).to_have_text("10")


async def test_closed_charts_stay_closed_and_are_not_fetched(desk: Desk) -> None:
    page = await desk.open(LOANS)
    await expect(page.locator("[data-figures]")).to_be_visible()
    await page.locator("[data-charts] > summary").click()
    fetched: list[str] = []
    page.on("request", lambda one: fetched.append(one.url) if "/-/charts" in one.url else None)
    await page.reload()
    await expect(page.locator(".a-total")).to_have_text("30")
    await expect(page.locator("[data-charts]")).not_to_have_attribute("open", "")
    assert fetched == []
    await page.locator("[data-charts] > summary").click()
    await expect(page.locator("[data-figures]")).to_be_visible()
    await page.reload()
    await expect(page.locator("[data-figures]")).to_be_visible()


async def test_a_collection_without_a_screen_counts_by_month_only_when_it_is_opened(desk: Desk) -> None:
    await desk.db.desk_notes.delete_many({})
    march = datetime(2021, 3, 5, tzinfo=UTC)
    ids = [ObjectId(ObjectId.from_datetime(march).binary[:4] + number.to_bytes(8)) for number in range(3)]
    await desk.db.desk_notes.insert_many([{"_id": one, "text": "A note"} for one in ids])
    page = await desk.open("/account")
    fetched: list[str] = []
    page.on("request", lambda one: fetched.append(one.url) if "/-/charts" in one.url else None)
    await page.goto(desk.url("/admin/database/desk_notes/"))
    panel = page.locator("[data-charts]")
    await expect(panel).not_to_have_attribute("open", "")
    assert fetched == []
    await panel.locator("> summary").click()
    await expect(panel.locator("figure")).to_contain_text("Most: March 2021, 3")
    # It stays open, as it was left, for this list alone.
    await page.reload()
    await expect(panel.locator("figure")).to_be_visible()
    await panel.locator("a[href*='_id.between']").last.evaluate("link => link.click()")
    await expect(page.locator(".a-list tbody tr")).to_have_count(3)
    await expect(page.locator(".a-chip")).to_contain_text("between")
    await panel.locator("> summary").click()
    await page.goto(desk.url(LOANS))
    await expect(panel).to_have_attribute("open", "")


async def test_without_script_charts_are_a_page_of_their_own(desk: Desk) -> None:
    page = await desk.open(f"{LOANS}?status=late", java_script_enabled=False)
    await page.get_by_role("link", name="Show the charts").click()
    await expect(page.locator(".a-number b").first).to_have_text("10")
    await page.get_by_role("link", name="List", exact=True).click()
    await expect(page.locator(".a-total")).to_have_text("10")


async def test_the_dashboard_shows_the_charts_that_are_meant_for_it(desk: Desk) -> None:
    page = await desk.open("/admin/")
    await expect(page.locator(".a-dash-charts figure")).to_have_count(2)
    await expect(page.locator(".a-dash-charts .a-number b").first).to_have_text("30")
    await page.locator(".a-dash-reports a", has_text="Statuses").click()
    await expect(page.locator(".a-report tbody tr")).to_have_count(2)


async def test_a_report_is_sorted_and_drilled_into(desk: Desk) -> None:
    page = await desk.open("/admin/-/reports/desk/statuses/")
    first = page.locator(".a-report tbody tr").first
    await expect(first).to_contain_text("open")
    await page.locator("thead a", has_text="Loans").click()
    await expect(first).to_contain_text("late")
    await first.get_by_role("link").click()
    await expect(page.locator(".a-total")).to_have_text("10")


async def test_a_pipeline_is_written_in_the_browser(desk: Desk) -> None:
    page = await desk.open("/admin/-/pipelines/new?collection=desk_loans")
    await page.fill("[name=name]", "Late ones")
    await page.fill("[name=text]", '[\n  {"$match": {"status": "late"}},\n  {"$out": "x"}\n]')
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_role("alert")).to_contain_text("Line 3")
    await page.fill("[name=text]", '[\n  {"$match": {"status": "late"}}\n]')
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator("pre")).to_contain_text("Loan 02")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("h1")).to_have_text("Late ones")
    await expect(page.locator(".a-total")).to_have_text("10")


async def test_changes_of_others_are_marked_new_ones_offered_and_deleted_ones_struck(desk: Desk) -> None:
    page = await desk.open(LOANS)
    await wait_for_stream(page)
    await desk.db.desk_loans.update_one({"_id": "loan03"}, {"$set": {"status": "late"}})
    await expect(row(page, 3)).to_have_class(re.compile("is-live-changed"))
    await desk.db.desk_loans.delete_one({"_id": "loan04"})
    await expect(row(page, 4)).to_have_class(re.compile("is-live-gone"))
    await expect(row(page, 4)).to_contain_text("deleted")
    await desk.db.desk_loans.insert_one({"_id": "loan99", "title": "Loan 005", "status": "open"})
    pill = page.locator("[data-live-pill]")
    await expect(pill).to_have_text("1 new")
    await expect(page.locator("[data-live-said]")).to_contain_text("New rows: 1")
    await pill.click()
    await expect(page.locator(".a-list tbody")).to_contain_text("Loan 005")
    await expect(pill).to_be_hidden()
    await expect(page.locator(".is-live-gone")).to_have_count(0)


COVERED = """pill => {
  const at = pill.getBoundingClientRect();
  const controls = [...document.querySelectorAll("a, button, input, select, label, summary, [tabindex='0']:not(.a-scroll)")];
  return controls.filter((one) => {
    const box = one.getBoundingClientRect();
    return one !== pill && one.checkVisibility() && box.width && box.left < at.right && box.right > at.left && box.top < at.bottom && box.bottom > at.top;
  }).map((one) => one.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("query", ["", "?status=open"], ids=["plain", "filtered"])
async def test_the_offer_of_new_rows_covers_no_control(desk: Desk, size: Any, query: str) -> None:
    page = await desk.open(LOANS + query, viewport=size)
    await wait_for_stream(page)
    await desk.db.desk_loans.insert_one({"_id": "loan99", "title": "Loan 005", "status": "open"})
    pill = page.locator(".a-toolbar > [data-live-pill]")
    await expect(pill).to_have_text("1 new")
    assert await pill.evaluate(COVERED) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    await pill.click()
    await expect(page.locator(".a-list tbody")).to_contain_text("Loan 005")
    await expect(page.locator("[data-live-pill]")).to_be_hidden()
    # The tools were exchanged with the list: the next offer stands between the new ones.
    await desk.db.desk_loans.insert_one({"_id": "loan98", "title": "Loan 004b", "status": "open"})
    await expect(pill).to_have_text("1 new")


async def test_the_offer_is_seen_over_the_rows_while_the_tools_are_out_of_sight(desk: Desk) -> None:
    page = await desk.open(LOANS, viewport=PHONE)
    await wait_for_stream(page)
    await page.locator(".a-list tbody tr").last.scroll_into_view_if_needed()
    await expect(page.locator(".a-toolbar")).not_to_be_in_viewport()
    await desk.db.desk_loans.insert_one({"_id": "loan99", "title": "Loan 005", "status": "open"})
    await expect(page.locator(".a-live-bar > [data-live-pill]")).to_be_in_viewport()
    await page.locator(".a-toolbar").scroll_into_view_if_needed()
    await expect(page.locator(".a-toolbar > [data-live-pill]")).to_be_in_viewport()


async def test_two_people_see_each_others_changes_and_not_their_own_as_others(desk: Desk) -> None:
    mine = await desk.open(LOANS)
    hers = await desk.open(LOANS, user="eva")
    await wait_for_stream(mine)
    await wait_for_stream(hers)
    edit = await desk.open(LOANS, user="eva")
    await edit.get_by_role("link", name="Loan 05").click()
    await edit.get_by_label("Title", exact=True).first.fill("Loan 05 of Eva")
    await edit.get_by_role("button", name="Save", exact=True).click()
    await expect(row(mine, 5)).to_have_class(re.compile("is-live-changed"))
    await expect(row(mine, 5)).to_contain_text("changed by eva")
    # Hers is told of a later change by somebody else, and by then would have been told of her own.
    await desk.db.desk_loans.update_one({"_id": "loan06"}, {"$set": {"status": "late"}})
    await expect(row(hers, 6)).to_have_class(re.compile("is-live-changed"))
    await expect(row(hers, 5)).not_to_have_class(re.compile("is-live-changed"))


SPY = """
const Real = EventSource;
window.sources = [];
window.EventSource = class extends Real { constructor(url) { super(url); window.sources.push(this); } };
"""


async def test_the_stream_is_open_only_while_the_page_is_seen(desk: Desk) -> None:
    page = await desk.open("/account")
    await page.add_init_script(SPY)
    await page.goto(desk.url(LOANS))
    await wait_for_stream(page)
    hidden = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    event = "document.dispatchEvent(new Event('visibilitychange'))"
    await page.evaluate(hidden % "true" + event)
    assert await page.evaluate("window.sources.map(one => one.readyState)") == [2]
    await desk.db.desk_loans.delete_one({"_id": "loan02"})
    await page.evaluate(hidden % "false" + event)
    # What happened meanwhile is told when it is seen again.
    await expect(row(page, 2)).to_have_class(re.compile("is-live-gone"))
    assert await page.evaluate("window.sources.map(one => one.readyState)") == [2, 1]


async def test_less_motion_means_no_glow(desk: Desk) -> None:
    page = await desk.open(LOANS, reduced_motion="reduce")
    await wait_for_stream(page)
    await desk.db.desk_loans.update_one({"_id": "loan07"}, {"$set": {"status": "late"}})
    await expect(row(page, 7)).to_have_class(re.compile("is-live-changed"))
    name = await row(page, 7).locator("td").last.evaluate("cell => getComputedStyle(cell).animationName")
    assert name == "none"


PAGES = ("/admin/", LOANS, f"{LOANS}-/charts", "/admin/-/reports/desk/statuses/", "/admin/-/pipelines/new")


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["wide", "narrow"])
async def test_charts_and_reports_are_open_to_all_and_fit(
    desk: Desk, scheme: str, size: dict[str, int]
) -> None:
    faces = {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce", "bypass_csp": True}
    for address in PAGES:
        page = await desk.open(address, **faces)
        if "reports" not in address and "pipelines" not in address:
            if size is PHONE and address == LOANS:  # shut there until they are asked for
                await page.locator("[data-charts] > summary").click()
            await expect(page.locator("[data-figures]").first).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
        await page.evaluate(AXE)
        found = await page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
        assert [
            (one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]
        ] == [], address


async def test_on_a_phone_charts_wait_until_they_are_opened_and_are_open_from_then_on(desk: Desk) -> None:
    page = await desk.open("/account", viewport=PHONE)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/-/charts" in one.url else None)
    await page.goto(desk.url(LOANS))
    charts = page.locator("details.a-charts")
    await expect(charts).to_have_js_property("open", False)
    await expect(page.locator(".a-list tbody tr").first).to_be_visible()
    assert asked == []
    await charts.locator("summary").click()
    await expect(page.locator("[data-figures]")).to_be_visible()
    await page.goto(desk.url(LOANS))
    await expect(page.locator("[data-figures]")).to_be_visible()
    await page.locator("details.a-charts > summary").click()
    await page.goto(desk.url(LOANS))
    await expect(charts).to_have_js_property("open", False)


async def test_a_right_to_left_page_has_mirrored_charts(desk: Desk) -> None:
    page = await desk.open("/account", viewport={"width": 1200, "height": 800})
    await page.context.add_cookies([{"name": "language", "value": "ar", "url": desk.url("/")}])
    await page.goto(desk.url(f"{LOANS}-/charts"))
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    chart = page.locator("figure", has_text="By status")
    drawing = await chart.locator("svg[role=img]").bounding_box()
    short = await chart.locator(".a-chart-bar").nth(1).bounding_box()
    assert drawing and short
    assert abs(drawing["x"] + drawing["width"] - short["x"] - short["width"]) < 2
