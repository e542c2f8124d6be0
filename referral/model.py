"""The words of referrals and beds: directions, levels, pools, rules of a bed, and one sentence in two languages."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Direction(StrEnum):
    """Which way a patient goes (domain.md 2.3)."""

    UP = "up"
    DOWN = "down"
    LATERAL = "lateral"


class Level(IntEnum):
    """Triage level Ⅰ–Ⅳ, set by a clinician (2018 急诊预检分诊共识; domain.md 4)."""

    I = 1  # noqa: E741 - the field's own numeral
    II = 2
    III = 3
    IV = 4

    @property
    def numeral(self) -> str:
        """Return the Roman numeral as forms print it."""
        return "ⅠⅡⅢⅣ"[self - 1]

    @property
    def is_green(self) -> bool:
        """Tell whether the green channel takes it: accepted by the system, never refused for lack of a bed."""
        return self <= Level.II


class Pathway(StrEnum):
    """Time-critical pathways with clocks of their own."""

    CHEST_PAIN = "chest-pain"
    STROKE = "stroke"
    TRAUMA = "trauma"
    OBSTETRIC = "obstetric"


class ReasonCode(StrEnum):
    """Why a patient is sent on: upward and downward reasons (domain.md 2.3)."""

    BEYOND_CAPABILITY = "beyond-capability"
    UNCLEAR_DIAGNOSIS = "unclear-diagnosis"
    NEEDS_EQUIPMENT = "needs-equipment"
    CRITICAL = "critical"
    DESIGNATED_HOSPITAL = "designated-hospital"  # infectious, mental, occupational
    PATIENT_WISH = "patient-wish"
    ACUTE_PHASE_PAST = "acute-phase-past"
    REHABILITATION = "rehabilitation"
    LONG_TERM_CARE = "long-term-care"
    PALLIATIVE = "palliative"
    CLOUD_WARD = "cloud-ward"


class DeclineCode(StrEnum):
    """Why a receiver does not take a patient."""

    NO_BED = "no-bed"
    NO_CAPABILITY = "no-capability"
    WITHIN_SENDER_SCOPE = "within-sender-scope"
    WRONG_DEPARTMENT = "wrong-department"
    NOT_FIT_FOR_TRANSPORT = "not-fit-for-transport"
    NO_MEDICINE = "no-medicine"
    NO_EQUIPMENT = "no-equipment"
    OTHER = "other"


class Pool(StrEnum):
    """What a bed is for (domain.md 4): reserved beds are 扶贫床."""

    GENERAL = "general"
    RESERVED = "reserved"
    EMERGENCY = "emergency"


class BedKind(StrEnum):
    """A ward's bed, or a bay of the emergency department that takes whoever comes at level Ⅰ or Ⅱ."""

    BED = "bed"
    BAY = "bay"


class SexRule(StrEnum):
    """Whom a bed takes."""

    BOTH = "both"
    MALE = "male"
    FEMALE = "female"


class BedState(StrEnum):
    """What a board shows; derived: blocked > occupied > held > to-clean > available (lifecycles.md c)."""

    AVAILABLE = "available"
    HELD = "held"
    OCCUPIED = "occupied"
    TO_CLEAN = "to-clean"
    BLOCKED = "blocked"


class IntervalKind(StrEnum):
    """What keeps a bed: a promise with an expiry, or a patient in it."""

    HOLD = "hold"
    OCCUPANCY = "occupancy"


class IntervalState(StrEnum):
    """How an interval stands; only `live` ones keep a bed, and only inside their range."""

    LIVE = "live"
    CONSUMED = "consumed"
    RELEASED = "released"
    EXPIRED = "expired"
    PRE_EMPTED = "pre-empted"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A coded diagnosis: ICD-10 with the code system's version (domain.md 2.11)."""

    code: str
    system: str
    name: str


@dataclass(frozen=True, slots=True)
class Needs:
    """What a bed has to offer.

    Parameters
    ----------
    department
        Department of the receiver as its board names it, `CCU`, `心内`.
    isolation
        The patient needs a bed that can be isolated.
    icu
        The patient needs a monitored bed.
    devices
        Devices that have to be at the bed, `monitor`, `ventilator`, `oxygen`.
    """

    department: str
    isolation: bool = False
    icu: bool = False
    devices: tuple[str, ...] = ()
