"""Which fields of a form are shown: the conditions of its screen over what is typed now.

What the form does not have, or only shows, comes from the stored document; the page then gets the result of
the comparison instead of the name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FieldList, FormField

from aiocms.admin.forms.names import escape
from aiocms.admin.forms.showif import Plain, evaluate, find_base, parse, settle, typed
from aiocms.admin.forms.tree import Node
from aiocms.admin.values import paths
from aiocms.admin.values.bsontext import to_text
from aiocms.admin.values.paths import Path, dotted
from aiocms.admin.values.rawbson import NAMES, STUB, Value


@dataclass(frozen=True, slots=True)
class Rule:
    """The condition of one field of a page.

    Parameters:
        tree: as JSON, for the browser.
        base: the name of the list item that its names begin at; "" for the document.
        off: it does not hold now.
    """

    tree: str
    base: str
    off: bool


@dataclass(slots=True)
class Part:
    """One part of a form as conditions see it.

    Parameters:
        name: of its input.
        path: dotted, places in lists left out.
        value: typed now.
        live: the page can change it.
        stored: the path of what is stored, for what the form lacks below it.
    """

    name: str
    path: str
    value: Plain
    live: bool
    stored: Path | None = None


@dataclass(slots=True)
class Conditions:
    """The conditions of a form.

    Parameters:
        texts: the condition by dotted path.
        parts: of the form by name.
        document: as stored.
        at: the path of the edited part.
    """

    texts: Mapping[str, str]
    parts: dict[str, Part]
    document: Value | None = None
    at: Path = ()
    zone: tzinfo = UTC
    _trees: dict[str, Any] = field(default_factory=dict)

    def list_rules(self) -> dict[str, Rule]:
        """The rules of the fields that have a condition, by the names of their inputs."""
        found: dict[str, Rule] = {}
        for part in self.parts.values():
            text = self.texts.get(part.path)
            if text is None:
                continue
            tree, base = parse(text), find_base(part.name.split("-"))

            def get(root: bool, names: tuple[str, ...], base: str = base) -> Plain:
                return self._find(base, root, names)[0]

            def is_fixed(root: bool, names: tuple[str, ...], base: str = base) -> bool:
                return self._find(base, root, names)[1]

            shown = settle(tree, get, is_fixed)
            found[part.name] = Rule(json.dumps(shown), base, not evaluate(tree, get))
        return found

    def _find(self, base: str, root: bool, names: tuple[str, ...]) -> tuple[Plain, bool]:
        """The value of a name, and whether the page cannot change it."""
        start = self._start(base, root)
        named = "-".join([*([base] if base and not root else []), *(escape(one) for one in names)])
        label = named
        if start is not None and (root or not base):
            path = (*start, *names)
            inside = path[: len(self.at)] == self.at
            label = "-".join(escape(str(one)) for one in path[len(self.at) :]) if inside else ""
        part = self.parts.get(label)
        if part is not None:
            return part.value, not part.live or label != named
        if start is None or self._is_gone(label):
            return None, label != named
        stored = paths.find(self.document, (*start, *names)) if self.document is not None else None
        return (None, label != named) if stored is None else (plain(stored, self.zone), True)

    def _start(self, base: str, root: bool) -> Path | None:
        """Where in the stored document names begin; None below a list item that is not stored."""
        if root:
            return ()
        if base:
            part = self.parts.get(base)
            return part.stored if part is not None else None
        ends = [depth + 1 for depth, one in enumerate(self.at) if isinstance(one, int)]
        return self.at[: ends[-1]] if ends else ()

    def _is_gone(self, label: str) -> bool:
        """Whether the form has a part around this one that says everything about it."""
        while "-" in label:
            label = label.rpartition("-")[0]
            part = self.parts.get(label)
            if part is not None:
                return part.live
        return False


def iter_node_parts(
    nodes: Iterable[Node], at: Path, zone: tzinfo, offset: int = 0, *, gone: bool = False
) -> Iterator[tuple[Node, Part]]:
    """The parts of an inferred form.

    Parameters:
        at: where in the document the nodes are.
        offset: for a window of a list, its first place.
        gone: they are inside of a part that was taken away.
    """
    for node in nodes:
        is_gone = gone or node.removed
        key: str | int = node.key if node.place is None else node.place + offset
        # The form over a part that is no object has one node, which is that part.
        here = at if not node.path else (*at, key)
        value = None if is_gone else _value_of(node, zone)
        live = node.editable and node.stub is None and not node.light
        stored = here if node.base is not None else None
        yield node, Part(node.name, dotted(here), value, live, stored)
        yield from iter_node_parts(node.children, here, zone, offset if not node.path else 0, gone=is_gone)


def _value_of(node: Node, zone: tzinfo) -> Plain:
    if node.stub is not None or not node.editable:
        return plain(node.base, zone) if node.base is not None and node.base.code != STUB else None
    if node.kind == "array" and node.is_container:
        return [_value_of(child, zone) for child in node.children if not child.removed]
    if node.kind == "object" and node.is_container:
        return any(not child.removed for child in node.children)
    return bool(node.text) if node.kind in ("object", "array") else typed(node.kind, node.text)


def iter_field_parts(fields: Iterable[Any]) -> Iterator[tuple[Any, Part]]:
    """The parts of a declared form."""
    for one in fields:
        labels = one.name.split("-")
        path = ".".join(label for at, label in enumerate(labels) if not (at and label.isdigit()))
        stored: Path = tuple(
            int(label) if at and label.isdigit() else label for at, label in enumerate(labels)
        )
        yield one, Part(one.name, path, _value_of_field(one), True, stored)
        if isinstance(one, FormField):
            yield from iter_field_parts(one.form)
        elif isinstance(one, FieldList):
            yield from iter_field_parts(one.entries)


def _value_of_field(one: Any) -> Plain:
    if isinstance(one, FormField):
        return bool(one.form._fields)
    if isinstance(one, FieldList):
        return [_value_of_field(entry) for entry in one.entries]
    data = one.data
    if isinstance(one, BooleanField):
        return bool(data)
    if isinstance(data, list | tuple):
        return [str(item) for item in data]
    if isinstance(data, datetime):
        return data.replace(tzinfo=None, microsecond=0).isoformat()
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, bool) or data is None:
        return data
    return float(data) if isinstance(data, int | float | Decimal) else str(data)


def kind_of_field(one: Any) -> str:
    """How the browser reads the input of a WTForms field: the type that `typed` knows."""
    if isinstance(one, FormField):
        return "object"
    if isinstance(one, FieldList):
        return "array"
    if isinstance(one, BooleanField):
        return "bool"
    name = type(one).__name__
    if "Multiple" in name:
        return "list"
    if any(word in name for word in ("Integer", "Float", "Decimal", "Money")):
        return "double"
    return "date" if "Date" in name else "string"


def plain(value: Value, zone: tzinfo) -> Plain:
    """A stored value as conditions see it."""
    kind = NAMES.get(value.code, "")
    if kind == "array":
        return [plain(one, zone) for one in value.values()]
    if kind == "object":
        return bool(value.items())
    text = to_text(value, zone)
    return typed(kind, text) if text is not None else None
