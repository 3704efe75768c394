"""``aiocms collect DIR``: every static file of the site in one folder, for nginx."""

from __future__ import annotations

import gzip
import importlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from aiocms.cli.site import get_plan
from aiocms.core.errors import AiocmsError
from aiocms.core.plan import Plan
from aiocms.core.static import StaticFiles

RECORD = ".aiocms-collected.json"
COMPRESSIBLE = frozenset(
    (".css", ".js", ".mjs", ".svg", ".json", ".map", ".txt", ".xml", ".html", ".webmanifest", ".ico")
)
_SMALL = 512  # below it a compressed copy saves no packet

Compress = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection did.

    Parameters:
        files: static files now in the folder, without their compressed copies.
        written: of them, those that were new or changed.
        removed: files of an earlier collection that the site has no more.
        compressions: suffixes of the compressed copies, e.g. ``(".gz", ".br")``.
    """

    files: int
    written: int
    removed: int
    compressions: tuple[str, ...]


def collect(plan: Plan, target: Path, *, link: bool = False) -> Collected:
    """Bring a folder into step with the static files of a site.

    Each file is exchanged in one step, so a server may go on serving from the folder; only what an
    earlier collection wrote is ever removed.

    Parameters:
        plan: the site's Plan.
        target: the folder; made when it is not there.
        link: symbolic links instead of copies, for a server that may read the site's folders.

    Returns:
        What was done.
    Raises:
        AiocmsError: the folder is not one for this, or cannot be written.
    """
    _check_target(plan, target)
    compressions = dict(_iter_compressions())
    try:
        target.mkdir(parents=True, exist_ok=True)
        before = _read_record(target)
        files = dict(StaticFiles(plan).iter_all())
        wanted = dict(_iter_wanted(files, tuple(compressions), link))
        removed = _remove(target, (name for name in before if name not in wanted))
        written = 0
        for path, file in files.items():
            names = [name for name in (path, *(path + suffix for suffix in compressions)) if name in wanted]
            if any(before.get(name) != wanted[name] or not _exists(target / name) for name in names):
                _write(file, target / path, compressions, link)
                written += 1
        _write_record(target, wanted)
    except OSError as error:
        place = error.filename or target
        raise AiocmsError(
            f"{place} cannot be written: {error.strerror or error}. Choose another folder."
        ) from error
    return Collected(len(files), written, removed, tuple(compressions))


def _check_target(plan: Plan, target: Path) -> None:
    resolved = target.resolve()
    sources = {plan.site / "static"}
    sources.update(layer.static for namespace in plan.namespaces.values() for layer in namespace.layers)
    for source in sources:
        if resolved.is_relative_to(source.resolve()):
            raise AiocmsError(f"{target} is a folder of static files itself; choose one outside of {source}.")
    if resolved == plan.site.resolve() or plan.site.resolve().is_relative_to(resolved):
        raise AiocmsError(f"{target} holds the site itself; choose a folder of its own, e.g. var/static.")
    if target.exists() and not target.is_dir():
        raise AiocmsError(f"{target} is a file; choose a folder.")
    if target.is_dir() and any(target.iterdir()) and not (target / RECORD).is_file():
        raise AiocmsError(
            f"{target} holds files that `aiocms collect` did not write. Choose an empty folder."
        )


def _iter_compressions() -> Iterable[tuple[str, Compress]]:
    yield ".gz", lambda content: gzip.compress(content, 9, mtime=0)
    try:
        brotli = importlib.import_module("brotli")
    except ImportError:
        return
    yield ".br", lambda content: bytes(brotli.compress(content, quality=11))


def _iter_wanted(files: dict[str, Path], suffixes: tuple[str, ...], link: bool) -> Iterator[tuple[str, str]]:
    """The names that the folder is to hold, each with the stamp of the file it comes from."""
    for path, file in files.items():
        stamp = _make_stamp(file, link)
        yield path, stamp
        if _is_worth_it(file):
            yield from ((path + suffix, stamp) for suffix in suffixes if path + suffix not in files)


def _is_worth_it(file: Path) -> bool:
    return file.suffix.lower() in COMPRESSIBLE and file.stat().st_size >= _SMALL


def _make_stamp(file: Path, link: bool) -> str:
    status = file.stat()
    return f"{'link' if link else 'copy'} {status.st_mtime_ns} {status.st_size} {file}"


def _exists(path: Path) -> bool:
    return path.is_file() or path.is_symlink()


def _write(file: Path, target: Path, compressions: dict[str, Compress], link: bool) -> None:
    """Write a file and its compressed copies."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _exchange(target, lambda part: part.symlink_to(file.resolve()) if link else shutil.copyfile(file, part))
    status = file.stat()
    if not link:
        os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))
    if _is_worth_it(file):
        content = file.read_bytes()
        for suffix, compress in compressions.items():
            packed = compress(content)
            copy = target.with_name(target.name + suffix)
            _exchange(copy, partial(Path.write_bytes, data=packed))
            os.utime(copy, ns=(status.st_mtime_ns, status.st_mtime_ns))


def _exchange(target: Path, write: Callable[[Path], object]) -> None:
    """Put a file in place in one step: a server never sees half of it."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    write(part)
    if not part.is_symlink():
        part.chmod(0o644)  # another user's web server is to read it
    part.replace(target)


def _read_record(target: Path) -> dict[str, str]:
    try:
        record = json.loads((target / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(stamp) for name, stamp in record.items()} if isinstance(record, dict) else {}


def _write_record(target: Path, files: dict[str, str]) -> None:
    text = json.dumps(files, indent=0, sort_keys=True)
    _exchange(target / RECORD, lambda part: part.write_text(text, encoding="utf-8"))


def _remove(target: Path, names: Iterable[str]) -> int:
    """Remove files of an earlier collection, and folders that are empty then."""
    removed = 0
    for name in names:
        path = target / name
        if ".." in Path(name).parts or Path(name).is_absolute():
            continue  # a record that somebody changed leads nowhere else
        path.unlink(missing_ok=True)
        removed += 1
        for folder in path.parents:
            if folder == target or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()
    return removed


@click.command("collect")
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--link", is_flag=True, help="Symbolic links instead of copies.")
def collect_command(target: Path, link: bool) -> None:
    """Write all static files of the site into DIR, for nginx.

    The files of all layers are merged as the site itself would serve them; beside each text file lies a
    compressed copy (.gz, and .br when the package brotli is installed). Run it again after each change:
    only what changed is written, and what is gone is removed.

    \b
    Examples:
      aiocms collect /var/www/mysite/static
      aiocms collect --link var/static
    """
    done = collect(get_plan(), target, link=link)
    click.echo(
        f"{target}: {done.files} files, {done.written} written, {done.removed} removed, "
        f"compressed as {' and '.join(done.compressions)}."
    )


commands = (collect_command,)
