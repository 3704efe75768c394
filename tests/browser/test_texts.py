"""Markdown and rich text written by a person in a browser; what is stored is compared whole."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.desk import DESK, PHONE, Desk

SETTINGS: dict[str, Any] = {"title": "Notes", "languages": ["en"], "files_max_image_size": 60_000}
FORM = """
from aiocms import Form
from aiocms.core.fields import MarkdownField, RichTextField
from wtforms import StringField

class PageForm(Form):
    title = StringField("Title")
    text = MarkdownField("Text")
    body = RichTextField("Body")
"""
ADMIN = """
from aiocms.admin import Screen
from .forms import PageForm

class Pages(Screen):
    collection = "notes_pages"
    form = PageForm
    columns = ("title", "body")

class Loose(Screen):
    collection = "notes_loose"
    widgets = {"text": "markdown", "body": "richtext"}
"""
SITE = {
    "apps/notes/forms.py": FORM,
    "apps/notes/admin.py": ADMIN,
}
BODY = {
    "time": 7,
    "blocks": [
        {"id": "h1", "type": "header", "data": {"text": "Evening", "level": 2}},
        {"id": "p1", "type": "paragraph", "data": {"text": "A <b>bold</b> word"}},
    ],
}
SCREENS = ("pages", "loose")
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fill(db: Any) -> None:
    for name in SCREENS:
        await db[f"notes_{name}"].delete_many({})
        await db[f"notes_{name}"].insert_one(
            {"_id": 1, "title": "One", "text": "Some *text*", "body": BODY, "kept": 5}
        )


async def save(page: Page) -> None:
    async with page.expect_event("load"):
        await page.locator(".a-savebar button[data-save]").click()
    await expect(page.locator(".a-toast").first).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
async def test_buttons_and_preview_of_markdown(desk: Desk, screen: str) -> None:
    page = await desk.open(f"/admin/notes/{screen}/~int32:1")
    text = page.locator("textarea[name=text]")
    await text.fill("loud <script>alert(1)</script>")
    await text.press("Home")
    for _ in range(4):
        await text.press("Shift+ArrowRight")
    await page.get_by_role("button", name="Bold").click()
    await expect(text).to_have_value("**loud** <script>alert(1)</script>")
    await page.get_by_role("button", name="Preview").click()
    shown = page.locator("[data-md-shown]")
    await expect(shown.locator("strong")).to_have_text("loud")
    assert await shown.locator("script").count() == 0
    await page.get_by_role("button", name="Preview").click()
    await save(page)
    stored = await desk.db[f"notes_{screen}"].find_one({"_id": 1})
    assert stored == {
        "_id": 1,
        "title": "One",
        "text": "**loud** &lt;script>alert(1)&lt;/script>",
        "body": BODY,
        "kept": 5,
    }


@pytest.mark.parametrize("screen", SCREENS)
async def test_rich_text_is_written_in_blocks(desk: Desk, screen: str) -> None:
    page = await desk.open(f"/admin/notes/{screen}/~int32:1")
    await expect(page.locator(".ce-header")).to_have_text("Evening")
    await expect(page.locator("textarea[name=body]")).to_be_hidden()
    words = page.locator(".ce-paragraph")
    await words.click()
    await words.press("End")
    await page.keyboard.type(", and more")
    await expect(page.locator("[data-dirty]")).to_be_visible()
    await expect(page.locator("textarea[name=body]")).to_have_value(re.compile("and more"))
    await save(page)
    stored = await desk.db[f"notes_{screen}"].find_one({"_id": 1})
    assert stored["body"]["blocks"] == [
        BODY["blocks"][0],  # type: ignore[index]
        {"id": "p1", "type": "paragraph", "data": {"text": "A <b>bold</b> word, and more"}},
    ]
    assert (stored["text"], stored["kept"]) == ("Some *text*", 5)


@pytest.mark.parametrize("screen", SCREENS)
async def test_looking_at_rich_text_and_saving_changes_nothing(desk: Desk, screen: str) -> None:
    page = await desk.open(f"/admin/notes/{screen}/~int32:1")
    await expect(page.locator(".ce-header")).to_be_visible()
    await page.get_by_label("Title", exact=True).fill("Two")
    await save(page)
    stored = await desk.db[f"notes_{screen}"].find_one({"_id": 1})
    assert stored == {"_id": 1, "title": "Two", "text": "Some *text*", "body": BODY, "kept": 5}


@pytest.mark.parametrize("screen", SCREENS)
async def test_without_scripts_the_texts_are_plain_inputs_and_faults_stand_beside_them(
    desk: Desk, screen: str
) -> None:
    page = await desk.open(f"/admin/notes/{screen}/~int32:1", java_script_enabled=False)
    await page.locator("textarea[name=text]").fill("# Head")
    await page.locator("textarea[name=body]").fill(
        '{"blocks": [{"type": "raw", "data": {"html": "<script>"}}]}'
    )
    await page.locator(".a-savebar button[data-save]").click()
    await expect(page.get_by_text("There is no block of the kind “raw” here.").first).to_be_visible()
    await expect(page.locator("textarea[name=text]")).to_have_value("# Head")
    await page.locator("textarea[name=body]").fill(
        '{"blocks": [{"type": "paragraph", "data": {"text": "x<script>1</script>"}}]}'
    )
    async with page.expect_event("load"):
        await page.locator(".a-savebar button[data-save]").click()
    await expect(page.locator(".a-toast").first).to_be_visible()
    stored = await desk.db[f"notes_{screen}"].find_one({"_id": 1})
    assert stored["text"] == "# Head"
    assert stored["body"]["blocks"] == [{"type": "paragraph", "data": {"text": "x"}}]


async def test_the_list_shows_the_words_of_rich_text(desk: Desk) -> None:
    page = await desk.open("/admin/notes/pages/")
    await expect(page.locator("tbody tr").first).to_contain_text("Evening A bold word")


async def open_blocks(page: Page) -> None:
    """Open the editor's menu of blocks; it draws its tools when the browser has time, and not before."""
    plus = page.locator(".ce-toolbar__plus")
    async with asyncio.timeout(20):
        while not await plus.is_visible():
            await page.locator(".ce-paragraph").click()
            await page.wait_for_timeout(50)
    await plus.click()


