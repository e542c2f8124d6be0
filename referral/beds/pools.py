"""Which free bed a claim takes: pool by pool, and which use of a reserved bed is an emergency's or a loan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from referral.beds.claims import Claim
from referral.beds.fit import POOL_WORDS, not_free, pool_order, unfit, unsuitable
from referral.beds.holds import hold_time
from referral.beds.reasons import Explanation, duration_words
from referral.beds.rules import BedRules
from referral.errors import BedTaken, BedUnsuitable, NotEligible
from referral.model import BedKind, BedState, Pool, Words
from referral.wards import Bed, BedNow

# When each ward's shift last said that its board is true: ward id -> instant, None where it never did.
Confirmations = Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """One bed for one claim, and why it may have it.

    Parameters
    ----------
    override
        A reserved bed used by a Ⅰ/Ⅱ without priority (`emergency_override`): logged, and one bed is owed.
    lent_until
        When a lent reserved bed has to be back; None where it is no loan.
    board_age
        How long ago the ward said that its board is true; None where that was not asked.
    stale
        The board is old or was never confirmed: the ward is phoned first, and the green channel takes it last.
    """

    claim: Claim
    bed: BedNow
    pool: Pool
    rules: BedRules
    now: datetime
    override: bool = False
    lent_until: datetime | None = None
    board_age: timedelta | None = None
    stale: bool = False

    @property
    def hold_until(self) -> datetime:
        """Return until when the bed is held, counted from now."""
        return self.now + hold_time(self.claim.travel_minutes, self.rules)

    @property
    def sentence(self) -> Words:
        """Return why this bed, as a family could be shown."""
        parts = [self._pool_words(), self._hold_words(), *self._doubts()]
        return Words("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))

    @property
    def explanation(self) -> Explanation:
        """Return the sentence with its inputs and the version of the rule."""
        words = self.sentence
        return Explanation(words.zh, words.en, self._inputs(), self.rules.version)

    def _pool_words(self) -> Words:
        numeral, pool = self.claim.level.numeral, POOL_WORDS[self.pool]
        if self.override:
            return Words(
                f"{self.bed.bed.label}：优先床让给{numeral}级急救，下一张普通床还回",
                f"{self.bed.bed.label}: a reserved bed for a level {numeral} emergency; the next general bed is owed",
            )
        if self.lent_until is not None:
            hours = duration_words(self.rules.lending_time)
            return Words(
                f"{self.bed.bed.label}：优先床暂借，{hours.zh}内还",
                f"{self.bed.bed.label}: a reserved bed, lent for {hours.en}",
            )
        whose = Words(f"{numeral}级可用", f"level {numeral} may use it")
        if self.pool is Pool.RESERVED:
            whose = Words("优先床类别可用", "for priority categories")
        return Words(
            f"{self.bed.bed.label}：{pool.zh}，{whose.zh}，科室、性别、设备合适",
            f"{self.bed.bed.label}: {pool.en}, {whose.en}; department, sex and devices fit",
        )

    def _hold_words(self) -> Words:
        length = duration_words(hold_time(self.claim.travel_minutes, self.rules))
        return Words(f"留 {length.zh}", f"held for {length.en}")

    def _doubts(self) -> list[Words]:
        doubts = []
        if self.stale and self.board_age is None:
            doubts.append(Words("病区没有确认过床位，先打电话核实", "the ward never confirmed its board; phone first"))
        elif self.stale and self.board_age is not None:
            age = duration_words(self.board_age)
            doubts.append(Words(f"床位 {age.zh}前确认，先打电话核实", f"board confirmed {age.en} ago; phone first"))
        return doubts

    def _inputs(self) -> dict[str, Any]:
        return {
            "level": int(self.claim.level),
            "favoured": self.claim.is_favoured(self.rules, self.now),
            "provisional": self.claim.provisional,
            "department": self.claim.needs.department,
            "travel_minutes": self.claim.travel_minutes,
            "bed_id": self.bed.bed.id,
            "pool": self.pool.value,
            "pools": [pool.value for pool in pool_order(self.claim, self.rules, self.now)],
            "override": self.override,
            "lent_until": None if self.lent_until is None else self.lent_until.isoformat(),
            "hold_until": self.hold_until.isoformat(),
            "board_age_minutes": None if self.board_age is None else self.board_age // timedelta(minutes=1),
            "stale": self.stale,
            "now": self.now.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class House:
    """What the rule knows of the receiving organization beside its beds.

    Parameters
    ----------
    kind
        `township`, `county`, `higher`, `village`; lending leaves a township one reserved bed free, others two.
    confirmed
        When each ward confirmed its board; None asks nothing and calls nothing stale.
    """

    kind: str = "county"
    confirmed: Confirmations | None = None


COUNTY = House()


def candidates(
    claim: Claim, beds: Sequence[BedNow], rules: BedRules, *, now: datetime, house: House = COUNTY
) -> list[Choice]:
    """Return the free beds that a claim may have, best first; bays are no beds, `reception` knows them.

    Blocked, occupied, held and unclean beds, withdrawn ones, and those whose department, sex, isolation, monitor or
    devices do not suit are not in it. The pools stand in the order of domain.md 4 (a)-(c); in one pool the bed that
    wastes least comes first: isolation, monitors and beds for either sex are left for those who need them.

    Parameters
    ----------
    beds
        Beds of one organization; lending counts the free reserved ones among them.
    """
    free = [bed for bed in beds if not_free(bed, now) is None]
    return choices(claim, free, rules, now=now, house=house, lendable=lendable(free, rules, house))


def lendable(free: Iterable[BedNow], rules: BedRules, house: House) -> int:
    """Return how many reserved beds may be lent now: what is free beyond those that always stay free."""
    if not rules.lending:
        return 0
    reserved = sum(free_bed.bed.pool is Pool.RESERVED and free_bed.bed.kind is BedKind.BED for free_bed in free)
    return max(0, reserved - rules.keeps_free(house.kind))


def choices(
    claim: Claim, free: Iterable[BedNow], rules: BedRules, *, now: datetime, house: House, lendable: int
) -> list[Choice]:
    """Return the choices among beds that are known to be free, best first."""
    pools = pool_order(claim, rules, now)
    lends = lendable > 0 and Pool.RESERVED not in pools
    allowed = (*pools, Pool.RESERVED) if lends else pools
    found = [
        _choice(claim, bed, rules, now, house)
        for bed in free
        if bed.bed.kind is BedKind.BED and bed.bed.pool in allowed and unsuitable(claim, bed.bed, rules) is None
    ]
    return sorted(found, key=lambda choice: _preference(choice, allowed))


def chosen(claim: Claim, bed: BedNow, rules: BedRules, *, now: datetime, house: House = COUNTY) -> Choice:
    """Return the choice of a bed that a person named.

    Raises
    ------
    BedTaken
        When somebody lies in it or has it held.
    NotEligible
        When it would do and is reserved for others; a loan is the rule's to make.
    BedUnsuitable
        For any other reason.
    """
    no = unfit(claim, bed, rules, now=now)
    if no is None:
        return _choice(claim, bed, rules, now, house)
    refuse_taken(bed, now)
    if no.rule == "pool" and bed.bed.pool is Pool.RESERVED:
        raise NotEligible(f"{no.words.zh} ({no.words.en})")
    raise BedUnsuitable(bed.bed.id, no.rule, no.words.zh, no.words.en)


def refuse_taken(bed: BedNow, now: datetime) -> None:
    """Refuse a bed in which somebody lies, or which is held, whoever asks.

    Raises
    ------
    BedTaken
        With until when, where that is known.
    """
    if bed.state(now) is BedState.OCCUPIED or (bed.hold is not None and bed.hold.keeps(now)):
        until = bed.hold.ends_at if bed.hold is not None and bed.state(now) is not BedState.OCCUPIED else None
        raise BedTaken(bed.bed.id, until=None if until is None else until.isoformat())


def is_override(claim: Claim, bed: Bed, rules: BedRules, now: datetime) -> bool:
    """Tell whether this use of a bed is an emergency override, which owes a reserved bed."""
    return bed.pool is Pool.RESERVED and claim.level.is_green and not claim.is_favoured(rules, now)


def _choice(claim: Claim, bed_now: BedNow, rules: BedRules, now: datetime, house: House) -> Choice:
    bed = bed_now.bed
    lent = bed.pool is Pool.RESERVED and not claim.level.is_green and not claim.is_favoured(rules, now)
    age, stale = _knowledge(claim, bed, rules, now, house)
    return Choice(
        claim,
        bed_now,
        bed.pool,
        rules,
        now,
        override=is_override(claim, bed, rules, now),
        lent_until=now + rules.lending_time if lent else None,
        board_age=age,
        stale=stale,
    )


def _knowledge(claim: Claim, bed: Bed, rules: BedRules, now: datetime, house: House) -> tuple[timedelta | None, bool]:
    if house.confirmed is None:
        return None, False
    at = house.confirmed.get(bed.ward_id)
    if at is None:
        return None, True
    limit = rules.green_stale if claim.level.is_green else rules.stale
    return now - at, now - at > limit


def _preference(choice: Choice, allowed: Sequence[Pool]) -> tuple[bool, int, bool, int, str, str]:
    claim, bed = choice.claim, choice.bed.bed
    spare = (bed.isolation and not claim.needs.isolation) + (bed.monitored and not claim.needs.icu)
    spare += len(set(bed.devices) - set(claim.needs.devices))
    # An old board is no first choice of the green channel, whatever the pool; for others the pool comes first.
    last = choice.stale and claim.level.is_green
    return (last, allowed.index(choice.pool), choice.stale, spare * 2 + (bed.sex == "both"), bed.label, bed.id)
