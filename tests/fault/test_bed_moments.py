"""What happens to a bed in one moment: a hold runs out while the patient is admitted (B03), and two sessions that both
see the last bed, or the last one that may be lent (B08)."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from referral.service import reception
from referral.service.ground import Act, the_ticket
from referral.tickets import Party, Ticket
from server.db.tables.beds import bed_intervals
from server.tasks import deadlines
from server.workflows.referrals import act_of
from tests.builders.reading_house import Answer, House, reading_house
from tests.builders.referral_desk import BEDS, REFERRALS, Desk
from tests.fault.machinery import FULL

MOMENTS = 1000 if FULL else 6
SKEWS = 10_000 if FULL else 8
WARD, BED = "骨科", "骨科-02"
BED_ID = f"C01.{BED}"
MILLISECOND = timedelta(milliseconds=1)
Result = TypeVar("Result")
pytestmark = pytest.mark.timeout(7200 if FULL else 240)
HOLD = sa.select(bed_intervals.c.state, bed_intervals.c.ends_at)


@dataclass
class RestlessClock:
    """A clock that says something else at each look: around a moment, and sometimes far from it."""

    at: datetime
    chance: random.Random
    jumps: bool

    def now(self) -> datetime:
        """Return the moment, a millisecond before or after; a clock that jumps, minutes before or after."""
        steps = [-MILLISECOND, timedelta(), MILLISECOND]
        far = [timedelta(minutes=-20), timedelta(minutes=20)] if self.jumps else []
        return self.at + self.chance.choice([*steps, *far])


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgres" else ""
    async with reading_house(tmp_path, url) as house:
        yield Desk(house)


async def intervals(house: House, ticket_id: str) -> list[tuple[str, str]]:
    """Return kind and state of what a ticket kept."""
    c = bed_intervals.c
    query = sa.select(c.kind, c.state).where(c.ticket_id == ticket_id).order_by(c.begins_at, c.kind)
    async with house.hub.unit_of_work(read=True) as uow:
        return [(kind, state) for kind, state in await uow.connection.execute(query)]


async def test_a_hold_that_runs_out_as_the_patient_is_admitted_is_expired_or_consumed(desk: Desk) -> None:
    house, clock = desk.house, desk.house.clock
    await desk.leave_free(WARD, BED)
    patient = await desk.patient()
    chance, ends = random.Random(3), Counter[str]()
    for number in range(MOMENTS):
        ticket = await desk.accepted(patient, 3)
        held = await desk.does("zhoumin", ticket, "hold-bed", {"bed_id": BED_ID})
        await desk.does("yangfan", ticket, "arrive")
        clock.at = datetime.fromisoformat(held["hold"]["expires_at"])
        house.forget_sessions()
        await house.call("yangfan", "GET", "/api/v1/session")
        is_late = number % 3 == 1  # the time is over by every look, and the worker is first: else it would never win
        moment = clock.at + 2 * MILLISECOND if is_late else clock.at
        house.hub.clock = RestlessClock(moment, chance, jumps=number % 2 == 1 and not is_late)
        lead = 0.2 if is_late else chance.choice([0.0, 0.005, 0.02])
        admit, _ = await asyncio.gather(
            after(lead, desk.asks("yangfan", ticket, "admit")), deadlines.act_on_due(house.hub)
        )
        house.hub.clock = clock
        ends[await told_once(house, ticket, admit)] += 1
        clock.at += timedelta(minutes=21)
        await desk.does("zhaoning", ticket, "die")
        await desk.bed_does(BED, "clean")
    print(f"\n{dict(ends)}")
    assert {"consumed", "expired"} <= ends.keys(), "only one side ever won: nothing was raced"


async def after(seconds: float, work: Awaitable[Result]) -> Result:
    """Do something a moment later: who asks first is not always first."""
    await asyncio.sleep(seconds)
    return await work


async def told_once(house: House, ticket: str, admit: Answer) -> str:
    """Return how a hold ended, and compare it with what was answered: never both, and never neither."""
    kept = await intervals(house, ticket)
    seen = (await house.call("yangfan", "GET", f"{REFERRALS}/{ticket}")).body
    if admit.status == 200:
        assert kept == [("hold", "consumed"), ("occupancy", "live")], kept
        assert (seen["state"], seen["place"]["bed_id"]) == ("admitted", BED_ID)
        return "consumed"
    assert admit.code in {"INCOMPLETE", "STATE"}, admit.body
    assert kept in ([("hold", "expired")], [("hold", "live")]), kept
    assert seen["state"] == "arrived"
    assert (seen["place"]["kind"] == "bed") == (kept == [("hold", "live")])
    return kept[0][1]


async def gives_back(act: Act, ticket: Ticket) -> None:
    """Give the ticket's bed back."""
    await reception.release_hold(act, ticket, reason="换床")


