"""A report as one user gets it: their documents and fields in front, their filters behind, all bounded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pymongo.errors import ExecutionTimeout, OperationFailure, PyMongoError

from aiocms.admin.charts.figures import FIGURES
from aiocms.admin.known import KnownFields
from aiocms.admin.lists.conditions import Condition, Group, compile_condition, compile_group
from aiocms.admin.lists.counts import Count
from aiocms.admin.lists.keyset import SortKey
from aiocms.admin.masking import FieldRights
from aiocms.admin.registry import get_registry
from aiocms.admin.reports.report_rules import Stage, find_collections, find_paths, find_pushed, iter_mistakes
from aiocms.admin.reports.reports import Report
from aiocms.admin.sampling import fields_of
from aiocms.admin.screens import sound_path
from aiocms.admin.store import Store, find_scope, make_projection, open_store
from aiocms.core import keys
from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_

MOST_ROWS = 10_000
_SAMPLE = 100
_COUNT_MS = 1500
_PUSHED = frozenset(("is", "in", "gt", "gte", "lt", "lte", "after", "before", "between", "starts"))


class BadPipeline(AiocmsError):
    """A pipeline that may not run for this user, or that the server refuses; its stage if that is known."""

    def __init__(self, message: str, stage: int | None = None, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.stage = stage
        self.values = values


@dataclass(slots=True)
class ReportPage:
    """One page of rows, and how many there are."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    has_after: bool = False
    count: Count = field(default_factory=lambda: Count(0, "unknown"))
    fault: str = ""


class ReportRun:
    """A report opened for one request; made by `open_report`."""

    def __init__(
        self, report: Report, source: Store, stages: Sequence[Stage], scope: Mapping[str, Any]
    ) -> None:
        self.report = report
        self.source = source
        self.request = source.request
        self.rights: FieldRights = FieldRights(source.request, report)
        self._stages = [dict(stage) for stage in stages]
        self._scope = dict(scope)
        self._guard: list[dict[str, Any]] | None = None
        self._fields: KnownFields | None = None

    @property
    def time_ms(self) -> int:
        """How long the server may take."""
        return int(1000 * self.request.app[keys.SETTINGS].admin_list_time)

    async def fields(self) -> KnownFields:
        """The fields of what comes out, from a sample, as far as the user may see them.

        Raises:
            BadPipeline: the server refuses the pipeline.
        """
        if self._fields is None:
            pipeline = [*await self.front(), {"$limit": _SAMPLE}]
            name = f"{self.source.collection.name} report {pipeline!r}"
            cache = self.request.app[FIGURES]
            rows = await cache.get(name, lambda: self._read(pipeline, self.time_ms))
            declared = await self.report.get("types", self.request)
            known = fields_of(rows).with_types(declared)
            self._fields = known.guarded(self.rights.may_name)
        return self._fields

    async def front(self, tree: Group | None = None) -> list[dict[str, Any]]:
        """The stages up to the end of the report: the user's documents and fields, then its own."""
        pushed = await self._find_pushed(tree) if tree is not None else []
        parts = [dict(part) for part in (self.source.scope, self._scope, *pushed) if part]
        match = [{"$match": {"$and": parts} if len(parts) > 1 else parts[0]}] if parts else []
        if self._guard is None:
            self._guard = await make_guard(self.source, self._stages)
        return [*match, *self._guard, *self._stages]

    async def whole(self, tree: Group, search: str = "") -> list[dict[str, Any]]:
        """All stages for what a list's address asks, without order and page: for counting and export."""
        fields = await self.fields()
        after = [compile_group(tree, {one.path: one for one in fields}, self.source.zone)]
        if search:
            paths = await self.search_paths()
            pattern = {"$regex": re.escape(search), "$options": "i"}
            after.append({"$or": [{path: pattern} for path in paths]} if paths else {"_id": {"$in": []}})
        return [*await self.front(tree), *({"$match": one} for one in after if one)]

    async def search_paths(self) -> list[str]:
        """The texts that the search box looks at: as declared, else all of them."""
        fields = await self.fields()
        declared = [path for path in await self.report.get("search", self.request) if fields.find(path)]
        return declared or [one.path for one in fields if "string" in one.types][:10]

    async def page(
        self, tree: Group, search: str, sort: Sequence[SortKey], number: int, size: int
    ) -> ReportPage:
        """One page, counted from 1, and the bounded number of rows."""
        skip = (number - 1) * size
        stages = await self.whole(tree, search)
        paging = [*_order(sort), *([{"$skip": skip}] if skip else [])]
        counting = asyncio.ensure_future(self._count(stages))
        page = ReportPage()
        try:
            rows = await self._read([*stages, *paging, {"$limit": size + 1}], self.time_ms)
            page.has_after = len(rows) > size and skip + size < MOST_ROWS
            page.rows = [self.rights.prune(row) for row in rows[:size]]
        except ExecutionTimeout:
            page.fault = N_("The database needs too long for this report.")
        except OperationFailure as error:
            page.fault = N_("The database refuses this report.")
            if error.code == 292:
                page.fault = N_("These rows are too many to be sorted without an index.")
        finally:
            page.count = await counting
        return page

    async def iter_rows(
        self, tree: Group, search: str, sort: Sequence[SortKey]
    ) -> AsyncIterator[dict[str, Any]]:
        """All rows in their order, as far as a report goes, as the user may see them: for export."""
        order = {key.path: -1 if key.descending else 1 for key in sort}
        stages = [
            *await self.whole(tree, search),
            *([{"$sort": order}] if order else []),
            {"$limit": MOST_ROWS},
        ]
        cursor = self.source.collection.aggregate(stages, maxTimeMS=self.time_ms, allowDiskUse=False)
        async for row in cursor:
            yield self.rights.prune(row)

    async def preview(self, most: int) -> list[dict[str, Any]]:
        """The first rows.

        Raises:
            PyMongoError: the server refuses the pipeline, or the time is over.
        """
        return await self._read([*await self.front(), {"$limit": most}], self.time_ms)

    async def find_failing(self, error: PyMongoError) -> BadPipeline:
        """Which stage the server refuses: the shortest part of the pipeline that fails."""
        front = await self.front()
        before = len(front) - len(self._stages)
        if isinstance(error, ExecutionTimeout) or not isinstance(error, OperationFailure):
            return BadPipeline(N_("The database needs too long for this report."))
        text = str((error.details or {}).get("errmsg") or error)[:300]
        for length in range(1, len(self._stages) + 1):
            try:
                await self._read([*front[: before + length], {"$limit": 1}], 2000)
            except OperationFailure:
                return BadPipeline(N_("The database says: %(text)s"), length - 1, text=text)
        return BadPipeline(N_("The database says: %(text)s"), None, text=text)

    async def _read(self, stages: list[dict[str, Any]], time_ms: int) -> list[dict[str, Any]]:
        cursor = self.source.collection.aggregate(stages, maxTimeMS=time_ms, allowDiskUse=False)
        return [row async for row in cursor]

    async def _count(self, stages: list[dict[str, Any]]) -> Count:
        try:
            rows = await self._read([*stages, {"$limit": MOST_ROWS + 1}, {"$count": "n"}], _COUNT_MS)
        except OperationFailure:
            return Count(0, "unknown")
        number = rows[0]["n"] if rows else 0
        return Count(MOST_ROWS, "least") if number > MOST_ROWS else Count(number, "exact")

    async def _find_pushed(self, tree: Group) -> list[dict[str, Any]]:
        """Conditions on plain keys of the group, asked of the documents as well: an index may serve them."""
        if tree.kind != "and":
            return []
        plain = find_pushed(self._stages, await self.report.get("drill", self.request))
        known = await self.source.fields()
        found: list[dict[str, Any]] = []
        for child in tree.children:
            if isinstance(child, Condition) and child.path in plain and child.operator in _PUSHED:
                field_ = known.find(plain[child.path])
                if field_ is None:
                    continue
                try:
                    found.append(
                        compile_condition(
                            Condition(field_.path, child.operator, child.texts), field_, self.source.zone
                        )
                    )
                except ValueError:
                    continue
        return found


