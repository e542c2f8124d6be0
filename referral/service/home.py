"""The way home: handed over with a plan, taken over by a township that can, visited; and the cloud ward."""

from dataclasses import replace

from referral.errors import IllegalTransition, NotPermitted, RehabPlanRequired, UnknownSubject
from referral.follow_up import plan_of
from referral.lifecycle import Fact
from referral.model import Direction, IntervalKind, IntervalState, Level
from referral.ports import Round
from referral.rules import missing_of_plan
from referral.service.drafting import send
from referral.service.ground import (
    Act,
    announce,
    close_items,
    keep_deadline,
    move,
    next_number,
    require,
    rules_for,
    the_organization,
)
from referral.service.journey import leave_bed
from referral.service.visits import plan as plan_visit
from referral.service.visits import rules_at
from referral.service.wards import a_free_bed, announce_bed
from referral.tickets import HomePlan, Package, Ticket, TicketState
from referral.wards import Interval

S = TicketState


async def refer_down(
    act: Act,
    ticket: Ticket,
    plan: HomePlan,
    *,
    to_organization_id: str,
    reason_code: str,
    as_draft: bool,
    at_once: bool,
) -> Ticket:
    """Propose the way home: a new downward ticket based on the upward one, which closes on its own.

    Parameters
    ----------
    as_draft
        Keep an unfinished proposal; else a missing plan is refused.
    at_once
        Hand over in the same transaction.

    Raises
    ------
    RehabPlanRequired
        Without a rehabilitation plan, which a cloud ward does not need yet; at once, whatever else is missing too.
    IllegalTransition
        When the patient was not admitted.
    """
    require(ticket, "refer-down", act.by)
    if "rehabilitation" in missing_of_plan(plan) and not as_draft:
        raise RehabPlanRequired(("rehabilitation",))
    if to_organization_id:
        await the_organization(act, to_organization_id)
    down = await _proposal(act, ticket, plan, to_organization_id or ticket.from_organization_id, reason_code)
    await act.uow.tickets.add(down)
    await keep_deadline(act, down, down.rule_version)
    await announce(act, down, "drafted", based_on=ticket.id)
    if not at_once:
        return down
    return await send(replace(act, by=replace(act.by, sender=True)), down)


async def _proposal(act: Act, ticket: Ticket, plan: HomePlan, to_organization_id: str, reason_code: str) -> Ticket:
    rules = await rules_for(act, ticket.receives)
    return Ticket(
        id=act.new_id(),
        number=await next_number(act),
        direction=Direction.DOWN,
        state=S.DRAFT,
        version=1,
        patient_id=ticket.patient_id,
        episode_id=ticket.episode_id,
        from_organization_id=ticket.receives,
        to_organization_id=to_organization_id,
        department="",
        level=Level.IV,
        reason_code=reason_code,
        diagnosis=ticket.diagnosis,
        needs=replace(ticket.needs, department=""),
        package=Package(
            summary=plan.discharge_summary,
            past_history=ticket.package.past_history,
            allergies=ticket.package.allergies,
            medicines=plan.medicines,
            study_uids=ticket.package.study_uids,
            report_ids=ticket.package.report_ids,
            consent=ticket.package.consent,
        ),
        created_at=act.now,
        created_by=act.by.user_id,
        travel_minutes=ticket.travel_minutes,
        plan=plan,
        based_on=ticket.id,
        deadline_at=act.now + rules.draft,
        rule_version=rules.version,
        timeline={S.DRAFT.value: act.now},
    )


