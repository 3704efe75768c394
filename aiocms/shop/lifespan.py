"""What the shop does while the site runs: it keeps the catalogue's derived fields right."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

from aiocms.core import keys
from aiocms.shop.follow import follow


@contextlib.asynccontextmanager
async def lifespan(app: web.Application) -> AsyncIterator[None]:
    """Follow the catalogue's changes until the site stops."""
    task = asyncio.create_task(follow(lambda: app[keys.MONGO].db), name="shop: follow the catalogue")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
