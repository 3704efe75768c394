"""What templates show beside a list: facets with their numbers, chips of what is ticked, orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from aiocms.shop.derive import iter_documents
from aiocms.shop.facets import Counts
from aiocms.shop.listing import Listing
from aiocms.shop.models import Document
from aiocms.shop.money import Money, format_money
from aiocms.shop.words import localised

# Gives the address of a listing's first page; a text's translation.
Address = Callable[[Listing], str]
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet.

    Parameters:
        count: products it leaves; None when they were not counted.
        swatch: name of a colour to show, or "".
    """

    value: str
    label: str
    count: int | None
    checked: bool
    swatch: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: the values shown at once, and the rest."""

    code: str
    label: str
    values: tuple[Value, ...]
    more: tuple[Value, ...]

    @property
    def ticked(self) -> int:
        """How many values are ticked."""
        return sum(value.checked for value in (*self.values, *self.more))


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that narrows the list, and the address of the list without it."""

    facet: str
    text: str
    address: str


def make_facets(
    listing: Listing,
    attributes: Mapping[str, Document],
    counts: Counts,
    language: str,
    most: int,
    say: Translate,
) -> list[Facet]:
    """The facets that can narrow this listing, ticked values always among those shown."""
    facets = []
    for code, attribute in attributes.items():
        values = list(_iter_values(listing, code, attribute, counts, language, say))
        if len(values) < 2 and not any(value.checked for value in values):
            continue
        first = [value for index, value in enumerate(values) if index < most or value.checked]
        rest = [value for value in values if value not in first]
        facets.append(Facet(code, localised(attribute, "label", language) or code, tuple(first), tuple(rest)))
    return facets


def _iter_values(
    listing: Listing, code: str, attribute: Document, counts: Counts, language: str, say: Translate
) -> Iterator[Value]:
    numbers = counts.values.get(code)
    ticked = listing.values_of(code)
    labels = {str(choice.get("code")): choice for choice in iter_documents(attribute.get("choices"))}
    # Choices keep the order that the type gives them; free values come by number.
    known = [value for value in labels if numbers is None or value in numbers or value in ticked]
    free = [value for value in (numbers or {}) if value not in labels]
    if attribute.get("kind") == "bool":
        free.sort(reverse=True)
    if attribute.get("kind") == "int":
        free.sort(key=lambda value: (len(value.lstrip("-")), value))
    odd = [value for value in ticked if value not in labels and value not in free]
    for value in (*known, *free, *odd):
        yield Value(
            value,
            value_label(attribute, value, language, say),
            None if numbers is None else numbers.get(value, 0),
            value in ticked,
            str(labels.get(value, {}).get("swatch", "")),
        )


def value_label(attribute: Document, value: str, language: str, say: Translate) -> str:
    """A value of an attribute as people read it."""
    for choice in iter_documents(attribute.get("choices")):
        if choice.get("code") == value:
            return localised(choice, "label", language) or value
    if attribute.get("kind") == "bool":
        return say("Yes") if value == "yes" else say("No")
    unit = localised(attribute, "unit", language)
    return f"{value} {unit}" if unit else value


def make_chips(
    listing: Listing, attributes: Mapping[str, Document], language: str, address: Address, say: Translate
) -> list[Chip]:
    """A chip for each ticked value and for the range of prices."""
    chips = []
    for code, values in listing.chosen:
        attribute = attributes.get(code, {})
        label = localised(attribute, "label", language) or code
        for value in values:
            rest = tuple(one for one in values if one != value)
            chosen = tuple((c, rest if c == code else v) for c, v in listing.chosen if c != code or rest)
            without = replace(listing, chosen=chosen, cursor=None)
            chips.append(Chip(label, value_label(attribute, value, language, say), address(without)))
    if listing.price_from is not None or listing.price_to is not None:
        without = replace(listing, price_from=None, price_to=None, cursor=None)
        chips.append(Chip(say("Price"), _range_text(listing, language, say), address(without)))
    return chips


def _range_text(listing: Listing, language: str, say: Translate) -> str:
    low, high = (
        None if amount is None else format_money(Money(amount, listing.currency), language)
        for amount in (listing.price_from, listing.price_to)
    )
    if low is not None and high is not None:
        return f"{low} – {high}"
    return (
        say("from %(price)s") % {"price": low} if low is not None else say("to %(price)s") % {"price": high}
    )
