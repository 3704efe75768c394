"""Drawings of things to wear and to carry."""

# ruff: noqa: E501 - outlines are data; broken over lines they are harder to read

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from aiocms.shop.pictures.shapes import (
    BRASS,
    METAL,
    METAL_DARK,
    Shade,
    ellipse,
    line,
    lit,
    path,
    rect,
    shadow,
)


def backpack(rng: random.Random, c: Shade) -> str:
    """A backpack with a pocket."""
    wide, top = rng.randint(70, 84), rng.randint(98, 118)
    pocket = rng.randint(218, 238)
    return (
        shadow(200, 322, 2 * wide + 70)
        + line(f"M182 {top + 6}q0 -26 18 -26t18 26", c.deep, 9)
        + rect(192 - wide, 200, 18, 104, c.dark, 9)
        + rect(190 + wide, 200, 18, 104, c.dark, 9)
        + lit(
            f"M{200 - wide} 300V{top + 60}q0 -60 60 -60h{2 * wide - 120}q60 0 60 60V300q0 22 -22 22h{-2 * wide + 44}q-22 0 -22 -22Z",
            c.main,
        )
        + lit(
            f"M{214 - wide} {pocket}h{2 * wide - 28}v66q0 14 -14 14h{-2 * wide + 56}q-14 0 -14 -14Z", c.dark
        )
        + path(f"M{200 - wide} {top + 78}h{2 * wide}v10h{-2 * wide}Z", c.deep)
        + rect(158, top + 70, 12, 40, BRASS, 3)
        + rect(230, top + 70, 12, 40, BRASS, 3)
        + rect(176, pocket + 16, 48, 5, c.light, 2)
    )


def tent(rng: random.Random, c: Shade) -> str:
    """A tent with its door open."""
    peak, wide = rng.randint(104, 132), rng.randint(128, 146)
    lean = rng.randint(10, 34)
    return (
        shadow(200, 318, 2 * wide + 60)
        + line(f"M{200 - wide} 316l-26 8M{200 + wide} 316l26 8", METAL_DARK, 3)
        + lit(f"M{200 + lean} {peak}L{200 + wide} 318H{200 - wide}Z", c.main)
        + path(f"M{200 + lean} {peak}L{200 - wide} 318H{200 - wide + 74}Z", c.dark)
        + path(f"M{200 + lean} {peak + 26}L{236 + lean / 2:g} 318H{150 + lean / 2:g}Z", c.deep)
        + path(f"M{200 + lean} {peak + 26}L{150 + lean / 2:g} 318h-20Z", c.light)
        + line(f"M{200 + lean} {peak}v-12", METAL, 5)
    )


def bottle(rng: random.Random, c: Shade) -> str:
    """A drinking bottle."""
    wide, top = rng.randint(36, 46), rng.randint(116, 140)
    cap = rng.choice((METAL, "#33373d", BRASS))
    return (
        shadow(200, 322, 2 * wide + 66)
        + rect(184, top - 34, 32, 34, cap, 5)
        + (line(f"M186 {top - 30}q14 -34 28 0", cap, 7) if rng.random() < 0.5 else "")
        + lit(
            f"M{200 - wide} 306V{top + 48}q0 -26 18 -38v-10h{2 * wide - 36}v10q18 12 18 38V306q0 16 -16 16h{-2 * wide + 32}q-16 0 -16 -16Z",
            c.main,
        )
        + (
            rect(200 - wide, 262, 2 * wide, 26, c.light)
            if rng.random() < 0.5
            else rect(200 - wide, 292, 2 * wide, 6, c.dark)
        )
    )


def jacket(rng: random.Random, c: Shade) -> str:
    """A jacket with a zip."""
    wide, low = rng.randint(68, 80), rng.randint(296, 312)
    sleeve = f"M{200 - wide} 132L{152 - wide} {low - 24}l30 10L{204 - wide} 190Z"
    other = f"M{200 + wide} 132L{248 + wide} {low - 24}l-30 10L{196 + wide} 190Z"
    seams = (
        "".join(line(f"M{202 - wide} {y}H{198 + wide}", c.dark, 3) for y in range(170, low, 34))
        if rng.random() < 0.5
        else ""
    )
    return (
        shadow(200, 324, 2 * wide + 90)
        + lit(sleeve, c.dark)
        + lit(other, c.dark)
        + lit(f"M176 104L{200 - wide} 132L{202 - wide} {low}H{198 + wide}L{200 + wide} 132L224 104Z", c.main)
        + seams
        + path("M170 106Q200 76 230 106L220 132Q200 116 180 132Z", c.deep)
        + line(f"M200 126V{low}", c.light, 4)
        + line(f"M{216 - wide} 250l22 -8M{184 + wide} 250l-22 -8", c.deep, 4)
    )


