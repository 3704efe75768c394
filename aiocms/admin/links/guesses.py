"""Which fields of a collection hold ids of another one, guessed from names and from a few looked-up values.

A guess is shown as one and never keeps anybody from deleting: only a declared reference has a policy.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bson import DBRef
from pymongo.errors import PyMongoError

from aiocms.admin.known import KnownField, KnownFields
from aiocms.admin.labels import dig, may_have_label
from aiocms.admin.values.rawbson import EXACT

_SAMPLE = 40
_VALUES = 8
_MOST_FIELDS = 40
_MOST_COLLECTIONS = 40
_SECONDS_IN_ALL = 1.5
_ID_NAME = re.compile(r"(?:_ids?|Ids?)$")


class GuessCache:
    """The guesses of a site by collection, kept for a while."""

    def __init__(self, seconds: float = 600.0) -> None:
        self._seconds = seconds
        self._kept: dict[str, tuple[float, dict[str, str]]] = {}

    async def get(self, db: Any, name: str, fields: KnownFields, others: Iterable[str]) -> Mapping[str, str]:
        """Path → collection, at most some minutes old."""
        kept = self._kept.get(name)
        if kept and time.monotonic() - kept[0] < self._seconds:
            return kept[1]
        found = await guess_references(db, name, fields, others)
        if len(self._kept) > 1000:
            self._kept.clear()
        self._kept[name] = (time.monotonic(), found)
        return found


async def guess_references(db: Any, name: str, fields: KnownFields, others: Iterable[str]) -> dict[str, str]:
    """Path → collection for the fields whose values are mostly ids of that collection.

    Parameters:
        others: the collections that may be pointed to.
    """
    collections = list(others)
    wanted = {one.path: _find_named(one, name, collections) for one in fields if _may_refer(one, collections)}
    wanted = dict(list(wanted.items())[:_MOST_FIELDS])
    if not wanted:
        return {}
    try:
        values = await _sample_values(db.get_collection(name, codec_options=EXACT), list(wanted))
    except PyMongoError:
        return {}
    any_id = {path for path in values if fields.fields[path].parsed_types == {"objectId"}}
    order = [*dict.fromkeys(one for path in values for one in wanted[path])]
    if any_id:
        order += [one for one in collections if one not in order][:_MOST_COLLECTIONS]
    latest = time.monotonic() + _SECONDS_IN_ALL
    best: dict[str, tuple[tuple[bool, float], str]] = {}
    for target in order:
        if time.monotonic() > latest:
            break
        paths = [path for path in values if target in wanted[path] or path in any_id]
        collection = db.get_collection(target, codec_options=EXACT)
        hits = await _look_up(collection, [one for path in paths for one in values[path]])
        for path in paths:
            share = sum(one in hits for one in values[path]) / len(values[path])
            rank = (target in wanted[path], share)
            if share >= 0.5 and rank > best.get(path, ((False, 0.0), ""))[0]:
                best[path] = (rank, target)
    return {path: target for path, (_, target) in best.items()}


def _may_refer(one: KnownField, collections: Sequence[str]) -> bool:
    kinds = one.types - {"array", "null", "undefined"}
    if one.path == "_id" or not kinds or kinds & {"object", "date", "bool", "double"}:
        return False
    return kinds == {"objectId"} or bool(_ID_NAME.search(one.path))


def _find_named(one: KnownField, own: str, collections: Sequence[str]) -> list[str]:
    """The collections that the field's name speaks of, those of its own app first."""
    stem = _stem(_ID_NAME.sub("", one.path.rpartition(".")[2]))
    app = own.partition("_")[0]
    named = [name for name in collections if stem and _stem(name.rpartition("_")[2]) == stem]
    named += [name for name in collections if stem and _stem(name) == stem and name not in named]
    return sorted(named, key=lambda name: not name.startswith(f"{app}_"))


def _stem(name: str) -> str:
    """A word without the marks of the plural: `categories` and `category` are one."""
    plain = name.replace("_", "").replace("-", "").lower()
    for ending, single in (("ies", "y"), ("sses", "ss"), ("people", "person"), ("s", "")):
        if plain.endswith(ending) and len(plain) > len(ending) - 1:
            return plain[: -len(ending)] + single
    return plain


async def _sample_values(collection: Any, paths: Sequence[str]) -> dict[str, list[Any]]:
    found: dict[str, dict[Any, None]] = {path: {} for path in paths}
    cursor = collection.find({}, dict.fromkeys(paths, 1), limit=_SAMPLE, max_time_ms=500)
    async for document in cursor:
        for path in paths:
            value = dig(document, path)
            for item in value if isinstance(value, list) else (value,):
                if _is_id(item) and len(found[path]) < _VALUES:
                    found[path][item] = None
    return {path: list(values) for path, values in found.items() if values}


def _is_id(value: Any) -> bool:
    return value != "" and may_have_label(value) and not isinstance(value, DBRef)


async def _look_up(collection: Any, values: Sequence[Any]) -> set[Any]:
    if not values:
        return set()
    try:
        cursor = collection.find({"_id": {"$in": list(values)}}, {"_id": 1}, max_time_ms=200)
        return {row["_id"] async for row in cursor}
    except PyMongoError:
        return set()
