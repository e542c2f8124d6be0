"""What people do with a referral ticket: `POST /api/v1/referrals/{id}/{command}`; each answers with the ticket anew."""

from collections.abc import Awaitable, Callable

from pydantic import ConfigDict, Field

from referral.model import Level
from referral.service import desk, drafting, home, journey, reception
from referral.service.ground import Act
from referral.tickets import Outcome, Ticket
from server.accounts.model import AuditEntry
from server.api.bed_turn import turn_at_bed
from server.api.endpoint import Call, Routes, View
from server.api.referral_bodies import (
    AdmitBody,
    DeclineBody,
    DepartBody,
    HoldBody,
    OutcomeBody,
    OverrideBody,
    RedirectBody,
    ReferDownBody,
    RetriageBody,
    ReviewBody,
    RoundBody,
    SendBody,
    SignRoundBody,
    TakeOverBody,
    WordsBody,
)
from server.api.referral_detail import ReferralDetailView, RoundView, round_view
from server.api.referral_views import ExplanationView
from server.api.referrals import REFERRALS, answer, visible_ticket
from server.api.refusals import on_record
from server.workflows.referrals import act_of

routes = Routes("referrals")
Do = Callable[[Act, Ticket], Awaitable[Ticket]]


class HoldRefView(View):
    """The hold that was made."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    id: str
    bed_id: str
    since: str = Field(serialization_alias="from")
    expires_at: str | None


class HeldView(ReferralDetailView):
    """A ticket with its hold and why this bed; without a hold the emergency bay receives."""

    hold: HoldRefView | None
    received_in: str


async def _command(call: Call, name: str, do: Do) -> ReferralDetailView:
    ticket, party = await visible_ticket(call)
    with on_record(call, name, "referrals", ticket.id, ticket.patient_id):
        moved = await do(act_of(call.uow, party, call.now), ticket)
    return await answer(call, moved, name)


@routes.post(REFERRALS + "/{id}/send", body=SendBody, answer=ReferralDetailView)
async def send(call: Call) -> ReferralDetailView:
    """Send a ticket; level Ⅰ and Ⅱ is accepted and gets its place in the same transaction."""
    body = call.body
    return await _command(call, "send", lambda act, t: drafting.send(act, t, reason=body.reason, phase=body.phase))


@routes.post(REFERRALS + "/{id}/open", answer=ReferralDetailView)
async def open_ticket(call: Call) -> ReferralDetailView:
    """Open a ticket at the desk; the sender sees who is on it."""
    return await _command(call, "open-ticket", desk.open_ticket)


@routes.post(REFERRALS + "/{id}/acknowledge", answer=ReferralDetailView)
async def acknowledge(call: Call) -> ReferralDetailView:
    """Answer the green channel's alarm; the sound stops."""
    return await _command(call, "acknowledge", desk.acknowledge)


@routes.post(REFERRALS + "/{id}/ask", body=WordsBody, answer=ReferralDetailView)
async def ask(call: Call) -> ReferralDetailView:
    """Ask the sender for more; the clock pauses, at most twice."""
    words = call.body.words
    return await _command(call, "ask", lambda act, t: desk.ask_more(act, t, words))


@routes.post(REFERRALS + "/{id}/answer", body=WordsBody, answer=ReferralDetailView)
async def answer_question(call: Call) -> ReferralDetailView:
    """Answer what was asked; the clock goes on."""
    words = call.body.words
    return await _command(call, "answer", lambda act, t: desk.answer(act, t, words))


@routes.post(REFERRALS + "/{id}/advise", body=WordsBody, answer=ReferralDetailView)
async def advise(call: Call) -> ReferralDetailView:
    """Close a ticket with advice; the patient need not travel."""
    words = call.body.words
    return await _command(call, "advise", lambda act, t: desk.advise(act, t, words))


