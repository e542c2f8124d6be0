"""The whole queue before the whole board: who would get which bed now, who waits, who is received in a bay."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from referral.beds.claims import Claim
from referral.beds.fit import not_entitled, not_free, unsuitable
from referral.beds.order import Ranked, rank
from referral.beds.pools import COUNTY, Choice, House, choices, lendable
from referral.beds.pre_emption import pre_emptable
from referral.beds.reasons import Explanation, clock_words
from referral.beds.rules import BedRules
from referral.model import BedKind, BedState, Pool, Words
from referral.wards import Bed, BedNow


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another hospital that could take a patient: whom to phone while she is received here."""

    organization_id: str
    name: str
    minutes: int
    free: int | None = None

    @property
    def words(self) -> Words:
        """Return it as a family could be shown: `市中心医院（68 分钟，空 2）`."""
        free_zh = "" if self.free is None else f"，空 {self.free}"
        free_en = "" if self.free is None else f", {self.free} free"
        return Words(f"{self.name}（{self.minutes} 分钟{free_zh}）", f"{self.name} ({self.minutes} min{free_en})")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A Ⅲ or Ⅳ for whom no bed is there now: where it stands, why, and when one is expected.

    Parameters
    ----------
    reason
        What is missing, without another patient's data.
    estimate
        When a bed that suits is expected, behind those who stand before it; None where nobody wrote an end.
    """

    ranked: Ranked
    reason: Words
    estimate: datetime | None

    @property
    def position(self) -> int:
        """Return the position in the queue, from 1."""
        return self.ranked.position

    @property
    def sentence(self) -> Words:
        """Return the sentence of the waiting list."""
        when = self.estimate
        zh = "还没有预计时间" if when is None else f"预计 {clock_words(when, self.ranked.now)} 有床"
        en = "no time expected yet" if when is None else f"a bed is expected {clock_words(when, self.ranked.now)}"
        order = self.ranked.sentence
        return Words(
            f"{self.reason.zh}；排第 {self.position}，{zh}；{order.zh}",
            f"{self.reason.en}; position {self.position}, {en}; {order.en}",
        )

    @property
    def explanation(self) -> Explanation:
        """Return the sentence with its inputs and the version of the rule."""
        return _explained(self.sentence, self.ranked, {"reason": self.reason.zh, "estimate": _iso(self.estimate)})


@dataclass(frozen=True, slots=True)
class Reception:
    """A Ⅰ or Ⅱ without a free bed: received now all the same, and first in line for the next one.

    Parameters
    ----------
    bay
        A free bay; None: the emergency department takes her without one.
    pre_emption
        The hold of a Ⅲ or Ⅳ that a Ⅰ should take back; a person confirms it.
    """

    ranked: Ranked
    bay: Bed | None
    pre_emption: BedNow | None
    alternatives: tuple[Alternative, ...]
    estimate: datetime | None

    @property
    def position(self) -> int:
        """Return the position in the queue, from 1."""
        return self.ranked.position

    @property
    def sentence(self) -> Words:
        """Return where she is received and what else there is."""
        numeral = self.ranked.claim.level.numeral
        where = Words("急诊抢救位", "an emergency bay")
        if self.bay is not None:
            where = Words(f"急诊抢救位 {self.bay.label}", f"emergency bay {self.bay.label}")
        zh = [f"{numeral}级现在就收：先到{where.zh}，不排队等床"]
        en = [f"Level {numeral} is received now in {where.en} and waits on no list"]
        if self.pre_emption is not None:
            zh.append(f"可收回已留的 {self.pre_emption.bed.label}，由人确认")
            en.append(f"the held {self.pre_emption.bed.label} can be taken back when a person confirms")
        if self.alternatives:
            zh.append("备选：" + "、".join(other.words.zh for other in self.alternatives))
            en.append("otherwise: " + ", ".join(other.words.en for other in self.alternatives))
        return Words("；".join(zh), "; ".join(en))

    @property
    def explanation(self) -> Explanation:
        """Return the sentence with its inputs and the version of the rule."""
        more = {
            "bay": None if self.bay is None else self.bay.id,
            "pre_emption": None if self.pre_emption is None else self.pre_emption.bed.id,
            "alternatives": [other.organization_id for other in self.alternatives],
            "estimate": _iso(self.estimate),
        }
        return _explained(self.sentence, self.ranked, more)


Allotted = Choice | Waiting | Reception


def allocate(
    claims: Iterable[Claim],
    beds: Sequence[BedNow],
    rules: BedRules,
    *,
    now: datetime,
    house: House = COUNTY,
    alternatives: Sequence[Alternative] = (),
) -> Mapping[str, Allotted]:
    """Walk the queue in order; each takes its best bed of those that are left.

    Returns
    -------
    By ticket id: a `Choice`; a `Waiting` for a Ⅲ or Ⅳ, a `Reception` for a Ⅰ or Ⅱ (they never wait) where no bed is
    left. No bed, bay or hold is given twice.
    """
    board = _Board.of(beds, rules, now, house)
    return {
        ranked.claim.ticket_id: board.best(ranked.claim) or board.without(ranked, tuple(alternatives))
        for ranked in rank(claims, rules, now=now)
    }


@dataclass(slots=True)
class _Board:
    """What is left while the queue is walked."""

    rules: BedRules
    now: datetime
    house: House
    free: dict[str, list[BedNow]] = field(default_factory=dict)  # by department
    bays: list[BedNow] = field(default_factory=list)
    held: list[BedNow] = field(default_factory=list)
    expected: dict[str, list[tuple[datetime, Bed]]] = field(default_factory=dict)
    lendable: int = 0

    @classmethod
    def of(cls, beds: Sequence[BedNow], rules: BedRules, now: datetime, house: House) -> "_Board":
        board = cls(rules, now, house)
        for bed_now in beds:
            bed = bed_now.bed
            if not_free(bed_now, now) is None:
                (board.bays if bed.kind is BedKind.BAY else board.free.setdefault(bed.department, [])).append(bed_now)
            elif (end := _expected_end(bed_now, now)) is not None:
                board.expected.setdefault(bed.department, []).append((end, bed))
            if bed_now.hold is not None:
                board.held.append(bed_now)
        board.bays.sort(key=lambda bay: (bay.bed.label, bay.bed.id))
        for ends in board.expected.values():
            ends.sort(key=lambda entry: (entry[0], entry[1].id))
        board.lendable = lendable((bed for beds in board.free.values() for bed in beds), rules, house)
        return board

    def best(self, claim: Claim) -> Choice | None:
        """Take the best bed that is left."""
        free = list(_of_department(self.free, claim))
        found = choices(claim, free, self.rules, now=self.now, house=self.house, lendable=self.lendable)
        if not found:
            return None
        bed = found[0].bed
        self.free[bed.bed.department].remove(bed)
        if bed.bed.pool is Pool.RESERVED:
            self.lendable = max(0, self.lendable - 1)
        return found[0]

    def without(self, ranked: Ranked, alternatives: tuple[Alternative, ...]) -> Waiting | Reception:
        """Say what becomes of a ticket for which no bed is left."""
        estimate = self._next_expected(ranked.claim)
        if not ranked.claim.level.is_green:
            return Waiting(ranked, self._why(ranked.claim), estimate)
        pre_emption = pre_emptable(ranked.claim, self.held, self.rules, now=self.now)
        if pre_emption is not None:
            self.held = [held for held in self.held if held.bed.id != pre_emption.bed.id]
        bay = self.bays.pop(0).bed if self.bays else None
        return Reception(ranked, bay, pre_emption, alternatives, estimate)

    def _next_expected(self, claim: Claim) -> datetime | None:
        for department in _departments(self.expected, claim):
            for entry in self.expected[department]:
                bed = entry[1]
                if (
                    unsuitable(claim, bed, self.rules) is None
                    and not_entitled(claim, bed, self.rules, self.now) is None
                ):
                    self.expected[department].remove(entry)
                    return entry[0]
        return None

    def _why(self, claim: Claim) -> Words:
        misfits = [unsuitable(claim, bed.bed, self.rules) for bed in _of_department(self.free, claim)]
        kept = next(
            (bed for bed, no in zip(_of_department(self.free, claim), misfits, strict=True) if no is None), None
        )
        entitled = None if kept is None else not_entitled(claim, kept.bed, self.rules, self.now)
        department = claim.needs.department
        if entitled is not None:
            return Words(
                f"{department}没有空的普通床，{entitled.words.zh}", f"no free general bed; {entitled.words.en}"
            )
        if misfits and misfits[0] is not None:
            no = misfits[0].words
            return Words(f"{department}空着的床不合适：{no.zh}", f"the free bed of {department} does not suit: {no.en}")
        return Words(f"{department}没有空床", f"no free bed in {department}")


def _departments(by_department: Mapping[str, Any], claim: Claim) -> list[str]:
    wanted = claim.needs.department
    return [wanted] if wanted in by_department else [] if wanted else sorted(by_department)


def _of_department(free: Mapping[str, list[BedNow]], claim: Claim) -> Iterator[BedNow]:
    for department in _departments(free, claim):
        yield from free[department]


def _expected_end(bed_now: BedNow, now: datetime) -> datetime | None:
    if bed_now.bed.kind is BedKind.BAY or bed_now.state(now) is not BedState.OCCUPIED or bed_now.occupancy is None:
        return None
    end = bed_now.occupancy.expected_end_at
    return None if end is None else max(end, now)


def _explained(words: Words, ranked: Ranked, more: Mapping[str, Any]) -> Explanation:
    return Explanation(words.zh, words.en, {**ranked.explanation.inputs, **more}, ranked.rules.version)


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
