"""References in a browser: choosing by keyboard and pointer, the drawer, what a delete asks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bson import ObjectId
from playwright.async_api import Page, expect

from tests.browser.desk import DESK, PHONE, Desk
from tests.browser.test_axe import find_faults

pytestmark = pytest.mark.asyncio(loop_scope="module")

SITE = {
    "apps/lib/admin.py": """
from aiocms.admin import Reference, Screen

class People(Screen):
    collection = "lib_people"
    label = "{name}"

class Books(Screen):
    collection = "lib_books"
    label = "{title}"
    references = {
        "author": Reference("lib_people", label="Books by this person"),
        "readers": Reference("lib_people", "pull"),
        "lines.who": Reference("lib_people", "unset"),
    }
    choices = {"shelf": (("a", "First shelf"), ("b", "Second shelf"))}
"""
}
SETTINGS: dict[str, Any] = {}
ANN, BOB, EVE = (ObjectId(f"{number:024x}") for number in (1, 2, 3))


async def fill(db: Any) -> None:
    for name in ("lib_people", "lib_books", "admin_changes"):
        await db[name].delete_many({})
    people = [
        {"_id": ANN, "name": "Ann Lee"},
        {"_id": BOB, "name": "Bob"},
        {"_id": EVE, "name": "<b>Eve</b>"},
    ]
    await db.lib_people.insert_many([*people, *({"name": f"Reader {n:02}"} for n in range(30))])
    book = {
        "_id": 1,
        "title": "One",
        "author": ANN,
        "readers": [ANN, BOB],
        "shelf": "a",
        "lines": [{"who": BOB}],
    }
    await db.lib_books.insert_one(book)


BOOK = "/admin/lib/books/~int32:1"


def box(page: Page, name: str) -> Any:
    return page.locator(f'[id="{name}"]')


async def stored(desk: Desk) -> Any:
    return await desk.db.lib_books.find_one({"_id": 1})


async def save(page: Page) -> None:
    await page.locator("[data-save]").click()
    await page.wait_for_url(re.compile(r"/admin/lib/books/(\?.*)?$"))


async def test_the_combobox_shows_the_label_and_is_used_by_keyboard(desk: Desk) -> None:
    page = await desk.open(BOOK)
    author = box(page, "author")
    await expect(author).to_have_value("Ann Lee")
    await expect(author).to_have_attribute("role", "combobox")
    await author.focus()
    await author.fill("bo")
    option = page.get_by_role("option", name=re.compile("Bob"))
    await expect(option).to_be_visible()
    await expect(author).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("ArrowDown")
    await expect(option).to_have_attribute("aria-selected", "true")
    assert await author.get_attribute("aria-activedescendant") == await option.get_attribute("id")
    await page.keyboard.press("Enter")
    await expect(author).to_have_value("Bob")
    await expect(author).to_have_attribute("aria-expanded", "false")
    assert (await stored(desk))["author"] == ANN  # Enter chose and did not send the form
    await save(page)
    assert (await stored(desk))["author"] == BOB


async def test_escape_closes_the_list_and_keeps_the_choice(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await box(page, "author").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(".a-pick-option:visible").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".a-pick-option:visible")).to_have_count(0)
    await expect(box(page, "author")).to_have_value("Ann Lee")


async def test_a_label_is_text_and_is_chosen_by_pointer(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await box(page, "author").fill("eve")
    await page.get_by_role("option", name="<b>Eve</b>").click()
    await expect(box(page, "author")).to_have_value("<b>Eve</b>")
    await save(page)
    assert (await stored(desk))["author"] == EVE


async def test_clearing_and_typing_a_name_without_choosing(desk: Desk) -> None:
    page = await desk.open(BOOK)
    field = page.locator(".a-field", has=box(page, "author"))
    await field.get_by_role("button", name="Clear").click()
    await expect(box(page, "author")).to_have_value("")
    await box(page, "readers-1").fill("ann lee")
    await save(page)
    assert await stored(desk) == {
        "_id": 1, "title": "One", "author": None, "readers": [ANN, ANN], "shelf": "a", "lines": [{"who": BOB}]
    }  # fmt: skip


async def test_a_name_that_nothing_has_stays_with_what_to_do(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await box(page, "author").fill("Nobody here")
    await page.locator("[data-save]").click()
    await expect(page.get_by_text("Nothing in People is called")).to_be_visible()
    await expect(box(page, "author")).to_have_value("Nobody here")
    assert (await stored(desk))["author"] == ANN


async def test_an_item_is_added_to_a_list_of_references(desk: Desk) -> None:
    page = await desk.open(BOOK)
    listing = page.locator('[data-part="readers"]')
    await listing.get_by_role("button", name="Add an item").click()
    added = box(page, "readers-2")
    await expect(added).to_have_attribute("role", "combobox")
    await added.fill("reader 07")
    await page.get_by_role("option", name=re.compile("Reader 07")).click()
    await save(page)
    readers = (await stored(desk))["readers"]
    assert readers[:2] == [ANN, BOB] and len(readers) == 3 and isinstance(readers[2], ObjectId)


async def test_a_target_is_made_and_changed_in_a_drawer(desk: Desk) -> None:
    page = await desk.open(BOOK)
    field = page.locator(".a-field", has=box(page, "author"))
    await box(page, "title").fill("Typed before")
    await field.get_by_role("link", name=re.compile("New")).click()
    drawer = page.locator("dialog.a-drawer")
    await drawer.locator('[id="name"]').fill("Zoe")
    await drawer.locator("[data-save]").click()
    await expect(box(page, "author")).to_have_value("Zoe")
    await expect(drawer).to_be_hidden()
    await field.get_by_role("link", name=re.compile("Edit")).click()
    await drawer.locator('[id="name"]').fill("Zoe Two")
    await drawer.locator("[data-save]").click()
    await expect(box(page, "author")).to_have_value("Zoe Two")
    await expect(box(page, "title")).to_have_value("Typed before")
    await save(page)
    zoe = await desk.db.lib_people.find_one({"name": "Zoe Two"})
    assert (await stored(desk))["author"] == zoe["_id"] and (await stored(desk))["title"] == "Typed before"


async def test_used_by_arrives_by_itself(desk: Desk) -> None:
    page = await desk.open(f"/admin/lib/people/{ANN}")
    await expect(page.get_by_role("link", name="Books by this person")).to_be_visible()
    await page.get_by_role("link", name="Books by this person").click()
    await expect(page.get_by_role("link", name="One", exact=True)).to_be_visible()


async def test_a_delete_shows_what_it_touches_and_undo_brings_it_back(desk: Desk) -> None:
    await desk.db.lib_books.update_one({"_id": 1}, {"$set": {"author": EVE}})
    page = await desk.open(f"/admin/lib/people/{BOB}/delete")
    await expect(page.get_by_text("1 document loses the item with the reference.")).to_be_visible()
    await page.locator("main").get_by_role("button", name="Delete").click()
    await page.wait_for_url(re.compile(r"/admin/lib/people/$"))
    assert (await stored(desk))["readers"] == [ANN] and (await stored(desk))["lines"] == [{}]
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("The document is back.")).to_be_visible()
    assert (await stored(desk))["readers"] == [ANN, BOB] and (await stored(desk))["lines"] == [{"who": BOB}]


async def test_without_scripts_a_reference_is_chosen_on_a_page(desk: Desk) -> None:
    page = await desk.open(BOOK, java_script_enabled=False)
    await box(page, "title").fill("Typed before")
    await page.locator('button[value="choose:author"]').click()
    await page.locator("[name=_choose]").fill("reader 1")
    await page.locator('button[value="choose:author"]').click()
    await page.get_by_role("button", name=re.compile("Reader 11")).click()
    await expect(box(page, "title")).to_have_value("Typed before")
    await save(page)
    found = await stored(desk)
    reader = await desk.db.lib_people.find_one({"name": "Reader 11"})
    assert found["author"] == reader["_id"] and found["title"] == "Typed before"


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")])
async def test_axe_finds_nothing_with_an_open_list(desk: Desk, viewport: Any, scheme: str) -> None:
    page = await desk.open(BOOK, viewport=viewport, color_scheme=scheme)
    await box(page, "author").click()
    await expect(page.locator(".a-pick-option:visible").first).to_be_visible()
    assert await find_faults(page) == []
