"""The one reader of request bodies: bounded, and every malformed body is a 4xx.

Plain aiohttp answers 500 to broken JSON, a broken multipart body, a form that is not UTF-8 and an unknown
charset, and waits for ever for a body that drips. The functions here take the request and aiohttp's own
method for the work, as ``aiocms.core.request.Request`` calls them:

    async def text(self) -> str:
        return await read_text(self, super().text)

==================  ==========================================================
400 Bad Request     broken JSON, multipart, compression, text, lone surrogates
408 Timeout         the body did not come within ``body_timeout`` seconds
413 Too Large       more than ``body_limit`` bytes or ``max_fields`` fields
415 Media Type      a charset or Content-Encoding that is not taken
==================  ==========================================================

Source: CVE-2025-69228, CVE-2023-30798 (body exhaustion), ASVS 5.0 2.4.1.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeVar

from aiohttp import ClientPayloadError, hdrs, http_exceptions, web
from multidict import MultiDictProxy

from aiocms.core.i18n import N_
from aiocms.core.keys import SETTINGS

T = TypeVar("T")
Reader = Callable[[], Awaitable[T]]

MAX_DEPTH = 100

_CHARSETS = frozenset(
    ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252")
)
_ENCODINGS = frozenset(("", "identity"))
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# aiohttp raises all of these for a body that does not follow its own headers.
BROKEN = (
    ValueError,
    LookupError,
    AssertionError,
    EOFError,
    RuntimeError,
    http_exceptions.HttpProcessingError,
    web.RequestPayloadError,
    ClientPayloadError,
)


async def read_bytes(request: web.Request, read: Reader[bytes]) -> bytes:
    """The body as bytes.

    Raises:
        web.HTTPClientError: see the table above.
    """
    _check_headers(request)
    return await _bounded(request, read)


async def read_text(request: web.Request, text: Reader[str]) -> str:
    """The body as text, without lone surrogates."""
    _check_headers(request)
    return _check_text(await _bounded(request, text))


async def read_json(request: web.Request) -> Any:
    """The body as JSON of at most ``MAX_DEPTH`` levels; NaN and Infinity are no JSON.

    Raises:
        web.HTTPClientError: see the table above.
    """
    source = await request.text()
    try:
        value = json.loads(source, parse_constant=_refuse_constant)
        if source.count("[") + source.count("{") > MAX_DEPTH:
            _check_depth(value)
        if _ESCAPED_SURROGATE.search(source):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise web.HTTPBadRequest(text=N_("The body is not JSON that can be read.")) from error
    return value


async def read_form(
    request: web.Request, post: Reader[MultiDictProxy[Any]]
) -> MultiDictProxy[str | bytes | bytearray | web.FileField]:
    """The fields of a posted form; files are spooled to disk by aiohttp and closed after the request."""
    _check_headers(request)
    fields = await _bounded(request, post)
    for name, value in fields.items():
        _check_text(name)
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, web.FileField):
            _check_text(value.filename)
    return fields


def check_target(request: web.Request) -> None:
    """Refuse an address with raw non-UTF-8 bytes or an encoded NUL.

    Such text could reach the database or a file name, where it is an error of another kind.

    Raises:
        web.HTTPBadRequest: the address holds one.
    """
    target = request.raw_path
    if "%00" in target or not target.isprintable():
        raise web.HTTPBadRequest(text=N_("The address holds characters that no address has."))


async def _bounded(request: web.Request, read: Reader[T]) -> T:
    try:
        async with asyncio.timeout(request.app[SETTINGS].body_timeout or None):
            return await read()
    except TimeoutError as error:
        # The rest of the body would be taken for the next request.
        refusal = web.HTTPRequestTimeout(text=N_("The request's body did not come in time."))
        refusal.force_close()
        raise refusal from error
    except BROKEN as error:
        refusal_of_body = web.HTTPBadRequest(text=N_("The request's body is malformed."))
        refusal_of_body.force_close()
        raise refusal_of_body from error


def _check_headers(request: web.Request) -> None:
    encoding = request.headers.get(hdrs.CONTENT_ENCODING, "").strip().lower()
    if encoding not in _ENCODINGS:
        raise web.HTTPUnsupportedMediaType(text=N_("A body must not be compressed."))
    charset = (request.charset or "utf-8").lower()
    if charset not in _CHARSETS:
        raise web.HTTPUnsupportedMediaType(text=N_("The charset of the body is not taken; use UTF-8."))


def _check_text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise web.HTTPBadRequest(text=N_("The body holds half of a surrogate pair.")) from error
    return text


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
        level = [child for one in level for child in (one.values() if isinstance(one, dict) else one)]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
