"""The buttons of a declared form that work without JavaScript: ``_op=add:<name>`` and its kin.

They change what was posted; the form is then made anew from that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import wtforms
from wtforms import FieldList

from aiocms.admin.forms.declared_data import iter_pairs
from aiocms.admin.forms.declared_lists import Lists, add_closed, iter_lists, label_of
from aiocms.admin.forms.names import BadName, unescape
from aiocms.admin.forms.numbering import is_below, is_number, move
from aiocms.core.fields.kinds import KindsField
from aiocms.core.forms import is_field_name

Pairs = list[tuple[str, Any]]


@dataclass(slots=True)
class Posting:
    """What a button works on: the form that was posted, and its inputs."""

    form: wtforms.Form
    lists: Lists
    pairs: Pairs
    zone: tzinfo


def apply_operation(posting: Posting, operation: str) -> tuple[Pairs, str] | None:
    """Carry out what a button says; nothing is saved.

    Parameters:
        operation: ``verb:name`` of the pressed button; of a list with several kinds ``add:name:kind``.

    Returns:
        The inputs as they then are, and the name of the part to show first; None: it means nothing here.
    """
    verb, _, rest = operation.partition(":")
    name, _, kind = rest.partition(":")
    if not name or not is_field_name(name) or verb not in _VERBS:
        return None
    around, _, label = name.rpartition("-")
    if verb not in ("add", "openall") and not is_number(label):
        return None
    shown = _VERBS[verb](posting, name, around, kind if verb == "add" else label)
    return (posting.pairs, shown) if shown else None


def _add(posting: Posting, name: str, around: str, label: str) -> str:
    shown = f"{name}-{_next_number(posting, name)}"
    field = _find_list(posting, name)
    if isinstance(field, KindsField):
        try:
            kind = unescape(label) if label else next(iter(field.kinds), "")
        except BadName:
            return ""
        if kind not in field.kinds:
            return ""
        posting.pairs.append((f"{shown}-{field.key}", kind))
    posting.pairs.append((f"{shown}~p", "1"))
    return shown


def _open_all(posting: Posting, name: str, around: str, label: str) -> str:
    _open(posting, name, name)
    return name


def _open_one(posting: Posting, name: str, around: str, label: str) -> str:
    _open(posting, around, name)
    return name


def _remove(posting: Posting, name: str, around: str, label: str) -> str:
    posting.pairs = [(f"{name}~x", "1"), *(pair for pair in posting.pairs if not is_below(pair[0], name))]
    return around


def _move_up(posting: Posting, name: str, around: str, label: str) -> str:
    return _move(posting, name, around, label, -1)


def _move_down(posting: Posting, name: str, around: str, label: str) -> str:
    return _move(posting, name, around, label, 1)


def _move(posting: Posting, name: str, around: str, label: str, step: int) -> str:
    labels = _find_order(posting, around)
    if labels is None:
        posting.pairs = move(posting.pairs, around, label, step)
        return name
    at = labels.index(label) if label in labels else -1
    if 0 <= at and 0 <= at + step < len(labels):
        labels[at], labels[at + step] = labels[at + step], labels[at]
    _tell_order(posting, around, labels)
    return name


def _duplicate(posting: Posting, name: str, around: str, label: str) -> str:
    labels = _find_order(posting, around)
    if labels is not None:
        _open(posting, around, name)
    pairs, shown = posting.pairs, f"{around}-{_next_number(posting, around)}"
    twin = [(shown + key[len(name) :], value) for key, value in pairs if is_below(key, name)]
    if not twin:
        return ""
    last = max((at for at, (key, _) in enumerate(pairs) if is_below(key, name)), default=-1)
    pairs[last + 1 : last + 1] = [(f"{shown}~p", "1"), *twin]
    if labels is not None and label in labels:
        labels.insert(labels.index(label) + 1, label_of(shown))
        _tell_order(posting, around, labels)
    return shown


_VERBS: Mapping[str, Callable[[Posting, str, str, str], str]] = {
    "add": _add,
    "open": _open_one,
    "openall": _open_all,
    "remove": _remove,
    "up": _move_up,
    "down": _move_down,
    "dup": _duplicate,
}


def _open(posting: Posting, around: str, name: str) -> None:
    """Post the inputs of one closed item, or of all of its list."""
    field = _find_list(posting, around)
    if field is None:
        return
    labels = posting.lists.labels_of(field)
    for one, entry in add_closed(posting.form, posting.lists, posting.zone, name).items():
        posting.pairs += [(f"{one}~p", "1"), *iter_pairs([entry])]
    _tell_order(posting, around, labels)


def _find_list(posting: Posting, name: str) -> FieldList[Any] | None:
    return next((one for one in iter_lists(posting.form) if one.name == name), None)


def _find_order(posting: Posting, name: str) -> list[str] | None:
    """The order of a list that has to be told; None: the posted inputs tell it."""
    field, lists = _find_list(posting, name), posting.lists
    if field is None or not (lists.is_folded(field) or lists.order_of(field)):
        return None
    return lists.labels_of(field)


def _tell_order(posting: Posting, name: str, labels: Sequence[str]) -> None:
    posting.pairs = [pair for pair in posting.pairs if pair[0] != f"{name}~q"]
    posting.pairs.append((f"{name}~q", ",".join(labels)))


def _next_number(posting: Posting, name: str) -> int:
    used = [len(posting.lists.stored(name)) - 1]
    for key, text in posting.pairs:
        if key == f"{name}~q":
            used += [int(label) for label in str(text).split(",") if is_number(label)]
        label = key[len(name) + 1 :].partition("-")[0].partition("~")[0] if is_below(key, name) else ""
        if is_number(label):
            used.append(int(label))
    return max(used) + 1
