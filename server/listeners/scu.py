"""Sending to other AEs: C-ECHO, and C-STORE of stored objects as they are, over the sans-IO core."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dicom.network.events import Ended, Ending, Limits
from dicom.network.part10 import MAX_META, FileMeta, NotPart10, read_head
from dicom.network.scu import Established, Responded, StorageUser, Titles, plan

_READ = 1024 * 1024  # bytes of a file read at a time
_MESSAGE_IDS = 65535
_PERMANENT = 1  # A-ASSOCIATE-RJ result (PS3.8 Table 9-21)


@dataclass(frozen=True, slots=True)
class Destination:
    """Another AE; times in seconds. `patience` is how long it may take to answer for one object."""

    host: str
    port: int
    ae_title: str
    calling_ae_title: str = "LUTONG"
    tls: ssl.SSLContext | None = None
    connect_timeout: float = 10.0
    patience: float = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a destination said to one object; `status` is None when it could not even be offered."""

    path: Path
    sop_instance_uid: str
    status: int | None
    comment: str = ""

    @property
    def stored(self) -> bool:
        """Whether the destination has it: success, or a warning (PS3.4 B.2.3)."""
        return self.status is not None and (self.status == 0 or self.status >> 12 == 0xB)


class DeliveryFailed(Exception):
    """The association could not be had or broke; `transient` says whether trying again may help."""

    def __init__(self, reason: str, *, transient: bool) -> None:
        super().__init__(reason)
        self.reason, self.transient = reason, transient


@dataclass(frozen=True, slots=True)
class _Object:
    path: Path
    meta: FileMeta


async def echo(destination: Destination) -> None:
    """Verify that a destination answers (C-ECHO).

    Raises
    ------
    DeliveryFailed
        When it does not, or with another status than success.
    """
    async with _associate(destination, []) as link:
        link.user.echo(1)
        answer = await link.answer()
        if answer.status:
            raise DeliveryFailed(f"C-ECHO status {answer.status:#06x}", transient=True)


async def send(
    destination: Destination, paths: Sequence[Path], *, on_outcome: Callable[[Outcome], None] = lambda _: None
) -> list[Outcome]:
    """Send Part 10 files by C-STORE, each in its own transfer syntax, over as few associations as they need.

    Parameters
    ----------
    on_outcome
        Told of each object as soon as it is decided; what it was told of stays true when a later one breaks.

    Returns
    -------
    list of Outcome
        One for each path that was tried; files that are none, and kinds that were refused, have no status.

    Raises
    ------
    DeliveryFailed
        When an association could not be had or broke.
    """
    outcomes: list[Outcome] = []

    def decided(outcome: Outcome) -> None:
        outcomes.append(outcome)
        on_outcome(outcome)

    objects: list[_Object] = []
    for path in paths:
        try:
            meta = await asyncio.to_thread(_read_meta, path)
        except (OSError, NotPart10) as error:
            decided(Outcome(path, "", None, str(error)))
        else:
            objects.append(_Object(path, meta))
    for group in plan(objects, _offer):
        async with _associate(destination, [_offer(entry) for entry in group]) as link:
            for number, entry in enumerate(group):
                decided(await _store(link, entry, number % _MESSAGE_IDS + 1))
    return outcomes


def _offer(entry: _Object) -> tuple[str, str]:
    return entry.meta.sop_class_uid, entry.meta.transfer_syntax_uid


def _read_meta(path: Path) -> FileMeta:
    with path.open("rb") as file:
        return read_head(file.read(MAX_META))


async def _store(link: "_Link", entry: _Object, message_id: int) -> Outcome:
    uid = entry.meta.sop_instance_uid
    if not link.user.accepts(entry.meta):
        return Outcome(entry.path, uid, None, "the destination takes no such object in this transfer syntax")
    file = await asyncio.to_thread(_open_data_set, entry)
    with file:
        link.begin(entry.meta, message_id)
        data = await asyncio.to_thread(file.read, _READ)
        while True:
            following = await asyncio.to_thread(file.read, _READ) if len(data) == _READ else b""
            await link.write(data, last=not following)
            if not following:
                break
            data = following
    answer = await link.answer()
    if answer.message_id != message_id:
        raise DeliveryFailed("an answer to another message", transient=True)
    return Outcome(entry.path, uid, answer.status, answer.comment)


