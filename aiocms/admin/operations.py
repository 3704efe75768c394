"""The buttons of an edit form that work without JavaScript: ``_op=add:<name>`` and its kin."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from aiocms.admin.bsontext import CHOICES, CONTAINERS
from aiocms.admin.fields import DocumentForm
from aiocms.admin.names import escape
from aiocms.admin.tree import Node


def apply_operation(form: DocumentForm, operation: str, asked: Mapping[str, str]) -> Node | None:
    """Carry out what a button says on the form's trees; nothing is saved.

    Parameters:
        operation: ``verb:name`` of the pressed button.
        asked: the page's inputs; ``<name>~nt`` asks for a type of a new item.

    Returns:
        The node to show first, or None when the button means nothing here.
    """
    verb, _, name = operation.partition(":")
    if verb == "add" and not name:
        return _add_key(form, None)
    node = form.find_node(name)
    if node is None or not node.editable:
        return None
    parent = form.find_parent(name)
    if verb == "add":
        return _add_item(node, asked) if node.kind == "array" else _add_key(form, node)
    if verb == "remove":
        _remove(form, node, parent)
        return parent or node
    if verb == "restore":
        node.removed = False
    elif verb == "type":
        node.retyping = node.stub is None
    elif verb == "rename":
        node.naming = not node.in_list and node.stub is None
    elif verb in ("up", "down") and parent is not None and parent.kind == "array":
        _move(parent, node, -1 if verb == "up" else 1)
    elif verb == "dup" and parent is not None and parent.kind == "array":
        return _duplicate(parent, node)
    return node


def make_skeleton(items: list[Node], kind: str, name: str, path: tuple[str | int, ...]) -> Node:
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
        child = make_skeleton([shape], shape.kind, f"{name}-{escape(key)}", (*path, key))
        child.key, child.widget = key, shape.widget
        node.children.append(child)
    return node


def _add_item(node: Node, asked: Mapping[str, str]) -> Node:
    items = [child for child in node.children if not child.removed]
    kind = asked.get(f"{node.name}~nt", "")
    if kind not in CHOICES:
        kind = next((item.kind for item in reversed(items) if item.stub is None), "string")
    number = _next_number(node)
    item = make_skeleton(
        items if kind == "object" else [], kind, f"{node.name}-{number}", (*node.path, number)
    )
    item.in_list = True
    item.retyping = not items or len({one.kind for one in items}) > 1
    node.children.append(item)
    return item


def _add_key(form: DocumentForm, node: Node | None) -> Node:
    """A new part whose key is still to be typed."""
    name = node.name if node is not None else ""
    if node is None:
        added = form.add("", "string")
    else:
        label = escape("")
        while any(one.label == label for one in node.children):
            label += "_"
        added = form.tree.make_new("string", f"{name}-{label}", path=(*node.path, label))
        node.children.append(added)
    added.naming = added.retyping = True
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


def _duplicate(parent: Node, node: Node) -> Node:
    if node.stub is not None:
        return node
    number = _next_number(parent)
    twin = copy.deepcopy(node)
    _rename(twin, f"{parent.name}-{number}", (*parent.path, number))
    parent.children.insert(parent.children.index(node) + 1, twin)
    return twin


def _rename(node: Node, name: str, path: tuple[str | int, ...]) -> None:
    """Make a copied node new: other names, no base, and without what the form does not show."""
    label_from = len(node.name)
    children = [child for child in node.children if child.stub is None and not child.removed]
    node.name, node.path, node.base, node.place, node.errors = name, path, None, None, []
    node.children = children if node.kind in CONTAINERS else []
    for i, child in enumerate(node.children):
        _rename(child, name + child.name[label_from:], (*path, i if child.in_list else child.key))


def _next_number(node: Node) -> int:
    used = [int(child.label) for child in node.children if child.label.isdigit()]
    known = len(node.base.items()) if node.base is not None and node.base_kind == "array" else 0
    return max([known, *(number + 1 for number in used)])
