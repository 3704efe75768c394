"""The language of conditions: what it says, where it is wrong, what of it reaches a page."""

from __future__ import annotations

import json

import pytest

from aiocms.admin.forms.showif import (
    BadExpression,
    Plain,
    evaluate,
    find_base,
    is_true,
    iter_names,
    parse,
    settle,
    typed,
)
from tests.admin.showif_cases import CASES, FORM, WRONG


def look_up(root: bool, parts: tuple[str, ...]) -> Plain:
    found = FORM.get(".".join(parts))
    return [typed(*one) for one in found] if isinstance(found, list) else typed(*found) if found else None


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_a_condition_holds_or_not(text: str, wanted: bool) -> None:
    assert evaluate(parse(text), look_up) is wanted
    assert evaluate(json.loads(json.dumps(parse(text), allow_nan=False)), look_up) is wanted


@pytest.mark.parametrize(("text", "position", "message"), WRONG)
def test_a_wrong_condition_says_what_and_where(text: str, position: int, message: str) -> None:
    with pytest.raises(BadExpression) as caught:
        parse(text)
    assert message in caught.value.message
    assert caught.value.position == position
    assert f"at character {position + 1}" in str(caught.value)


def test_a_condition_is_parsed_once() -> None:
    assert parse("price > 41") is parse("price > 41")


def test_names_are_listed_with_those_of_the_whole_document_marked() -> None:
    tree = parse("a.b > 1 and not ($.c == d or `odd key`)")
    assert list(iter_names(tree)) == [
        (False, ("a", "b")),
        (True, ("c",)),
        (False, ("d",)),
        (False, ("odd key",)),
    ]


def test_what_a_page_cannot_change_reaches_it_as_a_result_only() -> None:
    tree = parse('on_sale and (kind == "book" or $.secret > 3)')
    settled = settle(tree, lambda root, parts: 4.0, lambda root, parts: parts == ("secret",))
    assert settled == [
        "and",
        ["get", False, ["on_sale"]],
        ["or", ["==", ["get", False, ["kind"]], ["lit", "book"]], ["lit", True]],
    ]
    assert "secret" not in json.dumps(settled)


def test_nan_stands_for_no() -> None:
    assert not is_true(float("nan"))
    assert is_true([None])


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("price", ""),
        ("a-b", ""),
        ("items-3-price", "items-3"),
        ("halls-0-slots-12-film-x", "halls-0-slots-12"),
        ("0-a", ""),
    ],
)
def test_a_name_inside_a_list_item_is_relative_to_the_nearest_item(name: str, base: str) -> None:
    assert find_base(name.split("-")) == base
