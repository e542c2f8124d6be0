"""What wards do with their beds: confirm the board, block, clean, relabel, take somebody in, let him out, move him."""

from dataclasses import dataclass, replace
from datetime import datetime

from referral.beds import refuse_taken, repays
from referral.errors import BedTaken, BedUnsuitable, IllegalTransition, NotPermitted, ReasonRequired, UnknownSubject
from referral.events import Event
from referral.lifecycle import end, expected, permit_keeping
from referral.model import BedState, IntervalKind, IntervalState, Pool
from referral.service.ground import Act, end_loan, rules_for
from referral.service.reception import offer
from referral.wards import Bed, BedNow, Interval, Ward

BLOCK, BOARD = "bed-block", "ward-board"


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody whom a ward takes in without a ticket; `label` is what the ward writes for him."""

    patient_id: str | None = None
    label: str = ""
    sex: str = ""
    expected_end_at: datetime | None = None


async def the_bed(act: Act, bed_id: str) -> BedNow:
    """Return a bed with what keeps it now.

    Raises
    ------
    UnknownSubject
        When there is none.
    """
    bed = await act.uow.board.bed(bed_id, act.now)
    if bed is None:
        raise UnknownSubject("beds", bed_id)
    return bed


async def a_free_bed(act: Act, bed_id: str) -> BedNow:
    """Return a bed into which somebody may be laid now.

    Raises
    ------
    BedTaken
        When somebody has the bed, or it is promised.
    BedUnsuitable
        When it is blocked or waits to be cleaned.
    """
    now = await the_bed(act, bed_id)
    refuse_taken(now, act.now)
    if now.state(act.now) in {BedState.BLOCKED, BedState.TO_CLEAN}:
        raise BedUnsuitable(bed_id, "state", "床停用或待清洁", "the bed is blocked or to be cleaned")
    return now


def require_ward(act: Act) -> None:
    """Refuse whoever is neither ward, desk nor medical affairs of the bed's organization."""
    if not (act.by.ward or act.by.desk or act.by.lead or act.by.user_id == "system"):
        raise NotPermitted


async def block(act: Act, bed_id: str, *, reason: str, until: datetime | None) -> Bed:
    """Take a bed out of service; nobody may be in it, and nothing may be promised."""
    require_ward(act)
    now = await the_bed(act, bed_id)
    if not reason.strip():
        raise ReasonRequired
    _only(now, act, "block", BedState.AVAILABLE, BedState.TO_CLEAN, BedState.BLOCKED)
    blocked = replace(now.bed, blocked_reason=reason, blocked_until=until, blocked_at=act.now)
    if until is not None:
        await act.uow.ledger.set_deadline(BLOCK, bed_id, until)
    else:
        rules = await rules_for(act, now.bed.organization_id)
        await act.uow.ledger.set_deadline(BLOCK, bed_id, act.now + rules.block_review)
    return await _save(act, blocked, "blocked")


async def unblock(act: Act, bed_id: str) -> Bed:
    """Put a bed back into service; it is offered to the queue."""
    require_ward(act)
    now = await the_bed(act, bed_id)
    if now.bed.blocked_at is None:
        raise IllegalTransition(now.state(act.now).value, "unblock", ("block",))
    await act.uow.ledger.clear_deadline(BLOCK, bed_id)
    await act.uow.ledger.close_tasks("beds", bed_id, kinds=(BLOCK,), by=act.by.user_id, at=act.now)
    free = replace(now.bed, blocked_reason="", blocked_until=None, blocked_at=None)
    return await _freed(act, await _save(act, free, "unblocked"))


async def clean(act: Act, bed_id: str) -> Bed:
    """Say that a bed is clean; it is offered to the queue."""
    require_ward(act)
    now = await the_bed(act, bed_id)
    _only(now, act, "clean", BedState.TO_CLEAN)
    return await _freed(act, await _save(act, replace(now.bed, to_clean_since=None), "cleaned"))


async def confirm_bed(act: Act, bed_id: str) -> Bed:
    """Say that what the board shows of a bed is true; its ward counts as confirmed."""
    require_ward(act)
    now = await the_bed(act, bed_id)
    ward = next((w for w in await act.uow.board.wards(now.bed.organization_id) if w.id == now.bed.ward_id), None)
    if ward is not None:
        await confirm_ward(act, ward)
    return now.bed


async def confirm_ward(act: Act, ward: Ward) -> Ward:
    """Say that a ward's board is true; its age begins anew, and the next shift is asked again."""
    require_ward(act)
    told = replace(ward, confirmed_at=act.now, confirmed_by=act.by.user_id, version=ward.version + 1)
    await act.uow.board.save_ward(told)
    rules = await rules_for(act, ward.organization_id)
    await act.uow.ledger.set_deadline(BOARD, ward.id, act.now + rules.board_shift)
    await act.uow.ledger.close_tasks("wards", ward.id, kinds=("bed-board",), by=act.by.user_id, at=act.now)
    where = (ward.organization_id,)
    act.uow.publish(Event("beds", "confirmed", ward.id, told.version, "confirmed", where, ward.organization_id))
    return told


async def relabel(act: Act, bed_id: str, pool: Pool, reason: str) -> Bed:
    """Give a bed to another pool; a general bed that becomes a reserved one pays a debt where there is one."""
    require_ward(act)
    now = await the_bed(act, bed_id)
    if not reason.strip():
        raise ReasonRequired
    if now.bed.pool is Pool.GENERAL and pool is Pool.RESERVED:
        await act.uow.board.repay(now.bed.organization_id, now.bed.department, bed_id, act.now)
    return await _save(act, replace(now.bed, pool=pool), "relabelled")


