"""Reports: drafted, signed, verified, released, amended, read (`/api/v1/reports`, `…/reading-orders/{id}/report`)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from dicom.errors import NotClaimHolder, UnknownSubject, VersionMismatch
from dicom.model import Kind
from dicom.orders import AmendKind, Person, Report, ReportText
from dicom.service import reports as use
from dicom.service.reports import Subject
from server.accounts.model import AuditEntry
from server.accounts.titles import rank
from server.api.endpoint import REQUEST_ID, Body, Call, Routes, View
from server.api.reading_orders import ORDERS, visible_order
from server.api.report_view import ReportView, is_writable, may_see, report_view, shown_edition
from server.workflows.imaging import new_id
from server.workflows.reading import person_of, served
from server.workflows.sessions import confirm_password

routes = Routes("reports")
REPORTS = "/api/v1/reports"
LONGEST = 32_000  # characters of a section


class ReportBody(Body):
    """What the reader writes."""

    findings: str = Field("", max_length=LONGEST)
    impression: str = Field("", max_length=LONGEST)
    positive: bool = False
    critical: bool = False


class SignBody(Body):
    """What the signer proves herself with (decisions 15)."""

    password: str = Field(min_length=1, max_length=1024, repr=False)
    otp: str | None = Field(None, pattern=r"^[0-9]{6}$", repr=False)


class WhyBody(Body):
    """A reason in words."""

    reason: str = Field("", max_length=2000)


class AmendBody(Body):
    """Why a released report gets another edition."""

    kind: AmendKind
    reason: str = Field("", max_length=2000)


class ReportsQuery(Body):
    """`unread=1`: what nobody of the caller's organization has acknowledged."""

    unread: str = Field("1", pattern="^(|0|1|true|false)$")


class UnreadView(View):
    """A report that waits to be read at the sender's."""

    id: str
    number: str
    edition: int
    order_id: str
    order_number: str
    kind: Kind
    title: str
    patient_id: str | None
    patient_name: str | None
    impression: str
    positive: bool
    critical: bool
    amend_kind: AmendKind | None
    released_at: datetime | None
    preliminary: bool
    version: int


class UnreadListView(View):
    """Unread reports, critical and amended ones first."""

    items: Sequence[UnreadView]
    next: str | None


@routes.get(ORDERS + "/{id}/report", answer=ReportView)
async def show_for_order(call: Call) -> ReportView:
    """Show the newest edition that the caller may see; an empty draft, version 0, to the centre before any word."""
    order, person = await visible_order(call, call.path("id"), lock=False)
    report = await shown_edition(call.uow, order, person)
    if report is None and not (person.reader or person.reviewer):
        raise UnknownSubject("reports", order.id)
    call.uow.audit(AuditEntry("open", "reports", report.id if report else order.id, order.patient_id))
    return await report_view(call.uow, report, order, person, call.caller, now=call.now)


@routes.add("PUT", ORDERS + "/{id}/report", body=ReportBody, answer=ReportView)
async def write(call: Call) -> ReportView:
    """Keep what the holder of the claim writes; autosave, with the draft's version in If-Match."""
    expected = call.if_match
    order, person = await _order_of_report(call)
    if order.claimed_by != person.user_id or not is_writable(order):
        raise NotClaimHolder
    report = await use.begin_draft(call.uow, order, report_id=new_id(), by=person.user_id, now=call.now)
    body = call.body
    text = ReportText(body.findings, body.impression, body.positive, body.critical)
    expected = expected or report.version  # version 0 was shown before there was a draft
    report = await use.write(call.uow, Subject(report, order), person, text, expected=expected, now=call.now)
    return await _shown(call, report, person)


@routes.get(REPORTS, query=ReportsQuery, answer=UnreadListView)
async def show_unread(call: Call) -> UnreadListView:
    """List what came back and nobody here has acknowledged."""
    items = await call.uow.overview.unread(sorted(call.caller.organizations), now=call.now)
    call.uow.audit(AuditEntry("list", "reports", "unread"))
    return UnreadListView(items=[unread_view(item) for item in items], next=None)


@routes.get(REPORTS + "/{id}", answer=ReportView)
async def show(call: Call) -> ReportView:
    """Show one edition."""
    subject, person = await visible_report(call, lock=False)
    call.uow.audit(AuditEntry("open", "reports", subject.report.id, subject.order.patient_id))
    return await report_view(call.uow, subject.report, subject.order, person, call.caller, now=call.now)


@routes.post(REPORTS + "/{id}/sign", body=SignBody, answer=ReportView, transaction="none")
async def sign(call: Call) -> ReportView:
    """Sign the draft, having proven again who one is; it goes to the reviewer."""

    async def act(uow: Any, subject: Subject, person: Person, method: str) -> Report:
        return await use.sign(uow, subject, person, method=method, signature_id=new_id(), now=call.now)

    return await _signed(call, "sign", act)