@routes.post(REFERRALS + "/{id}/accept", answer=ReferralDetailView)
async def accept(call: Call) -> ReferralDetailView:
    """Accept a ticket; its wait for a bed counts from its submission."""
    return await _command(call, "accept", reception.accept)


@routes.post(REFERRALS + "/{id}/decline", body=DeclineBody, answer=ReferralDetailView)
async def decline(call: Call) -> ReferralDetailView:
    """Decline at level Ⅲ or Ⅳ, with a code."""
    code, words = call.body.code.value if call.body.code else "", call.body.words
    return await _command(call, "decline", lambda act, t: desk.decline(act, t, code=code, reason=words))


@routes.post(REFERRALS + "/{id}/redirect", body=RedirectBody, answer=ReferralDetailView)
async def redirect(call: Call) -> ReferralDetailView:
    """Send a ticket on to another place; a successor keeps the waiting time."""
    body = call.body
    return await _command(
        call, "redirect",
        lambda act, t: desk.redirect(
            act, t, organization_id=body.to_org or None, department=body.department, outside_name=body.outside_name,
            reason=body.words,
        ),
    )  # fmt: skip


@routes.post(REFERRALS + "/{id}/hold-bed", body=HoldBody, answer=HeldView, turn=turn_at_bed, whole=True)
async def hold_bed(call: Call) -> HeldView:
    """Hold the bed that is named, or the rule's choice; says why, or where the patient stands."""
    ticket, party = await visible_ticket(call)
    act = act_of(call.uow, party, call.now)
    with on_record(call, "hold-bed", "referrals", ticket.id, ticket.patient_id):
        held = await reception.hold_bed(act, ticket, bed_id=call.body.bed_id, reason=call.body.reason)
    return await _held(call, held, "hold-bed")


async def _held(call: Call, held: reception.Reception, action: str) -> HeldView:
    view = await answer(call, held.ticket, action)
    fields = {name: getattr(view, name) for name in ReferralDetailView.model_fields}
    if held.explanation is not None:
        why = held.explanation
        position = int(why.inputs.get("position", 0))
        fields["explanation"] = ExplanationView(
            position=position, zh=why.zh, en=why.en, inputs=dict(why.inputs), rule_version=why.rule_version
        )
    hold = held.hold
    return HeldView(
        **fields,
        hold=HoldRefView(
            id=hold.id, bed_id=hold.bed_id, since=hold.begins_at.isoformat(),
            expires_at=hold.ends_at.isoformat() if hold.ends_at else None,
        ) if hold else None,
        received_in=hold.bed_id if hold else "emergency-bay",
    )  # fmt: skip


@routes.post(REFERRALS + "/{id}/release-hold", body=WordsBody, answer=ReferralDetailView)
async def release_hold(call: Call) -> ReferralDetailView:
    """Give a held bed back; the time waited counts on."""
    words = call.body.words
    return await _command(call, "release-hold", lambda act, t: reception.release_hold(act, t, reason=words))


@routes.post(REFERRALS + "/{id}/depart", body=DepartBody, answer=ReferralDetailView)
async def depart(call: Call) -> ReferralDetailView:
    """Set out; the hold is prolonged beyond the expected arrival."""
    eta, vehicle = call.body.expected_arrival_at, call.body.vehicle
    return await _command(call, "depart", lambda act, t: journey.depart(act, t, eta=eta, transport=vehicle))


@routes.post(REFERRALS + "/{id}/arrive", answer=ReferralDetailView)
async def arrive(call: Call) -> ReferralDetailView:
    """Register the arrival; the sender learns of it at once."""
    return await _command(call, "arrive", journey.arrive)


@routes.post(REFERRALS + "/{id}/not-arrived", body=WordsBody, answer=ReferralDetailView)
async def not_arrived(call: Call) -> ReferralDetailView:
    """End a ticket whose patient never came."""
    words = call.body.words
    return await _command(call, "not-arrived", lambda act, t: desk.not_arrived(act, t, words))


