"""The page in place of a document that is not there: what became of it, and the ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from aiocms.admin.nav import list_url, undo_url
from aiocms.admin.writes.history import Change, find_deletion
from aiocms.core.error_pages import wants_json
from aiocms.core.i18n import N_, gettext
from aiocms.core.templates import render
from aiocms.core.urls import url_for

if TYPE_CHECKING:
    from aiocms.admin.forms.opened import Opened


async def make_gone(opened: Opened) -> web.HTTPNotFound:
    """The answer for an id that this user finds no document at; who asks for JSON gets none of a page."""
    request, screen = opened.request, opened.screen
    if wants_json(request):
        return web.HTTPNotFound()
    title = gettext(request, screen.shown_title) if screen.declared else screen.shown_title
    change = await _find_deletion(opened)
    context: dict[str, Any] = {
        "screen": screen,
        "title": gettext(request, N_("This document is not there")),
        "crumbs": [
            (gettext(request, N_("Admin")), url_for(request, "admin:index")),
            (title, opened.list_url),
            (gettext(request, N_("This document is not there")), ""),
        ],
        "list_url": opened.next or list_url(request, screen),
        "list_title": title,
        "document_id": request.match_info["id"],
        "change": change,
        "undo_url": undo_url(request, change.id) if change and opened.may("delete") else "",
    }
    text = await render(opened.names("gone"), request, context)
    return web.HTTPNotFound(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})


async def _find_deletion(opened: Opened) -> Change | None:
    """The record of its deletion, for who may see every document of the screen."""
    if opened.identity is None or opened.door.scopes.get("view") is not True:
        return None
    return await find_deletion(opened.door.db, opened.screen.collection, opened.identity)
