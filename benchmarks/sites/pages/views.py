"""Views of the measured site; benchmarks/bare.py has the same by hand."""

from aiohttp import web

from aiocms import Request, templ


async def query(request: Request) -> web.StreamResponse:
    """Twenty posts."""
    posts = await request.db.bench_posts.find({}, limit=20).to_list(20)
    return templ("query", request, {"posts": posts})


async def plain(request: Request) -> web.StreamResponse:
    """No query."""
    return templ("plain", request, {"words": ["one", "two", "three"]})
