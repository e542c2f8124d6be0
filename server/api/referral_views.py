"""How referral tickets look on the wire: named to those who care for the patient, masked for everybody else."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, Field

from referral.lifecycle import ticket_commands
from referral.model import Direction, Pathway
from referral.news2 import news2
from referral.rules import owner_of
from referral.tickets import Party, Ticket, TicketState
from referral.wards import label_of
from server.accounts.model import Caller
from server.api.endpoint import View
from server.api.order_view import CommandView, Ref, Words, command_views
from server.clock import local_date
from server.patients.identifiers import masked
from server.patients.model import Patient, Sex
from server.patients.names import masked_name
from server.workflows.referrals import party_of

ACCEPTED_ON = frozenset({"accepted", "taken-over"})


class PlaceRef(View):
    """An organization with whom to phone."""

    id: str
    name: str
    phone: str


class OwnerView(View):
    """Who has to act next."""

    organization: Ref
    roles: Sequence[str]


class TicketPatient(View):
    """A patient as this caller may see one."""

    id: str
    name: str
    sex: Sex
    age: int | None
    birth_date: date | None
    masked_id: str | None
    phone: str | None
    allergies: str | None
    assistance: Sequence[str] | None


class DiagnosisView(View):
    """A coded diagnosis."""

    code: str
    system: str
    name: str


class NeedsView(View):
    """What a bed has to offer."""

    department: str
    isolation: bool
    icu: bool
    devices: Sequence[str]


class News2View(View):
    """NEWS2 as the server computes it: an aid that is shown, never a part of the order."""

    total: int
    risk: str
    missing: Sequence[str]


class ReceptionView(View):
    """Where the patient is received: a held bed, the bed he lies in, or the emergency bay."""

    kind: str
    bed_id: str | None
    label: str
    phone: str
    hold_id: str | None
    since: datetime | None = Field(serialization_alias="from")
    expires_at: datetime | None


class ExplanationView(Words):
    """Why a ticket stands where it stands, with its inputs and the version of the rule."""

    position: int
    inputs: dict[str, Any]
    rule_version: int


class LastWord(View):
    """The newest line of the conversation."""

    at: datetime
    author: str
    text: str


class ReferralView(View):
    """A ticket as lists show one, with what the caller may do."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    id: str
    number: str
    direction: Direction
    state: TicketState
    version: int
    owner: OwnerView
    deadline_at: datetime | None
    overdue: bool
    patient: TicketPatient | None
    from_: PlaceRef = Field(serialization_alias="from")
    to: PlaceRef | None
    outside_name: str
    department: str
    triage_level: int
    pathway: Pathway | None
    reason_code: str
    diagnosis: DiagnosisView
    needs: NeedsView
    travel_minutes: int
    news2: News2View | None
    place: ReceptionView | None
    earmark: str
    waiting_since: datetime | None
    expected_arrival_at: datetime | None
    paused_at: datetime | None
    info_rounds: int
    question: str
    acknowledged_at: datetime | None
    acknowledged_by: Ref | None
    handler: Ref | None
    unopened: bool
    based_on: str | None
    bounce_of: str | None
    predecessor_id: str | None
    successor_id: str | None
    decision_code: str
    reason_text: str
    unscheduled_reason: str
    manual_rank: int | None
    last_message: LastWord | None
    explanation: ExplanationView | None
    created_at: datetime
    recorded_at: datetime | None
    timeline: dict[str, datetime]
    commands: Sequence[CommandView]


PLAIN = (
    "id", "number", "direction", "state", "version", "deadline_at", "outside_name", "department", "pathway",
    "reason_code", "travel_minutes", "earmark", "waiting_since", "expected_arrival_at", "paused_at", "info_rounds",
    "question", "acknowledged_at", "based_on", "bounce_of", "predecessor_id", "successor_id", "decision_code",
    "reason_text", "unscheduled_reason", "manual_rank", "created_at", "recorded_at",
)  # fmt: skip


class Surroundings:
    """What tickets are shown with, looked up once for all of a list."""

    def __init__(self, caller: Caller, kin: frozenset[str], now: datetime) -> None:
        self.caller, self.kin, self.now = caller, kin, now
        self.patients: Mapping[str, Patient] = {}
        self.places: Mapping[str, PlaceRef] = {}
        self.people: Mapping[str, str] = {}
        self.holds: Mapping[str, Any] = {}
        self.words: Mapping[str, LastWord] = {}
        self.why: Mapping[str, ExplanationView] = {}

    def party(self, ticket: Ticket) -> Party:
        """Return what the caller is to a ticket."""
        return party_of(self.caller, ticket, self.kin)


