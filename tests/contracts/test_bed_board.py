"""Nobody gets a bed that somebody has: the database says so, on SQLite and on PostgreSQL, whoever asks at once."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.errors import BedTaken, PatientHasBed, ReferralRefusal, VersionMismatch
from referral.model import BedKind, BedState, IntervalState, Level, Pool, SexRule
from referral.wards import Bed, Interval
from server.db.engine import Database
from server.db.tables import beds as tables
from server.db.unit_of_work import SqlUnitOfWork
from tests.builders.referral_register import BED, CCU, HOUR, NOON, SECOND_BED, furnish, hold, stay, unit

CLAIMANTS, ROUNDS, CONNECTIONS = 12, 8, 4


@pytest.fixture
async def register(either_database: Database) -> Database:
    await furnish(either_database)
    return either_database


async def keep(database: Database, *intervals: Interval) -> None:
    async with unit(database) as uow:
        for interval in intervals:
            await uow.board.keep(interval)


async def change(database: Database, interval: Interval) -> None:
    async with unit(database) as uow:
        await uow.board.change(replace(interval, version=interval.version + 1))


async def test_wards_beds_and_intervals_come_back_as_they_were_kept(register: Database) -> None:
    block: dict[str, Any] = {
        "blocked_reason": "氧气维修",
        "blocked_until": NOON + HOUR,
        "blocked_at": NOON,
        "to_clean_since": NOON,
    }
    bed = Bed(
        "C01/EC-01", "C01", CCU.id, "急诊-01", "急诊", Pool.EMERGENCY, BedKind.BAY, SexRule.FEMALE, True, True,
        ("ventilator",), feed_version=7_000_000_000, version=3, **block,
    )  # fmt: skip
    full = replace(
        hold("h1", "t1"), patient_id="p1", expected_end_at=NOON + HOUR, en_route=True, reason="胸痛", override=True
    )
    async with unit(register) as uow:
        await uow.board.add_bed(bed)
        await uow.board.keep(full)
        await uow.board.keep(stay("s1", None, bed=bed, label="无名氏"))
    async with unit(register, read=True) as uow:
        (ward,) = await uow.board.wards("C01")
        found = await uow.board.beds(NOON, organization_id="C01")
        alone = await uow.board.beds(NOON, ward_id=CCU.id, department="急诊")
        assert await uow.board.wards("T01") == []
        assert await uow.board.interval("h1") == await uow.board.hold_of("t1") == full
        assert await uow.board.bed("C01/EC-01", NOON) == alone[0]
        assert await uow.board.bed("C01/EC-99", NOON) is None
    assert ward == CCU
    assert [now.bed for now in found] == [BED, SECOND_BED, bed]
    assert found[0].hold == full
    assert [now.state(NOON) for now in found] == [BedState.HELD, BedState.AVAILABLE, BedState.BLOCKED]
    assert alone[0].occupancy == stay("s1", None, bed=bed, label="无名氏")


async def test_a_withdrawn_bed_is_on_no_board(register: Database) -> None:
    async with unit(register) as uow:
        await uow.board.save_bed(replace(BED, withdrawn_at=NOON, version=2))
    async with unit(register, read=True) as uow:
        assert [now.bed.id for now in await uow.board.beds(NOON)] == [SECOND_BED.id]


@pytest.mark.parametrize("what", ["bed", "ward", "interval"])
async def test_a_version_that_somebody_overtook_is_refused(register: Database, what: str) -> None:
    await keep(register, hold("h1", "t1"))
    with pytest.raises(VersionMismatch) as refused:
        async with unit(register) as uow:
            await {
                "bed": lambda: uow.board.save_bed(replace(BED, version=1)),
                "ward": lambda: uow.board.save_ward(replace(CCU, version=3)),
                "interval": lambda: uow.board.change(replace(hold("h1", "t1"), version=7)),
            }[what]()
    assert refused.value.current == 1


TAKEN = [
    (hold("a", "t1", 0, 3), hold("b", "t2", 1, 2)),  # inside
    (hold("a", "t1", 1, 2), hold("b", "t2", 0, 3)),  # around
    (hold("a", "t1", 0, 3), hold("b", "t2", 2.999, 9)),
    (hold("a", "t1", 0, 3), stay("b", "p2", 2)),
    (stay("a", "p1", 0), hold("b", "t2", 90, 91)),  # whoever lies in it has no end yet
    (stay("a", None, 0), stay("b", None, 1)),  # two whom the register does not know
    (hold("a", "t1", 1, 2), stay("b", "p2", 0)),
]
FREE = [
    (hold("a", "t1", 0, 3), hold("b", "t2", 3, 4)),  # the end does not belong to it
    (hold("a", "t1", 0, 3), stay("b", "p2", 3)),  # an expired hold keeps nobody out
    (hold("a", "t1", 1, 1), hold("b", "t2", 0, 3)),  # cut to nothing
    (hold("a", "t1", 0, 3), hold("b", "t2", 1, 1)),
    (hold("a", "t1", 0, 3), hold("b", "t2", 0, 3, bed=SECOND_BED)),
]


@pytest.mark.parametrize(("first", "second"), TAKEN)
async def test_what_overlaps_is_refused_with_who_has_it(register: Database, first: Interval, second: Interval) -> None:
    await keep(register, first)
    with pytest.raises(BedTaken) as refused:
        await keep(register, second)
    assert refused.value.bed_id == BED.id
    assert refused.value.holder == (first.ticket_id or "")
    assert refused.value.until == (first.ends_at.isoformat() if first.ends_at else None)


@pytest.mark.parametrize(("first", "second"), FREE)
async def test_what_only_touches_is_taken(register: Database, first: Interval, second: Interval) -> None:
    await keep(register, first, second)
    async with unit(register, read=True) as uow:
        assert await uow.board.interval(second.id) == second


async def test_a_range_that_was_cut_makes_room_and_one_prolonged_meets_whoever_came(register: Database) -> None:
    first = hold("a", "t1", 0, 3)
    await keep(register, first)
    cut = replace(first, state=IntervalState.RELEASED, ends_at=NOON + HOUR, version=2)
    async with unit(register) as uow:
        await uow.board.change(cut)
        await uow.board.keep(hold("b", "t2", 1, 2))
    with pytest.raises(BedTaken) as refused:
        await change(register, replace(cut, ends_at=NOON + 1.5 * HOUR))
    assert refused.value.holder == "t2"
    with pytest.raises(BedTaken):
        await keep(register, hold("c", "t3", 0.5, 1))  # history overlaps nothing either


async def test_a_hold_that_is_over_shows_on_no_board_though_its_range_goes_on(register: Database) -> None:
    over = replace(hold("a", "t1", 0, 3), state=IntervalState.PRE_EMPTED)
    await keep(register, hold("a", "t1", 0, 3))
    await change(register, over)
    async with unit(register, read=True) as uow:
        shown = await uow.board.bed(BED.id, NOON + HOUR)
        assert shown is not None
        assert (shown.hold, await uow.board.hold_of("t1")) == (None, None)


@pytest.mark.parametrize("level", [Level.II, Level.III])
async def test_only_the_hold_of_level_one_or_two_on_the_road_is_met_beyond_its_end(
    register: Database, level: Level
) -> None:
    await keep(register, replace(hold("a", "t1", 0, 3), level=level, en_route=True))
    async with unit(register, read=True) as uow:
        shown = await uow.board.bed(BED.id, NOON + 4 * HOUR)
    assert shown is not None
    assert shown.state(NOON + 4 * HOUR) is (BedState.HELD if level is Level.II else BedState.AVAILABLE)


async def test_a_hold_becomes_an_occupancy_in_one_transaction(register: Database) -> None:
    held = hold("a", "t1", 0, 3)
    await keep(register, held)
    async with unit(register) as uow:
        arrived = replace(held, state=IntervalState.CONSUMED, ends_at=NOON + HOUR, version=2)
        await uow.board.change(arrived)
        await uow.board.keep(stay("s", "p1", 1))
    async with unit(register, read=True) as uow:
        lying = await uow.board.occupancy_of("p1")
        assert lying is not None
        assert (lying.bed_id, await uow.board.hold_of("t1")) == (BED.id, None)


async def test_a_range_that_ends_before_it_begins_is_no_range(register: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        await keep(register, hold("a", "t1", 2, 1))


async def test_one_hold_for_a_ticket_and_one_bed_for_a_patient(register: Database) -> None:
    await keep(register, hold("a", "t1", 0, 1), stay("s", "p2", 2))
    for second in (hold("b", "t1", 5, 6, bed=SECOND_BED), stay("c", "p2", 5, bed=SECOND_BED)):
        with pytest.raises(PatientHasBed) as refused:
            await keep(register, second)
        assert refused.value.bed_id == BED.id
    await keep(register, hold("d", "t2", 0, 1, bed=SECOND_BED))


@pytest.mark.parametrize("way", ["statement by statement", "in one go"])
async def test_a_refused_bed_leaves_the_transaction_to_try_the_next(register: Database, way: str) -> None:
    await keep(register, hold("a", "t1"))

    async def allocate(uow: SqlUnitOfWork) -> str:
        for bed in (BED, SECOND_BED):
            try:
                await uow.board.keep(hold("b", "t2", bed=bed))
            except BedTaken:
                continue
            try:
                await uow.board.change(replace(hold("b", "t2", bed=BED), version=2))
            except BedTaken:
                return bed.id
        return ""

    if way == "in one go":
        chosen = await unit(register).carry_out(allocate)
    else:
        async with unit(register) as uow:
            chosen = await allocate(uow)
    assert chosen == SECOND_BED.id
    async with unit(register, read=True) as uow:
        kept = await uow.board.hold_of("t2")
    assert kept == hold("b", "t2", bed=SECOND_BED)


async def test_debts_are_paid_oldest_first_and_come_back_to_none(register: Database) -> None:
    async with unit(register) as uow:
        await uow.board.owe("C01", "CCU", "t2", NOON + HOUR)
        await uow.board.owe("C01", "CCU", "t1", NOON)
        await uow.board.owe("C01", "神内", "t3", NOON)
        assert [await uow.board.quota_debt("C01", d) for d in ("", "CCU", "儿科")] == [3, 2, 0]
        assert [await uow.board.repay("C01", "CCU", BED.id, NOON + 2 * HOUR) for _ in range(3)] == [True, True, False]
        assert await uow.board.quota_debt("C01") == 1
        d = tables.quota_debts.c
        paid = sa.select(d.ticket_id).where(d.repaid_bed_id == BED.id, d.repaid_at == NOON + 2 * HOUR)
        assert set(await uow.connection.scalars(paid)) == {"t1", "t2"}
        assert not await uow.board.repay("T01", "", BED.id, NOON)


async def test_what_was_not_used_is_forgiven_and_what_was_paid_stays_paid(register: Database) -> None:
    async with unit(register) as uow:
        await uow.board.owe("C01", "CCU", "t1", NOON)
        assert await uow.board.repay("C01", "CCU", BED.id, NOON + HOUR)
        await uow.board.owe("C01", "CCU", "t1", NOON + 2 * HOUR)
        await uow.board.owe("C01", "CCU", "t2", NOON + 2 * HOUR)
        await uow.board.forgive("t1")
        d = tables.quota_debts.c
        left = await uow.connection.execute(sa.select(d.ticket_id, d.repaid_bed_id).order_by(d.ticket_id))
        assert [tuple(row) for row in left] == [("t1", BED.id), ("t2", None)]


async def claim(database: Database, ticket_id: str, key: str) -> str:
    """Claim the bed for a ticket; return `kept` or the refusal's code."""
    try:
        await keep(database, hold(key, ticket_id))
    except ReferralRefusal as refusal:
        return refusal.code
    return "kept"


