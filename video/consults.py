"""The consult: who asks whom about which patient, what was written, and how far it is; frozen facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from video.model import Adopted, ConsultMode, Diagnosis, Service, Urgency


class ConsultState(StrEnum):
    """Where a consult stands (lifecycles.md d)."""

    REQUESTED = "requested"
    TRIAGED = "triaged"
    RINGING = "ringing"
    SLOT_HELD = "slot-held"
    SCHEDULED = "scheduled"
    LOBBY_OPEN = "lobby-open"
    WAITING = "waiting"
    IN_CALL = "in-call"
    INTERRUPTED = "interrupted"
    DOCUMENTING = "documenting"
    SIGNED = "signed"
    ADOPTED = "adopted"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    NO_SHOW = "no-show"


TERMINAL = frozenset({ConsultState.CLOSED, ConsultState.REFUSED, ConsultState.CANCELLED, ConsultState.NO_SHOW})


@dataclass(frozen=True, slots=True)
class Vitals:
    """Vital signs; None where nobody measured. Pressures in mmHg, saturation in %, temperature in °C."""

    at: datetime | None = None
    systolic: int | None = None
    diastolic: int | None = None
    heart_rate: int | None = None
    respiratory_rate: int | None = None
    spo2: int | None = None
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """The patient's written word, or who approved an emergency without it and why (domain.md 2.1).

    Parameters
    ----------
    by, relation
        Who signed, and what she is to the patient; "" is the patient.
    document
        Where the paper or the tablet's page is filed.
    approved_by
        The inviter's responsible person, a user's id; for an emergency only.
    """

    written: bool = False
    by: str = ""
    relation: str = ""
    at: datetime | None = None
    document: str = ""
    approved_by: str = ""
    approval_reason: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """The application form (远程会诊申请单, domain.md 2.2).

    Parameters
    ----------
    specialties
        What the invitee's experts have to practise; one for each seat of an MDT.
    title, expert_id
        The title wanted, or the expert by name.
    wanted_times
        Up to three.
    fee
        The fee in words, or why there is none.
    """

    specialties: tuple[str, ...] = ()
    title: str = ""
    expert_id: str = ""
    department: str = ""  # the inviter's
    phone: str = ""
    visit_number: str = ""  # 门诊/住院号
    ward: str = ""
    bed: str = ""
    insurance: str = ""  # 参保类型
    chief_complaint: str = ""  # 主诉
    present_history: str = ""  # 现病史
    past_history: str = ""  # 既往史
    allergies: str = ""
    examination: str = ""  # 体格检查
    vitals: Vitals | None = None
    summary: str = ""  # 病历摘要
    diagnosis: Diagnosis = field(default_factory=Diagnosis)  # 初步诊断
    results: str = ""  # 辅助检查结果
    study_uids: tuple[str, ...] = ()
    report_ids: tuple[str, ...] = ()
    treatment: str = ""  # 诊疗过程
    reason: str = ""  # 会诊原因
    purpose: str = ""  # 会诊目的
    wanted_times: tuple[datetime, ...] = ()
    fee: str = ""
    approval: str = ""  # 科室/医务科
    consent: Consent = Consent()


@dataclass(frozen=True, slots=True)
class Teaching:
    """A consult opened to a class (教学): who may look on, and the patient's written word to that.

    Parameters
    ----------
    organizations, people
        Houses whose staff may look on, and persons: user ids.
    consent
        To being looked at by them; a consent to the consult is none to this (个人信息保护法 29).
    """

    consent: Consent
    opened_at: datetime
    opened_by: str
    organizations: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether people may look on."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Adoption:
    """What the inviter made of the opinion (采纳情况); `reason` where it is not the whole."""

    what: Adopted
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Consult:
    """One consult.

    Parameters
    ----------
    number
        What people say aloud, `H-2611-0012-K`.
    experts
        User ids of the invitee's experts; the first is the host and signs.
    rung
        How many of them have been rung since somebody rang for one; 0 while nobody is.
    offered_by
        Which side's slots wait to be chosen from, "" for nobody's.
    in_writing
        Answered without a call.
    deadline_at
        When the next person is late; every live consult has one.
    timeline
        When each state was first reached: state -> instant.
    """

    id: str
    number: str
    state: ConsultState
    version: int
    service: Service
    urgency: Urgency
    mode: ConsultMode
    patient_id: str
    from_organization_id: str
    to_organization_id: str
    application: Application
    created_at: datetime
    created_by: str
    experts: tuple[str, ...] = ()
    rung: int = 0
    offered_by: str = ""
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    in_writing: bool = False
    adoption: Adoption | None = None
    teaching: Teaching | None = None
    reason_text: str = ""  # of the last refusal, cancellation, new date, close without an opinion
    deadline_at: datetime | None = None
    rule_version: int = 0
    timeline: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_live(self) -> bool:
        """Tell whether anything can still happen to it."""
        return self.state not in TERMINAL

    @property
    def is_class(self) -> bool:
        """Tell whether it is open for teaching."""
        return self.teaching is not None and self.teaching.is_open

    @property
    def invited_houses(self) -> tuple[str, ...]:
        """Return the houses whose staff may look on."""
        return self.teaching.organizations if self.teaching and self.is_class else ()

    @property
    def host(self) -> str:
        """Return who leads it and signs, "" before triage."""
        return self.experts[0] if self.experts else ""


@dataclass(frozen=True, slots=True)
class OpinionText:
    """What the experts write (远程会诊意见书, domain.md 2.2).

    Parameters
    ----------
    findings
        What was looked at: studies, tracings, results.
    refer, refer_level
        Whether to send the patient on and at which level; None until somebody decided.
    insufficient, limits
        The data did not suffice, and what is missing: then nothing is guessed.
    """

    findings: str = ""
    diagnosis: str = ""
    differential: str = ""
    further_tests: str = ""
    treatment: str = ""
    refer: bool | None = None
    refer_level: int | None = None
    insufficient: bool = False
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """The opinion of one consult; `body` holds the signed bytes, `digest` their SHA-256."""

    consult_id: str
    number: str
    version: int
    text: OpinionText
    created_at: datetime
    updated_at: datetime
    updated_by: str
    body: str | None = None
    digest: str | None = None
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """An expert's word over exactly these bytes: the host's, or that of one who wrote with her."""

    id: str
    consult_id: str
    user_id: str
    role: str  # host, expert
    method: str
    digest: str
    at: datetime
    voided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """When an expert can be booked on one day of the week (1 is Monday), clock times of the county."""

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Expert:
    """A physician who may be invited, with her credentials and hours.

    Parameters
    ----------
    practising_since
        Since when she works independently.
    slot_minutes
        How long one of her slots is.
    """

    id: str
    name: str
    title: str
    organization_id: str
    specialties: tuple[str, ...]
    practising_since: date
    licence: str = ""
    hours: tuple[Hours, ...] = ()
    slot_minutes: int = 30
    version: int = 1

    def years(self, on: date) -> int:
        """Return completed years of independent work on a day."""
        since = self.practising_since
        return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that is kept for a consult on both sides; `resources` are the experts and the inviter's room.

    Parameters
    ----------
    held_until
        So long an offer is kept; a booked one is kept until it is released.
    """

    id: str
    consult_id: str
    begins_at: datetime
    ends_at: datetime
    resources: tuple[str, ...]
    held_until: datetime
    booked_at: datetime | None = None
    released_at: datetime | None = None

    def keeps(self, now: datetime) -> bool:
        """Tell whether it still keeps its time from others."""
        return self.released_at is None and (self.booked_at is not None or self.held_until > now)


@dataclass(frozen=True, slots=True)
class Party:
    """Who somebody is to one consult: each word of the table, yes or no."""

    user_id: str
    name: str = ""
    sender: bool = False  # cares for the patient at the inviter
    sender_lead: bool = False  # medical affairs there
    desk: bool = False  # arranges consults at the invitee
    lead: bool = False  # medical affairs of the invitee
    expert: bool = False  # one of the consult's experts
    host: bool = False  # the first of them
    patient: bool = False  # came by a personal link
    invited: bool = False  # named to look on


SYSTEM = Party("system", "系统")


def expert_resource(user_id: str) -> str:
    """Return how an expert stands in the calendar."""
    return f"expert:{user_id}"


def room_resource(organization_id: str) -> str:
    """Return how a house's consult room stands in the calendar: one room each."""
    return f"room:{organization_id}"
