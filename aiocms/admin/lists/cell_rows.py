"""The rows of a list as HTML, with the cells marked that this user may edit in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from aiohttp import web

from aiocms.admin.lists.cell import CellRules
from aiocms.admin.lists.cell_conditions import CellConditions, find_in_row
from aiocms.admin.lists.cells import CellWriter
from aiocms.admin.lists.columns import Columns, Row, ShownColumn, write_rows
from aiocms.admin.lists.keyset import Page
from aiocms.admin.lists.listing import Listing
from aiocms.admin.screens import Column, Screen
from aiocms.admin.store import Store, find_scope, find_zone, make_projection
from aiocms.admin.values.bsontypes import encode_id
from aiocms.core import i18n, keys
from aiocms.core.i18n import gettext
from aiocms.core.urls import url_for

_SAFE = "~:@!$&'()*+,;=.-_"


async def write_page_rows(store: Store, listing: Listing) -> list[Row]:
    """The rows of a page of a list; marks in `listing.columns` which cells may be edited."""
    request = store.request
    # After a save the user is back at this very list.
    address = edit_url(request, store.screen, request.path_qs if request.query_string else "")
    listing.columns, locks = await mark_editable(store, listing.columns, listing.page)
    rows = listing.page.rows
    return await write_rows(store, listing.columns, rows, make_writer(request), address, locks)


async def find_row(store: Store, identity: Any, columns: Columns, back: str) -> Row | None:
    """One row of a list by itself, None when the document is not to be seen any more.

    Parameters:
        back: the address of the list.
    """
    parts: list[Any] = [{"_id": {"$eq": identity}}, dict(store.scope)]
    found = await store.collection.find_one(
        {"$and": parts}, make_projection((*columns.paths, "_id")), max_time_ms=5000
    )
    if found is None:
        return None
    page = Page(rows=[store.rights.prune(found)], whole=[found])
    marked, locks = await mark_editable(store, columns, page)
    request = store.request
    address = edit_url(request, store.screen, back)
    return (await write_rows(store, marked, page.rows, make_writer(request), address, locks))[0]


async def mark_editable(
    store: Store, columns: Columns, page: Page
) -> tuple[Columns, Sequence[frozenset[str]]]:
    """The columns with those marked whose cells this user may edit.

    Returns:
        The columns, and for each row the paths that are not edited there after all; () when all are.
    """
    request, screen = store.request, store.screen
    user = request.get(keys.USER)
    scope = await find_scope(request, screen, "edit")
    if store.is_view or not screen.can_edit or scope is None or user is None:
        return columns, ()
    rights = store.rights

    def access(path: str) -> str:
        # The screen's own rule may look at the document: a column is edited where some row allows it.
        known = page.whole if rights.has_rule else ()
        return "edit" if any(rights.access(path, row) == "edit" for row in known) else rights.access(path)

    form = await screen.get("form", request, None)
    rules = CellRules(form, await store.fields(), access)
    conditions = CellConditions(await screen.get("show_if", request), form, rights.access, store.zone)
    shown = tuple(replace(one, editable=rules.allows(one.column)) for one in columns.shown)
    label = columns.label_paths[0] if len(columns.label_paths) == 1 else ""
    is_plain = label and columns.label in ("", f"{{{label}}}") and not store.rights.has_rule
    is_plain = is_plain and not conditions.has(label)  # the label is edited in all rows or in none
    marked = replace(
        columns, shown=shown, label_edit=label if is_plain and rules.allows(Column(label)) else ""
    )
    return marked, await _find_locks(store, shown, page, scope, conditions)


async def _find_locks(
    store: Store,
    shown: Sequence[ShownColumn],
    page: Page,
    scope: dict[str, Any],
    conditions: CellConditions,
) -> Sequence[frozenset[str]]:
    editable = [one.path for one in shown if one.editable]
    if not editable or not page.rows:
        return ()
    locks: list[frozenset[str]] = [frozenset()] * len(page.rows)
    if store.rights.has_rule and page.whole:
        locks = [
            frozenset(path for path in editable if store.rights.access(path, row) != "edit")
            for row in page.whole
        ]
    if hidden := [path for path in editable if conditions.has(path)]:
        locks = [
            lock | {path for path in hidden if not conditions.hold(path, find_in_row(row))}
            for lock, row in zip(locks, page.whole, strict=True)
        ]
    if scope and scope != store.scope:
        ids = [row["_id"] for row in page.rows]
        query = {"$and": [{"_id": {"$in": ids}}, dict(scope)]}
        cursor = store.collection.find(query, {"_id": 1}, limit=len(ids), max_time_ms=3000)
        within = {encode_id(row["_id"]) async for row in cursor}
        everything = frozenset(editable)
        locks = [
            lock if encode_id(row["_id"]) in within else everything
            for lock, row in zip(locks, page.rows, strict=True)
        ]
    return locks if any(locks) else ()


def make_writer(request: web.Request) -> CellWriter:
    """The writer of values for this request's language and time zone."""
    names = {
        "yes": gettext(request, "Yes"),
        "no": gettext(request, "No"),
        "item": gettext(request, "item"),
        "items": gettext(request, "items"),
        "masked": gettext(request, "You may not see this value"),
        "thumb": url_for(request, "files:thumb", id="0" * 64, size="small"),
    }
    return CellWriter.make(i18n.get_language(request), find_zone(request), names)


def edit_url(request: web.Request, screen: Screen, back: str = "") -> Callable[[str], str]:
    """The address of a row's page by its id: the route's address is filled in once, not for every row."""
    base = url_for(request, "admin:edit", ns=screen.namespace, screen=screen.name, id="0")[:-1]
    tail = f"?next={quote(back, safe='/')}" if back else ""

    def address(identity: str) -> str:
        # Most ids are letters and digits, which no address needs to quote.
        plain = identity.isascii() and identity.isalnum()
        return f"{base}{identity if plain else quote(identity, safe=_SAFE)}{tail}"

    return address
