"""Defence against requests that another site makes a visitor's browser send.

Two layers. ``csrf_middleware`` looks at two headers that a page cannot forge, before any body is read: what
changes something, and every WebSocket handshake, must come from this very origin. Forms then carry a token
that is bound to the session; it is masked anew each time, so a compressed page does not leak it.

A request with neither ``Sec-Fetch-Site`` nor ``Origin`` comes from no browser of the last years: it carries
no cookies of a visitor, and is allowed.

Source: Go's http.CrossOriginProtection, Datasette's csrf.py, OWASP CSRF cheat sheet; CVE-2015-5081.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from aiohttp_session import SESSION_KEY

from aiocms.core import signing
from aiocms.core.i18n import N_
from aiocms.core.keys import SECRET, SETTINGS
from aiocms.core.sessions import USER_ID, MongoSession, get_session

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"

_SAFE = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
_ANONYMOUS = "anonymous"


@web.middleware
async def csrf_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse with 403 what another site sent."""
    if is_unsafe(request) and not is_same_origin(request):
        raise web.HTTPForbidden(text=N_("This request came from another site and was not carried out."))
    return await handler(request)


def is_unsafe(request: web.Request) -> bool:
    """Whether the request may change something, or opens a WebSocket with the visitor's cookies."""
    return request.method not in _SAFE or hdrs.UPGRADE in request.headers


def is_same_origin(request: web.Request) -> bool:
    """Whether the request was made by a page of this site, by the visitor, or by no browser at all."""
    fetch_site = request.headers.getall("Sec-Fetch-Site", [])
    if fetch_site:
        return len(fetch_site) == 1 and fetch_site[0] in ("same-origin", "none")
    origins = request.headers.getall(hdrs.ORIGIN, [])
    if not origins:
        return True
    return len(origins) == 1 and _is_own_origin(request, origins[0])


def get_token(request: web.Request) -> str:
    """A token for a form of this page.

    It is bound to the visitor's session; who has none gets one that is worth nothing once logged in.
    """
    session = request.get(SESSION_KEY)
    if isinstance(session, MongoSession) and not session.empty:
        return _mask(_sign(request, session.coming_token))
    return _mask(_sign(request, _ANONYMOUS))


def is_valid_token(request: web.Request, token: object) -> bool:
    """Whether the token was made for the visitor's session.

    The session must be loaded, as the user middleware does. A token made before there was a session is good
    until somebody logs in: a cart begun in another window does not spoil an open form.
    """
    sent = _unmask(token) if isinstance(token, str) else None
    if sent is None:
        return False
    session = request.get(SESSION_KEY)
    if session is None or session.empty:
        return hmac.compare_digest(sent, _sign(request, _ANONYMOUS))
    if hmac.compare_digest(sent, _sign(request, str(session.identity))):
        return True
    return USER_ID not in session and hmac.compare_digest(sent, _sign(request, _ANONYMOUS))


async def require_token(request: web.Request) -> None:
    """For a view that takes a POST without a ``Form``: check the token of the field or the header.

    Raises:
        web.HTTPForbidden: it is missing, or belongs to another session.
    """
    await get_session(request)
    token: object = request.headers.get(HEADER)
    if token is None:
        token = (await request.post()).get(FIELD)
    if not is_valid_token(request, token):
        raise web.HTTPForbidden(text=N_("This page was open too long. Go back, reload it and try again."))


def _is_own_origin(request: web.Request, origin: str) -> bool:
    try:
        parts = urlsplit(origin)
        here = urlsplit(f"{request.scheme}://{request.host}")
        site = urlsplit(request.app[SETTINGS].site_url)
        theirs = (parts.scheme, parts.hostname, parts.port or _port(parts.scheme))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return False
        if site.hostname and theirs == (site.scheme, site.hostname, site.port or _port(site.scheme)):
            return True
        if parts.hostname != here.hostname:
            return False
        # Behind a proxy that ends TLS and is not trusted, this request looks like plain http: an https page
        # of the same host may send it, never the other way round.
        if parts.scheme == "http" and here.scheme == "https":
            return False
        return (parts.port or _port(parts.scheme)) == (here.port or _port(parts.scheme))
    except ValueError:
        return False


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _sign(request: web.Request, binding: str) -> bytes:
    return signing.sign(request.app[SECRET].derive("csrf"), binding.encode())


def _mask(mac: bytes) -> str:
    mask = secrets.token_bytes(signing.SIZE)
    return base64.urlsafe_b64encode(mask + _xor(mask, mac)).decode().rstrip("=")


def _unmask(token: str) -> bytes | None:
    try:
        raw = base64.b64decode(token + "==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return _xor(raw[: signing.SIZE], raw[signing.SIZE :]) if len(raw) == 2 * signing.SIZE else None


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(signing.SIZE)
