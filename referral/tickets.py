"""The referral ticket: who goes from where to where, with what, and how far it is; frozen facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from referral.model import Diagnosis, Direction, Level, Needs, Pathway


class TicketState(StrEnum):
    """States of both tables (lifecycles.md b); upward and lateral tickets, then what downward ones add."""

    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    INFO_NEEDED = "info-needed"
    ACCEPTED = "accepted"
    BED_HELD = "bed-held"
    EN_ROUTE = "en-route"
    ARRIVED = "arrived"
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    OUTCOME_SENT = "outcome-sent"
    CANCEL_REQUESTED = "cancel-requested"
    HANDED_OVER = "handed-over"
    TAKEN_OVER = "taken-over"
    FIRST_VISIT_DONE = "first-visit-done"
    ADVISED = "advised"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    DIED = "died"
    NOT_ARRIVED = "not-arrived"
    ADMITTED_ELSEWHERE = "admitted-elsewhere"


TERMINAL = frozenset(
    {
        TicketState.ADVISED,
        TicketState.DECLINED,
        TicketState.REDIRECTED,
        TicketState.CLOSED,
        TicketState.CANCELLED,
        TicketState.DIED,
        TicketState.NOT_ARRIVED,
        TicketState.ADMITTED_ELSEWHERE,
    }
)
# The patient is not on the way yet, or not any more: another ticket to the same department may be sent.
APART = TERMINAL | {
    TicketState.DRAFT,
    TicketState.DISCHARGED,
    TicketState.OUTCOME_SENT,
    TicketState.FIRST_VISIT_DONE,
}


@dataclass(frozen=True, slots=True)
class Vitals:
    """Vital signs at one time; None where nobody measured.

    Parameters
    ----------
    respiratory_rate
        Breaths a minute.
    spo2
        Oxygen saturation, %.
    on_oxygen
        Breathing supplemental oxygen.
    systolic, diastolic
        Blood pressure, mmHg.
    heart_rate
        Beats a minute.
    consciousness
        ACVPU: `A` alert, `C` newly confused, `V` voice, `P` pain, `U` unresponsive.
    temperature
        °C.
    """

    at: datetime | None = None
    respiratory_rate: int | None = None
    spo2: int | None = None
    on_oxygen: bool = False
    systolic: int | None = None
    diastolic: int | None = None
    heart_rate: int | None = None
    consciousness: str = "A"
    temperature: float | None = None
    hypercapnic: bool = False


@dataclass(frozen=True, slots=True)
class Transport:
    """How the patient comes: vehicle, escort, whom to phone on the road."""

    mode: str = ""  # ambulance, own, other
    vehicle: str = ""
    escort: str = ""
    phone: str = ""
    driver: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the patient or a relative agreed to; an emergency gives it afterwards (民法典 1220)."""

    given: bool = False
    by: str = ""
    relation: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """What travels with the patient (domain.md 2.3): words for the form and links into the record."""

    summary: str = ""  # 初步印象 and why now
    present_history: str = ""  # 主要现病史(转出原因)
    past_history: str = ""  # 主要既往史
    treatment: str = ""  # 治疗经过
    allergies: str = ""
    medicines: tuple[str, ...] = ()
    vitals: Vitals | None = None
    study_uids: tuple[str, ...] = ()
    report_ids: tuple[str, ...] = ()
    consent: Consent = Consent()
    transport: Transport = Transport()
    onset_at: datetime | None = None
    attention: str = ""  # 注意事项


