"""Deleting many documents that others point to: one plan, one question, one undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from aiocms.admin.deletes.delete_page import describe_deletion
from aiocms.admin.deletes.deletion import Deletion, Planner
from aiocms.admin.door import Gone
from aiocms.admin.nav import undo_action
from aiocms.admin.screens import Screen
from aiocms.admin.store import Store
from aiocms.admin.values.rawbson import RAW, Value
from aiocms.admin.writes.refusals import Refused
from aiocms.admin.writes.stepwise import Halted, say_halted
from aiocms.admin.writes.together import Disagreed, delete_together
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext, ngettext

AGREED = "_agreed"
_GONE = N_("A document is not there any more, or is not yours to delete. Nothing was deleted.")


async def has_policies(request: web.Request, screen: Screen) -> bool:
    """Whether a delete has to look at documents of other screens."""
    return bool(await Planner(request).incoming(screen.collection))


async def describe(request: web.Request, store: Store, match: Mapping[str, Any]) -> dict[str, Any]:
    """For the page that asks: what the delete of these rows would touch, and whether it is possible."""
    planner = Planner(request)
    roots = await _find_roots(store, match, planner.limit)
    if len(roots) > planner.limit:
        deletion = Deletion((), too_many=True)
    else:
        deletion = await planner.plan(store.screen, roots)
    return {
        "lines": await describe_deletion(request, deletion),
        "agreed": deletion.digest,
        "blocked": not deletion.is_possible,
    }


async def run(request: web.Request, store: Store, match: Mapping[str, Any], agreed: str) -> str:
    """Delete the rows with what follows from it, and say so.

    Returns:
        Why nothing was deleted; empty when it was.
    """
    roots = await _find_roots(store, match, Planner(request).limit)
    try:
        change, others = await delete_together(request, store.screen, roots, agreed)
    except Disagreed as error:
        return (
            gettext(request, error.message) if error.message else gettext(request, N_("Nothing was deleted."))
        )
    except Refused as refused:
        return gettext(request, refused.message, **refused.values)
    except Halted as halted:
        tell_halted(request, halted)
        return ""
    except Gone:
        return gettext(request, _GONE)
    count = len(roots) + others
    text = ngettext(request, "%(num)s document was deleted.", "%(num)s documents were deleted.", len(roots))
    if others:
        text = ngettext(
            request,
            "%(num)s document was deleted or changed.",
            "%(num)s documents were deleted or changed.",
            count,
        )
    flash(request, text, "success", undo_action(request, change))
    return ""


def tell_halted(request: web.Request, halted: Halted) -> None:
    """Say on the next page how far the writes came, with the button that takes them back."""
    change = halted.last.change
    action = undo_action(request, change) if change is not None else None
    flash(request, say_halted(request, halted), "warning", action)


async def _find_roots(store: Store, match: Mapping[str, Any], limit: int) -> list[Value]:
    """The `_id`s of the rows, one more than the limit at most."""
    collection: Any = store.collection.with_options(codec_options=RAW)
    found = collection.find(match, {"_id": 1}, sort=[("_id", 1)], limit=limit + 1)
    cursor = found.collation(store.collation) if store.collation else found
    roots: list[Value] = []
    async for row in cursor:
        identity = Value.document(row).find("_id")
        roots += [identity] if identity is not None else []
    return roots
