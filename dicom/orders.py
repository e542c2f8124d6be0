"""Reading orders, reports and signatures as frozen records; their states move in `dicom.reading` only."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from dicom.model import Flag, Kind, Priority, Reason


class OrderState(StrEnum):
    """Where a reading order stands (lifecycles.md a)."""

    RECEIVING = "receiving"
    QUARANTINED = "quarantined"
    UNROUTED = "unrouted"
    READY = "ready"
    CLAIMED = "claimed"
    RETURNED = "returned"
    AWAITING_VERIFICATION = "awaiting-verification"
    FINAL = "final"
    AMENDING = "amending"
    CANCEL_REQUESTED = "cancel-requested"
    CANCELLED = "cancelled"


class ReportState(StrEnum):
    """Where one edition of a report stands."""

    DRAFT = "draft"
    PRELIMINARY = "preliminary"
    SIGNED = "signed"
    RELEASED = "released"
    SUPERSEDED = "superseded"


class AmendKind(StrEnum):
    """Why a released report gets another edition."""

    ADDENDUM = "addendum"
    CORRECTION = "correction"
    IDENTITY_ERROR = "identity-error"


class ReturnCode(StrEnum):
    """Why a study goes back to those who sent it."""

    SIDE_MARKER = "side-marker"
    POSITIONING = "positioning"
    QUALITY = "quality"
    INCOMPLETE = "incomplete"
    LEADS = "leads"
    HISTORY = "history"
    IDENTITY = "identity"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ReadingOrder:
    """What a township asks a centre to read, and how far that is."""

    id: str
    number: str
    kind: Kind
    state: OrderState
    version: int
    priority: Priority
    organization_id: str
    created_at: datetime
    centre_id: str | None = None
    centre_organization_id: str | None = None
    patient_id: str | None = None
    study_uid: str | None = None
    accession: str = ""
    question: str = ""
    history: str = ""
    expected_instances: int | None = None
    unrequested: bool = False
    requested_by: str | None = None
    complete_at: datetime | None = None
    due_at: datetime | None = None
    limit_minutes: int | None = None
    paused_at: datetime | None = None
    paused_seconds: int = 0
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    claim_expires_at: datetime | None = None
    reader_id: str | None = None
    cancelled_from: OrderState | None = None
    return_code: str | None = None
    return_reason: str = ""
    route: Reason | None = None
    rule_version: int | None = None
    fee_waiver: str = ""
    flags: tuple[Flag, ...] = ()
    final_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportText:
    """What a physician writes."""

    findings: str = ""
    impression: str = ""
    positive: bool = False
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One edition of the report of an order; `body` holds the signed bytes, `digest` their SHA-256."""

    id: str
    order_id: str
    number: str
    edition: int
    state: ReportState
    version: int
    created_at: datetime
    updated_at: datetime
    text: ReportText = ReportText()
    amend_kind: AmendKind | None = None
    amend_reason: str | None = None
    author_id: str | None = None
    signed_at: datetime | None = None
    verifier_id: str | None = None
    released_at: datetime | None = None
    body: str | None = None
    digest: str | None = None
    sent_back_reason: str | None = None
    verification_code: str | None = None
    pdf_key: str | None = None
    pdf_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A person's word over exactly these bytes."""

    id: str
    report_id: str
    user_id: str
    role: str
    method: str
    digest: str
    at: datetime
    voided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PatientIdentity:
    """What matching needs of a registered patient; `pinyin` holds every reading, space-separated."""

    id: str
    name: str
    pinyin: str
    sex: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """A reader, reviewer or sender as the domain sees them: what they may touch of one order.

    Parameters
    ----------
    rank
        The title's place among titles, 0 when it is unknown: a reviewer stands at least as high as the author.
    sender
        Sends for the order's organization.
    reader, reviewer
        Reports, reviews for the order's centre.
    registrar
        Resolves quarantine and routing for the sender's or the centre's organization.
    lead
        Decides above the readers: medical affairs of one of the two organizations.
    """

    user_id: str
    name: str = ""
    rank: int = 0
    sender: bool = False
    reader: bool = False
    reviewer: bool = False
    registrar: bool = False
    lead: bool = False


SYSTEM = Person("system")

LEVELS: tuple[Priority, ...] = (Priority.EMERGENCY, Priority.URGENT, Priority.ROUTINE)


def level(priority: Priority) -> int:
    """Return the level of a priority, 0 the most urgent."""
    return LEVELS.index(priority)


def flagged(order: ReadingOrder, *flags: Flag) -> ReadingOrder:
    """Return the order with these flags, each code once; the last one said holds."""
    codes = {flag.code for flag in flags}
    return replace(order, flags=(*(f for f in order.flags if f.code not in codes), *flags))


def unflagged(order: ReadingOrder, *codes: str) -> ReadingOrder:
    """Return the order without the flags of these codes."""
    return replace(order, flags=tuple(f for f in order.flags if f.code not in codes))
