"""Every malformed or oversized body is a 4xx, never a 500."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from aiocms.testing import MakeClient, MakeSite

FILES = {
    "routes.py": """
from aiohttp import web
from aiocms import route

async def as_json(request):
    return web.json_response({"value": await request.json()})

async def as_text(request):
    return web.json_response({"length": len(await request.text())})

async def as_bytes(request):
    return web.json_response({"length": len(await request.read())})

async def as_form(request):
    fields = await request.post()
    return web.json_response([[name, value if isinstance(value, str) else value.filename
        if hasattr(value, "filename") else value.decode("latin-1")] for name, value in fields.items()])

async def echo(request):
    return web.json_response({"path": request.match_info["name"], "query": dict(request.query)})

routes = [route("POST", "/json", as_json, "json"), route("POST", "/text", as_text, "text"),
    route("POST", "/bytes", as_bytes, "bytes"), route("POST", "/form", as_form, "form"),
    route("GET", "/echo/{name}", echo, "echo")]
"""
}
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(FILES)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b"[" * 200_000,
        b"[" * 101 + b"]" * 101,
        b'{"a":' * 101 + b"1" + b"}" * 101,
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b'"\xff"',
        b'"\\ud800"',
        b'{"\\uDFFF": 1}',
        b"1" * 5000,
        b"\xef\xbb\xbf{}",
        b"\x00",
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_bad_json_is_a_400(site: Path, make_client: MakeClient, body: bytes) -> None:
    client = await make_client(site)
    response = await client.post("/json", data=body, headers={"Content-Type": "application/json"})
    assert response.status == 400


@pytest.mark.parametrize(
    "value", [None, 1, "é\U0001f600", [[[]]], {"$gt": ""}, 2**70, "[" * 500, "\\ud800", {"a": [{}] * 300}]
)
async def test_good_json_arrives(site: Path, make_client: MakeClient, value: Any) -> None:
    client = await make_client(site)
    response = await client.post("/json", data=json.dumps(value).encode())
    assert await response.json() == {"value": value}
    deepest: Any = []
    for _ in range(98):
        deepest = [deepest]
    assert (await client.post("/json", json=deepest)).status == 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (PARTS, b""),
        (PARTS, b"nonsense"),
        (PARTS, b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\nhalf"),
        (PARTS, b"--b\r\n\r\nno name\r\n--b--\r\n"),
        (PARTS, b"--b\r\nbroken header\r\n\r\nx\r\n--b--\r\n"),
        (PARTS, b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\xfe\r\n--b--\r\n"),
        (PARTS, b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n--b--\r\n'),
        (
            PARTS,
            b"--b\r\nContent-Disposition: form-data; name=a\r\n"
            b"Content-Type: text/plain; charset=nope\r\n\r\nx\r\n--b--\r\n",
        ),
        (
            PARTS,
            b"--b\r\nContent-Disposition: form-data; name=a\r\n"
            b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA-\r\n--b--\r\n",
        ),
        (
            PARTS,
            b"--b\r\nContent-Disposition: form-data; name=a; filename=f\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n%%%\r\n--b--\r\n",
        ),
        (
            PARTS,
            b"--b\r\nContent-Disposition: form-data; name=a\r\n"
            b"Content-Transfer-Encoding: nope\r\n\r\nx\r\n--b--\r\n",
        ),
        (
            PARTS,
            b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n"
            b"Content-Disposition: form-data; name=a\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n",
        ),
        ("multipart/form-data", b"--b\r\n"),
        ("multipart/form-data; boundary=" + "x" * 500, b"x"),
        (FORM, b"a=\xff"),
        (FORM + "; charset=nope", b"a=1"),
        (FORM + "; charset=utf-16", b"a=1"),
        (FORM + "; charset=utf-7", b"a=+2AA-"),
        (FORM + "; charset=\xff", b"a=1"),
        ("application/json; charset=idna", b"{}"),
    ],
    ids=repr,
)
async def test_malformed_form_is_a_4xx(
    site: Path, make_client: MakeClient, content_type: str, body: bytes
) -> None:
    client = await make_client(site)
    response = await client.post("/form", data=body, headers={"Content-Type": content_type})
    assert response.status < 500, await response.text()
    if body not in (b"",) and not content_type.startswith("application/json"):
        assert response.status in (200, 400, 415)


async def test_charset_that_cannot_be_decoded_is_a_4xx(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    for charset, status in (("nope", 415), ("utf-16", 415), ("utf-7", 415), ("utf-8", 400)):
        kind = {"Content-Type": f"text/plain; charset={charset}"}
        assert (await client.post("/text", data=b"\xff", headers=kind)).status == status, charset


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "nope"])
async def test_compressed_body_is_refused(site: Path, make_client: MakeClient, encoding: str) -> None:
    client = await make_client(site)
    response = await client.post(
        "/bytes", data=b"\x1f\x8b broken", headers={"Content-Encoding": encoding}, compress=False
    )
    assert response.status in (400, 415)


@pytest.mark.parametrize("path", ["/bytes", "/text", "/json", "/form"])
async def test_body_over_the_limit_is_a_413(site: Path, make_client: MakeClient, path: str) -> None:
    client = await make_client(site, body_limit=1000)
    response = await client.post(path, data=b"a=" + b"x" * 2000, headers={"Content-Type": FORM})
    assert response.status == 413
    assert (await client.post("/form", data={"a": "x" * 900})).status == 200


async def test_upload_over_the_limit_is_a_413(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, body_limit=1000)
    form = aiohttp.FormData()
    form.add_field("file", b"x" * 5000, filename="f.bin")
    assert (await client.post("/form", data=form)).status == 413


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data"])
async def test_too_many_fields_are_a_413(site: Path, make_client: MakeClient, kind: str) -> None:
    client = await make_client(site, max_fields=10)
    form = aiohttp.FormData(default_to_multipart=kind != FORM)
    for number in range(11):
        form.add_field(f"f{number}", "x")
    assert (await client.post("/form", data=form)).status == 413


async def test_dripping_body_is_a_408_and_closes_the_connection(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, body_timeout=0.2)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"POST /bytes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"Connection: close" in answer


async def test_fields_with_odd_names_and_values_arrive_unchanged(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    pairs = [["a[$ne]", "1"], ["$where", "x"], ["a.b", "é"], ["", ""], ["nul", "a\x00b"], ["a.b", "2"]]
    form = aiohttp.FormData([(name, value) for name, value in pairs])
    assert await (await client.post("/form", data=form)).json() == pairs


@pytest.mark.parametrize(
    "target", [b"/echo/\xff", b"/echo/a%00b", b"/echo/a?q=%00", b"/echo/a?q=\xed\xa0\x80"]
)
async def test_address_with_raw_bytes_or_nul_is_a_400(
    site: Path, make_client: MakeClient, target: bytes
) -> None:
    client = await make_client(site)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    assert answer.split(b" ")[1] == b"400"


async def test_ordinary_unicode_addresses_work(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    response = await client.get("/echo/книга", params={"q": "%00 ü"})
    assert await response.json() == {"path": "книга", "query": {"q": "%00 ü"}}


PIECES = [
    *(b"--b", b"--b--", b"\r\n", b'Content-Disposition: form-data; name="a"', b"; filename=x", b"\xff"),
    *(b"Content-Type: text/plain; charset=", b"a=1&", b"%ff", b'{"a":', b"[", b"]", b'"\\ud800"', b"="),
]
KINDS = [FORM, PARTS, "application/json", "text/plain; charset=utf-8", "text/plain; charset=x"]


async def test_no_body_made_of_broken_pieces_is_a_500(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    chance = random.Random(20)
    for _ in range(400):
        path, kind = chance.choice(["/json", "/text", "/bytes", "/form"]), chance.choice(KINDS)
        body = b"".join(chance.choices(PIECES, k=chance.randrange(25)))
        async with client.post(path, data=body, headers={"Content-Type": kind}) as response:
            assert response.status < 500, (path, kind, body)
