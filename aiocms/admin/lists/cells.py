"""Values of documents as short HTML for cells, made in Python because a list has hundreds of them."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from bson import Binary, DatetimeMS, Decimal128, ObjectId
from markupsafe import Markup

from aiocms.admin.known import KnownField
from aiocms.admin.labels import is_uuid, shorten
from aiocms.admin.lists.tones import find_look
from aiocms.admin.masking import Masked
from aiocms.core import formats
from aiocms.core.blocks import find_text
from aiocms.core.sanitize import is_safe_link
from aiocms.files.store import is_file_id

LONGEST = 140
NULL = Markup('<span class="a-null">–</span>')
Cell = Markup | str


_SPECIAL = re.compile("[&<>\"']")


def escape(text: str) -> str:
    """The text as HTML; most texts need no change, which one look tells."""
    return html.escape(text) if _SPECIAL.search(text) else text


# Markup.format is ten times slower than these, and a page has hundreds of cells. What comes from a document
# goes through escape() here, or is returned as plain text, which the template escapes.
def _time(iso: str, text: str) -> Markup:
    return Markup(f'<time datetime="{iso}">{escape(text)}</time>')


def _short(title: object, text: str) -> Markup:
    return Markup(f'<span class="a-mono" title="{escape(str(title))}">{escape(text)}</span>')


def _pill(look: str, text: str) -> Markup:
    return Markup(f'<span class="a-pill{look}">{escape(text)}</span>')


def _more(shown: str, count: int) -> Markup:
    return Markup(f'{shown} <span class="a-more">+{count}</span>')


@dataclass(frozen=True, slots=True)
class CellWriter:
    """Writes values for one request: its language, time zone and words."""

    language: str
    zone: tzinfo
    words: Mapping[str, str]
    """Translations of: yes, no, items, item, masked; thumb: the address of a thumbnail, its id all zeros."""
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
            "day": self._day,
            "datetime": self._date,
            "moment": self._moment,
            "relative": self._relative,
            "bool": lambda value: self._bool(bool(value)),
            "count": self._count,
            "tags": self._tags,
            "image": self._image,
            "link": self._link,
            "code": lambda value: _short(str(value), shorten(value)),
            "text": lambda value: _clip(shorten(value)),
        }
        chosen = plain.get(format, self.write)

        def write(value: Any) -> Cell:
            if value is None:
                return NULL
            if isinstance(value, Masked):
                return _short(self.words["masked"], str(value))
            return chosen(value)

        return write

    def write(self, value: Any) -> Cell:
        """A value by its type."""
        # The two types that most cells have, before the long way through all of them.
        if type(value) is str:
            return _clip(value) if value else NULL
        if type(value) is int:
            return self._grouped(f"{value:,}")
        match value:
            case str():
                return _clip(value) if value else NULL
            case bool():
                return self._bool(value)
            case int():
                return self._grouped(f"{value:,}")
            case float():
                if not math.isfinite(value):  # as a filter takes it, and as decimals are written
                    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
                return self._grouped(f"{value:,.12g}" if abs(value) < 1e15 else repr(value))
            case Decimal128():
                return self._grouped(str(value))
            case datetime() | DatetimeMS():
                return self._date(value)
            case ObjectId():
                text = str(value)
                return _short(text, f"…{text[-8:]}")
            case Masked():
                return _short(self.words["masked"], str(value))
            case list():
                return self._list(value)
            case Mapping():
                return self._object(value)
            case bytes() | Binary():
                if is_uuid(value):
                    return _short(shorten(value), f"…{shorten(value)[-8:]}")
                return formats.filesize(len(value), self.language)
            case None:
                return NULL
        return _clip(str(value))

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
        return Markup(f'{escape(text)}<span class="a-unit">{escape(currency)}</span>') if currency else text

    def _date(self, value: Any, *, with_time: bool = True) -> Cell:
        if not isinstance(value, datetime):
            return self.write(value) if not isinstance(value, DatetimeMS) else write_far(int(value))
        try:
            local = value.astimezone(self.zone)
        except (OverflowError, ValueError):
            local = value
        text = local.isoformat(" ")
        if with_time and not is_day(value):
            return _time(value.isoformat(), text[:16])
        # A moment at midnight UTC is a plain day: another zone must not make it the day before.
        if not with_time or value.utcoffset() is None:
            return _time(value.isoformat(), text[:10])
        return self._day(value)

    def _moment(self, value: Any) -> Cell:
        """The time in the user's zone, at midnight in UTC too: in a column of times that is no day."""
        if not isinstance(value, datetime):
            return self.write(value)
        try:
            local = value.astimezone(self.zone)
        except (OverflowError, ValueError):
            local = value
        return _time(value.isoformat(), local.isoformat(" ")[:16])

    def _day(self, value: Any) -> Cell:
        """The day in UTC: a day without a time is kept as its midnight there."""
        if not isinstance(value, datetime):
            return self._date(value)
        text = value.isoformat()
        return _time(text, text[:10])

    def _relative(self, value: Any) -> Cell:
        if not isinstance(value, datetime):
            return self.write(value)
        return _time(value.isoformat(), formats.relative(value, self.language, self.now))

    def _bool(self, value: bool) -> Cell:
        return _pill(" is-good" if value else " is-off", self.words["yes" if value else "no"])

    def _count(self, value: Any) -> Cell:
        return self._grouped(f"{len(value):,}") if isinstance(value, list | Mapping) else self.write(value)

    def _tags(self, value: Any) -> Cell:
        items = value if isinstance(value, list) else [value]
        texts = [_clip(shorten(item), 24) for item in items[:3]]
        shown = Markup(" ".join(_pill(f" {find_look(text)}", text) for text in texts))
        return _more(shown, len(items) - 3) if len(items) > 3 else shown

    def _list(self, value: list[Any]) -> Cell:
        if not value:
            return NULL
        if any(isinstance(item, Mapping | list) for item in value):
            return f"{len(value)} {self.words['item' if len(value) == 1 else 'items']}"
        shown = ", ".join(_clip(self._item(item), 30) for item in value[:3])
        return _more(escape(shown), len(value) - 3) if len(value) > 3 else shown

    def _item(self, value: Any) -> str:
        """A plain item of a list as text."""
        if isinstance(value, datetime | DatetimeMS | float | bool):
            return Markup(self.write(value)).striptags()
        return shorten(value) or "–"

    def _object(self, value: Mapping[str, Any]) -> Cell:
        if value.get("type") == "Point" and isinstance(value.get("coordinates"), list):
            return _clip(", ".join(shorten(part) for part in value["coordinates"][:3]))
        if isinstance(value.get("blocks"), list) and (text := find_text(value)):
            return _clip(text)
        parts = [shorten(item) for item in value.values() if not isinstance(item, Mapping | list)][:4]
        return _clip(", ".join(part for part in parts if part) or "{…}")

    def _image(self, value: Any) -> Cell:
        if isinstance(value, list):
            value = value[0] if value else ""
        if is_file_id(value):
            value = self.words["thumb"].replace("0" * 64, value)
        address = str(value)
        return (
            Markup(f'<img class="a-thumb" src="{escape(address)}" alt="" loading="lazy">')
            if address.startswith("/") and is_safe_link(address)
            else self.write(value)
        )

    def _link(self, value: Any) -> Cell:
        address = str(value)
        safe = address.startswith(("https://", "http://", "/")) and is_safe_link(address)
        return (
            Markup(f'<a href="{escape(address)}" rel="noreferrer nofollow">{escape(_clip(address, 60))}</a>')
            if safe
            else self.write(value)
        )


