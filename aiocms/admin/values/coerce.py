"""A value from a WTForms field in the BSON type that the field had: a form must not turn types about."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from bson import Decimal128
from bson.errors import BSONError

from aiocms.admin.values.bsontext import BadText, from_text
from aiocms.admin.values.rawbson import ARRAY, NAMES, NULL, OBJECT, BrokenBSON, Value

_NUMBERS = ("int32", "int64", "double", "decimal")


def coerce(data: Any, base: Value | None, zone: tzinfo = UTC, *, empty: bool = False) -> Value | None:
    """The BSON value of what a form's field holds.

    Parameters:
        base: the value that the field was made from; its type is kept when the new value fits.
        zone: of times without one.
        empty: leave out what was left empty, for new documents.

    Returns:
        None when the key shall not be there.
    Raises:
        BadText: BSON has no type for the value.
    """
    kind = NAMES.get(base.code, "") if base is not None else ""
    if data is None or (empty and data in ("", [], {})):
        return None if base is None else Value(NULL, b"")
    if isinstance(data, bool):
        return Value.of(data)
    if isinstance(data, int | float | Decimal):
        return _coerce_number(data, kind)
    if isinstance(data, datetime):
        moment = data if data.tzinfo is not None else data.replace(tzinfo=zone)
        return Value.of(moment.astimezone(UTC))
    if isinstance(data, date):
        return Value.of(datetime(data.year, data.month, data.day, tzinfo=UTC))
    if isinstance(data, time):
        return Value.of(data.isoformat())
    if isinstance(data, str):
        return _coerce_text(data, kind, base, zone)
    if isinstance(data, list | tuple | set | frozenset):
        old = base.values() if base is not None and base.code == ARRAY else []
        kinds = {item.code for item in old}
        sample = old[0] if len(kinds) == 1 else None
        return Value.array(one for item in data if (one := coerce(item, sample, zone)) is not None)
    if isinstance(data, dict):
        known = dict(base.items()) if base is not None and base.code == OBJECT else {}
        pairs = ((str(key), coerce(item, known.get(str(key)), zone)) for key, item in data.items())
        return Value.object((key, value) for key, value in pairs if value is not None)
    return _store(data)


def _coerce_number(data: int | float | Decimal, kind: str) -> Value:
    if isinstance(data, Decimal):
        kind = kind if kind in _NUMBERS else "decimal"
    wanted = kind if kind in _NUMBERS else "double" if isinstance(data, float) else ""
    for name in (wanted, "int32", "int64", "double", "decimal"):
        if not name:
            continue
        text = _write_number(data, name)
        if text is None:
            continue
        try:
            return from_text(name, text)
        except BadText:
            continue
    return _store(data)


def _write_number(data: int | float | Decimal, kind: str) -> str | None:
    """The number as text of a type, None when it would not be the same number any more."""
    if kind == "decimal":
        return str(Decimal(str(data)))
    if kind == "double":
        return str(float(data))
    if isinstance(data, int):
        return str(data)
    number = Decimal(data)
    return (
        str(int(number)) if number.is_finite() and abs(number) < 1 << 63 and number == int(number) else None
    )


def _coerce_text(data: str, kind: str, base: Value | None, zone: tzinfo) -> Value:
    text = data.replace("\r\n", "\n")
    if kind and kind not in ("string", "object", "array", "null", "bool", "code"):
        try:
            return from_text(kind, text, zone)
        except BadText:
            return from_text("string", text)
    if base is not None and kind == "string" and b"\r\n" in base.raw:
        text = text.replace("\n", "\r\n")
    return from_text("string", text)


def _store(data: Any) -> Value:
    try:
        return Value.of(Decimal128(data) if isinstance(data, Decimal) else data)
    except (BrokenBSON, BSONError, ArithmeticError) as error:
        raise BadText("A value of the type %(kind)s cannot be stored.", kind=type(data).__name__) from error
