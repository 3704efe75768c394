"""The shop's screens in the admin: lists, a form with nested variants, actions, and what follows."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from typing import Any

import pytest
import pytest_asyncio

from aiocms.shop.demo.catalogue import make_id
from aiocms.shop.models import CATEGORIES, MOVES, PRODUCTS, STOCK

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
    async with asyncio.timeout(20):
        while not await catalogue[PRODUCTS].find_one(  # noqa: ASYNC110
            {"_id": product["_id"], "sort_title": "renamed in the admin"}
        ):
            await asyncio.sleep(0.1)
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
