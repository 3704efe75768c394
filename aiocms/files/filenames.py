"""Names that people gave to files: made safe to keep, and told to browsers. They never become a path."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_LONGEST = 120
# Controls, and marks that turn the direction of text: "gpj.exe" would be shown as "exe.jpg".
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_RESERVED = re.compile(r'[<>:"|?*\\/]+')


def clean_name(name: str, fallback: str = "file") -> str:
    """A name of at most 120 characters, without folders, controls and leading dots or dashes."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    text = re.split(r"[/\\]", text)[-1]
    text = _RESERVED.sub("_", _BAD.sub("", text)).strip().lstrip(".-~ ").rstrip(". ")
    if len(text) > _LONGEST:
        stem, dot, suffix = text.rpartition(".")
        keep = _LONGEST - len(suffix) - 1
        text = f"{stem[:keep]}.{suffix}" if dot and len(suffix) <= 12 else text[:_LONGEST]
    return text or fallback


def with_suffix(name: str, suffix: str) -> str:
    """The name with another ending: ``photo.gif`` and ``.webp`` give ``photo.webp``."""
    stem, dot, old = name.rpartition(".")
    return f"{stem if dot and 0 < len(old) <= 12 else name}{suffix}"


def make_disposition(name: str, *, inline: bool) -> str:
    """The header Content-Disposition.

    Source: RFC 6266 and 8187.
    """
    kind = "inline" if inline else "attachment"
    plain = re.sub(r'[^\x20-\x7e]|["\\%;]', "_", name)
    text = f'{kind}; filename="{plain}"'
    return text if plain == name else f"{text}; filename*=UTF-8''{quote(name, safe='')}"
