"""The Plan: everything that all layers contribute, merged and immutable."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from aiocms.core.discover import load_module
from aiocms.core.faults import FaultList
from aiocms.core.indexes import Index
from aiocms.core.layers import Layer, Namespace
from aiocms.core.routes import MergedRoute, Route, find_clashes, merge_routes
from aiocms.core.settings import Setting, Settings

_FILES = ("models", "routes", "context", "lifespan", "guard", "commands", "checks")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A module of a layer."""

    layer: Layer
    module: types.ModuleType


@dataclass(frozen=True, slots=True)
class Plan:
    """What the site is made of; read by everything after start-up, changed by nothing.

    Parameters:
        site: the site's folder.
        namespaces: by name, needs first, ``core`` first and ``site`` last.
        modules: file name without suffix to its modules, lowest namespace and layer first.
        routes: by full name.
        screens: ``(namespace, class name)`` to the class of the highest layer.
        indexes: of all apps.
        contexts: namespace to the ``context`` functions of its layers, lowest first: higher values win.
        lifespans: the ``lifespan`` context managers of all layers, needs and lower layers first.
    """

    site: Path
    settings: Settings
    namespaces: Mapping[str, Namespace]
    modules: Mapping[str, tuple[Loaded, ...]]
    routes: Mapping[str, MergedRoute]
    screens: Mapping[tuple[str, str], type]
    indexes: tuple[Index, ...]
    contexts: Mapping[str, tuple[Any, ...]]
    lifespans: tuple[Any, ...]

    def get_top(self, file: str, attribute: str) -> dict[str, Any]:
        """An attribute of the highest layer that defines it, for each namespace.

        Returns:
            Namespace to value, needs first.
        """
        return _find_top(self.modules.get(file, ()), attribute)

    def get_namespace_of(self, name: str) -> str:
        """The namespace that a name or a dotted package (``apps.blog``) means."""
        if name in self.namespaces:
            return name
        for namespace in self.namespaces.values():
            for layer in namespace.layers:
                if layer.package and (layer.package == name or layer.package.endswith(f".{name}")):
                    return namespace.name
        return name


def load_app_settings(namespaces: Mapping[str, Namespace], faults: FaultList) -> Iterator[Setting]:
    """The rows that apps add to the settings table, named ``<namespace>_<name>``."""
    for namespace in namespaces.values():
        if namespace.name == "site":
            continue
        seen: dict[str, Setting] = {}
        for layer in namespace.iter_modules_layers():
            module = load_module(layer, "settings", faults)
            rows = getattr(module, "settings", ()) if module else ()
            for row in rows:
                if isinstance(row, Setting):
                    name = row.name if namespace.name == "core" else f"{namespace.name}_{row.name}"
                    seen[name] = Setting(name, row.default, row.help, row.secret)
                else:
                    faults.add(
                        "core.E030",
                        f"{namespace.name}/settings.py holds {row!r}",
                        str(layer.folder / "settings.py"),
                        'write settings = (Setting("name", default, "help"),)',
                    )
        yield from seen.values()


def make_plan(site: Path, settings: Settings, namespaces: Mapping[str, Namespace], faults: FaultList) -> Plan:
    """Load the modules of all layers and merge what they declare.

    Returns:
        The Plan; with faults noted it may lack what was faulty.
    """
    files = (*_FILES, "admin") if "admin" in namespaces else _FILES
    modules = {file: tuple(_iter_modules(namespaces, file, faults)) for file in files}
    plan = Plan(
        site=site,
        settings=settings,
        namespaces=types.MappingProxyType(dict(namespaces)),
        modules=types.MappingProxyType(modules),
        routes=types.MappingProxyType(_merge_all_routes(namespaces, modules["routes"], faults)),
        screens=types.MappingProxyType(dict(_iter_screens(modules.get("admin", ())))),
        indexes=tuple(_iter_indexes(modules["models"], faults)),
        contexts=types.MappingProxyType(_group_contexts(modules["context"])),
        lifespans=tuple(
            span for one in modules["lifespan"] if (span := getattr(one.module, "lifespan", None))
        ),
    )
    _check_functions(plan, faults)
    for loaded in modules["checks"]:
        if callable(getattr(loaded.module, "check", None)):
            faults.extend(loaded.module.check(plan))
    return plan


