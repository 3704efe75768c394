"""To the place in a list where a value of its first sort key is: a date, a number, how a text begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from typing import Any, Literal

from aiohttp import web
from bson import MaxKey, MinKey, ObjectId
from pymongo.errors import OperationFailure

from aiocms.admin.known import NUMBERS, KnownField
from aiocms.admin.lists.columns import path_label
from aiocms.admin.lists.conditions import BadFilter, Span, parse_values, read_span
from aiocms.admin.lists.keyset import Key, PageQuery, Place, SortKey, complete_sort
from aiocms.admin.lists.listing import default_sort, find_match, find_size, make_signer
from aiocms.admin.lists.panels import open_desk
from aiocms.admin.lists.positions import find_before
from aiocms.admin.lists.query import write_state
from aiocms.admin.nav import list_url
from aiocms.admin.store import Store
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext

_LOOK_MS = 500
_ORDERED = frozenset(("string", "date", "objectId", "timestamp")) | NUMBERS


@dataclass(frozen=True, slots=True)
class Jump:
    """What the form asks for: the label of the first sort key, and the type of its input."""

    label: str
    input: Literal["date", "number", "text"]


async def find_jump(store: Store, sort: tuple[SortKey, ...]) -> Jump | None:
    """The form for a list in this order; None when its first key has no order that a person could name."""
    known = (await store.fields()).find(sort[0].path)
    if known is None or not known.types & _ORDERED:
        return None
    types = known.parsed_types
    label = known.label or path_label(known.path, store.request)
    if types == {"objectId"}:
        return Jump(gettext(store.request, N_("Created")) if known.path == "_id" else label, "date")
    return Jump(label, "date" if types == {"date"} else "number" if types <= NUMBERS else "text")


async def go(request: web.Request) -> web.StreamResponse:
    """On to the page that begins at the value."""
    desk = await open_desk(request, ("to:",))
    store, state = desk.store, desk.state
    sort = complete_sort(state.sort or await default_sort(store))
    known = (await store.fields()).find(sort[0].path)
    text = next((value for name, value in desk.typed if name == "to:"), "").strip()[:200]
    if known is None or not text:
        raise web.HTTPSeeOther(desk.url())
    try:
        zone = await store.zone_of(known.path)
        value = read_key(known, text, sort[0].descending, zone)
        match, _ = await find_match(store, state, await find_size(store))
        keys = await _find_keys(store, match, sort, value)
    except BadFilter as error:
        flash(request, gettext(request, error.message, **error.values), "warning")
        raise web.HTTPSeeOther(desk.url()) from error
    token = make_signer(store, sort).write(keys) if keys else ""
    at = f"after~{token}" if token else ""
    if keys and await _is_end(store, match, sort, keys):
        told = N_("Nothing comes after “%(text)s”: these are the last rows.")
        flash(request, gettext(request, told, text=text[:40]), "info")
        at = "last"
    raise web.HTTPSeeOther(list_url(request, desk.screen, write_state(state, at=at)))


def read_key(known: KnownField, text: str, descending: bool, zone: tzinfo = UTC) -> Any:
    """The value that a typed text stands for, at that end of it from which the list goes on.

    A day begins with its first moment, or, in a list from the latest, with its last; a text likewise.

    Raises:
        BadFilter: the field has no such value.
    """
    if known.parsed_types == {"objectId"} and not ObjectId.is_valid(text):
        span = read_span(text, zone)
        return ObjectId.from_datetime((span.end if descending else span.start).astimezone(UTC))
    values = [one for one in parse_values(known, text, zone) if not isinstance(one, bool)]
    if not values:
        raise BadFilter(N_("“%(text)s” is no value to compare this field with."), text=text[:40])
    value = next((one for one in values if not isinstance(one, str)), values[0])
    if isinstance(value, Span):
        return value.end - timedelta(milliseconds=1) if descending else value.start
    return f"{value}\U0010ffff" if isinstance(value, str) and descending else value


async def _is_end(
    store: Store, match: Mapping[str, Any], sort: tuple[SortKey, ...], keys: tuple[Key, ...]
) -> bool:
    """Whether no row lies behind these keys; no when that cannot be told quickly."""
    cost = await store.cost(match, sort)
    try:
        page = await store.find_page(match, sort, (), Place("after", keys), 1, _LOOK_MS, cost)
    except OperationFailure:
        return False
    return not page.rows


async def _find_keys(
    store: Store, match: Mapping[str, Any], sort: tuple[SortKey, ...], value: Any
) -> tuple[Key, ...]:
    """The keys behind which the page begins; () for the beginning of the list."""
    if store.goes_by_position(await store.cost(match, sort)):
        query = PageQuery(match, sort, {}, 0, 2000)
        return await find_before(store.collection, query, value)
    if len(sort) > 1:
        # Of rows with this value all come, because nothing sorts before MinKey or after MaxKey.
        return (Key(value), *(Key(MaxKey() if key.descending else MinKey()) for key in sort[1:]))
    before = {sort[0].path: {"$gt" if sort[0].descending else "$lt": value}}
    found = await store.collection.find_one(
        {"$and": [match, before]} if match else before,
        {"_id": 1},
        sort=[("_id", 1 if sort[0].descending else -1)],
        max_time_ms=2000,
    )
    return (Key(found["_id"]),) if found else ()
