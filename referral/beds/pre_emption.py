"""Whose hold gives way to a dying patient (domain.md 4 d)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from referral.beds.claims import Claim
from referral.beds.fit import unsuitable
from referral.beds.holds import is_kept
from referral.beds.pools import COUNTY, Choice, House, choices
from referral.beds.rules import BedRules
from referral.model import BedKind, BedState, Level
from referral.wards import BedNow


def pre_emptable(
    claim: Claim, beds: Sequence[BedNow], rules: BedRules, *, now: datetime, house: House = COUNTY
) -> Choice | None:
    """Return the held bed that a Ⅰ should take back, None when there is none; a person confirms it.

    Only from Ⅲ or Ⅳ, en route or not; never an occupied, blocked or unclean bed. Least harm first: Ⅳ before Ⅲ, who
    has not left before who is on the road, and then the pools as for a free bed.
    """
    if claim.level is not Level.I:
        return None
    proposals = [
        replace(choice, pre_empts=held.hold) for held in beds for choice in _of(claim, held, rules, now, house)
    ]
    return min(proposals, key=_harm, default=None)


def may_pre_empt(claim: Claim, held: BedNow, now: datetime) -> bool:
    """Tell whether a claim may take this hold: Ⅰ over the live hold of another Ⅲ or Ⅳ, on a bed that is ready."""
    hold = held.hold
    if claim.level is not Level.I or hold is None or not is_kept(hold, now) or hold.ticket_id == claim.ticket_id:
        return False
    ready = held.state(now) is BedState.HELD and held.bed.to_clean_since is None and held.bed.kind is BedKind.BED
    withdrawn = held.bed.withdrawn_at is not None and held.bed.withdrawn_at <= now
    return hold.level in {Level.III, Level.IV} and ready and not withdrawn


def _of(claim: Claim, held: BedNow, rules: BedRules, now: datetime, house: House) -> Iterable[Choice]:
    if not may_pre_empt(claim, held, now) or unsuitable(claim, held.bed, rules) is not None:
        return []
    return choices(claim, [held.bed], rules, now=now, house=house, lendable=0)


def _harm(choice: Choice) -> tuple[int, bool, int, str]:
    hold = choice.pre_empts
    level = 0 if hold is None or hold.level is None else int(hold.level)
    return (-level, hold is not None and hold.en_route, choice.override, choice.bed.id)
