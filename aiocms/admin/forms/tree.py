"""An edit form as a typed tree: made from the base and overlaid with what was posted; reading.py reads it.

A part that was not posted is as it was; only an explicit mark takes something away. So a cut or thinned-out
post can lose nothing. A value whose text came back as it went out keeps its bytes.

The items of a long list are light: nothing below them is made until somebody opens one or posts a part.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo

from aiocms.admin.forms.names import Posted, escape, unescape
from aiocms.admin.forms.nodes import Node as Node
from aiocms.admin.forms.reading import Reading, read_scalar
from aiocms.admin.forms.shown import LIGHT_FROM, Access, Stub, has_stub, is_light, read_stub
from aiocms.admin.forms.widgets import MAP, Widget
from aiocms.admin.values.bsontext import BadText, from_text, to_text
from aiocms.admin.values.convert import convert
from aiocms.admin.values.paths import Path, dotted
from aiocms.admin.values.rawbson import ARRAY, CODES, NAMES, OBJECT, STUB, Value
from aiocms.core.i18n import N_

_MOST_NODES = 20_000
_QUIET_MARKS = frozenset(("p", "x"))


class FormTree:
    """Makes nodes for one form.

    Parameters:
        access: rights by dotted path.
        zone: the user's time zone.
        root: where in the document the edited part is.
        widgets: by dotted path.
        guesses: widgets that are used where no other is named and they have a text for the value.
    """

    def __init__(
        self,
        access: Access,
        zone: tzinfo = UTC,
        root: Path = (),
        widgets: Mapping[str, Widget] | None = None,
        guesses: tuple[Widget, ...] = (),
    ) -> None:
        self.access = access
        self.zone = zone
        self.root = root
        self.widgets = widgets or {}
        self.guesses = guesses
        self._count = 0

    def make(
        self, value: Value, name: str, *, key: str = "", path: Path = (), place: int | None = None
    ) -> Node:
        """The node of a value of the base, with what it shows below it."""
        return self._make(value, name, key, path, place, dotted((*self.root, *path)))

    def _make(self, value: Value, name: str, key: str, path: Path, place: int | None, where: str) -> Node:
        node = Node(name, NAMES.get(value.code, "kept"), key, path, "", value, place, place is not None)
        node.editable = self.access(where) == "edit"
        if value.code == STUB:
            node.stub = read_stub(value)
            node.kind = "masked" if node.stub.masked else "kept"
        elif (widget := self._find_widget(node, where)) is not None:
            node.widget, node.text = widget, widget.to_text(value) or ""
        elif value.code in (OBJECT, ARRAY):
            self._fill(node, where)
        else:
            text = to_text(value, self.zone)
            node.text = text or ""
            if text is None:
                node.kind, node.stub = "kept", Stub(masked=False, kind=NAMES[value.code], size=value.size)
        return node

    def _fill(self, node: Node, where: str) -> None:
        """Make what is below a container of the base."""
        value, name, path = node.base, node.name, node.path
        assert value is not None  # noqa: S101 - only parts of the base are filled
        if value.code == OBJECT:
            named = self.widgets.get(where)
            node.free = named is not None and named.name == MAP
            for label, child in value.items():
                below = f"{where}.{label}" if where else label
                made = self._make(child, f"{name}-{escape(label)}", label, (*path, label), None, below)
                made.naming = node.free and node.editable and made.stub is None
                node.children.append(made)
            return
        items = value.values()
        light = is_light(items) and where not in self.widgets
        for i, child in enumerate(items):
            if light and child.code != STUB:
                made = Node(f"{name}-{i}", NAMES[child.code], "", (*path, i), "", child, i, True)
                made.editable, made.light = node.editable, True
            else:
                made = self._make(child, f"{name}-{i}", "", (*path, i), i, where)
            node.children.append(made)

    def where(self, node: Node) -> str:
        """The dotted path of a part in the document."""
        return dotted((*self.root, *node.path))

    def expand(self, node: Node) -> None:
        """Make the parts of a light item."""
        if node.light:
            node.light = False
            self._fill(node, self.where(node))

    def make_new(
        self, kind: str, name: str, *, key: str = "", in_list: bool = False, path: Path = ()
    ) -> Node:
        """A new, empty part."""
        node = Node(name, kind, key, path, in_list=in_list, text="false" if kind == "bool" else "")
        widget = self.widgets.get(dotted((*self.root, *path))) if self.widgets else None
        if widget is not None:
            node.widget = widget if kind in widget.kinds and widget.name != MAP else None
            node.free = kind == "object" and widget.name == MAP
        return node

    def make_filled(
        self, value: Value, name: str, *, key: str = "", in_list: bool = False, path: Path = ()
    ) -> Node:
        """A new part that holds a value already."""
        node = self.make(value, name, key=key, path=path)
        node.in_list = in_list
        return self._forget(node)

    def _forget(self, node: Node) -> Node:
        """Make a node new: without a base, and without what the form does not show."""
        self.expand(node)
        node.base = node.place = None
        node.children = [self._forget(child) for child in node.children if child.stub is None]
        return node

    def _find_widget(self, node: Node, where: str) -> Widget | None:
        """The widget of a part of the base, if it takes the value and the user may edit all of it."""
        value = node.base
        if value is None or not node.editable or (not self.widgets and value.code != OBJECT):
            return None
        named = self.widgets.get(where)
        for widget in (named,) if named is not None else self.guesses:
            if node.kind not in widget.kinds or widget.to_text(value) is None:
                continue
            whole = not value.is_container or (
                not has_stub(value) and is_all_editable(value, (*self.root, *node.path), self.access)
            )
            if whole:
                return widget
        return None

    def overlay(self, node: Node, posted: Posted) -> None:
        """Put what was posted over the node.

        Raises:
            BadName: the post has names that no form makes, or far too many parts.
        """
        self._count += 1
        if self._count > _MOST_NODES:
            raise BadText(N_("The form has too many parts."))
        if not node.editable or node.stub is not None:
            node.removed = (
                node.editable and node.stub is not None and not node.stub.masked and "x" in posted.meta
            )
            return
        node.removed = "x" in posted.meta
        if node.light:
            if not posted.children and posted.meta.keys() <= _QUIET_MARKS:
                return
            self.expand(node)
        node.offered = node.is_new and "o" in posted.meta
        # A type that is being chosen comes from a select, one that was chosen from a hidden input.
        node.retyping = "s" in posted.meta
        kind, was = posted.kind, posted.was or node.kind
        if was in CODES and was != node.kind and kind in CODES:
            # The inputs were those of this type, whatever the base has and whatever was chosen now.
            self._become(node, was)
        if "k" in posted.meta:
            node.naming, node.key = True, posted.meta["k"]
        self._overlay_value(node, posted)
        if kind in CODES and kind != node.kind:
            self._retype(node, kind)

    def _overlay_value(self, node: Node, posted: Posted) -> None:
        if node.widget is not None and node.widget.inputs > 1:
            node.text = "\n".join(posted.values).rstrip("\n") if posted.values else node.text
        elif not node.is_container:
            node.text = posted.values[-1] if posted.values else node.text
        elif node.kind == "object":
            self._overlay_object(node, posted)
        else:
            self._overlay_array(node, posted)

    def _become(self, node: Node, kind: str) -> None:
        node.kind, node.text, node.children = kind, "", []
        if node.widget is not None and kind not in node.widget.kinds:
            node.widget = None

    def _retype(self, node: Node, kind: str) -> None:
        """Make what was typed a value of another type; where it cannot be one the text stays."""
        text, empty = node.text, node.base is None and not node.text and not node.children
        value: Value | None = None
        if not empty:
            value = Reading(self.zone).read(node)
            if value is None or node.has_errors:
                value = from_text("string", text) if not node.is_container else None
            node.errors = []
        if value is not None and node.base is not None and kind == node.base_kind:
            back = convert(node.base, NAMES.get(value.code, ""), self.zone)
            value = node.base if back == value else value
        found = convert(value, kind, self.zone) if value is not None else None
        self._become(node, kind)
        if found is None:
            node.text = "false" if kind == "bool" and not text else text
        elif found.is_container:
            node.children = self.make_filled(found, node.name, path=node.path).children
        else:
            node.text = to_text(found, self.zone) or ""

    def _overlay_object(self, node: Node, posted: Posted) -> None:
        known = {child.label: child for child in node.children}
        for label, part in posted.children.items():
            child = known.get(label)
            if child is None:
                if part.kind not in CODES:
                    continue
                key = unescape(label)
                kind = part.was if part.was in CODES else part.kind
                child = self.make_new(kind, f"{node.name}-{label}", key=key, path=(*node.path, key))
                child.naming = "k" in part.meta
                node.children.append(child)
            self.overlay(child, part)

    def _overlay_array(self, node: Node, posted: Posted) -> None:
        known = {child.label: child for child in node.children}
        order: list[Node] = []
        for label, part in posted.children.items():
            child = known.pop(label, None)
            if child is None:
                if part.kind not in CODES or not is_number(label):
                    continue
                path = (*node.path, int(label))
                kind = part.was if part.was in CODES else part.kind
                child = self.make_new(kind, f"{node.name}-{label}", in_list=True, path=path)
            self.overlay(child, part)
            order.append(child)
        # What was not posted stays behind its neighbour in the base.
        if order or "q" not in posted.meta:
            node.children = _insert_missing(order, list(known.values()))
        if "q" in posted.meta:
            _arrange(node, posted.meta["q"])


def is_number(label: str) -> bool:
    """Whether a label is the number of a list item."""
    return label.isascii() and label.isdigit() and len(label) < 10


def _insert_missing(order: list[Node], missing: list[Node]) -> list[Node]:
    if not order:
        return missing
    for child in missing:
        before = [
            i for i, one in enumerate(order) if one.place is not None and one.place < (child.place or 0)
        ]
        order.insert(max(before, default=-1) + 1, child)
    return order


def _arrange(node: Node, wanted: str) -> None:
    """Put a list's items into the order that the page tells by their numbers."""
    labels = [label for label in wanted.split(",")[:_MOST_NODES] if is_number(label)]
    ranks = {label: rank for rank, label in reversed(list(enumerate(labels)))}
    node.highest = max(map(int, labels), default=-1)
    told = sorted((one for one in node.children if one.label in ranks), key=lambda one: ranks[one.label])
    node.children = _insert_missing(told, [one for one in node.children if one.label not in ranks])


def is_all_editable(value: Value, path: Path, access: Access) -> bool:
    """Whether a user may edit a value with everything in it."""
    if access(dotted(path)) != "edit":
        return False
    if value.code == OBJECT:
        return all(is_all_editable(child, (*path, key), access) for key, child in value.items())
    if value.code == ARRAY:
        return all(is_all_editable(child, path, access) for child in value.values())
    return True


__all__ = ("LIGHT_FROM", "FormTree", "Node", "is_all_editable", "is_number", "read_scalar")
