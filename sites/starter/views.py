"""The site's own pages."""

from aiohttp import web

from aiocms import Request, templ


async def index(request: Request) -> web.StreamResponse:
    """The home page: templ/index.tpl."""
    latest = await request.db.notes_entries.find({}, sort=[("written", -1)], limit=3).to_list(3)
    return templ("index", request, {"latest": latest})
