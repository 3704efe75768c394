"""A filter in words, as the chips above a list say it."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from aiocms.admin.known import KnownFields
from aiocms.admin.lists.columns import path_label
from aiocms.admin.lists.conditions import OPERATORS, Condition, Group
from aiocms.core.i18n import N_, gettext

_YES = ("yes", "true", "1", "on")


@dataclass(frozen=True, slots=True)
class Words:
    """What is asked, of which field: `Price` `at least` `10`."""

    label: str
    operator: str
    text: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.label, self.operator, self.text) if part)


def say(request: web.Request, fields: KnownFields, one: Condition | Group, item: str = "") -> Words:
    """A condition, or what one item of a list must meet, in the user's language.

    Parameters:
        item: the list whose items are spoken of; names of fields begin there.
    """
    if isinstance(one, Group):
        label = say_field(request, fields, one.path, item)
        return Words(
            label, gettext(request, N_("has one item:")), _say_all(request, fields, one, one.path or item)
        )
    text = ", ".join(one.texts)
    if one.operator in ("empty", "exists"):
        text = gettext(request, "yes" if one.texts[0].strip().lower() in _YES else "no")
    label = say_field(request, fields, one.path, item)
    return Words(label, gettext(request, OPERATORS[one.operator]), text)


def say_field(request: web.Request, fields: KnownFields, path: str, item: str = "") -> str:
    """The name of a field; inside of a list's items without the name of the list."""
    known = fields.find(path)
    if known is not None and known.label:
        return known.label
    return path_label(path[len(item) + 1 :] if item else path, request)


def _say_all(request: web.Request, fields: KnownFields, group: Group, item: str) -> str:
    """The parts of a group between "and" or "or"; a group inside of it stands in parentheses."""
    said: list[str] = []
    for child in group.children:
        if isinstance(child, Condition) or child.kind == "one":
            said.append(str(say(request, fields, child, item)))
        else:
            said.append(f"({_say_all(request, fields, child, item)})")
    joined = gettext(request, "or" if group.kind == "or" else "and")
    return f" {joined} ".join(said)
