"""Canonical Extended JSON of exact values, and back, with the line and column of a mistake.

A value that JSON cannot say exactly (a doubled key, text that is not UTF-8, a key that looks like a type
mark) stands as ``{"$bson": {"type": …, "base64": …}}``; a part that the user may not see, or that is too big
for the page, as ``{"$kept": number}``, to be left where it is.

Source: MongoDB Extended JSON v2 specification, canonical mode.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import struct
from collections.abc import Callable, Sequence
from json import decoder
from typing import Any

from bson import DBRef
from bson.errors import BSONError
from bson.json_util import CANONICAL_JSON_OPTIONS, default, object_hook

from aiocms.admin.forms.shown import has_stub
from aiocms.admin.values.bsontext import BadText, from_text
from aiocms.admin.values.rawbson import (
    ARRAY,
    BOOL,
    CODES,
    DATE,
    DB_POINTER,
    DOUBLE,
    INT32,
    INT64,
    NAMES,
    NULL,
    OBJECT,
    STRING,
    STUB,
    SYMBOL,
    UNDEFINED,
    BrokenBSON,
    Value,
    has_twin_keys,
)
from aiocms.core.i18n import N_

_MOST_DEPTH = 98
# Part of the standard library's own parser: reads to the closing quote, tells the place of a mistake.
_scan_string: Callable[[str, int, bool], tuple[str, int]] = vars(decoder)["scanstring"]
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")


class BadJSON(BadText):
    """Text that is no Extended JSON, with the place."""

    def __init__(self, message: str, text: str, at: int, **values: object) -> None:
        self.line = text.count("\n", 0, at) + 1
        self.column = at - (text.rfind("\n", 0, at) + 1) + 1
        self.offset = at
        super().__init__(message, **values)


def dump(value: Value, *, stubs: list[Value] | None = None) -> str:
    """Canonical Extended JSON, indented by two spaces.

    Parameters:
        stubs: gets the stubs met, in the order of their numbers.
    """
    return _dump(value, "", stubs if stubs is not None else [])


def load(text: str, stubs: Sequence[Value] = ()) -> Value:
    """The value that the text says.

    Raises:
        BadJSON: it says none; with line and column.
    """
    return _Loader(text, stubs).load()


def _dump(value: Value, indent: str, stubs: list[Value]) -> str:
    if value.code == STUB:
        return _dump_kept(value, stubs)
    if value.code == OBJECT:
        items = value.items()
        if has_twin_keys(value) or not _are_plain([key for key, _ in items]):
            # Bytes with a stub in them would be none that the database knows.
            return _dump_kept(value, stubs) if has_stub(value) else _dump_bytes(value)
        inner = indent + "  "
        rows = [f"{inner}{_text(key)}: {_dump(child, inner, stubs)}" for key, child in items]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}" if rows else "{}"
    if value.code == ARRAY:
        inner = indent + "  "
        rows = [inner + _dump(child, inner, stubs) for child in value.values()]
        return "[\n" + ",\n".join(rows) + f"\n{indent}]" if rows else "[]"
    text = _dump_scalar(value)
    try:
        exact = _Loader(text, ()).load() == value
    except BadJSON:
        exact = False
    return text if exact else _dump_bytes(value)


def _dump_scalar(value: Value) -> str:
    if value.code == STRING:
        return _text(value.raw[4:-1].decode("utf-8", "replace"))
    if value.code == BOOL:
        return "true" if value.raw == b"\1" else "false"
    if value.code == NULL:
        return "null"
    if value.code == INT32:
        return json.dumps({"$numberInt": str(struct.unpack("<i", value.raw)[0])})
    if value.code == INT64:
        return json.dumps({"$numberLong": str(struct.unpack("<q", value.raw)[0])})
    if value.code == DATE:
        return json.dumps({"$date": {"$numberLong": str(struct.unpack("<q", value.raw)[0])}})
    if value.code == UNDEFINED:
        return '{"$undefined": true}'
    if value.code == SYMBOL:
        return json.dumps({"$symbol": value.raw[4:-1].decode("utf-8", "replace")}, ensure_ascii=False)
    if value.code == DB_POINTER:
        return _dump_bytes(value)
    try:
        data: Any = default(value.python(), CANONICAL_JSON_OPTIONS)
    except (TypeError, ValueError):
        data = value.python()
        if value.code == DOUBLE:
            data = {"$numberDouble": repr(data)}
    return json.dumps(data, ensure_ascii=False)


def _dump_kept(value: Value, stubs: list[Value]) -> str:
    stubs.append(value)
    return json.dumps({"$kept": len(stubs) - 1})


def _dump_bytes(value: Value) -> str:
    data = base64.b64encode(value.raw).decode()
    return json.dumps({"$bson": {"type": NAMES.get(value.code, ""), "base64": data}})


def _text(text: str) -> str:
    return json.dumps(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), ensure_ascii=False)


def _are_plain(keys: list[str]) -> bool:
    """Whether an object with these keys reads back as the same object."""
    try:
        "".join(keys).encode()
    except UnicodeEncodeError:
        return False
    return not keys or keys[0] not in _READERS


class _Loader:
    """A JSON parser that knows where it is; Python's own tells the place of broken syntax only."""

    def __init__(self, text: str, stubs: Sequence[Value]) -> None:
        self.text = text
        self.stubs = stubs
        self.at = 0

    def load(self) -> Value:
        value = self._value(0)
        self._skip()
        if self.at < len(self.text):
            raise self._bad(N_("There is something behind the end."))
        return value

    def _skip(self) -> str:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def _bad(self, message: str, at: int | None = None, **values: object) -> BadJSON:
        return BadJSON(message, self.text, self.at if at is None else at, **values)

    def _value(self, depth: int) -> Value:
        if depth > _MOST_DEPTH:
            raise self._bad(N_("This is nested too deeply."))
        char, text = self._skip(), self.text
        if char == "{":
            return self._object(depth)
        if char == "[":
            return self._array(depth)
        if char == '"':
            at = self.at
            return self._convert(lambda: from_text("string", self._string()), at)
        for word, code, raw in (("true", BOOL, b"\1"), ("false", BOOL, b"\0"), ("null", NULL, b"")):
            if text.startswith(word, self.at):
                self.at += len(word)
                return Value(code, raw)
        match = _NUMBER.match(text, self.at)
        if match is None:
            raise self._bad(N_("A value is expected here.") if char else N_("The text ends too early."))
        at, self.at = self.at, match.end()
        if match[1] or match[2]:
            return self._convert(lambda: from_text("double", match[0]), at)
        small = len(match[0]) < 11 and -(1 << 31) <= int(match[0]) < 1 << 31
        return self._convert(lambda: from_text("int32" if small else "int64", match[0]), at)

    def _string(self) -> str:
        if self.text[self.at : self.at + 1] != '"':
            raise self._bad(N_("A key in double quotes is expected here."))
        try:
            text, self.at = _scan_string(self.text, self.at + 1, True)
        except json.JSONDecodeError as error:
            raise self._bad(
                N_("This text in quotes is broken: %(reason)s"), error.pos, reason=error.msg
            ) from error
        return text

    def _array(self, depth: int) -> Value:
        self.at += 1
        values: list[Value] = []
        if self._skip() == "]":
            self.at += 1
            return Value.array(())
        while True:
            values.append(self._value(depth + 1))
            if self._end("]"):
                return Value.array(values)

    def _end(self, closing: str) -> bool:
        char = self._skip()
        if char not in (",", closing) or not char:
            message = (
                N_("A comma or %(closing)s is expected here.") if char else N_("The text ends too early.")
            )
            raise self._bad(message, closing=closing)
        self.at += 1
        return char == closing

    def _object(self, depth: int) -> Value:
        start = self.at
        self.at += 1
        items: dict[str, Value] = {}
        if self._skip() == "}":
            self.at += 1
            return Value.object(())
        while True:
            self._skip()
            at = self.at
            key = self._string()
            if key in items:
                raise self._bad(N_("The key %(key)s is there twice."), at, key=repr(key))
            if self._skip() != ":":
                raise self._bad(N_("A colon is expected here."))
            self.at += 1
            if not items and key in _READERS:
                return self._special(key, start, depth)
            items[key] = self._value(depth + 1)
            if self._end("}"):
                return self._convert(lambda: Value.object(items.items()), start)

    def _special(self, key: str, start: int, depth: int) -> Value:
        """An object that stands for one value: read as plain JSON, then by the type's reader."""
        body: dict[str, Any] = {key: self._plain(depth + 1)}
        while not self._end("}"):
            self._skip()
            name = self._string()
            if self._skip() != ":":
                raise self._bad(N_("A colon is expected here."))
            self.at += 1
            body[name] = self._plain(depth + 1)
        if key == "$kept":
            return self._kept(body[key], start)
        return self._convert(lambda: _READERS[key](body), start)

    def _plain(self, depth: int) -> Any:
        self._skip()
        if depth > _MOST_DEPTH:
            raise self._bad(N_("This is nested too deeply."))
        try:
            value, self.at = json.JSONDecoder().raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            raise self._bad(N_("This is no JSON: %(reason)s"), error.pos, reason=error.msg) from error
        except RecursionError as error:
            raise self._bad(N_("This is nested too deeply.")) from error
        return value

    def _kept(self, number: Any, at: int) -> Value:
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(self.stubs):
            raise self._bad(N_("This stands for no part of this document."), at)
        return self.stubs[number]

    def _convert(self, make: Callable[[], Value], at: int) -> Value:
        try:
            return make()
        except BadJSON:
            raise
        except BadText as error:
            raise self._bad(error.message, at, **error.values) from error
        except (ArithmeticError, TypeError, ValueError, KeyError, OverflowError, struct.error) as error:
            raise self._bad(N_("This is no such value: %(reason)s"), at, reason=str(error)) from error


