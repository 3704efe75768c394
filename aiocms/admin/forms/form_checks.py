"""The start-up checks of what a screen says of its form: layout, conditions, and words beside fields."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

import wtforms

from aiocms.admin.forms.showif import BadExpression, iter_names, parse
from aiocms.admin.screens import Group, Screen, Tab, sound_path
from aiocms.core.faults import Fault

_WORDS = ("labels", "help", "placeholders")


def iter_form_faults(screen: type[Screen], where: str) -> Iterator[Fault]:
    """The mistakes in `layout`, `show_if`, `labels`, `help`, `placeholders` and `defaults`."""
    known = _list_form_paths(screen)
    yield from _iter_layout(screen, where, known)
    for attribute in (*_WORDS, "show_if", "defaults"):
        value: Any = getattr(screen, attribute)
        subject = f"The screen {screen.__name__}: {attribute}"
        if not isinstance(value, Mapping):
            yield Fault("admin.E003", f"{subject} must be a dict, not {type(value).__name__}", where)
            continue
        for path, one in value.items():
            if not isinstance(path, str) or not sound_path(path):
                yield Fault("admin.E005", f"{subject} holds {path!r}, which is no path of a field", where)
            elif attribute != "defaults" and not isinstance(one, str):
                yield Fault("admin.E003", f"{subject} has {one!r} for {path!r}, which is no text", where)
            elif attribute == "show_if":
                yield from _iter_condition(one, f"{subject}[{path!r}]", where, known, path)
            elif known is not None and path not in known:
                yield Fault("admin.E031", f"{subject} names {path!r}", where, _hint(path, known))


def _iter_layout(screen: type[Screen], where: str, known: set[str] | None) -> Iterator[Fault]:
    seen: set[str] = set()
    titles: set[str] = set()
    subject = f"The screen {screen.__name__}: layout"
    for kind, title in _iter_titles(screen.layout):
        if not title:
            yield Fault("admin.E030", f"{subject} has a {kind} without a title", where)
        elif kind == "Tab" and title in titles:
            yield Fault("admin.E030", f"{subject} has two tabs with the title {title!r}", where)
        if kind == "Tab":
            titles.add(title)
    for path in _iter_paths(screen.layout):
        if path in seen:
            yield Fault(
                "admin.E030", f"{subject} names {path!r} twice", where, "a field has one place in a form"
            )
        elif known is not None and path not in known:
            yield Fault("admin.E031", f"{subject} names {path!r}", where, _hint(path, known))
        seen.add(path)
    for inner in _iter_misplaced(screen.layout, is_top=True):
        yield Fault(
            "admin.E030", f"{subject} has {inner!r} where only rows stand", where, "groups hold plain rows"
        )


def _iter_condition(
    text: str, subject: str, where: str, known: set[str] | None, path: str
) -> Iterator[Fault]:
    try:
        tree = parse(text)
    except BadExpression as error:
        yield Fault("admin.E032", f"{subject}: {error}", where, "see the language of conditions")
        return
    if known is None:
        return
    if path not in known:
        yield Fault("admin.E031", f"{subject} is no field of the form", where, _hint(path, known))
    ends = {".".join(part.split(".")[at:]) for part in known for at in range(part.count(".") + 1)}
    for root, parts in iter_names(tree):
        name = ".".join(parts)
        if name not in (known if root else ends):
            yield Fault("admin.E031", f"{subject} asks for {name!r}", where, _hint(name, known))


def _iter_titles(layout: Any) -> Iterator[tuple[str, str]]:
    for one in layout if isinstance(layout, tuple | list) else ():
        if isinstance(one, Tab | Group):
            yield type(one).__name__, one.title
            yield from _iter_titles(one.rows)


def _iter_paths(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Tab | Group):
        yield from _iter_paths(part.rows)
    elif isinstance(part, tuple | list):
        for one in part:
            yield from _iter_paths(one)


def _iter_misplaced(part: Any, *, is_top: bool) -> Iterator[Any]:
    for one in part if isinstance(part, tuple | list) else ():
        if isinstance(one, Tab):
            if is_top:
                yield from _iter_misplaced(one.rows, is_top=False)
            else:
                yield one
        elif isinstance(one, Group):
            yield from (row for row in one.rows if not _is_row(row))
        elif not _is_row(one):
            yield one


def _is_row(row: Any) -> bool:
    return isinstance(row, str) or (
        isinstance(row, tuple | list) and all(isinstance(one, str) for one in row)
    )


def _list_form_paths(screen: type[Screen]) -> set[str] | None:
    """The paths of a declared form; None when the form is inferred, or chosen for each request."""
    form = screen.form
    if form is None or hasattr(screen, "get_form"):
        return None
    try:
        return set(_iter_form_paths(form()))
    except Exception:  # noqa: BLE001 - a form that cannot be made here is told where it is used
        return None


def _iter_form_paths(form: Any, before: str = "") -> Iterator[str]:
    for name, field in form._fields.items():
        path = f"{before}{name}"
        yield path
        while isinstance(field, wtforms.FieldList):
            field = field.append_entry()
        if isinstance(field, wtforms.FormField):
            yield from _iter_form_paths(field.form, f"{path}.")


def _hint(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), 1)
    return f"did you mean {near[0]!r}?" if near else f"the form has {', '.join(sorted(known)[:20])}"
