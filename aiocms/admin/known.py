"""The fields of a collection that filters, sorting and columns may name, with their types."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

NUMBERS = frozenset(("int32", "int64", "double", "decimal"))
ANY = frozenset(("string", "int64", "double", "bool", "date", "objectId"))
"""What a field's values may be when no document has shown any."""


@dataclass(frozen=True, slots=True)
class KnownField:
    """One dotted path and the BSON types seen there; types of list items count as types of the path.

    `array_at` is the deepest part of the path that is a list in some document, or "". `digits` is the number
    of decimal places of an amount that is stored in minor units and shown and typed in major ones. `share` is
    the part of the sampled documents that have the field; `is_naming`: its texts are short and tell the
    documents apart. `is_day`: its dates are days without a time, midnight in UTC whatever the user's zone is,
    because a column says so or most of the dates seen are.
    """

    path: str
    types: frozenset[str] = frozenset()
    array_at: str = ""
    label: str = ""
    choices: tuple[str, ...] = ()
    digits: int = 0
    share: float = 0.0
    is_naming: bool = False
    is_day: bool = False

    @property
    def parsed_types(self) -> frozenset[str]:
        """The types that a typed text may be read as."""
        scalar = self.types - {"array", "null", "undefined"}
        return scalar or ANY


def _allow(path: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class KnownFields:
    """The fields by path, in the order of the documents; those that `allows` refuses are as if not there."""

    fields: Mapping[str, KnownField] = field(default_factory=dict)
    allows: Callable[[str], bool] = _allow

    def __iter__(self) -> Iterator[KnownField]:
        return (one for path, one in self.fields.items() if self.allows(path))

    def find(self, path: str) -> KnownField | None:
        """The field of a path, or None."""
        one = self.fields.get(path)
        return one if one is not None and self.allows(path) else None

    def find_near(self, path: str) -> str | None:
        """The path that was perhaps meant."""
        near = difflib.get_close_matches(path[:100], list(self.fields)[:1000], 3, 0.7)
        return next((one for one in near if self.allows(one)), None)

    def iter_below(self, path: str) -> Iterator[str]:
        """Every known path inside a path, refused ones too."""
        return (one for one in self.fields if one.startswith(f"{path}."))

    def guarded(self, allows: Callable[[str], bool]) -> KnownFields:
        """The same fields as one user may name them."""
        return replace(self, allows=allows)

    def with_types(self, types: Mapping[str, str]) -> KnownFields:
        """The same fields and those whose types are declared, as every document may have them."""
        fields = dict(self.fields)
        for path, kind in types.items():
            if path not in fields:
                fields[path] = KnownField(path, frozenset((kind,)), share=1.0)
        return replace(self, fields=fields)
