"""axe-core finds nothing on any page: wide and narrow, light and dark."""

from __future__ import annotations

import importlib.resources
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import ObjectId
from playwright.async_api import Page, expect

from aiocms.shop.demo.fill import fill as fill_shop
from tests.browser import library
from tests.browser.desk import DESK, PHONE, Desk
from tests.browser.library import BOOK, BOOKS

pytestmark = pytest.mark.asyncio(loop_scope="module")
SETTINGS: dict[str, Any] = {**library.SETTINGS, "apps": ["auth", "admin", "shop"]}
FILE, REPORT = f"{7:064x}", ObjectId("650000000000000000000777")
NOTES = """

class Notes(Screen):
    collection = "library_notes"
    widgets = {"text": "markdown", "body": "richtext", "cover": "image", "paper": "file"}
    references = {"book": "library_books"}
"""
SITE = {**library.SITE, "apps/library/admin.py": library.SCREENS + NOTES, "templ/wrong.tpl": '{% extends "core:layout" %}{% block content %}<h1>Wrong</h1><img src="/x.png">{% endblock %}',
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
    "files": "/admin/files/files/",
    "a file": f"/admin/files/files/{FILE}",
    "upload": "/files/-/upload",
    "library to choose from": "/files/-/library?only=all",
    "form with texts, files and lists": "/admin/library/notes/~int32:1",
    "saved report": f"/admin/-/pipelines/{REPORT}/",
    "change a report": f"/admin/-/pipelines/{REPORT}/edit",
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
    if not await db.library_notes.find_one():
        await fill_beside(db)


async def fill_beside(db: Any) -> None:
    """A file, a saved report, and a document with texts, files and lists."""
    moment = datetime(2024, 5, 6, tzinfo=UTC)
    file = {"_id": FILE, "name": "paper.pdf", "type": "application/pdf", "size": 9, "content": REPORT}
    await db.files_files.insert_one({**file, "keep": True, "grants": [""], "created": moment})
    admin = await db.auth_users.find_one({"username": "admin"})
    stages = '[{"$group": {"_id": "$status", "books": {"$sum": 1}}}]'
    report = {"name": "Books", "collection": "library_books", "pipeline": stages, "roles": []}
    await db.admin_reports.insert_one({"_id": REPORT, "owner": admin["_id"], "owner_name": "admin", **report})
    blocks = [
        {"type": "header", "data": {"text": "Head", "level": 2}},
        {"type": "list", "data": {"style": "unordered", "items": ["one"]}},
        {"type": "quote", "data": {"text": "Said", "caption": "by her"}},
    ]
    note = {"title": "Note", "text": "Some *text*", "body": {"blocks": blocks}, "cover": "", "paper": FILE}
    lines = [{"name": "a", "prices": [1, 2]}, {"name": "b", "prices": []}]
    await db.library_notes.insert_one({"_id": 1, **note, "book": library.FIRST, "lines": lines, "empty": []})


SETTLE = """() => document.getAnimations().forEach((one) => {
    if (Number.isFinite(Number(one.effect.getComputedTiming().endTime))) one.finish();
})"""


async def find_faults(page: Page) -> list[str]:
    """The violations on the page, with the first place of each."""
    await page.evaluate(AXE)
    # What is still fading in has not got its colours yet.
    await page.evaluate(SETTLE)
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
        if await page.locator("[data-richtext]").count():
            # The editor comes a moment later.
            await page.locator("[data-richtext].is-ready").first.wait_for()
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
    await expect(page.locator(".a-list")).to_have_count(0)
    await page.wait_for_load_state()
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
    await expect(page.locator(".a-list")).to_be_visible()
    await page.wait_for_load_state()
    await expect(page.locator(".a-toast")).to_be_visible()
    faults["message"] = await find_faults(page)
    assert not {name: found for name, found in faults.items() if found}
