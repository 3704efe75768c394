"""The buttons of an edit form that work without JavaScript: ``_op=add:<name>`` and its kin."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

from aiocms.admin.forms.fields import DocumentForm
from aiocms.admin.forms.itemkinds import Kinds, find_kind_key, make_kind_value
from aiocms.admin.forms.names import BadName, escape, unescape
from aiocms.admin.forms.nodes import Node
from aiocms.admin.values.bsontext import CHOICES, CONTAINERS

_MOST_SHAPES = 12


def apply_operation(
    form: DocumentForm, operation: str, asked: Mapping[str, str], kinds: Kinds | None = None
) -> Node | None:
    """Carry out what a button says on the form's trees; nothing is saved.

    Parameters:
        operation: ``verb:name`` of the pressed button; of a list with several kinds ``add:name:kind``.
        asked: the page's inputs; ``<name>~nt`` asks for a type of a new item.
        kinds: the kinds of items by dotted path of their list.

    Returns:
        The node to show first, or None when the button means nothing here.
    """
    verb, _, rest = operation.partition(":")
    name, _, kind = rest.partition(":")
    if verb == "add" and not name:
        return _add_key(form, None)
    node = form.find_node(name)
    if node is None or not node.editable:
        return None
    parent = form.find_parent(name)
    if verb == "add":
        return _add_item(form, node, asked, kind, kinds) if node.kind == "array" else _add_key(form, node)
    if verb == "remove":
        _remove(form, node, parent)
        return parent or node
    if verb == "restore":
        node.removed = False
    elif verb == "open":
        form.tree.expand(node)
        node.opened = True
    elif verb == "openall" and node.kind == "array":
        for child in node.children:
            form.tree.expand(child)
            child.opened = True
    elif verb == "type":
        node.retyping = node.stub is None
    elif verb == "rename":
        node.naming = not node.in_list and node.stub is None
    elif verb in ("up", "down") and parent is not None and parent.kind == "array":
        _move(parent, node, -1 if verb == "up" else 1)
    elif verb == "dup" and parent is not None and parent.kind == "array":
        return _duplicate(form, parent, node)
    return node


def make_skeleton(items: Sequence[Node], kind: str, name: str, path: tuple[str | int, ...]) -> Node:
    """An empty item shaped like the others of its list.

    Returns:
        For objects one with the keys that the items have, each empty and of its usual type.
    """
    node = Node(name, kind, path=path, text="false" if kind == "bool" else "")
    if kind != "object":
        return node
    shapes: dict[str, Node] = {}
    for item in items:
        for child in item.children if item.kind == "object" else ():
            if child.stub is None and child.editable and not child.removed:
                shapes.setdefault(child.key, child)
    for key, shape in shapes.items():
        empty: Sequence[Node] = () if shape.free else [shape]
        child = make_skeleton(empty, shape.kind, f"{name}-{escape(key)}", (*path, key))
        child.key, child.widget, child.free = key, shape.widget, shape.free
        node.children.append(child)
    return node


def _add_item(
    form: DocumentForm, node: Node, asked: Mapping[str, str], wanted: str, kinds: Kinds | None
) -> Node:
    # Where all were taken away, these still tell what an item looks like.
    items = [child for child in node.children if not child.removed] or list(node.children)
    number = _next_number(node)
    name, path = f"{node.name}-{number}", (*node.path, number)
    made = _make_of_kind(form, node, items, wanted, kinds, name) if wanted else None
    if made is None:
        kind = asked.get(f"{node.name}~nt", "")
        if kind not in CHOICES:
            widget = form.tree.widgets.get(form.tree.where(node))
            usual = widget.new_kind if widget is not None else "string"
            kind = next((item.kind for item in reversed(items) if item.stub is None), usual)
        made = form.tree.make_new(kind, name, in_list=True, path=path)
        if made.widget is None and kind == "object":
            made = make_skeleton(_choose_shapes(form, items), kind, name, path)
        made.retyping = made.widget is None and (not items or len({one.kind for one in items}) > 1)
    made.in_list = made.opened = True
    node.children.append(made)
    return made


def _make_of_kind(
    form: DocumentForm, node: Node, items: list[Node], wanted: str, kinds: Kinds | None, name: str
) -> Node | None:
    """A new item of one of the list's kinds: as it is declared, else shaped like the others of the kind."""
    path = (*node.path, int(name.rpartition("-")[2]))
    try:
        kind = unescape(wanted)
    except BadName:
        return None
    declared = (kinds or {}).get(form.tree.where(node), ())
    found = next((one for one in declared if one.name == kind), None)
    if found is not None:
        return form.tree.make_filled(make_kind_value(found), name, path=path)
    key = find_kind_key([one.base for one in items if one.base is not None])
    if not key:
        return None
    alike = [one for one in items if one.base is not None and _is_of(one, key, kind)]
    made = make_skeleton(_choose_shapes(form, alike), "object", name, path)
    for child in made.children:
        if child.key == key:
            child.text = kind
    return made


