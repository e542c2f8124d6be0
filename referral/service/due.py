"""What happens when a time is over: a ladder of people for tickets, the end of holds and blocks, boards and visits."""

from datetime import datetime, timedelta

from referral.lifecycle import Fact, extended
from referral.model import IntervalState
from referral.rules import ReferralRules, escalation
from referral.service.ground import (
    DUE,
    HOLD,
    Act,
    Item,
    announce,
    announce_hold,
    ask,
    bed_rules_for,
    end_hold,
    move,
    open_item,
    rules_for,
)
from referral.service.queue import READY
from referral.service.reception import offer
from referral.service.wards import BLOCK, BOARD, unblock
from referral.tickets import Ticket, TicketState
from referral.wards import label_of

S = TicketState


async def ticket_due(act: Act, ticket_id: str) -> None:
    """Tell the next people that a ticket is late; nobody is decided over by a clock."""
    ticket = await act.uow.tickets.get(ticket_id, lock=True)
    if ticket is None or not ticket.is_live:
        await act.uow.ledger.clear_deadline(DUE, ticket_id)
        return
    since = ticket.deadline_at or act.now
    if since > act.now:
        await act.uow.ledger.set_deadline(DUE, ticket.id, since, rule_version=ticket.rule_version)
        return
    rules = await rules_for(act, ticket.receives or ticket.from_organization_id)
    step, next_at = _rung_at(ticket, act.now - since, rules)
    rung = escalation(ticket, step, rules)
    told = []
    for organization_id, roles in rung.told:
        where, role = await ask(
            act, ticket, "referral-late", organization_id=organization_id, roles=roles, due_at=act.now,
            occasion=f"{ticket.state.value}:{since.isoformat()}:{step}:{roles[0]}", zh=rung.words.zh, en=rung.words.en,
        )  # fmt: skip
        told.append(f"{role}@{where}")
    if await _waits_too_long(act, ticket):
        await _triage_again(act, ticket, since)
    await announce(act, ticket, "overdue", step=step, told=",".join(dict.fromkeys(told)))
    await act.uow.ledger.set_deadline(DUE, ticket.id, since + next_at, rule_version=rules.version)


async def _waits_too_long(act: Act, ticket: Ticket) -> bool:
    """Tell whether a patient without a bed has waited beyond her level's target; Ⅰ has none (domain.md 4)."""
    if ticket.state not in READY or ticket.hold_id is not None or ticket.waiting_since is None:
        return False
    target = (await bed_rules_for(act, ticket.receives)).targets.get(ticket.level)
    return target is not None and act.now - ticket.waiting_since > target


async def _triage_again(act: Act, ticket: Ticket, since: datetime) -> None:
    """A bed that was waited for too long raises a task to look at the patient again; time alone lifts no level."""
    await ask(
        act, ticket, "referral-retriage", organization_id=ticket.receives, roles=("consultant", "referral-desk"),
        due_at=act.now, occasion=since.isoformat(),
        zh=f"{ticket.number} 等床超过目标时间，请重新分诊",
        en=f"{ticket.number} waited beyond its target: triage again",
    )  # fmt: skip


def _rung_at(ticket: Ticket, late: timedelta, rules: ReferralRules) -> tuple[int, timedelta]:
    """Return the rung that a delay has reached, and after which delay the next one follows."""
    step, reached = 0, escalation(ticket, 0, rules).pause
    while reached <= late:
        step += 1
        reached += escalation(ticket, step, rules).pause
    return step, reached


async def hold_due(act: Act, hold_id: str) -> None:
    """End a hold whose time is over and offer the bed; that of a Ⅰ or Ⅱ on the road is prolonged and rings."""
    seen = await act.uow.board.interval(hold_id)
    ticket = await act.uow.tickets.get(seen.ticket_id, lock=True) if seen and seen.ticket_id else None
    hold = await act.uow.board.interval(hold_id)  # again, under the ticket's lock
    if hold is None or ticket is None or hold.state is not IntervalState.LIVE or hold.ends_at is None:
        await act.uow.ledger.clear_deadline(HOLD, hold_id)
        return
    if hold.ends_at > act.now:
        await act.uow.ledger.set_deadline(HOLD, hold_id, hold.ends_at)
        return
    if ticket.level.is_green and (not hold.ends_by_the_clock or ticket.state is S.ARRIVED):
        await _prolong(act, ticket, hold_id)
        return
    ended = await end_hold(act, ticket, "expire", reason="expired")
    if ticket.hold_id == hold_id:
        lost = await move(act, ticket, "hold-expired", Fact())
        await _tell_lost(act, lost, hold.bed_id)
    if ended is not None:
        await offer(act, ended.bed_id, besides=ticket.id)


