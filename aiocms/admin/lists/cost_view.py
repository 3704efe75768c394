"""The panel that says what a list costs and which index it lacks; with the permission, it makes it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from aiocms.admin.lists.advice import Advice, cannot_be_indexed, suggest, suggest_text
from aiocms.admin.lists.builds import IndexFailed
from aiocms.admin.lists.conditions import OPERATORS, BadFilter
from aiocms.admin.lists.cost import Cost, Measure, measure
from aiocms.admin.lists.keyset import SortKey, complete_sort
from aiocms.admin.lists.listing import default_sort, find_match, find_size
from aiocms.admin.lists.panels import Desk, leave, open_desk, show_panel
from aiocms.admin.lists.preferences import load_preferences
from aiocms.admin.lists.search import Search
from aiocms.admin.registry import get_registry
from aiocms.core import csrf, formats, i18n, keys
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext

_LONGEST_MS = 5000


async def show(request: web.Request) -> web.StreamResponse:
    """What reading the first page of the list costs."""
    return await _show(await open_desk(request))


async def make(request: web.Request) -> web.StreamResponse:
    """Ask whether to make an index that was advised, or make it when that was answered."""
    await csrf.require_token(request)
    desk = await open_desk(request)
    if not may_index(desk):
        raise web.HTTPForbidden
    verb, _, name = desk.done.partition(":")
    if verb != "make":
        return await _show(desk, asked=name)
    # What is made is what would be advised now: the form only names it.
    _, sort, cost, search = await _plan(desk)
    advice = next((one for one in await _advise(desk, sort, cost, search) if one.name == name), None)
    if advice is None:
        flash(request, gettext(request, N_("The list does not need this index any more.")), "info")
        return leave(request, desk.url())
    registry = get_registry(request)
    try:
        state = await registry.builds.start(
            desk.store.collection,
            advice.index,
            lambda: registry.forget_indexes(desk.store.collection.name),
        )
    except IndexFailed as error:
        return await _show(desk, failure=error, status=409)
    text: Any = {
        "built": N_("The index is there. Put the line into models.py, so that it is there on every server."),
        "building": N_("The index is being built; lists use it once it is there."),
    }[state]
    flash(request, gettext(request, text), "success")
    return leave(request, desk.url())


def may_index(desk: Desk) -> bool:
    """Whether the user may make indexes for this screen's collection."""
    user = desk.request[keys.USER]
    return not desk.store.is_view and user.can(desk.screen.permission("index"))


async def _show(
    desk: Desk, asked: str = "", failure: IndexFailed | None = None, status: int = 200
) -> web.StreamResponse:
    request = desk.request
    try:
        match, sort, cost, search = await _plan(desk)
    except BadFilter as error:
        flash(request, gettext(request, error.message, **error.values), "warning")
        return leave(request, desk.url())
    own = await load_preferences(request, desk.screen)
    size = desk.state.size or own.size or int(await desk.screen.get("page_size", request))
    measured = await measure(desk.store.collection, match, _read_order(cost, sort), size, _LONGEST_MS)
    advices = await _advise(desk, sort, cost, search)
    builds = get_registry(request).builds
    values = {
        "cost": cost,
        "search": search,
        "measured": measured,
        "facts": _list_facts(request, cost, measured),
        "advices": advices,
        "building": {one.name for one in advices if builds.is_building(one.index)},
        "asked": asked,
        "failure": failure or next(filter(None, (builds.find_failure(one.index) for one in advices)), None),
        "may_index": may_index(desk),
        "permission": desk.screen.permission("index"),
        "unindexed": [gettext(request, OPERATORS[name]) for name in cannot_be_indexed(desk.state.tree)],
        "total": formats.number(await find_size(desk.store), i18n.get_language(request)),
        "seconds": _LONGEST_MS // 1000,
        "address": desk.panel_url("cost"),
    }
    return show_panel(desk, "cost", gettext(request, N_("Cost of this list")), values, status=status)


async def _plan(desk: Desk) -> tuple[Any, tuple[SortKey, ...], Cost, Search | None]:
    store, state = desk.store, desk.state
    sort = complete_sort(state.sort or await default_sort(store))
    match, search = await find_match(store, state, await find_size(store))
    return match, sort, await store.cost(match, sort), search


def _read_order(cost: Cost, sort: tuple[SortKey, ...]) -> tuple[SortKey, ...]:
    """What the server is asked to sort by when the list is read: see `fetch_page`."""
    return sort[:-1] if cost.in_order and not cost.with_id and len(sort) > 1 else sort


async def _advise(
    desk: Desk, sort: tuple[SortKey, ...], cost: Cost, search: Search | None
) -> tuple[Advice, ...]:
    store = desk.store
    indexes = await get_registry(desk.request).indexes(store.collection)
    name = store.collection.name
    if search is not None and search.way == "contains":
        return suggest_text(name, search.paths, indexes)
    fields = await store.fields()
    scope = [
        path
        for path, wanted in store.scope.items()
        if not path.startswith("$") and store.rights.may_name(path) and not _is_operator(wanted)
    ]
    return suggest(name, desk.state.tree, sort, cost, fields, indexes, scope)


def _is_operator(wanted: Any) -> bool:
    return isinstance(wanted, dict) and not set(wanted) <= {"$eq", "$in"}


def _list_facts(request: web.Request, cost: Cost, measured: Measure) -> list[tuple[str, str]]:
    """What the panel says in rows: names and numbers."""

    def number(value: int) -> str:
        return formats.number(value, i18n.get_language(request))

    facts = [(gettext(request, N_("Index")), ", ".join(measured.indexes or cost.indexes) or "–")]
    if measured.is_known:
        facts += [
            (gettext(request, N_("Rows shown")), number(measured.rows)),
            (gettext(request, N_("Documents examined")), number(measured.documents)),
            (gettext(request, N_("Index entries examined")), number(measured.entries)),
            (gettext(request, N_("Time in the database")), f"{number(measured.time_ms)} ms"),
        ]
    if measured.sorts:
        facts.append((gettext(request, N_("Order")), gettext(request, N_("sorted in memory"))))
    return facts
