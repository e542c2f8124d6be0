"""The resident ID (GB 11643): right ones pass, wrong ones are refused for the reason they are wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.patients.errors import IdBirthMismatch, IdChecksum, IdDate, IdFormat, IdSexMismatch, PatientRefusal
from server.patients.resident_id import CHECK_CHARACTERS, agree, check_character, parse

TODAY = date(2026, 11, 23)
P1 = "990101195803120035"


@pytest.mark.parametrize(
    ("number", "sex", "born"),
    [
        (P1, "male", date(1958, 3, 12)),
        ("99010119580312049X", "male", date(1958, 3, 12)),
        ("990101196207150021", "female", date(1962, 7, 15)),
        ("990101202002290053", "male", date(2020, 2, 29)),
        ("11010519491231002X", "female", date(1949, 12, 31)),
        ("440524188001010014", "male", date(1880, 1, 1)),
    ],
)
def test_a_right_number_says_sex_and_birth(number: str, sex: str, born: date) -> None:
    resident = parse(number, today=TODAY)
    assert (resident.value, resident.sex, resident.birth_date) == (number, sex, born)


@pytest.mark.parametrize(
    "typed", ["99010119580312049x", " 990101 19580312 049X", "９９０１０１１９５８０３１２０４９Ｘ"]
)
def test_what_people_type_is_normalised(typed: str) -> None:
    assert parse(typed, today=TODAY).value == "99010119580312049X"


def test_the_15_digit_form_is_upgraded() -> None:
    assert parse("990101580312003", today=TODAY).value == P1


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        ("990101195803120036", IdChecksum),
        ("99010119580312003X", IdChecksum),
        ("990101201802290014", IdDate),
        ("99010119580312003", IdFormat),
        ("9901011958031200355", IdFormat),
        ("99010119580312O035", IdFormat),
        ("", IdFormat),
        ("X90101195803120035", IdFormat),
    ],
)
def test_a_wrong_number_is_refused_for_the_right_reason(number: str, refusal: type[PatientRefusal]) -> None:
    with pytest.raises(refusal) as told:
        parse(number, today=TODAY)
    assert told.value.errors == [{"pointer": "/identifiers", "code": refusal.code}]


def test_a_birth_that_is_still_to_come_is_refused() -> None:
    seventeen = "99010120261124001"
    number = seventeen + check_character(seventeen)
    with pytest.raises(IdDate):
        parse(number, today=TODAY)
    assert parse(number, today=date(2026, 11, 24)).birth_date == date(2026, 11, 24)


def test_the_stated_sex_and_birth_must_agree_and_unknown_says_nothing() -> None:
    resident = parse(P1, today=TODAY)
    agree(resident, sex="unknown", birth_date=None)
    agree(resident, sex="male", birth_date=date(1958, 3, 12))
    with pytest.raises(IdSexMismatch):
        agree(resident, sex="female", birth_date=None)
    with pytest.raises(IdBirthMismatch):
        agree(resident, sex="male", birth_date=date(1958, 3, 13))


@given(st.integers(0, 16), st.integers(1, 9))
def test_no_single_wrong_digit_goes_unseen(place: int, off_by: int) -> None:
    digits = list(P1)
    digits[place] = str((int(digits[place]) + off_by) % 10)
    with pytest.raises((IdChecksum, IdDate)):
        parse("".join(digits), today=TODAY)


@given(st.integers(0, 15))
def test_no_two_swapped_neighbours_go_unseen(place: int) -> None:
    digits = list(P1)
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    if "".join(digits) == P1:
        return
    with pytest.raises((IdChecksum, IdDate)):
        parse("".join(digits), today=TODAY)


def test_all_eleven_check_characters_occur() -> None:
    assert {check_character(f"9901011958031200{n}") for n in range(10)} <= set(CHECK_CHARACTERS)
    assert {check_character(f"99010119580312{n:03}") for n in range(100)} == set(CHECK_CHARACTERS)
