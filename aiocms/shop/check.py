"""Proves what must hold of the stored catalogue; ``aiocms shop check`` prints what does not.

Reads every document once, in batches; changes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from aiocms.shop.derive import derive_tree, iter_documents
from aiocms.shop.models import CATEGORIES, MOVES, PRODUCTS, STOCK, TYPES, Database, Document
from aiocms.shop.rules import check_category, check_product, check_type
from aiocms.shop.save import changed_fields

_BATCH: Final = 500
_NOTHING: Final[dict[str, Any]] = {"on_hand": 0, "reserved": 0, "lines": frozenset()}


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that does not hold.

    Parameters:
        repairable: ``aiocms shop check --repair`` puts it right; else a person must decide.
    """

    collection: str
    id: Any
    text: str
    repairable: bool = False

    def __str__(self) -> str:
        return f"{self.collection} {self.id}: {self.text}"


async def iter_broken(db: Database) -> AsyncIterator[Broken]:
    """Everything in the catalogue that does not hold."""
    kinds: dict[Any, Document] = {kind["_id"]: kind async for kind in db[TYPES].find({})}
    categories: dict[Any, Document] = {one["_id"]: one async for one in db[CATEGORIES].find({})}
    for kind in kinds.values():
        for problem in check_type(kind):
            yield Broken(TYPES, kind["_id"], str(problem))
    for broken in _check_tree(categories):
        yield broken
    variants: dict[Any, Any] = {}
    async for product in db[PRODUCTS].find({}, {"body": 0}).batch_size(_BATCH):
        for broken in _check_one_product(product, kinds, categories):
            yield broken
        for variant in iter_documents(product.get("variants")):
            variants[variant.get("_id")] = product["_id"]
    async for broken in _iter_broken_stock(db, variants):
        yield broken


def _check_tree(categories: dict[Any, Document]) -> list[Broken]:
    found = []
    derived = derive_tree(categories.values())
    for id, category in categories.items():
        above = category.get("parent")
        if above is not None and above not in categories:
            found.append(Broken(CATEGORIES, id, f"its parent {above} does not exist"))
        if id in _iter_above(id, categories):
            found.append(Broken(CATEGORIES, id, "it lies below itself"))
        found.extend(Broken(CATEGORIES, id, str(problem)) for problem in check_category(category, None))
        wrong = [name for name, value in derived[id].items() if category.get(name) != value]
        if wrong:
            found.append(Broken(CATEGORIES, id, f"wrong {', '.join(wrong)}", repairable=True))
        if category.get("unsettled"):
            found.append(Broken(CATEGORIES, id, "a change of it was cut before its end", repairable=True))
    return found


def _iter_above(id: Any, categories: dict[Any, Document]) -> set[Any]:
    seen: set[Any] = set()
    above = categories[id].get("parent")
    while above in categories and above not in seen:
        seen.add(above)
        above = categories[above].get("parent")
    return seen


def _check_one_product(
    product: Document, kinds: dict[Any, Document], categories: dict[Any, Document]
) -> list[Broken]:
    id = product["_id"]
    kind = kinds.get(product.get("type"))
    found = [Broken(PRODUCTS, id, str(problem)) for problem in check_product(product, kind)]
    if kind is None:
        found.append(Broken(PRODUCTS, id, f"its type {product.get('type')!r} does not exist"))
    missing = [one for one in product.get("category_ids") or [] if one not in categories]
    if missing:
        found.append(Broken(PRODUCTS, id, f"its categories {missing} do not exist"))
    wrong = changed_fields(product, kind, categories)
    if wrong:
        found.append(Broken(PRODUCTS, id, f"wrong {', '.join(wrong)}", repairable=True))
    return found


async def _iter_broken_stock(db: Database, variants: dict[Any, Any]) -> AsyncIterator[Broken]:
    batch: list[Document] = []
    async for stock in db[STOCK].find({}).batch_size(_BATCH):
        batch.append(stock)
        if len(batch) == _BATCH:
            for broken in await _check_stock(db, batch, variants):
                yield broken
            batch = []
    for broken in await _check_stock(db, batch, variants):
        yield broken


async def _check_stock(db: Database, batch: list[Document], variants: dict[Any, Any]) -> list[Broken]:
    """Sums, guards, and the ledger replayed: its lines and those that wait must give what is there."""
    found = []
    replayed = await _replay(db, [stock["variant"] for stock in batch])
    for stock in batch:
        id = stock["_id"]
        on_hand, reserved, available = (
            int(stock.get(name) or 0) for name in ("on_hand", "reserved", "available")
        )
        if available != on_hand - reserved:
            found.append(Broken(STOCK, id, f"available {available} is not {on_hand} - {reserved}"))
        if available < 0 and not stock.get("backorder"):
            found.append(Broken(STOCK, id, f"{-available} more are reserved than there are"))
        held = sum(int(hold.get("qty") or 0) for hold in iter_documents(stock.get("holds")))
        if held != reserved:
            found.append(Broken(STOCK, id, f"reserved {reserved} is not what is held, {held}"))
        waiting = list(iter_documents(stock.get("outbox")))
        known = replayed.get((stock["variant"], stock.get("location")), _NOTHING)
        for name, there in (("on_hand", on_hand), ("reserved", reserved)):
            # A line may be in both: moved, but not yet taken out.
            moved = known["lines"]
            told = known[name] + sum(int(move[f"d_{name}"]) for move in waiting if move["_id"] not in moved)
            if told != there:
                found.append(Broken(STOCK, id, f"{name} is {there}, the ledger says {told}"))
        if waiting:
            found.append(Broken(STOCK, id, f"{len(waiting)} lines wait for the ledger", repairable=True))
        if stock["variant"] not in variants:
            found.append(Broken(STOCK, id, "no product has its variant"))
    return found


async def _replay(db: Database, variants: list[Any]) -> dict[tuple[Any, Any], Any]:
    sums: dict[tuple[Any, Any], Any] = {}
    async for move in db[MOVES].find({"variant": {"$in": variants}}):
        known = sums.setdefault(
            (move["variant"], move.get("location")), {"on_hand": 0, "reserved": 0, "lines": set()}
        )
        known["on_hand"] += int(move["d_on_hand"])
        known["reserved"] += int(move["d_reserved"])
        known["lines"].add(move["_id"])
    return sums
