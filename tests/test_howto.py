"""What the how-to pages show works: each page's files make a sound site that does what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aiocms import create_app
from aiocms.core import keys
from aiocms.core.checks import check_templates

HOWTO = Path(__file__).resolve().parent.parent / "docs" / "howto"
BLOCK = re.compile(r"^```(?:python|jinja|css|ini|po)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"\A(?:# |/\* |\{# )([\w/.-]+\.(?:py|tpl|css|ini|po|cfg))\b")
PAGES = sorted(file.stem for file in HOWTO.glob("*.md"))


def read_files(page: str) -> dict[str, str]:
    """The files that a page shows; where it shows one twice, the first."""
    files: dict[str, str] = {}
    for body in BLOCK.findall((HOWTO / f"{page}.md").read_text(encoding="utf-8")):
        name = NAME.match(body)
        assert name, f"{page}: a block does not say its file: {body[:60]!r}"
        files.setdefault(name[1], body)
    return files


@pytest.fixture
def make_page_site(make_site):
    """The site of a page: its files, with all bundled apps."""

    def make(page: str) -> Path:
        files = read_files(page)
        return make_site(files, apps=["auth", "admin", "shop"])

    return make


@pytest.mark.parametrize("page", PAGES)
def test_files_of_the_page_make_a_sound_site(page, make_page_site) -> None:
    app = create_app(make_page_site(page))
    assert [str(fault) for fault in check_templates(app)] == []


async def test_whole_template_is_replaced(make_page_site, make_client) -> None:
    client = await make_client(make_page_site("override-template"))
    page = await (await client.get("/shop/search?q=lamp")).text()
    assert "<h1>Search</h1>" in page


async def test_block_is_added_and_the_layout_extended(make_page_site, make_client) -> None:
    client = await make_client(make_page_site("override-block"))
    page = await (await client.get("/shop/")).text()
    assert "Elm Street 1" in page
    assert "/static/site.css?v=" in page
    assert "shop.css" in page


async def test_static_file_is_replaced(make_page_site, make_client) -> None:
    client = await make_client(make_page_site("override-static"))
    assert "#7b2d8b" in await (await client.get("/static/core/theme.css")).text()


async def test_routes_are_moved_replaced_added_and_dropped(make_page_site, make_client) -> None:
    client = await make_client(make_page_site("override-route"))
    routes = client.app[keys.PLAN].routes
    assert routes["shop:product"].path == "/shop/goods/{slug}"
    assert "shop:picture" not in routes
    assert "<h1>Terms</h1>" in await (await client.get("/shop/search?q=terms")).text()
    assert (await client.get("/shop/search?q=lamp")).status == 200


async def test_screen_is_replaced_and_keeps_what_it_inherits(make_page_site, make_client, login, db) -> None:
    await db.shop_products.insert_one(
        {"title": "Lamp", "slug": "lamp", "status": "published", "price_min": 100}
    )
    client = await make_client(make_page_site("override-screen"))
    await login(client)
    page = await (await client.get("/admin/shop/products/")).text()
    assert "Mark as checked" in page
    assert "Withdraw" in page
    assert "Lamp" in page


async def test_admin_pages_fall_back_from_special_to_general(make_page_site, make_client, login) -> None:
    client = await make_client(make_page_site("override-admin-page"))
    await login(client)
    products = await (await client.get("/admin/shop/products/")).text()
    categories = await (await client.get("/admin/shop/categories/")).text()
    assert "Prices are changed on Mondays." in products
    assert "Prices are changed on Mondays." not in categories
    assert "To the site" in products and "To the site" in categories
    sales = await (await client.get("/admin/reports/sales")).text()
    assert "€0.00" in sales and "Product types" in sales


async def test_messages_are_merged_one_by_one(make_page_site, make_client) -> None:
    client = await make_client(make_page_site("override-messages"))
    english = await (await client.get("/shop/search", headers={"Accept-Language": "en"})).text()
    russian = await (await client.get("/shop/search", headers={"Accept-Language": "ru"})).text()
    assert "Find something nice" in english
    assert "Найти что-нибудь" in russian
    assert 'lang="ru"' in russian


async def test_overlay_keeps_what_it_does_not_name(make_page_site, make_client) -> None:
    client = await make_client(make_page_site("override-app"))
    assert (await client.get("/market/")).status == 200
    assert (await client.get("/shop/")).status == 404


async def test_app_of_one_page_and_a_socket_answer(make_page_site, make_client) -> None:
    client = await make_client(make_page_site("add-an-app"))
    assert "Tuesday" in await (await client.get("/hours")).text()
    async with client.ws_connect("/echo") as socket:
        await socket.send_str("hello")
        assert await socket.receive_str() == "hello"


def test_tests_of_the_page_pass(make_page_site, mongo_uri) -> None:
    site = make_page_site("test")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=site,
        env={**os.environ, "MONGODB_TEST_URI": mongo_uri, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "4 passed" in done.stdout, done.stdout + done.stderr


def test_catalog_of_an_app_is_extracted_as_shown(make_page_site) -> None:
    site = make_page_site("override-messages")
    command = "extract -F babel.cfg -k N_ -k gettext:2 -k ngettext:2,3 -o messages.pot apps/blog"
    assert command in (HOWTO / "override-messages.md").read_text(encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", *command.split()],
        cwd=site,
        check=True,
        capture_output=True,
    )
    found = (site / "messages.pot").read_text(encoding="utf-8")
    assert 'msgid "Draft"' in found and 'msgid "Thank you, %(name)s."' in found
