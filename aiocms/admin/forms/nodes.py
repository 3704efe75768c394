"""The parts of an edit form as data: what was shown, what was typed, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from aiocms.admin.forms.shown import Stub
from aiocms.admin.forms.widgets import Widget
from aiocms.admin.values.bsontext import BadText
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import NAMES, Value


@dataclass(slots=True)
class Node:
    """One part of a form: a scalar, an object, a list, or something that is shown but not edited.

    Parameters:
        name: of its input.
        key: in the object around it; in a list "".
        kind: type name; of a stub ``kept`` or ``masked``.
        path: in the edited part, places in lists as shown.
        text: of a scalar, as typed.
        base: the value that the form was made from; None for a new part.
        place: of a list item, its place in the base; None for a new one.
        editable: False for a part that the user may only read.
        retyping: its type is being chosen.
        naming: its key is being typed.
        opened: asked for, so it is shown open.
        light: an item of a long list that nobody opened: its parts are not made, it is as in the base.
        free: an object whose keys are data.
        offered: the document has no such key; left empty, it gets none.
        off: its condition does not hold, so it keeps what is stored.
        highest: of a list, the greatest number that the page has given to an item.
        widget: gives its input; such a part has no parts of its own.
    """

    name: str
    kind: str
    key: str = ""
    path: Path = ()
    text: str = ""
    base: Value | None = None
    place: int | None = None
    in_list: bool = False
    editable: bool = True
    removed: bool = False
    retyping: bool = False
    naming: bool = False
    opened: bool = False
    light: bool = False
    free: bool = False
    highest: int = -1
    offered: bool = False
    off: bool = False
    stub: Stub | None = None
    widget: Widget | None = None
    children: list[Node] = field(default_factory=list)
    errors: list[BadText] = field(default_factory=list)

    @property
    def is_container(self) -> bool:
        """Whether it is an object or a list."""
        return self.widget is None and self.kind in ("object", "array")

    @property
    def shape(self) -> str:
        """The input that its text asks for: line, area, moment, fraction (of a second), switch or nothing."""
        text = self.text
        if self.kind == "bool":
            return "switch"
        if self.kind in ("null", "minKey", "maxKey"):
            return "nothing"
        if self.kind in ("string", "code") and (len(text) > 90 or "\n" in text or "\r" in text):
            return "area"
        if self.kind == "date" and (
            (len(text) in (16, 19, 23) and text[4] == "-") or (self.is_new and not text)
        ):
            return "fraction" if "." in text else "moment"
        return "line"

    @property
    def is_new(self) -> bool:
        """Whether the base does not have it."""
        return self.base is None

    @property
    def label(self) -> str:
        """The last label of its name."""
        return self.name.rpartition("-")[2]

    @property
    def base_kind(self) -> str:
        """The type it had in the base."""
        return NAMES.get(self.base.code, "") if self.base is not None else ""

    @property
    def is_retyped(self) -> bool:
        """Whether it gets another type than the base has."""
        return self.base is not None and self.stub is None and self.kind != self.base_kind

    @property
    def is_homogeneous(self) -> bool:
        """Whether all items of a list have one type."""
        return len({child.kind for child in self.children if not child.removed}) < 2

    @property
    def has_light(self) -> bool:
        """Whether items of this list are shown without their parts."""
        return any(child.light for child in self.children)

    @property
    def order(self) -> str:
        """The numbers of a list's items in order, when it is not that of the base; else nothing."""
        labels = [child.label for child in self.children]
        size = len(self.base.items()) if self.base is not None and self.base_kind == "array" else 0
        return "" if labels == [str(place) for place in range(size)] else ",".join(labels)

    @property
    def has_errors(self) -> bool:
        """Whether it or something below it has an error."""
        return bool(self.errors) or any(child.has_errors for child in self.children)

    def iter_all(self) -> Iterator[Node]:
        """This part and everything below it."""
        yield self
        for child in self.children:
            yield from child.iter_all()

    def find(self, path: Path, expand: Callable[[Node], None]) -> tuple[Node, Path]:
        """The part at a path of the value as it is read, or the nearest around it; the rest of the path."""
        here = self
        for depth, part in enumerate(path):
            if here.light:
                expand(here)
            there = [one for one in here.children if not one.removed]
            if isinstance(part, int):
                found = there[part : part + 1] if part >= 0 and here.kind == "array" else []
            else:
                found = [one for one in there if one.key == part and here.kind == "object"]
            if not found:
                return here, path[depth:]
            here = found[0]
        return here, ()
