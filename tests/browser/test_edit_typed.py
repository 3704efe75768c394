"""Nothing typed is lost: while a form is on its way, when the site fails, when a form is very long, in a drawer."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from aiocms.testing import TEST_PASSWORD
from tests.browser.desk import Desk

SCREENS = """
from aiocms import Form
from aiocms.admin import Reference, Screen
from wtforms import FieldList, FormField, IntegerField, StringField

class LineForm(Form):
    what = StringField("What")
    count = IntegerField("Count")

class BillForm(Form):
    number = StringField("Number")
    lines = FieldList(FormField(LineForm), "Lines")

class Goods(Screen):
    collection = "market_goods"
    label = "{name}"
    references = {"maker": Reference("market_makers")}

class Makers(Screen):
    collection = "market_makers"
    label = "{name}"

class Bills(Screen):
    collection = "market_bills"
    form = BillForm
"""
SITE = {
    "apps/market/app.py": 'from aiocms import App\n\napp = App(title="Market")\n',
    "apps/market/admin.py": SCREENS,
}
SETTINGS: dict[str, Any] = {"title": "Market", "languages": ["en"], "max_fields": 420}
USERS = {
    "clerk": {
        "permissions": [
            "admin.enter",
            *(f"market.goods.{verb}" for verb in ("view", "edit", "add", "delete")),
        ]
    }
}
GOODS: dict[str, Any] = {
    "_id": 1,
    "name": "Chair",
    "note": "Plain.\nTwo lines.",
    "maker": "acme",
    "rows": [{"n": 1}],
}
BILL: dict[str, Any] = {"_id": 1, "number": "7", "lines": [{"what": "seat", "count": 1}]}
URL = "/admin/market/goods/~int32:1"
BILL_URL = "/admin/market/bills/~int32:1"
AWAY = '<main><section class="a-fault"><p class="a-fault-code">503</p><h1>Away</h1><p>No database.</p></section></main>'
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fill(db: Any) -> None:
    for name in ("goods", "makers", "bills"):
        await db[f"market_{name}"].delete_many({})
    await db.market_goods.insert_one(GOODS)
    await db.market_makers.insert_one({"_id": "acme", "name": "Acme", "city": "Rome"})
    await db.market_bills.insert_one(BILL)


async def stored(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = await desk.db.market_goods.find_one({"_id": 1})
    return found


async def open_form(desk: Desk, path: str = URL, **options: Any) -> Page:
    page = await desk.open(path, **options)
    await page.wait_for_selector("form[data-draft-ready]")
    await page.evaluate("indexedDB.deleteDatabase('aiocms')")
    return page


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def log_in_again(page: Page, user: str = "admin") -> None:
    dialog = page.get_by_role("dialog")
    await dialog.locator("[name=username]").fill(user)
    await dialog.locator("[name=password]").fill(TEST_PASSWORD)
    await dialog.get_by_role("button", name="Log in", exact=True).click()


async def wait_kept(page: Page) -> None:
    """Until what was typed last is in the browser's store."""
    await expect(page.locator("form[data-edit]")).to_have_attribute("data-kept", re.compile(r"\d"))


async def expect_no_draft(desk: Desk, page: Page) -> None:
    await page.goto(desk.url(URL))
    await page.wait_for_selector("form[data-draft-ready]")
    await expect(page.locator("[data-draft-offer]")).to_be_hidden()


@asynccontextmanager
async def posts_wait(page: Page) -> AsyncIterator[list[Route]]:
    """A network so slow that posts are on their way as long as the block lasts; the list holds them."""
    go, held = asyncio.Event(), []

    async def hold(route: Route) -> None:
        if route.request.method == "POST" and "/validate" not in route.request.url:
            held.append(route)
            await go.wait()
        await route.continue_()

    await page.route("**/admin/market/**", hold)
    try:
        yield held
    finally:
        go.set()


@asynccontextmanager
async def posts_answered(page: Page, status: int, body: str = AWAY) -> AsyncIterator[None]:
    """Posts do not get through; they get this answer."""

    async def answer(route: Route) -> None:
        if route.request.method == "POST":
            await route.fulfill(status=status, content_type="text/html", body=body)
        else:
            await route.continue_()

    await page.route("**/admin/market/**", answer)
    yield
    await page.unroute("**/admin/market/**", answer)


