"""A ticket moves by its table, writes what happened, and refuses by name."""

import re
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from referral.errors import (
    CapabilityUnchecked,
    IllegalTransition,
    Incomplete,
    LevelForced,
    NeverDeclined,
    NotPermitted,
    NotPreemptible,
    NotStable,
    ReasonRequired,
    ReferralRefusal,
    RehabPlanRequired,
    SuccessorRequired,
    TooManyQuestions,
)
from referral.lifecycle import Fact, decide, permit
from referral.model import Level
from referral.tickets import SYSTEM, HomePlan, Package, TicketState
from tests.builders.tickets import DOWN, HOME_PLAN, MORNING, UP, home_ticket_in, moved, party, ticket_in

S = TicketState
LATER = MORNING + timedelta(hours=1)


def test_the_green_channel_is_accepted_as_it_is_sent_with_a_place() -> None:
    sent = moved(replace(UP, level=Level.I), "send")
    assert sent.waiting_since == MORNING
    with pytest.raises(IllegalTransition):
        decide(sent, "system-accept", Fact(), now=MORNING)
    accepted = decide(sent, "system-accept", Fact(in_bay=True), now=MORNING)
    assert (accepted.state, accepted.in_bay, accepted.version) == (S.ACCEPTED, True, 3)
    held = decide(accepted, "hold-bed", Fact(bed_id="C01/CCU-03", hold_id="h1"), now=MORNING)
    assert (held.state, held.bed_id, held.in_bay) == (S.BED_HELD, "C01/CCU-03", False)
    acknowledged = decide(held, "acknowledge", Fact(by="zhoumin"), now=LATER)
    assert (acknowledged.acknowledged_at, acknowledged.acknowledged_by) == (LATER, "zhoumin")
    with pytest.raises(IllegalTransition):
        decide(acknowledged, "acknowledge", Fact(by="hanxue"), now=LATER)


def test_the_system_accepts_nobody_at_level_three() -> None:
    with pytest.raises(IllegalTransition):
        decide(ticket_in(S.SENT), "system-accept", Fact(in_bay=True), now=LATER)


@pytest.mark.parametrize("level", [Level.I, Level.II])
@pytest.mark.parametrize("event", ["decline", "advise"])
def test_level_one_and_two_are_never_declined(level: Level, event: str) -> None:
    ticket = replace(ticket_in(S.RECEIVED), level=level)
    with pytest.raises(NeverDeclined):
        decide(ticket, event, Fact(by="yiwu", code="no-bed", text="x"), now=LATER, party=party(desk=True, doctor=True))


def test_a_redirect_of_the_green_channel_needs_a_place_here_and_medical_affairs() -> None:
    on_its_way = Fact(by="yiwu", reason="主动脉夹层", successor_id="t9")
    received = replace(ticket_in(S.RECEIVED), level=Level.II)
    with pytest.raises(NeverDeclined):
        decide(received, "redirect", on_its_way, now=LATER, party=party(lead=True))
    accepted = replace(ticket_in(S.ACCEPTED), level=Level.II, in_bay=True)
    with pytest.raises(NeverDeclined):
        decide(accepted, "redirect", on_its_way, now=LATER, party=party(desk=True, doctor=True))
    gone = decide(accepted, "redirect", on_its_way, now=LATER, party=party(lead=True))
    assert (gone.state, gone.successor_id, gone.in_bay) == (S.REDIRECTED, "t9", False)


@pytest.mark.parametrize(
    ("state", "event", "fact", "refusal"),
    [
        (S.RECEIVED, "decline", Fact(), ReasonRequired),
        (S.RECEIVED, "decline", Fact(code="other"), ReasonRequired),
        (S.RECEIVED, "redirect", Fact(code="no-bed"), SuccessorRequired),
        (S.RECEIVED, "ask", Fact(), ReasonRequired),
        (S.RECEIVED, "advise", Fact(text=" "), ReasonRequired),
        (S.BED_HELD, "cancel", Fact(), ReasonRequired),
        (S.ARRIVED, "cancel", Fact(reason="x"), IllegalTransition),
        (S.ACCEPTED, "depart", Fact(), IllegalTransition),
        (S.ACCEPTED, "arrive", Fact(), IllegalTransition),
        (S.DISCHARGED, "send-outcome", Fact(), Incomplete),
        (S.RECEIVED, "redirect", Fact(successor_id="t9"), ReasonRequired),
        (S.RECEIVED, "retriage", Fact(reason="x"), Incomplete),
    ],
)
def test_a_refusal_says_what_is_missing(
    state: TicketState, event: str, fact: Fact, refusal: type[ReferralRefusal]
) -> None:
    ticket = ticket_in(state)
    with pytest.raises(refusal):
        decide(ticket, event, fact, now=LATER)


