"""The shop's pages over real HTTP: what visitors see, and that no address breaks them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import pytest_asyncio

from aiocms.shop.demo.catalogue import make_id
from aiocms.shop.models import CATEGORIES, PRODUCTS, STOCK


@pytest_asyncio.fixture
async def shop(catalogue: Any, make_site: Any, make_client: Any) -> Any:
    """A client of a site with the made-up catalogue."""
    return await make_client(make_site(apps=["shop"], title="Fieldhouse"))


async def read(client: Any, path: str, status: int = 200, **kwargs: Any) -> str:
    answer = await client.get(path, **kwargs)
    text = await answer.text()
    assert answer.status == status, text[:500]
    return str(text)


async def test_front_page_shows_departments_and_the_newest(shop: Any) -> None:
    page = await read(shop, "/shop/")
    assert "Kitchen &amp; table" in page
    assert page.count('class="s-card"') == 8
    assert '<link rel="canonical" href="http' in page


async def test_category_page_has_products_facets_and_canonical(shop: Any) -> None:
    page = await read(shop, "/shop/c/home/light/lamps")
    assert "<h1>Table lamps</h1>" in page
    assert 'name="color"' in page and 'name="brand"' in page
    assert re.search(r'rel="canonical" href="http://[^"]+/shop/c/home/light/lamps"', page)
    data = json.loads(re.search(r'application/ld\+json">(.+?)</script>', page)[1])
    assert [step["name"] for step in data["itemListElement"]] == ["Shop", "Home", "Light", "Table lamps"]


async def test_following_next_and_previous_meets_all_products(shop: Any, catalogue: Any) -> None:
    address, seen = "/shop/c/home", []
    while address:
        page = await read(shop, address)
        seen += re.findall(r'href="/shop/p/([^"?]+)"', page)
        match = re.search(r'<a class="btn btn-quiet" rel="next" href="([^"]+)"', page)
        address = match[1].replace("&amp;", "&") if match else ""
    total = await catalogue[PRODUCTS].count_documents(
        {"status": "published", "tokens": f"ancestor:{make_id('category', 'home')}"}
    )
    assert len(seen) == len(set(seen)) == total
    assert 'rel="prev"' in page


async def test_ticked_facets_narrow_show_chips_and_are_not_indexed(shop: Any) -> None:
    page = await read(shop, "/shop/c/home?color=teal&color=oak&brand=Halden")
    assert page.count('class="a-chip"') == 3
    assert re.search(r'name="color" value="teal"[^>]* checked', page)
    assert '<meta name="robots" content="noindex, follow">' in page
    assert re.search(r'rel="canonical" href="http://[^"]+/shop/c/home"', page)


async def test_product_page_shows_price_stock_options_and_offers(shop: Any, catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"type": "clothing", "status": "published"})
    variant = product["variants"][3]
    await catalogue[STOCK].update_one(
        {"variant": variant["_id"]}, {"$set": {"available": 3, "on_hand": 3, "backorder": False}}
    )
    page = await read(shop, f"/shop/p/{product['slug']}?sku={variant['sku']}")
    assert f'<dd class="a-mono">{variant["sku"]}</dd>' in page
    assert "Few left" in page
    assert page.count("data-shop-choice") == len({v["opts"]["color"] for v in product["variants"]}) + len(
        {v["opts"]["size"] for v in product["variants"]}
    )
    data = json.loads(re.search(r'application/ld\+json">(.+?)</script>', page)[1])
    assert len(data["offers"]) == len(product["variants"])
    assert data["offers"][3]["price"] == f"{variant['price']['amount'] / 100:.2f}"


async def test_a_title_cannot_break_out_of_structured_data(shop: Any, catalogue: Any) -> None:
    await catalogue[PRODUCTS].update_one(
        {"status": "published"}, {"$set": {"slug": "evil", "title": "</script><b>x"}}
    )
    page = await read(shop, "/shop/p/evil")
    assert "</script><b>" not in page
    assert json.loads(re.search(r'application/ld\+json">(.+?)</script>', page)[1])["name"] == "</script><b>x"


async def test_old_addresses_redirect_for_good(shop: Any, catalogue: Any) -> None:
    await catalogue[CATEGORIES].update_one(
        {"url_path": "wear"}, {"$set": {"url_path": "clothes"}, "$push": {"old_paths": "wear"}}
    )
    await catalogue[PRODUCTS].update_one(
        {"status": "published"}, {"$set": {"slug": "new-slug", "old_slugs": ["old-slug"]}}
    )
    for path, to in (
        ("/shop/c/wear", "/shop/c/clothes"),
        ("/shop/p/old-slug", "/shop/p/new-slug"),
        ("/shop/c/home/", "/shop/c/home"),
    ):
        answer = await shop.get(path, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (301, to)


async def test_search_finds_by_word_by_number_and_by_beginning(shop: Any, catalogue: Any) -> None:
    product = await catalogue[PRODUCTS].find_one({"status": "published"})
    assert product["slug"] in await read(shop, f"/shop/search?q={product['variants'][0]['sku']}")
    assert 'class="s-card"' in await read(shop, "/shop/search?q=Kettle")
    assert "names that begin so" in await read(shop, f"/shop/search?q={product['title'][:4]}")
    assert "some of them" in await read(shop, "/shop/search?q=kettle+zzzzzz")
    assert "Nothing was found" in await read(shop, "/shop/search?q=zzzzzz")


async def test_search_speaks_russian(shop: Any) -> None:
    page = await read(shop, "/shop/search?q=кружка", headers={"Accept-Language": "ru"})
    assert 'class="s-card"' in page
    assert "Кружка" in page
    assert "Сортировка" in page


async def test_drawn_pictures_are_kept_for_ever_and_hold_no_script(shop: Any) -> None:
    answer = await shop.get("/shop/picture/lamp-oak-7.svg")
    assert answer.status == 200
    assert answer.content_type == "image/svg+xml"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "script" not in await answer.text()
    await read(shop, "/shop/picture/lamp-oak.svg", 404)
    await read(shop, "/shop/picture/..%2f..%2fetc-oak-7.svg", 404)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("price.gte=abc", 400),
        ("price.gte=50&price.lte=10", 400),
        ("price.lte=1e999", 400),
        ("sort=nonsense", 400),
        ("after=broken", 400),
        ("before=%FF%FE", 400),
        ("after=WyJuZXdlc3QiLCIkd2hlcmUiLCJ4Il0", 400),
        ("colour=none&utm_source=x", 200),
        ("color=no-such-colour", 200),
        ("$where=1&color[$ne]=x&color=%24gt", 200),
        ("color=%FF%C3%28", 200),
        ("color=%EF%BB%BF%E2%80%8B", 200),
        ("&".join(f"color=c{n}" for n in range(60)), 400),
        ("x=" + "y" * 3000, 200),
    ],
)
async def test_odd_addresses_get_a_whole_page(shop: Any, query: str, status: int) -> None:
    page = await read(shop, f"/shop/c/home?{query}", status)
    assert "<h1>Home</h1>" in page
    assert "</html>" in page
    await read(shop, f"/shop/search?q=lamp&{query}", status)


async def test_a_cursor_of_another_order_is_told_and_the_first_page_shown(shop: Any) -> None:
    page = await read(shop, "/shop/c/home?sort=price")
    cursor = re.search(r"after=([\w-]+)", page)[1]
    page = await read(shop, f"/shop/c/home?sort=title&after={cursor}", 400)
    assert "first page" in page and 'class="s-card"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/shop/c/none",
        "/shop/p/none",
        "/shop/p/%FF",
        "/shop/c/%24where",
        "/shop/c/home%2F..%2Fx",
    ],
)
async def test_what_is_not_there_is_a_404(shop: Any, path: str) -> None:
    await read(shop, path, 404)


async def test_odd_documents_break_no_page(shop: Any, catalogue: Any) -> None:
    odd = {
        "site": "main", "slug": "odd", "status": "published", "tokens": ["all"], "title": 5, "translations": 1,
        "variants": ["x", {"_id": 1, "price": "free"}], "media": [{"src": "javascript:alert(1)"}, 7],
        "attrs": [1], "options": "color", "category_ids": "x", "price_min": 1, "price_max": 2, "published": 5,
        "sort_title": "0",
    }  # fmt: skip
    await catalogue[PRODUCTS].insert_one(odd)
    page = await read(shop, "/shop/p/odd")
    assert "javascript:" not in page
    assert "Price on request" in page
    await read(shop, "/shop/c/home?sort=title")
    await read(shop, "/shop/")


async def test_an_empty_shop_says_so(make_site: Any, make_client: Any) -> None:
    client = await make_client(make_site(apps=["shop"]))
    assert "Nothing is for sale yet" in await read(client, "/shop/")
    assert "Search the shop" in await read(client, "/shop/search")


async def test_filters_that_leave_nothing_say_how_to_go_on(shop: Any) -> None:
    page = await read(shop, "/shop/c/home?color=teal&price.lte=0.01")
    assert "No product fits all of that" in page
    assert 'href="/shop/c/home"' in page


async def test_a_template_of_the_site_extends_the_bundled_one(
    catalogue: Any, make_site: Any, make_client: Any
) -> None:
    site = make_site(
        {
            "templ/shop/product.tpl": '{% extends "shop:product" %}{% block buy %}{{ super() }}<p>Free delivery</p>{% endblock %}'
        },
        apps=["shop"],
    )
    product = await catalogue[PRODUCTS].find_one({"status": "published"})
    page = await read(await make_client(site), f"/shop/p/{product['slug']}")
    assert "Free delivery" in page and 'class="s-gallery"' in page


async def test_a_shop_starts_while_its_database_is_away(
    make_site: Any, make_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiocms.core.mongo.INDEX_PATIENCE", 0.5)
    client = await make_client(
        make_site(apps=["shop"], database="mongodb://127.0.0.1:1/", database_timeout=0.1),
        database="mongodb://127.0.0.1:1/",
    )
    assert (await client.get("/shop/")).status == 503
