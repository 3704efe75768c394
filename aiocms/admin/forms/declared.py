"""The editor of a screen's own WTForms form, through the same pipeline as inferred forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import wtforms
from bson import Decimal128
from multidict import MultiDict
from wtforms import BooleanField, Field, FieldList, FileField, FormField
from wtforms.fields import DateField, SelectMultipleField

from aiocms.admin.forms.conditional import Conditions, Rule, iter_field_parts
from aiocms.admin.forms.fields import PostedTree
from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.forms.numbering import drop_odd_names, is_below, is_number, move, renumber, restore_names
from aiocms.admin.forms.offers import nest
from aiocms.admin.forms.opened import Opened
from aiocms.admin.forms.shown import Limits, show_part
from aiocms.admin.values import paths
from aiocms.admin.values.coerce import coerce
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import ARRAY, OBJECT, STUB, Value
from aiocms.admin.writes.merge import Origins
from aiocms.core.csrf import FIELD
from aiocms.core.forms import Form, is_field_name, prepare_fields

_UNBOUND = Limits(inputs=1_000_000, value=4 * 1024 * 1024, total=64 * 1024 * 1024)


class DeclaredEditor:
    """The editor of a document through a declared form."""

    def __init__(
        self, opened: Opened, base: FormBase, posted: PostedTree | None, form: type[wtforms.Form]
    ) -> None:
        self.opened, self.base, self._form_class = opened, base, form
        self.pairs = drop_odd_names(posted.pairs) if posted is not None else None
        self._values: dict[str, Value] = dict(base.base.items())
        self.last: Value | None = None
        self._begin: dict[str, Any] = {}
        self._reference = {one.name: one for one in _iter_leaves(self._make(None))}
        self._origins: dict[Path, list[int | None]] = {}
        self.form = self._build()

    def _build(self) -> wtforms.Form:
        if self.pairs is None:
            return self._make(None)
        numbers, formdata = renumber(self.pairs)
        form = self._make(formdata)
        restore_names(form, numbers)
        return form

    def _make(self, formdata: MultiDict[Any] | None) -> wtforms.Form:
        data = {
            key: _plain(value, self.opened.zone) for key, value in self._values.items() if value.code != STUB
        }
        data = {**self._begin, **data}
        form = self._form_class(formdata, data=data, meta={"request": self.opened.request})
        for name in list(form._fields):
            if self.opened.access(name) != "edit" or (
                name in self._values and self._values[name].code == STUB
            ):
                del form[name]
        for field in _iter_leaves(form):
            if isinstance(field, DateField) and isinstance(field.data, datetime) and not field.raw_data:
                # A day has no zone: it is kept as midnight UTC and shown as that day everywhere.
                field.data = field.data.replace(tzinfo=self.opened.zone).astimezone(UTC).date()
        return form

    def prefill(self, values: Mapping[str, Value]) -> None:
        """Put what a new document begins with into its fields."""
        self._begin = nest((path, _plain(value, self.opened.zone)) for path, value in values.items())
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
        return [(key, value) for key, value in self._values.items() if key not in self.form._fields]

    @property
    def removed_names(self) -> list[str]:
        """The names of list items that go when the form is saved."""
        return [key[:-2] for key, _ in self.pairs or () if key.endswith("~x")]

    def operate(self, operation: str, asked: Mapping[str, str]) -> str | None:
        """Carry out a button on what was posted; the name of the part to show first."""
        verb, _, name = operation.partition(":")
        if self.pairs is None or not name or not is_field_name(name):
            return None
        around, _, label = name.rpartition("-")
        if verb == "add":
            label = str(self._next_number(name))
            self.pairs.append((f"{name}-{label}~p", "1"))
            shown = f"{name}-{label}"
        elif not is_number(label):
            return None
        elif verb == "remove":
            self.pairs = [(f"{name}~x", "1"), *(pair for pair in self.pairs if not is_below(pair[0], name))]
            shown = around
        elif verb in ("up", "down"):
            self.pairs = move(self.pairs, around, label, -1 if verb == "up" else 1)
            shown = name
        elif verb == "dup":
            shown = f"{around}-{self._next_number(around)}"
            twin = [(shown + key[len(name) :], value) for key, value in self.pairs if is_below(key, name)]
            if not twin:
                return None
            last = max((i for i, (key, _) in enumerate(self.pairs) if is_below(key, name)), default=-1)
            self.pairs[last + 1 : last + 1] = [(f"{shown}~p", "1"), *twin]
        else:
            return None
        self.form = self._build()
        return shown

    def _next_number(self, name: str) -> int:
        used = [-1]
        for key, _ in self.pairs or ():
            label = key[len(name) + 1 :].partition("-")[0].partition("~")[0] if is_below(key, name) else ""
            if is_number(label):
                used.append(int(label))
        known = self._find_base(name)
        return max(*used, len(known.items()) - 1 if known is not None and known.code == ARRAY else -1, -1) + 1

    def _find_base(self, name: str) -> Value | None:
        path: Path = tuple(int(label) if is_number(label) else label for label in name.split("-"))
        return paths.find(self.base.base, path)

    async def read(self) -> Value | None:
        """The edited value; None when something typed is wrong."""
        hidden = _take_out(self.form, {name for name, rule in self.find_rules().items() if rule.off})
        try:
            return await self._read_shown()
        finally:
            for fields, all_fields in hidden:
                fields.clear()
                fields.update(all_fields)

    async def _read_shown(self) -> Value | None:
        form = self.form
        if isinstance(form, Form):
            form._request, form._submitted = self.opened.request, True
            form._token = dict(self.pairs or ()).get(FIELD)
            fine = await form.is_valid()
        else:
            await prepare_fields(form, self.opened.request, resolve=True)
            fine = form.validate()
        self._origins = {}
        items = dict(self.base.base.items())
        for name, field in form._fields.items():
            if name == FIELD or isinstance(field, wtforms.SubmitField):
                continue
            value = self._read(field, items.get(name), (name,))
            if value is None:
                items.pop(name, None)
            else:
                items[name] = value
        self.last = Value.object(items.items())
        return self.last if fine and not form.errors else None

    def _read(self, field: Field, base: Value | None, path: Path) -> Value | None:
        if isinstance(field, FormField):
            return self._read_object(field, base if base is not None and base.code == OBJECT else None, path)
        if isinstance(field, FieldList):
            return self._read_list(field, base if base is not None and base.code == ARRAY else None, path)
        reference = (
            self._reference.get(field.name) if base is not None or self.opened.document is not None else None
        )
        if isinstance(field, FileField) or (reference is not None and _is_same(field, reference)):
            return base
        try:
            return coerce(field.data, base, self.opened.zone, empty=self.opened.document is None)
        except ValueError as error:
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
        values: list[Value] = []
        origins: list[int | None] = []
        for entry in field.entries:
            place = int(entry.name.rpartition("-")[2])
            known = place if place < len(old) else None
            value = self._read(entry, old[place] if known is not None else None, (*path, len(values)))
            if value is not None:
                values.append(value)
                origins.append(known)
        removed = set(self.removed_names)
        for place, value in enumerate(old):
            # Only an explicit mark takes an item away; a cut or thinned-out post loses nothing.
            if place not in origins and f"{field.name}-{place}" not in removed:
                at = (
                    max((i for i, one in enumerate(origins) if one is not None and one < place), default=-1)
                    + 1
                )
                values.insert(at, value)
                origins.insert(at, place)
        if base is not None:
            self._origins[path] = origins
        return Value.array(values) if values or base is not None else None

    @property
    def origins(self) -> Origins:
        """Where the items of lists come from, after ``read``."""
        return self._origins

    def put_errors(self, fields: Mapping[Path, str]) -> list[str]:
        """Put messages beside the fields of these paths, or the nearest around them that can show them."""
        left: list[str] = []
        for path, message in fields.items():
            field, rest = _find_field(self.form, path)
            if field is None:
                left.append(f"{paths.show(path)}: {message}")
            else:
                field.errors = [*field.errors, f"{paths.show(rest)}: {message}" if rest else message]
        return left


def _take_out(form: Any, names: set[str]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Take fields out of a form and the forms in it, so that they are neither validated nor read.

    Returns:
        The fields of each changed form, and all that it had.
    """
    changed: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for field in list(form) if names else ():
        if field.name not in names:
            inner = field.entries if isinstance(field, FieldList) else [field]
            for one in inner:
                changed += _take_out(one.form, names) if isinstance(one, FormField) else []
    gone = [key for key, field in form._fields.items() if field.name in names]
    if gone:
        changed.append((form._fields, dict(form._fields)))
        for key in gone:
            del form._fields[key]
    return changed


