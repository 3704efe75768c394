"""The panels of a list's tools: each is a page of its own, and a part that the list opens beside its button.

A script asks for the part with the header `X-Panel`. Where a page would lead on, it is told the address in
the header `X-Location` instead, because a script cannot see where a redirect leads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from aiocms.admin.fallback import find_name, template_names
from aiocms.admin.lists.listing import read_query
from aiocms.admin.lists.query import ListState, write_state
from aiocms.admin.nav import list_url, with_query
from aiocms.admin.registry import get_screen
from aiocms.admin.screens import Screen
from aiocms.admin.store import Store, open_store
from aiocms.core import keys
from aiocms.core.i18n import gettext
from aiocms.core.templates import templ
from aiocms.core.urls import url_for

HEADER = "X-Panel"
LOCATION = "X-Location"
_SUBMITTED = "do:"
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every panel works on: the screen, the door to its documents, and the list that it belongs to.

    `typed` are the form's own values, `done` is the button that was pressed; "" when the panel is opened.
    """

    request: web.Request
    screen: Screen
    store: Store
    state: ListState
    typed: Pairs
    done: str = ""

    def url(self, state: ListState | None = None) -> str:
        """The address of the list in this state."""
        return list_url(self.request, self.screen, write_state(self.state if state is None else state))

    def panel_url(self, name: str) -> str:
        """The address of a panel, without the list's query."""
        return url_for(self.request, f"admin:list_{name}", ns=self.screen.namespace, screen=self.screen.name)


async def open_desk(request: web.Request, fields: tuple[str, ...] = ()) -> Desk:
    """The list that a panel belongs to.

    The address of an opened panel holds the list's. Its forms send that as `query`, or, when they are GET
    forms, as hidden inputs, and their own inputs beside it.

    Parameters:
        fields: beginnings of the names of the form's own inputs. They end with a colon, so that no filter
            on a field of that name is meant.
    Raises:
        HTTPForbidden: the user may not see anything of the screen.
    """
    screen = await get_screen(request)
    store = await open_store(request, screen)
    if request.method == "POST":
        data = await request.post()
        given = [(key, value) for key, value in data.items() if isinstance(value, str)]
        query = next((value for key, value in given if key == "query"), "")
        pairs, typed = read_text(query), [pair for pair in given if pair[0] != "query"]
    else:
        given = list(request.query.items())
        submitted = any(key == _SUBMITTED for key, _ in given)
        typed = [pair for pair in given if submitted and pair[0].startswith((_SUBMITTED, *fields))]
        pairs = [pair for pair in given if pair not in typed]
    state = await read_query(store, pairs)
    done = next((value for key, value in typed if key == _SUBMITTED), "")
    return Desk(request, screen, store, state, typed, done)


def show_panel(
    desk: Desk, part: str, title: str, values: Mapping[str, Any], status: int = 200
) -> web.StreamResponse:
    """The panel: alone for the list's script, else as a page."""
    request, screen = desk.request, desk.screen
    context = {
        "screen": screen,
        "title": title,
        "back": desk.url(),
        "query_text": query_text(desk.state),
        "body": find_name(request, template_names(screen, f"list/{part}")),
        "alone": is_panel(request),
        **values,
    }
    headers = {"Vary": HEADER, "Cache-Control": "no-store"}
    if is_panel(request):
        return templ(template_names(screen, f"list/{part}"), request, context, status=status, headers=headers)
    context["crumbs"] = _make_crumbs(desk, title)
    return templ(template_names(screen, "list/panel"), request, context, status=status, headers=headers)


def leave(request: web.Request, url: str) -> web.StreamResponse:
    """The answer that leads on to an address.

    Raises:
        HTTPSeeOther: it is a page that was asked for, not a panel.
    """
    if is_panel(request):
        return web.Response(status=204, headers={LOCATION: url, "Vary": HEADER})
    raise web.HTTPSeeOther(url)


def is_panel(request: web.Request) -> bool:
    """Whether the list's script asks for the panel alone."""
    return request.headers.get(HEADER) == "yes"


def query_text(state: ListState) -> str:
    """A list's state as the text behind the question mark."""
    return with_query("", write_state(state)).removeprefix("?")


def read_text(text: str) -> Pairs:
    """The keys and values of such a text."""
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []


def kept_inputs(state: ListState, **changes: Any) -> Pairs:
    """What a GET form must carry along: the state but for what the form itself says."""
    return write_state(replace(state, scan=False, **changes))


def _make_crumbs(desk: Desk, title: str) -> list[tuple[str, str | None]]:
    request, screen = desk.request, desk.screen
    group = request.app[keys.PLAN].namespaces.get(screen.namespace)
    named = group.app.title or group.name if group else "Database"
    shown = gettext(request, screen.shown_title) if screen.declared else screen.shown_title
    return [
        (gettext(request, "Admin"), url_for(request, "admin:index")),
        (gettext(request, named), None),
        (shown, desk.url()),
        (title, None),
    ]
