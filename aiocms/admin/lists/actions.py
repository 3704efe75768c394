"""Actions on rows: the ticked ones or all that match, asked about on a page of their own before they run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from aiocms.admin.deletes import bulk_delete
from aiocms.admin.door import Door, Gone
from aiocms.admin.fallback import template_names
from aiocms.admin.forms.opened import make_door
from aiocms.admin.labels import label_of, label_paths
from aiocms.admin.lists.list_view import describe_count
from aiocms.admin.lists.listing import find_match, find_size
from aiocms.admin.lists.query import read_state
from aiocms.admin.lists.tokens import Signer
from aiocms.admin.nav import list_url, undo_action
from aiocms.admin.registry import get_screen
from aiocms.admin.screens import Action, Screen
from aiocms.admin.store import Store, open_store
from aiocms.admin.values.bsontypes import decode_id, encode_id
from aiocms.admin.values.rawbson import Value
from aiocms.admin.writes.refusals import Refused
from aiocms.admin.writes.write import delete
from aiocms.core import keys
from aiocms.core.csrf import require_token
from aiocms.core.flash import Action as FlashAction
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext, ngettext
from aiocms.core.templates import templ
from aiocms.core.urls import url_for

DELETE = Action("delete", N_("Delete"), None, N_("Delete these documents?"), "delete", True, "trash")
MOST_TICKED = 500
_SHOWN = 10


@dataclass(slots=True)
class Rows:
    """The rows of an action: `async for document in rows`, in the order of `_id`, within the action's scope.

    `form` is the valid form of an action that has one.
    """

    store: Store
    match: Mapping[str, Any]
    form: Any = None

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        return self.store.iter_documents(self.match)

    @property
    def collection(self) -> Any:
        """The collection, for writes of the action's own."""
        return self.store.collection

    async def count(self, limit: int = 10_000) -> Any:
        """How many rows there are, bounded."""
        return await self.store.count(self.match, limit, 2000)


def find_actions(screen: Screen) -> tuple[Action, ...]:
    """The actions of a screen, deleting last."""
    declared = screen.actions()
    if not screen.can_delete or any(one.name == DELETE.name for one in declared):
        return declared
    return (*declared, DELETE)


async def run(request: web.Request) -> web.StreamResponse:
    """Ask about an action, or run it when it was answered."""
    screen = await get_screen(request)
    data = await request.post()
    action = next((one for one in find_actions(screen) if one.name == data.get("action")), None)
    if action is None:
        raise web.HTTPBadRequest
    user = request.get(keys.USER)
    if user is None or not (user.can("admin.enter") and user.can(screen.permission(action.verb))):
        raise web.HTTPForbidden
    await require_token(request)
    store = await open_store(request, screen, action.verb)
    query = parse_qsl(str(data.get("query", "")), keep_blank_values=True)
    ticked = [str(one) for one in data.getall("rows", []) if isinstance(one, str)][:MOST_TICKED]
    whole = data.get("all") == "yes"
    back = list_url(request, screen, query)
    if not (ticked or whole):
        flash(request, gettext(request, "Tick some rows first."), "warning")
        raise web.HTTPSeeOther(back)
    rows = Rows(store, await _find_rows(store, query, ticked, whole))
    answered = data.get("confirm") == "yes"
    if action.form is not None:
        rows.form = await _load_form(request, action, answered)
        answered = answered and await rows.form.is_valid()
    said = ""
    if answered or (not action.confirm and action.form is None and action is not DELETE):
        said = await _run(request, screen, action, rows)
        if not said:
            raise web.HTTPSeeOther(back)
    return await _ask(request, screen, action, rows, ticked, whole, str(data.get("query", "")), said)


async def _load_form(request: web.Request, action: Action, answered: bool) -> Any:
    form: Any = action.form
    return await form.load(request) if answered else form()


async def _find_rows(
    store: Store, query: list[tuple[str, str]], ticked: list[str], whole: bool
) -> Mapping[str, Any]:
    """The filter of the rows: always inside the scope of the action's verb.

    Raises:
        HTTPBadRequest: the list's address or an id cannot be understood, so it is not clear what is meant.
    """
    fields, sortable = await store.fields(), await store.sortable()
    if whole:
        state = read_state(
            [pair for pair in query if pair[0] != "at"], fields, lambda _: Signer(b""), sortable
        )
        if state.problems:
            raise web.HTTPBadRequest
        return (await find_match(store, state, await find_size(store)))[0]
    try:
        identities = [decode_id(one) for one in ticked]
    except ValueError as error:
        raise web.HTTPBadRequest from error
    # Not $in, which takes a pattern for one and refuses an object with a key like an operator.
    parts = [{"$or": [{"_id": {"$eq": one}} for one in identities]}, dict(store.scope)]
    return {"$and": parts} if store.scope else parts[0]


