"""One unit of work: rows, events, outbox and audit in one transaction, and nobody else commits."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from enum import IntEnum
from functools import cached_property, partial
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from server.accounts.model import SYSTEM, AuditEntry, Caller
from server.clock import Clock
from server.db.direct import DirectConnection
from server.db.engine import Database
from server.db.queries.archive import Archive
from server.db.queries.duties import Duties
from server.db.queries.fhir_search import FhirSearch
from server.db.queries.overview import Overview
from server.db.queries.study_pages import StudyPages
from server.db.queries.worklist import Worklist
from server.db.repositories.audit import AuditTrail
from server.db.repositories.centres import Centres
from server.db.repositories.deliveries import Deliveries
from server.db.repositories.exchange import Exchange
from server.db.repositories.ledger import AUDITS, AnyEvent, Ledger, audit_rows
from server.db.repositories.matching import Matching
from server.db.repositories.orders import Orders
from server.db.repositories.outbox import Outbox
from server.db.repositories.patients import Patients
from server.db.repositories.people import Organizations, Users
from server.db.repositories.reports import Reports
from server.db.repositories.sessions import Grants, Sessions
from server.db.repositories.set_aside import SetAsides
from server.db.repositories.studies import Studies
from server.db.repositories.uploads import Uploads
from server.db.unit_of_consult import ConsultSide
from server.db.unit_of_referral import ReferralSide

T = TypeVar("T")
PROGRESS = frozenset({"studies.grew"})  # nobody waits for one of many
AT_ONCE = timedelta(seconds=1)  # a deadline so near is not left to the worker's next poll
Subscriptions = Mapping[str, Sequence[str]]


class Nudge(IntEnum):
    """How urgent it is that others look at what was committed."""

    NONE = 0
    PROGRESS = 1
    NEWS = 2
    OWING = 3  # the worker has something to do at once


class SqlUnitOfWork(ReferralSide, ConsultSide):
    """A transaction with its repositories.

    Entered with `async with`; leaves by committing, or rolls everything back on an error. With
    `read=True` the rows are a snapshot; audit records gathered on the way are committed in a transaction of
    their own before the block is left, so nothing about a patient is shown unaudited.

    Parameters
    ----------
    subscriptions
        Event type -> names of handlers that owe work for it (rows of the outbox).
    after_commit
        Told after each commit that published something; a nudge, never the message itself.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        caller: Caller = SYSTEM,
        subscriptions: Subscriptions | None = None,
        after_commit: Callable[[Nudge], Awaitable[None]] | None = None,
        services: Mapping[str, Any] | None = None,
        read: bool = False,
        request_id: str | None = None,
    ) -> None:
        self.caller, self.request_id, self.read_only = caller, request_id, read
        self.services = dict(services or {})
        self._database, self._clock = database, clock
        self._subscriptions, self._after_commit = subscriptions or {}, after_commit
        self._events: list[AnyEvent] = []
        self._audits: list[AuditEntry] = []
        self._nudge = Nudge.NONE
        self._scope: AbstractAsyncContextManager[AsyncConnection] | None = None
        self._connection: AsyncConnection | None = None

    @property
    @override
    def connection(self) -> AsyncConnection:
        """Return the connection inside the transaction; repositories alone use it."""
        if self._connection is None:
            msg = "a unit of work is used inside its `async with` block"
            raise RuntimeError(msg)
        return self._connection

    @property
    def now(self) -> datetime:
        """Return the server's time."""
        return self._clock.now()

    def publish(self, *events: AnyEvent) -> None:
        """Record what happened; it is stored with the rows and relayed after the commit."""
        self._events.extend(events)

    def audit(self, entry: AuditEntry) -> None:
        """Record who touched what; stored in the same transaction (reading: before the answer)."""
        self._audits.append(entry)

    async def put_on_record(self, *entries: AuditEntry) -> None:
        """Store audit records that belong to no transaction; committed on return, and this unit need not be entered."""
        rows = audit_rows(entries, actor_id=self.caller.user_id, at=self.now, request_id=self.request_id)
        await self._database.add(AUDITS, rows)

    @cached_property
    def ledger(self) -> Ledger:
        """Return events, outbox, deadlines, tasks, idempotency and rules."""
        return Ledger(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        """Return what is owed to handlers."""
        return Outbox(self.connection)

    @cached_property
    def organizations(self) -> Organizations:
        """Return organizations, centres, AE titles, agreements."""
        return Organizations(self.connection)

    @cached_property
    def users(self) -> Users:
        """Return the people who can sign in."""
        return Users(self.connection, self.services["cipher"])

    @cached_property
    def sessions(self) -> Sessions:
        """Return sessions and counted attempts to sign in."""
        return Sessions(self.connection, self.services["cipher"])

    @cached_property
    def grants(self) -> Grants:
        """Return broken glasses."""
        return Grants(self.connection)

    @cached_property
    def patients(self) -> Patients:
        """Return the patients' register."""
        return Patients(self.connection, self.services["cipher"])

    @cached_property
    def audit_trail(self) -> AuditTrail:
        """Return the audit table as the sealer and the verifier read it."""
        return AuditTrail(self.connection)

    @cached_property
    def studies(self) -> Studies:
        """Return studies, series and instances."""
        return Studies(self.connection, self.services["cipher"])

    @cached_property
    def uploads(self) -> Uploads:
        """Return uploads of browsers."""
        return Uploads(self.connection)

    @cached_property
    def archive(self) -> Archive:
        """Return searches across studies, series and instances."""
        return Archive(self.connection, self.services["cipher"])

    @cached_property
    def study_pages(self) -> StudyPages:
        """Return studies as pages show them."""
        return StudyPages(self.connection, self.services["cipher"])

    @cached_property
    def set_asides(self) -> SetAsides:
        """Return what was kept aside."""
        return SetAsides(self.connection)

    @cached_property
    def orders(self) -> Orders:
        """Return reading orders."""
        return Orders(self.connection)

    @cached_property
    def reports(self) -> Reports:
        """Return reports, signatures, receipts."""
        return Reports(self.connection)

    @cached_property
    def deliveries(self) -> Deliveries:
        """Return what is sent back to the townships' devices."""
        return Deliveries(self.connection)

    @cached_property
    def centres(self) -> Centres:
        """Return centres, agreements and names as reading asks for them."""
        return Centres(self.connection)

    @cached_property
    def matching(self) -> Matching:
        """Return studies and patients as matching sees them."""
        return Matching(self.connection, self.services["cipher"])

    @cached_property
    def worklist(self) -> Worklist:
        """Return orders as lists show them."""
        return Worklist(self.connection, self.studies)

    @cached_property
    def duties(self) -> Duties:
        """Return what waits for the worker."""
        return Duties(self.connection)

    @cached_property
    def overview(self) -> Overview:
        """Return the township desk's numbers and unread reports."""
        return Overview(self.connection)

    @cached_property
    def fhir_search(self) -> FhirSearch:
        """Return tickets and stays as FHIR searches for them."""
        return FhirSearch(self.connection)

    @cached_property
    def exchange(self) -> Exchange:
        """Return the hospitals' systems, and what is exchanged with them."""
        return Exchange(self.connection, self.services["cipher"])

    async def __aenter__(self) -> Self:
        """Begin the transaction."""
        self._scope = self._database.reading() if self.read_only else self._database.transaction()
        self._connection = await self._scope.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit everything, or nothing."""
        scope = self._scope
        if scope is None:
            return
        published = False
        try:
            if error is None and not self.read_only:
                published = await self._write_ledger(self.ledger)
        except BaseException as failure:
            await scope.__aexit__(type(failure), failure, failure.__traceback__)
            self._connection = None
            raise
        await scope.__aexit__(kind, error, trace)
        self._connection = None
        await self._leave(failed=error is not None, published=published)

    async def carry_out(
        self, work: Callable[[Self], Coroutine[Any, Any, T]], *, before: Callable[[], None] | None = None
    ) -> T:
        """Do `work(self)` as `async with self` would, on SQLite without a hop to another thread for each statement.

        There it runs in the writer's thread as a whole: it may await this unit's repositories and nothing else.

        Parameters
        ----------
        before
            Blocking work to be done first, outside the transaction and away from the event loop.
        """
        if not self._database.is_sqlite:
            if before is not None:
                await asyncio.get_running_loop().run_in_executor(None, before)
            async with self:
                return await work(self)
        try:
            async with self._database.direct(read=self.read_only) as thread:
                begin = "BEGIN" if self.read_only else "BEGIN IMMEDIATE"
                result, published = await thread.run(partial(self._whole, work), before, begin=begin)
        except Exception:
            await self._leave(failed=True, published=False)
            raise
        await self._leave(failed=False, published=published)
        return result

    async def _whole(
        self, work: Callable[[Self], Coroutine[Any, Any, T]], connection: DirectConnection
    ) -> tuple[T, bool]:
        self._connection = cast("AsyncConnection", connection)  # as far as repositories use one
        try:
            result = await work(self)
            return result, not self.read_only and await self._write_ledger(self.ledger)
        finally:
            self._connection = None

    async def _leave(self, *, failed: bool, published: bool) -> None:
        """Keep on record that something was refused or read; tell the others what was committed."""
        if failed:  # what was done is undone, that it was refused stays on record
            self._audits = [entry for entry in self._audits if entry.outcome != "success"]
        if self._audits and (failed or self.read_only):
            rows = audit_rows(self._audits, actor_id=self.caller.user_id, at=self.now, request_id=self.request_id)
            await self._database.add(AUDITS, rows)
        if published and self._after_commit is not None:
            await self._after_commit(self._nudge)

    async def _write_ledger(self, ledger: Ledger) -> bool:
        await self._write_audits(ledger)
        if not self._events:
            return False
        self._nudge = self._nudge_for(ledger.next_deadline)
        await ledger.append_events(
            [(secrets.token_hex(12), event) for event in self._events],
            actor_id=self.caller.user_id,
            at=self.now,
            subscriptions=self._subscriptions,
        )
        return True

    async def _write_audits(self, ledger: Ledger) -> None:
        if self._audits:
            await ledger.append_audits(
                self._audits, actor_id=self.caller.user_id, at=self.now, request_id=self.request_id
            )

    def _nudge_for(self, deadline: datetime | None) -> Nudge:
        types = {event.type for event in self._events}
        if (deadline is not None and deadline <= self.now + AT_ONCE) or any(map(self._subscriptions.get, types)):
            return Nudge.OWING
        return Nudge.PROGRESS if types <= PROGRESS else Nudge.NEWS
