"""A bed for a ticket: accepted, held by the rule or by a person, released, prolonged, taken over by level Ⅰ."""

from dataclasses import dataclass, replace
from datetime import datetime

from referral.beds import Allotted, Choice, Explanation, Waiting, hold_time, may_pre_empt, refuse_taken
from referral.beds import Reception as Received
from referral.errors import BedTaken, HoldOver, NoBed, NotPreemptible, UnknownSubject
from referral.lifecycle import Fact, extended, permit
from referral.model import IntervalKind, IntervalState, Pool, Words
from referral.service.alarm import alarm
from referral.service.ground import (
    HOLD,
    LOAN,
    Act,
    announce,
    announce_hold,
    ask,
    close_items,
    end_hold,
    move,
    require,
    rules_for,
    the_patient,
    the_ticket,
)
from referral.service.queue import Queue, claim_of, keep_ranking, queue_of, why
from referral.tickets import Ticket, TicketState
from referral.wards import BedNow, Interval, label_of

S = TicketState
UNANSWERED = frozenset({S.SENT, S.RECEIVED, S.INFO_NEEDED})


@dataclass(frozen=True, slots=True)
class Reception:
    """Where a ticket is received: a held bed, or the emergency bay; and why."""

    ticket: Ticket
    hold: Interval | None
    explanation: Explanation | None
    waiting: Waiting | None = None


async def receive_at_once(act: Act, ticket: Ticket, *, rings: bool = True) -> Ticket:
    """Accept a ticket of level Ⅰ or Ⅱ, unless it is accepted already, and find its place: a bed, else the bay.

    Nobody at level Ⅰ or Ⅱ is refused or kept waiting for lack of a bed (domain.md 4, E8).

    Parameters
    ----------
    rings
        Everybody is told; not a second time where a Ⅱ becomes a Ⅰ.
    """
    system = act.as_system()
    accepted = ticket
    if ticket.state in UNANSWERED:
        accepted = await move(system, ticket, "system-accept", Fact(in_bay=True))
        await close_items(system, accepted, "referral-answer", "referral-info")
    hold = await act.uow.board.hold_of(ticket.id)
    reception = Reception(accepted, hold, None) if hold else await place(system, accepted)
    return await alarm(act, reception.ticket, reception.hold) if rings else reception.ticket


async def level_hold(act: Act, ticket: Ticket) -> None:
    """Let a hold carry its ticket's level: who gives way, and what the clock may end, goes by it."""
    hold = await act.uow.board.hold_of(ticket.id)
    if hold is not None and hold.level is not ticket.level:
        levelled = replace(hold, level=ticket.level, version=hold.version + 1)
        await act.uow.board.change(levelled)
        await announce_hold(act, levelled, ticket)


async def place(act: Act, ticket: Ticket) -> Reception:
    """Hold the best bed that the rule has for a ticket; at level Ⅰ and Ⅱ the bay receives until then."""
    queue = await queue_of(act, ticket.receives, also=ticket)
    offered = queue.allotted().get(ticket.id)
    while isinstance(offered, Choice):
        try:
            return await _hold(act, ticket, offered, queue)
        except BedTaken:  # another desk was faster: the next best
            queue = queue.without(offered.bed.bed.id)
            offered = queue.allotted().get(ticket.id)
    explanation = why(queue, ticket.id, offered)
    if explanation is not None:
        await keep_ranking(act, queue, ticket, None, explanation)
    if isinstance(offered, Received) and offered.pre_emption is not None:
        await _propose_pre_emption(act, ticket, offered.pre_emption)
    return Reception(ticket, None, explanation, offered if isinstance(offered, Waiting) else None)


def refuse_unless_free(ticket: Ticket, bed_id: str, bed: BedNow | None, now: datetime) -> BedNow:
    """Return the bed that was named for a ticket, when its receiver has it and nobody lies in it or holds it.

    Raises
    ------
    UnknownSubject, BedTaken
    """
    if bed is None or bed.bed.organization_id != ticket.receives:
        raise UnknownSubject("beds", bed_id)
    refuse_taken(bed, now)
    return bed


def refuse_waiting(ticket: Ticket, offered: Allotted | None) -> None:
    """Refuse a ticket that waits on the list; level Ⅰ and Ⅱ is received in the bay and waits on none.

    Raises
    ------
    NoBed
        With position, reason and estimate.
    """
    if isinstance(offered, Waiting) and not ticket.level.is_green:
        raise _no_bed(offered)