def _open_data_set(entry: _Object) -> IO[bytes]:
    file = entry.path.open("rb")
    file.seek(entry.meta.dataset_offset)
    return file


class _Link:
    """One association's socket and core."""

    def __init__(self, user: StorageUser, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.user = user
        self._reader = reader
        self._writer = writer
        self._loop = asyncio.get_running_loop()

    def begin(self, meta: FileMeta, message_id: int) -> None:
        """Ask to store an object; a peer may have ended the association behind its last answer."""
        self._require_association()
        self.user.store(meta, message_id)

    def _require_association(self) -> None:
        if not self.user.association.may_send():
            raise DeliveryFailed("the association is over", transient=True)

    async def write(self, data: bytes, *, last: bool) -> None:
        """Send a part of the data set behind what the core has to say."""
        self._require_association()
        self._flush()
        self._writer.writelines(self.user.frame(memoryview(data), last=last))
        try:
            async with asyncio.timeout(self.user.association.limits.idle):
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise DeliveryFailed(f"sending stopped: {type(error).__name__}", transient=True) from error

    async def answer(self) -> Responded:
        """Wait for the answer to the operation at hand."""
        event = await self._next()
        if isinstance(event, Responded):
            return event
        raise DeliveryFailed("no answer", transient=True)

    async def establish(self) -> None:
        """Wait until the peer accepts."""
        if not isinstance(await self._next(), Established):
            raise DeliveryFailed("an answer before the association", transient=True)

    async def release(self) -> None:
        """End in order; a peer that does not care to answer changes nothing about what was stored."""
        association = self.user.association
        if association.may_send():
            association.release()
        try:
            while not association.closed:
                await self._next()
        except DeliveryFailed:
            return

    async def _next(self) -> Established | Responded:
        association = self.user.association
        while (event := self.user.next_event()) is None:
            if association.closed:
                raise DeliveryFailed("the association is over", transient=True)
            self._flush()
            await self._read()
        if isinstance(event, Ended):
            raise _failure(event)
        return event

    async def _read(self) -> None:
        association = self.user.association
        timer = association.get_timer()
        try:
            async with asyncio.timeout_at(timer):
                data = await self._reader.read(65536)
        except TimeoutError:
            association.handle_timer(self._loop.time())
        except OSError:
            association.receive_eof()
        else:
            if data:
                association.receive_data(memoryview(data), now=self._loop.time())
            else:
                association.receive_eof()

    def _flush(self) -> None:
        out = self.user.association.data_to_send()
        if out and not self._writer.is_closing():
            self._writer.write(out)

    async def close(self) -> None:
        """Give the socket back; an association that still stands is aborted."""
        if not self.user.association.closed:
            self.user.association.abort()
        self._flush()
        self._writer.close()
        try:
            async with asyncio.timeout(2):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            return  # it is gone either way


def _failure(ended: Ended) -> DeliveryFailed:
    if ended.rejection is not None:
        r = ended.rejection
        return DeliveryFailed(f"rejected {r.result}/{r.source}/{r.reason}", transient=r.result != _PERMANENT)
    return DeliveryFailed(f"{ended.ending} {ended.detail}".strip(), transient=ended.ending is not Ending.VIOLATION)


@asynccontextmanager
async def _associate(destination: Destination, offers: Sequence[tuple[str, str]]) -> AsyncIterator[_Link]:
    try:
        async with asyncio.timeout(destination.connect_timeout):
            reader, writer = await asyncio.open_connection(destination.host, destination.port, ssl=destination.tls)
    except (OSError, TimeoutError) as error:
        raise DeliveryFailed(f"no connection: {type(error).__name__}", transient=True) from error
    user = StorageUser(
        Titles(destination.calling_ae_title, destination.ae_title),
        offers,
        limits=Limits(idle=destination.patience, pdu=destination.patience),
        now=asyncio.get_running_loop().time(),
    )
    link = _Link(user, reader, writer)
    try:
        await link.establish()
        yield link
        await link.release()
    finally:
        await link.close()
