"""NEWS2, the early warning score of vital signs: an aid that is shown, never a key of the queue.

It was made for adults in hospital: not for children under 16, nor in pregnancy.

References
----------
Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017: chart 1 (the scoring system) and
chart 2 (thresholds and triggers). The chart is the college's; unlike a deadline it is no county's to change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from referral.tickets import Vitals


class Risk(StrEnum):
    """Clinical risk (chart 2): one parameter of 3 points alone is low-medium."""

    LOW = "low"
    LOW_MEDIUM = "low-medium"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Score:
    """A score; while something is missing it is the least that the patient has.

    Parameters
    ----------
    total
        0 to 20.
    missing
        What nobody measured, by the fields of `Vitals`.
    parts
        Points of each parameter that was measured.
    """

    total: int
    risk: Risk
    missing: tuple[str, ...]
    parts: Mapping[str, int]


# (highest value, points) in ascending order; what lies above the last scores the number beside it.
Bands = tuple[tuple[tuple[float, int], ...], int]

RESPIRATION: Bands = (((8, 3), (11, 1), (20, 0), (24, 2)), 3)  # breaths a minute
SATURATION_1: Bands = (((91, 3), (93, 2), (95, 1)), 0)  # %
SATURATION_2_AIR: Bands = (((83, 3), (85, 2), (87, 1)), 0)  # %, target 88–92: hypercapnic respiratory failure
SATURATION_2_OXYGEN: Bands = (((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2)), 3)
SYSTOLIC: Bands = (((90, 3), (100, 2), (110, 1), (219, 0)), 3)  # mmHg
PULSE: Bands = (((40, 3), (50, 1), (90, 0), (110, 1), (130, 2)), 3)  # beats a minute
TEMPERATURE: Bands = (((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1)), 2)  # °C
OXYGEN, UNALERT = 2, 3
MEASURED = ("respiratory_rate", "spo2", "systolic", "heart_rate", "temperature")
LEAST_MEASURED = 3  # fewer say too little to show a number
MEDIUM_FROM, HIGH_FROM, ALONE = 5, 7, 3


def news2(vitals: Vitals) -> Score | None:
    """Return the score of vital signs, None where fewer than three of the five measured ones are there.

    SpO2 is scored on scale 2 for a patient with known hypercapnic respiratory failure (`vitals.hypercapnic`).
    """
    values: Mapping[str, float | None] = {name: getattr(vitals, name) for name in MEASURED}
    bands = {
        "respiratory_rate": RESPIRATION,
        "spo2": _saturation(vitals),
        "systolic": SYSTOLIC,
        "heart_rate": PULSE,
        "temperature": TEMPERATURE,
    }
    parts = {name: _points(bands[name], value) for name, value in values.items() if value is not None}
    if len(parts) < LEAST_MEASURED:
        return None
    parts["oxygen"] = OXYGEN if vitals.on_oxygen else 0
    parts["consciousness"] = 0 if vitals.consciousness == "A" else UNALERT
    missing = tuple(name for name, value in values.items() if value is None)
    total = sum(parts.values())
    return Score(total, _risk(total, tuple(parts.values())), missing, MappingProxyType(parts))


def has_risen(before: Score | None, after: Score | None) -> bool:
    """Tell whether the risk rose by a class or more: then a clinician is asked to triage again, the rank stays."""
    if after is None:
        return False
    ranks = list(Risk)
    return ranks.index(after.risk) > (ranks.index(before.risk) if before is not None else 0)


def _saturation(vitals: Vitals) -> Bands:
    if not vitals.hypercapnic:
        return SATURATION_1
    return SATURATION_2_OXYGEN if vitals.on_oxygen else SATURATION_2_AIR


def _points(bands: Bands, value: float) -> int:
    limits, above = bands
    return next((points for highest, points in limits if round(value, 1) <= highest), above)


def _risk(total: int, parts: Sequence[int]) -> Risk:
    if total >= HIGH_FROM:
        return Risk.HIGH
    if total >= MEDIUM_FROM:
        return Risk.MEDIUM
    return Risk.LOW_MEDIUM if ALONE in parts else Risk.LOW
