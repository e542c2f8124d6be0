"""The order of a queue: `(level, not overdue, −score, submitted_at, id)`, no sum across levels (domain.md 4)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from referral.beds.claims import Claim
from referral.beds.reasons import Explanation, at_once_words, overdue_words, score_words, shown_minutes
from referral.beds.rules import BedRules
from referral.errors import NegativeWait, OutOfRange, ReasonRequired
from referral.model import Level, Words

MICROSECOND = timedelta(microseconds=1)

# (level, not overdue, −score, submitted_at, id)
Key = tuple[int, bool, int, datetime, str]
# (−wait in µs, id, place in the input, claim, A, P, D, overdue): what decides inside one bucket stands first
_Scored = tuple[int, str, int, Claim, int, int, int, bool]


class Ranked(NamedTuple):
    """A ticket in its place: a tuple, because a county's queue makes ten thousand of them at a glance.

    Parameters
    ----------
    position, place
        From 1: in the whole queue, and inside the level.
    rule_place
        The place inside the level that the rule gives; another than `place` only where a person moved something.
    ageing, priority, distance
        A, P and D in points.
    overdue
        Waited longer than the level's target: first in its level, P and D no longer count, and a person triages again.
    """

    claim: Claim
    position: int
    place: int
    rule_place: int
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
    def rule_position(self) -> int:
        """Return the position in the whole queue that the rule gives."""
        return self.position - self.place + self.rule_place

    @property
    def wait(self) -> timedelta:
        """Return how long it has waited."""
        return self.now - self.claim.waiting_since

    @property
    def sentence(self) -> Words:
        """Return why it stands here, as a family could be shown."""
        if self.claim.manual_rank is None:
            return self._by_rule()
        return self._by_hand()

    @property
    def explanation(self) -> Explanation:
        """Return the sentence with its inputs and the version of the rule."""
        words = self.sentence
        return Explanation(words.zh, words.en, self._inputs(), self.rules.version)

    def _by_rule(self) -> Words:
        claim = self.claim
        level = claim.level
        if self.overdue:
            target = self.rules.targets[level]
            minutes = shown_minutes(self.now - claim.waiting_since, target)
            return overdue_words(level, minutes, target, first=self.rule_place == 1)
        if level == 1:
            return at_once_words(self.distance)
        note = ""
        if claim.provisional and level >= 3:
            note = "provisional" if self.priority else "lapsed"
        return score_words(level, self.ageing, self.priority, self.distance, note)

    def _by_hand(self) -> Words:
        rule, numeral, why = self._by_rule(), self.claim.level.numeral, self.claim.manual_reason
        who_zh = f"{self.claim.manual_by}：" if self.claim.manual_by else ""
        who_en = f"{self.claim.manual_by}: " if self.claim.manual_by else ""
        return Words(
            f"人工排在{numeral}级第 {self.place}（{who_zh}{why}）；按规则第 {self.rule_place}，{rule.zh}",
            f"Placed {self.place} in level {numeral} by hand ({who_en}{why}); by the rule {self.rule_place}: {rule.en}",
        )

    def _inputs(self) -> dict[str, Any]:
        claim = self.claim
        target = self.rules.targets.get(claim.level)
        return {
            "level": int(claim.level),
            "waiting_since": claim.waiting_since.isoformat(),
            "now": self.now.isoformat(),
            "target_minutes": None if target is None else target // timedelta(minutes=1),
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
    buckets = _buckets(claims, rules, now)
    levels: dict[Level, list[_Scored]] = {level: [] for level in Level}
    for number in sorted(buckets):
        bucket = sorted(buckets[number])
        levels[bucket[0][3].level] += bucket
    ranked: list[Ranked] = []
    for queue in levels.values():
        before = len(ranked)
        moved = any(scored[3].manual_rank is not None for scored in queue)
        numbered = _by_hand(queue) if moved else enumerate(queue, 1)
        ranked += [
            Ranked(claim, before + place, place, rule_place, ageing, priority, distance, overdue, rules, now)
            for place, (rule_place, (_, _, _, claim, ageing, priority, distance, overdue)) in enumerate(numbered, 1)
        ]
    return ranked


def _buckets(claims: Iterable[Claim], rules: BedRules, now: datetime) -> dict[int, list[_Scored]]:
    """Gather the queue by (level, not overdue, −score), as one number; inside it only the wait and the id decide.

    Whole microseconds and whole divisions throughout: no rounding can turn two tickets round. One loop without
    calls, because ten thousand tickets are ordered while a person looks (targets B2).
    """
    targets = [0] + [rules.targets.get(level, timedelta()) // MICROSECOND for level in Level]
    most_a, points, most_d = rules.ageing_points, rules.priority_points, rules.distance_points
    step, span = rules.distance_minutes, most_a + points + most_d + 1
    far = step * most_d
    buckets: dict[int, list[_Scored]] = defaultdict(list)
    for index, claim in enumerate(claims):
        level, target, travel = claim.level, targets[claim.level], claim.travel_minutes
        wait = (now - claim.waiting_since) // MICROSECOND
        if wait < 0 or travel < 0 or claim.manual_rank is not None:
            _check(claim, now)
        overdue = 0 < target < wait
        ageing = most_a if overdue else most_a * wait // target if target else 0
        favoured = claim.is_favoured(rules, now) if claim.provisional else claim.bed_priority
        priority = points if favoured and level >= 3 else 0
        distance = travel // step if travel < far else most_d
        counted = ageing if overdue else ageing + priority + distance
        number = (level * 2 + (not overdue)) * span - counted
        buckets[number].append((-wait, claim.ticket_id, index, claim, ageing, priority, distance, overdue))
    return buckets


def _check(claim: Claim, now: datetime) -> None:
    if claim.waiting_since > now:
        raise NegativeWait(claim.ticket_id)
    if claim.travel_minutes < 0:
        raise OutOfRange("travel_minutes", f"{claim.ticket_id}: {claim.travel_minutes}")
    if claim.manual_rank is not None and claim.manual_rank < 1:
        raise OutOfRange("manual_rank", f"{claim.ticket_id}: {claim.manual_rank}")
    if claim.manual_rank is not None and not claim.manual_reason.strip():
        raise ReasonRequired(claim.ticket_id)


def _by_hand(queue: Sequence[_Scored]) -> list[tuple[int, _Scored]]:
    """Put each ticket that a person ranked at that place of its level; the others keep the rule's order around it."""
    numbered = list(enumerate(queue, 1))
    placed = [entry for entry in numbered if entry[1][3].manual_rank is None]
    moved = [entry for entry in numbered if entry[1][3].manual_rank is not None]
    free = 0
    for entry in sorted(moved, key=lambda entry: (entry[1][3].manual_rank or 0, entry[0])):
        at = min(max((entry[1][3].manual_rank or 1) - 1, free), len(placed))
        placed.insert(at, entry)
        free = at + 1
    return placed