async def hold_bed(act: Act, ticket: Ticket, *, bed_id: str = "", reason: str = "") -> Reception:
    """Hold a bed for an accepted ticket: the one named, or the rule's choice.

    Raises
    ------
    NoBed
        At level Ⅲ and Ⅳ, with position, reason and estimate; level Ⅰ and Ⅱ are received in the bay instead.
    BedTaken, BedUnsuitable, NotEligible
        For a bed that is named.
    """
    if ticket.state is S.BED_HELD and bed_id:
        ticket = await release_hold(act, ticket, reason=reason or "another bed")
    require(ticket, "hold-bed", act.by)
    if bed_id:
        return await _hold_named(act, ticket, bed_id, reason)
    reception = await place(act, ticket)
    if reception.hold is None and not ticket.level.is_green:
        raise _no_bed(reception.waiting)
    if reception.hold is None:
        await announce(act, ticket, "bay-kept")
    return reception


async def _hold_named(act: Act, ticket: Ticket, bed_id: str, reason: str) -> Reception:
    bed = refuse_unless_free(ticket, bed_id, await act.uow.board.bed(bed_id, act.now), act.now)
    queue = await queue_of(act, ticket.receives, also=ticket)
    patient = await the_patient(act, ticket.patient_id)
    choice = queue.chosen(claim_of(ticket, patient, act), bed)
    ahead = _ahead(queue, ticket, bed_id)
    reception = await _hold(act, ticket, choice, queue)
    if ahead:
        await _out_of_order(act, reception.ticket, bed, ahead, reason)
    return reception


def _ahead(queue: Queue, ticket: Ticket, bed_id: str) -> list[str]:
    """Return the numbers of those whom the rule would have given the bed before this ticket."""
    return [
        queue.tickets[ticket_id].number
        for ticket_id, offered in queue.allotted().items()
        if isinstance(offered, Choice) and offered.bed.bed.id == bed_id and ticket_id != ticket.id
    ]


async def _out_of_order(act: Act, ticket: Ticket, bed: BedNow, ahead: list[str], reason: str) -> None:
    """A person chose otherwise than the rule: she may, it is on record, and without a reason it is asked for."""
    await announce(act, ticket, "out-of-order", bed_id=bed.bed.id, ahead=",".join(ahead), reason=reason or None)
    if not reason.strip():
        rules = await rules_for(act, ticket.receives)
        await ask(
            act, ticket, "referral-retriage", organization_id=ticket.receives, roles=("medical-affairs",),
            due_at=act.now + rules.afterwards, occasion=f"order:{bed.bed.id}",
            zh=f"{ticket.number} 未按规则顺序留床 {bed.bed.label}（{'、'.join(ahead)} 在前），请补理由",
            en=f"{ticket.number} got {bed.bed.label} before {', '.join(ahead)}: a reason is missing",
        )  # fmt: skip


async def _hold(act: Act, ticket: Ticket, choice: Choice, queue: Queue) -> Reception:
    """Keep a bed `[now, now + hold time)`; the database refuses a second in the same time."""
    await end_hold(act, ticket, "release", reason="held anew")
    hold = Interval(
        id=act.new_id(),
        bed_id=choice.bed.bed.id,
        kind=IntervalKind.HOLD,
        state=IntervalState.LIVE,
        begins_at=act.now,
        ends_at=act.now + hold_time(ticket.travel_minutes, queue.rules),
        ticket_id=ticket.id,
        patient_id=ticket.patient_id,
        level=ticket.level,
        en_route=ticket.state in {S.EN_ROUTE, S.ARRIVED},
        by=act.by.user_id,
        override=choice.override,
    )
    await act.uow.board.keep(hold)
    await act.uow.ledger.set_deadline(HOLD, hold.id, hold.ends_at or act.now)
    if choice.claim.provisional and choice.pool is Pool.RESERVED:
        await _verify(act, ticket)
    if choice.lent_until is not None:
        await _ask_back(act, ticket, hold, choice.lent_until)
    if choice.override:
        await act.uow.board.owe(choice.bed.bed.organization_id, choice.bed.bed.department, ticket.id, act.now)
    explanation = why(queue, ticket.id, choice)
    if explanation is not None:
        await keep_ranking(act, queue, ticket, choice, explanation)
    fact = Fact(bed_id=hold.bed_id, hold_id=hold.id)
    held = await move(act, ticket, "hold-bed", fact)
    await announce_hold(act, hold, held)
    await close_items(act, held, "referral-bed", "referral-preempt")
    return Reception(held, hold, explanation)


