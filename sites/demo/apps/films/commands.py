"""`aiocms films fill`: load the archive."""

from __future__ import annotations

import asyncio
from typing import Any

import click
from pymongo import ReplaceOne

from aiocms.cli.site import get_plan
from aiocms.core.indexes import ensure
from aiocms.core.mongo import open_database

from . import fill as source
from . import posters

_BATCH = 1000


@click.command()
def fill() -> None:
    """Load the film archive; loading it again changes nothing.

    \b
    Example:
      aiocms films fill
    """
    plan = get_plan()
    collections = source.make_documents(source.iter_rows(source.find_source()))
    drawn = asyncio.run(_write(plan, collections))
    for name, documents in collections.items():
        click.echo(f"{name}: {len(documents)} documents")
    click.echo(f"posters: {drawn}")


async def _write(plan: Any, collections: dict[str, list[dict[str, Any]]]) -> int:
    async with open_database(plan.settings) as db:
        await ensure(db, plan.indexes)
        for name, documents in collections.items():
            for start in range(0, len(documents), _BATCH):
                batch = [
                    ReplaceOne({"_id": document["_id"]}, document, upsert=True)
                    for document in documents[start : start + _BATCH]
                ]
                await db[name].bulk_write(batch, ordered=False)
        return await posters.hang(db, plan.settings)


commands = (fill,)
