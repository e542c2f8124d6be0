"""Every live ticket has somebody who acts next and an hour at which she is late; the numbers are rows."""

import re
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from referral.beds import DEFAULTS as BED_DEFAULTS
from referral.beds import bed_rules
from referral.errors import OutOfRange
from referral.follow_up.rules import DEFAULTS as FOLLOW_UP_DEFAULTS
from referral.lifecycle import DOWN_TABLE, UP_TABLE
from referral.model import Direction, Level
from referral.rules import (
    DEFAULTS,
    ROLES_OF,
    ReferralRules,
    escalation,
    missing,
    next_deadline,
    owner_of,
    referral_rules,
)
from referral.table import states_of
from referral.tickets import TERMINAL, Ticket, TicketState
from tests.builders.tickets import DOWN, HOME_PLAN, MORNING, UP, home_ticket_in, ticket_in

S = TicketState
RULES = referral_rules(0, {})
TARGETS = bed_rules(0, {}).targets
LIVE = [
    *((direction, state) for direction in (Direction.UP, Direction.LATERAL) for state in states_of(UP_TABLE)),
    *((Direction.DOWN, state) for state in states_of(DOWN_TABLE)),
]
ROLES = {
    "township-doctor", "technician", "reporting-physician", "reviewing-physician", "consultant", "referral-desk",
    "ward-nurse", "family-doctor", "registrar", "medical-affairs",
}  # fmt: skip


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def due(ticket: Ticket, now: datetime = MORNING) -> timedelta:
    at = next_deadline(ticket, RULES, now=now, targets=TARGETS)
    assert at is not None
    return at - MORNING


@pytest.mark.parametrize(("direction", "state"), [pair for pair in LIVE if pair[1] not in TERMINAL])
@pytest.mark.parametrize("level", Level)
def test_every_live_state_has_an_owner_and_a_deadline(direction: Direction, state: TicketState, level: Level) -> None:
    bare = replace(DOWN if direction is Direction.DOWN else UP, direction=direction, state=state, level=level)
    for ticket in (bare, replace(bare, in_bay=True), replace(bare, to_organization_id=None, outside_name="省医院")):
        assert next_deadline(ticket, RULES, now=MORNING, targets=TARGETS) is not None
        organization, roles = owner_of(ticket)
        assert organization in {"T01", "C01"}
        assert roles
        assert set(roles) <= ROLES
        for step in range(5):
            rung = escalation(ticket, step)
            assert rung.told
            assert rung.pause > timedelta(0)
            assert all(where and who for where, who in rung.told)


@pytest.mark.parametrize(("direction", "state"), [pair for pair in LIVE if pair[1] in TERMINAL])
def test_what_is_over_is_never_late(direction: Direction, state: TicketState) -> None:
    ticket = replace(DOWN if direction is Direction.DOWN else UP, state=state)
    assert next_deadline(ticket, RULES, now=MORNING, targets=TARGETS) is None
    assert owner_of(ticket)[0] == ticket.from_organization_id


@pytest.mark.parametrize(("level", "late_after"), [(Level.I, 5), (Level.II, 30), (Level.III, 30), (Level.IV, 30)])
def test_a_ticket_is_opened_within_minutes(level: Level, late_after: int) -> None:
    assert due(replace(ticket_in(S.SENT), level=level)) == minutes(late_after)


@pytest.mark.parametrize(("level", "late_after"), [(Level.III, 30), (Level.IV, 240)])
def test_a_ticket_is_decided_by_its_level_and_a_pause_does_not_count(level: Level, late_after: int) -> None:
    ticket = replace(ticket_in(S.RECEIVED), level=level)
    assert due(ticket) == minutes(late_after + 1), "opened a minute after it was sent"
    assert due(replace(ticket, paused_seconds=1200)) == minutes(late_after + 21)


