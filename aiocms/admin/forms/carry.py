"""A form that holds another value than its base, as if typed: what Extended JSON was changed to.

What the inputs could not give back to the byte is not carried over at all, so nothing is lost on the way.
"""

from __future__ import annotations

from aiocms.admin.forms.fields import DocumentForm
from aiocms.admin.forms.names import escape
from aiocms.admin.forms.nodes import Node
from aiocms.admin.forms.tree import FormTree
from aiocms.admin.values.bsontext import CHOICES, to_text
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import NAMES, OBJECT, STUB, Value
from aiocms.admin.writes.align import align
from aiocms.admin.writes.patch import diff


class Uncarried(ValueError):
    """A value that the inputs of the form cannot hold.

    Parameters:
        path: of the part that they cannot; empty: it cannot be told.
    """

    def __init__(self, reason: str, path: Path = ()) -> None:
        super().__init__(reason)
        self.path = path


def carry(form: DocumentForm, wanted: Value) -> None:
    """Make the form hold a value.

    Raises:
        Uncarried: its inputs cannot.
    """
    if wanted.code != OBJECT or form.base.code != OBJECT:
        raise Uncarried("only whole documents are carried over")
    items = dict(wanted.items())
    for name, field in list(form._fields.items()):
        if field.key in items:
            _carry(form.tree, field.node, items.pop(field.key))
        elif field.base is not None:
            _remove(field.node)
        else:
            del form._fields[name]
    for key, value in items.items():
        node = form.add(key, NAMES[value.code])
        form._fields[node.name].node = _make(form.tree, value, node.name, key)
    found = form.read()
    if found != wanted or form.has_errors:
        path = next((write.path for write in diff(wanted, found)), ())
        raise Uncarried("the inputs would give back something else", path)


def _make(tree: FormTree, value: Value, name: str, key: str = "", path: tuple[str | int, ...] = ()) -> Node:
    if value.code == STUB or NAMES[value.code] not in CHOICES:
        raise Uncarried("a value without inputs", path or (key,))
    return tree.make_filled(value, name, key=key, path=path or (key,))


def _remove(node: Node) -> None:
    if not node.editable or node.kind == "masked":
        raise Uncarried("a part that may not go", node.path)
    node.removed = True


def _carry(tree: FormTree, node: Node, value: Value) -> None:
    if node.base == value:
        return
    tree.expand(node)
    kind = NAMES.get(value.code, "")
    if node.stub is not None or not node.editable or kind not in CHOICES:
        raise Uncarried("a part that cannot be changed here", node.path)
    if node.widget is not None:
        text = node.widget.to_text(value) if kind in node.widget.kinds else None
        if text is None:
            raise Uncarried("a value that its widget does not take", node.path)
        node.text = text
    elif kind != node.kind:
        made = _make(tree, value, node.name, node.key, node.path)
        node.kind, node.text, node.children, node.retyping = kind, made.text, made.children, True
    elif kind == "object":
        _carry_object(tree, node, dict(value.items()))
    elif kind == "array":
        _carry_array(tree, node, value.values())
    else:
        text = to_text(value, tree.zone)
        if text is None or "\r" in text:
            raise Uncarried("a text that no input gives back", node.path)
        node.text = text


def _carry_object(tree: FormTree, node: Node, items: dict[str, Value]) -> None:
    for child in node.children:
        if child.key in items:
            _carry(tree, child, items.pop(child.key))
        else:
            _remove(child)
    for key, value in items.items():
        made = _make(tree, value, f"{node.name}-{escape(key)}", key, (*node.path, key))
        made.naming = node.free
        node.children.append(made)


def _carry_array(tree: FormTree, node: Node, values: list[Value]) -> None:
    known = node.children
    places = align([child.base for child in known if child.base is not None], values)
    order: list[Node] = []
    for at, (place, value) in enumerate(zip(places, values, strict=True)):
        if place is None:
            number = len(known) + at
            made = _make(tree, value, f"{node.name}-{number}", "", (*node.path, number))
            made.in_list = True
            order.append(made)
        else:
            _carry(tree, known[place], value)
            order.append(known[place])
    for child in known:
        if child not in order:
            _remove(child)
            order.append(child)
    node.children = order
