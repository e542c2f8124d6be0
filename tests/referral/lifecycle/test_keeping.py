"""How holds and stays end: the signed table, and ranges that never overlap in their history."""

from datetime import UTC, datetime, timedelta

import pytest

from referral.errors import HoldOver, NotPermitted, NotPreemptible
from referral.lifecycle import KEEPING_TABLE, UP_TABLE, end, expected, extended, permit_keeping
from referral.model import IntervalKind, IntervalState, Level
from referral.table import SAME, render
from referral.wards import Interval
from tests.builders.tickets import party
from tests.golden import golden

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)
S = IntervalState


def a_hold(level: Level = Level.III, state: S = S.LIVE) -> Interval:
    return Interval("h1", "C01.CCU-03", IntervalKind.HOLD, state, NOON, LATER, "t1", "p1", level)


def a_stay() -> Interval:
    return Interval("s1", "C01.CCU-03", IntervalKind.OCCUPANCY, S.LIVE, NOON, None, "t1", "p1")


def test_holds_and_stays_end_exactly_as_signed() -> None:
    golden("referral/bed-keeping.txt", render(KEEPING_TABLE, tuple(IntervalState)))


@pytest.mark.parametrize("event", ["consume", "release", "expire", "pre-empt"])
def test_a_hold_that_ends_early_is_cut_to_what_was(event: str) -> None:
    ended = end(a_hold(), event, now=NOON + timedelta(minutes=30))
    assert (ended.ends_at, ended.version) == (NOON + timedelta(minutes=30), 2)
    assert not ended.keeps(NOON + timedelta(minutes=10))


def test_a_hold_that_ends_late_keeps_its_own_end() -> None:
    assert end(a_hold(), "expire", now=LATER + timedelta(hours=1)).ends_at == LATER


def test_what_is_over_does_not_end_again() -> None:
    for state in (S.CONSUMED, S.RELEASED, S.EXPIRED, S.PRE_EMPTED, S.ENDED):
        with pytest.raises(HoldOver):
            end(a_hold(state=state), "release", now=NOON)


def test_a_stay_is_not_released_and_a_hold_is_not_vacated() -> None:
    with pytest.raises(HoldOver):
        end(a_stay(), "release", now=NOON)
    with pytest.raises(HoldOver):
        end(a_hold(), "vacate", now=NOON)


def test_nobody_pre_empts_a_level_one_or_two() -> None:
    for level in (Level.I, Level.II):
        with pytest.raises(NotPreemptible):
            end(a_hold(level), "pre-empt", now=NOON)


def test_a_prolonged_hold_never_becomes_shorter() -> None:
    assert extended(a_hold(), NOON + timedelta(hours=1)).ends_at == LATER
    longer = extended(a_hold(), LATER + timedelta(hours=1), en_route=True)
    assert (longer.ends_at, longer.en_route) == (LATER + timedelta(hours=1), True)


# Which commands on a ticket end or prolong its hold: who may do the one may do the other.
WITH_THE_TICKET = {
    "consume": {"admit"},
    "release": {"release-hold"},
    "expire": {"hold-expired"},
    "pre-empt": {"hold-pre-empted"},
    "extend": {"hold-bed", "depart"},
}


@pytest.mark.parametrize("event", WITH_THE_TICKET)
def test_whoever_ends_a_hold_is_who_moves_its_ticket(event: str) -> None:
    moves = {word for row in UP_TABLE if row.event in WITH_THE_TICKET[event] for word in row.who}
    assert {word for row in KEEPING_TABLE if row.event == event for word in row.who} == moves


@pytest.mark.parametrize("event", ["expect", "vacate", "move"])
def test_whoever_is_named_for_a_stay_may_and_nobody_else(event: str) -> None:
    (row,) = [row for row in KEEPING_TABLE if row.event == event]
    for word in ("sender", "sender_lead", "desk", "doctor", "ward", "lead", "family"):
        if word in row.who:
            permit_keeping(event, party(**{word: True}))
        else:
            with pytest.raises(NotPermitted):
                permit_keeping(event, party(**{word: True}))


def test_a_deadline_begins_where_a_hold_lasts_longer_and_ends_with_it() -> None:
    assert {row.event for row in KEEPING_TABLE if row.deadline} == {"extend"}
    assert all(row.to is SAME for row in KEEPING_TABLE if row.deadline)


def test_only_a_stay_is_expected_to_end() -> None:
    assert expected(a_stay(), LATER).expected_end_at == LATER
    with pytest.raises(HoldOver):
        expected(a_hold(), LATER)
