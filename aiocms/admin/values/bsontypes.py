"""The BSON types by name, and ids of any of them as one part of an address."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from bson import ObjectId

from aiocms.admin.values.bsontext import BadText, from_text, to_text
from aiocms.admin.values.rawbson import (
    ARRAY,
    CODES,
    NAMES,
    OBJECT_ID,
    REGEX,
    STRING,
    UNDEFINED,
    BrokenBSON,
    Value,
)

# $type aliases of the server, where they differ from ours.
SERVER_NAMES = {
    "int32": "int",
    "int64": "long",
    "binary": "binData",
    "code": "javascript",
    "codeWithScope": "javascriptWithScope",
}

_OF_SERVER = {theirs: ours for ours, theirs in SERVER_NAMES.items()}

_HEX = re.compile(r"[0-9a-f]{24}")
# A text that stands in an address as it is: none of the words that routes use, nothing that
# browsers or proxies fold ("..", "//", "\"), and never the mark "~".
_PLAIN = re.compile(r"[^\W_][\w .,:;=@+!$()*'-]*")
# A pattern among the ids of a query would match other documents.
_NEVER_IDS = frozenset((ARRAY, REGEX, UNDEFINED))
_WORDS = frozenset(("new",))
_TYPED = frozenset(("int32", "int64", "double", "decimal", "bool", "null", "minKey", "maxKey", "timestamp"))


def own_type_name(name: str) -> str:
    """Our name of a type that is named as here or as the server names it: `long` and `int64` are one."""
    return _OF_SERVER.get(name, name)


def type_name(value: Any) -> str:
    """The type's name of a Python or raw value.

    Returns:
        One of ``NAMES``; a plain ``int`` is int32 when it fits, else int64, as the driver writes it.
    """
    return NAMES[Value.of(value).code]


def encode_id(value: Any) -> str:
    """An ``_id`` of any type as a part of an address, readable where it can be.

    Returns:
        An ObjectId as its 24 digits, plain text as it is, numbers as ``~int64:5``, everything
        else as ``~`` with the type and the bytes in base64.
    """
    if type(value) is ObjectId:
        return str(value)
    raw = Value.of(value)
    if raw.code == OBJECT_ID:
        return raw.raw.hex()
    kind, text = NAMES[raw.code], to_text(raw)
    if (
        raw.code == STRING
        and text
        and _PLAIN.fullmatch(text)
        and not _HEX.fullmatch(text)
        and text not in _WORDS
    ):
        return text
    if kind in _TYPED and text is not None and from_text(kind, text) == raw:
        return f"~{kind}:{text}"
    return f"~{kind}.{base64.urlsafe_b64encode(raw.raw).decode().rstrip('=')}"


def decode_id(text: str) -> Any:
    """The ``_id`` that ``encode_id`` wrote.

    Raises:
        ValueError: the text names no id.
    """
    return decode_raw_id(text).python()


def decode_raw_id(text: str) -> Value:
    """The ``_id`` as its bytes.

    Raises:
        ValueError: the text names no id.
    """
    if _HEX.fullmatch(text):
        return Value(OBJECT_ID, bytes.fromhex(text))
    if not text.startswith("~"):
        return from_text("string", text)
    match = re.fullmatch(r"~([A-Za-z0-9]+)([:.])(.*)", text, re.DOTALL)
    if match is None or match[1] not in CODES:
        raise ValueError(f"{text!r} names no id")
    kind, mark, body = match.groups()
    if mark == ":":
        if kind not in _TYPED:
            raise ValueError(f"{text!r} names no id")
        return from_text(kind, body)
    return _decode_bytes(kind, body)


def _decode_bytes(kind: str, body: str) -> Value:
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        value = Value(CODES[kind], data)
        if Value.object((("v", value),)).find("v") != value:
            raise BrokenBSON("the bytes are not of that type")
        value.python()
        if value.code in _NEVER_IDS:
            raise ValueError("the database takes no such id")
    except (binascii.Error, ValueError, BadText) as error:
        raise ValueError(f"{body!r} names no id") from error
    except Exception as error:  # the driver's decoder raises many kinds for broken bytes
        raise ValueError(f"{body!r} names no id") from error
    return value
