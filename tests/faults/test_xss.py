"""Hostile texts in every field of every kind of document never run in a browser, on any page."""

from __future__ import annotations

import re
import textwrap
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from bson import Code, Decimal128, Regex
from playwright.async_api import expect

from aiocms.admin.values.bsontypes import encode_id
from aiocms.shop.demo.fill import fill as fill_shop
from tests.browser.conftest import launch
from tests.browser.desk import Desk, open_desk

from .conftest import FILES

pytestmark = pytest.mark.browser
RUN = "window.canary=1"
PAYLOADS = (
    f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"\"><svg onload={RUN}>", f"' autofocus onfocus={RUN} x='",
    f"\" autofocus onfocus=\"{RUN}", f"</title><script>{RUN}</script>", f"</textarea><script>{RUN}</script>",
    f"</script><script>{RUN}</script>", f"--><script>{RUN}</script>", f"javascript:{RUN}//", f"JaVaScRiPt:{RUN}", f"\tjavascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>", f"<a href=\"javascript:{RUN}\">x</a>", f"<iframe srcdoc='<script>parent.{RUN[7:]}</script>'></iframe>",
    f"<style>*{{x:expression({RUN})}}</style><base href=//127.0.0.1:1/>", f"<math><mtext><img src onerror={RUN}></math>",
    "{{7*7}}{% raw %}", f"<div hx-get=/x hx-on::load=\"{RUN}\" hx-trigger=load>", f"`${{{RUN}}}`", f"\\u003cscript>{RUN}\\u003c/script>",
    f"<details open ontoggle={RUN}>", f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>", f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"%3Cscript%3E{RUN}%3C/script%3E", f"<form action=javascript:{RUN}><button autofocus>", f"\u2028{RUN}//<b id=jinja>",
)  # fmt: skip
SITE = {
    **FILES,
    "routes.py": """
        from aiocms import flash, redirect, route, templ

        async def broken(request):
            return templ("broken", request, {"text": request.query["text"]})

        async def say(request):
            flash(request, request.query["text"], "info", action=(request.query["text"], "/"))
            return redirect(request, request.query.get("to", "/admin/"))

        routes = [route("GET", "/broken", broken, "broken"), route("GET", "/say", say, "say")]
    """,
    "templ/broken.tpl": "{% extends 'core:layout' %}{% block content %}{{ text | safe }}{% endblock %}",
}


def poison(value: Any, at: int = 0) -> Any:
    """The same shape with a payload at the end of each text; links and pictures are payloads alone."""
    if isinstance(value, str):
        return value if len(value) < 3 else value + PAYLOADS[at % len(PAYLOADS)]
    if isinstance(value, dict):
        return {key: poison(child, at + i) for i, (key, child) in enumerate(value.items())}
    if isinstance(value, list):
        return [poison(child, at + i) for i, child in enumerate(value)]
    return value


# What addresses and queries go by; a product with another of these is simply not found.
KEPT = (
    "_id",
    "site",
    "slug",
    "url_path",
    "status",
    "tokens",
    "type",
    "kind",
    "sku",
    "cur",
    "parent",
    "language",
    "theme",
    "time_zone",
)


def poison_but(document: dict[str, Any], at: int) -> dict[str, Any]:
    return {
        key: value if key in KEPT else poison(value, at + i)
        for i, (key, value) in enumerate(document.items())
    }


