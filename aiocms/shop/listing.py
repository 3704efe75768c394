"""What a visitor wants to see: one listing, read from the address and written back to it.

``?color=red&color=blue&brand=Norrby&price.gte=10&sort=price&after=…``. Values of one facet widen the
listing, facets narrow it. Unknown parameters (campaign marks and the like) are passed over; what is
malformed becomes a problem beside the listing, which then goes on without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from multidict import MultiMapping

from aiocms import N_
from aiocms.shop.derive import ALL, RESERVED, filterable, iter_documents, value_token
from aiocms.shop.keyset import ORDERS, RELEVANCE, BadCursor, Cursor, Order, read_cursor
from aiocms.shop.models import Document
from aiocms.shop.money import Money, MoneyError, parse_money, plain_amount
from aiocms.shop.rules import Problem
from aiocms.shop.words import sort_key

MOST_FACETS: Final = 12
MOST_VALUES: Final = 24
LONGEST_SEARCH: Final = 100
MOST_WORDS: Final = 8
MATCHES: Final = ("all", "begin", "any")


@dataclass(frozen=True, slots=True)
class Listing:
    """The wish, free of any request.

    Parameters:
        base: the token that every product has: of the category, or ``all``.
        chosen: facet code and its ticked values, in the order of the address.
        words: what was searched for.
        match: ``all`` the words, ``any`` of them, or names that ``begin`` so.
        order: one of the offered orders.
        cursor: where the page starts; None: at the first product.
    """

    base: str = ALL
    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    price_from: int | None = None
    price_to: int | None = None
    words: tuple[str, ...] = ()
    match: str = "all"
    order: Order = ORDERS[0]
    cursor: Cursor | None = None
    currency: str = "EUR"

    @property
    def groups(self) -> list[list[str]]:
        """Lists of tokens: a product needs one of each list."""
        found = [[self.base]]
        for code, values in self.chosen:
            tokens = [token for value in values if (token := value_token(code, value))]
            found.append(tokens or [f"{code}:"])
        return found

    @property
    def is_text(self) -> bool:
        """Whether the text index finds it."""
        return bool(self.words) and self.match != "begin"

    @property
    def begins(self) -> str:
        """What the sorting title must begin with, or ""."""
        return sort_key(" ".join(self.words)) if self.match == "begin" else ""

    @property
    def is_narrowed(self) -> bool:
        """Whether facets or prices narrow it."""
        return bool(self.chosen) or self.price_from is not None or self.price_to is not None

    def without_facet(self, code: str) -> Listing:
        """The same with nothing ticked in one facet: what its numbers are counted in."""
        return replace(self, chosen=tuple(pair for pair in self.chosen if pair[0] != code), cursor=None)

    def values_of(self, code: str) -> tuple[str, ...]:
        """The ticked values of a facet."""
        return dict(self.chosen).get(code, ())


@dataclass(frozen=True, slots=True)
class Wish:
    """A listing and what was wrong in the address."""

    listing: Listing
    problems: tuple[Problem, ...] = ()
    # What was typed into price fields, so that nothing typed is lost.
    typed: Mapping[str, str] = field(default_factory=dict)


def offered_orders(searching: bool) -> tuple[Order, ...]:
    """The orders a visitor can choose, the default first."""
    return (RELEVANCE, *ORDERS) if searching else ORDERS


def read_listing(
    query: MultiMapping[str],
    codes: Iterable[str],
    *,
    base: str = ALL,
    currency: str = "EUR",
    locale: str = "en",
) -> Wish:
    """The listing that an address asks for.

    Parameters:
        query: parameters of the address.
        codes: facets that there are.
        base: token of the category.

    Returns:
        Always a listing that can be shown.
    """
    problems: list[Problem] = []
    words = tuple(dict.fromkeys(clean(query.get("q", ""))[:LONGEST_SEARCH].split()))[:MOST_WORDS]
    match = query.get("match", "") if words else ""
    match = match if match in MATCHES else MATCHES[0]
    order = _read_order(query, bool(words) and match != "begin", problems)
    price_from = _read_price(query, "price.gte", currency, locale, problems)
    price_to = _read_price(query, "price.lte", currency, locale, problems)
    if price_from is not None and price_to is not None and price_from > price_to:
        problems.append(Problem("price.lte", N_("The greatest price is below the least price.")))
        price_to = None
    listing = Listing(
        base=base,
        chosen=tuple(_iter_chosen(query, codes, problems)),
        price_from=price_from,
        price_to=price_to,
        words=words,
        match=match,
        order=order,
        cursor=_read_position(query, order, problems),
        currency=currency,
    )
    typed = {key: clean(query.get(key, ""))[:24] for key in ("price.gte", "price.lte")}
    return Wish(listing, tuple(problems), typed)


def write_listing(listing: Listing) -> list[tuple[str, str]]:
    """The parameters of the address of a listing's first page."""
    pairs: list[tuple[str, str]] = []
    if listing.words:
        pairs.append(("q", " ".join(listing.words)))
    if listing.words and listing.match != MATCHES[0]:
        pairs.append(("match", listing.match))
    pairs.extend((code, value) for code, values in listing.chosen for value in values)
    for key, amount in (("price.gte", listing.price_from), ("price.lte", listing.price_to)):
        if amount is not None:
            pairs.append((key, plain_amount(Money(amount, listing.currency))))
    if listing.order is not offered_orders(listing.is_text)[0]:
        pairs.append(("sort", listing.order.name))
    return pairs


