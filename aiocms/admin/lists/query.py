"""The state of a list in its address: readable, typed, and the same in both directions.

    ?q=lamp                        search
    ?status=active                 the field is this value; given twice: one of them
    ?price.gte=10&price.lt=20      field.operator; a last part that is named like an operator is one
    ?status.in=new,paid            several values; "\\," is a comma
    ?or:stock=0&or:status=sold     one of these; or2:… is a second group, or:and:… a group inside
    ?and:tags=a&and2:tags=b        both, where ?tags=a&tags=b would be one of them
    ?one:lines:price.gte=10&one:lines:qty.lt=3   one and the same item of the list "lines" meets both
    ?sort=-price,title&size=50&cols=title,price
    ?at=last   ?at=after~<token>   which page
    ?view=<id>                     the saved view that the rest came from; "all": none

Conditions are asked of the document. Of a list, "is", "contains" and the comparisons ask whether one item is
so, "is not" whether no item is; "between" asks for one item between both ends. Two conditions may be met by
two items.

A field whose name is reserved or ends like an operator is written with `.is`: `?q.is=5`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aiocms.admin.known import KnownFields
from aiocms.admin.lists.conditions import (
    OPERATORS,
    BadFilter,
    Condition,
    Group,
    compile_condition,
    holds_items,
)
from aiocms.admin.lists.keyset import Place, SortKey
from aiocms.admin.lists.tokens import BadToken, Signer
from aiocms.admin.screens import sound_path
from aiocms.core.i18n import N_

RESERVED = frozenset(("q", "sort", "size", "cols", "at", "scan", "view"))
SIZES = (20, 50, 100, 200)
MOST_CONDITIONS = 50
MOST_COLUMNS = 60
MOST_SORTS = 8
_DEEPEST = 4
_TOO_MANY = N_("A list is filtered by at most %(most)s conditions.")
_GROUP = re.compile(r"(?:(or|and)(\d{0,2})|(one)(\d{0,2}):((?:[^:\\]|\\.)+)):(.*)", re.DOTALL)
Pairs = Iterable[tuple[str, str]]
Groups = tuple[tuple[str, str, str], ...]
"""The groups that a condition lies in: kind, number, and the list of a "one" group."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one part of the address: its key and value as given, and a message for gettext."""

    key: str
    text: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListState:
    """Everything that an address says about a list."""

    search: str = ""
    tree: Group = field(default_factory=Group)
    sort: tuple[SortKey, ...] = ()
    size: int = 0
    columns: tuple[str, ...] = ()
    place: Place = field(default_factory=Place)
    scan: bool = False
    view: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether rows are left out by a search or a filter."""
        return bool(self.search or self.tree.children)


def read_state(
    pairs: Pairs,
    fields: KnownFields,
    signer_of: Callable[[tuple[SortKey, ...]], Signer],
    sortable: KnownFields,
) -> ListState:
    """The state that the keys and values of an address stand for.

    Nothing raises: what cannot be understood is left out and told in `problems`.

    Parameters:
        fields: what may be filtered; `sortable`: what may be sorted by.
        signer_of: the signer of places in this order; it is given what the address says of the order.
    """
    problems: list[Problem] = []
    plain: dict[str, str] = {}
    conditions: list[tuple[Groups, Condition]] = []
    for key, text in pairs:
        if key in RESERVED:
            plain[key] = text
        elif text.strip() and len(conditions) < MOST_CONDITIONS:
            _read_condition(key, text, fields, conditions, problems)
        elif text.strip() and not any(one.message == _TOO_MANY for one in problems):
            # Left out in silence it would let rows through that were not asked for.
            most = {"most": MOST_CONDITIONS}
            problems.append(Problem(_printable(key), _printable(text), _TOO_MANY, most))
    sort = _read_sort(plain.get("sort", ""), sortable, problems)
    return ListState(
        search=_read_search(plain.get("q", ""), problems),
        tree=_grow("and", conditions),
        sort=sort,
        size=_read_size(plain.get("size", ""), problems),
        columns=_read_columns(plain.get("cols", "")),
        place=_read_place(plain.get("at", ""), signer_of(sort), problems),
        scan=plain.get("scan") == "yes",
        view=_read_view(plain.get("view", "")),
        problems=tuple(problems),
    )


def write_state(state: ListState, *, at: str = "") -> list[tuple[str, str]]:
    """The keys and values of an address for this state; the page only when `at` names one."""
    pairs: list[tuple[str, str]] = []
    if state.search:
        pairs.append(("q", state.search))
    pairs += _write_group(state.tree, "")
    if state.sort:
        pairs.append(("sort", ",".join(str(key).replace(",", "\\,") for key in state.sort)))
    if state.size:
        pairs.append(("size", str(state.size)))
    if state.columns:
        pairs.append(("cols", ",".join(path.replace(",", "\\,") for path in state.columns)))
    if state.scan:
        pairs.append(("scan", "yes"))
    if state.view:
        pairs.append(("view", state.view))
    if at:
        pairs.append(("at", at))
    return pairs


def without(state: ListState, path: tuple[int, ...]) -> ListState:
    """The state without what is at these positions of the tree."""
    return replace(state, tree=_drop(state.tree, path))


def iter_parts(
    group: Group, path: tuple[int, ...] = ()
) -> Iterable[tuple[tuple[int, ...], str, Condition | Group]]:
    """Every condition with its position in the tree and the kind of its group; a "one" group as a whole."""
    for index, child in enumerate(group.children):
        if isinstance(child, Group) and child.kind != "one":
            yield from iter_parts(child, (*path, index))
        else:
            yield (*path, index), group.kind, child


def split_list(text: str) -> tuple[str, ...]:
    """The parts between commas; a backslash keeps the next character."""
    parts, current, chars = [], "", iter(text)
    for char in chars:
        if char == "\\":
            current += next(chars, "\\")
        elif char == ",":
            parts.append(current)
            current = ""
        else:
            current += char
    return tuple(part for part in (*parts, current) if part.strip())


def _read_condition(
    key: str,
    text: str,
    fields: KnownFields,
    conditions: list[tuple[Groups, Condition]],
    problems: list[Problem],
) -> None:
    try:
        groups, item, rest = _split_groups(key, fields)
        path, operator = split_key(rest)
        path = f"{item}.{path}" if item else path
        _check_path(path, fields)
        texts = split_list(text) if operator == "in" else (text,)
        condition = Condition(path, operator, texts)
        known = fields.find(path)
        assert known is not None  # noqa: S101 - _check_path has just looked
        compile_condition(condition, known)
    except BadFilter as error:
        problems.append(Problem(_printable(key), _printable(text), error.message, error.values))
        return
    for index, (other, earlier) in enumerate(conditions):
        same = other == groups and earlier.path == path and operator in ("is", "in")
        if same and earlier.operator in ("is", "in"):
            conditions[index] = (
                groups,
                Condition(path, "in", tuple(dict.fromkeys((*earlier.texts, *texts)))),
            )
            return
    conditions.append((groups, condition))


def _split_groups(key: str, fields: KnownFields) -> tuple[Groups, str, str]:
    """The groups in front of a key, the list that its path begins at ("": the document), and the rest."""
    groups: Groups = ()
    item, rest = "", key
    while len(groups) < _DEEPEST and (match := _GROUP.fullmatch(rest)):
        kind, number, one, one_number, name, rest = match.groups()
        if one:
            path = re.sub(r"\\(.)", r"\1", name, flags=re.DOTALL)
            item = f"{item}.{path}" if item else path
            _check_path(item, fields)
            if not holds_items(fields.find(item)):
                raise BadFilter(N_("“%(path)s” is no list of objects."), path=_printable(item))
            groups = (*groups, (one, one_number, item))
        else:
            groups = (*groups, (kind, number, ""))
    return groups, item, rest.removeprefix(":")


def split_key(key: str) -> tuple[str, str]:
    """The path and the operator of a key without its groups."""
    path, dot, last = key.rpartition(".")
    return (path, last) if dot and path and last in OPERATORS else (key, "is")


def _check_path(path: str, fields: KnownFields) -> None:
    if not sound_path(path) or len(path) > 500:
        raise BadFilter(N_("“%(path)s” is no name of a field."), path=_printable(path))
    if fields.find(path) is None:
        near = fields.find_near(path)
        if near:
            raise BadFilter(
                N_("There is no field “%(path)s”; did you mean “%(near)s”?"), path=_printable(path), near=near
            )
        raise BadFilter(N_("There is no field “%(path)s”."), path=_printable(path))


def _grow(kind: str, conditions: Sequence[tuple[Groups, Condition]], path: str = "") -> Group:
    children: list[Condition | Group] = []
    inner: dict[tuple[str, str, str], list[tuple[Groups, Condition]]] = {}
    for groups, condition in conditions:
        if not groups:
            children.append(condition)
        else:
            inner.setdefault(groups[0], []).append((groups[1:], condition))
    children += [_grow(name[0], rows, name[2]) for name, rows in inner.items()]
    return Group("one" if kind == "one" else "or" if kind == "or" else "and", tuple(children), path)


def _write_group(group: Group, prefix: str, item: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    numbers: dict[tuple[str, str], int] = {}
    asked: set[str] = set()
    for child in group.children:
        if group.kind != "or" and isinstance(child, Condition) and child.operator in ("is", "in"):
            if child.path in asked:  # beside the first it would be read as another value of it
                child = Group("and", (child,))
            else:
                asked.add(child.path)
        if isinstance(child, Group):
            numbers[child.kind, child.path] = number = numbers.get((child.kind, child.path), 0) + 1
            name = f"{child.kind}{number if number > 1 else ''}:"
            if child.kind == "one":
                name += re.sub(r"([:\\])", r"\\\1", _within(item, child.path)) + ":"
            pairs += _write_group(child, prefix + name, child.path or item)
        else:
            key = write_key(_within(item, child.path), child.operator)
            pairs.append((prefix + key, write_texts(child)))
    return pairs


def _within(item: str, path: str) -> str:
    return path[len(item) + 1 :] if item else path


def write_key(path: str, operator: str) -> str:
    """The key of a condition: the bare path for "is" where that is not ambiguous."""
    plain = operator == "is" and path not in RESERVED and split_key(path)[0] == path
    start = ":" if path.startswith(":") or _GROUP.match(path) else ""
    return start + (path if plain else f"{path}.{operator}")


def write_texts(condition: Condition) -> str:
    """The value of a condition as it stands in an address."""
    if condition.operator != "in":
        return condition.texts[0]
    return ",".join(text.replace("\\", "\\\\").replace(",", "\\,") for text in condition.texts)


def _drop(group: Group, path: tuple[int, ...]) -> Group:
    children: list[Condition | Group] = []
    for index, child in enumerate(group.children):
        if index != path[0]:
            children.append(child)
        elif isinstance(child, Group) and len(path) > 1:
            smaller = _drop(child, path[1:])
            if smaller.children:
                children.append(smaller)
    return replace(group, children=tuple(children))


def _read_search(text: str, problems: list[Problem]) -> str:
    text = text.strip()
    if len(text) > 200 or _printable(text) != text:
        problems.append(
            Problem("q", _printable(text)[:200], N_("The search is too long or is not valid text."))
        )
        return ""
    return text


def _read_sort(text: str, fields: KnownFields, problems: list[Problem]) -> tuple[SortKey, ...]:
    keys: dict[str, SortKey] = {}
    for name in split_list(text)[:MOST_SORTS]:
        path = name.removeprefix("-")
        try:
            _check_path(path, fields)
        except BadFilter as error:
            problems.append(Problem("sort", _printable(name), error.message, error.values))
            continue
        keys.setdefault(path, SortKey(path, name.startswith("-")))
    return tuple(keys.values())


def _read_size(text: str, problems: list[Problem]) -> int:
    if not text:
        return 0
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= SIZES[-1]:
        return int(text)
    message = N_("A page has between 1 and %(most)s rows.")
    problems.append(Problem("size", _printable(text)[:40], message, {"most": SIZES[-1]}))
    return 0


def _read_view(text: str) -> str:
    return text if text == "all" or re.fullmatch(r"[0-9a-f]{24}", text) else ""


def _read_columns(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for path in split_list(text) if sound_path(path)))[:MOST_COLUMNS]


def _read_place(text: str, signer: Signer, problems: list[Problem]) -> Place:
    where, _, token = text.partition("~")
    if not text or text == "first":
        return Place()
    if text == "last":
        return Place("last")
    try:
        if where == "after":
            return Place("after", signer.read(token))
        if where == "before":
            return Place("before", signer.read(token))
        raise BadToken("no such place")
    except BadToken:
        message = N_(
            "This address of a page is damaged or belongs to another order; the list starts at its beginning."
        )
        problems.append(Problem("at", "", message))
        return Place()


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:500]
