"""Follow-up at home: A2's plan, A3's visits, and what a form may not say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.errors import OutOfRange
from referral.follow_up import (
    Adherence,
    Care,
    Danger,
    FollowUpKind,
    Form,
    RiskTier,
    assess,
    check,
    follow_up_rules,
    months_after,
    plan_of,
)
from referral.model import Diagnosis
from referral.tickets import Ticket, TicketState
from tests.builders.tickets import HOME_PLAN, MORNING, home_ticket_in

RULES = follow_up_rules(0, {})
DAY = date(2026, 12, 23)
POST_INFARCTION = Care(age=68, tier=RiskTier.RED, hypertension=True)
HOME = replace(home_ticket_in(TicketState.TAKEN_OVER), deadline_at=MORNING + timedelta(days=7))


def planned(ticket: Ticket, now: datetime = MORNING) -> dict[FollowUpKind, timedelta]:
    numbers: Iterator[int] = count()
    found = plan_of(ticket, new_id=lambda: f"f{next(numbers)}", now=now)
    assert [f.due_at for f in found] == sorted(f.due_at for f in found)
    return {f.kind: f.due_at - now for f in found}


def codes(form: Form, previous: Form | None = None, care: Care = POST_INFARCTION) -> list[str]:
    return [s.code for s in assess(form, previous, care=care).suggestions]


def test_after_an_infarction_call_visit_ecg_and_the_red_tier_follow() -> None:
    month = timedelta(days=30)  # 23 November to 23 December
    assert planned(HOME) == {
        FollowUpKind.CALL: timedelta(days=3),
        FollowUpKind.VISIT: timedelta(days=7),
        FollowUpKind.REVIEW: month,
        FollowUpKind.ECG: month,
    }
    found = plan_of(HOME, new_id=lambda: "f", now=MORNING, organization_id="V0101")
    assert {(f.organization_id, f.ticket_id, f.patient_id, f.tier) for f in found} == {
        ("V0101", HOME.id, "P1", RiskTier.RED)
    }


def test_after_an_infarction_the_tier_stays_red_whatever_was_written() -> None:
    mild = replace(HOME, plan=replace(HOME_PLAN, risk_tier="green"))
    assert {f.tier for f in plan_of(mild, new_id=lambda: "f", now=MORNING)} == {RiskTier.RED}


@pytest.mark.parametrize(
    ("code", "tier", "due"),
    [
        ("K29.500", "green", date(2027, 5, 23)),
        ("I10.x00", "green", date(2027, 2, 23)),  # four visits a year on the register: half a year is too long
        ("E11.900", "green", date(2027, 2, 23)),
        ("K29.500", "yellow", date(2027, 2, 23)),
        ("I10.x00", "red", date(2026, 12, 23)),
        ("K29.500", "purple", date(2027, 2, 23)),
    ],
)
def test_the_strictest_rule_sets_the_next_visit(code: str, tier: str, due: date) -> None:
    ticket = replace(HOME, diagnosis=Diagnosis(code, "ICD-10", ""), plan=replace(HOME_PLAN, risk_tier=tier))
    assert (MORNING + planned(ticket)[FollowUpKind.REVIEW]).date() == due
    assert FollowUpKind.ECG not in planned(ticket)


def test_the_first_visit_is_due_when_its_ticket_is_and_never_in_the_past() -> None:
    sooner = replace(HOME, deadline_at=datetime.fromisoformat("2026-11-26T00:00+08:00"))
    assert MORNING + planned(sooner)[FollowUpKind.VISIT] == sooner.deadline_at
    passed = replace(HOME, deadline_at=MORNING - timedelta(days=22))
    assert planned(passed)[FollowUpKind.VISIT] == timedelta(0)


def test_who_lies_in_a_township_bed_is_not_called_at_home() -> None:
    assert FollowUpKind.CALL not in planned(replace(HOME, plan=replace(HOME_PLAN, inpatient=True)))


def test_the_last_day_of_a_month_stays_in_the_month() -> None:
    assert months_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 31), 6) == date(2027, 6, 30)
    assert months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)


@pytest.mark.parametrize(
    ("form", "refused"),
    [
        (Form(DAY + timedelta(days=1)), ["FUTURE"]),
        (Form(DAY, systolic=80, diastolic=140), ["BP_ORDER"]),
        (Form(DAY, systolic=120, diastolic=120), ["BP_ORDER"]),
        (Form(DAY, glucose=160), ["RANGE"]),
        (Form(DAY, temperature=98.6), ["RANGE"]),
        (Form(DAY, heart_rate=700), ["RANGE"]),
        (Form(DAY + timedelta(days=1), systolic=80, diastolic=140, glucose=160), ["FUTURE", "BP_ORDER", "RANGE"]),
        (Form(DAY, systolic=186, diastolic=112, glucose=16.7, temperature=36.5, heart_rate=52, weight=70.0), []),
        (Form(DAY), []),
    ],
)
def test_a_form_that_cannot_be_true_is_refused(form: Form, refused: list[str]) -> None:
    assert [refusal.code for refusal in check(form, today=DAY)] == refused


@pytest.mark.parametrize(
    ("form", "hint"),
    [
        (Form(DAY, glucose=160), "mg/dL? 160 mg/dL = 8.9 mmol/L"),
        (Form(DAY, systolic=16), "kPa? 16 kPa = 120.0 mmHg"),
        (Form(DAY, hba1c=53), "mmol/mol? 53 mmol/mol = 7.0 %"),
        (Form(DAY, temperature=98.6), "°F? 98.6 °F = 37.0 °C"),
        (Form(DAY, weight=900), "0.5–300"),
    ],
)
def test_a_value_out_of_range_names_the_unit_that_is_likely_meant(form: Form, hint: str) -> None:
    (refusal,) = check(form, today=DAY)
    assert isinstance(refusal, OutOfRange)
    assert refusal.hint == hint


def test_the_first_uncontrolled_visit_adjusts_and_the_second_in_a_row_refers() -> None:
    first = Form(DAY, systolic=148, diastolic=88, adherence=Adherence.INTERMITTENT)
    found = assess(first, care=POST_INFARCTION)
    assert (found.controlled, found.urgent, found.next_due) == (False, False, DAY + timedelta(days=14))
    assert codes(first) == ["adjust", "adherence"]
    second = Form(DAY + timedelta(days=14), systolic=152, diastolic=92)
    again = assess(second, first, care=POST_INFARCTION)
    assert (again.controlled, again.next_due) == (False, DAY + timedelta(days=28))
    assert codes(second, first) == ["refer"]
    good = Form(DAY, systolic=128, diastolic=76)
    assert codes(second, good) == ["adjust"], "not in a row"
    assert codes(good, second) == [], "controlled again"


@pytest.mark.parametrize(
    "form",
    [
        Form(DAY, systolic=186, diastolic=112),
        Form(DAY, systolic=180, diastolic=80),
        Form(DAY, systolic=150, diastolic=110),
        Form(DAY, systolic=142, diastolic=80, pregnant=True),
        Form(DAY, dangers=frozenset({Danger.CHEST_PAIN})),
        Form(DAY, glucose=16.7),
        Form(DAY, glucose=3.9),
    ],
)
def test_what_cannot_wait_is_urgent(form: Form) -> None:
    found = assess(form, care=POST_INFARCTION)
    assert found.urgent
    assert [s.code for s in found.suggestions] == ["refer-emergency"]
    assert found.next_due == DAY + timedelta(days=14)


@pytest.mark.parametrize(
    "form", [Form(DAY, systolic=179, diastolic=109), Form(DAY, glucose=16.6), Form(DAY, glucose=4.0)]
)
def test_just_below_is_not_urgent(form: Form) -> None:
    assert not assess(form, care=POST_INFARCTION).urgent


def test_fever_and_a_fast_pulse_are_urgent_for_a_diabetic() -> None:
    ill = Form(DAY, heart_rate=101, temperature=39.1)
    assert assess(ill, care=Care(diabetes=True)).urgent
    assert not assess(ill, care=Care()).urgent
    assert not assess(Form(DAY, heart_rate=100, temperature=39.0), care=Care(diabetes=True)).urgent


@pytest.mark.parametrize(
    ("care", "form", "controlled"),
    [
        (Care(age=64), Form(DAY, systolic=139, diastolic=89), True),
        (Care(age=64), Form(DAY, systolic=140, diastolic=80), False),
        (Care(age=64), Form(DAY, systolic=130, diastolic=90), False),
        (Care(age=65), Form(DAY, systolic=149, diastolic=89), True),
        (Care(age=65), Form(DAY, systolic=150, diastolic=80), False),
        (Care(age=65, tier=RiskTier.RED), Form(DAY, systolic=149, diastolic=89), False),
        (Care(diabetes=True), Form(DAY, glucose=6.9), True),
        (Care(diabetes=True), Form(DAY, glucose=7.0), False),
        (Care(diabetes=True), Form(DAY, glucose=6.0, systolic=150, diastolic=80), False),
        (Care(), Form(DAY), None),
    ],
)
def test_control_is_judged_by_age_tier_and_register(care: Care, form: Form, controlled: bool | None) -> None:  # noqa: FBT001 - a case
    assert assess(form, care=care).controlled is controlled


@pytest.mark.parametrize("form", [Form(DAY, adverse_reaction=True), Form(DAY, new_complication=True)])
def test_a_hard_reaction_or_a_new_complication_refers_at_once(form: Form) -> None:
    found = assess(form, care=Care())
    assert [s.code for s in found.suggestions] == ["refer"]
    assert found.next_due == DAY + timedelta(days=14)


def test_a_controlled_red_patient_is_seen_in_a_month_and_a_dead_one_never() -> None:
    assert assess(Form(DAY, systolic=126, diastolic=78), care=POST_INFARCTION).next_due == date(2027, 1, 23)
    dead = assess(Form(DAY, condition="died"), care=POST_INFARCTION)
    assert (dead.next_due, dead.suggestions) == (None, ())


def test_a_missed_visit_is_on_the_list_after_a_day_and_with_the_lead_after_seven() -> None:
    visit = plan_of(HOME, new_id=lambda: "f", now=MORNING)[1]
    late = {days: visit.rung(visit.due_at + timedelta(days=days), RULES) for days in (-1, 0, 1, 6, 7, 30)}
    assert late == {-1: 0, 0: 0, 1: 1, 6: 1, 7: 2, 30: 2}
    done = replace(visit, done_at=visit.due_at, done_by="maxiaoyan")
    assert (done.state, done.rung(visit.due_at + timedelta(days=9), RULES)) == ("done", 0)
    assert replace(visit, ended_at=visit.due_at).state == "ended"


@given(
    systolic=st.integers(50, 300), diastolic=st.integers(20, 200), glucose=st.floats(0.5, 50.0),
    tier=st.sampled_from(RiskTier), registered=st.booleans(),
)  # fmt: skip
def test_nobody_on_a_register_waits_longer_than_three_months_and_nobody_alarming_longer_than_two_weeks(
    systolic: int,
    diastolic: int,
    glucose: float,
    tier: RiskTier,
    registered: bool,  # noqa: FBT001 - drawn
) -> None:
    form = Form(DAY, systolic=systolic, diastolic=diastolic, glucose=glucose)
    found = assess(form, care=Care(tier=tier, hypertension=registered))
    assert found.next_due is not None
    assert DAY < found.next_due <= months_after(DAY, 3 if registered else 6)
    if found.urgent or found.controlled is False:
        assert found.next_due == DAY + timedelta(days=14)


def test_a_row_changes_what_it_names() -> None:
    rules = follow_up_rules(2, {"tier_months": {"green": 4}, "pressure": [130, 80]})
    assert (rules.tier_months[RiskTier.GREEN], rules.tier_months[RiskTier.RED]) == (4, 1)
    assert assess(Form(DAY, systolic=135, diastolic=78), care=Care(), rules=rules).controlled is False
