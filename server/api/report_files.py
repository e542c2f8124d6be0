"""A report on paper."""

import hashlib

from aiohttp import web

from dicom.orders import Report
from server.accounts.model import AuditEntry
from server.api.endpoint import REQUEST_ID, Call, Routes
from server.api.reports import REPORTS, visible_report

routes = Routes("reports")


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
