"""Whom the signed table of consults lets act, the table of rights lets in: no screen offers what the door refuses."""

from dataclasses import replace

import pytest

from server.accounts.model import Caller, Membership, Role
from server.accounts.permissions import RIGHTS, key_of
from server.workflows.consults import party_of
from tests.builders.consults import CONSULT
from video.lifecycle import CONSULT_TABLE, may
from video.lifecycle.commands import COMMANDS

NAMED = replace(CONSULT, experts=("me",))
ROUTES = {
    "edit": "PUT /api/v1/consults/{id}",
    "write-opinion": "PUT /api/v1/consults/{id}/opinion",
}


def named(event: str, role: Role) -> bool:
    """Tell whether somebody with a role at the inviter or the invitee is named for an event."""
    return any(
        may(party_of(Caller("me", "", "", (Membership(place, role),)), NAMED), row.who)
        for place in ("T01", "C01")
        for row in CONSULT_TABLE
        if row.event == event
    )


@pytest.mark.parametrize("event", COMMANDS)
def test_every_role_that_the_table_names_may_enter_and_no_other(event: str) -> None:
    cells = RIGHTS[key_of(ROUTES.get(event, f"POST /api/v1/consults/{{id}}/{event}"))].cells
    assert {role for role in Role if named(event, role)} == {role for role in Role if cells[role]}


def test_what_is_commanded_from_a_screen_is_in_the_table() -> None:
    assert set(COMMANDS) <= {row.event for row in CONSULT_TABLE}
