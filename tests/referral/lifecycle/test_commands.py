"""What one person may do with a ticket now: everything that concerns her, and why not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from referral.lifecycle import Command, ticket_commands
from referral.model import Level
from referral.tickets import Party, Ticket, TicketState
from tests.builders.tickets import DOWN, MORNING, UP, party, ticket_in

S = TicketState


def told(ticket: Ticket, who: Party) -> dict[str, Command]:
    return {command.name: command for command in ticket_commands(ticket, who, now=MORNING)}


def allowed(ticket: Ticket, who: Party) -> set[str]:
    return {name for name, command in told(ticket, who).items() if command.allowed}


@pytest.mark.parametrize(
    ("state", "who", "names"),
    [
        (S.DRAFT, "sender", {"send", "cancel", "die", "admitted-elsewhere", "edit"}),
        (S.DRAFT, "sender_lead", {"send", "cancel", "edit"}),
        (S.SENT, "desk", {"open", "die", "admitted-elsewhere", "retriage", "override"}),
        (S.BED_HELD, "sender", {"depart", "cancel", "die", "admitted-elsewhere", "retriage", "edit"}),
        (S.ARRIVED, "ward", {"admit", "die", "retriage"}),
        (S.ADMITTED, "ward", {"discharge", "die", "refer-down"}),
        (S.OUTCOME_SENT, "sender", {"close", "die"}),
        (S.CANCEL_REQUESTED, "desk", {"release-hold", "confirm-cancel", "refuse-cancel", "die", "admitted-elsewhere"}),
    ],
)
def test_a_person_is_offered_her_legal_next_steps(state: TicketState, who: str, names: set[str]) -> None:
    assert allowed(ticket_in(state), party(**{who: True})) == names


def test_what_is_never_hers_is_not_shown() -> None:
    desk = told(ticket_in(S.SENT), party(desk=True))
    assert not {"send", "depart", "admit", "close"} & set(desk)
    assert told(ticket_in(S.SENT), Party("stranger")) == {}


def test_a_greyed_button_says_why() -> None:
    desk = party(desk=True)
    assert told(ticket_in(S.ACCEPTED), desk)["accept"].reason == "STATE"
    assert told(replace(ticket_in(S.RECEIVED), level=Level.II), desk)["decline"].reason == "NEVER_DECLINED"
    assert told(replace(ticket_in(S.RECEIVED), level=Level.II), desk)["redirect"].reason == "NEVER_DECLINED"
    assert told(replace(ticket_in(S.RECEIVED), info_rounds=2), desk)["ask"].reason == "INFO_ROUNDS"
    assert told(replace(UP, reason_code=""), party(sender=True))["send"].reason == "INCOMPLETE"
    assert told(replace(DOWN, plan=None), party(sender=True))["send"].reason == "REHAB_PLAN_REQUIRED"
    assert told(ticket_in(S.ACCEPTED), party(sender=True))["depart"].reason == "STATE", "no place yet"


def test_medical_affairs_may_redirect_the_green_channel_once_there_is_a_place() -> None:
    green = replace(ticket_in(S.ACCEPTED), level=Level.I)
    assert told(green, party(lead=True))["redirect"].reason == "NEVER_DECLINED"
    assert told(replace(green, in_bay=True), party(lead=True))["redirect"].allowed


def test_while_another_answers_a_refusal_says_until_when() -> None:
    asked = replace(ticket_in(S.INFO_NEEDED), deadline_at=MORNING + timedelta(hours=1))
    assert told(asked, party(desk=True))["accept"].until == MORNING + timedelta(hours=1)
    late = replace(asked, deadline_at=MORNING - timedelta(hours=1))
    assert told(late, party(desk=True))["accept"].until is None, "no promise that is broken already"


@pytest.mark.parametrize("state", [S.CLOSED, S.DIED, S.CANCELLED])
def test_nothing_is_offered_on_what_is_over(state: TicketState) -> None:
    everybody = party(sender=True, sender_lead=True, desk=True, doctor=True, ward=True, lead=True, family=True)
    assert allowed(replace(UP, state=state), everybody) == set()
