"""What stands around a list: its saved views, the addresses of its panels, the jump, the page size."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from aiocms.admin.lists.jump import find_jump
from aiocms.admin.lists.listing import Listing, read_listing, read_query
from aiocms.admin.lists.panels import kept_inputs, query_text, read_text
from aiocms.admin.lists.preferences import Preferences, preferences_key, read_preferences, screen_key
from aiocms.admin.lists.query import SIZES
from aiocms.admin.lists.view_panel import own_query, view_url
from aiocms.admin.lists.views_saved import SavedView, may_change, read_views, views_query
from aiocms.admin.models import PREFERENCES, VIEWS
from aiocms.admin.nav import list_url
from aiocms.admin.registry import get_registry
from aiocms.admin.screens import Screen
from aiocms.admin.store import Store
from aiocms.core import keys
from aiocms.core.urls import url_for

PANELS = ("filter", "sort", "columns", "view", "cost")


@dataclass(frozen=True, slots=True)
class Own:
    """What a user finds at a screen besides its list: choices and views."""

    preferences: Preferences
    views: tuple[SavedView, ...]

    def find(self, identity: str) -> SavedView | None:
        """The view of this id, or None."""
        return next((one for one in self.views if one.id == identity), None)


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view above the list. `shared_by`: who shares it, "" for one's own; `is_first`: shown first."""

    name: str
    url: str
    is_current: bool
    is_shared: bool
    shared_by: str
    is_first: bool


async def load_own(store: Store) -> Own:
    """The user's choices and the views that the user may use and can read, by one query."""
    request, screen = store.request, store.screen
    key = preferences_key(request, screen)
    match, limit = views_query(request, screen)
    stages: list[dict[str, Any]] = [
        {"$match": {"_id": key}},
        {"$unionWith": {"coll": VIEWS, "pipeline": [{"$match": match}, {"$limit": limit}]}},
    ]
    cursor = request.app[keys.MONGO].db[PREFERENCES].aggregate(stages, maxTimeMS=2000)
    found = await cursor.to_list(None)
    preferences = read_preferences(next((one for one in found if one["_id"] == key), {}))
    views = read_views(request, (one for one in found if one["_id"] != key))
    if store.rights.is_limited:
        # A shared view may be about fields that this user may not name: not even its words are shown then.
        views = [one for one in views if not (await read_query(store, read_text(one.query))).problems]
    return Own(preferences, tuple(views))


async def read_with_own(store: Store, pairs: list[tuple[str, str]]) -> tuple[Own, Listing | None]:
    """The list that an address asks for, and what the user finds beside it.

    Both are read at once: choices seldom change, so the list is read with those of last time, and once more
    when they were others.

    Returns:
        What the user has; and the list, or None when `find_first_url` has another one for this address.
    """
    known = get_registry(store.request).preferences
    key = (store.request[keys.USER].id, screen_key(store.screen))
    guess = known.get(key, Preferences())
    if guess.view and not pairs:
        own, listing = await load_own(store), None
    else:
        own, listing = await asyncio.gather(load_own(store), read_listing(store, pairs, guess))
    if own.preferences != guess:
        if len(known) > 10_000:
            known.clear()
        known[key], listing = own.preferences, None
    if not pairs and find_first_url(store, own):
        return own, None
    return own, listing or await read_listing(store, pairs, own.preferences)


def find_first_url(store: Store, own: Own) -> str:
    """The address of the view that the user wants to see first, or ""."""
    view = own.find(own.preferences.view) if own.preferences.view else None
    return view_url(store.request, store.screen, view) if view else ""


async def make_tools(store: Store, listing: Listing, own: Own) -> dict[str, Any]:
    """The values that list.tpl promises of the tools."""
    request, screen, state = store.request, store.screen, listing.state
    current = own.find(state.view)
    is_changed = current is not None and current.query != own_query(state)
    query = query_text(state)
    is_bare = not (state.is_narrowed or state.sort or state.columns or state.size)
    return {
        "views": list(_list_tabs(request, screen, own, current)),
        "current_view": current,
        "may_change_view": current is not None and may_change(request, current),
        "view_changed": is_changed,
        "can_save_view": not state.problems and (is_changed or (current is None and not is_bare)),
        "all_url": list_url(request, screen, [("view", "all")] if own.preferences.view else None),
        "panels": {name: _panel_url(request, screen, name, query) for name in PANELS},
        "jump": None if state.problems else await find_jump(store, listing.sort),
        "jump_kept": kept_inputs(state),
        "jump_url": _panel_url(request, screen, "jump", ""),
        "size": listing.size,
        "sizes": [(size, size == listing.size) for size in sorted({*SIZES, listing.size})],
        "size_url": _panel_url(request, screen, "size", ""),
    }


def _list_tabs(request: web.Request, screen: Screen, own: Own, current: SavedView | None) -> Iterable[Tab]:
    user = request[keys.USER]
    for one in own.views:
        yield Tab(
            one.name,
            view_url(request, screen, one),
            one is current,
            bool(one.roles),
            "" if one.owner == user.id else one.owner_name,
            one.id == own.preferences.view,
        )


def _panel_url(request: web.Request, screen: Screen, name: str, query: str) -> str:
    address = url_for(request, f"admin:list_{name}", ns=screen.namespace, screen=screen.name)
    return f"{address}?{query}" if query else address
