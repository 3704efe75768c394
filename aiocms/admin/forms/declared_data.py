"""What a declared form begins with: the values of a document as WTForms wants them; fields as inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from types import SimpleNamespace
from typing import Any

import wtforms
from bson import Decimal128
from wtforms import BooleanField, Field, FieldList, FormField, RadioField, SelectField, SelectMultipleField
from wtforms.fields import DateField
from wtforms.fields.core import UnboundField
from wtforms.utils import unset_value
from wtforms.widgets import Input

from aiocms.admin.values.rawbson import ARRAY, OBJECT, STRING, STUB, Value
from aiocms.core.csrf import FIELD
from aiocms.core.fields.kinds import KindField, KindsField, find_kind_form

# Which items of a list the form gets, by number: of the list's name, its items, whether they are forms.
Pick = Callable[[str, Sequence[Value], bool], Sequence[str]]
_PARAMETERS = frozenset(("formdata", "obj", "prefix", "data", "meta", "extra_filters"))


def make_data(
    form: type[wtforms.Form], values: Mapping[str, Value], zone: tzinfo, pick: Pick
) -> dict[str, Any]:
    """The data for a form; an object where its field is a list, and the like, is left out."""
    return _Maker(zone, pick).make_object(form, values.items(), "")


def make_item(inner: Any, value: Value, name: str, zone: tzinfo, pick: Pick) -> Any:
    """The data of one item of a list.

    Parameters:
        inner: the unbound field of the items.
    """
    return _Maker(zone, pick).make(inner, value, name)


def find_inner(unbound: Any) -> Any:
    """The unbound field of the items of an unbound list; None when it is no list."""
    if not isinstance(unbound, UnboundField) or not issubclass(unbound.field_class, FieldList):
        return None
    if issubclass(unbound.field_class, KindsField):
        return unbound.field_class.make_inner(*unbound.args, **unbound.kwargs)
    return unbound.args[0] if unbound.args else unbound.kwargs.get("unbound_field")


def _find_most(unbound: UnboundField[Any]) -> int | None:
    """How many items WTForms takes; a stored list may have more."""
    place = 4
    most = unbound.args[place] if len(unbound.args) > place else unbound.kwargs.get("max_entries")
    return most or None


def find_form(unbound: Any, value: Value | None = None) -> type[wtforms.Form] | None:
    """The form of an unbound ``FormField`` for a value; None of any other field."""
    if not isinstance(unbound, UnboundField) or not issubclass(unbound.field_class, FormField):
        return None
    if issubclass(unbound.field_class, KindField):
        key = unbound.kwargs.get("key", "type")
        return find_kind_form(unbound.args[0], key, find_kind(value, key))
    found: type[wtforms.Form] | None = unbound.args[0] if unbound.args else unbound.kwargs.get("form_class")
    return found


def find_kind(value: Value | None, key: str) -> str:
    """The kind of an item of a list with several."""
    found = value.find(key) if value is not None and value.code == OBJECT else None
    return str(found.python()) if found is not None and found.code == STRING else ""


def find_unbound(form: type[wtforms.Form]) -> dict[str, Any]:
    """The fields of a form's class by name, in order."""
    if form._unbound_fields is None:
        form()  # WTForms finds them when the class is called
    return dict(form._unbound_fields or ())


class _Maker:
    def __init__(self, zone: tzinfo, pick: Pick) -> None:
        self.zone, self.pick = zone, pick

    def make_object(self, form: type[wtforms.Form], items: Any, prefix: str) -> dict[str, Any]:
        unbound = find_unbound(form)
        return {
            key: self.make(unbound.get(key), value, f"{prefix}{key}")
            for key, value in items
            if value.code != STUB
        }

    def make(self, unbound: Any, value: Value, name: str) -> Any:
        form = find_form(unbound, value)
        if form is not None:
            return self._make_inner(form, value, name) if value.code == OBJECT else None
        inner = find_inner(unbound)
        if inner is None:
            return plain(value, self.zone) if value.code != STUB else None
        if value.code != ARRAY:
            return []
        items = value.values()
        labels = self.pick(name, items, find_form(inner) is not None)[: _find_most(unbound)]
        return [
            self.make(inner, items[int(label)], f"{name}-{label}") if int(label) < len(items) else unset_value
            for label in labels
        ]

    def _make_inner(self, form: type[wtforms.Form], value: Value, name: str) -> Any:
        data = self.make_object(form, value.items(), f"{name}-")
        odd = _PARAMETERS & data.keys()
        if not odd:
            return data
        # WTForms calls the inner form with the keys of its data: these would be taken for its own parameters.
        known = find_unbound(form)
        if odd & known.keys():
            return SimpleNamespace(**data)
        return {key: one for key, one in data.items() if key not in odd}


