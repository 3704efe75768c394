"""An edit form as a typed tree: made from the base, overlaid with what was posted, and read out again.

A part that was not posted is as it was; only an explicit mark takes something away. So a cut or thinned-out
post can lose nothing. A value whose text came back as it went out keeps its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from aiocms.admin.bsontext import WITHOUT_TEXT, BadText, from_text, to_text
from aiocms.admin.names import Posted, escape, unescape
from aiocms.admin.paths import Path, dotted
from aiocms.admin.rawbson import ARRAY, CODES, NAMES, OBJECT, STUB, Value
from aiocms.admin.shown import Access, Stub, has_stub, read_stub
from aiocms.admin.widgets import Widget
from aiocms.core.i18n import N_

_MOST_NODES = 5000


@dataclass(slots=True)
class Node:
    """One part of a form: a scalar, an object, a list, or something that is shown but not edited.

    Parameters:
        name: of its input.
        key: in the object around it; in a list "".
        kind: type name; of a stub ``kept`` or ``masked``.
        path: in the edited part, places in lists as shown.
        text: of a scalar, as typed.
        base: the value that the form was made from; None for a new part.
        place: of a list item, its place in the base; None for a new one.
        editable: False for a part that the user may only read.
        retyping: its type is being chosen.
        naming: its key is being typed.
        widget: gives its input; such a part has no parts of its own.
    """

    name: str
    kind: str
    key: str = ""
    path: Path = ()
    text: str = ""
    base: Value | None = None
    place: int | None = None
    in_list: bool = False
    editable: bool = True
    removed: bool = False
    retyping: bool = False
    naming: bool = False
    collapsed: bool = False
    stub: Stub | None = None
    widget: Widget | None = None
    children: list[Node] = field(default_factory=list)
    errors: list[BadText] = field(default_factory=list)

    @property
    def is_container(self) -> bool:
        """Whether it is an object or a list."""
        return self.widget is None and self.kind in ("object", "array")

    @property
    def is_new(self) -> bool:
        """Whether the base does not have it."""
        return self.base is None

    @property
    def label(self) -> str:
        """The last label of its name."""
        return self.name.rpartition("-")[2]

    @property
    def base_kind(self) -> str:
        """The type it had in the base."""
        return NAMES.get(self.base.code, "") if self.base is not None else ""

    @property
    def is_homogeneous(self) -> bool:
        """Whether all items of a list have one type."""
        return len({child.kind for child in self.children if not child.removed}) < 2

    @property
    def has_errors(self) -> bool:
        """Whether it or something below it has an error."""
        return bool(self.errors) or any(child.has_errors for child in self.children)

    def iter_all(self) -> Iterator[Node]:
        """This part and everything below it."""
        yield self
        for child in self.children:
            yield from child.iter_all()

    def find(self, path: Path) -> tuple[Node, Path]:
        """The part at a path of the value as it is read, or the nearest around it; the rest of the path."""
        here = self
        for depth, part in enumerate(path):
            there = [one for one in here.children if not one.removed]
            if isinstance(part, int):
                found = there[part : part + 1] if part >= 0 and here.kind == "array" else []
            else:
                found = [one for one in there if one.key == part and here.kind == "object"]
            if not found:
                return here, path[depth:]
            here = found[0]
        return here, ()


class FormTree:
    """Makes nodes for one form.

    Parameters:
        access: rights by dotted path.
        zone: the user's time zone.
        root: where in the document the edited part is.
        widgets: by dotted path.
    """

    def __init__(
        self,
        access: Access,
        zone: tzinfo = UTC,
        root: Path = (),
        widgets: Mapping[str, Widget] | None = None,
    ) -> None:
        self.access = access
        self.zone = zone
        self.root = root
        self.widgets = widgets or {}
        self._count = 0

    def make(
        self, value: Value, name: str, *, key: str = "", path: Path = (), place: int | None = None
    ) -> Node:
        """The node of a value of the base, with everything below it."""
        node = Node(name, NAMES.get(value.code, "kept"), key, path, base=value, place=place)
        node.in_list = place is not None
        node.editable = self.access(dotted((*self.root, *path))) == "edit"
        if value.code == STUB:
            node.stub = read_stub(value)
            node.kind = "masked" if node.stub.masked else "kept"
        elif (widget := self._find_widget(node)) is not None:
            node.widget, node.text = widget, widget.to_text(value) or ""
        elif value.code == OBJECT:
            node.children = [
                self.make(child, f"{name}-{escape(label)}", key=label, path=(*path, label))
                for label, child in value.items()
            ]
        elif value.code == ARRAY:
            node.children = [
                self.make(child, f"{name}-{i}", path=(*path, i), place=i)
                for i, child in enumerate(value.values())
            ]
        else:
            text = to_text(value, self.zone)
            node.text = text or ""
            if text is None:
                node.kind, node.stub = "kept", Stub(masked=False, kind=NAMES[value.code], size=value.size)
        return node

    def make_new(
        self, kind: str, name: str, *, key: str = "", in_list: bool = False, path: Path = ()
    ) -> Node:
        """A new, empty part."""
        node = Node(name, kind, key, path, in_list=in_list, text="false" if kind == "bool" else "")
        widget = self.widgets.get(dotted((*self.root, *path))) if self.widgets else None
        node.widget = widget if widget is not None and kind in widget.kinds else None
        return node

    def _find_widget(self, node: Node) -> Widget | None:
        """The widget of a part of the base, if it takes the value and the user may edit all of it."""
        path = (*self.root, *node.path)
        widget = self.widgets.get(dotted(path)) if self.widgets else None
        value = node.base
        if widget is None or value is None or node.kind not in widget.kinds or not node.editable:
            return None
        if value.is_container and (has_stub(value) or not is_all_editable(value, path, self.access)):
            return None
        return widget if widget.to_text(value) is not None else None

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
        node.collapsed = "c" in posted.meta
        # A type that is being chosen comes from a select, one that was chosen from a hidden input.
        node.retyping = "s" in posted.meta
        kind = posted.kind
        if kind in CODES:
            if kind != node.kind:
                node.kind, node.children = kind, [] if not node.is_container else node.children
                node.widget = node.widget if node.widget is not None and kind in node.widget.kinds else None
        if "k" in posted.meta:
            node.naming, node.key = True, posted.meta["k"]
        if node.widget is not None and node.widget.inputs > 1:
            node.text = "\n".join(posted.values).rstrip("\n") if posted.values else node.text
        elif not node.is_container:
            node.text = posted.values[-1] if posted.values else node.text
        elif node.kind == "object":
            self._overlay_object(node, posted)
        else:
            self._overlay_array(node, posted)

    def _overlay_object(self, node: Node, posted: Posted) -> None:
        known = {child.label: child for child in node.children}
        for label, part in posted.children.items():
            child = known.get(label)
            if child is None:
                if part.kind not in CODES:
                    continue
                key = unescape(label)
                child = self.make_new(part.kind, f"{node.name}-{label}", key=key, path=(*node.path, key))
                child.naming = "k" in part.meta
                node.children.append(child)
            self.overlay(child, part)

    def _overlay_array(self, node: Node, posted: Posted) -> None:
        known = {child.label: child for child in node.children}
        order: list[Node] = []
        for label, part in posted.children.items():
            child = known.pop(label, None)
            if child is None:
                if part.kind not in CODES or not label.isascii() or not label.isdigit() or len(label) > 9:
                    continue
                path = (*node.path, int(label[:9]))
                child = self.make_new(part.kind, f"{node.name}-{label}", in_list=True, path=path)
            self.overlay(child, part)
            order.append(child)
        # What was not posted stays behind its neighbour in the base.
        for child in known.values():
            before = [
                i for i, one in enumerate(order) if one.place is not None and one.place < (child.place or 0)
            ]
            order.insert(max(before, default=-1) + 1, child)
        node.children = order


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
        if node.removed:
            return None
        if node.stub is not None or not node.editable:
            return node.base
        if node.is_container:
            value = self._read_object(node, path) if node.kind == "object" else self._read_array(node, path)
            return None if self.skip_empty and node.is_new and value.size == 5 else value
        if self.skip_empty and node.is_new and not node.text and node.kind not in WITHOUT_TEXT:
            return None
        try:
            if node.widget is not None:
                return _read_widget(node.widget, node.text, node.base)
            return read_scalar(node.kind, node.text, node.base, self.zone)
        except BadText as error:
            node.errors.append(error)
            return node.base

    def _read_object(self, node: Node, path: Path) -> Value:
        items: dict[str, Value] = {}
        for child in node.children:
            if node.is_new and _is_left_empty(child):
                continue
            value = self.read(child, (*path, child.key))
            if value is None:
                continue
            if child.naming and "\0" in child.key:
                child.errors.append(BadText(N_("A key cannot hold the character NUL.")))
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
        return Value.array(values)


def is_all_editable(value: Value, path: Path, access: Access) -> bool:
    """Whether a user may edit a value with everything in it."""
    if access(dotted(path)) != "edit":
        return False
    if value.code == OBJECT:
        return all(is_all_editable(child, (*path, key), access) for key, child in value.items())
    if value.code == ARRAY:
        return all(is_all_editable(child, path, access) for child in value.values())
    return True


def _read_widget(widget: Widget, text: str, base: Value | None) -> Value:
    old = widget.to_text(base) if base is not None else None
    if base is not None and old is not None and _unify(old) == _unify(text):
        return base
    typed = _unify(text)
    if old is not None and "\r\n" in old and "\n" not in old.replace("\r\n", ""):
        typed = typed.replace("\n", "\r\n")
    return widget.from_text(typed, base)


def _is_left_empty(child: Node) -> bool:
    """Whether a field that a new item was offered, because others have it, was left empty."""
    offered = child.is_new and not child.naming and not child.is_container and child.stub is None
    return offered and not child.text and child.kind not in WITHOUT_TEXT


def read_scalar(kind: str, text: str, base: Value | None, zone: tzinfo = UTC) -> Value:
    """The value of a type and a text; the base's own when the text still says the same.

    Raises:
        BadText: the text is no value of the type.
    """
    if base is None or NAMES.get(base.code) != kind:
        return from_text(kind, _unify(text) if kind in ("string", "code") else text, zone)
    old = to_text(base, zone)
    if old is not None and _unify(old) == _unify(text):
        return base
    if kind not in ("string", "code"):
        value = from_text(kind, text, zone)
        # A browser may write the same moment or number in another way.
        same = kind in ("date", "int32", "int64", "objectId") and old is not None
        return base if same and value == from_text(kind, old or "", zone) else value
    typed = _unify(text)
    if old is not None and "\r\n" in old and "\n" not in old.replace("\r\n", ""):
        typed = typed.replace("\n", "\r\n")
    return from_text(kind, typed, zone)


def _unify(text: str) -> str:
    """Text with the line ends that a browser would send back for any of them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
