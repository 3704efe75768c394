"""One document opened for editing by one request: screen, rights, zone, and the door for its writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Any

from aiohttp import web

from aiocms.admin.door import Door, Gone, Scope, read
from aiocms.admin.fallback import template_names
from aiocms.admin.forms.copying import make_source
from aiocms.admin.forms.gone_page import make_gone
from aiocms.admin.forms.hints import Hints, make_hints
from aiocms.admin.forms.itemkinds import Kinds
from aiocms.admin.forms.shown import Access, Limits
from aiocms.admin.forms.widgets import Widget, choose_widgets
from aiocms.admin.known import KnownFields
from aiocms.admin.labels import label_of, label_paths
from aiocms.admin.links.references import Link, find_choices, find_open_links
from aiocms.admin.masking import FieldRights
from aiocms.admin.registry import get_registry, get_screen
from aiocms.admin.screens import Screen
from aiocms.admin.store import find_scope, find_zone, open_collection
from aiocms.admin.values.bsontypes import decode_raw_id, encode_id, own_type_name
from aiocms.admin.values.rawbson import Value
from aiocms.admin.writes.history import Change
from aiocms.admin.writes.hooks import Hooks
from aiocms.core import keys
from aiocms.core.urls import safe_next, url_for

VERBS = ("view", "add", "edit", "delete")


@dataclass(slots=True)
class Opened:
    """What the views of one document work with.

    Parameters:
        identity: the document's ``_id``; None for a new one.
        document: as it is stored; None for a new one.
        label: what it is called on the page.
        gone: the document was deleted after its form was made; `document` holds its ``_id`` alone.
        source: of a new document that is a copy, what it is made from; `label` is then that one's.
        fields: what the collection's documents usually have.
        widgets: of inferred forms, by dotted path.
        kinds: of items that can be added to lists, by dotted path.
        hints: what is said beside fields.
        links: the references of the documents to what the user may see, by dotted path.
    """

    request: web.Request
    screen: Screen
    door: Door
    rights: FieldRights
    zone: tzinfo
    fields: KnownFields
    identity: Value | None = None
    document: Value | None = None
    label: str = ""
    gone: bool = False
    source: Value | None = None
    widgets: Mapping[str, Widget] = field(default_factory=dict)
    kinds: Kinds = field(default_factory=dict)
    hints: Hints = field(default_factory=Hints)
    links: Mapping[str, Link] = field(default_factory=dict)

    @property
    def guesses(self) -> tuple[Widget, ...]:
        """Widgets that are used for every value that they have a text of."""
        return tuple(one for one in get_registry(self.request).widgets.values() if one.guess)

    @property
    def access(self) -> Access:
        """The user's rights by dotted path, for this document."""
        return self.door.access

    @property
    def limits(self) -> Limits:
        """What one page of this site can carry: its forms have at most ``max_fields`` inputs."""
        most = int(self.request.app[keys.SETTINGS].max_fields)
        size = int(self.request.app[keys.SETTINGS].body_limit)
        return Limits(max(20, (most - 60) // 2), min(64 * 1024, size // 16), min(320 * 1024, size // 6))

    @property
    def owner(self) -> str:
        """Names screen, document and user, for the signature of a form's base."""
        identity = encode_id(self.identity) if self.identity is not None else "+"
        return f"{self.screen.namespace}/{self.screen.name}/{identity}/{self.door.user!r}"

    def may(self, verb: str) -> bool:
        """Whether the user may do this with some document of the screen."""
        return self.door.scopes.get(verb, False) is not False

    def url(self, route: str, **query: Any) -> str:
        """The address of a page of this document; ``next`` travels along."""
        place = {"ns": self.screen.namespace, "screen": self.screen.name}
        if route in ("edit", "delete", "validate"):
            place["id"] = encode_id(self.identity) if self.identity is not None else "new"
        if route != "list":
            query.setdefault("next", self.next or None)
        return url_for(self.request, f"admin:{route}", query=query, **place)

    @property
    def next(self) -> str:
        """The page of the list that the user came from, or nothing."""
        return safe_next(self.request, self.request.query.get("next"), "")

    @property
    def list_url(self) -> str:
        """Where the user goes back to."""
        return self.next or self.url("list")

    def names(self, page: str) -> tuple[str, ...]:
        """The fallback names of a page's template, the special first."""
        return template_names(self.screen, page)

    def read_only_reason(self) -> str:
        """Why nothing can be saved here: ``rights``, ``screen``, or nothing."""
        if self.document is not None and not self.screen.can_edit:
            return "screen"
        return "" if self.may("edit" if self.document is not None else "add") else "rights"


async def open_new(request: web.Request) -> Opened:
    """The screen of the address, for a new document.

    Raises:
        web.HTTPNotFound, web.HTTPForbidden: there is no such screen, or it takes no documents.
    """
    opened = await _open(request)
    if not opened.may("add") or not opened.screen.can_add:
        raise web.HTTPForbidden
    if request.query.get("copy"):
        await _open_source(opened, request.query["copy"])
    return opened


async def open_document(request: web.Request, verb: str = "view") -> Opened:
    """The document of the address.

    Raises:
        web.HTTPNotFound: there is none, or none that this user may see.
    """
    opened = await _open(request)
    try:
        opened.identity = decode_raw_id(request.match_info["id"])
        opened.document = await read(opened.door, opened.identity, verb)
    except (ValueError, Gone) as error:
        raise await make_gone(opened) from error
    plain = opened.document.python()
    opened.label = opened.door.describe(plain)
    # A screen's rule may look at the document; from here on it is asked about this one.
    opened.door = make_door(
        request, opened.screen, opened.door.scopes, _ask(opened.rights, plain), opened.door.describe
    )
    return opened


async def _open_source(opened: Opened, identity: str) -> None:
    try:
        document = await read(opened.door, decode_raw_id(identity), "view")
    except (ValueError, Gone) as error:
        raise web.HTTPNotFound from error
    opened.label = opened.door.describe(document.python())
    # The rights on what is copied are those for that document, not those for a new one.
    opened.source = make_source(document, _ask(opened.rights, document.python()))


async def open_screen(request: web.Request, screen: Screen | None = None) -> Opened:
    """A screen, or that of the address, without a document; what the user may do is for the caller to ask.

    Raises:
        web.HTTPNotFound, web.HTTPForbidden: there is no such screen, or the admin is closed to the user.
    """
    return await _open(request, screen)


async def open_for_change(request: web.Request, change: Change) -> Opened:
    """The document of a record, which may be gone.

    Raises:
        web.HTTPNotFound: its screen is gone.
    """
    registry = get_registry(request)
    screen = await registry.find(request, change.namespace, change.screen)
    screen = screen or await registry.find_for(request, change.collection)
    if screen is None or screen.collection != change.collection:
        raise web.HTTPNotFound
    opened = await _open(request, screen)
    opened.identity = change.identity
    return opened


async def _open(request: web.Request, screen: Screen | None = None) -> Opened:
    screen = screen or await get_screen(request)
    scopes: dict[str, Scope] = {}
    for verb in VERBS:
        scope = await find_scope(request, screen, verb)
        scopes[verb] = False if scope is None else scope or True
    rights = FieldRights(request, screen)
    sampled = await get_registry(request).sampler.get(open_collection(request, screen.collection))
    types = await screen.get("types", request)
    fields = sampled.with_types({path: own_type_name(kind) for path, kind in types.items()})
    pattern = await screen.get("label", request)
    used = label_paths(pattern, fields)

    def describe(document: dict[str, Any]) -> str:
        return label_of(rights.prune(document), pattern, used)

    door = make_door(request, screen, scopes, _ask(rights, None), describe)
    links = await find_open_links(request, screen)
    hints = await make_hints(request, screen)
    listed = [path for path, one in hints.fields.items() if one.choices]
    choices = dict.fromkeys((*listed, *await find_choices(request, screen)), "select")
    wanted = {**choices, **dict.fromkeys(links, "reference"), **await screen.get("widgets", request)}
    widgets = choose_widgets(wanted, get_registry(request).widgets)
    kinds = await screen.get("kinds", request)
    return Opened(
        request,
        screen,
        door,
        rights,
        find_zone(request),
        fields,
        widgets=widgets,
        kinds=kinds,
        hints=hints,
        links=links,
    )


def make_door(
    request: web.Request,
    screen: Screen,
    scopes: dict[str, Scope],
    access: Access,
    describe: Callable[[dict[str, Any]], str],
) -> Door:
    """The write side of a screen for this request."""
    user = request.get(keys.USER)
    return Door(
        db=request.app[keys.MONGO].db,
        namespace=screen.namespace,
        screen=screen.name,
        collection=screen.collection,
        scopes=scopes,
        access=access,
        describe=describe,
        user=getattr(user, "id", None),
        username=str(getattr(user, "username", "")),
        hooks=Hooks(request, screen),
    )


def within_document(opened: Opened, document: Value) -> Door:
    """The write side of a screen with the field rights of one document."""
    if not opened.rights.has_rule:
        return opened.door
    return replace(opened.door, access=_ask(opened.rights, document.python()))


def _ask(rights: FieldRights, document: dict[str, Any] | None) -> Access:
    known: dict[str, str] = {"": "edit"}

    def access(path: str) -> str:
        if path not in known:
            known[path] = rights.access(path, document)
        return known[path]

    return access
