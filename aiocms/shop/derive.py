"""The derived fields of products and categories, from the documents alone.

A product's ``tokens`` say everything it can be listed by, in one array, so that one multikey index serves
category and facets together (two arrays cannot share an index):

``all``             every product that can be listed
``cat:<id>``        each of its categories
``ancestor:<id>``   each of its categories and everything above them
``<code>:<value>``  each filterable attribute, of the product and of its active variants

A product that has no price is in no list: it has no tokens.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aiocms.shop.models import Document
from aiocms.shop.money import from_document
from aiocms.shop.words import all_versions, localised, sort_key

ALL = "all"
LONGEST_VALUE = 100
# Codes that an attribute may not have: they are tokens or query parameters of their own.
RESERVED = frozenset(
    ("all", "cat", "ancestor", "sort", "after", "before", "q", "price", "sku", "variant", "page")
)

DERIVED = ("tokens", "price_min", "price_max", "currency", "sort_title", "search")


def category_token(category_id: object) -> str:
    """The token of products that lie in a category itself."""
    return f"cat:{category_id}"


def below_token(category_id: object) -> str:
    """The token of products that lie in a category or anywhere below it."""
    return f"ancestor:{category_id}"


def value_token(code: str, value: object) -> str | None:
    """The token of an attribute's value.

    Returns:
        None for a value that cannot be filtered by: empty, nested, or a reserved code.
    """
    text = value_text(value)
    if not text or not code or code in RESERVED or ":" in code:
        return None
    return f"{code}:{text}"


def value_text(value: object) -> str:
    """An attribute's value as it stands in tokens and addresses; "" when there is none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, str):
        return value.strip()[:LONGEST_VALUE]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:g}"
    return ""


def derive_product(product: Document, kind: Document | None, categories: Mapping[Any, Document]) -> Document:
    """All derived fields of a product.

    Parameters:
        product: the document; its own derived fields are not read.
        kind: the document of its type, None when it has none.
        categories: the documents of its categories by id; ids not in it are left out.

    Returns:
        A value for each name in ``DERIVED``.
    """
    currency, prices = find_prices(product)
    tokens: list[str] = []
    if prices:
        tokens = sorted(
            {ALL, *_iter_category_tokens(product, categories), *_iter_value_tokens(product, kind)}
        )
    return {
        "tokens": tokens,
        "price_min": min(prices) if prices else None,
        "price_max": max(prices) if prices else None,
        "currency": currency,
        "sort_title": sort_key(localised(product, "title", "")),
        "search": " ".join(_iter_search_words(product, kind)),
    }


def find_prices(product: Document) -> tuple[str | None, list[int]]:
    """The currency of the product and the amounts of its active variants in it."""
    prices = [price for variant in iter_active(product) if (price := from_document(variant.get("price")))]
    currency = prices[0].currency if prices else None
    return currency, [price.amount for price in prices if price.currency == currency]


def iter_active(product: Document) -> Iterator[Document]:
    """The variants that can be bought, in their order."""
    for variant in iter_documents(product.get("variants")):
        if variant.get("active", True):
            yield variant


def iter_documents(value: Any) -> Iterator[Document]:
    """The documents of an array; whatever else stands there is passed over."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def filterable(kind: Document | None) -> dict[str, Document]:
    """The attributes of a type that listings filter by, by code."""
    if kind is None:
        return {}
    return {
        str(attribute["code"]): attribute
        for attribute in iter_documents(kind.get("attributes"))
        if attribute.get("filterable") and attribute.get("code")
    }


def _iter_category_tokens(product: Document, categories: Mapping[Any, Document]) -> Iterator[str]:
    ids = product.get("category_ids")
    for category_id in ids if isinstance(ids, list) else ():
        category = categories.get(category_id)
        if category is None:
            continue
        yield category_token(category_id)
        yield below_token(category_id)
        yield from (below_token(ancestor) for ancestor in category.get("ancestors") or ())


def _iter_value_tokens(product: Document, kind: Document | None) -> Iterator[str]:
    wanted = filterable(kind)
    holders = [product.get("attrs"), *(variant.get("opts") for variant in iter_active(product))]
    for holder in holders:
        if not isinstance(holder, dict):
            continue
        for code, value in holder.items():
            if code not in wanted:
                continue
            for single in value if isinstance(value, list) else [value]:
                token = value_token(code, single)
                if token:
                    yield token


def _iter_search_words(product: Document, kind: Document | None) -> Iterator[str]:
    yield from all_versions(product, "title")
    for variant in iter_documents(product.get("variants")):
        if isinstance(variant.get("sku"), str):
            yield variant["sku"]
    attrs = product.get("attrs")
    labels = _choice_labels(kind)
    for code, value in attrs.items() if isinstance(attrs, dict) else ():
        for single in value if isinstance(value, list) else [value]:
            if isinstance(single, str):
                yield from labels.get((code, single), [single])


def _choice_labels(kind: Document | None) -> dict[tuple[str, str], list[str]]:
    return {
        (str(attribute.get("code")), str(choice.get("code"))): all_versions(choice, "label")
        for attribute in iter_documents((kind or {}).get("attributes"))
        for choice in iter_documents(attribute.get("choices"))
    }


def derive_category(category: Document, parent: Document | None) -> Document:
    """The derived fields of a category below its parent.

    Parameters:
        category: its ``slug`` is read.
        parent: with right derived fields of its own; None for a category at the root.

    Returns:
        ``ancestors``, ``url_path`` and ``ancestors_are_public``.
    """
    slug = str(category.get("slug") or category.get("_id"))
    if parent is None:
        return {"ancestors": [], "url_path": slug, "ancestors_are_public": True}
    return {
        "ancestors": [*(parent.get("ancestors") or ()), parent["_id"]],
        "url_path": f"{parent['url_path']}/{slug}",
        "ancestors_are_public": bool(parent.get("public", True))
        and bool(parent.get("ancestors_are_public", True)),
    }


def derive_tree(categories: Iterable[Document]) -> dict[Any, Document]:
    """The derived fields of every category of a tree, by id.

    A category whose parent is missing, or that lies in a ring, counts as one at the root; of two with one
    address the later gets a number. ``shop check`` reports both.
    """
    by_id = {category["_id"]: category for category in categories}
    derived: dict[Any, Document] = {}
    taken: set[str] = set()

    def settle(category_id: Any, on_the_way: frozenset[Any]) -> None:
        if category_id in derived:
            return
        category = by_id[category_id]
        above = category.get("parent")
        parent = None
        if above in by_id and above not in on_the_way:
            settle(above, on_the_way | {above})
            parent = {**by_id[above], **derived[above]}
        fields = derive_category(category, parent)
        fields["url_path"] = _free_path(fields["url_path"], taken)
        taken.add(fields["url_path"])
        derived[category_id] = fields

    # In the order of ids: of two with one address, the older keeps it.
    for category_id in sorted(by_id, key=str):
        settle(category_id, frozenset((category_id,)))
    return derived


def _free_path(path: str, taken: set[str]) -> str:
    number = 1
    free = path
    while free in taken:
        number += 1
        free = f"{path}-{number}"
    return free
