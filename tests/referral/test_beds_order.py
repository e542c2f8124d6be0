"""The order of the queue: its properties, and a slow witness written from the words of domain.md 4."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.beds import Claim, Ranked, bed_rules, rank
from referral.errors import NegativeWait, OutOfRange, ReasonRequired
from referral.model import Level
from tests.builders.bed_queue import NOW, RULES, a_claim, hours

TARGET_HOURS = {Level.II: 2, Level.III: 24, Level.IV: 72}
LEVELS = list(Level)


# --- the witness: whom the words put before whom, pair by pair, in exact fractions; it knows nothing of keys -------


def waited_share(claim: Claim) -> Fraction:
    """Return the wait as a share of the level's target."""
    wait = NOW - claim.waiting_since
    seconds = Fraction(wait.days * 86400 + wait.seconds) + Fraction(wait.microseconds, 1_000_000)
    return seconds / (TARGET_HOURS[claim.level] * 3600)


def is_late(claim: Claim) -> bool:
    return claim.level is not Level.I and waited_share(claim) > 1


def points(claim: Claim) -> int:
    """Return A + P + D, counted up point by point."""
    ageing = 0
    while claim.level is not Level.I and ageing < 40 and Fraction(ageing + 1, 40) <= waited_share(claim):
        ageing += 1
    road = sum(1 for step in range(1, 11) if claim.travel_minutes >= 12 * step)
    status_counts = claim.bed_priority
    if claim.provisional:
        status_counts = NOW - claim.waiting_since < hours(24)
    return ageing + road + (15 if status_counts and claim.level in {Level.III, Level.IV} else 0)


def goes_before(a: Claim, b: Claim) -> bool:
    """Tell whether `a` is served before `b`."""
    if a.level is not b.level:
        return a.level < b.level
    if is_late(a) is not is_late(b):
        return is_late(a)
    if not is_late(a) and points(a) != points(b):
        return points(a) > points(b)
    if a.waiting_since != b.waiting_since:
        return a.waiting_since < b.waiting_since
    return a.ticket_id < b.ticket_id


def witnessed(claims: Sequence[Claim]) -> list[str]:
    """Return the order: each stands behind as many as go before it."""
    place = {c.ticket_id: sum(goes_before(other, c) for other in claims if other is not c) for c in claims}
    return sorted(place, key=lambda ticket_id: place[ticket_id])


# --- queues that lie on the edges: whole fortieths of the target, a microsecond beside them, equal submissions -----


@st.composite
def waits(draw: st.DrawFn, level: Level) -> timedelta:
    fortieth = timedelta(hours=TARGET_HOURS.get(level, 2)) / 40
    edge = draw(st.integers(0, 60)) * fortieth
    beside = timedelta(microseconds=draw(st.sampled_from([-1, 0, 0, 1])))
    anywhere = timedelta(seconds=draw(st.integers(0, 400_000)))
    return max(timedelta(), draw(st.sampled_from([edge + beside, edge, anywhere])))


@st.composite
def claims_of(draw: st.DrawFn, *, levels: Sequence[Level] = LEVELS, travel: int | None = None) -> list[Claim]:
    found = []
    for number in range(draw(st.integers(0, 8))):
        level = draw(st.sampled_from(levels))
        minutes = draw(st.integers(0, 150)) if travel is None else travel
        poor, provisional = draw(st.booleans()), draw(st.sampled_from([False, False, True]))
        wait = draw(waits(level))
        found.append(a_claim(f"T{number:02}", level, wait, minutes, bed_priority=poor, provisional=provisional))
    return draw(st.permutations(found))


def ids(ranked: Sequence[Ranked]) -> list[str]:
    return [r.claim.ticket_id for r in ranked]


def order(claims: Sequence[Claim]) -> list[Ranked]:
    return rank(claims, RULES, now=NOW)


@settings(max_examples=150, deadline=None)
@given(claims_of())
def test_the_order_is_the_one_that_the_words_give_pair_by_pair(claims: list[Claim]) -> None:
    ranked = order(claims)
    assert ids(ranked) == witnessed(claims)
    assert [r.score for r in ranked] == [points(r.claim) for r in ranked]
    assert [r.overdue for r in ranked] == [is_late(r.claim) for r in ranked]


