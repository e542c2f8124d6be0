"""Many desks and one bed: in each process one goes on at a time, and whoever comes too late hears it at once.

It decides nothing (decision 0012): whom it lets through, the transaction and the database judge.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from referral.errors import ReferralRefusal
from referral.service.ground import require
from referral.service.reception import refuse_unless_free, refuse_waiting
from referral.tickets import Ticket, TicketState
from server.accounts.model import AuditEntry
from server.api.endpoint import REQUEST_ID, Call
from server.api.refusals import heed_if_match
from server.workflows.referrals import party_of


@asynccontextmanager
async def turn_at_bed(call: Call) -> AsyncIterator[None]:
    """Let one claim on a bed go on at a time; refuse the others when they see that it is gone.

    Raises
    ------
    BedTaken, NoBed, UnknownSubject
        As the transaction would; on record.
    """
    ticket_id = call.path("id")  # what cannot be an id has no part in a look that others share
    ticket = await call.hub.tickets_seen.ask((call.caller, ticket_id)) if ticket_id.isalnum() else None
    if ticket is None or not _may_hold(call, ticket):  # the transaction says why
        yield
        return
    contested, turns = call.body.bed_id or ticket.receives, call.hub.turns
    answered = await _is_answered(call, ticket)
    while not answered and await turns.has_waited(contested):
        answered = await _is_answered(call, ticket)
    if answered:  # the transaction repeats what it said
        yield
        return
    async with turns.take(contested):
        yield


def _may_hold(call: Call, ticket: Ticket) -> bool:
    try:
        heed_if_match(call, ticket.version)
        require(ticket, "hold-bed", party_of(call.caller, ticket))
    except ReferralRefusal:
        return False
    return ticket.state is not TicketState.BED_HELD  # the bed that it has is given back first


async def _is_answered(call: Call, ticket: Ticket) -> bool:
    """Refuse who cannot have the bed any more; True for a retry whose answer is kept."""
    try:
        await _look(call, ticket)
    except ReferralRefusal as refusal:
        pair = (call.caller.user_id, call.request.headers.get("Idempotency-Key", ""))
        if pair[1] and await call.hub.answered.ask(pair):
            return True
        unit = call.hub.unit_of_work(call.caller, request_id=call.request.get(REQUEST_ID))
        entry = AuditEntry("hold-bed", "referrals", ticket.id, ticket.patient_id, outcome="refused", basis=refusal.code)
        await unit.put_on_record(entry)
        raise
    return False


async def _look(call: Call, ticket: Ticket) -> None:
    bed_id: str = call.body.bed_id
    if not bed_id:
        refuse_waiting(ticket, (await call.hub.offers.ask(ticket.receives)).get(ticket.id))
        return
    seen = await call.hub.beds_now.ask(bed_id)
    if seen is None or seen.hold is None or seen.hold.ticket_id != ticket.id:  # else she may hold it anew
        refuse_unless_free(ticket, bed_id, seen, call.hub.clock.now())  # not as of when the request was sent
