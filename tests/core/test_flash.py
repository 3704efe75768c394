"""Flash messages are said once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from aiocms.testing import MakeClient, MakeSite

FILES = {
    "routes.py": """
from aiohttp import web
from aiocms import flash, redirect, route, templ

async def say(request):
    for text in request.query.getall("text"):
        flash(request, text, request.query.get("level", "info"),
            ("Undo", "/undo") if "undo" in request.query else None)
    raise redirect(request, "show")

async def show(request):
    return templ("show", request)

async def nothing(request):
    return web.Response()

routes = [route("GET", "/say", say, "say"), route("GET", "/show", show, "show"),
    route("GET", "/nothing", nothing, "nothing")]
""",
    "templ/show.tpl": "{% for one in flashes() %}[{{ one.level }}:{{ one.text }}"
    "{% if one.action %}:{{ one.action.label }}>{{ one.action.url }}{% endif %}]{% endfor %}",
}


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(FILES)


async def test_message_is_shown_once_in_order_and_escaped(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    await client.get("/say?text=<b>one</b>&text=two&undo=1&level=success", allow_redirects=False)
    await client.get("/nothing")
    text = await (await client.get("/show")).text()
    assert text == "[success:&lt;b&gt;one&lt;/b&gt;:Undo&gt;/undo][success:two:Undo&gt;/undo]".replace(
        "&gt;/", ">/"
    )
    assert await (await client.get("/show")).text() == ""


async def test_messages_of_parallel_requests_are_all_kept(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    await client.get("/say?text=first", allow_redirects=False)
    await asyncio.gather(*(client.get(f"/say?text=n{n}", allow_redirects=False) for n in range(5)))
    text = await (await client.get("/show")).text()
    assert text.startswith("[info:first]")
    assert sorted(text.strip("[]").split("][")[1:]) == [f"info:n{n}" for n in range(5)]


async def test_only_the_last_ten_are_kept_and_long_ones_are_cut(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    texts = "&".join(f"text={number:02d}" + "x" * 600 for number in range(12))
    await client.get(f"/say?{texts}", allow_redirects=False)
    shown = (await (await client.get("/show")).text()).strip("[]").split("][")
    assert [one[:7] for one in shown] == [f"info:{number:02d}" for number in range(2, 12)]
    assert all(len(one) == 505 and one.endswith("…") for one in shown)


async def test_unknown_level_is_an_error_of_the_program(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    assert (await client.get("/say?text=a&level=loud")).status == 500
