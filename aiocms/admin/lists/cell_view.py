"""Editing one cell of a list: its form, as a page of its own or inside the table, and saving it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from aiocms.admin.door import Gone, read
from aiocms.admin.fallback import find_name
from aiocms.admin.forms.conditional import kind_of_field
from aiocms.admin.forms.conflict import list_conflicts, read_choices
from aiocms.admin.forms.edit_page import make_context, make_crumbs
from aiocms.admin.forms.edit_view import LOST_BASE, STALE
from aiocms.admin.forms.fields import PostedTree
from aiocms.admin.forms.file_inputs import learn_files
from aiocms.admin.forms.form_token import BadToken, FormBase, open_sealed, seal
from aiocms.admin.forms.gone import DELETED
from aiocms.admin.forms.names import BadName
from aiocms.admin.forms.opened import Opened, open_document
from aiocms.admin.links.choose_view import apply_pick, show_choices
from aiocms.admin.links.pickers import make_page_pickers
from aiocms.admin.lists.actions import find_actions
from aiocms.admin.lists.cell import (
    InferredCell,
    Spot,
    TooLarge,
    find_spot,
    make_cell_base,
    make_editor,
    name_parts,
)
from aiocms.admin.lists.cell_conditions import CellConditions, find_in_value
from aiocms.admin.lists.cell_rows import find_row
from aiocms.admin.lists.columns import choose_columns
from aiocms.admin.lists.declared_cell import DeclaredCell
from aiocms.admin.lists.listing import read_query
from aiocms.admin.nav import undo_action
from aiocms.admin.store import open_store
from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.values.paths import BadPath, show
from aiocms.admin.values.rawbson import BrokenBSON, Value
from aiocms.admin.writes.refusals import Refused, say_fields
from aiocms.admin.writes.write import Conflicted, Edit, Saved, patch
from aiocms.core import csrf, keys
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext
from aiocms.core.sessions import get_session
from aiocms.core.templates import templ
from aiocms.core.urls import redirect, url_for

HEADER = "X-Aiocms-Cell"
"""Sent by the list's script, which wants the row and not the way back to the list."""
SAVED = N_("Saved.")


@dataclass(slots=True)
class Cell:
    """A cell's form on its way."""

    opened: Opened
    spot: Spot
    base: FormBase
    editor: InferredCell | DeclaredCell
    messages: list[str] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    focus: str = ""
    status: int = 200
    is_closed: bool = False
    """Whether there is nothing to edit: the condition of the field does not hold."""

    @property
    def url(self) -> str:
        """The address of the cell's form."""
        return cell_url(self.opened, self.spot.column.path)

    @property
    def edit_url(self) -> str:
        """The address of the document's page."""
        return self.opened.url("edit", at=None)

    @property
    def owner(self) -> str:
        """Whom the signature of the base is for: this cell alone."""
        return f"{self.opened.owner}/cell/{self.spot.column.path}"


def cell_url(opened: Opened, path: str) -> str:
    """The address of the form of a cell; the way back to the list travels along."""
    return url_for(
        opened.request,
        "admin:cell",
        ns=opened.screen.namespace,
        screen=opened.screen.name,
        id=encode_id(opened.identity),
        query={"path": path, "next": opened.next or None},
    )


async def show_cell(request: web.Request) -> web.StreamResponse:
    """The form of one cell."""
    opened, spot = await _open(request)
    base = _make_base(opened, spot)
    cell = Cell(opened, spot, base, await make_editor(opened, spot, base, None, make_context(opened)))
    cell.is_closed = await _is_hidden(cell)
    return await _render(cell)


async def save_cell(request: web.Request) -> web.StreamResponse:
    """A post of a cell's form."""
    opened, spot = await _open(request)
    posted = [(key, value) for key, value in (await request.post()).items() if isinstance(value, str)]
    posted = apply_pick(posted)
    asked = dict(posted)
    cell = await _bring_back(opened, spot, posted, asked.get("_base", ""))
    await get_session(request)
    if not csrf.is_valid_token(request, asked.get(csrf.FIELD) or request.headers.get(csrf.HEADER)):
        cell.messages.append(gettext(request, STALE))
    operation = asked.get("_op", "")
    if operation.startswith("choose:"):
        return await show_choices(cell, operation.removeprefix("choose:"))
    if operation:
        cell.focus = cell.editor.operate(operation, asked) or ""
        return await _render(cell)
    if await _is_hidden(cell):
        return await _render(cell)
    if "_end" not in asked:
        cell.messages.append(gettext(request, N_("Only a part of the form arrived. Please save again.")))
    mine = None if cell.messages else await cell.editor.read()
    if mine is None:
        cell.messages += getattr(cell.editor, "faults", [])
        cell.status = 422
        return await _render(cell)
    edit = Edit(cell.base, mine, cell.editor.origins)
    if "_resolve" in asked:
        edit = replace(edit, decide=read_choices(asked))
    return await _store(cell, edit)


