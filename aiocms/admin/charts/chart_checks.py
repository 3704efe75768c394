"""The start-up checks of charts and reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aiocms.admin.charts.charts import Chart, Number, find_mistake, iter_paths
from aiocms.admin.reports.report_rules import iter_mistakes
from aiocms.admin.reports.reports import Report
from aiocms.admin.screens import Screen, sound_path
from aiocms.core.faults import Fault


def iter_chart_faults(screen: type[Screen], where: str) -> Iterator[Fault]:
    """The mistakes in the numbers and charts of a screen."""
    if issubclass(screen, Report):
        yield from _iter_report_faults(screen, where)
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


def _iter_report_faults(report: type[Report], where: str) -> Iterator[Fault]:
    pipeline: Any = report.pipeline
    if not pipeline and not hasattr(report, "get_pipeline"):
        yield Fault("admin.E042", f"The report {report.__name__} has no pipeline", where)
    for mistake in iter_mistakes(pipeline):
        text = mistake.message % mistake.values if mistake.values else mistake.message
        yield Fault("admin.E042", f"The report {report.__name__}: stage {mistake.stage + 1}: {text}", where)
    drill: Any = report.drill
    pairs = drill.items() if isinstance(drill, Mapping) else ((drill, ""),)
    for path, source in pairs:
        if not all(isinstance(one, str) and sound_path(one) for one in (path, source)):
            message = f"The report {report.__name__}: drill holds {path!r}: {source!r}, which are no paths"
            yield Fault("admin.E043", message, where, 'write drill = {"_id": "genre"}')
