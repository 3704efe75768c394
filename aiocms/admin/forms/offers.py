"""What a form offers that the document does not have: fields by name, and what a new document begins with."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aiocms.admin.forms.fields import DocumentForm
from aiocms.admin.forms.layout import iter_layout_paths
from aiocms.admin.forms.names import escape
from aiocms.admin.forms.opened import Opened
from aiocms.admin.forms.tree import FormTree, Node
from aiocms.admin.known import KnownField
from aiocms.admin.values.bsontext import to_text
from aiocms.admin.values.rawbson import CODES, NAMES, Value

_MOST = 100
_RANKED = ("object", "array", "string", "double", "int64", "int32")


def list_offered(opened: Opened) -> dict[str, str]:
    """The paths that a form shows although the document lacks them, with their types.

    They are those of the layout, of the collection's rules and of conditions, as far as the user may edit
    them; a path through a list is none, because there it is not one field.
    """
    found: dict[str, str] = {}
    for path in _iter_wanted(opened):
        parts = path.split(".")
        above = [".".join(parts[:end]) for end in range(1, len(parts))]
        if path in found or path == "_id" or len(found) >= _MOST:
            continue
        if any(opened.access(one) != "edit" for one in (*above, path)):
            continue
        if all(find_kind(opened, one, "object") == "object" for one in above):
            found[path] = find_kind(opened, path, "string")
    return found


def _iter_wanted(opened: Opened) -> Iterator[str]:
    yield from iter_layout_paths(opened.hints.layout)
    yield from opened.hints.iter_wanted()


def find_kind(opened: Opened, path: str, otherwise: str) -> str:
    """The type that a field usually has: by the collection's rules, else as documents have it."""
    hinted = opened.hints.of(path).kind
    if hinted:
        return hinted
    known = opened.fields.find(path) or KnownField(path)
    if known.array_at == path:
        return "array"
    kinds = sorted(known.types - {"null", "undefined"}, key=_rank)
    return kinds[0] if kinds and kinds[0] in CODES else otherwise


def offer_all(form: DocumentForm, kinds: Mapping[str, str]) -> None:
    """Add empty fields for these paths where the form has none."""
    for path, kind in kinds.items():
        offer(form, path, kind)


def offer(form: DocumentForm, path: str, kind: str) -> Node | None:
    """The node of a path, made if there is none.

    Returns:
        None when something on the way is no object that the form edits.
    """
    first, *rest = path.split(".")
    node = next((one for one in form.nodes if one.key == first and not one.naming), None)
    if node is None:
        node = form.add(first, "object" if rest else kind)
        node.offered = True
    for depth, key in enumerate(rest, 1):
        if node.kind != "object" or not node.is_container or node.stub is not None or node.removed:
            return None
        if not node.editable:
            return None
        child = next((one for one in node.children if one.key == key), None)
        if child is None:
            wanted = kind if depth == len(rest) else "object"
            name = f"{node.name}-{escape(key)}"
            child = form.tree.make_new(wanted, name, key=key, path=(*node.path, key))
            child.offered = True
            node.children.append(child)
        node = child
    return node


def fill(tree: FormTree, node: Node, value: Value) -> None:
    """Put a value into a new node, as if it had been typed."""
    node.kind, node.children = NAMES[value.code], []
    if node.widget is not None and (node.kind not in node.widget.kinds or node.widget.to_text(value) is None):
        node.widget = None
    if node.widget is not None:
        node.text = node.widget.to_text(value) or ""
    elif node.kind == "object":
        for key, one in value.items():
            child = tree.make_new(
                NAMES[one.code], f"{node.name}-{escape(key)}", key=key, path=(*node.path, key)
            )
            fill(tree, child, one)
            node.children.append(child)
    elif node.kind == "array":
        for place, one in enumerate(value.values()):
            path = (*node.path, place)
            child = tree.make_new(NAMES[one.code], f"{node.name}-{place}", in_list=True, path=path)
            fill(tree, child, one)
            node.children.append(child)
    else:
        node.text = to_text(value, tree.zone) or ""


async def make_defaults(opened: Opened) -> dict[str, Value]:
    """What the form of a new document begins with, by path; only what the user may edit."""
    found: dict[str, Value] = {}
    for path, given in opened.hints.defaults.items():
        value = given(opened.request) if callable(given) else given
        if inspect.isawaitable(value):
            value = await value
        if value is not None and opened.access(path) == "edit":
            found[path] = Value.of(value)
    return found


def nest(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Values by dotted path as nested dicts."""
    whole: dict[str, Any] = {}
    for path, value in values:
        *above, last = path.split(".")
        here = whole
        for key in above:
            here = here.setdefault(key, {})
        here[last] = value
    return whole


def _rank(kind: str) -> int:
    return _RANKED.index(kind) if kind in _RANKED else len(_RANKED)
