"""What the receiver's desk answers, and what both sides agree on: ask, advise, decline, redirect, cancel."""

from dataclasses import replace

from referral.errors import NeverDeclined, SuccessorRequired
from referral.lifecycle import Fact, permit, successor_of
from referral.model import Direction
from referral.ports import Message
from referral.service.drafting import beyond_county, send
from referral.service.ground import (
    Act,
    announce,
    ask,
    ask_owner,
    close_items,
    keep_deadline,
    move,
    next_number,
    require,
    rules_for,
    the_organization,
)
from referral.service.journey import leave_bed
from referral.service.reception import offer
from referral.service.visits import end_all
from referral.tickets import Party, Ticket, TicketState

S = TicketState


async def open_ticket(act: Act, ticket: Ticket) -> Ticket:
    """Open a ticket at the desk: the sender sees that somebody is on it, and who."""
    return await move(act, ticket, "open", Fact())


async def acknowledge(act: Act, ticket: Ticket) -> Ticket:
    """Answer the green channel's alarm: the sound stops, the sender sees who expects the patient."""
    told = await move(act, ticket, "acknowledge", Fact())
    await close_items(act, told, "referral-green", "referral-acknowledge")
    return told


async def ask_more(act: Act, ticket: Ticket, question: str) -> Ticket:
    """Ask the sender for more; the clock pauses, at most twice."""
    asked = await move(act, ticket, "ask", Fact(reason=question, text=question))
    await say(act, asked, question)
    await ask_owner(
        act, asked, "referral-info", zh=f"{asked.number} 请补资料：{question}", en=f"{asked.number}: {question}",
        occasion=str(asked.version),
    )  # fmt: skip
    return asked


async def answer(act: Act, ticket: Ticket, text: str) -> Ticket:
    """Answer what was asked; the clock goes on."""
    answered = await move(act, ticket, "answer", Fact(text=text))
    if text.strip():
        await say(act, answered, text)
    await close_items(act, answered, "referral-info")
    return answered


async def advise(act: Act, ticket: Ticket, advice: str) -> Ticket:
    """Close a ticket with advice: the patient need not travel; it can be turned into a new ticket."""
    advised = await move(act, ticket, "advise", Fact(reason=advice, text=advice))
    await _tell_sender(act, advised, f"{advised.number} 已回意见：{advice}", f"{advised.number}: {advice}")
    return advised


async def decline(act: Act, ticket: Ticket, *, code: str, reason: str) -> Ticket:
    """Decline at Ⅲ or Ⅳ with a code; a downward ticket goes back to the hospital's owner as a draft.

    Raises
    ------
    NeverDeclined
        At level Ⅰ and Ⅱ.
    """
    permit(ticket, "decline", act.by)
    if ticket.direction is not Direction.DOWN and ticket.level.is_green:
        raise NeverDeclined
    declined = await move(act, ticket, "decline", Fact(code=code, reason=reason))
    await close_items(act, declined)
    await _tell_sender(
        act,
        declined,
        f"{declined.number} 未接收：{reason or code}",
        f"{declined.number} was declined: {reason or code}",
    )
    return declined


async def redirect(
    act: Act, ticket: Ticket, *, organization_id: str | None, department: str, outside_name: str, reason: str
) -> Ticket:
    """Send a ticket on to another place without retyping: a successor with the same waiting time; this one ends.

    Raises
    ------
    SuccessorRequired
        When no other place is named.
    NeverDeclined
        At level Ⅰ and Ⅱ for everybody but medical affairs, and before there is a place here.
    """
    require(ticket, "redirect", act.by)
    if organization_id is None and not outside_name.strip():
        raise SuccessorRequired
    if organization_id == ticket.to_organization_id and department in {"", ticket.department}:
        raise SuccessorRequired
    successor = await _successor(act, ticket, organization_id, department, outside_name)
    hold = await act.uow.board.hold_of(ticket.id)
    moved = await move(act, ticket, "redirect", Fact(successor_id=successor.id, reason=reason))
    sent = await _send_on(act, successor)
    if hold is not None:
        await offer(act, hold.bed_id)
    await _tell_sender(
        act, moved, f"{moved.number} 已改送，新单 {sent.number}", f"{moved.number} was sent on as {sent.number}"
    )
    return moved


async def _successor(
    act: Act, ticket: Ticket, organization_id: str | None, department: str, outside_name: str
) -> Ticket:
    minutes = None
    if organization_id is not None:
        await the_organization(act, organization_id)
        minutes = await act.uow.neighbours.travel_minutes(ticket.from_organization_id, organization_id)
    rules = await rules_for(act, ticket.from_organization_id)
    successor = successor_of(
        ticket,
        ticket_id=act.new_id(),
        number=await next_number(act),
        organization_id=organization_id,
        department=department or ticket.department,
        outside_name=outside_name,
        travel_minutes=minutes if minutes is not None else ticket.travel_minutes,
        now=act.now,
    )
    return replace(successor, deadline_at=act.now + rules.draft)


