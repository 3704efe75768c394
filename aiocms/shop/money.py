"""Money: a whole number of minor units and an ISO 4217 currency, and the one rounding rule.

Everything here is pure. ``Money(1999, "EUR")`` is 19.99 euro, ``Money(1999, "JPY")`` is 1999 yen. Halves
are rounded away from zero (ROUND_HALF_UP); what must add up to a total is spread by largest remainder.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from babel.numbers import (
    NumberFormatError,
    list_currencies,
    parse_decimal,
)

from aiocms.core import formats
from aiocms.core.errors import AiocmsError

MILLION = 1_000_000
# The database keeps amounts as int64.
GREATEST = 2**63 - 1


class MoneyError(AiocmsError):
    """An amount or a currency that makes no sense."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of one currency.

    Raises:
        MoneyError: on sums and comparisons of two currencies, and on an amount that is no int64.
    """

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise MoneyError(f"Money is counted in whole minor units, got {self.amount!r}")
        if abs(self.amount) > GREATEST:
            raise MoneyError(f"The amount {self.amount!r} is too great to be stored")

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, quantity: int) -> Money:
        return Money(self.amount * quantity, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise MoneyError(f"{self.currency!r} and {other.currency!r} cannot be put together")
        return other.amount

    def share(self, ppm: int) -> Money:
        """A part of the amount, given in millionths (a rate of 19 % is 190,000), rounded once."""
        return Money(round_half_up(Fraction(self.amount * ppm, MILLION)), self.currency)

    def document(self) -> dict[str, Any]:
        """The stored form, ``{"amount": 1999, "cur": "EUR"}``."""
        return {"amount": self.amount, "cur": self.currency}


def from_document(value: Any) -> Money | None:
    """Money from its stored form.

    Returns:
        None when the value is not of that form.
    """
    if not isinstance(value, dict):
        return None
    amount, currency = value.get("amount"), value.get("cur")
    if isinstance(amount, bool) or not isinstance(amount, int) or not isinstance(currency, str):
        return None
    if abs(amount) > GREATEST:  # of the integers that the database keeps only the least one
        return None
    return Money(int(amount), currency)


def is_currency(code: str) -> bool:
    """Whether the code is a currency of ISO 4217 that Babel knows."""
    return code in _currencies()


@functools.cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def exponent(currency: str) -> int:
    """How many decimal places the currency has: EUR 2, JPY 0, KWD 3.

    Raises:
        MoneyError: there is no such currency.
    """
    if not is_currency(currency):
        raise MoneyError(f"There is no currency {currency!r}; use an ISO 4217 code such as 'EUR'")
    return formats.exponent(currency)


def round_half_up(value: Fraction | Decimal | int) -> int:
    """The nearest whole number; a half goes away from zero."""
    exact = Fraction(value)
    doubled = abs(exact.numerator) * 2 + exact.denominator
    whole = doubled // (exact.denominator * 2)
    return -whole if exact < 0 else whole


def to_decimal(money: Money) -> Decimal:
    """The amount in major units, exactly."""
    return Decimal(money.amount).scaleb(-exponent(money.currency))


def parse_money(text: str, currency: str, locale: str = "en") -> Money:
    """Money from what a person typed, in major units: ``19.99`` or, where the locale says so, ``19,99``.

    Raises:
        MoneyError: it is no number, or has more places than the currency.
    """
    places = exponent(currency)
    number = _parse_number(text.strip(), locale)
    if not number.is_finite() or abs(number.adjusted()) > 20:
        raise MoneyError(f"{text!r} is not an amount of money")
    scaled = number.scaleb(places)
    if abs(scaled) > GREATEST:
        raise MoneyError(f"{text!r} is too great an amount of money")
    if scaled != scaled.to_integral_value():
        raise MoneyError(f"{text!r} has more decimal places than {currency} has ({places})")
    return Money(int(scaled), currency)


def _parse_number(text: str, locale: str) -> Decimal:
    # 24 characters lie within Decimal's 28 digits: nothing is rounded on the way.
    if not text or len(text) > 24:
        raise MoneyError(f"{text[:24]!r} is not an amount of money")
    try:
        return Decimal(text)
    except InvalidOperation:
        pass
    try:
        return Decimal(parse_decimal(text, locale=locale, strict=True))
    except (NumberFormatError, InvalidOperation, ValueError) as error:
        raise MoneyError(f"{text!r} is not an amount of money") from error


def format_money(money: Money, locale: str = "en") -> str:
    """The amount as the locale writes it, with the currency's sign."""
    return formats.money(money.amount, money.currency, locale)


def plain_amount(money: Money) -> str:
    """The amount in major units with a point and no sign, for machines: ``19.99``."""
    return f"{to_decimal(money).quantize(Decimal(1).scaleb(-exponent(money.currency)), ROUND_HALF_UP):f}"


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total by weights so that the parts add up to it exactly (largest remainder).

    Each part differs from its exact share by less than one unit. Without any weight the parts are even.

    Parameters:
        total: minor units, may be negative.
        weights: not negative.

    Raises:
        MoneyError: there is nothing to spread over, or a weight is negative.
    """
    if not weights:
        if total:
            raise MoneyError(f"{total} cannot be spread over nothing")
        return []
    if min(weights) < 0:
        raise MoneyError(f"Weights must not be negative, got {min(weights)}")
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    sign = -1 if total < 0 else 1
    parts = [abs(total) * weight // whole for weight in weights]
    left = abs(total) - sum(parts)
    # Equal remainders go to the earlier part, so the answer is always the same.
    by_remainder = sorted(
        range(len(weights)), key=lambda index: (-(abs(total) * weights[index] % whole), index)
    )
    for index in by_remainder[:left]:
        parts[index] += 1
    return [sign * part for part in parts]
