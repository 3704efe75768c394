"""Tabs, conditions, checks while typing, ways to save, drafts and logins that end, as a person meets them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from aiocms.admin.forms.showif import parse
from aiocms.testing import TEST_PASSWORD
from tests.admin.showif_cases import CASES, FORM
from tests.browser.conftest import find_chromium
from tests.browser.desk import PHONE, Desk

SCREENS = """
from aiocms.admin import Group, Screen, Tab

class Goods(Screen):
    collection = "market_goods"
    label = "{name}"
    layout = (
        ("name", "code"),
        Tab("Price", ("price", "on_sale"), Group("Sale", "sale_price", "sale_until", help="Only while it lasts.")),
        Tab("Lines", "lines"),
        Tab("Notes", "note", Group("Rarely", "origin", collapsed=True)),
    )
    show_if = {"sale_price": "on_sale and price > 0", "sale_until": "on_sale", "lines.reason": "discount > 0"}
    help = {"code": "No two goods share it."}
    types = {"sale_price": "int", "sale_until": "date"}
"""
SITE = {
    "apps/market/app.py": 'from aiocms import App\n\napp = App(title="Market")\n',
    "apps/market/admin.py": SCREENS,
    "apps/market/models.py": """
from aiocms import Index

indexes = (Index("market_goods", [("code", 1)], unique=True),)
""",
}
SETTINGS: dict[str, Any] = {"title": "Market", "languages": ["en", "ru"]}
GOODS: dict[str, Any] = {
    "_id": 1,
    "name": "Chair",
    "code": "C-1",
    "price": 50,
    "on_sale": False,
    "lines": [
        {"what": "seat", "discount": 0, "reason": "-"},
        {"what": "leg", "discount": 2, "reason": "worn"},
    ],
    "note": "Plain.",
    "origin": "here",
}
URL = "/admin/market/goods/~int32:1"
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fill(db: Any) -> None:
    await db.market_goods.delete_many({})
    await db.market_goods.insert_many([GOODS, {**GOODS, "_id": 2, "name": "Table", "code": "T-1"}])


async def stored(desk: Desk, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = await desk.db.market_goods.find_one({"_id": number})
    return found


async def open_goods(desk: Desk, path: str = URL, **options: Any) -> Page:
    page = await desk.open(path, **options)
    if options.get("java_script_enabled", True):
        await page.wait_for_selector("form[data-draft-ready]")
        # Each test begins without what another one typed.
        await page.evaluate("indexedDB.deleteDatabase('aiocms')")
    return page


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def wait_kept(page: Page) -> None:
    """Until what was typed last is in the browser's store."""
    await expect(page.locator("form[data-edit]")).to_have_attribute("data-kept", re.compile(r"\d"))


async def test_conditions_come_out_in_the_browser_as_on_the_server(desk: Desk) -> None:
    page = await open_goods(desk)
    cases = [[parse(text), wanted] for text, wanted in CASES]
    form = {name: found if isinstance(found, list) else list(found) for name, found in FORM.items()}
    lists = [name for name, found in FORM.items() if isinstance(found, list)]
    wrong = await page.evaluate(
        """async ([cases, form, lists]) => {
            const { evaluate, typed } = await import(document.querySelector('script[src*="/showif"]').src);
            const get = (root, parts) => {
                const found = form[parts.join(".")];
                if (!found) return null;
                return lists.includes(parts.join(".")) ? found.map((one) => typed(...one)) : typed(...found);
            };
            return cases.map(([tree, wanted], at) => (evaluate(tree, get) === wanted ? -1 : at)).filter((at) => at >= 0);
        }""",
        [cases, form, lists],
    )
    assert [CASES[at] for at in wrong] == []


