"""One page of a listing with all that stands around it; shared by categories and search."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiocms import Request, gettext, url_for
from aiocms.shop import panel
from aiocms.shop.facets import Counts, Limits, count_facets
from aiocms.shop.keyset import ORDERS, Order, write_cursor
from aiocms.shop.listing import Listing, Wish, offered_orders, write_listing
from aiocms.shop.models import Document
from aiocms.shop.store import Page, Slow, find_page


@dataclass(frozen=True, slots=True)
class Results:
    """What a list's template gets, except the cards.

    Parameters:
        problems: what was wrong with the address: ``(name of the field, text)``.
    """

    page: Page
    counts: Counts
    listing: Listing
    facets: list[panel.Facet]
    chips: list[panel.Chip]
    problems: list[tuple[str, str]]
    typed: Mapping[str, str]
    orders: tuple[Order, ...]
    previous: str
    following: str
    cleared: str
    canonical: str
    slow: bool

    @property
    def status(self) -> int:
        """503 when the database was too slow, 400 for a malformed address, else 200."""
        return 503 if self.slow else 400 if self.problems else 200

    def context(self) -> dict[str, Any]:
        """The variables of ``shop:parts/listing``."""
        return {
            "listing": self.listing,
            "total": self.counts.total,
            "facets": self.facets,
            "chips": self.chips,
            "problems": self.problems,
            "typed": self.typed,
            "orders": self.orders,
            "previous": self.previous,
            "following": self.following,
            "cleared": self.cleared,
            "slow": self.slow,
        }


def make_limits(request: Request) -> Limits:
    """What counting facets may cost on this site."""
    return Limits(request.settings.shop_facet_time_ms, request.settings.shop_facet_age)


async def find_results(
    request: Request, wish: Wish, attributes: Mapping[str, Document], route: str, params: Mapping[str, str]
) -> Results:
    """Read what a listing shows.

    Parameters:
        attributes: the facets that there are.
        route, params: the page's own address.
    """
    listing, slow = wish.listing, False
    page, counts = Page([], False, False), Counts(None, {})
    try:
        page, counts = await _read(request, listing, attributes)
        for weaker in _list_weaker(listing):
            if page.products or listing.cursor is not None or listing.is_narrowed:
                break
            listing = weaker
            page, counts = await _read(request, listing, attributes)
    except Slow:
        slow = True

    def address(of: Listing, **more: str) -> str:
        query: dict[str, list[str]] = {}
        for key, value in [*write_listing(of), *more.items()]:
            query.setdefault(key, []).append(value)
        return url_for(request, route, query=query, **params)

    def say(text: str) -> str:
        return gettext(request, text)

    first_page = replace(listing, cursor=None)
    first, last = (page.products[0], page.products[-1]) if page.products else (None, None)
    plain = Listing(base=listing.base, currency=listing.currency)
    # A page behind the first is a page of its own; facets and orders are views of the same one.
    position = {
        key: request.query[key] for key in ("after", "before") if listing.cursor and key in request.query
    }
    return Results(
        page=page,
        counts=counts,
        listing=listing,
        facets=panel.make_facets(
            listing, attributes, counts, request.language, request.settings.shop_facet_values, say
        ),
        chips=panel.make_chips(listing, attributes, request.language, lambda of: address(of), say),
        problems=[(one.path, gettext(request, one.message, **dict(one.values))) for one in wish.problems],
        typed=wish.typed,
        orders=offered_orders(listing.is_text),
        previous=address(first_page, before=write_cursor(listing.order, first))
        if first and page.has_before
        else "",
        following=address(first_page, after=write_cursor(listing.order, last))
        if last and page.has_after
        else "",
        cleared=address(replace(plain, words=listing.words)),
        canonical=address(
            plain, **({} if listing.is_narrowed or listing.order is not ORDERS[0] else position)
        ),
        slow=slow,
    )


async def _read(
    request: Request, listing: Listing, attributes: Mapping[str, Document]
) -> tuple[Page, Counts]:
    settings = request.settings
    size = max(1, min(settings.shop_page_size, 200))
    return await asyncio.gather(
        find_page(request.db, listing, size, language=request.language, time_ms=settings.shop_query_time_ms),
        count_facets(request.db, listing, attributes, make_limits(request)),
    )


def _list_weaker(listing: Listing) -> list[Listing]:
    """What to look for when nothing has all the words: names that begin so, then any of the words."""
    if not listing.words or listing.match != "all":
        return []
    weaker = [replace(listing, match="begin", order=ORDERS[0])]
    if len(listing.words) > 1:
        weaker.append(replace(listing, match="any"))
    return weaker
