"""The middlewares and their order, outermost first."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from aiohttp_session import session_middleware

from aiocms.core import body, logs
from aiocms.core.csrf import csrf_middleware
from aiocms.core.error_pages import RETRY_AFTER, error_pages, is_sent, make_plain_page
from aiocms.core.i18n import N_, choose_language
from aiocms.core.keys import SETTINGS, USER
from aiocms.core.mongo import is_away
from aiocms.core.plan import Plan
from aiocms.core.proxies import is_allowed_host
from aiocms.core.sessions import MongoStorage, get_session, has_session_cookie
from aiocms.core.static import URL_PREFIX

LoadUser = Callable[[web.Request], Awaitable[object]]

_LOGGER = logging.getLogger("aiocms.errors")


def make_middlewares(plan: Plan) -> tuple[Middleware, ...]:
    """The middlewares of a site.

    The session is outside of the error pages, so that an error keeps what the view put into the session;
    guard, view and template come inside of the last one.
    """
    return (
        last_resort,
        session_middleware(MongoStorage(_find_guards(plan, "session_stages") or ())),
        error_pages,
        refuse_malformed,
        csrf_middleware,
        _make_user_middleware(plan),
    )


@web.middleware
async def last_resort(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its id; log a bug and answer with a page that needs nothing that may be broken."""
    settings = request.app[SETTINGS]
    logs.start_request(request, trusted=settings.trusted_proxies > 0)
    try:
        return await handler(request)
    except web.HTTPException as error:
        if is_sent(request):
            raise _cut_short(request, error) from error
        raise
    except Exception as error:
        if _has_left(request, error):
            _LOGGER.debug("%s %s: the visitor left before the end", request.method, request.raw_path)
            # Written to nobody: for the access log alone, which nginx's writes alike.
            return web.Response(status=499, reason="Client Closed Request")
        if is_sent(request):
            raise _cut_short(request, error) from error
        if is_away(error):
            _LOGGER.warning("The database is away: %s", error)
            response = make_plain_page(
                request, 503, "Not available right now", "Please try again in a few seconds."
            )
            response.headers[hdrs.RETRY_AFTER] = RETRY_AFTER
            return response
        _LOGGER.exception("%s %s failed", request.method, request.raw_path)
        return _make_bug_page(request, error, bool(settings.debug))


@web.middleware
async def refuse_malformed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse an address or a Host header that no browser of a visitor sends.

    Source: CVE-2016-9014 (DNS rebinding), Django's test_poisoned_http_host.
    """
    body.check_target(request)
    settings = request.app[SETTINGS]
    if not is_allowed_host(request.host, settings.allowed_hosts, settings.site_url):
        raise web.HTTPMisdirectedRequest(text=N_("This site does not answer to that host name."))
    return await handler(request)


def _make_user_middleware(plan: Plan) -> Middleware:
    """The middleware that knows the visitor and their language before the view runs."""
    load_user: LoadUser | None = _find_guards(plan, "load_user")

    @web.middleware
    async def user_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(URL_PREFIX):
            if has_session_cookie(request):
                await get_session(request)
            if load_user is not None:
                request[USER] = await load_user(request)
            choose_language(request)
        return await handler(request)

    return user_middleware


def _find_guards(plan: Plan, name: str) -> Any:
    """What the app that knows the users has under this name in its `guard.py`, or None."""
    return next(iter(plan.get_top("guard", name).values()), None)


def _has_left(request: web.Request, error: Exception) -> bool:
    """Whether an answer could not be written because the browser closed the connection: nobody's mistake."""
    closed = request.transport is None or request.transport.is_closing()
    return closed and isinstance(error, ConnectionResetError)


def _cut_short(request: web.Request, error: Exception) -> ConnectionResetError:
    """End the connection of an answer that had begun.

    aiohttp would write the error's own answer into the middle of the first one.
    """
    _LOGGER.error("%s %s failed after its answer began", request.method, request.raw_path, exc_info=error)
    if request.transport is not None:
        request.transport.abort()
    return ConnectionResetError("The answer had begun when its view failed")


def _make_bug_page(request: web.Request, error: Exception, debug: bool) -> web.Response:
    if not debug:
        return make_plain_page(
            request, 500, "Server error", "Something went wrong on our side. It has been noted."
        )
    return make_plain_page(
        request,
        500,
        f"{type(error).__name__} at {request.path}",
        str(error),
        "".join(traceback.format_exception(error)),
    )
