"""``aiocms collect DIR``: every static file of the site in one folder, for nginx."""

from __future__ import annotations

import gzip
import importlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from aiocms.cli.site import get_plan
from aiocms.core.errors import AiocmsError
from aiocms.core.plan import Plan
from aiocms.core.static import StaticFiles

RECORD = ".aiocms-collected.json"
# Source maps are left out: they are the bulk of all bytes, and only developers' tools read them.
COMPRESSIBLE = frozenset((".css", ".js", ".mjs", ".svg", ".json", ".txt", ".xml", ".html", ".ico"))
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
        files = _without_compressed(dict(StaticFiles(plan).iter_all()))
        wanted = dict(_iter_wanted(files, tuple(compressions), link))
        removed = _remove(target, (name for name in before if name not in wanted))
        due = {
            name for name, stamp in wanted.items() if before.get(name) != stamp or not _exists(target / name)
        }
        # Known before they are written: a run that is cut here can be made again.
        _write_record(target, {name: "" if name in due else stamp for name, stamp in wanted.items()})
        changed = {path: [name for name in _name_all(path, compressions) if name in due] for path in files}
        changed = {path: names for path, names in changed.items() if names}
        with ThreadPoolExecutor() as pool:  # compressors work outside of Python's lock
            write = partial(_write, files, target, compressions, link)
            list(pool.map(write, changed, changed.values()))
        _write_record(target, wanted)
    except OSError as error:
        place = error.filename or target
        raise AiocmsError(
            f"{place} cannot be written: {error.strerror or error}. Choose another folder."
        ) from error
    return Collected(len(files), len(changed), removed, tuple(compressions))


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
    # 10 of 11: three per cent larger, three times as fast.
    yield ".br", lambda content: bytes(brotli.compress(content, quality=10))


def _without_compressed(files: dict[str, Path]) -> dict[str, Path]:
    """The files less the compressed copies that packages bring along (htmx does).

    One of those may be the copy of a file that a higher layer overrides; ours is always of the winner.
    """
    return {
        path: file
        for path, file in files.items()
        if not (path.endswith((".gz", ".br")) and path.rpartition(".")[0] in files)
    }


def _iter_wanted(files: dict[str, Path], suffixes: tuple[str, ...], link: bool) -> Iterator[tuple[str, str]]:
    """The names that the folder is to hold, each with a stamp that changes with the file it comes from."""
    for path, file in files.items():
        status = file.stat()
        stamp = f"{status.st_mtime_ns} {status.st_size} {file}"
        yield path, f"{'link' if link else 'copy'} {stamp}"
        if _is_worth_it(file):
            yield from ((path + suffix, stamp) for suffix in suffixes)


def _name_all(path: str, suffixes: Iterable[str]) -> tuple[str, ...]:
    return (path, *(path + suffix for suffix in suffixes))


def _is_worth_it(file: Path) -> bool:
    return file.suffix.lower() in COMPRESSIBLE and file.stat().st_size >= _SMALL


def _exists(path: Path) -> bool:
    return path.is_file() or path.is_symlink()


def _write(
    files: dict[str, Path],
    target: Path,
    compressions: dict[str, Compress],
    link: bool,
    path: str,
    names: Iterable[str],
) -> None:
    """Write those of a static file and its compressed copies that ``names`` holds."""
    file = files[path]
    modified = file.stat().st_mtime_ns
    for name in names:
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if name != path:
            _exchange(copy, partial(_write_compressed, compressions[name.removeprefix(path)], file))
        elif link:
            _exchange(copy, lambda part: part.symlink_to(file.resolve()))
            continue
        else:
            _exchange(copy, partial(shutil.copyfile, file))
        os.utime(copy, ns=(modified, modified))


def _write_compressed(compress: Compress, file: Path, part: Path) -> None:
    part.write_bytes(compress(file.read_bytes()))


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
