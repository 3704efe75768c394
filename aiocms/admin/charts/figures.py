"""The numbers of a screen's charts, within the user's scope and field rights and the list's filter."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from bson import Decimal128
from pymongo.errors import ExecutionTimeout, OperationFailure

from aiocms.admin.charts.charts import Chart, Number, iter_paths
from aiocms.admin.known import KnownFields
from aiocms.admin.lists.conditions import BadFilter
from aiocms.admin.lists.listing import find_match, find_size
from aiocms.admin.lists.query import ListState
from aiocms.admin.store import Store
from aiocms.core import keys
from aiocms.core.i18n import N_

Rows = list[dict[str, Any]]
_SECONDS, _REFUSED_SECONDS = 15.0, 60.0
_MOST_KEPT = 500
_AT_ONCE = 3


class TooMuch(Exception):
    """The documents are too many to be counted without being asked to."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One declaration and what the database answered. `note` says why there is nothing, for gettext.

    `asks`: it can be had all the same by asking for a long scan.
    """

    declared: Number | Chart
    rows: Sequence[Mapping[str, Any]] = ()
    note: str = ""
    asks: bool = False


@dataclass(slots=True)
class FigureCache:
    """Answers kept for some seconds; requests that ask the same at the same moment share one aggregation."""

    kept: dict[str, tuple[float, Rows | None]] = field(default_factory=dict)
    running: dict[str, asyncio.Task[Rows]] = field(default_factory=dict)

    async def get(self, key: str, read: Callable[[], Awaitable[Rows]]) -> Rows:
        """The rows of this key.

        Raises:
            TooMuch: `read` raised it, now or a short while ago.
        """
        found = self.kept.get(key)
        if found and time.monotonic() < found[0]:
            if found[1] is None:
                raise TooMuch
            return found[1]
        task = self.running.get(key)
        if task is None:
            task = self.running[key] = asyncio.ensure_future(self._read(key, read))
            task.add_done_callback(lambda done: self._end(key, done))
        return await asyncio.shield(task)

    async def _read(self, key: str, read: Callable[[], Awaitable[Rows]]) -> Rows:
        if len(self.kept) >= _MOST_KEPT:
            self.kept.clear()
        try:
            rows = await read()
        except TooMuch:
            self.kept[key] = (time.monotonic() + _REFUSED_SECONDS, None)
            raise
        self.kept[key] = (time.monotonic() + _SECONDS, rows)
        return rows

    def _end(self, key: str, done: asyncio.Task[Rows]) -> None:
        self.running.pop(key, None)
        if not done.cancelled():
            done.exception()  # whoever waits for it gets it; with nobody left it is no unseen error


FIGURES: web.AppKey[FigureCache] = web.AppKey("aiocms_admin_figures", FigureCache)


async def find_charts(store: Store) -> list[Number | Chart]:
    """The charts of a screen that name nothing which the user may not see."""
    fields = await store.fields()
    declared = await store.screen.get("charts", store.request)
    return [
        one
        for one in declared or guess_charts(store, fields)
        if all(store.rights.may_sort(path, fields) for path in iter_paths(one))
    ]


def guess_charts(store: Store, fields: KnownFields) -> list[Number | Chart]:
    """What a collection without a screen has: its documents by the month that their ids were made in.

    The index on `_id` serves it; as any chart it is bounded in time and kept for a while.
    """
    known = fields.find("_id")
    is_wanted = bool(store.request.app[keys.SETTINGS].admin_guess_charts)
    if not is_wanted or store.screen.declared or store.is_view or known is None:
        return []
    if known.types != {"objectId"}:
        return []
    return [Chart(N_("Documents added, by month"), by="_id", step="month", until="newest", dashboard=False)]


async def read_rows(
    store: Store,
    state: ListState,
    charts: Sequence[Number | Chart],
    make_pipeline: Callable[[Number | Chart, Mapping[str, Any]], Awaitable[list[dict[str, Any]]]],
) -> list[Figure]:
    """The answers for these charts, a few at a time.

    Parameters:
        make_pipeline: of a chart and the filter of everything that the list shows.
    """
    total = await find_size(store)
    try:
        match, _ = await find_match(store, state, total)
    except BadFilter as error:
        return [Figure(one, note=error.message) for one in charts]
    gate = asyncio.Semaphore(_AT_ONCE)

    async def read(one: Number | Chart) -> Figure:
        async with gate:
            return await _read_one(store, state, one, _join(match, one.where), make_pipeline, total)

    return list(await asyncio.gather(*(read(one) for one in charts)))


def to_number(value: Any) -> float:
    """A number of the database as a float to draw; 0 for what cannot be drawn."""
    if isinstance(value, Decimal128):
        value = value.to_decimal()
    try:
        number = float(value or 0)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) else 0.0


def _join(match: Mapping[str, Any], more: Mapping[str, Any]) -> Mapping[str, Any]:
    parts = [dict(part) for part in (match, more) if part]
    return {"$and": parts} if len(parts) > 1 else parts[0] if parts else {}


async def _read_one(
    store: Store,
    state: ListState,
    one: Number | Chart,
    match: Mapping[str, Any],
    make_pipeline: Callable[[Number | Chart, Mapping[str, Any]], Awaitable[list[dict[str, Any]]]],
    total: int,
) -> Figure:
    if isinstance(one, Number) and not match and not (one.sum or one.average):
        return Figure(one, ({"_id": None, "n": total},))
    settings = store.request.app[keys.SETTINGS]
    large = total >= settings.admin_large_collection and not state.scan
    time_ms = int(1000 * (settings.admin_probe_time if large else settings.admin_list_time))
    try:
        pipeline = await make_pipeline(one, match)
        key = f"{store.collection.name} {'probe' if large else 'whole'} {pipeline!r}"
        cache = store.request.app[FIGURES]
        rows = await cache.get(key, lambda: _aggregate(store, pipeline, time_ms, large))
    except (TooMuch, ExecutionTimeout):
        return Figure(one, note=N_("Too many documents to count at once."), asks=not state.scan)
    except OperationFailure:
        return Figure(one, note=N_("The database cannot count this."))
    return Figure(one, rows)


async def _aggregate(store: Store, pipeline: list[dict[str, Any]], time_ms: int, large: bool) -> Rows:
    if large and await _reads_all(store, pipeline[0].get("$match", {})):
        raise TooMuch
    options: dict[str, Any] = {"maxTimeMS": time_ms, "allowDiskUse": False}
    if store.collation:
        options["collation"] = store.collation
    try:
        return [row async for row in store.collection.aggregate(pipeline, **options)]
    except ExecutionTimeout as error:
        raise TooMuch from error


async def _reads_all(store: Store, match: Mapping[str, Any]) -> bool:
    """Whether every document would be looked at, because there is no filter or no index for it."""
    if not match:
        return True
    command = {"explain": {"find": store.collection.name, "filter": dict(match)}, "verbosity": "queryPlanner"}
    answer = await store.collection.database.command(
        {**command, "maxTimeMS": 2000}, codec_options=store.collection.codec_options
    )
    return _has_stage(answer.get("queryPlanner", {}).get("winningPlan"), "COLLSCAN")


def _has_stage(plan: Any, name: str) -> bool:
    if isinstance(plan, Mapping):
        return plan.get("stage") == name or any(_has_stage(inner, name) for inner in plan.values())
    return isinstance(plan, list) and any(_has_stage(inner, name) for inner in plan)
