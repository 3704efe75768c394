"""Charts as a page shows them: names and texts of their points, links to the documents, the drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from babel.dates import format_skeleton, format_time
from babel.numbers import format_compact_decimal
from bson import ObjectId

from aiocms.admin.charts.chart_pipeline import (
    currency_path,
    goes_by_id,
    iter_starts,
    number_pipeline,
    ranges_pipeline,
    step_key,
    time_pipeline,
    values_pipeline,
)
from aiocms.admin.charts.chart_shapes import Shape, draw_columns, draw_rows
from aiocms.admin.charts.charts import MOST_STEPS, Chart, Number
from aiocms.admin.charts.figures import Figure, find_charts, read_rows, to_number
from aiocms.admin.known import KnownField
from aiocms.admin.labels import dig, may_have_label, shorten
from aiocms.admin.lists import drill
from aiocms.admin.lists.columns import path_label
from aiocms.admin.lists.conditions import Condition, Group
from aiocms.admin.lists.query import ListState
from aiocms.admin.nav import list_url
from aiocms.admin.registry import get_registry
from aiocms.admin.store import Store, find_currency, find_scope, open_store
from aiocms.core import formats, i18n
from aiocms.core.i18n import gettext, ngettext

_SKELETONS = {"day": "MMMd", "week": "MMMd", "month": "yMMM", "year": "y"}
_FULL = {"day": "yMMMEd", "week": "yMMMd", "month": "yMMMM", "year": "y"}
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Point:
    """One bar: its name, the short name for the axis, the number to draw and as text, its documents' list."""

    name: str
    short: str
    number: float
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One number or chart for the template.

    `kind`: number, bars, line or rows. `text` is the number itself, or what a chart says in one sentence;
    `more` further amounts of a number in other currencies. `note` says why there is nothing, `asks` that it
    can be had by asking. `rest` says how much is in the values that are not shown. `axis` are the texts of
    the shape's ticks.
    """

    title: str
    kind: str
    text: str = ""
    more: tuple[str, ...] = ()
    url: str = ""
    points: tuple[Point, ...] = ()
    shape: Shape | None = None
    axis: tuple[str, ...] = ()
    head: str = ""
    measure: str = ""
    rest: str = ""
    note: str = ""
    asks: bool = False


async def show_charts(store: Store, state: ListState, *, dashboard: bool = False) -> list[Shown]:
    """The numbers and charts of a screen over what a list shows, numbers first."""
    charts = [one for one in await find_charts(store) if one.dashboard or not dashboard]
    charts.sort(key=lambda one: isinstance(one, Chart))
    if not charts:
        return []
    reader = _Reader(store, state, await find_currency(store.request, store.screen))
    figures = await read_rows(store, state, charts, reader.make_pipeline)
    return [await reader.show(one) for one in figures]


@dataclass(slots=True)
class _Reader:
    store: Store
    state: ListState
    currency: str

    @property
    def request(self) -> web.Request:
        return self.store.request

    @property
    def language(self) -> str:
        return i18n.get_language(self.request)

    async def make_pipeline(self, one: Number | Chart, match: Mapping[str, Any]) -> list[dict[str, Any]]:
        fields = await self.store.fields()
        if isinstance(one, Number):
            return number_pipeline(one, match, fields)
        sibling = currency_path(one.sum or one.average, fields) if one.format == "money" else ""
        parts = [match, {sibling: {"$eq": self._currency(one)}} if sibling and self._currency(one) else {}]
        if isinstance(one.step, str) and one.step:
            starts = await self._find_starts(one, match)
            first = starts[0].astimezone(UTC)
            since = {one.by: {"$gte": drill.first_id(first) if goes_by_id(one, fields) else first}}
            return time_pipeline(one, _both(*parts, since), fields, str(await self.store.zone_of(one.by)))
        make = ranges_pipeline if one.step else values_pipeline
        return make(one, _both(*parts), fields)

    async def show(self, figure: Figure) -> Shown:
        one = figure.declared
        title = gettext(self.request, one.label)
        if figure.note:
            kind = "number" if isinstance(one, Number) else one.kind
            return Shown(title, kind, note=gettext(self.request, figure.note), asks=figure.asks)
        if isinstance(one, Number):
            return await self._show_number(one, title, figure.rows)
        if not one.step:
            return await self._show_values(one, title, figure.rows)
        return await self._show_steps(one, title, figure.rows)

    async def _show_number(self, one: Number, title: str, rows: Sequence[Mapping[str, Any]]) -> Shown:
        # A sum of nothing is 0, but there is no average of it.
        texts = ["–" if row["n"] is None else self._text(one, row["n"], row["_id"]) for row in rows]
        texts = texts or ["–" if one.average else self._text(one, 0, None)]
        where = drill.from_where(one.where, await self.store.fields())
        url = await self._url(where) if where else ""
        return Shown(title, "number", texts[0], tuple(texts[1:]), url)

    async def _show_values(self, one: Chart, title: str, rows: Sequence[Mapping[str, Any]]) -> Shown:
        fields = await self.store.fields()
        known = fields.find(one.by) or KnownField(one.by)
        top = rows[0]["top"] if rows else []
        whole = rows[0]["all"][0] if rows and rows[0]["all"] else {"n": 0, "groups": 0}
        names = await self._find_names(one, [row["_id"] for row in top])
        points: list[Point] = []
        for row, name in zip(top, names, strict=True):
            condition = drill.equals(known, row["_id"], self.store.zone)
            url = await self._url([condition], one) if condition else ""
            points.append(Point(name, _clip(name), to_number(row["n"]), self._text(one, row["n"]), url))
        others = whole["groups"] - len(top)
        said = ""
        if others > 0 and not one.average:
            rest = to_number(whole["n"]) - sum(point.number for point in points)
            said = ngettext(
                self.request,
                "%(num)s more value: %(rest)s",
                "%(num)s more values: %(rest)s",
                others,
                rest=self._text(one, rest),
            )
        shape = draw_rows([point.number for point in points], rtl=self._is_rtl())
        return self._finish(one, title, "rows", points, shape, said)

    async def _show_steps(self, one: Chart, title: str, rows: Sequence[Mapping[str, Any]]) -> Shown:
        points = (
            await self._time_points(one, rows)
            if isinstance(one.step, str)
            else await self._range_points(one, one.step, rows)
        )
        if not any(point.number for point in points):
            points = []
        values = [point.number / self._major(one) for point in points]
        whole = not (one.sum or one.average)
        shape = draw_columns(values, kind=one.kind, whole=whole, rtl=self._is_rtl())
        return self._finish(one, title, one.kind, points, shape, "")

    def _finish(
        self, one: Chart, title: str, kind: str, points: list[Point], shape: Shape, rest: str
    ) -> Shown:
        axis = tuple(
            str(format_compact_decimal(tick.value, locale=self.language, fraction_digits=1))
            for tick in shape.ticks
        )
        path = one.sum or one.average
        measure = path_label(path, self.request) if path else gettext(self.request, "Documents")
        note = "" if points else gettext(self.request, "Nothing to show here.")
        text = rest
        if points and not rest:
            largest = max(points, key=lambda point: point.number)
            text = gettext(self.request, "Most: %(name)s, %(number)s", name=largest.name, number=largest.text)
        return Shown(
            title, kind, text, points=tuple(points), shape=shape if points else None, axis=axis,
            head=self._name_head(one), measure=measure, rest=rest, note=note,
        )  # fmt: skip

    def _name_head(self, one: Chart) -> str:
        is_moment = one.by == "_id" and isinstance(one.step, str) and one.step
        return gettext(self.request, "Added") if is_moment else path_label(one.by, self.request)

    async def _time_points(self, one: Chart, rows: Sequence[Mapping[str, Any]]) -> list[Point]:
        step, zone = str(one.step), await self.store.zone_of(one.by)
        by_step: dict[tuple[int, ...], Any] = {}
        newest: datetime | None = None
        for row in rows:
            if isinstance(row["_id"], datetime):
                by_step[step_key(row["_id"], step, zone)] = row["n"]
                newest = max(newest or row["_id"], row["_id"])
        until = newest if one.until == "newest" and newest else datetime.now(UTC)
        by_id = goes_by_id(one, await self.store.fields())
        within = drill.within_ids if by_id else drill.within_step
        points: list[Point] = []
        for start in iter_starts(until, step, min(one.steps, MOST_STEPS), zone):
            number = by_step.get(step_key(start, step, zone), 0)
            url = await self._url([within(one.by, start, step)], one)
            name, short = self._name_step(start, step)
            points.append(Point(name, short, to_number(number), self._text(one, number), url))
        return points

    async def _range_points(self, one: Chart, width: float, rows: Sequence[Mapping[str, Any]]) -> list[Point]:
        found = {to_number(row["_id"]): row["n"] for row in rows if row["_id"] is not None}
        if not found:
            return []
        fields = await self.store.fields()
        digits = (fields.find(one.by) or KnownField(one.by)).digits
        major = float(10**digits)  # An amount is typed and shown in major units.
        high = max(found)
        count = min(round((high - min(found)) / width) + 1, one.last or MOST_STEPS)
        points: list[Point] = []
        for back in range(count - 1, -1, -1):
            lower = high - back * width
            number = next((n for key, n in found.items() if abs(key - lower) < width / 2), 0)
            is_whole = not digits and width == int(width) and lower == int(lower)
            upper = (lower + width - (1 if is_whole else 0)) / major
            short = f"{lower / major:.10g}"
            name = short if upper == lower else f"{short} – {upper:.10g}"
            url = await self._url(drill.within_range(one.by, lower / major, width / major), one)
            points.append(Point(name, short, to_number(number), self._text(one, number), url))
        return points

    async def _find_starts(self, one: Chart, match: Mapping[str, Any]) -> list[datetime]:
        until = datetime.now(UTC)
        if one.until == "newest":
            cursor = self.store.collection.find(
                _both(match, {one.by: {"$type": ["date", "objectId"]}}),
                {one.by: 1},
                sort=[(one.by, -1)],
                limit=1,
                max_time_ms=1000,
            )
            async for row in cursor:
                until = _newest(row, one.by) or until
        zone = await self.store.zone_of(one.by)
        return list(iter_starts(until, str(one.step), min(one.steps, MOST_STEPS), zone))

    async def _find_names(self, one: Chart, values: list[Any]) -> list[str]:
        request, screen = self.request, self.store.screen
        reference = (await screen.get("references", request)).get(one.by)
        collection = getattr(reference, "collection", reference)
        labels: dict[Any, str] = {}
        if collection:
            target = await get_registry(request).find_for(request, collection)
            if target is not None and await find_scope(request, target, "view") is not None:
                labels = await (await open_store(request, target)).find_labels(values)
        names: list[str] = []
        for value in values:
            if value is None:
                names.append(gettext(request, "(empty)"))
            elif isinstance(value, bool):
                names.append(gettext(request, "Yes") if value else gettext(request, "No"))
            else:
                known = labels.get(value) if may_have_label(value) else None
                names.append(known or " ".join(shorten(value).split()) or gettext(request, "(empty)"))
        return names

    async def _url(self, conditions: Sequence[Condition | Group], one: Chart | None = None) -> str:
        """The list of the documents behind a bar; "" when its address cannot say the same."""
        fields = await self.store.fields()
        where = drill.from_where(one.where, fields) if one is not None else []
        pairs = None if where is None else drill.narrowed(self.state, [*where, *conditions], fields)
        return "" if pairs is None else list_url(self.request, self.store.screen, pairs)

    def _text(self, one: Number | Chart, number: Any, currency: Any = None) -> str:
        plain = number.to_decimal() if hasattr(number, "to_decimal") else number
        if one.format == "money":
            code = currency if isinstance(currency, str) and currency else self._currency(one)
            amount = round(plain or 0)
            return (
                formats.money(amount, code, self.language) if code else formats.number(amount, self.language)
            )
        whole = not one.average and to_number(plain) == int(to_number(plain))
        return formats.number(plain or 0, self.language, None if whole else 2)

    def _name_step(self, start: datetime, step: str) -> tuple[str, str]:
        if step == "hour":
            clock = format_time(start, format="short", locale=self.language)
            return f"{format_skeleton('yMMMEd', start, locale=self.language)} {clock}", clock
        short = format_skeleton(_SKELETONS[step], start, locale=self.language)
        name = format_skeleton(_FULL[step], start, locale=self.language)
        return (gettext(self.request, "Week of %(day)s", day=name) if step == "week" else name), short

    def _currency(self, one: Number | Chart) -> str:
        return one.currency or self.currency

    def _major(self, one: Chart) -> float:
        return float(10 ** formats.exponent(self._currency(one))) if one.format == "money" else 1.0

    def _is_rtl(self) -> bool:
        return i18n.text_direction(self.request) == "rtl"


def _both(*parts: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = [dict(part) for part in parts if part]
    return {"$and": kept} if len(kept) > 1 else kept[0] if kept else {}


def _newest(row: Mapping[str, Any], path: str) -> datetime | None:
    value = dig(row, path)
    values = value if isinstance(value, list) else [value]
    moments = [one.generation_time if isinstance(one, ObjectId) else one for one in values]
    return max((one for one in moments if isinstance(one, datetime)), default=None)


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
