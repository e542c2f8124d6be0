"""Possible duplicates: a score for a person to look at; nothing is ever merged by itself (domain 2.11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.patients.model import Patient, Sex
from server.patients.names import same_name

THRESHOLD = 60  # of 100: a name alone (45) is not worth showing, name with birth date or phone is


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the same person, and what speaks for it."""

    patient: Patient
    score: int
    grounds: tuple[str, ...]


def candidates(subject: Patient, others: Sequence[Patient]) -> list[Candidate]:
    """Return records that look like the same person, likeliest first; two valid resident IDs settle it: no."""
    found = [_compare(subject, other) for other in others if other.id != subject.id and not _two_people(subject, other)]
    return sorted((c for c in found if c.score >= THRESHOLD), key=lambda c: (-c.score, c.patient.id))


def _two_people(one: Patient, other: Patient) -> bool:
    return one.resident_id is not None and other.resident_id is not None and one.resident_id != other.resident_id


def _compare(one: Patient, other: Patient) -> Candidate:
    grounds: list[str] = []
    score = 0
    if same_name(one.name, other.name):
        score, grounds = score + 45, [*grounds, "name"]
    elif one.pinyin and one.pinyin == other.pinyin:
        score, grounds = score + 30, [*grounds, "pinyin"]
    if one.birth_date is not None and one.birth_date == other.birth_date:
        score, grounds = score + 30, [*grounds, "birth_date"]
    if one.phone and one.phone == other.phone:
        score, grounds = score + 20, [*grounds, "phone"]
    if Sex.UNKNOWN not in {one.sex, other.sex}:
        if one.sex is other.sex:
            score += 5
        else:
            score -= 40
    return Candidate(other, score, tuple(grounds))
