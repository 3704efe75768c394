"""Makes the documents of the made-up catalogue: the same seed and number give the same catalogue.

Pure: nothing is read or written. Ids are made from the seed too, so a second run replaces the first.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Iterator
from typing import Any

from bson import Int64, ObjectId

from aiocms.shop.demo.words import (
    BRANDS,
    CATEGORIES,
    COLORS,
    LINES,
    MATERIALS,
    SIZES,
    THINGS,
    WOODS,
    Thing,
)
from aiocms.shop.derive import derive_product, derive_tree
from aiocms.shop.models import SITE, Document
from aiocms.shop.money import Money
from aiocms.shop.pictures import make_source
from aiocms.shop.save import new_product
from aiocms.shop.stock import new_move, new_stock
from aiocms.shop.tree import new_category

# A fixed day: two runs give the same documents.
TODAY = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)
_ENDINGS = (0, 0, 50, 90, 95, 99)


def make_id(*parts: object) -> ObjectId:
    """An id that is always the same for the same parts."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return ObjectId(digest[:12])


def make_types() -> list[Document]:
    """The types of products with their attributes."""
    color = _attribute("color", "Colour", "Цвет", "choice", filterable=True, variant=True)
    color["choices"] = [_choice(code, english, russian, swatch=code) for code, english, russian in COLORS]
    size = _attribute("size", "Size", "Размер", "choice", filterable=True, variant=True)
    size["choices"] = [_choice(code, code.upper(), code.upper()) for code in SIZES]
    shoe = _attribute("shoe_size", "Shoe size", "Размер обуви", "int", filterable=True, variant=True)
    brand = _attribute("brand", "Brand", "Марка", "text", filterable=True, required=True)
    origin = _attribute("handmade", "Made by hand", "Ручная работа", "bool", filterable=True)
    width = _attribute("width_cm", "Width", "Ширина", "int", unit=("cm", "см"))
    volume = _attribute("capacity_l", "Capacity", "Объём", "int", filterable=True, unit=("l", "л"))
    pages = _attribute("pages", "Pages", "Страниц", "int", filterable=True)
    return [
        _type("furniture", "Furniture", "Мебель", brand, color, _material("home"), width, origin),
        _type("light", "Light", "Свет", brand, color, _material("home"), origin),
        _type("tableware", "Tableware", "Посуда", brand, color, _material("home"), volume, origin),
        _type("decor", "Decoration", "Декор", brand, color, _material("home"), origin),
        _type("clothing", "Clothing", "Одежда", brand, color, size, _material("wear")),
        _type("shoes", "Shoes", "Обувь", brand, color, shoe, _material("wear")),
        _type("gear", "Gear", "Снаряжение", brand, color, _material("carry"), volume),
        _type("stationery", "Stationery", "Канцелярия", brand, color, _material("carry"), pages),
    ]


def _type(code: str, title: str, russian: str, *attributes: Document) -> Document:
    return {
        "_id": code,
        "site": SITE,
        "title": title,
        "translations": {"ru": {"title": russian}},
        "attributes": list(attributes),
        "version": 1,
    }


def _attribute(
    code: str,
    label: str,
    russian: str,
    kind: str,
    *,
    filterable: bool = False,
    variant: bool = False,
    required: bool = False,
    unit: tuple[str, str] | None = None,
) -> Document:
    translated = {"label": russian, **({"unit": unit[1]} if unit else {})}
    return {
        "code": code,
        "label": label,
        "translations": {"ru": translated},
        "kind": kind,
        "unit": unit[0] if unit else "",
        "required": required,
        "filterable": filterable,
        "variant": variant,
        "choices": [],
    }


def _choice(code: str, label: str, russian: str, **more: str) -> Document:
    return {"code": code, "label": label, "translations": {"ru": {"label": russian}}, **more}


