"""The page of a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from aiocms.admin.charts.chart_view import make_panel
from aiocms.admin.fallback import find_name, template_names
from aiocms.admin.lists.cell_rows import write_page_rows
from aiocms.admin.lists.columns import Row, ShownColumn, path_label
from aiocms.admin.lists.counts import Count
from aiocms.admin.lists.keyset import SortKey
from aiocms.admin.lists.list_tools import find_first_url, make_tools, read_with_own
from aiocms.admin.lists.listing import Listing
from aiocms.admin.lists.query import iter_parts, without, write_state
from aiocms.admin.lists.wording import say
from aiocms.admin.nav import list_url, with_query
from aiocms.admin.registry import get_screen
from aiocms.admin.screens import Column, Screen
from aiocms.admin.store import Store, open_store
from aiocms.core import formats, i18n, keys
from aiocms.core.i18n import gettext, ngettext
from aiocms.core.templates import templ
from aiocms.core.urls import url_for

PARTS = ("results", "views", "line", "filters", "table", "row", "paging")


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter above the list, with the address of the list without it."""

    label: str
    operator: str
    text: str
    without: str
    joined: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head: how it is sorted, and the addresses that sort by it, alone or as a further key."""

    column: ShownColumn
    sorted: str
    url: str
    add_url: str


async def show(request: web.Request) -> web.StreamResponse:
    """The list of a screen. The whole page, or only the list when htmx asks for it."""
    _check_entry(request)
    screen = await get_screen(request)
    store = await open_store(request, screen)
    pairs = list(request.query.items())
    own, listing = await read_with_own(store, pairs)
    if listing is None:
        raise web.HTTPSeeOther(find_first_url(store, own))
    rows = await write_page_rows(store, listing)
    part = "list/results" if request.headers.get("HX-Target") == "list" else "list"
    status = 400 if listing.state.problems else 200
    values = await make_context(store, listing, rows) | await make_tools(store, listing, own)
    values["charts"] = await make_panel(store, own.preferences, values["query_text"])
    return templ(
        template_names(screen, part),
        request,
        values,
        status=status,
        headers={"Vary": "HX-Request, HX-Target"},
    )


async def make_context(store: Store, listing: Listing, rows: list[Row]) -> dict[str, Any]:
    """The values that the comment at the top of list.tpl promises."""
    request, screen, state = store.request, store.screen, listing.state
    fields = await store.fields()
    user = request.get(keys.USER)
    title = gettext(request, screen.shown_title) if screen.declared else screen.shown_title
    group = request.app[keys.PLAN].namespaces.get(screen.namespace)
    return {
        "screen": screen,
        "title": title,
        "crumbs": [
            (gettext(request, "Admin"), url_for(request, "admin:index")),
            (
                gettext(request, group.app.title or group.name) if group else gettext(request, "Database"),
                None,
            ),
            (title, list_url(request, screen)),
        ],
        "parts": {part: find_name(request, template_names(screen, f"list/{part}")) for part in PARTS},
        "state": state,
        "rows": rows,
        "heads": [_make_head(request, screen, listing, one) for one in listing.columns.shown],
        "label_head": _make_label_head(request, screen, listing),
        "label_edit": listing.columns.label_edit,
        "chips": _make_chips(store, listing, fields),
        "problems": [
            {"key": one.key, "text": one.text, "message": gettext(request, one.message, **one.values)}
            for one in state.problems
        ],
        "count": describe_count(request, listing.count),
        "noun": ngettext(request, "document", "documents", listing.count.number),
        "sorted_by": _describe_sort(request, listing),
        "cost": listing.cost,
        "search": listing.search,
        "announced": listing.announced,
        "fault": gettext(request, listing.fault) if listing.fault else "",
        "since": f"{listing.since.time}.{listing.since.inc}" if listing.since else "",
        "reason": listing.reason,
        "total": formats.number(listing.total, i18n.get_language(request)),
        "sound_url": list_url(request, screen, write_state(state)),
        "scan_url": list_url(request, screen, write_state(replace(state, scan=True))),
        "paging": _make_paging(request, screen, listing),
        "kept": {"q": write_state(replace(state, search="", scan=False))},
        "list_address": list_url(request, screen),
        "clear_url": list_url(
            request, screen, write_state(replace(state, search="", tree=replace(state.tree, children=())))
        ),
        "create_url": _create_url(request, screen, user),
        "actions": [] if store.is_view else _offer_actions(request, screen, user),
        "action_url": url_for(request, "admin:action", ns=screen.namespace, screen=screen.name),
        "query_text": with_query("", write_state(state)).removeprefix("?"),
    }


def describe_count(request: web.Request, count: Count) -> str:
    """The number of rows as a person reads it: exact, about, or at least."""
    number = formats.number(count.number, i18n.get_language(request))
    match count.kind:
        case "least":
            return f"{number}+"
        case "unknown":
            return ""
    return number


def _check_entry(request: web.Request) -> None:
    user = request.get(keys.USER)
    if user is None or not user.can("admin.enter"):
        raise web.HTTPForbidden


def _create_url(request: web.Request, screen: Screen, user: Any) -> str:
    if not screen.can_add or not user.can(screen.permission("add")):
        return ""
    return url_for(request, "admin:create", ns=screen.namespace, screen=screen.name)


def _offer_actions(request: web.Request, screen: Screen, user: Any) -> list[dict[str, Any]]:
    from aiocms.admin.lists.actions import find_actions

    return [
        {"name": one.name, "label": gettext(request, one.label), "danger": one.danger, "icon": one.icon}
        for one in find_actions(screen)
        if user.can(screen.permission(one.verb))
    ]


def _make_head(request: web.Request, screen: Screen, listing: Listing, one: ShownColumn) -> Head:
    return _head(request, screen, listing, one, one.path if one.sortable else "")


def _make_label_head(request: web.Request, screen: Screen, listing: Listing) -> Head:
    named = gettext(request, "Title") if listing.columns.label_paths else path_label("_id", request)
    title = listing.columns.label_title or named
    column = ShownColumn("", title, False, bool(listing.columns.label_sort), Column("_id"))
    return _head(request, screen, listing, column, listing.columns.label_sort)


def _head(request: web.Request, screen: Screen, listing: Listing, column: ShownColumn, path: str) -> Head:
    if not path:
        return Head(column, "", "", "")
    now = {key.path: key for key in listing.sort}
    current = now.get(path) if path != "_id" or listing.sort[0].path == "_id" else None
    flipped = SortKey(path, not current.descending if current else False)
    more = (*(key for key in listing.state.sort if key.path != path), flipped)
    state = listing.state
    return Head(
        column,
        "" if current is None else "descending" if current.descending else "ascending",
        list_url(request, screen, write_state(replace(state, sort=(flipped,)))),
        list_url(request, screen, write_state(replace(state, sort=more))),
    )


def _describe_sort(request: web.Request, listing: Listing) -> list[tuple[str, bool]]:
    """Labels of the sort keys and whether each is descending; the `_id` that only breaks ties is left out."""
    labels = {one.path: one.label for one in listing.columns.shown}
    if listing.columns.label_sort:
        labels.setdefault(listing.columns.label_sort, listing.columns.label_title)
    keys_ = (
        listing.sort
        if len(listing.sort) == 1 or any(key.path == "_id" for key in listing.state.sort)
        else listing.sort[:-1]
    )
    return [(labels.get(key.path) or path_label(key.path, request), key.descending) for key in keys_]


def _make_chips(store: Store, listing: Listing, fields: Any) -> list[Chip]:
    request, state = store.request, listing.state
    chips: list[Chip] = []
    if state.search:
        url = list_url(request, store.screen, write_state(replace(state, search="")))
        chips.append(Chip(gettext(request, "Search"), "", state.search, url, "and"))
    for position, joined, one in iter_parts(state.tree):
        said = say(request, fields, one)
        url = list_url(request, store.screen, write_state(without(state, position)))
        chips.append(Chip(said.label, said.operator, said.text, url, joined))
    return chips


def _make_paging(request: web.Request, screen: Screen, listing: Listing) -> dict[str, str | None]:
    """Addresses of the first, previous, next and last page; None where there is none."""
    state, page = listing.state, listing.page

    def at(place: str) -> str:
        return list_url(request, screen, write_state(state, at=place))

    before, after = listing.signer.write(page.first), listing.signer.write(page.last)
    return {
        "first": at("") if page.has_before else None,
        "previous": at(f"before~{before}") if page.has_before and page.first and before else None,
        "next": at(f"after~{after}") if page.has_after and page.last and after else None,
        "last": at("last") if page.has_after else None,
    }
