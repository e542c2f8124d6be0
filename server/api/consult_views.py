"""How consults look on the wire: the patient is named to both sides, to whoever broke the glass masked."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, Field

from server.api.endpoint import Call, View
from server.api.order_view import CommandView, Ref, command_views
from server.api.referral_detail import TicketEventView
from server.api.referral_views import DiagnosisView, OwnerView, PlaceRef, TicketPatient
from server.clock import local_date
from server.patients.identifiers import masked
from server.patients.model import Patient
from server.patients.names import masked_name
from server.workflows.consults import party_of
from video.consults import Consult, ConsultState, Party, Teaching
from video.events import WORDS
from video.lifecycle import consult_commands
from video.model import Adopted, ConsultMode, Service, Side, Urgency
from video.rules import owner_of


class ConsultVitalsView(View):
    """Vital signs: mmHg, beats/min, breaths/min, %, °C."""

    at: datetime | None
    systolic: int | None
    diastolic: int | None
    heart_rate: int | None
    respiratory_rate: int | None
    spo2: int | None
    temperature: float | None


class ConsultConsentView(View):
    """The patient's written word, or who approved an emergency without it and why."""

    written: bool
    by: str
    relation: str
    at: datetime | None
    document: str
    approved_by: str
    approval_reason: str


class ApplicationView(View):
    """The application form."""

    specialties: Sequence[str]
    title: str
    expert_id: str
    department: str
    phone: str
    visit_number: str
    ward: str
    bed: str
    insurance: str
    chief_complaint: str
    present_history: str
    past_history: str
    allergies: str
    examination: str
    vitals: ConsultVitalsView | None
    summary: str
    diagnosis: DiagnosisView
    results: str
    study_uids: Sequence[str]
    report_ids: Sequence[str]
    treatment: str
    reason: str
    purpose: str
    wanted_times: Sequence[datetime]
    fee: str
    approval: str
    consent: ConsultConsentView


class AdoptionView(View):
    """What the inviter made of the opinion."""

    what: Adopted
    reason: str
    by: Ref
    at: datetime


class SlotView(View):
    """A time that is kept for a consult on both sides; offered until `held_until`, or booked."""

    id: str
    begins_at: datetime
    ends_at: datetime
    held_until: datetime
    booked: bool


class TeachingView(View):
    """Who may look on at a consult that is open for teaching, and the patient's word to it."""

    open: bool
    organizations: Sequence[Ref]
    people: Sequence[Ref]
    consent_by: str
    consent_relation: str
    consent_document: str
    opened_at: datetime
    opened_by: Ref
    closed_at: datetime | None


class ConsultView(View):
    """A consult as lists show one, with what the caller may do."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    id: str
    number: str
    state: ConsultState
    version: int
    service: Service
    urgency: Urgency
    mode: ConsultMode
    owner: OwnerView
    deadline_at: datetime | None
    overdue: bool
    patient: TicketPatient | None
    from_: PlaceRef = Field(serialization_alias="from")
    to: PlaceRef
    applicant: Ref
    specialties: Sequence[str]
    purpose: str
    experts: Sequence[Ref]
    offered_by: Side | None
    begins_at: datetime | None
    ends_at: datetime | None
    in_writing: bool
    adoption: AdoptionView | None
    reason_text: str
    created_at: datetime
    timeline: dict[str, datetime]
    commands: Sequence[CommandView]


class ConsultDetailView(ConsultView):
    """A consult with its application, the times that are kept for it, and what happened."""

    application: ApplicationView | None
    teaching: TeachingView | None
    slots: Sequence[SlotView]
    history: Sequence[TicketEventView]


class ConsultPage(View):
    """One page of a box."""

    items: Sequence[ConsultView]
    next: str | None


PLAIN = (
    "id", "number", "state", "version", "service", "urgency", "mode", "deadline_at", "begins_at", "ends_at",
    "in_writing", "created_at",
)  # fmt: skip


async def consult_views(call: Call, consults: Sequence[Consult]) -> list[ConsultView]:
    """Return consults as the wire shows them, names looked up once for all."""
    around = await _around(call, consults)
    return [ConsultView(**_fields(consult, around)) for consult in consults]


async def detail_view(call: Call, consult: Consult) -> ConsultDetailView:
    """Return one consult with all that belongs to it."""
    around = await _around(call, [consult])
    named = is_side(party_of(call.caller, consult))
    kept = [slot for slot in await call.uow.calendar.of(consult.id) if slot.keeps(call.now)]
    return ConsultDetailView(
        **_fields(consult, around),
        application=ApplicationView.model_validate(asdict(consult.application)) if named else None,
        teaching=await _teaching(call, consult.teaching) if named and consult.teaching else None,
        slots=[
            SlotView(
                id=slot.id, begins_at=slot.begins_at, ends_at=slot.ends_at, held_until=slot.held_until,
                booked=slot.booked_at is not None,
            )
            for slot in kept
        ],
        history=await _happened(call, consult, named=named),
    )  # fmt: skip


async def _teaching(call: Call, teaching: Teaching) -> TeachingView:
    houses = await call.uow.centres.names()
    people = await call.uow.centres.people([*teaching.people, teaching.opened_by])
    return TeachingView(
        open=teaching.is_open,
        organizations=[Ref(id=key, name=houses.get(key, key)) for key in teaching.organizations],
        people=[Ref(id=key, name=people.get(key, key)) for key in teaching.people],
        consent_by=teaching.consent.by, consent_relation=teaching.consent.relation,
        consent_document=teaching.consent.document,
        opened_at=teaching.opened_at, opened_by=Ref(id=teaching.opened_by, name=people.get(teaching.opened_by, "")),
        closed_at=teaching.closed_at,
    )  # fmt: skip


def is_side(party: Party) -> bool:
    """Tell whether somebody belongs to one of the two sides, and not only looks through a broken glass."""
    return party.sender or party.sender_lead or party.desk or party.lead or party.expert


class _Around:
    """What consults are shown with, looked up once for all of a list."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.patients: Mapping[str, Patient] = {}
        self.places: Mapping[str, PlaceRef] = {}
        self.people: Mapping[str, str] = {}

    def ref(self, user_id: str) -> Ref:
        """Return somebody by name."""
        return Ref(id=user_id, name=self.people.get(user_id, user_id))


