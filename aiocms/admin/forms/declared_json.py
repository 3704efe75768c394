"""A declared form over what Extended JSON was changed to.

The form begins with the changed document instead of the stored one, signed like any base. So keys that it has
no fields for travel with it, to the byte, and are saved with what is typed. What its fields would give back
differently, or could not show, is not carried over at all: that is said, and the text stays.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import wtforms
from wtforms import FieldList, FormField

from aiocms.admin.forms.carry import Uncarried
from aiocms.admin.forms.declared import UNBOUND, DeclaredEditor
from aiocms.admin.forms.declared_data import iter_leaves, iter_pairs
from aiocms.admin.forms.declared_lists import add_closed, make_path
from aiocms.admin.forms.fields import PostedTree
from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.forms.opened import Opened
from aiocms.admin.forms.shown import show_part
from aiocms.admin.values import paths
from aiocms.admin.values.bsontext import BadText
from aiocms.admin.values.coerce import coerce
from aiocms.admin.values.paths import Path, dotted
from aiocms.admin.values.rawbson import ARRAY, NULL, OBJECT, STUB, Value
from aiocms.admin.writes.patch import diff
from aiocms.admin.writes.refusals import Refused
from aiocms.admin.writes.rights import check_writes
from aiocms.admin.writes.write import Edit, merge_edit
from aiocms.core import keys

Known = dict[str, set[Value]]


def carry_declared(opened: Opened, form: type[wtforms.Form], whole: Value) -> DeclaredEditor:
    """The editor of a declared form that holds a value.

    Parameters:
        whole: the document as it would be saved.

    Raises:
        Uncarried: with the path that the form cannot show, or that may not be changed.
    """
    stored = opened.document or opened.source or Value.object(())
    stored = Value.object((key, value) for key, value in stored.items() if key != "_id")
    base = show_part(stored, (), opened.access, UNBOUND)
    start = show_part(whole, (), opened.access, UNBOUND)
    if (base.size + start.size) * 2 > int(opened.request.app[keys.SETTINGS].body_limit):
        raise Uncarried("more than a post can carry")
    if opened.document is not None:
        _check_rights(opened, stored, whole)
        _, merged = merge_edit(opened.document, Edit(FormBase(base), start), opened.access)
        # The stored document has its `_id`, which no form changes.
        kept = (merged.value or start).items()
        _compare(whole, Value.object((key, value) for key, value in kept if key != "_id"))
    known: Known = defaultdict(set)
    _collect(base, (), known)
    sealed = FormBase(base, start=start)
    complete = DeclaredEditor(opened, sealed, None, form)
    add_closed(complete.form, complete.lists, opened.zone)
    for name, field in complete.form._fields.items():
        _check_shape(field, start.find(name), (name,), known)
    _check_inputs(opened, sealed, form, complete, known)
    return DeclaredEditor(opened, sealed, None, form)


def _check_rights(opened: Opened, stored: Value, whole: Value) -> None:
    try:
        check_writes(diff(stored, whole), opened.access)
    except Refused as refused:
        raise Uncarried("a part that may not be changed", next(iter(refused.fields), ())) from refused


def _compare(wanted: Value, found: Value) -> None:
    if wanted != found:
        raise Uncarried("another value would be saved", _find_difference(wanted, found))


def _find_difference(wanted: Value, found: Value) -> Path:
    return next((write.path for write in diff(wanted, found)), ())


def _collect(value: Value, path: Path, known: Known) -> None:
    """Every value that the document has, by its dotted path."""
    known[dotted(path)].add(value)
    for key, child in value.items() if value.is_container else ():
        _collect(child, (*path, key) if value.code == OBJECT else path, known)


def _check_shape(field: Any, value: Value | None, path: Path, known: Known) -> None:
    """Objects for forms, lists for lists; what the document had already is as good as it was."""
    if value is None or value.code in (NULL, STUB) or value in known[dotted(path)]:
        return
    if isinstance(field, FormField):
        if value.code != OBJECT:
            raise Uncarried("no object", path)
        for name, part in field.form._fields.items():
            _check_shape(part, value.find(name), (*path, name), known)
    elif isinstance(field, FieldList):
        if value.code != ARRAY:
            raise Uncarried("no list", path)
        entries = {entry.name.rpartition("-")[2]: entry for entry in field.entries}
        for place, item in enumerate(value.values()):
            if str(place) not in entries and item not in known[dotted(path)]:
                raise Uncarried("an item without fields", (*path, place))
            _check_shape(entries.get(str(place)), item, (*path, place), known)


def _check_inputs(
    opened: Opened, sealed: FormBase, form: type[wtforms.Form], complete: DeclaredEditor, known: Known
) -> None:
    """Post the form as a browser would with nothing touched: that must give the same value."""
    start = complete.start
    posted = DeclaredEditor(opened, sealed, PostedTree(list(iter_pairs(complete.form, exact=True))), form)
    for field in iter_leaves(posted.form):
        path = make_path(field.name)
        value = paths.find(start, path)
        if value is None or value.code in (NULL, STUB) or value in known[dotted(path)]:
            continue
        if field.process_errors or getattr(field, "kept_choice", False) or not _takes(opened, field, value):
            raise Uncarried("a value that its field does not take", path)
    found = posted.read_fields()
    # Of a new document every field says something, also those that the text does not name.
    _compare(start, found if opened.document is not None else _take_named(found, start))


def _take_named(value: Value, wanted: Value) -> Value:
    """Of a value what has a key in the other one."""
    if value.code == wanted.code == OBJECT:
        known = dict(wanted.items())
        return Value.object((key, _take_named(one, known[key])) for key, one in value.items() if key in known)
    if value.code == wanted.code == ARRAY and len(value.values()) == len(wanted.values()):
        pairs = zip(value.values(), wanted.values(), strict=True)
        return Value.array(_take_named(one, other) for one, other in pairs)
    return value


def _takes(opened: Opened, field: Any, value: Value) -> bool:
    """Whether what a field makes of the value is of its type."""
    try:
        found = coerce(field.data, value, opened.zone)
    except BadText:
        return False
    return found is not None and found.code == value.code
