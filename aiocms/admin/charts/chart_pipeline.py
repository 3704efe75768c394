"""The aggregations behind charts: their stages, and the steps of time that they count by. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from aiocms.admin.charts.charts import MOST_STEPS, MOST_TOP, Chart, Number
from aiocms.admin.known import KnownFields

Stage = dict[str, Any]
Key = tuple[int, ...]
"""A step of time by its local parts; an hour, of which there may be two of the same name, by its moment."""


def number_pipeline(one: Number, match: Mapping[str, Any], fields: KnownFields) -> list[Stage]:
    """One row for each currency, or one row: `{_id, n}`."""
    sibling = currency_path(one.sum or one.average, fields) if one.format == "money" else ""
    group = {"_id": f"${sibling}" if sibling else None, "n": measure(one)}
    return [*_match(match), {"$group": group}, {"$sort": {"n": -1}}, {"$limit": 5}]


def values_pipeline(one: Chart, match: Mapping[str, Any], fields: KnownFields) -> list[Stage]:
    """One row: `top`, the largest groups, and `all`, the number of groups and their sum."""
    value = f"${one.by}"
    key = {"$cond": [{"$eq": [{"$ifNull": [value, ""]}, ""]}, None, value]}
    return [
        *_match(match),
        *_unwind(one.by, fields),
        {"$group": {"_id": key, "n": measure(one)}},
        {
            "$facet": {
                "top": [{"$sort": {"n": -1, "_id": 1}}, {"$limit": min(one.top, MOST_TOP)}],
                "all": [{"$group": {"_id": None, "n": {"$sum": "$n"}, "groups": {"$sum": 1}}}],
            }
        },
    ]


def time_pipeline(one: Chart, match: Mapping[str, Any], fields: KnownFields, zone: str) -> list[Stage]:
    """One row for each step of time: `{_id: its first moment, n}`."""
    value = f"${one.by}"
    trunc = {"date": value, "unit": one.step, "timezone": zone, "startOfWeek": "monday"}
    kind = "objectId" if goes_by_id(one, fields) else "date"
    key = {"$cond": [{"$eq": [{"$type": value}, kind]}, {"$dateTrunc": trunc}, None]}
    return [*_match(match), *_unwind(one.by, fields), {"$group": {"_id": key, "n": measure(one)}}]


def goes_by_id(one: Chart, fields: KnownFields) -> bool:
    """Whether a chart over time goes by the moments at which ids were made, which an ObjectId begins with."""
    known = fields.fields.get(one.by)
    return known is not None and "objectId" in known.types and "date" not in known.types


def ranges_pipeline(one: Chart, match: Mapping[str, Any], fields: KnownFields) -> list[Stage]:
    """One row for each range of numbers: `{_id: its lower end, n}`, the highest ranges."""
    value = f"${one.by}"
    lower = {"$multiply": [{"$floor": {"$divide": [value, one.step]}}, one.step]}
    key = {"$cond": [{"$isNumber": value}, lower, None]}
    return [
        *_match(match),
        *_unwind(one.by, fields),
        {"$group": {"_id": key, "n": measure(one)}},
        {"$sort": {"_id": -1}},
        {"$limit": MOST_STEPS + 1},
    ]


def measure(one: Number | Chart) -> Stage:
    """What a group is measured by; the inner sum adds up a list in a document."""
    if one.sum:
        return {"$sum": {"$sum": f"${one.sum}"}}
    return {"$avg": f"${one.average}"} if one.average else {"$sum": 1}


def currency_path(path: str, fields: KnownFields) -> str:
    """The path of the currency that lies beside an amount, or ""."""
    parent, dot, last = path.rpartition(".")
    known = fields.fields.get(path)
    if not dot or last != "amount" or known is None or known.array_at:
        return ""
    return next((one for one in (f"{parent}.cur", f"{parent}.currency") if one in fields.fields), "")


def step_key(moment: datetime, step: str, zone: tzinfo) -> Key:
    """The step that a moment lies in."""
    if step == "hour":
        return (int(moment.timestamp() // 60),)
    local = moment.astimezone(zone)
    match step:
        case "day":
            return (local.year, local.month, local.day)
        case "week":
            monday = local.date() - timedelta(days=local.weekday())
            return (monday.year, monday.month, monday.day)
        case "month":
            return (local.year, local.month)
    return (local.year,)


def iter_starts(until: datetime, step: str, count: int, zone: tzinfo) -> Iterator[datetime]:
    """The first moments of so many steps, the last of them holding `until`; local in the zone."""
    local = until.astimezone(zone)
    if step == "hour":
        last = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        for back in range(count - 1, -1, -1):
            yield (last - timedelta(hours=back)).astimezone(zone)
        return
    for back in range(count - 1, -1, -1):
        day = _go_back(local.date(), step, back)
        yield datetime(day.year, day.month, day.day, tzinfo=zone)


def _go_back(day: date, step: str, count: int) -> date:
    match step:
        case "day":
            return day - timedelta(days=count)
        case "week":
            return day - timedelta(days=day.weekday() + 7 * count)
        case "month":
            months = day.year * 12 + day.month - 1 - count
            return date(max(months // 12, 1), months % 12 + 1, 1)
    return date(max(day.year - count, 1), 1, 1)


def _match(match: Mapping[str, Any]) -> list[Stage]:
    return [{"$match": dict(match)}] if match else []


def _unwind(path: str, fields: KnownFields) -> list[Stage]:
    """A stage for every list that the path goes through, so that each item counts by itself."""
    parts = path.split(".")
    prefixes = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
    return [
        {"$unwind": {"path": f"${prefix}", "preserveNullAndEmptyArrays": True}}
        for prefix in prefixes
        if prefix in fields.fields and "array" in fields.fields[prefix].types
    ]
