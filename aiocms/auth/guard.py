"""What stands before every route that requires a permission."""

from urllib.parse import urlsplit

from aiohttp import hdrs, web

from aiocms.auth.carried import carry
from aiocms.auth.forms import LoginForm
from aiocms.auth.login import SESSION_STAGES, load_user
from aiocms.core.errors import UnknownRoute
from aiocms.core.keys import USER
from aiocms.core.templates import render
from aiocms.core.urls import safe_next, url_for

__all__ = ["ANY_USER", "guard", "load_user", "session_stages"]

session_stages = SESSION_STAGES

ANY_USER = "@user"
"""As the `requires` of a route: whoever is logged in."""


async def guard(request: web.Request, permission: str) -> None:
    """Let the request pass if its user has the permission.

    Raises: HTTPSeeOther to the login page for a page that an anonymous visitor asks for, HTTPUnauthorized for
    their other requests (a form, JSON, a WebSocket, htmx), HTTPForbidden for a user without the permission.
    """
    user = request.get(USER)
    if user is None:
        user = request[USER] = await load_user(request)
    if user.is_authenticated if permission == ANY_USER else user.can(permission):
        return
    if user.is_authenticated:
        raise web.HTTPForbidden
    raise _make_refusal(request) if not await _shows_login(request) else await _carry_on(request)


async def _shows_login(request: web.Request) -> bool:
    """Whether what was posted is a form of a page, whose contents must not be lost."""
    return (
        request.method == "POST"
        and request.headers.get("HX-Request") != "true"
        and _wants_page(request)
        and request.headers.get(hdrs.ORIGIN, request.headers.get("Sec-Fetch-Site")) is not None
        and _find_login(request, "") is not None
    )


async def _carry_on(request: web.Request) -> web.HTTPException:
    """The login page with the posted form in it, as the body of a 401."""
    carried = await carry(request)
    if not carried:
        return _make_refusal(request)
    form = LoginForm(data={"next": safe_next(request, request.path_qs, ""), "carried": carried})
    text = await render("auth:login", request, {"form": form})
    return web.HTTPUnauthorized(text=text, content_type="text/html")


def _make_refusal(request: web.Request) -> web.HTTPException:
    if request.headers.get("HX-Request") == "true":
        return _refuse_htmx(request)
    login = _find_login(request, request.path_qs if request.method in ("GET", "HEAD") else "")
    if login and request.method in ("GET", "HEAD") and _wants_page(request):
        return web.HTTPSeeOther(login)
    return web.HTTPUnauthorized()


def _refuse_htmx(request: web.Request) -> web.HTTPException:
    """htmx would put the login page into a corner of this one: it is told to leave the page instead."""
    refusal = web.HTTPUnauthorized()
    current = urlsplit(request.headers.get("HX-Current-URL", ""))
    page = current.path + (f"?{current.query}" if current.query else "")
    if login := _find_login(request, page):
        refusal.headers["HX-Redirect"] = login
    return refusal


def _find_login(request: web.Request, page: str) -> str | None:
    try:
        return url_for(request, "auth:login", query={"next": safe_next(request, page, "") or None})
    except UnknownRoute:
        return None


def _wants_page(request: web.Request) -> bool:
    """Whether a browser asks for a page, not a script for data."""
    if hdrs.UPGRADE in request.headers or request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return False
    accept = request.headers.get(hdrs.ACCEPT, "*/*").lower()
    return "text/html" in accept or "json" not in accept