def test_an_unknown_pair_names_what_is_legal() -> None:
    with pytest.raises(IllegalTransition) as refusal:
        decide(ticket_in(S.OUTCOME_SENT), "admit", Fact(), now=LATER)
    assert (refusal.value.state, refusal.value.event) == ("outcome-sent", "admit")
    assert refusal.value.legal == ("close", "die", "refer-down")


def test_an_incomplete_draft_is_not_sent_but_an_emergency_needs_the_least() -> None:
    bare = replace(UP, package=Package(), reason_code="", level=Level.IV)
    with pytest.raises(Incomplete) as refusal:
        decide(bare, "send", Fact(), now=MORNING)
    assert refusal.value.missing == ("reason_code", "summary")
    assert decide(replace(bare, level=Level.I), "send", Fact(), now=MORNING).state is S.SENT
    with pytest.raises(Incomplete) as nowhere:
        decide(replace(bare, level=Level.I, to_organization_id=None), "send", Fact(), now=MORNING)
    assert nowhere.value.missing == ("to_org",)


def test_a_ticket_is_asked_for_more_twice_at_most_and_its_clock_pauses() -> None:
    asked = ticket_in(S.INFO_NEEDED)
    assert (asked.question, asked.info_rounds) == ("发病时间？", 1)
    assert asked.paused_at is not None
    answered = decide(asked, "answer", Fact(by="lilan"), now=asked.paused_at + timedelta(minutes=20))
    assert (answered.state, answered.paused_at, answered.paused_seconds) == (S.RECEIVED, None, 1200)
    again = moved(answered, "ask", "answer", at=LATER)
    with pytest.raises(TooManyQuestions):
        decide(again, "ask", Fact(text="还有？"), now=LATER)


def test_a_cancellation_that_is_refused_leads_back_and_one_out_of_a_pause_pauses_again() -> None:
    asked = ticket_in(S.INFO_NEEDED)
    cancelling = decide(asked, "cancel", Fact(reason="好转"), now=LATER)
    assert (cancelling.state, cancelling.paused_at) == (S.CANCEL_REQUESTED, None)
    back = decide(cancelling, "refuse-cancel", Fact(by="zhoumin"), now=LATER + timedelta(minutes=5))
    assert (back.state, back.paused_at, back.cancelled_from) == (
        S.INFO_NEEDED,
        LATER + timedelta(minutes=5),
        None,
    )


def test_a_hold_that_expires_while_a_cancellation_is_asked_for_is_not_there_when_it_is_refused() -> None:
    cancelling = ticket_in(S.CANCEL_REQUESTED)
    expired = decide(cancelling, "hold-expired", Fact(), now=LATER)
    back = decide(expired, "refuse-cancel", Fact(by="zhoumin"), now=LATER)
    assert (back.state, back.hold_id, back.bed_id) == (S.ACCEPTED, None, None)


def test_a_lost_hold_keeps_the_waiting_time() -> None:
    held = ticket_in(S.BED_HELD)
    for event in ("hold-expired", "release-hold", "hold-pre-empted"):
        lost = decide(held, event, Fact(reason="x"), now=LATER)
        assert (lost.state, lost.waiting_since, lost.hold_id) == (S.ACCEPTED, MORNING, None)
        assert not lost.in_bay, "level Ⅲ waits at home for the next bed"


def test_pre_empted_on_the_road_the_emergency_bay_receives() -> None:
    lost = decide(ticket_in(S.EN_ROUTE), "hold-pre-empted", Fact(), now=LATER)
    assert (lost.state, lost.in_bay, lost.bed_id, lost.waiting_since) == (S.EN_ROUTE, True, None, MORNING)
    found = decide(lost, "hold-bed", Fact(hold_id="h2", bed_id="C01/CCU-04"), now=LATER)
    assert (found.state, found.in_bay, found.bed_id) == (S.EN_ROUTE, False, "C01/CCU-04")


def test_nobody_takes_a_hold_from_level_one_or_two_and_theirs_never_runs_out_on_the_road() -> None:
    for level in (Level.I, Level.II):
        moving = replace(ticket_in(S.EN_ROUTE), level=level)
        with pytest.raises(NotPreemptible):
            decide(moving, "hold-pre-empted", Fact(), now=LATER)
        with pytest.raises(IllegalTransition):
            decide(moving, "hold-expired", Fact(), now=LATER)


