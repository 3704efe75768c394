"""What the admin keeps while the site runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from aiocms.admin.registry import REGISTRY, Registry
from aiocms.core import keys


@asynccontextmanager
async def lifespan(app: web.Application) -> AsyncIterator[None]:
    """The registry of screens."""
    app[REGISTRY] = Registry(app[keys.PLAN])
    yield
