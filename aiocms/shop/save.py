"""Saving products so that their derived fields stay right.

The given fields of a document are the truth, the derived ones follow from them. Whoever changes a document
calls ``refresh_product`` afterwards; it may be run at any time, any number of times, and by several at once:
what it writes is guarded by what it read. Categories are in tree.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

from bson import ObjectId
from pymongo import UpdateOne

from aiocms.core.errors import AiocmsError
from aiocms.shop.derive import DERIVED, derive_product, iter_documents
from aiocms.shop.facets import grow_version
from aiocms.shop.models import CATEGORIES, PRODUCTS, PUBLISHED, SITE, TYPES, Database, Document

# What a product's derived fields are made of.
_GIVEN: Final = (
    "title",
    "translations",
    "type",
    "status",
    "attrs",
    "variants",
    "category_ids",
    "slug",
    "published",
)
TRIES: Final = 20
_BATCH: Final = 500
_MOST_OLD_SLUGS: Final = 50
# What is filled where it is missing.
_FILLED: Final = ("site", "version", "seen_slug", "old_slugs")


class Conflict(AiocmsError):
    """Somebody else has changed the document in the meantime."""


def new_product(given: Document) -> Document:
    """A product with the fields that every product has; derived ones are filled by ``refresh_product``."""
    now = dt.datetime.now(dt.UTC)
    defaults: Document = {
        "site": SITE,
        "status": "draft",
        "body": "",
        "attrs": {},
        "options": [],
        "variants": [],
        "category_ids": [],
        "media": [],
        "tokens": [],
        "rating": {"n": 0, "sum": 0},
        "seo": {},
        "version": 1,
        "created": now,
        "updated": now,
    }
    if "slug" in given:
        defaults["seen_slug"] = given["slug"]
    return {**defaults, **given}


async def save_product(db: Database, id: Any, changes: Document, version: int) -> int:
    """Change given fields of a product that is still at a version.

    Returns:
        The version after the change.

    Raises:
        Conflict: the product is at another version, or gone.
    """
    now = dt.datetime.now(dt.UTC)
    given = {name: value for name, value in changes.items() if name not in DERIVED}
    done = await db[PRODUCTS].update_one(
        {"_id": id, "version": version}, {"$set": {**given, "updated": now}, "$inc": {"version": 1}}
    )
    if not done.matched_count:
        raise Conflict(f"The product {id!r} is not at version {version} any more")
    await refresh_product(db, id)
    return version + 1


async def refresh_product(db: Database, id: Any) -> bool:
    """Derive a product's fields anew from what it is now.

    Cut before the write, the old derived fields stay until the next refresh; ``shop check`` finds them.

    Returns:
        Whether something had to be changed.

    Raises:
        Conflict: others changed the product faster than it could be derived.
    """
    for _ in range(TRIES):
        product = await db[PRODUCTS].find_one({"_id": id})
        if product is None:
            return False
        changes = await _derive(db, product)
        if not changes:
            return False
        done = await db[PRODUCTS].update_one(still(product, _GIVEN), {"$set": changes})
        if done.matched_count:
            await grow_version(db)
            return True
    raise Conflict(f"The product {id!r} is being changed all the time")


async def _derive(db: Database, product: Document) -> Document:
    kind = await db[TYPES].find_one({"_id": product.get("type")})
    ids = product.get("category_ids")
    cursor = db[CATEGORIES].find({"_id": {"$in": ids if isinstance(ids, list) else []}}, {"ancestors": 1})
    return changed_fields(product, kind, {category["_id"]: category async for category in cursor})


def changed_fields(product: Document, kind: Document | None, categories: dict[Any, Document]) -> Document:
    """The fields of a product that are not what they should be: derived ones, and those that it must have.

    A product may come from anywhere, so what is missing is filled: the site, ids of variants, the day it
    was published. A slug that has changed stays as an old one, so that its address redirects.
    """
    fields = derive_product(product, kind, categories)
    fields["site"] = product.get("site", SITE)
    fields["version"] = product.get("version", 1)
    if any("_id" not in variant for variant in iter_documents(product.get("variants"))):
        fields["variants"] = [_with_id(variant) for variant in product["variants"]]
    if product.get("status") == PUBLISHED and not isinstance(product.get("published"), dt.datetime):
        fields["published"] = dt.datetime.now(dt.UTC)
    slug, seen = product.get("slug"), product.get("seen_slug")
    if isinstance(slug, str):
        fields["seen_slug"] = slug
        if seen is not None and seen != slug:
            known = [one for one in product.get("old_slugs") or [] if one not in (slug, seen)]
            fields["old_slugs"] = [*known[-_MOST_OLD_SLUGS:], seen]
    return {name: value for name, value in fields.items() if name not in product or product[name] != value}


def _with_id(variant: Any) -> Any:
    return {"_id": ObjectId(), **variant} if isinstance(variant, dict) else variant


def still(document: Document, fields: Iterable[str]) -> Document:
    """The filter of a document whose fields are still what was read."""
    wanted: Document = {"_id": document["_id"]}
    for name in fields:
        wanted[name] = {"$eq": document[name]} if name in document else {"$exists": False}
    return wanted


async def refresh_products(db: Database, wanted: Document) -> int:
    """Derive all products of a filter anew, in batches.

    Returns:
        How many had to be changed.
    """
    kinds = {kind["_id"]: kind async for kind in db[TYPES].find({})}
    categories = {c["_id"]: c async for c in db[CATEGORIES].find({}, {"ancestors": 1})}
    changed = 0
    async for batch in _iter_batches(db, wanted):
        writes = []
        for product in batch:
            changes = changed_fields(product, kinds.get(product.get("type")), categories)
            if changes:
                writes.append(UpdateOne(still(product, _GIVEN), {"$set": changes}))
        if writes:
            done = await db[PRODUCTS].bulk_write(writes, ordered=False)
            changed += done.modified_count
            # A product that was changed while it was being derived: again, with care.
            if done.matched_count < len(writes):
                for product in batch:
                    changed += await refresh_product(db, product["_id"])
    if changed:
        await grow_version(db)
    return changed


async def _iter_batches(db: Database, wanted: Document) -> AsyncIterator[list[Document]]:
    fields = dict.fromkeys((*_GIVEN, *DERIVED, *_FILLED), 1)
    batch: list[Document] = []
    async for product in db[PRODUCTS].find(wanted, fields).batch_size(_BATCH):
        batch.append(product)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
