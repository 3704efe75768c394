"""Drawings of things for rooms."""

# ruff: noqa: E501 - outlines are data; broken over lines they are harder to read

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from aiocms.shop.pictures.shapes import (
    BRASS,
    LEAF,
    LEAF_DARK,
    METAL,
    METAL_DARK,
    Shade,
    ellipse,
    line,
    lit,
    path,
    rect,
    shadow,
    turned,
)


def lamp(rng: random.Random, c: Shade) -> str:
    """A table lamp: shade, stem, foot."""
    top, wide, narrow = rng.randint(88, 112), rng.randint(66, 92), rng.randint(34, 58)
    low = top + rng.randint(78, 100)
    stem = rng.choice((BRASS, METAL, "#6b4a27", "#33373d"))
    foot = rng.randint(38, 52)
    base = turned(200, low + 18, 318, (7, rng.randint(10, 34), rng.randint(12, 30), foot * 0.6))
    return (
        shadow(200, 322, 2 * foot + 80)
        + (lit(base, stem) if rng.random() < 0.5 else rect(196, low, 8, 310 - low, stem))
        + rect(197, low - 6, 6, 30, METAL_DARK)
        + lit(f"M{200 - foot} 322q0 -12 16 -12h{2 * foot - 32}q16 0 16 12Z", stem)
        + ellipse(200, low, wide, 9, c.deep)
        + lit(
            f"M{200 - narrow} {top}L{200 + narrow} {top}L{200 + wide} {low}q{-wide} 16 {-2 * wide} 0Z", c.main
        )
        + ellipse(200, top, narrow, 6, c.light)
    )


def chair(rng: random.Random, c: Shade) -> str:
    """A chair from the front."""
    wide, seat, top = rng.randint(62, 78), rng.randint(212, 226), rng.randint(84, 110)
    leg = rng.choice(("#c99a5f", "#7d553a", "#33373d"))
    legs = line(
        f"M{200 - wide + 10} {seat}L{200 - wide - 4} 322M{200 + wide - 10} {seat}L{200 + wide + 4} 322",
        leg,
        10,
    )
    back = line(
        f"M{200 - wide + 18} {seat}L{200 - wide + 30} 304M{200 + wide - 18} {seat}L{200 + wide - 30} 304",
        leg,
        7,
    )
    if rng.random() < 0.5:
        rest = lit(
            f"M{200 - wide} {seat - 8}V{top + 40}q0 -40 40 -40h{2 * wide - 80}q40 0 40 40V{seat - 8}Z", c.main
        )
    else:
        bars = "".join(
            rect(200 - wide + 12 + i * (2 * wide - 32) / 4, top + 16, 8, seat - top - 20, c.dark)
            for i in range(5)
        )
        rest = bars + rect(200 - wide, top, 2 * wide, 26, c.main, 12)
    seat_shape = lit(
        f"M{200 - wide - 6} {seat - 10}h{2 * wide + 12}q10 22 -8 26h{-2 * wide + 4}q-18 -4 -8 -26Z", c.light
    )
    return shadow(200, 322, 2 * wide + 70) + back + rest + legs + seat_shape


def table(rng: random.Random, c: Shade) -> str:
    """A table, round or long."""
    wide, top, thick = rng.randint(112, 142), rng.randint(196, 216), rng.randint(12, 18)
    if rng.random() < 0.45:
        legs = lit(turned(200, top + thick, 318, (14, 9, 11, 62)), c.dark)
        board = ellipse(200, top + thick, wide, 20, c.dark) + ellipse(200, top, wide, 20, c.light)
    else:
        legs = line(
            f"M{212 - wide} {top + 10}L{200 - wide} 318M{188 + wide} {top + 10}L{200 + wide} 318", c.dark, 12
        )
        legs += line(
            f"M{240 - wide} {top + 10}L{236 - wide} 300M{160 + wide} {top + 10}L{164 + wide} 300", c.deep, 9
        )
        board = path(f"M{222 - wide} {top - 26}H{178 + wide}L{206 + wide} {top}H{194 - wide}Z", c.light)
        board += lit(f"M{194 - wide} {top}H{206 + wide}v{thick}H{194 - wide}Z", c.main)
    return shadow(200, 322, 2 * wide + 40) + legs + board


