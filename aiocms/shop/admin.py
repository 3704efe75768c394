"""Screens of the catalogue. Derived fields are shown and never typed; stock changes by actions alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import wtforms
from aiohttp import web

from aiocms import N_, Form, gettext, ngettext
from aiocms.admin.charts.charts import Chart, Number
from aiocms.admin.screens import Access, Column, Document, Filter, Group, Reference, Screen, Tab, action
from aiocms.core.keys import MONGO, SETTINGS, USER
from aiocms.shop.edits import find_product_problems, follow_up, may_publish, tell
from aiocms.shop.models import ARCHIVED, CATEGORIES, DRAFT, MOVES, PRODUCTS, PUBLISHED, STATUSES, STOCK, TYPES
from aiocms.shop.rules import check_type
from aiocms.shop.save import refresh_product
from aiocms.shop.stock import StockError, adjust
from aiocms.shop.tree import find_problems

_DERIVED = frozenset(
    (
        "tokens",
        "price_min",
        "price_max",
        "currency",
        "sort_title",
        "search",
        "seen_slug",
        "old_slugs",
        "rating",
        "site",
        "version",
        "created",
        "updated",
    )
)


class Products(Screen):
    """What is for sale. Tokens, prices from and to, and search words follow from the rest by themselves."""

    collection = PRODUCTS
    title = N_("Products")
    icon = "box-seam"
    label = "{title}"
    columns = (
        Column("title", N_("Title")),
        Column("status", N_("Status")),
        Column("type", N_("Type"), reference=TYPES),
        Column("category_ids", N_("Categories"), reference=CATEGORIES, sortable=False),
        Column("price_min", N_("Price from"), format="money"),
        Column("variants", N_("Variants"), format="count", sortable=False),
        Column("updated", N_("Changed"), format="relative"),
    )
    filters = (
        Filter("status", N_("Status"), choices=STATUSES),
        Filter("type", N_("Type")),
        Filter("category_ids", N_("Categories")),
        Filter("price_min", N_("Price from")),
        Filter("attrs.brand", N_("Brand")),
        Filter("updated", N_("Changed")),
    )
    charts = (
        Number(N_("Products")),
        Number(N_("Published"), where={"status": PUBLISHED}),
        Number(N_("Average price from"), average="price_min", format="money"),
        Chart(N_("By category"), by="category_ids", top=6),
        Chart(N_("By status"), by="status", top=3, dashboard=False),
        Chart(N_("By price"), by="price_min", step=5000),
        Chart(N_("Changed, by day"), by="updated", step="day", last=21, dashboard=False),
    )
    search = ("slug", "variants.sku")
    order = ("-updated",)
    layout = (
        ("title", "slug"),
        ("status", "type", "category_ids"),
        "body",
        Tab(N_("Variants"), "options", "variants"),
        Tab(N_("Attributes"), "attrs"),
        Tab(N_("Pictures"), "media"),
        Tab(N_("Translations"), "translations"),
        Tab(N_("Search engines"), "seo"),
        Tab(
            N_("Derived"),
            ("price_min", "price_max", "currency"),
            ("created", "updated", "published"),
            Group(N_("For the search"), "tokens", "search", collapsed=True),
        ),
    )
    types: ClassVar[Mapping[str, str]] = {
        "title": "string", "slug": "string", "status": "string", "type": "string", "body": "string",
        "category_ids": "array", "category_ids.0": "objectId", "attrs": "object", "options": "array",
        "variants": "array", "variants.0._id": "objectId", "variants.0.sku": "string",
        "variants.0.opts": "object", "variants.0.price.amount": "long", "variants.0.price.cur": "string",
        "variants.0.compare.amount": "long", "variants.0.compare.cur": "string",
        "variants.0.weight": "int", "variants.0.barcode": "string", "variants.0.active": "bool",
        "media": "array", "media.0.src": "string", "media.0.alt": "string", "price_min": "long",
        "price_max": "long", "published": "date", "created": "date", "updated": "date",
        "translations": "object", "seo": "object",
    }  # fmt: skip
    help: ClassVar[Mapping[str, str]] = {
        "slug": N_("The last part of the product's address."),
        "variants.compare": N_("The price before, which the shop strikes through."),
    }
    defaults: ClassVar[Mapping[str, str]] = {"status": DRAFT}
    references: ClassVar[Mapping[str, str | Reference]] = {
        "type": Reference(TYPES, "restrict", N_("Products of this type")),
        "category_ids": Reference(CATEGORIES, "pull", N_("Products in this category")),
    }
    widgets: ClassVar[Mapping[str, str]] = {"media.src": "image"}

    def get_currency(self, request: web.Request, document: Document | None = None) -> str:
        """Amounts are in the shop's currency."""
        return str(request.app[SETTINGS].shop_currency)

    def field_access(self, request: web.Request, path: str, document: Document | None = None) -> Access:
        """What follows from other fields is read."""
        return "read" if path.partition(".")[0] in _DERIVED else "edit"

    async def check(
        self, request: web.Request, document: Document, before: Document | None = None
    ) -> Mapping[str, str]:
        """The rules of products (rules.py)."""
        db = request.app[MONGO].db
        known = await find_product_problems(db, before) if before is not None else []
        return tell(request, await find_product_problems(db, document), known)

    async def saved(
        self, request: web.Request, document_id: Any, document: Document | None, before: Document | None
    ) -> None:
        """Put the derived fields right at once; others' writes are followed a moment later."""
        await follow_up(request.app[MONGO].db, PRODUCTS, document_id, document, before)

    @action(N_("Publish"), icon="eye")
    async def publish(self, request: web.Request, rows: Any) -> str:
        """Show products in the shop."""
        return await _set_status(request, rows, PUBLISHED)

    @action(N_("Withdraw"), confirm=N_("The products leave the shop's pages."), icon="eye-slash")
    async def withdraw(self, request: web.Request, rows: Any) -> str:
        """Take products out of the shop, as drafts."""
        return await _set_status(request, rows, DRAFT)

    @action(N_("Archive"), confirm=N_("The products leave the shop's pages."), icon="archive")
    async def archive(self, request: web.Request, rows: Any) -> str:
        """Put products away."""
        return await _set_status(request, rows, ARCHIVED)


