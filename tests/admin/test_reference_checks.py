"""What is wrong with references and choices is a fault at start."""

from __future__ import annotations

from typing import Any

import pytest

from aiocms.admin import Reference, Screen
from aiocms.admin.checks import iter_faults


@pytest.mark.parametrize(
    ("fault", "attributes"),
    [
        ("admin.E020", {"references": {"a": Reference("x", "cascde")}}),
        ("admin.E021", {"references": {"a": 5}}),
        ("admin.E021", {"references": {"a": Reference("")}}),
        ("admin.E021", {"references": ("a",)}),
        ("admin.E005", {"references": {"a.$b": "x"}}),
        ("admin.E022", {"references": {"a": Reference("x", "cascade")}, "can_delete": False}),
        ("admin.E022", {"references": {"a": Reference("x", "unset")}, "can_edit": False}),
        ("admin.E022", {"references": {"_id": Reference("x", "unset")}}),
        ("admin.E022", {"references": {"a": Reference("x", "pull")}, "types": {"a": "objectId"}}),
        ("admin.E023", {"choices": {"a": "word"}}),
        ("admin.E023", {"choices": {"a": (("a", 1),)}}),
    ],
)
def test_a_mistake_in_references_or_choices_is_a_fault(fault: str, attributes: dict[str, Any]) -> None:
    screen = type("Wrong", (Screen,), {"collection": "wrongs", **attributes})
    assert [one.id for one in iter_faults(screen)] == [fault]


def test_sound_references_and_choices_are_none() -> None:
    references = {
        "a": "x",
        "b.c": Reference("x", "pull"),
        "d": Reference("x", "pull"),
        "_id": Reference("x", "cascade"),
    }
    choices = {"state": ("new", ("old", "No longer sold"))}
    attributes = {"references": references, "choices": choices, "types": {"d": "array"}}
    assert list(iter_faults(type("Right", (Screen,), {"collection": "rights", **attributes}))) == []
