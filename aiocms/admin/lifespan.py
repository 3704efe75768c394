"""What the admin keeps while the site runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from aiocms.admin import history
from aiocms.admin.registry import REGISTRY, Registry
from aiocms.core import keys


@asynccontextmanager
async def lifespan(app: web.Application) -> AsyncIterator[None]:
    """The registry of screens; records of changes that a cut left open are settled meanwhile."""
    app[REGISTRY] = Registry(app[keys.PLAN])
    async with history.tended(app):
        yield
