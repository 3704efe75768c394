"""The rules of a collection in words, for the fields that break them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiocms.core.i18n import N_

NEEDED = N_("This is needed.")
WRONG_TYPE = N_("This must be of the type %(wanted)s.")
NOT_ONE_OF = N_("This must be one of: %(wanted)s.")
TOO_SMALL = N_("This must be at least %(limit)s.")
TOO_LARGE = N_("This must be at most %(limit)s.")
NOT_ABOVE = N_("This must be more than %(limit)s.")
NOT_BELOW = N_("This must be less than %(limit)s.")
TOO_SHORT = N_("Use at least %(limit)s characters.")
TOO_LONG = N_("Use at most %(limit)s characters.")
NO_MATCH = N_("This does not have the form that is asked for.")
TOO_FEW = N_("There must be at least %(limit)s items.")
TOO_MANY = N_("There must be at most %(limit)s items.")
DOUBLED = N_("The items must differ from each other.")
UNKNOWN_KEY = N_("The rules of this collection know no such field.")

_LIMITS = {
    "minimum": TOO_SMALL,
    "maximum": TOO_LARGE,
    "minLength": TOO_SHORT,
    "maxLength": TOO_LONG,
    "minItems": TOO_FEW,
    "maxItems": TOO_MANY,
}


class Said(str):
    """A message with the values for its places, so that it is translated where it is shown."""

    __slots__ = ("values",)

    def __new__(cls, message: str, **values: object) -> Said:
        """The message; ``values`` fill its ``%(name)s``."""
        made = super().__new__(cls, message)
        made.values = values
        return made

    values: dict[str, object]


def word_rule(rule: Mapping[str, Any]) -> Said:
    """The server's description of one failed rule in words.

    Returns:
        For a keyword that has no words here, what the server says.
    """
    name = str(rule.get("operatorName", ""))
    wanted: Any = rule.get("specifiedAs") or {}
    if name in _LIMITS and name in wanted:
        strict = wanted.get("exclusiveMinimum") is True or wanted.get("exclusiveMaximum") is True
        message = {"minimum": NOT_ABOVE, "maximum": NOT_BELOW}.get(name, "") if strict else ""
        return Said(message or _LIMITS[name], limit=wanted[name])
    if name in ("bsonType", "type") and name in wanted:
        kinds = wanted[name]
        return Said(WRONG_TYPE, wanted=", ".join(kinds) if isinstance(kinds, list | tuple) else kinds)
    if name == "enum" and isinstance(wanted.get("enum"), list | tuple):
        return Said(NOT_ONE_OF, wanted=", ".join(str(one) for one in wanted["enum"][:20]))
    if name == "pattern":
        return Said(NO_MATCH)
    if name == "uniqueItems":
        return Said(DOUBLED)
    text = ", ".join(f"{key}: {value}" for key, value in wanted.items() if key != "description")
    return Said(text or str(rule.get("reason") or name))