def _find_field(form: wtforms.Form, path: Path) -> tuple[Field | None, Path]:
    """The field of a path, or the nearest around it that shows errors of its own; the rest of the path."""
    here: Any = form
    best: tuple[Field | None, Path] = (None, path)
    for depth, part in enumerate(path):
        inner = here.form if isinstance(here, FormField) else here
        if isinstance(inner, FieldList) and isinstance(part, int):
            here = inner.entries[part] if part < len(inner.entries) else None
        else:
            here = inner._fields.get(str(part)) if isinstance(inner, wtforms.form.BaseForm) else None
        if here is None:
            break
        if not isinstance(here, FormField):  # the errors of these are those of their fields
            best = here, path[depth + 1 :]
    return best


def make_declared_base(opened: Opened, form: type[wtforms.Form]) -> FormBase:
    """The base of a declared form: of the document what the form has fields for."""
    document = opened.document or opened.source or Value.object(())
    names = set(form()._fields)
    part = Value.object((key, value) for key, value in document.items() if key in names)
    return FormBase(show_part(part, (), opened.access, _UNBOUND))


def _is_same(field: Field, reference: Field) -> bool:
    """Whether a field came back as it went out, so that its value keeps its bytes."""
    if isinstance(field, BooleanField | SelectMultipleField):
        return bool(field.data == reference.data)
    if not field.raw_data:
        return True
    writer = getattr(reference, "_value", None)
    if writer is not None and len(field.raw_data) == 1 and isinstance(field.raw_data[0], str):
        if _unify(field.raw_data[0]) == _unify(str(writer())):
            return True
    return (
        field.data is not None and type(field.data) is type(reference.data) and field.data == reference.data
    )


def _unify(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _plain(value: Value, zone: Any) -> Any:
    """The Python value for a form: local times, numbers of the standard library."""
    if value.code == OBJECT:
        return {key: _plain(child, zone) for key, child in value.items() if child.code != STUB}
    if value.code == ARRAY:
        return [_plain(child, zone) if child.code != STUB else None for child in value.values()]
    found = value.python()
    if isinstance(found, datetime):
        return found.astimezone(zone).replace(tzinfo=None)
    return found.to_decimal() if isinstance(found, Decimal128) else found


def _iter_leaves(form: Any) -> Iterator[Field]:
    for field in form:
        if isinstance(field, FormField):
            yield from _iter_leaves(field.form)
        elif isinstance(field, FieldList):
            yield from _iter_leaves(field.entries)
        else:
            yield field
