"""Whether a document would be refused by a unique index, asked before it is written.

Only the write itself knows for certain: two people may save the same value at one moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo.errors import OperationFailure

from aiocms.admin.forms.opened import Opened
from aiocms.admin.registry import get_registry
from aiocms.admin.store import open_collection
from aiocms.admin.values import paths
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import ARRAY, RAW, Value
from aiocms.admin.writes.refusals import TAKEN

_MOST_MS = 1000


async def find_taken(opened: Opened, document: Value) -> dict[Path, str]:
    """The fields whose values another document has already, by the unique indexes of the collection."""
    collection = open_collection(opened.request, opened.screen.collection)
    found: dict[Path, str] = {}
    for index in await get_registry(opened.request).indexes(collection):
        keys = [str(key) for key in index.get("key", {})]
        if not index.get("unique") or keys == ["_id"] or any(key.startswith("$") for key in keys):
            continue
        known = [tuple(key.split(".")) for key in keys]
        if all(path in found for path in known):
            continue
        values = [_find(document, path) for path in known]
        if all(value is None for value in values) or any(_is_list(document, path) for path in known):
            continue
        if index.get("sparse") and None in values:
            continue
        if await _is_taken(opened, index, keys, values, document):
            found |= {path: TAKEN for path, value in zip(known, values, strict=True) if value is not None}
    return found


async def _is_taken(
    opened: Opened, index: Mapping[str, Any], keys: list[str], values: list[Value | None], document: Value
) -> bool:
    null = Value.of(None)
    parts = [(key, Value.object((("$eq", value or null),))) for key, value in zip(keys, values, strict=True)]
    if opened.identity is not None:
        parts.append(("_id", Value.object((("$ne", opened.identity),))))
    query: Any = RawBSONDocument(Value.object(parts).raw, RAW)
    partial = index.get("partialFilterExpression")
    try:
        if partial is not None:
            if not await _is_covered(opened, partial, document):
                return False
            query = {"$and": [query, partial]}
        cursor = opened.door.raw.find(query, {"_id": 1}, limit=1, max_time_ms=_MOST_MS)
        if "collation" in index:
            cursor = cursor.collation(dict(index["collation"]))
        return bool([one async for one in cursor])
    except OperationFailure:
        # A hint while typing must not fail the page; the save asks again.
        return False


async def _is_covered(opened: Opened, partial: Any, document: Value) -> bool:
    """Whether a partial index would hold the document."""
    pipeline = [{"$documents": [{"$literal": RawBSONDocument(document.raw, RAW)}]}, {"$match": partial}]
    # Counted, so that nothing of the document comes back to be decoded.
    pipeline.append({"$count": "n"})
    return bool([one async for one in opened.door.db.aggregate(pipeline, maxTimeMS=_MOST_MS)])


def _find(document: Value, path: Path) -> Value | None:
    return paths.find(document, path)


def _is_list(document: Value, path: Path) -> bool:
    """Whether a list is on the way: its index holds the items, not the list."""
    heads = (paths.find(document, path[:end]) for end in range(1, len(path) + 1))
    return any(one is not None and one.code == ARRAY for one in heads)
