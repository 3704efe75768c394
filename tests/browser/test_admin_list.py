"""Lists of the admin as a person with a browser meets them."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.library import BOOK, BOOKS, SETTINGS, SITE, fill

__all__ = ("SETTINGS", "SITE", "fill")
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def read_titles(page: Page) -> list[str]:
    return await page.locator(".a-list tbody .a-label").all_inner_texts()


async def test_the_dashboard_leads_to_a_list_and_the_list_to_a_document(desk: Desk) -> None:
    page = await desk.open("/admin/")
    tile = page.locator(".a-tile", has_text="Books")
    await expect(tile.locator(".a-num")).to_have_text("120")
    await tile.get_by_role("link", name="Books", exact=True).click()
    await page.get_by_role("link", name="Book 001").click()
    await expect(page).to_have_url(desk.url(BOOK))
    await expect(page.locator("h1")).to_have_text("Book 001")


async def test_the_search_narrows_the_list_and_stands_in_the_address(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.keyboard.press("/")
    await page.keyboard.type("Book 01")
    await page.keyboard.press("Enter")
    await expect(page.locator(".a-total")).to_have_text("10")
    assert await read_titles(page) == [f"Book 01{at}" for at in range(10)]
    assert "q=Book" in page.url


async def test_a_filter_is_added_by_its_form_shown_in_words_and_taken_off(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.get_by_role("link", name="Filter", exact=True).click()
    await page.select_option("[name='path:0']", "year")
    await page.select_option("[name='op:0']", "gte")
    await page.fill("[name='v:0']", "2018")
    await page.keyboard.press("Enter")
    await expect(page.locator(".a-chip")).to_contain_text("Year")
    assert await read_titles(page) == ["Book 118", "Book 119", "Book 120"]
    assert "year.gte=2018" in page.url
    await page.locator(".a-chip a").click()
    await expect(page.locator(".a-total")).to_have_text("120")


async def test_a_filter_that_is_no_value_of_its_field_is_told_and_nothing_is_lost(desk: Desk) -> None:
    page = await desk.open(f"{BOOKS}?year.gte=soon&status=in")
    await expect(page.locator(".a-problem")).to_contain_text("year.gte=soon")
    await page.get_by_role("link", name="Remove all filters").click()
    await expect(page.locator(".a-total")).to_have_text("120")


async def test_heads_sort_and_turn_round_and_say_so(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    head = page.locator("th", has_text="Status")
    await head.locator("a").click()
    await expect(head).to_have_attribute("aria-sort", "ascending")
    await expect(page.locator(".a-sort")).to_contain_text("Status")
    await head.locator("a").click()
    await expect(head).to_have_attribute("aria-sort", "descending")
    first = page.locator(".a-list tbody tr").first
    await expect(first).to_contain_text("out")
    await page.locator("th", has_text="Year").locator("a").click(modifiers=["Shift"])
    await expect(page.locator("th[aria-sort]")).to_have_count(2)


async def test_pages_forward_back_last_and_first_show_every_row_once(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    pager = page.locator(".a-pager")
    seen = await read_titles(page)
    while await pager.get_by_role("link", name="Next page").count():
        shown = page.locator(".a-list tbody .a-label").first
        before = await shown.inner_text()
        await pager.get_by_role("link", name="Next page").click()
        await expect(shown).not_to_have_text(before)
        seen += await read_titles(page)
    assert seen == [f"Book {number:03}" for number in range(1, 121)]
    await pager.get_by_role("link", name="Previous page").click()
    await expect(page.locator(".a-list tbody .a-label").first).to_have_text("Book 051")
    await pager.get_by_role("link", name="First page").click()
    await expect(page.locator(".a-list tbody .a-label").first).to_have_text("Book 001")
    await pager.get_by_role("link", name="Last page").click()
    await expect(page.locator(".a-list tbody .a-label").last).to_have_text("Book 120")


async def test_the_browsers_back_button_brings_the_former_list_back(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.locator(".a-pager").get_by_role("link", name="Next page").click()
    await expect(page.locator(".a-list tbody .a-label").first).to_have_text("Book 051")
    await page.go_back()
    await expect(page.locator(".a-list tbody .a-label").first).to_have_text("Book 001")
    await expect(page).to_have_url(desk.url(BOOKS))


async def test_columns_are_chosen_and_stand_in_the_address(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.get_by_role("link", name="Columns").click()
    panel = page.get_by_role("dialog", name="Columns")
    await panel.locator("[name=col][value=status]").uncheck()
    await panel.locator("[name=col][value=weight]").check()
    await panel.get_by_role("button", name="Only this time").click()
    heads = page.locator(".a-list thead th")
    await expect(heads.filter(has_text="Weight")).to_have_count(1)
    await expect(heads.filter(has_text="Status")).to_have_count(0)
    await expect(page.locator(".a-list tbody tr").first).to_contain_text("1.50")
    assert "cols=" in page.url


async def test_a_word_out_of_few_is_a_pill_and_a_label_is_said_once(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await expect(page.locator(".a-list tbody tr").first.locator(".a-pill")).to_have_text("out")
    assert (await page.locator(".a-list thead th").all_inner_texts())[1:3] == ["Title", "Year"]


async def test_one_document_is_told_in_the_singular(desk: Desk) -> None:
    await desk.db.library_books.delete_many({"year": {"$gt": 1901}})
    page = await desk.open(BOOKS)
    await expect(page.locator(".a-line span").first).to_have_text("1 document")


async def test_a_collection_without_a_name_field_is_listed_by_the_text_that_tells_its_documents_apart(
    desk: Desk,
) -> None:
    page = await desk.open("/admin/database/papers/")
    assert await read_titles(page) == [f"The paper of day {at}" for at in (3, 2, 1)]


async def test_an_action_asks_first_and_touches_only_what_is_ticked(desk: Desk) -> None:
    page = await desk.open(f"{BOOKS}?status=in")
    await page.get_by_label("Book 003").check()
    await page.get_by_label("Book 006").check()
    await expect(page.locator("[data-ticked-count]")).to_have_text("2 ticked")
    await page.get_by_role("button", name="Mark as lost").click()
    await expect(page.locator("h2")).to_have_text("Mark these books as lost?")
    assert await desk.db.library_books.count_documents({"status": "lost"}) == 40
    await page.get_by_role("button", name="Mark as lost").click()
    await expect(page.locator(".a-toast")).to_contain_text("2 lost")
    assert await desk.db.library_books.count_documents({"status": "lost"}) == 42
    assert "status=in" in page.url
    await expect(page.locator(".a-total")).to_have_text("38")


async def test_an_action_on_all_that_match_leaves_the_rest_alone(desk: Desk) -> None:
    page = await desk.open(f"{BOOKS}?year.lte=1960&status=in")
    await page.get_by_label("Book 003").check()
    await page.get_by_label("all that match").check()
    await page.get_by_role("button", name="Mark as lost").click()
    await page.get_by_role("button", name="Mark as lost").click()
    await expect(page.locator(".a-toast")).to_contain_text("20 lost")
    assert await desk.db.library_books.count_documents({"status": "in"}) == 20


async def test_saving_leads_back_to_the_list_as_it_was(desk: Desk) -> None:
    page = await desk.open(f"{BOOKS}?status=in&sort=-year")
    await page.get_by_role("link", name="Book 117").click()
    await page.get_by_label("Year", exact=True).fill("1800")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page).to_have_url(desk.url(f"{BOOKS}?status=in&sort=-year"))
    await expect(page.locator(".a-toast")).to_contain_text("Saved.")


async def test_rows_are_walked_and_ticked_by_keys(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await expect(page.get_by_label("Book 002")).to_be_checked()
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Book 002")


@pytest.mark.parametrize("density", ["comfortable", "compact"])
async def test_rows_are_of_whole_pixels_so_that_lines_meet(desk: Desk, density: str) -> None:
    page = await desk.open(BOOKS)
    await page.evaluate("density => { document.documentElement.dataset.density = density; }", density)
    heights = "rows => rows.map((row) => row.getBoundingClientRect().height)"
    found = set(await page.locator(".a-list tbody tr").evaluate_all(heights))
    assert found and all(height == round(height) for height in found)
