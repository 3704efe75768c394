"""Long lists, drag, kinds, maps, points and types as a person with a browser meets them."""

from __future__ import annotations

from typing import Any

import pytest
from bson import Int64
from playwright.async_api import Locator, Page, expect

from tests.browser.desk import PHONE, Desk

SITE = {
    "apps/blog/app.py": 'from aiocms import App\n\napp = App(title="Blog")\n',
    "apps/blog/admin.py": """
from aiocms import Form
from aiocms.admin import Kind, Screen
from aiocms.core.fields import KindsField
from wtforms import FieldList, FormField, IntegerField, StringField

class LineForm(Form):
    name = StringField("Name")
    count = IntegerField("Count")

class OrderForm(Form):
    number = StringField("Number")
    lines = FieldList(FormField(LineForm), "Lines")

class Orders(Screen):
    collection = "blog_orders"
    form = OrderForm

class QuoteForm(Form):
    text = StringField("Text")

class RateForm(Form):
    stars = IntegerField("Stars")

class PageForm(Form):
    blocks = KindsField({"quote": QuoteForm, "rate": RateForm}, "Blocks", titles={"rate": "A rating"})

class Pages(Screen):
    collection = "blog_pages"
    form = PageForm

class Posts(Screen):
    collection = "blog_posts"
    widgets = {"prices": "map"}
    kinds = {"blocks": (Kind("quote", "Quotation", {"text": "", "stars": 3}, icon="quote"), Kind("pause", "Pause"))}
""",
}
SETTINGS: dict[str, Any] = {"title": "Lists", "languages": ["en", "ru", "ar"]}
pytestmark = pytest.mark.asyncio(loop_scope="module")
ROWS = 150
POST = "/admin/blog/posts/~int32:1"
ORDER = "/admin/blog/orders/~int32:1"


def make_post() -> dict[str, Any]:
    return {
        "_id": 1,
        "title": "Long",
        "count": "12",
        "rows": [{"sku": f"S-{at}", "qty": at, "price": Int64(at)} for at in range(ROWS)],
        "tags": ["a", "b", "c"],
        "blocks": [{"type": "quote", "text": "Hi", "stars": 2}, {"type": "pause"}],
        "prices": {"EUR": 5, "USD": 6},
        "place": {"type": "Point", "coordinates": [13.4, 52.5]},
    }


async def fill(db: Any) -> None:
    await db.blog_posts.delete_many({})
    await db.blog_posts.insert_one(make_post())
    await db.blog_orders.delete_many({})
    lines = [{"name": name, "count": at} for at, name in enumerate(("one", "two", "three"))]
    await db.blog_orders.insert_one({"_id": 1, "number": "7", "lines": lines, "kept": 1})


async def read(desk: Desk) -> dict[str, Any]:
    found = await desk.db.blog_posts.find_one({"_id": 1})
    assert found is not None
    return dict(found)


async def save(page: Page) -> None:
    async with page.expect_event("load"):
        await page.get_by_role("button", name="Save and stay").click()
    await expect(page.locator(".a-toast").first).to_contain_text("Saved")


def get_item(page: Page, name: str) -> Locator:
    return page.locator(f'[data-item="{name}"]')


async def drag(page: Page, one: Locator, other: Locator, *, below: bool = True) -> None:
    await one.locator("[data-grip]").first.hover()
    await page.mouse.down()
    box = await other.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2 + (4 if below else -4), steps=6)
    await page.mouse.up()


async def test_a_closed_item_opens_in_place_and_only_its_change_is_saved(desk: Desk) -> None:
    page = await desk.open(POST)
    await page.locator("#title").fill("Typed before")
    assert await page.locator("[name^=rows-]").count() == 0
    await page.get_by_role("button", name="S-121").click()
    await page.locator("#rows-121-qty").fill("77")
    await expect(page.locator("#title")).to_have_value("Typed before")
    await save(page)
    expected = make_post()
    expected["title"] = "Typed before"
    expected["rows"][121]["qty"] = 77
    assert await read(desk) == expected


