"""Routes: plain data in ``routes.py``, merged by name over the layers, registered on one router."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from aiocms.core.faults import FaultList
from aiocms.core.layers import Layer

Handler = Callable[[Any], Awaitable[web.StreamResponse]]
_METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "*"))
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*([.-][A-Za-z_][A-Za-z0-9_]*)*")
_VARIABLE = re.compile(r"\{[^{}:]+(?::((?:[^{}]|\{[^{}]*\})*))?\}")


@dataclass(frozen=True, slots=True)
class Route:
    """One line of a ``routes.py``; made by ``route``."""

    method: str
    path: str
    handler: Handler
    name: str
    requires: str | None
    where: str


@dataclass(slots=True)
class MergedRoute:
    """One name with its path, the handler of each method, and where each came from."""

    name: str
    path: str
    methods: dict[str, Route] = field(default_factory=dict)

    @property
    def is_catch_all(self) -> bool:
        """Whether the path matches any number of segments; such routes are registered last."""
        return any(match.group(1) in (".*", ".+") for match in _VARIABLE.finditer(self.path))


def route(method: str, path: str, handler: Handler, name: str, *, requires: str | None = None) -> Route:
    """One route.

    Parameters:
        method: GET (HEAD comes with it), POST, …; ``*`` for any.
        path: as aiohttp writes it, ``/blog/{slug}`` or ``/files/{path:.+}``; the app's prefix is put before.
        handler: an async function of the request, also one that answers a WebSocket.
        name: within the namespace: ``detail`` becomes ``blog:detail``.
        requires: permission asked of the visitor; may hold ``{placeholders}`` of the path. ``""``: public
            although the app requires something. None: what the app requires.

    Returns:
        Plain data; nothing is registered before ``create_app`` merges all layers.
    """
    frame = inspect.currentframe()
    caller = frame.f_back if frame else None
    where = f"{caller.f_code.co_filename}:{caller.f_lineno}" if caller else ""
    return Route(method.upper(), path, handler, name, requires, where)


def merge_routes(
    namespace: str,
    prefix: str,
    layers: Iterable[tuple[Layer, Iterable[Route], tuple[str, ...]]],
    faults: FaultList,
) -> dict[str, MergedRoute]:
    """The routes of one namespace.

    Parameters:
        namespace: put before each name.
        prefix: put before each path.
        layers: lowest first: the layer, its routes, and the names it drops from those below.
        faults: gets duplicates inside a layer, malformed routes and unknown names to drop.

    Returns:
        Merged route by full name, e.g. ``shop:detail``.
    """
    merged: dict[str, MergedRoute] = {}
    for layer, routes, dropped in layers:
        for name in dropped:
            if merged.pop(f"{namespace}:{name}", None) is None:
                faults.add(
                    "core.E024",
                    f"drop_routes names {name!r}, which no layer of {namespace!r} below has",
                    str(layer.folder / "app.py"),
                )
        own: dict[str, MergedRoute] = {}
        for one in routes:
            if _is_sound(namespace, one, faults):
                _add_in_layer(own, namespace, prefix, one, faults)
        for name, top in own.items():
            below = merged.setdefault(name, MergedRoute(name, top.path))
            below.path = top.path
            below.methods.update(top.methods)
    return merged


def find_clashes(routes: Mapping[str, MergedRoute], faults: FaultList) -> None:
    """Note every path and method that two names claim."""
    taken: dict[str, dict[str, MergedRoute]] = {}
    for merged in routes.values():
        pattern = _VARIABLE.sub(lambda match: "{" + (match.group(1) or "") + "}", merged.path)
        here = taken.setdefault(pattern, {})
        for method, one in merged.methods.items():
            claimed = next((known for known in here if _overlap(known, method)), method)
            rival = here.setdefault(claimed, merged)
            if rival is not merged:
                faults.add(
                    "core.E023",
                    f"{method} {merged.path} has two names: {rival.name!r} and {merged.name!r}",
                    f"{rival.methods[claimed].where} and {one.where}",
                    "change one path, or drop one with App(drop_routes=…)",
                )
            here.setdefault(method, merged)


def _overlap(one: str, other: str) -> bool:
    return one == other or "*" in (one, other)


def _is_sound(namespace: str, one: object, faults: FaultList) -> bool:
    if not isinstance(one, Route):
        faults.add(
            "core.E020", f"{namespace}/routes.py holds {one!r}", "", "write route(method, path, view, name)"
        )
        return False
    problem = ""
    if one.method not in _METHODS:
        problem = f"the method {one.method!r} is unknown"
    elif not one.path.startswith("/"):
        problem = f"the path {one.path!r} does not begin with '/'"
    elif not _NAME.fullmatch(one.name):
        problem = f"the name {one.name!r} is not made of letters, digits, '_', '-' and '.'"
    elif not inspect.iscoroutinefunction(one.handler):
        problem = f"the handler {one.handler!r} is no `async def` function"
    elif one.path.count("{") != one.path.count("}"):
        problem = f"the braces of the path {one.path!r} do not match"
    if problem:
        faults.add("core.E021", f"Route {namespace}:{one.name}: {problem}", one.where)
    return not problem


def _add_in_layer(
    own: dict[str, MergedRoute], namespace: str, prefix: str, one: Route, faults: FaultList
) -> None:
    name, path = (
        f"{namespace}:{one.name}",
        (prefix + one.path) if one.path != "/" or not prefix else prefix + "/",
    )
    merged = own.setdefault(name, MergedRoute(name, path))
    rival = merged.methods.get(one.method)
    if rival is not None or merged.path != path:
        other = rival or next(iter(merged.methods.values()))
        what = f"{one.method} twice" if rival else f"two paths, {merged.path!r} and {path!r}"
        faults.add(
            "core.E022",
            f"The route {name!r} has {what} in one layer",
            f"{other.where} and {one.where}",
            "give one of them another name",
        )
        return
    merged.methods[one.method] = one


def iter_in_router_order(routes: Mapping[str, MergedRoute]) -> Iterable[MergedRoute]:
    """All routes with the catch-alls last, the longer literal beginnings of those first."""
    plain = [merged for merged in routes.values() if not merged.is_catch_all]
    catch_alls = [merged for merged in routes.values() if merged.is_catch_all]
    return [*plain, *sorted(catch_alls, key=lambda merged: -len(merged.path.partition("{")[0]))]
