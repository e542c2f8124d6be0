"""The report: drafted by who holds the claim, signed over its bytes, verified by another, released, amended."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dicom.errors import IllegalTransition, NotClaimHolder, NotPermitted, UnknownSubject, Unsigned, VersionMismatch
from dicom.model import Flag
from dicom.numbers import number, series_of
from dicom.orders import (
    AmendKind,
    OrderState,
    Person,
    ReadingOrder,
    Report,
    ReportState,
    ReportText,
    Signature,
    flagged,
    unflagged,
)
from dicom.ports import ReadingUnitOfWork
from dicom.reading import Fact, ReportFact, decide_report
from dicom.reading.commands import may
from dicom.reading.report_cycle import REPORT_TABLE
from dicom.reading.table import rows_of
from dicom.service.announce import announce, announce_report, ask
from dicom.service.ground import PRELIMINARY, move, rules_for

WRITABLE = (OrderState.CLAIMED, OrderState.AMENDING)
LAST_EDITION = 999
CRITICAL = Flag("CRITICAL", "critical", "危急值", "critical value")
ACKNOWLEDGE = timedelta(minutes=10)  # the norm of domain.md 2.4; the ladder of critical values has its own rule


@dataclass(frozen=True, slots=True)
class Subject:
    """A report with its order, both locked."""

    report: Report
    order: ReadingOrder


def canonical(report: Report, order: ReadingOrder, instance_uids: list[str]) -> str:
    """Return the bytes that a signature covers, as text: JSON with sorted keys and no spaces (RFC 8785's form).

    They name the images by their UIDs, so that a signature says over which instances it was given.
    """
    body = {
        "number": report.number,
        "edition": report.edition,
        "order": order.number,
        "kind": order.kind.value,
        "organization": order.organization_id,
        "centre": order.centre_id,
        "patient": order.patient_id,
        "study": order.study_uid,
        "instances": hashlib.sha256("\n".join(instance_uids).encode()).hexdigest(),
        "instance_count": len(instance_uids),
        "findings": report.text.findings,
        "impression": report.text.impression,
        "positive": report.text.positive,
        "critical": report.text.critical,
        "amend_kind": report.amend_kind.value if report.amend_kind else None,
        "amend_reason": report.amend_reason,
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(body: str) -> str:
    """Return the SHA-256 over the stored bytes, in hex."""
    return hashlib.sha256(body.encode()).hexdigest()


async def the_report(uow: ReadingUnitOfWork, report_id: str, *, lock: bool = True) -> Subject:
    """Return a report and its order, locked unless they are only looked at.

    Raises
    ------
    UnknownSubject
        When there is no such report.
    """
    seen = await uow.reports.get(report_id)
    order = await uow.orders.get(seen.order_id, lock=lock) if seen else None
    report = await uow.reports.get(report_id, lock=True) if lock else seen
    if report is None or order is None:
        raise UnknownSubject("reports", report_id)
    return Subject(report, order)


def require(subject: Subject, event: str, person: Person) -> None:
    """Refuse a person whom the report's table does not name for an event.

    Raises
    ------
    NotPermitted, NotClaimHolder
        The latter when it is the claim that is missing.
    """
    rows = rows_of(REPORT_TABLE, subject.report.state, event) or [r for r in REPORT_TABLE if r.event == event]
    who = {word for row in rows for word in row.who}
    if may(person, subject.order, tuple(who)):
        return
    if "holder" in who and (person.reader or person.reviewer):
        raise NotClaimHolder
    raise NotPermitted


async def begin_draft(uow: ReadingUnitOfWork, order: ReadingOrder, *, report_id: str, by: str, now: datetime) -> Report:
    """Return the newest edition of an order's report, or its empty first draft."""
    if (report := await uow.reports.current(order.id, lock=True)) is not None:
        return report
    series = series_of("B", now)
    serial = await uow.ledger.next_serial(series)
    report = Report(report_id, order.id, number(series, serial), 1, ReportState.DRAFT, 1, now, now, author_id=by)
    await uow.reports.add(report)
    return report


async def write(
    uow: ReadingUnitOfWork, subject: Subject, person: Person, text: ReportText, *, expected: int, now: datetime
) -> Report:
    """Keep what the reader writes (autosave); only the holder of the claim writes.

    Raises
    ------
    VersionMismatch
        When the draft changed since the reader saw it.
    """
    report, order = subject.report, subject.order
    if order.claimed_by != person.user_id or order.state not in WRITABLE:
        raise NotClaimHolder
    if report.version != expected:
        raise VersionMismatch(report.version)
    written = decide_report(replace(report, text=text), "edit", ReportFact(by=person.user_id), now=now)
    written = replace(written, author_id=person.user_id)
    await uow.reports.save(written)
    await announce_report(uow, written, order, "saved")
    if text.critical is not report.text.critical:
        await _mark_critical(uow, order, person, declared=text.critical, now=now)
    return written


async def _mark_critical(
    uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, *, declared: bool, now: datetime
) -> None:
    """Show at once that a physician found something critical; it never waits for a signature (domain.md 2.4)."""
    marked = flagged(order, CRITICAL) if declared else unflagged(order, CRITICAL.code)
    marked = replace(marked, version=order.version + 1)
    await uow.orders.save(marked)
    await announce(uow, marked, "critical-declared" if declared else "critical-withdrawn", actor=person.user_id)
    if declared:
        await ask(
            uow, marked, "critical-value", organization_id=order.organization_id, role="township-doctor",
            due_at=now + ACKNOWLEDGE, now=now, occasion=str(marked.version),
            zh=f"危急值：{order.number}，{person.name} 已报，请立即确认",
            en=f"critical value: {order.number}, declared by {person.name}; acknowledge at once",
        )  # fmt: skip
    else:
        await uow.ledger.close_tasks("reading-orders", order.id, kinds=("critical-value",), by=person.user_id, at=now)


async def sign(
    uow: ReadingUnitOfWork, subject: Subject, person: Person, *, method: str, signature_id: str, now: datetime
) -> Report:
    """Sign a draft: its canonical bytes are stored, the digest is over exactly those; the caller re-authenticated."""
    require(subject, "sign", person)
    report, order = subject.report, subject.order
    uids = await uow.matching.instance_uids(order.study_uid) if order.study_uid else []
    body = canonical(report, order, uids)
    fact = ReportFact(by=person.user_id, body=body, digest=digest_of(body))
    signed = decide_report(report, "sign", fact, now=now)
    moved = await move(uow, order, "report-signed", Fact(by=person.user_id), now=now)
    await uow.reports.save(signed)
    await uow.reports.sign(Signature(signature_id, report.id, person.user_id, "author", method, fact.digest, now))
    await uow.ledger.clear_deadline(PRELIMINARY, report.id)
    await announce_report(uow, signed, moved, "signed")
    return signed


async def verify(
    uow: ReadingUnitOfWork,
    subject: Subject,
    person: Person,
    *,
    author_rank: int,
    method: str,
    new_id: Callable[[], str],
    now: datetime,
) -> Report:
    """Release what another person signed: the stored bytes are hashed again first.

    Raises
    ------
    Unsigned, SameSigner, TitleTooLow
        The refusals of double signing (domain.md 2.5).
    """
    require(subject, "verify", person)
    report, order = subject.report, subject.order
    rules = await rules_for(uow, order.organization_id, now)
    fact = ReportFact(
        by=person.user_id,
        rank=person.rank,
        author_rank=author_rank,
        digest=digest_of(report.body) if report.body is not None else "",
        one_signer_allowed=order.kind in rules.one_signer,
    )
    if report.state is not ReportState.SIGNED and report.digest is None and report.released_at is None:
        raise Unsigned
    released = decide_report(report, "verify", fact, now=now)
    released = replace(released, verification_code=new_id()[:12].upper())
    moved = await move(uow, order, "report-verified", Fact(by=person.user_id), now=now)
    await uow.reports.save(released)
    await uow.reports.sign(Signature(new_id(), report.id, person.user_id, "reviewer", method, fact.digest, now))
    await _supersede(uow, released, moved, now)
    await announce_report(uow, released, moved, "released", critical=report.text.critical, code=report.amend_kind)
    return released


async def _supersede(uow: ReadingUnitOfWork, released: Report, order: ReadingOrder, now: datetime) -> None:
    for earlier in await uow.reports.editions(released.order_id):
        if earlier.id != released.id and earlier.state is ReportState.RELEASED:
            old = decide_report(earlier, "superseded", ReportFact(by="system"), now=now)
            await uow.reports.save(old)
            await announce_report(uow, old, order, "superseded", successor=released.id)


async def send_back(uow: ReadingUnitOfWork, subject: Subject, person: Person, *, reason: str, now: datetime) -> Report:
    """Give a signed report back to its author with a reason: the signature is void, the clock runs on."""
    require(subject, "send-back", person)
    report, order = subject.report, subject.order
    draft = decide_report(report, "send-back", ReportFact(by=person.user_id, reason=reason), now=now)
    rules = await rules_for(uow, order.organization_id, now)
    until = now + rules.lease if order.state is OrderState.AWAITING_VERIFICATION else None
    moved = await move(uow, order, "report-sent-back", Fact(by=person.user_id, reason=reason, until=until), now=now)
    await uow.reports.save(draft)
    await uow.reports.void_signatures(report.id, now)
    await announce_report(uow, draft, moved, "sent-back", reader=order.reader_id)
    return draft


async def issue_preliminary(uow: ReadingUnitOfWork, subject: Subject, person: Person, *, now: datetime) -> Report:
    """Show the township a marked preliminary report; the reviewed one replaces it within a limit."""
    require(subject, "issue-preliminary", person)
    report, order = subject.report, subject.order
    uids = await uow.matching.instance_uids(order.study_uid) if order.study_uid else []
    fact = ReportFact(by=person.user_id, body=canonical(report, order, uids))
    if order.state is not OrderState.CLAIMED:
        raise IllegalTransition(order.state.value, "issue-preliminary", ())
    issued = decide_report(report, "issue-preliminary", fact, now=now)
    rules = await rules_for(uow, order.organization_id, now)
    await uow.reports.save(issued)
    await uow.ledger.set_deadline(PRELIMINARY, report.id, now + rules.preliminary, rule_version=rules.version)
    await announce_report(uow, issued, order, "issued-preliminary")
    return issued


async def amend(
    uow: ReadingUnitOfWork,
    subject: Subject,
    person: Person,
    *,
    kind: AmendKind,
    reason: str,
    report_id: str,
    now: datetime,
) -> Report:
    """Begin the next edition of a released report; the released one stays readable until the new one is released."""
    require(subject, "amend", person)
    report, order = subject.report, subject.order
    decide_report(report, "amend", ReportFact(by=person.user_id, reason=reason), now=now)
    moved = await move(uow, order, "amend", Fact(by=person.user_id, reason=reason), now=now)
    edition = Report(
        report_id, order.id, report.number, min(report.edition + 1, LAST_EDITION), ReportState.DRAFT, 1, now, now,
        text=report.text, amend_kind=kind, amend_reason=reason, author_id=person.user_id,
    )  # fmt: skip
    await uow.reports.add(edition)
    await announce_report(uow, edition, moved, "amending", code=kind.value)
    return edition


async def read(
    uow: ReadingUnitOfWork, subject: Subject, person: Person, *, organization_id: str, now: datetime
) -> Report:
    """Acknowledge a report: who at the sender's has read it, and when. It changes no state and no version."""
    require(subject, "read", person)
    report = subject.report
    decide_report(report, "read", ReportFact(by=person.user_id), now=now)
    await uow.reports.mark_read(report.id, person.user_id, organization_id, now, receipt=True)
    await announce_report(uow, report, subject.order, "read", reader=person.user_id)
    return report
