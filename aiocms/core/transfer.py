"""Documents from a collection into lines, and from lines into a collection, in batches.

No more than one batch is in memory, however many documents there are.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from bson.objectid import ObjectId
from bson.raw_bson import RawBSONDocument
from pymongo import InsertOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, CollectionInvalid, InvalidName, OperationFailure

from aiocms.core.errors import AiocmsError, find_nearest
from aiocms.core.extjson import EXACT, BadLine, encode, from_line, to_line
from aiocms.core.mongo_blocking import BlockingDatabase

BATCH_DOCUMENTS = 1000
BATCH_BYTES = 8 * 1024 * 1024
MAX_LINE = 256 * 1024 * 1024
SHOWN = 5

Advance = Callable[[int], None]


@dataclass(slots=True)
class Imported:
    """What came of an import.

    Parameters:
        stored: documents that are in the collection now.
        duplicates: documents whose ``_id`` or other unique value was there already.
        refused: documents that MongoDB did not take for another reason.
        complaints: the first few of both, each with its line.
    """

    stored: int = 0
    duplicates: int = 0
    refused: int = 0
    complaints: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Exported:
    """What came of an export.

    Parameters:
        written: documents written.
        inexact: how many of them hold what Extended JSON cannot say exactly.
        first_inexact: the ``_id`` of the first of these.
    """

    written: int = 0
    inexact: int = 0
    first_inexact: Any = None


def import_lines(
    db: BlockingDatabase,
    name: str,
    stream: BinaryIO,
    *,
    upsert: bool = False,
    drop: bool = False,
    advance: Advance | None = None,
) -> Imported:
    """Store each line of the stream as a document of the collection.

    Parameters:
        upsert: a document whose ``_id`` is there replaces the stored one, instead of counting as duplicate.
        drop: the lines replace all documents, at once and at the end: when a line is bad, a document is
            refused or the program dies, the collection is as it was. Indexes and options stay.
        advance: called with the number of lines of each batch.
    Raises:
        BadLine: a line is not a document; its text begins with the line's number. What came before it is
            stored, unless ``drop`` was given.
        AiocmsError: the collection cannot be written to in this way.
    """
    collection = get_collection(db, name)
    if not drop:
        return _import_into(collection, stream, upsert, advance)
    draft = _make_draft(db, collection)
    try:
        imported = _import_into(draft, stream, upsert, advance)
        if imported.duplicates or imported.refused:
            imported.stored = 0
        else:
            draft.rename(name, dropTarget=True)
        return imported
    finally:
        db.drop_collection(draft.name)


def export_lines(
    db: BlockingDatabase,
    name: str,
    write: Callable[[bytes], Any],
    *,
    query: dict[str, Any] | None = None,
    advance: Advance | None = None,
) -> Exported:
    """Write each document of the collection, ordered by ``_id``, as a line.

    Raises:
        AiocmsError: there is no such collection.
    """
    collection = get_collection(db, name)
    names = db.list_collection_names()
    if name not in names:
        nearest = find_nearest(name, names)
        hint = f"; did you mean {nearest!r}?" if nearest else ""
        raise AiocmsError(f"The database {db.name!r} has no collection {name!r}{hint}")
    exported = Exported()
    batches = collection.find_raw_batches(query or {}, sort=[("_id", 1)], batch_size=BATCH_DOCUMENTS)
    for batch in batches:
        lines = []
        for raw in _iter_raw(cast(bytes, batch)):
            line, exact = to_line(raw)
            lines.append(line)
            if not exact:
                exported.inexact += 1
                if exported.inexact == 1:
                    exported.first_inexact = _get_id(line)
        write("".join(f"{line}\n" for line in lines).encode("utf-8"))
        exported.written += len(lines)
        if advance:
            advance(len(lines))
    return exported


def get_collection(db: BlockingDatabase, name: str) -> Collection[dict[str, Any]]:
    """The collection of a name that somebody typed.

    Raises:
        AiocmsError: MongoDB allows no such name.
    """
    try:
        if name.startswith("system."):
            raise InvalidName("names with 'system.' are MongoDB's own")
        if len(f"{db.name}.{name}".encode()) > 255:
            raise InvalidName("it is longer than MongoDB allows")
        return db.get_collection(name, codec_options=EXACT)
    except (InvalidName, UnicodeError) as error:
        raise AiocmsError(f"{name!r} cannot be the name of a collection: {error}") from error


def _import_into(
    collection: Collection[dict[str, Any]], stream: BinaryIO, upsert: bool, advance: Advance | None
) -> Imported:
    imported = Imported()
    for batch in _iter_batches(_iter_documents(stream, imported)):
        _store(collection, batch, upsert, imported)
        if advance:
            advance(len(batch))
    return imported


@dataclass(frozen=True, slots=True)
class _Parsed:
    line: int
    id: Any
    raw: bytes


def _iter_documents(stream: BinaryIO, imported: Imported) -> Iterator[_Parsed]:
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            if len(line) == MAX_LINE:
                raise BadLine("longer than a document can be")
            document = from_line(line)
            if "_id" not in document:
                document = {"_id": ObjectId(), **document}
            yield _Parsed(number, document["_id"], encode(document))
        except BadLine as error:
            raise _BadLineAt(number, str(error)) from error


class _BadLineAt(BadLine):
    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"line {number}: {reason}")


def _iter_batches(documents: Iterable[_Parsed]) -> Iterator[list[_Parsed]]:
    """Batches bounded in number and size; what came before a bad line is given before the error is raised."""
    batch: list[_Parsed] = []
    size = 0
    try:
        for document in documents:
            batch.append(document)
            size += len(document.raw)
            if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
    except BadLine:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _store(
    collection: Collection[dict[str, Any]], batch: list[_Parsed], upsert: bool, imported: Imported
) -> None:
    operations: list[InsertOne[Any] | ReplaceOne[Any]] = []
    for one in batch:
        document = RawBSONDocument(one.raw)
        # $eq: an _id that is a regular expression or holds a $-key must not act as a query.
        operations.append(
            ReplaceOne({"_id": {"$eq": one.id}}, document, upsert=True) if upsert else InsertOne(document)
        )
    try:
        collection.bulk_write(operations, ordered=False)
        imported.stored += len(batch)
    except BulkWriteError as error:
        failures = error.details.get("writeErrors", [])
        if not failures:
            raise
        imported.stored += len(batch) - len(failures)
        for failure in failures:
            _note(imported, batch[failure["index"]].line, failure)


def _note(imported: Imported, line: int, failure: dict[str, Any]) -> None:
    if failure.get("code") == 11000:
        imported.duplicates += 1
        shared = ", ".join(f"{key} {value!r}" for key, value in (failure.get("keyValue") or {}).items())
        text = f"line {line}: there is a document with {shared}"
    else:
        imported.refused += 1
        text = f"line {line}: {failure.get('errmsg')}"
    if len(imported.complaints) < SHOWN:
        imported.complaints.append(text[:300])


def _make_draft(db: BlockingDatabase, collection: Collection[dict[str, Any]]) -> Collection[dict[str, Any]]:
    """An empty collection with the options and indexes of the given one, to take its name in the end."""
    draft = db.get_collection(f"{collection.name[:180]}.import-{secrets.token_hex(4)}", codec_options=EXACT)
    found = next(iter(db.list_collections(filter={"name": collection.name})), None)
    if found and found["type"] != "collection":
        raise AiocmsError(f"{collection.name!r} is a {found['type']}; --drop works on plain collections only")
    try:
        db.create_collection(draft.name, **(found["options"] if found else {}))
        for index in collection.list_indexes() if found else ():
            if index["name"] != "_id_":
                spec = {key: value for key, value in index.items() if key not in ("v", "ns")}
                db.command("createIndexes", draft.name, indexes=[spec])
    except (OperationFailure, CollectionInvalid) as error:
        db.drop_collection(draft.name)
        raise AiocmsError(f"{collection.name!r} cannot be replaced: {error}") from error
    return draft


def _get_id(line: str) -> Any:
    try:
        return from_line(line.encode("utf-8")).get("_id")
    except BadLine:
        return line[:80]


def _iter_raw(batch: bytes) -> Iterator[bytes]:
    """The documents of a raw batch, as bytes."""
    view = memoryview(batch)
    start = 0
    while start < len(view):
        size = int.from_bytes(view[start : start + 4], "little")
        yield bytes(view[start : start + size])
        start += size
