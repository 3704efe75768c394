"""Creating and editing one document: the form, its buttons, saving, conflicts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from aiohttp import web

from aiocms.admin.door import Gone
from aiocms.admin.forms.carry import Uncarried, carry
from aiocms.admin.forms.conflict import list_conflicts, read_choices
from aiocms.admin.forms.copying import make_copy, make_source
from aiocms.admin.forms.declared import DeclaredEditor, make_declared_base
from aiocms.admin.forms.declared_json import carry_declared
from aiocms.admin.forms.edit_page import Page, make_context, make_crumbs, render, render_part
from aiocms.admin.forms.editor import Editor, InferredEditor, make_base
from aiocms.admin.forms.fields import PostedTree
from aiocms.admin.forms.file_inputs import receive_files, tell_lost_files
from aiocms.admin.forms.form_token import BadToken, open_sealed, seal
from aiocms.admin.forms.gone import make_new, open_gone, tell_gone
from aiocms.admin.forms.names import BadName, unpack
from aiocms.admin.forms.offers import make_defaults
from aiocms.admin.forms.opened import Opened, open_document, open_new
from aiocms.admin.forms.shown import Limits, show_part
from aiocms.admin.links.choose_view import apply_pick, show_choices, show_picked
from aiocms.admin.nav import undo_action
from aiocms.admin.palette.recent import note_opened
from aiocms.admin.values import ejson, paths
from aiocms.admin.values.bsontext import BadText
from aiocms.admin.values.paths import BadPath, Path
from aiocms.admin.values.rawbson import OBJECT, BrokenBSON, Value
from aiocms.admin.writes.refusals import Refused, list_texts, say_fields
from aiocms.admin.writes.write import Conflicted, Edit, Saved, insert, merge_edit, patch
from aiocms.core import csrf, keys
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext
from aiocms.core.sessions import get_session
from aiocms.core.templates import templ
from aiocms.core.urls import redirect

E = TypeVar("E", bound=Editor)
SAVE_HEADER = "X-Aiocms-Save"
STALE = N_("This page was open too long. Your input is still here: please save again.")
LOST_BASE = N_("This page was made before the site changed. Please check your input and save again.")
_UNCARRIED = N_("The form cannot show %(path)s as it is here. Save it from here, or change that part first.")
ALL_UNCARRIED = N_("Save first: the form cannot show all that you changed here.")
_OWN = frozenset(("_base", "_end", "_resolve", "_op", csrf.FIELD))
_READ_ONLY = N_("You may not change this document any more.")


async def show_new(request: web.Request) -> web.StreamResponse:
    """The page for a new document."""
    return await render(await _begin(await open_new(request)))


async def show(request: web.Request) -> web.StreamResponse:
    """The page of a document, of a part of it (``at``), or its Extended JSON (``tab=json``)."""
    opened = await open_document(request)
    await note_opened(opened)
    return await render(await _begin(opened))


async def create(request: web.Request) -> web.StreamResponse:
    """A post of the page for a new document."""
    return await _answer(await open_new(request))


async def save(request: web.Request) -> web.StreamResponse:
    """A post of a document's page; the document may have gone since."""
    try:
        opened = await open_document(request)
    except web.HTTPNotFound:
        opened = await open_gone(request)
    if opened.read_only_reason():
        raise web.HTTPForbidden(text=gettext(request, _READ_ONLY))
    return await _answer(opened)


async def _answer(opened: Opened) -> web.StreamResponse:
    """A script that saves is told where to go; following there itself it would take the message away."""
    try:
        return await _take(opened)
    except web.HTTPSeeOther as away:
        if SAVE_HEADER not in opened.request.headers:
            raise
        return web.json_response({"location": str(away.location)})


async def _begin(opened: Opened, tab: str = "") -> Page:
    query = opened.request.query
    try:
        at = paths.parse(query.get("at", ""))
        start = int(query.get("from", "0") or 0)
        if (tab or query.get("tab")) == "json":
            return _make_json_page(opened, at)
        form = await opened.screen.get("form", opened.request, None)
        if form is not None and not at:
            base = make_declared_base(opened, form)
            return Page(opened, base, await _prefill(opened, DeclaredEditor(opened, base, None, form)))
        base = make_base(opened, at, start)
        editor = InferredEditor(opened, base, None, make_context(opened))
        return Page(opened, base, await _prefill(opened, editor))
    except (BadPath, ValueError) as error:
        raise web.HTTPNotFound from error


async def _prefill(opened: Opened, editor: E) -> E:
    if opened.document is None and opened.source is None:
        editor.prefill(await make_defaults(opened))
    return editor


def _make_json_page(opened: Opened, at: Path) -> Page:
    base = make_base(opened, at, limits=_limit_json(opened))
    return Page(opened, base, text=ejson.dump(base.base))


