"""What the files app keeps while the site runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from aiocms.core import keys
from aiocms.files.work import WORKSHOP, Workshop


@asynccontextmanager
async def lifespan(app: web.Application) -> AsyncIterator[None]:
    """The workshop, which bounds how many images are worked on."""
    app[WORKSHOP] = Workshop(int(app[keys.SETTINGS].files_threads))
    yield