async def _around(call: Call, consults: Sequence[Consult]) -> _Around:
    found = _Around(call)
    found.patients = await call.uow.patients.many([c.patient_id for c in consults])
    found.places = {o.id: PlaceRef(id=o.id, name=o.name, phone=o.phone) for o in await call.uow.organizations.all()}
    named = [user for c in consults for user in (c.created_by, *c.experts, c.adoption.by if c.adoption else "")]
    found.people = await call.uow.centres.people(filter(None, named))
    return found


def _fields(consult: Consult, around: _Around) -> dict[str, Any]:
    call = around.call
    party = party_of(call.caller, consult)
    organization, roles = owner_of(consult)
    adopted, named = consult.adoption, is_side(party)
    return {
        **{name: getattr(consult, name) for name in PLAIN},
        "owner": OwnerView(organization=Ref(id=organization, name=around.places[organization].name), roles=roles),
        "overdue": consult.deadline_at is not None and consult.deadline_at < call.now,
        "patient": _patient(around.patients.get(consult.patient_id), party, local_date(call.now)),
        "from_": around.places[consult.from_organization_id],
        "to": around.places[consult.to_organization_id],
        "applicant": around.ref(consult.created_by),
        "specialties": consult.application.specialties,
        "experts": [around.ref(user_id) for user_id in consult.experts],
        "offered_by": Side(consult.offered_by) if consult.offered_by else None,
        "purpose": consult.application.purpose if named else "",
        "reason_text": consult.reason_text if named else "",
        "adoption": AdoptionView(
            what=adopted.what, reason=adopted.reason if named else "", by=around.ref(adopted.by), at=adopted.at
        )
        if adopted
        else None,
        "timeline": dict(consult.timeline),
        "commands": command_views(consult_commands(consult, party, now=call.now)),
    }


def _patient(patient: Patient | None, party: Party, today: date) -> TicketPatient | None:
    if patient is None:
        return None
    named = is_side(party)
    return TicketPatient(
        id=patient.id,
        name=patient.name if named else masked_name(patient.name),
        sex=patient.sex,
        age=patient.age(today),
        birth_date=patient.birth_date if named else None,
        masked_id=masked(patient.resident_id) if named and patient.resident_id else None,
        phone=(patient.phone or None) if named else None,
        allergies=patient.allergies if named else None,
        assistance=[a.category for a in patient.assistance if a.is_active(today)] if named else None,
    )


async def _happened(call: Call, consult: Consult, *, named: bool) -> list[TicketEventView]:
    """Return what happened; what a person wrote about the patient only to the two sides."""
    stored = await call.uow.ledger.events_of("consults", consult.id)
    names = await call.uow.centres.people([s.actor_id for s in stored if s.actor_id])
    return [
        TicketEventView(
            at=s.at,
            name=s.event.name,
            state=s.event.state,
            actor=Ref(id=s.actor_id, name=names[s.actor_id]) if s.actor_id in names else None,
            data={key: value for key, value in s.event.data.items() if named or key not in WORDS},
        )
        for s in stored
        if s.event.name != "opinion-saved"  # one for every few words
    ]
