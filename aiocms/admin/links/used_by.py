"""Which documents point to one document: counted where an index or the size of the collection allows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from aiocms.admin.forms.edit_page import make_context, make_crumbs
from aiocms.admin.forms.opened import open_document
from aiocms.admin.links.references import Link, find_incoming
from aiocms.admin.lists.counts import Count, count_rows
from aiocms.admin.lists.list_view import describe_count
from aiocms.admin.lists.query import write_key
from aiocms.admin.nav import list_url
from aiocms.admin.registry import get_registry
from aiocms.admin.store import Store, find_scope, open_collection, open_store
from aiocms.admin.values.rawbson import NAMES, Value
from aiocms.core import keys
from aiocms.core.i18n import N_, gettext
from aiocms.core.templates import templ

_TIME_MS = 1500
_NO_TEXT = frozenset(("object", "array", "binary", "regex"))


@dataclass(frozen=True, slots=True)
class Use:
    """One field of one screen that points to the document.

    Parameters:
        count: how many documents do, as text; empty: not counted, `missing` is the path without an index, or
            counting took too long.
        url: of the list of them; empty: the list cannot be narrowed to them.
    """

    link: Link
    name: str
    count: str
    number: int
    url: str
    missing: str = ""


async def show(request: web.Request) -> web.StreamResponse:
    """The documents that point to the document of the address: a page, or for a script only its content."""
    opened = await open_document(request)
    assert opened.identity is not None  # noqa: S101 - open_document gives one
    context = {
        **make_context(opened),
        "crumbs": make_crumbs(opened, gettext(request, N_("Used by")), below=True),
        "uses": await find_uses(request, opened.screen.collection, opened.identity),
        "alone": "HX-Request" in request.headers,
    }
    return templ(opened.names("used_by"), request, context)


async def find_uses(request: web.Request, collection: str, identity: Value) -> list[Use]:
    """The fields that point to a document, of screens and paths that the user may see; most used first."""
    uses: list[Use] = []
    for link in await find_incoming(request, collection, guess=True):
        if await find_scope(request, link.screen, "view") is None:
            continue
        store = await open_store(request, link.screen)
        if store.rights.may_name(link.path):
            uses.append(await _count(store, link, identity))
    return sorted((one for one in uses if one.number or not one.count), key=lambda one: -one.number)


async def _count(store: Store, link: Link, identity: Value) -> Use:
    request = store.request
    name = link.name(request)
    if not await can_find(request, link):
        return Use(link, name, "", 0, "", link.path)
    match: dict[str, Any] = {link.path: {"$eq": identity.python()}}
    narrowed = {"$and": [match, dict(store.scope)]} if store.scope else match
    limit = int(request.app[keys.SETTINGS].admin_count_limit)
    count: Count = await count_rows(store.collection, narrowed, limit, _TIME_MS, store.collation)
    text = describe_count(request, count) if count.kind != "unknown" else ""
    return Use(link, name, text, count.number, await find_list(store, link, identity))


async def find_list(store: Store, link: Link, identity: Value) -> str:
    """The address of the list of documents that point to one; empty when a filter cannot say that."""
    known = (await store.fields()).find(link.path)
    kind = NAMES.get(identity.code, "")
    text = str(identity.python())
    if known is None or kind in _NO_TEXT or kind not in known.parsed_types:
        return ""
    return list_url(store.request, link.screen, [(write_key(link.path, "is"), text.replace(",", "\\,"))])


async def can_find(request: web.Request, link: Link) -> bool:
    """Whether the documents that point can be found without reading a large collection."""
    collection = open_collection(request, link.screen.collection)
    if any(_serves(one, link.path) for one in await get_registry(request).indexes(collection)):
        return True
    known = (await get_registry(request).collections(request)).get(link.screen.collection, {})
    if known.get("type") == "view":
        return False
    size = await collection.estimated_document_count(maxTimeMS=_TIME_MS)
    return bool(size <= request.app[keys.SETTINGS].admin_large_collection)


def _serves(index: Mapping[str, Any], path: str) -> bool:
    partial, collation = index.get("partialFilterExpression"), index.get("collation")
    return next(iter(index["key"]), "") == path and not (partial or collation or index.get("hidden"))
