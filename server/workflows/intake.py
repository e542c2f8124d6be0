"""Objects that lie in the store get their rows in batches: one transaction for all that wait, then every answer.

Nothing is acknowledged before its data, its folder, its rows and its event are on disk. One object that fails
does not fail the others: the batch is rolled back and each object tried by itself.
"""

import asyncio
import hashlib
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from dicom.errors import DatabaseAway, DicomRefusal, RowTaken, StorageFull, UidConflict, Unreadable
from dicom.index import header_of
from dicom.model import Header, Priority, Received, Sender, Via
from dicom.ports import InstanceStore
from dicom.rules import READING, reading_rules
from dicom.scan import Reader, scan_dataset, scan_part10
from dicom.service.intake import Entry, Outcome, Taken, receive_instances
from server.accounts.model import Task
from server.clock import Clock
from server.workflows.tally import Key, Tallies, intake_audit

OpenUnit = Callable[[], Any]  # a unit of work: an async context, and `carry_out`
Check = Callable[[Header], str | None]

PATIENCE = 45.0  # seconds to wait for rows; shorter than the age at which the sweep takes a file for an orphan
BATCH = 256
TRIES = 3  # when another process took the same rows at the same instant; then it is the sender who tries again
RULE_HOLDS = timedelta(seconds=5)  # how long the quiet period is remembered
TASK_DUE = timedelta(hours=2)
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a whole Part 10 object came from, and for whom (browser upload, STOW-RS)."""

    sender: Sender
    via: Via
    upload_id: str | None = None
    order_id: str | None = None
    patient_id: str | None = None
    priority: Priority | None = None


@dataclass(slots=True)
class _Waiting:
    """An object on its way into the index; without an entry its header is still to be read."""

    received: Received
    entry: Entry | None
    answer: asyncio.Future[Taken]
    refusal: Exception | None = None
    spare: bool = False  # its bytes were kept aside before: these are not needed


class Intake:
    """The committer of one process.

    Parameters
    ----------
    open_unit
        Opens a writing unit of work.
    region
        Division whose quiet period holds.
    """

    def __init__(self, store: InstanceStore, open_unit: OpenUnit, clock: Clock, region: str) -> None:
        self._store, self._open_unit, self._clock, self._region = store, open_unit, clock, region
        self._queue: deque[_Waiting] = deque()
        self._work, self._committing = asyncio.Event(), asyncio.Lock()
        self._committer: asyncio.Task[None] | None = None
        self._tallies, self._tallied = Tallies(), dict[Key, tuple[str, int]]()
        self._quiet = (datetime.min.replace(tzinfo=UTC), timedelta())

    async def receive(self, received: Received) -> Taken:
        """Take one object whose data is on disk; when it returns the object may be acknowledged.

        Raises
        ------
        Unreadable
            No readable UIDs; the bytes lie in `set-aside/` and a person has a task.
        UidConflict
            Other bytes under a known SOP Instance UID; kept aside, the first stays, a person has a task.
        StorageFull
            No room, or the index did not answer in time.
        """
        try:
            return await self._take(received, None)
        except Unreadable as refusal:
            await self._keep_unreadable(received, refusal)
            raise

    async def receive_part10(self, key: str, origin: Origin, check: Check | None = None) -> Taken:
        """Take one whole object as it came by HTTP: scanned, hashed and synced here; raises as `receive` does.

        Parameters
        ----------
        check
            Says how the object contradicts the patient that somebody chose for it; a refusal that it raises
            is passed on, and nothing of the object is kept.
        """
        try:
            received, header = await self._store.inspect(
                key, lambda read, size: read_part10(key, origin, read, size), sync=True
            )
        except Unreadable as refusal:
            size, digest = await self._store.inspect(key, lambda read, size: (size, _digest(read, 0, size)))
            lost = _received(key, origin, size=size, digest=digest)
            await self._keep_unreadable(lost, refusal)
            raise
        try:
            mismatch = check(header) if check else None
        except DicomRefusal:
            self._store.discard(key)
            raise
        return await self._take(received, Entry(received, header, mismatch))

    async def close(self) -> None:
        """Commit what waits and end."""
        if self._committer is not None:
            if waiting := [w.answer for w in self._queue]:
                await asyncio.wait(waiting, timeout=5)
            async with self._committing:
                self._committer.cancel()
            await asyncio.gather(self._committer, return_exceptions=True)

    async def _take(self, received: Received, entry: Entry | None) -> Taken:
        if self._committer is None or self._committer.done():
            self._committer = asyncio.create_task(self._commit_forever(), name="intake")
        waiting = _Waiting(received, entry, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._work.set()
        try:
            async with asyncio.timeout(PATIENCE):
                taken = await waiting.answer
        except TimeoutError as error:
            raise StorageFull("the index did not answer in time") from error
        if taken.outcome is Outcome.DUPLICATE:
            self._store.discard(received.key)
        if taken.outcome is Outcome.CONFLICT:
            header = taken.entry.header
            raise UidConflict(
                header.sop_instance_uid, header.sop_class_uid, header.study_instance_uid, header.series_instance_uid
            )
        return taken

    async def _commit_forever(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            while self._queue:
                async with self._committing:
                    await self._commit([self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))])

    async def _commit(self, batch: Sequence[_Waiting]) -> None:
        batch = [w for w in batch if not w.answer.done()]
        if not batch:
            return
        try:
            taken = await self._carry_out(batch)
        except Exception as error:  # noqa: BLE001  # whatever it was belongs to one of them: each is tried alone, then told
            await self._apart(batch, error)
            return
        self._tallies.keep(self._tallied)
        for waiting in (w for w in batch if w.spare):
            self._store.discard(waiting.received.key)
        for waiting in (w for w in batch if not w.answer.done()):
            if waiting.refusal is not None:
                waiting.answer.set_exception(waiting.refusal)
            else:
                waiting.answer.set_result(taken[waiting.received.key])

    async def _carry_out(self, batch: Sequence[_Waiting]) -> dict[str, Taken]:
        """Give a batch its rows; whoever loses a race for one reads what the other wrote, and decides again."""
        for _ in range(TRIES - 1):
            with suppress(RowTaken):
                return await self._write(batch)
        return await self._write(batch)

    async def _write(self, batch: Sequence[_Waiting]) -> dict[str, Taken]:
        work, look = partial(self._transact, batch), partial(self._look, batch)
        taken: dict[str, Taken] = await self._open_unit().carry_out(work, before=look)
        return taken

    async def _apart(self, batch: Sequence[_Waiting], error: Exception) -> None:
        if len(batch) > 1 and not isinstance(error, DatabaseAway):
            for waiting in batch:
                await self._commit([waiting])
            return
        for waiting in (w for w in batch if not w.answer.done()):
            waiting.answer.set_exception(error)

    def _look(self, batch: Sequence[_Waiting]) -> None:
        """Read the headers that nobody has read yet and sync the folders; blocks, away from the event loop."""
        for waiting in batch:
            if waiting.entry is None and waiting.refusal is None:
                try:
                    waiting.entry = Entry(waiting.received, self._header(waiting.received))
                except (DicomRefusal, OSError) as error:  # its own; the others of the batch go on
                    waiting.refusal = error
        self._store.make_durable([w.received.key for w in batch if w.entry])

    def _header(self, received: Received) -> Header:
        def look(read: Reader, size: int) -> Header:
            scan = scan_dataset(read, received.dataset_offset, size, received.transfer_syntax_uid)
            return header_of(scan, received.sender.charset)

        return self._store.look(received.key, look)

    async def _transact(self, batch: Sequence[_Waiting], uow: Any) -> dict[str, Taken]:
        """Write the rows; awaits nothing but the unit of work (`carry_out`)."""
        entries = [w.entry for w in batch if w.entry is not None]
        if not entries:
            return {}
        now = self._clock.now()
        if not all(self._store.exists(e.received.key) for e in entries):
            raise StorageFull("the object was swept while it waited")
        taken = await receive_instances(uow, entries, now=now, quiet=await self._quiet_period(uow, now))
        waiting = {w.received.key: w for w in batch}
        for result in taken:
            if result.outcome is Outcome.CONFLICT:
                waiting[result.entry.received.key].spare = not await _keep_conflict(uow, result.entry, now)
        self._tallied = await self._tallies.write(uow, taken)
        return {result.entry.received.key: result for result in taken}

    async def _quiet_period(self, uow: Any, now: datetime) -> timedelta:
        until, quiet = self._quiet
        if now < until < now + 2 * RULE_HOLDS:
            return quiet
        quiet = reading_rules(*(await uow.ledger.rule(READING, self._region, now) or (0, {}))).quiet
        self._quiet = (now + RULE_HOLDS, quiet)
        return quiet

    async def _keep_unreadable(self, received: Received, refusal: DicomRefusal) -> None:
        aside = replace(received, key=await self._store.set_aside(received.key))
        async with self._open_unit() as uow:
            kept = await _keep_aside(uow, aside, None, reason="DICOM_INVALID", note=str(refusal), now=self._clock.now())
            uow.audit(intake_audit(received, received.sop_instance_uid, "refused", "DICOM_INVALID"))
        if not kept:
            self._store.discard(aside.key)


def read_part10(key: str, origin: Origin, read: Reader, size: int) -> tuple[Received, Header]:
    """Scan and hash a whole object; the digest covers the data set alone (decision 0005).

    Raises
    ------
    Unreadable
        Without readable UIDs.
    """
    scan = scan_part10(read, size)
    header = header_of(scan, origin.sender.charset)
    received = _received(
        key,
        origin,
        size=size,
        dataset_offset=scan.dataset_offset,
        digest=_digest(read, scan.dataset_offset, size),
        sop_class_uid=header.sop_class_uid,
        sop_instance_uid=header.sop_instance_uid,
        transfer_syntax_uid=scan.transfer_syntax_uid,
    )
    return received, header


def _received(key: str, origin: Origin, **facts: Any) -> Received:
    known: dict[str, Any] = {
        "dataset_offset": 0, "sop_class_uid": "", "sop_instance_uid": "", "transfer_syntax_uid": ""
    }  # fmt: skip
    return Received(
        key=key,
        sender=origin.sender,
        via=origin.via,
        upload_id=origin.upload_id,
        order_id=origin.order_id,
        patient_id=origin.patient_id,
        priority=origin.priority,
        **(known | facts),
    )


def _digest(read: Reader, offset: int, size: int) -> str:
    digest = hashlib.sha256()
    while offset < size and (chunk := read(offset, _CHUNK)):
        digest.update(chunk)
        offset += len(chunk)
    return digest.hexdigest()


async def _keep_conflict(uow: Any, entry: Entry, now: datetime) -> bool:
    note = "同一 SOP Instance UID，内容不同，先到的保留 (other bytes under a known UID; the first stays)"
    return await _keep_aside(uow, entry.received, entry.header, reason="UID_CONFLICT", note=note, now=now)


async def _keep_aside(
    uow: Any, received: Received, header: Header | None, *, reason: str, note: str, now: datetime
) -> bool:
    """Write the row and give the registrar a task; the same bytes for the same reason open it once: False then."""
    kept = await uow.set_asides.add(
        id=secrets.token_hex(12),
        reason=reason,
        note=note,
        organization_id=received.sender.organization_id,
        sop_instance_uid=header.sop_instance_uid if header else received.sop_instance_uid or None,
        study_instance_uid=header.study_instance_uid if header else None,
        store_key=received.key,
        size=received.size,
        digest=received.digest,
        via=received.via.value,
        at=now,
    )
    zh, en = _TASKS[reason]
    task = Task(
        id=secrets.token_hex(12),
        kind=reason.lower().replace("_", "-"),
        subject_kind="set-aside",
        subject_id=received.digest,
        organization_id=await uow.set_asides.desk_for(received.sender.organization_id, "registrar"),
        role="registrar",
        due_at=now + TASK_DUE,
        zh=zh,
        en=en,
        created_at=now,
    )
    await uow.ledger.open_task(task, dedupe_key=f"{reason}:{received.sender.organization_id}:{received.digest}")
    return bool(kept)


_TASKS = {
    "DICOM_INVALID": (
        "收到无法识别的文件，已另存，请核对来源设备",
        "an unreadable object was set aside; look at its source",
    ),
    "UID_CONFLICT": (
        "同一图像编号收到不同内容，先到的保留，后到的另存，请核对",
        "the same instance came with other bytes; the first stays, the other was set aside",
    ),
}


async def sweep(store: Any, open_reading: OpenUnit, open_unit: OpenUnit) -> int:
    """Remove files that nobody gave a row, what a killed process left behind; return how many went.

    The rows are read again inside a writing transaction before a file goes, and a batch looks for its files inside
    its own: whichever comes first, no object with a row loses its bytes.
    """
    gone = 0
    for keys in await store.run(lambda: list(store.old_files())):
        async with open_reading() as uow:
            suspects = sorted(set(keys) - await uow.studies.stored_keys(keys))
        if not suspects:
            continue
        async with open_unit() as uow:
            for key in sorted(set(suspects) - await uow.studies.stored_keys(suspects)):
                store.discard(key)
                gone += 1
    await store.run(store.mark_swept)
    return gone