@pytest.mark.parametrize(("level", "late_after"), [(Level.I, 5), (Level.II, 10)])
def test_the_green_channel_rings_until_somebody_acknowledges(level: Level, late_after: int) -> None:
    accepted = replace(ticket_in(S.ACCEPTED), level=level, in_bay=True)
    assert due(accepted) == minutes(late_after + 2)
    assert owner_of(accepted) == ("C01", ("referral-desk", "consultant", "township-doctor", "medical-affairs"))
    answered = replace(accepted, acknowledged_at=MORNING, acknowledged_by="zhoumin")
    assert due(answered) > minutes(late_after + 2)
    assert owner_of(answered)[0] == "T01", "the patient has to set out"


def test_without_a_bed_the_waiting_time_counts_from_sending() -> None:
    accepted = ticket_in(S.ACCEPTED)
    assert due(accepted) == timedelta(hours=24)
    assert due(accepted, now=MORNING + timedelta(days=3)) == timedelta(hours=24), "late already, since long"


def test_en_route_the_call_comes_half_an_hour_after_the_expected_arrival() -> None:
    moving = ticket_in(S.EN_ROUTE)
    assert moving.expected_arrival_at is not None
    assert due(moving) == moving.expected_arrival_at + minutes(30) - MORNING
    assert due(replace(moving, expected_arrival_at=MORNING + minutes(90))) == minutes(120)


@pytest.mark.parametrize("state", [S.DISCHARGED, S.OUTCOME_SENT])
def test_the_sender_learns_the_outcome_within_two_days_and_sees_it_within_two(state: TicketState) -> None:
    assert due(ticket_in(state)) == timedelta(hours=48) + ticket_in(state).timeline[state.value] - MORNING


def test_a_cancellation_is_answered_within_a_quarter_of_an_hour() -> None:
    assert due(ticket_in(S.CANCEL_REQUESTED)) == minutes(15)


def test_a_deadline_that_stands_is_kept() -> None:
    held = replace(ticket_in(S.BED_HELD), deadline_at=MORNING + minutes(7))
    assert due(held, now=MORNING + minutes(6)) == minutes(7)


@pytest.mark.parametrize(
    ("handed", "late"),
    [
        ("2026-11-23T10:00+08:00", "2026-11-24T10:00+08:00"),  # Monday
        ("2026-11-27T17:00+08:00", "2026-11-30T17:00+08:00"),  # Friday
        ("2026-11-28T12:00+08:00", "2026-11-30T18:00+08:00"),  # Saturday
        ("2026-11-23T19:30+08:00", "2026-11-24T18:00+08:00"),  # after hours
        ("2026-09-30T17:00+08:00", "2026-10-08T17:00+08:00"),  # before the holiday
    ],
)
def test_a_township_takes_over_within_a_working_day(handed: str, late: str) -> None:
    holiday = [f"2026-10-0{day}" for day in range(1, 8)]
    rules = referral_rules(3, {"holidays": holiday})
    at = next_deadline(home_ticket_in(S.HANDED_OVER), rules, now=datetime.fromisoformat(handed), targets=TARGETS)
    assert at == datetime.fromisoformat(late)


def test_a_weekend_that_is_worked_counts() -> None:
    rules = referral_rules(3, {"workdays": ["2026-11-28"]})
    friday = datetime.fromisoformat("2026-11-27T17:00+08:00")
    at = next_deadline(home_ticket_in(S.HANDED_OVER), rules, now=friday, targets=TARGETS)
    assert at == datetime.fromisoformat("2026-11-28T17:00+08:00")


def test_the_first_visit_is_due_in_seven_days_or_on_the_day_that_the_hospital_named() -> None:
    taken = home_ticket_in(S.TAKEN_OVER)
    assert due(taken) == timedelta(days=7, minutes=1)
    named = replace(taken, plan=replace(HOME_PLAN, first_visit_due=date(2026, 11, 25)))
    assert next_deadline(named, RULES, now=MORNING, targets=TARGETS) == datetime.fromisoformat("2026-11-26T00:00+08:00")
    later = replace(taken, plan=replace(HOME_PLAN, first_visit_due=date(2027, 3, 1)))
    assert due(later) == timedelta(days=7, minutes=1), "never after the seven"
    assert owner_of(taken) == ("T01", ("family-doctor", "township-doctor", "medical-affairs"))


