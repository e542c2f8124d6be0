"""Numbers that people say aloud (decisions 19): letter, year-month, serial and a check letter, R-2611-0387-K."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

# The ten check digits of MOD 11,10 are said as letters that sound unlike one another and unlike a digit,
# so that nobody takes the check for a part of the serial; without I, O, Q, S, U, V.
CHECK_LETTERS = "HJKLMNPRTX"

_SHAPE = re.compile(r"([A-Z])-?([0-9]{4})-?([0-9]{4,8})-?([A-Z])")


def check_digit(digits: str) -> int:
    """Return the check digit of a string of decimal digits.

    References
    ----------
    ISO/IEC 7064:2003 §8, hybrid system MOD 11,10.
    """
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10


def series_of(letter: str, now: datetime) -> str:
    """Return the series a serial is drawn from: the letter and the county's year and month."""
    return f"{letter}-{now.astimezone(SHANGHAI):%y%m}"


def number(series: str, serial: int) -> str:
    """Return the spoken number of a serial in its series: ("R-2611", 387) is R-2611-0387-K."""
    letter, month = series.split("-")
    digits = f"{serial:04d}"
    return f"{letter}-{month}-{digits}-{CHECK_LETTERS[check_digit(month + digits)]}"


def parse(text: str) -> str | None:
    """Return a number as we write it, from how a person typed it; None when its check letter is wrong."""
    found = _SHAPE.fullmatch(text.strip().upper().replace(" ", "").replace("–", "-"))
    if found is None:
        return None
    letter, month, digits, check = found.groups()
    if CHECK_LETTERS.find(check) != check_digit(month + digits):
        return None
    return f"{letter}-{month}-{digits}-{check}"
