"""Discovery: which apps a site has, as namespaces of layers in the order of their needs."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import re
import sys
import traceback
import types
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from aiocms.core.app import CORE, App, merge_apps
from aiocms.core.errors import find_nearest
from aiocms.core.faults import FaultList
from aiocms.core.layers import Kind, Layer, Namespace

BUNDLED_ROOT = Path(__file__).resolve().parent.parent
RESERVED = {
    "site": "stands for the site's own pages",
    "static": "is the address of static files",
    "bundled": "stands for the lowest layer",
    "database": "stands for collections without an app in the admin",
}
"""Names that no app may have, and why."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def discover(site: Path, apps: Sequence[str], faults: FaultList) -> dict[str, Namespace]:
    """The namespaces of a site, those needed by others first; ``core`` is the first, ``site`` the last.

    Parameters:
        site: the site's folder.
        apps: ``settings.apps``.
        faults: gets unknown apps, clashes, missing needs and cycles.

    Returns:
        Namespace by name.
    """
    package = name_site_package(site)
    stacks: dict[str, list[Layer]] = {"core": [_bundled_layer("core")]}
    manifests: dict[str, list[App]] = {"core": [CORE]}
    listed, own = list(_iter_listed(apps, faults)), list(_iter_site_apps(site, package, faults))
    for layer in [*_iter_brought([*listed, *own]), *listed, *own]:
        manifest = _load_manifest(layer, faults)
        below = stacks.setdefault(layer.namespace, [])
        if below and layer.kind != "app" and not _may_overlay(layer, manifest, below[-1], faults):
            continue
        if manifest.replaces:
            below.clear()
            manifests[layer.namespace] = []
        below.append(layer)
        manifests.setdefault(layer.namespace, []).append(manifest)
    namespaces = {
        name: _build_namespace(name, site, layers, manifests[name], faults) for name, layers in stacks.items()
    }
    ordered = _order_by_needs(namespaces, faults)
    ordered["site"] = Namespace("site", App(title="Site"), (_site_layer(site, package),))
    return ordered


def name_site_package(site: Path) -> str:
    """The dotted name that the site's modules are imported under, made importable.

    The folder becomes a package without touching ``sys.path``, so two sites live in one process.

    Returns:
        The folder's name, with a number behind when that name is taken by something else.
    """
    stem = re.sub(r"\W", "_", site.name) or "site"
    stem = f"_{stem}" if stem[0].isdigit() else stem
    if stem in sys.stdlib_module_names or (stem not in sys.modules and _is_importable_elsewhere(stem, site)):
        stem += "_site"
    name, number = stem, 1
    while (known := sys.modules.get(name)) is not None and str(site) not in list(
        getattr(known, "__path__", ())
    ):
        number += 1
        name = f"{stem}_{number}"
    if name not in sys.modules:
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(site)]
        sys.modules[name] = importlib.util.module_from_spec(spec)
    return name


def load_module(layer: Layer, name: str, faults: FaultList) -> types.ModuleType | None:
    """The module ``name`` of a layer.

    A file that is there but fails becomes a fault with the failing line; nothing is swallowed.

    Returns:
        The module, or None when the layer has no such file or it failed.
    """
    if layer.package is None or (layer.package == "aiocms.core" and name != "models"):
        return None  # the core's files of these names are not app files, its models.py is
    file = layer.folder / f"{name}.py"
    if not file.is_file() and not (layer.folder / name / "__init__.py").is_file():
        return None
    try:
        return importlib.import_module(f"{layer.package}.{name}")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a site's module raises is its fault
        faults.add(
            "core.E010",
            f"{layer.namespace}/{name}.py cannot be loaded: {type(error).__name__}: {error}",
            _where_failed(error, file),
            "mend that line; `aiocms check --traceback` shows the whole traceback",
            error,
        )
        return None


