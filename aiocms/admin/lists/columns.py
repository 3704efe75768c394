"""The columns of a list: declared, inferred or chosen in the address, and the rows written by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from markupsafe import Markup

from aiocms.admin.known import NUMBERS, KnownField, KnownFields
from aiocms.admin.labels import dig, label_of, label_paths, may_have_label, shorten
from aiocms.admin.links.references import find_collections
from aiocms.admin.lists.cell_conditions import needed_paths
from aiocms.admin.lists.cells import NULL, Cell, CellWriter, find_format, join_cells, open_cell, peek_writer
from aiocms.admin.registry import get_registry
from aiocms.admin.screens import Column, words
from aiocms.admin.store import Store, find_currency, find_scope, open_store
from aiocms.admin.values.bsontypes import encode_id
from aiocms.core.i18n import gettext, text_direction

USUAL_COLUMNS = 7
_RIGHT = ("number", "money", "count")


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """One column as the page shows it."""

    path: str
    label: str
    is_number: bool
    sortable: bool
    column: Column
    reference: str = ""
    editable: bool = False

    def open(self, mixed: bool) -> Markup:
        """The opening tag of the column's cells, made once for all rows; mixed: see ``open_cell``."""
        return open_cell(self.label, self.is_number, self.path if self.editable else "", mixed)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its `_id` as text for addresses, the address of its page, its label and its cells.

    The rows of a view may have no `_id`: then `id`, `url` and `peek` are empty.

    `html` is the cells with their tags; a template that wants others makes them of `cells`. `peek` is a link
    to the page that shows the document to read, for browsers that run no script.
    """

    id: str
    url: str
    label: str
    cells: tuple[Cell, ...]
    html: Markup
    peek: Markup


@dataclass(frozen=True, slots=True)
class Columns:
    """What a list shows: the label first, then the columns."""

    label: str
    label_paths: tuple[str, ...]
    label_title: str
    label_sort: str
    shown: tuple[ShownColumn, ...]
    label_edit: str = ""
    """The path that the label is edited by; "": it is not edited in the list."""
    asked: tuple[str, ...] = ()
    """Paths of what the conditions of the columns' fields ask of a document."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that must be fetched for a row."""
        found = list(self.label_paths)
        for one in self.shown:
            found += one.column.needs if one.column.value else (one.path,)
        return tuple(dict.fromkeys((*found, *self.asked)))


async def choose_columns(store: Store, chosen: Sequence[str]) -> Columns:
    """The columns of a list for this user: those chosen in the address, else declared, else inferred."""
    request, screen = store.request, store.screen
    fields, sortable = await store.fields(), await store.sortable()
    label: str = await screen.get("label", request)
    paths = label_paths(label, fields)
    declared = [Column(one) if isinstance(one, str) else one for one in await screen.get("columns", request)]
    if not label and declared:
        # Without a label the first declared column names the row.
        paths, declared_rest = (declared[0].path,), declared[1:]
    else:
        # What begins the label is not said twice.
        declared_rest = [
            one
            for one in declared
            if (one.path,) != paths and not (one is declared[0] and _is_said(one, paths))
        ]
    by_path = {one.path: one for one in declared}
    # Fields of the past that a user once chose are passed over; when none is left, nothing was chosen.
    wanted = [
        by_path.get(path) or Column(path) for path in chosen if path in by_path or fields.fields.get(path)
    ]
    if not wanted:
        wanted = declared_rest if declared else list(_infer(fields, paths))
    references = await find_collections(request, screen)
    shown = tuple(
        _show(request, one, fields, sortable, references)
        for one in wanted
        if (one.path,) != paths and store.rights.access(one.path) != "hide"
    )
    shown = tuple(_with_short_labels(request, shown))
    first = by_path.get(paths[0]) if paths else None
    alone = len(paths) == 1 or (first is not None and first is declared[0])
    title = gettext(request, first.label) if first and first.label else ""
    if not title and alone and paths:
        title = path_label(paths[0].rpartition(".")[2], request)
    sort = paths[0] if paths and sortable.find(paths[0]) else "_id" if not paths else ""
    asked = needed_paths(await screen.get("show_if", request), (one.path for one in shown))
    return Columns(label, paths, title, sort, shown, asked=asked)


def _is_said(one: Column, label: Sequence[str]) -> bool:
    """Whether a column shows, as plain text, what the label says already."""
    return one.path in label and not (one.format or one.reference or one.value)


def _with_short_labels(request: web.Request, shown: Sequence[ShownColumn]) -> Iterable[ShownColumn]:
    """Nested paths are headed by their last part where no other column is: `City` for `address.city`."""
    last = Counter(one.path.rpartition(".")[2] for one in shown)
    for one in shown:
        name = one.path.rpartition(".")[2]
        is_own = one.column.label or one.label != path_label(one.path, request)
        keeps = is_own or last[name] > 1 or one.path == "_id"
        yield one if keeps else replace(one, label=path_label(name, request))


def offered_columns(
    request: web.Request, fields: KnownFields, declared: Iterable[Column], limit: int = 200
) -> list[tuple[str, str]]:
    """Paths and labels that the column chooser offers; more may be named in the address."""
    found = {
        one.path: gettext(request, one.label) if one.label else path_label(one.path, request)
        for one in declared
    }
    for one in fields:
        if len(found) >= limit:
            break
        if one.types != {"object"}:
            found.setdefault(one.path, one.label or path_label(one.path, request))
    return list(found.items())


