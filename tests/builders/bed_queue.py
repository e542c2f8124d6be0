"""Claims, beds and holds for tests of the rule of the beds: each shows only what matters."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from referral.beds import Allotted, BedRules, Claim, allocate, bed_rules
from referral.model import BedKind, IntervalKind, IntervalState, Level, Needs, Pool, SexRule
from referral.wards import Bed, BedNow, Interval

NOW = datetime(2026, 11, 23, 0, 37, tzinfo=UTC)  # 08:37 in the county
RULES = bed_rules(7, {})
CARDIO = "心内"


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def a_claim(ticket_id: str, level: Level, waited: timedelta = timedelta(), travel: int = 0, **more: Any) -> Claim:
    """Return a claim of a woman for cardiology who does not belong to a priority category."""
    fields: dict[str, Any] = {"needs": Needs(CARDIO), "sex": "female", "age": 60} | more
    fields |= {name: fields.get(name, False) for name in ("bed_priority", "provisional")}
    return Claim(ticket_id, level, waiting_since=NOW - waited, travel_minutes=travel, **fields)


def a_bed(label: str, pool: Pool = Pool.GENERAL, **more: Any) -> Bed:
    fields: dict[str, Any] = {"department": CARDIO, "ward_id": "C01-心内"} | more
    return Bed(f"C01/{label}", "C01", label=label, pool=pool, **fields)


def a_bay(label: str) -> Bed:
    return a_bed(label, Pool.EMERGENCY, kind=BedKind.BAY, department="急诊", ward_id="C01-急诊")


def free(*beds: Bed) -> list[BedNow]:
    return [BedNow(bed) for bed in beds]


def held(bed: Bed, level: Level, *, until: timedelta = timedelta(hours=1), **more: Any) -> BedNow:
    """Return a bed with a live hold, made an hour ago."""
    hold = Interval(f"H-{bed.label}", bed.id, IntervalKind.HOLD, IntervalState.LIVE, NOW - hours(1), NOW + until)
    return BedNow(bed, hold=replace(hold, level=level, ticket_id=more.pop("ticket_id", f"T-{bed.label}"), **more))


def occupied(bed: Bed, expected_end: datetime | None = None) -> BedNow:
    stay = Interval(f"S-{bed.label}", bed.id, IntervalKind.OCCUPANCY, IntervalState.LIVE, NOW - hours(30), None)
    return BedNow(bed, occupancy=replace(stay, patient_id=f"P-{bed.label}", expected_end_at=expected_end))


def placed(
    claims: Iterable[Claim], beds: Iterable[BedNow], rules: BedRules = RULES, **more: Any
) -> dict[str, Allotted]:
    return dict(allocate(claims, list(beds), rules, now=NOW, **more))


def woman_only(label: str) -> Bed:
    return a_bed(label, sex=SexRule.FEMALE)
