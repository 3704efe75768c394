"""Writes to several documents that are made together and taken back together.

With transactions all of them are one. Elsewhere they are made step by step (stepwise.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web
from bson import ObjectId

from aiocms.admin.deletes.deletion import Deletion, Key, Planner
from aiocms.admin.deletes.emptying import drop
from aiocms.admin.door import Door, Gone, read
from aiocms.admin.forms.opened import Opened, open_for_change, within_document
from aiocms.admin.links.references import Link
from aiocms.admin.screens import Screen
from aiocms.admin.values.rawbson import Value
from aiocms.admin.writes import history
from aiocms.admin.writes.patch import diff
from aiocms.admin.writes.refusals import Refused, say
from aiocms.admin.writes.rights import check_writes
from aiocms.admin.writes.stepwise import CHANGED, Done, Halted, halt, is_there, persist
from aiocms.admin.writes.undo import check_undo, undo_one
from aiocms.admin.writes.write import Conflicted, Saved, apply_changes, check, finish, remove, run_work
from aiocms.core import keys
from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_

_TAKEN_BACK = N_("This change was already taken back.")
_CHANGED_SINCE = N_("%(label)s was changed since: nothing was taken back.")


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
        Halted: the same, after some documents were written already, on a server without transactions.
    """
    planner = Planner(request)

    async def work(session: Any) -> Done:
        deletion = await planner.plan(screen, identities, session)
        if not deletion.is_possible:
            raise Disagreed(deletion)
        if deletion.digest != agreed:
            raise Disagreed(deletion, CHANGED)
        # A delete of one document alone is taken back by its own record.
        group = ObjectId() if deletion.touches_others or len(deletion.roots) > 1 else None
        carry_out = _carry_out if session is not None else _carry_out_by_steps
        return await carry_out(planner, deletion, group, session)

    done = await _finish(run_work(request.app[keys.MONGO].db, work, None))
    last = done[-1][1].change
    assert last is not None  # noqa: S101 - every delete is recorded
    return last, len(done) - len(identities)


async def _finish(work: Any) -> Done:
    """Tell the screens of what was written, be it all or not."""
    try:
        done: Done = await work
    except Halted as halted:
        for door, one in halted.done:
            await finish(door, one)
        raise
    for door, one in done:
        await finish(door, one)
    return done


async def _carry_out(planner: Planner, deletion: Deletion, group: ObjectId | None, session: Any) -> Done:
    done: Done = []
    for key, links in deletion.edits.items():
        done += await _empty(planner, deletion, key, links, group, session)
    for key, screen in reversed(deletion.removed.items()):
        door = replace((await planner.open(screen)).door, group=group)
        done.append((door, await remove(door, key[1], session)))
    return done


async def _carry_out_by_steps(
    planner: Planner, deletion: Deletion, group: ObjectId | None, session: None
) -> Done:
    """The same without a transaction: nothing that can be known before is left to be met midway."""
    for key, links in deletion.edits.items():
        await _empty(planner, deletion, key, links, group, session, rehearse=True)
    done: Done = []
    roots = set(deletion.roots)
    looked_again = False
    try:
        for key, links in deletion.edits.items():
            done += await _empty(planner, deletion, key, links, group, session)
        for key, screen in reversed(deletion.removed.items()):
            if key in roots and not looked_again:
                await _look_again(planner, deletion)
                looked_again = True
            done += await _remove_by_itself(planner, deletion, key, screen, group)
    except Exception as error:
        raise halt(done, error) from error
    if not done:
        raise Gone("somebody else has deleted all of it")
    return done


async def _look_again(planner: Planner, deletion: Deletion) -> None:
    """Before the last step: whether something has come to point to what is about to go.

    Raises:
        Disagreed: something has.
    """
    screen = deletion.removed[deletion.roots[0]]
    now = await planner.plan(screen, [one for _, one in deletion.roots])
    if not now.is_possible or now.touches_others:
        raise Disagreed(now, CHANGED)