async def test_a_form_on_its_way_takes_no_more_and_the_cursor_comes_back_where_it_was(desk: Desk) -> None:
    page = await open_form(desk)
    await page.locator("#name").fill("Armchair")
    await page.locator("#name").press("ArrowLeft")
    async with posts_wait(page) as held:
        await page.keyboard.press("Control+s")
        await expect(page.locator("form[data-edit][aria-busy]")).to_be_attached()
        await page.keyboard.type("typed into nothing")
        await expect(page.locator("#name")).to_have_value("Armchair")
    await expect(page.locator(".a-toast")).to_contain_text("Saved.")
    assert len(held) == 1
    await expect(page.locator("#name")).to_be_focused()
    await page.keyboard.type("-")
    await expect(page.locator("#name")).to_have_value("Armchai-r")
    assert await stored(desk) == {**GOODS, "name": "Armchair"}


async def test_a_form_that_the_site_refuses_can_be_typed_into_again(desk: Desk) -> None:
    page = await open_form(desk)
    await page.locator("#name").fill("Armchair")
    async with posts_answered(page, 503):
        await page.keyboard.press("Control+s")
        said = page.locator(".a-toast")
        await expect(said).to_contain_text("Not saved; what you typed is still here. No database.")
    await expect(page.locator("#name")).to_be_focused()
    await page.keyboard.type("s")
    await page.keyboard.press("Control+s")
    await expect(page.locator(".a-toast", has_text="Saved.")).to_be_visible()
    assert await stored(desk) == {**GOODS, "name": "Armchairs"}


async def test_rights_that_went_meanwhile_are_named_and_nothing_typed_goes(desk: Desk) -> None:
    page = await open_form(desk, user="clerk")
    await page.locator("#name").fill("Armchair")
    await desk.db.auth_users.update_one(
        {"username": "clerk"}, {"$set": {"permissions": ["admin.enter", "market.goods.view"]}}
    )
    await press(page, "Save")
    desk.contexts.clear()
    await log_in_again(page, "clerk")
    await expect(page.locator(".a-toast")).to_contain_text("You may not change this document any more.")
    await expect(page.locator("#name")).to_have_value("Armchair")
    assert await stored(desk) == GOODS


async def test_a_button_of_the_form_while_the_site_is_away_leaves_the_form_as_it_is(desk: Desk) -> None:
    page = await open_form(desk, BILL_URL)
    await page.locator("#number").fill("8")
    async with posts_answered(page, 503):
        await page.locator("#lines button[value='add:lines']").click()
        await expect(page.locator(".a-toast")).to_contain_text("The site did not answer.")
    await page.context.set_offline(True)
    await page.locator("#lines button[value='add:lines']").click()
    await expect(page.locator(".a-toast")).to_have_count(1)
    await page.context.set_offline(False)
    await expect(page.locator("#number")).to_have_value("8")
    await page.locator("#lines button[value='add:lines']").click()
    await page.locator("#lines-1-what").fill("leg")
    await page.locator("#lines-1-count").fill("4")
    await press(page, "Save and stay")
    await expect(page.locator(".a-toast", has_text="Saved.")).to_be_visible()
    found = await desk.db.market_bills.find_one({"_id": 1})
    assert (found["number"], [one["what"] for one in found["lines"]]) == ("8", ["seat", "leg"])


async def test_an_impatient_second_click_adds_no_item_over_the_first(desk: Desk) -> None:
    page = await open_form(desk)
    add = page.locator("#rows > .a-list-add button")
    duplicate = page.locator('[data-item="rows-0"]').get_by_role("button", name="Duplicate")
    async with posts_wait(page) as held:
        await add.click()
        await expect(page.locator("#rows[aria-busy]")).to_be_attached()
        await add.click(force=True)
        await duplicate.click(force=True)
        assert len(held) == 1
    await expect(page.locator("#rows > [data-items] > [data-item]")).to_have_count(2)
    await duplicate.click()
    await expect(page.locator("#rows > [data-items] > [data-item]")).to_have_count(3)
    names = await page.locator("#rows input[name$='-n']").evaluate_all("all => all.map((one) => one.name)")
    assert len(set(names)) == 3


async def put_long_goods(desk: Desk, count: int = 150) -> dict[str, Any]:
    """More inputs than the site takes in one form."""
    long = {**GOODS, "rows": [{"n": at, "m": at, "k": at} for at in range(count)]}
    await desk.db.market_goods.replace_one({"_id": 1}, long)
    return long


