"""Which screens a site has: those that apps declare, and one for every other collection of the database."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aiohttp import web

from aiocms.admin.forms.widgets import find_widgets
from aiocms.admin.links.guesses import GuessCache
from aiocms.admin.lists.builds import Builds
from aiocms.admin.lists.cost import CostCache
from aiocms.admin.lists.counts import CountCache
from aiocms.admin.lists.preferences import Preferences
from aiocms.admin.reports.reports import Report
from aiocms.admin.sampling import Sampler
from aiocms.admin.screens import InferredScreen, Screen, adapt
from aiocms.core import keys
from aiocms.core.plan import Plan

INFERRED = "database"
_INTERNAL = ("system.", "core_", "fs.chunks", "files.chunks")
_INTERNAL_NAMES = frozenset(
    (
        "admin_changes",
        "admin_recent",
        "admin_change_parts",
        "admin_preferences",
        "admin_reports",
        "admin_views",
        "files.files",
    )
)
_SECONDS = 5.0


class Registry:
    """The screens of one site, and what the admin remembers of its collections for a short while."""

    def __init__(self, plan: Plan) -> None:
        self.screens: dict[tuple[str, str], Screen] = {
            (namespace, name.lower()): screen(namespace)
            for (namespace, name), screen in plan.screens.items()
            if issubclass(screen, Screen) and not issubclass(screen, Report)
        }
        self.reports: dict[tuple[str, str], Report] = {
            (namespace, name.lower()): screen(namespace)
            for (namespace, name), screen in plan.screens.items()
            if issubclass(screen, Report)
        }
        """Apart from the screens: a report is no way to the documents of its collection."""
        self.by_collection: dict[str, Screen] = {}
        for screen in self.screens.values():
            self.by_collection.setdefault(screen.collection, screen)
        self.widgets = find_widgets(plan)
        self.sampler = Sampler()
        self.costs = CostCache()
        self.counts = CountCache()
        self.builds = Builds()
        self.guesses = GuessCache()
        self.sizes: dict[str, tuple[float, int]] = {}
        self.preferences: dict[tuple[Any, str], Preferences] = {}
        """What users had chosen when this process last looked, by user and screen: a guess, no truth."""
        self.templates: dict[tuple[str, ...], str] = {}
        self._hidden = frozenset(plan.settings.admin_hidden_collections)
        self._collections: tuple[float, dict[str, Mapping[str, Any]]] = (0.0, {})
        self._indexes: dict[str, tuple[float, list[Mapping[str, Any]]]] = {}

    async def find(self, request: web.Request, namespace: str, name: str) -> Screen | None:
        """The screen at an address, or None."""
        if namespace != INFERRED:
            return self.screens.get((namespace, name))
        if not self._is_shown(name) or name in self.by_collection:
            return None
        known = await self.collections(request)
        return InferredScreen(name, known[name]) if name in known else None

    async def find_for(self, request: web.Request, collection: str) -> Screen | None:
        """The screen that shows a collection, or None when it is internal or not there."""
        return self.by_collection.get(collection) or await self.find(request, INFERRED, collection)

    async def all(self, request: web.Request) -> list[Screen]:
        """Every screen, declared ones in the order of the apps, then the inferred ones by name."""
        inferred = (
            InferredScreen(name, known)
            for name, known in sorted((await self.collections(request)).items())
            if name not in self.by_collection and self._is_shown(name)
        )
        return [*self.screens.values(), *inferred]

    async def collections(self, request: web.Request) -> dict[str, Mapping[str, Any]]:
        """What the database says of each collection and view, at most a few seconds old."""
        at, known = self._collections
        if not known or time.monotonic() - at > _SECONDS:
            database = request.app[keys.MONGO].db
            cursor = await database.list_collections()
            known = {str(one["name"]): one async for one in cursor}
            self._collections = (time.monotonic(), known)
            for screen in self.screens.values():
                adapt(screen, known.get(screen.collection, {}))
        return known

    def forget_collections(self) -> None:
        """Ask the server anew which collections there are."""
        self._collections = (0.0, {})

    async def indexes(self, collection: Any) -> list[Mapping[str, Any]]:
        """The indexes of a collection, at most a minute old; none for a view."""
        kept = self._indexes.get(collection.name)
        if kept and time.monotonic() - kept[0] < 60:
            return kept[1]
        known = self._collections[1].get(collection.name, {})
        found = [] if known.get("type") == "view" else [one async for one in collection.list_indexes()]
        if len(self._indexes) > 1000:
            self._indexes.clear()
        self._indexes[collection.name] = (time.monotonic(), found)
        return found

    def forget_indexes(self, name: str) -> None:
        """Ask the server anew which indexes a collection has, and what lists cost."""
        self._indexes.pop(name, None)
        self.costs.forget(name)

    def _is_shown(self, name: str) -> bool:
        return not (name.startswith(_INTERNAL) or name in _INTERNAL_NAMES or name in self._hidden)


REGISTRY: web.AppKey[Registry] = web.AppKey("aiocms_admin_registry", Registry)


def get_registry(request: web.Request) -> Registry:
    """The site's registry, made at start-up by the admin's lifespan."""
    return request.app[REGISTRY]


async def get_screen(request: web.Request) -> Screen:
    """The screen that the request's address names.

    The permission that a route of a screen requires stands in place of the admin's own, so that one is asked
    here: rights on documents alone let nobody in.

    Raises:
        HTTPForbidden: the user may not enter the admin.
        HTTPNotFound: there is none.
    """
    user = request.get(keys.USER)
    if user is None or not user.can("admin.enter"):
        raise web.HTTPForbidden
    registry, place = get_registry(request), (request.match_info["ns"], request.match_info["screen"])
    found = await registry.find(request, *place)
    if found is None and place[0] == INFERRED:
        # It may have been made a moment ago: what is remembered must not hide it.
        registry.forget_collections()
        found = await registry.find(request, *place)
    if found is None:
        raise web.HTTPNotFound
    return found


def iter_visible(request: web.Request, screens: Sequence[Screen]) -> Iterator[Screen]:
    """Of these screens those that the user may see something of."""
    user = request.get(keys.USER)
    return (one for one in screens if user is not None and user.can(one.permission("view")))
