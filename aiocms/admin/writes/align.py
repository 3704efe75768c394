"""Which item of one list is which item of another: by ``_id``, ``id`` or ``key``, else by value and place."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from difflib import SequenceMatcher

from aiocms.admin.values.rawbson import OBJECT, Value

IDENTITIES = ("_id", "id", "key")
# difflib needs quadratic time; beyond this, places decide.
_LIMIT = 500


def align(old: Sequence[Value], new: Sequence[Value]) -> list[int | None]:
    """For each new item the place of the same item in the old list, None for an added one.

    Returns:
        As many entries as ``new`` has; no old place twice.
    """
    name = find_identity_key(old, new)
    if name is not None:
        places = {item.find(name): i for i, item in enumerate(old)}
        return [places.get(item.find(name)) for item in new]
    return _align_by_value(old, new)


def find_identity_key(*lists: Sequence[Value]) -> str | None:
    """The key whose values tell the items of each list apart, or None."""
    for name in IDENTITIES:
        if all(_is_identity(name, items) for items in lists):
            return name
    return None


def find_identity(item: Value) -> tuple[str, Value] | None:
    """The key and value that identify one item, or None."""
    if item.code == OBJECT:
        for name in IDENTITIES:
            found = item.find(name)
            if found is not None and not found.is_container:
                return name, found
    return None


def _is_identity(name: str, items: Sequence[Value]) -> bool:
    seen: set[Value] = set()
    for item in items:
        value = item.find(name) if item.code == OBJECT else None
        if value is None or value in seen:
            return False
        seen.add(value)
    return True


def _align_by_value(old: Sequence[Value], new: Sequence[Value]) -> list[int | None]:
    found: list[int | None] = [None] * len(new)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        found[head] = head
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        found[-1 - tail] = len(old) - 1 - tail
        tail += 1
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    for at, place in enumerate(_align_middle(middle_old, middle_new)):
        found[head + at] = None if place is None else head + place
    return found


def _align_middle(old: Sequence[Value], new: Sequence[Value]) -> list[int | None]:
    if len(old) == len(new) and not set(old) & set(new):
        return list(range(len(new)))
    if max(len(old), len(new)) > _LIMIT:
        return _align_equal(old, new, [None] * len(new))
    found: list[int | None] = [None] * len(new)
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        # As many items in the same place with other values: edited where they stand.
        if tag == "equal" or (tag == "replace" and old_to - old_from == new_to - new_from):
            for step in range(new_to - new_from):
                if tag == "equal" or (
                    not _occurs(new[new_from + step], old) and not _occurs(old[old_from + step], new)
                ):
                    found[new_from + step] = old_from + step
    return _align_equal(old, new, found)


def _occurs(item: Value, items: Sequence[Value]) -> bool:
    return item in items


def _align_equal(old: Sequence[Value], new: Sequence[Value], found: list[int | None]) -> list[int | None]:
    """Pairs what is left by equal value: items that moved."""
    taken = set(found)
    left: dict[Value, deque[int]] = defaultdict(deque)
    for place, item in enumerate(old):
        if place not in taken:
            left[item].append(place)
    for at, item in enumerate(new):
        if found[at] is None and left[item]:
            found[at] = left[item].popleft()
    return found
