"""What the admin keeps while the site runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from aiocms.admin.charts.figures import FIGURES, FigureCache
from aiocms.admin.links.pickers import PickerSource
from aiocms.admin.lists.live import HUB, Hub
from aiocms.admin.registry import REGISTRY, Registry
from aiocms.admin.writes import history
from aiocms.core import keys


@asynccontextmanager
async def lifespan(app: web.Application) -> AsyncIterator[None]:
    """The registry of screens; records of changes that a cut left open are settled meanwhile."""
    registry = app[REGISTRY] = Registry(app[keys.PLAN])
    app[keys.REFERENCES] = PickerSource()
    app[FIGURES] = FigureCache()
    hub = app[HUB] = Hub()

    async def end_streams(_: web.Application) -> None:
        hub.close_all()

    if not app.on_shutdown.frozen:
        # Before the server waits for running requests: these would run on until it loses patience.
        app.on_shutdown.append(end_streams)
    try:
        async with history.tended(app):
            yield
    finally:
        await hub.close()
        await registry.builds.close()