def _material(group: str) -> Document:
    attribute = _attribute("material", "Material", "Материал", "choice", filterable=True)
    return {**attribute, "choices": [_choice(*words) for words in MATERIALS[group]]}


def make_categories() -> list[Document]:
    """The category tree with its derived fields."""
    made = []
    for order, (path, title, russian, drawing, text, russian_text) in enumerate(CATEGORIES):
        above, _, slug = path.rpartition("/")
        kind, shade, shape = drawing.split("-")
        made.append(
            new_category(
                {
                    "_id": make_id("category", path),
                    "slug": slug,
                    "title": title,
                    "description": text,
                    "translations": {"ru": {"title": russian, "description": russian_text}},
                    "parent": make_id("category", above) if above else None,
                    "order": order,
                    "image": make_source(kind, shade, int(shape)),
                    "created": TODAY,
                    "updated": TODAY,
                }
            )
        )
    derived = derive_tree(made)
    return [{**_without(one, "unsettled"), **derived[one["_id"]]} for one in made]


def _without(document: Document, name: str) -> Document:
    return {key: value for key, value in document.items() if key != name}


def iter_products(
    count: int, currency: str, seed: int = 1
) -> Iterator[tuple[Document, list[Document], list[Document]]]:
    """Products with the stock documents and the ledger's lines of their variants.

    Parameters:
        count: how many products.
        currency: of the prices.
    """
    kinds = {kind["_id"]: kind for kind in make_types()}
    categories = {category["_id"]: category for category in make_categories()}
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")  # noqa: S311 - a made-up catalogue, not a secret
        product = _make_product(rng, number, currency, kinds)
        product |= derive_product(product, kinds[product["type"]], categories)
        stocks = [_make_stock(rng, product, variant) for variant in product["variants"]]
        moves = [
            {
                **new_move(
                    stock,
                    "adjustment",
                    int(stock["on_hand"]),
                    0,
                    {"type": "demo", "id": str(seed), "line": "first"},
                    "demo",
                ),
                "_id": make_id("move", stock["_id"]),
                "at": product["created"],
            }
            for stock in stocks
        ]
        yield product, stocks, moves


