"""What was typed into a form whose login had ended, on its way over the login page and back.

The form travels through the browser that sent it, compressed and signed. After the login it is posted once
more just as it was, with its old token: so the page that takes it finds the token stale, carries nothing out,
and shows the form filled in. A request that another site smuggled in therefore does nothing either.

Files stay behind, nobody is there to own them; their names travel along as inputs called ``_files``, so that
the page can say which are to be chosen again.

Source: OWASP CSRF cheat sheet; CVE-2026-6873 for the key of its own.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from aiocms.core import signing
from aiocms.core.keys import SECRET, SETTINGS
from aiocms.core.urls import safe_next

_PURPOSE = "auth carried form"
_MOST_FILES = 20
_LONGEST = 200
FILES = "_files"
"""The name of the inputs that tell of files: each a JSON list of the field's name and the file's."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Carried:
    """A posted form: where it goes, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def files(self) -> list[tuple[str, str]]:
        """The files that stayed behind: names of fields and of files."""
        return list_lost_files(self.fields)


async def carry(request: web.Request) -> str:
    """The posted form of a request as one hidden input; "" when there is none, or nothing to keep.

    Files and passwords stay behind.
    """
    if request.method != "POST" or request.content_type not in _FORMS:
        return ""
    files: list[str] = []

    async def leave(name: str, file: str, chunks: AsyncIterator[bytes], before: Mapping[str, str]) -> None:
        if len(files) < _MOST_FILES:
            field = name.partition("~")[0]
            files.append(json.dumps([field[:_LONGEST], file[:_LONGEST]], ensure_ascii=False))

    posted = await request.post_with_files(leave)  # type: ignore[attr-defined]
    fields = [
        (name, value)
        for name, value in posted.items()
        if isinstance(value, str) and "password" not in name.lower() and name != FILES
    ]
    fields += [(FILES, text) for text in files]
    if not fields:
        return ""
    packed = zlib.compress(
        json.dumps([request.path_qs, fields], ensure_ascii=False).encode("utf-8", "replace"), 6
    )
    text = signing.seal(request.app[SECRET].derive(_PURPOSE), packed)
    return text if len(text) < int(request.app[SETTINGS].body_limit) - 4096 else ""


def list_lost_files(fields: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """The files that a carried form left behind, of its fields: names of fields and of files."""
    found: list[tuple[str, str]] = []
    for name, text in fields:
        if name != FILES or not isinstance(text, str):
            continue
        try:
            field, file = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            continue
        found.append((str(field), str(file)))
    return found[:_MOST_FILES]


def open_carried(request: web.Request, text: str | None) -> Carried | None:
    """The form that ``carry`` wrote; None when it is none of ours."""
    try:
        packed = signing.unseal(request.app[SECRET].derive(_PURPOSE), text or "")
        path, fields = json.loads(zlib.decompress(packed))
    except (ValueError, zlib.error):
        return None
    path = safe_next(request, path, "")
    return Carried(path, tuple((str(name), str(value)) for name, value in fields)) if path else None
