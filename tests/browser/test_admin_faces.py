"""The admin as a site makes it: its templates, its languages, every width."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser import library
from tests.browser.desk import PHONE, Desk
from tests.browser.library import BOOK, BOOKS, SETTINGS, fill, find_book

__all__ = ("SETTINGS", "fill")
pytestmark = pytest.mark.asyncio(loop_scope="module")
USERS: dict[str, dict[str, Any]] = {"reader": {"permissions": ("admin.enter", "library.books.view")}}
SITE = {
    **library.SITE,
    "templ/admin/list.tpl": """
{% extends "admin:list" %}
{% block content %}<p id="house-rule">Return books in time.</p>{{ super() }}{% endblock %}
""",
    "apps/library/templ/admin/books/list/line.tpl": '<div class="a-line" id="own-line">{{ count }} books</div>\n',
    "apps/library/templ/admin/books/edit.tpl": """
{% extends "admin:edit" %}
{% block aside %}<section id="own-aside"><h2>Shelf {{ document_id[-2:] }}</h2></section>{{ super() }}{% endblock %}
""",
}
PAGES = (
    "/admin/",
    BOOKS,
    f"{BOOKS}?year.gte=soon",
    f"{BOOKS}?q=none",
    f"{BOOKS}new",
    BOOK,
    f"{BOOK}?tab=json",
    f"{BOOK}/delete",
    "/admin/database/papers/",
    "/admin/database/papers/1",
    "/admin/auth/users/new",
    "/admin/nothing/here/",
)


async def test_a_site_adds_to_every_list_and_an_app_replaces_one_part_of_its_own(desk: Desk) -> None:
    page = await desk.open(BOOKS)
    await expect(page.locator("#house-rule")).to_be_visible()
    await expect(page.locator("#own-line")).to_have_text("120 books")
    await expect(page.locator(".a-list tbody tr")).to_have_count(50)
    await page.goto(desk.url("/admin/database/papers/"))
    await expect(page.locator("#house-rule")).to_be_visible()
    await expect(page.locator("#own-line")).to_have_count(0)


async def test_an_app_adds_to_the_edit_page_of_one_screen(desk: Desk) -> None:
    page = await desk.open(BOOK)
    await expect(page.locator("#own-aside")).to_have_text("Shelf 01")
    await page.goto(desk.url("/admin/database/papers/1"))
    await expect(page.locator("#own-aside")).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_of_the_admin_is_wider_than_a_phone(desk: Desk, path: str) -> None:
    page = await desk.open(path, viewport=PHONE)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_the_admin_speaks_russian(desk: Desk) -> None:
    page = await desk.open(BOOKS, locale="ru-RU")
    await expect(page.locator("html")).to_have_attribute("lang", "ru")
    await expect(page.get_by_role("link", name="Создать")).to_be_visible()
    await page.get_by_role("link", name="Book 001").click()
    await page.locator("#title").fill("Книга")
    await page.get_by_role("button", name="Сохранить", exact=True).click()
    await expect(page.locator(".a-toast")).to_contain_text("Сохранено")
    assert (await find_book(desk.db))["title"] == "Книга"


async def test_who_may_only_look_gets_no_button_that_fails(desk: Desk) -> None:
    page = await desk.open(BOOKS, user="reader")
    await expect(page.get_by_role("link", name="New", exact=True)).to_have_count(0)
    await page.get_by_role("link", name="Book 001").click()
    await expect(page.get_by_text("You may look at this document, but not change it.")).to_be_visible()
    await expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    await expect(page.locator("#title")).to_have_text("Book 001")
    answer = await page.goto(desk.url("/admin/database/papers/"))
    assert answer is not None and answer.status == 403


async def test_a_page_from_right_to_left_mirrors_the_list_and_keeps_figures_in_order(desk: Desk) -> None:
    page = await desk.open(BOOKS, locale="ar")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    label = await page.locator(".a-list thead .a-label").bounding_box()
    year = await page.locator(".a-list thead th[title=year]").bounding_box()
    sidebar = await page.locator(".a-sidebar").bounding_box()
    assert label and year and sidebar
    assert sidebar["x"] > label["x"] > year["x"]
    assert await page.evaluate("document.documentElement.scrollWidth") <= 1440


async def test_an_edit_page_from_right_to_left_saves(desk: Desk) -> None:
    page = await desk.open(BOOK, locale="ar")
    tools = await page.locator("#chapters .a-item-tools").first.bounding_box()
    name = await page.locator("#chapters .a-item-title").first.bounding_box()
    assert tools and name and tools["x"] < name["x"]
    await page.locator("#title").fill("كتاب")
    await page.keyboard.press("Control+s")
    await expect(page.locator(".a-toast")).to_be_visible()
    assert (await find_book(desk.db))["title"] == "كتاب"
