"""Typed filters: what may be asked of a field, how a text becomes a value of its type, and the Mongo filter.

A value from outside is always parsed into a BSON scalar and put under an operator that is named here, so it
can never become an operator itself; a pattern is always an escaped text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from bson import Decimal128, ObjectId

from aiocms.admin.known import NUMBERS, KnownField
from aiocms.admin.values.bsontext import BadText, from_text
from aiocms.admin.values.bsontypes import SERVER_NAMES
from aiocms.admin.values.rawbson import CODES
from aiocms.core.i18n import N_

LONGEST_VALUE = 1000
MOST_VALUES = 200
EARLY = datetime(1, 1, 1, tzinfo=UTC)
FAR = datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)

OPERATORS: Mapping[str, str] = {
    "is": N_("is"),
    "not": N_("is not"),
    "in": N_("is one of"),
    "contains": N_("contains"),
    "starts": N_("starts with"),
    "gt": N_("greater than"),
    "gte": N_("at least"),
    "lt": N_("less than"),
    "lte": N_("at most"),
    "after": N_("on or after"),
    "before": N_("before"),
    "between": N_("between"),
    "empty": N_("is empty"),
    "exists": N_("exists"),
    "type": N_("has the type"),
}
_EQUAL, _ORDER, _TEXT = ("is", "not", "in"), ("gt", "gte", "lt", "lte", "between"), ("contains", "starts")
_DATE = ("after", "before", "between", *_EQUAL, "gt", "gte", "lt", "lte")
_ALWAYS = ("empty", "exists", "type")
_OF_TYPE: Mapping[str, tuple[str, ...]] = {
    "string": (*_EQUAL, *_TEXT),
    "symbol": _EQUAL,
    "date": _DATE,
    "bool": _EQUAL,
    "objectId": (*_EQUAL, "between"),
    "binary": _EQUAL,
    "timestamp": (*_EQUAL, *_ORDER),
    **dict.fromkeys(NUMBERS, (*_EQUAL, *_ORDER)),
}
_NO_NUMBERS = frozenset(("nan", "inf", "infinity", "-inf", "-infinity"))
_YES, _NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")


class BadFilter(ValueError):
    """A filter that cannot be applied; `message` is for gettext, `values` go into it."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


@dataclass(frozen=True, slots=True)
class Condition:
    """One question about one field; `texts` are the values as they were typed."""

    path: str
    operator: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups of which all ("and") or at least one ("or") must hold.

    "one": one and the same item of the list at `path` must meet all of them. Paths in it are those of the
    document, as everywhere.
    """

    kind: Literal["and", "or", "one"] = "and"
    children: tuple[Condition | Group, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The moments that a date as typed stands for: a year, a month, a day, a minute; the end is excluded."""

    start: datetime
    end: datetime


def operators_of(field: KnownField) -> tuple[str, ...]:
    """The operators that the types of a field allow, in the order of `OPERATORS`."""
    allowed = {name for kind in field.parsed_types for name in _OF_TYPE.get(kind, ())}
    return tuple(name for name in OPERATORS if name in allowed or name in _ALWAYS)


def holds_items(field: KnownField | None) -> bool:
    """Whether a field is a list of objects, of which one item can be asked for."""
    return field is not None and {"array", "object"} <= field.types


def compile_group(
    group: Group, fields: Mapping[str, KnownField], zone: tzinfo = UTC, item: str = ""
) -> dict[str, Any]:
    """The Mongo filter of a tree.

    Parameters:
        item: the list that the filter is asked of an item of; "": it is asked of the document.
    Raises:
        BadFilter: a condition names an unknown field or has a value of a wrong type.
    """
    if group.kind == "one":
        at = _seen_from(item, fields[group.path])
        inner = compile_group(replace(group, kind="and"), fields, zone, group.path)
        return {at.path: {"$elemMatch": inner}} if inner else {}
    parts = [
        compile_group(child, fields, zone, item)
        if isinstance(child, Group)
        else compile_condition(child, _seen_from(item, fields[child.path]), zone)
        for child in group.children
    ]
    parts = [part for part in parts if part]
    if len(parts) <= 1:
        return parts[0] if parts else {}
    return {f"${group.kind}": parts}


