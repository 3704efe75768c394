"""What the palette offers: screens, actions, documents of late, and documents that a few letters find.

Everything is asked within the user's rights, bounded in number and in time: one keystroke costs a handful of
small queries at most, and a screen that does not answer in time is passed over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pymongo.errors import PyMongoError

from aiocms.admin.known import KnownFields
from aiocms.admin.labels import label_of, label_paths, may_have_label
from aiocms.admin.lists.actions import find_actions
from aiocms.admin.lists.conditions import BadFilter
from aiocms.admin.lists.listing import find_size
from aiocms.admin.lists.search import compile_search
from aiocms.admin.nav import list_url
from aiocms.admin.palette.recent import find_opened
from aiocms.admin.registry import get_registry, iter_visible
from aiocms.admin.screens import Screen
from aiocms.admin.store import find_scope, make_projection, open_store
from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.writes import history
from aiocms.core import keys
from aiocms.core.i18n import N_, gettext
from aiocms.core.urls import url_for

LONGEST = 100
_TIME_MS = 400
_AT_ONCE = 4
_MOST_SEARCHED = 16
_PER_SCREEN = 5
_MOST = 8
_SMALL = 2000
"""A collection of this size is looked through without an index; a larger one only by its indexes."""

COMMANDS = (
    ("theme:light", N_("Theme: light"), "sun"),
    ("theme:dark", N_("Theme: dark"), "moon"),
    ("theme:system", N_("Theme: as the system"), "circle-half"),
    ("density:comfortable", N_("Density: comfortable"), "list"),
    ("density:compact", N_("Density: compact"), "justify"),
    ("help", N_("Keyboard"), "keyboard"),
    ("logout", N_("Log out"), "box-arrow-right"),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing to go to or to do.

    Parameters:
        note: said quietly behind the title.
        command: of a thing that a script does; it has no address.
        disabled: it is there, but not now; the note says why.
    """

    title: str
    url: str = ""
    note: str = ""
    icon: str = ""
    command: str = ""
    disabled: bool = False


