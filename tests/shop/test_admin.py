"""The shop's screens in the admin: lists, a form with nested variants, actions, and what follows."""

from __future__ import annotations

import asyncio
import json
import re
from html import unescape
from typing import Any

import pytest
import pytest_asyncio

from aiocms.shop.demo.catalogue import make_id
from aiocms.shop.models import CATEGORIES, MOVES, PRODUCTS, STOCK, TYPES
from tests.admin.formpage import FormPage

SCREENS = ("products", "categories", "types", "stock", "stockmoves")


@pytest_asyncio.fixture
async def admin(catalogue: Any, make_site: Any, make_client: Any, login: Any) -> Any:
    """A superuser's client of a site with the made-up catalogue."""
    client = await make_client(make_site(apps=["admin", "auth", "shop"]))
    await login(client)
    return client


def read_form(page: str) -> list[tuple[str, str]]:
    """The fields of the edit form as a browser would post them."""
    form = max(re.findall(r"<form\b.*?</form>", page, re.S), key=len)
    pairs = []
    for tag, name, rest in re.findall(
        r"<(input|textarea|select)\b([^>]*)>((?:(?!<(?:input|select|textarea)\b).)*)", form, re.S
    ):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', name))
        if "name" not in attributes or "disabled" in name or attributes.get("type") in ("submit", "file"):
            continue
        if attributes.get("type") in ("checkbox", "radio") and " checked" not in name:
            continue
        value = attributes.get("value", "on" if attributes.get("type") == "checkbox" else "")
        if tag == "textarea":
            value = rest.partition("</textarea>")[0].removeprefix("\n")
        if tag == "select":
            chosen = re.search(r'<option[^>]*value="([^"]*)"[^>]*\bselected', rest.partition("</select>")[0])
            value = chosen[1] if chosen else ""
        pairs.append((unescape(attributes["name"]), unescape(value)))
    return pairs


async def open_form(admin: Any, address: str) -> FormPage:
    answer = await admin.get(f"/admin/shop/{address}")
    page = await answer.text()
    assert answer.status == 200, page[-3000:]
    return FormPage(page)


async def post(admin: Any, address: str, pairs: Any, status: int = 303) -> str:
    origin = str(admin.make_url("/")).rstrip("/")
    answer = await admin.post(
        f"/admin/shop/{address}", data=pairs, headers={"Origin": origin}, allow_redirects=False
    )
    page = str(await answer.text())
    assert answer.status == status, page[-3000:]
    return page


def errors_of(page: str) -> dict[str, str]:
    """Messages by the id of the block that they stand in."""
    found = re.findall(r'<div class="a-error" id="([^"]+)-errors">(.*?)</div>\s*</div>', page, re.S)
    return {name: unescape(re.sub(r"<[^>]+>", "", text)).strip() for name, text in found}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_screen_lists_its_documents(admin: Any, screen: str, language: str) -> None:
    answer = await admin.get(f"/admin/shop/{screen}/", headers={"Accept-Language": language})
    page = await answer.text()
    assert answer.status == 200, page[:800]
    assert "a-table" in page


async def test_prices_on_the_list_are_money(admin: Any) -> None:
    page = await (await admin.get("/admin/shop/products/")).text()
    assert re.search(r"\d\.\d\d<span class=\"a-unit\">EUR</span>", page)


async def test_a_product_has_a_form_with_its_variants(admin: Any, catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"type": "tableware"})
    answer = await admin.get(f"/admin/shop/products/{product['_id']}")
    page = await answer.text()
    assert answer.status == 200, page[:800]
    assert product["variants"][0]["sku"] in page


async def test_what_is_saved_in_the_admin_is_what_the_shop_lists(admin: Any, catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"status": "published", "type": "tableware"})
    address = f"/admin/shop/products/{product['_id']}"
    form = read_form(await (await admin.get(address)).text())
    field = next(name for name, value in form if value == product["title"])
    posted = [(name, "Renamed In The Admin" if name == field else value) for name, value in form]
    answer = await admin.post(
        address, data=posted, headers={"Origin": str(admin.make_url("/")).rstrip("/")}, allow_redirects=False
    )
    assert answer.status == 303, (await answer.text())[:3000]
    saved = await catalogue[PRODUCTS].find_one({"_id": product["_id"]})
    assert saved["title"] == "Renamed In The Admin"
    assert saved["variants"] == product["variants"]
    assert (saved["sort_title"], saved["version"]) == ("renamed in the admin", product["version"] + 1)
    assert saved["updated"] > product["updated"]
    page = await (await admin.get("/shop/search?q=renamed")).text()
    assert "Renamed In The Admin" in page


async def test_a_category_moved_in_the_admin_moves_its_pages(admin: Any, catalogue: Any) -> None:
    lamps, wear = make_id("category", "home/light/lamps"), make_id("category", "wear")
    await catalogue[CATEGORIES].update_one({"_id": lamps}, {"$set": {"parent": wear}})
    async with asyncio.timeout(20):
        while (await admin.get("/shop/c/wear/lamps")).status != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert (await admin.get("/shop/c/home/light/lamps", allow_redirects=False)).status == 301


