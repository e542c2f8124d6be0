"""The clocks of A1's infarction, to the minute, and who prepares in parallel."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from referral.model import Pathway
from referral.pathways import clocks_of, marks_of, pathway_rules
from tests.builders.tickets import MORNING, UP

RULES = pathway_rules(0, {})
EIGHT = MORNING.replace(minute=0)  # 08:00 in Shanghai


def at(minutes: int) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


INFARCTION = replace(
    UP,
    pathway=Pathway.CHEST_PAIN,
    created_at=at(12),
    package=replace(UP.package, onset_at=at(-40)),
    timeline={"en-route": at(50), "arrived": at(92)},
)


def test_the_clocks_of_an_infarction_run_from_contact_to_catheter() -> None:
    clocks = {c.code: c for c in clocks_of(INFARCTION, RULES, {"ecg": at(16), "ecg-received": at(17)})}
    assert (clocks["contact-to-ecg"].due_at, clocks["contact-to-ecg"].ended_at) == (at(22), at(16))
    assert not clocks["contact-to-ecg"].is_late(at(60))
    assert clocks["door-in-door-out"].is_late(at(60)), "38 minutes, 30 were allowed"
    wire = clocks["door-to-wire"]
    assert (wire.begun_at, wire.due_at, wire.ended_at) == (at(92), at(182), None)
    assert not wire.is_late(at(182))
    assert wire.is_late(at(183))


def test_a_clock_that_has_not_begun_is_not_shown_and_the_next_due_comes_first() -> None:
    waiting = replace(INFARCTION, timeline={})
    codes = [clock.code for clock in clocks_of(waiting, RULES, {"ecg": at(16)})]
    assert codes == ["ecg-sent", "door-in-door-out", "contact-to-wire", "contact-to-ecg"], "what ended stands last"
    assert clocks_of(UP, RULES) == (), "no pathway, no clocks"


def test_what_the_record_says_goes_before_what_the_ticket_knows() -> None:
    clocks = {c.code: c for c in clocks_of(INFARCTION, RULES, {"contact": at(5)})}
    assert clocks["contact-to-ecg"].begun_at == at(5)
    assert marks_of(INFARCTION)["contact"] == at(12)


@pytest.mark.parametrize("pathway", Pathway)
def test_every_pathway_has_clocks_and_alerts_somebody_beside_the_desk(pathway: Pathway) -> None:
    rule = RULES[pathway]
    assert "door-in-door-out" in {clock.code for clock in rule.clocks}
    assert {alert.department for alert in rule.alerts} > {"急诊"}
    assert all(alert.roles and alert.words.zh and alert.words.en for alert in rule.alerts)


def test_a_row_changes_one_pathway_and_carries_its_version() -> None:
    row: dict[str, dict[str, list[str]]] = {"stroke": {"clocks": [], "alerts": []}}
    rules = pathway_rules(4, row)
    assert (rules[Pathway.STROKE].clocks, rules[Pathway.STROKE].version) == ((), 4)
    assert rules[Pathway.TRAUMA].clocks == RULES[Pathway.TRAUMA].clocks