def clean(text: str) -> str:
    """The text without characters that no title holds: control characters and broken code points."""
    return "".join(char for char in text if char.isprintable() and not 0xD800 <= ord(char) <= 0xDFFF)


def _iter_chosen(
    query: MultiMapping[str], codes: Iterable[str], problems: list[Problem]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    known = set(codes)
    wanted = [code for code in dict.fromkeys(query) if code in known]
    if len(wanted) > MOST_FACETS:
        problems.append(Problem("filter", N_("Too many filters at once; some are left out.")))
    for code in wanted[:MOST_FACETS]:
        values = [value for raw in query.getall(code) if (value := clean(raw).strip())]
        if len(values) > MOST_VALUES:
            problems.append(Problem(code, N_("Too many values at once; some are left out.")))
        if values:
            yield code, tuple(dict.fromkeys(values))[:MOST_VALUES]


def _read_order(query: MultiMapping[str], searching: bool, problems: list[Problem]) -> Order:
    orders = {order.name: order for order in offered_orders(searching)}
    default = offered_orders(searching)[0]
    name = query.get("sort", "")
    if name and name not in orders:
        # Relevance means nothing without words: a search box that was emptied is no mistake.
        if name != RELEVANCE.name:
            problems.append(Problem("sort", N_("There is no such order.")))
        return default
    return orders.get(name, default)


def _read_price(
    query: MultiMapping[str], key: str, currency: str, locale: str, problems: list[Problem]
) -> int | None:
    text = clean(query.get(key, "")).strip()
    if not text:
        return None
    try:
        return max(0, parse_money(text, currency, locale).amount)
    except MoneyError:
        problems.append(Problem(key, N_("%(text)s is not a price."), (("text", text[:24]),)))
        return None


def _read_position(query: MultiMapping[str], order: Order, problems: list[Problem]) -> Cursor | None:
    for key, backwards in (("after", False), ("before", True)):
        if query.get(key):
            try:
                return read_cursor(order, query[key], backwards)
            except BadCursor:
                problems.append(Problem(key, N_("This link to a page is broken; here is the first page.")))
    return None


def facets_of(kinds: Iterable[Document]) -> dict[str, Document]:
    """The filterable attributes of all types by code.

    One that several types share is taken once, with the choices of all.
    """
    found: dict[str, Document] = {}
    for kind in kinds:
        for code, attribute in filterable(kind).items():
            if code in RESERVED:
                continue
            known = found.setdefault(code, {**attribute, "choices": []})
            codes = {choice.get("code") for choice in known["choices"]}
            known["choices"].extend(
                c for c in iter_documents(attribute.get("choices")) if c.get("code") not in codes
            )
    return found
