"""The base of an edit form on its way through the browser: signed, so the server keeps no state.

Source: CVE-2026-6873 (a signature for one purpose accepted for another): the key is derived for this purpose
alone and the signed text names screen, document and user.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from aiohttp import web

from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import BrokenBSON, Value
from aiocms.core import signing
from aiocms.core.keys import SECRET

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
    return signing.seal(request.app[SECRET].derive(_PURPOSE), zlib.compress(body.raw, 6), owner)


def open_sealed(request: web.Request, owner: str, text: str) -> FormBase:
    """The base that ``seal`` wrote.

    Raises:
        BadToken: it is not whole, or was made for something else.
    """
    try:
        packed = signing.unseal(request.app[SECRET].derive(_PURPOSE), text, owner)
        parts = dict(Value.document(zlib.decompress(packed)).items())
        ids = tuple((int(one.values()[0].python()), one.values()[1]) for one in parts["ids"].values())
        at, offset = tuple(parts["at"].python()), int(parts["offset"].python())
        return FormBase(parts["base"], at, ids, offset, parts.get("start"))
    except signing.BadSignature as error:
        raise BadToken(str(error)) from error
    except (zlib.error, BrokenBSON, KeyError) as error:
        raise BadToken("made by another version") from error
