"""What a screen says about a write: ``check`` before it, ``saved`` after it."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from aiocms.admin.forms.shown import Access
from aiocms.admin.screens import Screen
from aiocms.admin.values import paths
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import ARRAY, Value
from aiocms.admin.writes.refusals import Refused
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext

log = logging.getLogger("aiocms.admin")

_REFUSED = N_("Not saved: something has to be put right first.")
_FAILED = N_("The change is stored, but what should follow from it failed. It has been noted in the log.")


@dataclass(slots=True)
class Hooks:
    """The hooks of one screen for one request."""

    request: web.Request
    screen: Screen
    _told: bool = False

    @property
    def follows(self) -> bool:
        """Whether the screen does something after a write."""
        return type(self.screen).saved is not Screen.saved

    async def check(self, document: Value, before: Value | None, access: Access) -> None:
        """Ask the screen about a document as it would be stored.

        Raises:
            Refused: something is wrong with it.
        """
        if type(self.screen).check is Screen.check:
            return
        old = before.python() if before is not None else None
        found = await _finish(self.screen.check(self.request, document.python(), old))
        if found:
            raise _make_refusal(found, document, access)

    async def saved(self, identity: Value, document: Value | None, before: Value | None) -> None:
        """Tell the screen of a write that is stored; nothing that goes wrong here undoes it."""
        if not self.follows:
            return
        new = document.python() if document is not None else None
        old = before.python() if before is not None else None
        try:
            await _finish(self.screen.saved(self.request, identity.python(), new, old))
        except Exception:
            name = f"{self.screen.namespace}.{self.screen.name}"
            log.exception("saved() of the screen %s failed for %r", name, identity.python())
            if not self._told:
                self._told = True
                flash(self.request, gettext(self.request, _FAILED), "warning")


async def _finish(answer: Any) -> Any:
    return await answer if inspect.isawaitable(answer) else answer


def _make_refusal(found: Mapping[str, str], document: Value, access: Access) -> Refused:
    fields: dict[Path, str] = {}
    top: list[str] = []
    for text, message in found.items():
        path = _locate(document, text) if text else ()
        # The name of a field that the user may not know of stays unsaid.
        if path and access(paths.dotted(path)) != "hide":
            fields[path] = str(message)
        else:
            top.append(str(message))
    return Refused(" ".join(top) or _REFUSED, fields)


def _locate(document: Value, text: str) -> Path:
    """The path of ``items.3.price``: a number is a place where there is a list, else a key."""
    here: Value | None = document
    path: list[str | int] = []
    for part in text.split("."):
        is_place = here is not None and here.code == ARRAY and part.isascii() and part.isdigit()
        path.append(int(part[:9]) if is_place else part)
        here = paths.find(here, (path[-1],)) if here is not None else None
    return tuple(path)