def is_day(value: datetime) -> bool:
    """Whether a moment is midnight in UTC, as a day without a time is kept."""
    return not (value.hour or value.minute or value.second or value.microsecond)


def find_format(format: str, values: Iterable[Any], known: KnownField | None = None) -> str:
    """The format of a column for these values: dates without a time are days, in no zone.

    A time zone west of Greenwich would show each of them as the day before. Filters and charts go by what is
    known of the field, so a column does too; of a field that is not known the values tell.
    """
    if known is not None and "date" in known.types:
        if known.is_day:
            return "day" if format == "date" else format
        return "moment" if format in ("", "datetime") else format
    if format != "date":
        return format
    dates = [one for one in values if isinstance(one, datetime)]
    return "day" if dates and all(map(is_day, dates)) else format


def open_cell(label: str, is_number: bool, edit: str = "", mixed: bool = False) -> Markup:
    """The opening tag of a column's cells.

    Parameters:
        edit: the path that they are edited by, if they are.
        mixed: each text runs, and is cut, by its own letters: on pages from right to left.
    """
    look = ' class="a-num"' if is_number else ' dir="auto"' if mixed else ""
    path = f' data-edit="{escape(edit)}"' if edit else ""
    return Markup(f'<td{look} data-label="{escape(label)}"{path}>')


def join_cells(opens: Sequence[Markup], cells: Sequence[Cell]) -> Markup:
    """The cells of a row with their tags, plain texts escaped: at once, not one by one in the template."""
    parts: list[str] = []
    for tag, cell in zip(opens, cells, strict=True):
        parts += (tag, cell if type(cell) is Markup else escape(cell), "</td>")
    return Markup("".join(parts))


def peek_writer(text: str) -> Callable[[str], Markup]:
    """Writes, by a row's address, the link to read its document, for browsers without script."""
    end = f'">{escape(text)}</a></noscript>'

    def write(url: str) -> Markup:
        if not url:
            return Markup()
        place, mark, query = url.partition("?")
        return Markup(f'<noscript><a class="a-peek" href="{escape(f"{place}/preview{mark}{query}")}{end}')

    return write


def write_far(ms: int) -> str:
    """A moment of a year that no `datetime` has, in UTC: the calendar repeats every 400 years."""
    cycles, rest = divmod(ms, 146_097 * 86_400_000)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=rest)
    text = f"{moment.year + 400 * cycles:05}{moment:-%m-%d}"
    return text if is_day(moment) else f"{text} {moment:%H:%M} UTC"


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
