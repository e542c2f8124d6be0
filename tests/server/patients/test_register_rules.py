"""Identifiers, record numbers, assistance and possible duplicates."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.patients.errors import IdFormat
from server.patients.identifiers import IdentifierSystem, masked, masked_phone, normalised, normalised_phone
from server.patients.matching import candidates
from server.patients.model import Assistance, Identifier, Patient, Sex
from server.patients.names import sound
from server.patients.record_number import record_number


def patient(key: str, name: str, **fields: Any) -> Patient:
    values: dict[str, Any] = {"sex": Sex.MALE, "birth_date": date(1958, 3, 12), "pinyin": sound(name).pinyin} | fields
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Patient(id=key, organization_id="T01", name=name, created_at=at, created_by="x", **values)


def test_a_resident_id_shows_its_first_and_last_four() -> None:
    assert masked("990101195803120035") == "9901**********0035"


def test_short_numbers_show_next_to_nothing() -> None:
    assert masked("E12345678") == "*******78"
    assert masked("1234") == "****"
    assert masked_phone("13800000187") == "138****0187"
    assert masked_phone("8801 0120") == "*******20"


@pytest.mark.parametrize("typed", ["138 0000 0187", "+86 138-0000-0187", "0086 13800000187", "１３８０００００１８７"])
def test_phone_numbers_are_one_however_typed(typed: str) -> None:
    assert normalised_phone(typed) == "13800000187"


def test_other_documents_are_normalised_and_checked() -> None:
    assert normalised(IdentifierSystem.PASSPORT, "e 1234 5678") == "E12345678"
    assert normalised(IdentifierSystem.LOCAL, " mr-0017 ") == "mr-0017"
    for system, value in (
        (IdentifierSystem.PASSPORT, "E1"),
        (IdentifierSystem.LOCAL, "a\nb"),
        (IdentifierSystem.BIRTH_CERTIFICATE, "123"),
    ):
        with pytest.raises(IdFormat):
            normalised(system, value)


def test_a_record_number_has_17_digits() -> None:
    assert record_number("990101100101", 23) == "99010110010100023"
    for area, serial in (("990101", 1), ("990101100101", 0), ("990101100101", 100_000)):
        with pytest.raises(ValueError, match="no record number"):
            record_number(area, serial)


def test_assistance_holds_on_both_its_days() -> None:
    held = Assistance("registered-poverty", date(2020, 1, 1), date(2020, 12, 31))
    assert held.is_active(date(2020, 1, 1))
    assert held.is_active(date(2020, 12, 31))
    assert not held.is_active(date(2021, 1, 1))
    assert not held.is_active(date(2019, 12, 31))


def test_age_counts_completed_years() -> None:
    p1 = patient("a", "马建国")
    assert (p1.age(date(2026, 3, 11)), p1.age(date(2026, 3, 12))) == (67, 68)
    assert patient("b", "无名氏", birth_date=None).age(date(2026, 1, 1)) is None


def test_name_and_birth_make_a_possible_duplicate_a_name_alone_does_not() -> None:
    subject = patient("a", "马建国")
    twin, namesake = patient("b", "马建国"), patient("c", "马建国", birth_date=date(1980, 1, 1))
    (found,) = candidates(subject, [subject, twin, namesake])
    assert found.patient is twin
    assert set(found.grounds) == {"name", "birth_date"}


def test_the_same_sound_with_birth_and_phone_is_worth_a_look() -> None:
    subject = patient("a", "马建国", phone="13800000187")
    (found,) = candidates(subject, [patient("b", "马剑国", phone="13800000187")])
    assert set(found.grounds) == {"pinyin", "birth_date", "phone"}


def test_two_valid_resident_ids_are_two_people() -> None:
    one = Identifier(IdentifierSystem.RESIDENT_ID, "990101195803120035")
    other = Identifier(IdentifierSystem.RESIDENT_ID, "99010119580312049X")
    assert not candidates(patient("a", "马建国", identifiers=(one,)), [patient("b", "马建国", identifiers=(other,))])


def test_nothing_that_identifies_stands_in_a_repr() -> None:
    shown = repr(patient("a", "马建国", phone="13800000187", identifiers=(Identifier(IdentifierSystem.LOCAL, "MR17"),)))
    assert not [word for word in ("马建国", "13800000187", "MR17", "1958") if word in shown]