async def _set_status(request: web.Request, rows: Any, status: str) -> str:
    db = request.app[MONGO].db
    changed = refused = 0
    async for row in rows:
        if status == PUBLISHED and not await may_publish(db, row["_id"]):
            refused += 1
            continue
        done = await db[PRODUCTS].update_one(
            {"_id": row["_id"], "status": {"$ne": status}},
            {"$set": {"status": status}, "$currentDate": {"updated": True}, "$inc": {"version": 1}},
        )
        if done.modified_count:
            changed += 1
            await refresh_product(db, row["_id"])
    said = ngettext(request, "%(num)s product was changed.", "%(num)s products were changed.", changed)
    if refused:
        said += " " + ngettext(
            request,
            "%(num)s was not published: it has no active variant with a price.",
            "%(num)s were not published: they have no active variant with a price.",
            refused,
        )
    return said


class Categories(Screen):
    """The tree. Addresses follow from slugs and parents; a move takes everything below along."""

    collection = CATEGORIES
    title = N_("Categories")
    icon = "diagram-3"
    label = "{title}"
    columns = (
        Column("title", N_("Title")),
        Column("url_path", N_("Address")),
        Column("parent", N_("Parent"), reference=CATEGORIES),
        Column("order", N_("Order"), format="number"),
        Column("public", N_("Public"), format="bool"),
    )
    filters = (Filter("parent", N_("Parent")), Filter("public", N_("Public")))
    search = ("url_path", "title")
    order = ("url_path",)
    layout = (
        ("title", "slug"),
        ("parent", "order", "public"),
        "description",
        "image",
        Tab(N_("Translations"), "translations"),
        Tab(N_("Search engines"), "seo"),
        Tab(N_("Derived"), ("url_path", "ancestors_are_public"), "ancestors", "old_paths"),
    )
    types: ClassVar[Mapping[str, str]] = {
        "title": "string", "slug": "string", "parent": "objectId", "order": "int", "public": "bool",
        "description": "string", "image": "string", "translations": "object", "seo": "object",
        "url_path": "string", "ancestors": "array", "ancestors_are_public": "bool", "old_paths": "array",
    }  # fmt: skip
    references: ClassVar[Mapping[str, str | Reference]] = {
        "parent": Reference(CATEGORIES, "restrict", N_("Categories below")),
        "ancestors": Reference(CATEGORIES, "keep"),
    }
    widgets: ClassVar[Mapping[str, str]] = {"image": "image"}

    def field_access(self, request: web.Request, path: str, document: Document | None = None) -> Access:
        """What follows from other fields is read."""
        derived = (
            "url_path",
            "ancestors",
            "ancestors_are_public",
            "old_paths",
            "unsettled",
            "site",
            "version",
        )
        return "read" if path.partition(".")[0] in (*derived, "created", "updated") else "edit"

    async def check(
        self, request: web.Request, document: Document, before: Document | None = None
    ) -> Mapping[str, str]:
        """The rules of categories, and that nobody else has the address."""
        db = request.app[MONGO].db
        known = await find_problems(db, dict(before)) if before is not None else []
        return tell(request, await find_problems(db, dict(document)), known)

    async def saved(
        self, request: web.Request, document_id: Any, document: Document | None, before: Document | None
    ) -> None:
        """Move everything below, and the products, at once."""
        await follow_up(request.app[MONGO].db, CATEGORIES, document_id, document, before)


