"""How long a bed is held, and what a hold keeps when its time is over (domain.md 4 e)."""

from datetime import datetime, timedelta

from referral.beds.rules import BedRules
from referral.errors import OutOfRange
from referral.model import IntervalState
from referral.wards import Interval


def hold_time(travel_minutes: int, rules: BedRules) -> timedelta:
    """Return how long a hold lives: `clamp(2 × travel + 60, 120 … 480)` minutes.

    Raises
    ------
    OutOfRange
        When the minutes by road are negative.
    """
    if travel_minutes < 0:
        raise OutOfRange("travel_minutes", str(travel_minutes))
    wanted = rules.hold.travel_factor * timedelta(minutes=travel_minutes) + rules.hold.extra
    return max(rules.hold.least, min(rules.hold.most, wanted))


def may_expire(hold: Interval) -> bool:
    """Tell whether a hold ends by the clock alone; that of a Ⅰ/Ⅱ on the road is prolonged and rings instead."""
    return not (hold.en_route and hold.level is not None and hold.level.is_green)


def is_kept(hold: Interval, now: datetime) -> bool:
    """Tell whether a hold keeps its bed; that of a Ⅰ/Ⅱ on the road does so beyond its end, until somebody ends it.

    It never expires silently: between its end and the job that prolongs it nobody else gets the bed.
    """
    if hold.keeps(now):
        return True
    return hold.state is IntervalState.LIVE and hold.begins_at <= now and not may_expire(hold)
