"""HTTP errors, bugs and a database that is away: each gets its page."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from aiocms.core.headers import CSP
from aiocms.testing import MakeClient, MakeSite

FILES = {
    "routes.py": """
import asyncio
from aiohttp import web
from pymongo.errors import ServerSelectionTimeoutError
from aiohttp_session import get_session
from aiocms import flash, redirect, route, templ

async def fail(request):
    number = int(request.match_info["status"])
    if number == 413:
        raise web.HTTPRequestEntityTooLarge(1000, 2000)
    kinds = {400: web.HTTPBadRequest, 403: web.HTTPForbidden, 404: web.HTTPNotFound, 410: web.HTTPGone,
        418: None, 429: web.HTTPTooManyRequests, 500: web.HTTPInternalServerError, 503: web.HTTPServiceUnavailable}
    error = kinds[number](headers={"X-Kept": "yes"}, **({"text": request.query["text"]} if request.query else {}))
    error.set_cookie("kept", "1")
    raise error

async def api(request):
    raise web.HTTPBadRequest(text='{"own": 1}', content_type="application/json")

async def bug(request):
    secret = "<script>alert(1)</script>"
    raise RuntimeError(secret + " line\\nbreak")

async def away(request):
    flash(request, "lost")
    raise ServerSelectionTimeoutError("no server at <host>")

async def broken(request):
    return templ("broken", request)

async def returned(request):
    return redirect(request, "/fail/404")

async def late(request):
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"begun")
    raise web.HTTPNotFound

async def endless(request):
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"more")
        try:
            await asyncio.sleep(0.01)
        except asyncio.CancelledError:  # The tests' server cancels its views, a site's does not.
            asyncio.current_task().uncancel()

async def flashed(request):
    flash(request, "kept over the error")
    raise web.HTTPNotFound

async def none(request):
    return None

routes = [route("GET", "/" + path, view, name) for path, view, name in (
    ("fail/{status}", fail, "fail"), ("api", api, "api"), ("bug", bug, "bug"), ("away", away, "away"),
    ("broken", broken, "broken"), ("returned", returned, "returned"), ("late", late, "late"), ("endless", endless, "endless"),
    ("flashed", flashed, "flashed"), ("none", none, "none"))]
