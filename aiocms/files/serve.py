"""Content as an answer: whole or a range of it, with an ETag, streamed."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import hdrs, web
from bson import ObjectId

from aiocms.core import keys
from aiocms.core.mongo import Database
from aiocms.files.blobs import iter_blob
from aiocms.files.filenames import make_disposition

_IMMUTABLE = "public, max-age=31536000, immutable"
_PRIVATE = "private, no-store"
# Types that a browser may be told of; anything else, and whatever can hold a program, is just bytes.
_TOLD = (
    "image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "application/pdf", "application/zip",
    "text/plain", "text/csv", "audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4",
    "video/mp4", "video/webm", "video/quicktime", "application/json",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent.

    Parameters:
        tag: changes when the content does.
        inline: True only for images that were made anew here.
        public: the answer is the same for everybody, and may be kept by caches for ever.
    """

    blob: ObjectId
    size: int
    type: str
    name: str
    tag: str
    inline: bool
    public: bool


async def send(request: web.Request, db: Database, content: Content) -> web.StreamResponse:
    """The answer: 200, 206 for a range, 304 when the browser has it, 416 for a range that is not there."""
    headers = _make_headers(content)
    if content.public:
        request[keys.SHARED] = True
    if f'"{content.tag}"' in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        return web.Response(status=304, headers=headers)
    start, stop, status = 0, content.size, 200
    wanted = request.headers.get(hdrs.RANGE, "")
    same = request.headers.get(hdrs.IF_RANGE, f'"{content.tag}"') == f'"{content.tag}"'
    if wanted and same and (found := _read_range(wanted, content.size)) is not None:
        start, stop = found
        status = 206
        if start >= stop:
            headers[hdrs.CONTENT_RANGE] = f"bytes */{content.size}"
            return web.Response(status=416, headers=headers)
        headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{stop - 1}/{content.size}"
    headers[hdrs.CONTENT_LENGTH] = str(stop - start)
    response = web.StreamResponse(status=status, headers=headers)
    response.content_type = content.type if content.type in _TOLD else "application/octet-stream"
    await response.prepare(request)
    try:
        if request.method != "HEAD":
            async for piece in iter_blob(db, content.blob, start, stop):
                await response.write(piece)
        await response.write_eof()
    except ConnectionError:
        pass  # who asked has gone, as a browser does that has seen enough of a film
    return response


def _make_headers(content: Content) -> dict[str, str]:
    shared = content.public and content.inline
    return {
        hdrs.ETAG: f'"{content.tag}"',
        hdrs.ACCEPT_RANGES: "bytes",
        hdrs.CACHE_CONTROL: _IMMUTABLE if content.public else _PRIVATE,
        hdrs.CONTENT_DISPOSITION: make_disposition(content.name, inline=content.inline),
        # Source: ASVS 5.0 3.2.1; a file that is opened all the same runs nothing and reaches nothing.
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'",
        "Cross-Origin-Resource-Policy": "cross-origin" if shared else "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def _read_range(text: str, size: int) -> tuple[int, int] | None:
    """Where a range begins and ends; None for what is no single range, which is answered as if not asked."""
    unit, _, rest = text.partition("=")
    first, dash, last = rest.strip().partition("-")
    if unit.strip() != "bytes" or not dash or not (_is_number(first) and _is_number(last)):
        return None
    if not first:
        return (max(0, size - int(last)), size) if last else None
    start, stop = int(first), int(last) + 1 if last else size
    if stop <= start and start < size:
        return None
    return start, min(stop, size)


def _is_number(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) < 16)