async def test_the_menu_of_blocks_lies_over_the_bar_at_the_foot(desk: Desk) -> None:
    page = await desk.open("/admin/notes/pages/~int32:1")
    await open_blocks(page)
    item = page.locator(".ce-popover--opened .ce-popover-item").first
    await expect(item).to_be_visible()
    # The window ends just below the item, where the bar is.
    bottom = await item.evaluate("item => item.getBoundingClientRect().bottom")
    await page.set_viewport_size({"width": DESK["width"], "height": int(bottom) + 8})
    found = """item => {
        const box = item.getBoundingClientRect();
        const bar = document.querySelector(".a-savebar").getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return [bar.top < box.bottom && box.bottom <= innerHeight, item.contains(top)];
    }"""
    assert await item.evaluate(found) == [True, True]


async def test_the_editor_fits_a_phone(desk: Desk) -> None:
    page = await desk.open("/admin/notes/pages/~int32:1", viewport=PHONE)
    await expect(page.locator(".ce-header")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAFElEQVR4nGM0Nk5jwA2Y8MiNYGkAAp4A4MiCesEAAAAASUVORK5CYII="
)


async def add_image(page: Page) -> Locator:
    """Add an image block with the editor's own menu."""
    await open_blocks(page)
    await page.locator(".ce-popover--opened .ce-popover-item", has_text="Image").click()
    block = page.locator(".a-rt-image")
    await expect(block).to_be_visible()
    return block


@pytest.mark.parametrize("screen", SCREENS)
async def test_an_image_is_uploaded_into_rich_text_and_described(desk: Desk, screen: str) -> None:
    page = await desk.open(f"/admin/notes/{screen}/~int32:1")
    block = await add_image(page)
    async with page.expect_file_chooser() as chooser:
        await block.get_by_role("button", name="Upload an image").click()
    await (await chooser.value).set_files({"name": "sea.png", "mimeType": "image/png", "buffer": PICTURE})
    await expect(block.locator("img")).to_have_attribute("src", re.compile("^/files/[0-9a-f]{64}$"))
    url = await block.locator("img").get_attribute("src")
    await block.get_by_label("Description for those who do not see it").fill('The <sea> & "sky"')
    caption = block.get_by_role("textbox", name="Caption")
    await caption.click()
    await page.keyboard.type("By the sea")
    await save(page)
    stored = await desk.db[f"notes_{screen}"].find_one({"_id": 1})
    added = stored["body"]["blocks"][2]
    data = {"file": {"url": url}, "caption": "By the sea", "alt": 'The <sea> & "sky"'}
    assert (added["type"], added["data"]) == ("image", data)
    assert stored["body"]["blocks"][:2] == BODY["blocks"]
    assert {**stored, "body": None} == {
        "_id": 1,
        "title": "One",
        "text": "Some *text*",
        "body": None,
        "kept": 5,
    }
    file = await desk.db.files_files.find_one({"_id": str(url).removeprefix("/files/")})
    assert file["keep"] is True


async def test_an_image_is_dropped_on_its_block_and_what_is_none_is_refused(desk: Desk) -> None:
    page = await desk.open("/admin/notes/loose/~int32:1")
    block = await add_image(page)
    drop = """(box, [name, type, data]) => {
        const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], name, { type }));
        box.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
    }"""
    text = base64.b64encode(b"no image at all").decode()
    await block.evaluate(drop, ["notes.txt", "text/plain", text])
    await expect(block.get_by_role("alert")).to_contain_text("notes.txt: ")
    await block.evaluate(drop, ["sky.png", "image/png", base64.b64encode(PICTURE).decode()])
    await expect(block.locator("img")).to_be_visible()
    await expect(block.get_by_role("alert")).to_be_hidden()
    await page.locator(".ce-paragraph").evaluate(
        drop, ["two.png", "image/png", base64.b64encode(PICTURE).decode()]
    )
    await expect(page.locator(".a-rt-image img[src]")).to_have_count(2)
    await save(page)
    stored = await desk.db.notes_loose.find_one({"_id": 1})
    images = [one["data"] for one in stored["body"]["blocks"] if one["type"] == "image"]
    assert len(images) == 2
    assert all(one["file"]["url"].startswith("/files/") for one in images)


