"""Derived fields: everything a product can be listed by, and nothing else."""

from __future__ import annotations

from typing import Any

from bson import ObjectId
from hypothesis import given
from hypothesis import strategies as st

from aiocms.shop.demo.catalogue import iter_products, make_categories, make_types
from aiocms.shop.derive import (
    RESERVED,
    below_token,
    category_token,
    derive_product,
    derive_tree,
    value_token,
)
from aiocms.shop.rules import check_category, check_product, check_type

KIND = {
    "_id": "tee",
    "attributes": [
        {
            "code": "color",
            "kind": "choice",
            "filterable": True,
            "variant": True,
            "choices": [{"code": "red"}, {"code": "blue"}],
        },
        {"code": "brand", "kind": "text", "filterable": True},
        {"code": "secret", "kind": "text", "filterable": False},
    ],
}
ROOT, LEAF = ObjectId(), ObjectId()
TREE = {ROOT: {"_id": ROOT, "ancestors": []}, LEAF: {"_id": LEAF, "ancestors": [ROOT]}}

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
variants = st.lists(
    st.fixed_dictionaries(
        {
            "sku": st.text(max_size=6),
            "active": st.booleans(),
            "price": st.fixed_dictionaries(
                {"amount": st.integers(0, 10**9), "cur": st.sampled_from(["EUR", "USD"])}
            ),
            "opts": st.fixed_dictionaries({"color": st.sampled_from(["red", "blue"])}),
        }
    ),
    max_size=6,
)


@given(variants, st.text(max_size=30), st.text(max_size=30))
def test_derived_fields_say_what_the_product_is(found: list[dict[str, Any]], brand: str, secret: str) -> None:
    product = {
        "title": "Shirt",
        "attrs": {"brand": brand, "secret": secret},
        "variants": found,
        "category_ids": [LEAF],
    }
    derived = derive_product(product, KIND, TREE)
    active = [one for one in found if one["active"]]
    if not active:
        assert derived["tokens"] == []
        assert derived["price_min"] is derived["price_max"] is None
        return
    amounts = [one["price"]["amount"] for one in active if one["price"]["cur"] == active[0]["price"]["cur"]]
    assert (derived["price_min"], derived["price_max"]) == (min(amounts), max(amounts))
    expected = {"all", category_token(LEAF), below_token(LEAF), below_token(ROOT)}
    expected |= {f"color:{one['opts']['color']}" for one in active}
    expected |= {f"brand:{brand.strip()}"} if brand.strip() else set()
    assert set(derived["tokens"]) == expected
    assert len(derived["tokens"]) == len(set(derived["tokens"]))


@given(
    st.dictionaries(
        st.sampled_from(["title", "attrs", "variants", "category_ids", "options", "translations"]), anything
    )
)
def test_no_document_is_too_odd_to_derive(product: dict[str, Any]) -> None:
    derived = derive_product(product, KIND, TREE)
    assert derive_product({**product, **derived}, KIND, TREE) == derived


@given(st.text(max_size=20), anything)
def test_a_token_never_poses_as_another(code: str, value: Any) -> None:
    token = value_token(code, value)
    if token is not None:
        assert code not in RESERVED
        assert token.partition(":")[0] == code
        assert not token.startswith("$") or code.startswith("$")


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.none() | st.integers(0, 12), st.sampled_from("abc")), max_size=10
    )
)
def test_any_tree_gets_unique_addresses_and_true_ancestors(rows: list[tuple[int, int | None, str]]) -> None:
    tree = {id: {"_id": id, "parent": parent, "slug": slug} for id, parent, slug in rows}
    derived = derive_tree(tree.values())
    paths = [fields["url_path"] for fields in derived.values()]
    assert len(paths) == len(set(paths)) == len(tree)
    for id, fields in derived.items():
        assert id not in fields["ancestors"]
        if fields["ancestors"]:
            assert fields["ancestors"][-1] == tree[id]["parent"]
            assert fields["url_path"].startswith(derived[tree[id]["parent"]]["url_path"] + "/")


