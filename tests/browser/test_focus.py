"""Everything is reached by Tab, what has the focus is seen, and nothing holds it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import library
from tests.browser.desk import PHONE, Desk
from tests.browser.library import BOOK, BOOKS, SETTINGS, fill

__all__ = ("SETTINGS", "fill")
pytestmark = pytest.mark.asyncio(loop_scope="module")
SITE = {
    **library.SITE,
    "routes.py": """
from aiocms import route, templ

async def blind(request):
    return templ("blind", request)

routes = [route("GET", "/blind", blind, "blind")]
""",
    "templ/blind.tpl": '{% extends "core:layout" %}{% block head %}<link rel="stylesheet" href="{{ static(\'blind.css\') }}">{% endblock %}'
    '{% block content %}<input id="seen"><a class="blind" href="/blind">There</a>{% endblock %}',
    "static/blind.css": ".blind:focus-visible { outline: none; box-shadow: none; }",
}
# Nothing moves while it is looked at.
CALM: dict[str, Any] = {"reduced_motion": "reduce"}
# How a control looks: its own and its nearest surroundings', for some are drawn by their label or their frame.
LOOK = """(one) => {
  const look = (e, pseudo) => {
    const style = getComputedStyle(e, pseudo);
    const outline = style.outlineStyle === 'none' || parseFloat(style.outlineWidth) === 0 ? 'none' : style.outline;
    return [outline, style.boxShadow, style.borderColor];
  };
  const around = [one, one.parentElement, one.parentElement?.parentElement];
  return JSON.stringify(around.filter(Boolean).map((e) => [look(e), look(e, '::before'), look(e, '::after')]));
}"""
# Presses nothing: what Tab reached is taken down, looked at, looked at again without the focus, and given it back.
STOP = (
    """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  // A date has several places in one control.
  if (window.before === one && one.matches("[type^=date]")) return { stays: true, again: false };
  window.before = one;
  const look = """
    + LOOK
    + """;
  for (const each of document.getAnimations()) each.finish();
  const focused = look(one);
  // Not wholly beneath a bar that lies over the page: some point of it is its own.
  const bare = (e) => [[0.5, 0.5], [0.5, 0.02], [0.5, 0.98], [0.02, 0.5], [0.98, 0.5]].some(([x, y]) => {
    const rect = e.getClientRects()[0] ?? e.getBoundingClientRect();
    const over = document.elementFromPoint(rect.left + rect.width * x, rect.top + rect.height * y);
    return over && (e.contains(over) || e.parentElement === over || e.labels?.[0]?.contains(over));
  });
  const box = one.getBoundingClientRect();
  const again = one.hasAttribute('data-been');
  one.setAttribute('data-been', '');
  one.blur();
  for (const each of document.getAnimations()) each.finish();
  const plain = look(one);
  one.focus({ focusVisible: true, preventScroll: true });
  const name = (one.getAttribute('aria-label') || one.labels?.[0]?.textContent || one.textContent || one.name || '').trim();
  return {
    name: name.replace(/\\s+/g, ' ').slice(0, 60), again,
    seen: focused !== plain, inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && bare(one),
    at: one.outerHTML.slice(0, 140), in: one.closest('dialog, [role=dialog]') ? 'dialog' : 'page',
  };
}"""
)


async def walk(page: Page, most: int = 120, key: str = "Tab") -> list[dict[str, Any]]:
    """What Tab reaches, one after the other, until it leaves the page or comes round."""
    found: list[dict[str, Any]] = []
    for _ in range(most):
        await page.keyboard.press(key)
        stop = await page.evaluate(STOP)
        if stop is None or stop["again"]:
            return found
        if "stays" not in stop:
            found.append(stop)
    raise AssertionError(f"no end after {[one['at'] for one in found[-4:]]}")


def find_unseen(stops: list[dict[str, Any]]) -> list[str]:
    return [one["at"] for one in stops if not one["seen"] or not one["inside"]]


def names(stops: list[dict[str, Any]]) -> list[str]:
    return [one["name"] for one in stops]


def assert_order(stops: list[dict[str, Any]], *wanted: str) -> None:
    """The wanted names are reached, in this order."""
    rest = iter(names(stops))
    missing = [name for name in wanted if not any(one.startswith(name) for one in rest)]
    assert not missing, names(stops)


async def test_a_control_that_hides_its_focus_is_noticed(desk: Desk) -> None:
    page = await desk.open("/blind", **CALM)
    assert [one.partition(" ")[2][:13] for one in find_unseen(await walk(page))] == ['class="blind"']


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/admin/", ("Skip to content", "Go to…", "Overview", "Books", "a admin", "Navigation")),
        (
            f"{BOOKS}?size=5",
            ("Skip to content", "Go to…", "New", "Search", "Filter", "Sort", "Columns", "Tick all", "Title", "Book 001"),
        ),
        (f"{BOOKS}-/filter?status=in", ("Skip to content", "Field", "Condition")),
        (BOOK, ("Skip to content", "Delete", "Form", "Extended JSON", "Title", "Year", "Back", "Save")),
        (f"{BOOK}?tab=json", ("Form", "Extended JSON", "Save")),
        ("/admin/-/pipelines/new", ("Name", "Collection", "Stages", "Save")),
        ("/account", ("Skip to content",)),
    ],
    ids=["dashboard", "list", "filter", "edit", "JSON", "report", "account"],
)  # fmt: skip
async def test_tab_reaches_every_control_of_a_page_and_each_shows_it(
    desk: Desk, path: str, wanted: tuple[str, ...]
) -> None:
    page = await desk.open(path, **CALM)
    stops = await walk(page, 260)
    assert find_unseen(stops) == []
    assert_order(stops, *wanted)


async def test_the_login_begins_in_its_first_input_and_goes_on_to_the_button(desk: Desk) -> None:
    page = await desk.open("/login", user="", **CALM)
    await expect(page.locator("[name=username]")).to_be_focused()
    stops = await walk(page)
    assert find_unseen(stops) == []
    assert_order(stops, "Password", "Log in")


async def test_the_filter_panel_takes_the_focus_lets_it_go_on_and_gives_it_back(desk: Desk) -> None:
    page = await desk.open(BOOKS, **CALM)
    button = page.get_by_role("link", name="Filter", exact=True)
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".a-pop select").first).to_be_focused()
    stops = [await page.evaluate(STOP), *await walk(page, 300)]
    assert find_unseen([one for one in stops if one["in"] == "dialog"]) == []
    assert {"dialog", "page"} == {one["in"] for one in stops}
    assert_order(stops, "Field", "Condition", "Apply", "Sort")
    await page.keyboard.press("Escape")
    await expect(button).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_lies_over_the_page_keeps_the_focus_until_escape(desk: Desk, scheme: str) -> None:
    page = await desk.open(BOOKS, color_scheme=scheme, **CALM)
    link = page.get_by_role("link", name="Book 001")
    await link.focus()
    await page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    await expect(palette.get_by_role("option").first).to_be_visible()
    await stay_inside(page, palette)
    await page.keyboard.press("Escape")
    await expect(link).to_be_focused()
    await page.keyboard.press("o")
    drawer = page.locator("dialog.a-drawer")
    await expect(drawer).to_contain_text("Author 1")
    await stay_inside(page, drawer)
    await page.keyboard.press("Escape")
    await expect(link).to_be_focused()


async def stay_inside(page: Page, place: Locator) -> None:
    """Tab goes round in it, and each control in it shows the focus."""
    stops = await walk(page)
    assert stops and find_unseen(stops) == []
    assert {one["in"] for one in stops} == {"dialog"}
    assert await place.evaluate("(one) => one.matches(':modal')")


async def test_the_menu_of_a_phone_has_the_focus_alone_and_gives_it_back(desk: Desk) -> None:
    page = await desk.open("/admin/", viewport=PHONE, **CALM)
    fold = page.locator("[data-fold]")
    await fold.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".a-sidebar a").first).to_be_focused()
    stops = [await page.evaluate(STOP), *await walk(page)]
    assert find_unseen(stops) == []
    assert_order(stops, "Reading room", "Go to…", "Overview", "Books", "a admin", "Close navigation")
    assert not [name for name in names(stops) if name.startswith("New in")]
    await page.keyboard.press("Escape")
    await expect(fold).to_be_focused()
    await expect(page.locator(".a-sidebar")).to_be_hidden()
    assert any(name.startswith("New in") for name in names(await walk(page)))
