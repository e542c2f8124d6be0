"""The pure function that moves a ticket by its table, one version on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from referral.errors import IllegalTransition, NotPermitted
from referral.lifecycle.downward import DOWN_TABLE
from referral.lifecycle.effects import EFFECTS, nothing, released
from referral.lifecycle.guards import GUARDS, Fact
from referral.lifecycle.upward import UP_TABLE
from referral.model import Direction
from referral.table import BACK, SAME, Elsewhere, Row, legal_events, rows_of
from referral.tickets import TERMINAL, Party, Ticket, TicketState

Table = tuple[Row[TicketState], ...]

# What begins a new wait though the state stays: somebody answered the alarm, the level changed, the road got longer.
RENEWING = frozenset({"acknowledge", "retriage", "hold-bed"})


def table_of(direction: Direction) -> Table:
    """Return the table of a direction; upward and lateral tickets share one."""
    return DOWN_TABLE if direction is Direction.DOWN else UP_TABLE


def legal(ticket: Ticket) -> tuple[str, ...]:
    """Return the events that the table knows for a ticket's state."""
    return legal_events(table_of(ticket.direction), ticket.state)


def may(party: Party, who: Sequence[str]) -> bool:
    """Tell whether a person is one of these parties to a ticket."""
    return any(party.user_id == "system" if word == "system" else bool(getattr(party, word)) for word in who)


def decide(ticket: Ticket, event: str, fact: Fact, *, now: datetime, party: Party | None = None) -> Ticket:
    """Return the ticket after an event, one version on.

    Parameters
    ----------
    party
        Who acts: rows that do not name her are not tried. None leaves the rights to the caller.

    Notes
    -----
    `deadline_at` is None where a new wait begins; `rules.next_deadline` fills it.

    Raises
    ------
    NotPermitted
        When the party is named in no row of the event, or in none of this state.
    IllegalTransition
        When the table has no row for the pair, or a condition without a name of its own fails; `legal` names others.
    ReferralRefusal
        The refusal of the guard that stopped the row which came furthest.
    """
    stopped: list[tuple[int, str]] = []
    for row in _rows_for(ticket, event, party):
        failed = [step for step in enumerate(row.guards) if not GUARDS[step[1]].holds(ticket, fact)]
        if not failed:
            return _moved(row, ticket, fact, now)
        stopped.append(failed[0])
    refusal = GUARDS[furthest(stopped)].refusal if stopped else None
    raise refusal(ticket, fact) if refusal else IllegalTransition(ticket.state.value, event, legal(ticket))


def furthest(stopped: Sequence[tuple[int, str]]) -> str:
    """Return the guard that stopped the row which came furthest: (how many held before it, its name)."""
    return max(stopped, key=lambda step: step[0])[1]


def permit(ticket: Ticket, event: str, party: Party) -> None:
    """Refuse whom the table does not name for an event: in this state, or in any where this state has no row of it.

    An event that the table does not know at all is nobody's to be refused for: it is not possible, whoever asks.

    Raises
    ------
    NotPermitted
        When she is none of the parties.
    """
    table = table_of(ticket.direction)
    concerned = rows_of(table, ticket.state, event) or [row for row in table if row.event == event]
    if concerned and not any(may(party, row.who) for row in concerned):
        raise NotPermitted


def _rows_for(ticket: Ticket, event: str, party: Party | None) -> list[Row[TicketState]]:
    rows = rows_of(table_of(ticket.direction), ticket.state, event)
    if party is None:
        return rows
    permit(ticket, event, party)
    return [row for row in rows if may(party, row.who)]


def _moved(row: Row[TicketState], ticket: Ticket, fact: Fact, now: datetime) -> Ticket:
    to = _target(row.to, ticket)
    changed = EFFECTS.get(row.event, nothing)(_resumed(ticket, to, now), fact, now)
    if to in TERMINAL:
        changed = replace(released(changed, fact, now), cancelled_from=None)
    renewed = row.to is not SAME or row.event in RENEWING or (row.event == "edit" and to is TicketState.EN_ROUTE)
    return replace(
        changed,
        state=to,
        version=ticket.version + 1,
        deadline_at=None if renewed else ticket.deadline_at,
        timeline=ticket.timeline if row.to is SAME else MappingProxyType({to.value: now, **ticket.timeline}),
    )


def _target(to: TicketState | Elsewhere, ticket: Ticket) -> TicketState:
    if to is BACK:
        return ticket.cancelled_from or ticket.state
    return ticket.state if isinstance(to, Elsewhere) else to


def _resumed(ticket: Ticket, to: TicketState, now: datetime) -> Ticket:
    """Let the clock go on when a ticket leaves info-needed, whichever way."""
    if ticket.paused_at is None or to is TicketState.INFO_NEEDED:
        return ticket
    pause = int((now - ticket.paused_at).total_seconds())
    return replace(ticket, paused_at=None, paused_seconds=ticket.paused_seconds + pause)