async def changes_hold(act: Act, ticket: Ticket) -> None:
    """Give the ticket's bed back and hold it anew."""
    await gives_back(act, ticket)
    await reception.hold_bed(act, await the_ticket(act, ticket.id), bed_id=BED_ID)


WAITS = {
    "hold-bed": ("hanxue", {"bed_id": BED_ID}, gives_back),
    "admit": ("yangfan", {}, changes_hold),
}


@pytest.mark.parametrize("name", WAITS)
async def test_who_waited_for_another_desk_goes_by_the_time_at_which_the_turn_came(desk: Desk, name: str) -> None:
    """A desk changes the ticket's hold while somebody else's command about it waits: the bed is hers all the while.

    By the time at which she pressed the key, what was held and given back meanwhile would lie in the way.
    """
    house, clock = desk.house, desk.house.clock
    who, body, meanwhile = WAITS[name]
    await desk.leave_free(WARD, BED)
    ticket = await desk.accepted(await desk.patient(), 3)
    await desk.does("zhoumin", ticket, "hold-bed", {"bed_id": BED_ID})
    if name == "admit":
        await desk.does("yangfan", ticket, "arrive")
    clock.at += timedelta(minutes=1)
    await house.call(who, "GET", "/api/v1/session")  # that it is in use is written down now, and not while she waits
    async with house.hub.unit_of_work() as uow:
        locked = await uow.tickets.get(ticket, lock=True)
        waits = asyncio.create_task(desk.asks(who, ticket, name, body))
        await asyncio.sleep(0.5)  # long enough to come to the lock
        assert not waits.done()
        clock.at += timedelta(seconds=5)
        assert locked is not None
        await meanwhile(act_of(uow, Party("desk", "周敏", desk=True), clock.at), locked)
    answer = await waits
    assert answer.status == 200, answer.body
    kept = await intervals(house, ticket)
    assert kept[-1] == (("hold", "live") if name == "hold-bed" else ("occupancy", "live")), kept


@pytest.mark.postgres
async def test_a_bed_is_given_back_while_somebody_else_writes_on_the_ticket_that_is_next(
    empty_postgres_url: str, tmp_path: Path
) -> None:
    """The bed is offered to her whose claim on it waits until it is free: each would wait for the other for ever."""
    async with reading_house(tmp_path, empty_postgres_url) as house:
        desk = Desk(house)
        await desk.leave_free(WARD, BED)
        first, following = [await desk.accepted(await desk.patient(), 3) for _ in range(2)]
        await desk.does("zhoumin", first, "hold-bed", {"bed_id": BED_ID})
        async with house.hub.unit_of_work() as uow:
            locked = await uow.tickets.get(following, lock=True)
            assert locked is not None
            await asyncio.wait_for(desk.does("zhoumin", first, "release-hold", {"reason": "换床"}), 10)
            assert await offered(house, following) == [BED]
            house.clock.at += timedelta(seconds=1)
            act = act_of(uow, Party("desk", "韩雪", desk=True), house.clock.at)
            held = await reception.hold_bed(act, locked, bed_id=BED_ID)
        assert held.hold is not None
        assert await intervals(house, following) == [("hold", "live")]
        assert await offered(house, following) == [], "it is hers"