@settings(max_examples=50, deadline=None)
@given(claims_of())
def test_the_order_is_that_of_the_keys_and_positions_count_from_one(claims: list[Claim]) -> None:
    ranked = order(claims)
    assert [r.key for r in ranked] == sorted(r.key for r in ranked)
    assert [r.position for r in ranked] == list(range(1, len(claims) + 1))
    assert [r.rule_position for r in ranked] == [r.position for r in ranked]


@settings(max_examples=50, deadline=None)
@given(claims_of())
def test_a_lower_level_number_always_goes_first(claims: list[Claim]) -> None:
    assert [r.claim.level for r in order(claims)] == sorted(c.level for c in claims)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_the_order_does_not_depend_on_the_order_of_the_input(data: st.DataObject) -> None:
    claims = data.draw(claims_of())
    assert ids(order(data.draw(st.permutations(claims)))) == ids(order(claims))


@settings(max_examples=50, deadline=None)
@given(claims_of(levels=[Level.I, Level.II]))
def test_at_levels_one_and_two_poverty_never_enters_the_key(claims: list[Claim]) -> None:
    turned = [replace(c, bed_priority=not c.bed_priority, provisional=False) for c in claims]
    assert [r.key for r in order(turned)] == [r.key for r in order(claims)]
    assert all(r.priority == 0 for r in order(claims))


@settings(max_examples=150, deadline=None)
@given(claims_of(levels=[Level.III, Level.IV], travel=42))
def test_with_equal_travel_nobody_who_waited_sixteen_fortieths_longer_is_passed(claims: list[Claim]) -> None:
    ranked = order(claims)
    for place, first in enumerate(ranked):
        for passed in ranked[place + 1 :]:
            if passed.claim.level is first.claim.level:
                bound = timedelta(hours=TARGET_HOURS[passed.claim.level]) * 16 / 40
                assert passed.wait - first.wait < bound


@settings(max_examples=80, deadline=None)
@given(claims_of(levels=[Level.II, Level.III, Level.IV]))
def test_overdue_tickets_go_first_in_their_level_by_submission_alone(claims: list[Claim]) -> None:
    for before, after in pairwise(order(claims)):
        if before.claim.level is after.claim.level:
            assert before.overdue or not after.overdue
            if before.overdue and after.overdue:
                mine, theirs = before.claim, after.claim
                assert (mine.waiting_since, mine.ticket_id) < (theirs.waiting_since, theirs.ticket_id)


def test_exactly_the_target_is_not_overdue_and_a_microsecond_more_is() -> None:
    on_time, late = order([a_claim("A", Level.III, hours(24)), a_claim("B", Level.III, hours(24))])
    assert (on_time.ageing, on_time.overdue, late.overdue) == (40, False, False)
    first = order([a_claim("A", Level.III, hours(24)), a_claim("B", Level.III, hours(24) + timedelta.resolution)])[0]
    assert (first.claim.ticket_id, first.overdue) == ("B", True)


def test_the_road_gives_a_point_for_twelve_minutes_and_ten_at_most() -> None:
    found = {m: order([a_claim("A", Level.IV, travel=m)])[0].distance for m in (0, 11, 12, 42, 119, 120, 600)}
    assert found == {0: 0, 11: 0, 12: 1, 42: 3, 119: 9, 120: 10, 600: 10}


def test_of_two_alike_the_earlier_id_goes_first() -> None:
    assert ids(order([a_claim("B", Level.IV), a_claim("A", Level.IV)])) == ["A", "B"]


def test_a_negative_wait_is_refused_and_names_the_ticket() -> None:
    with pytest.raises(NegativeWait) as refusal:
        order([a_claim("A", Level.III), a_claim("B", Level.III, -timedelta.resolution)])
    assert refusal.value.ticket_id == "B"
    assert isinstance(refusal.value, ValueError)


def test_a_road_below_nothing_is_refused() -> None:
    with pytest.raises(OutOfRange):
        order([a_claim("A", Level.III, travel=-1)])


