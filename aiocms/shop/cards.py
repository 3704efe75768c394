"""What templates show of a product on a list, and of a category: plain values, no request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiocms.files.store import is_file_id
from aiocms.shop.derive import iter_active, iter_documents
from aiocms.shop.models import Document
from aiocms.shop.money import Money, from_document
from aiocms.shop.pictures.draw import is_drawn, placeholder
from aiocms.shop.stock import Availability
from aiocms.shop.words import localised

# Gives the address of a drawn picture by its name, or of a stored image by its id.
Drawn = Callable[[str], str]
_DRAWN = "drawn:"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a product."""

    src: str
    alt: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A product on a list.

    Parameters:
        price: the least price of its variants; None: on request.
        is_from: other variants cost more.
        before: the crossed-out price, when the cheapest variant has one.
        availability: of the variant that there is most of.
        variants: how many can be bought.
        hover: a second picture, perhaps None.
    """

    id: Any
    slug: str
    title: str
    brand: str
    price: Money | None
    is_from: bool
    before: Money | None
    availability: Availability
    variants: int
    picture: Picture
    hover: Picture | None

    @property
    def saving(self) -> int:
        """By how many whole per cent the price is lower than before."""
        if self.before is None or self.price is None or self.before.amount <= 0:
            return 0
        return (self.before.amount - self.price.amount) * 100 // self.before.amount


def make_card(product: Document, told: Mapping[Any, Availability], language: str, drawn: Drawn) -> Card:
    """The card of a product read with ``store.card_fields``."""
    active = list(iter_active(product))
    pictures = find_pictures(product, language, drawn)
    price, before = _find_price(product, active)
    low, high = product.get("price_min"), product.get("price_max")
    attrs = product.get("attrs")
    brand = attrs.get("brand") if isinstance(attrs, dict) else ""
    return Card(
        id=product["_id"],
        slug=str(product.get("slug", "")),
        title=localised(product, "title", language),
        brand=brand if isinstance(brand, str) else "",
        price=price,
        is_from=low is not None and high is not None and low != high,
        before=before,
        availability=best(told.get(variant.get("_id")) for variant in active),
        variants=len(active),
        picture=pictures[0],
        hover=pictures[1] if len(pictures) > 1 else None,
    )


def _find_price(product: Document, active: list[Document]) -> tuple[Money | None, Money | None]:
    for variant in active:
        price = from_document(variant.get("price"))
        if price is not None and price.amount == product.get("price_min"):
            return price, from_document(variant.get("compare"))
    return None, None


def best(told: Any) -> Availability:
    """The most hopeful of several answers; sold out when there is none."""
    ranks = (Availability.IN_STOCK, Availability.FEW, Availability.TO_ORDER)
    answers = set(told)
    return next((rank for rank in ranks if rank in answers), Availability.SOLD_OUT)


def find_pictures(product: Document, language: str, drawn: Drawn) -> list[Picture]:
    """The pictures of a product; a drawn parcel when it has none. Never empty."""
    title = localised(product, "title", language)
    found = []
    for item in iter_documents(product.get("media")):
        src = picture_address(item.get("src"), drawn)
        if src:
            alt = localised(item, "alt", language) or title
            found.append(Picture(src, alt, str(item.get("_id", ""))))
    return found or [Picture(drawn(placeholder(product["_id"])), title)]


def picture_address(src: object, drawn: Drawn) -> str | None:
    """The address of a media source: a stored image, a drawn picture, a path of this site, an https address.

    Returns:
        None for anything else, such as ``javascript:``.
    """
    if not isinstance(src, str):
        return None
    if is_file_id(src):
        return drawn(src) or None
    if src.startswith(_DRAWN):
        name = src.removeprefix(_DRAWN)
        return drawn(name) if is_drawn(name) else None
    is_path = src.startswith("/") and not src.startswith("//") and "\\" not in src
    return src if is_path or src.startswith("https://") else None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category as templates show it."""

    id: Any
    title: str
    path: str
    description: str
    picture: str | None
    count: int | None = None
    children: tuple[Shelf, ...] = ()


def make_shelf(
    category: Document,
    language: str,
    drawn: Drawn,
    counts: Mapping[str, int] | None = None,
    children: tuple[Shelf, ...] = (),
) -> Shelf:
    """A category's title, address and picture, with its number of products when it is known."""
    return Shelf(
        id=category["_id"],
        title=localised(category, "title", language),
        path=str(category.get("url_path", "")),
        description=localised(category, "description", language),
        picture=picture_address(category.get("image"), drawn),
        count=counts.get(str(category["_id"]), 0) if counts else None,
        children=children,
    )
