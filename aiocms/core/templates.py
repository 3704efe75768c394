"""Templates: names resolved over the layers, rendered just after the view returns."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import hdrs, web
from markupsafe import Markup

from aiocms.core import csrf, flash, i18n, icons, keys
from aiocms.core.blocks import render_blocks
from aiocms.core.errors import RequestError, UnknownTemplate
from aiocms.core.markdown import render_markdown
from aiocms.core.plan import Plan
from aiocms.core.template_loader import SUFFIX, KeptCode, LayerEnvironment, LayerLoader, split_name
from aiocms.core.template_parts import make_once
from aiocms.core.urls import Query, url_for

_CONTENT_TYPES = {
    ".tpl": "text/html",
    ".html": "text/html",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
Names = str | Sequence[str]


class TemplateResponse(web.Response):
    """An answer whose body is rendered after the view returned, when contexts may be awaited."""

    def __init__(
        self,
        names: tuple[str, ...],
        context: Mapping[str, Any],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status=status, headers=headers)
        self._names = names
        self._context = context

    async def render(self, request: web.Request) -> None:
        """Fill the body."""
        name, text = await _render(self._names, request, self._context)
        if hdrs.CONTENT_TYPE not in self.headers:
            self.headers[hdrs.CONTENT_TYPE] = _get_content_type(name)
        # Half a surrogate pair, as keys that are no UTF-8 are read, is shown as a question mark.
        self.body = text.encode("utf-8", "replace")


@functools.lru_cache(1000)
def _get_content_type(name: str) -> str:
    kind = _CONTENT_TYPES.get(Path(split_name(name)[2]).suffix, "text/plain")
    return f"{kind}; charset=utf-8"


def templ(
    names: Names,
    request: web.Request,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> TemplateResponse:
    """An answer rendered from a template.

    Parameters:
        names: ``"shop:product"``, or several names of which the first that exists is taken.
        request: the request that is answered.
        context: values for the template; they win over those of ``context.py``.

    Returns:
        A response to be returned from the view, which may still change its headers.
    """
    if not isinstance(request, web.Request):
        raise RequestError(f"templ({names!r}, …) needs the request as its second argument, got {request!r}")
    wanted = (names,) if isinstance(names, str) else tuple(names)
    return TemplateResponse(wanted, context or {}, status=status, headers=headers)


async def render(names: Names, request: web.Request, context: Mapping[str, Any] | None = None) -> str:
    """The text of a template, for mails and parts of pages.

    Raises:
        UnknownTemplate: no layer has any of the names.
    """
    wanted = (names,) if isinstance(names, str) else tuple(names)
    return (await _render(wanted, request, context or {}))[1]


async def _render(
    names: tuple[str, ...], request: web.Request, context: Mapping[str, Any]
) -> tuple[str, str]:
    env = request.app[keys.ENV]
    plan = request.app[keys.PLAN]
    template = find_template(env, names)
    name = template.name or names[0]
    values: dict[str, Any] = {
        "request": request,
        "user": request.get(keys.USER),
        "settings": request.app[keys.SETTINGS],
        "language": request.get(keys.LANGUAGE),
        "text_direction": i18n.text_direction(request),
        "debug": plan.settings.debug,
    }
    if plan.contexts:
        for namespace in dict.fromkeys(("core", "site", *(split_name(one)[1] for one in reversed(names)))):
            for give_context in plan.contexts.get(namespace, ()):
                values.update(await give_context(request))
    values.update(context)
    try:
        text = template.render(values)
    except jinja2.TemplateNotFound as error:  # of an extends, an include or an import
        raise _make_unknown(env, (str(error.name),), error) from error
    if plan.settings.debug and split_name(name)[2].endswith((SUFFIX, ".html")):
        text += _describe_walk(plan, names, name)
    return name, text


def find_template(env: jinja2.Environment, names: Sequence[str]) -> jinja2.Template:
    """The first of the names that exists.

    Raises:
        UnknownTemplate: none exists; the error lists every place looked at.
    """
    try:
        return env.select_template(list(names))
    except jinja2.TemplateNotFound as error:
        raise _make_unknown(env, names, error) from error


def _make_unknown(
    env: jinja2.Environment, names: Sequence[str], error: jinja2.TemplateNotFound
) -> UnknownTemplate:
    """The error of names that no layer holds, with every place looked at."""
    missing = str(error.name) if error.name and error.name not in names else names[0]
    loader = env.loader
    assert isinstance(loader, LayerLoader)  # noqa: S101 - set by make_environment
    looked_at = [str(path) for name in names for path in loader.iter_places(name)]
    missing = missing.rpartition("!")[2].removesuffix(SUFFIX)
    return UnknownTemplate(missing, looked_at, loader.list_templates())


def make_environment(app: web.Application, plan: Plan) -> jinja2.Environment:
    """The Jinja environment of a site, also where aiohttp-jinja2 looks for it.

    Returns:
        The environment; HTML is escaped whatever a template's suffix, only ``.txt`` is plain.
    """
    env = LayerEnvironment(
        LayerLoader(plan),
        debug=bool(plan.settings.debug),
        autoescape=lambda name: not (name or "").endswith(".txt"),
        undefined=jinja2.StrictUndefined if plan.settings.debug else jinja2.Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=2000,
        bytecode_cache=KeptCode(),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    env.globals.update(
        url_for=_url_for,
        static=_static,
        icon=icons.icon,
        csrf_token=_csrf_token,
        csrf_input=_csrf_input,
        flashes=_flashes,
        site_theme=app[keys.THEME],
        once=make_once(bool(plan.settings.debug)),
    )
    i18n.install(env)
    env.filters.update(markdown=_markdown, richtext=_richtext)
    app[aiohttp_jinja2.APP_KEY] = env
    return env


@jinja2.pass_context
def _url_for(context: jinja2.runtime.Context, name: str, /, query: Query = None, **params: Any) -> str:
    return url_for(context["request"], name, query=query, **params)


@jinja2.pass_context
def _static(context: jinja2.runtime.Context, name: str) -> str:
    return str(context["request"].app[keys.STATIC].url(name))


def _markdown(text: Any) -> Markup:
    return render_markdown(str(text)) if text else Markup()


def _richtext(value: Any) -> Markup:
    return render_blocks(value)


@jinja2.pass_context
def _csrf_token(context: jinja2.runtime.Context) -> str:
    return csrf.get_token(context["request"])


@jinja2.pass_context
def _csrf_input(context: jinja2.runtime.Context) -> Markup:
    token = csrf.get_token(context["request"])
    return Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, token)


@jinja2.pass_context
def _flashes(context: jinja2.runtime.Context) -> list[flash.Flash]:
    return flash.take(context["request"])


def _describe_walk(plan: Plan, names: Sequence[str], winner: str) -> str:
    """A comment for the end of a page: the templates considered, the winner starred."""
    loader = LayerLoader(plan)
    lines = []
    for name in names:
        found = loader.find(name)
        for path in loader.iter_places(name):
            mark = "*" if found and found[1] == path and name == winner else " "
            lines.append(f"{mark} {name}  {path}".replace("--", "‐‐"))
    return "\n<!-- templates considered:\n" + "\n".join(lines) + "\n-->\n"
