"""The fields of a collection that filters, sorting and columns may name, with their types."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

NUMBERS = frozenset(("int32", "int64", "double", "decimal"))
ANY = frozenset(("string", "int64", "double", "bool", "date", "objectId"))
"""What a field's values may be when no document has shown any."""


@dataclass(frozen=True, slots=True)
class KnownField:
    """One dotted path and the BSON types seen there; types of list items count as types of the path.

    `array_at` is the deepest part of the path that is a list in some document, or "". `digits` is the number
    of decimal places of an amount that is stored in minor units and shown and typed in major ones.
    """

    path: str
    types: frozenset[str] = frozenset()
    array_at: str = ""
    label: str = ""
    choices: tuple[str, ...] = ()
    digits: int = 0

    @property
    def parsed_types(self) -> frozenset[str]:
        """The types that a typed text may be read as."""
        scalar = self.types - {"array", "null", "undefined"}
        return scalar or ANY


@dataclass(frozen=True, slots=True)
class KnownFields:
    """The fields by path, in the order of the documents."""

    fields: Mapping[str, KnownField] = field(default_factory=dict)

    def __iter__(self) -> Iterator[KnownField]:
        return iter(self.fields.values())

    def __len__(self) -> int:
        return len(self.fields)

    def find(self, path: str) -> KnownField | None:
        """The field of a path, or None."""
        return self.fields.get(path)

    def find_near(self, path: str) -> str | None:
        """The path that was perhaps meant."""
        near = difflib.get_close_matches(path[:100], list(self.fields)[:2000], 1, 0.7)
        return near[0] if near else None

    def allowed(self, paths: Iterable[str]) -> KnownFields:
        """Only the fields of these paths."""
        kept = frozenset(paths)
        return KnownFields({path: one for path, one in self.fields.items() if path in kept})

    def with_field(self, path: str, **changes: object) -> KnownFields:
        """The fields with one added or changed."""
        one = replace(self.fields.get(path) or KnownField(path), **changes)  # type: ignore[arg-type]
        return KnownFields({**self.fields, path: one})
