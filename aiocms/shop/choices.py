"""The choice between a product's variants: which one is shown, and where each option leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiocms.shop.derive import iter_active, iter_documents, value_text
from aiocms.shop.models import Document
from aiocms.shop.panel import Translate, value_label
from aiocms.shop.stock import Availability
from aiocms.shop.words import localised


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an option.

    Parameters:
        sku: the variant it leads to.
        kept: that variant has all the other options that are chosen now.
    """

    value: str
    label: str
    swatch: str
    sku: str
    chosen: bool
    kept: bool
    availability: Availability


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a product, such as its colour, with the label of the chosen value."""

    code: str
    label: str
    chosen: str
    choices: tuple[Choice, ...]


def find_variant(product: Document, sku: str, told: Mapping[Any, Availability]) -> Document | None:
    """The variant to show: the one asked for, else the first that can be bought, else the first.

    Returns:
        None when no variant is active.
    """
    active = list(iter_active(product))
    for variant in active:
        if sku and variant.get("sku") == sku:
            return variant
    buyable = (
        v for v in active if told.get(v.get("_id"), Availability.SOLD_OUT) is not Availability.SOLD_OUT
    )
    return next(buyable, active[0] if active else None)


def make_options(
    product: Document,
    kind: Document | None,
    shown: Document | None,
    told: Mapping[Any, Availability],
    language: str,
    say: Translate,
) -> list[Option]:
    """The options of a product, each value leading to the nearest variant that has it."""
    attributes = {str(a.get("code")): a for a in iter_documents((kind or {}).get("attributes"))}
    codes = [code for code in product.get("options") or [] if isinstance(code, str)]
    current = _values_of(shown, codes)
    options = []
    for code in codes:
        attribute = attributes.get(code, {})
        choices = []
        for value in _ordered(product, code, attribute):
            variant, kept = _nearest(product, codes, current, code, value)
            swatches = {
                c.get("code"): str(c.get("swatch", "")) for c in iter_documents(attribute.get("choices"))
            }
            choices.append(
                Choice(
                    value,
                    value_label(attribute, value, language, say),
                    swatches.get(value, ""),
                    str(variant.get("sku", "")),
                    current.get(code) == value,
                    kept,
                    told.get(variant.get("_id"), Availability.SOLD_OUT) if kept else Availability.SOLD_OUT,
                )
            )
        chosen = next((choice.label for choice in choices if choice.chosen), "")
        options.append(Option(code, localised(attribute, "label", language) or code, chosen, tuple(choices)))
    return options


def _values_of(variant: Document | None, codes: list[str]) -> dict[str, str]:
    opts = (variant or {}).get("opts")
    return {code: value_text(opts.get(code)) for code in codes} if isinstance(opts, dict) else {}


def _ordered(product: Document, code: str, attribute: Document) -> list[str]:
    """The values that variants have: in the order of the type's choices, others as they come."""
    found = dict.fromkeys(_values_of(variant, [code]).get(code, "") for variant in iter_active(product))
    known = [str(choice.get("code")) for choice in iter_documents(attribute.get("choices"))]
    return [value for value in known if value in found] + [v for v in found if v and v not in known]


def _nearest(
    product: Document, codes: list[str], current: dict[str, str], code: str, value: str
) -> tuple[Document, bool]:
    """The variant with this value that keeps most of the other options, and whether it keeps all."""
    others = [other for other in codes if other != code]
    best: tuple[int, Document] | None = None
    for variant in iter_active(product):
        values = _values_of(variant, codes)
        if values.get(code) != value:
            continue
        same = sum(values.get(other) == current.get(other) for other in others)
        if best is None or same > best[0]:
            best = (same, variant)
    if best is None:
        return {}, False
    return best[1], best[0] == len(others)


def list_facts(
    product: Document, kind: Document | None, variant: Document | None, language: str, say: Translate
) -> list[tuple[str, str]]:
    """The attributes of a product and its shown variant as label and text, in the order of the type."""
    held: dict[str, Any] = {}
    for holder in (product.get("attrs"), (variant or {}).get("opts")):
        held.update(holder if isinstance(holder, dict) else {})
    facts = []
    for attribute in iter_documents((kind or {}).get("attributes")):
        value = held.get(str(attribute.get("code")))
        texts = [value_text(one) for one in (value if isinstance(value, list) else [value])]
        shown = ", ".join(value_label(attribute, text, language, say) for text in texts if text)
        if shown:
            facts.append((localised(attribute, "label", language) or str(attribute.get("code")), shown))
    return facts
