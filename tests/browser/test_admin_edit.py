"""Creating and editing documents as a person with a browser does it; what is stored is compared whole."""

from __future__ import annotations

from typing import Any

import pytest
from bson import Int64, ObjectId
from playwright.async_api import Dialog, Locator, Page, expect

from tests.browser.desk import Desk
from tests.browser.library import BOOK, BOOKS, SETTINGS, SITE, fill, find_book, make_book

__all__ = ("SETTINGS", "SITE", "fill")
USERS: dict[str, dict[str, Any]] = {"ann": {"superuser": True}}
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def save(page: Page) -> None:
    async with page.expect_event("load"):
        await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator(".a-toast.is-good")).to_be_visible()


async def undo(page: Page) -> None:
    """Press the button of the message; when the site answers, the change is taken back."""
    async with page.expect_response(lambda answer: "/admin/undo/" in answer.url):
        await page.locator(".a-toast").get_by_role("button", name="Undo").click()


def get_chapter(page: Page, place: int) -> Locator:
    return page.locator("#chapters > [data-items] > li").nth(place)


async def test_a_document_is_created_with_the_types_of_the_others(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await page.get_by_role("link", name="New", exact=True).click()
    await page.locator("#title").fill("A new book")
    await page.get_by_label("Year", exact=True).fill("2024")
    await page.locator("#author").get_by_role("button", name="Add a field").click()
    await page.get_by_label("Key", exact=True).fill("name")
    await page.locator("#author .a-field input[type=text]").last.fill("Nobody")
    await page.get_by_role("button", name="Add an item").first.click()
    await save(page)
    stored = await desk.db.library_books.find_one({"title": "A new book"})
    assert isinstance(stored.pop("_id"), ObjectId)
    assert type(stored["year"]) is int
    assert stored["author"] == {"name": "Nobody"}
    assert "weight" not in stored


async def test_one_changed_field_is_all_that_changes(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await page.get_by_label("Year", exact=True).fill("1955")
    await save(page)
    assert await find_book(desk.db) == {**make_book(1), "year": 1955}


async def test_items_of_a_nested_list_are_added_removed_moved_and_duplicated(desk: Desk) -> None:
    page = await desk.open(BOOK)
    before = make_book(1)["chapters"]
    await get_chapter(page, 2).get_by_role("button", name="Move up").click()
    await expect(get_chapter(page, 1)).to_contain_text("1-End")
    await get_chapter(page, 0).get_by_role("button", name="Duplicate").click()
    await expect(page.locator("#chapters > [data-items] > li")).to_have_count(4)
    await get_chapter(page, 1).get_by_label("Title", exact=True).fill("1-Start again")
    await get_chapter(page, 3).get_by_role("button", name="Remove").last.click()
    await expect(get_chapter(page, 3)).to_contain_text("is removed when you save")
    await page.locator("#chapters > .a-list-add button").click()
    await get_chapter(page, 4).get_by_label("Title", exact=True).fill("1-New")
    await save(page)
    stored = await find_book(desk.db)
    chapters = stored.pop("chapters")
    assert stored == {key: value for key, value in make_book(1).items() if key != "chapters"}
    start, end = before[0], before[2]
    assert chapters[:3] == [start, {**start, "title": "1-Start again"}, end]
    assert chapters[3]["title"] == "1-New"
    assert len(chapters) == 4


async def test_a_removed_item_can_be_kept_after_all(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await get_chapter(page, 0).get_by_role("button", name="Remove").last.click()
    await page.get_by_role("button", name="Keep").click()
    await expect(page.get_by_role("button", name="Keep")).to_have_count(0)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    assert await find_book(desk.db) == make_book(1)


async def test_list_items_are_called_by_their_names_and_fields_in_plain_words(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await expect(get_chapter(page, 0).locator("summary.a-item-head")).to_contain_text("1-Start")
    heads = await page.locator(".a-section-head h2, .f-group-head h2").all_inner_texts()
    assert heads == ["Inside", "Other fields"]
    label = page.locator("label[for=year]")
    await expect(label).to_have_text("Year")
    await expect(label).to_have_attribute("title", "year")


async def test_leaving_with_unsaved_changes_asks_and_without_it_does_not(desk: Desk) -> None:
    page = await desk.open(BOOK)
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", answer)
    await page.locator("#title").fill("Half typed")
    await expect(page.locator("[data-dirty]")).to_have_text("Unsaved changes")
    await page.evaluate("setTimeout(() => document.querySelector('.a-crumbs a').click())")
    await page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert page.url == desk.url(BOOK)
    await expect(page.locator("#title")).to_have_value("Half typed")
    await save(page)
    other = await desk.open(BOOK)
    other.on("dialog", answer)
    await other.get_by_role("link", name="Back").click()
    await expect(other).to_have_url(desk.url(BOOKS))
    assert asked == ["beforeunload"]


async def test_ctrl_s_saves_and_stays(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await page.locator("#title").fill("By keyboard")
    await page.keyboard.press("Control+s")
    await expect(page.locator(".a-toast")).to_contain_text("Saved.")
    assert page.url == desk.url(BOOK)
    assert (await find_book(desk.db))["title"] == "By keyboard"


async def test_a_wrong_value_is_told_beside_its_field_and_what_was_typed_stays(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await page.locator("#title").fill("Typed")
    await page.get_by_label("Year", exact=True).fill("soon")
    await page.get_by_role("button", name="Save", exact=True).click()
    year = page.get_by_label("Year", exact=True)
    await expect(year).to_be_focused()
    await expect(year).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#year-errors")).to_be_visible()
    await expect(page.locator("#title")).to_have_value("Typed")
    assert await find_book(desk.db) == make_book(1)


@pytest.mark.parametrize(("choice", "year"), [("Theirs", 1111), ("Yours", 2222)])
async def test_two_browsers_that_change_one_field_are_asked_and_either_side_can_win(
    desk: Desk, choice: str, year: int
) -> None:
    mine, theirs = await desk.open(BOOK), await desk.open(BOOK, user="ann")
    await theirs.get_by_label("Year", exact=True).fill("1111")
    await theirs.locator("#tags-0").fill("theirs")
    await save(theirs)
    await mine.get_by_label("Year", exact=True).fill("2222")
    await mine.locator("#title").fill("Mine")
    await mine.get_by_role("button", name="Save", exact=True).click()
    versions = mine.locator(".a-conflict-row .a-version")
    await expect(versions).to_have_count(3)
    assert [(await versions.nth(at).inner_text()).split()[-1] for at in range(3)] == ["1901", "1111", "2222"]
    assert (await find_book(desk.db))["year"] == 1111
    await mine.get_by_label(choice).check()
    await save(mine)
    assert await find_book(desk.db) == {
        **make_book(1), "title": "Mine", "year": year, "tags": ["theirs", "paper"]
    }  # fmt: skip


async def test_two_browsers_that_change_different_fields_both_win(desk: Desk) -> None:
    mine, theirs = await desk.open(BOOK), await desk.open(BOOK, user="ann")
    await theirs.get_by_label("Year", exact=True).fill("1111")
    await save(theirs)
    await mine.locator("#title").fill("Mine")
    await save(mine)
    await expect(mine.locator(".a-toast")).to_contain_text("together with what others changed")
    assert await find_book(desk.db) == {**make_book(1), "title": "Mine", "year": 1111}


async def test_a_deleted_document_comes_back_whole_from_the_message(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await page.get_by_role("link", name="Delete").click()
    await expect(page.locator("h2")).to_contain_text("Book 001")
    await page.get_by_role("button", name="Delete").click()
    await expect(page).to_have_url(desk.url(BOOKS))
    assert await find_book(desk.db) is None
    await undo(page)
    assert await find_book(desk.db) == make_book(1)


async def test_a_saved_change_is_taken_back_from_the_message(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await page.locator("#title").fill("A mistake")
    await save(page)
    await undo(page)
    assert await find_book(desk.db) == make_book(1)


async def test_extended_json_tells_where_it_is_wrong_and_saves_when_right(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await page.get_by_label("Year", exact=True).fill("1700")
    await page.get_by_role("button", name="Extended JSON").click()
    text = page.locator("#json")
    assert '"1700"' in await text.input_value()
    right = await text.input_value()
    await text.fill(right.replace('"tags"', "tags"))
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator("#json-error")).to_contain_text("Line")
    chosen = await text.evaluate("(one) => one.value.slice(one.selectionStart, one.selectionStart + 4)")
    assert chosen == "tags"
    assert await find_book(desk.db) == make_book(1)
    await text.fill(right.replace('"1851"', '"1866"'))
    await save(page)
    stored = await find_book(desk.db)
    assert stored == {**make_book(1), "year": 1700, "author": {"name": "Author 1", "born": 1866}}
    assert type(stored["author"]["born"]) is Int64


async def test_recent_changes_stand_beside_the_form_and_on_the_dashboard(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await page.get_by_label("Year", exact=True).fill("1801")
    async with page.expect_event("load"):
        await page.get_by_role("button", name="Save and stay").click()
    await expect(page.locator(".a-edit-side .a-log li").first).to_contain_text("year")
    await page.goto(desk.url("/admin/"))
    await expect(page.locator(".a-dash-side .a-log li").first).to_contain_text("Book 001")
