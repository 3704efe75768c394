"""Values of documents as short HTML for cells, made in Python because a list has hundreds of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from bson import Binary, DatetimeMS, Decimal128, ObjectId
from markupsafe import Markup, escape

from aiocms.admin.labels import shorten
from aiocms.admin.masking import Masked
from aiocms.core import formats

LONGEST = 140
NULL = Markup('<span class="a-null">–</span>')
Cell = Markup | str
_TIME = Markup('<time datetime="{}">{}</time>')
_SHORT = Markup('<span class="a-mono" title="{}">{}</span>')
_UNIT = Markup('{}<span class="a-unit">{}</span>')
_PILL = Markup('<span class="a-pill{}">{}</span>')
_MORE = Markup('{} <span class="a-more">+{}</span>')
_IMAGE = Markup('<img class="a-thumb" src="{}" alt="" loading="lazy">')
_LINK = Markup('<a href="{}" rel="noreferrer nofollow">{}</a>')


@dataclass(frozen=True, slots=True)
class CellWriter:
    """Writes values for one request: its language, time zone and words."""

    language: str
    zone: tzinfo
    words: Mapping[str, str]
    """Translations of: yes, no, items, item, masked."""
    group: str = ","
    point: str = "."
    now: datetime | None = None

    @classmethod
    def make(cls, language: str, zone: tzinfo, words: Mapping[str, str]) -> CellWriter:
        """A writer for a language and a time zone."""
        symbols = Locale.parse(language.replace("-", "_")).number_symbols
        symbols = symbols.get("latn", symbols)
        return cls(language, zone, words, symbols.get("group", ","), symbols.get("decimal", "."))

    def get(self, format: str, currency: str = "") -> Callable[[Any], Cell]:
        """The writer of a column's format; without one it goes by each value's type."""
        plain: dict[str, Callable[[Any], Cell]] = {
            "money": lambda value: self._money(value, currency),
            "date": lambda value: self._date(value, with_time=False),
            "datetime": self._date,
            "relative": self._relative,
            "bool": lambda value: self._bool(bool(value)),
            "count": self._count,
            "tags": self._tags,
            "image": self._image,
            "link": self._link,
            "code": lambda value: _SHORT.format(str(value), shorten(value)),
            "text": lambda value: escape(_clip(shorten(value))),
        }
        chosen = plain.get(format, self.write)

        def write(value: Any) -> Cell:
            if value is None:
                return NULL
            if isinstance(value, Masked):
                return _SHORT.format(self.words["masked"], str(value))
            return chosen(value)

        return write

    def write(self, value: Any) -> Cell:
        """A value by its type."""
        match value:
            case str():
                return escape(_clip(value)) if value else NULL
            case bool():
                return self._bool(value)
            case int():
                return self._grouped(f"{value:,}")
            case float():
                return self._grouped(f"{value:,.12g}" if abs(value) < 1e15 else repr(value))
            case Decimal128():
                return self._grouped(str(value))
            case datetime() | DatetimeMS():
                return self._date(value)
            case ObjectId():
                text = str(value)
                return _SHORT.format(text, f"…{text[-8:]}")
            case Masked():
                return _SHORT.format(self.words["masked"], str(value))
            case list():
                return self._list(value)
            case Mapping():
                return self._object(value)
            case bytes() | Binary():
                return escape(formats.filesize(len(value), self.language))
            case None:
                return NULL
        return escape(_clip(str(value)))

    def _grouped(self, text: str) -> str:
        if self.group == "," and self.point == ".":
            return text
        return text.replace(",", "\0").replace(".", self.point).replace("\0", self.group)

    def _money(self, value: Any, currency: str) -> Cell:
        if isinstance(value, Mapping):
            currency = str(value.get("cur") or value.get("currency") or currency)
            value = value.get("amount")
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal128):
            return self.write(value)
        digits = formats.exponent(currency)
        exact = value.to_decimal() if isinstance(value, Decimal128) else Decimal(value)
        if not exact.is_finite():
            return self.write(value)
        text = self._grouped(f"{exact.scaleb(-digits):,.{digits}f}")
        return _UNIT.format(text, currency) if currency else text

    def _date(self, value: Any, *, with_time: bool = True) -> Cell:
        if not isinstance(value, datetime):
            return self.write(value) if not isinstance(value, DatetimeMS) else escape(f"{int(value)} ms")
        try:
            local = value.astimezone(self.zone)
        except (OverflowError, ValueError):
            local = value
        day = f"{local.year:04}-{local.month:02}-{local.day:02}"
        if with_time and (value.hour or value.minute or value.second or value.microsecond):
            return _TIME.format(value.isoformat(), f"{day} {local.hour:02}:{local.minute:02}")
        # A moment at midnight UTC is a plain day: another zone must not make it the day before.
        if not with_time or value.utcoffset() is None:
            return _TIME.format(value.isoformat(), day)
        return _TIME.format(value.isoformat(), f"{value.year:04}-{value.month:02}-{value.day:02}")

    def _relative(self, value: Any) -> Cell:
        if not isinstance(value, datetime):
            return self.write(value)
        return _TIME.format(value.isoformat(), formats.relative(value, self.language, self.now))

    def _bool(self, value: bool) -> Cell:
        return _PILL.format(" is-good" if value else "", self.words["yes" if value else "no"])

    def _count(self, value: Any) -> Cell:
        return self._grouped(f"{len(value):,}") if isinstance(value, list | Mapping) else self.write(value)

    def _tags(self, value: Any) -> Cell:
        items = value if isinstance(value, list) else [value]
        shown = Markup(" ").join(_PILL.format("", _clip(shorten(item), 24)) for item in items[:3])
        return _MORE.format(shown, len(items) - 3) if len(items) > 3 else shown

    def _list(self, value: list[Any]) -> Cell:
        if not value:
            return NULL
        if any(isinstance(item, Mapping | list) for item in value):
            return f"{len(value)} {self.words['item' if len(value) == 1 else 'items']}"
        shown = escape(", ".join(_clip(shorten(item), 30) for item in value[:3]))
        return _MORE.format(shown, len(value) - 3) if len(value) > 3 else shown

    def _object(self, value: Mapping[str, Any]) -> Cell:
        if value.get("type") == "Point" and isinstance(value.get("coordinates"), list):
            return escape(_clip(", ".join(shorten(part) for part in value["coordinates"][:3])))
        parts = [shorten(item) for item in value.values() if not isinstance(item, Mapping | list)][:4]
        return escape(_clip(", ".join(part for part in parts if part) or "{…}"))

    def _image(self, value: Any) -> Cell:
        address = str(value)
        return (
            _IMAGE.format(address)
            if address.startswith("/") and not address.startswith("//")
            else self.write(value)
        )

    def _link(self, value: Any) -> Cell:
        address = str(value)
        safe = address.startswith(("https://", "http://")) or (
            address.startswith("/") and not address.startswith("//")
        )
        return _LINK.format(address, _clip(address, 60)) if safe else self.write(value)


def zone_named(name: str) -> tzinfo:
    """A time zone by name; UTC when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _clip(text: str, longest: int = LONGEST) -> str:
    if len(text) > longest:
        text = f"{text[: longest - 1]}…"
    return " ".join(text.split())
