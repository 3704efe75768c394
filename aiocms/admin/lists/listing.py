"""One list, read: the state of its address, its rows, its size and what it costs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bson import Timestamp
from pymongo.errors import ExecutionTimeout, OperationFailure

from aiocms.admin.lists.columns import Columns, choose_columns
from aiocms.admin.lists.conditions import BadFilter
from aiocms.admin.lists.cost import Cost
from aiocms.admin.lists.counts import Count
from aiocms.admin.lists.keyset import Page, SortKey, complete_sort
from aiocms.admin.lists.preferences import Preferences
from aiocms.admin.lists.query import ListState, Problem, read_state
from aiocms.admin.lists.search import Search, compile_search
from aiocms.admin.lists.tokens import Signer
from aiocms.admin.registry import get_registry
from aiocms.admin.store import Store
from aiocms.core import keys
from aiocms.core.i18n import N_

COUNT_MS = 400
# Of the server: time over, sort by two lists, sort too large for its memory.
_TIME_OVER, _BAD_VALUE, _TOO_LARGE = 50, 2, 292


@dataclass(slots=True)
class Listing:
    """What a list's page shows. `announced`: the rows were not read, because that needs a long scan."""

    state: ListState
    sort: tuple[SortKey, ...]
    columns: Columns
    signer: Signer
    size: int = 50
    """Rows on a page: of the address, else as the user has chosen, else of the screen."""
    match: Mapping[str, Any] = field(default_factory=dict)
    search: Search | None = None
    page: Page = field(default_factory=Page)
    count: Count = field(default_factory=lambda: Count(0, "unknown"))
    total: int = 0
    cost: Cost = field(default_factory=Cost)
    announced: bool = False
    fault: str = ""
    since: Timestamp | None = None
    """Of the database, before the rows were read: what happened later they may not show."""
    reason: str = ""
    """What the database said, as far as this user may know it."""

    @property
    def is_refused(self) -> bool:
        """Whether the address could not be understood, so that no rows were read."""
        return any(problem.key != "at" for problem in self.state.problems)


async def read_listing(
    store: Store, pairs: list[tuple[str, str]], chosen: Preferences | None = None
) -> Listing:
    """The list that an address asks for; what is wrong with the address stands in `state.problems`.

    Parameters:
        chosen: what the user has chosen for this screen; the address wins.
    """
    chosen = chosen or Preferences()
    fields, sortable = await store.fields(), await store.sortable()
    default = await default_sort(store)

    def signer_of(sort: tuple[SortKey, ...]) -> Signer:
        return make_signer(store, complete_sort(sort or default))

    state = read_state(pairs, fields, signer_of, sortable)
    listing = Listing(
        state=state,
        sort=complete_sort(state.sort or default),
        columns=await choose_columns(store, state.columns or chosen.columns),
        signer=signer_of(state.sort),
        size=state.size or chosen.size or int(await store.screen.get("page_size", store.request)),
        since=store.request.app[keys.MONGO].now,
    )
    if not listing.is_refused:
        await _read(store, listing)
    return listing


def make_signer(store: Store, sort: tuple[SortKey, ...]) -> Signer:
    """The signer of places in a list that is in this complete order."""
    secret = store.request.app[keys.SECRET].derive("admin.list")
    return Signer(secret, store.screen.namespace, store.screen.name, ",".join(map(str, sort)))


async def read_query(store: Store, pairs: Iterable[tuple[str, str]]) -> ListState:
    """What an address says about a list, but for the page."""
    rest = [pair for pair in pairs if pair[0] != "at"]
    return read_state(rest, await store.fields(), lambda _: Signer(b""), await store.sortable())


async def default_sort(store: Store) -> tuple[SortKey, ...]:
    """The declared order, as far as the user may sort by it; else the newest first.

    A time series has no index on `_id`, but is stored by its time.
    """
    sortable = await store.sortable()
    order = [
        SortKey(one.removeprefix("-"), one.startswith("-"))
        for one in await store.screen.get("order", store.request)
    ]
    return tuple(key for key in order if sortable.find(key.path)) or (
        SortKey(store.time_field or "_id", True),
    )


async def find_match(store: Store, state: ListState, total: int) -> tuple[Mapping[str, Any], Search | None]:
    """The filter of everything that a list shows, over all its pages.

    Raises:
        BadFilter: a condition cannot be applied.
    """
    large = total >= store.request.app[keys.SETTINGS].admin_large_collection
    search = await compile_search(store, state.search, large, state.scan) if state.search else None
    more = [search.match] if search else []
    return await store.match(state.tree, *more), search


async def find_size(store: Store) -> int:
    """About how many documents the collection has; at most half a minute old, to judge by."""
    sizes = get_registry(store.request).sizes
    at, size = sizes.get(store.collection.name, (0.0, 0))
    if not at or time.monotonic() - at > 30:
        size = (await store.count({}, 0, 2000)).number
        if len(sizes) > 1000:
            sizes.clear()
        sizes[store.collection.name] = (time.monotonic(), size)
    return size


async def _read(store: Store, listing: Listing) -> None:
    settings = store.request.app[keys.SETTINGS]
    state = listing.state
    listing.total = await find_size(store)
    try:
        listing.match, listing.search = await find_match(store, state, listing.total)
    except BadFilter as error:
        listing.state = replace(
            state, problems=(*state.problems, Problem("", "", error.message, error.values))
        )
        return
    listing.cost = await store.cost(listing.match, listing.sort)
    large = listing.total >= settings.admin_large_collection
    probing = large and not state.scan and (listing.cost.scans or listing.cost.sorts)
    limit_ms = int(1000 * (settings.admin_probe_time if probing else settings.admin_list_time))
    count_ms = limit_ms if state.scan else min(COUNT_MS, limit_ms)
    counting = asyncio.ensure_future(store.count(listing.match, settings.admin_count_limit, count_ms))
    try:
        listing.page = await store.find_page(
            listing.match,
            listing.sort,
            listing.columns.paths,
            state.place,
            listing.size,
            limit_ms,
            listing.cost,
        )
    except ExecutionTimeout:
        listing.announced = probing
        listing.fault = (
            ""
            if probing
            else N_("The database needs too long for this list. Narrow it, or sort by an indexed field.")
        )
    except OperationFailure as error:
        listing.fault, listing.reason = _explain(error), _find_reason(store, error)
    finally:
        listing.count = await counting
        if listing.count.kind == "exact" and not listing.count.number and not listing.reason:
            # The count was done sooner and knows that there are no rows.
            listing.announced, listing.fault = False, ""
        if listing.count.kind == "estimated":
            listing.total = listing.count.number


def _explain(error: OperationFailure) -> str:
    match error.code:
        case 50:
            return N_("The database needs too long for this list. Narrow it, or sort by an indexed field.")
        case 2 if "parallel arrays" in str(error):
            return N_("The database cannot sort by two lists at once.")
        case 292:
            return N_("These rows are too many to be sorted without an index.")
    return N_("The database refuses this list.")


def _find_reason(store: Store, error: OperationFailure) -> str:
    """The server's own words. They may quote any value, so others than superusers get a name alone."""
    details = error.details or {}
    name = str(details.get("codeName", ""))
    said = str(details.get("errmsg", "")).partition(" :: caused by :: ")
    whole = said[2] or said[0]
    return whole[:300] or name if store.request[keys.USER].is_superuser else name
