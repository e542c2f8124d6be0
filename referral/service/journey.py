"""From the door of the clinic to the outcome: departure, arrival, admission, discharge, and the news that goes back."""

from dataclasses import replace
from datetime import datetime, timedelta

from referral.errors import BedTaken, BedUnsuitable, Incomplete, UnknownSubject
from referral.lifecycle import Fact, end, extended
from referral.model import BedKind, IntervalKind, IntervalState
from referral.service.ground import (
    HOLD,
    Act,
    announce_hold,
    ask,
    close_items,
    end_hold,
    end_loan,
    move,
    require,
    rules_for,
    the_patient,
)
from referral.service.queue import claim_of, queue_of
from referral.service.reception import offer
from referral.service.visits import end_visits_at_home
from referral.service.wards import announce_bed, begin_cleaning, the_bed
from referral.tickets import Outcome, Ticket, TicketState
from referral.wards import Interval

S = TicketState


async def depart(act: Act, ticket: Ticket, *, eta: datetime | None, transport: str = "") -> Ticket:
    """Set out: the hold lasts until an hour after the expected arrival at least."""
    expected = eta or ticket.expected_arrival_at or act.now + timedelta(minutes=ticket.travel_minutes)
    expected = max(expected, act.now)
    if transport.strip():
        moving = replace(ticket.package.transport, vehicle=transport)
        ticket = replace(ticket, package=replace(ticket.package, transport=moving))
    moved = await move(act, replace(ticket, expected_arrival_at=expected), "depart", Fact(eta=expected))
    hold = await act.uow.board.hold_of(ticket.id)
    rules = await rules_for(act, ticket.receives or ticket.from_organization_id)
    if hold is not None and hold.ends_at is not None:
        longer = extended(hold, expected + rules.hold_beyond_eta, en_route=True)
        await act.uow.board.change(longer)
        await act.uow.ledger.set_deadline(HOLD, hold.id, longer.ends_at or act.now)
        await announce_hold(act, longer, moved)
    return moved


async def arrive(act: Act, ticket: Ticket) -> Ticket:
    """Register the arrival: the sender learns of it at once; money is never asked first (先抢救后付费).

    Whoever lies at the door at Ⅰ or Ⅱ loses the held bed to no clock, as on the road.
    """
    arrived = await move(act, ticket, "arrive", Fact())
    hold = await act.uow.board.hold_of(ticket.id)
    if hold is not None and hold.ends_at is not None and hold.keeps(act.now):  # nobody may have pressed "depart"
        lasting = extended(hold, hold.ends_at, en_route=True)
        await act.uow.board.change(lasting)
        await announce_hold(act, lasting, arrived)
    await close_items(act, arrived, "referral-arrival", "referral-green", "referral-acknowledge")
    return arrived


async def admit(act: Act, ticket: Ticket, *, bed_id: str = "") -> Ticket:
    """Admit the patient: hold and occupancy change hands in one transaction; another bed of the ward may be named.

    Raises
    ------
    BedTaken, BedUnsuitable, PatientHasBed
        When the bed that is named cannot be his.
    Incomplete
        When no bed is named and none is held.
    """
    require(ticket, "admit", act.by)
    hold = await act.uow.board.hold_of(ticket.id)
    chosen_bed = bed_id or (hold.bed_id if hold else "")
    if not chosen_bed:
        raise Incomplete(("bed_id",))
    override = await _fits(act, ticket, chosen_bed, hold)
    ended = await end_hold(act, ticket, "consume", reason="admitted") if hold else None
    await _leave_other_house(act, ticket)
    if hold is None or hold.bed_id != chosen_bed:
        await _owe_anew(act, ticket, chosen_bed, override=override)
    stay = Interval(
        id=act.new_id(),
        bed_id=chosen_bed,
        kind=IntervalKind.OCCUPANCY,
        state=IntervalState.LIVE,
        begins_at=act.now,
        ends_at=None,
        ticket_id=ticket.id,
        patient_id=ticket.patient_id,
        level=ticket.level,
        by=act.by.user_id,
        override=override,
    )
    await act.uow.board.keep(stay)
    moved = await move(act, ticket, "admit", Fact(bed_id=chosen_bed))
    await end_visits_at_home(act, ticket.patient_id)
    await announce_bed(act, chosen_bed, "occupied", ticket_id=ticket.id)
    await close_items(act, moved, "referral-ward", "referral-bed", "referral-preempt")
    if ended is not None and ended.bed_id != chosen_bed:
        await end_loan(act, ticket.id)
        await offer(act.as_system(), ended.bed_id)
    return moved


