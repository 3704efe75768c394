"""Cross-site requests are refused by their headers, and forms by their token."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from aiocms.testing import MakeClient, MakeSite

FILES = {
    "routes.py": """
from aiohttp import web
from aiohttp_session import get_session
from aiocms import route, templ
from aiocms.core.csrf import require_token
from aiocms.core.sessions import rotate

async def page(request):
    return templ("page", request)

async def change(request):
    await request.db.changes.insert_one({"method": request.method})
    return web.json_response({})

async def checked(request):
    await require_token(request)
    return await change(request)

async def visit(request):
    (await get_session(request))["visited"] = 1
    return web.json_response({})

async def enter(request):
    await rotate(request)
    (await get_session(request))["user_id"] = request.query.get("as", "ann")
    return web.json_response({})

async def enter_here(request):
    await rotate(request)
    (await get_session(request))["user_id"] = "ann"
    return templ("page", request)

async def echo(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_str("hello")
    await socket.close()
    return socket

routes = [
    route("GET", "/page", page, "page"), route("*", "/change", change, "change"),
    route("POST", "/checked", checked, "checked"), route("GET", "/visit", visit, "visit"),
    route("GET", "/enter", enter, "enter"), route("GET", "/enter_here", enter_here, "enter_here"),
    route("GET", "/echo", echo, "echo"),
]
""",
    "templ/page.tpl": "{{ csrf_input() }}",
}


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(FILES)


async def get_token(client: Any, path: str = "/page") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', await (await client.get(path)).text())
    assert found
    return found.group(1)


CROSS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "SAME-ORIGIN, cross-site"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "same-origin\xff"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "{here}"},
    {"Origin": "null"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://evil.example:{port}"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1.evil.example:{port}"},
    {"Origin": "http://[::1"},
    {"Origin": "http://127.0.0.1:99999999"},
    {"Origin": "file://127.0.0.1:{port}"},
    {"Origin": ""},
    {"Origin": "http://evil.example, {here}"},
]


def fill(headers: dict[str, str], url: URL) -> dict[str, str]:
    here = f"http://{url.host}:{url.port}"
    return {
        name: value.replace("{here}", here).replace("{port}", str(url.port))
        for name, value in headers.items()
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("headers", CROSS, ids=str)
async def test_unsafe_request_of_another_site_changes_nothing(
    site: Path, make_client: MakeClient, db: Any, method: str, headers: dict[str, str]
) -> None:
    client = await make_client(site)
    response = await client.request(method, "/change", headers=fill(headers, client.make_url("/")))
    assert response.status == 403
    assert await db.changes.count_documents({}) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "{here}"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ],
    ids=str,
)
async def test_own_pages_and_programs_may_send(
    site: Path, make_client: MakeClient, headers: dict[str, str]
) -> None:
    client = await make_client(site)
    response = await client.post("/change", headers=fill(headers, client.make_url("/")))
    assert response.status == 200


async def test_public_address_of_the_site_is_its_own_origin(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, site_url="https://shop.example")
    assert (await client.post("/change", headers={"Origin": "https://shop.example"})).status == 200
    assert (await client.post("/change", headers={"Origin": "http://shop.example"})).status == 403


async def test_plain_page_may_not_post_to_the_encrypted_site(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, trusted_proxies=1)
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}
    for origin, status in (("https://shop.example", 200), ("http://shop.example", 403)):
        response = await client.post("/change", headers={**forwarded, "Origin": origin})
        assert response.status == status


async def test_links_from_other_sites_work(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    assert (await client.get("/page", headers={"Sec-Fetch-Site": "cross-site"})).status == 200


async def test_websocket_of_another_site_is_refused(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await client.ws_connect("/echo", origin="https://evil.example")
    assert caught.value.status == 403
    socket = await client.ws_connect("/echo", origin=str(client.make_url("/")).rstrip("/"))
    assert await socket.receive_str() == "hello"
    await socket.close()


async def test_token_is_masked_anew_each_time(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    first, second = await get_token(client), await get_token(client)
    assert first != second
    for token in (first, second):
        assert (await client.post("/checked", data={"csrf_token": token})).status == 200
    assert (await client.post("/checked", headers={"X-CSRF-Token": first})).status == 200


@pytest.mark.parametrize(
    "token", [None, "", "x", "A" * 86, "A" * 85, "ключ", "A" * 100_000, "=" * 86, "\x00" * 86]
)
async def test_wrong_token_is_refused(
    site: Path, make_client: MakeClient, db: Any, token: str | None
) -> None:
    client = await make_client(site)
    await client.get("/enter")
    data = {} if token is None else {"csrf_token": token}
    assert (await client.post("/checked", data=data)).status == 403
    assert (await client.post(f"/checked?csrf_token={await get_token(client)}")).status == 403
    assert await db.changes.count_documents({}) == 0


async def test_token_dies_with_its_session(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    await client.get("/enter")
    token = await get_token(client)
    assert (await client.post("/checked", data={"csrf_token": token})).status == 200
    await client.get("/enter")
    assert (await client.post("/checked", data={"csrf_token": token})).status == 403


async def test_token_of_another_session_is_refused(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    await client.get("/enter?as=mallory")
    stranger = await get_token(client)
    client.session.cookie_jar.clear()
    await client.get("/enter?as=ann")
    assert (await client.post("/checked", data={"csrf_token": stranger})).status == 403


async def test_open_form_survives_the_first_thing_stored_but_not_a_login(
    site: Path, make_client: MakeClient
) -> None:
    client = await make_client(site)
    token = await get_token(client)
    await client.get("/visit")
    assert (await client.post("/checked", data={"csrf_token": token})).status == 200
    await client.get("/enter")
    assert (await client.post("/checked", data={"csrf_token": token})).status == 403


async def test_token_of_another_secret_is_refused(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, secret_key="a" * 40)
    token = await get_token(client)
    other = await make_client(site, secret_key="b" * 40)
    assert (await other.post("/checked", data={"csrf_token": token})).status == 403


async def test_form_of_the_answer_that_rotates_the_session_is_good(
    site: Path, make_client: MakeClient
) -> None:
    client = await make_client(site)
    await client.get("/enter")
    for _ in range(2):
        token = await get_token(client, "/enter_here")
        assert (await client.post("/checked", data={"csrf_token": token})).status == 200
