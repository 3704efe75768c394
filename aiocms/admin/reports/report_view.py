"""The page of a report: rows, order, filters, search and pages, and the way to the documents of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from markupsafe import Markup
from pymongo.errors import PyMongoError

from aiocms.admin.fallback import template_names
from aiocms.admin.known import NUMBERS, KnownField, KnownFields
from aiocms.admin.labels import dig, may_have_label
from aiocms.admin.lists import drill
from aiocms.admin.lists.cell_rows import make_writer
from aiocms.admin.lists.cells import find_format
from aiocms.admin.lists.columns import path_label
from aiocms.admin.lists.conditions import OPERATORS, BadFilter, operators_of
from aiocms.admin.lists.keyset import SortKey
from aiocms.admin.lists.list_view import describe_count
from aiocms.admin.lists.query import ListState, iter_parts, read_state, without, write_key, write_state
from aiocms.admin.lists.tokens import Signer
from aiocms.admin.lists.wording import say
from aiocms.admin.nav import list_url, with_query
from aiocms.admin.registry import get_registry
from aiocms.admin.reports.report_run import MOST_ROWS, BadPipeline, ReportPage, ReportRun, open_report
from aiocms.admin.reports.reports import Report
from aiocms.admin.screens import Column
from aiocms.admin.store import find_currency, find_scope, open_store
from aiocms.core import keys
from aiocms.core.i18n import gettext, ngettext
from aiocms.core.templates import templ
from aiocms.core.urls import url_for

SIZE = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row: HTML or text, its column's label, and whether it is a figure."""

    html: Markup | str
    label: str
    is_number: bool


async def show(request: web.Request) -> web.StreamResponse:
    """The page of a declared report."""
    user = request.get(keys.USER)
    if user is None or not user.can("admin.enter"):
        raise web.HTTPForbidden
    report = get_registry(request).reports.get((request.match_info["ns"], request.match_info["report"]))
    if report is None:
        raise web.HTTPNotFound
    try:
        run = await open_report(request, report)
        context = await make_context(run, report_url(request, report))
    except BadPipeline as error:
        message = gettext(request, error.message, **error.values)
        context = refused(request, report, report_url(request, report), message)
    return templ(template_names(report, "report"), request, context)


def report_url(request: web.Request, report: Report) -> str:
    """The address of a declared report."""
    return url_for(request, "admin:report", ns=report.namespace, report=report.name)


async def make_context(run: ReportRun, address: str) -> dict[str, Any]:
    """The values that the comment at the top of report.tpl promises.

    Raises:
        BadPipeline: the server refuses the pipeline.
    """
    request, report = run.request, run.report
    try:
        fields = await run.fields()
    except PyMongoError as error:
        raise await run.find_failing(error) from error
    state, number = _read(request, fields)
    sort = state.sort or _declared_order(await report.get("order", request), fields)
    page = ReportPage()
    problems = [(gettext(request, one.message, **one.values), one.key) for one in state.problems]
    if not problems:
        try:
            page = await run.page(state.tree, state.search, sort, number, state.size or SIZE)
        except BadFilter as error:
            problems = [(gettext(request, error.message, **error.values), "")]
    columns = await _choose_columns(run, fields)

    def at(wanted: int) -> str:
        return with_query(address, write_state(state, at=str(wanted) if wanted > 1 else ""))

    return {
        **_frame(request, report, address),
        "columns": [_head(request, address, state, sort, one, fields) for one in columns],
        "rows": await _write_rows(run, columns, page.rows, fields),
        "state": state,
        "chips": _chips(request, address, state, fields),
        "problems": problems,
        "count": describe_count(request, page.count),
        "noun": ngettext(request, "row", "rows", page.count.number),
        "fault": gettext(request, page.fault) if page.fault else "",
        "previous": at(number - 1) if number > 1 else None,
        "next": at(number + 1) if page.has_after else None,
        "is_cut": number * (state.size or SIZE) >= MOST_ROWS,
        "offered": [
            (one.path, one.label or path_label(one.path, request), operators_of(one)) for one in fields
        ][:100],
        "operators": {name: gettext(request, label) for name, label in OPERATORS.items()},
        "kept": {
            "q": write_state(replace(state, search="")),
            "filter": write_state(state),
        },
    }


def _frame(request: web.Request, report: Report, address: str) -> dict[str, Any]:
    title = gettext(request, report.shown_title)
    return {
        "report": report,
        "title": title,
        "crumbs": [
            (gettext(request, "Admin"), url_for(request, "admin:index")),
            (gettext(request, "Reports"), None),
            (title, address),
        ],
        "address": address,
        "edit_url": "",
        "about": gettext(request, (type(report).__doc__ or "").strip().partition("\n")[0] or " ").strip(),
    }


def refused(request: web.Request, report: Report, address: str, message: str) -> dict[str, Any]:
    """The values of the page of a report that may not run."""
    return {**_frame(request, report, address), "refused": message}


def _read(request: web.Request, fields: KnownFields) -> tuple[ListState, int]:
    """The state of the address and the number of the page; a filter sent by the form becomes a condition."""
    pairs = [(key, text) for key, text in request.query.items() if key not in ("at", "add", "op", "value")]
    path, text = request.query.get("add", ""), request.query.get("value", "").strip()
    if path and text:
        pairs.append((write_key(path, request.query.get("op", "") or "is"), text))
    state = read_state(pairs, fields, lambda _: Signer(b""), fields)
    at = request.query.get("at", "1")
    number = int(at) if at.isascii() and at.isdigit() and len(at) < 6 else 1
    most = MOST_ROWS // (state.size or SIZE)
    return state, min(max(number, 1), most)


