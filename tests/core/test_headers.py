"""Security headers are on every answer; hosts and proxies are believed only as told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from aiocms.core.headers import make_csp
from aiocms.core.proxies import is_allowed_host, is_host, read_forwarded
from aiocms.testing import MakeClient, MakeSite

FILES = {
    "routes.py": """
from aiohttp import web
from aiocms import route

async def show(request):
    return web.json_response([request.remote, request.scheme, request.host, request.request_id])

async def own(request):
    return web.Response(headers={"Content-Security-Policy": "default-src 'none'", "Vary": "Origin"})

async def bug(request):
    raise RuntimeError

async def stream(request):
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write_eof(b"x")
    return response

async def away(request):
    raise web.HTTPSeeOther("/show")

routes = [route("GET", "/" + view.__name__, view, view.__name__) for view in (show, own, bug, stream, away)]
""",
    "static/a.txt": "static",
}
WANTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(FILES)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", "/show", 200), ("HEAD", "/show", 200), ("GET", "/stream", 200), ("GET", "/away", 303)),
        *(
            ("GET", "/static/a.txt", 200),
            ("GET", "/static/b.txt", 404),
            ("GET", "/static/../settings.py", 404),
        ),
        *(("GET", "/nothing", 404), ("POST", "/show", 405), ("GET", "/bug", 500)),
    ],
)
async def test_every_answer_has_the_headers(
    site: Path, make_client: MakeClient, method: str, path: str, status: int
) -> None:
    client = await make_client(site)
    response = await client.request(method, path, allow_redirects=False)
    assert response.status == status
    for name, value in WANTED.items():
        assert response.headers[name] == value, name
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert response.headers["X-Request-ID"]
    assert "Strict-Transport-Security" not in response.headers
    assert "Server" not in response.headers


async def test_view_keeps_its_own_policy_and_vary(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    response = await client.get("/own")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
    assert response.headers["Vary"] == "Origin, Accept-Language, Cookie"


async def test_static_file_may_be_kept_by_caches_also_with_a_session_cookie(
    site: Path, make_client: MakeClient
) -> None:
    client = await make_client(site)
    response = await client.get("/static/a.txt", cookies={"__Host-session": "A" * 43})
    assert "no-store" not in response.headers["Cache-Control"]
    assert "Vary" not in response.headers


def test_site_changes_single_directives() -> None:
    policy = make_csp({"img-src": "'self' https://cdn.example", "form-action": "", "connect-src": "'self'"})
    assert "img-src 'self' https://cdn.example;" in policy
    assert "form-action" not in policy
    assert policy.endswith("connect-src 'self'")


async def test_hsts_is_sent_on_https_only(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, trusted_proxies=1, hsts=100)
    secure = await client.get("/show", headers={"X-Forwarded-Proto": "https"})
    assert secure.headers["Strict-Transport-Security"] == "max-age=100"
    assert "Strict-Transport-Security" not in (await client.get("/show")).headers


FORWARDED = {
    "X-Forwarded-For": "6.6.6.6, 203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example, shop.example",
    "X-Request-ID": "given-by-proxy-1",
}


async def test_forwarded_headers_are_ignored_without_trusted_proxies(
    site: Path, make_client: MakeClient
) -> None:
    client = await make_client(site)
    remote, scheme, host, request_id = await (await client.get("/show", headers=FORWARDED)).json()
    assert (remote, scheme, host) == ("127.0.0.1", "http", f"127.0.0.1:{client.port}")
    assert request_id != "given-by-proxy-1"


async def test_only_the_counted_hops_are_believed(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, trusted_proxies=1)
    shown = await (await client.get("/show", headers=FORWARDED)).json()
    assert shown == ["203.0.113.7", "https", "shop.example", "given-by-proxy-1"]


@pytest.mark.parametrize(
    ("headers", "trusted", "expected"),
    [
        ({"X-Forwarded-For": "1.1.1.1, 2.2.2.2, 3.3.3.3"}, 2, ("2.2.2.2", None, None)),
        ({"X-Forwarded-For": "1.1.1.1"}, 2, ("1.1.1.1", None, None)),
        ({"X-Forwarded-For": "[2001:db8::1]:443"}, 1, ("2001:db8::1", None, None)),
        ({"X-Forwarded-For": "2001:db8::1"}, 1, ("2001:db8::1", None, None)),
        ({"X-Forwarded-For": "1.1.1.1:99"}, 1, ("1.1.1.1", None, None)),
        ({"X-Forwarded-For": "<script>"}, 1, (None, None, None)),
        ({"X-Forwarded-For": ", ,"}, 1, (None, None, None)),
        ({"X-Forwarded-Proto": "javascript"}, 1, (None, None, None)),
        ({"X-Forwarded-Proto": "HTTPS"}, 1, (None, "https", None)),
        ({"X-Forwarded-Host": "a b"}, 1, (None, None, None)),
        ({"X-Forwarded-Host": "shop.example:8443"}, 1, (None, None, "shop.example:8443")),
        ({"X-Forwarded-For": "1.1.1.1"}, 0, (None, None, None)),
    ],
)
def test_forwarded_values(
    headers: dict[str, str], trusted: int, expected: tuple[str | None, str | None, str | None]
) -> None:
    found = read_forwarded(headers, trusted)
    assert (found.remote, found.scheme, found.host) == expected


@pytest.mark.parametrize(
    "host",
    ["example.org", "a", "127.0.0.1:8080", "[::1]:80", "xn--80ak6aa92e.com", "a_b.example", "localhost."],
)
def test_real_hosts_pass(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        " ",
        "a b",
        "a/b",
        "a@b",
        "a:b",
        "a:123456",
        "[",
        "[x]",
        "a\\b",
        "a\n",
        "a?x",
        "-",
        "ж.рф",
        "a" * 300,
        "a#",
    ],
)
def test_malformed_hosts_do_not_pass(host: str) -> None:
    assert not is_host(host)


@pytest.mark.parametrize(
    ("host", "allowed", "site_url", "passes"),
    [
        ("any.example", (), "", True),
        ("shop.example:443", ("shop.example",), "", True),
        ("SHOP.example.", ("shop.example",), "", True),
        ("www.shop.example", ("shop.example",), "", False),
        ("www.shop.example", (".shop.example",), "", True),
        ("shop.example", ("*.shop.example",), "", True),
        ("evilshop.example", (".shop.example",), "", False),
        ("shop.example.evil", (".shop.example",), "", False),
        ("shop.example", (), "https://shop.example/", True),
        ("localhost:8080", (), "https://shop.example", True),
        ("evil.example", (), "https://shop.example", False),
        ("[::1]:8080", ("[::1]",), "", True),
        ("any.example", ("*",), "", True),
    ],
)
def test_allowed_hosts(host: str, allowed: tuple[str, ...], site_url: str, passes: bool) -> None:
    assert is_allowed_host(host, allowed, site_url) is passes


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (b"shop.example", b"200"),
        (b"evil.example", b"421"),
        (b"shop.example@evil", b"421"),
        (b"", b"421"),
        (b"\xff", b"421"),
    ],
)
async def test_unknown_host_is_refused(
    site: Path, make_client: MakeClient, host: bytes, status: bytes
) -> None:
    client = await make_client(site, allowed_hosts=["shop.example"])
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"GET /show HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    assert answer.split(b" ")[1] in (status, b"400")
    assert status != b"200" or answer.split(b" ")[1] == b"200"
    assert b"evil" not in answer
