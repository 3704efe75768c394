"""The editor of a screen's own WTForms form, through the same pipeline as inferred forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import wtforms
from multidict import MultiDict
from wtforms import Field, FieldList, FileField, FormField

from aiocms.admin.forms.conditional import Conditions, Rule, iter_field_parts
from aiocms.admin.forms.declared_data import Pick, is_same, iter_leaves, make_data, plain, settle
from aiocms.admin.forms.declared_lists import (
    Lists,
    add_closed,
    close,
    close_again,
    is_of_forms,
    iter_lists,
    label_of,
)
from aiocms.admin.forms.declared_operations import Posting, apply_operation
from aiocms.admin.forms.fields import PostedTree
from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.forms.numbering import drop_odd_names, renumber, restore_names
from aiocms.admin.forms.offers import nest
from aiocms.admin.forms.opened import Opened
from aiocms.admin.forms.shown import Limits, show_part
from aiocms.admin.values import paths
from aiocms.admin.values.coerce import coerce
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import ARRAY, OBJECT, STUB, Value
from aiocms.admin.writes.align import align
from aiocms.admin.writes.merge import Origins
from aiocms.core.csrf import FIELD
from aiocms.core.forms import Form, prepare_fields

UNBOUND = Limits(inputs=1_000_000, value=4 * 1024 * 1024, total=64 * 1024 * 1024)
"""Of a declared form: its fields are as many as they are."""


class DeclaredEditor:
    """The editor of a document through a declared form."""

    _folds = True

    def __init__(
        self, opened: Opened, base: FormBase, posted: PostedTree | None, form: type[wtforms.Form]
    ) -> None:
        self.opened, self.base, self._form_class = opened, base, form
        self.pairs = drop_odd_names(posted.pairs) if posted is not None else None
        self.start = base.base if base.start is None else base.start
        self._values: dict[str, Value] = dict(self.start.items())
        self.last: Value | None = None
        self.names: frozenset[str] = frozenset()
        self._begin: dict[str, Any] = {}
        self._origins: dict[Path, list[int | None]] = {}
        self.unfolded = ""
        """The list whose items were all asked for."""
        self._unread = False
        self._added: dict[str, Any] = {}
        self._closed: dict[str, Any] = {}
        self._read_labels: dict[str, list[str]] = {}
        self.form = self._build()

    def _build(self) -> wtforms.Form:
        numbers, formdata = renumber(self.pairs) if self.pairs is not None else ({}, None)
        self._references: dict[str, Field] | None = None
        self.lists = Lists(self.start, self.pairs, numbers)
        self.lists.whole = not self._folds
        form = self._make(formdata)
        restore_names(form, numbers)
        for field in iter_lists(form):
            stored = self.lists.stored(field.name)
            known = len(self.lists.pick(field.name, stored, True))
            if known < len(stored):
                # A list whose items are closed does not lack items, whatever its `min_entries`.
                field.entries = field.entries[:known]
        return form

    def _make(self, formdata: MultiDict[Any] | None, pick: Pick | None = None) -> wtforms.Form:
        data = make_data(self._form_class, self._values, self.opened.zone, pick or self.lists.pick)
        data = {**self._begin, **data}
        form = self._form_class(formdata, data=data, meta={"request": self.opened.request})
        self.names = frozenset(form._fields)
        for name in list(form._fields):
            if self.opened.access(name) != "edit" or (
                name in self._values and self._values[name].code == STUB
            ):
                del form[name]
        for field in iter_leaves(form):
            settle(field, self.opened.zone)
        return form

    def _find_reference(self, name: str) -> Field | None:
        """A field as the page got it."""
        if self._references is None:
            form = self._make(None, self.lists.pick_known)
            known = {name: self.lists.list_known(name) for name in self.lists.numbers}
            restore_names(form, known)
            self._references = {one.name: one for one in iter_leaves(form)}
        return self._references.get(name)

    def prefill(self, values: Mapping[str, Value]) -> None:
        """Put what a new document begins with into its fields."""
        self._begin = nest((path, plain(value, self.opened.zone)) for path, value in values.items())
        self.form = self._make(None)

    def find_rules(self) -> dict[str, Rule]:
        """The conditions of fields by the names of their inputs."""
        texts = self.opened.hints.conditions
        if not texts:
            return {}
        parts = {part.name: part for _, part in iter_field_parts(self.form)}
        return Conditions(texts, parts, self.opened.document, (), self.opened.zone).list_rules()

    def iter_errors(self) -> Iterator[tuple[str, str]]:
        """What is wrong, with the name of the part it stands at."""
        for field, _ in iter_field_parts(self.form):
            if not isinstance(field, FormField):
                yield from ((field.name, error) for error in field.errors if isinstance(error, str))

    @property
    def locked(self) -> list[tuple[str, Value]]:
        """The form's fields that the user may only read, or only know of."""
        own = self.names - self.form._fields.keys()
        return [(key, value) for key, value in self._values.items() if key in own]

    @property
    def is_readable(self) -> bool:
        """Whether all that was typed is a value, though one that its form may refuse."""
        return not self._unread and not any(
            # A rule that takes nothing for an answer clears the errors of an empty text.
            getattr(one, "_refusal", "") or any(error in one.errors for error in one.process_errors)
            for one in iter_leaves(self.form)
        )

    @property
    def removed_names(self) -> list[str]:
        """The names of list items that go when the form is saved."""
        return [key[:-2] for key, _ in self.pairs or () if key.endswith("~x")]

    def items_of(self, field: FieldList[Any]) -> list[Any]:
        """The items of a list as they are shown: fields, or `Closed` ones."""
        if not is_of_forms(field):
            return list(field.entries)
        known, stored = {entry.name: entry for entry in field.entries}, self.lists.stored(field.name)
        found: list[Any] = []
        for label in self.lists.labels_of(field):
            name = f"{field.name}-{label}"
            found.append(known[name] if name in known else close(field, name, stored[int(label)]))
        return found

    def find_part(self, name: str) -> tuple[Field | None, FieldList[Any] | None]:
        """A list, or an item and the list around it, by the name of its inputs."""
        for field in iter_lists(self.form):
            if field.name == name:
                return field, None
            for entry in field.entries:
                if entry.name == name:
                    return entry, field
        return None, None

    def operate(self, operation: str, asked: Mapping[str, str]) -> str | None:
        """Carry out a button on what was posted; the name of the part to show first."""
        if self.pairs is None:
            return None
        done = apply_operation(Posting(self.form, self.lists, self.pairs, self.opened.zone), operation)
        if done is None:
            return None
        self.pairs, shown = done
        self.unfolded = shown if operation.startswith("openall:") else ""
        self.form = self._build()
        return shown

    async def read(self) -> Value | None:
        """The edited value; None when something typed is wrong."""
        self._added = add_closed(self.form, self.lists, self.opened.zone)
        hidden = take_out(self.form, {name for name, rule in self.find_rules().items() if rule.off})
        try:
            return await self._read_shown()
        finally:
            put_back(hidden)
            self._closed = close_again(self.form, self._added)

    async def _read_shown(self) -> Value | None:
        form = self.form
        if isinstance(form, Form):
            form._request, form._submitted = self.opened.request, True
            form._token = dict(self.pairs or ()).get(FIELD)
            fine = await form.is_valid()
        else:
            await prepare_fields(form, self.opened.request, resolve=True)
            fine = form.validate()
        self.last = self.read_fields()
        return self.last if fine and not form.errors else None

    def read_fields(self) -> Value:
        """What the form's fields hold, whether it is right or not."""
        self._origins, self._read_labels = {}, {}
        items = dict(self.start.items())
        for name, field in self.form._fields.items():
            if name == FIELD or isinstance(field, wtforms.SubmitField):
                continue
            value = self._read(field, items.get(name), (name,))
            if value is None:
                items.pop(name, None)
            else:
                items[name] = value
        return Value.object(items.items())

    def _read(self, field: Field, base: Value | None, path: Path) -> Value | None:
        if isinstance(field, FormField):
            value = self._read_object(field, base if base is not None and base.code == OBJECT else None, path)
            return value if value is not None else base
        if isinstance(field, FieldList):
            value = self._read_list(field, base if base is not None and base.code == ARRAY else None, path)
            return value if value is not None else base
        stored = base is not None or self.opened.document is not None
        reference = self._find_reference(field.name) if stored else None
        if isinstance(field, FileField) or (reference is not None and is_same(field, reference)):
            return base
        try:
            return coerce(field.data, base, self.opened.zone, empty=self.opened.document is None)
        except ValueError as error:
            self._unread = True
            field.errors = [*field.errors, str(error)]
            return base

    def _read_object(self, field: FormField[Any], base: Value | None, path: Path) -> Value | None:
        items = dict(base.items()) if base is not None else {}
        for name, part in field.form._fields.items():
            if name == FIELD or self.opened.access(paths.dotted((*path, name))) != "edit":
                continue
            value = self._read(part, items.get(name), (*path, name))
            if value is None:
                items.pop(name, None)
            else:
                items[name] = value
        return Value.object(items.items()) if items or base is not None else None

    def _read_list(self, field: FieldList[Any], base: Value | None, path: Path) -> Value | None:
        old = base.values() if base is not None else []
        known = {label_of(entry.name): entry for entry in field.entries}
        values: list[Value] = []
        labels: list[str] = []
        # Only an explicit mark takes an item away; a cut or thinned-out post loses nothing.
        for label in self.lists.labels_of(field):
            entry, place = known.get(label), int(label)
            stored = old[place] if place < len(old) else None
            if entry is None or entry.name in self._added:
                value = stored
            else:
                value = self._read(entry, stored, (*path, len(values)))
            if value is not None:
                values.append(value)
                labels.append(label)
        self._read_labels[field.name] = labels
        self._note_origins(path, base, [int(label) if int(label) < len(old) else None for label in labels])
        return Value.array(values) if values or base is not None else None

    def _note_origins(self, path: Path, base: Value | None, origins: list[int | None]) -> None:
        if base is None:
            return
        if self.base.start is not None:
            # The items are those of what the form began with; where these come from is guessed.
            first = paths.find(self.base.base, path) if all(isinstance(part, str) for part in path) else None
            if first is None or first.code != ARRAY:
                return
            places = align(first.values(), base.values())
            origins = [places[one] if one is not None else None for one in origins]
        self._origins[path] = origins

    @property
    def origins(self) -> Origins:
        """Where the items of lists come from, after ``read``."""
        return self._origins

    def put_errors(self, fields: Mapping[Path, str]) -> list[str]:
        """Put messages beside the fields of these paths, or the nearest around them that can show them."""
        left: list[str] = []
        for path, message in fields.items():
            field, rest = self._find_field(path)
            if field is None:
                left.append(f"{paths.show(path)}: {message}")
            else:
                field.errors = [*field.errors, f"{paths.show(rest)}: {message}" if rest else message]
        return left

    def _find_field(self, path: Path) -> tuple[Field | None, Path]:
        """The field of a path, or the nearest around it that shows errors; the rest of the path."""
        here: Any = self.form
        best: tuple[Field | None, Path] = (None, path)
        for depth, part in enumerate(path):
            inner = here.form if isinstance(here, FormField) else here
            if isinstance(inner, FieldList) and isinstance(part, int):
                here = self._find_item(inner, part)
            else:
                here = inner._fields.get(str(part)) if isinstance(inner, wtforms.form.BaseForm) else None
            if here is None:
                break
            if not isinstance(here, FormField):  # the errors of these are those of their fields
                best = here, path[depth + 1 :]
        return best

    def _find_item(self, field: FieldList[Any], place: int) -> Any:
        """The item of a list as it was read; a closed one is opened."""
        labels = self._read_labels.get(field.name, [])
        name = f"{field.name}-{labels[place]}" if 0 <= place < len(labels) else ""
        if name in self._closed:
            field.entries.append(self._closed.pop(name))
        return next((one for one in field.entries if one.name == name), None)


TakenOut = list[tuple[dict[str, Any], dict[str, Any]]]


def take_out(form: Any, names: set[str]) -> TakenOut:
    """Take fields out of a form and the forms in it, so that they are neither validated nor read.

    Returns:
        The fields of each changed form, and all that it had.
    """
    changed: TakenOut = []
    for field in list(form) if names else ():
        if field.name not in names:
            inner = field.entries if isinstance(field, FieldList) else [field]
            for one in inner:
                changed += take_out(one.form, names) if isinstance(one, FormField) else []
    gone = [key for key, field in form._fields.items() if field.name in names]
    if gone:
        changed.append((form._fields, dict(form._fields)))
        for key in gone:
            del form._fields[key]
    return changed


def put_back(taken: TakenOut) -> None:
    """Give the fields back that were taken out."""
    for fields, all_fields in taken:
        fields.clear()
        fields.update(all_fields)


def make_declared_base(opened: Opened, form: type[wtforms.Form]) -> FormBase:
    """The base of a declared form: of the document what the form has fields for."""
    document = opened.document or opened.source or Value.object(())
    names = set(form()._fields)
    part = Value.object((key, value) for key, value in document.items() if key in names)
    return FormBase(show_part(part, (), opened.access, UNBOUND))