async def _verify(act: Act, ticket: Ticket) -> None:
    """A reserved bed on a status that nobody has proven: it counts without debt, and is proven within a day."""
    rules = await rules_for(act, ticket.from_organization_id)
    await ask(
        act, ticket, "referral-verify", organization_id=ticket.from_organization_id,
        roles=("township-doctor", "family-doctor"), due_at=act.now + rules.afterwards,
        zh=f"{ticket.number} 救助类别待核实（24 小时内）",
        en=f"{ticket.number}: prove the assistance category within a day",
    )  # fmt: skip


async def _ask_back(act: Act, ticket: Ticket, hold: Interval, until: datetime) -> None:
    """A reserved bed that is lent comes back within a day (domain.md 4 c): the desk moves whoever has it by then."""
    label = label_of(hold.bed_id)
    await ask(
        act, ticket, LOAN, organization_id=ticket.receives, roles=("referral-desk", "ward-nurse"), due_at=until,
        occasion=hold.id,
        zh=f"优先床 {label} 借给 {ticket.number}，到期请换普通床归还",
        en=f"the reserved bed {label} is lent to {ticket.number}: give it back, move the patient to a general bed",
    )  # fmt: skip


async def accept(act: Act, ticket: Ticket) -> Ticket:
    """Accept a ticket; it waits for its bed by the rule from its submission on."""
    accepted = await move(act, ticket, "accept", Fact())
    await close_items(act, accepted, "referral-answer", "referral-late")
    return accepted


async def release_hold(act: Act, ticket: Ticket, *, reason: str) -> Ticket:
    """Give a held bed back; the ticket keeps its waiting time, and the bed is offered to the next."""
    require(ticket, "release-hold", act.by)
    hold = await end_hold(act, ticket, "release", reason=reason)
    moved = await move(act, ticket, "release-hold", Fact(reason=reason))
    if hold is not None:
        await offer(act, hold.bed_id, besides=ticket.id)
    return moved


async def extend_hold(act: Act, hold_id: str, until: datetime) -> Interval:
    """Prolong a live hold; it takes part in the same exclusion.

    Raises
    ------
    HoldOver
        When it is no longer live.
    """
    hold, ticket = await the_hold(act, hold_id)
    permit(ticket, "hold-bed", act.by)
    if hold.ends_at is None or until <= hold.ends_at:
        return hold
    longer = extended(hold, until)
    await act.uow.board.change(longer)
    await act.uow.ledger.set_deadline(HOLD, hold.id, until)
    await announce_hold(act, longer, ticket)
    return longer


async def the_hold(act: Act, hold_id: str) -> tuple[Interval, Ticket]:
    """Return a live hold and its ticket, the ticket locked.

    Raises
    ------
    UnknownSubject, HoldOver
    """
    seen = await act.uow.board.interval(hold_id)
    if seen is None or seen.ticket_id is None:
        raise UnknownSubject("bed-holds", hold_id)
    ticket = await the_ticket(act, seen.ticket_id)
    hold = await act.uow.board.interval(hold_id)
    if hold is None or not hold.keeps(act.now):
        raise HoldOver
    return hold, ticket


async def pre_empt(act: Act, hold_id: str, for_ticket_id: str) -> Reception:
    """Let level Ⅰ take a hold of Ⅲ or Ⅳ: the system proposed it, a named person confirms it.

    Whoever loses the bed stays on the way, is received in the emergency bay, keeps the waiting time, and is told.

    Raises
    ------
    NotPreemptible
        For any other pair of levels, or a hold that does not fit.
    """
    hold, bumped = await the_hold(act, hold_id)
    ticket = await the_ticket(act, for_ticket_id)
    require(ticket, "hold-bed", act.by)
    bed = await act.uow.board.bed(hold.bed_id, act.now)
    patient = await the_patient(act, ticket.patient_id)
    queue = await queue_of(act, ticket.receives, also=ticket)
    claim = claim_of(ticket, patient, act)
    if bed is None or ticket.receives != bumped.receives or not may_pre_empt(claim, bed, act.now):
        raise NotPreemptible
    choice = queue.chosen(claim, replace(bed, hold=None))
    await end_hold(act, bumped, "pre-empt", reason=f"level Ⅰ {ticket.number}")
    lost = await move(act, bumped, "hold-pre-empted", Fact(code=ticket.number))
    await _tell_bumped(act, lost, bed)
    return await _hold(act, ticket, choice, queue)


