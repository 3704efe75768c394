"""Conditions of fields: a small language, parsed once, evaluated here and in the browser from the same tree.

    on_sale == true and price > 0
    kind in ["book", "film"] or not archived
    $.status != "closed"            a name of the whole document, from inside a list item

The tree is plain lists, so it is its own JSON. static/showif.js evaluates the same tree by the same rules:

- numbers are doubles, whatever their BSON type; a text that is no number counts as null
- a missing field is null; ``==`` never converts; ``<`` and its like hold between two numbers or two texts
- false are: null, false, 0, NaN, "", an empty list and an empty object
- a date is its text as the form shows it, ``2024-07-01T22:30:00`` in the user's time zone
- ``in`` looks for an item of a list or for a part of a text
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from aiocms.core.errors import AiocmsError

Tree = list[Any]
Plain = None | bool | float | str | list[Any]
Get = Callable[[bool, tuple[str, ...]], Plain]
"""Gives the value of a name: whether it is one of the whole document, and its parts."""

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<path>(?:\$\.)?(?:[^\W\d]\w*|`[^`]+`)(?:\.(?:\w+|`[^`]+`))*)
    |(?P<sign>==|!=|<=|>=|<|>|\(|\)|\[|\]|,)
    )""",
    re.VERBOSE,
)
_PART = re.compile(r"`([^`]+)`|([^.`]+)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WORDS = {"true": True, "false": False, "null": None}
_KEYWORDS = frozenset(("and", "or", "not", "in", *_WORDS))
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">="))
_NUMBERS = frozenset(("int32", "int64", "double", "decimal"))
_DEEPEST = 50


class BadExpression(AiocmsError):
    """A condition that is none; `position` is the place in it, from 0."""

    def __init__(self, message: str, text: str, position: int) -> None:
        super().__init__(f"{message}, at character {position + 1} of {text!r}")
        self.message, self.text, self.position = message, text, position


@functools.lru_cache(maxsize=4096)
def parse(text: str) -> Tree:
    """The tree of an expression; the same text is parsed once.

    Raises:
        BadExpression: with what was wrong and where.
    """
    return _Parser(text).parse()


def evaluate(tree: Tree, get: Get) -> bool:
    """Whether a condition holds."""
    return is_true(_value(tree, get))


def typed(kind: str, text: str) -> Plain:
    """The value that a condition sees of an input of a BSON type."""
    if kind in _NUMBERS:
        found = text.strip()
        return float(found) if _NUMBER.fullmatch(found) else None
    if kind == "bool":
        return text == "true"
    if kind == "date":
        return f"{text}:00" if len(text) == 16 and text[10] == "T" else text
    if kind in ("null", "undefined"):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_true(value: Plain) -> bool:
    """Whether a value stands for yes."""
    return bool(value) and not (isinstance(value, float) and math.isnan(value))


def iter_names(tree: Tree) -> Iterator[tuple[bool, tuple[str, ...]]]:
    """The names in a tree: whether one of the whole document, and its parts."""
    if tree[0] == "get":
        yield tree[1], tuple(tree[2])
    elif tree[0] != "lit":
        for part in tree[1:]:
            yield from iter_names(part)


def settle(tree: Tree, get: Get, is_fixed: Callable[[bool, tuple[str, ...]], bool]) -> Tree:
    """The tree with every comparison of a fixed name replaced by its result.

    So a page that cannot change a value, or may not even show it, is told only what follows from it.
    """
    if tree[0] in ("and", "or", "not"):
        return [tree[0], *(settle(part, get, is_fixed) for part in tree[1:])]
    if tree[0] != "lit" and any(is_fixed(*name) for name in iter_names(tree)):
        return ["lit", evaluate(tree, get)]
    return tree


def _value(tree: Tree, get: Get) -> Plain:
    match tree:
        case ["lit", value]:
            return value  # type: ignore[no-any-return]
        case ["get", root, parts]:
            return get(root, tuple(parts))
        case ["not", part]:
            return not evaluate(part, get)
        case ["and", *parts]:
            return all(evaluate(part, get) for part in parts)
        case ["or", *parts]:
            return any(evaluate(part, get) for part in parts)
        case ["in", left, right]:
            return _is_in(_value(left, get), _value(right, get))
        case [sign, left, right]:
            return _compare(sign, _value(left, get), _value(right, get))
    raise ValueError(f"{tree!r} is no condition")


def _is_in(one: Plain, many: Plain) -> bool:
    if isinstance(many, list):
        return any(_is_equal(one, other) for other in many)
    return isinstance(one, str) and isinstance(many, str) and one in many


