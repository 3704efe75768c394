"""The panel in which a list's filter is built: conditions, groups, inputs by type."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from aiocms.admin.known import KnownField, KnownFields
from aiocms.admin.lists.builder import (
    NAMES,
    Branch,
    Input,
    Line,
    describe_input,
    fit,
    is_within,
    item_lists,
    iter_lines,
    make_condition,
    make_tree,
    operators_for,
    press,
    read_tree,
    settle,
    write_tree,
)
from aiocms.admin.lists.columns import path_label
from aiocms.admin.lists.conditions import BadFilter, compile_condition
from aiocms.admin.lists.panels import Desk, kept_inputs, leave, open_desk, show_panel
from aiocms.admin.lists.query import MOST_CONDITIONS
from aiocms.admin.lists.wording import say_field
from aiocms.admin.screens import Filter
from aiocms.admin.values.rawbson import CODES
from aiocms.core.i18n import N_, gettext

_MOST_FIELDS = 300


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as the template shows it; `input` is None until its field is chosen. `offered`: the fields."""

    key: str
    path: str
    operator: str
    operators: dict[str, str]
    input: Input | None
    error: str
    offered: list[tuple[str, str]]


async def show(request: web.Request) -> web.StreamResponse:
    """The form; when it is applied, on to the list."""
    desk = await open_desk(request, NAMES)
    fields = await desk.store.fields()
    root = read_tree(desk.typed) if desk.done else make_tree(desk.state.tree)
    if desk.done == "show":
        settle(root, fields)
        tree = write_tree(root)
        if _check(desk, root, fields):
            return leave(request, desk.url(replace(desk.state, tree=tree, scan=False)))
    else:
        press(root, desk.done)
        settle(root, fields)
        _let_go(root)
    if not root.children:
        root.children.append(Line(key="0"))
    offers = await _offer(desk, root, fields)
    lines = {line.key: _show_line(desk, line, fields, offers[item]) for line, item in iter_lines(root)}
    wrong = any(line.error for line in lines.values())
    values = {
        "root": root,
        "lines": lines,
        "offered": offers[""],
        "lists_of": lambda item: _name_lists(desk, fields, item),
        "types": list(CODES),
        "kept": kept_inputs(replace(desk.state, tree=replace(desk.state.tree, children=()))),
        "address": desk.panel_url("filter"),
        "clear_url": desk.url(replace(desk.state, tree=replace(desk.state.tree, children=()), scan=False)),
        "is_full": sum(1 for _ in iter_lines(root)) >= MOST_CONDITIONS,
        "is_branch": lambda one: isinstance(one, Branch),
    }
    return show_panel(desk, "filter", gettext(request, N_("Filter")), values, status=422 if wrong else 200)


def _check(desk: Desk, root: Branch, fields: KnownFields) -> bool:
    """Whether every line that says something can be applied; what is wrong is noted at the line."""
    for line, item in iter_lines(root):
        known = fields.find(line.path)
        condition = make_condition(line)
        try:
            if condition is not None and known is None:
                raise BadFilter(N_("There is no field “%(path)s”."), path=line.path[:100])
            if condition is not None and known is not None:
                if not is_within(known.path, item):
                    raise BadFilter(N_("“%(path)s” is not inside of “%(list)s”."), path=known.path, list=item)
                compile_condition(condition, known, desk.store.zone)
        except BadFilter as error:
            line.error = gettext(desk.request, error.message, **error.values)
    return not any(line.error for line, _ in iter_lines(root))


def _let_go(root: Branch) -> None:
    """Take the fields from the lines that the list of their group does not have: others are to be chosen."""
    for line, item in iter_lines(root):
        if not is_within(line.path, item):
            line.path, line.operator = "", ""


def _show_line(desk: Desk, line: Line, fields: KnownFields, offered: list[tuple[str, str]]) -> ShownLine:
    known: KnownField | None = fields.find(line.path) if line.path else None
    if known is None:
        return ShownLine(line.key, line.path, "", {}, None, line.error, offered)
    fit(line, known)
    operators = {name: gettext(desk.request, text) for name, text in operators_for(known).items()}
    shown = describe_input(line, known)
    return ShownLine(line.key, line.path, line.operator, operators, shown, line.error, offered)


def _name_lists(desk: Desk, fields: KnownFields, item: str) -> list[tuple[str, str]]:
    """The lists that a group may ask one item of, in the document or in an item, with their names."""
    return [(path, say_field(desk.request, fields, path, item)) for path in item_lists(fields, item)]


async def _offer(desk: Desk, root: Branch, fields: KnownFields) -> dict[str, list[tuple[str, str]]]:
    """The fields to choose from, by the list whose items the lines are about; "": the document.

    The declared come first, `_id` last; those of the lines are there in any case.
    """
    declared: list[Any] = list(await desk.screen.get("filters", desk.request))
    order = {one.path if isinstance(one, Filter) else one: at for at, one in enumerate(declared)}
    most = len(order)

    def rank(one: KnownField) -> int:
        return most + 1 if one.path == "_id" else order.get(one.path, most)

    ranked = [one for one in sorted(fields, key=rank) if one.types != {"object"} or one.path in order]
    offers: dict[str, dict[str, str]] = {}
    for line, item in ((Line(), ""), *iter_lines(root)):
        if item not in offers:
            inside = [one.path for one in ranked if is_within(one.path, item)][:_MOST_FIELDS]
            offers[item] = {path: say_field(desk.request, fields, path, item) for path in inside}
        if line.path:
            offers[item].setdefault(line.path, path_label(line.path, desk.request))
    return {item: list(found.items()) for item, found in offers.items()}