@routes.post(REFERRALS + "/{id}/admit", body=AdmitBody, answer=ReferralDetailView)
async def admit(call: Call) -> ReferralDetailView:
    """Admit the patient; hold and occupancy change hands at once."""
    bed_id = call.body.bed_id
    return await _command(call, "admit", lambda act, t: journey.admit(act, t, bed_id=bed_id))


@routes.post(REFERRALS + "/{id}/treat-and-release", body=WordsBody, answer=ReferralDetailView)
async def treat_and_release(call: Call) -> ReferralDetailView:
    """Treat without admission."""
    words = call.body.words
    return await _command(call, "treat-and-release", lambda act, t: journey.treat_and_release(act, t, words))


@routes.post(REFERRALS + "/{id}/admitted-elsewhere", body=WordsBody, answer=ReferralDetailView)
async def admitted_elsewhere(call: Call) -> ReferralDetailView:
    """End a ticket whose patient lies in another hospital."""
    words = call.body.words
    return await _command(call, "admitted-elsewhere", lambda act, t: desk.admitted_elsewhere(act, t, words))


@routes.post(REFERRALS + "/{id}/discharge", body=WordsBody, answer=ReferralDetailView)
async def discharge(call: Call) -> ReferralDetailView:
    """Discharge the patient; the bed is to be cleaned, the outcome is due."""
    words = call.body.words
    return await _command(call, "discharge", lambda act, t: journey.discharge(act, t, words))


@routes.post(REFERRALS + "/{id}/send-outcome", body=OutcomeBody, answer=ReferralDetailView)
async def send_outcome(call: Call) -> ReferralDetailView:
    """Send the outcome back to whoever referred."""
    outcome = Outcome(call.body.diagnosis, call.body.treatment, call.body.advice)
    return await _command(call, "send-outcome", lambda act, t: journey.send_outcome(act, t, outcome))


@routes.post(REFERRALS + "/{id}/refer-down", body=ReferDownBody, answer=ReferralDetailView)
async def refer_down(call: Call) -> ReferralDetailView:
    """Propose the way home: answers with a new downward ticket."""
    body = call.body
    return await _command(
        call, "refer-down",
        lambda act, t: home.refer_down(
            act, t, body.plan(), to_organization_id=body.to_org, reason_code=body.reason_code.value,
            as_draft=body.draft, at_once=body.send,
        ),
    )  # fmt: skip


@routes.post(REFERRALS + "/{id}/take-over", body=TakeOverBody, answer=ReferralDetailView)
async def take_over(call: Call) -> ReferralDetailView:
    """Take a patient over: medicines and equipment are there; visits are planned."""
    body = call.body
    return await _command(
        call, "take-over",
        lambda act, t: home.take_over(
            act, t, medicines_ok=body.medicines, equipment_ok=body.equipment, bed_id=body.bed_id,
            family_doctor_at=body.family_doctor_org,
        ),
    )  # fmt: skip


@routes.post(REFERRALS + "/{id}/first-visit", answer=ReferralDetailView)
async def first_visit(call: Call) -> ReferralDetailView:
    """Write down that the first face visit is done."""
    return await _command(call, "first-visit", home.first_visit)


@routes.post(REFERRALS + "/{id}/cancel", body=WordsBody, answer=ReferralDetailView)
async def cancel(call: Call) -> ReferralDetailView:
    """Cancel a draft, or ask the receiver to confirm."""
    words = call.body.words
    return await _command(call, "cancel", lambda act, t: desk.cancel(act, t, words))


@routes.post(REFERRALS + "/{id}/confirm-cancel", answer=ReferralDetailView)
async def confirm_cancel(call: Call) -> ReferralDetailView:
    """Agree to a cancellation; hold and transport are released."""
    return await _command(call, "confirm-cancel", desk.confirm_cancel)


