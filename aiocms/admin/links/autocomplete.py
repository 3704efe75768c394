"""The documents that a reference may point to, as a person types: by label, by id, never by a silent scan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pymongo.errors import ExecutionTimeout, OperationFailure

from aiocms.admin.fallback import template_names
from aiocms.admin.known import KnownFields
from aiocms.admin.labels import dig, label_of, label_paths
from aiocms.admin.lists.search import search_paths
from aiocms.admin.registry import get_registry, get_screen
from aiocms.admin.store import Store, make_projection, open_store
from aiocms.admin.values.bsontypes import decode_id, encode_id
from aiocms.core import keys
from aiocms.core.i18n import N_
from aiocms.core.templates import templ

MOST = 20
LONGEST = 200
_TIME_MS = 1000
_PLACE = re.compile(r"\{([^{}]+)\}")
# Compared without regard to case, so that a range of keys finds every spelling.
_CASELESS = (1, 2)

UNINDEXED = N_("Too many documents to look through, and no index on %(paths)s. Type the exact id.")
SLOW = N_("The search took too long and was stopped. Type more, or the exact id.")


@dataclass(frozen=True, slots=True)
class Option:
    """One document that may be chosen: its `_id` as text for inputs and addresses, and its label."""

    id: str
    label: str


@dataclass(slots=True)
class Found:
    """What a search for a reference gave; `note` says what it could not do."""

    options: list[Option] = field(default_factory=list)
    more: bool = False
    note: str = ""
    paths: tuple[str, ...] = ()


@dataclass(slots=True)
class _Work:
    """One search: who looks where, and what was found so far."""

    store: Store
    label: str
    paths: tuple[str, ...]
    searched: tuple[str, ...]
    indexes: Sequence[Mapping[str, Any]]
    large: bool
    size: int
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    slow: bool = False

    async def take(
        self,
        match: Mapping[str, Any],
        sort: Sequence[tuple[str, int]] = (),
        collation: Mapping[str, Any] | None = None,
    ) -> None:
        """Add the documents of the scope that match; what takes too long is given up."""
        parts = [dict(part) for part in (self.store.scope, match) if part]
        query = {"$and": parts} if len(parts) > 1 else parts[0] if parts else {}
        projection = make_projection((*self.paths, *self.searched, "_id"))
        options: dict[str, Any] = {"limit": self.size + 1, "max_time_ms": _TIME_MS}
        chosen = collation or self.store.collation
        try:
            cursor = self.store.collection.find(query, projection, **options)
            cursor = cursor.collation(chosen) if chosen else cursor
            async for row in cursor.sort(list(sort)) if sort else cursor:
                self.rows.setdefault(encode_id(row["_id"]), row)
        except ExecutionTimeout:
            self.slow = True
        except OperationFailure:
            return

    @property
    def is_full(self) -> bool:
        return len(self.rows) > self.size

    def describe(self, row: Mapping[str, Any]) -> str:
        return label_of(self.store.rights.prune(row), self.label, self.paths)

    def names_of(self, row: Mapping[str, Any]) -> set[str]:
        """What the document is called by each of the fields that are searched."""
        values = (dig(row, path) for path in self.searched)
        return {" ".join(one.split()).casefold() for one in values if isinstance(one, str)}

    def index_of(self, path: str) -> Mapping[str, Any] | None:
        """An index that a search for beginnings of the path can use."""
        usable = (
            one
            for one in self.indexes
            if next(iter(one["key"]), "") == path
            and one["key"][path] in (1, -1)
            and not one.get("hidden")
            and not one.get("partialFilterExpression")
        )
        return next(usable, None)


async def suggest(request: web.Request) -> web.StreamResponse:
    """The options of a combobox for what was typed so far (`q`), as a part of a page."""
    screen = await get_screen(request)
    store = await open_store(request, screen)
    text = request.query.get("q", "")[:LONGEST].strip()
    found = await find_options(store, text)
    values = {"screen": screen, "found": found, "text": text}
    return templ(template_names(screen, "suggest"), request, values)


async def find_options(store: Store, text: str, size: int = MOST) -> Found:
    """The documents whose id is the text, or whose label begins with it or holds it.

    In a large collection only indexes are used: text index, beginnings of indexed label fields.
    """
    work = await _begin(store, size)
    if not text:
        await _take_first(work)
    else:
        await _take_ids(work, text)
        await (_take_indexed if work.large else _take_all)(work, text)
    found = Found(paths=work.paths)
    rows = list(work.rows.items())
    found.more = len(rows) > size
    found.options = [Option(key, work.describe(row)) for key, row in rows[:size]]
    if text and work.large and not found.options and not _has_way(work):
        found.note = UNINDEXED
    elif work.slow:
        found.note = SLOW
    return found


async def find_exact(store: Store, text: str) -> list[Option]:
    """The documents that are called exactly so, whatever the case of the letters; at most a few."""
    work = await _begin(store, MOST)
    await _take_label(work, text)
    plain = " ".join(text.split())
    found = [(Option(key, work.describe(row)), row) for key, row in work.rows.items()]
    exact = [one for one, _ in found if one.label == plain]
    whole = [one for one, _ in found if one.label.casefold() == plain.casefold()]
    # Of a label of several fields one is enough: "Ann Lee" for "Ann Lee (1950)".
    part = [one for one, row in found if plain.casefold() in work.names_of(row)]
    return exact or whole or part


async def find_by_id(store: Store, text: str) -> Option | None:
    """The document whose `_id` is the text; its `_id` comes back in the type that is stored."""
    work = await _begin(store, 1)
    await _take_ids(work, text)
    return next((Option(key, work.describe(row)) for key, row in work.rows.items()), None)


def read_id(text: str) -> Any:
    """The `_id` that a text in a reference's input names; None when it can be none.

    A plain text is an id of that text: whether there is such a document is another question.
    """
    try:
        return decode_id(text)
    except ValueError:
        return None


async def _begin(store: Store, size: int) -> _Work:
    request = store.request
    registry = get_registry(request)
    label = await store.screen.get("label", request)
    fields = await store.fields()
    shown = label_paths(label, KnownFields() if label else fields)
    texts = [path for path in (*shown, *await search_paths(store)) if _is_text(fields, path)]
    large = int(request.app[keys.SETTINGS].admin_large_collection)
    count = await store.collection.estimated_document_count(maxTimeMS=_TIME_MS)
    indexes = await registry.indexes(store.collection)
    searched = tuple(dict.fromkeys(texts))[:6]
    return _Work(store, label, tuple(shown), searched, indexes, count > large, size)


def _is_text(fields: KnownFields, path: str) -> bool:
    known = fields.find(path)
    return known is not None and "string" in known.parsed_types


async def _take_first(work: _Work) -> None:
    """What there is before anything is typed: in the order of the label where that costs nothing."""
    path = next(iter(work.searched), "")
    if path and (not work.large or work.index_of(path) is not None):
        await work.take({}, [(path, 1)])
    else:
        await work.take({}, [("_id", -1)])


async def _take_ids(work: _Work, text: str) -> None:
    identity = read_id(text)
    if identity is not None:
        await work.take({"_id": {"$eq": identity}})
    if text.isascii() and text.lstrip("-").isdigit() and len(text) < 19:
        await work.take({"_id": {"$eq": int(text)}})


async def _take_all(work: _Work, text: str) -> None:
    """Beginnings first, then whatever holds the text; the collection is small enough to be looked through."""
    for pattern in ("^" + re.escape(text), re.escape(text)):
        if work.searched and not work.is_full:
            parts = [{path: {"$regex": pattern, "$options": "i"}} for path in work.searched]
            await work.take({"$or": parts}, [(work.searched[0], 1)])


async def _take_indexed(work: _Work, text: str) -> None:
    for path in work.searched:
        index = work.index_of(path)
        if index is None or work.is_full:
            continue
        collation = index.get("collation")
        if collation is None:
            parts = [{path: {"$regex": "^" + re.escape(one)}} for one in _spellings(text)]
            await work.take({"$or": parts})
        elif collation.get("strength") in _CASELESS:
            span = {"$gte": text, "$lt": text + "\U0010ffff"}
            await work.take({path: span}, [(path, 1)], collation)
    if _has_text_index(work) and not work.is_full:
        await work.take({"$text": {"$search": text}})


async def _take_label(work: _Work, text: str) -> None:
    """Documents that may be called so: by equality where an index serves it or the collection is small."""
    for path, part in _split_label(work, text):
        index = work.index_of(path)
        collation = index.get("collation") if index else None
        if collation and collation.get("strength") in _CASELESS:
            await work.take({path: {"$eq": part}}, (), collation)
        elif index is not None:
            await work.take({path: {"$in": _spellings(part)}})
        elif not work.large:
            await work.take({path: {"$regex": f"^\\s*{re.escape(part)}\\s*$", "$options": "i"}})
    if work.large and not work.rows and _has_text_index(work):
        await work.take({"$text": {"$search": '"' + text.replace('"', " ") + '"'}})


def _split_label(work: _Work, text: str) -> list[tuple[str, str]]:
    """What the text, read as a label, says of the fields that the label is made of."""
    found: list[tuple[str, str]] = []
    if work.label:
        places = list(_PLACE.finditer(work.label))
        pattern, at = "", 0
        for place in places:
            pattern += re.escape(work.label[at : place.start()]) + "(.*?)"
            at = place.end()
        read = re.fullmatch(pattern + re.escape(work.label[at:]), text, re.DOTALL)
        if read:
            pairs = zip((place[1] for place in places), read.groups(), strict=True)
            found = [(path, part.strip()) for path, part in pairs if path in work.searched and part.strip()]
    return found or [(path, text) for path in work.searched]


def _spellings(text: str) -> list[str]:
    """The usual ways to write a word large and small; an index without collation tells them apart."""
    ways = (text, text.lower(), text.upper(), text[:1].upper() + text[1:], text.capitalize(), text.title())
    return list(dict.fromkeys(ways))


def _has_way(work: _Work) -> bool:
    return _has_text_index(work) or any(work.index_of(path) is not None for path in work.searched)


def _has_text_index(work: _Work) -> bool:
    """Whether there is a text index, and only over fields whose values are open to the user."""
    rights = work.store.rights
    for index in work.indexes:
        weights = index.get("weights")
        if isinstance(weights, Mapping):
            known = not rights.is_limited or all(one != "$**" and rights.may_name(one) for one in weights)
            return known
    return False
