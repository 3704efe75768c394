"""A BSON value as its type code and its bytes: what is not touched keeps every byte.

The driver's decoder is not exact: it turns ``undefined`` into None, symbols into text, folds doubled keys
and rebuilds DBRefs. The editor therefore moves values about as bytes and decodes only what it shows.

Source: bsonspec.org, version 1.1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import bson
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument

DOUBLE, STRING, OBJECT, ARRAY, BINARY, UNDEFINED, OBJECT_ID, BOOL = 1, 2, 3, 4, 5, 6, 7, 8
DATE, NULL, REGEX, DB_POINTER, CODE, SYMBOL, SCOPED_CODE = 9, 10, 11, 12, 13, 14, 15
INT32, TIMESTAMP, INT64, DECIMAL, MAX_KEY, MIN_KEY = 16, 17, 18, 19, 0x7F, 0xFF
# Stands in a form's base for a value that the form does not show (shown.py). No BSON type has this
# code, so the database would refuse a stub that slipped through.
STUB = 0x6B

# tz_aware: a time read from the database is UTC; DATETIME_AUTO: years that Python lacks stay numbers;
# replace: texts that are no UTF-8, which the server takes, can be read too.
EXACT: CodecOptions[dict[str, Any]] = CodecOptions(
    document_class=dict,
    tz_aware=True,
    datetime_conversion=DatetimeConversion.DATETIME_AUTO,
    unicode_decode_error_handler="replace",
)
_WRITTEN = EXACT.with_options(uuid_representation=UuidRepresentation.STANDARD)
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)

NAMES: dict[int, str] = {
    STRING: "string",
    INT32: "int32",
    INT64: "int64",
    DOUBLE: "double",
    DECIMAL: "decimal",
    BOOL: "bool",
    DATE: "date",
    OBJECT_ID: "objectId",
    OBJECT: "object",
    ARRAY: "array",
    NULL: "null",
    BINARY: "binary",
    REGEX: "regex",
    TIMESTAMP: "timestamp",
    CODE: "code",
    MIN_KEY: "minKey",
    MAX_KEY: "maxKey",
    SCOPED_CODE: "codeWithScope",
    SYMBOL: "symbol",
    DB_POINTER: "dbPointer",
    UNDEFINED: "undefined",
}
CODES: dict[str, int] = {name: code for code, name in NAMES.items()}

_FIXED = {1: 8, 6: 0, 7: 12, 8: 1, 9: 8, 10: 0, 16: 4, 17: 8, 18: 8, 19: 16, 0x7F: 0, 0xFF: 0}
_int32 = struct.Struct("<i")


class BrokenBSON(ValueError):
    """Bytes that are not BSON."""


@dataclass(frozen=True, slots=True)
class Value:
    """One BSON value.

    Two values are equal when their bytes are: 5, 5.0 and the int64 5 are three values, and so are
    0.0 and -0.0. Objects and arrays are taken apart one level at a time, on demand.
    """

    code: int
    raw: bytes

    @classmethod
    def document(cls, data: bytes | RawBSONDocument) -> Value:
        """The value of a whole document as the database keeps it."""
        return cls(OBJECT, bytes(data.raw if isinstance(data, RawBSONDocument) else data))

    @classmethod
    def object(cls, items: Iterable[tuple[str, Value]]) -> Value:
        """An object of these keys in this order."""
        return cls(OBJECT, _join(items))

    @classmethod
    def array(cls, values: Iterable[Value]) -> Value:
        """An array of these values."""
        return cls(ARRAY, _join((str(i), value) for i, value in enumerate(values)))

    @classmethod
    def of(cls, value: Any) -> Value:
        """The value that the driver would write for a Python value.

        Raises:
            BrokenBSON: BSON has no type for it, or a number is out of range.
        """
        if isinstance(value, Value):
            return value
        try:
            data = bson.encode({"v": value}, codec_options=_WRITTEN)
        except (BSONError, OverflowError, TypeError, ValueError) as error:
            raise BrokenBSON(str(error)) from error
        return next(iter(cls(OBJECT, data).items()))[1]

    def python(self) -> Any:
        """The Python value that the driver gives; not exact for the odd types named above."""
        if self.code == OBJECT:
            return bson.decode(self.raw, EXACT)
        return bson.decode(_join((("v", self),)), EXACT)["v"]

    def items(self) -> list[tuple[str, Value]]:
        """Keys and values of an object or array, in order, doubled keys included."""
        return list(self._iter_items())

    def values(self) -> list[Value]:
        """The values of an array, in order."""
        return [value for _, value in self._iter_items()]

    def find(self, key: str) -> Value | None:
        """The value of an object's key."""
        for name, value in self._iter_items():
            if name == key:
                return value
        return None

    @property
    def is_container(self) -> bool:
        """Whether this is an object or an array."""
        return self.code in (OBJECT, ARRAY)

    @property
    def size(self) -> int:
        """Bytes of the value."""
        return len(self.raw)

    def _iter_items(self) -> Iterator[tuple[str, Value]]:
        raw = self.raw
        end = len(raw) - 1
        if end < 4 or _int32.unpack_from(raw)[0] != end + 1 or raw[end] != 0:
            raise BrokenBSON("the length of a document is not what it says")
        at = 4
        while at < end:
            code = raw[at]
            stop = raw.find(b"\0", at + 1, end)
            if stop < 0:
                raise BrokenBSON("a key without an end")
            key = raw[at + 1 : stop].decode("utf-8", "surrogateescape")
            start = stop + 1
            at = start + _measure(code, raw, start)
            if at > end:
                raise BrokenBSON(f"the value of {key!r} goes past its document")
            yield key, Value(code, raw[start:at])


def encode_key(key: str) -> bytes:
    """A key as bytes.

    Raises:
        BrokenBSON: it holds NUL, which ends keys in BSON, or is not text.
    """
    if "\0" in key:
        raise BrokenBSON("a key cannot hold the character NUL")
    try:
        return key.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise BrokenBSON("a key holds half a character") from error


def has_twin_keys(value: Value) -> bool:
    """Whether an object holds one key twice, so that a path cannot name its parts."""
    keys = [key for key, _ in value.items()]
    return len(set(keys)) < len(keys)


def raw_document(value: Value) -> RawBSONDocument:
    """An object as something that the driver sends byte by byte."""
    return RawBSONDocument(value.raw, RAW)


def _join(items: Iterable[tuple[str, Value]]) -> bytes:
    parts = [b""]
    for key, value in items:
        parts.append(bytes((value.code,)) + encode_key(key) + b"\0")
        parts.append(value.raw)
    parts.append(b"\0")
    parts[0] = _int32.pack(4 + sum(map(len, parts)))
    return b"".join(parts)


def _measure(code: int, raw: bytes, at: int) -> int:
    """How many bytes the value of this type at this place takes."""
    size = _FIXED.get(code)
    if size is not None:
        return size
    try:
        if code == REGEX:
            return raw.index(b"\0", raw.index(b"\0", at) + 1) + 1 - at
        length = int(_int32.unpack_from(raw, at)[0])
    except (ValueError, struct.error) as error:
        raise BrokenBSON("a value is cut off") from error
    if length < 0:
        raise BrokenBSON("a negative length")
    if code in (OBJECT, ARRAY, SCOPED_CODE):
        return length
    if code in (STRING, CODE, SYMBOL, STUB):
        return 4 + length
    if code == BINARY:
        return 5 + length
    if code == DB_POINTER:
        return 16 + length
    raise BrokenBSON(f"unknown type code {code}")
