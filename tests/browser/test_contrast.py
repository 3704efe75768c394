"""The colours of the look, as the browser makes them, keep the contrast that WCAG 2.2 AA asks for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import library
from tests.browser.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")
SETTINGS: dict[str, Any] = library.SETTINGS
SITE = library.SITE
SURFACES = ("bg", "surface", "raised", "sunken", "hover")
TEXTS = [
    *((ink, ground) for ink in ("text", "muted", "faint", "accent-text") for ground in SURFACES),
    *((f"{state}-text", f"{state}-soft") for state in ("good", "warn", "bad", "info", "accent")),
    *((f"{state}-text", ground) for state in ("good", "warn", "bad", "info") for ground in SURFACES),
    *(("text", f"{state}-soft") for state in ("good", "warn", "bad", "info", "accent")),
    *((f"tag-{number}-text", f"tag-{number}") for number in range(1, 7)),
    *(("on-fill", f"{state}-fill") for state in ("good", "warn", "bad")),
    ("on-accent", "accent-fill"),
    ("on-accent", "accent-fill-2"),
    ("muted", "accent-soft"),
]
# Frames of controls, the ring of the focus, marks of states.
SHAPES = [
    *(
        (shape, ground)
        for shape in ("edge", "accent-text", "accent-fill")
        for ground in ("bg", "surface", "raised")
    ),
    *((f"{state}-text", f"{state}-soft") for state in ("good", "warn", "bad")),
]
READ = """(pairs) => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
  const draw = canvas.getContext("2d", {willReadFrequently: true});
  const probe = document.body.appendChild(document.createElement("i"));
  const light = (token) => {
    probe.style.color = "#123456";
    probe.style.color = `var(--a-${token})`;
    draw.fillStyle = getComputedStyle(probe).color;
    draw.fillRect(0, 0, 1, 1);
    const parts = [...draw.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  return pairs.map(([ink, ground]) => {
    const [low, high] = [light(ink), light(ground)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  });
}"""


async def fill(db: Any) -> None:
    await library.fill(db)


async def find_low(page: Any, pairs: list[tuple[str, str]], least: float) -> list[str]:
    found = await page.evaluate(READ, pairs)
    return [
        f"{ink} on {ground}: {ratio:.2f}"
        for (ink, ground), ratio in zip(pairs, found, strict=True)
        if ratio < least
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_pair_of_colours_can_be_read(desk: Desk, scheme: str) -> None:
    page = await desk.open("/login", user="", color_scheme=scheme, bypass_csp=True)
    assert await find_low(page, TEXTS, 4.5) == []
    assert await find_low(page, SHAPES, 3.0) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", ["#ffd400", "lime", "blue", "#ff00ff", "#7a1f3d", "#888"])
async def test_whatever_accent_a_site_sets(desk: Desk, scheme: str, accent: str) -> None:
    page = await desk.open("/login", user="", color_scheme=scheme, bypass_csp=True)
    await page.evaluate(
        "(accent) => document.documentElement.style.setProperty('--a-accent', accent)", accent
    )
    pairs = [pair for pair in TEXTS if any("accent" in one for one in pair)]
    assert await find_low(page, pairs, 4.5) == []


async def test_a_pair_that_cannot_be_read_is_noticed(desk: Desk) -> None:
    page = await desk.open("/login", user="", bypass_csp=True)
    await page.evaluate("document.documentElement.style.setProperty('--a-muted', '#999')")
    assert "muted on bg" in " ".join(await find_low(page, TEXTS, 4.5))