async def open_long_form(desk: Desk) -> Page:
    page = await open_form(desk)
    await page.locator("#rows > legend").get_by_role("button", name="Expand all").click()
    await expect(page.locator("#rows-149-n")).to_be_visible(timeout=60_000)
    await page.locator("#rows-149-n").fill("7")
    return page


async def test_a_very_long_form_comes_back_after_a_crash_and_is_saved(desk: Desk) -> None:
    long = await put_long_goods(desk)
    page = await open_long_form(desk)
    await wait_kept(page)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await press(page, "Restore it")
    await expect(page.locator("#rows-149-n")).to_have_value("7", timeout=60_000)
    await press(page, "Save and stay")
    await expect(page.locator(".a-toast", has_text="Saved.")).to_be_visible()
    long["rows"][149]["n"] = 7
    assert await stored(desk) == long


async def test_a_very_long_form_is_saved_after_a_login_that_ended(desk: Desk) -> None:
    long = await put_long_goods(desk)
    page = await open_long_form(desk)
    await desk.db.core_sessions.delete_many({})
    desk.contexts.clear()
    await press(page, "Save and stay")
    await log_in_again(page)
    await expect(page.locator(".a-toast", has_text="Saved.")).to_be_visible()
    long["rows"][149]["n"] = 7
    assert await stored(desk) == long


async def test_what_is_typed_without_a_pause_is_kept_meanwhile(desk: Desk) -> None:
    page = await open_form(desk)
    form = page.locator("form[data-edit]")
    await page.locator("#note").focus()
    for _ in range(80):
        await page.keyboard.type("x")
        await asyncio.sleep(0.05)
        if await form.get_attribute("data-kept"):
            break
    assert await form.get_attribute("data-kept")


async def test_a_draft_that_cannot_be_brought_back_now_says_so_and_stays(desk: Desk) -> None:
    page = await open_form(desk)
    await page.locator("#name").fill("Half a cha")
    await wait_kept(page)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    async with posts_answered(page, 401, "<main><form><input type=password></form></main>"):
        await press(page, "Restore it")
        await expect(page.locator(".a-toast")).to_contain_text("It stays in this browser.")
    await press(page, "Restore it")
    await expect(page.locator("#name")).to_have_value("Half a cha")


async def open_conflict(desk: Desk) -> Page:
    page = await open_form(desk)
    await page.locator("#name").fill("Mine")
    await page.locator("#note").fill("Mine\ntoo")
    await desk.db.market_goods.update_one({"_id": 1}, {"$set": {"name": "Theirs"}})
    await press(page, "Save")
    await expect(page.locator("form[data-conflict]")).to_contain_text("Theirs")
    await page.get_by_role("radio", name="Yours").check()
    return page


async def test_a_conflict_that_cannot_be_settled_now_stays_with_what_was_typed(desk: Desk) -> None:
    page = await open_conflict(desk)
    async with posts_answered(page, 503):
        await press(page, "Save")
        await expect(page.locator(".a-toast")).to_contain_text("Not saved")
    await page.context.set_offline(True)
    await press(page, "Save")
    await expect(page.locator(".a-toast", has_text="the site did not answer")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_role("radio", name="Yours")).to_be_checked()
    await press(page, "Save")
    await page.wait_for_url("**/goods/")
    assert await stored(desk) == {**GOODS, "name": "Mine", "note": "Mine\ntoo"}
    await expect_no_draft(desk, page)


async def test_a_conflict_page_is_not_left_unasked(desk: Desk) -> None:
    page = await open_conflict(desk)
    async with page.expect_event("dialog") as asked:
        await page.evaluate("setTimeout(() => document.querySelector('.a-crumbs a').click())")
    dialog = await asked.value
    assert dialog.type == "beforeunload"
    await dialog.dismiss()
    await press(page, "Back to the form")
    await expect(page.locator("#note")).to_have_value("Mine\ntoo")


async def test_a_login_that_ends_on_the_conflict_page_is_asked_for_there(desk: Desk) -> None:
    page = await open_conflict(desk)
    await desk.db.core_sessions.delete_many({})
    desk.contexts.clear()
    await press(page, "Save")
    await log_in_again(page)
    await page.wait_for_url("**/goods/")
    assert await stored(desk) == {**GOODS, "name": "Mine", "note": "Mine\ntoo"}


async def test_a_document_that_goes_while_its_conflict_is_settled_shows_the_form_again(desk: Desk) -> None:
    page = await open_conflict(desk)
    await desk.db.market_goods.delete_many({})
    await press(page, "Save")
    await expect(page.locator("#note")).to_have_value("Mine\ntoo")
    await expect(page.locator("#name")).to_have_value("Mine")