def _is_equal(one: Plain, other: Plain) -> bool:
    if _is_number(one) and _is_number(other):
        return float(one) == float(other)  # type: ignore[arg-type]
    return type(one) is type(other) and not isinstance(one, list) and one == other


def _is_number(value: Plain) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _compare(sign: str, one: Plain, other: Plain) -> bool:
    if sign in ("==", "!="):
        return _is_equal(one, other) is (sign == "==")
    comparable = (_is_number(one) and _is_number(other)) or (isinstance(one, str) and isinstance(other, str))
    if not comparable:
        return False
    left: Any = one
    right: Any = other
    if sign == "<":
        return bool(left < right)
    if sign == "<=":
        return bool(left <= right)
    return bool(left > right if sign == ">" else left >= right)


class _Parser:
    """Recursive descent: or, and, not, comparison, operand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                at += len(text[at:]) - len(text[at:].lstrip())
                raise BadExpression(f"cannot read {text[at]!r}", text, at)
            kind = str(found.lastgroup)
            self.tokens.append((kind, found[kind], found.start(kind)))
            at = found.end()
        self.tokens.append(("end", "", len(text)))
        self.at = 0
        self.depth = 0

    def parse(self) -> Tree:
        if len(self.tokens) == 1:
            raise BadExpression("the condition is empty", self.text, 0)
        tree = self._or()
        if self.tokens[self.at][0] != "end":
            raise self._fail("expected and, or, or the end")
        return tree

    def _or(self) -> Tree:
        return self._joined("or", lambda: self._joined("and", self._not))

    def _joined(self, word: str, part: Callable[[], Tree]) -> Tree:
        parts = [part()]
        while self._take("path", word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else [word, *parts]

    def _not(self) -> Tree:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self._fail("too many parentheses")
        try:
            return ["not", self._not()] if self._take("path", "not") else self._comparison()
        finally:
            self.depth -= 1

    def _comparison(self) -> Tree:
        left = self._operand()
        kind, sign, _ = self.tokens[self.at]
        if kind == "sign" and sign in _COMPARISONS:
            self.at += 1
            return [sign, left, self._operand()]
        if self._take("path", "in"):
            return ["in", left, self._operand()]
        if sign == "not" and self.tokens[self.at + 1][1] == "in":
            self.at += 2
            return ["not", ["in", left, self._operand()]]
        return left

    def _operand(self) -> Tree:
        kind, text, _ = self.tokens[self.at]
        if kind == "path" and (text in _WORDS or text not in _KEYWORDS):
            self.at += 1
            return ["lit", _WORDS[text]] if text in _WORDS else ["get", *self._read_path(text)]
        if kind == "number" and not math.isfinite(float(text)):
            raise self._fail("the number is too large")
        if kind in ("number", "text"):
            self.at += 1
            return ["lit", float(text) if kind == "number" else _unquote(text)]
        if self._take("sign", "("):
            inner = self._or()
            if not self._take("sign", ")"):
                raise self._fail("expected )")
            return inner
        if self._take("sign", "["):
            return ["lit", self._list()]
        raise self._fail("expected a field or a value")

    def _list(self) -> list[Plain]:
        items: list[Plain] = []
        while not self._take("sign", "]"):
            if items and not self._take("sign", ","):
                raise self._fail("expected , or ]")
            start = self.at
            item = self._operand()
            if item[0] != "lit" or isinstance(item[1], list):
                self.at = start
                raise self._fail("a list holds plain values only")
            items.append(item[1])
        return items

    def _read_path(self, text: str) -> tuple[bool, list[str]]:
        root = text.startswith("$.")
        parts = [quoted or bare for quoted, bare in _PART.findall(text[2:] if root else text)]
        number = next((part for part in parts if part.isdigit()), "")
        if number:
            self.at -= 1
            raise self._fail(f"{number} is a place in a list; a condition looks at the item it stands in")
        return root, parts

    def _take(self, kind: str, text: str) -> bool:
        if self.tokens[self.at][:2] != (kind, text):
            return False
        self.at += 1
        return True

    def _fail(self, message: str) -> BadExpression:
        kind, text, position = self.tokens[self.at]
        found = "the end" if kind == "end" else repr(text)
        return BadExpression(f"{message}, found {found}", self.text, position)


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def find_base(labels: Sequence[str]) -> str:
    """Of the labels of an input's name those of the list item around it, joined; "" outside of lists."""
    for end in range(len(labels) - 1, 0, -1):
        if labels[end - 1].isdigit() and end > 1:
            return "-".join(labels[:end])
    return ""
