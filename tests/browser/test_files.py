"""Files in a real browser: uploaded with progress, dropped, cancelled, chosen from the library, without script."""

from __future__ import annotations

import asyncio
import io
import random
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

from aiocms.admin.values.bsontypes import encode_id
from aiocms.files.models import FILES
from tests.browser.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

SITE = {
    "apps/blog/app.py": 'from aiocms import App\napp = App(prefix="/blog")\n',
    "apps/blog/admin.py": (
        "from aiocms.admin import Column, Screen\n"
        "class Posts(Screen):\n"
        '    collection = "blog_posts"\n'
        '    label = "{title}"\n'
        '    columns = ("title", Column("cover", format="image"))\n'
        '    widgets = {"cover": "image"}\n'
        '    layout = ("title", "cover")\n'
    ),
}
SETTINGS: dict[str, Any] = {"apps": ["auth", "admin"]}
URL = f"/admin/blog/posts/{encode_id(1)}"


async def fill(db: Any) -> None:
    """One post without a cover, no files."""
    for name in (FILES, "files_thumbs", "files.files", "files.chunks", "blog_posts"):
        await db[name].delete_many({})
    await db.blog_posts.insert_one({"_id": 1, "title": "One", "cover": ""})


def make_picture(side: int = 60) -> dict[str, Any]:
    """A picture with noise, for Playwright's file chooser; each side gives another."""
    noise = random.Random(side).randbytes(side * side * 3)
    data = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(data, "PNG")
    return {"name": f"sun{side}.png", "mimeType": "image/png", "buffer": data.getvalue()}


async def wait_for(db: Any, query: dict[str, Any]) -> dict[str, Any]:
    """The document, as soon as it is as wanted."""
    async with asyncio.timeout(15):
        while (found := await db.blog_posts.find_one(query)) is None:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.05)
    return dict(found)


async def test_a_chosen_image_goes_up_at_once_and_is_kept_by_saving(desk: Desk) -> None:
    page = await desk.open(URL)
    await page.set_input_files("[data-file-choose]", make_picture())
    await page.wait_for_selector("[data-file-said]:has-text('Uploaded')")
    value = await page.input_value("[data-file-value]")
    assert len(value) == 64 and await page.is_hidden("[data-file-progress]")
    shown = page.locator("[data-file-thumb]")
    await shown.evaluate("image => image.decode()")
    assert (await shown.get_attribute("src") or "").endswith(f"{value}/small")
    await page.click("[data-save]")
    assert (await wait_for(desk.db, {"cover": value}))["title"] == "One"
    page = await desk.open("/admin/blog/posts/")
    await page.wait_for_selector(f"img.a-thumb[src*='{value}']")


async def test_what_is_refused_is_said_beside_the_field(desk: Desk) -> None:
    page = await desk.open(URL)
    await page.fill("input[name=title]", "Typed")
    drawing = {
        "name": "x.png",
        "mimeType": "image/png",
        "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    await page.set_input_files("[data-file-choose]", drawing)
    await page.wait_for_selector("[data-file-fault]:has-text('SVG drawings')")
    assert await page.input_value("[data-file-value]") == ""
    assert await page.input_value("input[name=title]") == "Typed"


async def test_an_upload_shows_how_far_it_is_and_can_be_cancelled(desk: Desk) -> None:
    page = await desk.open(URL)
    network = await page.context.new_cdp_session(page)
    await network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200_000}
    await network.send("Network.emulateNetworkConditions", slow)
    await page.set_input_files("[data-file-choose]", make_picture(900))
    await page.wait_for_selector("[data-file-percent]:text-matches('^[1-9]')")
    await page.click("[data-file-cancel]")
    await page.wait_for_selector("[data-file-progress]", state="hidden")
    assert await page.input_value("[data-file-value]") == "" and await page.is_hidden("[data-file-fault]")


