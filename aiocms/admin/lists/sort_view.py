"""The panel in which a list is sorted by several fields."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from aiocms.admin.known import KnownFields
from aiocms.admin.lists.columns import path_label
from aiocms.admin.lists.keyset import SortKey
from aiocms.admin.lists.listing import default_sort
from aiocms.admin.lists.panels import Desk, Pairs, kept_inputs, leave, open_desk, show_panel
from aiocms.admin.lists.query import MOST_SORTS
from aiocms.core.i18n import N_, gettext

_MOST_FIELDS = 300


async def show(request: web.Request) -> web.StreamResponse:
    """The form; when it is applied, on to the list."""
    desk = await open_desk(request, ("by:", "dir:"))
    sortable = await desk.store.sortable()
    sort = _read(desk.typed, sortable) if desk.done else desk.state.sort or await default_sort(desk.store)
    verb, _, place = desk.done.partition(":")
    if verb == "show":
        return leave(request, desk.url(replace(desk.state, sort=_unique(sort))))
    sort = _press(sort, verb, int(place) if place.isdecimal() and len(place) < 4 else -1)
    values = {
        "sort": sort,
        "has_blank": len(sort) < MOST_SORTS,
        "offered": _offer(desk, sortable),
        "kept": kept_inputs(desk.state, sort=()),
        "address": desk.panel_url("sort"),
        "default_url": desk.url(replace(desk.state, sort=())),
    }
    return show_panel(desk, "sort", gettext(request, N_("Sort")), values)


def _read(typed: Pairs, sortable: KnownFields) -> tuple[SortKey, ...]:
    paths = [value for name, value in typed if name == "by:"]
    directions = [value for name, value in typed if name == "dir:"]
    return tuple(
        SortKey(path, direction == "down")
        for path, direction in zip(paths, directions, strict=False)
        if path and sortable.find(path)
    )[:MOST_SORTS]


def _unique(sort: tuple[SortKey, ...]) -> tuple[SortKey, ...]:
    found: dict[str, SortKey] = {}
    for key in sort:
        found.setdefault(key.path, key)
    return tuple(found.values())


def _press(sort: tuple[SortKey, ...], verb: str, at: int) -> tuple[SortKey, ...]:
    """What a button of a row does: one place up or down, or away."""
    keys = list(sort)
    if not 0 <= at < len(keys):
        return sort
    if verb == "remove":
        del keys[at]
    elif verb in ("up", "down"):
        to = min(max(at + (-1 if verb == "up" else 1), 0), len(keys) - 1)
        keys.insert(to, keys.pop(at))
    return tuple(keys)


def _offer(desk: Desk, sortable: KnownFields) -> list[tuple[str, str]]:
    return [
        (one.path, one.label or path_label(one.path, desk.request))
        for one in list(sortable)[:_MOST_FIELDS]
        if one.types != {"object"}
    ]
