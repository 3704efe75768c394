"""Error pages: an HTTP error becomes a page of the site, or JSON for who asks for JSON.

The page is ``core:errors/<status>``, else ``core:errors/error``; a site overrides either. An app that has
``errors/<status>`` or ``errors/error`` of its own shows these below its addresses, to who may enter it. The
headers and cookies of the error stay. An error that brings a body of its own type (JSON of an API) is sent as
it is.

Variables of the templates: ``status``, ``title``, ``message`` (may be empty), ``request_id``.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import html
import logging
import re
from collections.abc import Iterator
from http import HTTPStatus

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from aiohttp_session import SESSION_KEY

from aiocms.core import i18n, templates
from aiocms.core.keys import NAMESPACE, PLAN, REQUEST_ID, USER
from aiocms.core.mongo import is_away
from aiocms.core.sessions import MongoSession

RETRY_AFTER = "5"
# Together with database_timeout it stays under the 5 seconds in which a page must answer.
RENDER_TIMEOUT = 1.5

_LOGGER = logging.getLogger("aiocms.errors")
_OWN = frozenset((hdrs.CONTENT_TYPE, hdrs.CONTENT_LENGTH, hdrs.TRANSFER_ENCODING, hdrs.CONTENT_ENCODING))
_ACCEPT_ITEM = re.compile(r"\s*([\w*.+-]+/[\w*.+-]+)\s*((?:;[^;,]*)*)")
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)")
_MESSAGES = {
    400: i18n.N_("The request could not be understood."),
    401: i18n.N_("You have to log in first."),
    403: i18n.N_("You may not see this page."),
    404: i18n.N_("There is nothing at this address. It may have been moved or deleted."),
    405: i18n.N_("This address does not take that kind of request."),
    408: i18n.N_("The request took too long to arrive."),
    410: i18n.N_("What was here has been removed."),
    413: i18n.N_("What you sent is too large."),
    415: i18n.N_("What you sent is of a kind that is not taken here."),
    429: i18n.N_("That was too often in a short time. Please wait a little."),
    500: i18n.N_("Something went wrong on our side. It has been noted."),
    503: i18n.N_("The site cannot reach its database at the moment. Please try again in a few seconds."),
}
_TITLES = {
    400: i18n.N_("Bad request"),
    401: i18n.N_("Login needed"),
    403: i18n.N_("No permission"),
    404: i18n.N_("Page not found"),
    405: i18n.N_("Method not allowed"),
    408: i18n.N_("Request timeout"),
    410: i18n.N_("Gone"),
    413: i18n.N_("Too large"),
    415: i18n.N_("Unsupported type"),
    429: i18n.N_("Too many requests"),
    500: i18n.N_("Server error"),
    503: i18n.N_("Not available right now"),
}


@web.middleware
async def error_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn raised HTTP errors, and a database that is away, into pages."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        if error.status < 400 or is_sent(request):
            raise
        return await make_error_page(request, error)
    except Exception as error:
        if not is_away(error) or is_sent(request):
            raise
        _LOGGER.warning("The database is away: %s", error)
        _forget_session(request)
        return await make_error_page(
            request, web.HTTPServiceUnavailable(headers={"Retry-After": RETRY_AFTER})
        )
    if not isinstance(response, web.HTTPException):
        return response
    # A view may return what it should raise, e.g. `return redirect(…)`; aiohttp wants it raised.
    if response.status < 400:
        raise response
    return await make_error_page(request, response)


async def make_error_page(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    """The answer to an HTTP error, with its status, reason, headers and cookies.

    Returns:
        A page, or JSON.
    Raises:
        web.HTTPException: the error itself, when it has a body of its own type.
    """
    if error.content_type not in ("text/plain", "application/octet-stream"):
        raise error
    title, message = describe(request, error)
    if wants_json(request):
        response = make_json(request, error.status, title, message)
    else:
        response = await _render(request, error.status, title, message)
    response.set_status(error.status, error.reason)
    for name, value in error.headers.items():
        if name not in _OWN:
            response.headers.add(name, value)
    for name, morsel in error.cookies.items():
        response.cookies[name] = morsel
    if error.keep_alive is False:
        response.force_close()
    return response


def describe(request: web.Request, error: web.HTTPException) -> tuple[str, str]:
    """Title and message in the visitor's language: the text given where it was raised, or ours."""
    status = error.status
    title = i18n.gettext(request, _TITLES.get(status, error.reason or _phrase(status)))
    text = error.text or ""
    # aiohttp's text about a large body speaks of its own parameters.
    if text in ("", f"{status}: {error.reason}", f"{status}: {_phrase(status)}") or status == 413:
        text = _MESSAGES.get(status, "")
    return title, i18n.gettext(request, text) if text else ""


def wants_json(request: web.Request) -> bool:
    """Whether the client prefers JSON to a page."""
    accept = request.headers.get(hdrs.ACCEPT, "")
    if "json" not in accept:
        return False
    best = {"json": 0.0, "html": 0.0}
    for item in accept[:1000].split(","):
        match = _ACCEPT_ITEM.fullmatch(item.strip().lower())
        if match is None:
            continue
        quality = float(found.group(1)) if (found := _QUALITY.search(match.group(2))) else 1.0
        kind = match.group(1)
        if kind == "application/json" or kind.endswith("+json"):
            best["json"] = max(best["json"], quality)
        elif kind in ("text/html", "application/xhtml+xml"):
            best["html"] = max(best["html"], quality)
    return best["json"] > best["html"]