async def test_a_tab_is_shown_alone_by_mouse_and_keys_and_kept_in_the_address(desk: Desk) -> None:
    page = await open_goods(desk)
    tabs = page.get_by_role("tab")
    assert await tabs.all_inner_texts() == ["Price", "Lines", "Notes"]
    await expect(page.locator("#price")).to_be_visible()
    await expect(page.locator("#note")).to_be_hidden()
    await page.get_by_role("tab", name="Notes").click()
    await expect(page.locator("#note")).to_be_visible()
    await expect(page.locator("#price")).to_be_hidden()
    await expect(page.locator("#name")).to_be_visible()
    assert page.url.endswith("#tab-notes")
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_role("tab", name="Lines")).to_be_focused()
    await expect(page.get_by_role("tabpanel", name="Lines")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("tab", name="Lines")).to_have_attribute("aria-selected", "true")


async def test_a_tab_with_an_error_is_marked_and_opened(desk: Desk) -> None:
    page = await open_goods(desk)
    await page.locator("#price").fill("much")
    await page.get_by_role("tab", name="Notes").click()
    await press(page, "Save")
    tab = page.get_by_role("tab", name="Price")
    await expect(tab.locator("[data-errors]")).to_have_attribute("data-errors", "1")
    await expect(tab).to_have_attribute("aria-selected", "true")
    await expect(page.locator("#price")).to_be_focused()
    await expect(page.locator("#price")).to_have_value("much")


async def test_fields_come_and_go_while_others_are_typed(desk: Desk) -> None:
    page = await open_goods(desk)
    sale = page.locator("[data-part=sale_price]")
    await expect(sale).to_be_hidden()
    await page.locator("#on_sale").check()
    await expect(sale).to_be_visible()
    await page.locator("#price").fill("0")
    await expect(sale).to_be_hidden()
    await expect(page.locator("[data-part=sale_until]")).to_be_visible()
    await page.locator("#price").fill("50")
    await page.locator("#sale_price").fill("40")
    await page.get_by_role("tab", name="Lines").click()
    first = page.locator("[data-part=lines-0-reason]")
    await expect(first).to_be_hidden()
    await expect(page.locator("[data-part=lines-1-reason]")).to_be_visible()
    await page.locator("[name=lines-0-discount]").fill("3")
    await expect(first).to_be_visible()
    await press(page, "Save")
    await page.wait_for_url("**/goods/")
    assert (await stored(desk))["sale_price"] == 40


async def test_a_taken_value_is_told_while_typing(desk: Desk) -> None:
    page = await open_goods(desk)
    await page.locator("#code").fill("T-1")
    await page.locator("#name").focus()
    await expect(page.locator("#code-errors")).to_have_text("Another document already has this value.")
    await expect(page.locator("#code")).to_have_attribute("aria-invalid", "true")
    await page.locator("#code").fill("T-2")
    await expect(page.locator("#code-errors")).to_have_count(0)
    assert (await stored(desk))["code"] == "C-1"


async def test_saving_in_all_its_ways(desk: Desk) -> None:
    page = await open_goods(desk)
    await page.get_by_role("tab", name="Notes").click()
    await page.locator("#note").fill("Kept open")
    await page.keyboard.press("Control+s")
    await expect(page.locator(".a-toast")).to_contain_text("Saved.")
    await expect(page.get_by_role("tab", name="Notes")).to_have_attribute("aria-selected", "true")
    assert (await stored(desk))["note"] == "Kept open"
    await page.locator("summary[aria-label='More ways to save']").click()
    await press(page, "Save as new")
    await expect(page.locator("#code-errors")).to_contain_text("Another document already has this value.")
    await page.locator("#code").fill("C-2")
    await page.locator("summary[aria-label='More ways to save']").click()
    await press(page, "Save as new")
    await expect(page.locator(".a-toast", has_text="Added.")).to_be_visible()
    assert await desk.db.market_goods.count_documents({"name": "Chair"}) == 2
    await page.get_by_role("link", name="Duplicate").click()
    await expect(page.get_by_text("A copy of Chair.")).to_be_visible()
    await page.locator("#code").fill("C-3")
    await page.locator("summary[aria-label='More ways to save']").click()
    await press(page, "Save and new")
    await expect(page).to_have_url(desk.url("/admin/market/goods/new"))
    assert await desk.db.market_goods.count_documents({"name": "Chair"}) == 3


