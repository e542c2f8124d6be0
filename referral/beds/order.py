"""The order of a queue: `(level, not overdue, −score, submitted_at, id)`, no sum across levels (domain.md 4)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from referral.beds.claims import Claim
from referral.beds.reasons import Explanation, at_once_words, overdue_words, score_words, shown_minutes
from referral.beds.rules import BedRules
from referral.errors import NegativeWait, OutOfRange, ReasonRequired
from referral.model import Level, Words

MICROSECOND = timedelta(microseconds=1)
_new = tuple.__new__

# (level, not overdue, −score, submitted_at, id)
Key = tuple[int, bool, int, datetime, str]
# (−wait in µs, id, place in the input, claim, A, P, D, overdue): what decides inside one bucket stands first
_Scored = tuple[int, str, int, Claim, int, int, int, bool]


class Ranked(NamedTuple):
    """A ticket in its place: a tuple, because a county's queue makes ten thousand of them at a glance.

    Parameters
    ----------
    position, rule_position
        Where it stands in the whole queue, from 1, and where the rule alone would put it; they differ only where a
        person moved something.
    ahead
        How many tickets of more urgent levels stand before its level.
    ageing, priority, distance
        A, P and D in points.
    overdue
        Waited longer than the level's target: first in its level, P and D no longer count, and a person triages again.
    """

    claim: Claim
    position: int
    rule_position: int
    ahead: int
    ageing: int
    priority: int
    distance: int
    overdue: bool
    rules: BedRules
    now: datetime

    @property
    def score(self) -> int:
        """Return A + P + D; once overdue it is shown and does not decide."""
        return self.ageing + self.priority + self.distance

    @property
    def key(self) -> Key:
        """Return the rule's key; a person's rank is not in it."""
        counted = self.ageing if self.overdue else self.score
        return (int(self.claim.level), not self.overdue, -counted, self.claim.waiting_since, self.claim.ticket_id)

    @property
    def place(self) -> int:
        """Return the place inside its level, from 1."""
        return self.position - self.ahead

    @property
    def rule_place(self) -> int:
        """Return the place inside its level that the rule alone gives."""
        return self.rule_position - self.ahead

    @property
    def wait(self) -> timedelta:
        """Return how long it has waited."""
        return self.now - self.claim.waiting_since

    @property
    def sentence(self) -> Words:
        """Return why it stands here, as a family could be shown."""
        if self.claim.manual_rank is None:
            return self._ruled_words()
        return self._hand_words()

    @property
    def explanation(self) -> Explanation:
        """Return the sentence with its inputs and the version of the rule."""
        words = self.sentence
        return Explanation(words.zh, words.en, self._inputs(), self.rules.version)

    def _ruled_words(self) -> Words:
        claim = self.claim
        level = claim.level
        if self.overdue:
            target = self.rules.targets[level]
            minutes = shown_minutes(self.now - claim.waiting_since, target)
            return overdue_words(level, minutes, target, first=self.rule_position == self.ahead + 1)
        if level == 1:
            return at_once_words(self.distance)
        note = ""
        if claim.provisional and level >= 3:
            note = "provisional" if self.priority else "lapsed"
        return score_words(level, self.ageing, self.priority, self.distance, note)

    def _hand_words(self) -> Words:
        rule, numeral, why = self._ruled_words(), self.claim.level.numeral, self.claim.manual_reason
        return Words(
            f"人工排在{numeral}级第 {self.place}（{why}）；按规则第 {self.rule_place}，{rule.zh}",
            f"Placed {self.place} in level {numeral} by hand ({why}); by the rule {self.rule_place}: {rule.en}",
        )

    def _inputs(self) -> dict[str, Any]:
        claim = self.claim
        return {
            "level": int(claim.level),
            "waiting_since": claim.waiting_since.isoformat(),
            "now": _iso(self.now),
            "target_minutes": _minutes(self.rules.targets.get(claim.level)),
            "bed_priority": claim.bed_priority,
            "provisional": claim.provisional,
            "travel_minutes": claim.travel_minutes,
            "ageing": self.ageing,
            "priority": self.priority,
            "distance": self.distance,
            "score": self.score,
            "overdue": self.overdue,
            "position": self.position,
            "place": self.place,
            "rule_position": self.rule_position,
            "manual_rank": claim.manual_rank,
            "manual_reason": claim.manual_reason,
        }


@lru_cache(maxsize=64)
def _iso(now: datetime) -> str:
    return now.isoformat()


@lru_cache(maxsize=64)
def _minutes(target: timedelta | None) -> int | None:
    return None if target is None else target // timedelta(minutes=1)


def rank(claims: Iterable[Claim], rules: BedRules, *, now: datetime) -> list[Ranked]:
    """Return the queue in order; where staff gave a rank, that ticket takes this place inside its level.

    Raises
    ------
    NegativeWait
        When a ticket was submitted later than `now`: clocks are the server's (domain.md 4, edge).
    ReasonRequired
        When a person's rank has no reason.
    OutOfRange
        When the minutes by road are negative, or a person's rank is below 1.
    """
    buckets, by_hand = _buckets(claims, rules, now)
    levels: dict[Level, list[_Scored]] = {level: [] for level in Level}
    for number in sorted(buckets):
        bucket = sorted(buckets[number])
        levels[bucket[0][3].level] += bucket
    ranked: list[Ranked] = []
    for level, queue in levels.items():
        ahead = len(ranked)
        positions: Sequence[int] = range(ahead + 1, ahead + 1 + len(queue))
        by_rule, in_order = _moved(positions, queue) if level in by_hand else (positions, queue)
        # `tuple.__new__` is what Ranked(...) calls, without the ten arguments by name in between.
        ranked += [
            _new(Ranked, (claim, position, ruled, ahead, ageing, priority, distance, overdue, rules, now))
            for position, ruled, (_, _, _, claim, ageing, priority, distance, overdue) in zip(
                positions, by_rule, in_order, strict=True
            )
        ]
    return ranked


def _buckets(claims: Iterable[Claim], rules: BedRules, now: datetime) -> tuple[dict[int, list[_Scored]], set[Level]]:
    """Gather the queue by (level, not overdue, −score), as one number; inside it only the wait and the id decide.

    Whole microseconds and whole divisions throughout: no rounding can turn two tickets round. One loop without
    calls, because ten thousand tickets are ordered while a person looks (targets B2).

    Returns
    -------
    The buckets, and the levels in which a person ranked somebody.
    """
    most_a, most_d, step = rules.ageing_points, rules.distance_points, rules.distance_minutes
    far, by_level = step * most_d, _by_level(rules)
    buckets: dict[int, list[_Scored]] = defaultdict(list)
    by_hand: set[Level] = set()
    for index, claim in enumerate(claims):
        target, points, first, then = by_level[claim.level]
        travel, wait = claim.travel_minutes, (now - claim.waiting_since) // MICROSECOND
        if wait < 0 or travel < 0 or claim.manual_rank is not None:
            _check(claim, now)
            by_hand.add(claim.level)
        favoured = claim.is_favoured(rules, now) if claim.provisional else claim.bed_priority
        priority = points if favoured else 0
        distance = travel // step if travel < far else most_d
        overdue = 0 < target < wait
        ageing = most_a if overdue else most_a * wait // target if target else 0
        number = first if overdue else then - ageing - priority - distance
        buckets[number].append((-wait, claim.ticket_id, index, claim, ageing, priority, distance, overdue))
    return buckets, by_hand


def _by_level(rules: BedRules) -> list[tuple[int, int, int, int]]:
    """Return per level (its number is the index): target in µs, priority points, bucket if overdue, and at 0."""
    span = rules.ageing_points + rules.priority_points + rules.distance_points + 1
    rows = [(0, 0, 0, 0)]
    for level in Level:
        target = rules.targets.get(level, timedelta()) // MICROSECOND
        points = 0 if level.is_green else rules.priority_points
        rows.append((target, points, level * 2 * span, (level * 2 + 1) * span))
    return rows


def _check(claim: Claim, now: datetime) -> None:
    if claim.waiting_since > now:
        raise NegativeWait(claim.ticket_id)
    if claim.travel_minutes < 0:
        raise OutOfRange("travel_minutes", f"{claim.ticket_id}: {claim.travel_minutes}")
    if claim.manual_rank is not None and claim.manual_rank < 1:
        raise OutOfRange("manual_rank", f"{claim.ticket_id}: {claim.manual_rank}")
    if claim.manual_rank is not None and not claim.manual_reason.strip():
        raise ReasonRequired(claim.ticket_id)


def _moved(positions: Sequence[int], queue: Sequence[_Scored]) -> tuple[list[int], list[_Scored]]:
    """Put each ticket that a person ranked at that place of its level; the others keep the rule's order around it.

    Returns
    -------
    In the new order: the positions that the rule gave, and the tickets.
    """
    ruled = list(zip(positions, queue, strict=True))
    placed = [entry for entry in ruled if entry[1][3].manual_rank is None]
    by_hand = [((entry[1][3].manual_rank or 0), *entry) for entry in ruled if entry[1][3].manual_rank is not None]
    free = 0
    for wanted, position, scored in sorted(by_hand, key=lambda entry: entry[:2]):
        at = min(max(wanted - 1, free), len(placed))
        placed.insert(at, (position, scored))
        free = at + 1
    return [position for position, _ in placed], [scored for _, scored in placed]
