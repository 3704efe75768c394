"""The shop's public pages: the only part that knows requests. Queries are in store.py, words in cards.py."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import web
from multidict import MultiDict

from aiocms import Request, gettext, templ, url_for
from aiocms.files.store import is_file_id
from aiocms.shop import choices, seo, store
from aiocms.shop.cards import Card, Shelf, find_pictures, make_card, make_shelf
from aiocms.shop.derive import ALL, below_token, category_token, iter_active
from aiocms.shop.facets import count_facets
from aiocms.shop.listing import Listing, facets_of, read_listing
from aiocms.shop.models import Document
from aiocms.shop.money import from_document
from aiocms.shop.pictures import draw
from aiocms.shop.results import Results, find_results, make_limits
from aiocms.shop.stock import Availability, find_availability
from aiocms.shop.words import localised

_NEWEST = 8
_RELATED = 4


async def index(request: Request) -> web.StreamResponse:
    """The shop's front page: the top of the tree and the newest products."""
    settings = request.settings
    roots, newest, numbers = await asyncio.gather(
        store.find_children(request.db, [None], time_ms=settings.shop_query_time_ms),
        store.find_page(request.db, Listing(base=ALL), _NEWEST, language=request.language),
        count_facets(request.db, Listing(base=ALL), (), make_limits(request)),
    )
    below = await store.find_children(request.db, [root["_id"] for root in roots])
    counts = numbers.values.get("ancestor", {})
    shelves = []
    for root in roots:
        children = tuple(_shelf(request, child, counts) for child in below if child["parent"] == root["_id"])
        shelves.append(_shelf(request, root, counts, children))
    context = {
        "shelves": shelves,
        "newest": await _make_cards(request, newest.products),
        "total": numbers.total,
        "canonical": _absolute(request, url_for(request, "shop:index")),
    }
    return templ("shop:index", request, context)


async def category(request: Request) -> web.StreamResponse:
    """A category: its own categories, facets, and one page of products."""
    path = request.match_info["path"]
    found = await store.find_category(request.db, path.strip("/"))
    if found is None:
        raise web.HTTPNotFound
    if found["url_path"] != path:
        raise web.HTTPMovedPermanently(url_for(request, "shop:category", path=found["url_path"]))
    kinds, trail, children = await asyncio.gather(
        store.find_types(request.db),
        store.find_categories(request.db, found.get("ancestors") or ()),
        store.find_children(request.db, [found["_id"]]),
    )
    attributes = facets_of(kinds.values())
    currency = request.settings.shop_currency
    wish = read_listing(
        _without_search(request),
        attributes,
        base=below_token(found["_id"]),
        currency=currency,
        locale=request.language,
    )
    results = await find_results(request, wish, attributes, "shop:category", {"path": path})
    counts = results.counts.values.get("ancestor", {})
    steps = [*_trail(request, trail), (localised(found, "title", request.language), "")]
    context = {
        "category": _shelf(request, found),
        "children": [_shelf(request, child, counts) for child in children],
        "trail": steps,
        "cards": await _make_cards(request, results.page.products),
        "canonical": _absolute(request, results.canonical),
        "description": _description(found, request.language),
        "json_ld": seo.describe_trail(
            [(title, _absolute(request, to or request.path)) for title, to in steps]
        ),
        **results.context(),
    }
    return templ("shop:category", request, context, status=results.status)


def _without_search(request: Request) -> MultiDict[str]:
    """The address's parameters without the search words, which a category does not know."""
    return MultiDict((key, value) for key, value in request.query.items() if key != "q")


async def search(request: Request) -> web.StreamResponse:
    """Search results, or an empty search page."""
    kinds = await store.find_types(request.db)
    attributes = facets_of(kinds.values())
    wish = read_listing(
        request.query, attributes, currency=request.settings.shop_currency, locale=request.language
    )
    results: Results | None = None
    if wish.listing.words:
        results = await find_results(request, wish, attributes, "shop:search", {})
    context: dict[str, Any] = {
        "words": " ".join(wish.listing.words),
        "cards": await _make_cards(request, results.page.products) if results else [],
        "canonical": _absolute(request, url_for(request, "shop:search")),
        "searched": results is not None,
    }
    if results is not None:
        context |= results.context()
    return templ("shop:search", request, context, status=results.status if results else 200)


