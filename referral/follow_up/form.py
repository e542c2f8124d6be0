"""What a visit writes down, and what it may not say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from referral.errors import BloodPressureOrder, OutOfRange, ReferralRefusal, VisitInFuture


class Adherence(StrEnum):
    """How the medicines are taken: 规律, 间断, 不服药."""

    REGULAR = "regular"
    INTERMITTENT = "intermittent"
    NONE = "none"


class Mode(StrEnum):
    """How the patient was seen: 门诊, 家庭, 电话."""

    CLINIC = "clinic"
    HOME = "home"
    PHONE = "phone"


class Danger(StrEnum):
    """Signs that make a transfer urgent whatever the numbers (forms of 2.7)."""

    CONSCIOUSNESS = "consciousness"
    SEVERE_HEADACHE = "severe-headache"
    VISION = "vision"
    CHEST_PAIN = "chest-pain"
    DYSPNOEA = "dyspnoea"
    KETOTIC_BREATH = "ketotic-breath"
    COMA = "coma"


@dataclass(frozen=True, slots=True)
class Form:
    """What a visit wrote down (随访记录表, domain.md 2.9 Att. 2 and the forms of 2.7); None where nobody measured.

    Parameters
    ----------
    on
        Day of the visit in the county.
    systolic, diastolic
        mmHg.
    glucose
        Fasting, mmol/L.
    hba1c
        %.
    weight, temperature, heart_rate
        kg, °C, beats a minute.
    adverse_reaction
        An adverse reaction that is hard to manage.
    new_complication
        A complication that was not there at the last visit.
    condition
        病情变化: `cured`, `better`, `stable`, `worse`, `died`.
    self_paid
        费用自付, fen.
    """

    on: date
    mode: Mode = Mode.CLINIC
    systolic: int | None = None
    diastolic: int | None = None
    glucose: float | None = None
    hba1c: float | None = None
    weight: float | None = None
    heart_rate: int | None = None
    temperature: float | None = None
    symptoms: tuple[str, ...] = ()
    dangers: frozenset[Danger] = frozenset()
    pregnant: bool = False  # or breast-feeding
    adherence: Adherence = Adherence.REGULAR
    adverse_reaction: bool = False
    new_complication: bool = False
    medicines: tuple[str, ...] = ()
    condition: str = ""
    rehabilitation: str = ""
    lifestyle: str = ""
    problems: str = ""
    self_paid: int | None = None


# Lowest and highest value of a living person [P], then what another unit's numbers look like: unit, from, to, divisor.
Span = tuple[float, float]
RANGES: Mapping[str, Span] = MappingProxyType(
    {
        "systolic": (50, 300),
        "diastolic": (20, 200),
        "glucose": (0.5, 50.0),
        "hba1c": (3.0, 20.0),
        "weight": (0.5, 300.0),
        "heart_rate": (20, 300),
        "temperature": (25.0, 45.0),
    }
)
OTHER_UNITS: Mapping[str, tuple[str, str, Span, float, float]] = MappingProxyType(
    {  # unit likely meant, our unit, its range, what is taken off, what it is divided by
        "systolic": ("kPa", "mmHg", (6.0, 40.0), 0.0, 0.1333),
        "diastolic": ("kPa", "mmHg", (3.0, 19.9), 0.0, 0.1333),
        "glucose": ("mg/dL", "mmol/L", (50.1, 900.0), 0.0, 18.0),
        "hba1c": ("mmol/mol", "%", (20.1, 200.0), -23.5, 10.93),
        "temperature": ("°F", "°C", (77.0, 113.0), 32.0, 1.8),
    }
)


def check(form: Form, *, today: date) -> tuple[ReferralRefusal, ...]:
    """Return why a form cannot be true, in order: a visit to come, a pressure upside down, a value out of range.

    Parameters
    ----------
    today
        The county's day.
    """
    found: list[ReferralRefusal] = []
    if form.on > today:
        found.append(VisitInFuture(form.on.isoformat()))
    if form.systolic is not None and form.diastolic is not None and form.systolic <= form.diastolic:
        found.append(BloodPressureOrder(f"{form.systolic}/{form.diastolic}"))
    for field, (lowest, highest) in RANGES.items():
        value: float | None = getattr(form, field)
        if value is not None and not lowest <= value <= highest:
            found.append(OutOfRange(field, _hint(field, value, lowest, highest)))
    return tuple(found)


def _hint(field: str, value: float, lowest: float, highest: float) -> str:
    """Name the unit that is likely meant, with the value in ours; else the range."""
    other = OTHER_UNITS.get(field)
    if other is not None:
        unit, ours, (least, most), taken_off, divisor = other
        if least <= value <= most:
            return f"{unit}? {value:g} {unit} = {(value - taken_off) / divisor:.1f} {ours}"
    return f"{lowest:g}–{highest:g}"
