"""A collection's ``$jsonSchema``, read beforehand: which fields it asks for, and what breaks its rules.

The database has the last word; this says the same earlier and in words. Keywords that are not known here
break nothing here.

Source: MongoDB's manual, "$jsonSchema", for keywords and the meaning of ``bsonType``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bson import Decimal128

from aiocms.admin.forms import rule_words as words
from aiocms.admin.forms.rule_words import Said
from aiocms.admin.values.bsontypes import own_type_name
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import ARRAY, NAMES, OBJECT, STRING, Value

_NUMBERS = ("int32", "int64", "double", "decimal")
_JSON_TYPES = {"boolean": ("bool",), "number": _NUMBERS, "integer": ("int32", "int64")}
_DEEPEST = 20


def find_schema(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema in a collection's options; empty when it has none."""
    validator = options.get("validator")
    schema = validator.get("$jsonSchema") if isinstance(validator, Mapping) else None
    return schema if isinstance(schema, Mapping) else {}


def iter_rules(
    schema: Mapping[str, Any], before: str = "", depth: int = 0
) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Dotted path, rule, and whether the field is required; places in lists are left out of paths."""
    required = _strings(schema.get("required"))
    for name, rule in _mapping(schema.get("properties")).items():
        if not isinstance(rule, Mapping) or depth > _DEEPEST:
            continue
        path = f"{before}{name}"
        yield path, rule, name in required
        yield from iter_rules(rule, f"{path}.", depth + 1)
        if isinstance(rule.get("items"), Mapping):
            yield from iter_rules(rule["items"], f"{path}.", depth + 1)


def list_kinds(rule: Mapping[str, Any]) -> tuple[str, ...]:
    """The types that a rule allows; none named: all."""
    found: list[str] = []
    for keyword in ("bsonType", "type"):
        named = rule.get(keyword)
        for one in [named] if isinstance(named, str) else _strings(named):
            plain = _JSON_TYPES.get(one, (own_type_name(one),))
            found.extend(kind for kind in plain if kind in NAMES.values())
    return tuple(dict.fromkeys(found))


def find_problems(schema: Mapping[str, Any], value: Value, path: Path = ()) -> dict[Path, Said]:
    """What breaks the rules, the first thing for each path."""
    found: dict[Path, Said] = {}
    for where, said in _iter_problems(schema, value, path):
        found.setdefault(where, said)
    return found


def _iter_problems(schema: Mapping[str, Any], value: Value, path: Path) -> Iterator[tuple[Path, Said]]:
    kinds = list_kinds(schema)
    kind = NAMES.get(value.code, "")
    if kinds and kind not in kinds:
        yield path, Said(words.WRONG_TYPE, wanted=", ".join(kinds))
        return
    if "enum" in schema and isinstance(schema["enum"], list | tuple):
        if not any(Value.of(one) == value or _same_number(one, value) for one in schema["enum"]):
            yield path, Said(words.NOT_ONE_OF, wanted=", ".join(str(one) for one in schema["enum"][:20]))
    if kind in _NUMBERS:
        yield from ((path, said) for said in _check_number(schema, value))
    elif value.code == STRING:
        yield from ((path, said) for said in _check_text(schema, value.python()))
    elif value.code == OBJECT:
        yield from _check_object(schema, value, path)
    elif value.code == ARRAY:
        yield from _check_list(schema, value, path)


def _check_number(schema: Mapping[str, Any], value: Value) -> Iterator[Said]:
    number = _plain(value.python())
    least, most = _plain(schema.get("minimum")), _plain(schema.get("maximum"))
    if least is not None:
        strict = schema.get("exclusiveMinimum") is True
        if number < least or (strict and number == least):
            yield Said(words.NOT_ABOVE if strict else words.TOO_SMALL, limit=schema["minimum"])
    if most is not None:
        strict = schema.get("exclusiveMaximum") is True
        if number > most or (strict and number == most):
            yield Said(words.NOT_BELOW if strict else words.TOO_LARGE, limit=schema["maximum"])


def _check_text(schema: Mapping[str, Any], text: str) -> Iterator[Said]:
    shortest, longest = _plain(schema.get("minLength")), _plain(schema.get("maxLength"))
    if shortest is not None and len(text) < shortest:
        yield Said(words.TOO_SHORT, limit=schema["minLength"]) if text else Said(words.NEEDED)
    if longest is not None and len(text) > longest:
        yield Said(words.TOO_LONG, limit=schema["maxLength"])
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and len(text) < 10_000 and not _matches(pattern, text):
        yield Said(words.NO_MATCH)


def _check_object(schema: Mapping[str, Any], value: Value, path: Path) -> Iterator[tuple[Path, Said]]:
    items = dict(value.items())
    rules = _mapping(schema.get("properties"))
    for name in _strings(schema.get("required")):
        if name not in items:
            yield (*path, name), Said(words.NEEDED)
    for key, child in items.items():
        rule = rules.get(key)
        if isinstance(rule, Mapping):
            yield from _iter_problems(rule, child, (*path, key))
        elif rule is None and schema.get("additionalProperties") is False and not _is_matched(schema, key):
            yield (*path, key), Said(words.UNKNOWN_KEY)


def _check_list(schema: Mapping[str, Any], value: Value, path: Path) -> Iterator[tuple[Path, Said]]:
    items = value.values()
    fewest, most = _plain(schema.get("minItems")), _plain(schema.get("maxItems"))
    if fewest is not None and len(items) < fewest:
        yield path, Said(words.TOO_FEW, limit=schema["minItems"])
    if most is not None and len(items) > most:
        yield path, Said(words.TOO_MANY, limit=schema["maxItems"])
    if schema.get("uniqueItems") is True and len(set(items)) < len(items):
        yield path, Said(words.DOUBLED)
    rule = schema.get("items")
    if isinstance(rule, Mapping):
        for place, child in enumerate(items):
            yield from _iter_problems(rule, child, (*path, place))


def _is_matched(schema: Mapping[str, Any], key: str) -> bool:
    return any(_matches(pattern, key) for pattern in _mapping(schema.get("patternProperties")))


def _matches(pattern: str, text: str) -> bool:
    # Patterns come from the database's owner, not from users; one that Python cannot read is left to it.
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return True


def _same_number(one: Any, value: Value) -> bool:
    mine = _plain(value.python())
    return mine is not None and not isinstance(one, bool) and _plain(one) == mine


def _plain(number: Any) -> Any:
    """A number that can be compared with others; None for anything else."""
    if isinstance(number, Decimal128):
        return number.to_decimal()
    return number if isinstance(number, int | float) and not isinstance(number, bool) else None


def _mapping(part: Any) -> Mapping[str, Any]:
    return part if isinstance(part, Mapping) else {}


def _strings(part: Any) -> list[str]:
    return [one for one in part if isinstance(one, str)] if isinstance(part, list | tuple) else []
