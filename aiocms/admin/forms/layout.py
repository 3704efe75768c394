"""The order of an edit form's fields on the page: rows, groups and tabs, as a screen's ``layout`` says."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms import FieldList, FormField

from aiocms.admin.forms.tree import Node
from aiocms.admin.screens import Group, Tab
from aiocms.core.i18n import N_

OTHERS = N_("Other fields")
Layout = Sequence[str | tuple[str, ...] | Group | Tab]


@dataclass(slots=True)
class Cluster:
    """A group on the page: rows under a heading.

    Parameters:
        anchor: id of its element.
        errors: how many of its fields are wrong.
    """

    title: str
    help: str = ""
    collapsed: bool = False
    anchor: str = ""
    rows: list[list[Any]] = field(default_factory=list)
    errors: int = 0


@dataclass(slots=True)
class Section:
    """A part of the form: a tab, or what is always seen.

    Parameters:
        rows: each a list of nodes or WTForms fields that share a line, or a `Cluster`.
        anchor: of a tab, the fragment of its address.
        errors: how many fields are wrong in it.
        carried: new objects all of whose fields stand elsewhere; the form must name them.
    """

    title: str = ""
    rows: list[list[Any] | Cluster] = field(default_factory=list)
    anchor: str = ""
    errors: int = 0
    carried: list[Node] = field(default_factory=list)

    @property
    def is_tab(self) -> bool:
        """Whether it is one of the tabs."""
        return bool(self.anchor)


def arrange(editor: Any, layout: Layout) -> list[Section]:
    """The sections of a form, in the order of the page.

    What the layout does not name comes last, in a tab or section of its own. Of a part of a document nothing
    but the part itself is shown.
    """
    if editor.base.at:
        layout = ()
    parts = _Parts(editor, layout)
    top = Section()
    tabs: list[Section] = []
    for entry in layout:
        if isinstance(entry, Tab):
            tab = Section(entry.title, _make_rows(entry.rows, parts), f"tab-{_slug(entry.title, len(tabs))}")
            tabs.append(tab)
        else:
            top.rows.extend(_make_rows((entry,), parts))
    rest: list[list[Any] | Cluster] = [[part] for part in parts.take_rest()]
    if tabs:
        tabs.append(Section(OTHERS, rest, "tab-other"))
    elif layout and top.rows:
        tabs.append(Section(OTHERS, rest))
    else:
        top.rows.extend(rest)
    sections = [section for section in (top, *tabs) if section.rows]
    for section in sections:
        section.errors = sum(_count_row(row) for row in section.rows)
    if sections:
        sections[0].carried = parts.carried
    return sections


def iter_layout_paths(layout: Any) -> Iterator[str]:
    """Every path that a layout names, in order."""
    for one in layout:
        if isinstance(one, str):
            yield one
        else:
            yield from iter_layout_paths(one.rows if isinstance(one, Tab | Group) else one)


def _make_rows(rows: Iterable[Any], parts: _Parts) -> list[list[Any] | Cluster]:
    made: list[list[Any] | Cluster] = []
    for row in rows:
        if isinstance(row, Group):
            cluster = Cluster(row.title, row.help, row.collapsed, f"group-{_slug(row.title, parts.count)}")
            parts.count += 1
            cluster.rows = [one for one in _make_rows(row.rows, parts) if isinstance(one, list)]
            cluster.errors = sum(_count_row(one) for one in cluster.rows)
            if cluster.rows:
                made.append(cluster)
        else:
            found = [part for path in ((row,) if isinstance(row, str) else row) for part in parts.take(path)]
            if found:
                made.append(found)
    return made


class _Parts:
    """The parts of a form by path; each is given out once, a nested one out of the object around it."""

    def __init__(self, editor: Any, layout: Layout) -> None:
        self.count = 0
        self.carried: list[Node] = []
        self._top: dict[str, Any] = dict(_iter_top(editor))
        self._found: dict[str, Any] = {}
        for path in iter_layout_paths(layout):
            part = self._find(path)
            if part is not None:
                self._found.setdefault(path, part)
        self._nested = {part.name for path, part in self._found.items() if "." in path}

    def take(self, path: str) -> list[Any]:
        """The part at a path without what stands elsewhere; nothing when it was taken or is not there."""
        part = self._found.pop(path, None)
        self._top.pop(path, None)
        return [] if part is None else self._thin_out(part, self._nested - {part.name})

    def take_rest(self) -> list[Any]:
        """What was not taken."""
        return [one for part in self._top.values() for one in self._thin_out(part, self._nested)]

    def _find(self, path: str) -> Any:
        first, *rest = path.split(".")
        part = self._top.get(first)
        for name in rest:
            part = _find_inside(part, name)
        return part

    def _thin_out(self, part: Any, nested: set[str]) -> list[Any]:
        """The part without nested ones that stand elsewhere; an object with nothing left is not shown."""
        gone = {name for name in nested if name.startswith(f"{part.name}-")}
        if not gone:
            return [part]
        if isinstance(part, Node):
            left = [
                thin for one in part.children if one.name not in gone for thin in self._thin_out(one, gone)
            ]
            if not left and not part.errors:
                self.carried.extend([part] if part.is_new else [])
                return []
            return [dataclasses.replace(part, children=left)]
        if not isinstance(part, FormField):
            return [part]
        # copy.copy would give what WTForms has for a field without a form.
        thin = object.__new__(type(part))
        thin.__dict__.update(part.__dict__)
        thin.form = copy.copy(part.form)
        thin.form._fields = {
            name: kept
            for name, one in part.form._fields.items()
            if one.name not in gone
            for kept in self._thin_out(one, gone)
        }
        return [thin] if thin.form._fields or part.errors else []


def _find_inside(part: Any, name: str) -> Any:
    if isinstance(part, Node):
        inside = part.children if part.kind == "object" and not part.removed and part.is_container else ()
        return next((one for one in inside if one.key == name and not one.naming), None)
    return part.form._fields.get(name) if isinstance(part, FormField) else None


def _iter_top(editor: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(editor, "nodes"):
        yield from ((node.key or node.name, node) for node in editor.nodes)
    else:
        yield from editor.form._fields.items()


def _count_row(row: list[Any] | Cluster) -> int:
    return row.errors if isinstance(row, Cluster) else sum(count_errors(part) for part in row)


def count_errors(part: Any) -> int:
    """How many fields of a node or of a WTForms field are wrong."""
    if isinstance(part, Node):
        return sum(1 for one in part.iter_all() if one.errors)
    if isinstance(part, FormField):
        return sum(count_errors(one) for one in part.form)
    if isinstance(part, FieldList):
        own = any(isinstance(error, str) for error in part.errors)
        return int(own) + sum(count_errors(one) for one in part.entries)
    return int(bool(part.errors))


def _slug(title: str, number: int) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or str(number + 1)
