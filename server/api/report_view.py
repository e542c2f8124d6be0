"""How a report looks on the wire; a township sees what was signed or issued, never a draft."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dicom.orders import AmendKind, OrderState, Person, ReadingOrder, Report, ReportState, ReportText
from dicom.reading import report_commands
from server.accounts.model import Caller
from server.accounts.titles import rank
from server.api.endpoint import View
from server.api.order_view import CommandView, PatientLine, Ref, cares, command_views, is_named_to, patient_line

ISSUED = (ReportState.PRELIMINARY, ReportState.RELEASED, ReportState.SUPERSEDED)


class SignerView(View):
    """Who signed, with which title, when."""

    id: str
    name: str
    title: str
    at: datetime | None


class EditionView(View):
    """One edition among those of an order."""

    id: str
    edition: int
    state: ReportState
    amend_kind: AmendKind | None
    amend_reason: str | None
    released_at: datetime | None


class ReadView(View):
    """Who read it; a receipt is an acknowledgement."""

    user: Ref
    organization_id: str
    at: datetime
    receipt: bool


class ReportView(View):
    """One edition of a report with what the caller may do; `id` is null before anything was written."""

    id: str | None
    order_id: str
    order_number: str
    number: str | None
    edition: int
    state: ReportState
    preliminary: bool
    version: int
    findings: str
    impression: str
    positive: bool
    critical: bool
    amend_kind: AmendKind | None
    amend_reason: str | None
    sent_back_reason: str | None
    author: SignerView | None
    verifier: SignerView | None
    signed_at: datetime | None
    released_at: datetime | None
    updated_at: datetime | None
    digest: str | None
    verification_code: str | None
    organization: Ref
    centre: Ref | None
    study_uid: str | None
    patient: PatientLine | None
    fee_waiver: str | None
    editions: Sequence[EditionView]
    reads: Sequence[ReadView]
    commands: Sequence[CommandView]


async def report_view(
    uow: Any, report: Report | None, order: ReadingOrder, person: Person, caller: Caller, *, now: datetime
) -> ReportView:
    """Return an edition as this person may see it."""
    names = dict(await uow.centres.names()) | {c.id: c.name for c in await uow.centres.centres()}
    patients = await uow.patients.many([order.patient_id] if order.patient_id else [])
    named = is_named_to(person, caller, order)
    text = shown_text(report, person)
    commands = []
    if report is not None:
        author_title = await uow.centres.title_of(report.author_id) if report.author_id else ""
        commands = command_views(report_commands(report, order, person, rank(author_title)))
    return ReportView(
        id=report.id if report else None,
        order_id=order.id,
        order_number=order.number,
        number=report.number if report else None,
        edition=report.edition if report else 1,
        state=report.state if report else ReportState.DRAFT,
        preliminary=report is not None and report.state is ReportState.PRELIMINARY,
        version=report.version if report else 0,
        findings=text.findings,
        impression=text.impression,
        positive=text.positive,
        critical=text.critical,
        author=await _signer(uow, report.author_id, report.signed_at) if report else None,
        verifier=await _signer(uow, report.verifier_id, report.released_at) if report else None,
        organization=Ref(id=order.organization_id, name=names.get(order.organization_id, order.organization_id)),
        centre=Ref(id=order.centre_id, name=names.get(order.centre_id, order.centre_id)) if order.centre_id else None,
        study_uid=order.study_uid,
        patient=patient_line(patients.get(order.patient_id or ""), person, named=named, now=now),
        fee_waiver=(order.fee_waiver or None) if cares(person) else None,
        editions=[_edition(e) for e in await uow.reports.editions(order.id) if may_see(e, person)],
        reads=await _reads(uow, report),
        commands=commands,
        **_facts(report),
    )


def may_see(report: Report, person: Person) -> bool:
    """Tell whether somebody may see an edition: drafts are the centre's, issued ones everybody's who is concerned."""
    return report.state in ISSUED or person.reader or person.reviewer or person.lead


def shown_text(report: Report | None, person: Person) -> ReportText:
    """Return the words to show: of a preliminary report those that were issued, to whoever is not writing on."""
    if report is None:
        return ReportText()
    if report.body is None or person.reader or person.reviewer:
        return report.text
    body = json.loads(report.body)
    return ReportText(body["findings"], body["impression"], body["positive"], body["critical"])


async def shown_edition(uow: Any, order: ReadingOrder, person: Person) -> Report | None:
    """Return the newest edition that this person may see."""
    visible = [edition for edition in await uow.reports.editions(order.id) if may_see(edition, person)]
    return visible[-1] if visible else None


def is_writable(order: ReadingOrder) -> bool:
    """Tell whether somebody writes on the order's report now."""
    return order.state in {OrderState.CLAIMED, OrderState.AMENDING}


def _facts(report: Report | None) -> dict[str, Any]:
    plain = (
        "amend_reason",
        "sent_back_reason",
        "signed_at",
        "released_at",
        "updated_at",
        "digest",
        "verification_code",
    )
    facts: dict[str, Any] = {name: getattr(report, name) if report else None for name in plain}
    return facts | {"amend_kind": report.amend_kind if report else None}


async def _signer(uow: Any, user_id: str | None, at: datetime | None) -> SignerView | None:
    if user_id is None:
        return None
    name, title = await uow.centres.person_name(user_id), await uow.centres.title_of(user_id)
    return SignerView(id=user_id, name=name, title=title, at=at)


def _edition(report: Report) -> EditionView:
    return EditionView(
        id=report.id,
        edition=report.edition,
        state=report.state,
        amend_kind=report.amend_kind,
        amend_reason=report.amend_reason,
        released_at=report.released_at,
    )


async def _reads(uow: Any, report: Report | None) -> list[ReadView]:
    if report is None:
        return []
    rows = await uow.reports.reads(report.id)
    names = await uow.centres.people([row.user_id for row in rows])
    return [
        ReadView(
            user=Ref(id=row.user_id, name=names.get(row.user_id, row.user_id)), organization_id=row.organization_id,
            at=row.at, receipt=row.receipt,
        )
        for row in rows
    ]  # fmt: skip
