"""`aiocms import` and `aiocms export`: a collection as lines of canonical Extended JSON."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, cast

import click
from pymongo.errors import PyMongoError

from aiocms.cli.site import get_plan
from aiocms.core.errors import AiocmsError
from aiocms.core.extjson import BadLine, from_line
from aiocms.core.mongo_away import first_words
from aiocms.core.mongo_blocking import open_blocking
from aiocms.core.transfer import Imported, export_lines, get_collection, import_lines


@click.command("import")
@click.argument("collection")
@click.argument("file")
@click.option("--upsert", is_flag=True, help="Replace stored documents that have the same _id.")
@click.option(
    "--drop", is_flag=True, help="Replace the whole collection, at once and only when every line was good."
)
def import_(collection: str, file: str, upsert: bool, drop: bool) -> None:
    """Store the lines of FILE as documents of COLLECTION.

    FILE holds a document a line, as Extended JSON; .gz is unpacked, - is standard input.

    \b
    Examples:
      aiocms import movies movies.json
      aiocms import movies movies.json.gz --drop
      zcat movies.json.gz | aiocms import movies - --upsert
    """
    with _readable_errors(), ExitStack() as stack:
        settings = get_plan().settings
        stream, position, size = _open_for_reading(file, stack)
        db = stack.enter_context(open_blocking(settings))
        bar = stack.enter_context(_show_progress(f"Importing {collection}", size))
        done = 0

        def advance(_count: int) -> None:
            nonlocal done
            now = position()
            bar(now - done)
            done = now

        try:
            result = import_lines(db, collection, stream, upsert=upsert, drop=drop, advance=advance)
        except BadLine as error:
            kept = "Nothing was changed." if drop else "The lines before it were imported."
            raise AiocmsError(f"{file}, {error}. {kept}") from error
    _report_import(collection, file, result, drop)


@click.command("export")
@click.argument("collection")
@click.argument("file", default="-")
@click.option("--query", metavar="JSON", help="Only documents that match this filter, as Extended JSON.")
def export(collection: str, file: str, query: str | None) -> None:
    """Write the documents of COLLECTION to FILE, one a line, as canonical Extended JSON.

    `aiocms import` brings every BSON type back exactly. FILE.gz is packed; - is standard output.

    \b
    Examples:
      aiocms export movies movies.json.gz
      aiocms export movies --query '{"year": {"$gte": 2000}}' | head
    """
    with _readable_errors(), ExitStack() as stack:
        settings = get_plan().settings
        wanted = _parse_query(query)
        db = stack.enter_context(open_blocking(settings))
        found = get_collection(db, collection)
        size = found.count_documents(wanted) if wanted else found.estimated_document_count()
        with _open_for_writing(file) as write, _show_progress(f"Exporting {collection}", size) as bar:
            result = export_lines(db, collection, write, query=wanted, advance=bar)
    click.echo(f"Exported {result.written:,} documents of {collection}.", err=True)
    if result.inexact:
        click.echo(
            f"{result.inexact:,} of them hold what Extended JSON cannot say exactly (deprecated types, "
            f"broken text or $-keys); the first has _id {result.first_inexact!r}.",
            err=True,
        )
        sys.exit(1)


def _report_import(collection: str, file: str, result: Imported, drop: bool) -> None:
    click.echo(f"Imported {result.stored:,} documents into {collection}.", err=True)
    if not (result.duplicates or result.refused):
        return
    for complaint in result.complaints:
        click.echo(f"  {file}, {complaint}", err=True)
    left = result.duplicates + result.refused
    more = left - len(result.complaints)
    if more:
        click.echo(f"  … and {more:,} more", err=True)
    hint = " (--upsert replaces stored documents of the same _id)" if result.duplicates and not drop else ""
    kept = f" {collection} was left as it is." if drop else ""
    lost = f"{result.duplicates:,} duplicates and {result.refused:,} others"
    click.echo(f"{lost} were not stored{hint}.{kept}", err=True)
    sys.exit(1)


def _open_for_reading(file: str, stack: ExitStack) -> tuple[BinaryIO, Callable[[], int], int | None]:
    """The stream of a file, a function that tells how much of it is read, and its size."""
    if file == "-":
        return sys.stdin.buffer, lambda: 0, None
    try:
        raw = stack.enter_context(Path(file).open("rb"))
    except OSError as error:
        raise AiocmsError(f"{file!r} cannot be read: {error.strerror}") from error
    size = os.fstat(raw.fileno()).st_size
    stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if file.endswith(".gz") else raw
    return stream, raw.tell, size


@contextmanager
def _open_for_writing(file: str) -> Iterator[Callable[[bytes], Any]]:
    """A function that writes to the file; the file appears whole or not at all."""
    if file == "-":
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("wb") as raw:
            packed: Any = (
                gzip.GzipFile(path.name, "wb", fileobj=raw, mtime=0) if file.endswith(".gz") else None
            )
            with packed or nullcontext():
                yield packed.write if packed else raw.write
        draft.replace(path)
    except OSError as error:
        raise AiocmsError(f"{file!r} cannot be written: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _show_progress(label: str, length: int | None) -> Iterator[Callable[[int], None]]:
    """A function that moves a progress bar; the bar is there on a terminal only, for a known length."""
    if not length or not sys.stderr.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def _parse_query(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        return from_line(text.encode("utf-8", "surrogateescape"))
    except BadLine as error:
        raise AiocmsError(f"--query: {error}") from error


@contextmanager
def _readable_errors() -> Iterator[None]:
    try:
        yield
    except PyMongoError as error:
        raise AiocmsError(f"The database refused: {first_words(error)}") from error
    except (EOFError, gzip.BadGzipFile) as error:
        raise AiocmsError(f"The file is no good gzip file: {error}") from error


commands = (import_, export)