def tee(rng: random.Random, c: Shade) -> str:
    """A shirt with short sleeves."""
    wide, low = rng.randint(66, 78), rng.randint(292, 308)
    outline = (
        f"M164 112Q200 140 236 112L{204 + wide} 130L{246 + wide} 190L{212 + wide} 210L{200 + wide} 192V{low}"
        f"Q200 {low + 10} {200 - wide} {low}V192L{188 - wide} 210L{154 - wide} 190L{196 - wide} 130Z"
    )
    style = rng.randrange(3)
    stripes = ""
    if style == 1:
        stripes = "".join(rect(200 - wide, y, 2 * wide, 9, c.light) for y in range(196, low - 10, 24))
    if style == 2:
        stripes = rect(218 - wide, 168, 34, 38, c.dark, 3)
    return (
        shadow(200, 322, 2 * wide + 60)
        + lit(outline, c.main)
        + stripes
        + line("M164 112Q200 140 236 112", c.deep, 6)
    )


def shoe(rng: random.Random, c: Shade) -> str:
    """A shoe from the side, low or high."""
    high, sole = rng.choice((196, 170, 148)), rng.choice(("#f3f1ec", "#33373d", "#c9a777"))
    upper = f"M98 {high}q34 12 66 -6q28 62 92 72q50 8 52 40q0 8 -10 8H102q-14 -40 -4 -114Z"
    return (
        shadow(204, 326, 290)
        + lit(upper, c.main)
        + path(f"M98 {high}q34 12 66 -6l8 18q-38 20 -74 4Z", c.dark)
        + path("M232 258q72 4 76 48q0 6 -8 6h-74q-8 -34 6 -54Z", c.light)
        + "".join(
            line(f"M{178 + i * 15} {high + 26 + i * 15 + (196 - high) * (3 - i) / 8:.4g}l22 -10", sole, 4)
            for i in range(4)
        )
        + lit("M90 306H306q8 0 8 8t-12 10H100q-12 0 -12 -8t2 -10Z", sole)
    )


def headphones(rng: random.Random, c: Shade) -> str:
    """Headphones."""
    wide, cup = rng.randint(84, 96), rng.randint(54, 66)
    left, right = 200 - wide, 200 + wide
    return (
        shadow(200, 320, 2 * wide + 80)
        + line(f"M{left} 240C{left - 10} 60 {right + 10} 60 {right} 240", c.deep, 18)
        + line(f"M{left + 20} 128C{left + 50} 82 {right - 50} 82 {right - 20} 128", c.light, 10)
        + lit(f"M{left - 26} {250 - cup}q-14 {cup} 0 {2 * cup}h26V{250 - cup}Z", c.main)
        + lit(f"M{right + 26} {250 - cup}q14 {cup} 0 {2 * cup}h-26V{250 - cup}Z", c.main)
        + rect(left - 2, 256 - cup, 26, 2 * cup - 12, c.dark, 12)
        + rect(right - 24, 256 - cup, 26, 2 * cup - 12, c.dark, 12)
    )


def notebook(rng: random.Random, c: Shade) -> str:
    """A notebook with a band."""
    wide, top = rng.randint(68, 80), rng.randint(104, 122)
    return (
        shadow(206, 320, 2 * wide + 80)
        + rect(208 - wide, top + 8, 2 * wide, 310 - top, "#eee9dd", 5)
        + lit(
            f"M{206 - wide} {top}h{2 * wide - 12}q6 0 6 6v{300 - top}q0 6 -6 6h{12 - 2 * wide}q-6 0 -6 -6v{top - 300}q0 -6 6 -6Z",
            c.main,
        )
        + rect(200 - wide, top, 16, 312 - top, c.dark, 3)
        + rect(174 + wide, top, 8, 312 - top, c.deep)
        + (rect(226 - wide, top + 40, 2 * wide - 68, 46, "#f4efe4", 3) if rng.random() < 0.6 else "")
        + path(f"M{222 - wide} 312v22l6 -7l6 7v-22Z", "#c26b4d")
    )


def bag(rng: random.Random, c: Shade) -> str:
    """A bag with two handles."""
    wide, top = rng.randint(84, 98), rng.randint(182, 200)
    return (
        shadow(200, 322, 2 * wide + 60)
        + line(f"M158 {top + 6}C150 86 250 86 242 {top + 6}", c.deep, 9)
        + lit(
            f"M{206 - wide} {top}h{2 * wide - 12}l12 {310 - top}q0 12 -14 12h{-2 * wide + 16}q-14 0 -14 -12Z",
            c.main,
        )
        + path(f"M{206 - wide} {top}h{2 * wide - 12}l2 22h{-2 * wide + 8}Z", c.dark)
        + ellipse(158, top + 14, 5, 5, BRASS)
        + ellipse(242, top + 14, 5, 5, BRASS)
        + (rect(172, 250, 56, 34, c.light, 4) if rng.random() < 0.5 else "")
    )


OUTDOOR: Final[dict[str, Callable[[random.Random, Shade], str]]] = {
    "backpack": backpack,
    "tent": tent,
    "bottle": bottle,
    "jacket": jacket,
    "tee": tee,
    "shoe": shoe,
    "headphones": headphones,
    "notebook": notebook,
    "bag": bag,
}