async def _prolong(act: Act, ticket: Ticket, hold_id: str) -> None:
    hold = await act.uow.board.interval(hold_id)
    if hold is None:
        return
    rules = await rules_for(act, ticket.receives)
    until = act.now + rules.arrival_grace
    longer = extended(hold, until)
    await act.uow.board.change(longer)
    await act.uow.ledger.set_deadline(HOLD, hold_id, until)
    await announce_hold(act, longer, ticket)
    await ask(
        act, ticket, "referral-arrival", organization_id=ticket.receives, roles=("referral-desk",), due_at=act.now,
        occasion=until.isoformat(),
        zh=f"{ticket.number} {ticket.level.numeral}级还在路上，留床已延长，请打电话",
        en=f"{ticket.number}, level {ticket.level.numeral}, is still on the road: the hold is prolonged, phone them",
    )  # fmt: skip


async def _tell_lost(act: Act, ticket: Ticket, bed_id: str) -> None:
    """Tell both sides that a bed went back to the board; the time waited counts on."""
    label = label_of(bed_id)
    zh = f"{ticket.number} 的 {label} 留床到期，床已放回，等待照算"
    en = f"the hold of {label} for {ticket.number} is over; the time waited counts on"
    for organization_id, roles in (
        (ticket.receives, ("referral-desk", "township-doctor")),
        (ticket.from_organization_id, ("township-doctor", "family-doctor", "consultant")),
    ):
        await ask(
            act, ticket, "referral-bed", organization_id=organization_id, roles=roles, due_at=act.now,
            occasion=f"expired:{bed_id}:{ticket.version}:{organization_id}", zh=zh, en=en,
        )  # fmt: skip


async def block_due(act: Act, bed_id: str) -> None:
    """Put a bed back into service whose block is over; one without an end is asked about."""
    bed = await act.uow.board.bed(bed_id, act.now)
    if bed is None or bed.bed.blocked_at is None:
        await act.uow.ledger.clear_deadline(BLOCK, bed_id)
    elif bed.bed.blocked_until is not None and bed.bed.blocked_until <= act.now:
        await unblock(act, bed_id)
    elif bed.bed.blocked_until is not None:
        await act.uow.ledger.set_deadline(BLOCK, bed_id, bed.bed.blocked_until)
    else:
        rules = await rules_for(act, bed.bed.organization_id)
        await act.uow.ledger.set_deadline(BLOCK, bed_id, act.now + rules.block_review)
        label, since = bed.bed.label, bed.bed.blocked_at.isoformat()  # one open item for each block
        item = Item(
            BLOCK, "beds", bed_id, f"{label} 一直停用，还要停吗", f"{label} is still blocked: does it have to be", since
        )
        where = bed.bed.organization_id
        await open_item(act, item, organization_id=where, roles=("ward-nurse", "referral-desk"), due_at=act.now)


async def board_due(act: Act, ward_id: str) -> None:
    """Ask the shift to confirm its board; old knowledge is shown as old until it does."""
    ward = next((w for w in await act.uow.board.wards() if w.id == ward_id), None)
    if ward is None:
        await act.uow.ledger.clear_deadline(BOARD, ward_id)
        return
    rules = await rules_for(act, ward.organization_id)
    await act.uow.ledger.set_deadline(BOARD, ward_id, act.now + rules.board_shift)
    item = Item(
        "bed-board",
        "wards",
        ward.id,
        f"{ward.name} 请核对床位板",
        f"{ward.name}: confirm the bed board",
        ward.confirmed_at.isoformat() if ward.confirmed_at else "",  # one open item until the board is confirmed
    )
    await open_item(
        act, item, organization_id=ward.organization_id, roles=("ward-nurse", "referral-desk"), due_at=act.now
    )
