"""Colours and simple shapes that all drawings are made of."""

# ruff: noqa: E501 - outlines are data; broken over lines they are harder to read

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Shade:
    """The colours of one picture: the thing's own from light to deep, and the room's behind it."""

    light: str
    main: str
    dark: str
    deep: str
    wall: str
    floor: str


SHADES: Final[dict[str, Shade]] = {
    "oak": Shade("#e3c08f", "#c99a5f", "#a67743", "#6b4a27", "#f6f0e6", "#eadfcd"),
    "walnut": Shade("#a67a58", "#7d553a", "#5c3c28", "#3a2518", "#f3ebe4", "#e4d6ca"),
    "white": Shade("#ffffff", "#f3f1ec", "#d6d2c9", "#8f8a80", "#dfe5e6", "#cdd6d8"),
    "black": Shade("#5b5f66", "#33373d", "#1f2226", "#0d0f11", "#eceae6", "#d9d6d0"),
    "grey": Shade("#c4c8cc", "#969ca3", "#6d737b", "#43484e", "#eff0f0", "#dfe1e2"),
    "sand": Shade("#efe0c4", "#dcc6a0", "#b99f74", "#7e6a47", "#f2f0ea", "#e3dccd"),
    "terracotta": Shade("#e79a76", "#cf6f48", "#a84f2d", "#6c2f18", "#f9ece3", "#efd8ca"),
    "red": Shade("#ee7a6d", "#cf4238", "#9f2a24", "#651613", "#f8eae6", "#edd5cf"),
    "rose": Shade("#f3b6ba", "#df8a92", "#b9616c", "#773640", "#faeeee", "#f1dbdc"),
    "mustard": Shade("#f4cf6a", "#dfab2f", "#b08117", "#6d4e0b", "#faf4e1", "#efe3c2"),
    "olive": Shade("#b3b878", "#868c4a", "#626731", "#3c401c", "#f1f2e4", "#e0e2cb"),
    "green": Shade("#7fb891", "#468a60", "#2f6745", "#1a3f2a", "#e9f2ec", "#d2e3d8"),
    "teal": Shade("#6fb7b7", "#2f8589", "#1f6266", "#103c3f", "#e6f1f1", "#cfe2e2"),
    "sky": Shade("#a9cdea", "#6ea5d2", "#467daa", "#274d6f", "#ebf3f9", "#d5e4f0"),
    "navy": Shade("#61789f", "#324a75", "#213355", "#121d33", "#e9edf4", "#d5dce8"),
    "plum": Shade("#b58bb0", "#855580", "#623b5e", "#3c2139", "#f4ebf3", "#e4d5e2"),
}

METAL: Final = "#b9bdc2"
METAL_DARK: Final = "#7d8289"
BRASS: Final = "#cfa85a"
LEAF: Final = "#4f8a5b"
LEAF_DARK: Final = "#386845"


def shadow(x: float, y: float, width: float, height: float = 16) -> str:
    """A soft shadow on the ground, by its middle."""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{width / 2:.4g}" ry="{height:g}" fill="url(#s)"/>'


def rect(x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> str:
    """A rectangle by its corner."""
    return f'<rect x="{x:.4g}" y="{y:.4g}" width="{width:.4g}" height="{height:.4g}" rx="{radius:.4g}" fill="{fill}"/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str) -> str:
    """An ellipse by its middle."""
    return f'<ellipse cx="{x:.4g}" cy="{y:.4g}" rx="{rx:.4g}" ry="{ry:.4g}" fill="{fill}"/>'


def path(d: str, fill: str = "none") -> str:
    """A filled outline."""
    return f'<path d="{d}" fill="{fill}"/>'


def line(d: str, stroke: str, width: float) -> str:
    """A stroke with round ends."""
    return (
        f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width:.4g}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def lit(d: str, fill: str) -> str:
    """A filled outline with light from the left on it."""
    return path(d, fill) + path(d, "url(#l)")


def turned(x: float, top: float, bottom: float, widths: tuple[float, ...]) -> str:
    """The outline of something turned on a wheel: half widths at even steps from top to bottom.

    Returns:
        Path data, symmetric about ``x``, smooth between the steps.
    """
    step = (bottom - top) / (len(widths) - 1)
    right = [(x + width, top + index * step) for index, width in enumerate(widths)]
    left = [(2 * x - px, py) for px, py in reversed(right)]
    return f"M{left[-1][0]:.4g} {top:.4g}L{right[0][0]:.4g} {top:.4g}{_smooth(right)}L{left[0][0]:.4g} {bottom:.4g}{_smooth(left)}Z"


def _smooth(points: list[tuple[float, float]]) -> str:
    """Curves with upright tangents through the points."""
    parts = []
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        middle = (y1 + y2) / 2
        parts.append(f"C{x1:.4g} {middle:.4g} {x2:.4g} {middle:.4g} {x2:.4g} {y2:.4g}")
    return "".join(parts)


def box(rng: random.Random, c: Shade) -> str:
    """A closed parcel: the picture of a product that has none."""
    width, height = rng.randint(130, 170), rng.randint(95, 130)
    left, top = 200 - width / 2, 320 - height
    lid = 34
    return (
        shadow(200, 322, width + 70)
        + lit(f"M{left:g} {top:g}h{width}v{height}h{-width}Z", c.main)
        + path(f"M{left:g} {top:g}l26 {-lid}h{width - 52}l26 {lid}Z", c.light)
        + path(f"M200 {top:g}v{-lid}h-14l-6 {lid}h40l-6 {-lid}h-14Z", c.dark)
        + rect(180, top, 40, height, c.dark)
    )
