"""Names of form inputs: WTForms' ``field-0-sub``, with the odd characters of keys escaped.

A label is a key or the number of a list item; labels are joined by ``-``. After ``~`` comes what an input
says of its part besides the value: ``t`` its type (``s``: still being chosen, ``w``: the one that its
inputs are of), ``x`` taken away, ``k`` a typed key, ``p`` "is here", ``o`` offered although the document
lacks it, ``q`` the sequence of a list's items. Names that begin with ``_`` are free for the page's own
inputs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

PACKED = "_packed"
_RESERVED = frozenset(("csrf_token",))
_ESCAPED = re.compile(r"\.([0-9a-f]{1,6})\.")


class BadName(ValueError):
    """An input's name that no form here makes."""


def escape(key: str) -> str:
    """A key as a label.

    Returns:
        The key with every character but ASCII letters, digits and ``_`` as ``.hex.``; a leading ``_``
        and the empty key are escaped too, and so is the name of the token against forged requests.
    """
    if not key:
        return ".."
    label = re.sub(r"[^A-Za-z0-9_]", lambda match: f".{ord(match[0]):x}.", key)
    return f".{ord(label[0]):x}.{label[1:]}" if label[0] == "_" or label in _RESERVED else label


def unescape(label: str) -> str:
    """The key that ``escape`` wrote.

    Raises:
        BadName: the label is none.
    """
    if label == "..":
        return ""
    try:
        key = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), label)
        key.encode("utf-8", "surrogateescape")  # bytes of a key that is no UTF-8 pass, half a pair does not
        return key
    except (ValueError, OverflowError) as error:
        raise BadName(f"{label!r} is no label") from error


@dataclass(slots=True)
class Posted:
    """What was posted under one name, and below it, in order of appearance."""

    values: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    children: dict[str, Posted] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The type that was chosen, or nothing."""
        return self.meta.get("s") or self.meta.get("t", "")

    @property
    def was(self) -> str:
        """The type that its inputs were made for, when another may have been chosen since."""
        return self.meta.get("w", "")


def read_posted(pairs: Iterable[tuple[str, str]]) -> Posted:
    """The posted pairs as a tree.

    Raises:
        BadName: a name is nested too deeply.
    """
    root = Posted()
    for name, value in pairs:
        bare, _, mark = name.partition("~")
        labels = bare.split("-")
        if len(labels) > 60:
            raise BadName("an input is nested too deeply")
        here = root
        for label in labels:
            here = here.children.setdefault(label, Posted())
        if mark:
            here.meta[mark] = value
        else:
            here.values.append(value)
    return root


def unpack(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The posted pairs, with those that a page with very many inputs sent as one JSON text.

    Raises:
        BadName: that text is not what the page makes.
    """
    found: list[tuple[str, str]] = []
    for name, value in pairs:
        if name != PACKED:
            found.append((name, value))
            continue
        try:
            inner = json.loads(value)
            if not all(
                len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], str) for pair in inner
            ):
                raise ValueError("no pairs")
            found.extend((str(key), str(text)) for key, text in inner if not key.startswith("_"))
        except (ValueError, TypeError, RecursionError) as error:
            raise BadName("the packed inputs cannot be read") from error
    return found