async def test_an_image_is_dropped(desk: Desk) -> None:
    page = await desk.open(URL)
    await page.evaluate(
        """async () => {
          const canvas = new OffscreenCanvas(40, 30);
          canvas.getContext('2d').fillRect(0, 0, 20, 20);
          const data = new DataTransfer();
          data.items.add(new File([await canvas.convertToBlob()], 'dropped.png', {type: 'image/png'}));
          const place = document.querySelector('[data-file-drop]');
          for (const name of ['dragenter', 'dragover', 'drop'])
            place.dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    await page.wait_for_selector("[data-file-name]:has-text('dropped.png')")


async def test_an_image_is_chosen_from_the_library(desk: Desk) -> None:
    page = await desk.open("/files/-/upload")
    await page.set_input_files("[data-file-choose]", [make_picture(61), make_picture(62)])
    await page.wait_for_selector(".f-queue .is-good >> nth=1")
    page = await desk.open(URL)
    await page.click("[data-file-library]")
    await page.click("dialog .f-card:has-text('sun61.png')")
    await page.wait_for_selector("[data-file-name]:has-text('sun61.png')")
    await page.click("[data-save]")
    found = await wait_for(desk.db, {"cover": {"$ne": ""}})
    assert (await desk.db[FILES].find_one({"_id": found["cover"]}))["name"] == "sun61.png"


async def test_cards_that_others_change_or_delete_are_marked_and_new_files_offered(desk: Desk) -> None:
    page = await desk.open("/files/-/upload")
    await page.set_input_files("[data-file-choose]", [make_picture(65), make_picture(66)])
    await page.wait_for_selector(".f-queue .is-good >> nth=1")
    page = await desk.open("/admin/files/files/")
    await expect(page.locator("[data-live]")).to_have_attribute("data-state", "open")
    await desk.db[FILES].update_one({"name": "sun65.png"}, {"$set": {"name": "moon.png"}})
    changed = page.locator(".f-grid > li.is-live-changed")
    await expect(changed).to_have_count(1)
    await expect(changed).to_contain_text("changed")
    await desk.db[FILES].delete_one({"name": "sun66.png"})
    await expect(page.locator(".f-grid > li.is-live-gone")).to_contain_text("deleted")
    await desk.db[FILES].insert_one({"_id": "0" * 64, "name": "late.txt", "size": 1})
    pill = page.locator(".a-toolbar > [data-live-pill]")
    await expect(pill).to_have_text("1 new")
    await pill.click()
    await expect(page.locator(".f-grid")).to_contain_text("moon.png")
    await expect(page.locator(".f-grid")).to_contain_text("late.txt")
    await expect(page.locator(".f-grid > li[class]")).to_have_count(0)


async def test_the_library_names_who_uses_a_file_and_keeps_it(desk: Desk) -> None:
    page = await desk.open("/files/-/upload")
    await page.set_input_files("[data-file-choose]", make_picture(63))
    await page.wait_for_selector(".f-queue .is-good")
    stored = await desk.db[FILES].find_one({})
    await desk.db.blog_posts.update_one({"_id": 1}, {"$set": {"cover": stored["_id"]}})
    page = await desk.open("/admin/files/files/")
    await page.locator(".f-grid img").evaluate("image => image.decode()")
    page = await desk.open(f"/admin/files/files/{stored['_id']}/delete")
    assert "Posts" in await page.inner_text("main")
    assert await desk.db[FILES].count_documents({}) == 1


async def test_without_script_the_file_comes_with_the_form(desk: Desk) -> None:
    page = await desk.open(URL, java_script_enabled=False)
    await page.set_input_files("input[type=file]", make_picture(64))
    await page.fill("input[name=title]", "Plain")
    await page.click("[data-save]")
    found = await wait_for(desk.db, {"title": "Plain"})
    assert (await desk.db[FILES].find_one({"_id": found["cover"]}))["name"] == "sun64.png"
    page = await desk.open(URL, java_script_enabled=False)
    await page.check("input[name='cover~none']")
    await page.click("[data-save]")
    await wait_for(desk.db, {"title": "Plain", "cover": ""})
