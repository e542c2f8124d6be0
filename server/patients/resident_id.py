"""The resident identity number (GB 11643-1999): checks, the 15-digit form, what it says about its bearer.

The first six digits are not compared with today's divisions: historical codes stay with their bearers.
"""

import re
from dataclasses import dataclass
from datetime import date

from server.patients.errors import IdBirthMismatch, IdChecksum, IdDate, IdFormat, IdSexMismatch

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A valid number and what it says."""

    value: str
    birth_date: date
    sex: str


def check_character(first_seventeen: str) -> str:
    """Return the 18th character (GB 11643 §4.2: ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_seventeen, strict=True))
    return CHECK_CHARACTERS[total % 11]


def parse(raw: str, *, today: date) -> ResidentId:
    """Read a number as people type it: spaces, full-width digits, a lower-case x, the 15-digit form.

    Raises
    ------
    IdFormat
        When it is neither 18 nor 15 characters of the right kind.
    IdDate
        When its date does not exist or lies in the future.
    IdChecksum
        When the 18th character is wrong.
    """
    value = normalise(raw)
    if _FIFTEEN.fullmatch(value):
        value = _upgrade(value)
    if not _EIGHTEEN.fullmatch(value):
        raise IdFormat("身份证号应为 18 位", errors=[_pointer(IdFormat.code)])
    if check_character(value[:17]) != value[17]:
        raise IdChecksum("身份证号校验位不对，请核对", errors=[_pointer(IdChecksum.code)])
    return ResidentId(value, _birth_date(value, today), "male" if int(value[16]) % 2 else "female")


def normalise(raw: str) -> str:
    """Return the number as it is stored: ASCII digits, capital X, no separators."""
    ascii_only = raw.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    return re.sub(r"[\s-]", "", ascii_only).upper()


def agree(resident: ResidentId, *, sex: str, birth_date: date | None) -> None:
    """Refuse a stated sex or birth date that contradicts the number; `unknown` and None say nothing.

    Raises
    ------
    IdSexMismatch, IdBirthMismatch
        With a pointer at the field.
    """
    if sex in {"male", "female"} and sex != resident.sex:
        raise IdSexMismatch("性别与身份证号第 17 位不符", errors=[_pointer(IdSexMismatch.code, "/sex")])
    if birth_date is not None and birth_date != resident.birth_date:
        raise IdBirthMismatch("出生日期与身份证号不符", errors=[_pointer(IdBirthMismatch.code, "/birth_date")])


def _upgrade(fifteen: str) -> str:
    """Return the 18-digit form of a first-generation number: all of them were born in 19xx."""
    seventeen = f"{fifteen[:6]}19{fifteen[6:]}"
    return seventeen + check_character(seventeen)


def _birth_date(value: str, today: date) -> date:
    try:
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError as error:
        raise IdDate("身份证号里的日期不存在", errors=[_pointer(IdDate.code)]) from error
    if born > today:
        raise IdDate("身份证号里的日期还没到", errors=[_pointer(IdDate.code)])
    return born


def _pointer(code: str, pointer: str = "/identifiers") -> dict[str, str]:
    return {"pointer": pointer, "code": code}
