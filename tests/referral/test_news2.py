"""NEWS2 against the chart of the Royal College of Physicians (2017)."""

from dataclasses import replace

import pytest

from referral.news2 import Risk, has_risen, news2
from referral.tickets import Vitals

WELL = Vitals(respiratory_rate=16, spo2=98, systolic=120, heart_rate=70, temperature=37.0)


def points(parameter: str, vitals: Vitals) -> int:
    score = news2(vitals)
    assert score is not None
    return score.parts[parameter]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(5, 3), (8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3), (40, 3)],
)
def test_respiration(rate: int, expected: int) -> None:
    assert points("respiratory_rate", replace(WELL, respiratory_rate=rate)) == expected


@pytest.mark.parametrize(
    ("spo2", "expected"), [(80, 3), (91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0), (100, 0)]
)
@pytest.mark.parametrize("on_oxygen", [False, True])
def test_saturation_on_scale_1_with_or_without_oxygen(spo2: int, expected: int, on_oxygen: bool) -> None:  # noqa: FBT001 - a case
    assert points("spo2", replace(WELL, spo2=spo2, on_oxygen=on_oxygen)) == expected


@pytest.mark.parametrize(
    ("spo2", "on_air", "on_oxygen"),
    [
        (83, 3, 3),
        (84, 2, 2),
        (85, 2, 2),
        (86, 1, 1),
        (87, 1, 1),
        (88, 0, 0),
        (92, 0, 0),
        (93, 0, 1),
        (94, 0, 1),
        (95, 0, 2),
        (96, 0, 2),
        (97, 0, 3),
        (100, 0, 3),
    ],
)
def test_saturation_on_scale_2_of_hypercapnic_failure(spo2: int, on_air: int, on_oxygen: int) -> None:
    patient = replace(WELL, spo2=spo2, hypercapnic=True)
    assert points("spo2", patient) == on_air
    assert points("spo2", replace(patient, on_oxygen=True)) == on_oxygen


@pytest.mark.parametrize(
    ("systolic", "expected"),
    [(70, 3), (90, 3), (91, 2), (100, 2), (101, 1), (110, 1), (111, 0), (219, 0), (220, 3)],
)
def test_systolic_pressure(systolic: int, expected: int) -> None:
    assert points("systolic", replace(WELL, systolic=systolic)) == expected


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(40, 3), (41, 1), (50, 1), (51, 0), (90, 0), (91, 1), (110, 1), (111, 2), (130, 2), (131, 3)],
)
def test_pulse(rate: int, expected: int) -> None:
    assert points("heart_rate", replace(WELL, heart_rate=rate)) == expected


@pytest.mark.parametrize(
    ("temperature", "expected"),
    [(34.0, 3), (35.0, 3), (35.1, 1), (36.0, 1), (36.1, 0), (38.0, 0), (38.1, 1), (39.0, 1), (39.1, 2), (41.0, 2)],
)
def test_temperature(temperature: float, expected: int) -> None:
    assert points("temperature", replace(WELL, temperature=temperature)) == expected


@pytest.mark.parametrize(("acvpu", "expected"), [("A", 0), ("C", 3), ("V", 3), ("P", 3), ("U", 3)])
def test_consciousness(acvpu: str, expected: int) -> None:
    assert points("consciousness", replace(WELL, consciousness=acvpu)) == expected


def test_oxygen_itself_counts_two() -> None:
    assert points("oxygen", replace(WELL, on_oxygen=True)) == 2


@pytest.mark.parametrize(
    ("vitals", "total", "risk"),
    [
        (WELL, 0, Risk.LOW),
        (replace(WELL, respiratory_rate=22, spo2=94, temperature=38.5), 4, Risk.LOW),
        (replace(WELL, systolic=85), 3, Risk.LOW_MEDIUM),
        (replace(WELL, respiratory_rate=22, spo2=93, heart_rate=95), 5, Risk.MEDIUM),
        (replace(WELL, respiratory_rate=25, systolic=90), 6, Risk.MEDIUM),
        (replace(WELL, respiratory_rate=25, systolic=90, heart_rate=95), 7, Risk.HIGH),
        (Vitals(None, 25, 80, True, 80, 40, 135, "U", 34.0), 20, Risk.HIGH),
    ],
)
def test_the_sum_sets_the_risk_and_one_three_alone_is_low_medium(vitals: Vitals, total: int, risk: Risk) -> None:
    score = news2(vitals)
    assert score is not None
    assert (score.total, score.risk, score.missing) == (total, risk, ())


def test_the_first_vitals_of_the_chest_pain_are_scored_and_what_is_missing_is_named() -> None:
    score = news2(Vitals(heart_rate=52, systolic=92, diastolic=58, spo2=94))
    assert score is not None
    assert (score.total, score.missing) == (3, ("respiratory_rate", "temperature"))


def test_too_little_measured_is_no_score() -> None:
    assert news2(Vitals(heart_rate=52, systolic=92)) is None
    assert news2(Vitals()) is None


def test_a_rise_by_a_class_asks_for_triage_and_a_fall_does_not() -> None:
    low, high = news2(WELL), news2(replace(WELL, respiratory_rate=25, systolic=90, heart_rate=95))
    assert has_risen(low, high)
    assert not has_risen(high, low)
    assert not has_risen(high, high)
    assert has_risen(None, high)
    assert not has_risen(low, None)