async def test_an_item_is_added_to_and_copied_in_a_long_list_without_the_rest_of_the_page(desk: Desk) -> None:
    page = await desk.open(POST)
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(int(answer.headers.get("content-length", "0"))))
    await page.locator("#rows > .a-list-add button").click()
    await page.locator("#rows-150-sku").fill("new")
    await get_item(page, "rows-3").get_by_role("button", name="Duplicate").click()
    await page.locator("#rows-151-sku").fill("copy")
    assert max(answers) < 20_000
    await get_item(page, "rows-0").get_by_role("button", name="Remove").click()
    await expect(page.locator("#rows [data-count]").first).to_have_text("151")
    await save(page)
    rows = make_post()["rows"]
    stored = (await read(desk))["rows"]
    assert stored == [*rows[1:4], {**rows[3], "sku": "copy"}, *rows[4:], {"sku": "new"}]


async def test_closed_items_are_moved_by_drag_and_by_buttons(desk: Desk) -> None:
    page = await desk.open(POST)
    await drag(page, get_item(page, "rows-0"), get_item(page, "rows-3"))
    await get_item(page, "rows-5").get_by_role("button", name="Move up").click()
    await expect(page.locator("[data-dirty]")).to_have_text("Unsaved changes")
    await save(page)
    stored = [row["qty"] for row in (await read(desk))["rows"]]
    assert stored == [1, 2, 3, 0, 5, 4, *range(6, ROWS)]


async def test_plain_items_are_moved_by_drag_and_escape_brings_them_back(desk: Desk) -> None:
    page = await desk.open(POST)
    first = get_item(page, "tags-0")
    await drag(page, first, get_item(page, "tags-2"))
    await get_item(page, "tags-1").locator("[data-grip]").hover()
    await page.mouse.down()
    box = await first.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 5, box["y"] + box["height"], steps=5)
    await page.keyboard.press("Escape")
    await page.mouse.up()
    await save(page)
    assert (await read(desk))["tags"] == ["b", "c", "a"]


async def test_a_finger_drags_too(desk: Desk) -> None:
    page = await desk.open(POST, viewport=PHONE, has_touch=True)
    grip = get_item(page, "tags-2").locator("[data-grip]")
    await grip.scroll_into_view_if_needed()
    start, end = await grip.bounding_box(), await get_item(page, "tags-0").bounding_box()
    assert start is not None and end is not None
    client = await page.context.new_cdp_session(page)
    x, y = start["x"] + 5, start["y"] + 5
    await client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in (0.3, 0.6, 1):
        point = {"x": x, "y": y + (end["y"] - y + 2) * step}
        await client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    await client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await save(page)
    assert (await read(desk))["tags"] == ["c", "a", "b"]


async def test_items_of_a_declared_form_are_moved_by_drag(desk: Desk) -> None:
    page = await desk.open(ORDER)
    await drag(page, get_item(page, "lines-2"), get_item(page, "lines-0"), below=False)
    await save(page)
    stored = await desk.db.blog_orders.find_one({"_id": 1})
    assert [line["name"] for line in stored["lines"]] == ["three", "one", "two"]
    assert stored["kept"] == 1


async def test_all_items_are_opened_and_hundreds_of_inputs_are_saved_at_once(desk: Desk) -> None:
    page = await desk.open(POST)
    await page.locator("#rows > legend").get_by_role("button", name="Expand all").click()
    await expect(page.locator("#rows-149-sku")).to_be_visible(timeout=30_000)
    await page.locator("#rows-149-sku").fill("last")
    await page.locator("#rows > legend").get_by_role("button", name="Collapse all").click()
    await expect(page.locator("#rows-149-sku")).to_be_hidden()
    await save(page)
    expected = make_post()
    expected["rows"][149]["sku"] = "last"
    assert await read(desk) == expected


async def test_add_offers_the_kinds_of_items(desk: Desk) -> None:
    page = await desk.open(POST)
    await expect(get_item(page, "blocks-0").locator(".a-item-kind")).to_have_text("Quotation")
    await page.locator("#blocks > .a-list-add summary").click()
    await page.locator("#blocks").get_by_role("button", name="Quotation").click()
    await page.locator("#blocks-2-text").fill("Added")
    await save(page)
    expected = {
        **make_post(),
        "blocks": [*make_post()["blocks"], {"type": "quote", "text": "Added", "stars": 3}],
    }
    assert await read(desk) == expected


