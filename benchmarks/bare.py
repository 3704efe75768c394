"""The measured pages by hand: aiohttp, Motor and Jinja2 alone. `python -m benchmarks.bare PORT`."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from motor.motor_asyncio import AsyncIOMotorClient

SITE = Path(__file__).parent / "sites" / "pages"
ENV: web.AppKey[jinja2.Environment] = web.AppKey("env", jinja2.Environment)
DB: web.AppKey[Any] = web.AppKey("db", object)


async def query(request: web.Request) -> web.Response:
    """Twenty posts."""
    posts = await request.app[DB].bench_posts.find({}, limit=20).to_list(20)
    return _render(request, "query.tpl", {"posts": posts})


async def plain(request: web.Request) -> web.Response:
    """No query."""
    return _render(request, "plain.tpl", {"words": ["one", "two", "three"]})


async def rows(request: web.Request) -> web.Response:
    """Fifty rows of a collection in a table, as the admin's list shows them."""
    collection = request.app[DB][request.match_info["collection"]]
    found = await collection.find({}, limit=50, sort=[("_id", 1)]).to_list(50)
    return _render(request, "rows.tpl", {"rows": found})


async def edit(request: web.Request) -> web.Response:
    """The fields of a document and its sub-documents as plain inputs."""
    document = await request.app[DB][request.match_info["collection"]].find_one({})
    return _render(request, "edit.tpl", {"document": document})


def _render(request: web.Request, name: str, context: dict[str, Any]) -> web.Response:
    text = request.app[ENV].get_template(name).render(context)
    return web.Response(text=text, content_type="text/html")


async def _connect(app: web.Application) -> AsyncIterator[None]:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(os.environ["BENCH_URI"], tz_aware=True)
    app[DB] = client["bench"]
    yield
    client.close()


def make_app() -> web.Application:
    """The bare application."""
    app = web.Application()
    folders = [str(SITE / "templ"), str(Path(__file__).parent / "templ")]
    app[ENV] = jinja2.Environment(loader=jinja2.FileSystemLoader(folders), autoescape=True, auto_reload=False)
    app.cleanup_ctx.append(_connect)
    app.router.add_get("/query", query)
    app.router.add_get("/plain", plain)
    app.router.add_get("/rows/{collection}", rows)
    app.router.add_get("/edit/{collection}", edit)
    app.router.add_static("/static/", SITE / "static")
    return app


if __name__ == "__main__":
    web.run_app(make_app(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
