"""Whatever happens in whatever order, what must hold of a ticket holds."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from referral.beds import bed_rules
from referral.errors import ReferralRefusal
from referral.lifecycle import DOWN_TABLE, UP_TABLE, Fact, decide, legal
from referral.model import Level
from referral.rules import next_deadline, owner_of, referral_rules
from referral.tickets import TERMINAL, Outcome, Ticket, TicketState
from tests.builders.tickets import DOWN, MORNING, UP

S = TicketState
SELDOM = frozenset({"die", "admitted-elsewhere", "not-arrived", "cancel", "redirect", "edit", "override", "refer-down"})
MANY = settings(max_examples=1000, deadline=None)  # the machine may be busy: nothing here waits
RULES = referral_rules(0, {})
TARGETS = bed_rules(0, {}).targets
HELD = frozenset({S.BED_HELD})
RECEIVABLE = frozenset({S.ACCEPTED, S.BED_HELD, S.EN_ROUTE})


# Few facts that matter, drawn often: what is written or not, held or not, set or not.
FACTS = tuple(
    Fact(
        by="somebody",
        code=code,
        text=code,
        level=level,
        critical=critical,
        hold_id=hold,
        bed_id="C01/CCU-03" if hold else None,
        in_bay=hold is None,
        successor_id="t9",
        outcome=Outcome(diagnosis="好转"),
        checked=("medicines", "equipment"),
    )
    for code, level, critical, hold in product(
        ("", "no-bed"), (None, Level.I, Level.III, Level.IV), (False, True), (None, "h1")
    )
)


def path_of(seed: int) -> list[tuple[int, Fact, int]]:
    """Return sixty steps: which event of the legal ones, with what, how many minutes later."""
    dice = Random(seed)
    return [(dice.randrange(120), dice.choice(FACTS), dice.randrange(91)) for _step in range(60)]


def steps() -> st.SearchStrategy[list[tuple[int, Fact, int]]]:
    """Draw a path by its seed: drawn step by step, the walks stay short and most end in the first states."""
    return st.integers(0, 2**32).map(path_of)


def walk(ticket: Ticket, path: list[tuple[int, Fact, int]]) -> list[tuple[Ticket, str, Ticket, datetime]]:
    """Walk legal events by number; events that are refused leave no trace."""
    now, done = MORNING, []
    for number, fact, minutes in path:
        now += timedelta(minutes=minutes)
        events = legal(ticket)
        if not events:
            break
        event = events[number % len(events)]
        if event in SELDOM and number % 7:
            continue  # else most walks end, or turn in a circle, before they came anywhere
        try:
            after = decide(ticket, event, fact, now=now)
        except ReferralRefusal:
            continue
        done.append((ticket, event, after, now))
        ticket = after
    return done


def holds_for_every_ticket(before: Ticket, after: Ticket) -> None:
    assert after.version == before.version + 1
    assert before.state not in TERMINAL, "terminal is terminal"
    if before.waiting_since is not None:
        assert after.waiting_since == before.waiting_since, "the waiting time is never lost"
    assert (after.paused_at is not None) == (after.state is S.INFO_NEEDED), "the clock stands still there only"
    assert (after.cancelled_from is not None) == (after.state is S.CANCEL_REQUESTED)
    assert after.timeline.items() >= before.timeline.items(), "history is not rewritten"
    if after.state in TERMINAL:
        assert (after.hold_id, after.bed_id, after.in_bay) == (None, None, False), "nothing is kept for nobody"


@MANY
@given(path=steps(), level=st.sampled_from(Level))
def test_no_sequence_breaks_what_must_hold_of_an_upward_ticket(path: list[tuple[int, Fact, int]], level: Level) -> None:
    for before, event, after, _now in walk(replace(UP, level=level), path):
        holds_for_every_ticket(before, after)
        if after.state in HELD:
            assert after.hold_id is not None
        if after.state in RECEIVABLE and after.level.is_green:
            assert after.hold_id or after.in_bay, "Ⅰ and Ⅱ always have a place"
        if after.state in {S.DECLINED, S.ADVISED}:
            assert not before.level.is_green, "never declined"
        if event == "redirect":
            assert after.successor_id
        assert after.info_rounds <= 2


@MANY
@given(path=steps())
def test_no_sequence_breaks_what_must_hold_of_a_downward_ticket(path: list[tuple[int, Fact, int]]) -> None:
    for before, _event, after, _now in walk(DOWN, path):
        holds_for_every_ticket(before, after)
        if after.state is S.TAKEN_OVER:
            assert S.HANDED_OVER.value in after.timeline


STARTS = (DOWN, *(replace(UP, level=level) for level in Level))


@MANY
@given(path=steps(), ticket=st.sampled_from(STARTS))
def test_whatever_happened_a_live_ticket_has_an_owner_and_a_deadline(
    path: list[tuple[int, Fact, int]], ticket: Ticket
) -> None:
    for _before, _event, after, now in walk(ticket, path):
        due_at = next_deadline(after, RULES, now=now, targets=TARGETS)
        assert (due_at is None) == (after.state in TERMINAL)
        organization, roles = owner_of(after)
        assert organization in {"T01", "C01"}
        assert roles


def test_the_walks_come_to_every_state_and_walk_every_event_of_both_tables() -> None:
    """The properties above say something only of what their walks come to: these are such walks, of fixed seeds."""
    for table, starts in ((UP_TABLE, [replace(UP, level=level) for level in Level]), (DOWN_TABLE, [DOWN])):
        walked = [step for seed in range(300) for start in starts for step in walk(start, path_of(seed))]
        assert {event for _before, event, _after, _now in walked} == {row.event for row in table}
        assert {before.state for before, *_ in walked} == {state for row in table for state in row.sources}
