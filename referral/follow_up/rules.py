"""Numbers of follow-up as rows, and the tiers by which a patient is followed."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

FOLLOW_UP = "follow-up"

# Numbers of domain.md 0.3, 2.7, 2.9 (Att. 2) and A3. [S] a founding document, [K] national norms, [L] seen elsewhere,
# [P] our own.
DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "call_days": 3,  # [P]
        "tier_months": {"red": 1, "yellow": 3, "green": 6},  # [S] S2:176-181
        "register_months": 3,  # [K] four face visits a year for registered hypertension and type 2 diabetes
        "uncontrolled_days": 14,  # [L] the first uncontrolled value, and after every referral
        "ecg_prefixes": ["I21", "I22"],
        "ecg_months": 1,  # domain.md A2
        "red_prefixes": ["I21", "I22", "I25.2", "I60", "I61", "I63", "I64"],  # post-infarction stays red; stroke [P]
        "hypertension_prefixes": ["I10", "I11", "I12", "I13", "I15"],
        "diabetes_prefixes": ["E11", "E12", "E13", "E14"],
        "pressure": [140, 90],  # [L] mmHg, below
        "pressure_old": [150, 90],  # [K] from `old_from` years on
        "old_from": 65,
        "urgent_pressure": [180, 110],  # [L] mmHg, from
        "fasting_glucose": 7.0,  # [L] mmol/L, below
        "urgent_glucose": [3.9, 16.7],  # [L] mmol/L, at most, at least
        "urgent_heart_rate": 100,  # [L] of a diabetic, above
        "urgent_temperature": 39.0,  # [L] of a diabetic, above
        "overdue_days": 1,  # domain.md A3: on the list
        "lead_days": 7,  # domain.md A3: the township's lead
    }
)


class RiskTier(StrEnum):
    """How closely a patient is followed (S2:176-181); not the colour of an archive, nor of triage."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class FollowUpRules:
    """The numbers of a row of the rule kind `follow-up`; names and units as in `DEFAULTS`."""

    version: int
    call: timedelta
    tier_months: Mapping[RiskTier, int]
    register_months: int
    uncontrolled: timedelta
    ecg_months: int
    prefixes: Mapping[str, tuple[str, ...]]
    pressure: tuple[int, int]
    pressure_old: tuple[int, int]
    old_from: int
    urgent_pressure: tuple[int, int]
    fasting_glucose: float
    urgent_glucose: tuple[float, float]
    urgent_heart_rate: int
    urgent_temperature: float
    overdue_days: int
    lead_days: int

    def interval(self, tier: RiskTier, *, registered: bool) -> int:
        """Return the months to the next visit: the tier's, and on a register never more than its own."""
        months = self.tier_months[tier]
        return min(months, self.register_months) if registered else months

    def names(self, what: str, code: str) -> bool:
        """Tell whether a diagnosis is one of those that a rule names by their beginning."""
        return code.strip().upper().startswith(self.prefixes[what])


def follow_up_rules(version: int, row: Mapping[str, Any]) -> FollowUpRules:
    """Return the rules of a row; what it does not name is the default's."""
    data = {**DEFAULTS, **row}
    months = {**DEFAULTS["tier_months"], **data["tier_months"]}
    return FollowUpRules(
        version=version,
        call=timedelta(days=data["call_days"]),
        tier_months={tier: int(months[tier.value]) for tier in RiskTier},
        register_months=int(data["register_months"]),
        uncontrolled=timedelta(days=data["uncontrolled_days"]),
        ecg_months=int(data["ecg_months"]),
        prefixes={what: tuple(data[f"{what}_prefixes"]) for what in ("ecg", "red", "hypertension", "diabetes")},
        pressure=_pair(data["pressure"]),
        pressure_old=_pair(data["pressure_old"]),
        old_from=int(data["old_from"]),
        urgent_pressure=_pair(data["urgent_pressure"]),
        fasting_glucose=float(data["fasting_glucose"]),
        urgent_glucose=(float(data["urgent_glucose"][0]), float(data["urgent_glucose"][1])),
        urgent_heart_rate=int(data["urgent_heart_rate"]),
        urgent_temperature=float(data["urgent_temperature"]),
        overdue_days=int(data["overdue_days"]),
        lead_days=int(data["lead_days"]),
    )


def _pair(numbers: Sequence[int]) -> tuple[int, int]:
    first, second = numbers
    return int(first), int(second)


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