async def test_numbers_of_stock_cannot_be_typed(admin: Any, catalogue: Any) -> None:
    stock = await catalogue[STOCK].find_one({"on_hand": 8})
    page = await (await admin.get(f"/admin/shop/stock/{stock['_id'].replace('@', '%40')}")).text()
    names = {name for name, _ in read_form(page)}
    assert not any("on_hand" in name or "available" in name or "reserved" in name for name in names)
    assert await catalogue[MOVES].count_documents({"variant": stock["variant"]}) == 1


@pytest_asyncio.fixture
async def lonely_admin(
    catalogue: Any, make_site: Any, make_client: Any, login: Any, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """As ``admin``, in a site where nobody follows changes: what is derived was derived by the save."""

    async def idle(*_: object) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr("aiocms.shop.lifespan.follow", idle)
    client = await make_client(make_site(apps=["admin", "auth", "shop"]))
    await login(client)
    return client


async def test_broken_rules_stand_beside_their_fields_and_nothing_is_lost(admin: Any, catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"status": "published", "type": "tableware"})
    address = f"products/{product['_id']}"
    form = await open_form(admin, address)
    changes = {"slug": "Not A Slug", "title": "Typed", "variants-0-price-amount": "-5"}
    page = await post(admin, address, form.filled(changes), 422)
    assert errors_of(page) == {
        "slug": "Use small letters, digits and single hyphens.",
        "variants-0-price": "A price is not negative.",
    }
    assert all(FormPage(page).get(name) == value for name, value in changes.items())
    assert await catalogue[PRODUCTS].find_one({"_id": product["_id"]}) == product
    again = FormPage(page).filled({"slug": "a-slug", "variants-0-price-amount": "500"})
    await post(admin, address, again)
    saved = await catalogue[PRODUCTS].find_one({"_id": product["_id"]})
    assert (saved["slug"], saved["title"], saved["variants"][0]["price"]["amount"]) == (
        "a-slug",
        "Typed",
        500,
    )


async def test_messages_are_in_the_language_of_the_page(admin: Any, catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"type": "tableware"})
    admin.session.headers["Accept-Language"] = "ru"
    form = await open_form(admin, f"products/{product['_id']}")
    page = await post(admin, f"products/{product['_id']}", form.filled({"slug": "Not A Slug"}), 422)
    assert re.search("[а-я]", errors_of(page)["slug"])


async def test_what_was_wrong_before_does_not_stop_a_save_of_something_else(
    admin: Any, catalogue: Any
) -> None:
    product = await catalogue[PRODUCTS].find_one({"status": "published", "type": "tableware"})
    await catalogue[PRODUCTS].update_one({"_id": product["_id"]}, {"$set": {"slug": "Imported Badly"}})
    form = await open_form(admin, f"products/{product['_id']}")
    await post(admin, f"products/{product['_id']}", form.filled({"title": "Better"}))
    assert (await catalogue[PRODUCTS].find_one({"_id": product["_id"]}))["title"] == "Better"


async def test_a_new_product_is_whole_at_once_and_can_be_taken_back(
    lonely_admin: Any, catalogue: Any
) -> None:
    admin = lonely_admin
    form = await open_form(admin, "products/new")
    page = await post(admin, "products/new", form.filled({"slug": "tea pot"}), 422)
    assert "A product needs a title." in page and errors_of(page).keys() >= {"title", "slug"}
    await post(admin, "products/new", FormPage(page).filled({"title": "Tea Pot", "slug": "tea-pot"}))
    made = await catalogue[PRODUCTS].find_one({"slug": "tea-pot"})
    assert (made["status"], made["site"], made["version"], made["tokens"]) == ("draft", "main", 1, [])
    assert made["sort_title"] == "tea pot" and made["created"]
    change = await catalogue["admin_changes"].find_one({"verb": "add"})
    token = form.get("csrf_token")
    answer = await admin.post(
        f"/admin/undo/{change['_id']}",
        data={"csrf_token": token},
        headers={"Origin": str(admin.make_url("/")).rstrip("/")},
        allow_redirects=False,
    )
    assert answer.status == 303
    assert await catalogue[PRODUCTS].count_documents({"slug": "tea-pot"}) == 0


async def test_a_new_variant_has_its_stock_at_once(lonely_admin: Any, catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"type": "tableware", "status": "published"})
    address = f"products/{product['_id']}"
    form = await open_form(lonely_admin, f"{address}?tab=json")
    twin = {
        "sku": "NEW-1",
        "opts": dict.fromkeys(product["options"], "Odd"),
        "price": {"amount": {"$numberLong": "700"}, "cur": "EUR"},
    }
    text = json.loads(form.get("_json"))
    text["variants"].append(twin)
    await post(lonely_admin, f"{address}?tab=json", form.filled({"_json": json.dumps(text)}))
    saved = await catalogue[PRODUCTS].find_one({"_id": product["_id"]})
    stock = await catalogue[STOCK].find_one({"variant": saved["variants"][-1]["_id"]})
    assert (stock["sku"], stock["available"]) == ("NEW-1", 0)


