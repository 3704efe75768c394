"""What a document is called on pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bson.binary import UUID_SUBTYPE, Binary

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
    known = {one.path: one for one in fields}
    top = [path for path in known if "." not in path]
    usual = next((path for path in _USUAL if path in known), None)
    usual = usual or next((path for path in top if path.endswith(("name", "Name", "title", "Title"))), None)
    usual = usual or next((path for path in top if known[path].is_naming), None)
    return (usual,) if usual else ()


def label_of(document: Mapping[str, Any], label: str, paths: Sequence[str]) -> str:
    """A document's label, or its `_id` when the fields of the label are empty."""
    if len(paths) == 1 and label in ("", f"{{{paths[0]}}}"):
        text = shorten(dig(document, paths[0]))
    elif label:
        text = _PLACE.sub(lambda match: shorten(dig(document, match[1])), label)
    else:
        text = " ".join(shorten(dig(document, path)) for path in paths)
    text = " ".join(text.split())
    return (
        text[:LONGEST]
        if any(char.isalnum() or char == "•" for char in text)
        else shorten(document.get("_id"))
    )


def may_have_label(value: Any) -> bool:
    """Whether a value can be an id whose label is looked up among others: one that a dictionary takes.

    It takes no patterns (which would match others in a query), code, decimals, objects and lists.
    """
    if value is None or isinstance(value, Masked):
        return False
    try:
        hash(value)
    except TypeError:
        return False
    return True


def shorten(value: Any) -> str:
    """A value as one short line."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list):
        return ", ".join(shorten(item) for item in value[:3]) + (" …" if len(value) > 3 else "")
    text = str(value.as_uuid() if is_uuid(value) else value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def is_uuid(value: Any) -> bool:
    """Whether a value is a UUID; the subtype alone does not make it one."""
    return isinstance(value, Binary) and value.subtype == UUID_SUBTYPE and len(value) == 16


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
