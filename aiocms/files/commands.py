"""``aiocms files …``: take away what nothing uses."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import click

from aiocms.cli.site import get_plan
from aiocms.core.mongo import open_database
from aiocms.files.clean import Cleaned
from aiocms.files.clean import clean as clean_files


@click.command("clean")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--hours", type=click.FloatRange(0), help="Time of grace; default: files_grace_hours.")
@click.option("--library", is_flag=True, help="Also files that were put into the library on purpose.")
def clean(dry_run: bool, hours: float | None, library: bool) -> None:
    """Take away files that nothing in the database mentions, and what cut uploads left behind.

    Every document is read once. What was uploaded or chosen within the time of grace stays.

    \b
    Examples:
      aiocms files clean --dry-run
      aiocms files clean
      aiocms files clean --library --hours 720
    """
    done = asyncio.run(_clean(dry_run, hours, library))
    word = "Would take away" if dry_run else "Took away"
    size = f"{done.bytes / 1_000_000:.1f} MB"
    click.echo(f"{word} {done.files} files of {size} and {done.leftovers} leftovers of uploads.")


async def _clean(dry_run: bool, hours: float | None, library: bool) -> Cleaned:
    settings = get_plan().settings
    grace = timedelta(hours=float(settings.files_grace_hours) if hours is None else hours)
    async with open_database(settings) as db:
        return await clean_files(db, grace=grace, kept_too=library, dry=dry_run)


commands = (clean,)
