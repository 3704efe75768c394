"""Overrides: templates of a site made from originals, and what became of the originals since."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiocms
from aiocms.core.errors import AiocmsError, UnknownTemplate
from aiocms.core.plan import Plan
from aiocms.core.template_loader import SUFFIX, LayerLoader, split_name

ORIGINALS = ".originals"
_RECORD = re.compile(r"\A\{# copied from (\S+), aiocms (\S+), sha256:([0-9a-f]{64}) #\}\r?\n?")


@dataclass(frozen=True, slots=True)
class Override:
    """A template of the site that lies over another one.

    Parameters:
        name: full name, e.g. ``admin:list``.
        file: the site's file.
        original: the file beneath it now, or None when there is none any more.
        copied_hash: hash of the original that it was copied from; empty: it was written by hand.
        copied_version: version of aiocms then.
    """

    name: str
    file: Path
    original: Path | None
    copied_hash: str = ""
    copied_version: str = ""

    @property
    def state(self) -> str:
        """``fresh``, ``stale``, ``gone`` (no original any more) or ``own`` (nothing recorded)."""
        if not self.copied_hash:
            return "own"
        if self.original is None:
            return "gone"
        return "fresh" if hash_text(_read(self.original)) == self.copied_hash else "stale"


def copy_template(plan: Plan, name: str, *, force: bool = False, keep: bool = False) -> Path:
    """Copy a template into the site, so that it can be changed.

    Its first line records the original's hash, and the original itself is kept in ``templ/.originals``:
    that is how ``check`` and ``diff`` know, after an upgrade, what changed beneath.

    Parameters:
        plan: the site's Plan.
        name: e.g. ``admin:list``.
        force: overwrite the site's file.
        keep: leave the site's file as it is, but record the present original as the one it follows.

    Returns:
        The site's file.
    Raises:
        UnknownTemplate: there is nothing to copy.
        AiocmsError: the site has such a file already, or it cannot be written.
    """
    loader, namespace, file_name = _resolve(plan, name)
    if namespace == "site":
        raise AiocmsError(f"{name!r} is a template of the site itself: change it where it is.")
    target = plan.site / "templ" / namespace / file_name
    full_name = _full_name(namespace, file_name)
    original = find_below(loader, full_name, target)
    if original is None:
        raise UnknownTemplate(full_name, map(str, loader.iter_places(full_name)), loader.list_templates())
    if target.exists() and not (force or keep):
        raise AiocmsError(
            f"{target} exists already; nothing was written. Look at: aiocms templates diff {full_name}\n"
            "Use --force to begin anew, or --keep to keep the file and take the present original as seen."
        )
    if keep and not target.exists():
        raise AiocmsError(f"{target} does not exist, so there is nothing to keep; copy without --keep.")
    text = _read(original)
    body = _RECORD.sub("", _read(target)) if keep else text
    record = f"{{# copied from {full_name}, aiocms {aiocms.__version__}, sha256:{hash_text(text)} #}}\n"
    kept = plan.site / "templ" / ORIGINALS / namespace / file_name
    try:
        for path, content in ((kept, text), (target, record + body)):
            _write(path, content)
    except OSError as error:
        raise AiocmsError(f"{target} cannot be written: {error.strerror or error}.") from error
    return target


def diff_template(plan: Plan, name: str) -> str:
    """What changed beneath an override since it was copied.

    For an override that was not made by ``copy`` the difference is that between it and its original.

    Returns:
        A unified diff; empty when nothing changed.
    Raises:
        AiocmsError: the site has no such override.
    """
    _, namespace, file_name = _resolve(plan, name)
    full_name = _full_name(namespace, file_name)
    override = next((one for one in iter_overrides(plan) if one.name == full_name), None)
    if override is None:
        raise AiocmsError(
            f"This site does not override {full_name!r}; `aiocms templates copy {full_name}` does."
        )
    now = _read(override.original) if override.original else ""
    kept = plan.site / "templ" / ORIGINALS / namespace / file_name
    if override.copied_hash and kept.is_file():
        before, label = _read(kept), f"{full_name} as copied from aiocms {override.copied_version}"
    else:
        before, label = _RECORD.sub("", _read(override.file)), f"{override.file} (its original was not kept)"
    return "".join(
        difflib.unified_diff(
            _split(before),
            _split(now),
            label,
            f"{override.original or 'no original any more'}",
        )
    )


def iter_overrides(plan: Plan) -> Iterator[Override]:
    """The site's templates that lie over a template of a lower layer, or were copied from one, by name."""
    loader = LayerLoader(plan)
    for namespace in sorted(plan.namespaces.values(), key=lambda one: one.name):
        if namespace.name == "site":
            continue
        names = {
            file.relative_to(layer.templ).as_posix()
            for layer in namespace.layers
            if layer.kind in ("root", "app") and layer.templ.is_dir()
            for file in layer.templ.rglob("*.*")
        }
        for file_name in sorted(names):
            for layer in namespace.layers:
                file = layer.find_template(file_name) if layer.kind in ("root", "app") else None
                if file is None:
                    continue
                full_name = _full_name(namespace.name, file_name)
                original = find_below(loader, full_name, file)
                record = _RECORD.match(_read(file))
                if record:
                    yield Override(full_name, file, original, record[3], record[2])
                elif original:
                    yield Override(full_name, file, original)


def find_below(loader: LayerLoader, name: str, file: Path) -> Path | None:
    """The file that a name would mean were ``file`` not there, of the layers below it, or None."""
    places = list(loader.iter_places(name))
    first = places.index(file) + 1 if file in places else 0
    found = loader.find(f"{first}!{name}") if first < len(places) else None
    return found[1] if found else None


def hash_text(text: str) -> str:
    """The SHA-256 of a text, the same for both kinds of line ends."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def _resolve(plan: Plan, name: str) -> tuple[LayerLoader, str, str]:
    """The loader, the namespace and the file's name with its suffix.

    Raises:
        UnknownTemplate: there is no such namespace, or the name is not one.
    """
    loader = LayerLoader(plan)
    _, namespace, file_name = split_name(loader.canonical(name))
    parts = file_name.split("/")
    if namespace not in plan.namespaces or any(
        part in ("", ".", "..") or part.startswith(".") for part in parts
    ):
        raise UnknownTemplate(name, (), loader.list_templates())
    return loader, namespace, file_name


def _full_name(namespace: str, file_name: str) -> str:
    return f"{namespace}:{file_name.removesuffix(SUFFIX)}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise AiocmsError(f"{path} is no UTF-8 text: byte {error.start}. Save it as UTF-8.") from error


def _write(path: Path, text: str) -> None:
    """Write a file in one step: with --keep somebody's work is in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _split(text: str) -> list[str]:
    return [line if line.endswith("\n") else line + "\n" for line in text.splitlines(keepends=True)]
