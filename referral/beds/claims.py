"""What a ticket puts before the rule of the beds, and nothing else of the patient."""

from dataclasses import dataclass
from datetime import datetime

from referral.beds.rules import BedRules
from referral.model import Level, Needs


@dataclass(frozen=True, slots=True)
class Claim:
    """One ticket that wants a bed.

    Parameters
    ----------
    bed_priority
        A category whose row gives bed priority holds today (decisions 18).
    provisional
        The category is not proven yet: it counts, and makes no debt, until `BedRules.provisional` is over
        since the submission.
    waiting_since
        When the ticket was submitted, by the server's clock; kept through lost holds.
    sex
        `male` or `female`; anything else is unknown, and only a bed for both will do.
    age
        Whole years; None where nobody knows.
    manual_rank, manual_reason
        The place inside its level that a person gave it, and why; None follows the rule.
    """

    ticket_id: str
    level: Level
    bed_priority: bool
    provisional: bool
    waiting_since: datetime
    travel_minutes: int
    needs: Needs
    sex: str | None = None
    age: int | None = None
    manual_rank: int | None = None
    manual_reason: str = ""

    def provisional_until(self, rules: BedRules) -> datetime:
        """Return until when a category that nobody has proven counts."""
        return self.waiting_since + rules.provisional

    def is_favoured(self, rules: BedRules, now: datetime) -> bool:
        """Tell whether reserved beds and priority points are for it: proven, or provisional and not over."""
        if self.provisional:
            return now < self.provisional_until(rules)
        return self.bed_priority
