"""What a screen declares to show numbers and charts of its documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

STEPS: Mapping[str, int] = {"hour": 24, "day": 30, "week": 26, "month": 12, "year": 10}
"""Steps of time and how many of them a chart shows when it does not say."""
FORMATS = frozenset(("number", "money"))
MOST_STEPS = 200
MOST_TOP = 50


@dataclass(frozen=True, slots=True)
class Number:
    """One number: how many documents there are, or the sum or average of a field.

    `where` is a filter that is put beside the list's own. With `format="money"` amounts are whole numbers of
    minor units in `currency`; an amount that lies beside its currency (`total.amount`, `total.cur`) is added
    up by currency.
    """

    label: str
    sum: str = ""
    average: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    format: str = "number"
    currency: str = ""
    dashboard: bool = True
    """Whether it is on the dashboard too."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars or a line over time or over ranges of a number, or the most frequent values of a field.

    `by` is the field. `step` is "hour", "day", "week", "month" or "year" for a date, in the user's time zone,
    a number for ranges of that width, and empty for the values as they are. `last` is the number of steps
    that are shown, up to now, or with `until="newest"` up to the newest document.
    """

    label: str
    by: str
    step: str | float = ""
    sum: str = ""
    average: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    kind: Literal["bars", "line"] = "bars"
    top: int = 8
    last: int = 0
    until: Literal["now", "newest"] = "now"
    format: str = "number"
    currency: str = ""
    dashboard: bool = True

    @property
    def steps(self) -> int:
        """How many steps of time are shown."""
        return self.last or STEPS.get(str(self.step), 0)


def iter_paths(one: Number | Chart) -> Iterator[str]:
    """Every path of a document that a declaration reads."""
    if isinstance(one, Chart):
        yield one.by
    yield from (path for path in (one.sum, one.average) if path)
    yield from _iter_named(one.where)


def find_mistake(one: Number | Chart) -> str:
    """What is wrong in a declaration, in words for its developer; "" when nothing is."""
    if one.format not in FORMATS:
        return f"format is one of {', '.join(sorted(FORMATS))}, not {one.format!r}"
    if one.sum and one.average:
        return "it has a sum and an average; write two"
    where: Any = one.where
    if not isinstance(where, Mapping):
        return f"where is a filter, not {where!r}"
    if isinstance(one, Number):
        return ""
    if one.kind not in ("bars", "line"):
        return f"kind is 'bars' or 'line', not {one.kind!r}"
    step: Any = one.step
    if isinstance(step, str):
        if step and step not in STEPS:
            return f"step is one of {', '.join(STEPS)} or a number, not {step!r}"
    elif isinstance(step, bool) or not isinstance(step, int | float) or not step > 0:
        return f"step is a number above 0, not {step!r}"
    if one.until not in ("now", "newest"):
        return f"until is 'now' or 'newest', not {one.until!r}"
    if not 0 <= one.last <= MOST_STEPS or not 1 <= one.top <= MOST_TOP:
        return f"last is at most {MOST_STEPS}, top between 1 and {MOST_TOP}"
    return ""


def _iter_named(value: Any, inside_expression: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not key.startswith("$"):
                yield key
            yield from _iter_named(inner, inside_expression or key == "$expr")
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _iter_named(inner, inside_expression)
    elif inside_expression and isinstance(value, str) and value.startswith("$") and value[1:2] != "$":
        yield value[1:]