def plain(value: Value, zone: tzinfo) -> Any:
    """The Python value for a form: local times, numbers of the standard library."""
    if value.code == OBJECT:
        return {key: plain(child, zone) for key, child in value.items() if child.code != STUB}
    if value.code == ARRAY:
        return [plain(child, zone) if child.code != STUB else None for child in value.values()]
    found = value.python()
    if isinstance(found, datetime):
        return found.astimezone(zone).replace(tzinfo=None)
    return found.to_decimal() if isinstance(found, Decimal128) else found


def iter_leaves(form: Any) -> Iterator[Field]:
    """Every field of a form that is no form or list itself."""
    for field in form:
        if isinstance(field, FormField):
            yield from iter_leaves(field.form)
        elif isinstance(field, FieldList):
            yield from iter_leaves(field.entries)
        else:
            yield field


def list_inputs(field: Field, *, exact: bool = False) -> list[str]:
    """What a page would post for a field that nobody touched.

    Parameters:
        exact: as a browser does it, which posts the first choice when none is the value.
    """
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    if isinstance(field, SelectField | SelectMultipleField):
        choices = list(field.iter_choices())
        found = [str(choice[0]) for choice in choices if choice[2]]
        single = not isinstance(field, SelectMultipleField | RadioField)
        return [str(choices[0][0])] if exact and single and choices and not found else found
    writer = getattr(field, "_value", None)
    text = str(writer()) if writer is not None else ""
    return [one_line(text) if exact and isinstance(field.widget, Input) else text]


def iter_pairs(form: Any, *, exact: bool = False) -> Iterator[tuple[str, str]]:
    """What a page would post for a form, or for the items of a list, that nobody touched."""
    for field in form:
        if isinstance(field, FormField):
            yield from iter_pairs(field.form, exact=exact)
        elif isinstance(field, FieldList):
            for entry in field.entries:
                yield f"{entry.name}~p", "1"
                yield from iter_pairs([entry], exact=exact)
        elif field.name.rpartition("-")[2] != FIELD and not isinstance(field, wtforms.SubmitField):
            yield from ((field.name, text) for text in list_inputs(field, exact=exact))


def is_same(field: Field, reference: Field) -> bool:
    """Whether a field came back as it went out, so that its value keeps its bytes."""
    if isinstance(field, BooleanField | SelectMultipleField):
        return bool(field.data == reference.data)
    if not field.raw_data:
        return True
    writer = getattr(reference, "_value", None)
    if writer is not None and len(field.raw_data) == 1 and isinstance(field.raw_data[0], str):
        came, went = unify(field.raw_data[0]), unify(str(writer()))
        if came == went or (isinstance(field.widget, Input) and came == one_line(went)):
            return True
    return (
        field.data is not None and type(field.data) is type(reference.data) and field.data == reference.data
    )


def settle(field: Field, zone: tzinfo) -> None:
    """Make a field that holds a stored value show just that."""
    if isinstance(field, DateField) and isinstance(field.data, datetime) and not field.raw_data:
        # A day has no zone: it is kept as midnight UTC and shown as that day everywhere.
        field.data = field.data.replace(tzinfo=zone).astimezone(UTC).date()
    _keep_choice(field)


def _keep_choice(field: Field) -> None:
    """Offer the stored value of a select that has no such choice: a page would post another one for it."""
    stored = field.object_data
    if not isinstance(field, SelectField) or isinstance(field, SelectMultipleField | RadioField):
        return
    if stored in (None, "", unset_value) or not isinstance(stored, str | int) or not field.choices:
        return
    try:
        known = [field.coerce(choice[0]) for choice in field.iter_choices()]
        if field.coerce(stored) in known:
            return
    except (ValueError, TypeError):
        return
    vars(field)["kept_choice"] = True
    if isinstance(field.choices, dict):
        field.choices = {**field.choices, str(stored): [(stored, str(stored))]}
    else:
        field.choices = [*field.choices, (stored, str(stored))]


def unify(text: str) -> str:
    """A text with the line ends of the database."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """A text as an input of one line holds it."""
    return text.replace("\r", "").replace("\n", "")
