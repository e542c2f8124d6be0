"""Uploads: begun for a patient and an order, whole at last; then each object goes the way of every object."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from dicom.errors import (
    IdentityConflict,
    NotPermitted,
    StorageFull,
    UidConflict,
    UnknownSubject,
    Unreadable,
)
from dicom.events import Event
from dicom.model import Header, Priority, Sender, Via
from dicom.ports import InstanceStore
from dicom.scan import Reader, scan_part10
from dicom.service.intake import Outcome, Taken, study_of
from dicom.service.matching import NAME_MISMATCH, contradictions
from dicom.uploads.lifecycle import Upload, UploadState, is_wanted, move
from server.accounts.model import SYSTEM, AuditEntry, Caller
from server.clock import Clock
from server.workflows.intake import Intake, Origin

T = TypeVar("T")
OpenUnit = Callable[[], AbstractAsyncContextManager[Any]]
Result = Mapping[str, Any]
MAX_LENGTH = 16 << 30  # bytes of one upload
QUOTA = 64 << 30  # bytes that one person may have under way
EXPIRY = "upload-expiry"  # the deadline's kind
RETRY = timedelta(hours=1)  # a whole upload whose objects still go in is looked at again
AT_ONCE = 8  # objects of one archive that wait for their rows together
ECG_CLASSES = "1.2.840.10008.5.1.4.1.1.9."
DIRECTORY_CLASS = "1.2.840.10008.1.3.10"

WORDS: Mapping[str, tuple[str, str]] = {
    "STORED": ("已收妥", "stored"),
    "DUPLICATE_INSTANCE": ("之前已经收到过，没有重复保存", "already here, nothing was stored twice"),
    NAME_MISMATCH: (
        "已收妥，但图像里的病人和所选病人对不上，先放隔离区等人核对",
        "stored, but the patient differs: in quarantine",
    ),
    "IDENTITY_CONFLICT": (
        "已收妥，但同一份检查里有两个病人或两个机构，等人核对",
        "stored, but the study contradicts itself",
    ),
    "UID_CONFLICT": ("同一编号已有不同内容，先到的保留，这份另存", "other bytes under a known UID; kept aside"),
    "DICOM_INVALID": ("读不出检查编号，已另存并通知登记员", "unreadable; set aside, the registrar has a task"),
    "NOT_DICOM": (
        "不是 DICOM 文件，没有保存（心电 XML、SCP 等格式暂不支持）",
        "no DICOM object, not kept (ECG files other than DICOM are not taken yet)",
    ),
    "DICOMDIR": ("这是目录文件，不用上传", "a media directory, not needed"),
    "STORAGE_FULL": ("存储空间不足，请稍后重试", "no room; try again later"),
    "ZIP_DAMAGED": ("压缩包损坏", "the archive is damaged"),
    "ZIP_ENCRYPTED": ("压缩包有密码，打不开", "the archive is encrypted"),
    "ZIP_LINK": ("压缩包里有链接，已跳过", "a link inside the archive was left out"),
    "ZIP_BOMB": ("压缩比异常，已跳过", "an entry that grows beyond reason was left out"),
    "ZIP_TOO_LARGE": ("压缩包解开后太大", "the archive is too large when opened"),
    "ZIP_TOO_MANY": ("压缩包里文件太多", "the archive has too many files"),
}


class Found(Protocol):
    """One file of an upload."""

    @property
    def name(self) -> str:
        """Return its name as shown."""
        ...

    @property
    def key(self) -> str:
        """Return where it lies in the store, empty when it was left out."""
        ...

    @property
    def refused(self) -> str:
        """Return why it was left out."""
        ...


class Partials(Protocol):
    """Files of uploads."""

    async def run(self, job: Callable[..., Any], *args: Any) -> Any:
        """Run a blocking operation beside the loop."""
        ...

    def path(self, upload_id: str) -> Path:
        """Return an upload's file."""
        ...

    def remove(self, upload_id: str) -> None:
        """Forget an upload's bytes."""
        ...

    def is_archive(self, upload_id: str) -> bool:
        """Tell whether a whole upload is an archive."""
        ...

    def whole(self, upload_id: str) -> str:
        """Put the upload into the store as one object; return its key."""
        ...

    def entries(self, upload_id: str) -> Iterator[Any]:
        """Put each file of an archive into the store, one for each step."""
        ...


class Hub(Protocol):
    """The hub as expiry needs it."""

    @property
    def clock(self) -> Clock:
        """Return the clock in force."""
        ...

    @property
    def partials(self) -> Partials:
        """Return the files of uploads."""
        ...

    def unit_of_work(self) -> AbstractAsyncContextManager[Any]:
        """Open a unit of work."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to upload."""

    filename: str
    length: int
    organization_id: str
    patient_id: str | None = None
    order_id: str | None = None
    priority: Priority | None = None


