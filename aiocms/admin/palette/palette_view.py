"""The palette: its options for the script, and the same as a page for who has none."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from aiocms.admin.palette.palette import LONGEST, Asked, find_groups
from aiocms.admin.registry import get_registry
from aiocms.admin.screens import Screen
from aiocms.core import keys
from aiocms.core.i18n import N_, gettext
from aiocms.core.templates import templ
from aiocms.core.urls import url_for


async def show_palette(request: web.Request) -> web.StreamResponse:
    """The options of the palette's list box for what is typed."""
    return templ(
        "admin:palette", request, await _make_context(request), headers={"Cache-Control": "no-store"}
    )


async def show_find(request: web.Request) -> web.StreamResponse:
    """The same as a page of links."""
    context = await _make_context(request)
    crumbs = [
        (gettext(request, N_("Admin")), url_for(request, "admin:index")),
        (gettext(request, N_("Find")), ""),
    ]
    return templ("admin:find", request, {**context, "crumbs": crumbs})


async def _make_context(request: web.Request) -> dict[str, Any]:
    query = request.query
    ticked = query.get("ticked", "")
    asked = Asked(
        query.get("q", "").strip()[:LONGEST],
        await _find_here(request, query.get("ns", ""), query.get("screen", "")),
        min(int(ticked), 10_000) if ticked.isascii() and ticked.isdigit() and len(ticked) < 6 else 0,
    )
    return {"asked": asked, "groups": await find_groups(request, asked)}


async def _find_here(request: web.Request, namespace: str, name: str) -> Screen | None:
    """The screen that the user says to be on; None when it is none of theirs."""
    screen = await get_registry(request).find(request, namespace, name) if namespace and name else None
    user = request.get(keys.USER)
    return screen if screen is not None and user is not None and user.can(screen.permission("view")) else None
