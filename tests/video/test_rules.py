"""When who is late with a consult, and at which times an expert can be met."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders.consults import CONSULT, NOON, ZHAO
from video.consults import Consult, ConsultState, Hours
from video.errors import Incomplete, OutOfRange, UnsoundSlot
from video.model import Urgency
from video.rules import consult_rules, escalation, next_deadline, owner_of
from video.slots import Span, check_offer, open_slots
from video.working_time import SHANGHAI, WorkingTime

S = ConsultState
RULES = consult_rules(0, {})
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEGINS = NOON + 3 * HOUR


def due(state: S, urgency: Urgency = Urgency.ROUTINE) -> timedelta | None:
    consult = replace(CONSULT, state=state, urgency=urgency, begins_at=BEGINS)
    at = next_deadline(consult, RULES, now=NOON)
    return None if at is None else at - NOON


@pytest.mark.parametrize(
    ("state", "urgency", "after"),
    [
        (S.REQUESTED, Urgency.EMERGENCY, 10 * MINUTE),
        (S.REQUESTED, Urgency.URGENT, 2 * HOUR),
        (S.REQUESTED, Urgency.ROUTINE, 2 * DAY),
        (S.SLOT_HELD, Urgency.ROUTINE, 10 * MINUTE),
        (S.SCHEDULED, Urgency.ROUTINE, 3 * HOUR - 15 * MINUTE),
        (S.LOBBY_OPEN, Urgency.ROUTINE, 3 * HOUR + 10 * MINUTE),
        (S.RINGING, Urgency.EMERGENCY, MINUTE),
        (S.DOCUMENTING, Urgency.EMERGENCY, 2 * HOUR),
        (S.DOCUMENTING, Urgency.URGENT, 24 * HOUR),
        (S.SIGNED, Urgency.ROUTINE, DAY),
    ],
)
def test_each_wait_ends_when_the_life_cycle_says(state: S, urgency: Urgency, after: timedelta) -> None:
    assert due(state, urgency) == after


def test_every_live_state_has_a_deadline_and_no_other() -> None:
    assert {state for state in S if due(state) is None} == {S.CLOSED, S.REFUSED, S.CANCELLED, S.NO_SHOW}


def test_a_routine_one_counts_working_days() -> None:
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI)
    monday = next_deadline(replace(CONSULT, state=S.SIGNED), RULES, now=friday)
    assert monday == datetime(2026, 11, 30, 9, 0, tzinfo=SHANGHAI)


def owner(state: S, offered_by: str = "") -> tuple[str, str]:
    organization, roles = owner_of(replace(CONSULT, state=state, offered_by=offered_by))
    return organization, roles[0]


def test_the_next_one_to_act_owns_it() -> None:
    assert owner(S.REQUESTED) == ("C01", "referral-desk")
    assert owner(S.SLOT_HELD, "invitee") == ("T01", "township-doctor")
    assert owner(S.SLOT_HELD, "inviter") == ("C01", "referral-desk")
    assert owner(S.DOCUMENTING) == ("C01", "consultant")
    assert owner(S.SIGNED) == ("T01", "township-doctor")


def test_the_ladder_reaches_medical_affairs_of_both_sides() -> None:
    consult: Consult = replace(CONSULT, urgency=Urgency.URGENT)
    steps = [escalation(consult, step, RULES) for step in range(3)]
    assert [rung.pause for rung in steps] == [5 * MINUTE, 15 * MINUTE, HOUR]
    assert {where for where, _ in steps[0].told} == {"C01"}
    assert [where for where, roles in steps[2].told if roles == ("medical-affairs",)] == ["C01", "T01"]
    assert escalation(CONSULT, 9, RULES).pause == 72 * HOUR


@pytest.mark.parametrize(
    "row", [{"rungs_minutes": []}, {"rungs_hours": [0]}, {"slot_hold_minutes": 0}, {"most_offers": 0}]
)
def test_a_row_by_which_nothing_would_work_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(OutOfRange):
        consult_rules(1, row)
    with pytest.raises(ValueError, match="zip"):
        consult_rules(1, {"answer_minutes": [1]})


MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=SHANGHAI)


def test_an_expert_is_met_in_her_hours_where_nothing_is_promised() -> None:
    busy = [Span(MONDAY.replace(hour=8, minute=15), MONDAY.replace(hour=8, minute=45))]
    found = open_slots(ZHAO, MONDAY, MONDAY + DAY, busy, WorkingTime())
    assert [span.begins_at.strftime("%H:%M") for span in found] == ["09:00", "09:30"]
    late = open_slots(ZHAO, MONDAY.replace(hour=9, minute=10), MONDAY + DAY, (), WorkingTime())
    assert [span.begins_at.strftime("%H:%M") for span in late] == ["09:30"]


def test_a_holiday_has_no_slots_and_a_weekend_those_that_were_written_down() -> None:
    holiday = WorkingTime(holidays=frozenset({date(2026, 11, 23)}))
    assert open_slots(ZHAO, MONDAY, MONDAY + DAY, (), holiday) == []
    saturday = MONDAY + 5 * DAY
    assert open_slots(ZHAO, saturday, saturday + DAY, (), WorkingTime()) == []
    weekend = replace(ZHAO, hours=(Hours(6, "09:00", "10:00"),))
    assert len(open_slots(weekend, saturday, saturday + DAY, (), WorkingTime())) == 2


def test_a_look_is_bounded() -> None:
    found = open_slots(ZHAO, MONDAY, datetime(2100, 1, 1, tzinfo=UTC), (), WorkingTime())
    assert found[-1].ends_at <= MONDAY + 31 * DAY


def test_an_offer_lies_ahead_and_each_slot_for_itself() -> None:
    one = Span(BEGINS, BEGINS + HOUR)
    check_offer([one, Span(BEGINS + HOUR, BEGINS + 2 * HOUR)], now=NOON, most=3, longest=4 * HOUR)
    with pytest.raises(Incomplete):
        check_offer([], now=NOON, most=3, longest=HOUR)
    for unsound in (
        [Span(NOON, NOON + HOUR)],
        [Span(BEGINS, BEGINS)],
        [Span(BEGINS, BEGINS + 5 * HOUR)],
        [one, Span(BEGINS + 30 * MINUTE, BEGINS + 2 * HOUR)],
        [Span(BEGINS + at * HOUR, BEGINS + (at + 1) * HOUR) for at in range(4)],
    ):
        with pytest.raises(UnsoundSlot):
            check_offer(unsound, now=NOON, most=3, longest=4 * HOUR)
