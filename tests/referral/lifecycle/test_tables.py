"""The two tables of referral tickets against the files that clinicians sign."""

from referral.lifecycle import DOWN_TABLE, UP_TABLE
from referral.table import render, states_of
from referral.tickets import TERMINAL
from tests.golden import golden


def test_an_upward_ticket_moves_exactly_as_signed() -> None:
    golden("referral/upward.txt", render(UP_TABLE, states_of(UP_TABLE)))


def test_a_downward_ticket_moves_exactly_as_signed() -> None:
    golden("referral/downward.txt", render(DOWN_TABLE, states_of(DOWN_TABLE)))


def test_the_terminal_states_are_those_without_a_way_out() -> None:
    sources = {state for row in (*UP_TABLE, *DOWN_TABLE) for state in row.sources}
    assert not sources & TERMINAL
    assert {state for table in (UP_TABLE, DOWN_TABLE) for state in states_of(table)} - sources == TERMINAL
