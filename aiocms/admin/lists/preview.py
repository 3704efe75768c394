"""One document to read: every field that the user may see, with its type, references as links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from aiocms.admin.forms.called import Names, make_names
from aiocms.admin.forms.edit_page import make_context, make_crumbs
from aiocms.admin.forms.opened import Opened, open_document
from aiocms.admin.forms.shown import Limits, show_part
from aiocms.admin.forms.tree import FormTree, Node
from aiocms.admin.lists.cell import CellRules, find_columns
from aiocms.admin.lists.cell_conditions import CellConditions, find_in_value
from aiocms.admin.lists.cell_rows import make_writer
from aiocms.admin.lists.cell_view import cell_url
from aiocms.admin.lists.cells import Cell, CellWriter, find_format
from aiocms.admin.palette.recent import note_opened
from aiocms.admin.screens import Column
from aiocms.admin.store import find_currency
from aiocms.admin.values import paths
from aiocms.admin.values.paths import dotted
from aiocms.admin.values.rawbson import STUB, Value
from aiocms.admin.writes.history import recent_changes
from aiocms.core.templates import templ

_LIMITS = Limits(inputs=2000, value=64 * 1024, total=512 * 1024)
_MOST_ITEMS = 50
_LONG = 80
_MOST_HEADS = 6


@dataclass(slots=True)
class Part:
    """One field as it is read.

    Parameters:
        name: what it is called; of a list item its number.
        path: as text.
        kind: the type's name; ``masked`` for what the user may not see.
        html: the value; of an object or list nothing.
        url: where a reference leads.
        edit_url: where the value is edited by itself, if this user may.
        parts: of an object or list; more: how many further ones it has.
        size: in bytes, of a part that is too large to be shown.
    """

    name: str
    path: str
    kind: str
    html: Cell = ""
    url: str = ""
    edit_url: str = ""
    size: int = 0
    is_long: bool = False
    parts: list[Part] = field(default_factory=list)
    more: int = 0

    @property
    def is_short(self) -> bool:
        """Whether it is a value that fits into a line with others."""
        return not (self.parts or self.is_long or self.size or self.kind in ("object", "array"))

    @property
    def is_plain(self) -> bool:
        """Whether it is a list of short values of one type."""
        return (
            self.kind == "array"
            and len({one.kind for one in self.parts}) == 1
            and all(one.is_short for one in self.parts)
        )

    @property
    def heads(self) -> list[Part]:
        """The fields that all items of a list have, when these and nothing else make a small table of it."""
        if self.kind != "array" or len(self.parts) < 2:
            return []
        rows = [[(one.name, one.kind) for one in item.parts if one.is_short] for item in self.parts]
        alike = all(
            row == rows[0] and len(row) == len(item.parts) for row, item in zip(rows, self.parts, strict=True)
        )
        return self.parts[0].parts if alike and len(rows[0]) <= _MOST_HEADS else []


async def show_preview(request: web.Request) -> web.StreamResponse:
    """The page of a document that is only read; the list shows it in a drawer."""
    opened = await open_document(request)
    await note_opened(opened)
    context = {
        **make_context(opened),
        "crumbs": make_crumbs(opened, opened.label),
        "parts": await read_parts(opened),
        "may_edit": not opened.read_only_reason(),
        "changes": await recent_changes(
            opened.door.db, collection=opened.screen.collection, identity=opened.identity, limit=1
        ),
    }
    return templ(opened.names("preview"), request, context)


async def read_parts(opened: Opened) -> list[Part]:
    """The fields of a document that the user may see, in their order."""
    document = opened.document or Value.object(())
    shown = show_part(document, (), opened.access, _LIMITS)
    tree = FormTree(opened.access, opened.zone, ())
    nodes = [tree.make(value, key, key=key, path=(key,)) for key, value in shown.items() if key != "_id"]
    screen, request = opened.screen, opened.request
    form = await screen.get("form", request, None)
    work = _Work(
        opened=opened,
        names=await make_names(opened, (), nodes),
        writer=make_writer(request),
        columns=await find_columns(screen, request),
        rules=None if opened.read_only_reason() else CellRules(form, opened.fields, opened.access),
        conditions=CellConditions(opened.hints.conditions, form, opened.access, opened.zone),
        currency=await find_currency(request, screen),
    )
    return [work.read(node) for node in nodes]


@dataclass(slots=True)
class _Work:
    opened: Opened
    names: Names
    writer: CellWriter
    columns: Mapping[str, Column]
    rules: CellRules | None
    conditions: CellConditions
    currency: str

    def read(self, node: Node, number: int = 0) -> Part:
        path = dotted(node.path)
        part = Part(self._name(node, number), paths.show(node.path), node.kind)
        if node.kind == "masked" or (node.stub is not None and node.stub.masked):
            part.kind, part.html = "masked", "••••••"
        elif node.stub is not None:
            part.kind, part.size = node.stub.kind, node.stub.size
        elif node.children:
            part.parts = [self.read(child, at) for at, child in enumerate(node.children[:_MOST_ITEMS], 1)]
            part.more = len(node.children) - len(part.parts)
        elif node.base is not None:
            self._write(part, node, node.base, path)
        if not any(isinstance(step, int) for step in node.path) and self._is_editable(path):
            part.edit_url = cell_url(self.opened, path)
        return part

    def _write(self, part: Part, node: Node, value: Value, path: str) -> None:
        plain = value.python() if value.code != STUB else None
        target = self.names.target_of(node)
        if target is not None:
            part.html, part.url = target.label, target.url
        elif isinstance(plain, str):
            # In full, with its lines: a list cuts texts, this is where they are read.
            part.html = plain if plain else self.writer.write(None)
            part.is_long = len(plain) > _LONG or "\n" in plain
            column = self.columns.get(path)
            if column is not None and column.format in ("link", "image"):
                part.html = self.writer.get(column.format)(plain)
        else:
            column = self.columns.get(path) or Column(path)
            is_own = column.value is None and column.format not in ("count", "relative")
            known = self.opened.fields.fields.get(path) if is_own else None
            format = find_format(column.format if is_own else "", (plain,), known)
            part.html = self.writer.get(format, column.currency or self.currency)(plain)

    def _name(self, node: Node, number: int) -> str:
        return str(number) if node.in_list else self.names.name_of(node)

    def _is_editable(self, path: str) -> bool:
        column = self.columns.get(path) or Column(path)
        if self.rules is None or not self.rules.allows(column):
            return False
        return self.conditions.hold(path, find_in_value(self.opened.document or Value.object(())))
