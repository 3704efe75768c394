"""Which fields of a screen point to other collections, and which screens point to a collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from aiocms.admin.registry import get_registry
from aiocms.admin.screens import Column, Filter, Reference, Screen, words
from aiocms.admin.store import find_scope, open_collection
from aiocms.core import keys
from aiocms.core.i18n import gettext
from aiocms.files.models import FILES
from aiocms.files.usage import list_paths

_MOST_GUESSED = 60
"""Collections without a screen that are looked at for who points somewhere."""


@dataclass(frozen=True, slots=True)
class Link:
    """A field of a screen's documents that points to another collection."""

    screen: Screen
    path: str
    reference: Reference
    guessed: bool = False

    def name(self, request: web.Request) -> str:
        """What the documents that point are called by their target: declared, or the screen and the field."""
        if self.reference.label:
            return gettext(request, self.reference.label)
        title = title_of(request, self.screen)
        field = words(self.path.rpartition(".")[2]) if self.screen.declared else self.path
        return f"{title} · {gettext(request, field) if self.screen.declared else field}"


def as_reference(declared: str | Reference) -> Reference:
    """What a screen wrote as the target of a field, in full."""
    return Reference(declared) if isinstance(declared, str) else declared


async def find_references(request: web.Request, screen: Screen) -> dict[str, Reference]:
    """The declared references of a screen by path; a column that shows one declares it too."""
    declared = await screen.get("references", request)
    found = {path: as_reference(one) for path, one in declared.items()}
    for column in await screen.get("columns", request):
        if isinstance(column, Column) and column.reference and column.value is None:
            found.setdefault(column.path, Reference(column.reference, "keep"))
    return found


async def find_collections(request: web.Request, screen: Screen) -> dict[str, str]:
    """Path → collection of the declared references."""
    return {path: one.collection for path, one in (await find_references(request, screen)).items()}


async def find_links(request: web.Request, screen: Screen) -> list[Link]:
    """The references of a screen: the declared ones, and guesses where no app declares the screen."""
    links = [Link(screen, path, one) for path, one in (await find_references(request, screen)).items()]
    if not screen.declared:
        known = {one.path for one in links}
        guessed = await _guess(request, screen)
        links += [
            Link(screen, path, Reference(target, "keep"), True)
            for path, target in guessed.items()
            if path not in known
        ]
    return links


async def find_open_links(request: web.Request, screen: Screen) -> dict[str, Link]:
    """The references of a screen to documents that the user may look into, by path."""
    found: dict[str, Link] = {}
    for link in await find_links(request, screen):
        target = await get_registry(request).find_for(request, link.reference.collection)
        if target is not None and await find_scope(request, target, "view") is not None:
            found[link.path] = link
    return found


async def find_choices(request: web.Request, screen: Screen) -> dict[str, list[tuple[str, str]]]:
    """What texts of a screen may be, each value with its words: as `choices` declares, or a filter."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in await screen.get("filters", request):
        if isinstance(one, Filter) and one.choices:
            found[one.path] = [(value, gettext(request, value)) for value in one.choices]
    for path, values in (await screen.get("choices", request)).items():
        pairs = [(one, one) if isinstance(one, str) else one for one in values]
        found[path] = [(value, gettext(request, text)) for value, text in pairs]
    return found


async def find_incoming(request: web.Request, collection: str, *, guess: bool) -> list[Link]:
    """The references that point to a collection.

    Parameters:
        guess: also of collections that no app declares, as far as they can be guessed.
    """
    registry = get_registry(request)
    screens: list[Screen] = list(registry.screens.values())
    if guess:
        inferred = [one for one in await registry.all(request) if not one.declared]
        screens += inferred[:_MOST_GUESSED]
    found: dict[tuple[str, str], Link] = {}
    for screen in screens:
        links = await find_links(request, screen)
        if collection == FILES:
            links += [Link(screen, path, Reference(FILES)) for path in find_file_paths(request, screen)]
        for link in links:
            key = (screen.collection, link.path)
            if link.reference.collection == collection and _is_stricter(link, found.get(key)):
                found[key] = link
    return list(found.values())


def find_file_paths(request: web.Request, screen: Screen) -> list[str]:
    """The fields of a screen that hold files; they keep a file from being deleted as references do."""
    return [path for name, path in list_paths(request.app[keys.PLAN]) if name == screen.collection]


def title_of(request: web.Request, screen: Screen) -> str:
    """The name of a screen in the user's language."""
    return gettext(request, screen.shown_title) if screen.declared else screen.shown_title


def _is_stricter(link: Link, known: Link | None) -> bool:
    """Two screens may show one collection: a policy counts before none, and refusing before all."""
    order = ("keep", "cascade", "pull", "unset", "restrict")
    return known is None or order.index(link.reference.on_delete) > order.index(known.reference.on_delete)


async def _guess(request: web.Request, screen: Screen) -> Mapping[str, str]:
    registry = get_registry(request)
    fields = await registry.sampler.get(open_collection(request, screen.collection))
    known: Mapping[str, Any] = await registry.collections(request)
    others = [name for name in known if await registry.find_for(request, name) is not None]
    db = request.app[keys.MONGO].db
    return await registry.guesses.get(db, screen.collection, fields, others)