def _declared_order(order: Sequence[str], fields: KnownFields) -> tuple[SortKey, ...]:
    found = (SortKey(one.removeprefix("-"), one.startswith("-")) for one in order)
    return tuple(key for key in found if fields.find(key.path))


async def _choose_columns(run: ReportRun, fields: KnownFields) -> list[Column]:
    declared = [
        one if isinstance(one, Column) else Column(one)
        for one in await run.report.get("columns", run.request)
    ]
    if declared:
        return [one for one in declared if one.value is not None or run.rights.may_name(one.path)]
    plain = [one for one in fields if one.types != {"object"} and "." not in one.path]
    objects = {one.path for one in fields if one.types == {"object"}}
    inner = [one for one in fields if one.path.rpartition(".")[0] in objects and one.types != {"object"}]
    order = {one.path: index for index, one in enumerate(fields)}
    return [Column(one.path) for one in sorted([*plain, *inner], key=lambda one: order[one.path])][:12]


def _head(
    request: web.Request,
    address: str,
    state: ListState,
    sort: Sequence[SortKey],
    column: Column,
    fields: KnownFields,
) -> dict[str, Any]:
    now = next((key for key in sort if key.path == column.path), None)
    flipped = SortKey(column.path, not now.descending if now else _is_number(column, fields))
    can = column.sortable and column.value is None and fields.find(column.path) is not None
    return {
        "label": gettext(request, column.label) if column.label else path_label(column.path, request),
        "path": column.path,
        "is_number": _is_number(column, fields),
        "sorted": "" if now is None else "descending" if now.descending else "ascending",
        "url": with_query(address, write_state(replace(state, sort=(flipped,)))) if can else "",
    }


def _is_number(column: Column, fields: KnownFields) -> bool:
    if column.format:
        return column.format in ("number", "money", "count")
    types = (fields.find(column.path) or KnownField(column.path)).types - {"null"}
    return bool(types) and types <= NUMBERS and not column.reference


async def _write_rows(
    run: ReportRun, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], fields: KnownFields
) -> list[dict[str, Any]]:
    request, writer = run.request, make_writer(run.request)
    currency = await find_currency(request, run.report)
    references = dict(await run.source.screen.get("references", request))
    references |= await run.report.get("references", request)
    drills: Mapping[str, str] = await run.report.get("drill", request)
    writers = []
    for one in columns:
        known = fields.find(one.path) if one.value is None else None
        format = find_format(one.format, (_value(one, row) for row in rows), known)
        writers.append((one, writer.get(format, one.currency or currency)))
    labels = [await _find_labels(request, one, rows, references, drills) for one in columns]
    written: list[dict[str, Any]] = []
    for row in rows:
        cells: list[Cell] = []
        for (column, write), names in zip(writers, labels, strict=True):
            value = _value(column, row)
            shown = names.get(value, value) if names and may_have_label(value) else value
            label = gettext(request, column.label) if column.label else path_label(column.path, request)
            cells.append(Cell(write(shown), label, _is_number(column, fields)))
        written.append({"cells": cells, "url": await _drill(run, row, drills)})
    return written


def _value(column: Column, row: Mapping[str, Any]) -> Any:
    return column.value(row) if column.value else dig(row, column.path)


async def _find_labels(
    request: web.Request,
    column: Column,
    rows: Sequence[Mapping[str, Any]],
    references: Mapping[str, Any],
    drills: Mapping[str, str],
) -> dict[Any, str]:
    """Labels of the documents that a column's values are ids of, in one query."""
    named = column.reference or references.get(drills.get(column.path, "")) or references.get(column.path)
    collection = getattr(named, "collection", named)
    if not collection:
        return {}
    screen = await get_registry(request).find_for(request, collection)
    if screen is None or await find_scope(request, screen, "view") is None:
        return {}
    values = [dig(row, column.path) for row in rows]
    plain = dict.fromkeys(filter(may_have_label, values))
    return await (await open_store(request, screen)).find_labels(plain)


async def _drill(run: ReportRun, row: Mapping[str, Any], drills: Mapping[str, str]) -> str:
    """The list of the documents behind a row; "" when its address cannot say which these are."""
    if not drills:
        return ""
    fields = await run.source.fields()
    conditions = []
    for path, source in drills.items():
        known = fields.find(source)
        one = drill.equals(known, dig(row, path), run.source.zone) if known else None
        if one is None:
            return ""
        conditions.append(one)
    pairs = drill.narrowed(ListState(), conditions, fields)
    return "" if pairs is None else list_url(run.request, run.source.screen, pairs)


def _chips(request: web.Request, address: str, state: ListState, fields: KnownFields) -> list[dict[str, str]]:
    chips: list[dict[str, str]] = []
    if state.search:
        url = with_query(address, write_state(replace(state, search="")))
        chips.append(
            {"label": gettext(request, "Search"), "operator": "", "text": state.search, "without": url}
        )
    for position, _, one in iter_parts(state.tree):
        said = say(request, fields, one)
        chips.append(
            {
                "label": said.label,
                "operator": said.operator,
                "text": said.text,
                "without": with_query(address, write_state(without(state, position))),
            }
        )
    return chips
