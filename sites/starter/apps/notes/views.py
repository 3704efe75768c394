"""Pages of the app."""

from aiohttp import web

from aiocms import Request, templ

from . import store


async def index(request: Request) -> web.StreamResponse:
    """The newest entries: templ/index.tpl."""
    return templ("notes:index", request, {"entries": await store.find_latest(request.db)})


async def detail(request: Request) -> web.StreamResponse:
    """One entry: templ/detail.tpl."""
    entry = await store.find_by_slug(request.db, request.match_info["slug"])
    if entry is None:
        raise web.HTTPNotFound()
    return templ("notes:detail", request, {"entry": entry})
