"""Languages, translation and formats."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import bson
import pytest

from aiocms.core import formats
from aiocms.core.catalogs import Catalog
from aiocms.core.faults import Faults
from aiocms.testing import MakeClient, MakeSite

HEAD = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"
"""
PO = "locale/ru/LC_MESSAGES/messages.po"
FILES = {
    "routes.py": """
from aiohttp import web
from aiocms import gettext, ngettext, route, templ
from aiocms.core.i18n import remember_language

async def index(request):
    return templ("index", request, {"name": "<b>Ann</b>", "error": "<i>50%</i>", "n": int(request.query.get("n", 1)),
        "money": 123456, "now": __import__("datetime").datetime(2026, 1, 2, 22, 30)})

async def text(request):
    return web.json_response([request.language, gettext(request, "Hello %(name)s", name="Ann"),
        ngettext(request, "%(num)s page", "%(num)s pages", 3), gettext(request, "50%")])

async def choose(request):
    response = web.Response()
    remember_language(request, response, request.match_info["code"])
    return response

routes = [route("GET", "/", index, "index"), route("GET", "/text", text, "text"),
    route("GET", "/choose/{code}", choose, "choose")]
""",
    "templ/index.tpl": (
        "{{ language }}|{{ text_direction }}|{{ _('Hello %(name)s', name=name) }}|{{ _(error) }}|"
        "{{ ngettext('%(num)s page', '%(num)s pages', n) if n else '' }}|"
        "{% trans name=name %}Dear <u>{{ name }}</u> 100%{% endtrans %}|"
        "{% trans count=n %}{{ count }} page{% pluralize %}{{ count }} pages{% endtrans %}|"
        "{{ money|money('EUR') }}|{{ now|datetime('short') }}|{{ 1234567.5|number }}"
    ),
    PO: HEAD
    + """
msgid "Hello %(name)s"
msgstr "Привет, %(name)s"

msgid "%(num)s page"
msgid_plural "%(num)s pages"
msgstr[0] "%(num)s страница"
msgstr[1] "%(num)s страницы"
msgstr[2] "%(num)s страниц"

msgid "Dear <u>%(name)s</u> 100%%"
msgstr "Уважаемая <u>%(name)s</u> 100%%"

msgid "%(count)s page"
msgid_plural "%(count)s pages"
msgstr[0] "%(count)s стр."
msgstr[1] "%(count)s стр-ы"
msgstr[2] "%(count)s стр-ц"
""",
}


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(FILES)


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en;q=0.5, ru;q=0.9", "ru"),
        ("de, fr;q=0.9", "en"),
        ("de, *;q=0.5, ru;q=0.4", "en"),
        ("ru;q=0", "en"),
        ("RU_ru", "en"),
        ("", "en"),
        ("ru" * 4000, "en"),
        (",;;q=,ru;q=9", "en"),
    ],
)
async def test_language_follows_accept_language(
    site: Path, make_client: MakeClient, accept: str, language: str
) -> None:
    client = await make_client(site)
    response = await client.get("/text", headers={"Accept-Language": accept})
    assert (await response.json())[0] == language
    assert "Accept-Language" in response.headers["Vary"]


async def test_cookie_wins_over_accept_language_and_unknown_ones_are_ignored(
    site: Path, make_client: MakeClient
) -> None:
    client = await make_client(site)
    assert "Set-Cookie" not in (await client.get("/choose/xx")).headers
    await client.get("/choose/ru")
    assert (await (await client.get("/text", headers={"Accept-Language": "en"})).json())[0] == "ru"
    broken = {"language": "../../etc"}
    assert (await (await client.get("/text", cookies=broken)).json())[0] == "en"


async def test_views_and_templates_translate_and_escape(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, time_zone="Europe/Berlin")
    english = (await (await client.get("/?n=3")).text()).split("|")
    assert english == [
        "en",
        "ltr",
        "Hello &lt;b&gt;Ann&lt;/b&gt;",
        "&lt;i&gt;50%&lt;/i&gt;",
        "3 pages",
        "Dear <u>&lt;b&gt;Ann&lt;/b&gt;</u> 100%",
        "3 pages",
        "€1,234.56",
        "1/2/26, 11:30\N{NARROW NO-BREAK SPACE}PM",
        "1,234,567.5",
    ]
    russian = (await (await client.get("/?n=3", headers={"Accept-Language": "ru"})).text()).split("|")
    assert russian == [
        "ru",
        "ltr",
        "Привет, &lt;b&gt;Ann&lt;/b&gt;",
        "&lt;i&gt;50%&lt;/i&gt;",
        "3 страницы",
        "Уважаемая <u>&lt;b&gt;Ann&lt;/b&gt;</u> 100%",
        "3 стр-ы",
        "1\N{NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}€",
        "02.01.2026, 23:30",
        "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,5",
    ]
    text = await client.get("/text", headers={"Accept-Language": "ru"})
    assert await text.json() == ["ru", "Привет, Ann", "3 страницы", "50%"]