async def offered(house: House, ticket: str) -> list[str]:
    """Return which beds the desk was told of for a ticket."""
    tasks = await house.tasks("C01", "referral-desk")
    return [task.zh.split()[0] for task in tasks if (task.subject_id, task.kind) == (ticket, "referral-bed")]


async def test_a_ward_never_keeps_more_than_it_has_beds(desk: Desk) -> None:
    """Each of two desks asks for a bed for each of two tickets at once; there are two beds in the ward."""
    house = desk.house
    labels = (BED, "骨科-03")
    await desk.leave_free(WARD, *labels)
    patients = [await desk.patient() for _ in range(4)]
    tickets = [await desk.accepted(patient, 3) for patient in patients]
    for number in range(SKEWS):
        chance = random.Random(number)
        bodies = [{"bed_id": f"C01.{chance.choice(labels)}"} if chance.random() < 0.5 else {} for _ in tickets]
        asks = [
            desk.asks(chance.choice(["zhoumin", "hanxue"]), t, "hold-bed", b)
            for t, b in zip(tickets, bodies, strict=True)
        ]
        told = await asyncio.gather(*asks)
        assert all(answer.status in {200, 409} for answer in told), [a.body for a in told]
        won = [t for t, answer in zip(tickets, told, strict=True) if answer.status == 200]
        assert 1 <= len(won) <= len(labels), f"try {number}"
        assert len({answer.body["hold"]["bed_id"] for answer in told if answer.status == 200}) == len(won)
        c = bed_intervals.c
        async with house.hub.unit_of_work(read=True) as uow:
            live = sa.select(sa.func.count()).where(c.kind == "hold", c.state == "live")
            assert await uow.connection.scalar(live) == len(won)
        for ticket in won:
            await desk.does("zhoumin", ticket, "release-hold", {"reason": "下一轮"})


async def lends(desk: Desk) -> None:
    """Let reserved beds be lent, two always kept free, and leave three of them free in the house, all of one ward."""
    house = desk.house
    async with house.hub.unit_of_work() as uow:
        version, row = await uow.ledger.rule("bed-priority", "990101", house.clock.at) or (0, {})
        await uow.ledger.put_rule("bed-priority", "990101", version + 1, house.clock.at, row | {"lending": True})
    for label, bed in (await desk.beds()).items():
        apart = label in {"骨科-02", "骨科-06", "骨科-08"}
        if bed["state"] in {"available", "to-clean"} and not apart and (bed["pool"] == "reserved" or WARD in label):
            assert (await desk.bed_does(label, "block", {"reason": "病区维修"})).status == 200
    for label in ("骨科-02", "骨科-08"):
        body = {"pool": "reserved", "reason": "演练"}
        assert (await house.call("zhoumin", "POST", f"{BEDS}/C01.{label}/relabel", body)).status == 200


async def test_of_the_beds_that_may_be_lent_no_two_sessions_lend_the_same(desk: Desk) -> None:
    """Write skew: each of two sessions sees that one bed may be lent, and he would take another one than she.

    The order saves them: in both of their eyes it is for whoever stands first, and nobody lends one by its name.
    """
    await lends(desk)
    tickets = [await desk.accepted(await desk.patient(sex=sex), 3) for sex in ("male", "female")]
    for number in range(SKEWS):
        told = await asyncio.gather(
            desk.asks("zhoumin", tickets[0], "hold-bed"), desk.asks("hanxue", tickets[1], "hold-bed")
        )
        won = [t for t, answer in zip(tickets, told, strict=True) if answer.status == 200]
        assert len(won) == 1, f"try {number}: {[answer.body.get('hold') or answer.code for answer in told]}"
        await desk.does("zhoumin", won[0], "release-hold", {"reason": "下一轮"})
