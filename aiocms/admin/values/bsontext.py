"""BSON values as text for one form input, and back.

Text is for people and for one form input; a value whose text has not changed is never parsed back, so
its bytes stay. What has no good text (``undefined``, scoped code, …) is shown but not editable.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from bson import Binary, Decimal128, Timestamp
from bson.errors import BSONError

from aiocms.admin.values.rawbson import (
    BINARY,
    BOOL,
    CODE,
    CODES,
    DATE,
    DECIMAL,
    DOUBLE,
    INT32,
    INT64,
    NAMES,
    OBJECT_ID,
    REGEX,
    STRING,
    TIMESTAMP,
    BrokenBSON,
    Value,
)
from aiocms.core.i18n import N_

# What a person may choose for a new value, the usual ones first.
CHOICES: tuple[str, ...] = tuple(NAMES.values())[:17]
NUMBERS = ("int32", "int64", "double", "decimal")
WITHOUT_TEXT = frozenset(("null", "minKey", "maxKey"))
CONTAINERS = frozenset(("object", "array"))

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadText(ValueError):
    """Text that is no value of the wanted type; the message is for the person who typed it."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


def to_text(value: Value, zone: tzinfo = UTC) -> str | None:
    """The value as text for one input.

    Returns:
        The text; "" for types without one (null, minKey, maxKey); None when the value has no
        text that could be typed back (containers, rare types, text that is not UTF-8).
    """
    writer = _WRITERS.get(value.code)
    if writer is not None:
        return writer(value)
    if value.code == DATE:
        return _write_date(value, zone)
    return "" if NAMES[value.code] in WITHOUT_TEXT else None


def from_text(kind: str, text: str, zone: tzinfo = UTC) -> Value:
    """The value of a type from what a person typed.

    Raises:
        BadText: the text is no value of that type.
    """
    if kind in WITHOUT_TEXT or kind in CONTAINERS:
        return Value(CODES[kind], b"\x05\0\0\0\0" if kind in CONTAINERS else b"")
    if kind == "date":
        return _read_date(text, zone)
    reader = _READERS.get(kind)
    if reader is None:
        raise BadText(N_("Values of the type %(kind)s can be changed only as Extended JSON."), kind=kind)
    try:
        return reader(text)
    except BrokenBSON as error:
        raise BadText(N_("This text cannot be stored.")) from error


# -- writers ------------------------------------------------------------------


def _write_string(value: Value) -> str | None:
    try:
        return value.raw[4:-1].decode("utf-8")
    except UnicodeDecodeError:
        return None


def _write_double(value: Value) -> str:
    number = struct.unpack("<d", value.raw)[0]
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return repr(number)


def _write_date(value: Value, zone: tzinfo) -> str:
    """Local time to the millisecond; a year that no calendar here reaches: milliseconds since 1970."""
    millis = struct.unpack("<q", value.raw)[0]
    try:
        local = (_EPOCH + timedelta(milliseconds=millis)).astimezone(zone)
    except (OverflowError, ValueError):
        return str(millis)
    return local.replace(tzinfo=None).isoformat(timespec="milliseconds" if millis % 1000 else "seconds")


def _write_binary(value: Value) -> str:
    subtype, data = value.raw[4], value.raw[5:]
    if subtype == 4 and len(data) == 16:
        return f"uuid:{uuid.UUID(bytes=data)}"
    return f"{subtype:02x}:{base64.b64encode(data).decode()}"


def _write_regex(value: Value) -> str | None:
    pattern, flags, _ = value.raw.split(b"\0")
    try:
        return f"/{pattern.decode()}/{flags.decode()}"
    except UnicodeDecodeError:
        return None


def _write_timestamp(value: Value) -> str:
    increment, seconds = struct.unpack("<II", value.raw)
    return f"{seconds}:{increment}"


_WRITERS: dict[int, Callable[[Value], str | None]] = {
    STRING: _write_string,
    CODE: _write_string,
    INT32: lambda value: str(struct.unpack("<i", value.raw)[0]),
    INT64: lambda value: str(struct.unpack("<q", value.raw)[0]),
    DOUBLE: _write_double,
    DECIMAL: lambda value: str(Decimal128.from_bid(value.raw)),
    BOOL: lambda value: "true" if value.raw != b"\0" else "false",
    OBJECT_ID: lambda value: value.raw.hex(),
    BINARY: _write_binary,
    REGEX: _write_regex,
    TIMESTAMP: _write_timestamp,
}


