"""Sealing and verifying the audit table on SQLite and PostgreSQL, with its witness outside (A02)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.accounts.crypto import Cipher, Keyring
from server.accounts.model import AuditEntry, Caller
from server.audit.chain import Head, chain
from server.db.engine import Database
from server.db.tables.ledger import audit
from server.db.together import Together
from server.db.unit_of_work import SqlUnitOfWork
from server.storage.anchor import FileAnchorLog
from server.workflows.audit import Verdict, read_audit, seal, verify

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CIPHER = Cipher(Keyring("k1", {"k1": bytes(32)}, bytes(32)))


class Noon:
    def now(self) -> datetime:
        return NOON


def unit(database: Database) -> SqlUnitOfWork:
    caller = Caller("lilan", "李兰", "", ())
    return SqlUnitOfWork(database, Noon(), services={"cipher": CIPHER}, caller=caller)


async def write(database: Database, count: int) -> None:
    for n in range(count):
        async with unit(database) as uow:
            uow.audit(AuditEntry("read", "patients", f"p{n}", f"p{n}", basis="care relation"))


async def sealed(database: Database, log: FileAnchorLog, count: int = 12) -> None:
    for _ in range(count // 4):
        await write(database, 4)
        assert await seal(lambda: unit(database), log, now=NOON) == 4


async def judged(database: Database, log: FileAnchorLog) -> Verdict:
    return await verify(lambda: unit(database), log)


@pytest.fixture
def log(tmp_path: Path) -> FileAnchorLog:
    return FileAnchorLog(tmp_path / "audit" / "anchor.log")


async def test_what_was_sealed_is_sound_and_the_tail_is_named(either_database: Database, log: FileAnchorLog) -> None:
    await sealed(either_database, log)
    await write(either_database, 3)
    verdict = await judged(either_database, log)
    assert verdict.sound
    assert (verdict.sealed, verdict.unsealed, verdict.anchored) == (12, 3, 12)
    assert "3 unsealed" in str(verdict)
    assert await seal(lambda: unit(either_database), log, now=NOON) == 3
    assert await seal(lambda: unit(either_database), log, now=NOON) == 0


async def test_two_sealers_at_once_seal_each_record_once(either_database: Database, log: FileAnchorLog) -> None:
    await write(either_database, 20)
    counts = await asyncio.gather(*(seal(lambda: unit(either_database), log, now=NOON) for _ in range(4)))
    assert sum(counts) == 20
    assert (await judged(either_database, log)).sound


Statement = Callable[[], sa.Executable]
TAMPERINGS: dict[str, tuple[list[Statement], str, int]] = {
    "an edit": ([lambda: audit.update().where(audit.c.position == 5).values(actor_id="nobody")], "edited", 5),
    "a deletion": ([lambda: audit.delete().where(audit.c.position == 5)], "deleted", 5),
    "a cut tail": ([lambda: audit.delete().where(audit.c.position > 8)], "cut-tail", 9),
    "a swap": (
        [
            lambda: audit.update().where(audit.c.position == 5).values(position=100),
            lambda: audit.update().where(audit.c.position == 7).values(position=5),
            lambda: audit.update().where(audit.c.position == 100).values(position=7),
        ],
        "reordered",
        5,
    ),
    "an emptied table": ([audit.delete], "cut-tail", 1),
}


@pytest.mark.parametrize("name", TAMPERINGS)
async def test_whatever_is_changed_in_the_table_is_found(
    either_database: Database, log: FileAnchorLog, name: str
) -> None:
    statements, kind, position = TAMPERINGS[name]
    await sealed(either_database, log)
    async with either_database.transaction() as connection:
        for statement in statements:
            await connection.execute(statement())
    verdict = await judged(either_database, log)
    assert (verdict.findings[0].kind, verdict.findings[0].position) == (kind, position)
    assert f"position {position}" in str(verdict)


async def test_a_chain_rewritten_with_right_digests_is_found(either_database: Database, log: FileAnchorLog) -> None:
    await sealed(either_database, log)
    async with either_database.transaction() as connection:
        await connection.execute(audit.update().values(actor_id="nobody", position=None, digest=None))
    async with unit(either_database) as uow:
        await uow.audit_trail.seal(chain(Head(0, ""), await uow.audit_trail.unsealed(limit=100)))
    verdict = await judged(either_database, log)
    assert (verdict.findings[0].kind, verdict.findings[0].position) == ("rewritten", 4)


async def test_a_crash_before_the_anchor_is_made_good_by_the_next_call(
    either_database: Database, log: FileAnchorLog
) -> None:
    await write(either_database, 4)
    async with unit(either_database) as uow:
        await uow.audit_trail.seal(chain(await uow.audit_trail.head(), await uow.audit_trail.unsealed(limit=100)))
    assert log.last() == Head(0, "")
    assert await seal(lambda: unit(either_database), log, now=NOON) == 0
    assert log.last().position == 4


async def test_a_half_written_anchor_is_no_witness_and_no_obstacle(tmp_path: Path) -> None:
    file = tmp_path / "anchor.log"
    log = FileAnchorLog(file)
    log.append(Head(1, "a"), at=NOON)
    with file.open("a", encoding="ascii") as out:
        out.write('{"position": 2, "dig')
    again = FileAnchorLog(file)
    assert again.last() == Head(1, "a")
    again.append(Head(3, "c"), at=NOON)
    assert again.read() == [Head(1, "a"), Head(3, "c")]


async def test_reading_the_audit_is_itself_on_record(either_database: Database) -> None:
    await write(either_database, 3)
    async with unit(either_database) as uow:
        found = await read_audit(uow, patient_id="p1", before=None, limit=10)
        assert [record.object_id for record in found] == ["p1"]
    async with unit(either_database) as uow:
        newest, *_ = await uow.audit_trail.latest(limit=1)
        assert (newest.action, newest.object_kind, newest.patient_id) == ("read", "audit", "p1")


async def test_a_refusal_stays_on_record_when_everything_else_is_undone(either_database: Database) -> None:
    async def refused(uow: SqlUnitOfWork) -> None:
        uow.audit(AuditEntry("read", "patients", "p1", "p1"))
        uow.audit(AuditEntry("read", "patients", "p2", "p2", outcome="refused"))
        raise LookupError

    await _undone(either_database, refused)
    async with unit(either_database) as uow:
        assert [r.object_id for r in await uow.audit_trail.latest()] == ["p2"]


async def _undone(database: Database, work: Callable[[SqlUnitOfWork], Awaitable[None]]) -> None:
    with pytest.raises(LookupError):
        async with unit(database) as uow:
            await work(uow)


async def test_of_many_who_are_refused_at_once_each_is_on_record_and_few_commits_do(
    either_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = []
    add = either_database._add

    async def counted(key: str) -> None:
        commits.append(key)
        await add(key)

    monkeypatch.setattr(either_database, "_adding", Together(counted))

    async def refused(n: int) -> None:
        async with unit(either_database) as uow:
            uow.audit(AuditEntry("hold-bed", "referrals", f"t{n}", outcome="refused", basis="BED_TAKEN"))
            uow.audit(AuditEntry("hold-bed", "referrals", f"t{n}"))
            raise ValueError(n)

    results = await asyncio.gather(*(refused(n) for n in range(40)), return_exceptions=True)
    assert all(isinstance(result, ValueError) for result in results)
    async with either_database.reading() as connection:
        kept = list(await connection.execute(sa.select(audit.c.object_id, audit.c.outcome, audit.c.actor_id)))
    assert sorted(kept) == sorted((f"t{n}", "refused", "lilan") for n in range(40))
    assert len(commits) < 40


async def test_a_refusal_in_one_hop_is_undone_and_the_next_goes_on_after_it(either_database: Database) -> None:
    async def refused(uow: SqlUnitOfWork) -> None:
        uow.audit(AuditEntry("read", "patients", "p1", "p1"))
        await uow.ledger.append_audits([AuditEntry("undone", "x", "y")], actor_id="lilan", at=NOON, request_id=None)
        raise ValueError("no")

    async def done(uow: SqlUnitOfWork) -> None:
        uow.audit(AuditEntry("done", "patients", "p1", "p1"))

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            await unit(either_database).carry_out(refused)
        await unit(either_database).carry_out(done)
    async with either_database.reading() as connection:
        assert list(await connection.scalars(sa.select(audit.c.action))) == ["done", "done"]
