"""Permission strings: reading, granting, and the filters they compile to."""

from datetime import UTC, datetime

import pytest
from bson import ObjectId
from hypothesis import given
from hypothesis import strategies as st

from aiocms.auth.permissions import (
    PermissionSyntaxError,
    allows,
    compile_rules,
    field_access,
    parse,
    scope,
)

NAMES = st.sampled_from(["shop", "blog", "products", "orders", "view", "edit", "delete"])
WANTED = st.lists(NAMES, min_size=1, max_size=4).map(".".join)
GRANTS = st.lists(NAMES | st.just("*"), min_size=1, max_size=3).map(".".join)


def test_exact_name_grants_only_itself():
    assert allows(["shop.products.edit"], "shop.products.edit")
    for other in (
        "shop.products",
        "shop.products.edit.x",
        "shop.products.view",
        "shop.product.edit",
        "",
        ".",
    ):
        assert not allows(["shop.products.edit"], other)


def test_star_stands_for_one_or_more_segments():
    assert allows(["shop.*"], "shop.products.edit")
    assert allows(["shop.*.view"], "shop.products.view")
    assert allows(["shop.*.view"], "shop.products.cost.view")
    assert allows(["*"], "anything.at.all")
    assert not allows(["shop.*"], "shop")
    assert not allows(["shop.*"], "shopping.list")
    assert not allows(["shop.*.view"], "shop.products.edit")


def test_negation_wins_in_any_order():
    for rights in (["shop.*", "~shop.products.delete"], ["~shop.products.delete", "shop.*"]):
        assert allows(rights, "shop.products.edit")
        assert not allows(rights, "shop.products.delete")
    assert not allows(["*", "~*.delete"], "database.a%2Eb.delete")


def test_dots_of_a_name_are_no_wildcards():
    assert not allows(["shop.products"], "shopXproducts")
    assert not allows(["shop.prod+"], "shop.prodd")


@given(st.lists(GRANTS, max_size=4), WANTED)
def test_nothing_but_grants_grants(grants, wanted):
    assert allows(grants, wanted) == any(_oracle(one.split("."), wanted.split(".")) for one in grants)


@given(st.lists(GRANTS, max_size=4), st.lists(GRANTS, max_size=4), WANTED)
def test_a_denial_only_ever_takes_away(grants, denials, wanted):
    rights = [*grants, *(f"~{one}" for one in denials)]
    denied = any(_oracle(one.split("."), wanted.split(".")) for one in denials)
    assert allows(rights, wanted) == (allows(grants, wanted) and not denied)


@given(st.lists(st.text(max_size=20), max_size=3), st.text(max_size=20), st.text(max_size=10))
def test_no_text_makes_the_rules_raise(rights, wanted, path):
    assert allows(rights, wanted) in (True, False)
    assert field_access(rights, wanted, path) in ("edit", "read", "hide")


@given(st.text(max_size=30))
def test_an_unreadable_string_grants_nothing(text):
    try:
        parse(text)
    except PermissionSyntaxError:
        assert not allows([text], "shop.products.view")
        assert allows(["*", text], "shop.products.view") is not text.lstrip().startswith("~")


def test_conditions_compile_to_typed_values_under_an_operator():
    identity = ObjectId()
    cases = {
        "channel=web": {"channel": {"$eq": "web"}},
        "channel!=web": {"channel": {"$ne": "web"}},
        "total>=100": {"total": {"$gte": 100}},
        "total<1.5": {"total": {"$lt": 1.5}},
        "paid=true": {"paid": {"$eq": True}},
        "shipped=null": {"shipped": {"$eq": None}},
        'code="5"': {"code": {"$eq": "5"}},
        'code="a|b,c"': {"code": {"$eq": "a|b,c"}},
        "status=new,paid": {"status": {"$in": ["new", "paid"]}},
        "status!=new,paid": {"status": {"$nin": ["new", "paid"]}},
        f"shop=ObjectId({identity})": {"shop": {"$eq": identity}},
        "placed>=2026-01-31T00:00:00Z": {"placed": {"$gte": datetime(2026, 1, 31, tzinfo=UTC)}},
        "customer.id=@me": {"customer.id": {"$eq": "me!"}},
        "note={$gt: 0}": {"note": {"$eq": "{$gt: 0}"}},
    }
    for text, expected in cases.items():
        assert scope([f"shop.orders.view|{text}"], "shop.orders.view", "me!") == expected


def test_several_conditions_must_all_hold_and_several_grants_add_up():
    both = scope(["a.view|x=1|y=2"], "a.view")
    assert both == {"$and": [{"x": {"$eq": 1}}, {"y": {"$eq": 2}}]}
    either = scope(["a.view|x=1", "a.view|y=2"], "a.view")
    assert either == {"$or": [{"x": {"$eq": 1}}, {"y": {"$eq": 2}}]}
    assert scope(["a.view|x=1", "a.view"], "a.view") is True