def test_a_category_below_a_hidden_one_knows_it() -> None:
    tree = [
        {"_id": 1, "slug": "a", "parent": None, "public": False},
        {"_id": 2, "slug": "b", "parent": 1, "public": True},
        {"_id": 3, "slug": "c", "parent": 2, "public": True},
    ]
    derived = derive_tree(tree)
    assert [derived[id]["ancestors_are_public"] for id in (1, 2, 3)] == [True, False, False]
    assert derived[3]["url_path"] == "a/b/c"


def test_the_made_up_catalogue_breaks_no_rule() -> None:
    kinds = {kind["_id"]: kind for kind in make_types()}
    assert [problem for kind in kinds.values() for problem in check_type(kind)] == []
    tree = {one["_id"]: one for one in make_categories()}
    assert [
        problem for one in tree.values() for problem in check_category(one, tree.get(one["parent"]))
    ] == []
    products = [product for product, _, _ in iter_products(300, "EUR")]
    assert [str(problem) for one in products for problem in check_product(one, kinds[one["type"]])] == []
    assert len({one["slug"] for one in products}) == 300


def test_the_made_up_catalogue_is_the_same_every_time() -> None:
    assert list(iter_products(30, "EUR"))[7][0] == list(iter_products(30, "EUR"))[7][0]


def test_rules_name_each_broken_place() -> None:
    price = {"amount": 100, "cur": "EUR"}
    product = {
        "title": "",
        "slug": "Not A Slug",
        "status": "published",
        "options": ["color", "brand"],
        "attrs": {"brand": 5},
        "variants": [
            {"sku": "A", "opts": {"color": "red"}, "price": price, "compare": {"amount": 50, "cur": "EUR"}},
            {"sku": "A", "opts": {"color": "red"}, "price": {"amount": -1, "cur": "XXQ"}},
            {"sku": "", "opts": {"color": "blue"}, "price": {"amount": 1.5, "cur": "EUR"}},
        ],
    }
    paths = {problem.path for problem in check_product(product, KIND)}
    assert {"title", "slug", "options.1", "attrs.brand", "variants.0.sku", "variants.0.compare"} <= paths
    assert {"variants.1.price", "variants.2.sku", "variants.2.price", "variants.1.opts"} <= paths


odd_variants = st.lists(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("_id", "sku", "opts", "active"), anything)
        | {
            name: anything | st.fixed_dictionaries({"amount": anything, "cur": st.just("EUR") | anything})
            for name in ("price", "compare")
        },
    )
    | anything,
    max_size=3,
)
odd_attributes = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "code": st.just("size") | anything,
            "kind": st.sampled_from(("multi", "choice", "int")) | anything,
            "choices": st.lists(st.fixed_dictionaries({"code": anything}), max_size=2) | anything,
            "required": anything,
            "variant": anything,
        },
    )
    | anything,
    max_size=3,
)


@given(
    st.fixed_dictionaries(
        {"variants": odd_variants | anything},
        optional={
            "attrs": st.fixed_dictionaries({"size": anything}) | anything,
            **dict.fromkeys(("title", "slug", "status", "options", "type"), anything),
        },
    ),
    st.none() | st.fixed_dictionaries({"attributes": odd_attributes | anything}),
)
def test_rules_cope_with_whatever_stands_in_a_document(
    product: dict[str, Any], kind: dict[str, Any] | None
) -> None:
    problems = [*check_product(product, kind), *check_type(kind or {}), *check_category(product, None)]
    assert all(str(problem).startswith(f"{problem.path}: ") for problem in problems)
    assert any(problem.path == "slug" for problem in check_product({**product, "slug": "Not One"}, kind))


def test_a_category_cannot_lie_below_itself_or_too_deep() -> None:
    below = {"_id": 2, "ancestors": [1], "url_path": "a/b"}
    assert [problem.path for problem in check_category({"_id": 1, "slug": "a", "title": "A"}, below)] == [
        "parent"
    ]
    deep = {"_id": 9, "ancestors": [6, 7, 8], "url_path": "a/b/c/d"}
    assert [problem.path for problem in check_category({"_id": 1, "slug": "a", "title": "A"}, deep)] == [
        "parent"
    ]
