"""Three-way merge of documents: what a person was shown, what came back, and what is stored now.

Changes to different paths merge; changes to the same path are conflicts. Items of lists are followed by
identity, so two people may edit, add and remove items of one list. ``base`` may be a mere part of the
stored document (the fields of a form): what it leaves out is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import ARRAY, OBJECT, Value, has_twin_keys
from aiocms.admin.writes.align import align

# For a list at a path of the edited document: each item's place in the base, None for a new one.
Origins = Mapping[Path, Sequence[int | None]]
# Of a stored value what a form like the base's would show, so that the two can be compared:
# called with the base's value (None: there is none), the stored value and its path.
View = Callable[[Value | None, Value, Path], Value]
# What a person chose for a conflict at this path with this stored value: "mine", "theirs" or nothing.
Decide = Callable[[Path, Value | None], str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One path that both sides changed; None stands for "not there"."""

    path: Path
    base: Value | None
    theirs: Value | None
    mine: Value | None


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged value; at the conflicts' paths it holds theirs."""

    value: Value | None
    conflicts: tuple[Conflict, ...]


def merge(
    base: Value | None,
    mine: Value | None,
    theirs: Value | None,
    *,
    origins: Origins | None = None,
    view: View | None = None,
    at: Path = (),
    offset: int = 0,
    decide: Decide | None = None,
) -> Merged:
    """The stored value with my changes on it.

    Parameters:
        base: what was shown.
        mine: what came back.
        theirs: what is stored now, whole.
        origins: where items of edited lists come from; lists not named are aligned by identity.
        view: gives of a stored value the part that the base shows; default: all of it.
        at: where in the document the three values are.
        offset: the base is a list's window that began at this place.
        decide: settles conflicts.

    Returns:
        The merged value and the conflicts in the order of the document.
    """
    work = _Merge(origins or {}, view or (lambda base, value, path: value), at, offset, decide or _leave_open)
    value = work.merge(base, mine, theirs, at, ())
    return Merged(value, tuple(work.conflicts))


def _leave_open(path: Path, theirs: Value | None) -> str:
    return ""


class _Merge:
    def __init__(self, origins: Origins, view: View, at: Path, offset: int, decide: Decide) -> None:
        self.origins = origins
        self.view = view
        self.at = at
        self.offset = offset
        self.decide = decide
        self.conflicts: list[Conflict] = []

    def merge(
        self, base: Value | None, mine: Value | None, theirs: Value | None, path: Path, typed: Path
    ) -> Value | None:
        """``path`` leads to the place in theirs, ``typed`` to the place in mine."""
        if mine in (theirs, base):
            return theirs
        if base is not None and mine is not None and theirs is not None:
            codes = {base.code, mine.code, theirs.code}
            if codes == {OBJECT} and not any(map(has_twin_keys, (base, mine, theirs))):
                return self._merge_objects(base, mine, theirs, path, typed)
            if codes == {ARRAY}:
                return self._merge_arrays(base, mine, theirs, path, typed)
        if theirs == base:
            return mine
        if mine is None and theirs is not None and self.view(base, theirs, path) == base:
            return None
        return self._conflict(path, base, mine, theirs)

    def _conflict(
        self, path: Path, base: Value | None, mine: Value | None, theirs: Value | None
    ) -> Value | None:
        choice = self.decide(path, theirs)
        if not choice:
            self.conflicts.append(Conflict(path, base, theirs, mine))
        return mine if choice == "mine" else theirs

    def _merge_objects(self, base: Value, mine: Value, theirs: Value, path: Path, typed: Path) -> Value:
        b, m, t = dict(base.items()), dict(mine.items()), dict(theirs.items())
        result: dict[str, Value] = {}
        for key in _order_keys(list(b), list(m), list(t)):
            if key not in b and key not in m:
                result[key] = t[key]
                continue
            merged = self.merge(b.get(key), m.get(key), t.get(key), (*path, key), (*typed, key))
            if merged is not None:
                result[key] = merged
        return Value.object(result.items())

    def _merge_arrays(self, base: Value, mine: Value, theirs: Value, path: Path, typed: Path) -> Value | None:
        b, m, t = base.values(), mine.values(), theirs.values()
        start = self.offset if path == self.at else 0
        pairs = [(b[i - start] if 0 <= i - start < len(b) else None, item) for i, item in enumerate(t)]
        seen = [self.view(old, item, (*path, place)) for place, (old, item) in enumerate(pairs)]
        mine_from = _without_twins(self.origins[typed] if typed in self.origins else align(b, m), len(b))
        theirs_from = _align_window(b, seen, start)
        mine_moved, theirs_moved = _is_moved(mine_from), _is_moved(theirs_from)
        if mine_moved and theirs_moved and mine_from != theirs_from:
            return self._conflict(path, base, mine, theirs)
        for place in self._find_contested(b, seen, t, mine_from, theirs_from, path):
            # An item that I take away and they changed stays as one of theirs.
            theirs_from[theirs_from.index(place)] = None
        plan = (
            _interleave(mine_from, theirs_from, "m", "t")
            if mine_moved or not theirs_moved
            else _interleave(theirs_from, mine_from, "t", "m")
        )
        mine_at = {place: at for at, place in enumerate(mine_from) if place is not None}
        theirs_at = {place: at for at, place in enumerate(theirs_from) if place is not None}
        result: list[Value] = []
        for side, at in plan:
            if side == "m":
                result.append(m[at])
            elif side == "t":
                result.append(t[at])
            elif at not in theirs_at:
                # They took it away: gone, unless I changed it and insist.
                if m[mine_at[at]] != b[at]:
                    mended = self._conflict((*path, at), b[at], m[mine_at[at]], None)
                    result.extend([mended] if mended is not None else [])
            elif at in mine_at:
                here, there = (*typed, mine_at[at]), (*path, theirs_at[at])
                merged = self.merge(b[at], m[mine_at[at]], t[theirs_at[at]], there, here)
                if merged is not None:
                    result.append(merged)
        return Value.array(result)

    def _find_contested(
        self,
        base: Sequence[Value],
        seen: Sequence[Value],
        theirs: Sequence[Value],
        mine_from: Sequence[int | None],
        theirs_from: Sequence[int | None],
        path: Path,
    ) -> list[int]:
        """The base's places of items that I take away but that stay because they were changed meanwhile."""
        found: list[int] = []
        for at, place in enumerate(theirs_from):
            if place is None or place in mine_from or seen[at] == base[place]:
                continue
            if self._conflict((*path, at), base[place], None, theirs[at]) is not None:
                found.append(place)
        return found


