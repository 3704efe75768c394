"""The editor of one document: its form, made from a base or brought back by a post.

``InferredEditor`` edits any document or any part of one; declared.py has the editor of a screen's own form.
Both give the edited value, the origins of list items, and nodes for the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from wtforms.meta import DefaultMeta

from aiocms.admin.forms.conditional import Conditions, Rule, iter_node_parts
from aiocms.admin.forms.fields import DocumentForm, PostedTree
from aiocms.admin.forms.file_inputs import refuse_files
from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.forms.offers import fill, list_offered, offer, offer_all
from aiocms.admin.forms.opened import Opened
from aiocms.admin.forms.operations import apply_operation
from aiocms.admin.forms.shown import Limits, is_light, show_part, show_window
from aiocms.admin.forms.tree import FormTree, Node
from aiocms.admin.known import KnownFields
from aiocms.admin.links.pickers import resolve_nodes
from aiocms.admin.values import paths
from aiocms.admin.values.bsontext import BadText
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import ARRAY, NAMES, OBJECT, STUB, Value
from aiocms.admin.writes.align import find_identity
from aiocms.admin.writes.merge import Origins
from aiocms.core import keys
from aiocms.core.i18n import gettext

WINDOW = 100
"""Items of a long list on one page at most."""
LIGHT_WINDOW = 500
"""The same, where they are shown closed."""


class Editor(Protocol):
    """What the edit views need of a form."""

    base: FormBase
    last: Value | None
    """What ``read`` found, wrong parts as they were in the base."""

    @property
    def names(self) -> Collection[str]:
        """The keys of the edited object that it has fields for."""

    def operate(self, operation: str, asked: Mapping[str, str]) -> str | None:
        """Carry out a button; the name of the part to show first."""

    async def read(self) -> Value | None:
        """The edited value; None when something typed is wrong."""

    @property
    def origins(self) -> Origins:
        """Where the items of lists come from, after ``read``."""

    def prefill(self, values: Mapping[str, Value]) -> None:
        """Put what a new document begins with into its fields."""

    def find_rules(self) -> dict[str, Rule]:
        """The conditions of fields by the names of their inputs."""

    def iter_errors(self) -> Iterator[tuple[str, str]]:
        """What is wrong, with the name of the part it stands at."""

    def put_errors(self, fields: Mapping[Path, str]) -> list[str]:
        """Put messages beside fields; those whose field is not on the page come back as text."""


class InferredEditor:
    """The editor of a document without a declared form."""

    def __init__(
        self, opened: Opened, base: FormBase, posted: PostedTree | None, context: Mapping[str, Any]
    ) -> None:
        self.opened = opened
        self.base = base
        self.last: Value | None = None
        tree = FormTree(opened.access, opened.zone, base.at, opened.widgets, opened.guesses)
        environment = opened.request.app[keys.ENV]
        meta = type("Meta", (DefaultMeta,), {"environment": environment, "context": dict(context)})()
        new = opened.document is None
        # A copy has what its source has.
        fresh = new and posted is None and opened.source is None
        extra = usual_keys(opened.fields, opened) if fresh else {}
        self.form = DocumentForm(tree, base.base, posted, extra=extra, skip_empty=new, meta=meta)
        if posted is None and not base.at and not opened.read_only_reason():
            offer_all(self.form, list_offered(opened))

    def prefill(self, values: Mapping[str, Value]) -> None:
        """Put what a new document begins with into its fields."""
        for path, value in values.items():
            node = offer(self.form, path, NAMES[value.code])
            if node is not None and node.is_new:
                fill(self.form.tree, node, value)

    def find_rules(self) -> dict[str, Rule]:
        """The conditions of fields by the names of their inputs; the fields know whether theirs holds."""
        texts, at = self.opened.hints.conditions, self.base.at
        if not texts:
            return {}
        pairs = list(iter_node_parts(self.nodes, at, self.opened.zone, self.base.offset))
        parts = {part.name: part for _, part in pairs}
        rules = Conditions(texts, parts, self.opened.document, at, self.opened.zone).list_rules()
        for node, part in pairs:
            node.off = part.name in rules and rules[part.name].off
        return rules

    def operate(self, operation: str, asked: Mapping[str, str]) -> str | None:
        """Carry out a button; the name of the part to show first."""
        node = apply_operation(self.form, operation, asked, self.opened.kinds)
        return node.name if node is not None else None

    async def read(self) -> Value | None:
        """The edited value; None when something typed is wrong."""
        await resolve_nodes(self.opened, self.base.at, self.nodes)
        self.find_rules()
        self.form.validate()
        value = self.last = self.form.read()
        refused = refuse_files(self.opened, self.nodes)
        return None if refused or self.form.has_errors else value

    @property
    def origins(self) -> Origins:
        """Where the items of lists come from."""
        return self.form.origins

    @property
    def names(self) -> Collection[str]:
        """The keys of the edited object that it has fields for."""
        return {key for key, _ in self.base.base.items()} if self.base.base.code == OBJECT else ()

    @property
    def nodes(self) -> list[Node]:
        """The trees of the form."""
        return self.form.nodes

    def put_errors(self, fields: Mapping[Path, str]) -> list[str]:
        """Put messages beside the nodes of these paths of the document."""
        left: list[str] = []
        at = self.base.at
        for path, message in fields.items():
            node, rest = self._find_node(path[len(at) :]) if path[: len(at)] == at else (None, path)
            if node is None:
                left.append(f"{paths.show(path)}: {message}")
            else:
                node.errors.append(BadText(f"{paths.show(rest)}: {message}" if rest else message))
        return left

    def iter_errors(self) -> Iterator[tuple[str, str]]:
        """What is wrong, with the name of the part it stands at."""
        request = self.opened.request
        for top in self.nodes:
            for node in top.iter_all():
                for error in node.errors:
                    yield node.name, gettext(request, error.message, **error.values)

    def _find_node(self, path: Path) -> tuple[Node | None, Path]:
        """The node of a path, or of the nearest part around it, and what of the path is left."""
        if self.base.base.code != OBJECT:
            whole, rest = self.nodes[0], path
            if rest and isinstance(rest[0], int):
                rest = (rest[0] - self.base.offset, *rest[1:])
        else:
            known = {one.key: one for one in self.nodes if not one.removed}
            if not path or str(path[0]) not in known:
                return None, path
            whole, rest = known[str(path[0])], path[1:]
        return whole.find(rest, self.form.tree.expand)


def make_base(opened: Opened, at: Path = (), start: int = 0, limits: Limits | None = None) -> FormBase:
    """The base of a form over a document, or over the part at a path.

    Raises:
        BadPath: nothing editable is at the path.
    """
    document = opened.document or opened.source or Value.object(())
    part = paths.find(document, at)
    rights = [opened.access(paths.dotted(at[: depth + 1])) for depth in range(len(at))]
    if part is None or not all(right in ("edit", "read") for right in rights) or at[:1] == ("_id",):
        raise paths.BadPath(f"nothing to edit at {paths.show(at)!r}")
    limits = limits or opened.limits
    if not at:
        part = Value.object((key, value) for key, value in part.items() if key != "_id")
    offset = 0
    if at and part.code == ARRAY:
        shown = show_part(part, at, opened.access, limits)
        if shown.code == STUB or start:
            items = part.values()
            offset = min(max(start, 0), len(items))
            most = LIGHT_WINDOW if is_light(items) else WINDOW
            window = show_window(items, at, offset, opened.access, limits, most)
            return FormBase(Value.array(window), at, _identify(document, at), offset)
        return FormBase(shown, at, _identify(document, at))
    if at and not part.is_container:
        # A single text may be as large as a post can carry.
        limits = Limits(limits.inputs, limits.total * 2, limits.total * 2)
    return FormBase(show_part(part, at, opened.access, limits), at, _identify(document, at))


def usual_keys(fields: KnownFields, opened: Opened) -> dict[str, str]:
    """The keys that a new document is offered: those that most documents have, with their usual types."""
    found: dict[str, str] = {}
    for one in fields:
        if "." in one.path or one.path == "_id" or one.share < 0.3 or opened.access(one.path) != "edit":
            continue
        kinds = sorted(one.types - {"null", "undefined"}, key=_rank)
        if kinds and set(kinds) <= {"minKey", "maxKey"}:
            continue  # Without an input it could not be left empty.
        found[one.path] = "array" if one.array_at == one.path else kinds[0] if kinds else "string"
    return dict(list(found.items())[:60])


def _rank(kind: str) -> int:
    order: Sequence[str] = ("object", "array", "string", "double", "int64", "int32")
    return order.index(kind) if kind in order else len(order)


def _identify(document: Value, at: Path) -> tuple[tuple[int, Value], ...]:
    found: list[tuple[int, Value]] = []
    for depth, part in enumerate(at):
        item = paths.find(document, at[: depth + 1]) if isinstance(part, int) else None
        known = find_identity(item) if item is not None else None
        if known is not None:
            found.append((depth, known[1]))
    return tuple(found)


def list_hidden_keys(editor: Editor, opened: Opened) -> list[tuple[str, Value, bool]]:
    """The keys of the edited object that its form does not show at all but keeps.

    Returns:
        Their values, and whether saving changes them: Extended JSON did.
    """
    base = editor.base
    stored = paths.find(opened.document, base.at) if opened.document is not None else None
    if base.base.code != OBJECT or (stored is not None and stored.code != OBJECT):
        return []
    known = dict(stored.items()) if stored is not None else {}
    before = dict(base.base.items())
    found = known if base.start is None else dict(base.start.items())
    return [
        (key, value, base.start is not None and before.get(key) != value)
        for key, value in found.items()
        if key not in editor.names
        and key != "_id"
        and opened.access(paths.dotted((*base.at, key))) in ("edit", "read")
    ]