@routes.post(REFERRALS + "/{id}/refuse-cancel", body=WordsBody, answer=ReferralDetailView)
async def refuse_cancel(call: Call) -> ReferralDetailView:
    """Go on in spite of a cancellation asked for."""
    words = call.body.words
    return await _command(call, "refuse-cancel", lambda act, t: desk.refuse_cancel(act, t, words))


@routes.post(REFERRALS + "/{id}/die", body=WordsBody, answer=ReferralDetailView)
async def die(call: Call) -> ReferralDetailView:
    """End a ticket because the patient died."""
    words = call.body.words
    return await _command(call, "die", lambda act, t: desk.die(act, t, words))


@routes.post(REFERRALS + "/{id}/close", answer=ReferralDetailView)
async def close(call: Call) -> ReferralDetailView:
    """Close a ticket: the outcome was seen, or the first visit is done."""
    return await _command(call, "close", journey.close)


@routes.post(REFERRALS + "/{id}/retriage", body=RetriageBody, answer=ReferralDetailView)
async def retriage(call: Call) -> ReferralDetailView:
    """Set the level anew; a rise to Ⅰ or Ⅱ opens the green channel."""
    level, words = Level(call.body.triage_level), call.body.reason
    return await _command(call, "retriage", lambda act, t: drafting.retriage(act, t, level, words))


@routes.post(REFERRALS + "/{id}/override", body=OverrideBody, answer=ReferralDetailView)
async def override(call: Call) -> ReferralDetailView:
    """Put a person's judgement in the rule's place, with a reason."""
    rank, words = call.body.rank, call.body.reason
    return await _command(call, "override", lambda act, t: desk.override(act, t, rank=rank, reason=words))


@routes.post(REFERRALS + "/{id}/ask-review", body=WordsBody, answer=ReferralDetailView)
async def ask_review(call: Call) -> ReferralDetailView:
    """Enter a draft that leaves the county into the register, to be reviewed."""
    words = call.body.words
    return await _command(call, "ask-review", lambda act, t: drafting.ask_for_review(act, t, words))


@routes.post(REFERRALS + "/{id}/review", body=ReviewBody, answer=ReferralDetailView)
async def review(call: Call) -> ReferralDetailView:
    """Review an outward transfer."""
    body = call.body
    return await _command(
        call, "review",
        lambda act, t: drafting.review(act, t, approved=body.approved, cause=body.cause, reason=body.reason),
    )  # fmt: skip


@routes.post(REFERRALS + "/{id}/rounds", body=RoundBody, answer=RoundView, creates=True)
async def add_round(call: Call) -> RoundView:
    """Write a remote round on a cloud-ward patient, signed for the caller's side."""
    ticket, party = await visible_ticket(call)
    vitals = call.body.vitals.model_dump(mode="json", exclude_none=True) if call.body.vitals else {}
    act = act_of(call.uow, party, call.now)
    with on_record(call, "round", "referrals", ticket.id, ticket.patient_id):
        entry = await home.add_round(act, ticket, note=call.body.note, vitals=vitals, orders=call.body.orders)
    return await _round(call, ticket, entry)


@routes.post(REFERRALS + "/{id}/rounds/{round_id}/sign", body=SignRoundBody, answer=RoundView)
async def sign_round(call: Call) -> RoundView:
    """Sign a round for the caller's side."""
    ticket, party = await visible_ticket(call)
    act = act_of(call.uow, party, call.now)
    with on_record(call, "round", "referrals", ticket.id, ticket.patient_id):
        entry = await home.sign_round(act, ticket, call.path("round_id"), orders=call.body.orders)
    return await _round(call, ticket, entry)


async def _round(call: Call, ticket: Ticket, entry: object) -> RoundView:
    call.uow.audit(AuditEntry("round", "referrals", ticket.id, ticket.patient_id))
    signers = [getattr(entry, name) for name in ("hospital_signed_by", "township_signed_by")]
    return round_view(entry, await call.uow.centres.people([user for user in signers if user]))
