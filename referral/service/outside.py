"""A hospital outside the network tells what became of a patient: the sender's book is kept up to that by the table."""

from collections.abc import Mapping
from types import MappingProxyType

from referral.errors import IllegalTransition
from referral.lifecycle import Fact, legal
from referral.service.desk import say
from referral.service.ground import Act, move
from referral.service.journey import send_outcome
from referral.tickets import Outcome, Party, Ticket, TicketState

S = TicketState
OUTSIDE = Party("outside", "网外医院", sender=True, desk=True, doctor=True, ward=True)
"""Whoever holds the link: she keeps the receiver's side of a ticket whose receiver has no account."""

# What is still to be written before an outcome can be, state by state; nobody outside told when it happened.
STEPS: Mapping[TicketState, str] = MappingProxyType(
    {
        S.SENT: "open",
        S.INFO_NEEDED: "answer",
        S.CANCEL_REQUESTED: "refuse-cancel",
        S.RECEIVED: "accept",
        S.ACCEPTED: "arrive",
        S.BED_HELD: "arrive",
        S.EN_ROUTE: "arrive",
        S.ARRIVED: "treat-and-release",
        S.ADMITTED: "discharge",
    }
)


async def tell_outcome(act: Act, ticket: Ticket, outcome: Outcome, *, signed: str) -> Ticket:
    """Write an outcome from outside the network on a ticket, and tell the sender.

    Parameters
    ----------
    act
        An act of `OUTSIDE`.
    signed
        Who wrote it and of which day it is, in words; it stands in the conversation.

    Raises
    ------
    IllegalTransition
        When the ticket has a receiver in the network, is a draft, or is over.
    """
    if ticket.to_organization_id is not None:
        raise IllegalTransition(ticket.state.value, "send-outcome", legal(ticket))
    while (event := STEPS.get(ticket.state)) is not None:
        place = Fact(in_bay=True)  # no bed of ours is kept for him: the door that he came through is theirs
        ticket = await move(act, ticket, event, place)
    told = await send_outcome(act, ticket, outcome)
    await say(act, told, signed)
    return told