async def test_a_moved_category_takes_everything_along_at_once(lonely_admin: Any, catalogue: Any) -> None:
    lamps, wear = make_id("category", "home/light/lamps"), make_id("category", "wear")
    form = await open_form(lonely_admin, f"categories/{lamps}")
    await post(lonely_admin, f"categories/{lamps}", form.filled({"parent": str(wear)}))
    assert (await lonely_admin.get("/shop/c/wear/lamps")).status == 200
    product = await catalogue[PRODUCTS].find_one({"category_ids": lamps, "tokens": {"$ne": []}})
    assert f"ancestor:{wear}" in product["tokens"]


async def test_a_category_is_refused_below_itself_nowhere_and_on_a_taken_address(
    admin: Any, catalogue: Any
) -> None:
    home, light = make_id("category", "home"), make_id("category", "home/light")
    before = await catalogue[CATEGORIES].find_one({"_id": home})
    form = await open_form(admin, f"categories/{light}")
    page = await post(admin, f"categories/{light}", form.filled({"parent": "f" * 24}), 422)
    assert list(errors_of(page)) == ["parent"]
    assert "Nothing in Categories is called" in errors_of(page)["parent"]
    form = await open_form(admin, f"categories/{home}")
    page = await post(admin, f"categories/{home}", form.filled({"slug": "wear"}), 422)
    assert errors_of(page) == {"slug": "Another category has the address wear."}
    json_form = await open_form(admin, f"categories/{home}?tab=json")
    text = json.loads(json_form.get("_json")) | {"parent": {"$oid": str(light)}}
    pairs = json_form.filled({"_json": json.dumps(text)})
    page = await post(admin, f"categories/{home}?tab=json", pairs, 422)
    assert "parent: A category cannot lie below itself." in page
    assert await catalogue[CATEGORIES].find_one({"_id": home}) == before


async def test_a_new_category_has_its_page_at_once(lonely_admin: Any, catalogue: Any) -> None:
    form = await open_form(lonely_admin, "categories/new")
    wear = make_id("category", "wear")
    fields = {"title": "Hats", "slug": "hats", "parent": str(wear), "public": "true"}
    await post(lonely_admin, "categories/new", form.filled(fields))
    made = await catalogue[CATEGORIES].find_one({"slug": "hats"})
    assert (made["url_path"], made["ancestors"], made["public"]) == ("wear/hats", [wear], True)
    assert (await lonely_admin.get("/shop/c/wear/hats")).status == 200


async def test_a_changed_type_derives_its_products_and_keeps_its_rules(
    lonely_admin: Any, catalogue: Any
) -> None:
    form = await open_form(lonely_admin, "types/tableware")
    codes = {name: value for name, value in form.pairs if re.fullmatch(r"attributes-\d+-code", name)}
    brand = next(name for name, value in codes.items() if value == "brand")
    page = await post(lonely_admin, "types/tableware", form.filled({brand: "Two Words"}), 422)
    assert errors_of(page) == {brand: "A code is a small letter, then letters, digits and _."}
    switch = [pair for pair in form.filled() if pair != (brand.replace("code", "filterable"), "true")]
    await post(lonely_admin, "types/tableware", switch)
    kind = await catalogue[TYPES].find_one({"_id": "tableware"})
    assert next(one for one in kind["attributes"] if one["code"] == "brand")["filterable"] is False
    assert not await catalogue[PRODUCTS].find_one({"type": "tableware", "tokens": re.compile("^brand:")})


async def test_publishing_rows_passes_over_what_cannot_be_sold(admin: Any, catalogue: Any) -> None:
    ids = [one["_id"] async for one in catalogue[PRODUCTS].find({"status": "published"}).limit(2)]
    await catalogue[PRODUCTS].update_many({"_id": {"$in": ids}}, {"$set": {"status": "draft"}})
    await catalogue[PRODUCTS].update_one({"_id": ids[0]}, {"$set": {"variants": []}})
    token = (await open_form(admin, "products/new")).get("csrf_token")
    pairs = [("csrf_token", token), ("action", "publish"), *(("rows", str(one)) for one in ids)]
    await post(admin, "products/-/action", pairs)
    statuses = {one["_id"]: one["status"] async for one in catalogue[PRODUCTS].find({"_id": {"$in": ids}})}
    assert statuses == {ids[0]: "draft", ids[1]: "published"}
    page = await (await admin.get("/admin/shop/products/")).text()
    assert "1 was not published: it has no active variant with a price." in page
