"""One press tells everybody: desk, ward, emergency department and the pathway's people, all at once."""

from dataclasses import replace

from referral.model import BedKind, BedState, Pool
from referral.pathways import PATHWAYS, pathway_rules
from referral.service.ground import Act, ask, ask_owner, rule_at, rules_for, the_patient
from referral.tickets import Ticket, TicketState
from referral.wards import Interval, label_of


async def alarm(act: Act, ticket: Ticket, hold: Interval | None) -> Ticket:
    """Tell desk, ward and the pathway's people of a level Ⅰ or Ⅱ; the sound stays until somebody acknowledges."""
    where = label_of(hold.bed_id) if hold else "急诊抢救间"
    if ticket.state is not TicketState.ARRIVED:  # who stands before them needs no sound
        await ask_owner(
            act, ticket, "referral-green", occasion=str(ticket.version),
            zh=f"绿色通道 {ticket.level.numeral} 级 {ticket.number}，{ticket.department}，收治：{where}",
            en=f"green channel, level {ticket.level.numeral}, {ticket.number}, {ticket.department}: goes to {where}",
        )  # fmt: skip
    await ask(
        act, ticket, "referral-ward", organization_id=ticket.receives, roles=("ward-nurse",),
        due_at=ticket.deadline_at or act.now, occasion=str(ticket.version),
        zh=f"备床备人：{ticket.number} {ticket.department} {where}",
        en=f"prepare for {ticket.number}: {ticket.department}, {where}",
    )  # fmt: skip
    await _parallel(act, ticket)
    return await _earmark(act, ticket)


async def _parallel(act: Act, ticket: Ticket) -> None:
    """Let everybody whom the pathway names prepare at the same time (domain.md 2.4; rows of `pathways`)."""
    if ticket.pathway is None:
        return
    rules = pathway_rules(*await rule_at(act, PATHWAYS, ticket.receives))
    for alert in rules[ticket.pathway].alerts:
        await ask(
            act, ticket, "referral-ward", organization_id=ticket.receives, roles=alert.roles,
            due_at=ticket.deadline_at or act.now, occasion=f"{ticket.version}:{alert.department}:{alert.roles[0]}",
            zh=f"{alert.words.zh}：{ticket.number}", en=f"{alert.words.en}: {ticket.number}",
        )  # fmt: skip


async def _earmark(act: Act, ticket: Ticket) -> Ticket:
    """Note a reserved step-down bed for a patient with bed priority: it keeps no bed from anybody (lifecycles.md c)."""
    rules = await rules_for(act, ticket.receives)
    department = rules.step_down.get(ticket.department)
    patient = await the_patient(act, ticket.patient_id)
    if department is None or not patient.bed_priority:
        return ticket
    beds = await act.uow.board.beds(act.now, organization_id=ticket.receives, department=department)
    for bed in beds:
        wanted = bed.bed.pool is Pool.RESERVED and bed.bed.kind is BedKind.BED
        if wanted and bed.state(act.now) is BedState.AVAILABLE:
            noted = replace(ticket, earmark=bed.bed.label, version=ticket.version + 1)
            await act.uow.tickets.save(noted)
            return noted
    return ticket
