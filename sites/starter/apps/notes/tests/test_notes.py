"""Tests of the app; run `pytest` in the site's folder."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

SITE = Path(__file__).parents[3]
ENTRY = {
    "title": "Hello",
    "slug": "hello",
    "text": "One <b>two</b>",
    "written": datetime(2026, 1, 2, tzinfo=UTC),
}


@pytest.fixture
async def client(make_client) -> TestClient:
    """A browser of this site, with a database of its own that is empty."""
    return await make_client(SITE)


async def test_list_shows_titles(client, db):
    await db.notes_entries.insert_one(dict(ENTRY))
    answer = await client.get("/notes")
    assert answer.status == 200
    assert "Hello" in await answer.text()


async def test_empty_list_says_what_to_do(client):
    answer = await client.get("/notes")
    assert "Write the first one" in await answer.text()


async def test_markup_in_text_is_shown_not_obeyed(client, db):
    await db.notes_entries.insert_one(dict(ENTRY))
    answer = await client.get("/notes/hello")
    assert "One &lt;b&gt;two&lt;/b&gt;" in await answer.text()


async def test_unknown_entry_is_not_found(client):
    answer = await client.get("/notes/nothing")
    assert answer.status == 404


async def test_entries_are_edited_in_the_admin(client, db, login):
    await db.notes_entries.insert_one(dict(ENTRY))
    await login(client)
    answer = await client.get("/admin/notes/entries/")
    assert answer.status == 200
    assert "Hello" in await answer.text()