def _where_failed(error: BaseException, file: Path) -> str:
    """``file:line`` of the innermost line of the site's own that failed, not of a library it called."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(file.parent)]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else str(file)


def _is_importable_elsewhere(name: str, site: Path) -> bool:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return False
    if spec is None:
        return False
    places = list(spec.submodule_search_locations or ())
    return str(site) not in places


def _iter_listed(apps: Sequence[str], faults: FaultList) -> Iterable[Layer]:
    """The layers that ``settings.apps`` names: bundled apps and installed packages."""
    bundled = sorted(path.parent.name for path in BUNDLED_ROOT.glob("*/app.py"))
    seen: set[str] = set()
    for name in apps:
        if not isinstance(name, str) or not name:  # type: ignore[redundant-expr]
            faults.add("core.E011", f"settings.apps holds {name!r}", "settings.py", "name apps by text")
        elif name in seen:
            faults.add("core.E012", f"settings.apps names {name!r} twice", "settings.py", "remove one")
        elif name in bundled:
            if name != "core":
                yield _bundled_layer(name)
        elif (folder := _find_package(name)) is not None:
            yield _make_layer(name.rpartition(".")[2], "package", folder, name)
        else:
            nearest = find_nearest(name, bundled)
            faults.add(
                "core.E013",
                f"settings.apps names {name!r}, which is neither bundled nor an installed package",
                "settings.py",
                f"did you mean {nearest!r}?" if nearest else f"bundled are {', '.join(bundled)}",
            )
        seen.add(str(name))


def _iter_brought(layers: Sequence[Layer]) -> Iterator[Layer]:
    """The bundled apps that these layers bring along and that are not among them."""
    known = {layer.namespace for layer in layers if layer.kind == "bundled"}
    open_ = list(layers)
    while open_:
        for name in _load_manifest(open_.pop(0), FaultList()).brings:
            if name not in known and (BUNDLED_ROOT / name / "app.py").is_file():
                known.add(name)
                open_.append(_bundled_layer(name))
                yield open_[-1]


def _find_package(name: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _iter_site_apps(site: Path, package: str, faults: FaultList) -> Iterable[Layer]:
    """The layers in the site's ``apps`` folder, by name."""
    importlib.invalidate_caches()
    root = site / "apps"
    if not root.is_dir():
        return
    lowered: dict[str, str] = {}
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        name = folder.name
        if name.startswith(("_", ".")):
            continue
        rival = lowered.setdefault(name.lower(), name)
        if rival != name:
            faults.add(
                "core.E014",
                f"Two apps have one namespace {name.lower()!r}: {name!r} and {rival!r}",
                str(folder),
                "rename one: namespaces are lower-case",
            )
        elif not _NAME.fullmatch(name) or name in RESERVED:
            why = f"is reserved: it {RESERVED[name]}" if name in RESERVED else "is no lower-case Python name"
            faults.add("core.E015", f"The app folder's name {name!r} {why}", str(folder), "rename the folder")
        else:
            yield _make_layer(name, "app", folder, f"{package}.apps.{name}")


def _bundled_layer(name: str) -> Layer:
    return _make_layer(name, "bundled", BUNDLED_ROOT / name, f"aiocms.{name}")


def _site_layer(site: Path, package: str) -> Layer:
    return _make_layer("site", "app", site, package)


def _make_layer(namespace: str, kind: Kind, folder: Path, package: str) -> Layer:
    return Layer(namespace, kind, folder, package, folder / "templ", folder / "static")


def _load_manifest(layer: Layer, faults: FaultList) -> App:
    """The layer's ``app.py``, or an empty manifest."""
    module = load_module(layer, "app", faults)
    if module is None:
        return App()
    app = getattr(module, "app", None)
    if isinstance(app, App):
        return app
    faults.add(
        "core.E016",
        f"{layer.namespace}/app.py defines no `app = App(...)`",
        str(layer.folder / "app.py"),
        "write `from aiocms import App` and `app = App(title=…)`, or remove the file",
    )
    return App()


def _may_overlay(layer: Layer, manifest: App, below: Layer, faults: FaultList) -> bool:
    """Whether a listed package may lie over another layer of its namespace; a site's own app always may."""
    if manifest.extends or manifest.replaces:
        return True
    faults.add(
        "core.E014",
        f"Two apps have one namespace {layer.namespace!r}: {layer.package!r} and {below.package!r}",
        str(layer.folder),
        "drop one from settings.apps, or say App(extends=True) or App(replaces=True) in its app.py",
    )
    return False


def _build_namespace(
    name: str, site: Path, layers: list[Layer], manifests: list[App], faults: FaultList
) -> Namespace:
    lowest, manifest = layers[0], merge_apps(name, tuple(manifests))
    assets = tuple((key, _find_asset(name, target, faults)) for key, target in manifest.assets.items())
    layers[0] = Layer(name, lowest.kind, lowest.folder, lowest.package, lowest.templ, lowest.static, assets)
    root = Layer(name, "root", site, None, site / "templ" / name, site / "static" / name)
    return Namespace(name, manifest, (root, *reversed(layers)))


def _find_asset(namespace: str, target: str, faults: FaultList) -> Path:
    """The folder that ``package:path`` names."""
    package, _, inner = target.partition(":")
    folder = _find_package(package)
    if folder is None or not (folder / inner).is_dir():
        faults.add(
            "core.E017",
            f"App {namespace!r} serves the assets {target!r}, which are not installed",
            hint=f"install the package that has {package!r}",
        )
        return Path("/nonexistent")
    return folder / inner


def _order_by_needs(namespaces: dict[str, Namespace], faults: FaultList) -> dict[str, Namespace]:
    """The namespaces with every need before what needs it, else in the order found."""
    ordered: dict[str, Namespace] = {}
    open_: list[str] = []

    def visit(name: str) -> None:
        if name in ordered:
            return
        if name in open_:
            cycle = " → ".join([*open_[open_.index(name) :], name])
            faults.add("core.E019", f"Apps need each other in a circle: {cycle}", hint="remove one `needs`")
            return
        open_.append(name)
        for need in namespaces[name].app.needs:
            if need in namespaces:
                visit(need)
            else:
                faults.add(
                    "core.E018",
                    f"The app {name!r} needs {need!r}, which this site does not have",
                    str(namespaces[name].layers[-1].folder),
                    f"add {need!r} to settings.apps",
                )
        open_.pop()
        ordered[name] = namespaces[name]

    for name in namespaces:
        visit(name)
    return ordered
