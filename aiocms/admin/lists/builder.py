"""The filter form: conditions and groups as rows of inputs that fit their types, without any script.

A row's inputs are named by its place in the tree: `path:0.1`, `op:0.1`, `v:0.1`; a group has `kind:0`. What
is sent becomes rows again, so every button of the form is one more way to show it, until it is applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from aiocms.admin.known import NUMBERS, KnownField, KnownFields
from aiocms.admin.lists.conditions import OPERATORS, Condition, Group, holds_items, operators_of
from aiocms.admin.lists.query import MOST_CONDITIONS

NAMES = ("kind:", "path:", "op:", "v:")
DEEPEST = 3
_NAME = re.compile(r"(kind|path|op|v):((?:\d{1,2}(?:\.\d{1,2}){0,3})?)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
InputKind = Literal["yesno", "select", "ticks", "type", "date", "datetime", "number", "text", "lines"]


@dataclass(slots=True)
class Line:
    """One condition as it stands in the form. `error`: what is wrong with it, as text."""

    path: str = ""
    operator: str = ""
    texts: list[str] = field(default_factory=list)
    key: str = ""
    error: str = ""


@dataclass(slots=True)
class Branch:
    """A group as it stands in the form.

    `path`: for "one" the list of which one item must meet all. `item`: the list that its lines speak of an
    item of, because it is such a group or lies in one; "": they speak of the document. `outer`: the same of
    the group that it lies in.
    """

    kind: Literal["and", "or", "one"] = "and"
    children: list[Line | Branch] = field(default_factory=list)
    key: str = ""
    path: str = ""
    item: str = ""
    outer: str = ""

    @property
    def value(self) -> str:
        """The kind as its select sends it: `and`, `or`, `one:lines`."""
        return f"one:{self.path}" if self.kind == "one" else self.kind

    @property
    def depth(self) -> int:
        """How many groups it lies in."""
        return self.key.count(".") + 1 if self.key else 0

    @property
    def may_hold_groups(self) -> bool:
        """Whether a group may be put into it."""
        return self.depth < DEEPEST - 1


@dataclass(frozen=True, slots=True)
class Input:
    """How the value of a line is asked for. `values` are shown; two for "between". `options`: of a select."""

    kind: InputKind
    values: tuple[str, ...]
    options: tuple[str, ...] = ()


def make_tree(group: Group) -> Branch:
    """The form of a filter: a filter that is one "or" group is shown as that group."""
    while len(group.children) == 1 and isinstance(only := group.children[0], Group) and only.kind != "one":
        group = only
    return _number(_make_branch(group))


def read_tree(pairs: Iterable[tuple[str, str]]) -> Branch:
    """The form as it was sent; names that are none of its own are passed over."""
    root = Branch()
    lines: dict[str, Line] = {}
    branches: dict[str, Branch] = {"": root}
    for name, text in pairs:
        match = _NAME.fullmatch(name)
        if match is None or len(lines) > MOST_CONDITIONS or len(branches) > MOST_CONDITIONS:
            continue
        kind, key = match.groups()
        if kind == "kind":
            branch = branches.setdefault(key, Branch())
            if text.startswith("one:") and key:
                branch.kind, branch.path = "one", text[4:]
            else:
                branch.kind = "or" if text == "or" else "and"
            continue
        line = lines.setdefault(key, Line())
        if kind == "path":
            line.path = text
        elif kind == "op":
            line.operator = text
        else:
            line.texts.append(text)
    parts: dict[str, Line | Branch] = {**lines, **branches}
    for key in sorted(parts, key=_place):
        above = branches.get(key.rpartition(".")[0]) if key else None
        if above is not None:
            above.children.append(parts[key])
    return _number(root)


def write_tree(branch: Branch) -> Group:
    """The filter of a form; lines without a value, and groups without lines, are left out."""
    children: list[Condition | Group] = []
    for child in branch.children:
        if isinstance(child, Branch):
            inner = write_tree(child)
            if inner.children:
                children.append(inner)
        elif condition := make_condition(child):
            children.append(condition)
    if branch.kind == "or" and not branch.key and len(children) > 1:
        return Group("and", (Group("or", tuple(children)),))
    return Group("and" if not branch.key else branch.kind, tuple(children), branch.path)


def make_condition(line: Line) -> Condition | None:
    """The condition of a line, or None when it lacks a field or a value."""
    texts = [text.strip() for text in line.texts]
    if line.operator == "in":
        several = [text.strip() for one in line.texts for text in one.splitlines() if text.strip()]
        return Condition(line.path, "in", tuple(several)) if line.path and several else None
    if line.operator == "between":
        low, high = (*texts, "", "")[:2]
        return Condition(line.path, "between", (f"{low}..{high}",)) if line.path and (low or high) else None
    if not line.path or not texts or not texts[0]:
        return None
    return Condition(line.path, line.operator or "is", (texts[0],))


def iter_lines(branch: Branch) -> Iterator[tuple[Line, str]]:
    """Every line of a form, and the list that it speaks of an item of, or ""."""
    for child in branch.children:
        if isinstance(child, Branch):
            yield from iter_lines(child)
        else:
            yield child, branch.item


def settle(branch: Branch, fields: KnownFields, item: str = "") -> None:
    """Say of every group which item its lines are about; a "one" group without a list gets the first."""
    if branch.kind == "one":
        lists = item_lists(fields, item)
        if branch.path not in lists:
            branch.path = lists[0] if lists else ""
        branch.kind = branch.kind if branch.path else "and"
    branch.outer, branch.item = item, branch.path or item
    for child in branch.children:
        if isinstance(child, Branch):
            settle(child, fields, branch.item)


def item_lists(fields: KnownFields, item: str = "") -> list[str]:
    """The lists of objects in a document, or in an item of a list."""
    return [one.path for one in fields if holds_items(one) and is_within(one.path, item)]


def is_within(path: str, item: str) -> bool:
    """Whether a field is one of the items of a list; every field is one of the document, ""."""
    return not item or path.startswith(f"{item}.")


def press(root: Branch, button: str) -> None:
    """Do what a button of the form says: `add:0` a line, `group:0`, `one:0` a group, `remove:0.1` either."""
    verb, _, key = button.partition(":")
    if verb == "remove":
        above = _find(root, key.rpartition(".")[0])
        if above is not None and key:
            above.children = [one for one in above.children if one.key != key]
    elif verb in ("add", "group", "one"):
        branch = _find(root, key)
        if branch is not None and (verb == "add" or branch.may_hold_groups):
            other: Literal["and", "or", "one"] = "and" if branch.kind == "or" else "or"
            other = "one" if verb == "one" else other
            branch.children.append(Line() if verb == "add" else Branch(other, [Line(), Line()]))
    _number(root)


def fit(line: Line, known: KnownField) -> None:
    """Give a line an operator that its field allows, and values in the number that the operator wants."""
    allowed = operators_of(known)
    if line.operator not in allowed:
        line.operator = allowed[0]
    texts = [text for one in line.texts for text in one.splitlines() or [""]]
    if line.operator == "in":
        texts = [text for text in texts if text.strip()]
    else:
        texts = texts[: 2 if line.operator == "between" else 1]
    line.texts = texts


def describe_input(line: Line, known: KnownField) -> Input:
    """The input that fits a line: by its operator, then by the choices and types of its field."""
    texts = tuple(line.texts)
    types = known.parsed_types
    first = texts[:1] or ("",)
    match line.operator:
        case "empty" | "exists":
            return Input("yesno", first)
        case "type":
            return Input("type", first, tuple(sorted(known.types)))
        case "is" | "not" if known.choices and first[0] in ("", *known.choices):
            return Input("select", first, known.choices)
        case "in" if known.choices and all(text in known.choices for text in texts):
            return Input("ticks", texts, known.choices)
        case "in":
            return Input("lines", ("\n".join(texts),))
        case "is" | "not" if types == {"bool"}:
            return Input("yesno", first)
    values = (*texts, "", "")[:2] if line.operator == "between" else first
    return Input(_kind_of(types, values, line.operator), values)


def operators_for(known: KnownField) -> Mapping[str, str]:
    """The operators that a line of this field offers, with their texts for gettext."""
    return {name: OPERATORS[name] for name in operators_of(known)}


def _kind_of(types: frozenset[str], values: tuple[str, ...], operator: str) -> InputKind:
    def all_are(pattern: re.Pattern[str]) -> bool:
        return all(not value or pattern.fullmatch(value) for value in values)

    if types == {"date"}:
        # A year or a month, which an address may hold, is no value of a date input.
        return "date" if all_are(_DAY) else "datetime" if all_are(_MINUTE) else "text"
    if types <= NUMBERS and operator not in ("contains", "starts") and all_are(_NUMBER):
        return "number"
    return "text"


def _make_branch(group: Group) -> Branch:
    branch = Branch(group.kind, path=group.path)
    for child in group.children:
        if isinstance(child, Condition):
            texts = list(child.texts)
            if child.operator == "between":
                low, _, high = texts[0].partition("..")
                texts = [low.strip(), high.strip()]
            branch.children.append(Line(child.path, child.operator, texts))
        elif len(child.children) == 1 and child.kind != "one":
            branch.children += _make_branch(Group(group.kind, child.children)).children
        else:
            branch.children.append(_make_branch(child))
    return branch


def _number(branch: Branch) -> Branch:
    for index, child in enumerate(branch.children):
        child.key = f"{branch.key}.{index}" if branch.key else str(index)
        if isinstance(child, Branch):
            _number(child)
    return branch


def _find(branch: Branch, key: str) -> Branch | None:
    if branch.key == key:
        return branch
    inner = (_find(child, key) for child in branch.children if isinstance(child, Branch))
    return next((one for one in inner if one is not None), None)


def _place(key: str) -> tuple[int, ...]:
    return tuple(int(part) for part in key.split(".")) if key else ()
