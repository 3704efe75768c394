"""What a document is called on pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from aiocms.admin.known import KnownFields
from aiocms.admin.masking import Masked

LONGEST = 120
_PLACE = re.compile(r"\{([^{}]+)\}")
_USUAL = (
    "title",
    "name",
    "label",
    "username",
    "full_name",
    "display_name",
    "subject",
    "email",
    "slug",
    "sku",
    "code",
    "key",
)


def label_paths(label: str, fields: KnownFields) -> tuple[str, ...]:
    """The paths that a label needs: those of its format, else the first field that documents are named by."""
    if label:
        return tuple(dict.fromkeys(match[1] for match in _PLACE.finditer(label)))
    known = {one.path for one in fields}
    usual = next((path for path in _USUAL if path in known), None)
    if usual is None:
        usual = next(
            (path for path in known if path.endswith(("name", "Name", "title", "Title")) and "." not in path),
            None,
        )
    return (usual,) if usual else ()


def label_of(document: Mapping[str, Any], label: str, paths: Sequence[str]) -> str:
    """A document's label, or its `_id` when the fields of the label are empty."""
    if label:
        text = _PLACE.sub(lambda match: shorten(dig(document, match[1])), label)
    else:
        text = " ".join(shorten(dig(document, path)) for path in paths)
    text = " ".join(text.split())
    return (
        text[:LONGEST]
        if any(char.isalnum() or char == "•" for char in text)
        else shorten(document.get("_id"))
    )


def shorten(value: Any) -> str:
    """A value as one short line."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list):
        return ", ".join(shorten(item) for item in value[:3]) + (" …" if len(value) > 3 else "")
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def dig(value: Any, path: str) -> Any:
    """The value at a dotted path, through lists; None where nothing is."""
    for index, part in enumerate(parts := path.split(".")):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list):
            if part.isascii() and part.isdigit() and len(part) < 8:
                value = value[int(part)] if int(part) < len(value) else None
                continue
            rest = ".".join(parts[index:])
            found = [dig(item, rest) for item in value if isinstance(item, Mapping)]
            return [item for item in found if item is not None]
        else:
            return value if isinstance(value, Masked) else None
    return value