def _by_driver(body: dict[str, Any]) -> Value:
    value = object_hook(dict(body), CANONICAL_JSON_OPTIONS)
    if isinstance(value, dict | DBRef):
        raise BadText(N_("The Extended JSON of this type is not complete."))
    return Value.of(value)


def _one(kind: str) -> Callable[[dict[str, Any]], Value]:
    def read(body: dict[str, Any]) -> Value:
        (text,) = body.values()
        if not isinstance(text, str):
            raise BadText(N_("The value is expected in quotes."))
        return from_text(kind, text)

    return read


def _read_date(body: dict[str, Any]) -> Value:
    inner = body["$date"]
    if isinstance(inner, dict) and set(inner) == {"$numberLong"}:
        return Value(DATE, from_text("int64", str(inner["$numberLong"])).raw)
    return _by_driver(body)


def _read_symbol(body: dict[str, Any]) -> Value:
    return Value(SYMBOL, _one("string")(body).raw)


def _read_bytes(body: dict[str, Any]) -> Value:
    inner = body["$bson"]
    try:
        value = Value(CODES[inner["type"]], base64.b64decode(inner["base64"], validate=True))
        if Value.object((("v", value),)).items() != [("v", value)]:
            raise BrokenBSON("the bytes are not of that type")
        if value.is_container:
            value.items()
        value.python()
    except (KeyError, TypeError, binascii.Error, BSONError) as error:
        raise BadText(N_("The Extended JSON of this type is not complete.")) from error
    return value


_READERS: dict[str, Callable[[dict[str, Any]], Value]] = {
    "$oid": _one("objectId"),
    "$numberInt": _one("int32"),
    "$numberLong": _one("int64"),
    "$numberDouble": _one("double"),
    "$numberDecimal": _one("decimal"),
    "$date": _read_date,
    "$binary": _by_driver,
    "$uuid": _by_driver,
    "$regularExpression": _by_driver,
    "$timestamp": _by_driver,
    "$code": _by_driver,
    "$minKey": _by_driver,
    "$maxKey": _by_driver,
    "$symbol": _read_symbol,
    "$undefined": lambda body: Value(UNDEFINED, b""),
    "$bson": _read_bytes,
    "$kept": lambda body: Value(STUB, b""),
}