class Types(Screen):
    """What a kind of product has: its attributes, which of them filter and which make variants."""

    collection = TYPES
    title = N_("Product types")
    icon = "ui-checks"
    label = "{title}"
    columns = (
        Column("title", N_("Title")),
        Column("_id", N_("Code")),
        Column("attributes", N_("Attributes"), format="count", sortable=False),
    )
    search = ("title",)
    order = ("title",)
    layout = ("title", "attributes", Tab(N_("Translations"), "translations"))

    def field_access(self, request: web.Request, path: str, document: Document | None = None) -> Access:
        """The site and the version are the shop's."""
        return "read" if path in ("site", "version") else "edit"

    async def check(
        self, request: web.Request, document: Document, before: Document | None = None
    ) -> Mapping[str, str]:
        """The rules of types (rules.py)."""
        return tell(request, check_type(dict(document)), check_type(dict(before or {})))

    async def saved(
        self, request: web.Request, document_id: Any, document: Document | None, before: Document | None
    ) -> None:
        """Derive the products of this type anew at once."""
        await follow_up(request.app[MONGO].db, TYPES, document_id, document, before)


class CountForm(Form):
    """How many pieces came or went, and why."""

    change = wtforms.IntegerField(
        N_("Pieces"),
        [wtforms.validators.InputRequired(), wtforms.validators.NumberRange(-1_000_000, 1_000_000)],
        description=N_("Added to what is there; with a minus sign taken away."),
    )
    reason = wtforms.StringField(
        N_("Reason"), [wtforms.validators.InputRequired(), wtforms.validators.Length(max=200)]
    )


class Stock(Screen):
    """How many there are of each variant. Numbers change by the action, which writes the ledger."""

    collection = STOCK
    title = N_("Stock")
    icon = "boxes"
    label = "{sku}"
    columns = (
        Column("sku", N_("Article number")),
        Column("product", N_("Product"), reference=PRODUCTS),
        Column("available", N_("Available"), format="number"),
        Column("on_hand", N_("On hand"), format="number"),
        Column("reserved", N_("Reserved"), format="number"),
        Column("backorder", N_("Made to order"), format="bool"),
        Column("track", N_("Counted"), format="bool"),
    )
    filters = (
        Filter("available", N_("Available")),
        Filter("product", N_("Product")),
        Filter("backorder", N_("Made to order")),
        Filter("track", N_("Counted")),
    )
    search = ("sku",)
    order = ("sku",)
    layout = (("sku", "product"), ("available", "on_hand", "reserved"), "track", ("low", "backorder"))
    # What is not counted is never low, and never has to be made to order.
    show_if: ClassVar[Mapping[str, str]] = {"low": "track", "backorder": "track"}
    help: ClassVar[Mapping[str, str]] = {
        "track": N_("Without it there is always enough."),
        "low": N_("From this number on the stock counts as low."),
    }
    # Stock goes with its product by what follows from a delete (follow.py).
    references: ClassVar[Mapping[str, str | Reference]] = {"product": Reference(PRODUCTS, "keep")}
    # A variant has its stock as long as there is the variant.
    can_add = False
    can_delete = False

    def field_access(self, request: web.Request, path: str, document: Document | None = None) -> Access:
        """Only how stock is treated is typed; its numbers have a guard and a ledger."""
        return "edit" if path in ("low", "backorder", "track") else "read"

    @action(N_("Add or take pieces"), form=CountForm, icon="plus-slash-minus")
    async def adjust(self, request: web.Request, rows: Any) -> str:
        """Change what is on hand, with a line in the ledger."""
        db, form = request.app[MONGO].db, rows.form
        user = request.get(USER)
        changed, refused = 0, 0
        async for row in rows:
            try:
                await adjust(
                    db,
                    row["_id"],
                    int(form.change.data),
                    reason=str(form.reason.data),
                    by=str(getattr(user, "username", "")),
                )
                changed += 1
            except StockError:
                refused += 1
        if refused:
            return gettext(
                request,
                "Changed %(changed)s; refused %(refused)s, where fewer pieces are available.",
                changed=changed,
                refused=refused,
            )
        return ngettext(request, "%(num)s stock was changed.", "%(num)s stocks were changed.", changed)


class StockMoves(Screen):
    """The ledger: every change of stock, by whom and why. It is only read."""

    collection = MOVES
    title = N_("Stock ledger")
    icon = "journal-text"
    label = "{kind}"
    columns = (
        Column("at", N_("When"), format="datetime"),
        Column("kind", N_("Kind")),
        Column("variant", N_("Variant")),
        Column("d_on_hand", N_("On hand"), format="number"),
        Column("d_reserved", N_("Reserved"), format="number"),
        Column("reason", N_("Reason"), sortable=False),
        Column("by", N_("By")),
    )
    filters = (Filter("variant", N_("Variant")), Filter("kind", N_("Kind")), Filter("at", N_("When")))
    order = ("-at",)
    can_add = False
    can_edit = False
    can_delete = False


class FacetCounts(Screen):
    """Counted facets: a cache that fills and empties itself."""

    collection = "shop_facets"
    title = N_("Facet cache")
    hidden = True
    can_add = False
    can_edit = False


class ShopState(Screen):
    """The catalogue's version and how far its changes were followed."""

    collection = "shop_state"
    title = N_("Shop state")
    hidden = True
    can_add = False
    can_edit = False
    can_delete = False
