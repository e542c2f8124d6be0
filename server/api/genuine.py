"""`/v/{code}`: the public page that says whether a printed report or opinion is genuine, nothing about the patient."""

import hashlib
import html
import secrets
from datetime import datetime
from typing import Any, Literal

from aiohttp import web

from dicom.orders import Report, ReportState
from server.api.endpoint import CSP_NONCE, Answer, Call, Routes, View
from server.api.problems import problem
from server.clock import CHINA
from server.patients.names import masked_name
from server.workflows.consult_document import code_of, opinion_by_code
from server.workflows.consults import act_of
from video.consults import Consult, Opinion, Party
from video.service.opinions import is_intact

routes = Routes("reports")
KINDS = {"report": "诊断报告 (report)", "consult-opinion": "会诊意见，不是诊断 (consult opinion, no diagnosis)"}


class GenuineView(View):
    """What anybody with a printed copy may know: no patient data beyond a masked name.

    Of a consult's opinion `organization` is the inviter and `centre_organization` the invitee, `released_at` is when
    it was signed.
    """

    document: Literal["report", "consult-opinion"]
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


@routes.get("/v/{code}", answer=GenuineView, public=True)
async def show_genuine(call: Call) -> Answer | web.Response:
    """Say whether a printed report or opinion is genuine and still the one that holds."""
    view = await _found(call, call.path("code").strip().upper())
    if view is None:
        return problem(404, "NOT_FOUND", "没有这个验证码的报告或会诊意见 (nothing printed here carries this code)")
    if "text/html" in call.request.headers.get("Accept", ""):
        return _page(call, view)
    return Answer(view)


async def _found(call: Call, code: str) -> GenuineView | None:
    report = await call.uow.reports.by_code(code)
    if report is not None:
        return await _report(call.uow, report)
    found = await opinion_by_code(call.uow, code)
    return None if found is None else await _opinion(call, *found)


async def _report(uow: Any, report: Report) -> GenuineView:
    order = await uow.orders.get(report.order_id)
    names = await uow.centres.names()
    body = (report.body or "").encode()
    return GenuineView(
        document="report",
        code=report.verification_code or "",
        number=report.number,
        edition=report.edition,
        state=report.state.value,
        organization=names.get(order.organization_id, ""),
        centre_organization=names.get(order.centre_organization_id or "", ""),
        patient=await _masked(uow, order.patient_id),
        released_at=report.released_at,
        digest=report.digest or "",
        digest_valid=bool(body) and hashlib.sha256(body).hexdigest() == report.digest,
        superseded=report.state is ReportState.SUPERSEDED,
    )


async def _opinion(call: Call, consult: Consult, opinion: Opinion) -> GenuineView:
    names = await call.uow.centres.names()
    return GenuineView(
        document="consult-opinion",
        code=code_of(opinion),
        number=opinion.number,
        edition=1,
        state=consult.state.value,
        organization=names.get(consult.from_organization_id, ""),
        centre_organization=names.get(consult.to_organization_id, ""),
        patient=await _masked(call.uow, consult.patient_id),
        released_at=opinion.signed_at,
        digest=opinion.digest or "",
        digest_valid=await is_intact(act_of(call.uow, Party(call.caller.user_id), call.now), consult),
        superseded=False,
    )


async def _masked(uow: Any, patient_id: str | None) -> str:
    patient = await uow.patients.get(patient_id) if patient_id else None
    return masked_name(patient.name) if patient else ""


def _page(call: Call, view: GenuineView) -> web.Response:
    released = view.released_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if view.released_at else ""
    verdict = "有更新的版本，这一份已被替换 (superseded)" if view.superseded else "有效 (valid)"
    report = view.document == "report"
    rows = {
        "结论": verdict if view.digest_valid else "内容与签名不符 (the signed bytes do not agree)",
        "文书": KINDS[view.document],
        **({"报告号": f"{view.number}，第 {view.edition} 版"} if report else {"意见书编号": view.number}),
        "报告单位" if report else "受邀方": view.centre_organization,
        "申请单位" if report else "邀请方": view.organization,
        "病人": view.patient,
        "签发": released,
        "摘要 SHA-256": view.digest,
    }
    cells = "".join(f"<tr><th>{html.escape(k)}</th><td>{html.escape(v)}</td></tr>" for k, v in rows.items())
    nonce = secrets.token_urlsafe(12)
    call.request[CSP_NONCE] = nonce
    page = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>文书验证</title>'
        f'<style nonce="{nonce}">body{{font:16px/1.6 system-ui,sans-serif;margin:2rem auto;max-width:40rem;'
        "padding:0 1rem;color:#13201e}th{text-align:left;padding-right:1rem;white-space:nowrap;font-weight:400;"
        "color:#40504d}td{overflow-wrap:anywhere}</style>"
        f"<h1>绿通文书验证</h1><table>{cells}</table></html>"
    )
    return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})
