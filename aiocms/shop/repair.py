"""Puts right what can be put right without a person: derived fields, cut changes, waiting ledger lines."""

from __future__ import annotations

from aiocms.shop.models import STOCK, Database
from aiocms.shop.save import refresh_products
from aiocms.shop.stock import move_outbox
from aiocms.shop.tree import settle_categories


async def repair(db: Database) -> int:
    """Finish what was cut and derive everything anew; may be run at any time, also while the site runs.

    Returns:
        How many documents had to be changed.
    """
    changed = await settle_categories(db)
    changed += await refresh_products(db, {})
    async for stock in db[STOCK].find({"outbox.0": {"$exists": True}}):
        changed += bool(await move_outbox(db, stock))
    return changed
