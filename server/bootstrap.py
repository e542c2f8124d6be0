"""The composition root: settings in, a hub out. The only place that picks adapters."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from referral.beds import Allotted
from referral.tickets import Ticket
from referral.wards import BedNow
from server.accounts.crypto import Cipher
from server.accounts.model import SYSTEM, Caller
from server.accounts.passwords import PasswordHasher
from server.clock import Clock, OffsetClock, SystemClock
from server.db.engine import Database
from server.db.together import Gathered, Together, Turns
from server.db.unit_of_work import Nudge, SqlUnitOfWork
from server.notify.messages import Messages, messages_of
from server.settings import ROOT, Settings
from server.storage.anchor import FileAnchorLog
from server.storage.decoding import DecodePool
from server.storage.documents import DocumentStore
from server.storage.keys import load_keyring
from server.storage.local import LocalStore
from server.storage.partial import PartialFiles
from server.workflows import sessions
from server.workflows.intake import Intake, sweep
from server.workflows.referrals import offers_at, tickets_seen
from server.workflows.subscriptions import SUBSCRIPTIONS
from server.workflows.uploads import UploadProcessor
from server.workflows.viewing import Viewing
from video.signaling.seats import RecordedTrack

if TYPE_CHECKING:
    from server.workflows.adt_outbox import Send as SendHl7
    from server.workflows.delivery import Address, ReportOffice

FONTS = (
    ROOT / ".build" / "fonts",  # placed by the set-up
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/truetype"),
)
T = TypeVar("T")
NUDGE = "lutong:events"  # told after a commit; the rows are the message
OWING = b"owing"  # the worker has something to do for it at once
NUDGE_PAUSE = 0.05  # seconds in which further commits of this process count as one
PROGRESS_PAUSE = 0.2  # seconds more for those that only say how far something is


class OpenTrack(AbstractContextManager["OpenTrack"], Protocol):
    """A track's bytes, open for one answer."""

    @property
    def size(self) -> int:
        """Return how many there are."""
        ...

    def read(self, begin: int, end: int) -> Iterator[bytes]:
        """Give a range of them."""
        ...


class Recordings(Protocol):
    """What was recorded; the wire's format is the listeners' affair."""

    def folder(self, recording_id: str) -> Path:
        """Return where a recording lies."""
        ...

    def began_at(self, recording_id: str) -> datetime | None:
        """Return the instant at which a recording's clock stood at nought."""
        ...

    def tracks(self, recording_id: str, key: str) -> Sequence[RecordedTrack]:
        """Return the tracks that can be played."""
        ...

    def open(self, recording_id: str, number: int, key: str) -> OpenTrack | None:
        """Return a track by its number, None where there is none."""
        ...


