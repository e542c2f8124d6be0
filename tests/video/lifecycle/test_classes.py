"""Who opens a consult for teaching, on whose word, and when the class is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders.consults import COLLEAGUE, CONSULT, DESK, HOST, NOON, SENDER, STRANGER
from video.consults import Consent, Consult, ConsultState, Party, Teaching
from video.errors import ConsentRequired, IllegalTransition, Incomplete, NotPermitted
from video.lifecycle import Fact, consult_commands, decide
from video.model import Urgency

S = ConsultState
CALLING = replace(CONSULT, state=S.IN_CALL, experts=("zhaoning", "guoheng"))
AGREED = Teaching(Consent(written=True, by="马建国"), NOON, "lilan", ("T02",), ("maxiaoyan",))
LATER = NOON + timedelta(minutes=20)
LEAD = Party("yiwu", "医务", lead=True)
PATIENT = Party("patient", patient=True)


def opened(consult: Consult = CALLING, teaching: Teaching = AGREED, by: Party = SENDER) -> Consult:
    return decide(consult, "open-class", Fact(teaching=teaching), now=NOON, party=by)


@pytest.mark.parametrize("party", [SENDER, HOST, LEAD])
def test_whoever_speaks_with_the_patient_and_whoever_teaches_opens_and_closes_it(party: Party) -> None:
    taught = opened(by=party)
    assert (taught.is_class, taught.state, taught.invited_houses) == (True, S.IN_CALL, ("T02",))
    over = decide(taught, "close-class", Fact(), now=NOON, party=party)
    assert (over.is_class, over.invited_houses) == (False, ())


@pytest.mark.parametrize("party", [DESK, COLLEAGUE, STRANGER, PATIENT])
def test_nobody_else_opens_it(party: Party) -> None:
    with pytest.raises(NotPermitted):
        opened(by=party)


def test_the_patient_ends_it_by_a_word() -> None:
    assert not decide(opened(), "close-class", Fact(), now=NOON, party=PATIENT).is_class


@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize("consent", [Consent(), Consent(by="马建国"), Consent(written=True, by=" ")])
def test_no_urgency_and_no_approval_stands_for_the_patients_word(urgency: Urgency, consent: Consent) -> None:
    approved = replace(consent, approved_by="haiying", approval_reason="教学需要")
    with pytest.raises(ConsentRequired):
        opened(replace(CALLING, urgency=urgency), replace(AGREED, consent=approved))


def test_a_class_without_anybody_is_none() -> None:
    with pytest.raises(Incomplete):
        opened(teaching=replace(AGREED, organizations=(), people=()))
    with pytest.raises(Incomplete):
        decide(CALLING, "open-class", Fact(), now=NOON, party=SENDER)


def test_it_ends_with_the_call_and_is_not_closed_twice() -> None:
    ended = decide(opened(), "end", Fact(), now=NOON, party=HOST)
    assert ended.teaching is not None
    assert (ended.is_class, ended.teaching.closed_at) == (False, NOON)
    with pytest.raises(IllegalTransition):
        decide(CALLING, "close-class", Fact(), now=NOON, party=SENDER)
    allowed = {each.name: each.allowed for each in consult_commands(CALLING, SENDER, now=NOON)}
    assert (allowed["open-class"], allowed["close-class"]) == (True, False)


@pytest.mark.parametrize("document", ["", "教学同意书，存 T01", " 教学同意书，存 T01"])
def test_others_may_be_named_while_it_runs_on_the_word_that_opened_it(document: str) -> None:
    paper = Consent(written=True, by="马小燕", at=LATER, document=document)
    first = replace(AGREED, consent=replace(AGREED.consent, at=NOON, document="教学同意书，存 T01"))
    again = opened(opened(teaching=first), Teaching(paper, LATER, "zhaoning", (), ("helin",)), by=HOST)
    assert again.teaching == replace(first, organizations=(), people=("helin",))


@pytest.mark.parametrize("stood", ["", "存 T01"])
def test_another_paper_takes_the_place_of_the_word_that_opened_it(stood: str) -> None:
    first = replace(AGREED, consent=replace(AGREED.consent, document=stood))
    another = Teaching(Consent(written=True, by="马小燕", document="存 T02"), LATER, "zhaoning", ("T02",))
    assert opened(opened(teaching=first), another, by=HOST).teaching == another


def test_a_class_that_was_closed_is_opened_on_a_word_of_its_own() -> None:
    closed = decide(opened(), "close-class", Fact(), now=NOON, party=SENDER)
    another = replace(AGREED, opened_at=LATER, opened_by="zhaoning")
    assert opened(closed, another, by=HOST).teaching == another
