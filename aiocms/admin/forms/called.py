"""What the parts of an edit form are called: fields, list items, and targets of references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from aiocms.admin.forms.hints import EMPTY, Hint
from aiocms.admin.forms.itemkinds import guess_kinds
from aiocms.admin.forms.molds import NAME, PATH, Molds, Render
from aiocms.admin.forms.nodes import Node
from aiocms.admin.forms.opened import Opened
from aiocms.admin.labels import may_have_label
from aiocms.admin.links.references import find_choices, find_collections
from aiocms.admin.registry import get_registry
from aiocms.admin.screens import Column, Filter, Kind, words
from aiocms.admin.store import find_scope, open_store
from aiocms.admin.values.bsontext import to_text
from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.values.convert import list_types
from aiocms.admin.values.paths import Path, dotted, show
from aiocms.admin.values.rawbson import CODES, NAMES, OBJECT, STRING, STUB, Value
from aiocms.core import formats, i18n
from aiocms.core.i18n import gettext
from aiocms.core.urls import url_for

_NAMES = frozenset(
    ("title", "name", "label", "username", "subject", "heading", "caption", "role", "sku", "key")
)
_CODE_NAME = re.compile(r"[A-Za-z_]*[A-Za-z][A-Za-z0-9_]*")
_LONGEST = 60
_MOST_TARGETS = 500
_NUMBERS = ("int32", "int64", "double", "decimal")
_RANKED_CODES = frozenset(CODES[name] for name in (*_NUMBERS, "date"))


@dataclass(frozen=True, slots=True)
class Target:
    """The document that a reference points to: its label, and the address of its page."""

    label: str
    url: str


@dataclass(slots=True)
class Names:
    """Says for one edit page what its parts are called."""

    opened: Opened
    base_path: Path
    labels: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[tuple[str, Any], Target] = field(default_factory=dict)
    choices: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)
    molds: Molds = field(default_factory=Molds)

    def cast(self, node: Node, bare: bool, render: Render) -> Markup:
        """A scalar's markup by the template's macro, which is called once for those that look alike."""
        path = self._path(node)
        if path in self.references:
            return render(node, bare, node.shape)
        return self.molds.cast(node, bare, path, self.place_of(node), render)

    def place_of(self, node: Node) -> str:
        """Where a part is in the document, as text: ``items[3].qty``."""
        return PATH if node.name == NAME else show((*self.base_path, *node.path))

    def hint_of(self, node: Node) -> Hint:
        """What is said beside a field: help, example, required, limits."""
        hints = self.opened.hints
        return hints.of(self._path(node)) if hints.fields else EMPTY

    def choices_of(self, node: Node) -> list[tuple[str, str]]:
        """The values that the screen or the collection's rules have for a field, each with its text."""
        path = self._path(node)
        return self.choices.get(path) or [(one, one) for one in self.opened.hints.of(path).choices]

    def name_of(self, node: Node) -> str:
        """A field's name: as declared for the list, else its key; a key of code in plain words.

        Where no app declares the screen the key is the name that its user knows, so it stays as it is.
        """
        if node.naming:
            return node.key
        if not node.in_list and (label := self.hint_of(node).label):
            return label
        if not self.opened.screen.declared:
            return node.key
        declared = self.labels.get(self._path(node))
        if declared:
            return gettext(self.opened.request, declared)
        return gettext(self.opened.request, words(node.key)) if _CODE_NAME.fullmatch(node.key) else node.key

    def target_of(self, node: Node) -> Target | None:
        """Where a reference points to; None when it is none, or to nothing that the user may see."""
        collection = self.references.get(self._path(node))
        return self.targets.get((collection, _value(node))) if collection and node.base is not None else None

    def summary_of(self, node: Node) -> str:
        """A list item in a few words: names and targets of references before texts before numbers."""
        ranked: list[tuple[int, str]] = []
        if node.light and node.base is not None:
            self._collect_value(node.base, "", self._path(node), ranked)
        else:
            self._collect(node, ranked)
        best = sorted(ranked, key=lambda pair: pair[0])
        telling = [text for rank, text in best if rank < 2] or [text for _, text in best]
        return " · ".join(dict.fromkeys(telling[:3]))

    def types_of(self, node: Node) -> list[tuple[str, str]]:
        """The types that a part may become, with what it would be."""
        return list_types(node, self.opened.zone)

    def kinds_of(self, node: Node) -> list[Kind]:
        """The kinds of items that a list may hold; none when they are all alike."""
        declared = self.opened.kinds.get(self._path(node))
        if declared is not None:
            return list(declared)
        return guess_kinds([child.base for child in node.children if child.base is not None])

    def kind_of(self, node: Node, kinds: Sequence[Kind]) -> Kind | None:
        """Of these kinds the one of an item."""
        key = kinds[0].key if kinds else ""
        name = next((child.text for child in node.children if child.key == key), "")
        if node.light and node.base is not None and node.base.code == OBJECT:
            found = node.base.find(key)
            name = (to_text(found) or "") if found is not None else ""
        return next((kind for kind in kinds if kind.name == name), None)

    def _collect(self, node: Node, ranked: list[tuple[int, str]]) -> None:
        if node.removed or node.stub is not None or len(ranked) > 40:
            return
        amount = self._money(node)
        if amount:
            ranked.append((1, amount))
        elif node.children:
            for child in node.children:
                self._collect(child, ranked)
        elif target := self.target_of(node):
            ranked.append((0, target.label[:_LONGEST]))
        elif node.kind == "string" and node.text:
            text = node.text.strip().partition("\n")[0]
            ranked.append((0 if node.key in _NAMES else 1, text[:_LONGEST]))
        elif node.kind in (*_NUMBERS, "date") and node.text:
            ranked.append((2, node.text.replace("T", " ")))

    def _collect_value(self, value: Value, key: str, path: str, ranked: list[tuple[int, str]]) -> None:
        """The same of a value that has no parts on the page."""
        if len(ranked) > 40 or value.code == STUB:
            return
        if value.is_container:
            amount = self._money_of(value)
            if amount:
                ranked.append((1, amount))
                return
            for label, child in value.items():
                below = label if value.code == OBJECT else ""
                self._collect_value(child, below, f"{path}.{label}" if below else path, ranked)
            return
        collection = self.references.get(path)
        target = self.targets.get((collection, _plain(value))) if collection else None
        if target is not None:
            ranked.append((0, target.label[:_LONGEST]))
        elif value.code == STRING and value.size > 5:
            text = (to_text(value) or "").strip().partition("\n")[0]
            ranked.append((0 if key in _NAMES else 1, text[:_LONGEST]))
        elif value.code in _RANKED_CODES:
            ranked.append((2, (to_text(value, self.opened.zone) or "").replace("T", " ")))

    def _money_of(self, value: Value) -> str:
        """An amount with its currency, of a value that has no parts on the page."""
        if b"cur" not in value.raw or value.code != OBJECT:
            return ""
        node = Node("", "object")
        for key, child in value.items():
            node.children.append(Node("", NAMES.get(child.code, ""), key, text=to_text(child) or ""))
        return self._money(node)

    def _money(self, node: Node) -> str:
        """An amount of minor units with its currency as a person reads it."""
        parts = {child.key: child for child in node.children if not child.removed}
        currency = parts.get("cur") or parts.get("currency")
        amount = parts.get("amount")
        if (
            node.kind != "object"
            or len(parts) != 2
            or not currency
            or not amount
            or currency.kind != "string"
        ):
            return ""
        try:
            exact = Decimal(amount.text)
        except ArithmeticError:
            return ""
        language = i18n.get_language(self.opened.request)
        return formats.money(exact, currency.text, language) if exact.is_finite() else ""

    def _path(self, node: Node) -> str:
        return dotted((*self.base_path, *node.path))