async def surroundings(uow: Any, tickets: Sequence[Ticket], caller: Caller, kin: frozenset[str], now: datetime) -> Any:
    """Return what these tickets are shown with."""
    found = Surroundings(caller, kin, now)
    found.patients = await uow.patients.many([t.patient_id for t in tickets])
    found.places = {o.id: PlaceRef(id=o.id, name=o.name, phone=o.phone) for o in await uow.organizations.all()}
    people = [user for t in tickets for user in (t.acknowledged_by, t.handler_id) if user]
    latest = await uow.referral_board.last_messages([t.id for t in tickets])
    found.people = await uow.centres.people([*people, *(m.author_id for m in latest.values())])
    found.words = {
        key: LastWord(at=m.at, author=found.people.get(m.author_id, m.author_id), text=m.text)
        for key, m in latest.items()
    }
    found.holds = await uow.referral_board.holds_of([t.id for t in tickets])
    return found


def referral_view(ticket: Ticket, around: Any) -> ReferralView:
    """Return a ticket as the wire shows it."""
    party = around.party(ticket)
    return ReferralView(**plain_fields(ticket, around, party))


def plain_fields(ticket: Ticket, around: Any, party: Party) -> dict[str, Any]:
    """Return the fields of a ticket's view."""
    organization, roles = owner_of(ticket)
    place = around.places.get(organization)
    late = ticket.deadline_at is not None and ticket.deadline_at < around.now and ticket.is_live
    return {
        **{name: getattr(ticket, name) for name in PLAIN},
        "triage_level": int(ticket.level),
        "owner": OwnerView(organization=Ref(id=organization, name=place.name if place else organization), roles=roles),
        "overdue": late,
        "patient": _patient(ticket, around, party),
        "from_": around.places[ticket.from_organization_id],
        "to": around.places.get(ticket.receives),
        "diagnosis": DiagnosisView(**{name: getattr(ticket.diagnosis, name) for name in ("code", "system", "name")}),
        "needs": NeedsView(
            department=ticket.needs.department,
            isolation=ticket.needs.isolation,
            icu=ticket.needs.icu,
            devices=ticket.needs.devices,
        ),
        "news2": _news2(ticket),
        "place": _place(ticket, around),
        "acknowledged_by": _person(ticket.acknowledged_by, around),
        "handler": _person(ticket.handler_id, around),
        "unopened": ticket.handler_id is None and ticket.acknowledged_at is None and ticket.waiting_since is not None,
        "last_message": around.words.get(ticket.id),
        "explanation": around.why.get(ticket.id),
        "timeline": dict(ticket.timeline),
        "commands": command_views(ticket_commands(ticket, party, now=around.now)),
    }


def _person(user_id: str | None, around: Any) -> Ref | None:
    return Ref(id=user_id, name=around.people.get(user_id, user_id)) if user_id else None


def knows(ticket: Ticket, party: Party) -> bool:
    """Tell whether the patient is named: always to the sender, to the receiver once the ticket was sent."""
    receives = party.desk or party.doctor or party.ward or party.lead or party.family
    return party.sender or party.sender_lead or (receives and ticket.waiting_since is not None)


def _patient(ticket: Ticket, around: Any, party: Party) -> TicketPatient | None:
    patient = around.patients.get(ticket.patient_id)
    if patient is None:
        return None
    named, today = knows(ticket, party), local_date(around.now)
    cares = named and (party.sender or bool(ACCEPTED_ON & set(ticket.timeline)))
    return TicketPatient(
        id=patient.id,
        name=patient.name if named else masked_name(patient.name),
        sex=patient.sex,
        age=patient.age(today),
        birth_date=patient.birth_date if named else None,
        masked_id=masked(patient.resident_id) if named and patient.resident_id else None,
        phone=patient.phone or None if cares else None,
        allergies=patient.allergies if cares else None,
        assistance=[a.category for a in patient.assistance if a.is_active(today)] if cares else None,
    )


def _news2(ticket: Ticket) -> News2View | None:
    vitals = ticket.package.vitals
    score = news2(vitals) if vitals is not None else None
    if score is None:
        return None
    return News2View(total=score.total, risk=str(score.risk), missing=list(score.missing))


def _place(ticket: Ticket, around: Any) -> ReceptionView | None:
    hold = around.holds.get(ticket.id)
    receiver = around.places.get(ticket.receives)
    phone = receiver.phone if receiver else ""
    if ticket.bed_id is None and not ticket.in_bay:
        return None
    return ReceptionView(
        kind="bed" if ticket.bed_id else "bay",
        bed_id=ticket.bed_id,
        label=label_of(ticket.bed_id) if ticket.bed_id else "急诊抢救间",
        phone=phone,
        hold_id=hold.id if hold else None,
        since=hold.begins_at if hold else None,
        expires_at=hold.ends_at if hold else None,
    )