async def _tell_bumped(act: Act, ticket: Ticket, bed: BedNow) -> None:
    place_zh = "到院由急诊抢救间接收" if ticket.in_bay else "重新排队，等待照算"
    place_en = "the emergency bay receives" if ticket.in_bay else "it waits again, the time waited counts"
    await ask(
        act, ticket, "referral-bed", organization_id=ticket.from_organization_id, roles=("township-doctor",),
        due_at=act.now, occasion=f"pre-empted:{bed.bed.id}:{ticket.version}",
        zh=f"{ticket.number} 的 {bed.bed.label} 让给Ⅰ级病人，{place_zh}，请电话告知病人",
        en=f"{bed.bed.label} of {ticket.number} went to a level Ⅰ patient; {place_en}: phone the patient",
    )  # fmt: skip


async def offer(act: Act, bed_id: str, *, besides: str = "") -> None:
    """Offer a bed that became free to whom the rule gives it: held at once at Ⅰ and Ⅱ, else told to the desk.

    Parameters
    ----------
    besides
        The ticket that just lost this bed: it does not get the same one back.
    """
    bed = await act.uow.board.bed(bed_id, act.now)
    if bed is None:
        return
    queue = (await queue_of(act, bed.bed.organization_id)).past(besides)
    for ticket_id, offered in queue.allotted().items():
        if not isinstance(offered, Choice) or offered.bed.bed.id != bed_id:
            continue
        ticket = await the_ticket(act, ticket_id, lock=False)  # its own claim may wait for this bed: no lock to tell
        if _is_held_at_once(ticket) and _is_held_at_once(ticket := await the_ticket(act, ticket_id)):
            await _hold(act.as_system(), ticket, offered, queue)
        else:
            await _tell_offer(act, ticket, bed)
        return


def _is_held_at_once(ticket: Ticket) -> bool:
    return ticket.level.is_green and (ticket.in_bay or ticket.state is S.ACCEPTED)


async def _tell_offer(act: Act, ticket: Ticket, bed: BedNow) -> None:
    rules = await rules_for(act, ticket.receives)
    await announce(act, ticket, "bed-offered", bed_id=bed.bed.id)
    await ask(
        act, ticket, "referral-bed", organization_id=ticket.receives, roles=("referral-desk",),
        due_at=act.now + rules.offer, occasion=f"offer:{bed.bed.id}:{act.now.isoformat()}",
        zh=f"{bed.bed.label} 空出，按规则该留给 {ticket.number}",
        en=f"{bed.bed.label} is free: by the rule it is for {ticket.number}",
    )  # fmt: skip


async def _propose_pre_emption(act: Act, ticket: Ticket, proposal: BedNow) -> None:
    hold = proposal.hold
    if hold is None:
        return
    await announce(act, ticket, "pre-emption-proposed", bed_id=proposal.bed.id, hold_id=hold.id)
    await ask(
        act, ticket, "referral-preempt", organization_id=ticket.receives, roles=("referral-desk",), due_at=act.now,
        occasion=hold.id,
        zh=f"Ⅰ级 {ticket.number} 无空床：可用 {proposal.bed.label}（已留给Ⅲ/Ⅳ级），请一键确认",
        en=f"level Ⅰ {ticket.number} has no bed: {proposal.bed.label}, held for Ⅲ or Ⅳ, can be taken; confirm",
    )  # fmt: skip


def _no_bed(waiting: Waiting | None) -> NoBed:
    words = waiting.sentence if waiting else Words("暂无合适空床", "no suitable bed is free")
    estimate = waiting.estimate.isoformat() if waiting and waiting.estimate else None
    return NoBed(position=waiting.position if waiting else 0, zh=words.zh, en=words.en, estimate=estimate)
