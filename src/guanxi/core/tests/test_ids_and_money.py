"""Ids and money: exact, reversible, never mistaken."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.core import ids, money
from guanxi.core.errors import InvalidInput


@given(st.integers(min_value=1, max_value=2**62))
def test_a_public_id_leads_back_to_its_number(number: int) -> None:
    """Both ways, for every number."""
    text = ids.public_id("cus", number)
    assert text.startswith("cus_")
    assert ids.parse("cus", text) == number
    assert ids.parse("ord", text) is None


@given(st.integers(min_value=1, max_value=10**9), st.integers(min_value=4, max_value=8), st.sampled_from(ids.ALPHABET))
def test_one_wrong_letter_is_refused(number: int, place: int, letter: str) -> None:
    """The check character finds every single mistyped letter."""
    text = ids.public_id("cus", number)
    if place < len(text) and text[place] != letter:
        assert ids.parse("cus", text[:place] + letter + text[place + 1 :]) is None


@pytest.mark.parametrize("text", ["14646", "cus_", "cus_17", "CUS_000h0", "4.0128e+10", "cus_0000!", ""])
def test_other_texts_are_not_ids(text: str) -> None:
    """External ids of the usual forms stay external."""
    assert ids.parse("cus", text) is None


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("0.005", "GBP", 1),
        ("-0.005", "GBP", -1),
        ("2.344999", "GBP", 234),
        ("1234.5", "JPY", 1235),
        ("1.0005", "KWD", 1001),
    ],
)
def test_money_is_rounded_half_up_to_its_minor_unit(amount: str, currency: str, minor: int) -> None:
    """Half away from zero, by the currency's own minor unit."""
    assert money.to_minor(Decimal(amount), currency) == minor


def test_money_reads_as_the_reader_writes_it() -> None:
    """Plain for programs, local for people."""
    assert money.plain(27948902, "GBP") == "279489.02"
    assert money.format_money(27948902, "GBP", "en") == "£279,489.02"
    assert money.format_money(-150, "CNY", "zh-hans") == "-¥1.50"
    with pytest.raises(InvalidInput):
        money.check_currency("QQQ")
    with pytest.raises(InvalidInput):
        money.Money(1, "GBP") + money.Money(1, "CNY")
