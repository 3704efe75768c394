"""Tests of the site's own pages; run `pytest` in this folder."""

from pathlib import Path

SITE = Path(__file__).parents[1]


async def test_home_page_opens(make_client):
    client = await make_client(SITE)
    answer = await client.get("/")
    assert answer.status == 200


async def test_admin_asks_for_login(make_client):
    client = await make_client(SITE)
    answer = await client.get("/admin/", allow_redirects=False)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/login")
