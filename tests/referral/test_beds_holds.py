"""How long a bed is held, and whose hold gives way (domain.md 4 d, e)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.beds import (
    candidates,
    hold_time,
    pre_emptable,
)
from referral.errors import OutOfRange
from referral.model import IntervalState, Level, Pool
from referral.wards import BedNow
from tests.builders.bed_queue import (
    NOW,
    RULES,
    a_bed,
    a_claim,
    held,
    hours,
    occupied,
)

GENERAL = a_bed("心内-03")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("travel", "minutes"), [(0, 120), (30, 120), (42, 144), (68, 196), (210, 480), (600, 480)])
def test_a_hold_lives_twice_the_road_and_an_hour_between_two_and_eight_hours(travel: int, minutes: int) -> None:
    assert hold_time(travel, RULES) == minutes * MINUTE


def test_a_hold_for_a_road_below_nothing_is_refused() -> None:
    with pytest.raises(OutOfRange):
        hold_time(-1, RULES)


@settings(max_examples=100, deadline=None)
@given(level=st.sampled_from(list(Level)), en_route=st.booleans(), minutes=st.integers(-59, 300))
def test_an_expired_hold_never_blocks_and_a_live_one_always_does(level: Level, minutes: int, *, en_route: bool) -> None:
    kept = held(GENERAL, level, until=minutes * MINUTE, en_route=en_route)
    live = minutes > 0 or (level.is_green and en_route)
    assert (candidates(a_claim("A", Level.II), [kept], RULES, now=NOW) == []) is live


def test_only_a_green_hold_on_the_road_does_not_end_by_the_clock() -> None:
    found = {(level, road): hold.ends_by_the_clock for level in Level for road in (True, False)
             if (hold := held(GENERAL, level, en_route=road).hold) is not None}  # fmt: skip
    assert [key for key, may in found.items() if not may] == [(Level.I, True), (Level.II, True)]


def test_a_hold_that_was_ended_keeps_nothing_even_on_the_road() -> None:
    hold = held(GENERAL, Level.I, en_route=True).hold
    assert hold is not None
    assert hold.keeps(NOW)
    assert not replace(hold, state=IntervalState.RELEASED).keeps(NOW)
    assert hold.keeps(NOW + hours(3))
    assert not replace(hold, en_route=False).keeps(NOW + hours(3))


@pytest.mark.parametrize("en_route", [True, False])
@pytest.mark.parametrize("mine", list(Level))
@pytest.mark.parametrize("theirs", list(Level))
def test_only_level_one_takes_a_hold_and_only_from_three_or_four(mine: Level, theirs: Level, *, en_route: bool) -> None:
    kept = held(GENERAL, theirs, en_route=en_route)
    taken = pre_emptable(a_claim("A", mine), [kept], RULES, now=NOW)
    assert (taken is kept) is (mine is Level.I and theirs >= Level.III)


def test_nothing_but_a_live_hold_on_a_ready_and_suitable_bed_is_taken() -> None:
    kept = held(GENERAL, Level.IV)
    never = [
        replace(kept, occupancy=occupied(GENERAL).occupancy),
        replace(kept, bed=a_bed("心内-03", blocked_at=NOW)),
        replace(kept, bed=a_bed("心内-03", to_clean_since=NOW)),
        replace(kept, bed=a_bed("心内-03", withdrawn_at=NOW)),
        replace(kept, bed=a_bed("心内-03", department="呼吸")),
        held(GENERAL, Level.IV, until=timedelta()),
        held(GENERAL, Level.IV, ticket_id="A"),
        BedNow(GENERAL),
    ]
    assert pre_emptable(a_claim("A", Level.I), never, RULES, now=NOW) is None


def test_the_least_harm_is_proposed() -> None:
    three, moving = held(a_bed("1"), Level.III), held(a_bed("2"), Level.IV, en_route=True)
    four, emergency = held(a_bed("3"), Level.IV), held(a_bed("4", Pool.EMERGENCY), Level.IV)
    beds = [three, moving, four, emergency]
    proposed = []
    while (best := pre_emptable(a_claim("A", Level.I), beds, RULES, now=NOW)) is not None:
        proposed.append(best.bed.label)
        beds.remove(best)
    assert proposed == ["4", "3", "2", "1"]
