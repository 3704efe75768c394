"""A form whose document is gone: what was typed stays on the page, with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from aiocms.admin.door import Gone
from aiocms.admin.forms.opened import Opened, open_screen
from aiocms.admin.nav import undo_url
from aiocms.admin.values import ejson
from aiocms.admin.values.bsontypes import decode_raw_id
from aiocms.admin.values.rawbson import Value
from aiocms.admin.writes import history
from aiocms.admin.writes.refusals import Refused
from aiocms.admin.writes.write import Edit
from aiocms.core.i18n import N_

if TYPE_CHECKING:
    from aiocms.admin.forms.edit_page import Page

DELETED = N_("Somebody deleted this document meanwhile. Your input is still here.")
_REVIVE = N_("Bring the document back and save again, or save what you typed as a new document.")
_ONLY_REVIVE = N_("Bring the document back and save again.")
_ONLY_NEW = N_("You can save what you typed as a new document.")
_PARTS = N_(
    "This page does not show all of the document, so it cannot make a new one: bring it back instead."
)


async def open_gone(request: web.Request) -> Opened:
    """The place of a document that is not there any more, for a form that was made while it was.

    Raises:
        web.HTTPNotFound: the user may not edit here, or the address is none of a document.
    """
    opened = await open_screen(request)
    if opened.read_only_reason() or not opened.may("edit") or not opened.screen.can_edit:
        raise web.HTTPNotFound
    try:
        opened.identity = decode_raw_id(request.match_info["id"])
    except ValueError as error:
        raise web.HTTPNotFound from error
    opened.document = Value.object((("_id", opened.identity),))
    opened.label = opened.door.describe(opened.document.python())
    opened.gone = True
    return opened


def make_new(edited: Edit) -> Value:
    """What the form shows, as a new document.

    Raises:
        Gone: the form is one of a part of the document.
        Refused: the form shows the document without some of its parts.
    """
    if edited.form.at or edited.mine is None:
        raise Gone("a part makes no document")
    stubs: list[Value] = []
    ejson.dump(edited.mine, stubs=stubs)
    if stubs:
        raise Refused(_PARTS)
    return Value.object((key, value) for key, value in edited.mine.items() if key != "_id")


async def tell_gone(page: Page) -> None:
    """Say on the page that its document is gone, and what can be done."""
    opened = page.opened
    page.status = 409
    page.messages.append(DELETED)
    copies = opened.may("add") and opened.screen.can_add and not page.base.at
    change = await _find_delete(opened)
    if change is not None:
        page.revive = undo_url(opened.request, change.id)
        page.messages.append(_REVIVE if copies else _ONLY_REVIVE)
    elif copies:
        page.messages.append(_ONLY_NEW)


async def _find_delete(opened: Opened) -> history.Change | None:
    """The record of the delete, when the user may take it back."""
    if not opened.may("delete") or opened.identity is None:
        return None
    change = await history.find_deletion(opened.door.db, opened.screen.collection, opened.identity)
    return change if change is not None and not change.undone else None
