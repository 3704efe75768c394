"""Addresses: ``url_for``, ``redirect`` and the one check of addresses that visitors give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from yarl import URL

from aiocms.core import keys
from aiocms.core.errors import AiocmsError, UnknownRoute

Query = Mapping[str, Any] | None
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")


def url_for(
    source: web.Request | web.Application, name: str, /, *, query: Query = None, **params: Any
) -> str:
    """The path of a route.

    Parameters:
        source: the request, or the application.
        name: ``shop:detail``; without namespace a page of the site.
        query: put behind ``?``; None values are left out, a list gives its key several times.
        params: the path's variables.

    Returns:
        A path with its query, on this site.
    Raises:
        UnknownRoute: no app has the route.
        AiocmsError: a variable of the path is missing or too many are given.
    """
    app = source if isinstance(source, web.Application) else source.app
    full = name if ":" in name else f"site:{name}"
    kept = app.get(keys.ADDRESSES, {})
    key = (full, *((label, str(value)) for label, value in params.items()))
    path = kept.get(key)
    if path is None:
        path = _make_path(app, full, params)
        if len(kept) > 10_000:
            kept.clear()
        kept[key] = path
    return str(URL(path, encoded=True).with_query(_clean_query(query))) if query else path


def _make_path(app: web.Application, full: str, params: Mapping[str, Any]) -> str:
    resource = app.router.named_resources().get(full)
    if resource is None:
        raise UnknownRoute(full, known=app.router.named_resources())
    info = resource.get_info()
    if "formatter" not in info:
        path = None if params else URL(info["path"], encoded=True)
    else:
        path = _fill(info["formatter"], info["pattern"], {key: str(value) for key, value in params.items()})
    if path is None:
        wanted = info.get("formatter") or info.get("path")
        raise AiocmsError(f"The route {full!r} is {wanted!r}; got the variables {sorted(params)}")
    return str(path)


def _fill(formatter: str, pattern: re.Pattern[str], params: dict[str, str]) -> URL | None:
    """The path with its variables; a slash in a value is kept only where the variable may hold one."""
    if set(params) != set(pattern.groupindex):
        return None
    quoted = {key: URL.build(path=f"/{value}").raw_path[1:] for key, value in params.items()}
    path = formatter.format_map(quoted)
    if not pattern.fullmatch(path):
        path = formatter.format_map({key: value.replace("/", "%2F") for key, value in quoted.items()})
    return URL(path, encoded=True)


def redirect(request: web.Request, to: str, /, *, query: Query = None, **params: Any) -> web.HTTPSeeOther:
    """An answer 303 to a route of this site, to be raised or returned.

    Parameters:
        to: a route's name (``blog:index``), or a path of this site that begins with ``/``.

    Returns:
        The answer.
    Raises:
        AiocmsError: ``to`` is a path that leaves this site.
    """
    if to.startswith("/"):
        if safe_next(request, to, default="") != to:
            raise AiocmsError(f"redirect({to!r}) would leave this site; raise web.HTTPSeeOther yourself")
        return web.HTTPSeeOther(str(URL(to, encoded=True).update_query(_clean_query(query)) if query else to))
    return web.HTTPSeeOther(url_for(request, to, query=query, **params))


def safe_next(request: web.Request, value: str | None, default: str = "/") -> str:
    """A visitor's ``next`` address if it stays on this site.

    Only a path of this site passes: one leading slash, no backslash, no control character or space, and
    nothing that a browser would read as a host.

    Returns:
        ``value``, or ``default``.
    Source: CVE-2021-21330, CVE-2021-23385 (open redirects by ``//host`` and ``/\\host``).
    """
    if not value or len(value) > 4096 or _CONTROL.search(value) or not value.isprintable():
        return default
    if not value.startswith("/") or value.startswith("//"):
        return default
    try:
        parts = urlsplit(value)
        decoded = URL(value, encoded=True).path
    except ValueError:
        return default
    if (
        parts.scheme
        or parts.netloc
        or decoded.startswith(("//", "/\\"))
        # Further on, what is percent-encoded stays so on its way to the browser: names may hold it.
        or _CONTROL.search(decoded[:2])
    ):
        return default
    return value


def _clean_query(query: Query) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for key, value in (query or {}).items():
        if isinstance(value, list | tuple):
            cleaned[key] = [str(item) for item in value]
        elif value is not None:
            cleaned[key] = str(value)
    return cleaned
