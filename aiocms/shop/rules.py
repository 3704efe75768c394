"""What a product, a type and a category must fulfil; each rule gives a problem in plain words.

Pure: the forms of the admin show the problems beside the field, ``shop check`` prints them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from aiocms import N_
from aiocms.shop.derive import RESERVED, iter_active, iter_documents
from aiocms.shop.models import MOST_LEVELS, MOST_OPTIONS, MOST_VARIANTS, PUBLISHED, STATUSES, Document
from aiocms.shop.money import from_document, is_currency

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
KINDS: Final = ("text", "int", "bool", "choice", "multi", "date")


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule.

    Parameters:
        path: where in the document, ``variants.2.sku``.
        message: a translatable text; ``values`` fill its %(name)s places.
    """

    path: str
    message: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        text = self.message % dict(self.values) if self.values else self.message
        return f"{self.path}: {text}"


def _problem(path: str, message: str, **values: object) -> Problem:
    return Problem(path, message, tuple(values.items()))


def is_slug(text: object) -> bool:
    """Whether the text can be one part of an address: a-z, 0-9 and single hyphens."""
    return isinstance(text, str) and len(text) <= 100 and SLUG.match(text) is not None


def check_product(product: Document, kind: Document | None) -> list[Problem]:
    """Every broken rule of a product, alone and against its type."""
    problems: list[Problem] = []
    if not product.get("title") or not isinstance(product["title"], str):
        problems.append(_problem("title", N_("A product needs a title.")))
    if not is_slug(product.get("slug")):
        problems.append(_problem("slug", N_("Use small letters, digits and single hyphens.")))
    if product.get("status") not in STATUSES:
        problems.append(_problem("status", N_("There is no such status.")))
    problems.extend(_iter_variant_problems(product))
    problems.extend(_iter_attribute_problems(product, kind))
    if product.get("status") == PUBLISHED and not any(
        from_document(v.get("price")) for v in iter_active(product)
    ):
        problems.append(_problem("variants", N_("A published product needs an active variant with a price.")))
    return problems


def _iter_variant_problems(product: Document) -> Iterator[Problem]:
    variants = list(iter_documents(product.get("variants")))
    if len(variants) > MOST_VARIANTS:
        yield _problem("variants", N_("A product has at most %(most)s variants."), most=MOST_VARIANTS)
    options = _list(product.get("options"))
    if len(options) > MOST_OPTIONS:
        yield _problem("options", N_("Variants differ in at most %(most)s options."), most=MOST_OPTIONS)
    skus = Counter(sku for variant in variants if isinstance(sku := variant.get("sku"), str))
    choices = Counter(_choice(variant, options) for variant in variants)
    currencies: set[str] = set()
    for index, variant in enumerate(variants):
        sku = variant.get("sku")
        if not sku or not isinstance(sku, str) or len(sku) > 64:
            yield _problem(f"variants.{index}.sku", N_("A variant needs an article number of its own."))
        elif skus[sku] > 1:
            yield _problem(
                f"variants.{index}.sku", N_("Two variants have the article number %(sku)s."), sku=sku
            )
        if choices[_choice(variant, options)] > 1:
            yield _problem(f"variants.{index}.opts", N_("Another variant has the same options."))
        yield from _iter_price_problems(variant, f"variants.{index}", currencies)


def _choice(variant: Document, options: list[Any]) -> tuple[str, ...]:
    opts = variant.get("opts")
    return tuple(str(opts.get(str(option))) for option in options) if isinstance(opts, dict) else ()


