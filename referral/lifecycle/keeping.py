"""How a hold and an occupancy end (lifecycles.md c): one table, and the function that cuts the range to what was."""

from dataclasses import replace
from datetime import datetime

from referral.errors import HoldOver, NotPermitted, NotPreemptible
from referral.lifecycle.decide import may
from referral.model import IntervalKind, IntervalState
from referral.table import SAME, Row, rows_of
from referral.tickets import Party
from referral.wards import Interval

S = IntervalState

KEEPING_TABLE: tuple[Row[IntervalState], ...] = (
    Row((S.LIVE,), "consume", S.CONSUMED, ("ward", "doctor"), ("hold",)),
    Row((S.LIVE,), "release", S.RELEASED, ("desk", "lead", "system"), ("hold",)),
    Row((S.LIVE,), "expire", S.EXPIRED, ("system",), ("hold",)),
    Row((S.LIVE,), "pre-empt", S.PRE_EMPTED, ("desk", "lead"), ("hold", "yields")),
    Row((S.LIVE,), "extend", SAME, ("desk", "lead", "sender", "sender_lead", "system"), ("hold", "longer"), "bed-hold"),
    Row((S.LIVE,), "expect", SAME, ("ward", "desk", "lead"), ("occupancy",)),
    Row((S.LIVE,), "vacate", S.ENDED, ("ward", "desk", "doctor", "lead", "system"), ("occupancy",)),
    Row((S.LIVE,), "move", S.ENDED, ("ward", "desk", "lead"), ("occupancy",)),
)
KIND_OF = {"hold": IntervalKind.HOLD, "occupancy": IntervalKind.OCCUPANCY}


def end(interval: Interval, event: str, *, now: datetime, reason: str = "") -> Interval:
    """Return an interval after an event that ends it: its range is cut, so that nothing overlaps in its history.

    Raises
    ------
    HoldOver
        When it is not live, or the event is the other kind's.
    NotPreemptible
        For the hold of a Ⅰ or Ⅱ.
    """
    row = _row(interval, event)
    if "yields" in row.guards and interval.level is not None and interval.level.is_green:
        raise NotPreemptible
    over = min(now, interval.ends_at) if interval.ends_at is not None else now
    to = interval.state if row.to is SAME else IntervalState(row.to)
    return replace(
        interval,
        state=to,
        ends_at=max(over, interval.begins_at),
        reason=reason or interval.reason,
        version=interval.version + 1,
    )


def extended(interval: Interval, until: datetime, *, en_route: bool | None = None) -> Interval:
    """Return a live hold that lasts longer; one that lasts as long already keeps its end.

    Raises
    ------
    HoldOver
        When it is not a live hold.
    """
    _row(interval, "extend")
    longer = max(until, interval.ends_at) if interval.ends_at is not None else until
    road = interval.en_route if en_route is None else en_route
    return replace(interval, ends_at=longer, en_route=road, version=interval.version + 1)


def expected(interval: Interval, at: datetime | None) -> Interval:
    """Return an occupancy that is expected to end at this time, None where nobody knows any more.

    Raises
    ------
    HoldOver
        When it is not a live occupancy.
    """
    _row(interval, "expect")
    return replace(interval, expected_end_at=at, version=interval.version + 1)


def permit_keeping(event: str, party: Party) -> None:
    """Refuse whom the table does not name for an event of a stay.

    Raises
    ------
    NotPermitted
    """
    if not any(may(party, row.who) for row in KEEPING_TABLE if row.event == event):
        raise NotPermitted


def _row(interval: Interval, event: str) -> Row[IntervalState]:
    for row in rows_of(KEEPING_TABLE, interval.state, event):
        if KIND_OF[row.guards[0]] is interval.kind:
            return row
    raise HoldOver
