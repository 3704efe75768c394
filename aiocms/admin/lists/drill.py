"""From a number to the documents behind it: values as conditions of a list's address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from bson import Decimal128, ObjectId

from aiocms.admin.known import KnownField, KnownFields
from aiocms.admin.lists.conditions import (
    BadFilter,
    Condition,
    Group,
    compile_condition,
    compile_group,
    holds_items,
    parse_values,
)
from aiocms.admin.lists.query import ListState, write_state

_COMPARISONS = {"$gt": "gt", "$gte": "gte", "$lt": "lt", "$lte": "lte", "$eq": "is", "$ne": "not"}
_EMPTY = ("is", "in", "empty")


def narrowed(
    state: ListState, conditions: Sequence[Condition | Group], fields: KnownFields
) -> list[tuple[str, str]] | None:
    """The query of a list's address that is narrowed further; None when a condition cannot be asked there."""
    named = {one.path: one for one in fields}
    for one in conditions:
        if one.path not in named:
            return None
        try:
            if isinstance(one, Group):
                compile_group(one, named)
            else:
                compile_condition(one, named[one.path])
        except BadFilter:
            return None
    # Two times "is" for one field mean one of the two, so the narrower one takes the other's place.
    plain = {one.path for one in conditions if isinstance(one, Condition) and one.operator in _EMPTY}
    kept = tuple(
        child
        for child in state.tree.children
        if not (isinstance(child, Condition) and child.path in plain and child.operator in _EMPTY)
    )
    wanted = replace(state.tree, children=(*kept, *(one for one in conditions if one not in kept)))
    if state.tree.kind != "and":
        return None
    return write_state(replace(state, tree=wanted))


def equals(known: KnownField, value: Any, zone: tzinfo) -> Condition | None:
    """The condition that holds for documents with this value; None when none can be written."""
    if value is None:
        return Condition(known.path, "empty", ("yes",))
    text = write_value(known, value)
    if text is None or isinstance(value, datetime):
        return None if text is None else Condition(known.path, "is", (text,))
    try:
        return Condition(known.path, "is", (text,)) if value in parse_values(known, text, zone) else None
    except BadFilter:
        return None


def within_range(path: str, lower: float, width: float) -> list[Condition]:
    """The conditions of a range of numbers without its upper end."""
    return [
        Condition(path, "gte", (_plain(float(lower)),)),
        Condition(path, "lt", (_plain(float(lower + width)),)),
    ]


def within_step(path: str, start: datetime, step: str) -> Condition:
    """The condition of one step of time; `start` is local, as the list reads what is typed."""
    match step:
        case "year":
            return Condition(path, "is", (f"{start.year:04}",))
        case "month":
            return Condition(path, "is", (f"{start.year:04}-{start.month:02}",))
        case "week":
            end = start.date() + timedelta(days=6)
            return Condition(path, "between", (f"{start.date()}..{end}",))
        case "day":
            return Condition(path, "is", (f"{start.date()}",))
    # With its distance from UTC: when the clocks go back there are two hours of one name.
    first, last = start.astimezone(UTC), start.astimezone(UTC) + timedelta(minutes=59)
    return Condition(path, "between", (f"{_moment(first)}..{_moment(last)}",))


def within_ids(path: str, start: datetime, step: str) -> Condition:
    """The condition of ids that were made in one step of time; `start` is local."""
    local = start.astimezone(start.tzinfo)
    match step:
        case "year":
            end = local.replace(year=local.year + 1)
        case "month":
            end = (local.replace(day=1) + timedelta(days=32)).replace(day=1)
        case "week" | "day":
            end = local + timedelta(days=7 if step == "week" else 1)
        case _:
            end = local.astimezone(UTC) + timedelta(hours=1)
    last = int.from_bytes(first_id(end).binary) - 1
    return Condition(path, "between", (f"{first_id(start)}..{last:024x}",))


def first_id(moment: datetime) -> ObjectId:
    """The least id that is made at a moment or later; ids know the years 1970 to 2105."""
    seconds = min(max(int(moment.timestamp()), 0), 0xFFFFFFFF)
    return ObjectId(seconds.to_bytes(4) + bytes(8))


def from_where(
    where: Mapping[str, Any], fields: KnownFields, item: str = ""
) -> list[Condition | Group] | None:
    """A declared filter as conditions; None when an address cannot say it.

    Parameters:
        item: the list that the filter is asked of an item of; "": it is asked of the document.
    """
    found: list[Condition | Group] = []
    for name, wanted in where.items():
        known = fields.find(f"{item}.{name}" if item else name)
        if known is None or name.startswith("$"):
            return None
        pairs = (
            list(wanted.items())
            if isinstance(wanted, Mapping) and all(str(key).startswith("$") for key in wanted)
            else [("$eq", wanted)]
        )
        for operator, value in pairs:
            one = (
                _from_item(known, value, fields)
                if operator == "$elemMatch"
                else _from_operator(known, operator, value)
            )
            if one is None:
                return None
            found.append(one)
    return found


def _from_item(known: KnownField, where: Any, fields: KnownFields) -> Group | None:
    if not holds_items(known) or not isinstance(where, Mapping):
        return None
    inner = from_where(where, fields, known.path)
    return Group("one", tuple(inner), known.path) if inner else None


def write_value(known: KnownField, value: Any) -> str | None:
    """A value as it is typed into a filter; None for what has no such text."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value if value.strip() and len(value) <= 900 else None
        case int():
            return str(Decimal(value).scaleb(-known.digits)) if known.digits else str(value)
        case float():
            return _plain(value)
        case Decimal128() | ObjectId():
            return str(value)
        case datetime():
            return value.isoformat()
    return None


def _from_operator(known: KnownField, operator: str, value: Any) -> Condition | None:
    if operator == "$exists" and isinstance(value, bool):
        return Condition(known.path, "exists", ("yes" if value else "no",))
    if operator == "$in" and isinstance(value, list | tuple):
        texts = [write_value(known, one) for one in value]
        return None if None in texts else Condition(known.path, "in", tuple(str(one) for one in texts))
    text = write_value(known, value)
    if operator not in _COMPARISONS or text is None:
        return None
    return Condition(known.path, _COMPARISONS[operator], (text,))


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M") + "+00:00"


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)
