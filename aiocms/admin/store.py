"""The one door to a collection's documents: scope, filter and field rights apply on every way through."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import Any

from aiohttp import web
from bson.binary import UuidRepresentation
from bson.codec_options import DatetimeConversion

from aiocms.admin.known import KnownField, KnownFields
from aiocms.admin.labels import label_of, label_paths, may_have_label
from aiocms.admin.lists import keyset, positions
from aiocms.admin.lists.cells import zone_named
from aiocms.admin.lists.conditions import Group, compile_group
from aiocms.admin.lists.cost import Cost
from aiocms.admin.lists.counts import Count
from aiocms.admin.masking import FieldRights
from aiocms.admin.registry import get_registry
from aiocms.admin.screens import Column, Filter, Screen
from aiocms.admin.values.bsontypes import own_type_name
from aiocms.core import formats, i18n, keys

Document = dict[str, Any]


class Store:
    """The documents of one screen as one request may see them; made by `open_store`."""

    def __init__(
        self, request: web.Request, screen: Screen, scope: Mapping[str, Any], info: Mapping[str, Any]
    ) -> None:
        self.request = request
        self.screen = screen
        self.scope = scope
        self.rights = FieldRights(request, screen)
        self.is_view = info.get("type") == "view"
        options = info.get("options", {})
        self.time_field = str(options.get("timeseries", {}).get("timeField", ""))
        """Of a time series: the field that its measurements are stored by."""
        # Keys are compared by the server in the plain order, so a collection's own collation is put aside.
        self.collation = {"locale": "simple"} if "collation" in options and not self.is_view else None
        self.collection = open_collection(request, screen.collection)
        self._fields: KnownFields | None = None

    async def fields(self) -> KnownFields:
        """The fields that may be named in filters: sampled or declared, and open to the user."""
        if self._fields is None:
            known = await get_registry(self.request).sampler.get(self.collection)
            self._fields = (await _declare(known, self.request, self.screen)).guarded(self.rights.may_name)
        return self._fields

    async def sortable(self) -> KnownFields:
        """The fields that may be sorted by."""
        fields = await self.fields()
        return fields.guarded(lambda path: self.rights.may_sort(path, fields))

    async def match(self, tree: Group, *more: Mapping[str, Any]) -> Document:
        """The filter of every query through this door: the scope, the tree and what else narrows.

        Raises:
            BadFilter: a condition cannot be applied.
        """
        fields = await self.fields()
        wanted = compile_group(tree, {one.path: one for one in fields}, self.zone)
        parts = [dict(part) for part in (self.scope, wanted, *more) if part]
        return parts[0] if len(parts) == 1 else {"$and": parts} if parts else {}

    async def match_all(self) -> Document:
        """The filter of every document in the scope."""
        return dict(self.scope)

    @property
    def zone(self) -> tzinfo:
        """The user's time zone."""
        return find_zone(self.request)

    async def zone_of(self, path: str) -> tzinfo:
        """The time zone that the dates of a field are read in: days without a time are those of UTC."""
        known = (await self.fields()).find(path)
        return UTC if known is not None and known.is_day else self.zone

    async def cost(self, match: Mapping[str, Any], sort: tuple[keyset.SortKey, ...]) -> Cost:
        """What reading these rows in this order will cost."""
        cost = await get_registry(self.request).costs.get(self.collection, match, sort)
        return cost if self.collation is None else Cost(cost.indexes, scans=cost.scans)

    def goes_by_position(self, cost: Cost) -> bool:
        """Whether pages are counted off, because the rows have no keys to page by."""
        return bool(self.is_view or self.time_field) and not cost.in_order

    async def find_page(
        self,
        match: Mapping[str, Any],
        sort: tuple[keyset.SortKey, ...],
        paths: Iterable[str],
        place: keyset.Place,
        size: int,
        time_ms: int,
        cost: Cost,
    ) -> keyset.Page:
        """One page of pruned documents that hold these paths.

        Raises:
            PyMongoError: the server refuses, or the time is over.
        """
        query = keyset.PageQuery(
            match=match,
            sort=sort,
            projection=make_projection((*paths, *(key.path for key in sort), "_id")),
            size=size,
            time_ms=time_ms,
            in_order=cost.in_order,
            with_id=cost.with_id,
            collation=self.collation,
        )
        if self.goes_by_position(cost):
            page = await positions.fetch_page(self.collection, query, place, whole=self.is_view)
        else:
            page = await keyset.fetch_page(self.collection, query, place)
        page.whole = page.rows
        page.rows = [self.rights.prune(row) for row in page.rows]
        return page

    async def count(self, match: Mapping[str, Any], limit: int, time_ms: int) -> Count:
        """How many documents match, bounded; `match` comes from `match`."""
        cache = get_registry(self.request).counts
        return await cache.get(self.collection, match, limit, time_ms, self.collation)

    async def get(self, identity: Any) -> Document | None:
        """One document inside the scope, pruned; None when it is not there or not to be seen."""
        parts: list[Mapping[str, Any]] = [{"_id": {"$eq": identity}}, self.scope]
        found = await self.collection.find_one({"$and": parts}, max_time_ms=5000)
        return None if found is None else self.rights.prune(found)

    async def iter_documents(
        self, match: Mapping[str, Any], paths: Iterable[str] | None = None
    ) -> AsyncIterator[Document]:
        """All documents that match, pruned, in the order of `_id`: for export and actions."""
        projection = None if paths is None else make_projection((*paths, "_id"))
        cursor = self.collection.find(match, projection, sort=[("_id", 1)], batch_size=200)
        if self.collation:
            cursor = cursor.collation(self.collation)
        async for document in cursor:
            yield self.rights.prune(document)

    async def find_labels(self, identities: Iterable[Any]) -> dict[Any, str]:
        """The labels of documents by `_id`, in one query; those that the user may not see are missing."""
        wanted = [one for one in identities if may_have_label(one)]
        if not wanted:
            return {}
        label = await self.screen.get("label", self.request)
        paths = label_paths(label, KnownFields() if label else await self.fields())
        match = {"$and": [{"_id": {"$in": wanted}}, dict(self.scope)]}
        cursor = self.collection.find(
            match, make_projection((*paths, "_id")), limit=len(wanted), max_time_ms=3000
        )
        return {row["_id"]: label_of(self.rights.prune(row), label, paths) async for row in cursor}


