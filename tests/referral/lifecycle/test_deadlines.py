"""Which deadline begins with a row: the word of the signed tables, and the number by which somebody is late."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from referral.beds import bed_rules
from referral.errors import ReferralRefusal
from referral.lifecycle import DOWN_TABLE, UP_TABLE, Fact, decide
from referral.model import Level
from referral.rules import DEFAULTS, next_deadline, referral_rules
from referral.table import Elsewhere, Row
from referral.tickets import TERMINAL, Ticket, TicketState
from tests.builders.tickets import DOWN, FACTS, MORNING, UP, WAY, WAY_HOME, moved

S = TicketState
HOURS = {"2": 2, "3": 24, "4": 72}
# The word of the tables -> the row of the rule, of the referrals or (place) of the beds.
NUMBERS: Mapping[str, str] = {
    "draft": "draft_hours",
    "open": "open_minutes",
    "decide": "decide_minutes",
    "acknowledge": "acknowledge_minutes",
    "info": "info_minutes",
    "place": "target_hours",
    "depart": "depart_minutes",
    "arrival": "arrival_grace_minutes",
    "admit": "admit_minutes",
    "stay": "stay_days",
    "outcome": "outcome_hours",
    "close": "close_hours",
    "cancel": "cancel_minutes",
    "handed-over": "handed_over_working_days",
    "visit": "visit_days",
    "first-visit-done": "first_visit_done_days",
}
LEADS = [
    (table, start, source, row)
    for table, start in ((UP_TABLE, UP), (DOWN_TABLE, DOWN))
    for row in table
    for source in row.sources
    if not isinstance(row.to, Elsewhere) and row.to not in TERMINAL
]


def longer(number: Any) -> Any:
    """Return a number of a rule, or each of its list, a little longer."""
    return [each + 1 for each in number] if isinstance(number, list) else number + 1


def due(ticket: Ticket, **row: Any) -> Any:
    targets = bed_rules(0, {"target_hours": row.pop("target_hours", HOURS)}).targets
    return next_deadline(ticket, referral_rules(0, row), now=MORNING, targets=targets)


def decisive(ticket: Ticket) -> set[str]:
    """Return the words of the numbers on which a ticket's deadline depends."""
    changed = {**DEFAULTS, "target_hours": HOURS}
    others = {word: {name: longer(changed[name])} for word, name in NUMBERS.items() if name != "target_hours"}
    others["place"] = {"target_hours": {level: hours + 1 for level, hours in HOURS.items()}}
    return {word for word, row in others.items() if due(ticket, **row) != due(ticket)}


@pytest.mark.parametrize(
    ("start", "source", "row"), [pytest.param(s, f, r, id=f"{f}-{r.event}") for _, s, f, r in LEADS]
)
def test_the_deadline_that_a_row_names_is_the_one_that_begins(
    start: Ticket, source: TicketState, row: Row[TicketState]
) -> None:
    level = Level.II if "green" in row.guards else start.level
    ways = WAY if start is UP else WAY_HOME
    before = replace(moved(start, *ways[source]), level=level, in_bay="place" in row.guards)
    try:
        after = decide(before, row.event, FACTS.get(row.event, Fact(by="zhoumin")), now=MORNING)
    except ReferralRefusal as refusal:
        pytest.fail(f"the row was not walked: {refusal}")
    assert after.state is row.to
    assert decisive(after) == {row.deadline}