def _is_of(node: Node, key: str, kind: str) -> bool:
    found = node.base.find(key) if node.base is not None else None
    return found is not None and found.python() == kind


def _choose_shapes(form: DocumentForm, items: list[Node]) -> list[Node]:
    """Some of the items, with their parts: of hundreds a few tell what the others look like."""
    half = _MOST_SHAPES // 2
    chosen = items if len(items) <= _MOST_SHAPES else [*items[:half], *items[-half:]]
    shapes = [copy.copy(item) for item in chosen]
    for shape in shapes:
        shape.children = list(shape.children)
        form.tree.expand(shape)
    return shapes


def _add_key(form: DocumentForm, node: Node | None) -> Node:
    """A new part whose key is still to be typed."""
    name = node.name if node is not None else ""
    if node is None:
        added = form.add("", "string")
    else:
        form.tree.expand(node)
        label = escape("")
        while any(one.label == label for one in node.children):
            label += "_"
        kinds = {one.kind for one in node.children if one.stub is None} if node.free else set()
        kind = kinds.pop() if len(kinds) == 1 else "string"
        added = form.tree.make_new(kind, f"{name}-{label}", path=(*node.path, label))
        node.children.append(added)
    added.naming = True
    added.retyping = node is None or not node.free
    return added


def _remove(form: DocumentForm, node: Node, parent: Node | None) -> None:
    if not node.is_new:
        node.removed = True
    elif parent is not None:
        parent.children.remove(node)
    else:
        form._fields.pop(node.name, None)


def _move(parent: Node, node: Node, step: int) -> None:
    at = parent.children.index(node)
    to = at + step
    while 0 <= to < len(parent.children) and parent.children[to].removed:
        to += step
    if 0 <= to < len(parent.children):
        parent.children.remove(node)
        parent.children.insert(to, node)


def _duplicate(form: DocumentForm, parent: Node, node: Node) -> Node:
    if node.stub is not None:
        return node
    number = _next_number(parent)
    twin = copy.deepcopy(node)
    form.tree.expand(twin)
    _rename(form, twin, f"{parent.name}-{number}", (*parent.path, number))
    twin.opened = True
    parent.children.insert(parent.children.index(node) + 1, twin)
    return twin


def _rename(form: DocumentForm, node: Node, name: str, path: tuple[str | int, ...]) -> None:
    """Make a copied node new: other names, no base, and without what the form does not show."""
    form.tree.expand(node)
    label_from = len(node.name)
    children = [child for child in node.children if child.stub is None and not child.removed]
    node.name, node.path, node.base, node.place, node.errors = name, path, None, None, []
    node.children = children if node.kind in CONTAINERS else []
    for i, child in enumerate(node.children):
        _rename(form, child, name + child.name[label_from:], (*path, i if child.in_list else child.key))


def _next_number(node: Node) -> int:
    used = [int(child.label) for child in node.children if child.label.isdigit()]
    known = len(node.base.items()) if node.base is not None and node.base_kind == "array" else 0
    return max([known, node.highest + 1, *(number + 1 for number in used)])
