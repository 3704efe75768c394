"""Taking a recorded change back, guarded by what happened to the document since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bson.raw_bson import RawBSONDocument

from aiocms.admin.door import Door, read
from aiocms.admin.values import paths
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import RAW, Value
from aiocms.admin.writes import history
from aiocms.admin.writes.merge import Conflict, Merged, merge
from aiocms.admin.writes.patch import build_filter
from aiocms.admin.writes.refusals import Refused
from aiocms.admin.writes.rights import check_shown
from aiocms.admin.writes.write import (
    Again,
    Conflicted,
    OutOfScope,
    Saved,
    apply_changes,
    check,
    finish,
    is_within,
    make_change,
    run_work,
    write_recorded,
)
from aiocms.core.i18n import N_

_CHANGED_SINCE = N_("The document was changed since. Delete it if you do not want it.")


async def undo(door: Door, change: history.Change) -> Saved:
    """Take a change back, merged with what happened to the document since.

    Raises:
        Gone: there is nothing to change back.
        Conflicted: the same paths were changed since.
        Refused: it was taken back before, or the database's rules do not allow it.
    """

    async def work(session: Any) -> Saved:
        saved = await undo_one(door, change, session)
        if not await history.mark_undone(door.db, change.id, session):
            raise Refused(N_("This change was already taken back."))
        return saved

    return await finish(door, await run_work(door.db, work, change.document))


async def undo_one(door: Door, change: history.Change, session: Any) -> Saved:
    """Take one change back within a transaction, without noting that it was."""
    if change.verb == history.DELETE and change.document is not None:
        door.find_scope("delete")  # who may delete may restore
        await check(door, change.document, None)
        back = replace(make_change(door, change.identity, history.ADD, change.document), undoes=change.id)
        back = replace(back, digest=history.digest(change.document))
        whole = RawBSONDocument(change.document.raw, RAW)
        if session is None and await _find(door, change.identity) == change.document:
            # It was restored already, or a cut came before its delete.
            return Saved(None, change.identity, change.document)

        async def restore() -> None:
            await door.raw.insert_one(whole, session=session)
            if not await is_within(door, change.identity, "delete", session):
                if session is None:
                    await door.raw.delete_one(build_filter(change.identity))
                raise OutOfScope

        await write_recorded(door.db, back, session, restore)
        return Saved(back.id, change.identity, change.document)
    if change.verb == history.ADD:
        current = await read(door, change.identity, "delete", session)
        if history.digest(current) != change.digest:
            raise Refused(_CHANGED_SINCE)
        back = replace(make_change(door, change.identity, history.DELETE, current), document=current)

        async def remove() -> None:
            result = await door.raw.delete_one(build_filter(change.identity), session=session)
            if not result.deleted_count:
                raise Again

        await write_recorded(door.db, replace(back, undoes=change.id), session, remove)
        return Saved(back.id, change.identity, before=current)
    current = await read(door, change.identity, "edit", session)
    return await apply_changes(door, change.identity, current, _merge_back(current, change, door), session)


async def check_undo(door: Door, change: history.Change) -> None:
    """Whether a change could be taken back now, as far as that can be known without writing.

    Raises:
        Gone, Conflicted, Refused: as `undo`.
    """
    if change.verb == history.EDIT:
        _merge_back(await read(door, change.identity, "edit"), change, door)
    elif change.verb == history.ADD:
        found = await _find(door, change.identity)
        if found is not None and history.digest(found) != change.digest:
            raise Refused(_CHANGED_SINCE)
    elif change.document is not None:
        door.find_scope("delete")
        found = await _find(door, change.identity)
        if found is not None and found != change.document:
            raise Refused(N_("There is a document with the _id of %(label)s again."), label=change.label)


async def _find(door: Door, identity: Value) -> Value | None:
    """A document as it is stored, whoever may see it."""
    found = await door.raw.find_one(build_filter(identity))
    return Value.document(found) if found is not None else None


def _merge_back(current: Value, change: history.Change, door: Door) -> Value:
    """The document with the values from before the change.

    Raises:
        Conflicted: the same paths were changed since.
    """
    conflicts: list[Conflict] = []
    changed = current
    for write in reversed(change.writes):
        merged = merge(write.after, write.before, paths.find(changed, write.path), at=write.path)
        conflicts.extend(merged.conflicts)
        if not merged.conflicts:
            changed = _put(changed, write.path, merged.value)
    for one in conflicts:
        check_shown(one.path, (one.base, one.theirs, one.mine), door.access)
    if conflicts:
        raise Conflicted(current, Merged(current, tuple(conflicts)))
    return changed


def _put(document: Value, path: Path, value: Value | None) -> Value:
    try:
        return paths.replace(document, path, value)
    except paths.BadPath as error:
        raise Refused(N_("The place of the change is not there any more.")) from error
