"""Writes by hand: the rules that they are held to, and what follows from them at once.

The admin's screens call these; what other programs write is followed a moment later (follow.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from aiocms import gettext
from aiocms.shop.follow import derive
from aiocms.shop.models import CATEGORIES, DRAFT, PRODUCTS, PUBLISHED, SITE, TYPES, Database, Document
from aiocms.shop.rules import Problem, check_product
from aiocms.shop.save import new_product
from aiocms.shop.tree import new_category


async def find_product_problems(db: Database, product: Mapping[str, Any]) -> list[Problem]:
    """Every broken rule of a product as it would be stored; without a status it will be a draft."""
    kind = await db[TYPES].find_one({"_id": {"$eq": product.get("type")}})
    return check_product({"status": DRAFT, **product}, kind)


async def may_publish(db: Database, id: Any) -> bool:
    """Whether publishing a product breaks no rule that is not broken already."""
    product = await db[PRODUCTS].find_one({"_id": {"$eq": id}})
    if product is None:
        return False
    known = await find_product_problems(db, product)
    return all(one in known for one in await find_product_problems(db, {**product, "status": PUBLISHED}))


def tell(request: web.Request, problems: Sequence[Problem], known: Sequence[Problem]) -> dict[str, str]:
    """Messages by path.

    Parameters:
        known: what was wrong before. It does not stop somebody who changes something else;
            ``aiocms shop check`` tells it.
    """
    found: dict[str, list[str]] = {}
    for problem in problems:
        if problem not in known:
            text = gettext(request, problem.message, **dict(problem.values))
            found.setdefault(problem.path, []).append(text)
    return {path: " ".join(texts) for path, texts in found.items()}


async def follow_up(db: Database, collection: str, id: Any, document: Any, before: Any) -> None:
    """Carry on from a write: what a new document lacks, the version, and derived fields.

    Cut in between, follow.py or ``aiocms shop check --repair`` does the rest.

    Parameters:
        document: as it was written; None after a delete.
        before: None for a new document.
    """
    if document is not None:
        update = _complete(collection, document) if before is None else _note_change(collection)
        if update:
            await db[collection].update_one({"_id": {"$eq": id}}, update)
    await derive(db, {collection: [id]}, deleted=document is None)


def _complete(collection: str, document: Document) -> Document:
    if collection == PRODUCTS:
        whole = new_product(document)
    elif collection == CATEGORIES:
        whole = new_category(document)
    else:
        whole = {"site": SITE, "version": 1}
    missing = {name: value for name, value in whole.items() if name not in document}
    return {"$set": missing} if missing else {}


def _note_change(collection: str) -> Document:
    update: Document = {"$inc": {"version": 1}}
    return update if collection == TYPES else {**update, "$currentDate": {"updated": True}}
