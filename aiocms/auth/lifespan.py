"""What login needs before the first visitor comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from aiocms.auth.passwords import dummy_hash


@asynccontextmanager
async def lifespan(app: web.Application) -> AsyncIterator[None]:
    """Make the hash that stands in for missing ones; made late, the first unknown name would take longer."""
    await asyncio.to_thread(dummy_hash)
    yield
