"""The base of an edit form on its way through the browser: signed, so the server keeps no state.

Source: CVE-2026-6873 (a signature for one purpose accepted for another): the key is derived for this purpose
alone and the signed text names screen, document and user.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import zlib
from dataclasses import dataclass

from aiohttp import web

from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import BrokenBSON, Value
from aiocms.core.keys import SECRET

_SIZE = 32
_PURPOSE = "admin form base"


class BadToken(ValueError):
    """A base that this site did not give to this user for this document."""


@dataclass(frozen=True, slots=True)
class FormBase:
    """What a form was made from.

    Parameters:
        base: the shown part, with stubs (shown.py).
        at: where in the document it is.
        identities: of the list items on the way there, by their place on the way.
        offset: for a window of a list, its first place.
        start: what the form began with instead of the base: what Extended JSON was changed to.
    """

    base: Value
    at: Path = ()
    identities: tuple[tuple[int, Value], ...] = ()
    offset: int = 0
    start: Value | None = None


def seal(request: web.Request, owner: str, form: FormBase) -> str:
    """The base as one hidden input.

    Parameters:
        owner: names screen, document and user.
    """
    body = Value.object(
        (
            ("base", form.base),
            ("at", Value.of(list(form.at))),
            ("ids", Value.array(Value.array((Value.of(i), one)) for i, one in form.identities)),
            ("offset", Value.of(form.offset)),
            *((("start", form.start),) if form.start is not None else ()),
        )
    )
    packed = zlib.compress(body.raw, 6)
    return base64.b64encode(_sign(request, owner, packed) + packed).decode()


def open_sealed(request: web.Request, owner: str, text: str) -> FormBase:
    """The base that ``seal`` wrote.

    Raises:
        BadToken: it is not whole, or was made for something else.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadToken("not base64") from error
    signature, packed = data[:_SIZE], data[_SIZE:]
    if not hmac.compare_digest(signature, _sign(request, owner, packed)):
        raise BadToken("the signature is wrong")
    try:
        parts = dict(Value.document(zlib.decompress(packed)).items())
        ids = tuple((int(one.values()[0].python()), one.values()[1]) for one in parts["ids"].values())
        at, offset = tuple(parts["at"].python()), int(parts["offset"].python())
        return FormBase(parts["base"], at, ids, offset, parts.get("start"))
    except (zlib.error, BrokenBSON, KeyError) as error:
        raise BadToken("made by another version") from error


def _sign(request: web.Request, owner: str, packed: bytes) -> bytes:
    key = request.app[SECRET].derive(_PURPOSE)
    return hmac.digest(key, owner.encode("utf-8", "surrogateescape") + b"\0" + packed, hashlib.sha256)