def test_an_unproven_category_counts_for_a_day_and_says_so() -> None:
    fresh = order([a_claim("A", Level.IV, hours(23), provisional=True)])[0]
    assert fresh.sentence.zh == "Ⅳ级，27 分：等待 12，优先床类别 15（待核实）"
    over = order([a_claim("A", Level.IV, hours(24), provisional=True)])[0]
    assert over.sentence.zh == "Ⅳ级，13 分：等待 13；类别没有按时核实，不计分"


def test_a_row_of_the_county_changes_the_numbers_and_the_sentence_names_its_version() -> None:
    rules = bed_rules(12, {"target_hours": {"3": 12}, "priority_points": 5})
    ranked = rank([a_claim("A", Level.III, hours(6), bed_priority=True)], rules, now=NOW)[0]
    assert (ranked.ageing, ranked.priority, ranked.explanation.rule_version) == (20, 5, 12)
    assert rules.targets[Level.IV] == hours(72)


@pytest.mark.parametrize(
    "row",
    [
        {"target_hours": {"3": 0}},
        {"target_hours": {"1": 1}},
        {"distance_minutes": 0},
        {"priority_points": -1},
        {"quota_percent": 101},
        {"hold": {"least_minutes": 500}},
    ],
)
def test_a_row_that_cannot_serve_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(OutOfRange):
        bed_rules(1, row)


# --- a person's rank --------------------------------------------------------------------------------------------


def test_a_person_places_a_ticket_inside_its_level_and_the_rules_own_place_is_told() -> None:
    claims = [a_claim(name, Level.III, hours(wait)) for name, wait in (("A", 9), ("B", 6), ("C", 3))]
    claims[2] = replace(claims[2], manual_rank=1, manual_reason="临产")
    ranked = order([a_claim("Z", Level.II), *claims])
    assert ids(ranked) == ["Z", "C", "A", "B"]
    moved = ranked[1]
    assert (moved.position, moved.place, moved.rule_place, moved.rule_position) == (2, 1, 3, 4)
    assert moved.sentence.zh == "人工排在Ⅲ级第 1（临产）；按规则第 3，Ⅲ级，5 分：等待 5"
    assert moved.explanation.inputs["rule_position"] == 4


def test_of_two_who_were_given_one_place_the_rules_first_has_it_and_the_other_the_next() -> None:
    claims = [a_claim(name, Level.III, hours(wait)) for name, wait in (("A", 9), ("B", 6), ("C", 3))]
    both = [claims[0], *(replace(c, manual_rank=1, manual_reason="临产") for c in claims[1:])]
    assert ids(order(both)) == ["B", "C", "A"]


@settings(max_examples=80, deadline=None)
@given(claims_of(), st.lists(st.integers(1, 10), min_size=8, max_size=8), st.integers(0, 2**8))
def test_ranks_by_hand_never_leave_the_level_and_keep_the_others_in_order(
    claims: list[Claim], wanted: list[int], chosen: int
) -> None:
    moved = {c.ticket_id: wanted[i] for i, c in enumerate(claims) if chosen >> i & 1}
    by_hand = [replace(c, manual_rank=moved.get(c.ticket_id), manual_reason="x") for c in claims]
    by_rule, ranked = order(claims), order(by_hand)
    assert [r.claim.level for r in ranked] == [r.claim.level for r in by_rule]
    assert [i for i in ids(ranked) if i not in moved] == [i for i in ids(by_rule) if i not in moved]
    assert {r.claim.ticket_id: r.rule_position for r in ranked} == {r.claim.ticket_id: r.position for r in by_rule}
    for r in ranked:
        alone = [m for i, m in moved.items() if i in {x.claim.ticket_id for x in ranked if x.ahead == r.ahead}]
        if r.claim.ticket_id in moved and len(alone) == 1:
            size = sum(x.ahead == r.ahead for x in ranked)
            assert r.place == min(moved[r.claim.ticket_id], size)


def test_a_rank_by_hand_needs_a_reason_and_a_place() -> None:
    with pytest.raises(ReasonRequired):
        order([a_claim("A", Level.III, manual_rank=1, manual_reason=" ")])
    with pytest.raises(OutOfRange):
        order([a_claim("A", Level.III, manual_rank=0, manual_reason="临产")])
