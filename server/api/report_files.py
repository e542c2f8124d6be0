"""A report on paper, and the public page that says whether a printed copy is genuine."""

import hashlib
import html
import secrets
from datetime import datetime
from typing import Any

from aiohttp import web

from dicom.orders import Report, ReportState
from server.accounts.model import AuditEntry
from server.api.endpoint import CSP_NONCE, REQUEST_ID, Answer, Call, Routes, View
from server.api.problems import problem
from server.api.reports import REPORTS, visible_report
from server.clock import CHINA
from server.patients.names import masked_name

routes = Routes("reports")


class GenuineView(View):
    """What anybody with a printed copy may know: no patient data beyond a masked name."""

    code: str
    number: str
    edition: int
    state: str
    organization: str
    centre_organization: str
    patient: str
    released_at: datetime | None
    digest: str
    digest_valid: bool
    superseded: bool


@routes.get(REPORTS + "/{id}/pdf", transaction="none")
async def show_pdf(call: Call) -> web.Response:
    """Return the report's PDF, the same bytes every time once it is released."""
    hub = call.hub
    async with hub.unit_of_work(call.caller, read=True, request_id=call.request.get(REQUEST_ID)) as uow:
        subject, _ = await visible_report(call, uow, lock=False)
        uow.audit(AuditEntry("print", "reports", subject.report.id, subject.order.patient_id))
    return _pdf(await hub.office.pdf(subject.report.id), subject.report)


def _pdf(data: bytes, report: Report) -> web.Response:
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'inline; filename="{report.number}-{report.edition}.pdf"',
        "Cache-Control": "private, no-store",
        "ETag": f'"{hashlib.sha256(data).hexdigest()}"',
    }
    return web.Response(body=data, headers=headers)


@routes.get("/v/{code}", answer=GenuineView, public=True)
async def show_genuine(call: Call) -> Answer | web.Response:
    """Say whether a printed report is genuine and still the one that holds."""
    report = await call.uow.reports.by_code(call.path("code").strip().upper())
    if report is None:
        return problem(404, "NOT_FOUND", "没有这个验证码的报告 (no report carries this code)")
    view = await _genuine(call.uow, report)
    if "text/html" in call.request.headers.get("Accept", ""):
        return _page(call, view)
    return Answer(view)


async def _genuine(uow: Any, report: Report) -> GenuineView:
    order = await uow.orders.get(report.order_id)
    names = await uow.centres.names()
    patient = await uow.patients.get(order.patient_id) if order.patient_id else None
    body = (report.body or "").encode()
    return GenuineView(
        code=report.verification_code or "",
        number=report.number,
        edition=report.edition,
        state=report.state.value,
        organization=names.get(order.organization_id, ""),
        centre_organization=names.get(order.centre_organization_id or "", ""),
        patient=masked_name(patient.name) if patient else "",
        released_at=report.released_at,
        digest=report.digest or "",
        digest_valid=bool(body) and hashlib.sha256(body).hexdigest() == report.digest,
        superseded=report.state is ReportState.SUPERSEDED,
    )


def _page(call: Call, view: GenuineView) -> web.Response:
    released = view.released_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if view.released_at else ""
    verdict = "有更新的版本，这一份已被替换 (superseded)" if view.superseded else "有效 (valid)"
    rows = {
        "结论": verdict if view.digest_valid else "内容与签名不符 (the signed bytes do not agree)",
        "报告号": f"{view.number}，第 {view.edition} 版",
        "报告单位": view.centre_organization,
        "申请单位": view.organization,
        "病人": view.patient,
        "签发": released,
        "摘要 SHA-256": view.digest,
    }
    cells = "".join(f"<tr><th>{html.escape(k)}</th><td>{html.escape(v)}</td></tr>" for k, v in rows.items())
    nonce = secrets.token_urlsafe(12)
    call.request[CSP_NONCE] = nonce
    page = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>报告验证</title>'
        f'<style nonce="{nonce}">body{{font:16px/1.6 system-ui,sans-serif;margin:2rem auto;max-width:40rem;'
        "padding:0 1rem;color:#13201e}th{text-align:left;padding-right:1rem;white-space:nowrap;font-weight:400;"
        "color:#40504d}td{overflow-wrap:anywhere}</style>"
        f"<h1>绿通报告验证</h1><table>{cells}</table></html>"
    )
    return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})
