"""What moves a consult and what stops it, one sentence each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders.consults import (
    APPLICATION,
    COLLEAGUE,
    CONSULT,
    DESK,
    GUO,
    HOST,
    NOON,
    NOVICE,
    SENDER,
    SLOT,
    TEXT,
    TODAY,
    ZHAO,
)
from video.consults import SYSTEM, Consult, ConsultState, OpinionText, Party
from video.errors import (
    ExpertExperience,
    ExpertSpecialty,
    IllegalTransition,
    Incomplete,
    OpinionIncomplete,
    ReasonRequired,
    SignatureBroken,
    SlotOver,
)
from video.lifecycle import Fact, decide
from video.model import Adopted, Service, Side, Urgency

S = ConsultState
PANEL = Fact(experts=(ZHAO,), on=TODAY, least_years=3, whole=True)
WRITTEN = replace(CONSULT, state=S.DOCUMENTING, experts=("zhaoning", "guoheng"))


def moved(consult: Consult, event: str, party: Party, fact: Fact | None = None) -> Consult:
    return decide(consult, event, replace(fact or Fact(), by=party.user_id), now=NOON, party=party)


def test_triage_names_the_experts_and_the_first_is_the_host() -> None:
    mdt = replace(CONSULT, service=Service.MDT, application=replace(APPLICATION, specialties=("心内", "内分泌")))
    triaged = moved(mdt, "triage", DESK, replace(PANEL, experts=(ZHAO, GUO)))
    assert (triaged.state, triaged.experts, triaged.host) == (S.TRIAGED, ("zhaoning", "guoheng"), "zhaoning")
    with pytest.raises(Incomplete):
        moved(mdt, "triage", DESK, PANEL)
    with pytest.raises(ExpertSpecialty) as refused:
        moved(mdt, "triage", DESK, replace(PANEL, experts=(ZHAO, replace(ZHAO, id="zhao2"))))
    assert refused.value.specialties == ("内分泌",)


def test_an_expert_with_two_years_or_of_another_specialty_is_refused() -> None:
    with pytest.raises(ExpertExperience) as refused:
        moved(CONSULT, "triage", DESK, replace(PANEL, experts=(NOVICE,)))
    assert (refused.value.years, refused.value.least) == (2, 3)
    with pytest.raises(ExpertSpecialty):
        moved(CONSULT, "triage", DESK, replace(PANEL, experts=(GUO,)))


def test_whoever_falls_ill_is_replaced_where_no_calendar_is_kept_for_her() -> None:
    other = replace(ZHAO, id="zhao2")
    for state in (S.TRIAGED, S.DOCUMENTING):
        again = moved(replace(WRITTEN, state=state), "triage", DESK, replace(PANEL, experts=(other,)))
        assert (again.state, again.host) == (state, "zhao2")
    for state in (S.SLOT_HELD, S.SCHEDULED, S.SIGNED):
        with pytest.raises(IllegalTransition):
            moved(replace(WRITTEN, state=state), "triage", DESK, replace(PANEL, experts=(other,)))


def test_a_refusal_without_a_reason_is_blocked() -> None:
    with pytest.raises(ReasonRequired):
        moved(CONSULT, "refuse", DESK, Fact(reason=" "))
    assert moved(CONSULT, "refuse", DESK, Fact(reason="本院无此专科")).reason_text == "本院无此专科"


def test_the_side_that_did_not_offer_chooses_and_only_what_is_kept() -> None:
    offered = moved(replace(CONSULT, state=S.TRIAGED), "offer-slots", DESK, Fact(slots=1, side=Side.INVITEE))
    with pytest.raises(IllegalTransition):
        moved(offered, "choose-slot", DESK, Fact(slot=SLOT))
    over = replace(SLOT, begins_at=NOON)  # it began while it was looked at
    others = (replace(SLOT, held_until=NOON), replace(SLOT, released_at=NOON), replace(SLOT, consult_id="c2"))
    for gone in (None, over, *others):
        with pytest.raises(SlotOver):
            moved(offered, "choose-slot", SENDER, Fact(slot=gone))
    chosen = moved(offered, "choose-slot", SENDER, Fact(slot=SLOT))
    assert (chosen.state, chosen.begins_at, chosen.offered_by) == (S.SCHEDULED, SLOT.begins_at, "")
    again = moved(chosen, "reschedule", SENDER, Fact(slots=1, side=Side.INVITER, reason="病人发热"))
    assert (again.state, again.begins_at) == (S.SLOT_HELD, None)
    assert moved(again, "choose-slot", DESK, Fact(slot=SLOT)).state is S.SCHEDULED
    assert moved(again, "hold-expired", SYSTEM).state is S.TRIAGED


def test_a_thin_line_ends_in_an_answer_in_writing() -> None:
    for state in (S.TRIAGED, S.SCHEDULED, S.LOBBY_OPEN, S.WAITING):
        written = moved(replace(CONSULT, state=state, begins_at=NOON), "answer-in-writing", HOST)
        assert (written.state, written.in_writing, written.begins_at) == (S.DOCUMENTING, True, None)


def test_an_emergency_alone_rings() -> None:
    with pytest.raises(IllegalTransition):
        moved(CONSULT, "ring", DESK, PANEL)
    ringing = moved(replace(CONSULT, urgency=Urgency.EMERGENCY), "ring", SENDER, replace(PANEL, experts=(ZHAO,)))
    assert ringing.state is S.RINGING
    assert moved(ringing, "join", HOST).state is S.IN_CALL
    two = replace(ringing, experts=("zhaoning", "guoheng"))
    assert moved(two, "ring-next", SYSTEM).experts == ("guoheng", "zhaoning")
    assert moved(two, "exhausted", SYSTEM).state is S.TRIAGED


def test_the_host_signs_whole_words_and_a_colleague_signs_with_her() -> None:
    sign = Fact(text=TEXT, experts=(ZHAO,), on=TODAY, least_years=3)
    with pytest.raises(OpinionIncomplete) as refused:
        moved(WRITTEN, "sign", HOST, replace(sign, text=OpinionText(findings="心电图", refer=False)))
    assert refused.value.missing == ("diagnosis", "treatment")
    with pytest.raises(ExpertExperience):
        moved(WRITTEN, "sign", HOST, replace(sign, experts=(NOVICE,)))
    assert moved(WRITTEN, "sign", COLLEAGUE, sign).state is S.DOCUMENTING
    with pytest.raises(IllegalTransition):
        moved(WRITTEN, "sign", COLLEAGUE, replace(sign, signed_by=frozenset({"guoheng"})))
    assert moved(WRITTEN, "sign", HOST, sign).state is S.SIGNED


def test_it_cannot_close_without_an_opinion_or_a_reason() -> None:
    for state in S:
        with pytest.raises(IllegalTransition) if state is not S.ADOPTED else pytest.raises(AssertionError):
            moved(replace(CONSULT, state=state), "close", SENDER)
            raise AssertionError
    with pytest.raises(ReasonRequired):
        moved(WRITTEN, "close-without-opinion", HOST)
    assert moved(WRITTEN, "close-without-opinion", HOST, Fact(reason="病人已转院")).state is S.CLOSED


def test_the_inviter_says_what_she_adopted_and_why_not_the_whole() -> None:
    signed = replace(CONSULT, state=S.SIGNED)
    with pytest.raises(Incomplete):
        moved(signed, "adopt", SENDER)
    for what in (Adopted.PARTLY, Adopted.NOT):
        with pytest.raises(ReasonRequired):
            moved(signed, "adopt", SENDER, Fact(adopted=what, intact=True))
    with pytest.raises(SignatureBroken):
        moved(signed, "adopt", SENDER, Fact(adopted=Adopted.ADOPTED))
    partly = moved(signed, "adopt", SENDER, Fact(adopted=Adopted.PARTLY, reason="本院无此药", intact=True))
    assert partly.adoption is not None
    assert (partly.state, partly.adoption.by, partly.adoption.at) == (S.ADOPTED, "lilan", NOON)
    assert moved(partly, "close", DESK).state is S.CLOSED


def test_a_patient_who_did_not_come_ends_it_and_an_expert_calls_the_next() -> None:
    open_ = replace(CONSULT, state=S.LOBBY_OPEN, experts=("zhaoning", "guoheng"))
    assert moved(open_, "no-show", DESK, Fact(absent="patient", reason="未到")).state is S.NO_SHOW
    assert moved(open_, "no-show", SYSTEM, Fact(absent="expert")).state is S.RINGING
    with pytest.raises(IllegalTransition):
        moved(replace(open_, experts=("zhaoning",)), "no-show", SYSTEM, Fact(absent="expert"))


def test_the_deadline_stands_while_only_facts_change() -> None:
    due = replace(WRITTEN, deadline_at=NOON + timedelta(hours=1))
    assert moved(due, "write-opinion", HOST).deadline_at == due.deadline_at
    assert moved(due, "edit", SENDER, Fact(application=APPLICATION)).deadline_at == due.deadline_at
    assert moved(due, "close-without-opinion", HOST, Fact(reason="x")).deadline_at is None