async def race(database: Database, round_number: int) -> list[str]:
    """Let many claim one bed at once over several engines, each ticket its own; return what each was told."""
    others = [Database(database.url) for _ in range(CONNECTIONS)]
    try:
        claims = [claim(others[n % CONNECTIONS], f"r{n}", f"{round_number}-{n}") for n in range(CLAIMANTS)]
        return await asyncio.gather(*claims)
    finally:
        for other in others:
            await other.close()


async def furnish_race(database: Database) -> None:
    async with unit(database) as uow:
        first = await uow.tickets.get("t1")
        assert first is not None
        for n in range(CLAIMANTS):
            await uow.tickets.add(replace(first, id=f"r{n}", number=f"R-r{n}", department=f"{n}"))


async def test_of_many_who_claim_one_bed_at_once_exactly_one_has_it(register: Database) -> None:
    await furnish_race(register)
    for number in range(ROUNDS):
        told = await race(register, number)
        assert sorted(told) == ["BED_TAKEN"] * (CLAIMANTS - 1) + ["kept"]
        async with unit(register) as uow:
            held = (await uow.board.beds(NOON, ward_id=CCU.id))[0].hold
            assert held is not None
            await uow.board.change(replace(held, state=IntervalState.RELEASED, ends_at=NOON, version=2))


