"""Deleting a document, after asking; and taking a change back."""

from __future__ import annotations

from aiohttp import web
from bson import ObjectId
from bson.errors import InvalidId

from aiocms.admin.deletes.bulk_delete import AGREED, tell_halted
from aiocms.admin.deletes.delete_page import describe_deletion
from aiocms.admin.deletes.deletion import Planner
from aiocms.admin.door import Gone
from aiocms.admin.forms.conflict import list_conflicts
from aiocms.admin.forms.edit_page import make_crumbs
from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.forms.opened import Opened, open_document, open_for_change
from aiocms.admin.forms.shown import Limits, show_part
from aiocms.admin.nav import undo_action
from aiocms.admin.values import ejson, paths
from aiocms.admin.values.rawbson import Value
from aiocms.admin.writes import history
from aiocms.admin.writes.refusals import Refused, list_texts
from aiocms.admin.writes.stepwise import Halted
from aiocms.admin.writes.together import Disagreed, delete_together, undo_together
from aiocms.admin.writes.undo import undo
from aiocms.admin.writes.write import Conflicted, Saved
from aiocms.core import csrf, keys
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext, ngettext
from aiocms.core.templates import templ
from aiocms.core.urls import redirect

_LONGEST = 4000


async def show_delete(request: web.Request) -> web.StreamResponse:
    """The question before a document is deleted."""
    return await _ask(await _open(request))


async def confirm_delete(request: web.Request) -> web.StreamResponse:
    """Delete the document and go back to the list, with a button that brings it back."""
    opened = await _open(request)
    await csrf.require_token(request)
    assert opened.identity is not None  # noqa: S101 - open_document gives one
    agreed = str((await request.post()).get(AGREED, ""))
    try:
        change, others = await delete_together(request, opened.screen, [opened.identity], agreed)
    except Gone as error:
        raise web.HTTPNotFound from error
    except Disagreed as error:
        return await _ask(opened, gettext(request, error.message) if error.message else "", status=409)
    except Refused as refused:
        return await _ask(opened, gettext(request, refused.message, **refused.values), status=422)
    except Halted as halted:
        tell_halted(request, halted)
        raise redirect(request, opened.url("delete")) from None
    text = gettext(request, N_("Deleted %(label)s."), label=opened.label)
    if others:
        text += " " + ngettext(
            request,
            "%(num)s other document was deleted or changed.",
            "%(num)s other documents were deleted or changed.",
            others,
        )
    flash(request, text, "success", undo_action(request, change))
    raise redirect(request, opened.list_url)


async def take_back(request: web.Request) -> web.StreamResponse:
    """Take a change back: a person's own, or any in a screen that the person may edit."""
    await csrf.require_token(request)
    try:
        change = await history.find_change(request.app[keys.MONGO].db, ObjectId(request.match_info["change"]))
    except InvalidId as error:
        raise web.HTTPNotFound from error
    if change is None:
        raise web.HTTPNotFound
    opened = await open_for_change(request, change)
    needed = {history.ADD: "delete", history.EDIT: "edit", history.DELETE: "delete"}[change.verb]
    if not opened.may(needed):
        raise web.HTTPForbidden
    try:
        if change.group is not None:
            saved = await undo_together(request, change)
        else:
            saved = await undo(opened.door, change)
    except Gone:
        flash(request, gettext(request, N_("The document is not there any more.")), "warning")
        raise redirect(request, opened.url("list")) from None
    except Refused as refused:
        texts = [gettext(request, refused.message, **refused.values), *list_texts(request, refused)]
        flash(request, " ".join(texts), "warning")
        raise redirect(request, _back(opened, change)) from None
    except Halted as halted:
        tell_halted(request, halted)
        raise redirect(request, opened.url("list")) from None
    except Conflicted as conflict:
        context = {
            "opened": opened,
            "screen": opened.screen,
            "crumbs": make_crumbs(opened, change.label),
            "rows": list_conflicts(opened, FormBase(Value.object(())), conflict.conflicts),
            "token": "",
            "typed": [],
            "list_url": opened.list_url,
            "undo": change,
        }
        return templ(opened.names("conflict"), request, context, status=409)
    _say(request, change, saved)
    raise redirect(request, opened.url("list") if change.verb == history.ADD else opened.url("edit"))


def _say(request: web.Request, change: history.Change, saved: Saved) -> None:
    text = {
        history.ADD: N_("Taken back: the document is deleted again."),
        history.EDIT: N_("Taken back."),
        history.DELETE: N_("The document is back."),
    }[change.verb]
    action = undo_action(request, saved.change) if saved.change is not None else None
    flash(request, gettext(request, text), "success", action)


def _back(opened: Opened, change: history.Change) -> str:
    return opened.url("list") if change.verb == history.DELETE else opened.url("edit")


async def _open(request: web.Request) -> Opened:
    opened = await open_document(request)
    if not opened.may("delete") or not opened.screen.can_delete:
        raise web.HTTPForbidden
    return opened


async def _ask(opened: Opened, message: str = "", status: int = 200) -> web.StreamResponse:
    assert opened.document is not None  # noqa: S101 - open_document gives one
    shown = show_part(opened.document, (), opened.access, Limits(200, 2000, 8000))
    text = ejson.dump(shown)
    assert opened.identity is not None  # noqa: S101 - open_document gives one
    deletion = await Planner(opened.request).plan(opened.screen, [opened.identity])
    context = {
        "lines": await describe_deletion(opened.request, deletion),
        "agreed": deletion.digest,
        "blocked": not deletion.is_possible,
        "opened": opened,
        "screen": opened.screen,
        "crumbs": make_crumbs(opened, gettext(opened.request, N_("Delete")), below=True),
        "label": opened.label,
        "size": opened.document.size,
        "preview": text[:_LONGEST] + ("\n…" if len(text) > _LONGEST else ""),
        "message": message,
        "list_url": opened.list_url,
        "show_path": paths.show,
    }
    return templ(opened.names("delete"), opened.request, context, status=status)