@routes.post(REPORTS + "/{id}/verify", body=SignBody, answer=ReportView, transaction="none")
async def verify(call: Call) -> ReportView:
    """Release what another physician signed."""

    async def act(uow: Any, subject: Subject, person: Person, method: str) -> Report:
        title = await uow.centres.title_of(subject.report.author_id) if subject.report.author_id else ""
        return await use.verify(
            uow, subject, person, author_rank=rank(title), method=method, new_id=new_id, now=call.now
        )

    return await _signed(call, "verify", act)


@routes.post(REPORTS + "/{id}/send-back", body=WhyBody, answer=ReportView)
async def send_back(call: Call) -> ReportView:
    """Give a signed report back to its author with a reason."""
    subject, person = await visible_report(call)
    report = await use.send_back(call.uow, subject, person, reason=call.body.reason, now=call.now)
    return await _shown(call, report, person, "send-back")


@routes.post(REPORTS + "/{id}/issue-preliminary", answer=ReportView)
async def issue_preliminary(call: Call) -> ReportView:
    """Show the township a preliminary report, marked as one."""
    subject, person = await visible_report(call)
    report = await use.issue_preliminary(call.uow, subject, person, now=call.now)
    return await _shown(call, report, person, "issue-preliminary")


@routes.post(REPORTS + "/{id}/amend", body=AmendBody, answer=ReportView)
async def amend(call: Call) -> ReportView:
    """Begin the next edition of a released report."""
    subject, person = await visible_report(call)
    body = call.body
    report = await use.amend(
        call.uow, subject, person, kind=body.kind, reason=body.reason, report_id=new_id(), now=call.now
    )
    return await _shown(call, report, person, "amend")


@routes.post(REPORTS + "/{id}/read", answer=ReportView)
async def read(call: Call) -> ReportView:
    """Acknowledge a report: read, and by whom."""
    subject, person = await visible_report(call)
    report = await use.read(call.uow, subject, person, organization_id=subject.order.organization_id, now=call.now)
    return await _shown(call, report, person, "read")


def unread_view(item: Any) -> UnreadView:
    """Return an unread report as the wire shows it."""
    return UnreadView(**{name: getattr(item, name) for name in UnreadView.model_fields})


async def visible_report(call: Call, uow: Any = None, *, lock: bool = True) -> tuple[Subject, Person]:
    """Return a report with its order, locked unless they are only looked at, and what the caller is to it.

    Raises
    ------
    UnknownSubject
        When there is none, or the caller may not know that there is.
    VersionMismatch
        When an If-Match was sent and is not the version that stands.
    """
    uow = uow or call.uow
    subject = await use.the_report(uow, call.path("id"), lock=lock)
    looked_after = await served(uow, call.caller)
    visible = await uow.worklist.one(call.caller, looked_after, subject.order.id, now=call.now)
    person = person_of(call.caller, subject.order, looked_after)
    if visible is None or not may_see(subject.report, person):
        raise UnknownSubject("reports", call.path("id"))
    if "If-Match" in call.request.headers and call.if_match != subject.report.version:
        raise VersionMismatch(subject.report.version)
    return subject, person


async def _order_of_report(call: Call) -> tuple[Any, Person]:
    """Return the order without reading If-Match as its version: on this route it is the draft's."""
    looked_after = await served(call.uow, call.caller)
    line = await call.uow.worklist.one(call.caller, looked_after, call.path("id"), now=call.now)
    order = await call.uow.orders.get(call.path("id"), lock=True)
    if line is None or order is None:
        raise UnknownSubject("reading-orders", call.path("id"))
    return order, person_of(call.caller, order, looked_after)


Act = Callable[[Any, Subject, Person, str], Awaitable[Report]]


async def _signed(call: Call, action: str, act: Act) -> ReportView:
    """Prove who signs outside any transaction, then sign inside one."""
    hub, body = call.hub, call.body
    request_id = call.request.get(REQUEST_ID)
    async with hub.unit_of_work(call.caller, read=True) as uow:
        await visible_report(call, uow, lock=False)
    method = await confirm_password(
        lambda: hub.unit_of_work(call.caller, request_id=request_id), hub.passwords, call.caller, body.password,
        body.otp, clock=hub.clock.now,
    )  # fmt: skip
    async with hub.unit_of_work(call.caller, request_id=request_id) as uow:
        call.uow, call.now = uow, hub.clock.now()
        subject, person = await visible_report(call)
        report = await act(uow, subject, person, method)
        return await _shown(call, report, person, action)


async def _shown(call: Call, report: Report, person: Person, action: str = "") -> ReportView:
    order = await call.uow.orders.get(report.order_id)
    if action:
        call.uow.audit(
            AuditEntry(action, "reports", report.id, order.patient_id, organization_id=order.organization_id)
        )
    return await report_view(call.uow, report, order, person, call.caller, now=call.now)
