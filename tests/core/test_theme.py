"""The theme of settings.py: what is wrong is told at start, what is right reaches the pages."""

from __future__ import annotations

from typing import Any

import pytest

from aiocms import create_app
from aiocms.core.faults import Faults
from aiocms.core.theme import LEAST_CONTRAST, Theme, find_least_contrast, parse_colour


def find_faults(make_site: Any, **settings: Any) -> list[tuple[str, str]]:
    try:
        create_app(make_site({}, apps=[], **settings))
    except Faults as faults:
        return [(one.id, f"{one.message} {one.hint}") for one in faults.faults]
    return []


@pytest.mark.parametrize(
    ("theme", "words"),
    [
        ({"acent": "#fff"}, ("core.E055", "'acent'", "did you mean 'accent'")),
        ({"accent": "#12345"}, ("core.E056", "must be a colour", "'#12345'")),
        ({"accent": "rgb(1 2 3 / 0.5)"}, ("core.E056", "must not be transparent")),
        ({"accent": "red; } body { display: none"}, ("core.E056", "must be a colour")),
        ({"mark": 7}, ("core.E056", "must be a colour")),
        ({"paper": "hot"}, ("core.E056", "'warm', 'cool'")),
        ({"paper": True}, ("core.E056", "'warm', 'cool'")),
        ({"radius": "5"}, ("core.E056", "such as '5px'")),
        ({"radius": "99px"}, ("core.E056", "from 0px to 24px")),
        ({"size": "4px"}, ("core.E056", "from 12px to 20px")),
        ({"font": "x; } * { color: red"}, ("core.E056", "names of fonts")),
        ({"font": '"Gill Sans'}, ("core.E056", "names of fonts")),
        ({"density": "tight"}, ("core.E056", "'compact'")),
    ],
)
def test_a_wrong_token_is_a_fault_that_says_what_is_allowed(
    make_site: Any, theme: dict[str, object], words: tuple[str, ...]
) -> None:
    [(fault, text)] = find_faults(make_site, theme=theme)
    assert fault == words[0]
    assert all(word in text for word in words[1:]), text


def test_a_logo_that_is_not_there_is_a_fault(make_site: Any) -> None:
    [(fault, text)] = find_faults(make_site, logo="marke.svg")
    assert fault == "core.E057"
    assert "marke.svg" in text


def test_all_mistakes_are_told_at_once(make_site: Any) -> None:
    found = find_faults(make_site, theme={"accent": "no", "radius": "no", "nothing": 1}, logo="no.svg")
    assert [fault for fault, _ in found] == ["core.E056", "core.E056", "core.E055", "core.E057"]


@pytest.mark.parametrize(
    "colour", ["#ffd400", "lime", "#00f", "oklch(0.5 0.5 200)", "#fff", "#000", "hotpink"]
)
def test_every_accent_can_be_read(colour: str, make_site: Any) -> None:
    app = create_app(make_site({}, apps=[], theme={"accent": colour}))
    theme = next(value for value in app.values() if isinstance(value, Theme))
    kept = parse_colour(theme.css.partition("--a-accent: ")[2].partition(";")[0])
    assert find_least_contrast(kept["chroma"], kept.get("hue", nans=False)) >= LEAST_CONTRAST


def test_an_accent_beyond_every_screen_is_made_paler_and_said(caplog: Any, make_site: Any) -> None:
    assert find_least_contrast(0.9, 200) < LEAST_CONTRAST
    app = create_app(make_site({}, apps=[], theme={"accent": "oklch(0.5 0.9 200)"}))
    theme = next(value for value in app.values() if isinstance(value, Theme))
    theme.warn()
    assert "accent" in caplog.text
    assert "0.9000" not in theme.css


async def test_sheet_logo_and_density_reach_a_page(make_site: Any, make_client: Any) -> None:
    theme = {"accent": "#7a1f3d", "radius": "0", "paper": 200, "size": "15px", "density": "compact"}
    site = make_site(
        {"static/marke.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"},
        apps=["auth"],
        theme=theme,
        logo="marke.svg",
    )
    client = await make_client(site)
    page = await (await client.get("/login")).text()
    assert "/static/marke.svg?v=" in page
    assert 'data-density="compact"' in page
    address = page.partition('href="/-/theme.css?v=')[2].partition('"')[0]
    answer = await client.get(f"/-/theme.css?v={address}")
    assert "immutable" in answer.headers["Cache-Control"]
    css = await answer.text()
    for line in ("--a-radius: 0px;", "--a-paper: 200;", "--a-size: 15px;"):
        assert line in css
    assert "style=" not in page
    again = await client.get("/-/theme.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    assert again.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers


async def test_a_visitor_who_chose_comfortable_keeps_it(make_site: Any, make_client: Any) -> None:
    client = await make_client(make_site({}, apps=["auth"], theme={"density": "compact"}))
    page = await (await client.get("/login", headers={"Cookie": "aiocms_density=comfortable"})).text()
    assert 'data-density="compact"' not in page