def _iter_price_problems(variant: Document, path: str, currencies: set[str]) -> Iterator[Problem]:
    price, compare = from_document(variant.get("price")), from_document(variant.get("compare"))
    if variant.get("price") is not None and price is None:
        yield _problem(f"{path}.price", N_("A price is a whole number of minor units with a currency."))
    if price is None:
        return
    if price.amount < 0:
        yield _problem(f"{path}.price", N_("A price is not negative."))
    if not is_currency(price.currency):
        yield _problem(f"{path}.price", N_("There is no currency %(code)s."), code=price.currency)
    currencies.add(price.currency)
    if len(currencies) > 1:
        yield _problem(f"{path}.price", N_("All variants of a product have one currency."))
    if compare is not None and (compare.currency != price.currency or compare.amount <= price.amount):
        yield _problem(f"{path}.compare", N_("The price before must be greater than the price."))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _iter_attribute_problems(product: Document, kind: Document | None) -> Iterator[Problem]:
    attributes = {str(a.get("code")): a for a in iter_documents((kind or {}).get("attributes"))}
    for index, option in enumerate(_list(product.get("options"))):
        if not isinstance(option, str) or not attributes.get(option, {}).get("variant"):
            yield _problem(
                f"options.{index}", N_("The type has no option %(code)s for variants."), code=option
            )
    attrs = product.get("attrs")
    if attrs is not None and not isinstance(attrs, dict):
        yield _problem("attrs", N_("Attributes are an object of codes and values."))
        return
    for code, attribute in attributes.items():
        value = (attrs or {}).get(code)
        if value in (None, "", []):
            if attribute.get("required") and not attribute.get("variant"):
                yield _problem(f"attrs.{code}", N_("This attribute is required."))
        elif not fits(value, attribute):
            yield _problem(f"attrs.{code}", N_("This value does not fit the attribute."))


def fits(value: object, attribute: Document) -> bool:
    """Whether a value is of its attribute's kind and, for choices, one of them."""
    kind = attribute.get("kind", "text")
    codes = [choice.get("code") for choice in iter_documents(attribute.get("choices"))]
    if kind == "multi":
        return isinstance(value, list) and all(isinstance(v, str) and v in codes for v in value)
    if kind == "choice":
        return isinstance(value, str) and value in codes
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    wanted: dict[str, type] = {"text": str, "bool": bool, "date": dt.datetime}
    return isinstance(value, wanted.get(str(kind), str))


def check_type(kind: Document) -> list[Problem]:
    """Every broken rule of a type of product."""
    problems: list[Problem] = []
    codes = Counter(str(a.get("code")) for a in iter_documents(kind.get("attributes")))
    for index, attribute in enumerate(iter_documents(kind.get("attributes"))):
        path, code = f"attributes.{index}", attribute.get("code")
        if not isinstance(code, str) or not CODE.match(code):
            problems.append(
                _problem(f"{path}.code", N_("A code is a small letter, then letters, digits and _."))
            )
        elif code in RESERVED:
            problems.append(
                _problem(f"{path}.code", N_("The code %(code)s is used by the shop itself."), code=code)
            )
        elif codes[code] > 1:
            problems.append(_problem(f"{path}.code", N_("Two attributes have the code %(code)s."), code=code))
        if attribute.get("kind") not in KINDS:
            problems.append(_problem(f"{path}.kind", N_("There is no such kind of attribute.")))
        if attribute.get("variant") and attribute.get("kind") not in ("choice", "text", "int"):
            problems.append(
                _problem(f"{path}.variant", N_("Variants differ in choices, texts and numbers only."))
            )
    return problems


def check_category(category: Document, parent: Document | None) -> list[Problem]:
    """Every broken rule of a category, given its future parent."""
    problems: list[Problem] = []
    if not is_slug(category.get("slug")):
        problems.append(_problem("slug", N_("Use small letters, digits and single hyphens.")))
    if not category.get("title"):
        problems.append(_problem("title", N_("A category needs a title.")))
    if parent is not None:
        above = [*(parent.get("ancestors") or ()), parent["_id"]]
        if category.get("_id") in above:
            problems.append(_problem("parent", N_("A category cannot lie below itself.")))
        if len(above) >= MOST_LEVELS:
            problems.append(
                _problem("parent", N_("Categories have at most %(most)s levels."), most=MOST_LEVELS)
            )
    return problems
