"""axe-core finds nothing on any page: wide and narrow, light and dark."""

from __future__ import annotations

import importlib.resources
from typing import Any

import pytest
from playwright.async_api import Page, expect

from aiocms.shop.demo.fill import fill as fill_shop
from tests.browser import library
from tests.browser.desk import DESK, PHONE, Desk
from tests.browser.library import BOOK, BOOKS

pytestmark = pytest.mark.asyncio(loop_scope="module")
SETTINGS: dict[str, Any] = {**library.SETTINGS, "apps": ["auth", "admin", "shop"]}
SITE = {**library.SITE, "templ/wrong.tpl": '{% extends "core:layout" %}{% block content %}<h1>Wrong</h1><img src="/x.png">{% endblock %}',
        "routes.py": library.SITE["routes.py"].replace("routes = [", """
async def wrong(request):
    return templ("wrong", request)

routes = [route("GET", "/wrong", wrong, "wrong"), """)}  # fmt: skip
USERS: dict[str, dict[str, Any]] = {"ann": {"superuser": True}, "reader": {"permissions": ("admin.enter",)}}
AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# So tall that no sticky bar lies half over a control, which axe-core takes for a small target.
TALL = {**PHONE, "height": 3000}
FACES = [
    pytest.param(
        {"viewport": size, "color_scheme": scheme, "bypass_csp": True}, id=f"{size['width']}-{scheme}"
    )
    for size in (DESK, TALL)
    for scheme in ("light", "dark")
]
ADMIN = {
    "dashboard": "/admin/",
    "list": BOOKS,
    "list with a filter": f"{BOOKS}?status=in&q=Book&sort=-year,title",
    "list with a fault": f"{BOOKS}?year.gte=soon",
    "list without rows": f"{BOOKS}?q=none",
    "list of a collection without a screen": "/admin/database/papers/",
    "edit": BOOK,
    "edit without a screen": "/admin/database/papers/1",
    "edit a user": "/admin/auth/users/new",
    "new": f"{BOOKS}new",
    "Extended JSON": f"{BOOK}?tab=json",
    "delete": f"{BOOK}/delete",
    "preview": f"{BOOK}/preview",
    "used by": f"{BOOK}/used",
    "palette without script": "/admin/find?q=book",
    "filter builder": f"{BOOKS}-/filter",
    "order": f"{BOOKS}-/sort",
    "columns": f"{BOOKS}-/columns",
    "saved view": f"{BOOKS}-/view",
    "cost": f"{BOOKS}-/cost",
    "charts": f"{BOOKS}-/charts",
    "saved reports": "/admin/-/pipelines/",
    "new report": "/admin/-/pipelines/new",
    "account": "/account",
    "not found": "/admin/nothing/here/",
}
PUBLIC = {
    "home": "/",
    "login": "/login",
    "not found": "/nothing",
    "shop": "/shop/",
    "search": "/shop/search?q=oak",
    "search without results": "/shop/search?q=zzzzz",
}


async def fill(db: Any) -> None:
    await library.fill(db)
    if not await db.shop_products.count_documents({}):
        await fill_shop(db, 30, "EUR")


async def find_faults(page: Page) -> list[str]:
    """The violations on the page, with the first place of each."""
    await page.evaluate(AXE)
    # The dark page is the light one in other colours: only its contrast is looked at.
    dark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    rules = ["color-contrast"] if dark else RULES
    found = await page.evaluate(
        "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules
    )
    return [f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:160]})" for one in found["violations"]]


async def check(desk: Desk, pages: dict[str, str], face: dict[str, Any], user: str) -> None:
    faults = {}
    page = await desk.open("/login" if not user else "/account", user=user, **face)
    for name, path in pages.items():
        await page.goto(desk.url(path))
        faults[name] = await find_faults(page)
    assert not {name: found for name, found in faults.items() if found}


async def test_a_broken_page_is_noticed(desk: Desk) -> None:
    page = await desk.open("/wrong", user="", bypass_csp=True)
    assert [one.partition(":")[0] for one in await find_faults(page)] == ["image-alt"]


@pytest.mark.parametrize("face", FACES)
async def test_the_pages_of_the_admin_have_no_fault(desk: Desk, face: dict[str, Any]) -> None:
    await check(desk, ADMIN, face, "admin")


@pytest.mark.parametrize("face", FACES)
async def test_the_public_pages_have_no_fault(desk: Desk, face: dict[str, Any]) -> None:
    product = await desk.db.shop_products.find_one({"status": "published"})
    category = await desk.db.shop_categories.find_one({"_id": product["category_ids"][0]})
    own = {"category": f"/shop/c/{category['url_path']}", "product": f"/shop/p/{product['slug']}"}
    await check(desk, {**PUBLIC, **own}, face, "")


@pytest.mark.parametrize("face", FACES)
async def test_a_refusal_has_no_fault(desk: Desk, face: dict[str, Any]) -> None:
    await check(desk, {"forbidden": BOOKS}, face, "reader")


@pytest.mark.parametrize("face", FACES)
async def test_what_comes_in_between_has_no_fault(desk: Desk, face: dict[str, Any]) -> None:
    """Menus that are open, an action's question, the message with undo, a conflict, a wrong value."""
    faults: dict[str, list[str]] = {}
    page = await desk.open(BOOKS, **face)
    if face["viewport"]["width"] < 768:
        await page.goto(desk.url(f"{BOOKS}-/filter?status=in"))
    else:
        await page.get_by_role("link", name="Filter", exact=True).click()
        await page.locator(".a-pop select").first.wait_for()
    faults["filter form"] = await find_faults(page)
    await page.goto(desk.url(BOOKS))
    await page.locator(".a-list tbody .a-tick input").first.check()
    faults["ticked rows"] = await find_faults(page)
    await page.get_by_role("button", name="Mark as lost").click()
    faults["question"] = await find_faults(page)
    await page.goto(desk.url(BOOK))
    await desk.db.library_books.update_one({"title": "Book 001"}, {"$set": {"year": 1}})
    await page.locator("#year").fill("2")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator(".a-conflict-row")).to_be_visible()
    faults["conflict"] = await find_faults(page)
    await page.goto(desk.url(BOOK))
    await page.locator("#year").fill("soon")
    await page.locator("#chapters > .a-list-add button").click()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator("#year-errors")).to_be_visible()
    faults["wrong value"] = await find_faults(page)
    await page.locator("#year").fill("3")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator(".a-toast")).to_be_visible()
    await page.wait_for_timeout(300)
    faults["message"] = await find_faults(page)
    assert not {name: found for name, found in faults.items() if found}