async def occupy(act: Act, bed_id: str, walk_in: WalkIn) -> Interval:
    """Take somebody in without a ticket.

    Raises
    ------
    BedTaken
        When somebody has the bed, or it is promised.
    BedUnsuitable
        When it is blocked or waits to be cleaned.
    """
    require_ward(act)
    await a_free_bed(act, bed_id)
    stay = Interval(
        id=act.new_id(),
        bed_id=bed_id,
        kind=IntervalKind.OCCUPANCY,
        state=IntervalState.LIVE,
        begins_at=act.now,
        ends_at=None,
        patient_id=walk_in.patient_id,
        label=walk_in.label,
        sex=walk_in.sex,
        expected_end_at=walk_in.expected_end_at,
        by=act.by.user_id,
    )
    await act.uow.board.keep(stay)
    await announce_bed(act, bed_id, "occupied")
    return stay


async def expect(act: Act, bed_id: str, at: datetime | None) -> Interval:
    """Say when the patient in a bed is expected to leave: waiting tickets get their estimate from it."""
    permit_keeping("expect", act.by)
    stay = await _stay(act, bed_id, "expect")
    told = expected(stay, at)
    await act.uow.board.change(told)
    await announce_bed(act, bed_id, "expected-free")
    return told


async def vacate(act: Act, bed_id: str) -> Bed:
    """Let whoever lies in a bed out; the bed waits to be cleaned."""
    permit_keeping("vacate", act.by)
    stay = await _stay(act, bed_id, "vacate")
    if stay.ticket_id is not None:
        ticket = await act.uow.tickets.get(stay.ticket_id)
        if ticket is not None and ticket.is_live and ticket.state.value == "admitted":
            raise IllegalTransition("admitted", "vacate", ("discharge", "move"))
    await act.uow.board.change(end(stay, "vacate", now=act.now))
    await end_loan(act, stay.ticket_id)
    return await begin_cleaning(act, bed_id)


async def move_patient(act: Act, from_bed_id: str, to_bed_id: str) -> Interval:
    """Move whoever lies in a bed to another one: two intervals, one transaction."""
    permit_keeping("move", act.by)
    stay = await _stay(act, from_bed_id, "move")
    source = await the_bed(act, from_bed_id)
    target = await a_free_bed(act, to_bed_id)
    if target.bed.organization_id != source.bed.organization_id:
        raise UnknownSubject("beds", to_bed_id)
    await act.uow.board.change(end(stay, "move", now=act.now))
    there = replace(stay, id=act.new_id(), bed_id=to_bed_id, begins_at=act.now, by=act.by.user_id, version=1)
    await act.uow.board.keep(there)
    if target.bed.pool is not Pool.RESERVED:
        await end_loan(act, stay.ticket_id)
    await _point_ticket(act, stay.ticket_id, to_bed_id)
    await begin_cleaning(act, from_bed_id)
    await announce_bed(act, to_bed_id, "occupied")
    return there


async def _point_ticket(act: Act, ticket_id: str | None, bed_id: str) -> None:
    ticket = await act.uow.tickets.get(ticket_id, lock=True) if ticket_id else None
    if ticket is not None and ticket.is_live:
        await act.uow.tickets.save(replace(ticket, bed_id=bed_id, version=ticket.version + 1))


async def _stay(act: Act, bed_id: str, event: str) -> Interval:
    now = await the_bed(act, bed_id)
    if now.occupancy is None or not now.occupancy.keeps(act.now):
        raise IllegalTransition(now.state(act.now).value, event, ("occupy",))
    return now.occupancy


async def begin_cleaning(act: Act, bed_id: str) -> Bed:
    """Mark a bed as to be cleaned; a general bed pays the reserved pool's debt first (domain.md 4, E3)."""
    now = await the_bed(act, bed_id)
    bed = replace(now.bed, to_clean_since=act.now)
    debt = await act.uow.board.quota_debt(bed.organization_id, bed.department)
    if repays(debt, bed) and await act.uow.board.repay(bed.organization_id, bed.department, bed_id, act.now):
        bed = replace(bed, pool=Pool.RESERVED)
        await announce_bed(act, bed_id, "debt-repaid")
    return await _save(act, bed, "vacated")


async def _freed(act: Act, bed: Bed) -> Bed:
    await offer(act.as_system(), bed.id)
    return bed


async def _save(act: Act, bed: Bed, name: str) -> Bed:
    saved = replace(bed, version=bed.version + 1)
    await act.uow.board.save_bed(saved)
    _publish(act, name, saved, bed.pool.value)
    return saved


async def announce_bed(act: Act, bed_id: str, name: str, **data: str | int | bool | None) -> None:
    """Publish what happened in a bed, to its organization."""
    now = await the_bed(act, bed_id)
    _publish(act, name, now.bed, now.state(act.now).value, **data)


def _publish(act: Act, name: str, bed: Bed, state: str, **data: str | int | bool | None) -> None:
    where = bed.organization_id
    act.uow.publish(Event("beds", name, bed.id, bed.version, state, (where,), where, data))


def _only(now: BedNow, act: Act, event: str, *states: BedState) -> None:
    state = now.state(act.now)
    if state in {BedState.OCCUPIED, BedState.HELD} and state not in states:
        raise BedTaken(now.bed.id)
    if state not in states:
        raise IllegalTransition(state.value, event, tuple(s.value for s in states))
