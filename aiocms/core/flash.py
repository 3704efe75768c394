"""Flash messages: said once, on the next page that shows them."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from aiohttp import web
from aiohttp_session import SESSION_KEY

from aiocms.core.errors import AiocmsError
from aiocms.core.sessions import open_session

LEVELS = ("success", "info", "warning", "danger")
MAX_KEPT = 10
MAX_TEXT = 500

_PREFIX = "flash:"


@dataclass(frozen=True, slots=True)
class Action:
    """A button beside a message, e.g. Undo.

    Parameters:
        label: its text.
        url: a path of this site.
        method: ``get``: a link; ``post``: a small form.
    """

    label: str
    url: str
    method: str = "post"


@dataclass(frozen=True, slots=True)
class Flash:
    """A message as templates get it."""

    text: str
    level: str
    action: Action | None


def flash(
    request: web.Request, text: str, level: str = "info", action: Action | tuple[str, str] | None = None
) -> None:
    """Say something on the next page.

    Parameters:
        text: plain text in the visitor's language; it is escaped where it is shown.
        level: ``success``, ``info``, ``warning`` or ``danger``.
        action: a button; ``("Undo", "/admin/undo/…")`` is one that posts.

    Raises:
        AiocmsError: the level is unknown.
    """
    if level not in LEVELS:
        raise AiocmsError(f"flash(level={level!r}): the levels are {', '.join(LEVELS)}")
    if isinstance(action, tuple):
        action = Action(*action)
    message = {"text": _cut(text), "level": level}
    session = open_session(request)
    # Each message has a key of its own, so two requests at the same time do not lose one.
    kept = sorted(key for key in session if key.startswith(_PREFIX))
    for key in kept[: max(0, len(kept) - MAX_KEPT + 1)]:
        del session[key]
    session[f"{_PREFIX}{time.time_ns():020d}-{secrets.token_hex(4)}"] = (
        message
        if action is None
        else {**message, "action": {"label": _cut(action.label), "url": action.url, "method": action.method}}
    )


def take(request: web.Request) -> list[Flash]:
    """The messages waiting for this visitor, oldest first; they are gone afterwards."""
    session = request.get(SESSION_KEY)
    if session is None:
        return []
    taken = [session.pop(key) for key in sorted(key for key in session if key.startswith(_PREFIX))]
    return [
        Flash(one["text"], one["level"], Action(**one["action"]) if one.get("action") else None)
        for one in taken
    ]


def _cut(text: object) -> str:
    # Text from a request may hold halves of surrogate pairs, which cannot be stored.
    whole = str(text).encode("utf-8", "replace").decode()
    return whole if len(whole) <= MAX_TEXT else whole[: MAX_TEXT - 1] + "…"
