"""The write side of the admin: add, change and delete one document, with its history.

Every write is guarded by what it replaces, goes through the user's scope before and after, and is recorded.
With transactions the record and the write are one; without, the record comes first and is marked when the
write is done, so a cut leaves either nothing, or a record that ``history.repair`` settles.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from bson import ObjectId
from bson.raw_bson import RawBSONDocument
from pymongo.errors import OperationFailure, PyMongoError, WriteConcernError

from aiocms.admin.door import Door, Gone, read
from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.forms.shown import Access, mimic
from aiocms.admin.values import paths
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import RAW, Value
from aiocms.admin.writes import history
from aiocms.admin.writes.align import find_identity
from aiocms.admin.writes.merge import Conflict, Decide, Merged, Origins, merge
from aiocms.admin.writes.patch import Write, build_filter, build_update, diff, guard_document
from aiocms.admin.writes.refusals import Refused, explain_failure
from aiocms.admin.writes.rights import check_writes
from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_
from aiocms.core.mongo import Database
from aiocms.core.transactions import ContendedError, run_in_transaction

T = TypeVar("T")
_ATTEMPTS = 8
# $arrayElemAt and $bsonSize on something that is no longer a list or an object: the guard does not hold.
_GUARD_ERRORS = frozenset((28689, 31393, 31394, 3041700, 3041701, 3041702, 3041703, 3041704))


class Conflicted(AiocmsError):
    """Somebody else changed the same paths."""

    def __init__(self, current: Value, merged: Merged) -> None:
        super().__init__(f"{len(merged.conflicts)} paths were changed by somebody else")
        self.current = current
        self.conflicts: tuple[Conflict, ...] = merged.conflicts
        self.merged = merged


class OutOfScope(Refused):
    """The document as it would be is none that the user may have."""

    def __init__(self) -> None:
        super().__init__(N_("You may not give a document these values."))


class Again(Exception):
    """The guard did not hold: somebody wrote between our reading and our writing."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a write did.

    Parameters:
        change: its record; None when there was nothing to change.
        identity: the document's ``_id``.
        document: as it is stored now; None after a delete.
        before: as it was; None when it was added.
        merged: somebody else had changed other parts meanwhile.
    """

    change: ObjectId | None
    identity: Value
    document: Value | None = None
    before: Value | None = None
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """What a form wants: the part ``form.base`` of the document to become ``mine``."""

    form: FormBase
    mine: Value | None
    origins: Origins = field(default_factory=dict)
    decide: Decide | None = None


async def insert(door: Door, document: Value) -> Saved:
    """Add a document; without ``_id`` it gets an ObjectId, first in the document.

    Raises:
        Refused: the user's rights or the database's rules do not allow it.
    """
    check_writes([Write((key,), None, value) for key, value in document.items() if key != "_id"], door.access)
    identity = document.find("_id")
    if identity is None:
        identity = Value.of(ObjectId())
        document = Value.object((("_id", identity), *document.items()))
    fixed, whole = identity, document

    async def work(session: Any) -> Saved:
        await check(door, whole, None)
        change = make_change(
            door, fixed, history.ADD, whole, paths=tuple(paths.show((key,)) for key, _ in whole.items())[:50]
        )
        change = replace(change, digest=history.digest(whole))

        async def write() -> None:
            await door.raw.insert_one(RawBSONDocument(whole.raw, RAW), session=session)
            if not await is_within(door, fixed, "add", session):
                if session is None:
                    await door.raw.delete_one(build_filter(fixed))
                raise OutOfScope

        await write_recorded(door.db, change, session, write)
        return Saved(change.id, fixed, whole)

    return await finish(door, await run_work(door.db, work, whole))


async def patch(door: Door, identity: Value, edit: Edit) -> Saved:
    """Change a document by what the user changed, merged with what others changed meanwhile.

    Raises:
        Gone: it is not there any more.
        Conflicted: somebody else changed the same path.
        Refused: the user's rights or the database's rules do not allow it.
    """

    async def work(session: Any) -> Saved:
        current = await read(door, identity, "edit", session)
        at, merged = merge_edit(current, edit, door.access)
        if merged.conflicts:
            # A field that may not be written is no conflict: its stored value must not be shown as theirs.
            check_writes([Write(one.path, one.theirs, one.mine) for one in merged.conflicts], door.access)
            raise Conflicted(current, merged)
        changed = paths.replace(current, at, merged.value)
        others = paths.find(current, at) != edit.form.base and _is_touched(current, at, edit, door.access)
        return replace(await apply_changes(door, identity, current, changed, session), merged=others)

    return await finish(door, await run_work(door.db, work, edit.mine))


async def delete(door: Door, identity: Value) -> Saved:
    """Delete a document; the record keeps the whole of it.

    Raises:
        Gone: it is not there, or the user may not delete it.
    """

    async def work(session: Any) -> Saved:
        return await remove(door, identity, session)

    return await finish(door, await run_work(door.db, work, None))


async def remove(
    door: Door, identity: Value, session: Any, is_meant: Callable[[Value], bool] | None = None
) -> Saved:
    """Delete a document within a transaction, or guarded by what was read.

    Parameters:
        is_meant: asked about what was read; a document that is none of those meant is refused.
    """
    current = await read(door, identity, "delete", session)
    if is_meant is not None and not is_meant(current):
        raise Refused(N_("%(label)s was changed meanwhile."), label=door.describe(current.python()))
    change = replace(make_change(door, identity, history.DELETE, current), document=current)

    async def write() -> None:
        guard = guard_document(current) if session is None else None
        result = await door.raw.delete_one(build_filter(identity, guard), session=session)
        if not result.deleted_count:
            raise Again

    await write_recorded(door.db, change, session, write)
    return Saved(change.id, identity, before=current)


def merge_edit(current: Value, edit: Edit, access: Access) -> tuple[Path, Merged]:
    """The edited part merged with what is stored now, and where it now is.

    Raises:
        Gone: the part is not there any more.
    """
    at = _locate(current, edit.form)
    theirs = paths.find(current, at)
    if theirs is None and at:
        raise Gone(f"{paths.show(at)} is not there any more")

    def view(base: Value | None, stored: Value, path: Path) -> Value:
        return mimic(base, stored, path, access)

    return at, merge(
        edit.form.base,
        edit.mine,
        theirs,
        origins=edit.origins,
        view=view,
        at=at,
        offset=edit.form.offset,
        decide=edit.decide,
    )


def _locate(current: Value, form: FormBase) -> Path:
    """The path of the edited part now: list items are followed by their identity."""
    at = list(form.at)
    known = dict(form.identities)
    for depth, part in enumerate(at):
        wanted = known.get(depth)
        if wanted is None or not isinstance(part, int):
            continue
        items = paths.find(current, tuple(at[:depth]))
        for place, item in enumerate(items.values() if items is not None and items.is_container else ()):
            found = find_identity(item)
            if found is not None and found[1] == wanted:
                at[depth] = place
                break
    return tuple(at)


def _is_touched(current: Value, at: Path, edit: Edit, access: Access) -> bool:
    """Whether others changed something that the form shows."""
    theirs = paths.find(current, at)
    if theirs is None or edit.form.offset:
        return False
    seen = dict(mimic(edit.form.base, theirs, at, access).items()) if theirs.is_container else {}
    return any(seen.get(key) != value for key, value in edit.form.base.items()) if seen else False


async def apply_changes(door: Door, identity: Value, current: Value, changed: Value, session: Any) -> Saved:
    writes = diff(current, changed)
    if not writes:
        return Saved(None, identity)
    if any(write.path[0] == "_id" for write in writes):
        raise Refused(
            N_("The _id of a document cannot be changed."), {("_id",): N_("This cannot be changed.")}
        )
    check_writes(writes, door.access)
    await check(door, changed, current)
    change = replace(make_change(door, identity, history.EDIT, changed), writes=tuple(writes))
    update = build_update(current, changed, writes)

    async def write() -> None:
        query = build_filter(identity, update.guard, door.find_scope("edit"))
        try:
            result = await door.raw.update_one(query, update.update, session=session)
        except OperationFailure as error:
            if error.code in _GUARD_ERRORS:
                raise Again from error
            raise
        if not result.matched_count:
            raise Again
        if not await is_within(door, identity, "edit", session):
            if session is None:
                back = build_update(changed, current, [Write(w.path, w.after, w.before) for w in writes])
                await door.raw.update_one(build_filter(identity, back.guard), back.update)
            raise OutOfScope

    await write_recorded(door.db, change, session, write)
    return Saved(change.id, identity, changed, current)


async def check(door: Door, document: Value, before: Value | None) -> None:
    """Ask the screen about a document as it would be stored.

    Raises:
        Refused: the screen has something against it.
    """
    if door.hooks is not None:
        await door.hooks.check(document, before, door.access)


async def finish(door: Door, saved: Saved) -> Saved:
    """Tell the screen of a write that is stored."""
    if saved.change is None or door.hooks is None or not door.hooks.follows:
        return saved
    await door.hooks.saved(saved.identity, saved.document, saved.before)
    if saved.document is not None and saved.before is None:
        # What the screen itself filled in is no later edit that would keep the addition from being undone.
        with suppress(PyMongoError):
            found = await door.raw.find_one(build_filter(saved.identity))
            if found is not None:
                await history.renew_digest(door.db, saved.change, Value.document(found))
    return saved


def make_change(
    door: Door, identity: Value, verb: str, document: Value, paths: tuple[str, ...] = ()
) -> history.Change:
    try:
        label = door.describe(document.python())
    except Exception:  # noqa: BLE001 - a label made by a site's code must not stop a write
        label = ""
    return history.Change(
        namespace=door.namespace,
        screen=door.screen,
        collection=door.collection,
        identity=identity,
        verb=verb,
        label=label,
        user=door.user,
        username=door.username,
        paths=paths,
        group=door.group,
    )


async def is_within(door: Door, identity: Value, verb: str, session: Any) -> bool:
    scope = door.find_scope(verb)
    if scope is None:
        return True
    found = await door.raw.find_one(build_filter(identity, scope=scope), {"_id": 1}, session=session)
    return found is not None


async def write_recorded(
    db: Database, change: history.Change, session: Any, write: Callable[[], Awaitable[None]]
) -> None:
    if session is not None:
        await write()
        await history.record(db, change, session)
        return
    await history.record(db, change, None, pending=True)
    try:
        await write()
    except WriteConcernError:
        raise
    except (Again, Refused, OperationFailure):
        # The server answered that nothing was written. After any other error nobody knows: repair looks.
        await history.forget(db, change.id)
        raise
    await history.confirm(db, change.id)


async def run_work(db: Database, work: Callable[[Any], Coroutine[Any, Any, T]], document: Value | None) -> T:
    """The work in a transaction where there are any; tried again when somebody else came between."""
    for _ in range(_ATTEMPTS):
        try:
            return await run_in_transaction(db, work)
        except Again:
            continue
        except ContendedError:
            break
        except Exception as error:
            refusal = explain_failure(error, document)
            if refusal is None:
                raise
            raise refusal from error
    raise Refused(N_("Others are changing this document all the time. Please try again."))
