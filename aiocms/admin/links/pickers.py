"""References in forms: what each input of an edit page needs, and the ids of what was typed into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from aiocms.admin.forms.opened import Opened
from aiocms.admin.forms.tree import Node
from aiocms.admin.links.autocomplete import Option, find_by_id, find_exact, read_id
from aiocms.admin.links.references import title_of
from aiocms.admin.registry import get_registry
from aiocms.admin.screens import Screen
from aiocms.admin.store import find_scope, open_store
from aiocms.admin.values.bsontext import BadText
from aiocms.admin.values.bsontypes import decode_id, encode_id
from aiocms.admin.values.paths import Path, dotted
from aiocms.core import keys
from aiocms.core.forms import prepare_fields
from aiocms.core.i18n import N_, gettext
from aiocms.core.urls import url_for

NONE = N_("Nothing in %(title)s is called “%(text)s”. Choose from the list, or add it there first.")
MANY = N_("More than one in %(title)s is called “%(text)s”. Choose from the list.")
_MOST = 500


@dataclass(frozen=True, slots=True)
class Target:
    """A collection that references point to, as one user may use it; addresses that are empty are not his."""

    screen: Screen
    title: str
    suggest: str
    create: str
    may_edit: bool
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picker:
    """One reference on an edit page.

    Parameters:
        id: the value as text; empty: none is chosen.
        label: of the document with that id; empty: there is none, or none that the user may see.
        url: of its page.
        edit: of its page when it is opened beside the form.
        guessed: nobody declared that this is a reference.
    """

    target: Target
    id: str
    label: str = ""
    url: str = ""
    edit: str = ""
    guessed: bool = False
    template: str = "admin:widgets/reference"


@dataclass(slots=True)
class Pickers:
    """The references of one edit page."""

    opened: Opened
    base_path: Path
    targets: Mapping[str, Target] = field(default_factory=dict)

    def of(self, node: Node) -> Picker | None:
        """What the input of a part needs; None when it is no reference."""
        link = self.opened.links.get(dotted((*self.base_path, *node.path)))
        target = self.targets.get(link.reference.collection) if link is not None else None
        if link is None or target is None:
            return None
        return make_picker(self.opened.request, target, node.text, guessed=link.guessed)


def make_picker(request: web.Request, target: Target, text: str, *, guessed: bool = False) -> Picker:
    """What the input of a reference with this id needs."""
    label = target.labels.get(text, "")
    if not label:
        return Picker(target, text, guessed=guessed)
    place: dict[str, Any] = {"ns": target.screen.namespace, "screen": target.screen.name, "id": text}
    edit = url_for(request, "admin:edit", query={"pick": "1"}, **place) if target.may_edit else ""
    return Picker(target, text, label, url_for(request, "admin:edit", **place), edit, guessed)


async def make_pickers(opened: Opened, base_path: Path, wanted: Iterable[tuple[str, str]]) -> Pickers:
    """What the references of a page need; the labels are fetched by one query a collection.

    Parameters:
        wanted: the collection and the text of each reference.
    """
    texts: dict[str, dict[str, None]] = {}
    for count, (collection, text) in enumerate(wanted):
        known = texts.setdefault(collection, {})
        if text and count < _MOST:
            known[text] = None
    targets: dict[str, Target] = {}
    for collection, ids in texts.items():
        target = await find_target(opened.request, collection, ids)
        if target is not None:
            targets[collection] = target
    return Pickers(opened, base_path, targets)


async def make_page_pickers(opened: Opened, base_path: Path, editor: Any) -> Pickers:
    """What the references of an edit page need."""
    nodes = getattr(editor, "nodes", None)
    if nodes is None and editor is not None:
        await prepare_fields(editor.form, opened.request)
    nodes = nodes or ()
    wanted = [(collection, node.text) for collection, node in iter_references(opened, base_path, nodes)]
    return await make_pickers(opened, base_path, wanted)


async def find_target(request: web.Request, collection: str, texts: Iterable[str] = ()) -> Target | None:
    """A collection to point to, with the labels of some ids; None when the user may not look into it."""
    screen = await get_registry(request).find_for(request, collection)
    if screen is None or await find_scope(request, screen, "view") is None:
        return None
    may = {verb: await find_scope(request, screen, verb) is not None for verb in ("add", "edit")}
    place: dict[str, Any] = {"ns": screen.namespace, "screen": screen.name}
    adds = may["add"] and screen.can_add
    create = url_for(request, "admin:create", query={"pick": "1"}, **place) if adds else ""
    labels: dict[str, str] = {}
    identities = [read_id(text) for text in texts]
    if identities:
        found = await (await open_store(request, screen)).find_labels(identities)
        labels = {encode_id(identity): label for identity, label in found.items()}
    edits = may["edit"] and screen.can_edit
    return Target(
        screen, title_of(request, screen), url_for(request, "admin:suggest", **place), create, edits, labels
    )


def iter_references(opened: Opened, base_path: Path, nodes: Iterable[Node]) -> Iterator[tuple[str, Node]]:
    """The parts of a form that are references, each with the collection that it points to."""
    for top in nodes:
        for node in top.iter_all():
            if node.widget is not None and node.widget.name == "reference":
                link = opened.links.get(dotted((*base_path, *node.path)))
                if link is not None:
                    yield link.reference.collection, node


async def resolve_nodes(opened: Opened, base_path: Path, nodes: Iterable[Node]) -> None:
    """Turn what was typed into references into ids; what cannot be is refused when the form is read."""
    for collection, node in list(iter_references(opened, base_path, nodes)):
        assert node.widget is not None  # noqa: S101 - these are the parts with a widget
        text = node.text.strip()
        was = node.widget.to_text(node.base) if node.base is not None else None
        if node.removed or not node.editable or text == was:
            continue
        if not text:
            # A list has no place for nothing.
            node.removed = node.in_list
            continue
        try:
            option = await resolve(opened.request, collection, text)
        except BadText as error:
            link = opened.links[dotted((*base_path, *node.path))]
            # Nobody said that it must be one of these: it is read as any value of its type.
            node.widget = None if link.guessed else replace(node.widget, from_text=_refuse(error))
        else:
            node.text = option.id


async def resolve(request: web.Request, collection: str, text: str) -> Option:
    """The document that a typed id or label means.

    Raises:
        BadText: none, or several; it says what to do.
    """
    screen = await get_registry(request).find_for(request, collection)
    if screen is None:
        raise BadText(NONE, title=collection, text=text[:80])
    store = await open_store(request, screen)
    found = await find_by_id(store, text)
    if found is not None:
        return found
    named = await find_exact(store, text)
    if len(named) != 1:
        raise BadText(MANY if named else NONE, title=title_of(request, screen), text=text[:80])
    return named[0]


class PickerSource:
    """What fields of declared forms get their documents from (core/fields/reference.py)."""

    def write(self, identity: Any) -> str:
        """An `_id` as the text of an input."""
        return encode_id(identity)

    def read(self, text: str) -> Any:
        """The `_id` of a text; ValueError: it is none."""
        return decode_id(text)

    async def resolve(self, request: web.Request, collection: str, text: str) -> Any:
        """The `_id` of the document that a typed id or name means; ValueError: it says what to do."""
        try:
            return decode_id((await resolve(request, collection, text)).id)
        except BadText as error:
            raise ValueError(gettext(request, error.message, **error.values)) from error

    async def make_picker(self, request: web.Request, collection: str, text: str) -> Picker | None:
        """What the input of a reference needs; None: the user may not look into the collection."""
        user = request.get(keys.USER)
        if user is None or not user.can("admin.enter"):
            return None
        target = await find_target(request, collection, [text] if text else [])
        return make_picker(request, target, text) if target is not None else None


def _refuse(error: BadText) -> Any:
    def from_text(text: str, base: Any) -> Any:
        raise error

    return from_text
