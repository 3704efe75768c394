"""Where files are used. References are looked up, never counted: a counter is wrong after the first crash.

Declared are the file fields of screens' forms, the widgets "file" and "image" of inferred ones, and what an
app without screens says in its ``models.py``: ``files = {"blog_posts": ("cover", "gallery.file")}``.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import wtforms
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.raw_bson import RawBSONDocument

from aiocms.core.mongo import Database
from aiocms.core.plan import Plan
from aiocms.files.intake import Wanted
from aiocms.files.models import BLOBS, CHUNKS, FILES, THUMBS
from aiocms.files.receive import find_paths_in_form

_TIME_MS = 5000
# A document of a site may hold what the driver refuses to decode: far dates, texts that are no UTF-8.
_ANY: Any = CodecOptions(
    tz_aware=True,
    datetime_conversion=DatetimeConversion.DATETIME_AUTO,
    unicode_decode_error_handler="replace",
)
_RAW: Any = _ANY.with_options(document_class=RawBSONDocument)
_MENTION = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_OWN = frozenset((FILES, THUMBS, BLOBS, CHUNKS))


@dataclass(frozen=True, slots=True)
class Use:
    """Documents of a collection that name a file.

    Parameters:
        ids: of the first of them.
        more: there are others.
    """

    collection: str
    path: str
    ids: tuple[Any, ...]
    more: bool = False


def list_paths(plan: Plan) -> list[tuple[str, str]]:
    """Every declared place of files: collection and dotted path."""
    found: dict[tuple[str, str], None] = {}
    widgets = _list_widgets(plan)
    for screen in plan.screens.values():
        collection = str(getattr(screen, "collection", ""))
        for path in (*_iter_widget_paths(screen, widgets), *_iter_form_paths(screen)):
            found[collection, path] = None
    for loaded in plan.modules.get("models", ()):
        for collection, paths in dict(getattr(loaded.module, "files", {}) or {}).items():
            for path in (paths,) if isinstance(paths, str) else paths:
                found[str(collection), str(path)] = None
    return list(found)


async def find_uses(db: Database, plan: Plan, identity: str, limit: int = 5) -> list[Use]:
    """The documents that name a file in a declared place."""
    uses = []
    for collection, path in list_paths(plan):
        cursor = db.get_collection(collection, codec_options=_ANY).find(
            {path: {"$eq": identity}}, {"_id": 1}, limit=limit + 1
        )
        ids = [one["_id"] async for one in cursor.max_time_ms(_TIME_MS)]
        if ids:
            uses.append(Use(collection, path, tuple(ids[:limit]), len(ids) > limit))
    return uses


async def find_mentions(
    db: Database, wanted: Collection[bytes], *, skip: Collection[str] = ()
) -> dict[bytes, tuple[str, Any]]:
    """Of these ids those that stand anywhere in the database: in any field, a text, the history of changes.

    Every document is read once, as bytes; the ids are long enough to be found in them.

    Parameters:
        skip: collections that do not count.

    Returns:
        For each id that was found the collection and the ``_id`` of a document.
    """
    found: dict[bytes, tuple[str, Any]] = {}
    async for name in _iter_collections(db):
        if name in skip:
            continue
        cursor = db.get_collection(name, codec_options=_RAW).find({}, batch_size=500)
        async for document in cursor:
            for match in _MENTION.finditer(document.raw):
                if match.group() in wanted and match.group() not in found:
                    found[match.group()] = (name, document.get("_id"))
            if len(found) == len(wanted):
                return found
    return found


async def _iter_collections(db: Database) -> AsyncIterator[str]:
    async for one in await db.list_collections():
        name = str(one["name"])
        if one.get("type") == "collection" and name not in _OWN and not name.startswith("system."):
            yield name


def _list_widgets(plan: Plan) -> frozenset[str]:
    """The names of the widgets that hold files."""
    declared = [
        one for loaded in plan.modules.get("admin", ()) for one in getattr(loaded.module, "widgets", ())
    ]
    return frozenset(str(one.name) for one in declared if isinstance(getattr(one, "wanted", None), Wanted))


def _iter_widget_paths(screen: type, widgets: frozenset[str]) -> Iterator[str]:
    for path, name in dict(getattr(screen, "widgets", {}) or {}).items():
        if name in widgets:
            yield path


def _iter_form_paths(screen: type) -> Iterator[str]:
    form = getattr(screen, "form", None)
    if isinstance(form, type) and issubclass(form, wtforms.Form):
        yield from find_paths_in_form(form)
