"""Copies of documents: what of one may go into another, and the identities that a copy gets anew."""

from __future__ import annotations

from dataclasses import replace

from bson import ObjectId

from aiocms.admin.forms.shown import Access
from aiocms.admin.values import paths
from aiocms.admin.values.paths import Path, dotted
from aiocms.admin.values.rawbson import ARRAY, OBJECT, OBJECT_ID, Value
from aiocms.admin.writes.write import Edit, merge_edit


def make_source(document: Value, access: Access) -> Value:
    """Of a document what this user may put into another: all that they may edit, without its ``_id``."""
    found = _prune(Value.object((key, one) for key, one in document.items() if key != "_id"), (), access)
    return found if found is not None else Value.object(())


def make_copy(source: Value, edited: Edit, access: Access) -> Value:
    """The new document: the source with what was typed; list items that have an ObjectId get another."""
    at, merged = merge_edit(source, replace(edited, decide=lambda path, theirs: "mine"), access)
    whole = paths.replace(source, at, merged.value)
    fresh: dict[Value, Value] = {}
    _collect_ids(whole, False, fresh)
    return _renew(whole, fresh) if fresh else whole


def _prune(value: Value, path: Path, access: Access) -> Value | None:
    if path and access(dotted(path)) != "edit":
        return None
    if value.code == OBJECT:
        parts = ((key, _prune(one, (*path, key), access)) for key, one in value.items())
        return Value.object((key, one) for key, one in parts if one is not None)
    if value.code == ARRAY:
        items = (_prune(one, (*path, place), access) for place, one in enumerate(value.values()))
        return Value.array(one for one in items if one is not None)
    return value


def _collect_ids(value: Value, in_list: bool, fresh: dict[Value, Value]) -> None:
    if value.code == OBJECT:
        for key, one in value.items():
            if in_list and key == "_id" and one.code == OBJECT_ID:
                fresh.setdefault(one, Value.of(ObjectId()))
            _collect_ids(one, False, fresh)
    elif value.code == ARRAY:
        for one in value.values():
            _collect_ids(one, True, fresh)


def _renew(value: Value, fresh: dict[Value, Value]) -> Value:
    """The value with new ids for the old ones, also where the document itself points to its items."""
    if value.code == OBJECT:
        return Value.object((key, _renew(one, fresh)) for key, one in value.items())
    if value.code == ARRAY:
        return Value.array(_renew(one, fresh) for one in value.values())
    return fresh.get(value, value)