def _limit_json(opened: Opened) -> Limits:
    """What fits into a post as Extended JSON: a number takes up to a hundred characters there."""
    most = int(opened.limits.total * 4)
    return Limits(int(opened.request.app[keys.SETTINGS].body_limit) // 100, most, most)


async def _take(opened: Opened) -> web.StreamResponse:
    request = opened.request
    await receive_files(opened)
    try:
        posted = apply_pick(
            unpack((key, value) for key, value in (await request.post()).items() if isinstance(value, str))
        )
    except BadName as error:
        raise web.HTTPBadRequest(text="The packed inputs of the form cannot be read.") from error
    asked = dict(posted)
    page = await bring_back(opened, posted, asked)
    if opened.gone and LOST_BASE in page.messages:
        # No form was ever made for this user of what is not there.
        raise web.HTTPNotFound
    page.touched = True
    operation = asked.get("_op", "")
    await get_session(request)
    if not csrf.is_valid_token(request, asked.get(csrf.FIELD) or request.headers.get(csrf.HEADER)):
        page.messages.append(STALE)
    if operation and not page.messages:
        return await _operate(page, operation, asked)
    if not page.messages and "_end" not in asked:
        page.messages.append(N_("Only a part of the form arrived. Please save again."))
    edited = await _read(page)
    page.messages += tell_lost_files(opened, page.editor, posted)
    if edited is None or page.messages:
        page.status = 422
        return await render(page)
    return await _store(page, edited, asked)


async def bring_back(opened: Opened, posted: list[tuple[str, str]], asked: Mapping[str, str]) -> Page:
    """The page as it was posted, with everything typed."""
    messages: list[str] = []
    form = await opened.screen.get("form", opened.request, None)
    try:
        base = open_sealed(opened.request, opened.owner, asked.get("_base", ""))
    except BadToken:
        messages.append(LOST_BASE)
        fresh = await _begin(opened)
        base = fresh.base
    try:
        if "_json" in asked:
            return Page(opened, base, text=asked["_json"].replace("\r\n", "\n"), messages=messages)
        tree = PostedTree(posted)
        if form is not None and not base.at:
            return Page(opened, base, DeclaredEditor(opened, base, tree, form), messages=messages)
        return Page(opened, base, InferredEditor(opened, base, tree, make_context(opened)), messages=messages)
    except BadName as error:
        raise web.HTTPBadRequest(text="The form holds names that no form here makes.") from error


async def _operate(page: Page, operation: str, asked: Mapping[str, str]) -> web.StreamResponse:
    if operation == "tab:json":
        return await _switch_to_json(page)
    if operation == "tab:form" and page.is_json:
        return await _switch_to_form(page)
    if operation.startswith("choose:"):
        return await show_choices(page, operation.removeprefix("choose:"))
    if page.editor is not None:
        page.focus = page.editor.operate(operation, asked) or ""
    if "_part" in asked:
        name = page.focus if asked["_part"] == "*" else asked["_part"]
        part = await render_part(page, name)
        if part is None:
            raise web.HTTPNotFound
        return part
    return await render(page)


async def _switch_to_json(page: Page) -> web.StreamResponse:
    """The Extended JSON of the document with what was typed, over a new base."""
    edited = await _read(page)
    if edited is None and isinstance(page.editor, DeclaredEditor) and page.editor.is_readable:
        # What the form's rules refuse is no less a value.
        page.messages.clear()
        edited = Edit(page.base, page.editor.last, page.editor.origins)
    if edited is None:
        page.status = 422
        page.messages.append(N_("Mend the marked fields before you see them as Extended JSON."))
        return await render(page)
    opened = page.opened
    try:
        whole = _merge_whole(opened, edited)
    except Conflicted as conflict:
        return await _show_conflict(page, edited, conflict)
    other = _make_json_page(opened, ())
    shown = show_part(whole, (), opened.access, _limit_json(opened))
    try:
        other.text = ejson.dump(ejson.load(ejson.dump(shown), list(_stubs(other.base.base))))
    except BadText:
        page.messages.append(N_("Save first: this document has parts that are too big for this page."))
        return await render(page)
    other.touched = True
    return await render(other)


async def _switch_to_form(page: Page) -> web.StreamResponse:
    """The form with what the Extended JSON was changed to; the JSON stays when it cannot hold that."""
    opened = page.opened
    edited = await _read(page)
    if edited is None:
        page.status = 422
        return await render(page)
    try:
        whole = _merge_whole(opened, edited)
    except Conflicted as conflict:
        return await _show_conflict(page, edited, conflict)
    other = await _begin(opened, "form")
    if edited.mine != page.base.base:
        try:
            await _carry(other, whole)
        except Uncarried as uncarried:
            text = gettext(opened.request, _UNCARRIED, path=paths.show(uncarried.path))
            page.messages.append(text if uncarried.path else ALL_UNCARRIED)
            return await render(page)
        other.touched = True
    return await render(other)


async def _carry(page: Page, whole: Value) -> None:
    """Let the form of a page hold what the Extended JSON says.

    Raises:
        Uncarried: it cannot.
    """
    opened = page.opened
    if isinstance(page.editor, InferredEditor):
        carry(page.editor.form, show_part(whole, (), opened.access, opened.limits))
        return
    form = await opened.screen.get("form", opened.request, None)
    page.editor = await asyncio.to_thread(carry_declared, opened, form, whole)
    page.base = page.editor.base


def _merge_whole(opened: Opened, edited: Edit) -> Value:
    """The document as an edit would leave it, without its id unless it is new.

    Raises:
        Conflicted: somebody else changed the same paths.
    """
    if opened.document is None or opened.gone:
        return edited.mine or Value.object(())
    at, merged = merge_edit(opened.document, edited, opened.access)
    if merged.conflicts:
        raise Conflicted(opened.document, merged)
    whole = paths.replace(opened.document, at, merged.value)
    return Value.object((key, value) for key, value in whole.items() if key != "_id")


async def _read(page: Page) -> Edit | None:
    """What the page wants; None, with errors on the page, when something typed is wrong."""
    if page.editor is not None:
        mine = await page.editor.read()
        if mine is None:
            if not page.messages:
                page.messages.append(N_("Please correct the marked fields."))
            return None
        return Edit(page.base, mine, page.editor.origins)
    try:
        mine = await asyncio.to_thread(ejson.load, page.text, list(_stubs(page.base.base)))
        if page.base.base.code == OBJECT and mine.code != OBJECT:
            raise ejson.BadJSON(N_("A document is an object in braces."), page.text, 0)
        return Edit(page.base, mine)
    except BadText as error:
        page.json_error = error
        return None


def _stubs(base: Value) -> list[Value]:
    found: list[Value] = []
    ejson.dump(base, stubs=found)
    return found


async def _store(page: Page, edited: Edit, asked: Mapping[str, str]) -> web.StreamResponse:
    opened = page.opened
    copies = asked.get("_save") == "copy" and opened.may("add") and opened.screen.can_add
    try:
        if copies and opened.gone:
            saved = await insert(opened.door, make_new(edited))
        elif copies and opened.document is not None:
            source = make_source(opened.document, opened.access)
            saved = await insert(opened.door, make_copy(source, edited, opened.access))
        elif opened.identity is None:
            whole = edited.mine or Value.object(())
            if opened.source is not None:
                whole = make_copy(opened.source, edited, opened.access)
            saved = await insert(opened.door, whole)
        else:
            if "_resolve" in asked:
                edited = replace(edited, decide=read_choices(asked))
            saved = await patch(opened.door, opened.identity, edited)
    except Conflicted as conflict:
        return await _show_conflict(page, edited, conflict)
    except Gone:
        await tell_gone(page)
        return await render(page)
    except BrokenBSON as error:
        page.status = 422
        page.messages.append(str(error))
        return await render(page)
    except Refused as refused:
        page.status = 422
        request = opened.request
        page.messages.append(gettext(request, refused.message, **refused.values))
        if refused.fields and (copies or opened.source is not None):
            page.messages.append(gettext(request, N_("A copy needs values of its own in the marked fields.")))
        if page.editor is None:
            page.messages.extend(list_texts(request, refused))
        else:
            fields = say_fields(request, refused)
            page.messages.extend(page.editor.put_errors(fields))
        return await render(page)
    return _leave(page, saved, asked)


def _leave(page: Page, saved: Saved, asked: Mapping[str, str]) -> web.StreamResponse:
    opened = page.opened
    request = opened.request
    copied = asked.get("_save") == "copy" and opened.identity != saved.identity
    new = opened.identity is None or copied
    opened.identity = saved.identity
    if saved.change is None:
        flash(request, gettext(request, N_("Nothing was changed.")), "info")
    else:
        text = N_("Added.") if new else N_("Saved.")
        if saved.merged:
            text = N_("Saved, together with what others changed meanwhile.")
        flash(request, gettext(request, text), "success", undo_action(request, saved.change))
    wanted = asked.get("_save", "")
    if "pick" in request.query and wanted not in ("stay", "new"):
        return show_picked(opened, saved)
    if wanted == "new" and opened.may("add"):
        raise redirect(request, opened.url("create"))
    if copied:
        raise redirect(request, opened.url("edit"))
    if wanted == "stay":
        query: dict[str, Any] = {"at": paths.show(page.base.at) or None, "from": page.base.offset or None}
        raise redirect(request, opened.url("edit", tab="json" if page.is_json else None, **query))
    if page.base.at:
        raise redirect(request, opened.url("edit"))
    raise redirect(request, opened.list_url)


async def _show_conflict(page: Page, edited: Edit, conflict: Conflicted) -> web.StreamResponse:
    opened = page.opened
    context = {
        **make_context(opened),
        "crumbs": make_crumbs(opened, gettext(opened.request, N_("Conflict")), below=True),
        "rows": list_conflicts(opened, page.base, conflict.conflicts),
        "token": seal(opened.request, opened.owner, page.base),
        # What was typed travels on, so that choosing a side loses nothing.
        "typed": [
            (key, value)
            for key, value in (await opened.request.post()).items()
            if isinstance(value, str) and key not in _OWN and not key.startswith(("_take~", "_seen~"))
        ],
    }
    return templ(opened.names("conflict"), opened.request, context, status=409)
