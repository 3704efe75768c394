"""``aiocms shop …``: fill a made-up catalogue, prove that the stored one is sound."""

from __future__ import annotations

import asyncio

import click

from aiocms.cli.site import get_plan
from aiocms.core.errors import AiocmsError
from aiocms.core.mongo import open_database
from aiocms.shop.check import iter_broken
from aiocms.shop.demo.fill import fill
from aiocms.shop.models import PRODUCTS
from aiocms.shop.money import is_currency
from aiocms.shop.repair import repair

_MOST_SHOWN = 100


@click.command("demo")
@click.option(
    "--products", default=600, show_default=True, type=click.IntRange(1, 1_000_000), help="How many."
)
@click.option("--seed", default=1, show_default=True, help="Another number gives other products.")
@click.option("--force", is_flag=True, help="Also where there are other products already.")
def demo(products: int, seed: int, force: bool) -> None:
    """Fill the shop with a made-up catalogue: categories, types, products, variants, stock, pictures.

    The same seed gives the same catalogue; a second run replaces the first.

    \b
    Examples:
      aiocms shop demo
      aiocms shop demo --products 5000
    """
    written = asyncio.run(_demo(products, seed, force))
    click.echo("Wrote " + ", ".join(f"{count} {name}" for name, count in written.items()) + ".")


async def _demo(products: int, seed: int, force: bool) -> dict[str, int]:
    settings = get_plan().settings
    if not is_currency(settings.shop_currency):
        raise AiocmsError(
            f"shop_currency {settings.shop_currency!r} is no currency; use a code such as 'EUR'"
        )
    async with open_database(settings) as db:
        other = await db[PRODUCTS].find_one({"media.src": {"$not": {"$regex": "^drawn:"}}}, {"_id": 1})
        if other is not None and not force:
            raise AiocmsError("This shop has products of its own; --force adds the made-up ones to them")
        with click.progressbar(length=products, label="Products") as bar:
            shown = 0

            def progress(done: int) -> None:
                nonlocal shown
                bar.update(done - shown)
                shown = done

            return await fill(db, products, settings.shop_currency, seed=seed, progress=progress)


@click.command("check")
@click.option("--repair", "repairing", is_flag=True, help="Put right what needs no decision, then check.")
def check(repairing: bool) -> None:
    """Prove that the stored catalogue is sound: rules, derived fields, the tree, stock and its ledger.

    Exit code 1 when something is broken.

    \b
    Examples:
      aiocms shop check
      aiocms shop check --repair
    """
    broken = asyncio.run(_check(repairing))
    if broken:
        raise AiocmsError(f"{broken} things are broken")
    click.echo("The catalogue is sound.")


async def _check(repairing: bool) -> int:
    count = 0
    async with open_database(get_plan().settings) as db:
        if repairing:
            click.echo(f"Put right: {await repair(db)}")
        async for broken in iter_broken(db):
            count += 1
            if count <= _MOST_SHOWN:
                click.echo(str(broken) + ("  (--repair puts it right)" if broken.repairable else ""))
    if count > _MOST_SHOWN:
        click.echo(f"… and {count - _MOST_SHOWN} more")
    return count


commands = (demo, check)