def test_whoever_loses_a_bed_at_level_two_has_the_bay() -> None:
    lost = decide(replace(ticket_in(S.BED_HELD), level=Level.II), "hold-expired", Fact(), now=LATER)
    assert (lost.state, lost.in_bay) == (S.ACCEPTED, True)
    assert decide(lost, "depart", Fact(), now=LATER).state is S.EN_ROUTE
    assert decide(lost, "arrive", Fact(), now=LATER).state is S.ARRIVED, "at the door without 'depart'"


def test_departing_says_when_the_patient_is_expected() -> None:
    moving = decide(ticket_in(S.BED_HELD), "depart", Fact(), now=LATER)
    assert moving.expected_arrival_at == LATER + timedelta(minutes=42)
    told = decide(ticket_in(S.BED_HELD), "depart", Fact(eta=LATER + timedelta(minutes=50)), now=LATER)
    assert told.expected_arrival_at == LATER + timedelta(minutes=50)


def test_admission_turns_the_hold_into_a_bed_and_discharge_leaves_it() -> None:
    admitted = ticket_in(S.ADMITTED)
    assert (admitted.bed_id, admitted.hold_id) == ("C01/CCU-03", None)
    assert ticket_in(S.DISCHARGED).bed_id is None
    with pytest.raises(Incomplete):
        decide(replace(ticket_in(S.ARRIVED), bed_id=None, hold_id=None), "admit", Fact(), now=LATER)


def test_a_level_is_raised_by_any_clinician_and_lowered_by_a_doctor_with_a_reason() -> None:
    ticket = ticket_in(S.RECEIVED)
    raised = decide(ticket, "retriage", Fact(level=Level.II), now=LATER, party=party(ward=True))
    assert (raised.level, raised.state) == (Level.II, S.RECEIVED)
    lower = Fact(level=Level.IV, reason="生命体征平稳")
    with pytest.raises(LevelForced):
        decide(ticket, "retriage", lower, now=LATER, party=party(ward=True, desk=True))
    with pytest.raises(ReasonRequired):
        decide(ticket, "retriage", replace(lower, reason=""), now=LATER, party=party(doctor=True))
    assert decide(ticket, "retriage", lower, now=LATER, party=party(doctor=True)).level is Level.IV


def test_an_open_critical_value_keeps_a_ticket_at_level_two_or_above() -> None:
    ticket = replace(ticket_in(S.RECEIVED), level=Level.I)
    lower = Fact(level=Level.III, reason="好转", critical=True)
    with pytest.raises(LevelForced):
        decide(ticket, "retriage", lower, now=LATER, party=party(doctor=True))
    assert decide(ticket, "retriage", replace(lower, level=Level.II), now=LATER).level is Level.II
    risen = Fact(level=Level.III, critical=True)  # a critical value that nobody had raised the ticket for yet
    with pytest.raises(LevelForced):
        decide(ticket_in(S.RECEIVED, level=Level.IV), "retriage", risen, now=LATER, party=party(ward=True))


def test_who_rises_to_level_two_while_accepted_has_a_place_at_once() -> None:
    raised = decide(ticket_in(S.ACCEPTED), "retriage", Fact(level=Level.II), now=LATER)
    assert (raised.state, raised.in_bay) == (S.ACCEPTED, True)


def test_a_ticket_that_rose_to_level_two_is_accepted_with_a_place_also_by_a_person() -> None:
    raised = decide(ticket_in(S.RECEIVED), "retriage", Fact(level=Level.II), now=LATER)
    accepted = decide(raised, "accept", Fact(by="zhoumin"), now=LATER)
    assert (accepted.state, accepted.in_bay) == (S.ACCEPTED, True)


def test_an_event_of_the_other_table_is_not_possible_and_nobodys_right_is_denied() -> None:
    handed = home_ticket_in(S.HANDED_OVER)
    permit(handed, "accept", party(desk=True))
    with pytest.raises(IllegalTransition) as refused:
        decide(handed, "accept", Fact(), now=LATER, party=party(desk=True))
    assert "take-over" in refused.value.legal
    with pytest.raises(NotPermitted):
        permit(handed, "answer", party(desk=True))  # the hospital's, in whatever state