def vase(rng: random.Random, c: Shade) -> str:
    """A vase, often with a twig."""
    top = rng.randint(128, 168)
    widths = (
        rng.randint(18, 32),
        rng.randint(16, 34),
        rng.randint(48, 82),
        rng.randint(44, 74),
        rng.randint(28, 44),
    )
    twig = ""
    if rng.random() < 0.6:
        for lean in (-46, -8, 40):
            tip = rng.randint(46, 84)
            twig += line(
                f"M200 {top}Q{200 + lean / 2:g} {(top + tip) / 2:g} {200 + lean} {tip}", LEAF_DARK, 3
            )
            for part in (0.45, 0.7, 0.95):
                x, y = 200 + lean * part, top + (tip - top) * part
                twig += ellipse(x - 8, y, 10, 5, LEAF) + ellipse(x + 8, y - 6, 10, 5, LEAF_DARK)
    body = turned(200, top, 320, widths)
    return shadow(200, 322, 150) + twig + lit(body, c.main) + ellipse(200, top, widths[0], 6, c.deep)


def mug(rng: random.Random, c: Shade) -> str:
    """A mug with its handle."""
    wide, top = rng.randint(52, 66), rng.randint(196, 216)
    low = wide - rng.randint(2, 16)
    return (
        shadow(206, 322, 2 * wide + 70)
        + line(f"M{196 + wide} {top + 28}q46 -6 44 34t-54 36", c.dark, 14)
        + lit(
            f"M{200 - wide} {top}L{200 - low} 308q2 14 16 14h{2 * low - 32}q14 0 16 -14L{200 + wide} {top}Z",
            c.main,
        )
        + ellipse(200, top, wide, 12, c.light)
        + ellipse(200, top + 2, wide - 7, 8, "#4a2f1f")
        + (rect(200 - wide + 3, top + 44, 2 * wide - 7, 12, c.light) if rng.random() < 0.5 else "")
    )


def kettle(rng: random.Random, c: Shade) -> str:
    """A kettle."""
    wide, top = rng.randint(74, 90), rng.randint(176, 194)
    return (
        shadow(200, 322, 2 * wide + 70)
        + lit(f"M{192 + wide} 262L{250 + wide} {top + 6}l10 8L{196 + wide} 300Z", c.dark)
        + line(
            f"M{200 - wide + 14} {top + 16}C{200 - wide} 70 {200 + wide} 70 {186 + wide} {top + 16}",
            c.deep,
            11,
        )
        + lit(turned(200, top, 320, (wide * 0.52, wide, wide * 1.04, wide * 0.86)), c.main)
        + ellipse(200, top, wide * 0.52, 9, c.light)
        + ellipse(200, top - 8, 11, 9, BRASS)
    )


def pan(rng: random.Random, c: Shade) -> str:
    """A casserole with its lid."""
    wide, top = rng.randint(92, 112), rng.randint(224, 242)
    return (
        shadow(200, 322, 2 * wide + 60)
        + line(
            f"M{196 - wide} {top + 24}h-22q-8 14 0 22h22M{204 + wide} {top + 24}h22q8 14 0 22h-22", c.deep, 9
        )
        + lit(f"M{200 - wide} {top}V300q0 22 24 22h{2 * wide - 48}q24 0 24 -22V{top}Z", c.main)
        + lit(f"M{192 - wide} {top}q{wide + 8} -62 {2 * wide + 16} 0Z", c.light)
        + rect(192 - wide, top - 3, 2 * wide + 16, 9, c.dark, 4)
        + lit(f"M186 {top - 32}v-12q-6 -14 14 -14t14 14v12Z", BRASS)
    )


def cushion(rng: random.Random, c: Shade) -> str:
    """A cushion, plain, striped or checked."""
    size = rng.randint(84, 98)
    outline = f"M{200 - size} {222 - size}Q200 {240 - size} {200 + size} {222 - size}Q{182 + size} 222 {200 + size} {222 + size}"
    outline += f"Q200 {204 + size} {200 - size} {222 + size}Q{218 - size} 222 {200 - size} {222 - size}Z"
    style, pattern = rng.randrange(3), ""
    if style:
        pattern = "".join(
            rect(212 - size + i * size / 3.2, 240 - size, size / 8, 2 * size - 36, c.light) for i in range(6)
        )
    if style == 2:
        pattern += "".join(
            rect(218 - size, 236 - size + i * size / 3.2, 2 * size - 36, size / 8, c.dark) for i in range(6)
        )
    return shadow(200, 318, 2 * size + 40) + lit(outline, c.main) + f'<g opacity=".6">{pattern}</g>'


