"""Paths into a document: keys as text, places in lists as numbers.

A path is a tuple, so a key may hold dots, dollars, nothing at all or any character; only ``show`` and
``parse`` know a text form, for addresses and for people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from aiocms.admin.values.rawbson import ARRAY, OBJECT, Value

Path = tuple[str | int, ...]

_SIMPLE = re.compile(r"[^\W\d][\w-]*")
_PART = re.compile(r'\[(?P<index>[0-9]{1,9})\]|\[(?P<key>"(?:[^"\\]|\\.)*")\]|\.?(?P<name>[^\W\d][\w-]*)')


class BadPath(ValueError):
    """Text that is no path, or a path that leads nowhere in a document."""


def show(path: Path) -> str:
    """A path as text: ``items[3].qty``, an odd key as ``["a.b"]``.

    Returns:
        Text that ``parse`` reads back.
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _SIMPLE.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part)}]"
    return text


def parse(text: str) -> Path:
    """The path that ``show`` wrote.

    Raises:
        BadPath: the text is no path.
    """
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None or (text[at] == "." and at == 0):
            raise BadPath(f"{text!r} is no path at {at}")
        parts.append(_read_part(match))
        at = match.end()
    return tuple(parts)


def _read_part(match: re.Match[str]) -> str | int:
    if match["index"]:
        return int(match["index"])
    if match["key"] is None:
        return match["name"]
    try:
        return str(json.loads(match["key"]))
    except ValueError as error:
        raise BadPath(f"{match['key']!r} is no key") from error


def dotted(path: Path) -> str:
    """The path as screens write it, without places in lists: ``items.qty``."""
    return ".".join(part for part in path if isinstance(part, str))


def find(value: Value, path: Path) -> Value | None:
    """What is at the path, or None when nothing is."""
    here: Value | None = value
    for part in path:
        if here is None:
            return None
        if isinstance(part, int):
            values = here.values() if here.code == ARRAY else []
            here = values[part] if part < len(values) else None
        else:
            here = here.find(part) if here.code == OBJECT else None
    return here


def replace(value: Value, path: Path, new: Value | None) -> Value:
    """The value with another part at the path; every other byte stays.

    A key that is not there is put last; ``None`` takes a key or an item away.

    Raises:
        BadPath: something before the last part is missing, or is no container.
    """
    if not path:
        if new is None:
            raise BadPath("the whole value cannot be taken away")
        return new
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        return _replace_item(value, first, rest, new)
    if value.code != OBJECT:
        raise BadPath(f"{first!r} is looked for in something that is no object")
    items, found = value.items(), False
    changed: list[tuple[str, Value]] = []
    for key, old in items:
        if key != first or found:
            changed.append((key, old))
            continue
        found = True
        if rest or new is not None:
            changed.append((key, replace(old, rest, new)))
    if not found:
        if rest:
            raise BadPath(f"there is no key {first!r}")
        if new is not None:
            changed.append((first, new))
    return Value.object(changed)


def _replace_item(value: Value, index: int, rest: Path, new: Value | None) -> Value:
    values = value.values() if value.code == ARRAY else []
    if index >= len(values):
        raise BadPath(f"there is no item {index}")
    if rest or new is not None:
        values[index] = replace(values[index], rest, new)
    else:
        del values[index]
    return Value.array(values)


def is_under(path: Path, roots: Iterable[Path]) -> bool:
    """Whether the path is one of the roots or lies below one."""
    return any(path[: len(root)] == root for root in roots)
