"""The address of a list: read, written, and never an operator from outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import Decimal128, ObjectId
from hypothesis import example, given
from hypothesis import strategies as st

from aiocms.admin.known import KnownField, KnownFields
from aiocms.admin.lists.conditions import (
    BadFilter,
    Condition,
    Group,
    compile_condition,
    compile_group,
    operators_of,
    parse_values,
)
from aiocms.admin.lists.drill import from_where, narrowed
from aiocms.admin.lists.keyset import Key, SortKey
from aiocms.admin.lists.query import (
    ListState,
    iter_parts,
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
    "or:x": {"string"},
    "lines": {"array", "object"},
    "lines.sku": {"string"},
    "lines.qty": {"int32"},
    "lines.made": {"date"},
    "lines.or:x": {"string"},
    "lines.parts": {"array", "object"},
    "lines.parts.name": {"string"},
    "li:s\\t": {"array", "object"},
    "li:s\\t.a": {"int32"},
}
ITEMS = ("lines.parts", "lines", "li:s\\t")
FIELDS = KnownFields(
    {
        path: KnownField(
            path, frozenset(types), next((one for one in ITEMS if f"{path}.".startswith(f"{one}.")), "")
        )
        for path, types in TYPES.items()
    }
)
LISTS = {"sizes": KnownField("sizes", frozenset(("array", "int32")), "sizes")}
NAMES = {path.removeprefix(f"{one}.") for path in TYPES for one in ("", *ITEMS)}
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
        ((":or:x", "5"), {"or:x": {"$eq": "5"}}),
        (("one:lines:qty.gte", "5"), {"lines": {"$elemMatch": {"qty": {"$gte": 5}}}}),
        (("one:lines::or:x", "5"), {"lines": {"$elemMatch": {"or:x": {"$eq": "5"}}}}),
        (("one:lines:sku.not", "a"), {"lines": {"$elemMatch": {"$nor": [{"sku": {"$eq": "a"}}]}}}),
        (("one:lines:qty.between", "1..2"), {"lines": {"$elemMatch": {"qty": {"$gte": 1, "$lte": 2}}}}),
        (("one:lines:sku.exists", "no"), {"lines": {"$elemMatch": {"sku": {"$exists": False}}}}),
        (("one:lines:sku.type", "null"), {"lines": {"$elemMatch": {"sku": {"$type": "null"}}}}),
        (("one:lines.parts:name", "a"), {"lines.parts": {"$elemMatch": {"name": {"$eq": "a"}}}}),
        (
            ("one:lines:one:parts:name", "a"),
            {"lines": {"$elemMatch": {"parts": {"$elemMatch": {"name": {"$eq": "a"}}}}}},
        ),
        ((r"one:li\:s\\t:a", "1"), {"li:s\\t": {"$elemMatch": {"a": {"$eq": 1}}}}),
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


def test_one_item_must_meet_all_conditions_of_its_group() -> None:
    found = _mongo(
        ("one:lines:qty.gte", "5"),
        ("one:lines:sku", "a"),
        ("one2:lines:qty.lt", "3"),
        ("one:lines:or:sku.not", "b"),
        ("one:lines:or:qty", "9"),
        ("title", "t"),
    )
    first = [
        {"qty": {"$gte": 5}},
        {"sku": {"$eq": "a"}},
        {"$or": [{"$nor": [{"sku": {"$eq": "b"}}]}, {"qty": {"$eq": 9}}]},
    ]
    assert found == {
        "$and": [
            {"title": {"$eq": "t"}},
            {"lines": {"$elemMatch": {"$and": first}}},
            {"lines": {"$elemMatch": {"qty": {"$lt": 3}}}},
        ]
    }


def test_same_field_of_one_item_twice_means_one_of_them_and_both_when_both_are_asked() -> None:
    assert _mongo(("one:lines:sku", "a"), ("one:lines:sku", "b")) == {
        "lines": {"$elemMatch": {"sku": {"$in": ["a", "b"]}}}
    }
    both = Group("one", (Condition("lines.sku", "is", ("a",)), Condition("lines.sku", "is", ("b",))), "lines")
    written = write_state(ListState(tree=Group("and", (both,))))
    assert written == [("one:lines:sku", "a"), ("one:lines:and:sku", "b")]


def test_a_field_that_is_not_in_the_item_is_refused() -> None:
    group = Group("one", (Condition("price", "is", ("1",)),), "lines")
    with pytest.raises(BadFilter):
        compile_group(group, FIELDS.fields)


def test_a_kept_field_of_an_item_is_as_if_not_there() -> None:
    open_ = FIELDS.guarded(lambda path: path != "lines.sku")
    pairs = [("one:lines:sku", "a"), ("one:lines:qty", "5")]
    state = read_state(pairs, open_, lambda sort: SIGNER, open_)
    assert [one.key for one in state.problems] == ["one:lines:sku"]
    shut = FIELDS.guarded(lambda path: not path.startswith("lines"))
    state = read_state(pairs, shut, lambda sort: SIGNER, shut)
    assert len(state.problems) == 2 and not state.tree.children


@pytest.mark.parametrize(
    "pair",
    [
        ("one:title:x", "1"),
        ("one:nope:x", "1"),
        ("one:lines:title", "1"),
        ("one:lines:", "1"),
        ("one::sku", "1"),
        ("one:lines:qty", "abc"),
        ("one:$where:sku", "1"),
        ("one:lines:$where", "1"),
        ("one:lines.$elemMatch:sku", "1"),
        ("one:lines:parts.name.$regex", "1"),
        ("one:lines\udc80:sku", "1"),
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
    st.builds(
        "".join,
        st.tuples(
            st.lists(
                st.sampled_from(
                    [
                        *("or:", "and2:", "one:lines:", "one2:lines:", "one:parts:", "one:lines.parts:"),
                        *(r"one:li\:s\\t:", "one:$where:", ":"),
                    ]
                ),
                max_size=5,
            ).map("".join),
            st.sampled_from(["sku", "qty.gte", "or:x", "parts.name.in", "name", "made", "a", "title", ""]),
        ),
    ),
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
                assert key in allowed or key in NAMES, key
                check(inner)
        elif isinstance(value, list):
            for inner in value:
                check(inner)

    check(compile_group(state.tree, FIELDS.fields))


@given(st.lists(st.tuples(_KEYS, _TEXTS), max_size=8))
@example([("lines.made", "0001"), ("lines.made", "0001")])
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


_INSIDE = {
    "": ("title", "or:x", "a.in", "q", "lines.sku"),
    "lines": ("lines.sku", "lines.or:x", "lines.parts.name"),
    "lines.parts": ("lines.parts.name",),
    "li:s\\t": ("li:s\\t.a",),
}


@st.composite
def _trees(draw: st.DrawFn, kind: Any = "and", item: str = "", depth: int = 0) -> Group:
    texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6)
    operators = ("contains", "starts", "not", *(() if kind == "or" else ("is", "in")))
    children: list[Condition | Group] = []
    for path in draw(st.lists(st.sampled_from(_INSIDE[item]), min_size=1, max_size=3)):
        text = draw(st.sampled_from("12") if path.endswith(".a") else texts.filter(str.strip))
        operator = draw(st.sampled_from(("is", "not") if path.endswith(".a") else operators))
        if kind != "or" or operator not in ("is", "in"):
            children.append(Condition(path, operator, (text,)))
    for _ in range(draw(st.integers(0, 2)) if depth < 3 else 0):
        lists = {"": ("lines", "lines.parts", "li:s\\t"), "lines": ("lines.parts",)}.get(item, ())
        inner = draw(st.sampled_from(("and", "or", *lists)))
        if inner in ("and", "or"):
            children.append(draw(_trees(inner, item, depth + 1)))
        else:
            children.append(replace(draw(_trees("one", inner, depth + 1)), path=inner))
    return Group(kind, tuple(children) or (Condition(_INSIDE[item][0], "exists", ("yes",)),))


@given(_trees())
def test_every_filter_asks_the_same_after_the_way_through_an_address(tree: Group) -> None:
    def sort(found: Any) -> Any:
        """The filter without the order of its parts."""
        if isinstance(found, list):
            return sorted((sort(one) for one in found), key=repr)
        if not isinstance(found, dict):
            return found
        if set(found) == {"$and"} and len({repr(sort(one)) for one in found["$and"]}) == 1:
            return sort(found["$and"][0])
        return {key: sort(one) for key, one in found.items()}

    state = _read(*write_state(ListState(tree=tree)))
    assert not state.problems
    assert sort(compile_group(state.tree, FIELDS.fields)) == sort(compile_group(tree, FIELDS.fields))


def test_a_declared_filter_about_one_item_becomes_a_group_of_the_address() -> None:
    where = {"price": 5, "lines": {"$elemMatch": {"sku": "a", "qty": {"$gte": 2, "$lt": 9}}}}
    conditions = from_where(where, FIELDS)
    assert conditions is not None
    pairs = narrowed(_read(("active", "yes")), conditions, FIELDS)
    assert pairs == [
        ("active", "yes"),
        ("price", "5"),
        ("one:lines:sku", "a"),
        ("one:lines:qty.gte", "2"),
        ("one:lines:qty.lt", "9"),
    ]
    assert from_where({"lines": {"$elemMatch": {"nope": 1}}}, FIELDS) is None
    assert from_where({"lines": {"$elemMatch": {"$gte": 1}}}, FIELDS) is None
    assert from_where({"title": {"$elemMatch": {"a": 1}}}, FIELDS) is None


def test_condition_can_be_taken_out_anywhere_in_the_tree() -> None:
    state = _read(("price", "1"), ("or:title", "a"), ("or:price", "2"))
    positions = [position for position, _, _ in iter_parts(state.tree)]
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


def test_one_and_zero_are_yes_and_no_only_where_there_are_no_numbers_or_texts() -> None:
    mixed = KnownField("v", frozenset(("bool", "int32", "string")))
    assert parse_values(mixed, "1") == [1, "1"]
    assert parse_values(mixed, "yes") == [True, "yes"]
    assert parse_values(KnownField("v", frozenset(("bool",))), "1") == [True]
    assert parse_values(KnownField("v", frozenset(("bool", "null"))), "0") == [False]


def test_days_and_switches_are_one_of_several_too() -> None:
    day = KnownField("day", frozenset(("date",)), is_day=True)
    found = compile_condition(Condition("day", "in", ("2024-05-01", "2024-05-03")), day)
    starts = [datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 3, tzinfo=UTC)]
    assert [part["day"]["$gte"] for part in found["$or"]] == starts
    switch = KnownField("on", frozenset(("bool",)))
    assert compile_condition(Condition("on", "in", ("yes", "no")), switch) == {"on": {"$in": [True, False]}}


def test_an_operator_that_does_not_fit_is_told_with_those_that_do() -> None:
    whole = KnownField("address", frozenset(("object",)))
    with pytest.raises(BadFilter) as error:
        compile_condition(Condition("address", "gt", ("1",)), replace(whole, types=frozenset(("string",))))
    assert "“address” cannot be filtered by “gt”, only by: is, not, in, contains, starts" in str(error.value)
