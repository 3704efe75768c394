"""The colour tokens keep their contrast in light and dark, whatever accent a site chooses."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "aiocms" / "core" / "static" / "tokens.css"
ACCENTS = ("#0d6371", "#8a2f43", "#ffd400", "#7c3aed", "#1a1a1a", "#00ff5a", "#ff2d2d", "#0000ff")
INKS = ("text", "muted", "faint", "accent-text", "good-text", "warn-text", "bad-text", "info-text")
SURFACES = ("bg", "surface", "raised", "sunken", "hover")
Rgb = tuple[float, float, float]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("accent", ACCENTS)
def test_every_ink_is_readable_on_every_surface(accent: str, dark: bool) -> None:
    colour = read_tokens(accent, dark)
    for ink in INKS:
        for surface in SURFACES:
            assert contrast(colour[ink], colour[surface]) >= 4.5, (ink, surface)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("accent", ACCENTS)
def test_ink_is_readable_on_its_own_tint_and_on_fills(accent: str, dark: bool) -> None:
    colour = read_tokens(accent, dark)
    for state in ("accent", "good", "warn", "bad", "info"):
        assert contrast(colour[f"{state}-text"], colour[f"{state}-soft"]) >= 4.5, state
        assert contrast(colour["text"], colour[f"{state}-soft"]) >= 4.5, state
    for ink in ("muted", "faint"):
        assert contrast(colour[ink], colour["accent-soft"]) >= 4.5, ink
    for fill in ("accent-fill", "accent-fill-2"):
        assert contrast(colour["on-accent"], colour[fill]) >= 4.5, fill
    for fill in ("good-fill", "warn-fill", "bad-fill"):
        assert contrast(colour["on-fill"], colour[fill]) >= 4.5, fill


@pytest.mark.parametrize("dark", [False, True])
def test_edges_of_controls_and_focus_rings_stand_out(dark: bool) -> None:
    colour = read_tokens(ACCENTS[0], dark)
    for surface in ("bg", "surface", "raised"):
        assert contrast(colour["edge"], colour[surface]) >= 3, surface
        assert contrast(colour["accent-text"], colour[surface]) >= 3, surface
        assert contrast(colour["bad-text"], colour[surface]) >= 3, surface


def test_the_measure_itself_knows_black_on_white() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert to_rgb("oklch(1 0 0)", "#000") == pytest.approx((1, 1, 1), abs=1e-3)
    assert to_rgb("oklch(0.628 0.2577 29.23)", "#000") == pytest.approx((1, 0, 0), abs=5e-3)
    assert to_rgb("oklch(from var(--a-accent) 0.5 c h)", "#0000ff")[2] > 0.5


def read_tokens(accent: str, dark: bool) -> dict[str, Rgb]:
    """The colours of tokens.css by name, with one accent, in light or dark."""
    css = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(encoding="utf-8"), flags=re.DOTALL)
    plain = dict(re.findall(r"--a-(paper|tint):\s*([\d.]+);", css))
    found: dict[str, Rgb] = {}
    for name, value in re.findall(r"--a-([\w-]+):\s*light-dark\((.*?)\);\n", css):
        for token, number in plain.items():
            value = value.replace(f"var(--a-{token})", number)
        found[name] = to_rgb(split_top(value)[dark], accent)
    return found


def split_top(text: str) -> list[str]:
    """The parts between the commas that no bracket holds."""
    parts, depth = [""], 0
    for sign in text:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def to_rgb(value: str, accent: str) -> Rgb:
    """sRGB of a hex colour or of oklch(), also relative to the accent; out of gamut: less chroma."""
    if value.startswith("#"):
        digits = value[1:] if len(value) == 7 else "".join(one * 2 for one in value[1:])
        return tuple(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))  # type: ignore[return-value]
    inner = value.removeprefix("oklch(").removesuffix(")")
    chroma, hue = 0.0, 0.0
    if inner.startswith("from "):
        inner = inner.removeprefix("from var(--a-accent) ")
        _, chroma, hue = to_oklch(to_rgb(accent, accent))
    inner = re.sub(
        r"calc\(([\d.]+|c) \* ([\d.]+)\)",
        lambda hit: str((chroma if hit[1] == "c" else float(hit[1])) * float(hit[2])),
        inner,
    )
    parts = inner.split()
    light = float(parts[0])
    wanted = chroma if parts[1] == "c" else float(parts[1])
    angle = hue if parts[2] == "h" else float(parts[2])
    while True:
        rgb = from_oklch(light, wanted, angle)
        if wanted < 1e-4 or all(-0.002 <= one <= 1.002 for one in rgb):
            return tuple(min(1.0, max(0.0, one)) for one in rgb)  # type: ignore[return-value]
        wanted *= 0.98


def from_oklch(light: float, chroma: float, hue: float) -> Rgb:
    """Source: Björn Ottosson, https://bottosson.github.io/posts/oklab/."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3  # noqa: E741
    m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )
    return tuple(  # type: ignore[return-value]
        12.92 * one if one <= 0.0031308 else 1.055 * one ** (1 / 2.4) - 0.055 for one in linear
    )


def to_oklch(rgb: Rgb) -> tuple[float, float, float]:
    red, green, blue = map(to_linear, rgb)
    l = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)  # noqa: E741
    m = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    s = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    return (
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        math.hypot(a, b),
        math.degrees(math.atan2(b, a)) % 360,
    )


def to_linear(one: float) -> float:
    return one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4


def contrast(one: Rgb, other: Rgb) -> float:
    """Source: WCAG 2.2, contrast ratio."""
    lights = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue
        for red, green, blue in (tuple(map(to_linear, colour)) for colour in (one, other))
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)
