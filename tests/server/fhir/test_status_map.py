"""The published status map: what a person signed, what the page says, and what R4 allows."""

from pathlib import Path

import pytest

from referral.lifecycle import table_of
from referral.model import Direction
from referral.tickets import TERMINAL, TicketState
from server.fhir import status
from tests.golden import golden

PAGE = Path(__file__).parents[3] / "server" / "fhir" / "STATUS.md"
REQUEST_STATUS = {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}
TASK_STATUS = {
    "draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold", "failed",
    "completed", "entered-in-error",
}  # fmt: skip
OVER = {"rejected", "cancelled", "failed", "completed"}
ROWS = [(direction, row) for direction, rows in status.TABLES.items() for row in rows]


def test_the_map_is_the_one_that_was_signed() -> None:
    golden("referral/fhir-status.txt", status.render())


def test_the_published_page_says_what_the_code_does() -> None:
    page = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [f"| {line} |" for line in status.render().splitlines() if line]
    assert [row for row in rows if row not in page] == []


@pytest.mark.parametrize(("direction", "row"), ROWS, ids=lambda one: getattr(one, "state", one))
def test_every_code_is_one_of_r4s_required_value_sets(direction: Direction, row: status.StatusRow) -> None:
    assert row.service_request in REQUEST_STATUS
    assert row.task in TASK_STATUS


@pytest.mark.parametrize(("direction", "row"), ROWS, ids=lambda one: getattr(one, "state", one))
def test_a_task_is_over_when_the_ticket_is_or_its_outcome_was_sent(direction: Direction, row: status.StatusRow) -> None:
    assert (row.task in OVER) == (row.state in TERMINAL or row.state == "outcome-sent")


@pytest.mark.parametrize("direction", list(Direction))
def test_the_map_knows_every_state_that_a_ticket_can_reach_and_no_other(direction: Direction) -> None:
    table = table_of(direction)
    reached = {state for row in table for state in (*row.sources, row.to) if isinstance(state, TicketState)}
    assert {row.state for row in status.TABLES[direction]} == reached
