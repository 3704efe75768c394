"""The fields of a collection as a bounded sample of its documents shows them, kept for a while."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo.errors import OperationFailure

from aiocms.admin.known import KnownField, KnownFields
from aiocms.admin.lists.cells import is_day
from aiocms.admin.values.bsontypes import type_name

MOST_DOCUMENTS = 100
MOST_BYTES = 4_000_000
MOST_PATHS = 2_000
DEEPEST = 6
MAP_KEYS = 60
"""An object with more different keys than this has free keys: they are data, not fields."""

_LONGEST_NAME = 80


@dataclass(slots=True)
class _Seen:
    types: set[str] = field(default_factory=set)
    array_at: str = ""
    documents: int = 0
    keys: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    dates: int = 0
    days: int = 0


class Sampler:
    """Known fields by collection; one for a site."""

    def __init__(self, seconds: float = 60.0) -> None:
        self._seconds = seconds
        self._kept: dict[str, tuple[float, KnownFields]] = {}

    async def get(self, collection: Any) -> KnownFields:
        """The fields of a collection, from a sample at most a minute old."""
        kept = self._kept.get(collection.name)
        if kept and time.monotonic() - kept[0] < self._seconds:
            return kept[1]
        fields = await sample_fields(collection)
        if len(self._kept) > 1000:
            self._kept.clear()
        self._kept[collection.name] = (time.monotonic(), fields)
        return fields

    def forget(self, name: str) -> None:
        """Look at the documents again next time."""
        self._kept.pop(name, None)


async def sample_fields(collection: Any) -> KnownFields:
    """The fields that some of the documents have: the oldest, and others by chance."""
    seen: dict[str, _Seen] = {}
    count = size = 0
    for cursor in _open_cursors(collection):
        try:
            async for document in cursor:
                count, size = count + 1, size + len(document.raw)
                _look(document, "", "", 0, seen, set())
                if size > MOST_BYTES:
                    break
        except OperationFailure:
            continue  # too slow, or a view that cannot be sampled: what the other way shows must do
        finally:
            await cursor.close()
    return KnownFields(
        {path: _describe(path, one, count) for path, one in seen.items() if _is_field(path, seen)}
    )


def fields_of(documents: Iterable[Mapping[str, Any]]) -> KnownFields:
    """The fields that these documents have."""
    seen: dict[str, _Seen] = {}
    count = 0
    for document in documents:
        count += 1
        _look(document, "", "", 0, seen, set())
    return KnownFields(
        {path: _describe(path, one, count) for path, one in seen.items() if _is_field(path, seen)}
    )


def _open_cursors(collection: Any) -> list[Any]:
    raw = collection.with_options(
        codec_options=collection.codec_options.with_options(document_class=RawBSONDocument)
    )
    return [
        raw.find({}, limit=MOST_DOCUMENTS // 2, batch_size=10, max_time_ms=2000),
        raw.aggregate([{"$sample": {"size": MOST_DOCUMENTS // 2}}], maxTimeMS=2000, batchSize=10),
    ]


def _look(
    value: Mapping[str, Any], at: str, array_at: str, depth: int, seen: dict[str, _Seen], here: set[str]
) -> None:
    for key, item in value.items():
        if not key or "." in key or key.startswith("$") or "\0" in key:
            continue  # cannot be named by a path
        if at:
            seen[at].keys.add(key)
            if len(seen[at].keys) > MAP_KEYS:
                return
        path = f"{at}.{key}" if at else key
        if path not in seen and len(seen) >= MOST_PATHS:
            continue
        one = seen.setdefault(path, _Seen())
        if path not in here:
            here.add(path)
            one.documents += 1
        one.array_at = array_at or one.array_at
        _look_at(item, path, array_at, depth, seen, here)


def _look_at(item: Any, path: str, array_at: str, depth: int, seen: dict[str, _Seen], here: set[str]) -> None:
    one = seen[path]
    if isinstance(item, list):
        one.types.add("array")
        one.array_at = path
        for inner in item[:20]:
            if not isinstance(inner, list):
                _look_at(inner, path, path, depth, seen, here)
    elif isinstance(item, Mapping):
        one.types.add("object")
        if depth < DEEPEST:
            _look(item, path, array_at, depth + 1, seen, here)
    else:
        one.types.add(type_name(item))
        if isinstance(item, datetime):
            one.dates += 1
            one.days += is_day(item)
        if type(item) is str and depth == 0 and len(item) <= _LONGEST_NAME:
            one.texts.add(item)


def _is_field(path: str, seen: dict[str, _Seen]) -> bool:
    parts = path.split(".")
    return not any(len(seen[".".join(parts[:end])].keys) > MAP_KEYS for end in range(1, len(parts)))


def _describe(path: str, one: _Seen, count: int) -> KnownField:
    return KnownField(
        path,
        frozenset(one.types),
        one.array_at,
        share=one.documents / max(count, 1),
        is_day=one.days * 2 > one.dates,
        is_naming=one.types == {"string"} and one.documents >= 0.95 * count and _is_naming(one, count),
    )


def _is_naming(one: _Seen, count: int) -> bool:
    readable = [text for text in one.texts if " " in text.strip() or (text.isalpha() and len(text) < 24)]
    # The two ways of sampling find some documents twice.
    return len(one.texts) >= max(3, 0.45 * count) and len(readable) >= 0.6 * len(one.texts)