async def fill(db: Any) -> list[str]:
    """Payloads everywhere; the addresses of the pages that show them."""
    await fill_shop(db, 30, "EUR")
    found = []
    for name in ("shop_products", "shop_categories", "shop_types", "shop_stock"):
        at = 0
        async for document in db[name].find():
            at += 1
            await db[name].replace_one({"_id": document["_id"]}, poison_but(document, at))
    for number, text in enumerate(PAYLOADS):
        await db.desk_notes.insert_one(
            {
                "_id": text,
                "title": text,
                "text": text,
                "tags": [text],
                "lines": [{"name": text, "amount": 1}],
                "kind": text if number > 1 else "a",
                "pages": 1,
                "price": Decimal128("1.5"),
                "due": datetime(2024, 5, 6, tzinfo=UTC),
                "more": text,
            }
        )
        await db.loose.insert_one(
            {
                "_id": number,
                "name": text,
                f"key {text}".replace("\0", ""): text,
                "deep": {text: {text: [text, {text: 1}]}},
                "code": Code(text),
                "regex": Regex(text),
                "scoped": Code(text, {"x": text}),
                "symbol": text.encode(),
            }
        )
        await db.auth_users.insert_one(
            {
                "username": f"{text}{number}",
                "display_name": text,
                "email": text,
                "active": True,
                "roles": [text],
                "permissions": [text],
            }
        )
        await db.auth_roles.insert_one({"name": f"{text}{number}", "title": text, "permissions": [text]})
        if number % 4 == 0 and len(text) < 100:
            await db[text.replace("$", "")].insert_one({"_id": text, "title": text})
            found.append(f"/admin/database/{quote(text.replace('$', ''), safe='')}/")
    products = [one["slug"] async for one in db.shop_products.find().limit(6)]
    paths = [one["url_path"] async for one in db.shop_categories.find().limit(4)]
    lists = ["/admin/desk/notes/", "/admin/database/loose/", "/admin/auth/users/", "/admin/auth/roles/", "/admin/shop/products/",
             "/admin/shop/categories/", *found[:4]]  # fmt: skip
    return [
        "/admin/", *lists, *(f"/shop/p/{one}" for one in products), *(f"/shop/c/{one}" for one in paths), "/shop/", "/shop/search?q=the",
        *(f"{one}?q={quote(PAYLOADS[i])}&sort=title" for i, one in enumerate(lists[:5])),
        *(f"/admin/desk/notes/?title={quote(text)}&nothing={quote(text)}&cols={quote(text)}&at={quote(text)}" for text in PAYLOADS[::4]),
        *(f"/admin/desk/notes/?{quote(text)}={quote(text)}" for text in PAYLOADS[1::5]),
        *(f"/shop/search?q={quote(text)}" for text in PAYLOADS[::4]), *(f"/login?next={quote(text)}" for text in PAYLOADS[9:13]),
        *(f"/say?text={quote(text)}" for text in PAYLOADS[::3]), f"/nothing/{quote(PAYLOADS[0])}", f"/shop/c/home?color={quote(PAYLOADS[2])}",
    ]  # fmt: skip


class Watch:
    """What runs on pages, by whatever way."""

    def __init__(self, desk: Desk, page: Any) -> None:
        self.desk, self.page = desk, page
        self.dialogs: list[str] = []
        self.elsewhere: list[str] = []
        page.on("dialog", self._dismiss)
        page.on("request", self._see)
        page.set_default_timeout(15_000)

    async def _dismiss(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":  # the edit page's own
            await dialog.accept()
            return
        self.dialogs.append(dialog.message)
        await dialog.dismiss()

    def _see(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.port != self.desk.server.port:
            self.elsewhere.append(request.url)

    async def visit(self, path: str) -> list[str]:
        """What is wrong with the page."""
        await self.page.goto(self.desk.url(path), wait_until="load")
        wrong = [f"{path}: dialog {one}" for one in self.dialogs] + [
            f"{path}: asks {one}" for one in self.elsewhere
        ]
        if await self.page.evaluate("'canary' in window"):
            wrong.append(f"{path}: a script ran")
        links = await self.page.evaluate(
            "[...document.querySelectorAll('a[href],form[action],[formaction],[src],iframe,base,object,embed')]"
            ".map(e => ['href', 'action', 'formaction', 'src']"
            ".filter(n => e.hasAttribute(n)).map(n => new URL(e.getAttribute(n), document.baseURI).href)).flat()"
        )
        wrong += [
            f"{path}: leads to {one[:100]}" for one in links if not re.match(r"https?://|data:image/", one)
        ]
        handlers = await self.page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => a.name)).filter(n => /^on|^hx-on|^style$/.test(n))"
        )
        wrong += [f"{path}: has the attribute {one}" for one in handlers]
        wrong += [f"{path}: {one}" for one in self.desk.faults]
        self.dialogs.clear()
        self.elsewhere.clear()
        self.desk.faults.clear()
        return wrong


def list_parts(edits: list[str]) -> list[str]:
    """What is shown beside lists and forms: panels, drawers, popups, by their own addresses."""
    notes, text = "/admin/desk/notes/", quote(PAYLOADS[0])
    panels = [
        f"{notes}-/{one}?title={text}&sort=title"
        for one in ("filter", "sort", "columns", "view", "cost", "charts")
    ]
    shop = "/admin/shop/products/-/charts"
    asked = [f"/admin/find?q={quote(one)}" for one in PAYLOADS[:3]]
    parts = [f"{path}/{one}" for path in edits[:4] for one in ("preview", "used")]
    saved = [f"{notes}?title={text}&view={text}", "/admin/-/pipelines/", "/admin/-/pipelines/new"]
    return [*panels, shop, *asked, *parts, *saved]


