"""Writes to several documents that are made together and taken back together.

With transactions all of them are one. Elsewhere references are emptied first, then what is deleted along,
then what the user asked to delete: a cut leaves documents with less in them, and none that points nowhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aiohttp import web
from bson import ObjectId

from aiocms.admin.deletes.deletion import Deletion, Planner
from aiocms.admin.deletes.emptying import drop
from aiocms.admin.door import Door, Gone, read
from aiocms.admin.forms.opened import Opened, open_for_change, within_document
from aiocms.admin.screens import Screen
from aiocms.admin.values.rawbson import Value
from aiocms.admin.writes import history
from aiocms.admin.writes.refusals import Refused, say
from aiocms.admin.writes.undo import undo_one
from aiocms.admin.writes.write import Conflicted, Saved, apply_changes, finish, remove, run_work
from aiocms.core import keys
from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_

CHANGED = N_("Something has changed since you were asked. Please look at it again.")


class Disagreed(AiocmsError):
    """What a delete would do now is not what the user agreed to, or is not possible."""

    def __init__(self, deletion: Deletion, message: str = "") -> None:
        super().__init__(message or "the delete is not possible")
        self.deletion = deletion
        self.message = message


async def delete_together(
    request: web.Request, screen: Screen, identities: list[Value], agreed: str
) -> tuple[ObjectId, int]:
    """Delete documents and do to the others what the policies of references say.

    Parameters:
        agreed: the digest of the plan that the user has seen.

    Returns:
        A change that takes everything back, and how many other documents were touched.
    Raises:
        Disagreed: the plan is another one now, or cannot be carried out.
        Gone: a document is not there, or the user may not delete it.
        Refused: a screen or the database has something against a write.
    """
    planner = Planner(request)
    db = request.app[keys.MONGO].db
    doors: list[Door] = []

    async def work(session: Any) -> list[Saved]:
        doors.clear()
        deletion = await planner.plan(screen, identities, session)
        if not deletion.is_possible:
            raise Disagreed(deletion)
        if deletion.digest != agreed:
            raise Disagreed(deletion, CHANGED)
        # A delete of one document alone is taken back by its own record.
        group = ObjectId() if deletion.touches_others or len(deletion.roots) > 1 else None
        return await _carry_out(planner, deletion, group, doors, session)

    saved = await run_work(db, work, None)
    for door, one in zip(doors, saved, strict=True):
        await finish(door, one)
    last = saved[-1].change
    assert last is not None  # noqa: S101 - every delete is recorded
    return last, len(saved) - len(identities)


async def _carry_out(
    planner: Planner, deletion: Deletion, group: ObjectId | None, doors: list[Door], session: Any
) -> list[Saved]:
    saved: list[Saved] = []
    for key, links in deletion.edits.items():
        opened = await planner.open(links[0].screen)
        try:
            current = await read(opened.door, key[1], "edit", session)
        except Gone as error:
            raise Refused(N_("You may not change every document that points here.")) from error
        try:
            changed = current
            for link in links:
                gone = _ids_of(deletion, link.reference.collection)
                changed = drop(changed, link.path, gone, link.reference.on_delete)
            door = replace(within_document(opened, current), group=group)
            one = await apply_changes(door, key[1], current, changed, session)
        except Refused as refused:
            raise _name(refused, opened, current) from refused
        if one.change is not None:
            doors.append(door)
            saved.append(one)
    for key, screen in reversed(deletion.removed.items()):
        opened = await planner.open(screen)
        door = replace(opened.door, group=group)
        saved.append(await remove(door, key[1], session))
        doors.append(door)
    return saved


def _ids_of(deletion: Deletion, collection: str) -> frozenset[Value]:
    return frozenset(one for name, one in deletion.removed if name == collection)


def _name(refused: Refused, opened: Opened, document: Value) -> Refused:
    """A refusal that says which document it is about, in words that the user may read."""
    label = opened.door.describe(document.python()) if opened.may("view") else opened.screen.shown_title
    texts = "; ".join(say(opened.request, text) for text in refused.fields.values())
    reason = " ".join(part for part in (str(refused), texts) if part)
    return Refused(N_("%(label)s cannot be changed: %(reason)s"), label=label, reason=reason)


async def undo_together(request: web.Request, change: history.Change) -> Saved:
    """Take back a change with all that were made together with it.

    Raises:
        HTTPForbidden: the user may not write to one of the documents.
        Gone, Conflicted, Refused: as `undo`, for any of them; then nothing is taken back.
    """
    assert change.group is not None  # noqa: S101 - the caller asks only for such
    db = request.app[keys.MONGO].db
    members = await history.find_group(db, change.group)
    opened: dict[tuple[str, str, str], Opened] = {}
    for member in members:
        key = (member.namespace, member.screen, member.collection)
        if key not in opened:
            opened[key] = await open_for_change(request, member)
        if not opened[key].may("edit" if member.verb == history.EDIT else "delete"):
            raise web.HTTPForbidden
    doors: list[Door] = []

    async def work(session: Any) -> list[Saved]:
        doors.clear()
        group, done = ObjectId(), []
        for member in members:
            key = (member.namespace, member.screen, member.collection)
            door = replace(opened[key].door, group=group)
            try:
                done.append(await undo_one(door, member, session))
            except Conflicted as conflict:
                message = N_("%(label)s was changed since: nothing was taken back.")
                raise Refused(message, label=member.label) from conflict
            if not await history.mark_undone(db, member.id, session):
                raise Refused(N_("This change was already taken back."))
            doors.append(door)
        if not done:
            raise Refused(N_("This change was already taken back."))
        return done

    saved = await run_work(db, work, change.document)
    for door, one in zip(doors, saved, strict=True):
        await finish(door, one)
    wanted = next((one for one in saved if one.identity == change.identity), saved[0])
    return replace(wanted, change=next((one.change for one in saved if one.change is not None), None))
