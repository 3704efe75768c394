"""A view that the bundled shop does not have."""

from __future__ import annotations

from aiohttp import web

from aiocms import Request, templ


async def terms(request: Request) -> web.StreamResponse:
    """The terms of the museum shop."""
    return templ("shop:terms", request)
