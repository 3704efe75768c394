"""Numbers, money, times and sizes as a language writes them. No I/O, no request.

Each function takes what a document may hold and gives text; what it cannot format it gives back as plain
text, because a page with one odd value is better than none.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
import re
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import NumberPattern, format_decimal

# ISO 4217 minor units other than 2 (amendment 177). CLDR, and so Babel, rounds some currencies to what is
# used in shops, e.g. the Iraqi dinar to 0; amounts are stored by ISO.
_EXPONENTS = {
    **dict.fromkeys(
        (
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
            "XAF", "XOF", "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}  # fmt: skip
_SIZES = ("B", "kB", "MB", "GB", "TB", "PB")


def number(value: Any, language: str, decimals: int | None = None) -> str:
    """A number with the language's separators; ``decimals``: exactly so many places."""
    exact = _to_decimal(value)
    if exact is None:
        return str(value)
    return _write_number(exact, language, decimals)


@functools.lru_cache(2048)
def _write_number(exact: Decimal, language: str, decimals: int | None) -> str:
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    if pattern is None and exact == exact.to_integral_value():
        return str(format_decimal(exact, locale=language))
    return str(
        format_decimal(exact, format=pattern, locale=language, decimal_quantization=decimals is not None)
    )


def exponent(currency: str) -> int:
    """How many decimal places the minor unit of a currency of ISO 4217 is: EUR 2, JPY 0, KWD 3."""
    return _EXPONENTS.get(currency, 2)


def money(value: Any, currency: str, language: str) -> str:
    """An amount with its currency.

    Parameters:
        value: a whole number of minor units, or a stored ``{"amount": 1999, "cur": "EUR"}``.
        currency: ISO 4217 code; may be empty when the value carries its own.
    """
    if isinstance(value, dict):
        amount, code = value.get("amount"), value.get("cur", currency)
    else:
        amount, code = getattr(value, "amount", value), getattr(value, "currency", currency)
    exact = _to_decimal(amount)
    if exact is None or not code or not isinstance(code, str):
        return "" if amount is None else str(amount)
    places = exponent(code)
    pattern = _get_money_pattern(language, places)
    text = pattern.apply(exact.scaleb(-places), language, currency=code, currency_digits=False)
    # CLDR puts a space between a digit and a sign made of letters; Babel leaves it out.
    return re.sub(rf"({re.escape(code)})(?=\d)", "\\1\N{NO-BREAK SPACE}", text)


def date(value: Any, language: str, time_zone: str, style: str = "medium") -> str:
    """The day of a moment in a time zone, or a plain date. ``style``: short, medium, long, full."""
    if isinstance(value, dt.datetime):
        value = _to_zone(value, time_zone).date()
    if not isinstance(value, dt.date):
        return "" if value is None else str(value)
    return format_date(value, format=style, locale=language)


def datetime(value: Any, language: str, time_zone: str, style: str = "medium") -> str:
    """Day and time of a moment in a time zone."""
    if not isinstance(value, dt.datetime):
        return date(value, language, time_zone, style)
    return format_datetime(_to_zone(value, time_zone), format=style, locale=language)


def relative(value: Any, language: str, now: dt.datetime | None = None) -> str:
    """How long ago or from now: ``3 minutes ago``."""
    if not isinstance(value, dt.datetime):
        return "" if value is None else str(value)
    delta = _to_aware(value) - (now or dt.datetime.now(dt.UTC))
    return format_timedelta(delta, add_direction=True, threshold=0.9, locale=language)


def filesize(value: Any, language: str) -> str:
    """A number of bytes in a readable unit: ``1.4 MB``; thousands, as disks and browsers count."""
    exact = _to_decimal(value)
    if exact is None:
        return str(value)
    size, unit = exact, 0
    while abs(size) >= 1000 and unit < len(_SIZES) - 1:
        size, unit = size / 1000, unit + 1
    shown = format_decimal(size, format="#,##0.#" if unit and abs(size) < 100 else "#,##0", locale=language)
    return f"{shown}\N{NO-BREAK SPACE}{_SIZES[unit]}"


def _to_decimal(value: Any) -> Decimal | None:
    """The finite number that a value is, BSON's Decimal128 included; bool is none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    # Scaling keeps 28 digits; nothing of this size is money or a count.
    return exact if exact.is_finite() and abs(exact.adjusted()) < 40 else None


def _to_aware(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _to_zone(moment: dt.datetime, time_zone: str) -> dt.datetime:
    try:
        return _to_aware(moment).astimezone(_get_zone(time_zone))
    except OverflowError:  # the first and last days of the calendar have no neighbours
        return _to_aware(moment)


@functools.lru_cache(maxsize=512)
def _get_zone(name: str) -> dt.tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return dt.UTC


@functools.lru_cache(maxsize=256)
def _get_money_pattern(language: str, places: int) -> NumberPattern:
    pattern: NumberPattern = copy.copy(Locale.parse(language).currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return pattern
