"""Draws a product as SVG from a short name: ``lamp-oak-71`` is a lamp, oak coloured, of shape 71.

The same name always gives the same picture, so an address that holds the name may be kept for ever and
nothing is stored. The pictures hold no text, no script, no style and no reference to anything outside.
"""

# ruff: noqa: E501 - outlines are data; broken over lines they are harder to read

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable
from typing import Final

from aiocms.shop.pictures.home import HOME
from aiocms.shop.pictures.outdoor import OUTDOOR
from aiocms.shop.pictures.shapes import SHADES, Shade, box

KINDS: Final[dict[str, Callable[[random.Random, Shade], str]]] = {**HOME, **OUTDOOR, "parcel": box}
_NAME = re.compile(r"([a-z]{1,20})-([a-z]{1,20})-([0-9]{1,6})(?:-([0-3]))?\Z")


def make_source(kind: str, shade: str, shape: int, view: int = 0) -> str:
    """The ``src`` of a drawn picture, as a product's media keep it: ``drawn:lamp-oak-71-0``."""
    return f"drawn:{kind}-{shade}-{shape}-{view}"


def is_drawn(name: str) -> bool:
    """Whether the name is of a picture that can be drawn."""
    match = _NAME.match(name)
    return match is not None and match[1] in KINDS and match[2] in SHADES


def placeholder(key: object) -> str:
    """The name of the picture of something that has none: a parcel, always the same for one key."""
    number = zlib.crc32(str(key).encode())
    shade = sorted(SHADES)[number % len(SHADES)]
    return f"parcel-{shade}-{number % 997}"


def draw(name: str) -> str | None:
    """The picture of a name.

    Returns:
        An SVG document of 400 by 400 units, or None when there is no such picture.
    """
    if not is_drawn(name):
        return None
    kind, shade_name, shape, view = name.split("-") if name.count("-") == 3 else (*name.split("-"), "0")
    shade = SHADES[shade_name]
    # The shape alone decides the proportions: colours and views of one product look like one product.
    rng = random.Random(f"{kind}/{shape}")  # noqa: S311 - a drawing, not a secret
    body = KINDS[kind](rng, shade)
    return _frame(body, shade, int(view), int(shape))


def _frame(body: str, shade: Shade, view: int, shape: int) -> str:
    """The object on its ground: straight, turned, near, or on a coloured ground."""
    turn = (
        "",
        "translate(400 0) scale(-1 1)",
        "translate(-84 -96) scale(1.42)",
        "translate(30 34) scale(.85)",
    )[view]
    wall, floor = (shade.deep, shade.dark) if view == 3 else (shade.wall, shade.floor)
    horizon = 286 + shape % 3 * 8
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="800" height="800">'
        f'<defs><linearGradient id="w" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{wall}"/>'
        f'<stop offset="1" stop-color="{floor}"/></linearGradient>'
        '<radialGradient id="s"><stop offset="0" stop-color="#000" stop-opacity=".28"/>'
        '<stop offset="1" stop-color="#000" stop-opacity="0"/></radialGradient>'
        '<linearGradient id="l" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#fff" stop-opacity=".3"/>'
        '<stop offset=".45" stop-color="#fff" stop-opacity="0"/>'
        '<stop offset="1" stop-color="#000" stop-opacity=".18"/></linearGradient></defs>'
        f'<rect width="400" height="400" fill="url(#w)"/><rect y="{horizon}" width="400" height="{400 - horizon}" '
        f'fill="{floor}"/><g transform="{turn}">{body}</g></svg>'
    )
