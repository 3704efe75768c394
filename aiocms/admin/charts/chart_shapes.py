"""Where the parts of a chart stand: ticks, bars, lines and rows as coordinates for the template. No I/O."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 150
_START, _END, _TOP, _BOTTOM = 38, 6, 8, 20
_ROW = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `index` says of which point."""

    index: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: its place, and the value (of the upright axis) or the index of its point."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Shape:
    """A chart's drawing in the units of its view box.

    `bars` are drawn, `hits` are the whole stretch of each point, to point at. `start` and `end` are the x of
    the plot's sides in the direction of reading; `zero` is the y of the base line.
    """

    width: int
    height: int
    start: float
    end: float
    zero: float
    bars: tuple[Bar, ...] = ()
    hits: tuple[Bar, ...] = ()
    ticks: tuple[Tick, ...] = ()
    names: tuple[Tick, ...] = ()
    line: str = ""
    area: str = ""
    dots: tuple[tuple[float, float], ...] = ()


def nice_ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Round values from at most `low` to at least `high`, by steps of 1, 2 or 5 times a power of ten."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return [0.0, 1.0]
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def draw_columns(values: Sequence[float], *, kind: str, whole: bool, rtl: bool, most_names: int = 5) -> Shape:
    """Upright bars, or a line, along an axis of steps.

    Parameters:
        whole: the values are counts, so the axis has no fractions.
        rtl: the first step stands on the right.
    """
    ticks = nice_ticks(min(values, default=0.0), max(values, default=0.0))
    if whole:
        ticks = [tick for tick in ticks if tick == int(tick)]
    low, high = ticks[0], ticks[-1]
    plot, tall = WIDTH - _START - _END, HEIGHT - _TOP - _BOTTOM

    def y_of(value: float) -> float:
        return round(_TOP + tall * (high - value) / (high - low), 2)

    def x_of(at: float, width: float = 0.0) -> float:
        return round(WIDTH - at - width if rtl else at, 2)

    band = plot / max(len(values), 1)
    zero = y_of(0.0)
    hits: list[Bar] = []
    bars: list[Bar] = []
    wide = round(min(band - min(band * 0.25, 6.0), 44.0), 2)
    for index, value in enumerate(values):
        left = _START + index * band
        hits.append(Bar(index, x_of(left, band), _TOP, round(band, 2), tall))
        top, bottom = sorted((y_of(value), zero))
        if value and bottom - top < 1.0:
            top, bottom = (zero - 1.0, zero) if value > 0 else (zero, zero + 1.0)
        bars.append(Bar(index, x_of(left + (band - wide) / 2, wide), top, wide, round(bottom - top, 2)))
    middles = [(x_of(_START + (index + 0.5) * band), y_of(value)) for index, value in enumerate(values)]
    is_line = kind == "line" and bool(middles)
    line = (
        " ".join(f"{'L' if at else 'M'}{x:g} {y:g}" for at, (x, y) in enumerate(middles)) if is_line else ""
    )
    return Shape(
        WIDTH,
        HEIGHT,
        x_of(_START),
        x_of(WIDTH - _END),
        zero,
        bars=() if is_line else tuple(bars),
        hits=tuple(hits),
        ticks=tuple(Tick(y_of(tick), tick) for tick in ticks),
        names=tuple(Tick(middles[index][0], index) for index in pick_names(len(values), most_names)),
        line=line,
        area=f"{line} L{middles[-1][0]:g} {zero:g} L{middles[0][0]:g} {zero:g} Z" if is_line else "",
        dots=tuple(middles) if is_line and len(middles) <= 40 else (),
    )


def draw_rows(values: Sequence[float], *, rtl: bool) -> Shape:
    """Lying bars, one below the other, each under its name."""
    high = max([abs(value) for value in values], default=0.0) or 1.0
    bars: list[Bar] = []
    hits: list[Bar] = []
    for index, value in enumerate(values):
        width = round(max(WIDTH * abs(value) / high, 2.0 if value else 0.0), 2)
        bars.append(Bar(index, round(WIDTH - width, 2) if rtl else 0.0, index * _ROW + 18.0, width, 6.0))
        hits.append(Bar(index, 0.0, float(index * _ROW), float(WIDTH), float(_ROW - 2)))
    start, end = (WIDTH, 0) if rtl else (0, WIDTH)
    return Shape(WIDTH, max(len(values), 1) * _ROW - 4, start, end, 0.0, bars=tuple(bars), hits=tuple(hits))


def pick_names(count: int, most: int) -> list[int]:
    """The points whose names stand below the axis: evenly spread, counted from the last one back."""
    if count <= 0:
        return []
    every = math.ceil(count / most)
    return [index for index in range(count) if (count - 1 - index) % every == 0]
