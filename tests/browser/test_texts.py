"""Markdown and rich text written by a person in a browser; what is stored is compared whole."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.desk import PHONE, Desk

SETTINGS: dict[str, Any] = {"languages": ["en"]}
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
    "settings.py": 'title = "Notes"\napps = ["auth", "admin"]\n',
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
    await page.locator(".a-savebar button[data-save]").click()
    await expect(page.locator(".a-toast").first).to_be_visible()
    stored = await desk.db[f"notes_{screen}"].find_one({"_id": 1})
    assert stored["text"] == "# Head"
    assert stored["body"]["blocks"] == [{"type": "paragraph", "data": {"text": "x"}}]


async def test_the_list_shows_the_words_of_rich_text(desk: Desk) -> None:
    page = await desk.open("/admin/notes/pages/")
    await expect(page.locator("tbody tr").first).to_contain_text("Evening A bold word")


async def test_the_editor_fits_a_phone(desk: Desk) -> None:
    page = await desk.open("/admin/notes/pages/~int32:1", viewport=PHONE)
    await expect(page.locator(".ce-header")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