def make_json(request: web.Request, status: int, title: str, message: str) -> web.Response:
    """An error as JSON."""
    request_id = request.get(REQUEST_ID, "-")
    error = {"status": status, "title": title, "message": message, "request_id": request_id}
    return web.json_response({"error": error}, status=status)


def make_plain_page(
    request: web.Request, status: int, title: str, message: str, details: str = "", home: str = "Home page"
) -> web.Response:
    """A page that needs no template, session or database.

    Parameters:
        details: preformatted text below, e.g. a traceback.
    """
    if wants_json(request):
        return make_json(request, status, title, message)
    body = _PLAIN.format(
        style=_STYLE,
        title=html.escape(title),
        message=html.escape(message),
        status=status,
        request_id=html.escape(request.get(REQUEST_ID, "-")),
        details=f'<pre tabindex="0">{html.escape(details)}</pre>' if details else "",
        home=html.escape(home),
    )
    # The page brings its style with it, because static files may be what is broken.
    csp = f"default-src 'none'; style-src '{_STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'"
    return web.Response(
        text=body, status=status, content_type="text/html", headers={"Content-Security-Policy": csp}
    )


def is_sent(request: web.Request) -> bool:
    """Whether an answer has begun, e.g. a WebSocket's or a stream's: no page can follow."""
    return request.writer.output_size > 0


async def _render(request: web.Request, status: int, title: str, message: str) -> web.Response:
    context = {
        "status": status,
        "title": title,
        "message": message,
        "request_id": request.get(REQUEST_ID, "-"),
    }
    names = *_iter_own_names(request, status), f"core:errors/{status}", "core:errors/error"
    try:
        async with asyncio.timeout(RENDER_TIMEOUT if status == 503 else None):
            text = await templates.render(names, request, context)
    except Exception as error:
        if not is_away(error):
            _LOGGER.exception("The error page of %d could not be rendered", status)
        _forget_session(request)
        return make_plain_page(request, status, title, message, home=i18n.gettext(request, "Home page"))
    return web.Response(text=text, status=status, content_type="text/html")


def _iter_own_names(request: web.Request, status: int) -> Iterator[str]:
    """The error pages of the app that the address belongs to, unless the visitor may not enter it.

    They may need more than ours, so a fault of the server never comes to them.
    """
    name = request.get(NAMESPACE) or _find_namespace(request)
    if status >= 500 or name is None:
        return
    required = request.app[PLAN].namespaces[name].app.requires
    user = request.get(USER)
    if required and (user is None or "{" in required or not user.can(required)):
        return
    yield f"{name}:errors/{status}"
    yield f"{name}:errors/error"


def _find_namespace(request: web.Request) -> str | None:
    """The app whose prefix the address begins with, for an address that no route takes."""
    best = ""
    found = None
    for namespace in request.app[PLAN].namespaces.values():
        prefix = namespace.app.prefix or ""
        if len(prefix) > len(best) and f"{request.path}/".startswith(f"{prefix}/"):
            best, found = prefix, namespace.name
    return found


def _forget_session(request: web.Request) -> None:
    """With the database away the session can be neither read nor saved: do without, and do not wait again."""
    request[SESSION_KEY] = MongoSession("", new=True)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return str(status)


_STYLE = (
    "*{box-sizing:border-box}body{display:grid;min-height:100vh;margin:0;padding:2rem 1rem;"
    "place-items:center;font:16px/1.6 system-ui,sans-serif;color:#221f1b;background:#f8f5f1;"
    "overflow-wrap:anywhere}"
    "main{width:100%;max-width:34rem;padding:2rem;border:1px solid #ddd9d4;border-radius:14px;"
    "background:#fff;box-shadow:0 1px 2px #1f1a0f0d,0 12px 32px -12px #1f1a0f2e}"
    "main:has(pre){max-width:64rem}"
    "small{color:#5f5a54;font:12px/1.6 ui-monospace,monospace}"
    "h1{margin:.35rem 0 .5rem;font-size:1.75rem;line-height:1.2;letter-spacing:-.02em}p{margin:0 0 1.25rem}"
    "a{display:inline-block;padding:.55rem 1rem;border-radius:8px;color:#fff;background:#005966;"
    "font-weight:600;text-decoration:none}a:focus-visible{outline:2px solid #005966;outline-offset:2px}"
    "pre{overflow:auto;margin:1.5rem 0 0;padding:1rem;border:1px solid #ddd9d4;border-radius:8px;"
    "background:#f8f5f1;font:13px/1.5 ui-monospace,monospace}"
    "@media(prefers-color-scheme:dark){body{color:#e8e5e2;background:#141210}main{border-color:#3a3633;"
    "background:#1c1a18;box-shadow:none}pre{background:#141210;border-color:#3a3633}small{color:#aba6a1}"
    "a{color:#06262c;background:#7fc6d4}a:focus-visible{outline-color:#7fc6d4}}"
)
_STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_PLAIN = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<small>{status} · {request_id}</small>
<h1>{title}</h1>
<p>{message}</p>
<a href="/">{home}</a>
{details}
</main>
</body>
</html>
"""
