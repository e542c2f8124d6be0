"""The table of consults against the file that people sign, and what it can never do whatever comes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.consults import (
    CONSULT,
    DESK,
    HOST,
    NOON,
    NOVICE,
    SENDER,
    SLOT,
    STRANGER,
    TEXT,
    TODAY,
    ZHAO,
)
from tests.golden import golden
from video.consults import SYSTEM, TERMINAL, Consent, Consult, ConsultState, Party, Teaching
from video.errors import NotPermitted, VideoRefusal
from video.lifecycle import CONSULT_TABLE, Fact, consult_commands, decide, legal
from video.model import Adopted, Side, Urgency
from video.rules import consult_rules, escalation, next_deadline, owner_of
from video.table import render, states_of

S = ConsultState
RULES = consult_rules(0, {})
EVENTS = sorted({row.event for row in CONSULT_TABLE})
PATIENT = Party("", patient=True)
PEOPLE = (SENDER, DESK, HOST, SYSTEM, PATIENT, STRANGER)
FACTS = (
    Fact(),
    Fact(
        reason="写明", experts=(ZHAO,), on=TODAY, least_years=3, whole=True, side=Side.INVITEE, slots=1, slot=SLOT,
        text=TEXT, adopted=Adopted.PARTLY, intact=True, absent="patient",
        teaching=Teaching(Consent(written=True, by="马建国"), NOON, "lilan", ("T02",)),
    ),
    Fact(reason="x", experts=(NOVICE,), on=TODAY, least_years=3, side=Side.INVITER, slots=1, absent="expert"),
)  # fmt: skip
MOVES = st.tuples(st.sampled_from(EVENTS), st.sampled_from(PEOPLE), st.sampled_from(FACTS))


def test_a_consult_moves_exactly_as_signed() -> None:
    golden("video/consult.txt", render(CONSULT_TABLE, states_of(CONSULT_TABLE)))


def test_the_terminal_states_are_those_without_a_way_out() -> None:
    sources = {state for row in CONSULT_TABLE for state in row.sources}
    assert not sources & TERMINAL
    assert set(S) - sources == TERMINAL


@given(st.lists(MOVES, max_size=25), st.sampled_from(Urgency))
def test_whatever_comes_a_live_consult_has_an_owner_a_deadline_and_a_way_on(
    moves: list[tuple[str, Party, Fact]], urgency: Urgency
) -> None:
    """Each step is legal or refused with nothing changed; who was named in no row of an event never moves anything."""
    consult, now = replace(CONSULT, urgency=urgency), NOON
    for event, party, fact in moves:
        now += timedelta(minutes=1)
        before = consult
        try:
            consult = decide(before, event, replace(fact, by=party.user_id), now=now, party=party)
        except VideoRefusal:
            assert consult is before
            continue
        assert party is not STRANGER
        assert event in legal(before)
        assert consult.version == before.version + 1
        consult = replace(consult, deadline_at=next_deadline(consult, RULES, now=now))
        assert consult.is_live is (consult.deadline_at is not None)
        _is_looked_after(consult)


def _is_looked_after(consult: Consult) -> None:
    organization, roles = owner_of(consult)
    assert organization in {"T01", "C01"}
    assert roles
    if consult.is_live:
        assert legal(consult)
        for step in range(4):
            rung = escalation(consult, step, RULES)
            assert rung.told
            assert rung.pause > timedelta()


@given(st.sampled_from(S), st.sampled_from(PEOPLE))
def test_a_command_that_is_shown_as_allowed_is_stopped_by_what_she_writes_alone(state: S, party: Party) -> None:
    consult = replace(CONSULT, state=state, experts=("zhaoning",), offered_by="invitee")
    for command in consult_commands(consult, party, now=NOON):
        event, fact = command.name, replace(FACTS[1], by=party.user_id)
        if command.allowed:
            decide(consult, event, fact, now=NOON, party=party)
        else:
            assert command.reason
            with pytest.raises(VideoRefusal):
                decide(consult, event, fact, now=NOON, party=party)


def test_nobody_is_shown_what_is_never_hers() -> None:
    assert consult_commands(CONSULT, STRANGER, now=NOON) == ()
    for event in EVENTS:
        with pytest.raises(NotPermitted):
            decide(CONSULT, event, Fact(), now=NOON, party=STRANGER)


def test_a_greyed_choice_says_until_when_the_other_side_may_choose() -> None:
    held = replace(CONSULT, state=S.SLOT_HELD, offered_by="invitee", deadline_at=NOON + timedelta(minutes=10))
    shown = {command.name: command for command in consult_commands(held, DESK, now=NOON)}
    assert (shown["choose-slot"].allowed, shown["choose-slot"].reason) == (False, "STATE")
    assert shown["offer-slots"].until == held.deadline_at
    hers = {command.name for command in consult_commands(held, SENDER, now=NOON) if command.allowed}
    assert hers == {"choose-slot", "cancel", "edit", "open-class"}
