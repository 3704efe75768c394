"""Widgets of inferred forms: another input than the BSON type gives, for a value of any type.

A value with a widget is one part of the form, whatever it holds: ``to_text`` gives what its input shows,
``from_text`` reads what came back. Text that came back as it went out keeps the bytes of the value. The HTML
comes from the macro ``input(name, text, node, attrs)`` of the template ``widgets/<name>``, which is looked up
by the same fallback names as every part of the admin.

Any app's ``admin.py`` may add some: ``widgets = (Widget("stars", to_text=…, from_text=…),)``.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from aiocms.admin.forms.text_widgets import read_markdown, read_richtext, write_markdown, write_richtext
from aiocms.admin.values.bsontext import CHOICES, BadText, from_text, to_text
from aiocms.admin.values.bsontypes import decode_raw_id, encode_id
from aiocms.admin.values.days import read_day, write_day
from aiocms.admin.values.points import read_point, write_point
from aiocms.admin.values.rawbson import NAMES, NULL, Value
from aiocms.core.i18n import N_
from aiocms.core.plan import Plan

MAP = "map"
"""Not an input: an object with this widget has free keys."""
_TEXTS = frozenset(("string", "code"))
_SCALARS = frozenset(CHOICES) - {"object", "array", "null", "minKey", "maxKey"}


def write_plain(value: Value) -> str | None:
    """The text of a scalar, as its ordinary input has it."""
    return None if value.is_container else to_text(value)


def read_plain(text: str, base: Value | None) -> Value:
    """The value of a text, of the type that the value had; a new one is a string.

    Raises:
        BadText: the text is no value of the type.
    """
    return from_text(NAMES[base.code] if base is not None else "string", text)


def write_reference(value: Value) -> str | None:
    """The id that a reference holds, of whatever type, as one readable text; of null nothing."""
    if value.is_container:
        return None
    return "" if value.code == NULL else encode_id(value)


def read_reference(text: str, base: Value | None) -> Value:
    """The id of a text; nothing is null.

    Raises:
        BadText: the text names no id.
    """
    if not text.strip():
        return Value(NULL, b"")
    try:
        return decode_raw_id(text.strip())
    except ValueError as error:
        raise BadText(N_("This is no id.")) from error


@dataclass(frozen=True, slots=True)
class Widget:
    """An input of its own.

    Parameters:
        name: as `Screen.widgets` names it.
        template: part of the admin that has the macro `input`, or a whole name such as `files:image`;
            default: `widgets/<name>`.
        to_text: the text of a value; None: this value has none, and gets the ordinary input of its type.
        from_text: the value of a text and of the value that was there, None for a new one; raises `BadText`.
        kinds: BSON types that it edits; others get their ordinary inputs.
        new_kind: the type that a new value is said to have.
        inputs: how many inputs of the one name its macro makes; what they post is joined by line breaks.
        guess: it is used by itself, in inferred forms, for every value that `to_text` has a text of.
    """

    name: str
    template: str = ""
    to_text: Callable[[Value], str | None] = write_plain
    from_text: Callable[[str, Value | None], Value] = read_plain
    kinds: frozenset[str] = _SCALARS
    new_kind: str = "string"
    inputs: int = 1
    guess: bool = False

    @property
    def part(self) -> str:
        """The part of the admin whose template it is."""
        return self.template or f"widgets/{self.name}"


def iter_built_in() -> Iterator[Widget]:
    """The widgets that come with the admin."""
    yield Widget("textarea", kinds=_TEXTS)
    yield Widget("select")
    yield Widget("day", "", write_day, read_day, frozenset(("date",)), "date")
    yield Widget("point", "", write_point, read_point, frozenset(("object",)), "object", 2, guess=True)
    yield Widget(MAP, "", lambda value: None, kinds=frozenset(("object",)), new_kind="object")
    yield Widget("reference", "", write_reference, read_reference, _SCALARS | {"null"}, "objectId")
    yield Widget("markdown", "", write_markdown, read_markdown, frozenset(("string",)))
    yield Widget("richtext", "", write_richtext, read_richtext, frozenset(("object",)), "object")


def find_widgets(plan: Plan) -> dict[str, Widget]:
    """All widgets of a site by name; one of a higher app replaces one of the same name below."""
    found = {one.name: one for one in iter_built_in()}
    for loaded in plan.modules.get("admin", ()):
        declared = getattr(loaded.module, "widgets", ())
        for one in (each for each in declared if isinstance(each, Widget)):
            found[one.name] = one
    return found


def choose_widgets(wanted: Mapping[str, str], known: Mapping[str, Widget]) -> dict[str, Widget]:
    """The widgets of a screen by dotted path; names that nothing has were told at start.

    The name "" stands for the ordinary inputs, also where a widget would be used by itself.
    """
    plain = Widget("", kinds=frozenset())
    return {path: known.get(name, plain) for path, name in wanted.items() if name in known or not name}


def find_near(name: str, known: Mapping[str, Widget]) -> str:
    """The widget that was perhaps meant, or all that there are."""
    near = difflib.get_close_matches(name, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"one of {', '.join(sorted(known))}"
