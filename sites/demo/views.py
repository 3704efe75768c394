"""Views of the site's own pages."""

from __future__ import annotations

from aiohttp import web

import aiocms
from aiocms import Request, templ

from .apps.films import store


async def index(request: Request) -> web.StreamResponse:
    """The front page: tonight, and films with many good reviews."""
    return templ(
        "index",
        request,
        {
            "programme": await store.find_next_programme(request.db),
            "best": await store.find_best(request.db, 12),
            "counts": await store.count_all(request.db),
        },
    )


async def how(request: Request) -> web.StreamResponse:
    """What this demo overrides, and in which file."""
    return templ("how", request, {"version": aiocms.__version__})
