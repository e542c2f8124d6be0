"""How many beds are reserved, and how an emergency's use of one is paid back (domain.md 4, [S3:141])."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from referral.beds.rules import BedRules
from referral.model import BedKind, BedState, Pool
from referral.wards import Bed, BedNow


def quota(total: int, kind: str, rules: BedRules) -> int:
    """Return how many of `total` beds are to be reserved: `⌈5 %⌉`, a township two at least; villages none.

    In whole numbers: 5 % of 300 is 15 and not a hair more.
    """
    if kind in {"village", "bureau"}:
        return 0
    share = -(-total * rules.quota_percent // 100)
    return max(rules.quota_township_least, share) if kind == "township" else share


@dataclass(frozen=True, slots=True)
class QuotaNow:
    """The reserved beds of one organization at one instant.

    Parameters
    ----------
    total
        The base: beds in service, without bays and without withdrawn ones.
    wanted, reserved
        How many are to be reserved, and how many are labelled so.
    free, held, occupied
        How the labelled ones stand; the rest is unclean or blocked.
    debt
        How many were used in emergencies and are owed.
    """

    total: int
    wanted: int
    reserved: int
    free: int
    held: int
    occupied: int
    debt: int

    @property
    def gap(self) -> int:
        """Return how many labels are missing; negative where more are labelled than the rule asks."""
        return self.wanted - self.reserved


def quota_now(beds: Iterable[BedNow], kind: str, rules: BedRules, *, now: datetime, debt: int = 0) -> QuotaNow:
    """Return how the reserved beds of one organization stand."""
    base = [b for b in beds if b.bed.kind is BedKind.BED and not _is_withdrawn(b.bed, now)]
    states = [b.state(now) for b in base if b.bed.pool is Pool.RESERVED]
    return QuotaNow(
        total=len(base),
        wanted=quota(len(base), kind, rules),
        reserved=len(states),
        free=states.count(BedState.AVAILABLE),
        held=states.count(BedState.HELD),
        occupied=states.count(BedState.OCCUPIED),
        debt=debt,
    )


def repays(debt: int, bed: Bed) -> bool:
    """Tell whether a general bed that was just freed is relabelled reserved, paying one of `debt` of its department."""
    return debt > 0 and bed.pool is Pool.GENERAL and bed.kind is BedKind.BED and bed.withdrawn_at is None


def _is_withdrawn(bed: Bed, now: datetime) -> bool:
    return bed.withdrawn_at is not None and bed.withdrawn_at <= now