async def test_what_was_typed_survives_a_killed_browser(desk: Desk, tmp_path: Path) -> None:
    async with async_playwright() as playwright:

        async def launch() -> Any:
            return await playwright.chromium.launch_persistent_context(
                str(tmp_path / "profile"), executable_path=find_chromium(), args=["--no-sandbox"]
            )

        context = await launch()
        page = await context.new_page()
        await page.goto(desk.url("/login?next=/account"))
        await page.fill("[name=username]", "admin")
        await page.fill("[name=password]", TEST_PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(desk.url("/account"))
        await page.goto(desk.url(URL))
        await page.wait_for_selector("form[data-draft-ready]")
        await page.locator("#name").fill("Half a cha")
        await wait_kept(page)
        # Nothing asks before the window goes, as after a crash.
        await context.close()
        await desk.db.market_goods.update_one({"_id": 1}, {"$set": {"note": "By another"}})
        context = await launch()
        page = await context.new_page()
        await page.goto(desk.url(URL))
        if "/login" in page.url:
            await page.fill("[name=username]", "admin")
            await page.fill("[name=password]", TEST_PASSWORD)
            await page.keyboard.press("Enter")
            await page.wait_for_url(desk.url(URL))
        offer = page.locator("[data-draft-offer]")
        await expect(offer).to_be_visible()
        await expect(offer).to_contain_text("Name")
        await expect(offer).to_contain_text("The document was changed since.")
        await page.get_by_role("button", name="Restore it").click()
        await expect(page.locator("#name")).to_have_value("Half a cha")
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.wait_for_url("**/goods/")
        assert await stored(desk) == {**GOODS, "name": "Half a cha", "note": "By another"}
        await page.goto(desk.url(URL))
        await page.wait_for_selector("form[data-draft-ready]")
        await expect(page.locator("[data-draft-offer]")).to_be_hidden()
        await context.close()


async def test_a_draft_can_be_discarded(desk: Desk) -> None:
    page = await open_goods(desk)
    await page.locator("#name").fill("Never mind")
    await wait_kept(page)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await page.get_by_role("button", name="Discard it").click()
    await page.reload()
    await page.wait_for_selector("form[data-draft-ready]")
    await expect(page.locator("[data-draft-offer]")).to_be_hidden()
    await expect(page.locator("#name")).to_have_value("Chair")


async def test_two_windows_on_one_document_keep_a_draft_each(desk: Desk) -> None:
    first = await open_goods(desk)
    await first.locator("#name").fill("Typed first")
    await wait_kept(first)
    second = await desk.open(URL)
    await expect(second.locator("[data-draft-offer]")).to_be_visible()
    await second.locator("#name").fill("Typed second")
    await wait_kept(second)
    third = await desk.open(URL)
    await third.get_by_role("button", name="Discard it").click()
    await third.get_by_role("button", name="Restore it").click()
    await expect(third.locator("#name")).to_have_value("Typed first")
    await wait_kept(third)
    async with third.expect_event("load"):
        await third.get_by_role("button", name="Save and stay").click()
    await third.wait_for_selector("form[data-draft-ready]")
    await expect(third.locator("[data-draft-offer]")).to_be_hidden()


async def test_a_form_that_went_through_extended_json_leaves_no_draft_when_it_is_saved(desk: Desk) -> None:
    page = await open_goods(desk)
    await page.locator("#name").fill("By way of JSON")
    await wait_kept(page)
    async with page.expect_event("load"):
        await page.get_by_role("button", name="Extended JSON").click()
    await page.wait_for_selector("form[data-draft-ready]")
    async with page.expect_event("load"):
        await page.get_by_role("button", name="Save and stay").click()
    assert (await stored(desk))["name"] == "By way of JSON"
    await page.goto(desk.url(URL))
    await page.wait_for_selector("form[data-draft-ready]")
    await expect(page.locator("[data-draft-offer]")).to_be_hidden()


async def test_a_login_that_ended_is_asked_for_in_a_dialog_and_the_form_is_saved(desk: Desk) -> None:
    page = await open_goods(desk, locale="en-GB")
    await page.locator("#name").fill("After all")
    await desk.db.core_sessions.delete_many({})
    desk.contexts.clear()
    await press(page, "Save")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Your login has ended")
    await dialog.locator("[name=username]").fill("admin")
    await dialog.locator("[name=password]").fill("wrong")
    await dialog.get_by_role("button", name="Log in", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text("wrong")
    assert (await stored(desk))["name"] == "Chair"
    await dialog.locator("[name=username]").fill("admin")
    await dialog.locator("[name=password]").fill(TEST_PASSWORD)
    await dialog.get_by_role("button", name="Log in", exact=True).click()
    await page.wait_for_url("**/goods/")
    assert await stored(desk) == {**GOODS, "name": "After all"}


async def test_without_scripts_the_login_page_carries_the_form(desk: Desk) -> None:
    page = await open_goods(desk, java_script_enabled=False)
    await page.locator("#name").fill("Plain typed")
    await desk.db.core_sessions.delete_many({})
    desk.contexts.clear()
    await press(page, "Save")
    await expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    await page.fill("[name=username]", "admin")
    await page.fill("[name=password]", TEST_PASSWORD)
    await page.get_by_role("button", name="Log in", exact=True).click()
    await page.get_by_role("button", name="Back to the form").click()
    await expect(page.locator("#name")).to_have_value("Plain typed")
    assert (await stored(desk))["name"] == "Chair"
    await press(page, "Save")
    await expect(page.locator(".a-toast")).to_contain_text("Saved.")
    assert await stored(desk) == {**GOODS, "name": "Plain typed"}


async def test_without_scripts_tabs_are_sections_and_hidden_fields_are_shown_with_a_note(desk: Desk) -> None:
    page = await open_goods(desk, java_script_enabled=False)
    await expect(page.locator("#note")).to_be_visible()
    await expect(page.locator("#sale_price")).to_be_visible()
    await expect(page.get_by_text("Some fields apply only when others have certain values.")).to_be_visible()
    await page.get_by_role("link", name="Notes").click()
    assert page.url.endswith("#tab-notes")


async def test_a_conflict_takes_the_place_of_the_form_and_is_settled(desk: Desk) -> None:
    page = await open_goods(desk)
    await page.locator("#name").fill("Mine")
    await page.get_by_role("tab", name="Notes").click()
    await page.locator("#note").fill("Mine too")
    await desk.db.market_goods.update_one({"_id": 1}, {"$set": {"name": "Theirs"}})
    await press(page, "Save")
    await expect(page.locator("form[data-conflict]")).to_contain_text("Theirs")
    await page.get_by_role("radio", name="Yours").check()
    await press(page, "Save")
    await expect(page.locator(".a-toast")).to_contain_text("Saved")
    assert await stored(desk) == {**GOODS, "name": "Mine", "note": "Mine too"}
    await page.goto(desk.url(URL))
    await page.wait_for_selector("form[data-draft-ready]")
    await expect(page.locator("[data-draft-offer]")).to_be_hidden()


async def test_a_site_that_does_not_answer_loses_nothing(desk: Desk) -> None:
    page = await open_goods(desk)
    await page.locator("#name").fill("In the tunnel")
    await page.context.set_offline(True)
    await press(page, "Save")
    await expect(page.get_by_text("Not saved: the site did not answer.").first).to_be_visible()
    await expect(page.locator("#name")).to_have_value("In the tunnel")
    await page.context.set_offline(False)
    async with page.expect_event("dialog") as asked:
        await page.evaluate("setTimeout(() => document.querySelector('.a-crumbs a').click())")
    dialog = await asked.value
    assert dialog.type == "beforeunload"
    await dialog.dismiss()
    await press(page, "Save")
    await page.wait_for_url("**/goods/")
    assert (await stored(desk))["name"] == "In the tunnel"


async def test_a_phone_has_one_column_and_reaches_everything(desk: Desk) -> None:
    page = await open_goods(desk, viewport=PHONE, has_touch=True)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    box = await page.get_by_role("tab", name="Notes").bounding_box()
    assert box is not None and box["height"] >= 44
    await page.locator("summary[aria-label='More ways to save']").click()
    menu = page.get_by_role("button", name="Save as new")
    await expect(menu).to_be_in_viewport()
