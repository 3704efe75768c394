"""Hostile texts in every field of every kind of document never run in a browser, on any page."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.async_api import Page, expect

from aiocms.admin.values.bsontypes import encode_id
from tests.browser.conftest import desk, module_desk
from tests.browser.desk import Desk
from tests.faults import hostile
from tests.faults.hostile import PAYLOADS, SITE, list_pages, list_parts

__all__ = ("SITE", "desk", "module_desk")
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SETTINGS: dict[str, Any] = {"apps": ["auth", "admin", "shop"]}
TABS = 3
NOTES, RICH = "/admin/desk/notes/", "/admin/desk/rich/"
POLICY = pytest.mark.parametrize("bypass", [True, False], ids=["with the policy off", "with the policy on"])
# All that a page can be looked at for, in one question.
LOOK = """() => {
  const all = [...document.querySelectorAll('*')];
  const links = all.filter((e) => e.matches('a[href],form[action],[formaction],[src],iframe,base,object,embed'));
  return {
    ran: 'canary' in window,
    links: links.flatMap((e) => ['href', 'action', 'formaction', 'src', 'srcdoc', 'data'].filter((n) => e.hasAttribute(n))
      .map((n) => { try { return new URL(e.getAttribute(n), document.baseURI).href; } catch { return 'no address'; } })),
    // Editor.js and popups get styles by script.
    handlers: all.flatMap((e) => [...e.attributes].map((a) => a.name).filter((n) => n !== 'style' || !e.closest('.codex-editor, [popover]')))
      .filter((n) => /^on|^hx-on|^style$/.test(n)),
  };
}"""


async def fill(db: Any) -> None:
    """Once: what is hostile is only looked at."""
    if not await db.desk_notes.find_one():
        await hostile.fill(db)


class Watch:
    """What runs on pages, by whatever way."""

    def __init__(self, desk: Desk, page: Page) -> None:
        self.desk, self.page = desk, page
        self.wrong: list[str] = []
        page.on("dialog", self._dismiss)
        page.on("request", self._see)

    async def _dismiss(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":  # the edit page's own
            await dialog.accept()
            return
        self.wrong.append(f"{self.page.url}: dialog {dialog.message}")
        await dialog.dismiss()

    def _see(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.port != self.desk.server.port:
            self.wrong.append(f"{self.page.url}: asks {request.url}")

    async def visit(self, path: str) -> None:
        await self.page.goto(self.desk.url(path), wait_until="load")
        await self.look(path)

    async def look(self, path: str) -> None:
        """Note what is wrong with the page as it is now."""
        found = await self.page.evaluate(LOOK)
        self.wrong += [f"{path}: a script ran"] if found["ran"] else []
        self.wrong += [
            f"{path}: leads to {one[:100]}"
            for one in found["links"]
            if not re.match(r"https?://|data:image/", one)
        ]
        self.wrong += [f"{path}: has the attribute {one}" for one in found["handlers"]]
        self.wrong += [f"{path}: {one}" for one in self.desk.faults]
        self.desk.faults.clear()


async def open_watch(desk: Desk, bypass: bool) -> Watch:
    return Watch(desk, await desk.open("/account", bypass_csp=bypass))


async def visit_all(desk: Desk, bypass: bool, paths: list[str]) -> list[str]:
    """What is wrong with these pages; in some tabs at a time."""
    rest = iter(dict.fromkeys(paths))
    watches = [await open_watch(desk, bypass) for _ in range(TABS)]

    async def go_through(watch: Watch) -> None:
        for path in rest:
            await watch.visit(path)

    await asyncio.gather(*(go_through(watch) for watch in watches))
    return [one for watch in watches for one in watch.wrong]


@POLICY
async def test_a_page_that_is_broken_on_purpose_is_caught(desk: Desk, bypass: bool) -> None:
    watch = await open_watch(desk, bypass)
    for text in PAYLOADS[:3]:
        watch.wrong.clear()
        await watch.visit(f"/broken?text={quote(text)}")
        said = "a script ran" if bypass else "Content Security"
        assert any(said in one for one in watch.wrong), watch.wrong


@POLICY
async def test_hostile_texts_run_on_no_page(desk: Desk, bypass: bool) -> None:
    pages = await list_pages(desk.db)
    page = await desk.open("/account")
    edits: set[str] = set()
    for path in pages[1:12]:
        text = await (await page.request.get(desk.url(path))).text()
        found = re.findall(r'<a href="(/admin/[^"?]+)"', text[text.find("<tbody") :])
        edits |= set(list(dict.fromkeys(found))[:4])
    assert len(edits) > 15
    forms = [path + rest for path in sorted(edits) for rest in ("", "?tab=json", "/delete")]
    reports = [str(one["_id"]) async for one in desk.db.admin_reports.find().limit(3)]
    views = [str(one["_id"]) async for one in desk.db.admin_views.find().limit(2)]
    kept = [f"/admin/-/pipelines/{one}/{rest}" for one in reports for rest in ("", "edit")]
    kept += [f"{NOTES}{way}?view={one}" for one in views for way in ("", "-/view")]
    parts = list_parts(sorted(edits))
    wrong = await visit_all(desk, bypass, [*pages, *forms, "/admin/database/loose/5?at=deep", *parts, *kept])
    assert not wrong, "\n".join(wrong[:20])


@POLICY
async def test_hostile_texts_do_not_run_in_what_scripts_show(desk: Desk, bypass: bool) -> None:
    watch = await open_watch(desk, bypass)
    page = watch.page
    await watch.visit(NOTES)
    await page.evaluate(
        "(texts) => texts.forEach((text) => aiocms.toast(text, 'info', {action: {label: text, href: '/'}}))",
        list(PAYLOADS[:6]),
    )
    assert PAYLOADS[1] in await page.locator("#toasts").inner_text()
    await page.evaluate("() => document.querySelectorAll('#toasts > *').forEach((one) => one.remove())")
    # Names of saved views, in their line and in their panel.
    await expect(page.locator(".a-views").first).to_contain_text(PAYLOADS[1])
    # The drawer: a preview, then a form.
    row = page.locator("tbody .a-label a").first
    address = str(await row.get_attribute("href"))
    for rest in ("/preview", ""):
        await page.evaluate("(url) => aiocms.drawer.open(url)", address + rest)
        await page.locator("#drawer form, #drawer .a-preview").first.wait_for()
        await watch.look(f"drawer {rest}")
        await page.keyboard.press("Escape")
    # The palette: what was read lately, and what is found.
    await watch.visit(NOTES + quote(encode_id(PAYLOADS[1]), safe="~"))
    await page.keyboard.press("Control+k")
    options = page.locator("#palette").get_by_role("option")
    await expect(options.filter(has_text=PAYLOADS[1]).first).to_be_visible()
    await watch.look("palette, recent")
    async with page.expect_response("**/-/palette*"):
        await page.locator("#palette input").first.fill(PAYLOADS[1][:9])
    await expect(options.first).to_be_visible()
    await watch.look("palette, found")
    assert not watch.wrong, "\n".join(watch.wrong[:20])


@POLICY
@pytest.mark.parametrize("number", [0, 1, 13], ids=["script", "img", "link"])
async def test_hostile_texts_do_not_run_in_editors_and_references(
    desk: Desk, bypass: bool, number: int
) -> None:
    watch = await open_watch(desk, bypass)
    page = watch.page
    await page.goto(desk.url(f"{RICH}~int32:{number}"))
    # Rich text: Editor.js makes the page of blocks that no server has cleaned.
    await expect(page.locator(".ce-block").first).to_be_visible()
    await page.locator("textarea[name=text]").scroll_into_view_if_needed()
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator("[data-md-shown]")).not_to_be_empty()
    # A reference: the label of what is chosen, and those that are offered.
    box = page.get_by_role("combobox").first
    async with page.expect_response("**/-/suggest*"):
        await box.fill("<")
    await expect(page.locator("[role=option]").first).to_be_visible()
    await watch.look("editors")
    assert not watch.wrong, "\n".join(watch.wrong[:20])


@POLICY
async def test_a_conflict_over_hostile_texts_shows_them(desk: Desk, bypass: bool) -> None:
    watch = await open_watch(desk, bypass)
    page, notes = watch.page, desk.db.desk_notes
    mine = PAYLOADS[7 if bypass else 9]
    await page.goto(desk.url(NOTES + quote(encode_id(mine), safe="~")))
    await notes.update_one({"_id": mine}, {"$set": {"title": f"theirs {PAYLOADS[1]}"}})
    await page.fill("[name=title]", f"mine {PAYLOADS[3]}")
    await page.locator(".a-savebar .btn-primary").first.click()
    await expect(page.locator("main")).to_contain_text(f"theirs {PAYLOADS[1]}")
    await watch.look("conflict")
    # The message of a save.
    other = PAYLOADS[15 if bypass else 16]
    await page.goto(desk.url(NOTES + quote(encode_id(other), safe="~")))
    await page.fill("[name=title]", PAYLOADS[4])
    await page.locator(".a-savebar .btn-primary").first.click()
    await expect(page.locator("#toasts .a-toast").first).to_be_visible()
    await watch.look("saved")
    assert not watch.wrong, "\n".join(watch.wrong[:20])
