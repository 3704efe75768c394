"""One list and one edit page with JavaScript off: everything that they do is done by links and forms."""

from __future__ import annotations

import pytest
from bson import Int64
from playwright.async_api import Page, expect

from tests.browser.desk import DESK, PHONE, Desk
from tests.browser.library import BOOK, BOOKS, SETTINGS, SITE, fill, find_book, make_book

__all__ = ("SETTINGS", "SITE", "fill")
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def open_plain(desk: Desk, path: str) -> Page:
    return await desk.open(path, java_script_enabled=False)


async def test_a_list_is_searched_filtered_sorted_and_paged(desk: Desk) -> None:
    page = await open_plain(desk, BOOKS)
    await page.locator("[data-list-search]").fill("Book 0")
    await page.keyboard.press("Enter")
    await expect(page.locator(".a-total")).to_have_text("99")
    await page.get_by_role("link", name="Filter", exact=True).click()
    await page.select_option("[name='path:0']", "status")
    await page.get_by_role("button", name="Next").click()
    await page.select_option("[name='op:0']", "in")
    await page.get_by_role("button", name="Fit the inputs").click()
    await page.get_by_label("in", exact=True).check()
    await page.get_by_label("lost", exact=True).check()
    await page.get_by_role("button", name="Apply").last.click()
    await expect(page.locator(".a-total")).to_have_text("66")
    await page.locator("th", has_text="Year").locator("a").click()
    await expect(page.locator(".a-list tbody .a-label > a").first).to_have_text("Book 099")
    await page.get_by_role("link", name="Next page").click()
    await expect(page.locator(".a-list tbody tr")).to_have_count(16)
    await page.get_by_role("link", name="First page").click()
    await expect(page.locator(".a-list tbody tr")).to_have_count(50)
    assert "q=Book" in page.url and "status.in=" in page.url and "sort=-year" in page.url


async def test_a_row_leads_to_the_page_that_shows_its_document_and_back(desk: Desk) -> None:
    for viewport in (DESK, PHONE):
        page = await desk.open(f"{BOOKS}?status=in", java_script_enabled=False, viewport=viewport)
        row = page.locator(".a-list tbody tr", has_text="Book 006")
        await row.get_by_role("link", name="Preview").click()
        await expect(page.locator("h1")).to_have_text("Book 006")
        await expect(page.locator(".a-preview")).to_contain_text("6-Middle")
        await page.get_by_role("link", name="Books").last.click()
        await expect(page).to_have_url(desk.url(f"{BOOKS}?status=in"))


async def test_a_row_has_no_second_link_where_a_script_runs(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    links = page.locator(".a-list tbody tr").first.locator("a")
    await expect(links).to_have_count(1)
    await page.locator("th", has_text="Status").locator("a").click()  # rows that are put in later
    await expect(page).to_have_url(desk.url(f"{BOOKS}?sort=status"))
    await expect(page.locator(".a-list tbody tr").first.locator("a")).to_have_count(1)


async def test_columns_and_page_size_are_chosen(desk: Desk) -> None:
    page = await open_plain(desk, BOOKS)
    await page.get_by_role("link", name="Columns").click()
    await page.locator("[name=col][value=weight]").check()
    await page.get_by_role("button", name="Show these").last.click()
    await expect(page.locator(".a-list thead")).to_contain_text("Weight")
    await page.locator("summary", has_text="a page").click()
    await page.get_by_role("button", name="100", exact=True).click()
    await expect(page.locator(".a-list tbody tr")).to_have_count(100)


async def test_an_action_is_asked_for_and_done(desk: Desk) -> None:
    page = await open_plain(desk, f"{BOOKS}?status=in")
    await page.get_by_label("Book 003").check()
    await page.get_by_role("button", name="Mark as lost").click()
    await page.get_by_role("button", name="Mark as lost").click()
    await expect(page.locator(".a-toast")).to_contain_text("1 lost")
    assert (await find_book(desk.db, 3))["status"] == "lost"


async def test_a_nested_list_is_changed_step_by_step_and_saved_at_the_end(desk: Desk) -> None:
    page = await open_plain(desk, BOOK)
    chapters = page.locator("#chapters > [data-items] > li")
    await page.locator("#title").fill("Typed before")
    await chapters.nth(2).get_by_role("button", name="Move up").click()
    await chapters.nth(0).get_by_role("button", name="Duplicate").click()
    await chapters.nth(3).get_by_role("button", name="Remove").last.click()
    assert await find_book(desk.db) == make_book(1)
    await expect(page.locator("#title")).to_have_value("Typed before")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator(".a-toast")).to_contain_text("Saved.")
    start, _, end = make_book(1)["chapters"]
    assert await find_book(desk.db) == {
        **make_book(1),
        "title": "Typed before",
        "chapters": [start, start, end],
    }


async def test_enter_in_a_field_saves_and_never_presses_another_button(desk: Desk) -> None:
    page = await open_plain(desk, BOOK)
    await page.locator("#title").fill("By enter")
    await page.locator("#title").press("Enter")
    await expect(page.locator(".a-toast")).to_contain_text("Saved.")
    assert await find_book(desk.db) == {**make_book(1), "title": "By enter"}


async def test_a_field_is_added_with_a_key_and_a_type(desk: Desk) -> None:
    page = await open_plain(desk, BOOK)
    await page.locator("#author").get_by_role("button", name="Add a field").click()
    await page.get_by_label("Key", exact=True).fill("prizes")
    await page.locator("#author").get_by_label("Type of").select_option("int64")
    await page.locator("#author .a-field input.form-control:not(.a-key)").last.fill("7")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator(".a-toast")).to_contain_text("Saved.")
    assert (await find_book(desk.db))["author"] == {**make_book(1)["author"], "prizes": 7}
    assert type((await find_book(desk.db))["author"]["prizes"]) is Int64


async def test_a_document_is_deleted_and_brought_back(desk: Desk) -> None:
    page = await open_plain(desk, BOOK)
    await page.get_by_role("link", name="Delete").click()
    await page.get_by_role("button", name="Delete").click()
    assert await find_book(desk.db) is None
    await page.locator(".a-toast").get_by_role("button", name="Undo").click()
    assert await find_book(desk.db) == make_book(1)


async def test_extended_json_is_saved(desk: Desk) -> None:
    page = await open_plain(desk, BOOK)
    await page.get_by_role("button", name="Extended JSON").click()
    text = await page.locator("#json").input_value()
    await page.locator("#json").fill(text.replace('"Book 001"', '"From JSON"'))
    await page.get_by_role("button", name="Save", exact=True).click()
    assert await find_book(desk.db) == {**make_book(1), "title": "From JSON"}


async def test_a_menu_opens_on_a_phone(desk: Desk) -> None:
    page = await desk.open(BOOKS, java_script_enabled=False, viewport=PHONE)
    await page.locator("summary", has_text="a page").click()
    await page.locator("details[open]").get_by_role("button", name="20", exact=True).click()
    await expect(page.locator(".a-list tbody tr")).to_have_count(20)
