"""Plain facts that pass through the ports: what the rules may know, what is kept beside a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from referral.model import Level, Needs
from referral.tickets import TicketState


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What the rule of the beds may know of a patient on a day, and nothing else of the record.

    Parameters
    ----------
    bed_priority
        A category whose row gives bed priority holds on that day (domain.md 4, decisions 18).
    provisional
        The category is not proven yet: it counts, without debt, until it is verified.
    """

    id: str
    sex: str
    birth_date: date | None
    bed_priority: bool
    provisional: bool = False

    def age(self, on: date) -> int | None:
        """Return completed years on a day, None when the birth date is unknown."""
        born = self.birth_date
        return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits for an answer or a bed, as far as the rule of the beds looks at it."""

    id: str
    number: str
    state: TicketState
    level: Level
    department: str
    needs: Needs
    travel_minutes: int
    waiting_since: datetime | None
    patient: PatientFacts
    manual_rank: int | None = None
    manual_reason: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item of work for a person: who, until when, what, in both languages."""

    id: str
    kind: str
    subject_kind: str
    subject_id: str
    organization_id: str
    role: str
    due_at: datetime
    zh: str
    en: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """A line of the conversation about a ticket."""

    id: str
    ticket_id: str
    at: datetime
    author_id: str
    organization_id: str
    text: str


@dataclass(frozen=True, slots=True)
class StoredRanking:
    """Why a ticket stood where it stood: kept with its inputs (PIPL 24; domain.md 4 g)."""

    id: str
    ticket_id: str
    at: datetime
    position: int
    bed_id: str | None
    zh: str
    en: str
    inputs: Mapping[str, Any]
    rule_version: int


@dataclass(frozen=True, slots=True)
class Outward:
    """A transfer beyond the county as the register holds it (外转登记审核); `approved` is None until it is reviewed."""

    ticket_id: str
    cause: str
    registered_at: datetime
    approved: bool | None = None
    reason: str = ""
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A remote round on a cloud-ward patient; signed by both sides, an order is the township's."""

    id: str
    ticket_id: str
    at: datetime
    note: str
    vitals: Mapping[str, Any]
    orders: str
    hospital_signed_by: str | None = None
    township_signed_by: str | None = None
