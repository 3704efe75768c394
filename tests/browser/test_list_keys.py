"""Lists by keyboard: rows, cells edited in place, the drawer, the palette."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.desk import PHONE, Desk
from tests.browser.library import BOOK, BOOKS, SETTINGS, SITE, fill, find_book
from tests.browser.test_axe import find_faults

__all__ = ("SETTINGS", "fill")
RULE = """    show_if = {"author.name": "title != 'Book 005' and status != 'gone'"}\n"""
SITE = {**SITE, "apps/library/admin.py": SITE["apps/library/admin.py"] + RULE}
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_cell_is_edited_in_place_and_its_row_is_shown_as_it_is_then(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    before = await find_book(desk.db, 2)
    row = page.locator("tbody tr", has_text="Book 002")
    await row.locator('td[data-edit="author.name"]').dblclick()
    box = page.get_by_role("dialog", name="Author")
    await expect(box.get_by_label("Author")).to_be_focused()
    await page.keyboard.type("Ana Nova")
    await page.keyboard.press("Enter")
    await expect(row).to_contain_text("Ana Nova")
    await expect(box).to_have_count(0)
    await expect(row.locator('td[data-edit="author.name"]')).to_be_focused()
    before["author"]["name"] = "Ana Nova"
    assert await find_book(desk.db, 2) == before
    # Undo, without leaving the list.
    await page.locator(".a-toast").get_by_role("button", name="Undo").click()
    await expect(row).to_contain_text("Author 2")
    await expect(page).to_have_url(desk.url(BOOKS))


async def test_a_cell_whose_condition_does_not_hold_is_not_offered_and_says_so_when_it_changed_meanwhile(
    desk: Desk,
) -> None:
    page = await desk.open(BOOKS)
    row = page.locator("tbody tr", has_text="Book 004")
    await expect(row.locator('td[data-edit="author.name"]')).to_have_count(1)
    other = page.locator("tbody tr", has_text="Book 005")
    await expect(other.locator('td[data-edit="status"]')).to_have_count(1)
    await expect(other.locator('td[data-edit="author.name"]')).to_have_count(0)
    await desk.db.library_books.update_one({"title": "Book 004"}, {"$set": {"status": "gone"}})
    await row.locator('td[data-edit="author.name"]').dblclick()
    box = page.get_by_role("dialog", name="Author")
    await expect(box).to_contain_text("the condition of this field does not hold")
    await expect(box.get_by_role("button", name="Save")).to_have_count(0)
    assert await find_faults(page) == []
    await page.keyboard.press("Escape")
    await expect(box).to_have_count(0)


async def test_what_was_typed_into_a_cell_stays_when_the_document_is_gone(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    row = page.locator("tbody tr", has_text="Book 002")
    await row.locator('td[data-edit="author.name"]').dblclick()
    box = page.get_by_role("dialog", name="Author")
    await expect(box.get_by_label("Author")).to_be_focused()
    await desk.db.library_books.delete_one({"title": "Book 002"})
    await page.keyboard.type("Ana Nova")
    await page.keyboard.press("Enter")
    await expect(box.get_by_role("alert")).to_contain_text("Somebody has deleted it meanwhile")
    await expect(box.get_by_label("Author")).to_have_value("Ana Nova")
    await page.keyboard.press("Escape")
    await expect(box).to_have_count(0)
    # The row that is gone says so in the drawer too, with the way back.
    await row.locator('td[data-edit="status"]').dblclick()
    drawer = page.get_by_role("dialog")
    await expect(drawer).to_contain_text("This document is not there")


async def test_keys_lead_from_cell_to_cell_and_open_and_leave_the_form(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.keyboard.press("j")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    box = page.locator(".a-cell-editor")
    await expect(box.locator("select")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    await expect(box).to_have_count(0)
    await expect(page.locator("tbody tr").nth(1).locator('td[data-edit="status"]')).to_be_focused()
    await expect(page.locator("tbody tr").nth(1)).to_contain_text("lost")


async def test_what_is_wrong_is_said_in_the_cell_and_nothing_typed_is_lost(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.locator("tbody tr", has_text="Book 003").locator('td[data-edit="year"]').dblclick()
    box = page.locator(".a-cell-editor")
    await box.locator("input[type=text]").fill("soon")
    await page.keyboard.press("Enter")
    await expect(box.locator(".a-error")).to_be_visible()
    await expect(box.locator("input[type=text]")).to_have_value("soon")
    await expect(box.locator("input[type=text]")).to_be_focused()
    await box.locator("input[type=text]").fill("1850")
    await page.keyboard.press("Enter")
    await expect(page.locator("tbody tr", has_text="Book 003")).to_contain_text("1850")


async def test_a_list_of_values_grows_and_a_conflict_is_settled_inside_the_cell(desk: Desk) -> None:
    page = await desk.open(f"{BOOKS}?cols=tags,status")
    row = page.locator("tbody tr", has_text="Book 004")
    await row.locator('td[data-edit="tags"]').dblclick()
    box = page.locator(".a-cell-editor")
    await box.get_by_role("button", name="Add an item").click()
    await expect(box.locator("input[type=text]")).to_have_count(3)
    await box.locator("input[type=text]").nth(2).fill("rare")
    await page.keyboard.press("Enter")
    await expect(row).to_contain_text("rare")
    await row.locator('td[data-edit="status"]').dblclick()
    await expect(box).to_be_visible()
    await desk.db.library_books.update_one({"title": "Book 004"}, {"$set": {"status": "theirs"}})
    await box.get_by_label("Status").select_option("in")
    await box.get_by_role("button", name="Save").last.click()
    await expect(box).to_contain_text("Somebody else changed this value")
    await expect(box).to_contain_text("theirs")
    await box.get_by_label("Yours").check()
    await box.get_by_role("button", name="Save").last.click()
    await expect(row.locator('td[data-edit="status"]')).to_have_text("in")
    assert (await find_book(desk.db, 4))["tags"] == ["old", "paper", "rare"]


async def test_a_row_is_read_in_the_drawer_and_back_closes_it(desk: Desk) -> None:
    page = await desk.open(f"{BOOKS}?status=in")
    await page.keyboard.press("j")
    await page.keyboard.press("o")
    drawer = page.locator("dialog.a-drawer")
    await expect(drawer).to_contain_text("Author 3")
    await expect(drawer.locator("#drawer-title")).to_have_text("Book 003")
    await page.go_back()
    await expect(drawer).to_be_hidden()
    await expect(page).to_have_url(desk.url(f"{BOOKS}?status=in"))
    await page.keyboard.press("j")
    await page.keyboard.press("Space")
    await expect(drawer.locator("#drawer-title")).to_have_text("Book 006")
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
    await expect(page.get_by_role("link", name="Book 006")).to_be_focused()
    # The same is a page.
    await page.goto(desk.url(f"{BOOK}/preview"))
    await expect(page.locator("main")).to_contain_text("1-Start")


async def test_a_value_is_edited_from_the_drawer_and_the_list_beneath_shows_it(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    row = page.locator("tbody tr", has_text="Book 005")
    await row.hover()
    await row.get_by_role("button", name="Preview").click()
    drawer = page.locator("dialog.a-drawer")
    await drawer.get_by_role("link", name="Edit Year").focus()
    await page.keyboard.press("Enter")
    await drawer.get_by_label("Year").fill("1234")
    await page.keyboard.press("Escape")
    await expect(drawer.get_by_role("alert")).to_contain_text("You have unsaved changes.")
    await drawer.get_by_role("button", name="Keep editing").click()
    await drawer.get_by_role("button", name="Save").last.click()
    await expect(row).to_contain_text("1234")
    await expect(drawer.locator(".a-preview")).to_contain_text("1234")
    await expect(drawer.locator("#drawer-title")).to_have_text("Book 005")


async def test_rows_are_ticked_in_ranges_and_edited_by_keys(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    for _ in range(3):
        await page.keyboard.press("j")
    await page.keyboard.press("Shift+X")
    await expect(page.locator("tbody .a-tick input:checked")).to_have_count(4)
    await page.keyboard.press("k")
    await page.keyboard.press("e")
    await expect(page.locator("h1")).to_have_text("Book 003")


async def test_keys_do_nothing_while_typing_and_can_be_switched_off(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.keyboard.press("/")
    await page.keyboard.type("jx?gk")
    await expect(page.locator("[data-list-search]")).to_have_value("jx?gk")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.locator("[data-list-search]").fill("")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    help = page.get_by_role("dialog", name="Keyboard")
    await expect(help).to_contain_text("Tick the row")
    await help.get_by_label("Keys of a single letter").uncheck()
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await page.keyboard.press("?")
    await expect(help).to_be_hidden()
    await expect(page.locator("tr.is-current")).to_have_count(0)
    await page.reload()
    await page.keyboard.press("j")
    await expect(page.locator("tr.is-current")).to_have_count(0)
    await page.keyboard.press("Control+k")
    await page.keyboard.type("keyboard")
    await page.get_by_role("option", name="Keyboard").click()
    await help.get_by_label("Keys of a single letter").check()
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await expect(page.locator("tr.is-current")).to_have_count(1)


async def test_the_palette_finds_by_keys_alone_and_says_so_to_screen_readers(desk: Desk) -> None:
    page = await desk.open("/admin/")
    await page.keyboard.press("Control+k")
    box = page.get_by_role("combobox")
    await expect(box).to_be_focused()
    await page.keyboard.type("book 117")
    option = page.get_by_role("option", name="Book 117")
    await expect(option).to_have_attribute("aria-selected", "true")
    assert await box.get_attribute("aria-activedescendant") == await option.get_attribute("id")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Book 117")
    await page.get_by_role("link", name="Go to…").first.click()
    await expect(page.get_by_role("option", name="Book 117")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog[open]")).to_have_count(0)


async def test_the_palette_runs_a_lists_action_on_what_is_ticked(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.keyboard.press("Control+k")
    await page.keyboard.type("mark as lost")
    await expect(page.get_by_role("option", name="Mark as lost")).to_have_attribute("aria-disabled", "true")
    await page.keyboard.press("Escape")
    await page.get_by_label("Book 003").check()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("mark as lost")
    await expect(page.get_by_role("option", name="Mark as lost")).to_contain_text("1 ticked")
    await page.keyboard.press("Enter")
    await expect(page.locator("h2")).to_have_text("Mark these books as lost?")


async def test_without_a_script_cells_and_palette_are_pages(desk: Desk) -> None:
    page = await desk.open(f"{BOOK}/preview", java_script_enabled=False)
    await page.get_by_role("link", name="Edit Year").click()
    await page.get_by_label("Year").fill("1666")
    await page.get_by_role("button", name="Save").last.click()
    await expect(page.locator(".a-toast")).to_contain_text("Saved.")
    assert (await find_book(desk.db))["year"] == 1666
    await page.locator("#nav").get_by_role("link", name="Go to…").click()
    await page.get_by_role("searchbox").fill("book 045")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Book 045").click()
    await expect(page.locator("h1")).to_have_text("Book 045")


async def test_on_a_phone_rows_have_a_preview_button_and_the_drawer_fills_the_window(desk: Desk) -> None:
    page = await desk.open(BOOKS, viewport=PHONE, has_touch=True, is_mobile=True)
    await page.locator("tbody tr", has_text="Book 002").get_by_role("button", name="Preview").tap()
    drawer = page.locator("dialog.a-drawer")
    await expect(drawer).to_contain_text("Author 2")
    # As soon as it has slid in.
    await page.wait_for_function(
        """() => {
            const box = document.querySelector("dialog.a-drawer").getBoundingClientRect();
            return Math.abs(box.width - innerWidth) < 1 && Math.abs(box.x) < 1;
        }"""
    )
    assert await page.evaluate("innerWidth") == PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_what_lies_over_a_list(desk: Desk, scheme: str) -> None:
    page = await desk.open(BOOKS, bypass_csp=True, color_scheme=scheme)
    await page.locator("tbody tr", has_text="Book 002").locator('td[data-edit="year"]').dblclick()
    await expect(page.locator(".a-cell-editor input[type=text]")).to_be_focused()
    assert await find_faults(page) == []
    await page.keyboard.press("Escape")
    await page.keyboard.press("o")
    await expect(page.locator("dialog.a-drawer .a-preview")).to_be_visible()
    assert await find_faults(page) == []
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    assert await find_faults(page) == []
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("option").first).to_be_visible()
    assert await find_faults(page) == []