async def open_maker(desk: Desk) -> Page:
    page = await open_form(desk)
    await page.evaluate("window.aiocms.drawer.open('/admin/market/makers/acme')")
    await page.locator("#drawer #city").fill("Milan")
    return page


async def test_a_drawer_whose_site_is_away_keeps_what_was_typed(desk: Desk) -> None:
    page = await open_maker(desk)
    drawer = page.locator("#drawer")
    async with posts_answered(page, 503):
        await drawer.get_by_role("button", name="Save", exact=True).last.click()
        await expect(drawer.get_by_role("alert")).to_contain_text(
            "No database. What you typed is still here."
        )
    await expect(drawer.locator("#city")).to_have_value("Milan")
    await drawer.get_by_role("button", name="Try again").click()
    await expect(drawer.locator("#city")).to_have_count(0)
    assert await desk.db.market_makers.find_one() == {"_id": "acme", "name": "Acme", "city": "Milan"}


async def test_ctrl_s_means_the_form_in_the_drawer(desk: Desk) -> None:
    page = await open_maker(desk)
    await page.locator("#drawer #city").press("Control+s")
    await expect(page.locator("#drawer #city")).to_have_count(0)
    assert await desk.db.market_makers.find_one() == {"_id": "acme", "name": "Acme", "city": "Milan"}
    assert await stored(desk) == GOODS


async def test_a_discarded_drawer_leaves_nothing_to_ask_about(desk: Desk) -> None:
    page = await desk.open("/admin/market/makers/")
    await page.evaluate("window.aiocms.drawer.open('/admin/market/makers/acme')")
    await page.locator("#drawer #city").fill("Milan")
    await page.keyboard.press("Escape")
    await press(page, "Discard")
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    await page.goto(desk.url("/admin/"))
    assert asked == []


async def test_a_draft_holds_no_passwords_or_tokens(desk: Desk) -> None:
    page = await open_form(desk)
    await page.locator("#name").fill("Half a cha")
    await wait_kept(page)
    read = """() => new Promise((done) => {
        const open = indexedDB.open("aiocms", 1);
        open.onsuccess = () => {
            const all = open.result.transaction("drafts").objectStore("drafts").getAll();
            all.onsuccess = () => done(JSON.stringify(all.result));
        };
    })"""
    kept = json.loads(await page.evaluate(read))
    names = {name for draft in kept for name, _ in draft["pairs"]}
    assert "name" in names and "csrf_token" not in names


async def delete_goods(desk: Desk) -> None:
    other = await desk.open(f"{URL}/delete")
    await press(other, "Delete")
    await other.wait_for_url("**/goods/")


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_document_that_somebody_deleted_is_brought_back_beside_what_was_typed(
    desk: Desk, scripts: bool
) -> None:
    page = await (open_form(desk) if scripts else desk.open(URL, java_script_enabled=False))
    await page.locator("#name").fill("Typed meanwhile")
    await delete_goods(desk)
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await expect(page.get_by_text("Somebody deleted this document meanwhile.").first).to_be_visible()
    await expect(page.locator("#name")).to_have_value("Typed meanwhile")
    async with page.context.expect_page() as opened:
        await press(page, "Bring the document back")
    await (await opened.value).wait_for_load_state()
    desk.pages.append(await opened.value)
    assert await stored(desk) == GOODS
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await expect(page.locator(".a-toast", has_text="Saved.")).to_be_visible()
    assert await stored(desk) == {**GOODS, "name": "Typed meanwhile"}


async def test_a_document_that_is_gone_for_good_is_saved_as_a_new_one(desk: Desk) -> None:
    page = await open_form(desk)
    await page.locator("#name").fill("Typed meanwhile")
    await desk.db.market_goods.delete_many({})
    await desk.db.admin_changes.delete_many({})
    await press(page, "Save")
    await expect(page.get_by_text("You can save what you typed as a new document.").first).to_be_visible()
    await page.locator("summary[aria-label='More ways to save']").click()
    await press(page, "Save as new")
    await expect(page.locator(".a-toast", has_text="Added.")).to_be_visible()
    [found] = await desk.db.market_goods.find({}, {"_id": 0}).to_list(None)
    assert found == {key: one for key, one in GOODS.items() if key != "_id"} | {"name": "Typed meanwhile"}
