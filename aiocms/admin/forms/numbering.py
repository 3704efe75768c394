"""Names of list items in a posted declared form.

They keep the number that the item has in the base, new items get higher ones; their order is the order in
which they were posted. WTForms sorts by number, so for it the items are renumbered, and then given their
names back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from multidict import MultiDict
from wtforms import Field, FieldList, FormField

from aiocms.core.csrf import FIELD
from aiocms.core.forms import is_field_name

_HERE = "_here"


def is_number(label: str) -> bool:
    return label.isascii() and label.isdigit() and len(label) < 10


def is_below(key: str, name: str) -> bool:
    return key == name or key.startswith((f"{name}-", f"{name}~"))


def drop_odd_names(pairs: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [pair for pair in pairs if is_field_name(pair[0].partition("~")[0])]


def renumber(pairs: Sequence[tuple[str, Any]]) -> tuple[dict[str, list[str]], MultiDict[Any]]:
    """The posted fields with list items numbered by appearance.

    Returns:
        For each list the labels of its items in order, and the data for WTForms.
    """
    removed = tuple(key[:-2] for key, _ in pairs if key.endswith("~x"))
    numbers: dict[str, list[str]] = {}
    formdata: MultiDict[Any] = MultiDict()
    for key, value in pairs:
        bare, _, mark = key.partition("~")
        if key == FIELD or any(is_below(bare, name) for name in removed):
            continue
        told: list[str] = []
        labels = bare.split("-")
        for depth, label in enumerate(labels):
            if is_number(label) and depth:
                known = numbers.setdefault("-".join(labels[:depth]), [])
                if label not in known:
                    known.append(label)
                told.append(str(known.index(label)))
            else:
                told.append(label)
        if not mark:
            formdata.add("-".join(told), value)
        elif mark == "p":
            formdata.add("-".join([*told, _HERE]), "1")
    return numbers, formdata


def restore_names(form: Any, numbers: Mapping[str, list[str]]) -> None:
    """Give items of lists the names that they were posted under."""
    for field in form:
        rename(field, field.name, numbers)


def rename(field: Field, name: str, numbers: Mapping[str, list[str]]) -> None:
    """Give a field, and what is below it, another name."""
    field.name = field.id = name
    field.label.field_id = name
    if isinstance(field, FormField):
        for part, inner in field.form._fields.items():
            rename(inner, f"{name}-{part}", numbers)
    elif isinstance(field, FieldList):
        labels = numbers.get(name, [])
        for at, entry in enumerate(field.entries):
            rename(entry, f"{name}-{labels[at] if at < len(labels) else at}", numbers)


def move(pairs: list[tuple[str, Any]], around: str, label: str, step: int) -> list[tuple[str, Any]]:
    """The pairs with one list item's before or behind its neighbour's."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    start = len(pairs)
    rest: list[tuple[str, Any]] = []
    for at, pair in enumerate(pairs):
        own = (
            pair[0][len(around) + 1 :].partition("-")[0].partition("~")[0]
            if is_below(pair[0], around)
            else ""
        )
        if is_number(own) and not pair[0].endswith("~x"):
            groups.setdefault(own, []).append(pair)
            start = min(start, len(rest), at)
        else:
            rest.append(pair)
    order = list(groups)
    at = order.index(label) if label in order else -1
    if 0 <= at and 0 <= at + step < len(order):
        order[at], order[at + step] = order[at + step], order[at]
    return [*rest[:start], *(pair for one in order for pair in groups[one]), *rest[start:]]
