"""Writes to several documents on a server without transactions: one by one, and what was done is told.

The order is such that a cut leaves documents with less in them and none that points nowhere: references
are emptied, then what is deleted along goes, then what the user asked to delete. Each step is looked at
again when it comes, for others may write in between; and the same delete, or the same undo, asked for once
more does the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web
from pymongo.errors import OperationFailure

from aiocms.admin.door import Door, Gone
from aiocms.admin.values.rawbson import Value
from aiocms.admin.writes.patch import build_filter
from aiocms.admin.writes.refusals import Refused, explain_failure, say
from aiocms.admin.writes.write import Again, Saved
from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_, gettext, ngettext

T = TypeVar("T")
Done = list[tuple[Door, Saved]]
CHANGED = N_("Something has changed since you were asked. Please look at it again.")
_ATTEMPTS = 8
_BUSY = N_("Others are changing this document all the time. Please try again.")
_REMEDY = N_("Do it again to finish, or take it back.")
_GONE = N_("A document is not there any more, or is not yours to change.")


class Halted(AiocmsError):
    """Some documents were written when the next could not be.

    Parameters:
        done: what was written, with the door of each.
        reason: why it did not go on, in words for the user.
    """

    def __init__(self, done: Done, reason: Refused) -> None:
        super().__init__(f"{len(done)} documents were written, then: {reason}")
        self.done = done
        self.reason = reason

    @property
    def last(self) -> Saved:
        """The last write; its record takes all of them back."""
        return self.done[-1][1]


def say_halted(request: web.Request, halted: Halted) -> str:
    """What was done and why the rest was not, in words."""
    reason = gettext(request, halted.reason.message, **halted.reason.values)
    told = [reason, *(say(request, text) for text in halted.reason.fields.values())]
    what = ngettext(
        request,
        "%(num)s document was changed or deleted before this stopped: %(reason)s",
        "%(num)s documents were changed or deleted before this stopped: %(reason)s",
        len(halted.done),
        reason=" ".join(told),
    )
    return f"{what} {gettext(request, _REMEDY)}"


async def persist(work: Callable[[], Awaitable[T]]) -> T:
    """What the work gives; it is done again when somebody else came between its reading and its writing."""
    for _ in range(_ATTEMPTS):
        try:
            return await work()
        except Again:
            continue
    raise Refused(_BUSY)


async def is_there(door: Door, identity: Value) -> bool:
    """Whether a document exists at all, whoever may touch it."""
    return await door.raw.find_one(build_filter(identity), {"_id": 1}) is not None


def halt(done: Done, error: Exception) -> Exception:
    """What to raise for an error after these writes: itself when there are none, or when it has no words."""
    if not done:
        return error
    reason = error if isinstance(error, Refused) else None
    if isinstance(error, Gone):
        reason = Refused(_GONE)
    elif isinstance(error, OperationFailure):
        reason = explain_failure(error)
    elif isinstance(error, AiocmsError) and reason is None:
        reason = Refused(CHANGED)
    return Halted(done, reason) if reason is not None else error