def _align_window(base: Sequence[Value], seen: Sequence[Value], start: int) -> list[int | None]:
    """The base's places of what is stored; a window that still stands where it was is taken as it stands."""
    if start and list(seen[start : start + len(base)]) == list(base):
        return [i - start if 0 <= i - start < len(base) else None for i in range(len(seen))]
    return align(base, seen)


def _order_keys(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """Their order with my new keys last; my order if I moved keys and they did not."""
    common = [key for key in base if key in mine and key in theirs]
    mine_moved = [key for key in mine if key in common] != common
    theirs_moved = [key for key in theirs if key in common] != common
    first, second = (mine, theirs) if mine_moved and not theirs_moved else (theirs, mine)
    return list(dict.fromkeys([*first, *second]))


def _without_twins(origins: Sequence[int | None], size: int) -> list[int | None]:
    """Origins in which each place occurs once; a second copy of an item is a new item."""
    seen: set[int] = set()
    result: list[int | None] = []
    for place in origins:
        known = place is not None and 0 <= place < size and place not in seen
        result.append(place if known else None)
        if known and place is not None:
            seen.add(place)
    return result


def _is_moved(origins: Sequence[int | None]) -> bool:
    places = [place for place in origins if place is not None]
    return places != sorted(places)


def _interleave(
    first: Sequence[int | None], second: Sequence[int | None], first_side: str, second_side: str
) -> list[tuple[str, int]]:
    """The order of the merged list: that of ``first``, new items of ``second`` after their neighbours.

    Returns:
        ("b", place in base) for items of the base; a side's letter and place for its new items.
    """
    keys = [("b", place) if place is not None else (first_side, at) for at, place in enumerate(first)]
    others = {place for place in second if place is not None}
    lost = {place for place in first if place is not None} - others
    followers: dict[tuple[str, int] | None, list[tuple[str, int]]] = {}
    before: tuple[str, int] | None = None
    present = set(keys)
    for at, place in enumerate(second):
        if place is None:
            followers.setdefault(before, []).append((second_side, at))
        elif ("b", place) in present:
            before = ("b", place)
    result = list(followers.get(None, ()))
    for key in keys:
        # An item that the other side removed still has to be judged when mine changed it.
        if key[0] != "b" or key[1] not in lost or first_side == "m":
            result.append(key)
        result.extend(followers.get(key, ()))
    if first_side == "t":
        kept = set(result)
        result.extend(("b", place) for place in others if ("b", place) not in kept)
    return result
