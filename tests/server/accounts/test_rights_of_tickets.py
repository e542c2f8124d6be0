"""Whom the signed tables of tickets let act, the table of rights lets in: no screen offers what the door refuses."""

import pytest

from server.accounts.model import Role
from server.accounts.permissions import RIGHTS, key_of
from tests.referral import model_of_tickets as model

TABLES = {home: model.table("downward" if home else "upward") for home in (False, True)}


def named(event: str, role: Role) -> bool:
    """Tell whether somebody with a role at the sender or at the receiver is named for an event in either table."""
    return any(
        model.parties([f"{role.value}@{place}"], home=home, sends="A", takes="B") & table.named(event)
        for home, table in TABLES.items()
        for place in ("A", "B")
    )


@pytest.mark.parametrize("event", model.events_of(TABLES.values()))
def test_every_role_that_a_table_names_may_enter(event: str) -> None:
    route = "PUT /api/v1/referrals/{id}" if event == "edit" else f"POST /api/v1/referrals/{{id}}/{event}"
    cells = RIGHTS[key_of(route)].cells
    assert [role for role in Role if named(event, role) and not cells[role]] == []