def _seen_from(item: str, field: KnownField) -> KnownField:
    """A field as an item of a list sees it."""
    if not item:
        return field
    if not field.path.startswith(f"{item}."):
        raise BadFilter(N_("“%(path)s” is not inside of “%(list)s”."), path=field.path, list=item)
    inner = field.array_at[len(item) + 1 :] if field.array_at.startswith(f"{item}.") else ""
    return replace(field, path=field.path[len(item) + 1 :], array_at=inner)


def compile_condition(condition: Condition, field: KnownField, zone: tzinfo = UTC) -> dict[str, Any]:
    """The Mongo filter of one condition.

    Raises:
        BadFilter: the operator does not fit the field, or the value is of a wrong type.
    """
    path, operator, texts = field.path, condition.operator, condition.texts
    zone = UTC if field.is_day else zone
    if operator not in operators_of(field):
        raise BadFilter(
            N_("“%(path)s” cannot be filtered by “%(operator)s”, only by: %(possible)s."),
            path=path,
            operator=operator,
            possible=", ".join(operators_of(field)),
        )
    if not texts:
        raise BadFilter(N_("The value is missing."))
    if len(texts) > MOST_VALUES:
        raise BadFilter(N_("A condition takes at most %(most)s values."), most=MOST_VALUES)
    if any(len(text) > LONGEST_VALUE for text in texts):
        raise BadFilter(N_("A value has at most %(most)s characters."), most=LONGEST_VALUE)
    if any("\0" in text or not _is_text(text) for text in texts):
        raise BadFilter(N_("The value is not valid text."))
    match operator:
        case "is" | "in":
            return _equals(field, texts, zone)
        case "not":
            return {"$nor": [_equals(field, texts, zone)]}
        case "contains":
            return {path: {"$regex": re.escape(texts[0]), "$options": "i"}}
        case "starts":
            return {path: {"$regex": "^" + re.escape(texts[0])}}
        case "empty":
            return {path: {"$in" if _yes(texts[0]) else "$nin": [None, "", []]}}
        case "exists":
            return {path: {"$exists": _yes(texts[0])}}
        case "type":
            return {path: {"$type": _server_type(texts[0])}}
        case "between":
            return _between(field, texts[0], zone)
    return _range(field, _bounds(field, operator, texts[0], zone))


def parse_values(field: KnownField, text: str, zone: tzinfo = UTC) -> list[Any]:
    """Every value of the field's types that the text can mean: `4` may be a number and a text.

    Raises:
        BadFilter: it is none of them.
    """
    found: list[Any] = []
    problem: BadFilter | None = None
    types = field.parsed_types
    for read in (_read_number, _read_other):
        try:
            found += read(field, types, text, zone)
        except BadFilter as error:
            problem = problem or error
    if not found:
        raise problem or BadFilter(N_("This field cannot be compared with a value."))
    return found


def read_span(text: str, zone: tzinfo = UTC) -> Span:
    """The moments that a typed date stands for.

    Raises:
        BadFilter: it is no date.
    """
    text = text.strip()
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text, re.ASCII)
    try:
        if match:
            year, month, day = (int(part) if part else 0 for part in match.groups())
            start = datetime(year, month or 1, day or 1, tzinfo=zone)
            return Span(_begin_of(start), _end_of(start, year, month, day))
        moment = datetime.fromisoformat(text)
        start = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        start.astimezone(UTC)
        step = (
            timedelta(milliseconds=1) if "." in text else timedelta(seconds=1 if text.count(":") > 1 else 60)
        )
        return Span(start, start + step)
    except (ValueError, OverflowError) as error:
        raise BadFilter(
            N_("“%(text)s” is no date such as 2024-05-31 or 2024-05-31T17:45."), text=text[:40]
        ) from error


def _begin_of(start: datetime) -> datetime:
    """The moment itself, or the first that the database knows: in the east the year 1 begins before it."""
    try:
        start.astimezone(UTC)
    except OverflowError:
        return EARLY
    return start


def _end_of(start: datetime, year: int, month: int, day: int) -> datetime:
    try:
        if day:
            return start + timedelta(days=1)
        return start.replace(
            year=year + (not month or month == 12), month=1 if month in (0, 12) else month + 1
        )
    except (ValueError, OverflowError):
        return FAR