def _group_contexts(modules: tuple[Loaded, ...]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for loaded in modules:
        context = getattr(loaded.module, "context", None)
        if context is not None:
            found[loaded.layer.namespace] = (*found.get(loaded.layer.namespace, ()), context)
    return found


def _find_top(modules: tuple[Loaded, ...], attribute: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for loaded in modules:
        value = getattr(loaded.module, attribute, None)
        if value is not None:
            found[loaded.layer.namespace] = value
    return found


def _iter_modules(namespaces: Mapping[str, Namespace], file: str, faults: FaultList) -> Iterator[Loaded]:
    for namespace in namespaces.values():
        for layer in namespace.iter_modules_layers():
            module = load_module(layer, file, faults)
            if module is not None:
                yield Loaded(layer, module)


def _merge_all_routes(
    namespaces: Mapping[str, Namespace], modules: tuple[Loaded, ...], faults: FaultList
) -> dict[str, MergedRoute]:
    merged: dict[str, MergedRoute] = {}
    for namespace in namespaces.values():
        layers = []
        by_layer = {id(loaded.layer): loaded.module for loaded in modules}
        for layer in namespace.iter_modules_layers():
            module = by_layer.get(id(layer))
            routes: Any = getattr(module, "routes", None) if module else ()
            if not isinstance(routes, list | tuple):
                faults.add(
                    "core.E031",
                    f"{namespace.name}/routes.py defines no list `routes`",
                    str(layer.folder / "routes.py"),
                    "write routes = [route(…), …]",
                )
                routes = ()
            layers.append((layer, routes, _get_dropped(layer)))
        merged.update(merge_routes(namespace.name, namespace.app.prefix or "", layers, faults))
    find_clashes(merged, faults)
    _check_guarded(namespaces, merged, faults)
    return merged


def _get_dropped(layer: Layer) -> tuple[str, ...]:
    module = load_module(layer, "app", FaultList())
    return tuple(getattr(getattr(module, "app", None), "drop_routes", ()))


def _check_guarded(
    namespaces: Mapping[str, Namespace], routes: Mapping[str, MergedRoute], faults: FaultList
) -> None:
    """A route that asks for a permission while nothing can check it would be open: refuse to start."""
    if any(
        (layer.folder / "guard.py").is_file()
        for ns in namespaces.values()
        for layer in ns.layers
        if layer.package
    ):
        return
    told: set[str] = set()
    for merged in routes.values():
        namespace = merged.name.partition(":")[0]
        for one in merged.methods.values():
            if namespace not in told and get_required(namespaces, merged.name, one):
                told.add(namespace)
                faults.add(
                    "core.E032",
                    f"Routes of {namespace!r}, such as {merged.name!r}, require a permission, "
                    "but no app checks permissions",
                    one.where,
                    "add 'auth' to settings.apps",
                )


def get_required(namespaces: Mapping[str, Namespace], name: str, one: Route) -> str:
    """The permission that a route asks for, with its app's default; empty: public."""
    if one.requires is not None:
        return one.requires
    return namespaces[name.partition(":")[0]].app.requires or ""


def _iter_screens(modules: tuple[Loaded, ...]) -> Iterator[tuple[tuple[str, str], type]]:
    """The public Screen classes of every ``admin.py``; a higher layer's class of the same name wins."""
    for loaded in modules:
        for name, value in vars(loaded.module).items():
            if (
                isinstance(value, type)
                and getattr(value, "is_screen", False)
                and value.__module__ == loaded.module.__name__
                and not name.startswith("_")
            ):
                yield (loaded.layer.namespace, name), value


def _iter_indexes(modules: tuple[Loaded, ...], faults: FaultList) -> Iterator[Index]:
    for loaded in modules:
        for index in getattr(loaded.module, "indexes", ()):
            if isinstance(index, Index):
                yield index
            else:
                faults.add(
                    "core.E033",
                    f"{loaded.layer.namespace}/models.py holds {index!r} among its indexes",
                    str(loaded.layer.folder / "models.py"),
                    'write indexes = (Index("collection", [("key", 1)]),)',
                )


def _check_functions(plan: Plan, faults: FaultList) -> None:
    """The functions that app files must define, of the right kind."""
    wanted: dict[str, tuple[str, Callable[[Any], bool], str]] = {
        "context": ("context", inspect.iscoroutinefunction, "async def context(request) -> dict"),
        "lifespan": ("lifespan", callable, "@asynccontextmanager async def lifespan(app)"),
        "guard": ("guard", inspect.iscoroutinefunction, "async def guard(request, permission) -> None"),
        "checks": ("check", callable, "def check(plan) -> Iterable[Fault]"),
        "commands": (
            "commands",
            lambda value: (
                isinstance(value, list | tuple) and all(isinstance(c, click.Command) for c in value)
            ),
            "commands = (click commands, …)",
        ),
    }
    for file, (attribute, is_right, shape) in wanted.items():
        for loaded in plan.modules[file]:
            if not is_right(getattr(loaded.module, attribute, None)):
                faults.add(
                    "core.E034",
                    f"{loaded.layer.namespace}/{file}.py defines no `{attribute}` of the right kind",
                    str(loaded.layer.folder / f"{file}.py"),
                    f"write {shape}",
                )
    if len(plan.get_top("guard", "guard")) > 1:
        faults.add(
            "core.E035",
            f"Several apps check permissions: {', '.join(plan.get_top('guard', 'guard'))}",
            hint="keep one guard.py",
        )
