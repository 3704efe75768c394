"""Permission strings: what they mean, and what they compile to. No request, no database.

    shop.products.edit              one right
    shop.*                          everything below shop ("*" stands for one or more segments, anywhere)
    *                               everything
    ~shop.products.delete           taken away again; a "~" wins over any grant, whatever its order
    shop.orders.view|channel=web    only these rows; several conditions ("|a=1|b=2") must all hold
    shop.products.cost.view         a right on one field

A condition is `field op value` with = != < <= > >=. Values are typed: `5`, `1.5`, `true`, `null`, `"5"` (the
text), `2026-01-31T00:00:00Z`, `ObjectId(…)`, `@me` (the user's id); anything else is text. `status=new,paid`
means one of the two. Every value is placed under an explicit operator, so it can never become one.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from bson import Int64, ObjectId

from aiocms.core.errors import AiocmsError

Access = Literal["edit", "read", "hide"]
Filter = dict[str, Any]


class PermissionSyntaxError(AiocmsError):
    """A permission string that cannot be read."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a permission asks of a row: ``channel=web`` behind the bar."""

    path: str
    operator: str
    values: tuple[Any, ...]
    mine: bool = False

    def filter(self, me: object) -> Filter:
        """The Mongo filter of the rows that fulfil it for the user whose id is ``me``."""
        if self.mine and me is None:
            return NOTHING  # {$eq: None} would match every row that has no owner
        values = [me] if self.mine else list(self.values)
        if self.operator in ("$eq", "$ne") and len(values) > 1:
            return {self.path: {"$in" if self.operator == "$eq" else "$nin": values}}
        return {self.path: {self.operator: values[0]}}


@dataclass(frozen=True, slots=True)
class Rule:
    """One permission string, read."""

    pattern: re.Pattern[str]
    negative: bool = False
    conditions: tuple[Condition, ...] = ()

    def covers(self, wanted: str) -> bool:
        """Whether it speaks of the wanted permission, for all rows or for some."""
        return len(wanted) <= _LONGEST and self.pattern.fullmatch(wanted) is not None

    def is_blind(self, me: object) -> bool:
        """Whether it asks for a user's own rows where there is no user."""
        return me is None and any(condition.mine for condition in self.conditions)

    def filter(self, me: object) -> Filter:
        """The Mongo filter of the rows that it holds for; for a rule with conditions."""
        filters = [condition.filter(me) for condition in self.conditions]
        return filters[0] if len(filters) == 1 else {"$and": filters}


def parse(text: str) -> Rule:
    """The rule that a permission string stands for.

    Raises: PermissionSyntaxError, naming the part that cannot be read.
    """
    head, *conditions = _split_outside_quotes(text, "|")
    negative = head.startswith("~")
    segments = head.removeprefix("~").split(".")
    # Patterns are matched with backtracking: many stars in one would cost much for a long name.
    if (
        len(head) > _LONGEST
        or segments.count("*") > 3
        or not all(_SEGMENT.fullmatch(segment) for segment in segments)
    ):
        raise PermissionSyntaxError(
            f"{text!r} is not a permission: write dotted names such as "
            "'shop.products.edit', 'shop.*' or '~shop.orders.delete'"
        )
    return Rule(
        _compile_pattern(segments), negative, tuple(_parse_condition(part, text) for part in conditions)
    )


def allows(permissions: Iterable[str], wanted: str) -> bool:
    """Whether `wanted` is granted, for all rows or for some.

    A grant with conditions opens the door; which rows are behind it is `scope`'s to say, so code that acts on
    rows must put `scope` into its query.
    """
    return scope(permissions, wanted) is not False


def scope(permissions: Iterable[str], wanted: str, me: object = None) -> bool | Filter:
    """True for every row, False for none, else the MongoDB filter of the rows that are granted."""
    return compile_rules(tuple(permissions)).scope(wanted, me)


def field_access(permissions: Iterable[str], base: str, path: str) -> Access:
    """What may be done with the field `path` of the screen or collection `base` ("shop.products")."""
    return compile_rules(tuple(permissions)).field_access(base, path)


