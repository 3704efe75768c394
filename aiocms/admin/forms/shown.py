"""What of a document one form shows: within the user's rights and within what a page can carry.

The rest is left out of the form's base or stands in it as a stub, so it can neither leave the server nor be
changed by the form. A stub of a masked value holds nothing; one of a part that is too big for the page holds
its type, its size and a digest.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiocms.admin.values.bsontext import to_text
from aiocms.admin.values.paths import Path, dotted
from aiocms.admin.values.rawbson import ARRAY, BOOL, NAMES, OBJECT, STUB, Value, has_twin_keys

# Dotted path without places in lists -> "edit", "read", "mask" or "hide".
Access = Callable[[str], str]

LIGHT_FROM = 20
"""A list of at least this many objects or lists shows them closed: their inputs come when one is opened."""
_MOST_LIGHT = 3000
_MAX_DEPTH = 12
_KEPT_LISTED = 100
_STUB_BYTE = bytes((STUB,))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one form page may show.

    Parameters:
        inputs: about as many form inputs.
        value: bytes of one text.
        total: bytes of all.
    """

    inputs: int = 450
    value: int = 64 * 1024
    total: int = 320 * 1024


@dataclass(frozen=True, slots=True)
class Stub:
    """What a stub says: ``masked``, or a kept part's type and size."""

    masked: bool
    kind: str = ""
    size: int = 0
    count: int = 0


def read_stub(value: Value) -> Stub:
    """What the stub says of the value that it stands for."""
    if len(value.raw) < 13:
        return Stub(masked=True)
    code, size, count = struct.unpack("<BII", value.raw[4:13])
    return Stub(masked=False, kind=NAMES.get(code, ""), size=size, count=count)


def is_light(items: Sequence[Value]) -> bool:
    """Whether the items of a list are shown closed, without inputs."""
    return len(items) >= LIGHT_FROM and all(item.code in (OBJECT, ARRAY, STUB) for item in items)


def has_stub(value: Value) -> bool:
    """Whether a value is a stub or holds one."""
    if value.code == STUB:
        return True
    if value.is_container and _STUB_BYTE not in value.raw:
        return False
    return value.is_container and any(has_stub(child) for _, child in value.items())


def show_part(value: Value, path: Path, access: Access, limits: Limits) -> Value:
    """Of the value at a path what a form shows.

    Returns:
        The value with hidden keys left out and stubs for masked and for too big parts; an object with more
        keys than fit lacks the last of them.
    """
    work = _Work(access, limits)
    return work.show(value, path, limits.inputs, limits.total)[0]


def show_window(
    items: Sequence[Value], at: Path, start: int, access: Access, limits: Limits, most: int
) -> list[Value]:
    """The items of a long list from a place on, as many as one form can show, but at least one.

    Returns:
        At most ``most`` items; only a single one that is too big by itself has stubs for its parts.
    """
    work = _Work(access, limits)
    shown: list[Value] = []
    inputs, total = limits.inputs, limits.total
    light = is_light(items)
    for place, item in enumerate(items[start : start + most], start):
        left = inputs if shown and not light else limits.inputs
        part, cost, weight = work.show(item, (*at, place), left, total)
        cost = -1 if light else cost
        whole = work.show(item, (*at, place), limits.inputs, limits.total)[0] if shown else part
        if shown and (part != whole or cost + 1 > inputs or weight > total):
            break
        shown.append(part)
        inputs, total = inputs - cost - 1, total - weight
    return shown


def mimic(base: Value | None, stored: Value, path: Path, access: Access) -> Value:
    """The stored value with stubs where the base has them, to be compared with the base."""
    if base is not None and base.code == STUB:
        return _mask() if read_stub(base).masked else _keep(stored)
    if stored.code == OBJECT and not has_twin_keys(stored):
        known = dict(base.items()) if base is not None and base.code == OBJECT else {}
        items: list[tuple[str, Value]] = []
        for key, child in stored.items():
            right = access(dotted((*path, key)))
            if right == "mask":
                items.append((key, _mask()))
            elif right != "hide":
                items.append((key, mimic(known.get(key), child, (*path, key), access)))
        return Value.object(items)
    if stored.code == ARRAY:
        old = base.values() if base is not None and base.code == ARRAY else []
        return Value.array(
            mimic(old[i] if i < len(old) else None, child, (*path, i), access)
            for i, child in enumerate(stored.values())
        )
    return stored


def _mask() -> Value:
    return Value(STUB, b"\0\0\0\0")


def _keep(value: Value) -> Value:
    count = len(value.items()) if value.is_container and value.size < 1_000_000 else 0
    body = struct.pack("<BII", value.code, value.size, count) + hashlib.sha256(value.raw).digest()
    return Value(STUB, struct.pack("<i", len(body)) + body)


class _Work:
    def __init__(self, access: Access, limits: Limits) -> None:
        self.access = access
        self.most = limits.value
        self.most_inputs = limits.inputs

    def show(self, value: Value, path: Path, inputs: int, total: int) -> tuple[Value, int, int]:
        """The shown value and its cost in inputs and bytes."""
        if not value.is_container:
            text = to_text(value)
            if text is None or "\0" in text or value.size > min(self.most, total):
                return _keep(value), 0, 50
            return value, 2 if value.code == BOOL else 1, value.size
        if inputs < 1 or len(path) > _MAX_DEPTH or (value.code == OBJECT and has_twin_keys(value)):
            return _keep(value), 0, 50
        if value.code == OBJECT:
            return self._show_object(value, path, inputs - 1, total)
        return self._show_array(value, path, inputs - 1, total)

    def _show_object(self, value: Value, path: Path, inputs: int, total: int) -> tuple[Value, int, int]:
        wanted = [(key, child, self.access(dotted((*path, key)))) for key, child in value.items()]
        done: dict[str, Value] = {key: _mask() for key, _, right in wanted if right == "mask"}
        spent, size, kept = 1, 0, 0
        # The small ones first: one huge list must not push out the plain fields behind it.
        order = sorted(
            ((key, child) for key, child, right in wanted if right in ("edit", "read")),
            key=lambda pair: (pair[1].is_container, pair[1].size if pair[1].is_container else 0),
        )
        for key, child in order:
            if spent > inputs or size > total:
                kept += 1
                if kept <= _KEPT_LISTED:
                    done[key] = _keep(child)
                continue
            shown, cost, weight = self.show(child, (*path, key), inputs - spent, total - size)
            done[key] = shown
            spent, size = spent + cost, size + weight + len(key)
        return Value.object((key, done[key]) for key, _, _ in wanted if key in done), spent, size

    def _show_array(self, value: Value, path: Path, inputs: int, total: int) -> tuple[Value, int, int]:
        items = value.values()
        light = is_light(items)
        if len(items) > (_MOST_LIGHT if light else inputs) or value.size > 4 * max(total, 1):
            return _keep(value), 0, 50
        spent, size, shown = 1, 0, []
        for place, item in enumerate(items):
            left = self.most_inputs if light else inputs - spent
            part, cost, weight = self.show(item, (*path, place), left, total - size)
            spent, size = spent + (0 if light else cost + 1), size + weight
            if spent > inputs or size > total:
                return _keep(value), 0, 50
            shown.append(part)
        return Value.array(shown), spent, size
