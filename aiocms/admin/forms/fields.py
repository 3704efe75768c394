"""The WTForms side of inferred forms: one ``BsonField`` for each key of a document.

A field manages a typed tree (tree.py) under WTForms' names, so the form is processed, validated and shown
like any other. What the declared forms of screens need is in declared.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.validators import ValidationError

from aiocms.admin.forms.names import Posted, escape, read_posted, unescape
from aiocms.admin.forms.reading import Reading, find_key_fault
from aiocms.admin.forms.tree import FormTree, Node
from aiocms.admin.values.bsontext import BadText
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import CODES, OBJECT, Value
from aiocms.admin.writes.merge import Origins
from aiocms.core.i18n import N_

WHOLE = "value"
"""Name of the only field of a form over something that is no object."""


class BsonWidget:
    """Shows a field through the macro ``part`` of the template ``admin:field``, or of a more special name."""

    def __call__(self, field: BsonField, **kwargs: Any) -> Markup:
        environment, context = field.meta.environment, dict(field.meta.context)
        module = environment.get_template(context["part_names"]["field"]).make_module(context)
        return Markup(module.part(field.node))  # noqa: S704 - the macro escapes


class BsonField(Field):  # type: ignore[misc,unused-ignore]
    """Any BSON value: scalars with their type, objects, lists, in any depth.

    Parameters:
        tree: makes the nodes.
        base: the value that is edited; None for a new key.
        key: of the document.
        path: of the field in the edited part.
        skip_empty: new parts that were left empty are left out of the value.
    """

    widget = BsonWidget()

    def __init__(
        self,
        *,
        tree: FormTree,
        base: Value | None,
        key: str = "",
        path: Path = (),
        skip_empty: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label=key, **kwargs)
        self.tree, self.base, self.key, self.path, self.skip_empty = tree, base, key, path, skip_empty
        self.origins: dict[Path, list[int | None]] = {}
        self.node = self._make_node()

    def _make_node(self) -> Node:
        if self.base is None:
            return self.tree.make_new("string", self.name, key=self.key, path=self.path)
        return self.tree.make(self.base, self.name, key=self.key, path=self.path)

    def process(self, formdata: Any, data: Any = None, extra_filters: Sequence[Any] | None = None) -> None:
        """WTForms' hook: the tree from the base, and over it what was posted."""
        self.process_errors = []
        self.data = self.base
        self.object_data = self.base
        self.node = self._make_node()
        part = formdata.find(self.name) if isinstance(formdata, PostedTree) else None
        if part is None:
            return
        if self.base is None and part.kind in CODES:
            kind = part.was if part.was in CODES else part.kind
            self.node = self.tree.make_new(kind, self.name, key=self.key, path=self.path)
            self.node.naming, self.node.offered = "k" in part.meta, "o" in part.meta
        try:
            self.tree.overlay(self.node, part)
        except BadText as error:
            self.process_errors.append(error.message)

    def read(self) -> Value | None:
        """The field's value from its tree; errors are put on the nodes.

        Returns:
            None when the key was taken away.
        """
        reading = Reading(self.tree.zone, skip_empty=self.skip_empty)
        value = reading.read(self.node, self.path)
        self.origins = reading.origins
        self.data = value
        return value

    def pre_validate(self, form: BaseForm) -> None:
        """WTForms' hook: every text in the tree must be a value of its type."""
        self.read()
        if self.node.has_errors:
            raise ValidationError("")


class PostedTree:
    """What was posted, as WTForms wants form data, and as a tree."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)
        self.root = read_posted(self.pairs)

    def find(self, name: str) -> Posted | None:
        """What was posted under a field's name and below it."""
        return self.root.children.get(name)

    def getlist(self, name: str) -> list[str]:
        """WTForms' hook: all values of one name."""
        return [value for key, value in self.pairs if key == name]

    def __contains__(self, name: object) -> bool:
        return any(key == name for key, _ in self.pairs)

    def __iter__(self) -> Any:
        return iter(dict(self.pairs))

    def __len__(self) -> int:
        return len(self.pairs)


class DocumentForm(BaseForm):
    """The inferred form of a document, or of one part of it.

    Parameters:
        tree: makes the nodes.
        base: the shown part of what is edited.
        posted: what came back; None on the first showing.
        extra: keys that the form offers besides those of the base, with their types.
        skip_empty: for new documents: what was left empty is left out.
        meta: for the widget: ``environment``, ``context``.
    """

    def __init__(
        self,
        tree: FormTree,
        base: Value,
        posted: PostedTree | None = None,
        *,
        extra: Mapping[str, str] | None = None,
        skip_empty: bool = False,
        meta: DefaultMeta | None = None,
    ) -> None:
        self.tree, self.base, self.skip_empty = tree, base, skip_empty
        self._fields: dict[str, Any]
        super().__init__({}, meta=meta or DefaultMeta())
        if base.code != OBJECT:
            self._add(WHOLE, base, "", ())
        else:
            for key, value in base.items():
                self._add(escape(key), value, key, (key,))
            for label, part in posted.root.children.items() if posted is not None else ():
                if label not in self._fields and part.kind in CODES and not label.startswith("_"):
                    self._add(label, None, unescape(label), (unescape(label),))
        self.process(posted)
        for key, kind in (extra or {}).items():
            if posted is None and escape(key) not in self._fields:
                self.add(key, kind)

    def _add(self, name: str, base: Value | None, key: str, path: Path) -> BsonField:
        field = BsonField(
            tree=self.tree,
            base=base,
            key=key,
            path=path,
            skip_empty=self.skip_empty,
            name=name,
            _form=self,
            _meta=self.meta,
        )
        self._fields[name] = field
        return field

    def add(self, key: str, kind: str) -> Node:
        """A new key, empty.

        Returns:
            Its node.
        """
        name = escape(key)
        while name in self._fields:
            name += "_"
        field = self._add(name, None, key, (key,))
        field.node = self.tree.make_new(kind, name, key=key, path=(key,))
        return field.node

    @property
    def nodes(self) -> list[Node]:
        """The trees of the fields, in order."""
        return [field.node for field in self._fields.values()]

    def read(self) -> Value:
        """The edited part as the form has it, errors on the nodes."""
        if self.base.code != OBJECT:
            return self._fields[WHOLE].read() or self.base
        items: dict[str, Value] = {}
        for field in self._fields.values():
            value = field.read()
            if value is None:
                continue
            key = field.node.key if field.node.naming else field.key
            wrong = find_key_fault(field.node, free=False)
            if wrong is not None:
                field.node.errors.append(wrong)
            elif key in items:
                field.node.errors.append(BadText(N_("The key %(key)s is there twice."), key=repr(key)))
            items[key] = value
        return Value.object(items.items())

    @property
    def origins(self) -> Origins:
        """Where the items of lists come from, after ``read``."""
        found: dict[Path, list[int | None]] = {}
        for field in self._fields.values():
            found.update(field.origins)
        return found

    @property
    def has_errors(self) -> bool:
        """Whether something typed is wrong."""
        return any(field.node.has_errors or field.process_errors for field in self._fields.values())

    def find_node(self, name: str) -> Node | None:
        """The node of an input's name."""
        here: Node | None = None
        there = self.nodes
        while here is None or here.name != name:
            found = (one for one in there if one.name == name or name.startswith(f"{one.name}-"))
            here = next(found, None)
            if here is None:
                return None
            if here.name != name:
                self.tree.expand(here)
                there = here.children
        return here

    def find_parent(self, name: str) -> Node | None:
        """The node around the node of an input's name; None at the top."""
        return self.find_node(name.rpartition("-")[0]) if "-" in name else None