async def make_names(opened: Opened, base_path: Path, nodes: Iterable[Node]) -> Names:
    """The names of a page's parts; labels of references are fetched by one query a collection."""
    request, screen = opened.request, opened.screen
    references = await find_collections(request, screen)
    labels: dict[str, str] = {}
    for one in (*await screen.get("filters", request), *await screen.get("columns", request)):
        if isinstance(one, Column | Filter) and one.label:
            labels[one.path] = one.label
    references |= {path: link.reference.collection for path, link in opened.links.items()}
    names = Names(opened, base_path, labels, references, choices=await find_choices(request, screen))
    if references:
        wanted: dict[str, dict[Any, None]] = {}
        for node in _iter_leaves(nodes):
            collection = references.get(names._path(node))
            identity = _value(node) if collection else None
            if collection and identity is not None and sum(map(len, wanted.values())) < _MOST_TARGETS:
                wanted.setdefault(collection, {})[identity] = None
        for collection, identity in _iter_light_references(names, nodes):
            if sum(map(len, wanted.values())) < _MOST_TARGETS:
                wanted.setdefault(collection, {})[identity] = None
        found: dict[tuple[str, Any], Target] = {}
        for collection, identities in wanted.items():
            found |= await _find_targets(opened, collection, identities)
        names.targets = found
    return names


async def _find_targets(
    opened: Opened, collection: str, identities: Iterable[Any]
) -> dict[tuple[str, Any], Target]:
    request = opened.request
    screen = await get_registry(request).find_for(request, collection)
    if screen is None or await find_scope(request, screen, "view") is None:
        return {}
    labels = await (await open_store(request, screen)).find_labels(identities)
    namespace, name = screen.namespace, screen.name
    found: dict[tuple[str, Any], Target] = {}
    for identity, label in labels.items():
        address = url_for(request, "admin:edit", ns=namespace, screen=name, id=encode_id(identity))
        found[collection, identity] = Target(label, address)
    return found


def _iter_leaves(nodes: Iterable[Node]) -> Iterator[Node]:
    for top in nodes:
        for node in top.iter_all():
            if node.base is not None and node.stub is None and not node.is_container and node.kind != "null":
                yield node


def _iter_light_references(names: Names, nodes: Iterable[Node]) -> Iterator[tuple[str, Any]]:
    """The references within items that are shown closed: collection and id."""
    for top in nodes:
        for node in top.iter_all():
            if node.light and node.base is not None:
                yield from _iter_references(node.base, names._path(node), names.references)


def _iter_references(value: Value, path: str, references: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    if not any(one == path or one.startswith(f"{path}.") for one in references):
        return
    if value.is_container:
        for key, child in value.items():
            yield from _iter_references(child, f"{path}.{key}" if value.code == OBJECT else path, references)
    elif path in references and (identity := _plain(value)) is not None:
        yield references[path], identity


def _value(node: Node) -> Any:
    """The stored value of a part; None for what cannot be an ``_id`` that is looked up."""
    return _plain(node.base) if node.base is not None else None


def _plain(raw: Value) -> Any:
    value = raw.python() if not raw.is_container and raw.code != STUB else None
    return value if may_have_label(value) else None
