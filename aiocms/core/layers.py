"""Layer and Namespace: where files of a name are looked for, highest layer first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aiocms.core.app import App

Kind = Literal["root", "app", "package", "bundled"]


@dataclass(frozen=True, slots=True)
class Layer:
    """What one folder or package contributes to a namespace.

    Parameters:
        namespace: e.g. ``shop``.
        kind: ``root`` (the site's ``templ/<ns>`` and ``static/<ns>``), ``app`` (the site's ``apps/<ns>``),
            ``package`` (installed, named in ``settings.apps``) or ``bundled``.
        folder: where ``routes.py`` and the other files are.
        package: dotted name its modules are imported under; None: it has no modules.
        templ: folder of its templates.
        static: folder of its static files.
        assets: static sub-folders that lie in other packages, sub-folder name to folder.
    """

    namespace: str
    kind: Kind
    folder: Path
    package: str | None
    templ: Path
    static: Path
    assets: tuple[tuple[str, Path], ...] = ()

    @property
    def locale(self) -> Path | None:
        """Folder of its message catalogs, or None for a root layer of another namespace."""
        return self.folder / "locale" if self.package else None

    def find_template(self, name: str) -> Path | None:
        """The template's file in this layer, or None. ``name`` has its suffix."""
        return find_inside(self.templ, name)

    def find_static(self, name: str) -> Path | None:
        """The static file in this layer, or None."""
        found = find_inside(self.static, name)
        if found is None:
            head, _, rest = name.partition("/")
            for key, folder in self.assets:
                if key == head and rest:
                    return find_inside(folder, rest)
        return found


@dataclass(frozen=True, slots=True)
class Namespace:
    """A stack of layers under one name, highest first, with the merged manifest."""

    name: str
    app: App
    layers: tuple[Layer, ...]

    def iter_modules_layers(self) -> Iterator[Layer]:
        """The layers that have modules, lowest first: the order in which they are merged."""
        return (layer for layer in reversed(self.layers) if layer.package)


def find_inside(folder: Path, name: str) -> Path | None:
    """A regular file below ``folder``, wherever symlinks lead.

    Names with empty, hidden, ``..`` or drive parts and files that resolve to a place outside the folder
    give None.

    Returns:
        The file's path, or None.
    Source: CVE-2024-23334 (aiohttp static traversal by symlink).
    """
    parts = name.split("/")
    if any(not part or part.startswith(".") or "\\" in part or "\0" in part or ":" in part for part in parts):
        return None
    path = folder.joinpath(*parts)
    try:
        if not path.is_file():
            return None
        resolved = path.resolve(strict=True)
        if not resolved.is_relative_to(folder.resolve(strict=True)):
            return None
    except (OSError, RuntimeError, ValueError):
        return None
    return path
