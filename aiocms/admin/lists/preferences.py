"""What a user chose for a list and finds again: columns, rows a page, the view shown first, no charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from aiocms.admin.models import PREFERENCES
from aiocms.admin.screens import Screen, sound_path
from aiocms.core import keys

MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Preferences:
    """One user's choices for one screen; what is empty was not chosen.

    `view`: id of the view shown first. `no_charts`: the list has none of its charts above it.
    """

    columns: tuple[str, ...] = ()
    size: int = 0
    view: str = ""
    no_charts: bool = False


async def load_preferences(request: web.Request, screen: Screen) -> Preferences:
    """What the request's user has chosen for this screen."""
    key = preferences_key(request, screen)
    return read_preferences(await _collection(request).find_one({"_id": key}, max_time_ms=2000) or {})


def read_preferences(found: Mapping[str, Any]) -> Preferences:
    """The choices of their document; what is odd in it was not chosen."""
    columns = found.get("columns")
    size, view = found.get("size"), found.get("view")
    return Preferences(
        clean_columns(columns) if isinstance(columns, list) else (),
        size if isinstance(size, int) and 1 <= size <= 200 else 0,
        view if isinstance(view, str) else "",
        found.get("no_charts") is True,
    )


async def change_preferences(request: web.Request, screen: Screen, **values: Any) -> None:
    """Keep these choices (`columns`, `size`, `view`, `no_charts`); an empty one is forgotten."""
    update: dict[str, Any] = {}
    for name, value in values.items():
        stored = list(value) if isinstance(value, tuple) else value
        update.setdefault("$set" if stored else "$unset", {})[name] = stored or ""
    await _collection(request).update_one({"_id": preferences_key(request, screen)}, update, upsert=True)


def clean_columns(columns: Any) -> tuple[str, ...]:
    """Of these names those that are sound paths, each once, bounded."""
    sound = (one for one in columns if isinstance(one, str) and len(one) <= 500 and sound_path(one))
    return tuple(dict.fromkeys(sound))[:MOST_COLUMNS]


def screen_key(screen: Screen) -> str:
    """The name of a screen in what is kept about it."""
    return f"{screen.namespace}/{screen.name}"


def preferences_key(request: web.Request, screen: Screen) -> str:
    """The id of what the request's user has chosen for a screen."""
    return f"{request[keys.USER].id}:{screen_key(screen)}"


def _collection(request: web.Request) -> Any:
    return request.app[keys.MONGO].db[PREFERENCES]
