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
from aiocms.core.faults import Faults

HOWTO = Path(__file__).resolve().parent.parent / "docs" / "howto"
BLOCK = re.compile(r"^```(?:python|jinja|css|ini|po)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"\A(?:# |/\* |\{# )([\w/.-]+\.(?:py|tpl|css|ini|po|cfg))\b")
README = HOWTO.parent.parent / "README.md"
PAGES = sorted(file.stem for file in HOWTO.glob("*.md"))


def read_files(page: str) -> dict[str, str]:
    """The files that a page shows; where it shows one twice, the first."""
    files: dict[str, str] = {}
    file = README if page == "README" else HOWTO / f"{page}.md"
    for body in BLOCK.findall(file.read_text(encoding="utf-8")):
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


def read_reference(page: str) -> dict[str, str]:
    """The files that a page of the reference shows; blocks that name no file are parts of some."""
    text = (HOWTO.parent / "reference" / f"{page}.md").read_text(encoding="utf-8")
    found = ((NAME.match(body), body) for body in BLOCK.findall(text))
    return {name[1]: body for name, body in found if name}


@pytest.mark.parametrize("page", ["app-files", "screen", "settings"])
def test_files_of_the_reference_make_a_sound_site(page, make_site) -> None:
    files = read_reference(page)
    assert files
    create_app(make_site(files, apps=["auth", "admin"], time_zone="Europe/Berlin"))


def test_command_of_the_reference_runs(make_site) -> None:
    site = make_site(read_reference("app-files"), apps=["auth"], time_zone="Europe/Berlin")
    command = [sys.executable, "-m", "aiocms", "--site", str(site), "blog", "count"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.returncode) == ("0\n", 0), done.stderr


def test_check_of_the_reference_stops_the_start(make_site) -> None:
    with pytest.raises(Faults, match=r"blog\.W001"):
        create_app(make_site(read_reference("app-files"), apps=["auth"]))


async def test_actions_of_the_screen_reference_are_offered(make_site, make_client, login, db) -> None:
    await db.blog_posts.insert_one({"title": "First"})
    client = await make_client(make_site(read_reference("screen"), apps=["auth", "admin"], debug=True))
    await login(client)
    page = await (await client.get("/admin/blog/posts/?cols=title,views")).text()
    assert "Hide" in page
    for query in ("published=2024-05", "or:views=1&or:title=x", "title.in=a,b&sort=-title&size=20", "q=lamp"):
        assert (await client.get(f"/admin/blog/posts/?{query}")).status == 200, query
    assert (await client.get("/admin/blog/posts/?nothing=1")).status == 400


async def test_first_app_of_the_readme_answers(make_site, make_client, db) -> None:
    await db.library_books.insert_one({"title": "Emma"})
    client = await make_client(make_site(read_files("README")))
    assert "<p>Emma</p>" in await (await client.get("/")).text()


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


async def test_theme_reaches_the_pages(make_page_site, make_client) -> None:
    client = await make_client(make_page_site("theme"))
    page = await (await client.get("/login")).text()
    css = await (await client.get("/-/theme.css")).text()
    assert "--a-accent: oklch(" in css
    assert "--a-radius: 3px" in css
    assert 'data-density="compact"' in page
    assert "--a-sidebar: 17rem" in await (await client.get("/static/core/theme.css")).text()


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
