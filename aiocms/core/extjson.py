"""One document as one line of canonical Extended JSON, and back, every BSON type exact.

Source: MongoDB's Extended JSON (v2) specification.
"""

from __future__ import annotations

import json
from typing import Any

import bson
from bson import json_util
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument

from aiocms.core.errors import AiocmsError

MAX_DOCUMENT = 16 * 1024 * 1024

# Dates as milliseconds and UUIDs as binary: the forms that lose nothing.
EXACT: CodecOptions[dict[str, Any]] = CodecOptions(
    document_class=dict,
    uuid_representation=UuidRepresentation.UNSPECIFIED,
    datetime_conversion=DatetimeConversion.DATETIME_MS,
)
_LENIENT: CodecOptions[RawBSONDocument] = CodecOptions(
    document_class=RawBSONDocument,
    uuid_representation=UuidRepresentation.UNSPECIFIED,
    datetime_conversion=DatetimeConversion.DATETIME_MS,
    unicode_decode_error_handler="replace",
)
_JSON = json_util.JSONOptions(
    json_mode=json_util.JSONMode.CANONICAL,
    uuid_representation=UuidRepresentation.UNSPECIFIED,
    datetime_conversion=DatetimeConversion.DATETIME_MS,
)


class BadLine(AiocmsError):
    """A line that is not a document; the text says why, the caller knows where."""


def to_line(raw: bytes) -> tuple[str, bool]:
    """A stored document as a line, without its end.

    Returns:
        The line, and whether reading it gives the same bytes. Not so for deprecated types (symbol, undefined,
        DBPointer), for text that is not UTF-8, and for keys that Extended JSON takes for types.
    """
    exact = True
    try:
        document = bson.decode(raw, EXACT)
    except (BSONError, TypeError, ValueError):
        document = _decode_plainly(RawBSONDocument(raw, _LENIENT))
        exact = False
    line = json_util.dumps(document, json_options=_JSON, ensure_ascii=False, separators=(",", ":"))
    if exact:
        # Keys with a dollar are rare and may read as another type, so only they cost the whole way back.
        exact = _reads_as(line, raw) if b"$" in raw else bson.encode(document, codec_options=EXACT) == raw
    return line, exact


def from_line(line: bytes) -> dict[str, Any]:
    """The document of a line.

    Raises:
        BadLine: the line is not UTF-8, not JSON, or not a document.
    """
    try:
        document = json_util.loads(line.decode("utf-8"), json_options=_JSON)
    except UnicodeDecodeError as error:
        raise BadLine(f"byte {error.start + 1} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise BadLine(f"not JSON at column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise BadLine("nested too deeply") from error
    except (BSONError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        raise BadLine(f"not Extended JSON: {error}") from error
    if not isinstance(document, dict):
        raise BadLine(f"a document {{…}} is wanted, not {type(document).__name__}; write one document a line")
    return document


def encode(document: dict[str, Any]) -> bytes:
    """The BSON of a document of ``from_line``.

    Raises:
        BadLine: MongoDB cannot store it.
    """
    try:
        raw = bson.encode(document, codec_options=EXACT)
    except RecursionError as error:
        raise BadLine("nested too deeply") from error
    except (BSONError, OverflowError, UnicodeError, ValueError, TypeError) as error:
        raise BadLine(f"MongoDB cannot store it: {str(error).partition(' | Error: ')[0]}") from error
    if len(raw) > MAX_DOCUMENT:
        raise BadLine(f"it has {len(raw):,} bytes; MongoDB stores documents of up to {MAX_DOCUMENT:,}")
    return raw


def _decode_plainly(value: Any) -> Any:
    """A stored value without the driver's wish to see a DBRef in every document that has a ``$ref``."""
    if isinstance(value, RawBSONDocument):
        return {key: _decode_plainly(inner) for key, inner in value.items()}
    return [_decode_plainly(inner) for inner in value] if isinstance(value, list) else value


def _reads_as(line: str, raw: bytes) -> bool:
    try:
        return encode(from_line(line.encode("utf-8"))) == raw
    except (BadLine, UnicodeError):
        return False
