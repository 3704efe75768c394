"""What was typed into a form whose login had ended, on its way over the login page and back.

The form travels through the browser that sent it, compressed and signed. After the login it is posted once
more just as it was, with its old token: so the page that takes it finds the token stale, carries nothing out,
and shows the form filled in. A request that another site smuggled in therefore does nothing either.

Source: OWASP CSRF cheat sheet; CVE-2026-6873 for the key of its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import zlib
from dataclasses import dataclass

from aiohttp import web

from aiocms.core.keys import SECRET, SETTINGS
from aiocms.core.urls import safe_next

_PURPOSE = "auth carried form"
_SIZE = 32
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Carried:
    """A posted form: where it goes, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]


async def carry(request: web.Request) -> str:
    """The posted form of a request as one hidden input; "" when there is none, or nothing to keep.

    Files and passwords stay behind.
    """
    if request.method != "POST" or request.content_type not in _FORMS:
        return ""
    posted = await request.post()
    fields = [
        (name, value)
        for name, value in posted.items()
        if isinstance(value, str) and "password" not in name.lower()
    ]
    if not fields:
        return ""
    packed = zlib.compress(
        json.dumps([request.path_qs, fields], ensure_ascii=False).encode("utf-8", "replace"), 6
    )
    text = base64.urlsafe_b64encode(_sign(request, packed) + packed).decode()
    return text if len(text) < int(request.app[SETTINGS].body_limit) - 4096 else ""


def open_carried(request: web.Request, text: str | None) -> Carried | None:
    """The form that ``carry`` wrote; None when it is none of ours."""
    try:
        data = base64.b64decode(text or "", altchars=b"-_", validate=True)
        signature, packed = data[:_SIZE], data[_SIZE:]
        if not packed or not hmac.compare_digest(signature, _sign(request, packed)):
            return None
        path, fields = json.loads(zlib.decompress(packed))
    except (binascii.Error, ValueError, zlib.error):
        return None
    path = safe_next(request, path, "")
    return Carried(path, tuple((str(name), str(value)) for name, value in fields)) if path else None


def _sign(request: web.Request, packed: bytes) -> bytes:
    return hmac.digest(request.app[SECRET].derive(_PURPOSE), packed, hashlib.sha256)