@dataclass(frozen=True, slots=True)
class Rules:
    """A set of permission strings, read once."""

    grants: tuple[Rule, ...]
    denials: tuple[Rule, ...]

    def scope(self, wanted: str, me: object = None) -> bool | Filter:
        """Which rows the wanted permission is held for.

        Returns:
            True for all, False for none, else a Mongo filter.
        """
        grants = [rule for rule in self.grants if rule.covers(wanted)]
        denials = [rule for rule in self.denials if rule.covers(wanted)]
        if not grants or any(not rule.conditions or rule.is_blind(me) for rule in denials):
            return False
        parts: list[Filter] = []
        if all(rule.conditions for rule in grants):
            parts.append(_any_of([rule.filter(me) for rule in grants]))
        if denials:
            parts.append({"$nor": [rule.filter(me) for rule in denials]})
        return True if not parts else parts[0] if len(parts) == 1 else {"$and": parts}

    def field_access(self, base: str, path: str) -> Access:
        """What may be done with a field of the screen `base` (``shop.products``)."""
        names = _field_names(path)
        if not self._field(base, names, "view"):
            return "hide"
        return "edit" if self._field(base, names, "edit") else "read"

    def prune(self, base: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of the document without the fields that `base` hides, at any depth, `_id` always kept."""
        return {
            key: self._pruned(base, key, value)
            for key, value in document.items()
            if key == "_id" or self.field_access(base, key) != "hide"
        }

    def _pruned(self, base: str, path: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._pruned(base, path, item) for item in value]
        if not isinstance(value, Mapping):
            return value
        return {
            key: self._pruned(base, f"{path}.{key}", inner)
            for key, inner in value.items()
            if self.field_access(base, f"{path}.{key}") != "hide"
        }

    def _field(self, base: str, names: tuple[str, ...], verb: str) -> bool:
        """A field follows its screen's right, unless it or a parent is taken away or granted by name.

        Conditions choose rows, which `scope` does. One on a field's own right cannot be asked here: it then
        takes the field away from all rows, and grants it for none.
        """
        whole = f"{base}.{verb}"
        rights = [f"{base}.{'.'.join(names[:end])}.{verb}" for end in range(1, len(names) + 1)]
        for rule in self.denials:
            if not rule.conditions if rule.covers(whole) else any(map(rule.covers, rights)):
                return False
        return any(
            rule.covers(whole) or (not rule.conditions and any(map(rule.covers, rights)))
            for rule in self.grants
        )


@lru_cache(maxsize=512)
def compile_rules(permissions: tuple[str, ...]) -> Rules:
    """The rules of these strings. An unreadable one grants nothing; with a "~" it takes everything away."""
    grants: list[Rule] = []
    denials: list[Rule] = []
    for text in permissions:
        try:
            rule = parse(text)
        except PermissionSyntaxError:
            if text.lstrip().startswith("~"):
                denials.append(Rule(_ANYTHING, negative=True))
            continue
        (denials if rule.negative else grants).append(rule)
    return Rules(tuple(grants), tuple(denials))


def _compile_pattern(segments: list[str]) -> re.Pattern[str]:
    return re.compile(
        r"\.".join(".+" if segment == "*" else re.escape(segment) for segment in segments), re.DOTALL
    )


def _any_of(filters: list[Filter]) -> Filter:
    return filters[0] if len(filters) == 1 else {"$or": filters}


def _field_names(path: str) -> tuple[str, ...]:
    """The names of a path; positions in lists are left out, `variants.0.cost` is `variants.cost`."""
    return tuple(name for name in path.split(".") if not name.isdigit()) or (path,)


def _parse_condition(text: str, whole: str) -> Condition:
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise PermissionSyntaxError(
            f"{text!r} in {whole!r} is not a condition such as 'channel=web' or 'total>=100'"
        )
    path, operator, raw = match.groups()
    pieces = [piece.strip() for piece in _split_outside_quotes(raw, ",")]
    if len(pieces) > 1 and operator not in ("=", "!="):
        raise PermissionSyntaxError(f"{text!r} in {whole!r}: several values go with = and != only")
    if "@me" in pieces and len(pieces) > 1:
        raise PermissionSyntaxError(f"{text!r} in {whole!r}: @me stands alone")
    values = tuple(_parse_value(piece, whole) for piece in pieces)
    return Condition(path, _OPERATORS[operator], values, mine=pieces == ["@me"])


def _parse_value(text: str, whole: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text, whole)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if match := _OBJECT_ID.fullmatch(text):
        return ObjectId(match.group(1))
    try:
        if text.startswith('"'):
            return _quoted(text)
        if _TIME.fullmatch(text):
            when = datetime.fromisoformat(text)
            return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise PermissionSyntaxError(f"{text!r} in {whole!r} cannot be read: {error}") from error
    if '"' in text or "\0" in text:
        raise PermissionSyntaxError(f"{text!r} in {whole!r}: put quotes around the whole value")
    return text


def _integer(text: str, whole: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise PermissionSyntaxError(f"{text!r} in {whole!r} is beyond 64 bits")
    return number if -(2**31) <= number < 2**31 else Int64(number)


def _quoted(text: str) -> str:
    value = json.loads(text)
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a quoted text")
    value.encode()
    return value


def _split_outside_quotes(text: str, separator: str) -> list[str]:
    parts, quoted, escaped = [""], False, False
    for letter in text:
        if letter == separator and not quoted:
            parts.append("")
            continue
        if letter == '"' and not escaped:
            quoted = not quoted
        escaped = letter == "\\" and quoted and not escaped
        parts[-1] += letter
    return parts


NOTHING: Filter = {"_id": {"$in": []}}
_LONGEST = 512
_ANYTHING = re.compile(".*", re.DOTALL)
_SEGMENT = re.compile(r"\*|[^\s.*|~=<>!\"\x00-\x1f]+(?: +[^\s.*|~=<>!\"\x00-\x1f]+)*")
_CONDITION = re.compile(r"([A-Za-z_][\w-]*(?:\.[\w-]+)*)(!=|<=|>=|=|<|>)(.+)", re.DOTALL)
_OPERATORS = {"=": "$eq", "!=": "$ne", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "@me": None}
_INTEGER = re.compile(r"-?[0-9]{1,30}")
_DECIMAL = re.compile(r"-?[0-9]{1,30}\.[0-9]{1,30}")
_OBJECT_ID = re.compile(r"ObjectId\(([0-9a-fA-F]{24})\)")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})?")
