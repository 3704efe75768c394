"""The site of the tutorial, built from the blocks of the page itself, does what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import FormData

from aiocms import create_app

PAGE = Path(__file__).resolve().parent.parent / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(python|jinja|css|ini)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"\A(?:# |/\* |\{# )([\w/.-]+\.(?:py|tpl|css|ini))\b")
POST = {
    "title": "First",
    "slug": "first",
    "text": "One\n\n<b>Two</b>",
    "published": datetime(2026, 1, 2, tzinfo=UTC),
}


def read_steps() -> list[dict[str, str]]:
    """The files of each section of the page."""
    steps = []
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        files = {}
        for _, body in BLOCK.findall(section):
            name = NAME.match(body)
            assert name, f"A block does not say its file: {body[:60]!r}"
            files[name[1]] = body
        steps.append(files)
    return steps


def read_files() -> dict[str, str]:
    """The files at the end of the page; what is shown again replaces what was shown before."""
    return {name: body for step in read_steps() for name, body in step.items()}


@pytest.fixture
def site(make_site):
    """The finished site, its database that of the test."""
    return make_site(read_files())


@pytest.fixture
async def client(site, make_client, mongo_uri, db_name):
    return await make_client(site, database=mongo_uri, database_name=db_name)


def test_site_is_sound_after_every_step(make_site) -> None:
    files: dict[str, str] = {}
    for step in read_steps():
        files |= step
        create_app(make_site(dict(files)))
    assert {"settings.py", "apps/blog/admin.py", "templ/core/layout.tpl", "app.py"} <= set(files)


async def test_public_pages_answer(client, db) -> None:
    await db.blog_posts.insert_one(dict(POST))
    front = await (await client.get("/")).text()
    assert 'href="/blog/first"' in front
    assert "Written by Ann." in front
    assert "First" in await (await client.get("/blog")).text()
    page = await client.get("/blog/first")
    assert page.status == 200
    assert "&lt;b&gt;Two&lt;/b&gt;" in await page.text()
    assert (await client.get("/blog/nothing")).status == 404


async def test_static_file_overrides_the_bundled_one(client) -> None:
    assert "#0a7d4f" in await (await client.get("/static/core/theme.css")).text()


async def test_admin_screen_lists_creates_and_saves(client, db, login) -> None:
    await db.blog_posts.insert_one(dict(POST))
    await login(client)
    assert "First" in await (await client.get("/admin/blog/posts/")).text()

    answer = await send(client, "/admin/blog/posts/new", {"title": "Second", "slug": "second", "text": "x"})
    assert answer.status == 200, await answer.text()
    made = await db.blog_posts.find_one({"slug": "second"})
    assert made["title"] == "Second"
    assert made.get("published") is None

    address = f"/admin/blog/posts/{made['_id']}"
    await send(client, address, {"title": "Changed"})
    assert (await db.blog_posts.find_one({"_id": made["_id"]}))["title"] == "Changed"
    assert (await db.blog_posts.find_one({"slug": "first"}))["published"] == POST["published"]


async def test_taken_address_comes_back_with_what_was_typed(client, db, login) -> None:
    await db.blog_posts.insert_one(dict(POST))
    await login(client)
    answer = await send(client, "/admin/blog/posts/new", {"title": "Again", "slug": "first", "text": "kept"})
    page = await answer.text()
    assert answer.status >= 400
    assert "Again" in page and "kept" in page
    assert await db.blog_posts.count_documents({}) == 1


async def test_action_publishes_a_draft(client, db, login) -> None:
    made = await db.blog_posts.insert_one({**POST, "published": None})
    await login(client)
    assert "First" not in await (await client.get("/blog")).text()
    token = find_inputs(await (await client.get("/admin/blog/posts/")).text())
    data = {"csrf_token": token["csrf_token"], "action": "publish", "rows": str(made.inserted_id)}
    answer = await client.post("/admin/blog/posts/-/action", data=data)
    assert "Published: 1" in await answer.text()
    assert "First" in await (await client.get("/blog")).text()


@pytest.mark.slow
def test_tests_of_the_tutorial_pass(site, mongo_uri) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=site,
        env={**os.environ, "MONGODB_TEST_URI": mongo_uri, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


async def send(client, address: str, values: dict[str, str]):
    """Fill in the form at an address as a browser would, and send it."""
    page = await (await client.get(address)).text()
    inputs = find_inputs(page) | values
    form = FormData()
    for name, value in inputs.items():
        form.add_field(name, value)
    return await client.post(address, data=form)


def find_inputs(page: str) -> dict[str, str]:
    """The named inputs and text areas of a page with their values."""
    import html

    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in attributes and attributes.get("type") not in ("checkbox", "radio", "submit", "search"):
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea\b[^>]*?name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        found[name] = html.unescape(text.removeprefix("\n"))
    return found
