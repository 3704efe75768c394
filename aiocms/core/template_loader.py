"""Where templates come from: the layers of the Plan, under names such as ``shop:product``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

import jinja2
from jinja2.bccache import Bucket

from aiocms.core.layers import Layer
from aiocms.core.plan import Plan

SUFFIX = ".tpl"
_BUNDLED = "bundled"


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


class KeptCode(jinja2.BytecodeCache):
    """Compiled templates, kept for the process: many sites in one, as in tests, compile each file once."""

    _kept: ClassVar[dict[str, tuple[str, CodeType]]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Jinja's hook."""
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Jinja's hook."""
        if len(self._kept) > 5000:
            self._kept.clear()
        if bucket.code is not None:
            self._kept[bucket.key] = bucket.checksum, bucket.code