async def test_entries_of_a_map_are_added_and_renamed(desk: Desk) -> None:
    page = await desk.open(POST)
    prices = page.locator("#prices")
    await prices.get_by_role("button", name="Add an entry").click()
    await expect(prices.get_by_label("Key", exact=True)).to_have_count(3)
    await prices.get_by_label("Key").last.fill("GBP")
    await prices.locator(".a-map-value input[type=text]").last.fill("9")
    await prices.get_by_label("Key").first.fill("CHF")
    await save(page)
    assert (await read(desk))["prices"] == {"CHF": 5, "USD": 6, "GBP": 9}


async def test_a_point_takes_coordinates_as_they_are_copied(desk: Desk) -> None:
    page = await desk.open(POST)
    await page.get_by_label("Longitude").evaluate(
        """(one) => {
            const data = new DataTransfer();
            data.setData("text", "48.137, 11.575");
            one.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    await expect(page.get_by_label("Latitude")).to_have_value("48.137")
    await expect(page.locator("[data-dot]")).to_have_attribute("cx", "11.575")
    await save(page)
    assert (await read(desk))["place"] == {"type": "Point", "coordinates": [11.575, 48.137]}


async def test_a_type_is_changed_on_purpose_and_says_what_it_becomes(desk: Desk) -> None:
    page = await desk.open(POST)
    part = page.locator('[data-part="count"]')
    await part.locator("summary").click()
    await part.get_by_role("button", name="Change type").click()
    await expect(part.locator("select")).to_be_visible()
    offers = await part.locator("option").all_inner_texts()
    assert "whole number (int32): 12" in offers
    assert not any("objectId" in one for one in offers)
    await part.locator("select").select_option("int32")
    await expect(part.locator(".a-was")).to_have_text("was text")
    await save(page)
    assert (await read(desk)) == {**make_post(), "count": 12}


async def put_long_order(desk: Desk, count: int = 60) -> dict[str, Any]:
    lines = [{"name": f"line {at}", "count": Int64(at), "kept": at / 2} for at in range(count)]
    order = {"_id": 1, "number": "7", "lines": lines, "kept": 1}
    await desk.db.blog_orders.replace_one({"_id": 1}, order)
    return order


async def test_a_closed_item_of_a_declared_list_is_opened_moved_and_saved_alone(desk: Desk) -> None:
    order = await put_long_order(desk)
    page = await desk.open(ORDER)
    assert await page.locator("#lines input:not([type=hidden])").count() == 0
    await get_item(page, "lines-30").get_by_role("button", name="line 30").click()
    count = page.locator("#lines-30-count")
    await expect(count).to_be_visible()
    await expect(page.locator("#lines-30-name")).to_be_focused()
    await count.fill("999")
    assert await page.locator("#lines details").count() == 1
    await get_item(page, "lines-59").get_by_role("button", name="Move up").click()
    await page.locator("#number").fill("8")
    await save(page)
    stored = await desk.db.blog_orders.find_one({"_id": 1})
    lines = [{**line} for line in order["lines"]]
    lines[30]["count"] = Int64(999)
    lines[58], lines[59] = lines[59], lines[58]
    assert stored == {**order, "number": "8", "lines": lines}
    assert type(stored["lines"][30]["count"]) is Int64


async def test_all_items_of_a_declared_list_are_opened_at_once(desk: Desk) -> None:
    order = await put_long_order(desk)
    page = await desk.open(ORDER)
    await page.locator("#lines > legend").get_by_role("button", name="Expand all").click()
    await expect(page.locator("#lines-59-name")).to_be_visible()
    await page.locator("#lines-59-name").fill("last")
    await save(page)
    order["lines"][59]["name"] = "last"
    assert await desk.db.blog_orders.find_one({"_id": 1}) == order


async def test_a_closed_item_of_a_declared_list_is_copied_and_removed(desk: Desk) -> None:
    order = await put_long_order(desk)
    page = await desk.open(ORDER)
    await get_item(page, "lines-5").get_by_role("button", name="Duplicate").click()
    await page.locator("#lines-60-name").fill("twin")
    await get_item(page, "lines-7").get_by_role("button", name="Remove").click()
    await expect(get_item(page, "lines-7")).to_have_count(0)
    await expect(page.locator("#lines > legend [data-count]")).to_have_text("60")
    await save(page)
    lines = order["lines"]
    expected = [*lines[:6], {"name": "twin", "count": 5}, lines[6], *lines[8:]]
    assert (await desk.db.blog_orders.find_one({"_id": 1}))["lines"] == expected


async def test_closed_items_of_a_declared_list_open_without_script(desk: Desk) -> None:
    order = await put_long_order(desk)
    page = await desk.open(ORDER, java_script_enabled=False)
    await get_item(page, "lines-30").get_by_role("button", name="line 30").click()
    await page.locator("#lines-30-name").fill("plain")
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await expect(page.locator(".a-toast, [role=status]").first).to_be_attached()
    order["lines"][30]["name"] = "plain"
    assert await desk.db.blog_orders.find_one({"_id": 1}) == order


@pytest.mark.parametrize("address", [POST, ORDER])
async def test_who_does_not_see_the_list_is_told_where_a_moved_item_stands(desk: Desk, address: str) -> None:
    page = await desk.open(address)
    name = "tags" if address == POST else "lines"
    told = page.locator("[data-moved]")
    await get_item(page, f"{name}-0").get_by_role("button", name="Move down").focus()
    await page.keyboard.press("Enter")
    await expect(told).to_have_text("Item moved to place 2 of 3")
    await page.keyboard.press("Alt+ArrowDown")
    await expect(told).to_have_text("Item moved to place 3 of 3")
    await expect(get_item(page, f"{name}-0").get_by_role("button", name="Move down")).to_be_focused()
    assert await get_item(page, f"{name}-0").evaluate("one => one.parentElement.lastElementChild === one")


async def test_the_place_of_a_moved_item_is_told_in_the_language_of_the_page(desk: Desk) -> None:
    page = await desk.open(ORDER, locale="ru-RU")
    await get_item(page, "lines-2").locator("[value='up:lines-2']").click()
    await expect(page.locator("[data-moved]")).to_have_text("Элемент теперь на месте 2 из 3")


async def test_kinds_of_a_declared_form_are_added_and_moved(desk: Desk) -> None:
    blocks = [{"type": "quote", "text": "Hi", "kept": 1}, {"type": "other", "x": 1}]
    await desk.db.blog_pages.replace_one({"_id": 1}, {"_id": 1, "blocks": blocks}, upsert=True)
    page = await desk.open("/admin/blog/pages/~int32:1")
    await page.locator("#blocks > .a-kinds > summary").click()
    await page.locator("#blocks").get_by_role("button", name="A rating").click()
    await expect(get_item(page, "blocks-2").locator(".a-item-kind")).to_have_text("A rating")
    await page.locator("#blocks-2-stars").fill("4")
    await get_item(page, "blocks-2").get_by_role("button", name="Move up").click()
    await save(page)
    stored = await desk.db.blog_pages.find_one({"_id": 1})
    assert stored["blocks"] == [blocks[0], {"stars": 4, "type": "rate"}, blocks[1]]


async def test_changed_json_goes_into_a_declared_form_and_is_saved_with_it(desk: Desk) -> None:
    order = await put_long_order(desk)
    page = await desk.open(ORDER)
    await page.locator("#number").fill("8")
    await page.get_by_role("button", name="Extended JSON").click()
    text = page.locator("#json")
    changed = (
        (await text.input_value())
        .replace('"line 30"', '"from JSON"')
        .replace('"kept": {"$numberInt": "1"}', '"kept": "new"')
    )
    await text.fill(changed)
    await page.get_by_role("button", name="Form", exact=True).click()
    await expect(page.locator("#number")).to_have_value("8")
    await expect(page.locator("[data-kept-keys]")).to_contain_text("saved with the form")
    await get_item(page, "lines-30").get_by_role("button", name="from JSON").click()
    await page.locator("#lines-30-count").fill("77")
    await save(page)
    lines = order["lines"]
    lines[30] = {**lines[30], "name": "from JSON", "count": 77}
    assert await desk.db.blog_orders.find_one({"_id": 1}) == {
        **order,
        "number": "8",
        "kept": "new",
        "lines": lines,
    }


async def test_copies_of_several_items_do_not_get_into_each_others_way(desk: Desk) -> None:
    page = await desk.open(POST)
    for name in ("blocks-0", "blocks-1"):
        await get_item(page, name).get_by_role("button", name="Duplicate").click()
        await expect(page.locator("#blocks > [data-items] > [data-item][data-new]")).to_have_count(
            int(name[-1]) + 1
        )
    await save(page)
    one, two = make_post()["blocks"]
    assert (await read(desk))["blocks"] == [one, one, two, two]
