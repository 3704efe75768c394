"""Headers that every answer carries, also a static file, a 404 and the 500 of a bug.

They are set when an answer is prepared; a view that set one of them itself keeps its own.

Source: OWASP ASVS 5.0 chapter 3.4; CVE-2026-35192 (session pages from a cache).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import hdrs, web
from aiohttp_session import SESSION_KEY
from multidict import istr

from aiocms.core.keys import LANGUAGE, REQUEST_ID, SHARED
from aiocms.core.sessions import has_session_cookie
from aiocms.core.settings import Settings

CSP: Mapping[str, str] = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)


def make_header_setter(settings: Settings) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """The handler of the ``on_response_prepare`` signal of a site."""
    policy = ("Content-Security-Policy", make_csp(settings.csp))
    fixed = tuple((istr(name), value) for name, value in (*_FIXED, policy))
    hsts = f"max-age={settings.hsts}" if settings.hsts else ""

    async def set_security_headers(request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        # aiohttp names its own and Python's version, which helps only those who look for old ones.
        headers.popall(hdrs.SERVER, None)
        for name, value in fixed:
            headers.setdefault(name, value)
        if hsts and request.scheme == "https":
            headers.setdefault("Strict-Transport-Security", hsts)
        if REQUEST_ID in request:
            headers.setdefault("X-Request-ID", request[REQUEST_ID])
        _set_cache_headers(request, response)

    return set_security_headers


def make_csp(changes: Mapping[str, str]) -> str:
    """The Content-Security-Policy with a site's changes.

    Parameters:
        changes: directives that replace ours or come in addition; an empty text takes one away.
    """
    directives = {**CSP, **changes}
    return "; ".join(f"{name} {value}" for name, value in directives.items() if value)


def _set_cache_headers(request: web.Request, response: web.StreamResponse) -> None:
    """What was made for one visitor is kept by no cache, and what depends on a cookie says so.

    A view that sets ``request[SHARED]`` vouches that its answer is the same for everybody.
    """
    if request.get(SHARED):
        return
    session = request.get(SESSION_KEY)
    if session is None:
        if LANGUAGE in request:
            _add_vary(response, "Accept-Language", "Cookie")
        return
    _add_vary(response, "Accept-Language", "Cookie")
    # A session that is new and still empty gave the page nothing of its own.
    if (
        not session.empty
        or not session.new
        or has_session_cookie(request)
        or hdrs.SET_COOKIE in response.headers
    ):
        response.headers[hdrs.CACHE_CONTROL] = "no-store"


def _add_vary(response: web.StreamResponse, *names: str) -> None:
    if hdrs.VARY not in response.headers:
        response.headers[hdrs.VARY] = ", ".join(names)
        return
    present = [
        name.strip() for name in ",".join(response.headers.getall(hdrs.VARY, [])).split(",") if name.strip()
    ]
    known = {name.lower() for name in present}
    if "*" not in known:
        response.headers[hdrs.VARY] = ", ".join(
            [*present, *(name for name in names if name.lower() not in known)]
        )