async def _send_on(act: Act, successor: Ticket) -> Ticket:
    """Send a successor in its sender's name: what was checked once is not asked again."""
    await act.uow.tickets.add(successor)
    await keep_deadline(act, successor, successor.rule_version)
    if await beyond_county(act, successor):
        await act.uow.outward.review(
            successor.id, approved=True, cause=successor.reason_code, reason="redirected by the receiver",
            by=act.by.user_id, now=act.now,
        )  # fmt: skip
    sender = replace(act, by=Party(act.by.user_id, act.by.name, sender=True))
    return await send(sender, replace(successor, unscheduled_reason=successor.unscheduled_reason or "redirected"))


async def cancel(act: Act, ticket: Ticket, reason: str) -> Ticket:
    """Cancel a draft at once; ask the receiver to confirm where it was sent, so that no bed and no car is orphaned."""
    moved = await move(act, ticket, "cancel", Fact(reason=reason))
    if moved.state is S.CANCEL_REQUESTED:
        await ask_owner(
            act, moved, "referral-cancel", zh=f"{moved.number} 申请取消：{reason}",
            en=f"{moved.number} asks to be cancelled: {reason}",
            occasion=str(moved.version),
        )  # fmt: skip
    return moved


async def confirm_cancel(act: Act, ticket: Ticket) -> Ticket:
    """Agree to a cancellation: hold and transport are released with it."""
    return await _ended(act, ticket, "confirm-cancel", Fact())


async def refuse_cancel(act: Act, ticket: Ticket, reason: str) -> Ticket:
    """Go on in spite of a cancellation that was asked for."""
    moved = await move(act, ticket, "refuse-cancel", Fact(reason=reason))
    await close_items(act, moved, "referral-cancel")
    return moved


async def die(act: Act, ticket: Ticket, reason: str) -> Ticket:
    """End a ticket because the patient died; hold and bed are given back, and nobody is sent to visit."""
    ended = await _ended(act, ticket, "die", Fact(reason=reason))
    await leave_bed(act, ticket.patient_id)
    await end_all(act, ticket.patient_id)
    return ended


async def admitted_elsewhere(act: Act, ticket: Ticket, reason: str) -> Ticket:
    """End a ticket whose patient lies in another hospital."""
    return await _ended(act, ticket, "admitted-elsewhere", Fact(reason=reason))


async def not_arrived(act: Act, ticket: Ticket, reason: str) -> Ticket:
    """End a ticket whose patient never came; the sender is asked what became of him."""
    ended = await _ended(act, ticket, "not-arrived", Fact(reason=reason))
    await _tell_sender(act, ended, f"{ended.number} 病人未到，请联系", f"{ended.number}: the patient never came; call")
    return ended


async def _ended(act: Act, ticket: Ticket, event: str, fact: Fact) -> Ticket:
    hold = await act.uow.board.hold_of(ticket.id)
    ended = await move(act, ticket, event, fact)
    if hold is not None:
        await offer(act.as_system(), hold.bed_id)
    return ended


async def override(act: Act, ticket: Ticket, *, rank: int | None, reason: str) -> Ticket:
    """Put a person's judgement in the rule's place within one level, with a written reason."""
    return await move(act, replace(ticket, manual_rank=rank, manual_reason=reason), "override", Fact(reason=reason))


async def say(act: Act, ticket: Ticket, text: str) -> Message:
    """Add a line to the conversation; both sides see it at once."""
    organization_id = ticket.from_organization_id if act.by.sender else ticket.receives or ticket.from_organization_id
    message = Message(act.new_id(), ticket.id, act.now, act.by.user_id, organization_id, text)
    await act.uow.tickets.add_message(message)
    await announce(act, ticket, "message", message_id=message.id)
    return message


async def _tell_sender(act: Act, ticket: Ticket, zh: str, en: str) -> None:
    rules = await rules_for(act, ticket.from_organization_id)
    roles = (
        ("referral-desk", "consultant")
        if ticket.direction is Direction.DOWN
        else ("township-doctor", "family-doctor", "consultant")
    )
    await ask(
        act, ticket, "referral-outcome", organization_id=ticket.from_organization_id, roles=roles,
        due_at=act.now + rules.afterwards, occasion=f"{ticket.state.value}:{ticket.version}", zh=zh, en=en,
    )  # fmt: skip
