"""What one person may do with a ticket now, and why not (screens: a greyed button says why)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from referral.lifecycle.decide import furthest, may, table_of
from referral.lifecycle.guards import GUARDS, Fact
from referral.table import Row, rows_of
from referral.tickets import Party, Ticket, TicketState

S = TicketState


@dataclass(frozen=True, slots=True)
class Command:
    """A command by name; refused ones carry a stable reason code, and until when it holds where that is known."""

    name: str
    allowed: bool
    reason: str | None = None
    until: datetime | None = None


COMMANDS = (
    "send", "open", "acknowledge", "accept", "ask", "answer", "advise", "decline", "redirect", "hold-bed",
    "release-hold", "depart", "arrive", "not-arrived", "admit", "treat-and-release", "admitted-elsewhere",
    "discharge", "send-outcome", "refer-down", "take-over", "first-visit", "close", "cancel", "confirm-cancel",
    "refuse-cancel", "die", "retriage", "override", "edit",
)  # fmt: skip
SILENT = frozenset({S.INFO_NEEDED, S.CANCEL_REQUESTED, S.HANDED_OVER})  # somebody else's answer is awaited until then


def ticket_commands(ticket: Ticket, party: Party, *, now: datetime) -> tuple[Command, ...]:
    """Return the commands on a ticket that concern this person, each allowed or refused with its reason."""
    table = table_of(ticket.direction)
    found: list[Command] = []
    for name in COMMANDS:
        if not any(may(party, row.who) for row in table if row.event == name):
            continue
        rows = rows_of(table, ticket.state, name)
        if not rows:
            until = ticket.deadline_at if ticket.state in SILENT else None
            found.append(_refused(name, "STATE", until, now))
        else:
            found.append(_judged(name, ticket, [row for row in rows if may(party, row.who)]))
    return tuple(found)


def _refused(name: str, reason: str, until: datetime | None, now: datetime) -> Command:
    return Command(name, allowed=False, reason=reason, until=until if until is not None and until > now else None)


def _judged(name: str, ticket: Ticket, rows: Sequence[Row[TicketState]]) -> Command:
    """Judge by what the ticket alone says: what a person still has to write is asked when she does."""
    stopped: list[tuple[int, str]] = []
    for row in rows:
        failed = [step for step in enumerate(row.guards) if _stands_in_the_way(step[1], ticket)]
        if not failed:
            return Command(name, allowed=True)
        stopped.append(failed[0])
    if not stopped:
        return Command(name, allowed=False, reason="ROLE")
    refusal = GUARDS[furthest(stopped)].refusal
    return Command(name, allowed=False, reason=refusal(ticket, Fact()).code if refusal else "STATE")


def _stands_in_the_way(name: str, ticket: Ticket) -> bool:
    guard = GUARDS[name]
    return guard.of_ticket and not guard.holds(ticket, Fact())