def test_only_who_is_named_may_and_the_system_is_the_system() -> None:
    with pytest.raises(NotPermitted):
        decide(UP, "send", Fact(), now=MORNING, party=party(desk=True))
    with pytest.raises(NotPermitted):
        decide(ticket_in(S.CANCEL_REQUESTED), "confirm-cancel", Fact(), now=LATER, party=party(sender=True))
    with pytest.raises(NotPermitted):
        decide(ticket_in(S.BED_HELD), "hold-expired", Fact(), now=LATER, party=party(desk=True, lead=True))
    assert decide(ticket_in(S.BED_HELD), "hold-expired", Fact(), now=LATER, party=SYSTEM).state is S.ACCEPTED


@pytest.mark.parametrize(
    ("missing", "plan"),
    [
        ("discharge_summary", replace(HOME_PLAN, discharge_summary=" ")),
        ("medicines", replace(HOME_PLAN, medicines=())),
        ("warning_signs", replace(HOME_PLAN, warning_signs="")),
        ("rehabilitation", replace(HOME_PLAN, rehabilitation="")),
    ],
)
def test_nobody_goes_home_without_a_plan(missing: str, plan: HomePlan) -> None:
    with pytest.raises(RehabPlanRequired) as refusal:
        decide(replace(DOWN, plan=plan), "send", Fact(), now=MORNING)
    assert refusal.value.missing == (missing,)


def test_a_ticket_without_any_plan_names_all_that_is_missing() -> None:
    with pytest.raises(RehabPlanRequired) as refusal:
        decide(replace(DOWN, plan=None), "send", Fact(), now=MORNING)
    assert len(refusal.value.missing) == 4


def test_a_cloud_ward_takes_a_stable_patient_with_daily_rounds_only() -> None:
    ward = replace(HOME_PLAN, cloud_ward=True, stable=True, round_plan="每日 09:00 视频查房", rehabilitation="")
    assert decide(replace(DOWN, plan=ward), "send", Fact(), now=MORNING).state is S.HANDED_OVER
    for plan in (replace(ward, stable=False), replace(ward, round_plan="")):
        with pytest.raises(NotStable):
            decide(replace(DOWN, plan=plan), "send", Fact(), now=MORNING)


@pytest.mark.parametrize(
    ("plan", "checked", "lacking"),
    [
        (HOME_PLAN, (), ("medicines", "equipment")),
        (HOME_PLAN, ("medicines",), ("equipment",)),
        (HOME_PLAN, ("equipment", "阿司匹林 100 mg 每日一次"), ("medicines",)),
        (replace(HOME_PLAN, equipment=()), (), ("medicines",)),
    ],
)
def test_a_township_says_that_medicines_and_equipment_are_there(
    plan: HomePlan, checked: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    handed = home_ticket_in(S.HANDED_OVER, plan=plan)
    with pytest.raises(CapabilityUnchecked) as refusal:
        decide(handed, "take-over", Fact(by="haiying", checked=checked), now=LATER)
    assert refusal.value.lacking == lacking
    everything = (*plan.medicines, *plan.equipment)
    assert decide(handed, "take-over", Fact(by="haiying", checked=everything), now=LATER).state is S.TAKEN_OVER


def test_a_declined_patient_goes_back_to_the_hospitals_draft_and_can_be_sent_again() -> None:
    back = decide(home_ticket_in(S.HANDED_OVER), "decline", Fact(by="haiying", code="no-medicine"), now=LATER)
    assert (back.state, back.decision_code, back.waiting_since) == (S.DRAFT, "no-medicine", MORNING)
    again = moved(back, "send", at=LATER)
    assert (again.state, again.decision_code, again.waiting_since) == (S.HANDED_OVER, "", MORNING)


def test_details_change_no_state_and_no_deadline_but_the_version() -> None:
    held = replace(ticket_in(S.BED_HELD), deadline_at=LATER)
    edited = decide(held, "edit", Fact(by="lilan"), now=LATER)
    assert (edited.state, edited.deadline_at, edited.version) == (S.BED_HELD, LATER, held.version + 1)
    assert decide(held, "depart", Fact(), now=LATER).deadline_at is None, "a new wait begins"


def test_each_state_keeps_when_it_was_first_reached() -> None:
    answered = decide(ticket_in(S.INFO_NEEDED), "answer", Fact(), now=LATER)
    assert answered.timeline["received"] == MORNING + timedelta(minutes=1)
    assert list(UP.timeline) == ["draft"], "the ticket before is as it was"


def test_everything_that_may_come_with_an_event_is_looked_at() -> None:
    sources = [Path(f"referral/lifecycle/{name}.py").read_text("utf-8") for name in ("guards", "effects")]
    read = set(re.findall(r"\b(?:fact|f|_f)\.(\w+)", "".join(sources)))
    assert {f.name for f in fields(Fact)} - read == set()
