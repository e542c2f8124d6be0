"""A ticket that begins anew from another one: a successor carries everything that nobody shall write twice."""

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from referral.tickets import Ticket, TicketState


def successor_of(
    ticket: Ticket,
    *,
    ticket_id: str,
    number: str,
    organization_id: str | None,
    department: str,
    outside_name: str,
    travel_minutes: int,
    now: datetime,
) -> Ticket:
    """Return the draft of a ticket that is sent on to another place; it keeps package, episode and waiting time."""
    return replace(
        ticket,
        id=ticket_id,
        number=number,
        state=TicketState.DRAFT,
        version=1,
        to_organization_id=organization_id,
        outside_name=outside_name,
        department=department,
        needs=replace(ticket.needs, department=department),
        travel_minutes=travel_minutes,
        predecessor_id=ticket.id,
        successor_id=None,
        created_at=now,
        acknowledged_at=None,
        acknowledged_by=None,
        handler_id=None,
        bed_id=None,
        hold_id=None,
        in_bay=False,
        earmark="",
        paused_at=None,
        paused_seconds=0,
        info_rounds=0,
        manual_rank=None,
        manual_reason="",
        timeline=MappingProxyType({TicketState.DRAFT.value: now}),
    )
