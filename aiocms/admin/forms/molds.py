"""Fields of a form that look alike are rendered once: the others are cast from the same mold.

A list of five hundred items shows each of its fields five hundred times, and only the input's name, its
path and its text differ. The template renders the first one with placeholders in their places, so a site
that overrides ``admin:field`` changes all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from aiocms.admin.forms.nodes import Node

NAME, PATH, TEXT = "\x01", "\x02", "\x03"
_SLOT = re.compile(f"[{NAME}{PATH}{TEXT}]")

Render = Callable[[Node, bool, str], Markup]


@dataclass(slots=True)
class Mold:
    """Markup with places for a field's name, path and text."""

    glue: Markup
    pieces: list[str]

    @classmethod
    def of(cls, made: Markup) -> Mold:
        """The mold that a field with placeholders makes."""
        pieces: list[str] = []
        end = 0
        for slot in _SLOT.finditer(made):
            pieces += [made[end : slot.start()], slot[0]]
            end = slot.end()
        return cls(made[:0], [*pieces, made[end:]])

    def cast(self, values: dict[str, str]) -> Markup:
        """The markup with these values, escaped, in their places."""
        return self.glue.join([values.get(piece, piece) for piece in self.pieces])


@dataclass(slots=True)
class Molds:
    """The molds of one page."""

    made: dict[tuple[Any, ...], Mold] = field(default_factory=dict)

    def cast(self, node: Node, bare: bool, path: str, place: str, render: Render) -> Markup:
        """A field's markup.

        Parameters:
            bare: without its label.
            path: of the field as screens write it; place: the same with places in lists.
            render: the template's macro; it gets the field, ``bare`` and the field's shape.
        """
        shape = node.shape
        if node.errors or node.widget is not None or node.retyping or node.naming or shape == "area":
            return render(node, bare, shape)
        if _SLOT.search(path):
            return render(node, bare, shape)  # a key with such a character would be taken for a place
        fixed = node.text if shape == "switch" else TEXT
        look = (
            *(path, node.key, node.kind, node.base_kind, shape, fixed, bare),
            *(node.in_list, node.editable, node.offered),
        )
        mold = self.made.get(look)
        if mold is None:
            mold = self.made[look] = Mold.of(render(replace(node, name=NAME, text=fixed), bare, shape))
        return mold.cast({NAME: node.name, PATH: place, TEXT: node.text})
