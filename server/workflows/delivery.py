"""After a release: the PDF is made once, documents go back to the township's devices and are tried again."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from dicom.errors import UnknownSubject
from dicom.orders import ReadingOrder, Report, ReportState
from dicom.service.announce import ask
from dicom.service.ground import rules_for
from server.clock import Clock
from server.documents.model import ObjectIdentity, ReportDocument
from server.workflows.imaging import StoredEvent, new_id
from server.workflows.report_document import PDF, SR, document_of, identity_of

PRINT, DELIVER = "report-pdf", "deliver"
DOCUMENTS = (PDF, SR)
DUE, SENT, FAILED = "due", "sent", "failed"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an AE listens."""

    ae_title: str
    host: str
    port: int
    calling_ae_title: str


Send = Callable[[Address, bytes], Awaitable[str | None]]
"""Sends one Part 10 object by C-STORE; returns None when it is stored there, else why it is not."""


class Documents(Protocol):
    """Where documents of our own lie."""

    async def keep(self, data: bytes) -> str:
        """Write a document durably; return its key."""
        ...

    async def read(self, key: str) -> bytes:
        """Return a document."""
        ...


@dataclass(slots=True)
class ReportOffice:
    """Makes and sends the documents of reports, never inside somebody else's transaction.

    Parameters
    ----------
    open_unit
        Opens a unit of work, a reading one with `read=True`.
    run
        Runs a blocking job beside the event loop.
    send
        C-STORE; None in processes that send nothing.
    """

    open_unit: Callable[..., AbstractAsyncContextManager[Any]]
    clock: Clock
    documents: Documents
    run: Callable[..., Awaitable[Any]]
    fonts: Sequence[Path]
    url: str
    ae_title: str
    send: Send | None = field(default=None)

    async def pdf(self, report_id: str) -> bytes:
        """Return a report's PDF: made once at its release and kept; of a preliminary one a fresh, marked one.

        Raises
        ------
        UnknownSubject
            For a report that was neither released nor issued.
        """
        async with self.open_unit(read=True) as uow:
            report, order = await _released(uow, report_id)
            document = await document_of(uow, report, order, url=self.url)
        if report.pdf_key is not None:
            return await self.documents.read(report.pdf_key)
        data: bytes = await self.run(_printed, document, self.fonts)
        if report.state is ReportState.PRELIMINARY:
            return data
        key = await self.documents.keep(data)
        async with self.open_unit() as uow:
            kept = await uow.reports.keep_pdf(report_id, key, hashlib.sha256(data).hexdigest())
            stands = await uow.reports.get(report_id)
        return data if kept else await self.documents.read(stands.pdf_key)

    async def deliver(self, delivery_id: str) -> None:
        """Send one document to one AE; what fails is tried again later, and in the end a person is told."""
        async with self.open_unit(read=True) as uow:
            delivery = await uow.deliveries.get(delivery_id)
            if delivery is None or delivery.state == SENT:
                return
            report, order = await _released(uow, delivery.report_id)
            document = await document_of(uow, report, order, url=self.url)
            address = await self._address(uow, order, delivery.ae_title)
        identity = identity_of(report, delivery.document)
        pdf = await self.pdf(report.id) if delivery.document == PDF else None
        data = await self.run(_as_object, document, identity, pdf)
        trouble = "the AE is no longer registered" if address is None else await self._try(address, data)
        await self._write_down(delivery, order, trouble)

    async def _try(self, address: Address, data: bytes) -> str | None:
        return "this process sends nothing" if self.send is None else await self.send(address, data)

    async def _address(self, uow: Any, order: ReadingOrder, ae_title: str) -> Address | None:
        for row in await uow.centres.destination(order.organization_id):
            if row.ae_title == ae_title:
                return Address(row.ae_title, row.host, row.port, self.ae_title)
        return None

    async def _write_down(self, delivery: Any, order: ReadingOrder, trouble: str | None) -> None:
        now = self.clock.now()
        async with self.open_unit() as uow:
            rules = await rules_for(uow, order.organization_id, now)
            attempts = delivery.attempts + 1
            over = attempts >= rules.delivery_attempts
            outcome = SENT if trouble is None else FAILED if over else DUE
            await uow.deliveries.tried(delivery.id, outcome, error=trouble, at=now)
            if outcome == DUE:
                await uow.ledger.set_deadline(DELIVER, delivery.id, now + rules.delivery_pause(attempts))
            else:
                await uow.ledger.clear_deadline(DELIVER, delivery.id)
            if outcome == FAILED:
                await ask(
                    uow, order, "delivery-failed", organization_id=order.organization_id, role="technician", due_at=now,
                    now=now, occasion=delivery.ae_title,
                    zh=f"{order.number} 的报告送不到 {delivery.ae_title}，屏幕上可看可印",
                    en=f"the report of {order.number} cannot be sent to {delivery.ae_title}; it is on the screen",
                )  # fmt: skip


