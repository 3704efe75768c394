"""The conflict page: before, theirs and yours of each path, and what a person chose."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.forms.opened import Opened
from aiocms.admin.forms.shown import mimic
from aiocms.admin.values import ejson, paths
from aiocms.admin.values.bsontext import to_text
from aiocms.admin.values.rawbson import NAMES, STUB, Value
from aiocms.admin.writes.merge import Conflict, Decide

_LONGEST = 4000


def list_conflicts(opened: Opened, base: FormBase, conflicts: Sequence[Conflict]) -> list[dict[str, Any]]:
    """The rows of the page: path, the three values as text, and the names of the inputs."""
    rows: list[dict[str, Any]] = []
    for one in conflicts:
        theirs = _see(opened, one) if one.theirs is not None else None
        rows.append(
            {
                "path": paths.show(one.path),
                "base": _show(one.base, opened),
                "theirs": _show(theirs, opened),
                "mine": _show(one.mine, opened),
                "input": f"_take~{paths.show(one.path)}",
                # Seen when the choice was made: another change meanwhile is another conflict.
                "seen": seal_value(one.theirs),
            }
        )
    return rows


def read_choices(asked: Mapping[str, str]) -> Decide:
    """What the person chose on the conflict page.

    A choice holds only while theirs is still what the page showed: another change is another conflict.
    """

    def decide(path: paths.Path, theirs: Value | None) -> str:
        name = paths.show(path)
        choice = asked.get(f"_take~{name}", "")
        return (
            choice
            if choice in ("mine", "theirs") and asked.get(f"_seen~{name}") == seal_value(theirs)
            else ""
        )

    return decide


def seal_value(value: Value | None) -> str:
    """A short mark of a value's bytes."""
    return hashlib.sha256(bytes((value.code,)) + value.raw).hexdigest()[:24] if value is not None else "none"


def _see(opened: Opened, one: Conflict) -> Value:
    """Of theirs what the user may see."""
    if opened.access(paths.dotted(one.path)) not in ("edit", "read"):
        return Value(STUB, b"\0\0\0\0")
    assert one.theirs is not None  # noqa: S101 - asked by the caller
    return mimic(one.base, one.theirs, one.path, opened.access)


def _show(value: Value | None, opened: Opened) -> dict[str, Any] | None:
    if value is None:
        return None
    if value.code == STUB:
        return {"kind": "", "text": "••••••"}
    text = to_text(value, opened.zone)
    if text is None:
        text = ejson.dump(value)
    return {
        "kind": NAMES.get(value.code, ""),
        "text": text[:_LONGEST] + ("…" if len(text) > _LONGEST else ""),
    }