async def test_without_the_constraint_the_same_race_gives_one_bed_to_many(register: Database) -> None:
    """The planted violation: nothing but the database's own word keeps the race above at one winner."""
    await furnish_race(register)
    async with unit(register) as uow:
        on_sqlite = uow.connection.dialect.name == "sqlite"
        drops = (
            [f"DROP TRIGGER {tables.OVERLAP}_{word}" for word in ("insert", "update")]
            if on_sqlite
            else [f"ALTER TABLE bed_intervals DROP CONSTRAINT {tables.OVERLAP}"]
        )
        for statement in drops:
            await uow.connection.exec_driver_sql(statement)
    assert (await race(register, 0)).count("kept") == CLAIMANTS


async def test_of_two_who_bring_one_patient_into_two_beds_one_does(register: Database) -> None:
    async def bring(bed: Bed) -> str:
        try:
            await keep(register, stay(bed.id, "p1", bed=bed))
        except ReferralRefusal as refusal:
            return refusal.code
        return "kept"

    told = await asyncio.gather(*(bring(bed) for bed in (BED, SECOND_BED)))
    assert sorted(told) == ["PATIENT_HAS_BED", "kept"]


RANGES = st.tuples(st.integers(0, 8), st.one_of(st.none(), st.integers(0, 8))).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)


def overlap(one: Interval, other: Interval) -> bool:
    """Tell whether two ranges share an instant, counted on the half hours: an answer that no SQL gave."""
    grid = [NOON + half / 2 * HOUR for half in range(60)]

    def inside(interval: Interval, at: datetime) -> bool:
        return interval.begins_at <= at and (interval.ends_at is None or at < interval.ends_at)

    return any(inside(one, at) and inside(other, at) for at in grid)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ranges=st.lists(RANGES, min_size=2, max_size=8))
async def test_the_database_takes_exactly_the_ranges_that_share_no_instant(
    register: Database, ranges: list[tuple[int, int | None]]
) -> None:
    async with unit(register) as uow:
        await uow.connection.execute(tables.bed_intervals.delete())
        kept: list[Interval] = []
        for number, (begins, ends) in enumerate(ranges):
            asked = replace(stay(f"i{number}", None, begins, ends), level=Level.IV)
            clash = any(overlap(asked, other) for other in kept)
            try:
                await uow.board.keep(asked)
            except BedTaken:
                assert clash
            else:
                assert not clash
                kept.append(asked)
