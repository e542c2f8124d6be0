"""What the record knows already for a new ticket, so that an emergency is written in ninety seconds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import Field

from referral.follow_up import FollowUp
from referral.model import Direction
from referral.tickets import Ticket, TicketState, Vitals
from server.accounts.errors import NoCareRelation
from server.accounts.model import AuditEntry
from server.api.endpoint import Body, Call, Routes, View
from server.api.referral_detail import VitalsView
from server.api.referrals import REFERRALS
from server.clock import local_date

routes = Routes("referrals")
LATELY = timedelta(days=7)  # reports and studies of the last days [P]
MEASURED = timedelta(hours=24)  # older vital signs are history, not vital signs [P]
LONGEST = 200  # characters of a diagnosis' name


class PatientQuery(Body):
    """Who is to be referred."""

    patient_id: str = Field(min_length=1, max_length=40)


class KnownReportView(View):
    """A finished report that the ticket can carry."""

    id: str
    number: str
    kind: str
    title: str
    impression: str
    positive: bool
    critical: bool
    preliminary: bool
    at: datetime
    study_uid: str | None


class TrackView(View):
    """A ticket of the patient that is on its way, or a draft, already: follow it instead."""

    id: str
    number: str
    state: TicketState
    direction: Direction
    department: str


class PrefillView(View):
    """What a new ticket can begin with; `summary` and `diagnosis_name` are suggestions for a person to confirm."""

    patient_id: str
    allergies: str
    assistance: Sequence[str]
    medicines: Sequence[str]
    summary: str
    diagnosis_name: str
    reports: Sequence[KnownReportView]
    report_ids: Sequence[str]
    study_uids: Sequence[str]
    vitals: VitalsView | None
    track: TrackView | None


@routes.get(REFERRALS + "/prefill", query=PatientQuery, answer=PrefillView)
async def prefill(call: Call) -> PrefillView:
    """Give what the record knows of a patient for a new ticket; only to those who may open the record."""
    patient_id = call.query.patient_id
    if not await call.uow.patients.is_visible(call.caller, patient_id, now=call.now):
        raise NoCareRelation
    call.uow.audit(AuditEntry("prefill", "referrals", patient_id, patient_id))
    return await _known(call, patient_id)


async def _known(call: Call, patient_id: str) -> PrefillView:
    patient, today = await call.uow.patients.get(patient_id), local_date(call.now)
    span = {"since": call.now - LATELY, "now": call.now}
    reports = await call.uow.prefill.reports(call.caller, patient_id, **span)
    studies = await call.uow.prefill.studies(call.caller, patient_id, **span)
    tickets = await _tickets(call, patient_id)
    return PrefillView(
        patient_id=patient_id,
        allergies=patient.allergies,
        assistance=[a.category for a in patient.assistance if a.is_active(today)],
        medicines=_medicines(tickets),
        summary="\n".join(f"{r.title}：{r.impression}" for r in reports if r.impression),
        diagnosis_name=next((_first_line(r.impression) for r in reports if r.positive), ""),
        reports=[KnownReportView(**{name: getattr(r, name) for name in KnownReportView.model_fields}) for r in reports],
        report_ids=[r.id for r in reports],
        study_uids=list(dict.fromkeys([r.study_uid for r in reports if r.study_uid] + [s.uid for s in studies])),
        vitals=_vitals(tickets, await call.uow.follow_ups.of_patient(patient_id), call.now),
        track=_track(tickets),
    )


async def _tickets(call: Call, patient_id: str) -> list[Ticket]:
    """Return the patient's tickets that the caller may know of, newest first."""
    tickets = await call.uow.tickets.of_patient(patient_id)
    return [t for t in tickets if await call.uow.referral_board.is_visible(call.caller, t.id, now=call.now)]


def _medicines(tickets: Sequence[Ticket]) -> Sequence[str]:
    """Return what the patient takes by the newest ticket that says so."""
    for ticket in tickets:
        found = ticket.plan.medicines if ticket.plan else ticket.package.medicines
        if found:
            return found
    return ()


def _track(tickets: Sequence[Ticket]) -> TrackView | None:
    """Return the ticket to follow: one on its way before a draft; a way home, or a stay that is over, is none."""
    upward = [t for t in tickets if t.direction is not Direction.DOWN]
    drafts = [t for t in upward if t.state is TicketState.DRAFT]
    for ticket in [t for t in upward if t.is_on_its_way] + drafts:
        return TrackView(
            id=ticket.id, number=ticket.number, state=ticket.state, direction=ticket.direction,
            department=ticket.department,
        )  # fmt: skip
    return None


def _vitals(tickets: Sequence[Ticket], visits: Sequence[FollowUp], now: datetime) -> VitalsView | None:
    """Return the newest vital signs of the last day: from a ticket, or from a visit at home."""
    measured = [(t.package.vitals.at or t.created_at, t.package.vitals) for t in tickets if t.package.vitals]
    measured += [(v.done_at, _of_visit(v)) for v in visits if v.form is not None and v.done_at is not None]
    lately = [(at, vitals) for at, vitals in measured if now - at <= MEASURED]
    if not lately:
        return None
    at, newest = max(lately, key=lambda each: each[0])
    fields = {name: getattr(newest, name) for name in VitalsView.model_fields}
    return VitalsView(**fields | {"at": at})


def _of_visit(visit: FollowUp) -> Vitals:
    names = ("systolic", "diastolic", "heart_rate", "temperature")
    return Vitals(at=visit.done_at, **{name: getattr(visit.form, name) for name in names})


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0][:LONGEST]