async def _remove_by_itself(
    planner: Planner, deletion: Deletion, key: Key, screen: Screen, group: ObjectId | None
) -> Done:
    """Delete one document if it still points to what goes; nothing when somebody else has deleted it."""
    door = replace((await planner.open(screen)).door, group=group)
    links = [
        one.link
        for one in deletion.touches
        if one.link.screen.collection == key[0] and key[1] in one.identities
    ]

    def is_meant(document: Value) -> bool:
        return key in deletion.roots or any(_points(document, link, deletion) for link in links)

    try:
        return [(door, await persist(lambda: remove(door, key[1], None, is_meant)))]
    except Gone:
        if await is_there(door, key[1]):
            raise
        return []


def _points(document: Value, link: Link, deletion: Deletion) -> bool:
    gone = _ids_of(deletion, link.reference.collection)
    return drop(document, link.path, gone, "unset") != document


async def _empty(
    planner: Planner,
    deletion: Deletion,
    key: Key,
    links: Sequence[Link],
    group: ObjectId | None,
    session: Any,
    *,
    rehearse: bool = False,
) -> Done:
    """Take out of one document what points to what goes; nothing when that has happened already.

    Parameters:
        rehearse: only find out whether anything is against it.
    """
    opened = await planner.open(links[0].screen)

    async def work() -> Done:
        try:
            current = await read(opened.door, key[1], "edit", session)
        except Gone as error:
            if session is None and not await is_there(opened.door, key[1]):
                return []
            raise Refused(N_("You may not change every document that points here.")) from error
        changed = current
        for link in links:
            gone = _ids_of(deletion, link.reference.collection)
            changed = drop(changed, link.path, gone, link.reference.on_delete)
        door = replace(within_document(opened, current), group=group)
        try:
            if rehearse:
                check_writes(diff(current, changed), door.access)
                await check(door, changed, current)
                return []
            one = await apply_changes(door, key[1], current, changed, session)
        except Refused as refused:
            raise _name(refused, opened, current) from refused
        return [(door, one)] if one.change is not None else []

    return await (persist(work) if session is None else work())


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
        Halted: the same, after some were taken back already, on a server without transactions.
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

    async def work(session: Any) -> Done:
        group = ObjectId()
        doors = [
            (replace(opened[one.namespace, one.screen, one.collection].door, group=group), one)
            for one in members
        ]
        if session is None:
            return await _take_back_by_steps(doors)
        done: Done = []
        for door, member in doors:
            done.append((door, await _take_back(door, member, session)))
            if not await history.mark_undone(db, member.id, session):
                raise Refused(_TAKEN_BACK)
        return done

    if not members:
        raise Refused(_TAKEN_BACK)
    done = await _finish(run_work(db, work, change.document))
    saved = [one for _, one in done]
    wanted = next((one for one in saved if one.identity == change.identity), saved[0])
    return replace(wanted, change=next((one.change for one in saved if one.change is not None), None))


async def _take_back(door: Door, member: history.Change, session: Any) -> Saved:
    try:
        return await undo_one(door, member, session)
    except Conflicted as conflict:
        raise Refused(_CHANGED_SINCE, label=member.label) from conflict


async def _take_back_by_steps(members: Sequence[tuple[Door, history.Change]]) -> Done:
    """Without a transaction. What a cut left taken back but not noted is passed over."""
    for door, member in members:
        try:
            await check_undo(door, member)
        except Conflicted as conflict:
            raise Refused(_CHANGED_SINCE, label=member.label) from conflict
    done: Done = []
    written: Done = []
    try:
        for door, member in members:
            one = await _take_back_one(door, member)
            done.append((door, one))
            written += [(door, one)] if one.change is not None else []
            await history.mark_undone(door.db, member.id, None)
    except Exception as error:
        raise halt(written, error) from error
    return done


async def _take_back_one(door: Door, member: history.Change) -> Saved:
    try:
        return await persist(lambda: undo_one(door, member, None))
    except Conflicted as conflict:
        raise Refused(N_("%(label)s was changed since."), label=member.label) from conflict
    except Gone:
        if member.verb == history.ADD and not await is_there(door, member.identity):
            return Saved(None, member.identity)
        raise
