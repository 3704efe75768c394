"""The debug toolbar shows this request's commands, and only in debug."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aiocms.testing import MakeClient, MakeSite

FILES = {
    "routes.py": """
from aiohttp import web
from aiocms import route, templ

async def index(request):
    await request.db.things.find_one({"name": request.query.get("name", "")})
    return templ("index", request)

async def go(request):
    raise web.HTTPSeeOther("/")

async def bug(request):
    raise RuntimeError("oh")

routes = [route("GET", "/", index, "index"), route("GET", "/go", go, "go"), route("GET", "/bug", bug, "bug")]
""",
    "templ/index.tpl": "<html><head></head><body>hello</body></html>",
}


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(FILES)


async def test_page_has_the_toolbar_and_the_panel_its_commands(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, debug=True, debugtoolbar=True)
    text = await (await client.get("/?name=<b>needle</b>")).text()
    found = re.search(r'href="(/_debugtoolbar/[0-9a-f]+)"', text)
    assert found
    response = await client.get(found.group(1))
    panel = await response.text()
    assert response.status == 200
    assert "MongoDB" in panel and "things" in panel
    assert "&lt;b&gt;needle" in panel or "\\u003cb" in panel
    assert "<b>needle" not in panel


async def test_redirects_and_bugs_are_not_swallowed(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, debug=True, debugtoolbar=True)
    response = await client.get("/go", allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/")
    assert (await client.get("/bug")).status == 500


@pytest.mark.parametrize(
    "settings", [{"debug": False, "debugtoolbar": True}, {"debug": True, "debugtoolbar": False}]
)
async def test_toolbar_needs_both_settings(
    site: Path, make_client: MakeClient, settings: dict[str, bool]
) -> None:
    client = await make_client(site, **settings)
    assert "debugtoolbar" not in await (await client.get("/")).text()
    assert (await client.get("/_debugtoolbar")).status == 404


async def test_pages_keep_the_strict_policy_and_the_toolbar_its_own(
    site: Path, make_client: MakeClient
) -> None:
    client = await make_client(site, debug=True, debugtoolbar=True)
    assert "unsafe" not in (await client.get("/")).headers["Content-Security-Policy"]
    assert "unsafe-inline" in (await client.get("/_debugtoolbar")).headers["Content-Security-Policy"]