def _read_number(field: KnownField, types: frozenset[str], text: str, zone: tzinfo) -> list[Any]:
    numbers = types & NUMBERS
    if not numbers:
        return []
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 6000:
        if text.strip().lower() in _NO_NUMBERS:
            return [float(text)]
        raise BadFilter(N_("“%(text)s” is no number."), text=text[:40])
    if field.digits:
        number = number.scaleb(field.digits)
    if abs(number) < 1 << 63 and number == number.to_integral_value():
        return [int(number)]
    if field.digits or (numbers <= {"int32", "int64"} and number != number.to_integral_value()):
        raise BadFilter(N_("“%(text)s” has too many decimal places for this field."), text=text[:40])
    found: list[Any] = [float(number)] if numbers != {"decimal"} else []
    if "decimal" in numbers:
        try:
            found.append(Decimal128(number))
        except (ArithmeticError, ValueError) as error:
            raise BadFilter(N_("“%(text)s” has too many digits."), text=text[:40]) from error
    return found


def _read_other(field: KnownField, types: frozenset[str], text: str, zone: tzinfo) -> list[Any]:
    found: list[Any] = []
    problem: BadFilter | None = None
    for kind in sorted(types - NUMBERS):
        try:
            if kind == "date":
                found.append(read_span(text, zone))
            elif kind == "bool":
                # Beside numbers or texts 1 and 0 are those, and a date may be typed as one.
                if types <= {"bool"} or text.strip() not in ("0", "1"):
                    found.append(_yes(text))
            elif kind == "objectId":
                found.append(ObjectId(from_text(kind, text).raw))
            elif kind in ("string", "symbol"):
                found.append(text)
            elif kind in ("binary", "timestamp"):
                found.append(from_text(kind, text).python())
        except BadFilter as error:
            problem = error
        except BadText as error:
            problem = BadFilter(str(error))
    if not found and problem:
        raise problem
    return found


def _equals(field: KnownField, texts: tuple[str, ...], zone: tzinfo) -> dict[str, Any]:
    values = [value for text in texts for value in parse_values(field, text, zone)]
    spans = [value for value in values if isinstance(value, Span)]
    plain = [value for value in values if not isinstance(value, Span)]
    parts = [_range(field, {"$gte": span.start, "$lt": span.end}) for span in spans]
    if plain:
        parts.append({field.path: {"$eq": plain[0]} if len(plain) == 1 else {"$in": plain}})
    return parts[0] if len(parts) == 1 else {"$or": parts}


def _bounds(field: KnownField, operator: str, text: str, zone: tzinfo) -> dict[str, Any]:
    """The comparison that an operator with one value stands for."""
    value = next((one for one in parse_values(field, text, zone) if not isinstance(one, str | bool)), None)
    if isinstance(value, Span):
        match operator:
            case "after" | "gte":
                return {"$gte": value.start}
            case "before" | "lt":
                return {"$lt": value.start}
            case "gt":
                return {"$gte": value.end}
        return {"$lt": value.end}
    if value is None or operator in ("after", "before"):
        raise BadFilter(N_("“%(text)s” is no value to compare this field with."), text=text[:40])
    return {f"${operator}": value}


def _between(field: KnownField, text: str, zone: tzinfo) -> dict[str, Any]:
    low, mark, high = (part.strip() for part in text.partition(".."))
    if not mark or not (low or high):
        raise BadFilter(N_("Write two values with two dots between them: 10..20"))
    bounds: dict[str, Any] = {}
    if low:
        bounds.update(_bounds(field, "gte", low, zone))
    if high:
        bounds.update(_bounds(field, "lte", high, zone))
    return _range(field, bounds)


def _range(field: KnownField, bounds: dict[str, Any]) -> dict[str, Any]:
    """A comparison; in a list, one item must meet both ends, not one item each."""
    at = field.array_at
    if len(bounds) < 2 or not at:
        return {field.path: bounds}
    rest = field.path[len(at) + 1 :]
    inside = {at: {"$elemMatch": {rest: bounds} if rest else bounds}}
    return {"$or": [inside, {"$and": [{field.path: bounds}, {at: {"$not": {"$type": "array"}}}]}]}


def _server_type(name: str) -> str:
    if name not in CODES:
        raise BadFilter(
            N_("“%(text)s” is no BSON type; types are %(types)s."), text=name[:40], types=", ".join(CODES)
        )
    return SERVER_NAMES.get(name, name)


def _yes(text: str) -> bool:
    lowered = text.strip().lower()
    if lowered in _YES or lowered in _NO:
        return lowered in _YES
    raise BadFilter(N_("Write yes or no."))


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
