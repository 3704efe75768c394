"""Lists: every product once on some page, in order, by one index; facet numbers that are true."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from aiocms.shop import facets as facets_module
from aiocms.shop.demo.catalogue import make_id
from aiocms.shop.derive import ALL, below_token
from aiocms.shop.facets import Limits, count_facets, grow_version
from aiocms.shop.keyset import ORDERS, RELEVANCE, BadCursor, Order, read_cursor, write_cursor
from aiocms.shop.listing import Listing, read_listing, write_listing
from aiocms.shop.models import PRODUCTS, PUBLISHED
from aiocms.shop.store import find_bounds, find_page, find_product, page_filter

HOME = below_token(make_id("category", "home"))
LISTINGS = [
    Listing(base=ALL),
    Listing(base=HOME),
    Listing(base=HOME, chosen=(("color", ("teal", "oak", "black")),)),
    Listing(
        base=ALL,
        chosen=(("color", ("white", "sand")), ("brand", ("Halden", "Norrby", "Oxbow"))),
        price_from=2000,
    ),
    Listing(base=ALL, price_from=1500, price_to=9000),
]


def is_listed(product: dict[str, Any], listing: Listing) -> bool:
    """The same question answered from the document, the slow way."""
    if product["status"] != PUBLISHED:
        return False
    if not all(set(group) & set(product["tokens"]) for group in listing.groups):
        return False
    low, high = listing.price_from, listing.price_to
    return (low is None or product["price_min"] >= low) and (high is None or product["price_min"] <= high)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
async def test_paging_there_and_back_meets_every_product_once(catalogue: Any, order: Order) -> None:
    products = await catalogue[PRODUCTS].find({}).to_list(None)
    # Ties in every order: one price, one title and one moment for many.
    await catalogue[PRODUCTS].update_many(
        {"_id": {"$in": [one["_id"] for one in products[::3]]}},
        {"$set": {"price_min": 5000, "sort_title": "same", "published": products[0]["published"]}},
    )
    products = await catalogue[PRODUCTS].find({}).to_list(None)
    for base in LISTINGS:
        listing = replace(base, order=order)
        wanted = [one for one in products if is_listed(one, listing)]
        wanted.sort(key=lambda one: (one[order.field], one["_id"]), reverse=order.direction < 0)
        pages = []
        page = await find_page(catalogue, listing, 17)
        while True:
            pages.append([one["_id"] for one in page.products])
            if not page.has_after:
                break
            cursor = read_cursor(order, write_cursor(order, page.products[-1]))
            page = await find_page(catalogue, replace(listing, cursor=cursor), 17)
        assert [id for ids in pages for id in ids] == [one["_id"] for one in wanted]
        back = pages[-1:]
        while page.has_before and page.products:
            cursor = read_cursor(order, write_cursor(order, page.products[0]), backwards=True)
            page = await find_page(catalogue, replace(listing, cursor=cursor), 17)
            assert page.has_after
            back.insert(0, [one["_id"] for one in page.products])
        assert [id for ids in back for id in ids] == [one["_id"] for one in wanted]


async def test_relevance_pages_meet_every_match_once(catalogue: Any) -> None:
    listing = Listing(words=("lamp",), order=RELEVANCE)
    wanted = {
        one["_id"]
        for one in await catalogue[PRODUCTS].find({}).to_list(None)
        if is_listed(one, Listing()) and "lamp" in (one["search"] + " " + one["body"]).lower().split()
    }
    seen: list[Any] = []
    scores: list[float] = []
    page = await find_page(catalogue, listing, 5)
    while page.products:
        seen += [one["_id"] for one in page.products]
        scores += [one["score"] for one in page.products]
        if not page.has_after:
            break
        cursor = read_cursor(RELEVANCE, write_cursor(RELEVANCE, page.products[-1]))
        page = await find_page(catalogue, replace(listing, cursor=cursor), 5)
    assert len(seen) == len(set(seen)) > 5
    assert set(seen) == wanted
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("listing", LISTINGS)
async def test_facet_numbers_are_those_of_a_count_by_hand(catalogue: Any, listing: Listing) -> None:
    products = await catalogue[PRODUCTS].find({}).to_list(None)
    codes = ["color", "brand", "material", "size", "handmade"]
    counts = await count_facets(catalogue, listing, codes, Limits())
    assert counts.total == sum(is_listed(one, listing) for one in products)
    for code in codes:
        inside = [one for one in products if is_listed(one, listing.without_facet(code))]
        by_hand = Counter(
            token.partition(":")[2]
            for one in inside
            for token in one["tokens"]
            if token.startswith(f"{code}:")
        )
        assert dict(counts.values.get(code, {})) == dict(by_hand), code


async def test_kept_numbers_are_counted_again_when_the_catalogue_has_changed(
    catalogue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = Listing(base=HOME)
    first = await count_facets(catalogue, listing, ["color"], Limits(age=0))
    await catalogue[PRODUCTS].delete_one({"tokens": HOME, "status": PUBLISHED})
    assert await count_facets(catalogue, listing, ["color"], Limits(age=0)) == first
    await grow_version(catalogue)
    assert await count_facets(catalogue, listing, ["color"], Limits(age=3600)) == first
    again = await count_facets(catalogue, listing, ["color"], Limits(age=0))
    assert again.total is not None and first.total is not None
    assert again.total == first.total - 1


async def test_facets_without_numbers_when_counting_takes_too_long(
    catalogue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pymongo.errors import ExecutionTimeout

    async def too_long(*_: Any) -> Any:
        raise ExecutionTimeout("operation exceeded time limit", 50)

    monkeypatch.setattr(facets_module, "_count_now", too_long)
    counts = await count_facets(catalogue, Listing(base=HOME), ["color"], Limits())
    assert counts.total is None
    assert counts.values == {}


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
@pytest.mark.parametrize("listing", LISTINGS)
async def test_a_list_walks_one_index_in_its_order(catalogue: Any, listing: Listing, order: Order) -> None:
    listing = replace(listing, order=order)
    page = await find_page(catalogue, listing, 10)
    cursor = read_cursor(order, write_cursor(order, page.products[-1]))
    for wish in (listing, replace(listing, cursor=cursor)):
        bounds = await find_bounds(catalogue, wish)
        query = catalogue[PRODUCTS].find(page_filter(wish, bounds)).sort(order.sort()).limit(11)
        plan = await query.explain()
        text = str(plan["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in text
        assert "'SORT'" not in text, "sorted in memory"
        assert "tokens" in text
        stats = plan["executionStats"]
        rarest = min([await catalogue[PRODUCTS].count_documents({"tokens": {"$in": g}}) for g in wish.groups])
        assert stats["totalDocsExamined"] <= rarest
        if len(wish.groups) == 1:
            assert stats["totalDocsExamined"] <= 12


async def test_a_rare_value_bounds_what_is_read(catalogue: Any) -> None:
    rare = await catalogue[PRODUCTS].find_one({"status": PUBLISHED, "tokens": HOME})
    await catalogue[PRODUCTS].update_one({"_id": rare["_id"]}, {"$push": {"tokens": "color:rarest"}})
    listing = Listing(base=HOME, chosen=(("color", ("rarest",)),))
    bounds = await find_bounds(catalogue, listing)
    plan = (
        await catalogue[PRODUCTS]
        .find(page_filter(listing, bounds))
        .sort(ORDERS[0].sort())
        .limit(25)
        .explain()
    )
    assert plan["executionStats"]["totalDocsExamined"] == 1
    assert [one["_id"] for one in (await find_page(catalogue, listing, 25)).products] == [rare["_id"]]


async def test_values_from_an_address_are_never_expressions(catalogue: Any) -> None:
    for value in ("$tokens", "$$ROOT", '{"$gt": ""}', "color:oak", "\ud800"):
        listing = read_listing(MultiDict([("color", value), ("brand", "$title")]), ["color", "brand"]).listing
        assert (await find_page(catalogue, listing, 5)).products == []


async def test_a_tokens_field_that_is_no_list_breaks_no_page(catalogue: Any) -> None:
    await catalogue[PRODUCTS].update_one({"status": PUBLISHED}, {"$set": {"tokens": "all"}})
    listing = Listing(base=ALL, chosen=(("color", ("oak",)),))
    assert (await find_page(catalogue, listing, 500)).products


async def test_drafts_are_not_found_by_their_address(catalogue: Any) -> None:
    draft = await catalogue[PRODUCTS].find_one({"status": "draft"})
    assert await find_product(catalogue, draft["slug"]) is None


@given(st.text(max_size=80))
def test_any_text_as_a_cursor_is_read_or_refused(text: str) -> None:
    for order in (*ORDERS, RELEVANCE):
        try:
            cursor = read_cursor(order, text)
        except BadCursor:
            continue
        assert cursor.id is not None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "q",
                    "color",
                    "brand",
                    "sort",
                    "price.gte",
                    "price.lte",
                    "after",
                    "before",
                    "match",
                    "$where",
                    "x",
                ]
            ),
            st.text(max_size=30),
        ),
        max_size=12,
    )
)
def test_any_address_is_a_listing_that_its_own_address_gives_again(pairs: list[tuple[str, str]]) -> None:
    wish = read_listing(MultiDict(pairs), ["color", "brand"])
    written = write_listing(wish.listing)
    again = read_listing(MultiDict(written), ["color", "brand"])
    assert again.problems == ()
    assert replace(wish.listing, cursor=None) == again.listing
    assert all("$" not in key for key, _ in written)


async def test_a_slug_and_an_article_number_are_found_by_index(catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"status": PUBLISHED})
    sku = product["variants"][0]["sku"]
    for query in (
        {"site": "main", "slug": product["slug"]},
        {"variants.sku": sku},
        {"variants.sku": {"$regex": f"^{sku[:6]}"}},
    ):
        plan = await catalogue[PRODUCTS].find(query).explain()
        assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"]), query


async def test_an_article_number_belongs_to_one_product_and_drafts_may_have_none(catalogue: Any) -> None:
    from pymongo.errors import DuplicateKeyError

    product = await catalogue[PRODUCTS].find_one({"status": PUBLISHED})
    await catalogue[PRODUCTS].insert_many(
        [{"site": "main", "slug": slug, "variants": []} for slug in ("a", "b", "c")]
    )
    with pytest.raises(DuplicateKeyError):
        await catalogue[PRODUCTS].insert_one(
            {"site": "main", "slug": "d", "variants": [{"sku": product["variants"][0]["sku"]}]}
        )
