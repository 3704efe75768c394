"""The panel in which a list is kept as a view: named, shared, changed, shown first, deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aiohttp import web

from aiocms.admin.lists.panels import Desk, leave, open_desk, query_text, read_text, show_panel
from aiocms.admin.lists.preferences import Preferences, change_preferences, load_preferences
from aiocms.admin.lists.query import ListState
from aiocms.admin.lists.views_saved import (
    EVERYBODY,
    BadView,
    SavedView,
    add_view,
    change_view,
    delete_view,
    find_roles,
    get_view,
    is_id,
    list_views,
    may_change,
    may_share,
)
from aiocms.admin.nav import list_url
from aiocms.admin.screens import Screen
from aiocms.core import csrf
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext


async def show(request: web.Request) -> web.StreamResponse:
    """The form for the list's own view, or for a new one."""
    desk = await open_desk(request)
    return await _show(desk, await _find_current(desk))


async def save(request: web.Request) -> web.StreamResponse:
    """Carry out what the pressed button says."""
    await csrf.require_token(request)
    desk = await open_desk(request)
    current = await _find_current(desk)
    try:
        match desk.done:
            case "save" if current:
                return await _change(desk, current)
            case "first":
                return await _set_first(desk, current)
            case "delete" if current and may_change(request, current):
                return await _show(desk, current, asking=True)
            case "really" if current:
                return await _delete(desk, current)
            case _:
                return await _add(desk)
    except BadView as error:
        return await _show(desk, current, gettext(request, str(error)))


def view_url(request: web.Request, screen: Screen, view: SavedView) -> str:
    """The address that a view stands for."""
    rest = [pair for pair in read_text(view.query) if pair[0] not in ("view", "at", "scan")]
    return list_url(request, screen, [*rest, ("view", view.id)])


def own_query(state: ListState) -> str:
    """What a view of this list holds: all but the page and which view it came from."""
    return query_text(replace(state, view="", scan=False))


async def _find_current(desk: Desk) -> SavedView | None:
    if not is_id(desk.state.view):
        return None
    views = await list_views(desk.request, desk.screen)
    return next((one for one in views if one.id == desk.state.view), None)


async def _show(
    desk: Desk, current: SavedView | None, message: str = "", asking: bool = False
) -> web.StreamResponse:
    request = desk.request
    typed = dict(desk.typed)
    own = await load_preferences(request, desk.screen)
    changes = current is not None and may_change(request, current)
    shared = {value for name, value in desk.typed if name == "role"} if message else set()
    values = {
        "view": current,
        "may_change": changes,
        "is_changed": current is not None and current.query != own_query(desk.state),
        "name": typed.get("name", current.name if current and changes else ""),
        "roles": await _offer_roles(desk, current) if may_share(request, desk.screen) else [],
        "shared": shared or set(current.roles if current and changes else ()),
        "is_first": current is not None and own.view == current.id,
        "has_first": bool(own.view),
        "asking": asking,
        "message": message,
        "address": desk.panel_url("view"),
    }
    title = gettext(request, N_("View “%(name)s”"), name=current.name) if current else ""
    return show_panel(
        desk, "view", title or gettext(request, N_("Save view")), values, status=422 if message else 200
    )


async def _offer_roles(desk: Desk, current: SavedView | None) -> list[tuple[str, str]]:
    everybody = gettext(desk.request, N_("Everybody who may see this list"))
    return [(EVERYBODY, everybody), *(await find_roles(desk.request)).items()]


async def _read_roles(desk: Desk, current: SavedView | None) -> tuple[str, ...] | None:
    """The roles that were ticked; roles that are not this user's to give stay. None: not asked."""
    if not may_share(desk.request, desk.screen):
        return None
    offered = {identity for identity, _ in await _offer_roles(desk, current)}
    ticked = {value for name, value in desk.typed if name == "role"} & offered
    stay = set(current.roles) - offered if current else set()
    return tuple(sorted(ticked | stay))


async def _add(desk: Desk) -> web.StreamResponse:
    request = desk.request
    typed = dict(desk.typed)
    own = await load_preferences(request, desk.screen)
    roles = await _read_roles(desk, None) or ()
    query = own_query(_complete(desk.state, own))
    identity = await add_view(request, desk.screen, typed.get("name", ""), query, roles)
    if typed.get("first") == "yes":
        await change_preferences(request, desk.screen, view=identity)
    flash(request, gettext(request, N_("The view is saved.")), "success")
    return leave(request, view_url(request, desk.screen, await get_view(request, desk.screen, identity)))


def _complete(state: ListState, own: Preferences) -> ListState:
    """With the user's own columns and page size, so that others see the same."""
    return replace(state, columns=state.columns or own.columns, size=state.size or own.size)


async def _change(desk: Desk, view: SavedView) -> web.StreamResponse:
    request = desk.request
    typed = dict(desk.typed)
    query = own_query(desk.state) if typed.get("with") == "yes" else view.query
    await change_view(request, view, typed.get("name", ""), query, await _read_roles(desk, view))
    own = await load_preferences(request, desk.screen)
    if typed.get("first") == "yes":
        await change_preferences(request, desk.screen, view=view.id)
    elif own.view == view.id:
        await change_preferences(request, desk.screen, view="")
    flash(request, gettext(request, N_("The view is saved.")), "success")
    return leave(request, view_url(request, desk.screen, await get_view(request, desk.screen, view.id)))


async def _set_first(desk: Desk, view: SavedView | None) -> web.StreamResponse:
    """Show this view first when the list is opened; without one, or for the second time: the whole list."""
    request = desk.request
    own = await load_preferences(request, desk.screen)
    first = "" if view is None or own.view == view.id else view.id
    await change_preferences(request, desk.screen, view=first)
    text: Any = N_("This view is shown first from now on.") if first else N_("The whole list is shown first.")
    flash(request, gettext(request, text), "success")
    return leave(request, desk.url())


async def _delete(desk: Desk, view: SavedView) -> web.StreamResponse:
    request = desk.request
    await delete_view(request, view)
    own = await load_preferences(request, desk.screen)
    if own.view == view.id:
        await change_preferences(request, desk.screen, view="")
    flash(request, gettext(request, N_("The view “%(name)s” is deleted."), name=view.name), "success")
    return leave(request, list_url(request, desk.screen))
