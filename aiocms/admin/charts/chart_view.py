"""The pages of numbers and charts: above a list, on the dashboard, and by themselves."""

from __future__ import annotations

import hashlib
from typing import Any

from aiohttp import web

from aiocms.admin.charts.chart_points import Shown, show_charts
from aiocms.admin.charts.figures import find_charts
from aiocms.admin.fallback import template_names
from aiocms.admin.lists.panels import leave, open_desk
from aiocms.admin.lists.preferences import Preferences, change_preferences
from aiocms.admin.lists.query import ListState, read_state, write_state
from aiocms.admin.lists.tokens import Signer
from aiocms.admin.nav import list_url, with_query
from aiocms.admin.registry import get_screen
from aiocms.admin.screens import Screen
from aiocms.admin.store import Store, open_store
from aiocms.core.csrf import require_token
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext
from aiocms.core.templates import templ
from aiocms.core.urls import url_for

STATE = "aiocms_charts"
"""The cookie, one for each list, that says whether the charts above it were left "open" or "closed"."""


async def show(request: web.Request) -> web.StreamResponse:
    """The charts over what a list's address shows: a page, or for htmx only the charts."""
    screen = await get_screen(request)
    store = await open_store(request, screen)
    place = "dashboard" if request.query.get("on") == "dashboard" else "list"
    pairs = [(key, text) for key, text in request.query.items() if key not in ("at", "on")]
    # The search form and the filter form send names that the state does not know of.
    state = read_state(pairs, await store.fields(), lambda _: Signer(b""), await store.sortable())
    shown = await show_charts(store, state, dashboard=place == "dashboard") if not state.problems else []
    values = _make_context(request, screen, state, shown, place)
    alone = request.headers.get("HX-Request") == "true"
    part = "charts/figures" if alone else "charts/page"
    return templ(template_names(screen, part), request, values, headers={"Vary": "HX-Request"})


async def choose(request: web.Request) -> web.StreamResponse:
    """Keep for the user that a list has no charts above it, or has them again."""
    await require_token(request)
    desk = await open_desk(request)
    await change_preferences(request, desk.screen, no_charts=desk.done == "hide")
    if desk.done == "hide":
        text = N_("This list shows no charts any more. “Columns” brings them back.")
        flash(request, gettext(request, text), "success")
    return leave(request, desk.url())


async def make_panel(store: Store, own: Preferences, query: str) -> dict[str, Any] | None:
    """What the panel above a list needs; None without charts, or when the user wants none there.

    What nobody declared is closed, and so not counted, until it is asked for.

    Parameters:
        query: the list's, as a text.
    """
    request, screen = store.request, store.screen
    if own.no_charts or not await find_charts(store):
        return None
    begin = "open" if screen.declared else "closed"
    base = charts_url(request, screen)
    asked = request.query_string
    return {
        "url": f"{base}?{asked}" if asked else base,
        "base": base,
        "query": query,
        "open": request.cookies.get(STATE, begin) == "open",
    }


def charts_url(request: web.Request, screen: Screen, query: list[tuple[str, str]] | None = None) -> str:
    """The address of a screen's charts."""
    address = url_for(request, "admin:charts", ns=screen.namespace, screen=screen.name)
    return with_query(address, query) if query else address


def _make_context(
    request: web.Request, screen: Screen, state: ListState, shown: list[Shown], place: str
) -> dict[str, Any]:
    title = gettext(request, screen.shown_title) if screen.declared else screen.shown_title
    pairs = write_state(state)
    return {
        "screen": screen,
        "title": title,
        "crumbs": [
            (gettext(request, "Admin"), url_for(request, "admin:index")),
            (title, list_url(request, screen, pairs)),
            (gettext(request, "Charts"), None),
        ],
        "numbers": [one for one in shown if one.kind == "number"],
        "charts": [one for one in shown if one.kind != "number"],
        "place": place,
        "uid": "chart-" + hashlib.sha256(screen.permission("").encode()).hexdigest()[:8],
        "scan_url": charts_url(
            request, screen, [*pairs, ("scan", "yes"), *([("on", place)] if place != "list" else [])]
        ),
        "list_url": list_url(request, screen, pairs),
    }