def test_a_denial_with_a_condition_leaves_the_other_rows():
    assert scope(["a.*", "~a.view|x=1"], "a.view") == {"$nor": [{"x": {"$eq": 1}}]}
    assert scope(["~a.view|x=1"], "a.view") is False
    assert scope(["a.view|y=2", "~a.view"], "a.view") is False


def test_own_rows_of_nobody_are_no_rows():
    assert scope(["a.view|owner=@me"], "a.view", None) == {"_id": {"$in": []}}
    assert scope(["a.view", "~a.view|owner=@me"], "a.view", None) is False


@pytest.mark.parametrize(
    "text",
    ["", ".", "a..b", "a.", "~", "~~a", "a.b*", "a|", "a|x", "a|=1", "a|$where=1", "a|x.$y=1", "a|x=", "a|.x=1",
     "a|x>1,2", 'a|x="', 'a|x="a"b', "a|x=@me,2", "a|x=99999999999999999999", "a|x=2026-13-01T00:00:00Z", "*.*.*.*",
     'a|x="\\ud800"', "a" * 600],
)  # fmt: skip
def test_malformed_strings_are_refused_with_their_text(text):
    with pytest.raises(PermissionSyntaxError) as caught:
        parse(text)
    assert repr(text)[:20] in str(caught.value) or "cannot be read" in str(caught.value)


def test_fields_follow_their_screen_unless_named():
    rights = ["shop.products.*", "~shop.products.cost.view", "~shop.products.price.edit"]
    assert field_access(rights, "shop.products", "title") == "edit"
    assert field_access(rights, "shop.products", "price") == "read"
    assert field_access(rights, "shop.products", "cost") == "hide"
    assert field_access(rights, "shop.products", "cost.net") == "hide"
    assert field_access(["shop.products.view"], "shop.products", "title") == "read"
    assert (
        field_access(["shop.products.view", "shop.products.stock.edit"], "shop.products", "stock.0.n")
        == "edit"
    )
    assert field_access([], "shop.products", "title") == "hide"


def test_a_condition_on_a_field_right_takes_away_and_never_grants():
    rights = ["shop.products.*", "~shop.products.cost.view|a=1"]
    assert field_access(rights, "shop.products", "cost") == "hide"
    assert field_access(rights, "shop.products", "title") == "edit"
    assert (
        field_access(["shop.products.view", "shop.products.cost.edit|a=1"], "shop.products", "cost") == "read"
    )
    assert field_access(["shop.products.view|a=1"], "shop.products", "title") == "read"
    assert field_access(["shop.*", "~shop.*|a=1"], "shop.products", "title") == "edit"


def test_a_field_right_alone_does_not_open_the_screen():
    assert not allows(["shop.products.stock.edit"], "shop.products.edit")


def test_prune_takes_hidden_fields_out_at_any_depth():
    rules = compile_rules(("shop.*", "~shop.products.variants.cost.view", "~shop.products.note.*"))
    document = {"_id": 1, "variants": [{"cost": 5, "sku": "a"}, [{"cost": 6}]], "note": {"a": 1}, "cost": 7}
    assert rules.prune("shop.products", document) == {
        "_id": 1,
        "variants": [{"sku": "a"}, [{}]],
        "cost": 7,
    }
    assert document["variants"][0] == {"cost": 5, "sku": "a"}


async def test_filters_select_in_mongodb_what_they_say(db):
    rows = [
        {"_id": 1, "channel": "web", "total": 50},
        {"_id": 2, "channel": "shop", "total": 150, "owner": "ann"},
        {"_id": 3, "channel": {"$gt": ""}, "total": 150},
        {"_id": 4, "total": "150"},
    ]
    await db.rows.insert_many(rows)

    async def select(*rights):
        found = scope(rights, "a.view", "ann")
        query = {} if found is True else {"_id": {"$in": []}} if found is False else found
        return [row["_id"] async for row in db.rows.find(query).sort("_id")]

    assert await select("a.view|channel=web") == [1]
    assert await select("a.view|channel=web", "a.view|total>100") == [1, 2, 3]
    assert await select("a.view", "~a.view|total>100") == [1, 4]
    assert await select("a.view|owner=@me") == [2]
    assert await select("a.view|channel={'$gt': ''}") == []


def _oracle(pattern, wanted):
    if not pattern or not wanted:
        return not pattern and not wanted
    if pattern[0] == "*":
        return any(_oracle(pattern[1:], wanted[end:]) for end in range(1, len(wanted) + 1))
    return pattern[0] == wanted[0] and _oracle(pattern[1:], wanted[1:])
