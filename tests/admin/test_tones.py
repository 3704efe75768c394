"""Tags look the same everywhere, and states look like what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import aiocms.core
from aiocms.admin.lists.tones import HUES, find_look


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("published", "is-good"),
        (" Published ", "is-good"),
        ("PENDING", "is-warn"),
        ("cancelled", "is-bad"),
        ("draft", "is-off"),
        ("опубликовано", "is-good"),
        ("в обработке", "is-warn"),
    ],
)
def test_states_have_their_colour(text: str, look: str) -> None:
    assert find_look(text) == look


def test_other_tags_keep_their_hue_and_are_spread_over_all() -> None:
    looks = {find_look(f"category {number}") for number in range(200)}
    assert looks == {f"is-tag-{number}" for number in range(1, HUES + 1)}
    assert find_look("Drama") == find_look("drama")


def test_half_a_character_is_no_error() -> None:
    assert find_look("\ud800").startswith("is-tag-")


def test_every_look_is_styled() -> None:
    css = (Path(aiocms.core.__file__).parent / "static" / "base.css").read_text("utf-8")
    known = set(re.findall(r"\.a-pill\.(is-tag-\d)", css))
    assert known == {f"is-tag-{number}" for number in range(1, HUES + 1)}
