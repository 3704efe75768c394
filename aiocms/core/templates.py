"""Templates: names resolved over the layers, rendered just after the view returns."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import hdrs, web
from markupsafe import Markup

from aiocms.core import csrf, flash, i18n, icons, keys
from aiocms.core.blocks import render_blocks
from aiocms.core.errors import RequestError, UnknownTemplate
from aiocms.core.layers import Layer
from aiocms.core.markdown import render_markdown
from aiocms.core.plan import Plan
from aiocms.core.urls import Query, url_for

SUFFIX = ".tpl"
_BUNDLED = "bundled"
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


def split_name(name: str) -> tuple[str, str, str]:
    """The parts of a template's name: start layer, namespace, file.

    Returns:
        E.g. ``("", "shop", "detail.tpl")`` of ``shop:detail``, ``("2", …)`` of ``2!shop:detail``.
    """
    start, _, rest = name.rpartition("!")
    namespace, colon, file = rest.partition(":")
    if not colon:
        namespace, file = "site", rest
    if "." not in file.rpartition("/")[2]:
        file += SUFFIX
    return start, namespace, file


class LayerLoader(jinja2.BaseLoader):
    """Finds templates over the layers of the Plan; ``2!shop:detail`` begins at the third layer."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._found: dict[str, tuple[int, Path] | None] = {}

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool] | None]:
        """Jinja's hook: the source, its file, and whether it is still the one to use."""
        found = self.find(template)
        if found is None:
            raise jinja2.TemplateNotFound(template)
        path = found[1]
        stamp = path.stat().st_mtime_ns

        def is_fresh() -> bool:
            now = self.find(template)
            return now is not None and now[1] == path and path.stat().st_mtime_ns == stamp

        return path.read_text(encoding="utf-8"), str(path), is_fresh

    def find(self, name: str) -> tuple[int, Path] | None:
        """The layer's number (0 is the highest) and the file of a name, or None."""
        if self._plan.settings.debug:
            return self._search(name)
        if name not in self._found:
            if len(self._found) > 5000:
                self._found.clear()
            self._found[name] = self._search(name)
        return self._found[name]

    def _search(self, name: str) -> tuple[int, Path] | None:
        start, namespace, file = split_name(name)
        layers = self._get_layers(namespace)
        first = len(layers) - 1 if start == _BUNDLED else int(start or 0)
        for number, layer in enumerate(layers[first:], first):
            path = layer.find_template(file)
            if path is not None:
                return number, path
        return None

    def iter_places(self, name: str) -> Iterator[Path]:
        """Every file that is looked for under a name, highest layer first."""
        start, namespace, file = split_name(name)
        layers = self._get_layers(namespace)
        first = len(layers) - 1 if start == _BUNDLED else int(start or 0)
        return (layer.templ / file for layer in layers[first:])

    def list_templates(self) -> list[str]:
        """The names of all templates."""
        names: set[str] = set()
        for namespace in self._plan.namespaces.values():
            for layer in namespace.layers:
                for path in layer.templ.rglob("*.*") if layer.templ.is_dir() else ():
                    if path.is_file():
                        names.add(f"{namespace.name}:{path.relative_to(layer.templ)}".removesuffix(SUFFIX))
        return sorted(names)

    def canonical(self, name: str) -> str:
        """One spelling for all names of a template, start layer kept."""
        start, namespace, file = split_name(name)
        bare = f"{self._plan.get_namespace_of(namespace)}:{file}"
        return f"{start}!{bare}" if start else bare

    def _get_layers(self, namespace: str) -> tuple[Layer, ...]:
        found = self._plan.namespaces.get(self._plan.get_namespace_of(namespace))
        return found.layers if found else ()


class LayerEnvironment(jinja2.Environment):
    """A Jinja environment in which a template that extends its own name gets the next layer down."""

    def __init__(self, loader: LayerLoader, *, debug: bool, **options: Any) -> None:
        super().__init__(loader=loader, auto_reload=debug, **options)
        self._join = self._find if debug else functools.lru_cache(5000)(self._find)

    def join_path(self, template: str, parent: str) -> str:
        """Jinja's hook: what ``template`` means inside ``parent``."""
        return self._join(template, parent)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Jinja's hook: without globals of its own a template gets ours as they are, which copies faster."""
        return super().make_globals(d) if d else self.globals

    def _find(self, template: str, parent: str) -> str:
        loader = self.loader
        assert isinstance(loader, LayerLoader)  # noqa: S101 - given to the constructor
        wanted, inside = loader.canonical(template), loader.canonical(parent)
        if wanted != inside.rpartition("!")[2]:
            return wanted
        found = loader.find(inside)
        return f"{found[0] + 1}!{wanted}" if found else wanted


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
