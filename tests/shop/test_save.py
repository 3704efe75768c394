"""Saving: derived fields follow, a category takes its subtree along, cut work is finished."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from bson import ObjectId

from aiocms.shop.check import iter_broken
from aiocms.shop.demo.catalogue import make_id
from aiocms.shop.derive import below_token
from aiocms.shop.follow import follow
from aiocms.shop.models import CATEGORIES, MOVES, PRODUCTS, STOCK, TYPES
from aiocms.shop.repair import repair
from aiocms.shop.save import Conflict, refresh_product, refresh_products, save_product
from aiocms.shop.stock import Availability, StockError, adjust, ensure_stock, find_availability, move_outbox
from aiocms.shop.store import find_category, find_product
from aiocms.shop.tree import Refused, new_category, save_category, settle_categories

LAMPS, LIGHT, HOME, WEAR, TOPS = (
    make_id("category", path) for path in ("home/light/lamps", "home/light", "home", "wear", "wear/tops")
)


async def list_broken(db: Any) -> list[str]:
    return [str(broken) async for broken in iter_broken(db)]


async def test_the_made_up_catalogue_is_sound(catalogue: Any) -> None:
    assert await list_broken(catalogue) == []


async def test_filling_twice_changes_nothing(catalogue: Any) -> None:
    from aiocms.shop.demo.fill import fill

    before = await catalogue[PRODUCTS].find({}).sort("_id").to_list(None)
    await fill(catalogue, 400, "EUR")
    assert await catalogue[PRODUCTS].find({}).sort("_id").to_list(None) == before


async def test_deriving_many_keeps_versions_and_earlier_addresses(catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"status": "published"})
    for slug in ("second", "third"):
        await catalogue[PRODUCTS].update_one(
            {"_id": product["_id"]}, {"$set": {"slug": slug}, "$inc": {"version": 1}}
        )
        await refresh_products(catalogue, {"_id": product["_id"]})
    saved = await catalogue[PRODUCTS].find_one({"_id": product["_id"]})
    assert saved["version"] == product["version"] + 2
    assert saved["old_slugs"] == [product["slug"], "second"]


async def test_a_saved_product_is_listed_by_what_it_is_now(catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"category_ids": LAMPS, "status": "published"})
    variants = [
        {**one, "price": {"amount": 123, "cur": "EUR"}, "compare": None} for one in product["variants"]
    ]
    version = await save_product(
        catalogue,
        product["_id"],
        {"variants": variants, "category_ids": [TOPS], "title": "Changed"},
        product["version"],
    )
    saved = await catalogue[PRODUCTS].find_one({"_id": product["_id"]})
    assert saved["version"] == version == product["version"] + 1
    assert saved["price_min"] == saved["price_max"] == 123
    assert below_token(WEAR) in saved["tokens"]
    assert below_token(HOME) not in saved["tokens"]
    assert saved["sort_title"] == "changed"
    assert await list_broken(catalogue) == []


async def test_of_two_savers_with_one_version_one_is_told(catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({})
    done = await asyncio.gather(
        *(save_product(catalogue, product["_id"], {"title": f"T{n}"}, product["version"]) for n in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Conflict) for one in done) == 5
    assert await list_broken(catalogue) == []


async def test_derived_fields_are_never_saved_as_given(catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"status": "published"})
    await save_product(
        catalogue, product["_id"], {"tokens": ["all", "x:y"], "price_min": 0}, product["version"]
    )
    saved = await catalogue[PRODUCTS].find_one({"_id": product["_id"]})
    assert (saved["tokens"], saved["price_min"]) == (product["tokens"], product["price_min"])


async def test_a_changed_slug_leads_to_the_product_still(catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"status": "published"})
    version = await save_product(catalogue, product["_id"], {"slug": "first-new"}, product["version"])
    await save_product(catalogue, product["_id"], {"slug": "second-new"}, version)
    for slug in (product["slug"], "first-new", "second-new"):
        found = await find_product(catalogue, slug)
        assert found is not None and found["slug"] == "second-new"


async def test_a_moved_category_takes_its_subtree_and_their_products_along(catalogue: Any) -> None:
    light = await catalogue[CATEGORIES].find_one({"_id": LIGHT})
    await save_category(catalogue, LIGHT, {"parent": WEAR, "slug": "shine"}, light["version"])
    lamps = await catalogue[CATEGORIES].find_one({"_id": LAMPS})
    assert lamps["url_path"] == "wear/shine/lamps"
    assert lamps["ancestors"] == [WEAR, LIGHT]
    inside = await catalogue[PRODUCTS].find({"category_ids": LAMPS, "status": "published"}).to_list(None)
    assert inside
    assert all(
        below_token(WEAR) in one["tokens"] and below_token(HOME) not in one["tokens"] for one in inside
    )
    moved = await find_category(catalogue, "home/light/lamps")
    assert moved is not None and moved["_id"] == LAMPS
    assert await list_broken(catalogue) == []


@pytest.mark.parametrize("cut", ["refresh_products", "UpdateOne"])
async def test_a_move_that_was_cut_is_finished_by_the_next_settling(
    catalogue: Any, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    from aiocms.shop import tree

    def fail(*_: Any, **__: Any) -> Any:
        raise ConnectionError("cut")

    light = await catalogue[CATEGORIES].find_one({"_id": LIGHT})
    with monkeypatch.context() as patch:
        patch.setattr(tree, cut, fail)
        with pytest.raises(ConnectionError):
            await save_category(catalogue, LIGHT, {"parent": WEAR}, light["version"])
    assert await list_broken(catalogue) != []
    await repair(catalogue)
    assert await list_broken(catalogue) == []
    assert (await catalogue[CATEGORIES].find_one({"_id": LAMPS}))["url_path"] == "wear/light/lamps"


async def test_two_categories_can_change_places(catalogue: Any) -> None:
    await catalogue[CATEGORIES].update_one({"_id": HOME}, {"$set": {"slug": "wear"}})
    await catalogue[CATEGORIES].update_one({"_id": WEAR}, {"$set": {"slug": "home"}})
    await settle_categories(catalogue)
    home, wear = [await catalogue[CATEGORIES].find_one({"_id": id}) for id in (HOME, WEAR)]
    assert (home["url_path"], wear["url_path"]) == ("wear", "home")
    assert await list_broken(catalogue) == []


async def test_a_move_below_itself_or_onto_a_taken_address_is_refused(catalogue: Any) -> None:
    home = await catalogue[CATEGORIES].find_one({"_id": HOME})
    with pytest.raises(Refused, match="below itself"):
        await save_category(catalogue, HOME, {"parent": LIGHT}, home["version"])
    with pytest.raises(Refused, match="address wear"):
        await save_category(catalogue, HOME, {"slug": "wear"}, home["version"])
    assert await catalogue[CATEGORIES].find_one({"_id": HOME}) == home


async def test_moves_at_the_same_time_leave_a_sound_tree(catalogue: Any) -> None:
    async def move(id: Any, parent: Any) -> None:
        category = await catalogue[CATEGORIES].find_one({"_id": id})
        try:
            await save_category(catalogue, id, {"parent": parent}, category["version"])
        except (Conflict, Refused):
            pass

    await asyncio.gather(move(LIGHT, WEAR), move(TOPS, HOME), move(LAMPS, TOPS), move(WEAR, HOME))
    await repair(catalogue)
    broken = [text for text in await list_broken(catalogue) if "below itself" not in text]
    assert broken == []


async def test_a_hidden_category_hides_those_below(catalogue: Any) -> None:
    light = await catalogue[CATEGORIES].find_one({"_id": LIGHT})
    await save_category(catalogue, LIGHT, {"public": False}, light["version"])
    assert await find_category(catalogue, "home/light") is None
    assert await find_category(catalogue, "home/light/lamps") is None
    assert await find_category(catalogue, "home") is not None


async def test_a_new_category_gets_its_address_by_settling(catalogue: Any) -> None:
    id = ObjectId()
    await catalogue[CATEGORIES].insert_one(
        new_category({"_id": id, "title": "Bulbs", "slug": "bulbs", "parent": LIGHT})
    )
    await settle_categories(catalogue)
    found = await find_category(catalogue, "home/light/bulbs")
    assert found is not None and found["_id"] == id


async def test_stock_changes_are_guarded_and_in_the_ledger(catalogue: Any) -> None:
    stock = await catalogue[STOCK].find_one({"on_hand": 8})
    after = await adjust(catalogue, stock["_id"], -8, reason="count", by="ann")
    assert (after["on_hand"], after["available"]) == (0, 0)
    with pytest.raises(StockError, match="Only 0 pieces"):
        await adjust(catalogue, stock["_id"], -1, reason="count", by="ann")
    assert await list_broken(catalogue) == []


async def test_many_takers_never_take_more_than_there_is(catalogue: Any) -> None:
    stock = await catalogue[STOCK].find_one({"on_hand": 4})
    done = await asyncio.gather(
        *(adjust(catalogue, stock["_id"], -1, reason="sale", by="x") for _ in range(12)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, StockError) for one in done) == 8
    assert (await catalogue[STOCK].find_one({"_id": stock["_id"]}))["available"] == 0
    assert await list_broken(catalogue) == []


async def test_one_ref_changes_stock_once_however_often_it_is_sent(catalogue: Any) -> None:
    stock = await catalogue[STOCK].find_one({"on_hand": 15})
    ref = {"type": "delivery", "id": "7", "line": "1"}
    await asyncio.gather(
        *(adjust(catalogue, stock["_id"], 5, reason="delivery", by="x", ref=dict(ref)) for _ in range(8))
    )
    assert (await catalogue[STOCK].find_one({"_id": stock["_id"]}))["on_hand"] == 20
    assert await catalogue[MOVES].count_documents({"ref": ref}) == 1
    assert await list_broken(catalogue) == []


async def test_a_line_that_was_cut_on_its_way_reaches_the_ledger_once(catalogue: Any) -> None:
    stock = await catalogue[STOCK].find_one({"on_hand": 30})
    await adjust(catalogue, stock["_id"], 1, reason="count", by="x")
    line = await catalogue[MOVES].find_one({"variant": stock["variant"], "reason": "count"})
    # In the ledger already, but not yet taken out of the outbox.
    await catalogue[STOCK].update_one({"_id": stock["_id"]}, {"$push": {"outbox": line}})
    assert "1 lines wait" in " ".join(await list_broken(catalogue))
    await move_outbox(catalogue, await catalogue[STOCK].find_one({"_id": stock["_id"]}))
    assert await list_broken(catalogue) == []


async def test_check_names_what_is_wrong(catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"status": "published"})
    stock = await catalogue[STOCK].find_one({"on_hand": 60})
    await catalogue[PRODUCTS].update_one({"_id": product["_id"]}, {"$set": {"price_min": 1}})
    await catalogue[STOCK].update_one({"_id": stock["_id"]}, {"$inc": {"available": 1}})
    text = " ".join(await list_broken(catalogue))
    assert f"{PRODUCTS} {product['_id']}: wrong price_min" in text
    assert "available 61 is not 60 - 0" in text


async def test_availability_tells_few_sold_out_and_made_to_order(db: Any) -> None:
    from aiocms.shop.stock import new_stock

    ids = [ObjectId() for _ in range(5)]
    await db[STOCK].insert_many(
        [
            new_stock(ids[0], 1, "a", 6),
            new_stock(ids[1], 1, "b", 5),
            new_stock(ids[2], 1, "c", 0),
            new_stock(ids[3], 1, "d", 0, backorder=True),
        ]
    )
    told = await find_availability(db, ids, few=5)
    assert [told[id] for id in ids] == [
        Availability.IN_STOCK,
        Availability.FEW,
        Availability.SOLD_OUT,
        Availability.TO_ORDER,
        Availability.SOLD_OUT,
    ]


async def test_whoever_writes_derived_fields_follow(catalogue: Any) -> None:
    task = asyncio.create_task(follow(lambda: catalogue))
    try:
        await asyncio.sleep(0.3)
        product = await catalogue[PRODUCTS].find_one({"status": "published", "category_ids": LAMPS})
        await catalogue[PRODUCTS].update_one(
            {"_id": product["_id"]}, {"$set": {"title": "Written Elsewhere"}}
        )
        await catalogue[CATEGORIES].update_one({"_id": LIGHT}, {"$set": {"slug": "glow"}})
        raw = {"slug": "raw", "title": "Raw", "type": "light", "status": "published", "category_ids": [LAMPS],
               "variants": [{"sku": "RAW-1", "price": {"amount": 500, "cur": "EUR"}}]}  # fmt: skip
        inserted = (await catalogue[PRODUCTS].insert_one(raw)).inserted_id

        async def settled() -> bool:
            one = await catalogue[PRODUCTS].find_one({"_id": product["_id"]})
            new = await catalogue[PRODUCTS].find_one({"_id": inserted})
            path = (await catalogue[CATEGORIES].find_one({"_id": LAMPS}))["url_path"]
            stocked = await catalogue[STOCK].count_documents({"product": inserted})
            return (
                one["sort_title"] == "written elsewhere"
                and path == "home/glow/lamps"
                and "all" in new.get("tokens", ())
                and stocked == 1
            )

        async with asyncio.timeout(20):
            while not await settled():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    finally:
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_changed_while_nobody_followed_is_caught_up(catalogue: Any) -> None:
    async def follow_until(title: str) -> None:
        task = asyncio.create_task(follow(lambda: catalogue))
        async with asyncio.timeout(20):
            while not await catalogue[PRODUCTS].find_one({"sort_title": title}):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    task = asyncio.create_task(follow_until("one"))
    await asyncio.sleep(0.5)
    product = await catalogue[PRODUCTS].find_one({})
    await catalogue[PRODUCTS].update_one({"_id": product["_id"]}, {"$set": {"title": "One"}})
    await task
    await catalogue[PRODUCTS].update_one({"_id": product["_id"]}, {"$set": {"title": "Two"}})
    await follow_until("two")


async def test_following_goes_on_after_a_failure_with_the_database_of_then(
    catalogue: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from aiocms.core.mongo import DatabaseAway
    from aiocms.shop import follow as module

    asked, broken = 0, ObjectId()

    def get_db() -> Any:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise DatabaseAway("away")
        return catalogue

    async def handle(db: Any, events: Any) -> None:
        if any(event["documentKey"]["_id"] == broken for event in events):
            raise KeyError("of a document that nobody foresaw")
        await real_handle(db, events)

    real_handle = module.handle
    monkeypatch.setattr(module, "handle", handle)
    task = asyncio.create_task(follow(get_db))
    try:
        async with asyncio.timeout(20):
            while asked < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
            await catalogue[PRODUCTS].insert_one({"_id": broken})
            while "could not be made" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            product = await catalogue[PRODUCTS].find_one({"slug": {"$exists": True}})
            await catalogue[PRODUCTS].update_one({"_id": product["_id"]}, {"$set": {"title": "After it"}})
            while not await catalogue[PRODUCTS].find_one({"sort_title": "after it"}):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_changed_type_changes_what_its_products_are_filtered_by(catalogue: Any) -> None:
    from aiocms.shop.follow import handle

    await catalogue[TYPES].update_one(
        {"_id": "light", "attributes.code": "brand"}, {"$set": {"attributes.$.filterable": False}}
    )
    await handle(
        catalogue,
        [
            {
                "operationType": "update",
                "ns": {"coll": TYPES},
                "documentKey": {"_id": "light"},
                "updateDescription": {"updatedFields": {"attributes.0.filterable": False}},
            }
        ],
    )
    lamp = await catalogue[PRODUCTS].find_one({"type": "light"})
    assert not any(token.startswith("brand:") for token in lamp["tokens"])
    assert await list_broken(catalogue) == []


async def test_a_refresh_of_what_is_right_writes_nothing(catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({})
    assert await refresh_product(catalogue, product["_id"]) is False
    assert await ensure_stock(catalogue, [product["_id"]]) == 0
