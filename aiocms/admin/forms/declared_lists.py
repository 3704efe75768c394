"""The lists of a declared form: which items they have, in what order, and which of them are closed.

An item that the page sent no inputs for is as it is stored. Of a long list of forms that is every item until
somebody opens it: the form has no fields for these, so the page stays quick.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from wtforms import FieldList, FormField

from aiocms.admin.forms.declared_data import (
    find_form,
    find_kind,
    find_unbound,
    iter_leaves,
    list_inputs,
    make_item,
    settle,
)
from aiocms.admin.forms.numbering import is_number, rename
from aiocms.admin.forms.shown import is_light
from aiocms.admin.values import paths
from aiocms.admin.values.bsontext import to_text
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import ARRAY, OBJECT, STRING, Value

_LONGEST = 40
_MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Closed:
    """An item without inputs.

    Parameters:
        name: what its inputs would be named by.
        title: the item in a few words.
        kind: of lists with items of several kinds.
    """

    name: str
    title: str
    kind: str = ""


class Lists:
    """The items of all lists of a form.

    Parameters:
        start: what the form began with.
        pairs: what was posted; None on the first showing.
        numbers: by the name of a list the numbers of its posted items, in order.
    """

    def __init__(
        self, start: Value, pairs: Sequence[tuple[str, Any]] | None, numbers: Mapping[str, Sequence[str]]
    ) -> None:
        self.start, self.numbers, self.posted = start, numbers, pairs is not None
        self.removed = {key[:-2] for key, _ in pairs or () if key.endswith("~x")}
        self._orders = {key[:-2]: str(text) for key, text in pairs or () if key.endswith("~q")}
        self.whole = False

    def stored(self, name: str) -> list[Value]:
        """The items of a list as the form began with them."""
        found = paths.find(self.start, make_path(name))
        return found.values() if found is not None and found.code == ARRAY else []

    def pick(self, name: str, items: Sequence[Value], is_form: bool) -> Sequence[str]:
        """The numbers of the items that the form has fields for, in order."""
        if self.whole or (not self.posted and (not is_form or not is_light(items))):
            return [str(place) for place in range(len(items))]
        return self.numbers.get(name, ())

    def pick_known(self, name: str, items: Sequence[Value], is_form: bool) -> Sequence[str]:
        """The same without those that were added."""
        return [label for label in self.pick(name, items, is_form) if int(label) < len(items)]

    def list_known(self, name: str) -> list[str]:
        """Of the posted items of a list those that are not new."""
        count = len(self.stored(name))
        return [label for label in self.numbers.get(name, ()) if int(label) < count]

    def labels_of(self, field: FieldList[Any]) -> list[str]:
        """The numbers of the items of a field in order, closed ones too."""
        return self.labels(field.name, [label_of(entry.name) for entry in field.entries])

    def order_of(self, field: FieldList[Any]) -> str:
        """The numbers for the page to send back, when it had to tell them; else nothing."""
        return ",".join(self.labels_of(field)) if field.name in self._orders else ""

    def is_folded(self, field: FieldList[Any]) -> bool:
        """Whether some items are closed."""
        return len(self.labels_of(field)) > len(field.entries)

    def labels(self, name: str, shown: Sequence[str]) -> list[str]:
        """The numbers of a list's items in order, closed ones too.

        Parameters:
            shown: the numbers of those with fields, in the order of the page.
        """
        count, present = len(self.stored(name)), set(shown)
        places = [str(place) for place in range(count)]
        missing = [one for one in places if one not in present and f"{name}-{one}" not in self.removed]
        if name not in self._orders:
            return _insert(list(shown), missing, count)
        wanted = [label for label in self._orders[name].split(",") if is_number(label)]
        ranks = {label: rank for rank, label in reversed(list(enumerate(wanted)))}
        there = [*shown, *missing]
        told = sorted((label for label in there if label in ranks), key=lambda label: ranks[label])
        return _insert(told, [label for label in there if label not in ranks], count)


def _insert(order: list[str], missing: Sequence[str], count: int) -> list[str]:
    """Put items behind their neighbours of the base; new ones stay where they are."""
    known = sorted((int(label), at) for at, label in enumerate(order) if int(label) < count)
    behind: dict[int, list[str]] = {}
    step, last = 0, -1
    for label in sorted(missing, key=int):
        while step < len(known) and known[step][0] < int(label):
            last = max(last, known[step][1])
            step += 1
        behind.setdefault(last if int(label) < count else len(order) - 1, []).append(label)
    result = behind.get(-1, [])
    for at, label in enumerate(order):
        result += [label, *behind.get(at, ())]
    return result


def make_path(name: str) -> Path:
    """Where the value of an input is in what the form began with."""
    return tuple(int(label) if at and is_number(label) else label for at, label in enumerate(name.split("-")))


def label_of(name: str) -> str:
    """The number of an item of a list, of its name."""
    return name.rpartition("-")[2]


def iter_lists(form: Any) -> Iterator[FieldList[Any]]:
    """The lists of a form whose items are forms, in any depth."""
    for field in form:
        if isinstance(field, FormField):
            yield from iter_lists(field.form)
        elif isinstance(field, FieldList):
            if is_of_forms(field):
                yield field
            yield from iter_lists(field.entries)


def is_of_forms(field: FieldList[Any]) -> bool:
    """Whether the items of a list are forms."""
    return issubclass(field.unbound_field.field_class, FormField)


def add_closed(form: Any, lists: Lists, zone: tzinfo, only: str = "") -> dict[str, Any]:
    """Give the closed items their fields, as if a page had sent them untouched.

    Rules of the form look at all items of a list. What these fields would fetch to be shown is left out.

    Parameters:
        only: the name of the list or of the item that is meant; "": all.

    Returns:
        The items by name.
    """
    added: dict[str, Any] = {}
    whole = Lists(lists.start, None, {})
    whole.whole = True
    fields: list[Any] = list(iter_lists(form))
    for field in fields:
        if only and only != field.name and only.rpartition("-")[0] != field.name:
            continue
        stored = lists.stored(field.name)
        order = lists.labels_of(field)
        shown = {label_of(entry.name) for entry in field.entries}
        most, field.max_entries = field.max_entries, None
        for label in order:
            name = f"{field.name}-{label}"
            if label in shown or stored[int(label)].code != OBJECT or (only not in ("", name, field.name)):
                continue
            data = make_item(field.unbound_field, stored[int(label)], name, zone, whole.pick)
            entry = added[name] = field._add_entry(None, data)
            rename(entry, name, {})
            for leaf in iter_leaves([entry]):
                settle(leaf, zone)
                leaf.raw_data = list_inputs(leaf)
                vars(leaf)["prepare"] = None
        field.max_entries = most
        ranks = {label: rank for rank, label in enumerate(order)}
        field.entries.sort(key=lambda entry: ranks.get(label_of(entry.name), len(ranks)))
    return added


def close_again(form: Any, added: Mapping[str, Any]) -> dict[str, Any]:
    """Take the fields of closed items away; those with something wrong in them stay, open.

    Returns:
        By name what was taken away.
    """
    gone: dict[str, Any] = {}
    for field in list(iter_lists(form)) if added else ():
        gone.update((one.name, one) for one in field.entries if one.name in added and not one.errors)
        field.entries = [one for one in field.entries if one.name not in gone]
    return gone


def close(field: FieldList[Any], name: str, value: Value) -> Closed:
    """A stored item of a list without its inputs."""
    return Closed(name, _describe(field, value), find_kind(value, getattr(field, "key", "")))


def _describe(field: FieldList[Any], value: Value) -> str:
    """A stored item in a few words: the first texts of its fields."""
    form = find_form(field.unbound_field, value)
    names = list(find_unbound(form)) if form is not None else []
    kind = getattr(field, "key", "")
    words: list[str] = []
    for name in names:
        if name == kind:
            continue
        found = value.find(name) if value.code == OBJECT else None
        text = (to_text(found) or "").strip() if found is not None and found.code == STRING else ""
        words += [text[:_LONGEST]] if text else []
    return " · ".join(words[:_MOST_WORDS])
