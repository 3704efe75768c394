"""The admin from right to left, in a language whose catalog the site brings."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import library
from tests.browser.arabic import CATALOG
from tests.browser.desk import DESK, PHONE, Desk
from tests.browser.library import BOOK, BOOKS, SETTINGS, fill

__all__ = ("SETTINGS", "fill")
pytestmark = pytest.mark.asyncio(loop_scope="module")
CHARTS = 'charts = (Chart("By status", by="status"), Chart("By year", by="year"))\n\n    @action('
SCREENS = (
    library.SCREENS.replace("import ", "import Chart, ", 1)
    .replace("@action(", CHARTS, 1)
    .replace(
        'Column("added"',
        'Column("price", value=lambda row: 1250, format="money", currency="EUR"),\n        Column("added"',
    )
)
SITE = {**library.SITE, **CATALOG, "apps/library/admin.py": SCREENS}
COLUMNS = (
    "title",
    "author.name",
    "author.born",
    "tags",
    "added",
    "weight",
    "status",
    "year",
    "chapters",
    "_id",
)
PAGES = (
    "/admin/",
    BOOKS,
    f"{BOOKS}?status=in&sort=-year,title&q=Book",
    f"{BOOKS}-/filter?status=in",
    BOOK,
    f"{BOOK}?tab=json",
    f"{BOOK}/preview",
    f"{BOOK}/delete",
    "/admin/database/papers/1",
    "/admin/-/pipelines/new",
    "/admin/nothing/here/",
)


async def open_arabic(desk: Desk, path: str, size: dict[str, int] = DESK, **options: Any) -> Page:
    return await desk.open(path, viewport=size, locale="ar", **options)


async def test_the_sites_catalog_is_spoken_and_the_page_runs_from_the_right(desk: Desk) -> None:
    page = await open_arabic(desk, BOOKS)
    root = page.locator("html")
    await expect(root).to_have_attribute("dir", "rtl")
    await expect(root).to_have_attribute("lang", "ar")
    await expect(page.get_by_role("link", name="الأعمدة")).to_be_visible()
    await expect(page.locator(".a-line")).to_contain_text("مستند")
    english = await desk.open(BOOKS)
    await expect(english.locator("html")).to_have_attribute("dir", "ltr")
    await expect(english.get_by_role("link", name="Columns")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_no_page_is_wider_than_the_window(desk: Desk, size: dict[str, int]) -> None:
    page = await open_arabic(desk, "/account", size)
    wide = {}
    for path in PAGES:
        await page.goto(desk.url(path))
        assert await page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        # What sticks out at the left counts too: there a page from the right grows.
        wide[path] = await page.evaluate(
            "document.documentElement.scrollWidth + Math.abs((scrollBy(-500, 0), scrollX))"
        )
    assert {path: width for path, width in wide.items() if width > size["width"]} == {}


async def test_the_sidebar_and_the_first_column_keep_to_the_right(desk: Desk) -> None:
    page = await open_arabic(desk, f"{BOOKS}?cols={','.join(COLUMNS)}", {"width": 800, "height": 700})
    sidebar = await page.locator(".a-sidebar").bounding_box()
    assert sidebar is not None and abs(sidebar["x"] + sidebar["width"] - 800) < 1
    first, last = page.locator("tbody tr:first-child > .a-label"), page.locator(".a-list thead th:last-child")
    before = await last.bounding_box()
    await page.evaluate("document.querySelector('.a-scroll').scrollTo({ left: -200, behavior: 'instant' })")
    after, label = await last.bounding_box(), await first.bounding_box()
    scroll = await page.locator(".a-scroll").bounding_box()
    assert before and after and label and scroll
    assert after["x"] - before["x"] > 100
    end = scroll["x"] + scroll["width"]
    assert end - 60 < label["x"] + label["width"] <= end + 1


async def test_what_points_along_the_line_is_turned_round(desk: Desk) -> None:
    turned = "[...document.querySelectorAll('.a-flip')].filter(e => e.checkVisibility()).map(e => getComputedStyle(e).transform)"
    page = await open_arabic(desk, BOOKS)
    found = await page.evaluate(turned)
    assert len(found) >= 3 and set(found) == {"matrix(-1, 0, 0, 1, 0, 0)"}
    english = await desk.open(BOOKS)
    assert set(await english.evaluate(turned)) == {"none"}
    first, following = page.locator(".a-pager > :first-child"), page.locator(".a-pager > :last-child")
    left, right = await following.bounding_box(), await first.bounding_box()
    assert left is not None and right is not None and left["x"] < right["x"]


async def test_arrow_keys_go_the_way_that_they_point(desk: Desk) -> None:
    page = await open_arabic(desk, BOOKS)
    await page.locator("tbody tr:first-child > .a-label a").focus()
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator('tbody tr:first-child > [data-edit="year"]')).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("tbody tr:first-child > .a-label a")).to_be_focused()


async def test_the_texts_of_charts_stand_inside_of_them(desk: Desk) -> None:
    page = await open_arabic(desk, f"{BOOKS}-/charts")
    await expect(page.locator(".a-chart-svg")).to_have_count(2)
    outside = await page.evaluate(
        """() => [...document.querySelectorAll('.a-chart-svg text')].filter((text) => {
          const box = text.getBoundingClientRect(), chart = text.ownerSVGElement.getBoundingClientRect();
          return box.left < chart.left - 2 || box.right > chart.right + 2;
        }).map((text) => text.textContent)"""
    )
    assert outside == []
    assert await page.locator(".a-chart-svg text").count() > 6


async def test_the_drawer_and_the_menu_of_a_phone_come_from_their_own_sides(desk: Desk) -> None:
    page = await open_arabic(desk, BOOKS)
    await page.keyboard.press("j")
    await page.keyboard.press("o")
    drawer = page.locator("dialog.a-drawer")
    await expect(drawer).to_contain_text("Author 1")
    await settle(drawer)
    box = await drawer.bounding_box()
    assert box is not None and abs(box["x"]) < 1
    phone = await open_arabic(desk, BOOKS, PHONE)
    await phone.locator("[data-fold]").click()
    sidebar = phone.locator(".a-sidebar")
    await expect(sidebar).to_be_visible()
    await settle(sidebar)
    side = await sidebar.bounding_box()
    assert side is not None and abs(side["x"] + side["width"] - PHONE["width"]) < 1


async def settle(place: Locator) -> None:
    """Until nothing moves there."""
    await place.evaluate("(one) => Promise.allSettled(one.getAnimations().map((each) => each.finished))")


LONG = (
    "A very long English title that no column of any list would ever hold in one line, whatever the window "
    * 2
)
# Where the first letter of an element's text is, and whether it lies inside of the box that cuts it.
FIRST_LETTER_IS_SEEN = """(box) => {
  const text = document.createTreeWalker(box, NodeFilter.SHOW_TEXT).nextNode(), range = document.createRange();
  range.setStart(text, 0);
  range.setEnd(text, 1);
  const letter = range.getBoundingClientRect(), frame = box.getBoundingClientRect();
  return letter.left >= frame.left - 1 && letter.right <= frame.right + 1;
}"""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_a_long_text_from_the_left_is_cut_at_its_end(desk: Desk, size: dict[str, int]) -> None:
    await desk.db.library_books.update_one({"year": 1901}, {"$set": {"title": LONG, "author.name": LONG}})
    page = await open_arabic(desk, BOOKS, size)
    row = page.locator("tbody tr:first-child")
    for place in (row.locator(".a-label > a"), row.locator('td[data-label="المؤلف"]')):
        assert await place.evaluate(FIRST_LETTER_IS_SEEN)
    await fill(desk.db)


async def test_a_figure_keeps_its_distance_from_its_unit_on_a_phone(desk: Desk) -> None:
    page = await open_arabic(desk, f"{BOOKS}?cols=title,price", PHONE)
    gap = await page.locator("tbody tr:first-child .a-unit").evaluate(
        """(unit) => {
          const range = document.createRange();
          range.selectNode(unit.previousSibling);
          return unit.getBoundingClientRect().left - range.getBoundingClientRect().right;
        }"""
    )
    assert 2 < gap < 8
