"""Whether writes stay within a user's rights over fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from aiocms.admin.forms.shown import Access
from aiocms.admin.values.paths import Path, dotted
from aiocms.admin.values.rawbson import ARRAY, OBJECT, Value
from aiocms.admin.writes.patch import Write
from aiocms.admin.writes.refusals import Refused
from aiocms.core.i18n import N_


def check_writes(writes: Iterable[Write], access: Access) -> None:
    """Refuse writes to fields that the user may not edit.

    A list or object may be rewritten around protected fields, as when its items move, but no protected
    value may come in that was not there before. Items of lists may go with all they hold; an object with a
    protected field in it may not.

    Raises:
        Refused: with the paths.
    """
    forbidden: dict[Path, str] = {}
    for write in writes:
        if access(dotted(write.path)) != "edit" or any(
            access(dotted(write.path[:depth])) != "edit" for depth in range(1, len(write.path))
        ):
            forbidden[write.path] = N_("You may not change this field.")
            continue
        before, after = Counter[tuple[str, Value]](), Counter[tuple[str, Value]]()
        _collect(write.before, write.path, access, before)
        _collect(write.after, write.path, access, after)
        is_object = write.before is not None and write.before.code == OBJECT
        if after - before or (is_object and before - after):
            forbidden[write.path] = N_("This holds a field that you may not change.")
    if forbidden:
        raise Refused(N_("You may not change all of these fields."), forbidden)


def check_shown(path: Path, values: Iterable[Value | None], access: Access) -> None:
    """Refuse to show values of a path that hold a field which the user may not see.

    Raises:
        Refused: with the path.
    """
    found = Counter[tuple[str, Value]]()
    for value in values:
        _collect(value, path, access, found)
    if any(access(name) not in ("edit", "read") for name, _ in found):
        raise Refused(N_("You may not change all of these fields."), {})


def _collect(value: Value | None, path: Path, access: Access, found: Counter[tuple[str, Value]]) -> None:
    if value is None:
        return
    name = dotted(path)
    if access(name) != "edit":
        found[name, value] += 1
    elif value.code == OBJECT:
        for key, child in value.items():
            _collect(child, (*path, key), access, found)
    elif value.code == ARRAY:
        for place, child in enumerate(value.values()):
            _collect(child, (*path, place), access, found)
