"""How long a bed is held (domain.md 4 e)."""

from datetime import timedelta

from referral.beds.rules import BedRules
from referral.errors import OutOfRange


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
