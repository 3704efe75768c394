"""Forms with files, read part by part: texts are kept, each file is handed on while it comes in.

Nothing of a file is buffered here. Texts are bounded as in every form; files by whoever takes them, by the
time that a whole form may need, and by pauses: ``body_timeout`` seconds without a byte end the request.
What a taker leaves unread is thrown away, so that the fields behind a refused file still arrive.

Source: CVE-2023-28837 (size only checked after the upload), CVE-2025-69228.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from aiohttp import BodyPartReader, hdrs, web
from multidict import MultiDict, MultiDictProxy

from aiocms.core.body import BROKEN
from aiocms.core.i18n import N_
from aiocms.core.keys import SETTINGS

TakeFile = Callable[[str, str, AsyncIterator[bytes], Mapping[str, str]], Awaitable[str | None]]
"""Gets the field's name, the file's name, its bytes, and the texts that came before it; answers with the text
that stands in the file's place, None for nothing."""

_PIECE = 64 * 1024
_ENCODINGS = frozenset(("", "binary", "8bit", "7bit"))


async def read_form(request: web.Request, take: TakeFile) -> MultiDictProxy[Any]:
    """The texts of a posted multipart form, and for each file what ``take`` answered.

    Raises:
        web.HTTPClientError: 400 malformed, 408 too slow, 413 too large.
    """
    settings = request.app[SETTINGS]
    whole = float(getattr(settings, "files_upload_time", 0) or settings.body_timeout)
    reading = _Reading(request, settings)
    try:
        async with asyncio.timeout(whole or None):
            return await reading.read(take)
    except TimeoutError as error:
        refusal = web.HTTPRequestTimeout(text=N_("The request's body did not come in time."))
        refusal.force_close()
        raise refusal from error


class _Reading:
    """One form while it is read."""

    def __init__(self, request: web.Request, settings: Any) -> None:
        self._request = request
        self._pause = float(settings.body_timeout) or None
        self._most_text = int(settings.body_limit)
        self._most_fields = int(settings.max_fields)
        # What is thrown away costs only time, but not without end.
        self._most = self._most_text + 4 * int(getattr(settings, "files_max_size", 0))
        self._text = self._all = 0

    async def read(self, take: TakeFile) -> MultiDictProxy[Any]:
        fields: MultiDict[Any] = MultiDict()
        reader = await self._guard(self._request.multipart())
        while (part := await self._guard(reader.next())) is not None:
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise _refuse()
            if part.headers.get(hdrs.CONTENT_TRANSFER_ENCODING, "").strip().lower() not in _ENCODINGS:
                raise _refuse()
            if len(fields) >= self._most_fields > 0:
                raise self._too_large(self._most_fields)
            pieces = self._iter_pieces(part)
            if part.filename is None:
                fields.add(part.name, await self._read_text(pieces))
            else:
                if part.filename:
                    text = await take(part.name, part.filename, pieces, fields)
                    if text is not None:
                        fields.add(part.name, text)
                async for _ in self._iter_pieces(part):
                    pass
        return MultiDictProxy(fields)

    async def _iter_pieces(self, part: BodyPartReader) -> AsyncIterator[bytes]:
        while piece := await self._guard(part.read_chunk(_PIECE)):
            self._all += len(piece)
            if self._all > self._most:
                raise self._too_large(self._most)
            yield piece

    async def _read_text(self, pieces: AsyncIterator[bytes]) -> str:
        found = bytearray()
        async for piece in pieces:
            self._text += len(piece)
            if self._text > self._most_text:
                raise self._too_large(self._most_text)
            found += piece
        try:
            return found.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _refuse() from error

    async def _guard(self, reading: Awaitable[Any]) -> Any:
        """The result of one read, within the pause that is allowed."""
        try:
            async with asyncio.timeout(self._pause):
                return await reading
        except TimeoutError:
            raise
        except BROKEN as error:
            raise _refuse() from error

    def _too_large(self, size: int) -> web.HTTPException:
        refusal = web.HTTPRequestEntityTooLarge(max_size=size)
        refusal.force_close()
        return refusal


def _refuse() -> web.HTTPException:
    refusal = web.HTTPBadRequest(text=N_("The request's body is malformed."))
    refusal.force_close()
    return refusal
