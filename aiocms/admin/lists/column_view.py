"""The panel in which a user chooses and orders the columns of a list; and the choice of rows a page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiohttp import web

from aiocms.admin.charts.figures import find_charts
from aiocms.admin.lists.columns import choose_columns, offered_columns, path_label
from aiocms.admin.lists.panels import Desk, leave, open_desk, show_panel
from aiocms.admin.lists.preferences import change_preferences, clean_columns, load_preferences
from aiocms.admin.lists.query import SIZES
from aiocms.admin.screens import Column
from aiocms.core import csrf
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext
from aiocms.core.urls import url_for


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that may be shown."""

    path: str
    label: str
    is_shown: bool


async def show(request: web.Request) -> web.StreamResponse:
    """The columns: those shown in their order, then the others."""
    desk = await open_desk(request)
    own = await load_preferences(request, desk.screen)
    columns = await choose_columns(desk.store, desk.state.columns or own.columns)
    return await _show(desk, tuple(one.path for one in columns.shown), bool(own.columns))


async def save(request: web.Request) -> web.StreamResponse:
    """Keep the columns for the user, put them in the address, go back to the screen's own, or move one."""
    await csrf.require_token(request)
    desk = await open_desk(request)
    chosen = clean_columns(value for name, value in desk.typed if name == "col")
    verb, _, path = desk.done.partition(":")
    plain = replace(desk.state, columns=())
    if verb in ("up", "down"):
        own = await load_preferences(request, desk.screen)
        return await _show(desk, _move(chosen, path, -1 if verb == "up" else 1), bool(own.columns))
    if verb == "once":
        return leave(request, desk.url(replace(desk.state, columns=chosen)))
    if verb == "default":
        await change_preferences(request, desk.screen, columns=())
        flash(request, gettext(request, N_("The list has its own columns again.")), "success")
        return leave(request, desk.url(plain))
    await change_preferences(request, desk.screen, columns=chosen)
    return leave(request, desk.url(plain))


async def save_size(request: web.Request) -> web.StreamResponse:
    """Keep for the user how many rows a page has; the screen's own number is kept as no choice."""
    await csrf.require_token(request)
    desk = await open_desk(request)
    typed = next((value for name, value in desk.typed if name == "size"), "")
    if not (typed.isascii() and typed.isdecimal() and 1 <= int(typed[:6]) <= SIZES[-1]):
        raise web.HTTPBadRequest
    usual = int(await desk.screen.get("page_size", request))
    await change_preferences(request, desk.screen, size=0 if int(typed) == usual else int(typed))
    return leave(request, desk.url(replace(desk.state, size=0)))


async def _show(desk: Desk, shown: tuple[str, ...], is_own: bool) -> web.StreamResponse:
    request = desk.request
    declared = [
        one if isinstance(one, Column) else Column(one) for one in await desk.screen.get("columns", request)
    ]
    open_ = [one for one in declared if desk.store.rights.access(one.path) != "hide"]
    label = (await choose_columns(desk.store, ())).label_paths
    labels = dict(offered_columns(request, await desk.store.fields(), open_, 500))
    named = [Choice(path, labels.get(path) or path_label(path, request), True) for path in shown]
    others = [
        Choice(path, text, False) for path, text in labels.items() if path not in shown and (path,) != label
    ]
    values = {
        "shown": named,
        "others": others,
        "is_own": is_own,
        "address": desk.panel_url("columns"),
        "charts_address": await _find_charts_address(desk),
    }
    return show_panel(desk, "columns", gettext(request, N_("Columns")), values)


async def _find_charts_address(desk: Desk) -> str:
    own = await load_preferences(desk.request, desk.screen)
    if not own.no_charts or not await find_charts(desk.store):
        return ""
    return url_for(desk.request, "admin:charts", ns=desk.screen.namespace, screen=desk.screen.name)


def _move(paths: tuple[str, ...], path: str, by: int) -> tuple[str, ...]:
    if path not in paths:
        return paths
    order = list(paths)
    at = order.index(path)
    order.insert(min(max(at + by, 0), len(order) - 1), order.pop(at))
    return tuple(order)