async def begin_upload(uow: Any, wanted: Wanted, caller: Caller, *, now: datetime) -> Upload:
    """Begin an upload for a patient and an order that the caller may send for.

    Raises
    ------
    UnknownSubject, IdentityConflict, StorageFull
        No such patient or order to the caller; an order of another patient; more than a person's share.
    """
    patient_id = wanted.patient_id
    if wanted.order_id:
        order = await uow.orders.get(wanted.order_id)
        if order is None or order.organization_id != wanted.organization_id:
            raise UnknownSubject("reading-orders", wanted.order_id)
        if patient_id and order.patient_id not in {None, patient_id}:
            raise IdentityConflict("the order is for another patient")
        patient_id = patient_id or order.patient_id
    if patient_id and not await uow.patients.is_visible(caller, patient_id, now=now):
        raise UnknownSubject("patients", patient_id)
    if wanted.length > MAX_LENGTH or await uow.uploads.unfinished_bytes(caller.user_id) + wanted.length > QUOTA:
        raise StorageFull("more than one person may have under way")
    upload = Upload(
        id=secrets.token_hex(16),
        user_id=caller.user_id,
        organization_id=wanted.organization_id,
        patient_id=patient_id,
        order_id=wanted.order_id,
        priority=wanted.priority,
        filename=wanted.filename,
        length=wanted.length,
        received=0,
        state=UploadState.RECEIVING,
        created_at=now,
        updated_at=now,
    )
    await uow.uploads.add(upload)
    await uow.ledger.set_deadline(EXPIRY, upload.id, upload.expires_at)
    uow.audit(AuditEntry("upload", "uploads", upload.id, patient_id, organization_id=wanted.organization_id))
    return upload


async def note_received(uow: Any, upload: Upload, received: int, *, now: datetime) -> Upload:
    """Remember how much lies durable; the last byte makes it whole."""
    upload = move(upload, "complete" if received == upload.length else "grow", now=now, received=received)
    await uow.uploads.save(upload)
    return upload


async def terminate(uow: Any, upload: Upload) -> None:
    """Forget an upload that is not whole.

    Raises
    ------
    NotPermitted
        When it is whole already: what was sent is not unsent.
    """
    if upload.state is not UploadState.RECEIVING:
        raise NotPermitted("the upload is complete")
    await uow.uploads.remove(upload)


async def expire(hub: Hub, upload_id: str) -> None:
    """Forget an upload that nobody goes on with, and the bytes that a killed process left of one that is over.

    Its deadline stands until the bytes are gone, so a worker that is killed in between does it again.
    """
    now = hub.clock.now()
    async with hub.unit_of_work() as uow:
        upload: Upload | None = await uow.uploads.get(upload_id, SYSTEM, now=now)
        if upload is not None and is_wanted(upload, now):
            await uow.ledger.set_deadline(EXPIRY, upload_id, max(upload.expires_at, now + RETRY))
            return
        if upload is not None and upload.state is UploadState.RECEIVING:
            await uow.uploads.remove(upload)
            uow.audit(AuditEntry("expire", "uploads", upload_id, upload.patient_id))
    await hub.partials.run(hub.partials.remove, upload_id)
    async with hub.unit_of_work() as uow:
        await uow.ledger.clear_deadline(EXPIRY, upload_id)


LONG_WORK: Mapping[str, Callable[[Any, str], Awaitable[None]]] = {EXPIRY: expire}


