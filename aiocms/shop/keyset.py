"""Paging by key: the offered orders, the cursor in the address, and the filter that goes on after it.

A page starts after a position (the order's field and ``_id``), so the last page costs what the first does.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import math
from dataclasses import dataclass
from typing import Any, Final

from bson import ObjectId

from aiocms import N_
from aiocms.core.errors import AiocmsError
from aiocms.shop.models import Document

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND: Final = dt.timedelta(milliseconds=1)
_INT64: Final = 2**63 - 1


class BadCursor(AiocmsError):
    """A cursor that this shop did not make, or made for another order."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order that visitors can choose.

    Parameters:
        name: as it stands in the address.
        field: what is sorted by; ``_id`` breaks ties in the same direction.
        direction: 1 or -1.
        label: translatable.
        kind: type of the field's value: date, int, text or score.
    """

    name: str
    field: str
    direction: int
    label: str
    kind: str

    def sort(self, backwards: bool = False) -> list[tuple[str, int]]:
        """What the database sorts by, reversed to find the page before."""
        direction = -self.direction if backwards else self.direction
        return [(self.field, direction), ("_id", direction)]


ORDERS: Final = (
    Order("newest", "published", -1, N_("Newest first"), "date"),
    Order("price", "price_min", 1, N_("Price, lowest first"), "int"),
    Order("-price", "price_min", -1, N_("Price, highest first"), "int"),
    Order("title", "sort_title", 1, N_("Name, A to Z"), "text"),
)
RELEVANCE: Final = Order("relevance", "score", -1, N_("Best match"), "score")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position between two products: the key of the nearer one, and the side to go to."""

    value: Any
    id: Any
    backwards: bool = False


def write_cursor(order: Order, document: Document) -> str:
    """The cursor at a document, safe in an address."""
    value = document.get(order.field)
    if order.kind == "date" and isinstance(value, dt.datetime):
        value = (value.replace(tzinfo=value.tzinfo or dt.UTC) - _EPOCH) // _MILLISECOND
    text = json.dumps([order.name, value, str(document["_id"])], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(order: Order, text: str, backwards: bool = False) -> Cursor:
    """The cursor that ``write_cursor`` wrote.

    Raises:
        BadCursor: it is anything else, or was written for another order.
    """
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= 2000 else b""
        name, value, id_text = json.loads(raw)
        if name != order.name or not isinstance(id_text, str) or not ObjectId.is_valid(id_text):
            raise BadCursor(f"{text[:40]!r} is no position in this order")
        return Cursor(_read_value(order, value), ObjectId(id_text), backwards)
    except (ValueError, TypeError, RecursionError, binascii.Error, OverflowError) as error:
        raise BadCursor(f"{text[:40]!r} is no position in a list") from error


def _read_value(order: Order, value: Any) -> Any:
    is_int = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _INT64
    if order.kind == "date" and is_int:
        return _EPOCH + value * _MILLISECOND
    if order.kind == "int" and is_int:
        return value
    if order.kind == "text" and isinstance(value, str):
        value.encode()  # a lone surrogate cannot be stored, hence cannot be a key
        return value
    if order.kind == "score" and isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    raise ValueError(f"{value!r} is no {order.kind}")


def after(order: Order, cursor: Cursor) -> Document:
    """The filter of everything beyond the cursor.

    The bound on the field alone is what the index seeks by; the rest settles the ties.
    """
    downwards = (order.direction < 0) != cursor.backwards
    beyond = "$lt" if downwards else "$gt"
    return {
        order.field: {beyond + "e": cursor.value},
        "$or": [
            {order.field: {beyond: cursor.value}},
            {order.field: cursor.value, "_id": {beyond: cursor.id}},
        ],
    }