async def product(request: Request) -> web.StreamResponse:
    """A product with its pictures, and the variant that the address names (``?sku=``)."""
    slug = request.match_info["slug"]
    found = await store.find_product(request.db, slug)
    if found is None:
        raise web.HTTPNotFound
    if found["slug"] != slug:
        raise web.HTTPMovedPermanently(url_for(request, "shop:product", slug=found["slug"]))
    settings, language = request.settings, request.language
    variants = [variant.get("_id") for variant in iter_active(found)]
    kinds, told, homes = await asyncio.gather(
        store.find_types(request.db),
        find_availability(request.db, variants, few=settings.shop_few_left),
        store.find_categories(request.db, _ids(found.get("category_ids"))),
    )
    kind = kinds.get(found.get("type"))
    shown = choices.find_variant(found, request.query.get("sku", ""), told)
    related, above = await asyncio.gather(
        _find_related(request, found, homes),
        store.find_categories(request.db, homes[0].get("ancestors") or () if homes else ()),
    )
    pictures = find_pictures(found, language, lambda name: _drawn(request, name))
    title = localised(found, "title", language)
    address = _absolute(request, url_for(request, "shop:product", slug=slug))
    trail = [*_trail(request, [*above, *homes[:1]]), (title, "")]

    def say(text: str) -> str:
        return gettext(request, text)

    context = {
        "product": found,
        "title": title,
        "body": localised(found, "body", language),
        "trail": trail,
        "pictures": pictures,
        "picture": _find_picture_index(request, shown, [picture.key for picture in pictures]),
        "variant": shown,
        "price": from_document((shown or {}).get("price")),
        "before": from_document((shown or {}).get("compare")),
        "availability": told.get((shown or {}).get("_id"), Availability.SOLD_OUT),
        "options": choices.make_options(found, kind, shown, told, language, say),
        "facts": choices.list_facts(found, kind, shown, language, say),
        "related": related,
        "canonical": address,
        "description": _description(found, language),
        "json_ld": [
            seo.describe_product(
                found,
                title,
                localised(found, "body", language),
                address,
                [_absolute(request, picture.src) for picture in pictures],
                told,
            ),
            seo.describe_trail([(step, _absolute(request, to or request.path)) for step, to in trail]),
        ],
    }
    return templ("shop:product", request, context)


async def picture(request: Request) -> web.StreamResponse:
    """A drawn picture; the address says everything that is in it, so it may be kept for ever."""
    text = await asyncio.to_thread(draw, request.match_info["name"])
    if text is None:
        raise web.HTTPNotFound
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Security-Policy": "default-src 'none'",
    }
    return web.Response(text=text, content_type="image/svg+xml", headers=headers)


async def _find_related(request: Request, found: Document, homes: list[Document]) -> list[Card]:
    """The newest others of the product's first category."""
    if not homes:
        return []
    listing = Listing(base=category_token(homes[0]["_id"]))
    page = await store.find_page(request.db, listing, _RELATED + 1, language=request.language)
    others = [product for product in page.products if product["_id"] != found["_id"]]
    return await _make_cards(request, others[:_RELATED])


def _find_picture_index(request: Request, variant: Document | None, keys: Sequence[str]) -> int:
    """Which picture is large: the one asked for, else the variant's own, else the first."""
    wanted = request.query.get("picture", "")
    if wanted.isascii() and wanted.isdigit() and 0 < int(wanted[:4]) <= len(keys):
        return int(wanted[:4]) - 1
    own = str((variant or {}).get("img", ""))
    return keys.index(own) if own in keys else 0


async def _make_cards(request: Request, products: Iterable[Document]) -> list[Card]:
    """Cards with what there is in stock, asked once for all of them."""
    found = list(products)
    variants = [variant.get("_id") for product in found for variant in iter_active(product)]
    told = await find_availability(request.db, variants, few=request.settings.shop_few_left)
    return [make_card(one, told, request.language, lambda name: _drawn(request, name)) for one in found]


def _shelf(
    request: Request, found: Document, counts: dict[str, int] | Any = None, children: tuple[Shelf, ...] = ()
) -> Shelf:
    return make_shelf(found, request.language, lambda name: _drawn(request, name), counts, children)


def _trail(request: Request, above: Iterable[Document]) -> list[tuple[str, str]]:
    """Breadcrumbs: title and address, the shop first."""
    steps = [(gettext(request, "Shop"), url_for(request, "shop:index"))]
    for one in above:
        title = localised(one, "title", request.language)
        steps.append((title, url_for(request, "shop:category", path=one["url_path"])))
    return steps


def _drawn(request: Request, name: str) -> str:
    if is_file_id(name):
        known = "files:thumb" in request.plan.routes
        return url_for(request, "files:thumb", id=name, size="large") if known else ""
    return url_for(request, "shop:picture", name=name)


def _ids(value: Any) -> list[Any]:
    return value[:20] if isinstance(value, list) else []


def _description(document: Document, language: str) -> str:
    """The text for search engines: the editor's own, else the beginning of the description."""
    written = document.get("seo")
    own = localised(written, "description", language) if isinstance(written, dict) else ""
    return own or seo.shorten(
        localised(document, "body", language) or localised(document, "description", language), 160
    )


def _absolute(request: Request, address: str) -> str:
    """An address with host, as search engines want it."""
    if address.startswith("https://"):
        return address
    base = request.settings.site_url.rstrip("/") or f"{request.scheme}://{request.host}"
    return f"{base}{address}"