@dataclass(frozen=True, slots=True)
class HomePlan:
    """What a downward ticket brings home; a plan is refused while a part of it is missing.

    Parameters
    ----------
    discharge_summary
        诊断结果, 主要检查结果 and 治疗经过 of the return form.
    case_number
        住院病案号.
    medicines
        Each with dose and how long.
    rehabilitation
        下一步治疗方案及康复建议.
    first_visit_due
        Day of the first face visit; the rules give one where the hospital does not.
    equipment
        What the township has to have.
    cloud_ward, stable, round_plan
        A stable inpatient moves to a township bed with daily remote rounds (云病房).
    """

    discharge_summary: str = ""
    results: str = ""
    case_number: str = ""
    medicines: tuple[str, ...] = ()
    warning_signs: str = ""
    rehabilitation: str = ""
    first_visit_due: date | None = None
    equipment: tuple[str, ...] = ()
    risk_tier: str = "yellow"
    inpatient: bool = False
    cloud_ward: bool = False
    stable: bool = False
    round_plan: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the patient, as the sender learns it."""

    diagnosis: str = ""
    treatment: str = ""
    advice: str = ""
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One referral.

    Parameters
    ----------
    number
        What people say aloud, `R-2611-0387-K`.
    episode_id
        The id of the first ticket of this illness; successors, returns and bounce-backs share it.
    to_organization_id
        None where the receiver is outside the network: `outside_name` names it then.
    waiting_since
        When the ticket was submitted; kept through lost holds and redirects (the wait of the bed rule).
    deadline_at
        When the next person is late; every live ticket has one.
    bed_id, hold_id
        The bed that is held for it or lies under it; `in_bay` says that the emergency bay receives it meanwhile.
    timeline
        When each state was first reached: state -> instant.
    unscheduled_reason
        Why the sender goes on although the guide says that its own level treats this.
    manual_rank
        What a person put in the rule's place, with `manual_reason`; None follows the rule.
    recorded_at
        When a ticket that was worked on paper came in; `created_at` is then when it was written.
    """

    id: str
    number: str
    direction: Direction
    state: TicketState
    version: int
    patient_id: str
    episode_id: str
    from_organization_id: str
    to_organization_id: str | None
    department: str
    level: Level
    reason_code: str
    diagnosis: Diagnosis
    needs: Needs
    package: Package
    created_at: datetime
    created_by: str
    pathway: Pathway | None = None
    outside_name: str = ""
    travel_minutes: int = 0
    waiting_since: datetime | None = None
    deadline_at: datetime | None = None
    paused_at: datetime | None = None
    paused_seconds: int = 0
    info_rounds: int = 0
    question: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    handler_id: str | None = None  # who opened it at the receiver
    expected_arrival_at: datetime | None = None
    bed_id: str | None = None
    hold_id: str | None = None
    in_bay: bool = False
    earmark: str = ""  # a note for a later bed; blocks nobody
    plan: HomePlan | None = None
    outcome: Outcome | None = None
    based_on: str | None = None
    bounce_of: str | None = None
    predecessor_id: str | None = None
    successor_id: str | None = None
    cancelled_from: TicketState | None = None
    reason_text: str = ""  # of the last decline, redirect, cancel, advice
    decision_code: str = ""
    unscheduled_reason: str = ""
    manual_rank: int | None = None
    manual_reason: str = ""
    rule_version: int = 0
    recorded_at: datetime | None = None
    timeline: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_live(self) -> bool:
        """Tell whether anything can still happen to it."""
        return self.state not in TERMINAL

    @property
    def is_on_its_way(self) -> bool:
        """Tell whether it is followed instead of sending another one to the same department."""
        return self.state not in APART

    @property
    def receives(self) -> str:
        """Return the receiving organization, "" outside the network."""
        return self.to_organization_id or ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who somebody is to one ticket: each word of the tables, yes or no."""

    user_id: str
    name: str = ""
    sender: bool = False  # cares for the patient where the ticket comes from
    sender_lead: bool = False  # medical affairs there
    desk: bool = False  # referral desk of the receiver
    doctor: bool = False  # physician of the receiver
    ward: bool = False  # ward nurse of the receiver
    lead: bool = False  # medical affairs of the receiver
    family: bool = False  # family doctor who takes a patient over


SYSTEM = Party("system", "系统")