class UploadProcessor:
    """Takes the objects of whole uploads in; one task for each, taken up again after a restart."""

    def __init__(
        self, store: InstanceStore, partials: Partials, intake: Intake, open_unit: OpenUnit, clock: Clock
    ) -> None:
        self._store, self._partials, self._intake = store, partials, intake
        self._open_unit, self._clock = open_unit, clock
        self._tasks: dict[str, asyncio.Task[Upload]] = {}
        self._held: set[asyncio.Task[Any]] = set()

    def start(self, upload: Upload) -> asyncio.Task[Upload]:
        """Take a whole upload's objects in; a second call gives the task at work."""
        task = self._tasks.get(upload.id)
        if task is None:
            task = self._tasks[upload.id] = asyncio.create_task(self._process(upload), name="upload")
            task.add_done_callback(lambda _: self._tasks.pop(upload.id, None))
        return task

    def hold(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run work that outlives the request that began it."""
        task = asyncio.create_task(work, name="upload piece")
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        return task

    async def resume(self) -> int:
        """Go on with what a killed process left; return how many uploads there were."""
        async with self._open_unit() as uow:
            left = await uow.uploads.processing()
        return len([self.start(upload) for upload in left])

    async def close(self) -> None:
        """Stop; what is not finished is taken up again."""
        tasks = [*self._tasks.values(), *self._held]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _process(self, upload: Upload) -> Upload:
        results: list[Result] = []
        archive = await self._partials.run(self._partials.is_archive, upload.id)
        files = self._entries(upload.id) if archive else self._alone(upload)
        try:
            async for batch in files:
                results += await asyncio.gather(*(self._take(upload, found) for found in batch))
        except Exception as error:
            code = getattr(error, "code", "")
            if code not in WORDS:
                raise
            results.append(_result(upload.filename, "refused", code))
        return await self._finish(upload, results, whole=archive)

    async def _alone(self, upload: Upload) -> AsyncIterator[Sequence[Found]]:
        key = await self._partials.run(self._partials.whole, upload.id)
        yield [_Alone(upload.filename, key)]

    async def _entries(self, upload_id: str) -> AsyncIterator[Sequence[Found]]:
        """Give the files of an archive a few at a time; unpacking blocks, and happens beside the loop."""
        entries = self._partials.entries(upload_id)
        while batch := await self._partials.run(lambda: list(islice(entries, AT_ONCE))):
            yield batch

    async def _take(self, upload: Upload, found: Found) -> Result:
        if found.refused:
            return _result(found.name, "refused", found.refused)
        kind = await self._store.inspect(found.key, _kind)
        if kind is not None:
            self._store.discard(found.key)
            return _result(found.name, "refused", kind)
        sender = Sender(upload.organization_id, user_id=upload.user_id)
        origin = Origin(sender, Via.UPLOAD, upload.id, upload.order_id, upload.patient_id, upload.priority)
        try:
            taken = await self._intake.receive_part10(found.key, origin, await self._comparison(upload))
        except (Unreadable, UidConflict) as refusal:
            return _result(found.name, "set-aside", refusal.code)
        except StorageFull as refusal:
            return _result(found.name, "refused", refusal.code)
        return _taken(found.name, taken)

    async def _comparison(self, upload: Upload) -> Callable[[Header], str | None] | None:
        """Return what compares an object's patient with the chosen one (before it is sent on)."""
        if upload.patient_id is None:
            return None
        async with self._open_unit() as uow:
            patient = await uow.matching.patient(upload.patient_id)
        if patient is None:
            return None

        def compare(header: Header) -> str | None:
            origin = Origin(Sender(upload.organization_id), Via.UPLOAD)
            return NAME_MISMATCH if contradictions(study_of(header, origin, self._clock.now()), patient) else None

        return compare

    async def _finish(self, upload: Upload, results: Sequence[Result], *, whole: bool) -> Upload:
        now = self._clock.now()
        upload = move(upload, "finish", now=now, results=tuple(results))
        studies = sorted({str(r["study_uid"]) for r in results if r.get("study_uid") and (whole or r.get("ecg"))})
        async with self._open_unit() as uow:
            await uow.uploads.save(upload)
            data: dict[str, str | int | bool | None] = {"study_uids": ",".join(studies[:50]), "objects": len(results)}
            uow.publish(
                Event(
                    "uploads", "done", upload.id, upload.version, upload.state.value, (upload.organization_id,),
                    upload.organization_id, data,
                )
            )  # fmt: skip
        await self._partials.run(self._partials.remove, upload.id)
        return upload


@dataclass(frozen=True, slots=True)
class _Alone:
    name: str
    key: str
    refused: str = ""


def _kind(read: Reader, size: int) -> str | None:
    """Return why a file is not worth keeping, None when it is an object, or one that a person should look at."""
    try:
        scan = scan_part10(read, size)
    except Unreadable:
        return None if read(128, 4) == b"DICM" else "NOT_DICOM"
    if scan.meta.get(0x00020002, b"").rstrip(b"\0 ") == DIRECTORY_CLASS.encode():
        return "DICOMDIR"
    return None if scan.meta or scan.values else "NOT_DICOM"


def _taken(name: str, taken: Taken) -> Result:
    header = taken.entry.header
    duplicate = taken.outcome is Outcome.DUPLICATE
    code = "DUPLICATE_INSTANCE" if duplicate else taken.flag or "STORED"
    more = {"study_uid": header.study_instance_uid, "sop_instance_uid": header.sop_instance_uid}
    ecg = header.sop_class_uid.startswith(ECG_CLASSES)
    return _result(name, "duplicate" if duplicate else "stored", code, **more, ecg=ecg)


def _result(name: str, outcome: str, code: str, **more: Any) -> Result:
    zh, en = WORDS.get(code, (code, code))
    return {"file": name, "outcome": outcome, "code": code, "zh": zh, "en": en} | more
