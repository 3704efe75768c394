"""The shell of the admin and the layout of public pages, as a person with a browser meets them."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from aiocms.testing import MakeClient, MakeSite
from tests.browser.conftest import PHONE, Open

SITE = {
    "templ/index.tpl": '{% extends "core:layout" %}{% block content %}<h1>Hello</h1>{% endblock %}',
    "routes.py": """
from aiocms import flash, redirect, route, templ

async def index(request):
    return templ("index", request)

async def say(request):
    flash(request, "Saved <b>it</b>.", "success", ("Undo", "/back"))
    return redirect(request, "site:index")

routes = [route("GET", "/", index, "index"), route("GET", "/say", say, "say")]
""",
}


@pytest.fixture
async def client(make_site: MakeSite, make_client: MakeClient):  # type: ignore[no-untyped-def]
    client = await make_client(make_site(SITE, apps=["auth", "admin"]))
    return client


async def get_background(page: Page) -> str:
    return str(await page.evaluate("getComputedStyle(document.body).backgroundColor"))


async def test_a_page_without_a_choice_follows_the_system_even_without_script(
    client, open_page: Open
) -> None:  # type: ignore[no-untyped-def]
    light = await open_page(client, "/", user="", color_scheme="light", java_script_enabled=False)
    dark = await open_page(client, "/", user="", color_scheme="dark", java_script_enabled=False)
    assert await get_background(light) != await get_background(dark)


async def test_the_chosen_theme_is_in_the_served_page_so_nothing_flashes(client, open_page: Open) -> None:  # type: ignore[no-untyped-def]
    page = await open_page(client, "/admin/", color_scheme="light")
    await page.click(".a-user summary")
    await page.click("[data-theme-set=dark]")
    chosen = await get_background(page)
    answer = await page.request.get(page.url)
    assert 'data-bs-theme="dark"' in await answer.text()
    await page.reload()
    assert await get_background(page) == chosen


async def test_going_back_to_the_system_forgets_the_choice(client, open_page: Open) -> None:  # type: ignore[no-untyped-def]
    page = await open_page(client, "/admin/", color_scheme="light")
    await page.click(".a-user summary")
    await page.click("[data-theme-set=dark]")
    await page.click("[data-theme-set=system]")
    await expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    assert "data-bs-theme" not in await (await page.request.get(page.url)).text()


async def test_compact_rows_are_lower_and_stay_so(client, open_page: Open) -> None:  # type: ignore[no-untyped-def]
    page = await open_page(client, "/admin/auth/users/")
    row = page.locator(".a-list tbody tr").first
    before = await row.bounding_box()
    await page.click(".a-user summary")
    await page.click("[data-density-set=compact]")
    await page.reload()
    after = await row.bounding_box()
    assert before and after and after["height"] < before["height"]


async def test_a_folded_sidebar_is_folded_on_the_next_page(client, open_page: Open) -> None:  # type: ignore[no-untyped-def]
    page = await open_page(client, "/admin/")
    wide = await page.locator(".a-sidebar").bounding_box()
    await page.click("[data-fold]")
    await expect(page.locator("html")).to_have_attribute("data-sidebar", "folded")
    rail = await page.locator(".a-sidebar").bounding_box()
    assert wide is not None and rail is not None and rail["width"] < wide["width"] / 3
    assert 'data-sidebar="folded"' in await (await page.request.get(page.url)).text()
    await page.click("[data-fold]")
    await expect(page.locator(".a-sidebar")).to_be_visible()
    await page.reload()
    await expect(page.locator(".a-sidebar")).to_be_visible()


async def test_the_search_over_screens_finds_and_enter_opens_the_first(client, open_page: Open) -> None:  # type: ignore[no-untyped-def]
    page = await open_page(client, "/admin/")
    await page.keyboard.press("g")
    await page.keyboard.type("rol")
    await expect(page.get_by_role("option", name="Roles").first).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/auth/roles/")


async def test_on_a_phone_the_sidebar_opens_and_closes_without_script(client, open_page: Open) -> None:  # type: ignore[no-untyped-def]
    page = await open_page(client, "/admin/", viewport=PHONE, java_script_enabled=False)
    sidebar = page.locator(".a-sidebar")
    await expect(sidebar).to_be_hidden()
    await page.click("[data-fold]")
    await expect(sidebar).to_be_visible()
    await page.click(".a-scrim", position={"x": 375, "y": 400})
    await expect(sidebar).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/account", "/admin/", "/admin/auth/users/"])
async def test_no_page_is_wider_than_a_phone(client, open_page: Open, path: str) -> None:  # type: ignore[no-untyped-def]
    page = await open_page(client, path, viewport=PHONE, user="" if path == "/login" else "admin")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_every_control_is_reached_by_tab_and_shows_it(client, open_page: Open) -> None:  # type: ignore[no-untyped-def]
    page = await open_page(client, "/admin/auth/users/")
    wanted = await page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
        .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled).length"""
    )
    seen = set()
    for _ in range(wanted + 10):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            """() => {
              const one = document.activeElement;
              if (one === document.body) return null;
              one.dataset.seen ??= String(Math.random());
              const shown = [getComputedStyle(one), getComputedStyle(one, '::after')].some(
                (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1);
              return [one.dataset.seen, shown, one.outerHTML.slice(0, 120)];
            }"""
        )
        if focused is None:
            continue
        assert focused[1], f"no visible focus: {focused[2]}"
        seen.add(focused[0])
    assert len(seen) >= wanted


async def test_a_message_shows_its_action_and_never_runs_what_it_quotes(client, open_page: Open) -> None:  # type: ignore[no-untyped-def]
    page = await open_page(client, "/say", user="")
    toast = page.locator(".a-toast")
    await expect(toast.locator("p")).to_have_text("Saved <b>it</b>.")
    await expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    await toast.get_by_role("button", name="Close").click()
    await expect(toast).to_have_count(0)


async def test_a_theme_file_of_the_site_changes_the_accent(
    make_site: MakeSite, make_client: MakeClient, open_page: Open
) -> None:
    site = make_site(
        {**SITE, "static/core/theme.css": ":root { --a-accent: #8a2f43; }"}, apps=["auth", "admin"]
    )
    page = await open_page(await make_client(site), "/login", user="", color_scheme="light")
    red, green, blue = await page.evaluate(
        """() => {
          const paint = document.createElement('canvas').getContext('2d');
          paint.fillStyle = getComputedStyle(document.querySelector('.btn-primary')).backgroundColor;
          paint.fillRect(0, 0, 1, 1);
          return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }"""
    )
    assert red > 2 * green and red > blue