async def open_store(request: web.Request, screen: Screen, verb: str = "view") -> Store:
    """The door to a screen's documents for one verb.

    Raises:
        HTTPForbidden: the user or the screen gives no document to this request.
    """
    scope = await find_scope(request, screen, verb)
    if scope is None:
        raise web.HTTPForbidden
    info = (await get_registry(request).collections(request)).get(screen.collection, {})
    return Store(request, screen, scope, info)


async def find_scope(request: web.Request, screen: Screen, verb: str) -> Document | None:
    """The filter of the documents that this request may touch: the user's rights and the screen's own scope.

    Returns:
        `{}` for all, None for none.
    """
    user = request.get(keys.USER)
    granted: bool | Document = user.scope(screen.permission(verb)) if user is not None else False
    if granted is False:
        return None
    answer: Any = screen.scope(request, verb)
    own = await answer if inspect.isawaitable(answer) else answer
    if own is not True and not isinstance(own, Mapping):
        return None  # False, and whatever a faulty scope gives
    parts = [dict(part) for part in (granted, own) if isinstance(part, Mapping) and part]
    return parts[0] if len(parts) == 1 else {"$and": parts} if parts else {}


def find_zone(request: web.Request) -> tzinfo:
    """The time zone of the request's user."""
    return zone_named(i18n.get_time_zone(request))


def open_collection(request: web.Request, name: str) -> Any:
    """A collection whose broken texts, dates far away and UUIDs of a wrong length can be read too."""
    collection: Any = request.app[keys.MONGO].db[name]
    options = collection.codec_options.with_options(
        tz_aware=True,
        datetime_conversion=DatetimeConversion.DATETIME_AUTO,
        unicode_decode_error_handler="replace",
        uuid_representation=UuidRepresentation.UNSPECIFIED,
    )
    return collection.with_options(codec_options=options)


def make_projection(paths: Iterable[str]) -> dict[str, int]:
    """A projection of paths; one inside another is left out, because the server refuses both."""
    kept: dict[str, int] = {}
    for path in sorted(set(paths), key=lambda one: one.count(".")):
        parts = path.split(".")
        if not any(".".join(parts[:end]) in kept for end in range(1, len(parts))):
            kept[path] = 1
    return kept or {"_id": 1}


async def find_currency(request: web.Request, screen: Screen) -> str:
    """The currency of a screen's amounts: its own, else the shop's on a site that has one."""
    own: str = await screen.get("currency", request)
    if own or "shop" not in request.app[keys.PLAN].namespaces:
        return own
    return str(getattr(request.app[keys.SETTINGS], "shop_currency", ""))


async def _declare(known: KnownFields, request: web.Request, screen: Screen) -> KnownFields:
    """The sampled fields with what the screen says of them."""
    fields = {"_id": known.fields.get("_id") or KnownField("_id")} | dict(known.fields)
    currency = await find_currency(request, screen)

    def declare(path: str, **changes: Any) -> None:
        one = fields.get(path) or KnownField(path)
        if "label" in changes:
            changes["label"] = i18n.gettext(request, changes["label"]) if changes["label"] else one.label
        fields[path] = replace(one, **changes) if changes else one

    for column in await screen.get("columns", request):
        if not isinstance(column, Column):
            declare(column)
        elif column.value is None:
            digits = formats.exponent(column.currency or currency) if column.format == "money" else 0
            is_day = column.format == "day" or fields.get(column.path, KnownField("")).is_day
            declare(column.path, label=column.label, digits=digits, is_day=is_day)
    for one in await screen.get("filters", request):
        if isinstance(one, Filter):
            types = {"types": frozenset((own_type_name(one.type),))} if one.type else {}
            declare(one.path, label=one.label, choices=one.choices, **types)
        else:
            declare(one)
    for path in (*await screen.get("search", request), *await screen.get("order", request)):
        declare(path.removeprefix("-"))
    for path, kind in (await screen.get("types", request)).items():
        declare(path, types=frozenset((own_type_name(kind),)))
    return KnownFields(fields)
