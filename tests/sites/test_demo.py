"""The demo site: every mechanism that it shows works."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest_asyncio

from aiocms.core import keys
from aiocms.core.checks import check_templates
from aiocms.shop.demo.fill import fill as fill_shop
from aiocms.testing import Client, Login, MakeClient

from ..test_translations import iter_messages

DEMO = Path(__file__).resolve().parents[2] / "sites" / "demo"


def make_rows(count: int):
    """Rows such as the film list has."""
    for number in range(1, count + 1):
        yield (
            number, f"Film {number}", 1990 + number % 30, "PG", 90.0 + number, "Drama, Comedy", "2001-02-03", f"Director {number % 7}",
            "Ann One, Bob Two, Cid Three", "French", "France", 1, f"tt{number:07d}", 50 + number % 50, 200, 150, None, 1_000_000.0 * number,
            "Gaumont",
        )  # fmt: skip


@pytest_asyncio.fixture
async def demo(make_client: MakeClient) -> Client:
    client = await make_client(DEMO)
    plan, db = client.app[keys.PLAN], client.app[keys.MONGO].db
    source = importlib.import_module(f"{plan.namespaces['films'].layers[1].package}.fill")
    for name, documents in source.make_documents(make_rows(60)).items():
        await db[name].insert_many(documents)
    await fill_shop(db, 30, "EUR")
    return client


async def test_public_pages_answer_and_the_archive_pages(demo: Client) -> None:
    for path in (
        "/",
        "/films/",
        "/films/?genre=Drama",
        "/films/?before=nonsense",
        "/how",
        "/films/live",
        "/shop/",
    ):
        assert (await demo.get(path)).status == 200, path
    first = await (await demo.get("/films/")).text()
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = await (await demo.get(older[1].replace("&amp;", "&"))).text()
    slugs = [set(re.findall(r'href="/films/([a-z0-9-]+-\d{4})"', page)) for page in (first, second)]
    assert len(slugs[0]) == 24 and slugs[0].isdisjoint(slugs[1])
    film = await demo.get(f"/films/{min(slugs[0])}")
    assert film.status == 200 and "Ann One" in await film.text()
    assert (await demo.get("/films/no-such-film")).status == 404


async def test_the_live_search_answers_over_a_websocket(demo: Client) -> None:
    async with demo.ws_connect("/films/live/socket") as socket:
        await socket.send_str("film 1")
        answer = await socket.receive_json()
    assert answer["text"] == "film 1"
    assert {film["title"] for film in answer["films"]} >= {"Film 1", "Film 10"}


async def test_overrides_are_seen(demo: Client) -> None:
    db = demo.app[keys.MONGO].db
    product = await db.shop_products.find_one({"status": "published"})
    assert product
    page = await demo.get(f"/shop/goods/{product['slug']}")
    text = await page.text()
    assert page.status == 200, "the moved route"
    assert "gift-wrapped" in text, "the root template that extends its own name"
    assert "Wikidata, CC0" in text, "the layout's footer"
    assert (await demo.get(f"/shop/p/{product['slug']}")).status == 404, "the route's old place"
    assert (await demo.get("/shop/terms")).status == 200, "a route and a template added by the overlay"
    assert "--a-accent: #8a2f43" in await (await demo.get("/static/core/theme.css")).text()


async def test_everything_that_the_page_how_it_is_made_links_to_is_there(demo: Client, login: Login) -> None:
    await login(demo)
    text = await (await demo.get("/how")).text()
    table = text[text.index("<table") : text.index("</table>")]
    files = re.findall(r"<code>([^<]+)</code>", table)
    links = re.findall(r'href="([^"]+)"', table)
    assert len(links) == len(files) == 10
    for link in links:
        assert (await demo.get(link)).status == 200, link
    for file in files:
        assert file == "films_grosses" or (DEMO / file).exists(), file


async def test_the_screens_list_and_open_documents(demo: Client, login: Login) -> None:
    await login(demo)
    for path in (
        "films/films",
        "films/people",
        "films/programmes",
        "database/films_grosses",
        "shop/products",
    ):
        page = await demo.get(f"/admin/{path}/")
        text = await page.text()
        assert page.status == 200, path
        found = re.search(rf'href="(/admin/{path}/[0-9a-f]{{24}})[?"]', text)
        assert found, path
        assert (await demo.get(found[1])).status == 200, found[1]


async def test_its_templates_are_sound(demo: Client) -> None:
    assert list(check_templates(demo.app)) == []


async def test_all_its_texts_are_there_in_russian(demo: Client) -> None:
    catalog = demo.app[keys.CATALOGS]["ru"]
    texts = {
        text
        for folder in (DEMO, DEMO / "apps/films", DEMO / "apps/shop")
        for text, _ in iter_messages(folder)
    }
    assert len(texts) > 40
    assert [text for text in sorted(texts) if catalog.gettext(text) == text] == []