async def test_higher_layer_overrides_single_messages(make_site: MakeSite, make_client: MakeClient) -> None:
    overlay = HEAD + '\nmsgid "Home page"\nmsgstr "Мой дом"\n'
    client = await make_client(make_site({f"apps/core/{PO}": overlay, **FILES}))
    response = await client.get("/nothing", headers={"Accept-Language": "ru", "Accept": "text/html"})
    text = await response.text()
    assert "Мой дом" in text
    assert "Страница не найдена" in text


@pytest.mark.parametrize(
    ("files", "settings", "fault"),
    [
        ({PO: "msgid no quotes"}, {}, "core.E052"),
        ({}, {"languages": ["en", "klingonese"]}, "core.E050"),
        ({}, {"languages": []}, "core.E051"),
    ],
)
def test_broken_catalogs_and_languages_are_faults(
    make_site: MakeSite, files: dict[str, str], settings: dict[str, Any], fault: str
) -> None:
    from aiocms.core.application import create_app

    with pytest.raises(Faults, match=fault):
        create_app(make_site(files, **settings))


def test_fuzzy_and_empty_messages_do_not_count(tmp_path: Path) -> None:
    file = tmp_path / "messages.po"
    file.write_text(HEAD + '\n#, fuzzy\nmsgid "A"\nmsgstr "Б"\n\nmsgid "C"\nmsgstr ""\n', encoding="utf-8")
    catalog = Catalog("ru")
    catalog.merge(file)
    assert (catalog.gettext("A"), catalog.gettext("C")) == ("A", "C")


@pytest.mark.parametrize(
    ("value", "currency", "language", "text"),
    [
        (1999, "EUR", "en", "€19.99"),
        (1999, "JPY", "en", "¥1,999"),
        (1999, "KWD", "en", "KWD\xa01.999"),
        (1999, "IQD", "en", "IQD\xa01.999"),
        (1999, "RSD", "en", "RSD\xa019.99"),
        (19990, "CLF", "en", "CLF\xa01.9990"),
        (-5, "USD", "en", "-$0.05"),
        (100, "RUB", "ru", "1,00\xa0₽"),
        (2**62, "EUR", "en", "€46,116,860,184,273,879.04"),
        ({"amount": 1999, "cur": "EUR"}, "", "en", "€19.99"),
        (bson.Int64(5), "EUR", "en", "€0.05"),
        (bson.Decimal128("250"), "EUR", "en", "€2.50"),
        ("abc", "EUR", "en", "abc"),
        (None, "EUR", "en", ""),
        (True, "EUR", "en", "True"),
        (float("nan"), "EUR", "en", "nan"),
        (5, "", "en", "5"),
    ],
)
def test_money_has_the_places_of_its_currency(value: Any, currency: str, language: str, text: str) -> None:
    assert formats.money(value, currency, language) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234, None, "1,234"),
        (1234.5, None, "1,234.5"),
        (Decimal("2.50"), 2, "2.50"),
        (2, 2, "2.00"),
        (2.7, 0, "3"),
        (bson.Int64(7), None, "7"),
        ("x", None, "x"),
        (float("inf"), None, "inf"),
        (10**60, None, str(10**60)),
    ],
)
def test_numbers(value: Any, decimals: int | None, text: str) -> None:
    assert formats.number(value, "en", decimals) == text


def test_times_are_shown_in_the_zone_of_the_reader() -> None:
    late = dt.datetime(2026, 1, 1, 23, 30, tzinfo=dt.UTC)
    assert formats.date(late, "en", "Asia/Tokyo", "short") == "1/2/26"
    assert formats.date(late, "en", "UTC", "short") == "1/1/26"
    assert formats.date(late, "en", "No/Where", "short") == "1/1/26"
    assert formats.date(late, "en", "../etc/passwd", "short") == "1/1/26"
    assert formats.date(dt.date(2026, 1, 1), "en", "Asia/Tokyo", "short") == "1/1/26"
    assert formats.datetime(dt.datetime.max.replace(tzinfo=dt.UTC), "en", "Asia/Tokyo", "short")
    assert (formats.datetime(None, "en", "UTC"), formats.date("x", "en", "UTC")) == ("", "x")


def test_relative_times_have_a_direction() -> None:
    now = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    assert formats.relative(now - dt.timedelta(minutes=3), "en", now) == "3 minutes ago"
    assert formats.relative(now + dt.timedelta(days=2), "en", now) == "in 2 days"
    assert formats.relative(dt.datetime(2026, 1, 1, 11), "ru", now) == "1 час назад"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0\xa0B"),
        (999, "999\xa0B"),
        (1000, "1\xa0kB"),
        (1_440_000, "1.4\xa0MB"),
        (10**18, "1,000\xa0PB"),
        ("?", "?"),
    ],
)
def test_file_sizes(value: Any, text: str) -> None:
    assert formats.filesize(value, "en") == text
