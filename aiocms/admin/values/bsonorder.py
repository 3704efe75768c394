"""MongoDB's order of values of different types, as far as paging must know it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import bson
from bson import Binary, Code, Decimal128, MaxKey, MinKey, ObjectId, Regex, Timestamp
from bson.dbref import DBRef

# Source: MongoDB manual, "BSON comparison order"; missing sorts as null.
BRACKETS: tuple[tuple[str, ...], ...] = (
    ("minKey",),
    ("null",),
    ("number",),
    ("string", "symbol"),
    ("object",),
    ("array",),
    ("binData",),
    ("objectId",),
    ("bool",),
    ("date",),
    ("timestamp",),
    ("regex",),
    ("dbPointer",),
    ("javascript",),
    ("javascriptWithScope",),
    ("maxKey",),
)
MIN, NULL, NUMBER, STRING, OBJECT, ARRAY, BINARY, OBJECT_ID, BOOL, DATE, TIMESTAMP, REGEX, POINTER = range(13)
CODE, SCOPED_CODE, MAX = 13, 14, 15


def bracket(value: Any) -> int:
    """The place of a value's type in `BRACKETS`."""
    match value:
        case None:
            return NULL
        case bool():
            return BOOL
        case int() | float() | Decimal128():
            return NUMBER
        case Code():
            return SCOPED_CODE if value.scope is not None else CODE
        case str():
            return STRING
        case bytes():
            return BINARY
        case ObjectId():
            return OBJECT_ID
        case datetime() | bson.DatetimeMS():
            return DATE
        case Timestamp():
            return TIMESTAMP
        case Regex():
            return REGEX
        case MinKey():
            return MIN
        case MaxKey():
            return MAX
        case list():
            return ARRAY
        case Mapping() | DBRef():
            return OBJECT
    return BINARY  # a UUID, or what a codec option made of binary data


def is_nan(value: Any) -> bool:
    """Whether a number is NaN, which sorts below every other number."""
    if isinstance(value, Decimal128):
        return value.to_decimal().is_nan()
    return isinstance(value, float) and math.isnan(value)


def order_key(value: Any) -> tuple[Any, ...]:
    """A key that sorts and compares in Python as the server does, for values of any types."""
    rank = bracket(value)
    match rank:
        case 2:
            return (rank, _number_key(value))
        case 3:
            return (rank, value.encode("utf-8", "surrogatepass"))
        case 4:
            pairs = value.as_doc() if isinstance(value, DBRef) else value
            return (
                rank,
                tuple((order_key(item)[0], name.encode(), order_key(item)) for name, item in pairs.items()),
            )
        case 5:
            return (rank, tuple(order_key(item) for item in value))
        case 6:
            data = value if isinstance(value, bytes) else Binary.from_uuid(value)
            return (rank, len(data), getattr(data, "subtype", 0), bytes(data))
        case 7:
            return (rank, value.binary)
        case 8:
            return (rank, value)
        case 9:
            return (rank, int(value) if isinstance(value, bson.DatetimeMS) else int(bson.DatetimeMS(value)))
        case 10:
            return (rank, value.time, value.inc)
        case 0 | 1 | 15:
            return (rank,)
    return (rank, bson.encode({"v": value}))


def _number_key(value: Any) -> tuple[int, Any]:
    if is_nan(value):
        return (0, 0)
    if isinstance(value, Decimal128):
        exact = value.to_decimal()
        return (1, exact)
    return (
        (1, Decimal(value))
        if not (isinstance(value, float) and math.isinf(value))
        else (1, Decimal(str(value)))
    )