def path_label(path: str, request: web.Request) -> str:
    """A path as a person reads it: `category.title` → `Category title`, translated when a catalog has it."""
    return gettext(request, words(path.replace(".", " "))) if path != "_id" else "ID"


async def write_rows(
    store: Store,
    columns: Columns,
    documents: Sequence[Mapping[str, Any]],
    writer: CellWriter,
    edit_url: Callable[[str], str],
    locks: Sequence[frozenset[str]] = (),
) -> list[Row]:
    """The rows of a page; the labels of references are fetched by one query a column.

    Parameters:
        locks: for each row the paths that are not edited there, although their columns are.
    """
    writers: list[tuple[ShownColumn, Callable[[Any], Cell]]] = []
    currency = await find_currency(store.request, store.screen)
    for one in columns.shown:
        if one.reference:
            labels = await _find_references(store.request, one, documents)
            writers.append((one, _reference_writer(labels, writer.get(""))))
        else:
            values = (_value(one, row) for row in documents)
            known = (await store.fields()).fields.get(one.path) if one.column.value is None else None
            format = find_format(one.column.format, values, known)
            writers.append((one, writer.get(format, one.column.currency or currency)))
    write_peek = peek_writer(gettext(store.request, "Preview"))
    mixed = text_direction(store.request) == "rtl"
    opens = [one.open(mixed) for one in columns.shown]
    shut = [replace(one, editable=False).open(mixed) for one in columns.shown] if locks else []
    rows: list[Row] = []
    for at, document in enumerate(documents):
        identity = encode_id(document["_id"]) if "_id" in document else ""
        cells = tuple(write(_value(one, document)) for one, write in writers)
        label = label_of(document, columns.label, columns.label_paths)
        tags = opens
        if locks and locks[at]:
            tags = [shut[i] if one.path in locks[at] else opens[i] for i, one in enumerate(columns.shown)]
        url = edit_url(identity) if identity else ""
        peek = write_peek(url)
        rows.append(Row(identity, url, label or "–", cells, join_cells(tags, cells), peek))
    return rows


def _value(one: ShownColumn, document: Mapping[str, Any]) -> Any:
    if one.column.value is None:
        path = one.path
        return document.get(path) if "." not in path else dig(document, path)
    return one.column.value(document)


def _show(
    request: web.Request,
    one: Column,
    fields: KnownFields,
    sortable: KnownFields,
    references: Mapping[str, str],
) -> ShownColumn:
    field = fields.fields.get(one.path) or KnownField(one.path)
    numeric = bool(field.types - {"null"}) and field.types - {"null"} <= NUMBERS
    reference = one.reference or references.get(one.path, "")
    if field.choices and not (one.format or one.value or reference):
        one = replace(one, format="tags")  # one of a few words
    return ShownColumn(
        path=one.path,
        label=gettext(request, one.label) if one.label else field.label or path_label(one.path, request),
        is_number=one.format in _RIGHT or (not one.format and numeric and not reference),
        sortable=one.sortable and one.value is None and sortable.find(one.path) is not None,
        column=one,
        reference=reference,
    )


def _infer(fields: KnownFields, label: Sequence[str]) -> Iterable[Column]:
    """The fields that tell most in a list: plain values that most documents have, in the documents' order."""

    def is_plain(one: KnownField) -> bool:
        is_kind_of_point = one.path.endswith(".type") and f"{one.path[:-5]}.coordinates" in fields.fields
        return bool(one.types) and not one.types & {"object", "array", "binary"} and not is_kind_of_point

    open_ = [one for one in fields if one.path not in (*label, "_id")]
    top = [one for one in open_ if "." not in one.path and is_plain(one) and one.share >= 0.3]
    nested = [
        one for one in open_ if "." in one.path and is_plain(one) and not one.array_at and one.share >= 0.3
    ]
    lists = [one for one in open_ if "." not in one.path and "array" in one.types]
    opened = {one.path.partition(".")[0] for one in nested}
    rest = [
        one
        for one in open_
        if one not in top
        and one not in lists
        and "." not in one.path
        and "object" in one.types
        and one.path not in opened
    ]
    chosen = [*top, *nested, *lists, *rest][:USUAL_COLUMNS]
    order = {path: index for index, path in enumerate(fields.fields)}
    return (Column(one.path) for one in sorted(chosen, key=lambda one: order[one.path]))


async def _find_references(
    request: web.Request, one: ShownColumn, documents: Sequence[Mapping[str, Any]]
) -> dict[Any, str]:
    screen = await get_registry(request).find_for(request, one.reference)
    if screen is None or await find_scope(request, screen, "view") is None:
        return {}
    wanted: dict[Any, None] = {}
    for document in documents:
        value = _value(one, document)
        for item in value if isinstance(value, list) else (value,):
            if may_have_label(item):
                wanted[item] = None
    return await (await open_store(request, screen)).find_labels(wanted)


def _reference_writer(labels: Mapping[Any, str], plain: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
    def write(value: Any) -> Cell:
        if isinstance(value, list):
            texts = [
                "{…}" if isinstance(item, Mapping | list) else shorten(_label(labels, item))
                for item in value[:4]
            ]
            return plain(texts) if texts else NULL
        return plain(_label(labels, value))

    return write


def _label(labels: Mapping[Any, str], value: Any) -> Any:
    return labels.get(value, value) if may_have_label(value) else value
