"""The theme: a handful of tokens and a logo from settings.py, checked at start, sent as a small style sheet.

The sheet also names the font that comes along, by an address that changes with its content. The accent may
be any colour: tokens.css takes its hue and chroma alone and gives each shade its own lightness. A chroma so
strong that a screen has to change that lightness is lowered here until every shade can be read.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from aiocms.core import keys
from aiocms.core.errors import find_nearest
from aiocms.core.faults import FaultList
from aiocms.core.plan import Plan
from aiocms.core.static import StaticFiles, to_path

URL = "/-/theme.css"
LEAST_CONTRAST = 4.5

log = logging.getLogger("aiocms.theme")

_PAPERS = {"warm": (72.0, 0.006), "cool": (250.0, 0.006), "neutral": (0.0, 0.0)}
_DENSITIES = ("comfortable", "compact")
_LENGTH = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)(px|rem|em)\Z")
_FONTS = re.compile(r"[\w \"',.-]{1,300}\Z")
_IMMUTABLE = "public, max-age=31536000, immutable"

# What tokens.css makes of the accent: ink and ground, each as its lightness and its part of the chroma.
_SHADES = (
    ((0.43, 1), (0.957, 0.15)),
    ((0.43, 1), (0.95, 0)),
    ((1, 0), (0.43, 1)),
    ((0.82, 0.75), (0.285, 0.4)),
    ((0.2, 0), (0.74, 0.8)),
)


def check_theme(plan: Plan, faults: FaultList) -> None:
    """Note what is wrong with ``theme`` and ``logo`` of the settings."""
    where = str(plan.site / "settings.py")
    theme = plan.settings.theme
    for name, value in theme.items():
        if name not in _TOKENS:
            nearest = find_nearest(str(name), _TOKENS)
            hint = f"did you mean {nearest!r}?" if nearest else f"there are {', '.join(_TOKENS)}"
            faults.add("core.E055", f"theme has no token {name!r}", where, hint)
            continue
        try:
            _TOKENS[name](value)
        except ValueError as error:
            faults.add("core.E056", f"theme[{name!r}] {error}, got {value!r}", where)
    logo = plan.settings.logo
    if logo and StaticFiles(plan).find(to_path(logo)) is None:
        faults.add(
            "core.E057",
            f"logo = {logo!r}: no layer holds this static file",
            where,
            "put it into static/ of the site; a file of an app is written 'shop:logo.svg'",
        )


class Theme:
    """The theme of a site, ready to send.

    Parameters:
        settings: checked by ``check_theme``.
        static: for the address of the logo.
    """

    def __init__(self, settings: Any, static: StaticFiles) -> None:
        self._static = static
        self._logo = settings.logo or "core:logo.svg"
        chosen: Mapping[str, Any] = settings.theme
        self.density = str(chosen.get("density", _DENSITIES[0]))
        self._tokens = "".join(
            f"  {line};\n" for name, value in chosen.items() for line in _TOKENS[name](value)
        )
        self.faint = [name for name in ("accent",) if name in chosen and _lower_chroma(chosen[name])[1] < 0.6]

    @property
    def css(self) -> str:
        """The style sheet."""
        return f":root {{\n{self._tokens}}}\n" if self._tokens else ""

    @property
    def url(self) -> str:
        """Its address, which changes with the content."""
        return f"{URL}?v={_hash(self.css)}"

    @property
    def logo_url(self) -> str:
        """The address of the logo."""
        return self._static.url(self._logo)

    def warn(self) -> None:
        """Log what could not be kept as it was set."""
        for name in self.faint:
            log.warning("theme[%r] is too vivid to be read on light and dark; it is shown paler.", name)


def make_handler(theme: Theme) -> Handler:
    """The handler of the sheet: immutable under the hashed address, with an ETag under the plain one."""

    async def serve(request: web.Request) -> web.StreamResponse:
        css = theme.css
        request[keys.SHARED] = True
        response = web.Response(text=css, content_type="text/css", charset="utf-8")
        response.etag = _hash(css)
        hashed = request.query.get("v") == _hash(css)
        response.headers["Cache-Control"] = _IMMUTABLE if hashed else "no-cache"
        if any(one.value in (_hash(css), "*") for one in request.if_none_match or ()):
            response.set_status(304)
            response.body = None
        return response

    return serve


def _hash(css: str) -> str:
    return hashlib.sha256(css.encode()).hexdigest()[:16]


def _accent(value: object) -> list[str]:
    parse_colour(value)
    return [f"--a-accent: {_lower_chroma(value)[0]}"]


def _mark(value: object) -> list[str]:
    return [f"--a-mark: {_to_css(parse_colour(value))}"]


def _paper(value: object) -> list[str]:
    if isinstance(value, str) and value in _PAPERS:
        hue, tint = _PAPERS[value]
        return [f"--a-paper: {hue:g}", f"--a-tint: {tint:g}"]
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 360:
        return [f"--a-paper: {value:g}"]
    raise ValueError("must be 'warm', 'cool', 'neutral' or a hue from 0 to 360")


def _length(token: str, least: float, most: float) -> Callable[[object], list[str]]:
    """A reader of lengths within bounds of pixels, a rem being 16 of them."""

    def read(value: object) -> list[str]:
        found = _LENGTH.match(value) if isinstance(value, str) else None
        if value in ("0", 0) and least == 0 and not isinstance(value, bool):
            return [f"{token}: 0px"]
        if found is None:
            raise ValueError("must be a length such as '5px' or '0.875rem'")
        pixels = float(found[1]) * (1 if found[2] == "px" else 16)
        if not least <= pixels <= most:
            raise ValueError(f"must be from {least:g}px to {most:g}px")
        return [f"{token}: {value}"]

    return read


def _font(token: str) -> Callable[[object], list[str]]:
    def read(value: object) -> list[str]:
        if (
            not isinstance(value, str)
            or not _FONTS.match(value)
            or value.count('"') % 2
            or value.count("'") % 2
        ):
            raise ValueError("must be names of fonts with commas between, such as 'Georgia, serif'")
        return [f"{token}: {value}"]

    return read


def _density(value: object) -> list[str]:
    if value not in _DENSITIES:
        raise ValueError("must be 'comfortable' or 'compact'")
    return []


_TOKENS: Mapping[str, Callable[[object], list[str]]] = {
    "accent": _accent,
    "mark": _mark,
    "paper": _paper,
    "radius": _length("--a-radius", 0, 24),
    "size": _length("--a-size", 12, 20),
    "font": _font("--a-font"),
    "mono": _font("--a-mono"),
    "density": _density,
}


def parse_colour(value: object) -> Any:
    """A colour of CSS, opaque, in oklch.

    Raises:
        ValueError: it is none.
    """
    from coloraide import Color  # Slow to import, and most sites set no colour.

    hint = "must be a colour such as '#7a1f3d' or 'oklch(0.5 0.12 250)'"
    if not isinstance(value, str) or len(value) > 100:
        raise ValueError(hint)
    try:
        colour = Color(value)
    except ValueError as error:
        raise ValueError(hint) from error
    if colour.alpha(nans=False) < 1:
        raise ValueError("must not be transparent")
    return colour.convert("oklch")


def _lower_chroma(value: object) -> tuple[str, float]:
    """The accent with as much of its chroma as leaves each shade its contrast, and that part, from 0 to 1."""
    colour = parse_colour(value)
    chroma, hue = colour.get("chroma", nans=False), colour.get("hue", nans=False)
    part = 1.0
    while part > 0 and find_least_contrast(chroma * part, hue) < LEAST_CONTRAST:
        part = round(part - 0.05, 2)
    colour.set("chroma", chroma * part)
    return _to_css(colour), part


def find_least_contrast(chroma: float, hue: float) -> float:
    """The least contrast of the accent's inks on their grounds, clipped to what a screen can show."""
    from coloraide import Color

    def show(lightness: float, part: float) -> Any:
        return Color("oklch", [lightness, chroma * part, hue]).convert("srgb").clip()

    return float(min(show(*ink).contrast(show(*ground), method="wcag21") for ink, ground in _SHADES))


def _to_css(colour: Any) -> str:
    lightness, chroma, hue = (colour.get(name, nans=False) for name in ("lightness", "chroma", "hue"))
    return f"oklch({lightness:.4f} {chroma:.4f} {hue:.2f})"
