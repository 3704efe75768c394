"""A small made-up catalogue for the shop's tests."""

from __future__ import annotations

from typing import Any

import pytest_asyncio

from aiocms.shop import models
from aiocms.shop.demo.fill import fill


async def make_indexes(db: Any) -> None:
    """The shop's indexes, as a start of the site makes them."""
    for index in models.indexes:
        await db[index.collection].create_indexes([index.model])


@pytest_asyncio.fixture
async def catalogue(db: Any) -> Any:
    """A database with 400 made-up products and the shop's indexes."""
    await make_indexes(db)
    await fill(db, 400, "EUR")
    return db