""",
    "templ/broken.tpl": "{{ 1 / 0 }}",
    "templ/core/layout.tpl": "{% block content %}{% endblock %}{% for one in flashes() %}F:{{ one.text }}{% endfor %}",
}
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(FILES)


@pytest.mark.parametrize("status", [400, 403, 404, 410, 413, 429, 500, 503])
async def test_http_error_is_a_page_with_its_request_id(
    site: Path, make_client: MakeClient, status: int
) -> None:
    client = await make_client(site)
    response = await client.get(f"/fail/{status}", headers=HTML)
    text = await response.text()
    assert response.status == status
    assert response.content_type == "text/html"
    assert str(status) in text
    assert response.headers["X-Request-ID"] in text
    assert 'href="/' in text


async def test_page_speaks_the_visitors_language(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    response = await client.get("/nothing", headers={**HTML, "Accept-Language": "ru-RU,ru;q=0.9,en;q=0.1"})
    assert "Страница не найдена" in await response.text()


async def test_given_text_is_shown_escaped(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    text = await (await client.get("/fail/403?text=<b>No</b>", headers=HTML)).text()
    assert "&lt;b&gt;No&lt;/b&gt;" in text and "<b>No" not in text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"),
        ("application/problem+json", "application/json"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("text/html, application/json;q=0.9", "text/html"),
        ("application/json;q=0", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("json" * 5000, "text/html"),
        (";;;,,/json;q=x", "text/html"),
    ],
)
async def test_accept_decides_between_page_and_json(
    site: Path, make_client: MakeClient, accept: str, kind: str
) -> None:
    client = await make_client(site)
    response = await client.get("/nothing", headers={"Accept": accept[:8000]})
    assert (response.status, response.content_type) == (404, kind)
    if kind == "application/json":
        error = json.loads(await response.text())["error"]
        assert error["status"] == 404
        assert error["request_id"] == response.headers["X-Request-ID"]


async def test_headers_and_cookies_of_the_error_stay(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    response = await client.get("/fail/403", headers=HTML)
    assert response.headers["X-Kept"] == "yes"
    assert response.cookies["kept"].value == "1"
    not_allowed = await client.post("/fail/404", headers=HTML)
    assert not_allowed.status == 405
    assert not_allowed.headers["Allow"] == "GET,HEAD"
    assert not_allowed.content_type == "text/html"


async def test_error_with_a_body_of_its_own_type_is_left_alone(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    response = await client.get("/api", headers=HTML)
    assert (response.status, await response.json()) == (400, {"own": 1})


async def test_site_overrides_the_page_of_one_status(make_site: MakeSite, make_client: MakeClient) -> None:
    files = {**FILES, "templ/core/errors/404.tpl": "mine {{ status }} {{ request_id }}"}
    client = await make_client(make_site(files))
    response = await client.get("/nothing", headers=HTML)
    assert await response.text() == f"mine 404 {response.headers['X-Request-ID']}"
    assert "410" in await (await client.get("/fail/410", headers=HTML)).text()


async def test_broken_error_template_still_gives_the_status(
    make_site: MakeSite, make_client: MakeClient
) -> None:
    files = {**FILES, "templ/core/errors/404.tpl": "{{ nothing.at.all() }}"}
    client = await make_client(make_site(files))
    response = await client.get("/nothing", headers=HTML)
    assert response.status == 404
    assert "Page not found" in await response.text()


async def test_bug_gives_a_page_that_tells_nothing_but_the_id(
    site: Path, make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = await make_client(site)
    response = await client.get("/bug", headers=HTML)
    text = await response.text()
    assert response.status == 500
    assert response.headers["X-Request-ID"] in text
    assert "RuntimeError" not in text and "Traceback" not in text and "alert" not in text
    assert "RuntimeError" in caplog.text


async def test_bug_in_debug_shows_the_escaped_traceback(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, debug=True)
    text = await (await client.get("/bug", headers=HTML)).text()
    assert "RuntimeError: &lt;script&gt;alert(1)&lt;/script&gt; line" in text
    assert "routes.py" in text and "<script>" not in text
    assert "RuntimeError" not in json.dumps(await (await client.get("/none", headers=JSON)).json())


@pytest.mark.parametrize("path", ["/broken", "/none"])
async def test_broken_view_or_template_is_a_500_with_all_headers(
    site: Path, make_client: MakeClient, path: str
) -> None:
    client = await make_client(site)
    response = await client.get(path, headers=HTML)
    assert response.status == 500
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_database_away_is_a_503_that_says_when_to_come_back(
    site: Path, make_client: MakeClient
) -> None:
    client = await make_client(site)
    response = await client.get("/away", headers=HTML)
    text = await response.text()
    assert response.status == 503
    assert response.headers["Retry-After"] == "5"
    assert "&lt;host" not in text and "503" in text
    assert "Set-Cookie" not in response.headers


async def test_away_database_is_asked_once_even_with_a_session(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    # Nothing listens at port 1, so each attempt takes the whole time-out.
    client = await make_client(
        site, database="mongodb://127.0.0.1:1/?directConnection=true", database_timeout=0.3
    )
    cookies = {"__Host-session": "A" * 43}
    for path in ("/fail/404", "/nothing", "/away"):
        response = await client.get(path, headers=HTML, cookies=cookies)
        assert response.status == 503, path
        assert response.headers["Retry-After"] == "5"


async def test_returned_redirect_is_a_redirect(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    response = await client.get("/returned", allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/fail/404")


async def test_flash_set_before_an_error_is_shown_on_its_page(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    text = await (await client.get("/flashed", headers=HTML)).text()
    assert "F:kept over the error" in text


async def test_error_after_the_answer_began_does_not_mix_a_page_into_it(
    site: Path, make_client: MakeClient
) -> None:
    client = await make_client(site)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n")
    received = b""
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(1000):
            received += chunk
    writer.close()
    assert b"404" not in received
    assert not received.endswith(b"0\r\n\r\n")


async def test_a_browser_that_leaves_during_a_stream_is_no_error(
    site: Path, make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = await make_client(site)
    with caplog.at_level("DEBUG", logger="aiocms.errors"):
        reader, writer = await asyncio.open_connection(client.host, client.port)
        writer.write(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readuntil(b"more")
        writer.transport.abort()
        async with asyncio.timeout(10):
            while not any("left before the end" in one.message for one in caplog.records):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert [one for one in caplog.records if one.levelno > logging.INFO] == []


async def test_static_500_brings_a_style_that_its_policy_allows(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    response = await client.get("/bug", headers=HTML)
    found = re.search(r"<style>(.*?)</style>", await response.text(), re.DOTALL)
    assert found
    digest = base64.b64encode(hashlib.sha256(found.group(1).encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]
    assert CSP["style-src"] == "'self'"
