"""Lists of sub-documents where things meet: added, copied, removed and moved items with errors and with conflicts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.desk import Desk

SITE = {
    "apps/blog/app.py": 'from aiocms import App\n\napp = App(title="Blog")\n',
    "apps/blog/admin.py": """
from aiocms import Form
from aiocms.admin import Screen
from wtforms import FieldList, FormField, IntegerField, StringField
from wtforms.validators import NumberRange

class LineForm(Form):
    name = StringField("Name")
    count = IntegerField("Count", [NumberRange(0, 99)])

class OrderForm(Form):
    number = StringField("Number")
    lines = FieldList(FormField(LineForm), "Lines")

class Orders(Screen):
    collection = "blog_orders"
    form = OrderForm

class Posts(Screen):
    collection = "blog_posts"
""",
}
SETTINGS: dict[str, Any] = {"title": "Lists", "languages": ["en"]}
pytestmark = pytest.mark.asyncio(loop_scope="module")
BOTH = pytest.mark.parametrize("screen", ["posts", "orders"])
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


def make(count: int = 3) -> dict[str, Any]:
    lines = [{"name": f"n{at}", "count": at, "kept": {"x": at / 2}} for at in range(count)]
    return {"_id": 1, "number": "7", "lines": lines, "kept": 1}


async def fill(db: Any) -> None:
    for name in ("posts", "orders"):
        await db[f"blog_{name}"].delete_many({})
        await db[f"blog_{name}"].insert_one(make())


async def open_one(desk: Desk, screen: str, scripts: bool = True) -> Page:
    page = await desk.open(f"/admin/blog/{screen}/~int32:1", java_script_enabled=scripts)
    if scripts:
        await page.wait_for_selector("form[data-draft-ready]")
        await page.evaluate("indexedDB.deleteDatabase('aiocms')")
    return page


async def press(page: Page, item: int, name: str) -> None:
    await page.locator(f'[data-item="lines-{item}"]').get_by_role("button", name=name, exact=True).click()


async def add(page: Page) -> None:
    await page.locator("button[value='add:lines']").click()


async def save(page: Page) -> None:
    await page.get_by_role("button", name="Save and stay").click()


async def expect_saved(page: Page) -> None:
    await expect(page.locator(".a-toast", has_text="Saved")).to_be_visible()


async def type_into(page: Page, item: int, name: str, value: str) -> None:
    """Without scripts items of longer lists come back closed."""
    box = field(page, item, name)
    await expect(box).to_be_attached()
    if not await box.is_visible():
        await page.locator(f'[data-item="lines-{item}"] summary.a-item-head').click()
    await box.fill(value)


def field(page: Page, item: int, name: str) -> Locator:
    return page.locator(f"[name='lines-{item}-{name}']")


async def read(desk: Desk, screen: str) -> list[dict[str, Any]]:
    found = await desk.db[f"blog_{screen}"].find_one({"_id": 1})
    assert {**found, "lines": None} == {**make(), "lines": None}
    lines: list[dict[str, Any]] = found["lines"]
    return lines


async def change_all(page: Page) -> None:
    """Copy the first, take the second away, add one, and bring the third to the front."""
    await press(page, 0, "Duplicate")
    await expect(field(page, 3, "name")).to_have_count(1)
    await type_into(page, 3, "name", "copy")
    await press(page, 1, "Remove")
    await add(page)
    await expect(field(page, 4, "name")).to_have_count(1)
    await type_into(page, 4, "name", "added")
    await press(page, 2, "Move up")
    await press(page, 2, "Move up")


WRONG = {"posts": "many", "orders": "500"}


@BOTH
@SCRIPTS
async def test_changes_of_a_list_survive_an_error_and_are_saved_once(
    desk: Desk, screen: str, scripts: bool
) -> None:
    page = await open_one(desk, screen, scripts)
    await change_all(page)
    await type_into(page, 4, "count", WRONG[screen])
    await save(page)
    await expect(field(page, 4, "count")).to_have_attribute("aria-invalid", "true")
    await expect(field(page, 4, "count")).to_have_value(WRONG[screen])
    if scripts:
        await expect(field(page, 0, "name")).to_be_visible()
    await type_into(page, 4, "count", "44")
    await type_into(page, 0, "name", "first")
    await save(page)
    await expect_saved(page)
    lines = await read(desk, screen)
    assert sorted(one["name"] for one in lines) == ["added", "copy", "first", "n2"]
    named = {one["name"]: one for one in lines}
    assert named["n2"] == make()["lines"][2]
    assert named["first"] == {**make()["lines"][0], "name": "first"}
    assert named["copy"]["count"] == 0 and named["added"]["count"] == 44
    order = [one["name"] for one in lines]
    assert order.index("n2") < order.index("copy") and order[-1] == "added"


@BOTH
@SCRIPTS
async def test_two_who_change_one_list_both_win_where_they_can(
    desk: Desk, screen: str, scripts: bool
) -> None:
    page = await open_one(desk, screen, scripts)
    await press(page, 1, "Remove")
    await add(page)
    await expect(field(page, 3, "name")).to_have_count(1)
    await type_into(page, 3, "name", "mine")
    await type_into(page, 3, "count", "1")
    theirs = make()["lines"]
    theirs[0]["count"] = 50
    theirs.append({"name": "theirs", "count": 2})
    await desk.db[f"blog_{screen}"].update_one({"_id": 1}, {"$set": {"lines": theirs}})
    await save(page)
    await expect_saved(page)
    lines = await read(desk, screen)
    assert lines[:2] == [theirs[0], theirs[2]]
    assert sorted(one["name"] for one in lines[2:]) == ["mine", "theirs"]


@BOTH
@SCRIPTS
@pytest.mark.parametrize("choice", ["Yours", "Theirs"])
async def test_an_item_that_both_changed_is_asked_about_and_all_else_is_kept(
    desk: Desk, screen: str, scripts: bool, choice: str
) -> None:
    page = await open_one(desk, screen, scripts)
    await add(page)
    await expect(field(page, 3, "name")).to_have_count(1)
    await type_into(page, 3, "name", "mine")
    await type_into(page, 3, "count", "1")
    await type_into(page, 1, "count", "11")
    await press(page, 0, "Remove")
    await desk.db[f"blog_{screen}"].update_one({"_id": 1}, {"$set": {"lines.1.count": 22}})
    await save(page)
    await expect(page.locator("form[data-conflict]")).to_contain_text("lines")
    await page.get_by_role("radio", name=choice).check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect_saved(page)
    lines = await read(desk, screen)
    assert [(one["name"], one["count"]) for one in lines] == [
        ("n1", 11 if choice == "Yours" else 22),
        ("n2", 2),
        ("mine", 1),
    ]
    assert lines[0]["kept"] == {"x": 0.5}


@BOTH
@SCRIPTS
async def test_an_item_that_one_takes_away_and_another_changes_is_asked_about(
    desk: Desk, screen: str, scripts: bool
) -> None:
    page = await open_one(desk, screen, scripts)
    await press(page, 1, "Remove")
    await desk.db[f"blog_{screen}"].update_one({"_id": 1}, {"$set": {"lines.1.count": 22}})
    await save(page)
    await expect(page.locator("form[data-conflict]")).to_contain_text("lines")
    await page.get_by_role("button", name="Back to the form").click()
    await expect(page.locator("#number")).to_have_value("7")
    await save(page)
    await page.get_by_role("radio", name="Yours").check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect_saved(page)
    assert [one["name"] for one in await read(desk, screen)] == ["n0", "n2"]


@BOTH
@SCRIPTS
async def test_all_items_are_taken_away_and_others_added(desk: Desk, screen: str, scripts: bool) -> None:
    page = await open_one(desk, screen, scripts)
    for item in range(3):
        await press(page, item, "Remove")
    await add(page)
    await expect(field(page, 3, "name")).to_have_count(1)
    await type_into(page, 3, "name", "only")
    await type_into(page, 3, "count", "3")
    await save(page)
    await expect_saved(page)
    assert [(one["name"], one["count"]) for one in await read(desk, screen)] == [("only", 3)]