async def _is_hidden(cell: Cell) -> bool:
    """Whether the condition of the field does not hold for this document; then it is said in the form."""
    opened, path = cell.opened, cell.spot.column.path
    form = await opened.screen.get("form", opened.request, None)
    conditions = CellConditions(opened.hints.conditions, form, opened.access, opened.zone)
    if conditions.hold(path, find_in_value(opened.document or Value.object(()))):
        return False
    text = N_("“%(name)s” cannot be changed in this document: the condition of this field does not hold.")
    cell.messages.append(gettext(opened.request, text, name=cell.spot.label))
    cell.status = 409
    return True


async def _open(request: web.Request) -> tuple[Opened, Spot]:
    """The document and the cell of the address.

    Raises:
        web.HTTPForbidden: the document is not one that the user may edit.
        web.HTTPNotFound: there is no such document, or it has no such cell.
    """
    opened = await open_document(request)
    if opened.read_only_reason() or opened.identity is None:
        raise web.HTTPForbidden
    try:
        await read(opened.door, opened.identity, "edit")
        return opened, await find_spot(opened, request.query.get("path", ""))
    except Gone as error:
        raise web.HTTPForbidden from error
    except BadPath as error:
        raise web.HTTPNotFound from error


def _make_base(opened: Opened, spot: Spot) -> FormBase:
    try:
        return make_cell_base(opened, spot)
    except TooLarge:
        # The page of the document has room for it.
        declared = opened.screen.form is not None
        raise redirect(opened.request, opened.url("edit", at=None if declared else show(spot.path))) from None
    except BadPath as error:
        raise web.HTTPNotFound from error


async def _bring_back(opened: Opened, spot: Spot, posted: list[tuple[str, str]], token: str) -> Cell:
    owner = f"{opened.owner}/cell/{spot.column.path}"
    messages: list[str] = []
    try:
        base = open_sealed(opened.request, owner, token)
    except BadToken:
        base = _make_base(opened, spot)
        messages.append(gettext(opened.request, LOST_BASE))
    # What the form was made for: the value may have come or gone meanwhile.
    was_there = base.at == spot.path
    spot = replace(spot, found=len(base.at), value=base.base if was_there else None)
    try:
        editor = await make_editor(opened, spot, base, PostedTree(posted), make_context(opened))
    except BadName as error:
        raise web.HTTPBadRequest(text="The form holds names that no form here makes.") from error
    return Cell(opened, spot, base, editor, messages)


async def _store(cell: Cell, edit: Edit) -> web.StreamResponse:
    opened = cell.opened
    request = opened.request
    assert opened.identity is not None  # noqa: S101 - opened by _open
    try:
        saved = await patch(opened.door, opened.identity, edit)
    except Conflicted as conflict:
        cell.conflicts = list_conflicts(opened, cell.base, conflict.conflicts)
        cell.status = 409
    except Gone:
        cell.messages.append(gettext(request, DELETED))
        cell.status = 409
    except BrokenBSON as error:
        cell.messages.append(str(error))
        cell.status = 422
    except Refused as refused:
        cell.messages.append(gettext(request, refused.message, **refused.values))
        fields = say_fields(request, refused)
        cell.messages += cell.editor.put_errors(fields)
        cell.status = 422
    else:
        return await _leave(cell, saved)
    return await _render(cell)


async def _leave(cell: Cell, saved: Saved) -> web.StreamResponse:
    opened = cell.opened
    request = opened.request
    if saved.change is not None:
        flash(request, gettext(request, SAVED), "success", undo_action(request, saved.change))
    if HEADER not in request.headers:
        raise redirect(request, opened.list_url)
    store = await open_store(request, opened.screen)
    state = await read_query(store, [("cols", request.query.get("cols", ""))])
    columns = await choose_columns(store, state.columns)
    row = await find_row(store, saved.identity.python(), columns, opened.next)
    user, screen = request[keys.USER], opened.screen
    context = {
        "screen": screen,
        "rows": [row] if row is not None else [],
        "heads": [{"column": one} for one in columns.shown],
        "actions": [one for one in find_actions(screen) if user.can(screen.permission(one.verb))],
        "row_part": find_name(request, opened.names("list/row")),
    }
    return templ(opened.names("cell_saved"), request, context)


async def _render(cell: Cell) -> web.StreamResponse:
    opened = cell.opened
    request = opened.request
    if isinstance(cell.editor, InferredCell):
        cell.editor.show_amounts()
        for node in cell.editor.nodes:
            # The whole of a part has no key of its own; a list is headed by its key.
            node.key = node.key or str(cell.spot.path[-1])
    context = {
        **make_context(opened),
        "crumbs": make_crumbs(opened, cell.spot.label, below=True),
        "cell": cell,
        "editor": cell.editor,
        "declared": isinstance(cell.editor, DeclaredCell),
        "node": cell.editor.nodes[0] if isinstance(cell.editor, InferredCell) and cell.editor.nodes else None,
        "names": await name_parts(opened, cell.editor, cell.base),
        "pickers": await make_page_pickers(opened, cell.base.at, cell.editor),
        "takes_files": await learn_files(opened, cell.editor),
        "kind_of": kind_of_field,
        "conditions": {},
        "token": seal(request, cell.owner, cell.base),
        "base_path": cell.base.at,
        "at": "",
        "focus": cell.focus,
        "removed_names": cell.editor.removed_names if isinstance(cell.editor, DeclaredCell) else (),
    }
    return templ(opened.names("cell"), request, context, status=cell.status)