async def take_over(
    act: Act, ticket: Ticket, *, medicines_ok: bool, equipment_ok: bool, bed_id: str = "", family_doctor_at: str = ""
) -> Ticket:
    """Take a patient over: medicines and equipment are there; the family doctor gets the plan and its visits.

    Parameters
    ----------
    bed_id
        The township bed for inpatient rehabilitation or a cloud ward; his hospital bed becomes free with it.
    family_doctor_at
        The clinic whose family doctor follows him; the township's own without one.

    Raises
    ------
    CapabilityUnchecked, BedTaken, BedUnsuitable
    UnknownSubject
        When that clinic is not the township's.
    """
    require(ticket, "take-over", act.by)
    where = family_doctor_at or ticket.receives
    if not await act.uow.neighbours.is_under(where, ticket.receives):
        raise UnknownSubject("organizations", where)
    checked = tuple(word for word, ok in (("medicines", medicines_ok), ("equipment", equipment_ok)) if ok)
    moved = await move(act, ticket, "take-over", Fact(checked=checked, bed_id=bed_id or None))
    if bed_id:
        await _lie_down(act, moved, bed_id)
    rules = await rules_at(act, where)
    for visit in plan_of(moved, new_id=act.new_id, now=act.now, organization_id=where, rules=rules):
        await plan_visit(act, visit)
    await close_items(act, moved, "referral-take-over")
    await _close_first(act, moved)
    return moved


async def _lie_down(act: Act, ticket: Ticket, bed_id: str) -> None:
    bed = await a_free_bed(act, bed_id)
    if bed.bed.organization_id != ticket.receives:
        raise UnknownSubject("beds", bed_id)
    await leave_bed(act, ticket.patient_id)
    await act.uow.board.keep(
        Interval(
            id=act.new_id(),
            bed_id=bed_id,
            kind=IntervalKind.OCCUPANCY,
            state=IntervalState.LIVE,
            begins_at=act.now,
            ends_at=None,
            ticket_id=ticket.id,
            patient_id=ticket.patient_id,
            by=act.by.user_id,
        )
    )
    await announce_bed(act, bed_id, "occupied", ticket_id=ticket.id)


async def _close_first(act: Act, down: Ticket) -> None:
    """Whoever is taken over into a bed here leaves the hospital's: the upward ticket is discharged."""
    first = await act.uow.tickets.get(down.based_on, lock=True) if down.based_on else None
    if first is None or first.state is not S.ADMITTED or down.plan is None:
        return
    if down.bed_id is None:  # without a bed here he is discharged by his ward, not by our word
        return
    await move(act.as_system(), first, "discharge", Fact())


async def first_visit(act: Act, ticket: Ticket) -> Ticket:
    """Write down that the first face visit is done; the hospital sees that its patient arrived at home."""
    moved = await move(act, ticket, "first-visit", Fact())
    await close_items(act, moved, "referral-visit")
    return moved


async def add_round(act: Act, ticket: Ticket, *, note: str, vitals: dict[str, object], orders: str) -> Round:
    """Write a remote round on a cloud-ward patient; whoever writes it signs it for her side.

    Raises
    ------
    IllegalTransition
        When the ticket is no cloud ward that was taken over.
    """
    ward = ticket.plan is not None and ticket.plan.cloud_ward
    if not ward or ticket.state not in {S.TAKEN_OVER, S.FIRST_VISIT_DONE}:
        raise IllegalTransition(ticket.state.value, "round", ())
    _township_orders(act, orders)
    entry = Round(act.new_id(), ticket.id, act.now, note, vitals, orders)
    signed = _signed(act, entry)
    await act.uow.rounds.add(signed)
    await announce(act, ticket, "round-noted", round_id=entry.id)
    return signed


async def sign_round(act: Act, ticket: Ticket, round_id: str, *, orders: str = "") -> Round:
    """Sign a round for the caller's side; an order is the township's to enter."""
    entry = await act.uow.rounds.get(round_id)
    if entry is None or entry.ticket_id != ticket.id:
        raise UnknownSubject("rounds", round_id)
    _township_orders(act, orders)
    signed = _signed(act, replace(entry, orders=orders or entry.orders))
    await act.uow.rounds.save(signed)
    await announce(act, ticket, "round-signed", round_id=round_id)
    return signed


def _township_orders(act: Act, orders: str) -> None:
    """Refuse an order of anybody's but the township's: it is carried out there (domain.md A12)."""
    if orders.strip() and not (act.by.doctor or act.by.desk):
        raise NotPermitted


def _signed(act: Act, entry: Round) -> Round:
    if act.by.sender or act.by.sender_lead:
        return replace(entry, hospital_signed_by=act.by.user_id)
    if act.by.doctor or act.by.desk or act.by.family:
        return replace(entry, township_signed_by=act.by.user_id)
    raise NotPermitted
