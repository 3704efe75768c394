"""What a delete would touch, in words: for the page that asks about one document or about many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from aiocms.admin.deletes.deletion import Deletion, Touch
from aiocms.admin.links.references import Link, title_of
from aiocms.admin.links.used_by import find_list
from aiocms.admin.screens import Screen
from aiocms.admin.store import find_scope, open_store
from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.values.rawbson import Value
from aiocms.core import formats, i18n, keys
from aiocms.core.i18n import N_, gettext, ngettext
from aiocms.core.urls import url_for

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of touched documents.

    Parameters:
        level: bad: it stands against the delete; warn: documents go too; "": documents are changed.
        examples: labels and addresses of those that the user may see.
        hidden: how many there are that the user may not see.
        url: of the list of them.
    """

    level: str
    name: str
    text: str
    examples: Sequence[tuple[str, str]] = ()
    hidden: int = 0
    more: int = 0
    url: str = ""


async def describe_deletion(request: web.Request, deletion: Deletion) -> list[Line]:
    """The lines of a plan: what stands against it first."""
    lines: list[Line] = []
    if deletion.too_many:
        limit = formats.number(int(request.app[keys.SETTINGS].admin_delete_limit), i18n.get_language(request))
        text = gettext(
            request, N_("More than %(limit)s documents would be touched by one delete."), limit=limit
        )
        return [Line("bad", gettext(request, N_("Too many documents")), text)]
    for touch in deletion.blockers:
        lines.append(await _describe(request, deletion, touch, "bad"))
    for link in deletion.unchecked:
        text = gettext(
            request,
            N_(
                "Whether something points here could not be found out in time: there is no index on %(path)s."
            ),
            path=link.path,
        )
        lines.append(Line("bad", await _name(request, link), text))
    for screen in deletion.forbidden:
        text = gettext(request, N_("You may not change or delete what would be touched here."))
        lines.append(Line("bad", await _title(request, screen), text))
    for touch in deletion.touches:
        cascades = touch.link.reference.on_delete == "cascade"
        lines.append(await _describe(request, deletion, touch, "warn" if cascades else ""))
    return lines


async def _describe(request: web.Request, deletion: Deletion, touch: Touch, level: str) -> Line:
    link, count = touch.link, len(touch.identities)
    text = _say(request, link.reference.on_delete, count)
    name = await _name(request, link)
    if await find_scope(request, link.screen, "view") is None:
        return Line(level, name, text, hidden=count)
    store = await open_store(request, link.screen)
    plain = [value.python() for value in touch.identities[:200]]
    labels = await store.find_labels(plain)
    place: dict[str, Any] = {"ns": link.screen.namespace, "screen": link.screen.name}
    examples = [
        (label, url_for(request, "admin:edit", **place, id=encode_id(identity)))
        for identity, label in list(labels.items())[:_SHOWN]
    ]
    hidden = min(count, 200) - len(labels)
    url = ""
    target = _find_target(deletion, link)
    if target is not None and store.rights.may_name(link.path):
        url = await find_list(store, link, target)
    return Line(level, name, text, examples, hidden, count - hidden - len(examples), url)


def _say(request: web.Request, policy: str, count: int) -> str:
    if policy == "restrict":
        return ngettext(
            request,
            "%(num)s document points here and keeps this from being deleted.",
            "%(num)s documents point here and keep this from being deleted.",
            count,
        )
    if policy == "unset":
        return ngettext(
            request,
            "%(num)s document loses its reference.",
            "%(num)s documents lose their reference.",
            count,
        )
    if policy == "pull":
        return ngettext(
            request,
            "%(num)s document loses the item with the reference.",
            "%(num)s documents lose the items with the reference.",
            count,
        )
    return ngettext(request, "%(num)s document is deleted too.", "%(num)s documents are deleted too.", count)


def _find_target(deletion: Deletion, link: Link) -> Value | None:
    """The one deleted document that these point to; None when there are several."""
    targets = [one for name, one in deletion.removed if name == link.reference.collection]
    return targets[0] if len(targets) == 1 else None


async def _name(request: web.Request, link: Link) -> str:
    shown = await find_scope(request, link.screen, "view") is not None
    return link.name(request) if shown else gettext(request, N_("Documents that you may not see"))


async def _title(request: web.Request, screen: Screen) -> str:
    shown = await find_scope(request, screen, "view") is not None
    return title_of(request, screen) if shown else gettext(request, N_("Documents that you may not see"))