def clock(rng: random.Random, c: Shade) -> str:
    """A wall clock."""
    size, face = rng.randint(88, 104), rng.choice(("#fbfaf6", "#f2eee4", c.light))
    marks = "".join(
        f'<rect x="198" y="{190 - size + 18}" width="4" height="12" rx="2" fill="{c.deep}" transform="rotate({i * 30} 200 190)"/>'
        for i in range(12)
    )
    hour, minute = rng.randrange(12) * 30, rng.randrange(12) * 30
    hands = (
        f'<g transform="rotate({hour} 200 190)">{rect(196, 190 - size * 0.5, 8, size * 0.5, c.deep, 4)}</g>'
    )
    hands += f'<g transform="rotate({minute} 200 190)">{rect(197.5, 190 - size * 0.72, 5, size * 0.72, c.deep, 2)}</g>'
    ring = ellipse(208, 200, size + 10, size + 10, "#0000001f") + ellipse(
        200, 190, size + 8, size + 8, c.main
    )
    return (
        ring + ellipse(200, 190, size - 4, size - 4, face) + marks + hands + ellipse(200, 190, 8, 8, c.dark)
    )


def shelf(rng: random.Random, c: Shade) -> str:
    """A bookcase with a few books on it."""
    wide, top, rows = rng.randint(74, 92), rng.randint(72, 92), rng.choice((3, 4))
    parts = [shadow(200, 322, 2 * wide + 50), rect(200 - wide, top, 2 * wide, 320 - top, c.deep, 4)]
    high = (320 - top - 10) / rows
    for row in range(rows):
        y = top + 8 + row * high
        parts.append(rect(208 - wide, y, 2 * wide - 16, high - 8, c.dark))
        x = 212.0 - wide
        while x < 180 + wide * rng.uniform(0.2, 0.9):
            book = rng.randint(7, 13)
            tall = rng.uniform(0.55, 0.86) * (high - 8)
            parts.append(
                rect(
                    x,
                    y + high - 8 - tall,
                    book,
                    tall,
                    rng.choice(("#d9cdb4", "#c26b4d", "#4d6e7c", "#8b9a6b", "#e8e2d6")),
                )
            )
            x += book + 1.5
    frame = f"M{200 - wide} {top}h{2 * wide}v{320 - top}h-8V{top + 8}H{208 - wide}V320h-8Z"
    parts.append(lit(frame, c.main))
    parts.extend(rect(206 - wide, top + row * high, 2 * wide - 12, 8, c.main) for row in range(1, rows + 1))
    return "".join(parts)


def rug(rng: random.Random, c: Shade) -> str:
    """A rug on the floor."""
    stripes = rng.randint(3, 6)
    parts = [shadow(200, 300, 330, 26), path("M86 196H314L364 312H36Z", c.main)]
    for index in range(stripes):
        y = 206 + index * 96 / stripes
        tall = 96 / stripes * rng.uniform(0.25, 0.6)
        a, b = (y - 196) * 50 / 116, (y + tall - 196) * 50 / 116
        parts.append(
            path(
                f"M{86 - a:.4g} {y:.4g}H{314 + a:.4g}L{314 + b:.4g} {y + tall:.4g}H{86 - b:.4g}Z",
                rng.choice((c.light, c.dark)),
            )
        )
    parts.append("".join(line(f"M{40 + i * 8} 312l-2 9", c.light, 2) for i in range(41)))
    return "".join(parts)


def plant(rng: random.Random, c: Shade) -> str:
    """A potted plant."""
    wide, top = rng.randint(42, 56), rng.randint(236, 250)
    leaves = ""
    for index in range(rng.randint(7, 11)):
        angle = -70 + index * 140 / 8 + rng.randint(-8, 8)
        long = rng.randint(110, 165)
        fill = LEAF if index % 2 else LEAF_DARK
        leaf = f"M200 {top}q-26 {-long * 0.55:.4g} 0 {-long}q26 {long * 0.45:.4g} 0 {long}Z"
        leaves += f'<g transform="rotate({angle:.4g} 200 {top})">{lit(leaf, fill)}</g>'
    pot = f"M{200 - wide} {top}h{2 * wide}l-10 {318 - top}q-2 4 -8 4h{-2 * wide + 36}q-6 0 -8 -4Z"
    return (
        shadow(200, 322, 2 * wide + 60)
        + leaves
        + lit(pot, c.main)
        + rect(196 - wide, top - 8, 2 * wide + 8, 18, c.light, 3)
    )


HOME: Final[dict[str, Callable[[random.Random, Shade], str]]] = {
    "lamp": lamp,
    "chair": chair,
    "table": table,
    "vase": vase,
    "mug": mug,
    "kettle": kettle,
    "pan": pan,
    "cushion": cushion,
    "clock": clock,
    "shelf": shelf,
    "rug": rug,
    "plant": plant,
}