def _make_product(rng: random.Random, number: int, currency: str, kinds: dict[Any, Document]) -> Document:
    thing = THINGS[number % len(THINGS)]
    english, russian = rng.choice(thing.names)
    line = LINES[(number // len(THINGS) * 7 + number) % len(LINES)]
    round_ = number // (len(THINGS) * len(LINES))
    title = f"{line} {english}" + (f" {round_ + 1}" if round_ else "")
    attrs = _make_attrs(rng, kinds[thing.kind])
    published = TODAY - dt.timedelta(minutes=number * 37 + rng.randrange(36))
    colors = _make_colors(rng, thing)
    media = _make_media(number, thing, colors)
    options, variants = _make_variants(rng, number, thing, colors, media, currency)
    material = _label(kinds[thing.kind], "material", attrs.get("material", ""))
    texts = [
        " ".join(
            sentence[index].format(name=(english, russian)[index], material=material[index].lower())
            for sentence in thing.lines
        )
        for index in (0, 1)
    ]
    archived = number % 97 == 96
    return new_product(
        {
            "_id": make_id("product", number),
            "slug": f"{line}-{english}-{number + 1}".lower().replace(" ", "-").replace("é", "e"),
            "type": thing.kind,
            "status": "archived" if archived else "draft" if number % 61 == 60 else "published",
            "title": title,
            "body": texts[0],
            "translations": {
                "ru": {"title": f"{russian} {line}" + (f" {round_ + 1}" if round_ else ""), "body": texts[1]}
            },
            "attrs": attrs,
            "options": options,
            "variants": variants,
            "category_ids": [make_id("category", thing.leaf)],
            "media": media,
            "created": published,
            "updated": published,
            "published": published,
        }
    )


def _make_attrs(rng: random.Random, kind: Document) -> Document:
    attrs: Document = {}
    for attribute in kind["attributes"]:
        code = attribute["code"]
        if attribute["variant"]:
            continue
        if code == "brand":
            # Some brands are met more often than others, as in life.
            attrs[code] = BRANDS[min(rng.randrange(len(BRANDS)), rng.randrange(len(BRANDS)))]
        elif attribute["kind"] == "choice":
            attrs[code] = rng.choice(attribute["choices"])["code"]
        elif attribute["kind"] == "bool":
            attrs[code] = rng.random() < 0.3
        elif code == "width_cm":
            attrs[code] = rng.randrange(40, 220, 5)
        elif code == "capacity_l":
            attrs[code] = rng.choice((1, 2, 3, 5, 10, 20, 35, 50, 70))
        elif code == "pages":
            attrs[code] = rng.choice((48, 96, 128, 192, 240))
    return attrs


def _label(kind: Document, code: str, value: str) -> tuple[str, str]:
    for attribute in kind["attributes"]:
        for choice in attribute["choices"]:
            if attribute["code"] == code and choice["code"] == value:
                return choice["label"], choice["translations"]["ru"]["label"]
    return value, value


def _make_colors(rng: random.Random, thing: Thing) -> list[str]:
    known = (
        list(WOODS) if thing.kind == "furniture" and rng.random() < 0.6 else [code for code, _, _ in COLORS]
    )
    return rng.sample(known, rng.choice((1, 2, 3, 3, 4)))


def _make_media(number: int, thing: Thing, colors: list[str]) -> list[Document]:
    media = []
    for color in colors:
        for view in (0, 3) if color == colors[0] else (0,):
            src = make_source(thing.drawing, color, number % 900 + 1, view)
            media.append({"_id": str(make_id("media", number, color, view)), "src": src, "alt": ""})
    # The two views of the first colour come first: the list shows one and, under the pointer, the other.
    return media


def _make_variants(
    rng: random.Random, number: int, thing: Thing, colors: list[str], media: list[Document], currency: str
) -> tuple[list[str], list[Document]]:
    low, high = thing.prices
    base = int(low + (high - low) * rng.random() ** 2.2)
    extra = {
        "clothing": ("size", rng.choice((SIZES[1:5], SIZES))),
        "shoes": ("shoe_size", tuple(range(37, 46))),
    }
    second, values = extra.get(thing.kind, ("", ("",)))
    options = (["color"] if len(colors) > 1 or second else []) + ([second] if second else [])
    sale = rng.random() < 0.16
    variants: list[Document] = []
    for place, color in enumerate(colors):
        amount = (base + place * rng.choice((0, 0, 0, 5, 10))) * 100 + rng.choice(_ENDINGS)
        pictured = next(item["_id"] for item in media if f"-{color}-" in item["src"])
        for value in values:
            code = f"{thing.drawing[:3]}-{number + 1:05d}-{color}{f'-{value}' if value else ''}".upper()
            opts: Document = {"color": color} if options else {}
            if second:
                opts[second] = value
            price = Money(amount * 3 // 4 if sale else amount, currency)
            variants.append(
                {
                    "_id": make_id("variant", number, color, value),
                    "sku": code,
                    "opts": opts,
                    "price": _int64(price),
                    "compare": _int64(Money(amount, currency)) if sale else None,
                    "img": pictured,
                    "weight": rng.randrange(100, 9000, 50),
                    "barcode": f"29{number:06d}{len(variants):05d}",
                    "active": True,
                }
            )
    return options, variants


def _int64(money: Money) -> Document:
    return {"amount": Int64(money.amount), "cur": money.currency}


def _make_stock(rng: random.Random, product: Document, variant: Document) -> Document:
    on_hand = rng.choice((0, 0, 2, 4, 8, 15, 30, 60, 120))
    stock = new_stock(
        variant["_id"], product["_id"], variant["sku"], on_hand, backorder=on_hand == 0 and rng.random() < 0.2
    )
    return stock
