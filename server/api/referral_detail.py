"""One ticket with everything: its package, the way home, what happened, its clocks, its messages."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from referral.beds import Choice
from referral.pathways import PATHWAYS, clocks_of, pathway_rules
from referral.service.ground import rule_at
from referral.service.queue import queue_of, why
from referral.tickets import HomePlan, Outcome, Package, Party, Ticket
from server.api.endpoint import Call, View
from server.api.order_view import Ref
from server.api.referral_views import ExplanationView, ReferralView, Surroundings, knows, plain_fields
from server.workflows.referrals import act_of

ASKS = frozenset({"sent", "received", "info-needed", "accepted"})


class VitalsView(View):
    """Vital signs: breaths/min, %, mmHg, beats/min, °C; consciousness by ACVPU."""

    at: datetime | None
    respiratory_rate: int | None
    spo2: int | None
    on_oxygen: bool
    systolic: int | None
    diastolic: int | None
    heart_rate: int | None
    consciousness: str
    temperature: float | None
    hypercapnic: bool


class TransportView(View):
    """How the patient comes."""

    mode: str
    vehicle: str
    escort: str
    phone: str
    driver: str


class ConsentView(View):
    """What the patient or a relative agreed to."""

    given: bool
    by: str
    relation: str
    at: datetime | None


class PackageView(View):
    """What travels with the patient."""

    summary: str
    present_history: str
    past_history: str
    treatment: str
    allergies: str
    medicines: Sequence[str]
    vitals: VitalsView | None
    study_uids: Sequence[str]
    report_ids: Sequence[str]
    consent: ConsentView
    transport: TransportView
    onset_at: datetime | None
    attention: str


class PlanView(View):
    """What goes home with the patient."""

    discharge_summary: str
    results: str
    case_number: str
    medicines: Sequence[str]
    warning_signs: str
    rehabilitation: str
    first_visit_due: date | None
    equipment: Sequence[str]
    risk_tier: str
    inpatient: bool
    cloud_ward: bool
    stable: bool
    round_plan: str


class OutcomeView(View):
    """What became of the patient."""

    diagnosis: str
    treatment: str
    advice: str
    at: datetime | None
    by: str


class RoundView(View):
    """A remote round on a cloud-ward patient."""

    id: str
    at: datetime
    note: str
    vitals: dict[str, Any]
    orders: str
    hospital_signed_by: Ref | None
    township_signed_by: Ref | None


class ClockView(View):
    """A clock of a pathway as it stands: since when it runs, when it is due, when it ended."""

    code: str
    zh: str
    en: str
    begun_at: datetime
    due_at: datetime
    ended_at: datetime | None
    late: bool


class TicketEventView(View):
    """One thing that happened to a ticket."""

    at: datetime
    name: str
    state: str
    actor: Ref | None
    data: dict[str, Any]


class ReferralDetailView(ReferralView):
    """A ticket with all that belongs to it."""

    package: PackageView | None
    plan: PlanView | None
    outcome: OutcomeView | None
    rounds: Sequence[RoundView]
    pathway_clocks: Sequence[ClockView]
    events: Sequence[TicketEventView]


async def detail_view(call: Call, ticket: Ticket, around: Surroundings) -> ReferralDetailView:
    """Return one ticket with everything the caller may see of it."""
    party = around.party(ticket)
    around.why = await _why(call, ticket)
    named = knows(ticket, party)
    return ReferralDetailView(
        **plain_fields(ticket, around, party),
        package=_package(ticket.package) if named else None,
        plan=_plan(ticket.plan) if named and ticket.plan else None,
        outcome=_outcome(ticket.outcome) if named and ticket.outcome else None,
        rounds=await _rounds(call, ticket, party),
        pathway_clocks=await _clocks(call, ticket),
        events=await _happened(call, ticket, named=named),
    )


async def _why(call: Call, ticket: Ticket) -> dict[str, ExplanationView]:
    """Return why a ticket stands where it stands now; with a bed or done, what was kept when it was decided."""
    if ticket.state.value in ASKS and ticket.receives and ticket.direction.value != "down":
        queue = await queue_of(act_of(call.uow, Party(call.caller.user_id), call.now), ticket.receives)
        ranked = queue.of(ticket.id)
        if ranked is not None:
            place = queue.allotted().get(ticket.id)
            words = why(queue, ticket.id, None if isinstance(place, Choice) else place) or ranked.explanation
            return {ticket.id: _explanation(ranked.position, words, words.inputs)}
    kept = await call.uow.tickets.rankings(ticket.id)
    return {ticket.id: _explanation(kept[0].position, kept[0], kept[0].inputs)} if kept else {}


def _explanation(position: int, words: Any, inputs: Mapping[str, Any]) -> ExplanationView:
    return ExplanationView(
        position=position, zh=words.zh, en=words.en, inputs=dict(inputs), rule_version=words.rule_version
    )


def _fields(value: Any, view: type[View]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in view.model_fields}


def _package(package: Package) -> PackageView:
    plain = _fields(package, PackageView)
    plain["vitals"] = VitalsView(**_fields(package.vitals, VitalsView)) if package.vitals else None
    plain["consent"] = ConsentView(**_fields(package.consent, ConsentView))
    plain["transport"] = TransportView(**_fields(package.transport, TransportView))
    return PackageView(**plain)


def _plan(plan: HomePlan) -> PlanView:
    return PlanView(**_fields(plan, PlanView))


def _outcome(outcome: Outcome) -> OutcomeView:
    return OutcomeView(**_fields(outcome, OutcomeView))


async def _rounds(call: Call, ticket: Ticket, party: Party) -> list[RoundView]:
    if not ticket.plan or not ticket.plan.cloud_ward or not knows(ticket, party):
        return []
    rounds = await call.uow.rounds.of(ticket.id)
    signers = [user for r in rounds for user in (r.hospital_signed_by, r.township_signed_by) if user]
    return [round_view(r, await call.uow.centres.people(signers)) for r in rounds]


def round_view(entry: Any, names: Mapping[str, str]) -> RoundView:
    """Return a round as the wire shows it."""
    return RoundView(
        id=entry.id,
        at=entry.at,
        note=entry.note,
        vitals=dict(entry.vitals),
        orders=entry.orders,
        hospital_signed_by=_signer(entry.hospital_signed_by, names),
        township_signed_by=_signer(entry.township_signed_by, names),
    )


def _signer(user_id: str | None, names: Mapping[str, str]) -> Ref | None:
    return Ref(id=user_id, name=names.get(user_id, user_id)) if user_id else None


async def _clocks(call: Call, ticket: Ticket) -> list[ClockView]:
    if ticket.pathway is None:
        return []
    act = act_of(call.uow, Party(call.caller.user_id), call.now)
    rules = pathway_rules(*await rule_at(act, PATHWAYS, ticket.receives or ticket.from_organization_id))
    return [
        ClockView(
            code=clock.code, zh=clock.words.zh, en=clock.words.en, begun_at=clock.begun_at, due_at=clock.due_at,
            ended_at=clock.ended_at, late=clock.is_late(call.now),
        )
        for clock in clocks_of(ticket, rules)
    ]  # fmt: skip


async def _happened(call: Call, ticket: Ticket, *, named: bool) -> list[TicketEventView]:
    """Return what happened; what a person wrote about the patient only to those who may know her."""
    stored = await call.uow.ledger.events_of("referrals", ticket.id)
    names = await call.uow.centres.people([s.actor_id for s in stored if s.actor_id])
    return [
        TicketEventView(
            at=s.at,
            name=s.event.name,
            state=s.event.state,
            actor=Ref(id=s.actor_id, name=names[s.actor_id]) if s.actor_id in names else None,
            data={key: value for key, value in s.event.data.items() if named or key != "reason"},
        )
        for s in stored
    ]