async def _ask(
    request: web.Request,
    screen: Screen,
    action: Action,
    rows: Rows,
    ticked: list[str],
    whole: bool,
    query: str,
    message: str = "",
) -> web.StreamResponse:
    count = await rows.count()
    if count.kind == "exact" and not count.number:
        flash(request, gettext(request, N_("None of these documents is there any more.")), "warning")
        raise web.HTTPSeeOther(list_url(request, screen, parse_qsl(query, keep_blank_values=True)))
    fields = await rows.store.fields()
    label = await screen.get("label", request)
    paths = label_paths(label, fields)
    shown: list[tuple[str, str]] = []
    async for document in rows.store.iter_documents(rows.match, paths):
        address = url_for(
            request, "admin:edit", ns=screen.namespace, screen=screen.name, id=encode_id(document["_id"])
        )
        shown.append((label_of(document, label, paths), address))
        if len(shown) >= _SHOWN:
            break
    title = gettext(request, screen.shown_title) if screen.declared else screen.shown_title
    back = list_url(request, screen, parse_qsl(query, keep_blank_values=True))
    values = {
        "screen": screen,
        "action": {"name": action.name, "label": gettext(request, action.label), "danger": action.danger},
        "question": gettext(request, action.confirm) if action.confirm else "",
        "crumbs": [
            (gettext(request, "Admin"), url_for(request, "admin:index")),
            (title, back),
            (gettext(request, action.label), None),
        ],
        "count": describe_count(request, count) or "?",
        "shown": shown,
        "more": count.number > len(shown) or count.kind == "unknown",
        "form": rows.form,
        "ticked": ticked,
        "whole": whole,
        "query_text": query,
        "back": back,
        "action_url": url_for(request, "admin:action", ns=screen.namespace, screen=screen.name),
    }
    values |= {"message": message, "lines": [], "agreed": "", "blocked": False}
    if action is DELETE:
        values |= await bulk_delete.describe(request, rows.store, rows.match)
    return templ(template_names(screen, "action"), request, values, status=409 if message else 200)


async def _run(request: web.Request, screen: Screen, action: Action, rows: Rows) -> str:
    """Carry out an action; what keeps it from being carried out."""
    if action is DELETE:
        if await bulk_delete.has_policies(request, screen):
            agreed = str((await request.post()).get(bulk_delete.AGREED, ""))
            return await bulk_delete.run(request, rows.store, rows.match, agreed)
        await _delete(request, screen, rows)
        return ""
    said = await getattr(screen, action.name)(request, rows)
    message = (
        said
        if isinstance(said, str)
        else gettext(request, "Done: %(action)s", action=gettext(request, action.label))
    )
    flash(request, message, "success")
    return ""


async def _open_door(store: Store) -> Door:
    """The write side with the read side's rights; only the scope of deleting is asked."""
    request, screen = store.request, store.screen
    label = await screen.get("label", request)
    paths = label_paths(label, await store.fields())
    scope = dict(store.scope) or True
    return make_door(
        request,
        screen,
        {"view": scope, "delete": scope},
        store.rights.access,
        lambda document: label_of(store.rights.prune(document), label, paths),
    )


async def _delete(request: web.Request, screen: Screen, rows: Rows) -> None:
    """Delete row by row, so each has its record and can be taken back."""
    door = await _open_door(rows.store)
    done = refused = 0
    undo: FlashAction | None = None
    async for document in rows.store.iter_documents(rows.match, ("_id",)):
        try:
            saved = await delete(door, Value.of(document["_id"]))
        except Gone:
            continue
        except Refused:
            refused += 1
            continue
        done += 1
        if saved.change is not None:
            undo = undo_action(request, saved.change)
    text = ngettext(request, "%(num)s document was deleted.", "%(num)s documents were deleted.", done)
    flash(request, text, "success", undo if done == 1 else None)
    if refused:
        text = ngettext(
            request,
            "%(num)s document could not be deleted.",
            "%(num)s documents could not be deleted.",
            refused,
        )
        flash(request, text, "warning")
