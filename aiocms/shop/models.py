"""The shop's collections, their indexes, and names for their documents.

shop_categories   a tree: ``parent``, ``ancestors`` (ids from the root), ``url_path``, ``order``, ``public``
                  and ``ancestors_are_public``; ``old_paths`` answer with a redirect.
shop_types        what a kind of product has: typed attributes, which of them filter or make variants.
shop_products     one document a product, its variants embedded. ``tokens``, ``price_min``, ``price_max``,
                  ``sort_title`` and ``search`` are derived (derive.py): one multikey index an order
                  serves category and facets together.
shop_stock        one document a variant and location, outside the product: saving a product never touches
                  stock. ``available`` is stored, so a guard is a plain filter.
shop_stock_moves  the append-only ledger of stock, unique by ``(ref, kind, variant)``.
shop_facets       counted facets of a listing, kept until the catalogue changes.
shop_state        one document a site: ``version`` grows with every change of the catalogue.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from aiocms import Index

# A document as the driver gives it; its shape is in the module's description above.
Document: TypeAlias = dict[str, Any]

# The driver's database; only its collections are used.
Database: TypeAlias = Any

CATEGORIES: Final = "shop_categories"
TYPES: Final = "shop_types"
PRODUCTS: Final = "shop_products"
STOCK: Final = "shop_stock"
MOVES: Final = "shop_stock_moves"
FACETS: Final = "shop_facets"
STATE: Final = "shop_state"

# Every document carries its site from the first day, though one database holds one site so far.
SITE: Final = "main"
LOCATION: Final = "main"

DRAFT: Final = "draft"
PUBLISHED: Final = "published"
ARCHIVED: Final = "archived"
STATUSES: Final = (DRAFT, PUBLISHED, ARCHIVED)

MOST_VARIANTS: Final = 200
MOST_OPTIONS: Final = 3
MOST_LEVELS: Final = 4

_LISTED: Final = (("site", 1), ("status", 1), ("tokens", 1))

# One index an offered order. price_min at the end lets a price filter work on keys alone.
ORDER_INDEXES: Final = {
    "published": [*_LISTED, ("published", -1), ("_id", -1), ("price_min", 1)],
    "price_min": [*_LISTED, ("price_min", 1), ("_id", 1)],
    "sort_title": [*_LISTED, ("sort_title", 1), ("_id", 1), ("price_min", 1)],
}

indexes = (
    Index(CATEGORIES, [("site", 1), ("url_path", 1)], unique=True),
    Index(CATEGORIES, [("site", 1), ("parent", 1), ("order", 1), ("_id", 1)]),
    Index(CATEGORIES, [("ancestors", 1)]),
    Index(CATEGORIES, [("site", 1), ("old_paths", 1)]),
    # Slug and number come first: the admin looks for them without a site.
    Index(PRODUCTS, [("slug", 1), ("site", 1)], unique=True),
    Index(PRODUCTS, [("site", 1), ("old_slugs", 1)]),
    # A variant's number is unique across products; drafts without variants stay out.
    Index(
        PRODUCTS,
        [("variants.sku", 1), ("site", 1)],
        unique=True,
        partialFilterExpression={"variants.sku": {"$exists": True}},
    ),
    *(Index(PRODUCTS, keys) for keys in ORDER_INDEXES.values()),
    # Language "none": no stemming and no stop words, so every language and every number is found.
    Index(
        PRODUCTS,
        [("site", 1), ("status", 1), ("search", "text"), ("body", "text")],
        weights={"search": 8, "body": 1},
        default_language="none",
        language_override="text_language",
    ),
    Index(PRODUCTS, [("title", 1), ("_id", 1)]),
    Index(PRODUCTS, [("type", 1)]),
    Index(PRODUCTS, [("updated", -1), ("_id", -1)]),
    Index(STOCK, [("variant", 1), ("location", 1)], unique=True),
    Index(STOCK, [("sku", 1), ("_id", 1)]),
    Index(STOCK, [("available", 1), ("_id", 1)]),
    Index(STOCK, [("product", 1)]),
    Index(MOVES, [("ref.type", 1), ("ref.id", 1), ("ref.line", 1), ("kind", 1), ("variant", 1)], unique=True),
    Index(MOVES, [("variant", 1), ("at", 1)]),
    Index(MOVES, [("at", -1), ("_id", -1)]),
    Index(FACETS, [("expires", 1)], expireAfterSeconds=0),
)