async def on_report_released(uow: Any, stored: StoredEvent, now: datetime) -> None:
    """Owe the PDF, and both DICOM documents to the device that sent the study, else to all that take reports."""
    report = await uow.reports.get(stored.event.subject_id)
    order = await uow.orders.get(report.order_id) if report else None
    if report is None or order is None:
        return
    await uow.ledger.set_deadline(PRINT, report.id, now)
    study = await uow.matching.study(order.study_uid) if order.study_uid else None
    takers = await uow.centres.destination(order.organization_id)
    senders = [row for row in takers if study is not None and row.ae_title == study.ae_title]
    for row in senders or takers:
        for document in DOCUMENTS:
            uid = identity_of(report, document).sop_instance_uid
            added = await uow.deliveries.add(new_id(), report.id, row.ae_title, document, uid, at=now)
            if added is not None:
                await uow.ledger.set_deadline(DELIVER, added, now)


def _printed(document: ReportDocument, fonts: Sequence[Path]) -> bytes:
    # The typesetter and the DICOM writer are loaded where the first report is printed: together they are 70 MB,
    # and most processes of a hub print none.
    from server.documents.report_pdf import render_report_pdf  # noqa: PLC0415

    return render_report_pdf(document, fonts)


def _as_object(document: ReportDocument, identity: ObjectIdentity, pdf: bytes | None) -> bytes:
    from server.documents.encapsulated import encapsulated_pdf  # noqa: PLC0415  # see `_printed`
    from server.documents.structured import text_sr  # noqa: PLC0415

    return text_sr(document, identity) if pdf is None else encapsulated_pdf(document, pdf, identity)


async def _released(uow: Any, report_id: str) -> tuple[Report, ReadingOrder]:
    report = await uow.reports.get(report_id)
    issued = {ReportState.PRELIMINARY, ReportState.RELEASED, ReportState.SUPERSEDED}
    order = await uow.orders.get(report.order_id) if report else None
    if report is None or order is None or report.state not in issued:
        raise UnknownSubject("reports", report_id)
    return report, order


class Hub(Protocol):
    """The hub as this work needs it."""

    @property
    def office(self) -> ReportOffice:
        """Return who makes and sends documents."""
        ...


async def print_report(hub: Hub, report_id: str) -> None:
    """Make the PDF of a released report, once."""
    await hub.office.pdf(report_id)
    async with hub.office.open_unit() as uow:
        await uow.ledger.clear_deadline(PRINT, report_id)


async def deliver(hub: Hub, delivery_id: str) -> None:
    """Send one document."""
    await hub.office.deliver(delivery_id)


LONG_WORK: Mapping[str, Callable[[Any, str], Awaitable[None]]] = {PRINT: print_report, DELIVER: deliver}
"""Deadlines whose work takes long or speaks to others: done outside any transaction, under a lease."""