@dataclass(slots=True)
class HitGroup:
    """Hits of one kind."""

    title: str
    hits: list[Hit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the palette.

    Parameters:
        text: as typed.
        here: the screen that the user is on.
        ticked: how many rows are ticked there.
    """

    text: str = ""
    here: Screen | None = None
    ticked: int = 0

    def finds(self, *texts: str) -> bool:
        """Whether every typed word is in one of the texts."""
        whole = " ".join(texts).casefold()
        return all(word in whole for word in self.text.casefold().split())


async def find_groups(request: web.Request, asked: Asked) -> list[HitGroup]:
    """What the palette shows, in its order; groups without hits are left out."""
    screens = [
        one for one in iter_visible(request, await get_registry(request).all(request)) if not one.hidden
    ]
    recent, documents = await asyncio.gather(
        _find_recent(request, asked), _find_documents(request, asked, screens)
    )
    seen = {hit.url for hit in recent}
    groups = [
        HitGroup(gettext(request, N_("This list")), _find_list_actions(request, asked)),
        HitGroup(gettext(request, N_("Recent")), recent),
        HitGroup(gettext(request, N_("Screens")), _find_screens(request, asked, screens)),
        HitGroup(gettext(request, N_("Documents")), [hit for hit in documents if hit.url not in seen]),
        HitGroup(gettext(request, N_("Actions")), _find_commands(request, asked, screens)),
    ]
    return [group for group in groups if group.hits]


def title_of(request: web.Request, screen: Screen) -> str:
    """A screen's name as the user reads it."""
    return gettext(request, screen.shown_title) if screen.declared else screen.shown_title


def _find_screens(request: web.Request, asked: Asked, screens: Iterable[Screen]) -> list[Hit]:
    namespaces = request.app[keys.PLAN].namespaces
    found: list[Hit] = []
    for one in screens:
        loaded = namespaces.get(one.namespace)
        group = gettext(request, (loaded.app.title or one.namespace) if loaded else N_("Database"))
        title = title_of(request, one)
        if asked.finds(title, group):
            found.append(Hit(title, list_url(request, one), group, one.icon or "table"))
    start = asked.text.casefold()
    found.sort(key=lambda hit: not hit.title.casefold().startswith(start))
    return found[:_MOST]


def _find_list_actions(request: web.Request, asked: Asked) -> list[Hit]:
    screen, user = asked.here, request[keys.USER]
    if screen is None:
        return []
    found: list[Hit] = []
    for one in find_actions(screen):
        label = gettext(request, one.label)
        if not user.can(screen.permission(one.verb)) or not asked.finds(label):
            continue
        note = gettext(request, N_("%(count)s ticked"), count=asked.ticked)
        if not asked.ticked:
            note = gettext(request, N_("Tick some rows first."))
        icon = one.icon or "lightning"
        found.append(Hit(label, "", note, icon, f"action:{one.name}", disabled=not asked.ticked))
    return found


def _find_commands(request: web.Request, asked: Asked, screens: Iterable[Screen]) -> list[Hit]:
    user = request[keys.USER]
    found: list[Hit] = []
    for one in sorted(screens, key=lambda screen: screen != asked.here):
        if not one.can_add or not user.can(one.permission("add")):
            continue
        title = gettext(request, N_("New in %(title)s"), title=title_of(request, one))
        # Without a word typed only what belongs to this page is worth a line.
        if (asked.text or one == asked.here) and asked.finds(title):
            url = url_for(request, "admin:create", ns=one.namespace, screen=one.name)
            found.append(Hit(title, url, "", "plus-lg"))
    found = found[:_MOST]
    routes = request.app[keys.PLAN].routes
    for command, text, icon in COMMANDS:
        title = gettext(request, text)
        if asked.finds(title) and (command != "logout" or "auth:logout" in routes):
            found.append(Hit(title, "", "", icon, command))
    return found


async def _find_recent(request: web.Request, asked: Asked) -> list[Hit]:
    """Documents that the user opened, and that anybody changed, lately; named as they are called now."""
    registry = get_registry(request)
    wanted: dict[tuple[str, str, str], tuple[Any, str]] = {}
    try:
        for row in await find_opened(request):
            key = (row["namespace"], row["screen"], encode_id(row["document"]))
            wanted.setdefault(key, (row["document"], ""))
        for change in await history.recent_changes(request.app[keys.MONGO].db, limit=20):
            if change.verb != history.DELETE:
                key = (change.namespace, change.screen, encode_id(change.identity))
                note = gettext(request, N_("changed by %(name)s"), name=change.username or "–")
                wanted.setdefault(key, (change.identity.python(), note))
    except PyMongoError:
        return []
    by_screen: dict[tuple[str, str], dict[str, tuple[Any, str]]] = {}
    for (namespace, name, place), found in wanted.items():
        # A document's own id may be something that cannot be looked up by many at once.
        if may_have_label(found[0]):
            by_screen.setdefault((namespace, name), {})[place] = found
    hits: dict[tuple[str, str, str], Hit] = {}
    for (namespace, name), places in by_screen.items():
        screen = await registry.find(request, namespace, name)
        if screen is None or screen.hidden or await find_scope(request, screen, "view") is None:
            continue
        try:
            labels = await (await open_store(request, screen)).find_labels(
                [one for one, _ in places.values()]
            )
        except (PyMongoError, TypeError):
            continue
        called = {encode_id(identity): label for identity, label in labels.items()}
        for place, (_, note) in places.items():
            title = title_of(request, screen)
            if place in called and asked.finds(called[place], title):
                url = url_for(request, "admin:edit", ns=namespace, screen=name, id=place)
                said = f"{title} · {note}" if note else title
                hits[namespace, name, place] = Hit(called[place], url, said, "clock-history")
    return [hits[key] for key in wanted if key in hits][: _MOST if not asked.text else _PER_SCREEN]


async def _find_documents(request: web.Request, asked: Asked, screens: list[Screen]) -> list[Hit]:
    if len(asked.text.strip()) < 2:
        return []
    order = sorted(screens, key=lambda one: (one != asked.here, not one.declared))[:_MOST_SEARCHED]
    gate = asyncio.Semaphore(_AT_ONCE)

    async def search(screen: Screen) -> list[Hit]:
        async with gate:
            try:
                return await _search_screen(request, screen, asked)
            except (PyMongoError, BadFilter, web.HTTPForbidden):
                return []

    found = await asyncio.gather(*(search(one) for one in order))
    return [hit for hits in found for hit in hits][: 3 * _MOST]


async def _search_screen(request: web.Request, screen: Screen, asked: Asked) -> list[Hit]:
    """The documents of one screen that the text finds by an index, or in a small collection by looking."""
    store = await open_store(request, screen)
    search = await compile_search(store, asked.text.strip(), True)
    if search.way == "contains" and await find_size(store) > _SMALL:
        return []
    match = {"$and": [dict(search.match), *([dict(store.scope)] if store.scope else [])]}
    label = await screen.get("label", request)
    paths = label_paths(label, KnownFields() if label else await store.fields())
    cursor = store.collection.find(
        match, make_projection((*paths, "_id")), limit=_PER_SCREEN, max_time_ms=_TIME_MS
    )
    title = title_of(request, screen)
    hits: list[Hit] = []
    async for row in cursor:
        place = encode_id(row["_id"])
        url = url_for(request, "admin:edit", ns=screen.namespace, screen=screen.name, id=place)
        hits.append(
            Hit(label_of(store.rights.prune(row), label, paths), url, title, screen.icon or "file-earmark")
        )
    return hits