class Nudges:
    """Tells the other processes that something was committed; what is lost only costs them a poll."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._due = Nudge.NONE
        self._hurry = asyncio.Event()
        self._telling: asyncio.Task[None] | None = None

    def tell(self, nudge: Nudge) -> None:
        """Tell them now, or together with what else is committed within the pause."""
        self._due = max(self._due, nudge)
        if nudge > Nudge.PROGRESS:
            self._hurry.set()
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell(), name="nudge")

    async def _tell(self) -> None:
        while self._due:
            word = OWING if self._due is Nudge.OWING else b""
            self._due = Nudge.NONE
            self._hurry.clear()
            with suppress(OSError, TimeoutError, RedisError):  # the pollers find the rows by themselves (R09)
                await self._redis.publish(NUDGE, word)
            await asyncio.sleep(NUDGE_PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), PROGRESS_PAUSE)

    async def close(self) -> None:
        """Stop telling."""
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)


@dataclass(slots=True)
class Hub:
    """Everything a process needs, made once per event loop."""

    settings: Settings
    clock: Clock
    database: Database
    redis: Redis
    cipher: Cipher
    passwords: PasswordHasher
    store: LocalStore
    decoder: DecodePool = field(default_factory=DecodePool)
    walker: DecodePool = field(default_factory=lambda: DecodePool(1, nice=10))  # nobody waits for it
    intake: Intake = field(init=False)
    viewing: Viewing = field(init=False)
    partials: PartialFiles = field(init=False)
    uploads: UploadProcessor = field(init=False)
    anchors: FileAnchorLog = field(init=False)
    offers: Together[str, Mapping[str, Allotted]] = field(init=False)  # of an organization's beds
    beds_now: Together[str, BedNow | None] = field(init=False)
    callers: Together[str, Caller | None] = field(init=False)  # by token
    tickets_seen: Gathered[tuple[Caller, str], Ticket] = field(init=False)
    answered: Gathered[tuple[str, str], bool] = field(init=False)  # user, idempotency key
    turns: Turns = field(default_factory=Turns)
    nudges: Nudges = field(init=False)
    echo: Callable[["Address"], Awaitable[str | None]] | None = None  # set by the process that may open associations
    messages: Messages = field(init=False)
    recordings: "Recordings | None" = None  # set by the process that plays them
    send_hl7: "SendHl7 | None" = None  # likewise, to the hospitals' systems
    subscriptions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    closers: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    _office: "ReportOffice | None" = None

    def __post_init__(self) -> None:
        """Give the committer what it writes with, and the audit chain its witness."""
        self.nudges = Nudges(self.redis)
        self.messages = messages_of(self.settings)
        self.anchors = FileAnchorLog(self.settings.data_path / "audit" / "anchor.log")
        self.offers = Together(lambda key: self._seen(lambda uow: offers_at(uow, key, uow.now)))
        self.beds_now = Together(lambda key: self._seen(lambda uow: uow.board.bed(key, uow.now)))
        self.callers = Together(lambda key: self._seen(lambda uow: sessions.caller_of(uow, key, now=uow.now)))
        self.tickets_seen = Gathered(lambda pairs: self._seen(lambda uow: tickets_seen(uow, pairs)))
        self.answered = Gathered(lambda pairs: self._seen(lambda uow: _answered(uow, pairs)))
        self.intake = Intake(self.store, self.unit_of_work, self.clock, self.settings.region)
        self.viewing = Viewing(self.store, self.decoder)
        self.partials = PartialFiles(self.settings.data_path / "uploads", self.store)
        self.uploads = UploadProcessor(self.store, self.partials, self.intake, self.unit_of_work, self.clock)

    @property
    def office(self) -> "ReportOffice":
        """Return who prints and delivers reports, made when first asked for.

        A process that only takes objects in carries neither a typesetter nor a DICOM writer.
        """
        if self._office is None:
            from server.workflows.delivery import ReportOffice  # noqa: PLC0415

            self._office = ReportOffice(
                self.unit_of_work,
                self.clock,
                DocumentStore(self.settings.data_path / "documents", self.store.run),
                self.store.run,
                FONTS,
                self.settings.url,
                self.settings.ae_title,
            )
        return self._office

    async def _seen(self, look: Callable[[SqlUnitOfWork], Coroutine[Any, Any, T]]) -> T:
        return await self.unit_of_work(read=True).carry_out(look)

    def unit_of_work(
        self, caller: Caller = SYSTEM, *, read: bool = False, request_id: str | None = None
    ) -> SqlUnitOfWork:
        """Return a unit of work for one request, task or object."""
        return SqlUnitOfWork(
            self.database,
            self.clock,
            caller=caller,
            subscriptions=self.subscriptions,
            after_commit=self.nudge,
            services={"cipher": self.cipher},
            read=read,
            request_id=request_id,
        )

    async def still_signed_in(self, caller: Caller) -> Caller | None:
        """Return the caller as the roles stand now, None when the session has ended meanwhile (S06)."""
        async with self.unit_of_work(read=True) as uow:
            return await sessions.refreshed(uow, caller, now=self.clock.now())

    async def recover(self) -> None:
        """Go on with whole uploads that a killed process left, and remove files that it gave no row."""
        await self.uploads.resume()
        await sweep(self.store, lambda: self.unit_of_work(read=True), self.unit_of_work)

    async def nudge(self, nudge: Nudge) -> None:
        """Tell the other processes that something was committed."""
        self.nudges.tell(nudge)

    async def close(self) -> None:
        """Give back connections in reverse order."""
        for close in reversed(self.closers):
            await close()


async def _answered(uow: SqlUnitOfWork, pairs: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], bool]:
    return dict.fromkeys(await uow.ledger.answered(pairs), True)


def make_clock(settings: Settings) -> Clock:
    """Return the clock in force (decisions 2)."""
    return OffsetClock(Path(settings.clock_file)) if settings.clock_file else SystemClock()


def open_hub(settings: Settings) -> Hub:
    """Build the hub for this process and event loop."""
    database = Database(settings.database)
    redis = Redis.from_url(settings.redis, socket_timeout=5, socket_connect_timeout=2)
    cipher = Cipher(load_keyring(settings.data_path))
    clock = make_clock(settings)
    store = LocalStore(settings.objects_path, clock)
    hub = Hub(settings, clock, database, redis, cipher, PasswordHasher(), store, subscriptions=SUBSCRIPTIONS)
    hub.closers += [
        database.close,
        redis.aclose,
        hub.nudges.close,
        hub.decoder.close,
        hub.walker.close,
        hub.store.close,
        hub.intake.close,
        hub.uploads.close,
    ]
    return hub
