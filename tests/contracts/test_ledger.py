"""The unit of work and its ledger keep their word on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dicom.events import Event
from server.accounts.model import AuditEntry, Task
from server.audit.chain import chain
from server.db.engine import Database
from server.db.migrations.run import migrate
from server.db.unit_of_work import Nudge, SqlUnitOfWork

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CLAIMED = Event("reading-orders", "claimed", "o1", 2, "claimed", ("T01", "C01"), "T01", {"by": "u1"})


class Noon:
    """A clock that stands at noon."""

    def now(self) -> datetime:
        return NOON


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'ledger.db'}"
    else:
        url = request.getfixturevalue("empty_postgres_url")
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    yield database
    await database.close()


def unit(database: Database, **options: Any) -> SqlUnitOfWork:
    return SqlUnitOfWork(database, Noon(), **options)


async def test_an_event_its_outbox_row_and_its_audit_are_committed_together(database: Database) -> None:
    async with unit(database, subscriptions={"reading-orders.claimed": ["tell_reader"]}) as uow:
        uow.publish(CLAIMED)
        uow.audit(AuditEntry("claim", "reading-order", "o1"))
    async with unit(database, read=True) as uow:
        (stored,) = await uow.ledger.events_after(0)
        (owed,) = await uow.outbox.owed(NOON, NOON, limit=10)
    assert stored.event == CLAIMED
    assert (owed.event_id, owed.handler) == (stored.id, "tell_reader")


async def publish_then_fail(database: Database) -> None:
    async with unit(database, subscriptions={"reading-orders.claimed": ["tell_reader"]}) as uow:
        uow.publish(CLAIMED)
        await uow.ledger.set_deadline("lease", "o1", NOON)
        raise ZeroDivisionError


async def test_an_error_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await publish_then_fail(database)
    async with unit(database, read=True) as uow:
        assert await uow.ledger.last_seq() == 0
        assert await uow.ledger.due(NOON) == []
        assert await uow.outbox.owed(NOON, NOON, limit=10) == []


async def test_the_nudge_follows_the_commit_and_only_when_something_happened(database: Database) -> None:
    seen: list[tuple[int, Nudge]] = []

    async def look(nudge: Nudge) -> None:
        async with unit(database, read=True) as uow:
            seen.append((await uow.ledger.last_seq(), nudge))

    async with unit(database, after_commit=look) as uow:
        uow.publish(CLAIMED)
    async with unit(database, after_commit=look):
        pass
    async with unit(database, after_commit=look, subscriptions={CLAIMED.type: ["tell_reader"]}) as uow:
        uow.publish(CLAIMED)
    async with unit(database, after_commit=look) as uow:
        uow.publish(replace(CLAIMED, collection="studies", name="grew"))
    assert seen == [(1, Nudge.NEWS), (2, Nudge.OWING), (3, Nudge.PROGRESS)]


async def test_work_carried_out_at_once_is_committed_as_a_whole(database: Database) -> None:
    looked: list[str] = []

    async def claim(uow: SqlUnitOfWork) -> str:
        uow.publish(CLAIMED)
        uow.audit(AuditEntry("claimed", "reading-orders", "o1"))
        await uow.ledger.set_deadline("lease", "o1", NOON + timedelta(minutes=20))
        await uow.ledger.set_deadline("lease", "o1", NOON)
        return "done"

    assert await unit(database).carry_out(claim, before=lambda: looked.append("before")) == "done"
    async with unit(database, read=True) as uow:
        (event,) = await uow.ledger.events_after(0)
        (due,) = await uow.ledger.due(NOON)
        assert (event.event, event.at, due.due_at) == (CLAIMED, NOON, NOON)
        assert await uow.audit_trail.count_unsealed() == 1
    assert looked == ["before"]


async def test_work_carried_out_at_once_leaves_only_its_refusal_behind(database: Database) -> None:
    async def fail(uow: SqlUnitOfWork) -> None:
        uow.publish(CLAIMED)
        uow.audit(AuditEntry("claimed", "reading-orders", "o1"))
        uow.audit(AuditEntry("claimed", "reading-orders", "o1", outcome="refused"))
        await uow.ledger.set_deadline("lease", "o1", NOON)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await unit(database).carry_out(fail)
    async with unit(database, read=True) as uow:
        assert await uow.ledger.last_seq() == 0
        assert await uow.ledger.due(NOON) == []
        assert await uow.audit_trail.count_unsealed() == 1
    assert await unit(database).carry_out(_newest) == 0, "the next transaction begins afresh"


async def _newest(uow: SqlUnitOfWork) -> int:
    return await uow.ledger.last_seq()


async def test_a_burst_does_not_move_a_deadline_that_stands_near_enough(database: Database) -> None:
    second = timedelta(seconds=1)
    moves = [(0, 0), (0.4, 0), (1.0, 0), (1.1, 1.1), (0.9, 0.9)]  # asked for, then due; an earlier one counts
    for asked, stands in moves:
        async with unit(database) as uow:
            await uow.ledger.set_deadline("study-complete", "1.2", NOON + asked * second, slack=second)
        async with unit(database, read=True) as uow:
            (due,) = await uow.ledger.due(NOON + 9 * second)
        assert due.due_at == NOON + stands * second


async def test_a_record_counts_on_until_it_is_sealed(database: Database) -> None:
    async with unit(database) as uow:
        uow.audit(AuditEntry("received", "studies", "1.2", basis="c-store stored 1", id="a1"))
    async with unit(database) as uow:
        assert await uow.ledger.amend_audit("a1", basis="c-store stored 2")
    async with unit(database) as uow:
        (record,) = await uow.audit_trail.unsealed(limit=5)
        assert record.basis == "c-store stored 2"
        await uow.audit_trail.seal(chain(await uow.audit_trail.head(), [record]))
    async with unit(database) as uow:
        assert not await uow.ledger.amend_audit("a1", basis="c-store stored 3")


async def test_a_deadline_is_taken_by_one_worker_and_not_when_it_was_moved(database: Database) -> None:
    async with unit(database) as uow:
        await uow.ledger.set_deadline("lease", "o1", NOON - timedelta(minutes=1))
        await uow.ledger.set_deadline("lease", "o2", NOON - timedelta(minutes=2))
    async with unit(database, read=True) as uow:
        second, first = await uow.ledger.due(NOON)
    async with unit(database) as uow:
        await uow.ledger.set_deadline("lease", "o1", NOON + timedelta(minutes=20))
    async with unit(database) as uow:
        assert await uow.ledger.take_deadline(second)
        assert not await uow.ledger.take_deadline(second)
        assert not await uow.ledger.take_deadline(first), "it was moved meanwhile"


async def test_a_failing_handler_is_tried_later_and_given_up_in_the_end(database: Database) -> None:
    async with unit(database, subscriptions={"reading-orders.claimed": ["tell_reader"]}) as uow:
        uow.publish(CLAIMED)
    now = NOON
    tries = 0
    for _ in range(40):
        async with unit(database) as uow:
            owed = await uow.outbox.owed(now, now, limit=1)
            for row in owed:
                tries += 1
                await uow.outbox.mark_failed(row.event_id, row.handler, error="no", now=now)
        now += timedelta(minutes=11)
    async with unit(database, read=True) as uow:
        assert tries == 12
        assert await uow.outbox.backlog() == (0, 1)


async def test_work_done_once_is_not_taken_again(database: Database) -> None:
    async with unit(database, subscriptions={"reading-orders.claimed": ["tell_reader"]}) as uow:
        uow.publish(CLAIMED)
    async with unit(database) as uow:
        (owed,) = await uow.outbox.owed(NOON, NOON, limit=1)
        assert await uow.outbox.take(owed.event_id, owed.handler)
        await uow.outbox.mark_done(owed.event_id, owed.handler, at=NOON)
    async with unit(database) as uow:
        assert await uow.outbox.take(owed.event_id, owed.handler) is None


async def test_serial_numbers_have_no_gaps_and_no_twins(database: Database) -> None:
    async def draw() -> int:
        async with unit(database) as uow:
            return await uow.ledger.next_serial("E-2611")

    drawn = await asyncio.gather(*(draw() for _ in range(20)))
    assert sorted(drawn) == list(range(1, 21))


async def test_the_same_task_is_opened_once_and_closed_by_kind(database: Database) -> None:
    task = Task("t1", "match", "study", "1.2", "T01", "technician", NOON, "请核对", "match it", NOON, None, 1)
    for _ in range(2):
        async with unit(database) as uow:
            await uow.ledger.open_task(task, dedupe_key="match:1.2")
    async with unit(database, read=True) as uow:
        found = await uow.ledger.open_tasks(organization_ids=["T01"], roles=["technician"])
        assert [t.id for t in found] == ["t1"]
        assert await uow.ledger.open_tasks(organization_ids=["T02"], roles=["technician"]) == []
    async with unit(database) as uow:
        await uow.ledger.close_tasks("study", "1.2", kinds=["match"], by="u1", at=NOON)
    async with unit(database, read=True) as uow:
        assert await uow.ledger.open_tasks(organization_ids=["T01"], roles=["technician"]) == []


async def test_the_regions_own_rule_holds_before_the_general_one(database: Database) -> None:
    async with unit(database) as uow:
        await uow.ledger.put_rule("quiet-period", "", 1, NOON - timedelta(days=9), {"seconds": 30})
        await uow.ledger.put_rule("quiet-period", "990101", 1, NOON - timedelta(days=5), {"seconds": 5})
        await uow.ledger.put_rule("quiet-period", "990101", 2, NOON + timedelta(days=5), {"seconds": 7})
    async with unit(database, read=True) as uow:
        assert await uow.ledger.rule("quiet-period", "990101", NOON) == (1, {"seconds": 5})
        assert await uow.ledger.rule("quiet-period", "640522", NOON) == (1, {"seconds": 30})
        assert await uow.ledger.rule("nothing", "990101", NOON) is None