# -- readers ------------------------------------------------------------------


def _read_int(kind: str, text: str) -> Value:
    bits = 32 if kind == "int32" else 64
    # ASCII only and short: int() takes other scripts' digits and needs quadratic time for long text.
    if not re.fullmatch(r"[+-]?[0-9]{1,20}", text.strip(), re.ASCII):
        raise BadText(N_("This is not a whole number."))
    number = int(text)
    if not -(1 << bits - 1) <= number < 1 << bits - 1:
        raise BadText(N_("This number does not fit into %(bits)s bits."), bits=bits)
    return Value(CODES[kind], struct.pack("<i" if bits == 32 else "<q", number))


def _read_double(text: str) -> Value:
    text = text.strip()
    if not re.fullmatch(
        r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|NaN|[+-]?Infinity", text, re.ASCII
    ):
        raise BadText(N_("This is not a number."))
    number = float(text)
    if math.isinf(number) and "Inf" not in text:
        raise BadText(N_("This number is too large for the type double."))
    return Value(DOUBLE, struct.pack("<d", number))


def _read_decimal(text: str) -> Value:
    text = text.strip()
    if not re.fullmatch(
        r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,5})?|NaN|[+-]?Infinity", text, re.ASCII
    ):
        raise BadText(N_("This is not a number."))
    try:
        return Value(DECIMAL, Decimal128(text).bid)
    except (ArithmeticError, BSONError, ValueError) as error:
        raise BadText(N_("This number has more than 34 digits or is too large.")) from error


def _read_bool(text: str) -> Value:
    if text not in ("true", "false"):
        raise BadText(N_("Choose yes or no."))
    return Value(BOOL, b"\1" if text == "true" else b"\0")


def _read_date(text: str, zone: tzinfo) -> Value:
    text = text.strip()
    if re.fullmatch(r"[+-]?[0-9]{5,19}", text, re.ASCII):
        return Value(DATE, _read_int("int64", text).raw)
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        millis = (moment - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError) as error:
        raise BadText(N_("This is not a date and time such as 2026-05-31 17:45:00.")) from error
    return Value(DATE, struct.pack("<q", millis))


def _read_object_id(text: str) -> Value:
    text = text.strip()
    if not re.fullmatch(r"[0-9a-fA-F]{24}", text):
        raise BadText(N_("An object id has 24 digits 0-9, a-f."))
    return Value(OBJECT_ID, bytes.fromhex(text))


def _read_binary(text: str) -> Value:
    subtype, _, body = text.strip().partition(":")
    try:
        if subtype == "uuid":
            return Value.of(Binary(uuid.UUID(body).bytes, 4))
        if not re.fullmatch(r"[0-9a-fA-F]{2}", subtype):
            raise ValueError("no subtype")
        data = base64.b64decode("".join(body.split()), validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadText(N_("Binary data is written as subtype:base64, e.g. 00:aGVsbG8=")) from error
    return Value(BINARY, struct.pack("<iB", len(data), int(subtype, 16)) + data)


def _read_regex(text: str) -> Value:
    match = re.fullmatch(r"/(.*)/([a-z]*)", text.strip(), re.DOTALL)
    if match is None or "\0" in text:
        raise BadText(N_("A regular expression is written as /pattern/flags."))
    flags = "".join(sorted(set(match[2])))
    return Value(REGEX, _utf8(match[1]) + b"\0" + flags.encode() + b"\0")


def _read_timestamp(text: str) -> Value:
    match = re.fullmatch(r"([0-9]{1,10}):([0-9]{1,10})", text.strip(), re.ASCII)
    if match is None or max(int(match[1]), int(match[2])) >= 1 << 32:
        raise BadText(N_("A timestamp is written as seconds:increment."))
    return Value.of(Timestamp(int(match[1]), int(match[2])))


def _read_string(text: str) -> Value:
    data = _utf8(text) + b"\0"
    return Value(STRING, struct.pack("<i", len(data)) + data)


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadText(N_("This text holds half a character.")) from error


_READERS: dict[str, Callable[[str], Value]] = {
    "string": _read_string,
    "code": lambda text: Value(CODE, _read_string(text).raw),
    "int32": lambda text: _read_int("int32", text),
    "int64": lambda text: _read_int("int64", text),
    "double": _read_double,
    "decimal": _read_decimal,
    "bool": _read_bool,
    "objectId": _read_object_id,
    "binary": _read_binary,
    "regex": _read_regex,
    "timestamp": _read_timestamp,
}