async def open_report(request: web.Request, report: Report) -> ReportRun:
    """A report for this request.

    Raises:
        HTTPForbidden: the user may see nothing of it, or of its collection.
        HTTPNotFound: its collection is not shown.
        BadPipeline: it holds what it must not, or reads collections that the user may not see whole.
    """
    scope = await find_scope(request, report, "view")
    if scope is None:
        raise web.HTTPForbidden
    return await open_pipeline(request, report, scope)


async def open_pipeline(request: web.Request, report: Report, scope: Mapping[str, Any]) -> ReportRun:
    """The same for a report whose own permission was asked already."""
    screen = await get_registry(request).find_for(request, report.collection)
    if screen is None:
        raise web.HTTPNotFound
    source = await open_store(request, screen)
    stages = await report.get("pipeline", request)
    for mistake in iter_mistakes(stages):
        raise BadPipeline(mistake.message, mistake.stage, **mistake.values)
    for name, stage in find_collections(stages).items():
        if not await _is_whole(request, name, find_paths(stages[stage])):
            raise BadPipeline(N_("You may not read the collection “%(name)s” as a whole."), stage, name=name)
    return ReportRun(report, source, stages, scope)


async def make_guard(source: Store, stages: Sequence[Stage]) -> list[dict[str, Any]]:
    """A projection to the fields that the user may see; none for who may see everything.

    Fields that neither the sample nor the pipeline names are left out, so a rare field stays hidden too.
    """
    if not source.rights.is_limited:
        return []
    known = (await source.fields()).fields
    wanted = {
        path for path in (*known, *(_plain(one) for one in find_paths(list(stages)))) if sound_path(path)
    }
    leaves = [path for path in wanted if not any(other.startswith(f"{path}.") for other in wanted)]
    return [{"$project": make_projection(path for path in leaves if source.rights.may_name(path))}]


async def _is_whole(request: web.Request, name: str, mentioned: Iterable[str]) -> bool:
    screen = await get_registry(request).find_for(request, name) if name else None
    if screen is None or await find_scope(request, screen, "view") != {}:
        return False
    store = await open_store(request, screen)
    paths = [*(await store.fields()).fields, *filter(sound_path, map(_plain, mentioned))]
    return not store.rights.is_limited or all(store.rights.may_name(path) for path in paths)


def _order(sort: Sequence[SortKey]) -> list[dict[str, Any]]:
    """The stage that sorts; equal rows stand in the order of their `_id`, so that no page repeats one."""
    order = {key.path: -1 if key.descending else 1 for key in sort}
    return [{"$sort": {**order, "_id": order.get("_id", 1)}}] if order else []


def _plain(path: str) -> str:
    return ".".join(part for part in path.split(".") if not part.isdigit())
