"""What a search asks of a collection: its text index, else beginnings of indexed fields, else a scan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bson import ObjectId

from aiocms.admin.known import KnownField
from aiocms.admin.labels import label_paths
from aiocms.admin.lists.conditions import BadFilter, Span, parse_values
from aiocms.admin.registry import get_registry
from aiocms.admin.store import Store

Way = Literal["text", "prefix", "contains"]


@dataclass(frozen=True, slots=True)
class Search:
    """The filter of a search, how it looks for the words, and in which fields."""

    match: Mapping[str, Any]
    way: Way
    paths: tuple[str, ...] = ()


async def compile_search(store: Store, text: str, large: bool, everywhere: bool = False) -> Search:
    """The filter for what was typed into the search box.

    Only fields whose values are open to the user are looked at, so a search cannot be used to guess others.

    Parameters:
        large: the collection is too large to look through it unasked.
        everywhere: it was asked to look through it, for any part of a text.
    """
    indexes = await get_registry(store.request).indexes(store.collection)
    paths = await search_paths(store)
    if not everywhere and _has_open_text_index(store, indexes):
        return Search({"$text": {"$search": text}}, "text")
    indexed = [path for path in paths if any(next(iter(index["key"]), "") == path for index in indexes)]
    exact = _exact_parts(store, text, await store.fields(), paths)
    if large and indexed and not everywhere:
        parts = [{path: {"$regex": "^" + re.escape(one)}} for path in indexed for one in _spellings(text)]
        return Search({"$or": [*parts, *exact]}, "prefix", tuple(indexed))
    parts = [{path: {"$regex": re.escape(text), "$options": "i"}} for path in paths]
    return Search({"$or": [*parts, *exact]} if parts or exact else {"_id": {"$in": []}}, "contains", paths)


def _spellings(text: str) -> tuple[str, ...]:
    """The text as typed and in the usual cases: an index finds beginnings in exact case only."""
    return tuple(dict.fromkeys((text, text.lower(), text.capitalize(), text.title(), text.upper())))


async def search_paths(store: Store) -> tuple[str, ...]:
    """The text fields that a search looks at: declared, or those that name a document.

    Where nobody has declared anything, other fields of texts too: who searches cannot know which are meant.
    """
    fields = await store.fields()
    declared: Sequence[str] = await store.screen.get("search", store.request)
    if not declared:
        declared = label_paths(await store.screen.get("label", store.request), fields)
        usual = ("title", "name", "email", "username", "slug", "sku")
        declared = (*declared, *(one.path for one in fields if one.path in usual))
        if not (store.screen.declared and declared):
            texts = [one.path for one in fields if "string" in one.types]
            declared = (*declared, *sorted(texts, key=lambda path: path.count(".")))
    return tuple(dict.fromkeys(path for path in declared if fields.find(path)))[:8]


def _has_open_text_index(store: Store, indexes: Sequence[Mapping[str, Any]]) -> bool:
    for index in indexes:
        weights = index.get("weights")
        if isinstance(weights, Mapping):
            return not store.rights.is_limited or all(
                path != "$**" and store.rights.may_name(path) for path in weights
            )
    return False


def _exact_parts(store: Store, text: str, fields: Any, paths: Sequence[str]) -> list[dict[str, Any]]:
    """Equality with numbers and ids that the text can be read as."""
    parts: list[dict[str, Any]] = []
    for path in ("_id", *paths):
        field: KnownField | None = fields.find(path)
        if field is None or not field.types:
            continue
        try:
            values = parse_values(field, text)
        except BadFilter:
            continue
        wanted = [value for value in values if not isinstance(value, Span | bool)]
        if path != "_id":
            wanted = [value for value in wanted if not isinstance(value, str)]
        if wanted:
            parts.append({path: {"$in": wanted}})
    if not any("_id" in part for part in parts) and ObjectId.is_valid(text):
        parts.append({"_id": {"$eq": ObjectId(text)}})
    return parts
