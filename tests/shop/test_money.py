"""Money: exact, one rounding rule, nothing lost when it is spread."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from babel.numbers import list_currencies
from hypothesis import given
from hypothesis import strategies as st

from aiocms.core import formats
from aiocms.shop.money import (
    Money,
    MoneyError,
    exponent,
    format_money,
    from_document,
    parse_money,
    plain_amount,
    round_half_up,
    spread,
    to_decimal,
)

amounts = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3)])
def test_exponents_are_those_of_iso_4217(currency: str, places: int) -> None:
    assert exponent(currency) == places


def test_stored_and_shown_amounts_have_the_same_places_in_every_currency() -> None:
    """ISO 4217, which CLDR does not follow where small coins are out of use."""
    for currency in sorted(list_currencies()):
        assert exponent(currency) == formats.exponent(currency)
    for currency, places in {"IQD": 3, "RSD": 2, "ALL": 2, "HUF": 2, "ISK": 0, "CLF": 4}.items():
        money = Money(123_456, currency)
        assert to_decimal(money) == Decimal(123_456).scaleb(-places)
        assert parse_money(plain_amount(money), currency) == money
        digits = "".join(one for one in format_money(money) if one.isdigit() or one == ".")
        assert Decimal(digits) == to_decimal(money)


def test_unknown_currency_is_refused() -> None:
    with pytest.raises(MoneyError, match="'EURO'"):
        exponent("EURO")


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.5", 1), ("-0.5", -1), ("1.5", 2), ("2.5", 3), ("-2.5", -3), ("2.4999", 2), ("-2.51", -3), ("0", 0)],
)
def test_halves_go_away_from_zero(value: str, rounded: int) -> None:
    assert round_half_up(Decimal(value)) == rounded


@given(st.decimals(-(10**9), 10**9, places=5))
def test_rounding_agrees_with_decimal_half_up(value: Decimal) -> None:
    assert round_half_up(value) == int(value.quantize(Decimal(1), ROUND_HALF_UP))


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_spread_adds_up_and_each_part_is_within_one_unit(total: int, weights: list[int]) -> None:
    parts = spread(total, weights)
    assert sum(parts) == total
    exact = weights if any(weights) else [1] * len(weights)
    for part, weight in zip(parts, exact, strict=True):
        assert abs(part - Fraction(total * weight, sum(exact))) < 1


def test_spread_gives_left_over_units_to_the_greatest_remainders() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(-100, [1, 1, 1]) == [-34, -33, -33]
    assert spread(10, [1, 2, 4]) == [1, 3, 6]


def test_spread_over_nothing_is_refused_unless_there_is_nothing() -> None:
    assert spread(0, []) == []
    with pytest.raises(MoneyError):
        spread(1, [])


@given(amounts, st.sampled_from(["EUR", "JPY", "KWD", "USD"]))
def test_plain_amount_is_read_back_exactly(amount: int, currency: str) -> None:
    money = Money(amount, currency)
    assert parse_money(plain_amount(money), currency) == money


@pytest.mark.parametrize(
    "text", ["", "abc", "1.999", "NaN", "Infinity", "1e99", "--1", "9" * 25, "\x00", "1 2 3 x"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        parse_money(text, "EUR")


def test_amounts_are_read_as_the_locale_writes_them() -> None:
    assert parse_money("1.234,50", "EUR", "de") == Money(123450, "EUR")
    assert parse_money("12,5", "EUR", "ru") == Money(1250, "EUR")


def test_two_currencies_are_never_put_together() -> None:
    with pytest.raises(MoneyError):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(MoneyError):
        _ = Money(1, "EUR") < Money(1, "USD")


def test_a_share_is_rounded_once() -> None:
    assert Money(1050, "EUR").share(190_000) == Money(200, "EUR")
    assert Money(-1050, "EUR").share(190_000) == Money(-200, "EUR")


@pytest.mark.parametrize("amount", [1.5, "1", True, None, 2**63])
def test_an_amount_is_a_whole_int64(amount: object) -> None:
    with pytest.raises(MoneyError):
        Money(amount, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", [None, 5, {}, {"amount": 1.5, "cur": "EUR"}, {"amount": True, "cur": "EUR"}]
)
def test_odd_stored_values_are_no_money(value: object) -> None:
    assert from_document(value) is None


def test_money_is_written_with_its_currency() -> None:
    assert format_money(Money(1999, "EUR"), "en") == "€19.99"
    assert "1,999" in format_money(Money(1999, "JPY"), "en")
