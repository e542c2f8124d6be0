"""Numbers said aloud."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from dicom.numbers import check_digit, number, parse, series_of


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert check_digit("0794") == 5  # ISO 7064's own example for MOD 11,10 is 0794 5


def test_the_example_of_the_decision_comes_out() -> None:
    assert number("R-2611", 387) == "R-2611-0387-K"
    assert parse(" r26110387k ") == "R-2611-0387-K"


def test_the_month_is_the_countys_not_greenwichs() -> None:
    assert series_of("R", datetime(2026, 11, 30, 17, 0, tzinfo=UTC)) == "R-2612"


@given(serial=st.integers(1, 9999), place=st.integers(0, 7), digit=st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(serial: int, place: int, digit: int) -> None:
    right = number("R-2611", serial).replace("-", "")
    wrong = right[: place + 1] + str(digit) + right[place + 2 :]
    assert (parse(wrong) is None) == (wrong != right)
