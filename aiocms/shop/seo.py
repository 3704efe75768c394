"""What search engines read: structured data by schema.org, as plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from aiocms.shop.derive import iter_active
from aiocms.shop.models import Document
from aiocms.shop.money import from_document, is_currency, plain_amount
from aiocms.shop.stock import Availability

_AVAILABILITY = {
    Availability.IN_STOCK: "https://schema.org/InStock",
    Availability.FEW: "https://schema.org/LimitedAvailability",
    Availability.TO_ORDER: "https://schema.org/BackOrder",
    Availability.SOLD_OUT: "https://schema.org/OutOfStock",
}


def describe_product(
    product: Document,
    title: str,
    text: str,
    address: str,
    pictures: Iterable[str],
    told: dict[Any, Availability],
) -> dict[str, Any]:
    """The product with an offer for each variant.

    Parameters:
        address: absolute, as are the pictures.
    """
    offers = []
    for variant in iter_active(product):
        price = from_document(variant.get("price"))
        if price is None or not is_currency(price.currency):
            continue
        offers.append(
            {
                "@type": "Offer",
                "sku": str(variant.get("sku", "")),
                "price": plain_amount(price),
                "priceCurrency": price.currency,
                "availability": _AVAILABILITY[told.get(variant.get("_id"), Availability.SOLD_OUT)],
                "url": address,
            }
        )
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": title,
        "description": shorten(text, 500),
        "url": address,
        "image": list(pictures),
        "offers": offers,
    }
    attrs = product.get("attrs")
    if isinstance(attrs, dict) and isinstance(attrs.get("brand"), str):
        described["brand"] = {"@type": "Brand", "name": attrs["brand"]}
    return described


def describe_trail(trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The breadcrumbs: title and absolute address of each step."""
    steps = [
        {"@type": "ListItem", "position": index, "name": title, "item": address}
        for index, (title, address) in enumerate(trail, 1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": steps}


def shorten(text: str, longest: int) -> str:
    """The beginning of a text, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat
    return flat[:longest].rsplit(" ", 1)[0].rstrip(",.;:– ") + "…"