async def _owe_anew(act: Act, ticket: Ticket, bed_id: str, *, override: bool) -> None:
    """Owe for the bed in which the patient lies in the end, not for the one that was held for him."""
    await act.uow.board.forgive(ticket.id)
    if override:
        bed = (await the_bed(act, bed_id)).bed
        await act.uow.board.owe(bed.organization_id, bed.department, ticket.id, act.now)


async def _leave_other_house(act: Act, ticket: Ticket) -> None:
    """End what another house still shows: whoever is admitted here lies there no more, and nobody waits for its word.

    A second bed in this house is refused as ever: that is a move.
    """
    stay = await act.uow.board.occupancy_of(ticket.patient_id)
    bed = await act.uow.board.bed(stay.bed_id, act.now) if stay else None
    if bed is not None and bed.bed.organization_id != ticket.receives:
        await leave_bed(act, ticket.patient_id)


async def _fits(act: Act, ticket: Ticket, bed_id: str, hold: Interval | None) -> bool:
    """Refuse a bed that is somebody else's, or that does not fit; the ticket's own hold is no obstacle.

    Returns
    -------
    Whether a reserved bed is used in an emergency by somebody without priority.
    """
    bed = await act.uow.board.bed(bed_id, act.now)
    if bed is None or bed.bed.organization_id != ticket.receives:
        raise UnknownSubject("beds", bed_id)
    lies = bed.occupancy is not None and bed.occupancy.keeps(act.now)
    if bed.bed.kind is BedKind.BAY:
        if lies:
            raise BedTaken(bed_id)
        return False
    if hold is not None and hold.bed_id == bed_id:
        if lies:
            raise BedUnsuitable(bed_id, "state", "床上还有病人", "somebody still lies in the bed")
        return hold.override
    patient = await the_patient(act, ticket.patient_id)
    queue = await queue_of(act, ticket.receives, also=ticket)
    return queue.chosen(claim_of(ticket, patient, act), bed).override


async def treat_and_release(act: Act, ticket: Ticket, text: str) -> Ticket:
    """Treat without admission; the held bed goes to the next."""
    require(ticket, "treat-and-release", act.by)
    hold = await end_hold(act, ticket, "release", reason="treated and released")
    moved = await move(act, ticket, "treat-and-release", Fact(text=text))
    if hold is not None:
        await offer(act.as_system(), hold.bed_id)
    return moved


async def discharge(act: Act, ticket: Ticket, text: str = "") -> Ticket:
    """Discharge the patient: the bed is to be cleaned, then offered; the outcome is due within 48 hours."""
    moved = await move(act, ticket, "discharge", Fact(text=text))
    await leave_bed(act, ticket.patient_id, organization_id=ticket.receives)
    return moved


async def leave_bed(act: Act, patient_id: str, *, organization_id: str | None = None) -> None:
    """End the patient's occupancy, in this organization alone where one is named; the bed waits to be cleaned."""
    stay = await act.uow.board.occupancy_of(patient_id)
    bed = await act.uow.board.bed(stay.bed_id, act.now) if stay else None
    if stay is None or bed is None or organization_id not in {None, bed.bed.organization_id}:
        return
    await act.uow.board.change(end(stay, "vacate", now=act.now))
    await end_loan(act, stay.ticket_id)
    await begin_cleaning(act, stay.bed_id)


async def send_outcome(act: Act, ticket: Ticket, outcome: Outcome) -> Ticket:
    """Send the outcome back to whoever referred (回转单); the loop closes when the sender has seen it."""
    told = await move(act, ticket, "send-outcome", Fact(outcome=replace(outcome, at=act.now, by=act.by.user_id)))
    await close_items(act, told, "referral-late")
    await ask(
        act, told, "referral-outcome", organization_id=told.from_organization_id,
        roles=("township-doctor", "family-doctor", "consultant"), due_at=told.deadline_at or act.now,
        zh=f"{told.number} 结局已回传，请查看", en=f"the outcome of {told.number} is here: have a look",
    )  # fmt: skip
    return told


async def close(act: Act, ticket: Ticket) -> Ticket:
    """Close a ticket: the sender has seen the outcome, or the first visit at home is done."""
    return await move(act, ticket, "close", Fact())
