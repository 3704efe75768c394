"""The address of a list: read, written, and never an operator from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from bson import Decimal128, ObjectId
from hypothesis import given
from hypothesis import strategies as st

from aiocms.admin.known import KnownField, KnownFields
from aiocms.admin.lists.conditions import (
    BadFilter,
    Condition,
    Group,
    compile_condition,
    compile_group,
    operators_of,
)
from aiocms.admin.lists.keyset import Key, SortKey
from aiocms.admin.lists.query import (
    ListState,
    iter_conditions,
    read_state,
    split_list,
    without,
    write_key,
    write_state,
)
from aiocms.admin.lists.tokens import BadToken, Signer

TYPES = {
    "title": {"string"},
    "price": {"int32"},
    "rate": {"double"},
    "exact": {"decimal"},
    "zip": {"string", "int32"},
    "created": {"date"},
    "active": {"bool"},
    "owner": {"objectId"},
    "q": {"string"},
    "a.in": {"string"},
    "address.city": {"string"},
    "where": {"object"},
}
FIELDS = KnownFields({path: KnownField(path, frozenset(types)) for path, types in TYPES.items()})
LISTS = {"sizes": KnownField("sizes", frozenset(("array", "int32")), "sizes")}
SIGNER = Signer(b"secret", "shop", "products", "-_id")


def _read(*pairs: tuple[str, str]) -> ListState:
    return read_state(pairs, FIELDS, lambda sort: SIGNER, FIELDS)


def _mongo(*pairs: tuple[str, str]) -> dict[str, Any]:
    state = _read(*pairs)
    assert not state.problems
    return compile_group(state.tree, FIELDS.fields)


@pytest.mark.parametrize(
    ("pair", "wanted"),
    [
        (("price", "5"), {"price": {"$eq": 5}}),
        (("price.gte", "10"), {"price": {"$gte": 10}}),
        (("price.between", "10..20"), {"price": {"$gte": 10, "$lte": 20}}),
        (("price.between", "..20"), {"price": {"$lte": 20}}),
        (("price.in", "1,2"), {"price": {"$in": [1, 2]}}),
        (("rate.lt", "0.5"), {"rate": {"$lt": 0.5}}),
        (("exact", "1.10"), {"exact": {"$eq": Decimal128("1.10")}}),
        (("price.gt", str(1 << 70)), {"price": {"$gt": float(1 << 70)}}),
        (("zip", "42"), {"zip": {"$in": [42, "42"]}}),
        (("title.contains", "a.*b"), {"title": {"$regex": r"a\.\*b", "$options": "i"}}),
        (("title.starts", "(x"), {"title": {"$regex": r"^\(x"}}),
        (("title.in", r"a\,b,c"), {"title": {"$in": ["a,b", "c"]}}),
        (("title.not", "x"), {"$nor": [{"title": {"$eq": "x"}}]}),
        (("active", "no"), {"active": {"$eq": False}}),
        (("owner", "0" * 24), {"owner": {"$eq": ObjectId("0" * 24)}}),
        (("title.empty", "yes"), {"title": {"$in": [None, "", []]}}),
        (("title.exists", "no"), {"title": {"$exists": False}}),
        (("title.type", "int64"), {"title": {"$type": "long"}}),
        (("address.city", "Oslo"), {"address.city": {"$eq": "Oslo"}}),
        (("q.is", "x"), {"q": {"$eq": "x"}}),
        (("a.in.is", "x"), {"a.in": {"$eq": "x"}}),
    ],
)
def test_filter_becomes_a_typed_mongo_filter(pair: tuple[str, str], wanted: dict[str, Any]) -> None:
    assert _mongo(pair) == wanted


@pytest.mark.parametrize(
    ("key", "text", "low", "high"),
    [
        ("created", "2024-02", datetime(2024, 2, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)),
        ("created", "2024", datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
        ("created", "2024-12-31", datetime(2024, 12, 31, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
        (
            "created.between",
            "2024-01-01..2024-01-02",
            datetime(2024, 1, 1, tzinfo=UTC),
            datetime(2024, 1, 3, tzinfo=UTC),
        ),
    ],
)
def test_a_date_stands_for_its_whole_span(key: str, text: str, low: datetime, high: datetime) -> None:
    assert _mongo((key, text)) == {"created": {"$gte": low, "$lt": high}}


def test_amount_in_minor_units_is_typed_in_major_ones() -> None:
    field = KnownField("price", frozenset(("int32",)), digits=2)
    assert compile_condition(Condition("price", "gte", ("12.5",)), field) == {"price": {"$gte": 1250}}
    with pytest.raises(BadFilter):
        compile_condition(Condition("price", "gte", ("12.505",)), field)


def test_range_in_a_list_asks_one_item_for_both_ends() -> None:
    found = compile_condition(Condition("sizes", "between", ("1..5",)), LISTS["sizes"])
    assert found["$or"][0] == {"sizes": {"$elemMatch": {"$gte": 1, "$lte": 5}}}


def test_same_field_twice_means_one_of_them() -> None:
    assert _mongo(("title", "a"), ("title", "b")) == {"title": {"$in": ["a", "b"]}}


def test_groups_nest() -> None:
    found = _mongo(
        ("price", "1"), ("or:title", "a"), ("or:and:price", "2"), ("or:and:title", "b"), ("or2:active", "yes")
    )
    assert found == {
        "$and": [
            {"price": {"$eq": 1}},
            {"$or": [{"title": {"$eq": "a"}}, {"$and": [{"price": {"$eq": 2}}, {"title": {"$eq": "b"}}]}]},
            {"active": {"$eq": True}},
        ]
    }


@pytest.mark.parametrize(
    "pair",
    [
        ("$where", "1"),
        ("title.$regex", "x"),
        ("$or:title", "x"),
        ("nope", "1"),
        ("titel", "1"),
        ("price", "abc"),
        ("price", "1.5"),
        ("price.contains", "1"),
        ("created.after", "2024-13-01"),
        ("created.after", "9999-99"),
        ("active", "perhaps"),
        ("owner", "123"),
        ("title.type", "{}"),
        ("title", "x" * 5000),
        ("title", "a\0b"),
        ("title", "\udc80"),
        ("\udcff", "x"),
        ("..", "x"),
        ("price.between", "5"),
        ("sort", "$natural"),
        ("sort", "nope"),
        ("size", "0"),
        ("size", "1e9"),
        ("at", "after~AAAA"),
        ("at", "nowhere"),
        ("q", "\udc80"),
    ],
)
def test_what_cannot_be_understood_is_a_message_and_no_filter(pair: tuple[str, str]) -> None:
    state = _read(pair)
    assert len(state.problems) == 1
    state.problems[0].text.encode()
    assert not state.tree.children
    assert state.problems[0].message % state.problems[0].values


def test_unknown_field_names_the_nearest() -> None:
    assert _read(("titel", "x")).problems[0].values["near"] == "title"


_KEYS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([*TYPES, "$where", "or:title", "title.in", "price.gte", "at", "sort", "q"]),
)
_TEXTS = st.one_of(
    st.text(max_size=20), st.sampled_from(['{"$gt": ""}', "1", "2024", "$where", "..", "a,b", "yes"])
)


@given(st.lists(st.tuples(_KEYS, _TEXTS), max_size=8))
def test_no_text_from_outside_becomes_an_operator(pairs: list[tuple[str, str]]) -> None:
    state = _read(*pairs)
    allowed = {
        "$and",
        "$or",
        "$nor",
        "$eq",
        "$in",
        "$nin",
        "$gt",
        "$gte",
        "$lt",
        "$lte",
        "$regex",
        "$options",
    }
    allowed |= {"$exists", "$type", "$elemMatch", "$not"}

    def check(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                assert key in allowed or key in TYPES, key
                check(inner)
        elif isinstance(value, list):
            for inner in value:
                check(inner)

    check(compile_group(state.tree, FIELDS.fields))


@given(st.lists(st.tuples(_KEYS, _TEXTS), max_size=8))
def test_address_reads_back_as_the_same_state(pairs: list[tuple[str, str]]) -> None:
    state = _read(*pairs)
    again = _read(*write_state(state))
    assert (again.search, again.tree, again.sort, again.size) == (
        state.search,
        state.tree,
        state.sort,
        state.size,
    )
    assert not again.problems


def test_condition_can_be_taken_out_anywhere_in_the_tree() -> None:
    state = _read(("price", "1"), ("or:title", "a"), ("or:price", "2"))
    positions = [position for position, _, _ in iter_conditions(state.tree)]
    assert positions == [(0,), (1, 0), (1, 1)]
    left = without(without(state, (1, 1)), (1, 0))
    assert left.tree == Group("and", (Condition("price", "is", ("1",)),))


def test_reserved_and_operator_like_names_are_written_with_is() -> None:
    assert write_key("q", "is") == "q.is"
    assert write_key("a.in", "is") == "a.in.is"
    assert write_key("price", "is") == "price"


def test_comma_lists_keep_escaped_commas() -> None:
    assert split_list(r"a\,b,c\\,,d") == ("a,b", "c\\", "d")


def test_operators_follow_from_the_type() -> None:
    assert "contains" not in operators_of(FIELDS.fields["price"])
    assert "gte" not in operators_of(FIELDS.fields["title"])
    assert operators_of(FIELDS.fields["where"]) == ("empty", "exists", "type")


@given(
    st.lists(
        st.one_of(
            st.none(), st.integers(-(2**63), 2**63 - 1), st.text(), st.binary(), st.floats(allow_nan=False)
        ),
        min_size=1,
        max_size=4,
    )
)
def test_token_gives_back_its_keys_and_hides_them(values: list[Any]) -> None:
    keys = tuple(Key(value) for value in values)
    assert SIGNER.read(SIGNER.write(keys)) == keys


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_changed_token_is_refused(place: int) -> None:
    token = SIGNER.write((Key("Oslo"), Key(5)))
    changed = list(token)
    changed[place] = "A" if changed[place] != "A" else "B"
    if "".join(changed)[:-1] == token[:-1]:
        changed[place - 1] = "A" if changed[place - 1] != "A" else "B"
    with pytest.raises(BadToken):
        SIGNER.read("".join(changed))


def test_token_of_another_order_is_refused() -> None:
    token = Signer(b"secret", "shop", "products", "price,_id").write((Key(5), Key(1)))
    with pytest.raises(BadToken):
        SIGNER.read(token)
    assert _read(("sort", "price"), ("at", f"after~{token}")).problems


def test_sort_reads_directions() -> None:
    assert _read(("sort", "-price,title")).sort == (SortKey("price", True), SortKey("title"))