def test_the_ladder_reaches_medical_affairs_of_both_sides_and_nothing_is_declined_by_silence() -> None:
    ticket = ticket_in(S.RECEIVED)
    reminded, rung, top = (escalation(ticket, step) for step in range(3))
    assert reminded.told == (owner_of(ticket),)
    assert ("C01", ("medical-affairs",)) in rung.told
    assert ("T01", ("medical-affairs",)) in top.told
    assert escalation(ticket, 9) == top
    assert escalation(replace(ticket, level=Level.I), 0).pause < reminded.pause


def test_an_organization_outside_the_network_owns_nothing() -> None:
    outside = replace(ticket_in(S.SENT), to_organization_id=None, outside_name="省人民医院")
    assert owner_of(outside)[0] == "T01"
    assert {where for where, _roles in escalation(outside, 2).told} == {"T01"}


def test_a_row_changes_what_it_names_and_nothing_else() -> None:
    rules = referral_rules(7, {"decide_minutes": [5, 10, 20, 60], "outcome_hours": 24, "consent_levels": [4]})
    assert (rules.version, rules.decide[Level.IV], rules.outcome) == (7, minutes(60), timedelta(hours=24))
    assert rules.consent_levels == {Level.IV}
    assert rules.open == RULES.open


@pytest.mark.parametrize("pauses", [[], [5, 0, 60], [-1]])
def test_a_ladder_that_would_ring_without_end_is_refused(pauses: list[int]) -> None:
    with pytest.raises(OutOfRange):
        referral_rules(8, {"rungs_minutes": pauses})


def test_the_deadlines_of_the_page_are_the_defaults() -> None:
    assert DEFAULTS["open_minutes"] == [5, 30, 30, 30]
    assert DEFAULTS["decide_minutes"][2:] == [30, 240]
    assert DEFAULTS["acknowledge_minutes"][:2] == [5, 10]
    assert (DEFAULTS["arrival_grace_minutes"], DEFAULTS["close_hours"]) == (30, 48)
    assert (DEFAULTS["handed_over_working_days"], FOLLOW_UP_DEFAULTS["call_days"], DEFAULTS["visit_days"]) == (1, 3, 7)
    assert DEFAULTS["no_news_hours"] == 48


def test_every_number_of_the_rule_is_read() -> None:
    """Whoever writes a number in its row has to see something happen: each names a field that somebody asks for."""
    sources = [path.read_text("utf-8") for root in ("referral", "server") for path in Path(root).rglob("*.py")]
    rules = Path("referral/rules.py").read_text("utf-8")
    others = "\n".join(source for source in sources if source != rules) + rules[rules.index("def _by_level") :]
    asked = set(re.findall(r"\.(\w+)", others))
    assert [f.name for f in fields(ReferralRules) if f.name not in asked] == []


def test_no_number_stands_in_two_rows() -> None:
    assert not set(DEFAULTS) & (set(FOLLOW_UP_DEFAULTS) | set(BED_DEFAULTS))


def test_a_green_ticket_may_go_without_a_code_but_not_without_any_words() -> None:
    bare = replace(UP, level=Level.I, diagnosis=replace(UP.diagnosis, code="", name=""), reason_code="")
    assert missing(bare) == ()
    assert missing(replace(bare, package=replace(UP.package, summary=" "))) == ("diagnosis",)
    assert missing(replace(bare, department="", needs=replace(UP.needs, department=""))) == ("department",)
    assert "diagnosis" in missing(replace(bare, level=Level.III))


def test_every_state_that_the_receiver_works_in_names_its_roles() -> None:
    ours = {state for _direction, state in LIVE} - TERMINAL - {S.DRAFT, S.INFO_NEEDED, S.OUTCOME_SENT}
    assert set(ROLES_OF) == ours
