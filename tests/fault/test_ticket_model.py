"""Random walks of tickets through HTTP, each step compared with the signed tables (B05; targets B3).

`make test` walks for about ten seconds; `make fault` walks 2,000 times 50 steps.
"""

import time
from collections.abc import AsyncIterator, Sequence
from importlib import import_module
from pathlib import Path

import pytest

from referral.lifecycle import UP_TABLE
from referral.table import Row
from referral.tickets import TicketState
from tests.builders.reading_house import House, reading_house
from tests.builders.referral_desk import Desk
from tests.fault.machinery import FULL
from tests.fault.ticket_walk import Differs, Step, replay, shortest, walk_at_random
from tests.referral.model_of_tickets import Given

S = TicketState
DECIDE = import_module("referral.lifecycle.decide")  # where the server looks tables up
WALKS, STEPS, SECONDS = (2000, 50, 7200.0) if FULL else (20, 50, 10.0)
LEAST = 100  # steps that are walked on the slowest machine
pytestmark = pytest.mark.timeout(8000 if FULL else 240)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with reading_house(tmp_path) as running:
        yield running


async def walk(house: House, walks: int, seconds: float) -> int:
    """Walk until there were so many walks or the time is over; return how many steps that were."""
    patient_id = await Desk(house).patient(sex="female")
    begun, steps = time.monotonic(), 0
    for seed in range(walks):
        try:
            steps += len(await walk_at_random(house, patient_id, seed, STEPS))
        except Differs as differs:
            differs.add_note(f"seed {seed}; the shortest way there:\n" + "\n".join(map(str, differs.steps)))
            raise
        if time.monotonic() > begun + seconds and steps >= LEAST:
            break
    return steps


async def test_the_hub_moves_tickets_as_the_signed_tables_say(house: House) -> None:
    try:
        steps = await walk(house, WALKS, SECONDS)
    except Differs as differs:
        patient_id = await Desk(house, patients=1).patient(sex="female")
        few = await shortest(house, patient_id, differs.steps, tries=60)
        pytest.fail(f"{differs}\nthe shortest way there:\n" + "\n".join(f"  {step}" for step in few))
    print(f"\n{steps} steps, 0 differences")


IN_THE_BAY = (
    Step("lilan", "draft", 0, Given(words=True, level=2)),
    Step("haiying", "send"),
    Step("zhoumin", "release-hold", 0, Given(words=True)),
)
LEAVES, ARRIVES = Step("haiying", "depart"), Step("zhaoning", "arrive")
FALLS = Step("lilan", "retriage", 0, Given(words=True, level=4))
AWAY = {"at the desk": (), "on the road": (LEAVES,), "at the door": (LEAVES, ARRIVES)}


@pytest.mark.parametrize("way", [pytest.param(way, id=name) for name, way in AWAY.items()])
@pytest.mark.parametrize("falls", [pytest.param((), id="from II"), pytest.param((FALLS,), id="from IV")])
async def test_whoever_is_raised_to_the_first_level_has_the_free_bed_at_once_wherever_she_is(
    house: House, way: Sequence[Step], falls: Sequence[Step]
) -> None:
    raised = Step("zhaoning", "retriage", 0, Given(words=True, level=1))
    freed = Step("zhoumin", "release-hold", 0, Given(words=True))  # the tables refuse it without a bed
    patient_id = await Desk(house).patient(sex="female")
    assert await replay(house, patient_id, [*IN_THE_BAY, *way, *falls, raised, freed]) is None


async def test_whoever_rises_again_is_an_alarm_that_nobody_has_answered(house: House) -> None:
    answered = Step("zhoumin", "acknowledge")
    risen = Step("yiwu", "retriage", 0, Given(words=True, level=2))
    patient_id = await Desk(house).patient(sex="female")
    assert await replay(house, patient_id, [*IN_THE_BAY[:2], LEAVES, answered, FALLS, risen, answered]) is None


def without(event: str, *states: TicketState) -> tuple[Row[TicketState], ...]:
    """Return the upward table without a transition."""
    return tuple(row for row in UP_TABLE if not (row.event == event and set(states) <= set(row.sources)))


REMOVED = without("ask", S.RECEIVED)
ADDED = (*UP_TABLE, Row((S.SENT,), "accept", S.ACCEPTED, ("desk", "doctor", "lead"), (), "place"))
OTHERS = [
    Row((S.RECEIVED,), "depart", S.EN_ROUTE, ("sender", "sender_lead"), (), "arrival"),
    Row((S.ARRIVED,), "cancel", S.CANCEL_REQUESTED, ("sender", "sender_lead"), ("reason",), "cancel"),
    Row((S.DECLINED,), "open", S.RECEIVED, ("desk", "doctor", "lead"), (), "decide"),
]
PLANTED = {"one transition fewer": REMOVED, "one transition more": ADDED}
MORE = {f"more: {row.event}": (*UP_TABLE, row) for row in OTHERS} | {
    f"less: {row.event} {n}": tuple(other for other in UP_TABLE if other is not row) for n, row in enumerate(UP_TABLE)
}


@pytest.mark.parametrize("table", [pytest.param(t, id=name) for name, t in (PLANTED | (MORE if FULL else {})).items()])
async def test_a_table_that_is_not_the_signed_one_is_found(
    house: House, monkeypatch: pytest.MonkeyPatch, table: Sequence[Row[TicketState]]
) -> None:
    monkeypatch.setattr(DECIDE, "UP_TABLE", table)
    with pytest.raises(Differs) as differs:
        await walk(house, 60, 300.0)
    print(f"\n{len(differs.value.steps)} steps until {differs.value}")


async def test_what_differs_is_told_by_the_fewest_steps_that_lead_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DECIDE, "UP_TABLE", without("open", S.SENT))
    with pytest.raises(Differs) as differs:
        await walk(house, 5, 60.0)
    patient_id = await Desk(house, patients=1).patient(sex="female")
    few: Sequence[Step] = await shortest(house, patient_id, differs.value.steps, tries=60)
    assert len(few) <= 3, [str(step) for step in few]
