"""The tools of a list as a person meets them: filter builder, order, columns, views, jump and cost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.desk import PHONE, Desk
from tests.browser.library import BOOKS, SITE
from tests.browser.library import SETTINGS as LIBRARY
from tests.browser.library import fill as fill_library
from tests.browser.test_axe import find_faults

__all__ = ("SITE",)
pytestmark = pytest.mark.asyncio(loop_scope="module")


SETTINGS = {**LIBRARY, "admin_live": False}  # the documents are brought back while a list stands open


async def fill(db: Any) -> None:
    await fill_library(db)
    await db.admin_views.delete_many({})
    await db.admin_preferences.delete_many({})
    await db.wide.delete_many({})
    await db.wide.insert_one({"name": "One", **{f"measure_{number:02}": number for number in range(40)}})


async def read_titles(page: Page) -> list[str]:
    return await page.locator(".a-list tbody .a-label > a").all_inner_texts()


async def read_heads(page: Page) -> list[str]:
    return await page.locator(".a-list thead th[title]").all_inner_texts()


async def test_a_filter_of_groups_is_built_beside_its_button_without_leaving_the_list(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.evaluate("window.stayed = true")
    await page.get_by_role("link", name="Filter", exact=True).click()
    panel = page.get_by_role("dialog", name="Filter")
    await panel.locator("[name='path:0']").select_option("status")
    await expect(panel.locator("[name='op:0']")).to_be_focused()
    await panel.locator("[name='v:0']").select_option("in")
    await panel.get_by_role("button", name="Group", exact=True).click()
    await panel.locator("[name='path:1.0']").select_option("year")
    await panel.locator("[name='op:1.0']").select_option("lt")
    await panel.locator("[name='v:1.0']").fill("1905")
    await panel.locator("[name='path:1.1']").select_option("added")
    await panel.locator("[name='op:1.1']").select_option("between")
    await panel.get_by_label("From").fill("2024-01-28")
    await panel.get_by_label("To", exact=True).fill("2024-01-29")
    await panel.get_by_role("button", name="Apply").last.click()
    await expect(page.locator(".a-chip")).to_have_count(3)
    assert page.url == desk.url(f"{BOOKS}?status=in&or:year.lt=1905&or:added.between=2024-01-28..2024-01-29")
    assert await read_titles(page) == ["Book 003", "Book 027", "Book 111"]
    assert await page.evaluate("window.stayed")
    await expect(panel).to_have_count(0)


async def test_one_item_of_a_list_is_asked_for_in_a_group_of_its_own(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.get_by_role("link", name="Filter", exact=True).click()
    panel = page.get_by_role("dialog", name="Filter")
    await panel.get_by_role("button", name="One item of a list").click()
    await expect(panel.locator("[name='kind:1']")).to_have_value("one:chapters")
    await panel.locator("[name='path:1.0']").select_option(label="Title")
    await panel.locator("[name='op:1.0']").select_option("starts")
    await panel.locator("[name='v:1.0']").fill("7-")
    await panel.locator("[name='path:1.1']").select_option(label="Pages")
    await panel.locator("[name='v:1.1']").fill("12")
    await panel.get_by_role("button", name="Apply").last.click()
    await expect(page.locator(".a-chip")).to_have_text(
        "Chapters has one item: Title starts with 7- and Pages is 12"
    )
    assert page.url == desk.url(f"{BOOKS}?one:chapters:title.starts=7-&one:chapters:pages=12")
    assert await read_titles(page) == ["Book 007"]
    await page.locator(".a-chip a").click()
    await expect(page.locator(".a-chip")).to_have_count(0)


async def test_one_item_of_a_list_is_asked_for_without_script(desk: Desk) -> None:
    page = await desk.open(BOOKS, java_script_enabled=False)
    await page.get_by_role("link", name="Filter", exact=True).click()
    await page.get_by_role("button", name="One item of a list").click()
    await page.locator("[name='path:1.0']").select_option(label="Title")
    await page.get_by_role("button", name="Next").last.click()
    await page.locator("[name='op:1.0']").select_option("contains")
    await page.locator("[name='v:1.0']").fill("20-mid")
    await page.get_by_role("button", name="Apply").last.click()
    assert page.url == desk.url(f"{BOOKS}?one:chapters:title.contains=20-mid")
    assert await read_titles(page) == ["Book 020", "Book 120"]


async def test_a_wrong_value_stays_in_the_open_panel_with_its_reason(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.get_by_role("link", name="Filter", exact=True).click()
    panel = page.get_by_role("dialog", name="Filter")
    await panel.locator("[name='path:0']").select_option("_id")
    await panel.locator("[name='v:0']").fill("nonsense")
    await page.keyboard.press("Enter")
    await expect(panel.get_by_role("alert")).to_be_visible()
    await expect(panel.locator("[name='v:0']")).to_have_value("nonsense")
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(page.get_by_role("link", name="Filter", exact=True)).to_be_focused()


async def test_the_order_of_several_fields_is_chosen_and_turned_by_buttons(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.get_by_role("link", name="Sort", exact=True).click()
    panel = page.get_by_role("dialog", name="Sort")
    await panel.get_by_label("Field").last.select_option("status")
    await expect(panel.get_by_label("Field")).to_have_count(3)
    await panel.get_by_label("Direction").nth(1).select_option("down")
    await panel.get_by_role("button", name="Move up").nth(1).click()
    await panel.get_by_role("button", name="Apply").last.click()
    await expect(page.locator(".a-sort")).to_contain_text("Status")
    assert page.url == desk.url(f"{BOOKS}?sort=-status,year")
    assert (await read_titles(page))[:2] == ["Book 001", "Book 004"]


async def test_columns_are_dragged_into_an_order_that_stays(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    assert (await read_heads(page))[:2] == ["Year", "Status"]
    await page.get_by_role("link", name="Columns").click()
    panel = page.get_by_role("dialog", name="Columns")
    grips = panel.locator("[data-order-grip]")
    above = await grips.nth(0).bounding_box()
    below = await grips.nth(2).bounding_box()
    assert above and below
    await page.mouse.move(below["x"] + 4, below["y"] + 8)
    await page.mouse.down()
    await page.mouse.move(above["x"] + 4, above["y"] + 12, steps=4)
    await page.mouse.move(above["x"] + 4, above["y"] + 2)
    await page.mouse.up()
    await panel.get_by_role("button", name="Show these").last.click()
    await expect(page.locator(".a-list thead th[title]").first).to_have_text("Author")
    await page.goto(desk.url(BOOKS))
    assert (await read_heads(page))[:3] == ["Author", "Year", "Status"]
    await page.get_by_role("link", name="Columns").click()
    await panel.get_by_role("button", name="Back to default").click()
    await expect(page.locator(".a-list thead th[title]").first).to_have_text("Year")


async def test_a_column_among_forty_is_found_by_typing(desk: Desk) -> None:
    page = await desk.open("/admin/database/wide/")
    await page.get_by_role("link", name="Columns").click()
    panel = page.get_by_role("dialog", name="Columns")
    await expect(panel.get_by_placeholder("Find a column")).to_be_focused()
    await page.keyboard.type("measure 31")
    await expect(panel.locator("[data-find]:visible")).to_have_count(1)
    await page.keyboard.press("Enter")
    await panel.get_by_role("button", name="Show these").last.click()
    await expect(page.locator(".a-list thead")).to_contain_text("Measure 31")


async def test_a_view_is_saved_found_as_a_tab_changed_and_deleted(desk: Desk) -> None:
    page = await desk.open(f"{BOOKS}?status=in")
    await page.get_by_role("link", name="Save view").click()
    await page.get_by_label("Name of the new view").fill("On the shelf")
    await page.keyboard.press("Enter")
    tabs = page.get_by_role("navigation", name="Views")
    await expect(tabs.locator("[aria-current]")).to_have_text("On the shelf")
    await tabs.get_by_role("link", name="All").click()
    await expect(page.locator(".a-total")).to_have_text("120")
    await tabs.get_by_role("link", name="On the shelf").click()
    await expect(page.locator(".a-total")).to_have_text("40")
    await page.locator("th", has_text="Added").locator("a").click()
    await expect(tabs.locator("[aria-current]")).to_contain_text("Changed")
    await page.get_by_role("link", name="Edit view").click()
    await page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).last.click()
    await expect(page.locator(".a-changed")).to_have_count(0)
    await page.get_by_role("link", name="Edit view").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(tabs).to_have_count(0)


async def test_a_jump_by_the_form_at_the_foot_begins_the_page_there(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.locator("summary", has_text="Jump to").click()
    await page.get_by_label("Year").fill("1990")
    await page.get_by_role("button", name="Go").click()
    await expect(page.locator(".a-list tbody .a-label").first).to_have_text("Book 090")


async def test_the_missing_index_is_named_and_made_after_a_question(desk: Desk) -> None:
    page = await desk.open(f"{BOOKS}?status=in&sort=-added")
    await page.get_by_role("link", name="no index for the filter").click()
    panel = page.locator(".a-pop")
    await expect(panel.locator(".a-code-line")).to_have_text(
        'Index("library_books", [("status", 1), ("added", -1), ("_id", -1)])'
    )
    await panel.get_by_role("button", name="Create this index").click()
    await panel.get_by_role("button", name="Create the index").click()
    await expect(page.get_by_role("link", name="index status_1_added_-1__id_-1")).to_be_visible()
    await desk.db.library_books.drop_index("status_1_added_-1__id_-1")


async def test_panels_are_pages_on_a_phone_and_lead_back_to_the_list(desk: Desk) -> None:
    page = await desk.open(f"{BOOKS}?status=in", viewport=PHONE)
    await page.get_by_role("link", name="Filter", exact=False).first.click()
    await expect(page.locator("h1")).to_have_text("Filter")
    await page.locator("[name='v:0']").select_option("lost")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await page.get_by_role("button", name="Apply").last.click()
    await expect(page).to_have_url(desk.url(f"{BOOKS}?status=lost"))


async def test_every_panel_works_without_script(desk: Desk) -> None:
    page = await desk.open(BOOKS, java_script_enabled=False)
    await page.get_by_role("link", name="Sort", exact=True).click()
    await page.get_by_label("Field").last.select_option("status")
    await page.get_by_role("button", name="Apply").last.click()
    assert page.url == desk.url(f"{BOOKS}?sort=year,status")
    await page.get_by_role("link", name="Save view").click()
    await page.get_by_label("Name of the new view").fill("By status")
    await page.get_by_role("button", name="Save view").click()
    await expect(page.get_by_role("navigation", name="Views").locator("[aria-current]")).to_have_text(
        "By status"
    )
    await page.get_by_role("link", name="index").click()
    await expect(page.locator("h1")).to_have_text("Cost of this list")
    await page.get_by_role("link", name="Close").click()
    await page.get_by_role("link", name="Columns").click()
    await page.get_by_role("button", name="Move Status up").click()
    await page.get_by_role("button", name="Show these").last.click()
    assert (await read_heads(page))[:2] == ["Status", "Year"]


@pytest.mark.parametrize("panel", ["filter", "sort", "columns", "view", "cost"])
async def test_axe_finds_nothing_in_a_panel(desk: Desk, panel: str) -> None:
    page = await desk.open(f"{BOOKS}-/{panel}?status=in&added.between=2024-01-01..2024-02-01&sort=-added")
    assert await find_faults(page) == []


async def test_axe_finds_nothing_in_a_group_about_one_item(desk: Desk) -> None:
    page = await desk.open(
        f"{BOOKS}-/filter?one:chapters:pages=12&one:chapters:title.starts=7", viewport=PHONE
    )
    await expect(page.locator("[name='kind:0']")).to_have_value("one:chapters")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert await find_faults(page) == []
