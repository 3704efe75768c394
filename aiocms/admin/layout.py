"""The order of an edit form's fields on the page: sections of rows, as a screen's ``layout`` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiocms.admin.screens import Tab
from aiocms.core.i18n import N_

OTHERS = N_("Other fields")


@dataclass(slots=True)
class Section:
    """A titled part of the form; each row holds nodes or WTForms fields that share a line."""

    title: str = ""
    rows: list[list[Any]] = field(default_factory=list)


def arrange(editor: Any, layout: Sequence[str | tuple[str, ...] | Tab]) -> list[Section]:
    """The sections of a form. What the layout does not name comes after it in a section of its own."""
    parts = dict(_iter_parts(editor))
    sections = [Section()]
    for entry in layout:
        rows = entry.rows if isinstance(entry, Tab) else (entry,)
        section = Section(entry.title) if isinstance(entry, Tab) else sections[0]
        for row in rows:
            names = (row,) if isinstance(row, str) else row
            found = [parts.pop(key) for name in names if (key := name.partition(".")[0]) in parts]
            if found:
                section.rows.append(found)
        if isinstance(entry, Tab) and section.rows:
            sections.append(section)
    rest = [[part] for part in parts.values()]
    if layout and any(section.rows for section in sections):
        sections.append(Section(OTHERS, rest))
    else:
        sections[0].rows.extend(rest)
    return [section for section in sections if section.rows]


def _iter_parts(editor: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(editor, "nodes"):
        yield from ((node.key or node.name, node) for node in editor.nodes)
    else:
        yield from editor.form._fields.items()
