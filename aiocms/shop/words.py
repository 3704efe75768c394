"""Texts in the visitor's language: the plain field, or its translation kept beside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any


def localised(document: Mapping[str, Any], field: str, language: str) -> str:
    """A text field in a language.

    ``{"title": "Lamp", "translations": {"ru": {"title": "Лампа"}}}``: the plain field is in the site's own
    language and stands in wherever a translation is missing. Anything but text counts as missing.
    """
    translations = document.get("translations")
    if isinstance(translations, Mapping):
        translated = translations.get(language)
        if isinstance(translated, Mapping) and isinstance(translated.get(field), str) and translated[field]:
            return str(translated[field])
    value = document.get(field)
    return value if isinstance(value, str) else ""


def all_versions(document: Mapping[str, Any], field: str) -> list[str]:
    """The text field in every language it has, the site's own first, without repeats."""
    found = [localised(document, field, "")]
    translations = document.get("translations")
    if isinstance(translations, Mapping):
        found.extend(localised(document, field, str(language)) for language in sorted(translations, key=str))
    return [text for text in dict.fromkeys(found) if text]


def sort_key(text: str) -> str:
    """The text for sorting without regard to case, accents and outer spaces.

    Bounded in length: it is part of an index.
    """
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))[:200]
