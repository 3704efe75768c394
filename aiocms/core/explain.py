"""explain: why a template, a static file or a route is the one it is."""

from __future__ import annotations

from collections.abc import Iterator

from aiocms.core.errors import UnknownName
from aiocms.core.plan import Plan, get_required
from aiocms.core.static import URL_PREFIX, StaticFiles, to_path
from aiocms.core.template_loader import LayerLoader


def explain(plan: Plan, name: str) -> str:
    """The walk over the layers for a name, the winner marked with a star.

    Parameters:
        name: a template or route (``shop:detail``), a static path (``/static/shop/a.css``) or a
            static name (``shop:a.css``).

    Returns:
        Several lines of text.
    Raises:
        UnknownName: nothing has the name; the error lists every place looked at.
    """
    lines = [*_explain_static(plan, name), *_explain_template(plan, name), *_explain_route(plan, name)]
    if not lines:
        loader = LayerLoader(plan)
        known = [*loader.list_templates(), *plan.routes]
        if name.startswith(URL_PREFIX):
            known = [URL_PREFIX + path for path, _ in StaticFiles(plan).iter_all()]
        raise UnknownName(name, (str(place) for place in _iter_places(plan, name)), known)
    return "\n".join(lines)


def _explain_static(plan: Plan, name: str) -> Iterator[str]:
    files = StaticFiles(plan)
    path = name.removeprefix(URL_PREFIX) if name.startswith(URL_PREFIX) else to_path(name)
    winner = files.find(path)
    if winner is None:
        return
    yield f"static file {URL_PREFIX}{path}"
    for place in files.iter_places(path):
        yield _mark(place == winner, str(place), place.is_file())
    yield f"  address: {files.url(path)}"


def _explain_template(plan: Plan, name: str) -> Iterator[str]:
    if name.startswith("/"):
        return
    loader = LayerLoader(plan)
    found = loader.find(name)
    if found is None:
        return
    yield f"template {loader.canonical(name)}"
    for place in loader.iter_places(name):
        yield _mark(place == found[1], str(place), place.is_file())


def _explain_route(plan: Plan, name: str) -> Iterator[str]:
    merged = plan.routes.get(name if ":" in name else f"site:{name}")
    if merged is None:
        return
    yield f"route {merged.name}  {merged.path}"
    namespace = plan.namespaces[merged.name.partition(":")[0]]
    own = merged.name.partition(":")[2]
    for loaded in reversed(plan.modules["routes"]):
        if loaded.layer.namespace != namespace.name:
            continue
        for one in getattr(loaded.module, "routes", ()):
            if one.name == own:
                handler = f"{one.handler.__module__}.{one.handler.__qualname__}"
                yield _mark(
                    merged.methods.get(one.method) is one, f"{one.method:6} {handler}  {one.where}", True
                )
    for method, one in merged.methods.items():
        yield f"  {method} requires: {get_required(plan.namespaces, merged.name, one) or 'nothing'}"


def _iter_places(plan: Plan, name: str) -> Iterator[object]:
    if name.startswith(URL_PREFIX):
        return StaticFiles(plan).iter_places(name.removeprefix(URL_PREFIX))
    return LayerLoader(plan).iter_places(name)


def _mark(is_winner: bool, text: str, exists: bool) -> str:
    return f"{'*' if is_winner else '·' if exists else ' '} {text}"
