"""What an event writes on a ticket beside its state: clocks, places, reasons, who answered."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from referral.lifecycle.guards import Fact
from referral.model import DeclineCode
from referral.tickets import Ticket, TicketState

S = TicketState
Effect = Callable[[Ticket, Fact, datetime], Ticket]


def nothing(ticket: Ticket, _fact: Fact, _now: datetime) -> Ticket:
    """Change nothing: the state alone moves."""
    return ticket


def _sent(ticket: Ticket, fact: Fact, now: datetime) -> Ticket:
    return replace(
        ticket,
        waiting_since=ticket.waiting_since or now,
        plan=fact.plan or ticket.plan,
        info_rounds=0,
        decision_code="",
        reason_text="",
    )


def _placed(ticket: Ticket, fact: Fact, _now: datetime) -> Ticket:
    if fact.hold_id:
        return replace(ticket, hold_id=fact.hold_id, bed_id=fact.bed_id, in_bay=False, earmark="")
    return replace(ticket, in_bay=ticket.in_bay or fact.in_bay)


def _lost(ticket: Ticket, _fact: Fact, _now: datetime) -> Ticket:
    """Lose a hold: on the road, and at Ⅰ and Ⅱ anywhere, the emergency bay receives instead; the wait is kept."""
    before = ticket.cancelled_from or ticket.state
    return replace(
        ticket,
        hold_id=None,
        bed_id=None,
        in_bay=ticket.level.is_green or before in {S.EN_ROUTE, S.ARRIVED},
        cancelled_from=S.ACCEPTED if ticket.cancelled_from is S.BED_HELD else ticket.cancelled_from,
    )


def _opened(ticket: Ticket, fact: Fact, _now: datetime) -> Ticket:
    return replace(ticket, handler_id=ticket.handler_id or fact.by or None)


def _accepted(ticket: Ticket, fact: Fact, now: datetime) -> Ticket:
    opened = _opened(ticket, fact, now)
    return replace(opened, in_bay=opened.in_bay or opened.level.is_green)


def _acknowledged(ticket: Ticket, fact: Fact, now: datetime) -> Ticket:
    return replace(_opened(ticket, fact, now), acknowledged_at=now, acknowledged_by=fact.by or None)


def _asked(ticket: Ticket, fact: Fact, now: datetime) -> Ticket:
    words = fact.text.strip() or fact.reason.strip()
    return replace(_opened(ticket, fact, now), info_rounds=ticket.info_rounds + 1, question=words, paused_at=now)


def _decided(ticket: Ticket, fact: Fact, _now: datetime) -> Ticket:
    words = fact.reason.strip() or fact.text.strip()
    return replace(
        ticket,
        decision_code=fact.code,
        reason_text=words,
        successor_id=fact.successor_id or ticket.successor_id,
    )


def _declined(ticket: Ticket, fact: Fact, now: datetime) -> Ticket:
    return _decided(ticket, replace(fact, code=fact.code or DeclineCode.OTHER.value), now)


def _departed(ticket: Ticket, fact: Fact, now: datetime) -> Ticket:
    by_road = now + timedelta(minutes=ticket.travel_minutes)
    return replace(ticket, expected_arrival_at=fact.eta or ticket.expected_arrival_at or by_road)


def _admitted(ticket: Ticket, fact: Fact, _now: datetime) -> Ticket:
    return replace(ticket, bed_id=fact.bed_id or ticket.bed_id, hold_id=None, in_bay=False, earmark="")


def released(ticket: Ticket, _fact: Fact, _now: datetime) -> Ticket:
    """Leave bed, hold and bay: nothing is kept for a patient who lies nowhere of ours."""
    return replace(ticket, bed_id=None, hold_id=None, in_bay=False, earmark="")


def _outcome(ticket: Ticket, fact: Fact, _now: datetime) -> Ticket:
    return replace(ticket, outcome=fact.outcome)


def _taken_over(ticket: Ticket, fact: Fact, now: datetime) -> Ticket:
    return replace(_opened(ticket, fact, now), bed_id=fact.bed_id, plan=fact.plan or ticket.plan)


def _cancel_asked(ticket: Ticket, fact: Fact, now: datetime) -> Ticket:
    return replace(_decided(ticket, fact, now), cancelled_from=ticket.state)


def _kept(ticket: Ticket, _fact: Fact, now: datetime) -> Ticket:
    paused_at = now if ticket.cancelled_from is S.INFO_NEEDED else None
    return replace(ticket, cancelled_from=None, paused_at=paused_at, decision_code="", reason_text="")


def _retriaged(ticket: Ticket, fact: Fact, _now: datetime) -> Ticket:
    level = fact.level or ticket.level
    promised = ticket.state in {S.ACCEPTED, S.EN_ROUTE, S.ARRIVED} and ticket.hold_id is None
    placed = replace(ticket, level=level, in_bay=ticket.in_bay or (promised and level.is_green))
    risen = level.is_green and not ticket.level.is_green  # an alarm that nobody has answered yet
    return replace(placed, acknowledged_at=None, acknowledged_by=None) if risen else placed


EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "send": _sent,
        "system-accept": _placed,
        "open": _opened,
        "acknowledge": _acknowledged,
        "ask": _asked,
        "advise": _decided,
        "accept": _accepted,
        "decline": _declined,
        "redirect": _decided,
        "hold-bed": _placed,
        "hold-expired": _lost,
        "release-hold": _lost,
        "hold-pre-empted": _lost,
        "depart": _departed,
        "admit": _admitted,
        "treat-and-release": released,
        "discharge": released,
        "send-outcome": _outcome,
        "take-over": _taken_over,
        "cancel": _cancel_asked,
        "refuse-cancel": _kept,
        "die": _decided,
        "not-arrived": _decided,
        "admitted-elsewhere": _decided,
        "retriage": _retriaged,
    }
)
