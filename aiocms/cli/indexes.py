"""`aiocms indexes`: the declared indexes against those of the database."""

from __future__ import annotations

import asyncio
import sys

import click

from aiocms.cli.site import get_plan
from aiocms.core.errors import AiocmsError
from aiocms.core.indexes import Difference, difference, ensure, replace
from aiocms.core.mongo import open_database
from aiocms.core.plan import Plan


@click.command()
@click.option("--create", is_flag=True, help="Make the missing ones now; the site does so at each start.")
@click.option(
    "--replace", "place", metavar="COLLECTION.NAME", help="Drop this stored index and make the declared one."
)
def indexes(create: bool, place: str | None) -> None:
    """Show how the indexes of the database differ from those that the apps declare.

    Nothing is ever dropped unless you name it. The exit code is 1 when something is missing or different.

    \b
    Examples:
      aiocms indexes
      aiocms indexes --create
      aiocms indexes --replace shop_products.slug_1
    """
    plan = get_plan()
    found = asyncio.run(_run(plan, create, place))
    _print(plan, found)
    if found.missing or found.different or found.failed:
        sys.exit(1)


async def _run(plan: Plan, create: bool, place: str | None) -> Difference:
    async with open_database(plan.settings) as db:
        if place:
            before = await difference(db, plan.indexes)
            for one in before.different:
                if f"{one.index.collection}.{one.stored['name']}" == place:
                    await replace(db, one.index, one.stored["name"])
                    click.echo(f"Replaced {place}.")
                    break
            else:
                raise AiocmsError(f"{place!r} is no stored index that differs from its declaration")
        return await (ensure if create else difference)(db, plan.indexes)


def _print(plan: Plan, found: Difference) -> None:
    for index in found.missing:
        click.echo(f"missing    {index}")
    for different in found.different:
        click.echo(f"different  {different}")
    for index, reason in found.failed:
        click.echo(f"refused    {index}: {reason}")
    for extra in found.extra:
        click.echo(f"extra      {extra}; no app declares it")
    if found.missing:
        click.echo("`aiocms indexes --create` makes the missing ones.")
    right = len(set(plan.indexes)) - len(found.missing) - len(found.different) - len(found.failed)
    click.echo(f"{right} of {len(set(plan.indexes))} declared indexes are as declared.")


commands = (indexes,)