async def find_in_panels(desk: Desk, page: Any, watch: Watch) -> list[str]:
    """Faults of what scripts put into a page: the drawer, the palette, a message."""
    await page.goto(desk.url("/admin/desk/notes/"))
    await page.evaluate(
        "([texts]) => texts.forEach((text) => aiocms.toast(text, 'info', {action: {label: text, href: '/'}}))",
        [list(PAYLOADS[:6])],
    )
    assert PAYLOADS[1] in await page.locator("#toasts").inner_text()
    await page.evaluate("() => document.querySelectorAll('#toasts > *').forEach((one) => one.remove())")
    link = page.locator("tbody .a-label a").first
    await page.evaluate("(url) => aiocms.drawer.open(url)", await link.get_attribute("href"))
    await page.locator("#drawer form").first.wait_for()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    field = page.locator("dialog[open] input").first
    async with page.expect_response("**/-/palette*"):
        await field.fill(PAYLOADS[1])
    found = ["a script ran in a panel"] if await page.evaluate("'canary' in window") else []
    return [*found, *(f"panel: {one}" for one in watch.dialogs)]


@pytest.mark.parametrize("bypass", [True, False], ids=["with the policy off", "with the policy on"])
async def test_hostile_texts_run_on_no_page(tmp_path: Path, mongo_uri: str, bypass: bool) -> None:
    settings = {
        "database": mongo_uri,
        "database_name": f"test_{uuid.uuid4().hex[:20]}",
        "apps": ["auth", "admin", "shop"],
    }
    files = {name: textwrap.dedent(text) for name, text in SITE.items()}
    async with (
        launch() as browser,
        open_desk(tmp_path, browser, files, {"admin": {"superuser": True}}, settings) as desk,
    ):
        page = await desk.open("/account", bypass_csp=bypass)
        watch = Watch(desk, page)
        # The control: a page that is broken on purpose is caught, by the script or by the policy.
        for text in (PAYLOADS[0], PAYLOADS[1], PAYLOADS[2]):
            caught = await watch.visit(f"/broken?text={quote(text)}")
            assert any(("a script ran" if bypass else "Content Security") in one for one in caught), caught
        pages = await fill(desk.db)
        wrong: list[str] = []
        for path in pages:
            wrong += await watch.visit(path)
        edits: set[str] = set()
        for path in pages[1:12]:
            await page.goto(desk.url(path))
            found = await page.evaluate(
                "[...document.querySelectorAll('tbody a[href]')].map(a => new URL(a.href).pathname)"
            )
            edits |= set(list(dict.fromkeys(one for one in found if one.startswith("/admin/")))[:4])
        assert len(edits) > 15
        for path in sorted(edits):
            for rest in ("", "?tab=json", "/delete"):
                wrong += await watch.visit(path + rest)
        wrong += await watch.visit("/admin/database/loose/5?at=deep")
        for path in list_parts(sorted(edits)):
            wrong += await watch.visit(path)
        wrong += await find_in_panels(desk, page, watch)
        # A conflict over a hostile text, and the messages of a save.
        address = "/admin/desk/notes/" + quote(encode_id(PAYLOADS[0]), safe="~")
        await page.goto(desk.url(address))
        await desk.db.desk_notes.update_one(
            {"_id": PAYLOADS[0]}, {"$set": {"title": f"theirs {PAYLOADS[1]}"}}
        )
        await page.fill("[name=title]", f"mine {PAYLOADS[3]}")
        await page.locator(".a-savebar .btn-primary").first.click()
        await expect(page.locator("main")).to_contain_text(f"theirs {PAYLOADS[1]}")
        assert not await page.evaluate("'canary' in window")
        await desk.db.desk_notes.update_one({"_id": PAYLOADS[1]}, {"$set": {"title": PAYLOADS[2]}})
        await page.goto(desk.url("/admin/desk/notes/" + quote(encode_id(PAYLOADS[1]), safe="~")))
        await page.fill("[name=title]", PAYLOADS[4])
        await page.locator(".a-savebar .btn-primary").first.click()
        await expect(page.locator("#toasts .a-toast").first).to_be_visible()
        assert not await page.evaluate("'canary' in window")
        wrong += await watch.visit("/admin/")
        assert not wrong, "\n".join(wrong[:20])
