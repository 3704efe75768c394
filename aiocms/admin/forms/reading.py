"""The values that an edit form holds, read out of its tree; what is wrong is put on the nodes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from aiocms.admin.forms.nodes import Node
from aiocms.admin.forms.widgets import Widget
from aiocms.admin.values.bsontext import WITHOUT_TEXT, BadText, from_text, to_text
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import ARRAY, NAMES, Value
from aiocms.core.i18n import N_


@dataclass(slots=True)
class Reading:
    """Reads values out of nodes, and where list items come from; errors are put on the nodes.

    Parameters:
        zone: of typed times.
        skip_empty: a new part that was left empty is not there.
    """

    zone: tzinfo = UTC
    skip_empty: bool = False
    origins: dict[Path, list[int | None]] = field(default_factory=dict)

    def read(self, node: Node, path: Path = ()) -> Value | None:
        """The value of a node, None when it was taken away; errors are put on the nodes."""
        node.errors = []
        if node.off:
            return node.base
        if node.removed:
            return None
        if node.stub is not None or node.light or not node.editable:
            return node.base
        if node.is_container:
            value = self._read_object(node, path) if node.kind == "object" else self._read_array(node, path)
            return None if self._is_skipped(node) and value.size == 5 else value
        if self._is_skipped(node) and not node.text and node.kind not in WITHOUT_TEXT:
            return None
        if node.offered and not self.skip_empty and node.kind == "bool" and node.text == "false":
            return None
        try:
            if node.widget is not None:
                return _read_widget(node.widget, node.text, node.base)
            return read_scalar(node.kind, node.text, node.base, self.zone)
        except BadText as error:
            node.errors.append(error)
            return node.base

    def _is_skipped(self, node: Node) -> bool:
        """Whether a part is not there when it is left empty."""
        return node.is_new and (self.skip_empty or node.offered)

    def _read_object(self, node: Node, path: Path) -> Value:
        items: dict[str, Value] = {}
        for child in node.children:
            if node.is_new and _is_left_empty(child):
                continue
            value = self.read(child, (*path, child.key))
            if value is None:
                continue
            wrong = find_key_fault(child, free=node.free)
            if wrong is not None:
                child.errors.append(wrong)
            elif child.key in items:
                child.errors.append(BadText(N_("The key %(key)s is there twice."), key=repr(child.key)))
            items[child.key] = value
        return Value.object(items.items())

    def _read_array(self, node: Node, path: Path) -> Value:
        values: list[Value] = []
        origins: list[int | None] = []
        for child in node.children:
            value = self.read(child, (*path, len(values)))
            if value is not None:
                values.append(value)
                origins.append(child.place)
        if node.base is not None and node.base.code == ARRAY:
            self.origins[path] = origins
            if origins == list(range(len(values))) and values == node.base.values():
                return node.base
        return Value.array(values)


def find_key_fault(node: Node, *, free: bool) -> BadText | None:
    """What is wrong with a key that was typed; keys of data (`free`) must be ones that a path can name."""
    if not node.naming:
        return None
    if "\0" in node.key:
        return BadText(N_("A key cannot hold the character NUL."))
    if not free or (node.path and node.key == node.path[-1] and not node.is_new):
        return None
    if not node.key.strip():
        return BadText(N_("Type a key."))
    if "." in node.key or node.key.startswith("$"):
        return BadText(N_("A key here has no dots and does not begin with $."))
    return None


def _is_left_empty(child: Node) -> bool:
    """Whether a field that a new item was offered, because others have it, was left empty."""
    offered = child.is_new and not child.naming and not child.is_container and child.stub is None
    return offered and not child.text and child.kind not in WITHOUT_TEXT


def _read_widget(widget: Widget, text: str, base: Value | None) -> Value:
    old = widget.to_text(base) if base is not None else None
    if base is not None and old is not None and unify(old) == unify(text):
        return base
    return widget.from_text(_like(text, old), base)


def read_scalar(kind: str, text: str, base: Value | None, zone: tzinfo = UTC) -> Value:
    """The value of a type and a text; the base's own when the text still says the same.

    Raises:
        BadText: the text is no value of the type.
    """
    if base is None or NAMES.get(base.code) != kind:
        return from_text(kind, unify(text) if kind in ("string", "code") else text, zone)
    old = to_text(base, zone)
    if old is not None and unify(old) == unify(text):
        return base
    if kind not in ("string", "code"):
        value = from_text(kind, text, zone)
        # A browser may write the same moment or number in another way.
        same = kind in ("date", "int32", "int64", "objectId") and old is not None
        return base if same and value == from_text(kind, old or "", zone) else value
    return from_text(kind, _like(text, old), zone)


def unify(text: str) -> str:
    """Text with the line ends that a browser would send back for any of them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _like(text: str, old: str | None) -> str:
    """A typed text with the line ends that the old one had."""
    typed = unify(text)
    if old is not None and "\r\n" in old and "\n" not in old.replace("\r\n", ""):
        return typed.replace("\n", "\r\n")
    return typed
