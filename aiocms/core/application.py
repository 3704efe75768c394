"""create_app: a site's folder in, one frozen web.Application out. Read it as the table of contents."""

from __future__ import annotations

import functools
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from aiocms.core import headers, i18n, keys, logs, mongo, theme, toolbar
from aiocms.core.errors import AiocmsError
from aiocms.core.middleware import make_middlewares
from aiocms.core.plan import Plan, get_required
from aiocms.core.request import Request
from aiocms.core.routes import Handler, MergedRoute, Route, iter_in_router_order
from aiocms.core.secret import Secret
from aiocms.core.site import plan_site
from aiocms.core.static import URL_PREFIX, StaticFiles, serve
from aiocms.core.templates import TemplateResponse, make_environment

_ODD = re.compile(r"[%.*|~]")


def create_app(site: str | Path, **overrides: Any) -> web.Application:
    """The web application of a site.

    Parameters:
        site: the site's folder, or a file in it: ``create_app(__file__)``.
        overrides: settings that win over ``settings.py`` and the environment.

    Returns:
        An application for ``web.run_app`` or gunicorn. Nothing is connected or written before it starts.
    Raises:
        Faults: the site has mistakes; all of them are named.
        AiocmsError: there is no such folder.
    """
    plan = plan_site(site, **overrides)
    app = web.Application(
        middlewares=make_middlewares(plan),
        client_max_size=plan.settings.body_limit,
        client_max_fields=plan.settings.max_fields,
        handler_args={"max_field_size": 16384, "max_line_size": 16384},
    )
    _use_request_class(app)
    _set_state(app, plan)
    _register_routes(app, plan)
    app.on_response_prepare.append(headers.make_header_setter(plan.settings))
    # aiohttp ends these in reverse: an app's lifespan finds the apps it needs and the database still there.
    app.cleanup_ctx.extend((_prepare, mongo.lifespan, *plan.lifespans))
    toolbar.setup(app)
    return app


def _use_request_class(app: web.Application) -> None:
    """Make the application build our Request.

    aiohttp gives ``_make_request`` its class as a parameter but offers no public way to set it, and
    subclassing Application is discouraged (aiohttp#2691).
    """
    maker = functools.partial(app._make_request, _cls=Request)
    object.__setattr__(app, "_make_request", maker)


def _set_state(app: web.Application, plan: Plan) -> None:
    app[keys.SETTINGS] = plan.settings
    app[keys.PLAN] = plan
    app[keys.SECRET] = Secret(plan.settings.secret_key, plan.settings.var)
    app[keys.ADDRESSES] = {}
    app[keys.CATALOGS] = i18n.load_catalogs(plan)
    app[keys.STATIC] = StaticFiles(plan)
    app[keys.THEME] = theme.Theme(plan.settings, app[keys.STATIC])
    app[keys.MONGO] = mongo.Mongo(plan.settings, plan.indexes)
    app[keys.ENV] = make_environment(app, plan)


def _register_routes(app: web.Application, plan: Plan) -> None:
    app.router.add_get(URL_PREFIX + "{path:.+}", serve, name="static")
    app.router.add_get(theme.URL, theme.make_handler(app[keys.THEME]), name="theme")
    guard = next(iter(plan.get_top("guard", "guard").values()), None)
    for merged in iter_in_router_order(plan.routes):
        resource = app.router.add_resource(merged.path, name=merged.name)
        for method, one in merged.methods.items():
            handler = _make_handler(plan, merged, one, guard)
            resource.add_route(method, handler)
            if method == "GET" and "HEAD" not in merged.methods and "*" not in merged.methods:
                resource.add_route("HEAD", handler)


def _make_handler(
    plan: Plan, merged: MergedRoute, one: Route, guard: Callable[[Any, str], Awaitable[None]] | None
) -> Handler:
    """The view with its guard before it and its template's rendering behind it."""
    view = one.handler
    required = get_required(plan.namespaces, merged.name, one)
    namespace = merged.name.partition(":")[0]

    @functools.wraps(view)
    async def handle(request: web.Request) -> web.StreamResponse:
        request[keys.NAMESPACE] = namespace
        if required:
            if guard is None:
                raise web.HTTPForbidden
            await guard(request, _fill(required, request))
        response = await view(request)
        if isinstance(response, TemplateResponse):
            await response.render(request)
        elif not isinstance(response, web.StreamResponse):
            raise AiocmsError(
                f"The view of {merged.name!r} ({one.where}) returned {response!r}; "
                "return templ(…), redirect(…) or a web.Response"
            )
        return response

    return handle


def _fill(required: str, request: web.Request) -> str:
    """The permission with the path's variables filled in, their dots and stars made inert."""
    if "{" not in required:
        return required
    return required.format_map({key: quote_permission(value) for key, value in request.match_info.items()})


def quote_permission(part: str) -> str:
    """A name as one part of a permission string, so that no name reads as a wildcard or as two parts."""
    return _ODD.sub(lambda match: f"%{ord(match[0]):02X}", part)


@asynccontextmanager
async def _prepare(app: web.Application) -> AsyncIterator[None]:
    logs.set_up(app[keys.SETTINGS].log_level)
    app[keys.THEME].warn()
    # A key that is too short or a folder that cannot be written is told here, not to the first visitor.
    app[keys.SECRET].derive("start")
    yield
