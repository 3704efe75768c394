"""What a form says beside its fields: labels, help, examples, marks and limits.

They come from the screen, and from the collection's ``$jsonSchema`` where the screen says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from aiocms.admin.forms.schema import find_schema, iter_rules, list_kinds
from aiocms.admin.registry import get_registry
from aiocms.admin.screens import Screen
from aiocms.core.i18n import gettext

_NUMBERS = frozenset(("int32", "int64", "double", "decimal"))


@dataclass(frozen=True, slots=True)
class Hint:
    """What is said beside one field.

    Parameters:
        label, help, placeholder: in the visitor's language.
        required: the collection's rules ask for it.
        choices: texts that the collection's rules allow.
        kind: the type that the rules ask for, or nothing.
        limits: attributes of the input: ``maxlength``, ``min``, ``max``.
    """

    label: str = ""
    help: str = ""
    placeholder: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    kind: str = ""
    limits: tuple[tuple[str, str], ...] = ()


EMPTY = Hint()


@dataclass(frozen=True, slots=True)
class Hints:
    """The hints of a form by dotted path, places in lists left out; and the collection's rules."""

    fields: Mapping[str, Hint] = field(default_factory=dict)
    schema: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    layout: Any = ()

    def of(self, path: str) -> Hint:
        """The hint of a path."""
        return self.fields.get(path, EMPTY)

    def iter_wanted(self) -> Iterator[str]:
        """Paths that the collection's rules name, the required ones first, then those of conditions."""
        known = [path for path, one in self.fields.items() if one.kind or one.required or one.choices]
        yield from sorted(known, key=lambda path: not self.fields[path].required)
        yield from self.conditions


async def make_hints(request: web.Request, screen: Screen) -> Hints:
    """The hints of a screen for this request."""
    info = (await get_registry(request).collections(request)).get(screen.collection, {})
    schema = find_schema(info.get("options", {}))
    fields = {path: _from_rule(rule, required) for path, rule, required in iter_rules(schema)}
    for path, text in (await screen.get("labels", request)).items():
        fields[path] = replace(fields.get(path, EMPTY), label=gettext(request, text))
    for path, text in (await screen.get("help", request)).items():
        fields[path] = replace(fields.get(path, EMPTY), help=gettext(request, text))
    for path, text in (await screen.get("placeholders", request)).items():
        fields[path] = replace(fields.get(path, EMPTY), placeholder=gettext(request, text))
    return Hints(
        fields,
        schema,
        await screen.get("show_if", request),
        await screen.get("defaults", request),
        await screen.get("layout", request),
    )


def _from_rule(rule: Mapping[str, Any], required: bool) -> Hint:
    kinds = [kind for kind in list_kinds(rule) if kind != "null"]
    choices = rule.get("enum")
    texts = tuple(choices) if isinstance(choices, list) and all(isinstance(o, str) for o in choices) else ()
    limits: list[tuple[str, str]] = []
    if kinds and set(kinds) <= _NUMBERS:
        limits = [(name[:3], str(rule[name])) for name in ("minimum", "maximum") if name in rule]
    elif "maxLength" in rule:
        limits = [("maxlength", str(rule["maxLength"]))]
    description, title = rule.get("description"), rule.get("title")
    return Hint(
        label=title if isinstance(title, str) else "",
        help=description if isinstance(description, str) else "",
        required=required,
        choices=texts,
        kind=kinds[0] if kinds else "",
        limits=tuple(limits),
    )