async def paste(page: Page, name: str, kind: str, data: bytes) -> None:
    """Paste a file into the first paragraph, as a browser does with what lies in the clipboard."""
    paragraph = page.locator(".is-ready .ce-paragraph").first
    await paragraph.click()
    await paragraph.evaluate(
        """(box, [name, type, data]) => {
            const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([bytes], name, { type }));
            box.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData }));
        }""",
        [name, kind, base64.b64encode(data).decode()],
    )


async def find_images(desk: Desk) -> list[dict[str, Any]]:
    stored = await desk.db.notes_loose.find_one({"_id": 1})
    return [one["data"] for one in stored["body"]["blocks"] if one["type"] == "image"]


async def test_an_image_is_pasted_and_stored_in_the_library(desk: Desk) -> None:
    page = await desk.open("/admin/notes/loose/~int32:1")
    await paste(page, "image.png", "image/png", PICTURE)
    block = page.locator(".a-rt-image")
    await expect(block.locator("img")).to_have_attribute("src", re.compile("^/files/[0-9a-f]{64}$"))
    url = str(await block.locator("img").get_attribute("src"))
    await save(page)
    assert await find_images(desk) == [{"file": {"url": url}, "caption": ""}]
    file = await desk.db.files_files.find_one({"_id": url.removeprefix("/files/")})
    assert file["keep"] is True


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("image.png", b"no image at all", "image.png: "),
        ("photo.png", PICTURE + b"0" * 70_000, "photo.png: "),
    ],
)
async def test_a_pasted_file_that_is_no_image_or_too_big_is_refused_by_name_and_leaves_nothing(
    desk: Desk, name: str, data: bytes, told: str
) -> None:
    files = await desk.db.files_files.count_documents({})
    page = await desk.open("/admin/notes/loose/~int32:1")
    await paste(page, name, "image/png", data)
    fault = page.locator(".a-rt-image").get_by_role("alert")
    await expect(fault).to_contain_text(told)
    await page.locator("#title").fill("Two")
    await save(page)
    assert await find_images(desk) == []
    assert (await desk.db.notes_loose.find_one({"_id": 1}))["body"] == BODY
    assert await desk.db.files_files.count_documents({}) == files


async def test_a_pasted_file_that_no_block_takes_changes_nothing(desk: Desk) -> None:
    page = await desk.open("/admin/notes/loose/~int32:1")
    await paste(page, "notes.txt", "text/plain", b"Some notes")
    await expect(page.locator(".a-rt-image")).to_have_count(0)
    await page.locator("#title").fill("Two")
    await save(page)
    assert (await desk.db.notes_loose.find_one({"_id": 1}))["body"] == BODY


async def test_a_form_that_is_saved_while_a_pasted_image_is_on_its_way_waits_for_it(desk: Desk) -> None:
    page = await desk.open("/admin/notes/loose/~int32:1")
    go = asyncio.Event()

    async def hold(route: Route) -> None:
        await go.wait()
        await route.continue_()

    await page.route("**/admin/files/**only=images**", hold)
    await paste(page, "image.png", "image/png", PICTURE)
    await expect(page.locator(".a-rt-image[aria-busy]")).to_be_visible()
    await page.keyboard.press("Control+s")
    go.set()
    await expect(page.locator(".a-toast").first).to_contain_text("Saved")
    assert len(await find_images(desk)) == 1


async def test_a_saved_image_and_its_address_come_back_unchanged(desk: Desk) -> None:
    image = {
        "id": "i1",
        "type": "image",
        "data": {"file": {"url": "/files/x?a=1&b=2"}, "caption": "Old <b>one</b>"},
    }
    body = {**BODY, "blocks": [image, *BODY["blocks"]]}  # type: ignore[misc]
    await desk.db.notes_pages.update_one({"_id": 1}, {"$set": {"body": body}})
    page = await desk.open("/admin/notes/pages/~int32:1")
    await page.locator(".ce-header").click()
    await page.keyboard.press("End")
    await page.keyboard.type("!")
    await save(page)
    stored = await desk.db.notes_pages.find_one({"_id": 1})
    assert stored["body"]["blocks"][0] == image
    assert stored["body"]["blocks"][1]["data"]["text"] == "Evening!"


async def test_what_is_typed_into_rich_text_right_before_saving_is_saved(desk: Desk) -> None:
    page = await desk.open("/admin/notes/pages/~int32:1")
    await page.locator(".ce-header").click()
    await page.keyboard.press("End")
    await page.keyboard.type(" quick")
    await page.keyboard.press("Control+s")
    await expect(page.locator(".a-toast").first).to_be_visible()
    stored = await desk.db.notes_pages.find_one({"_id": 1})
    assert stored["body"]["blocks"][0]["data"]["text"] == "Evening quick"
