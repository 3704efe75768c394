"""The start-up checks of charts and reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from aiocms.admin.charts import Chart, Number, find_mistake, iter_paths
from aiocms.admin.screens import Screen, sound_path
from aiocms.core.faults import Fault


def iter_chart_faults(screen: type[Screen], where: str) -> Iterator[Fault]:
    """The mistakes in the numbers and charts of a screen."""
    charts: Any = screen.charts
    subject = f"The screen {screen.__name__}: charts"
    if isinstance(charts, str) or not isinstance(charts, Sequence):
        yield Fault("admin.E040", f"{subject} must be a tuple, not {charts!r}", where)
        return
    for one in charts:
        if not isinstance(one, Chart | Number):
            yield Fault("admin.E040", f"{subject} holds {one!r}, which is no Chart or Number", where)
        elif mistake := find_mistake(one):
            yield Fault("admin.E041", f"{subject}: {one.label!r}: {mistake}", where)
        elif wrong := [path for path in iter_paths(one) if not sound_path(path)]:
            yield Fault("admin.E041", f"{subject}: {one.label!r}: {wrong[0]!r} is no path of a field", where)
