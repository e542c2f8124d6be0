"""Whose hold gives way to a dying patient (domain.md 4 d)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from referral.beds.claims import Claim
from referral.beds.fit import pool_order, unsuitable
from referral.beds.rules import BedRules
from referral.model import BedKind, BedState, Level, Pool
from referral.wards import BedNow


def pre_emptable(claim: Claim, beds: Iterable[BedNow], rules: BedRules, *, now: datetime) -> BedNow | None:
    """Return the held bed that a Ⅰ should take back, None when there is none; a named person confirms it.

    Only from Ⅲ or Ⅳ, en route or not; never an occupied, blocked or unclean bed. Least harm first: Ⅳ before Ⅲ, who
    has not left before who is on the road, and then the pools as for a free bed.
    """
    pools = pool_order(claim, rules, now)
    held = [bed for bed in beds if may_pre_empt(claim, bed, now) and unsuitable(claim, bed.bed, rules) is None]
    return min(held, key=lambda bed: _harm(bed, pools), default=None)


def may_pre_empt(claim: Claim, held: BedNow, now: datetime) -> bool:
    """Tell whether a claim may take this hold: Ⅰ over the live hold of another Ⅲ or Ⅳ, on a bed that is ready."""
    hold = held.hold
    if claim.level is not Level.I or hold is None or not hold.keeps(now) or hold.ticket_id == claim.ticket_id:
        return False
    ready = held.state(now) is BedState.HELD and held.bed.to_clean_since is None and held.bed.kind is BedKind.BED
    withdrawn = held.bed.withdrawn_at is not None and held.bed.withdrawn_at <= now
    return hold.level in {Level.III, Level.IV} and ready and not withdrawn


def _harm(held: BedNow, pools: Sequence[Pool]) -> tuple[int, bool, int, str]:
    hold = held.hold
    level = 0 if hold is None or hold.level is None else int(hold.level)
    return (-level, hold is not None and hold.en_route, pools.index(held.bed.pool), held.bed.id)
