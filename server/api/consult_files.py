"""The papers of a consult as PDF: the application as it stands, the opinion as it was signed."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from server.accounts.model import AuditEntry
from server.api.consult_views import is_side
from server.api.consults import CONSULTS, visible_consult
from server.api.endpoint import REQUEST_ID, Call, Routes
from server.bootstrap import FONTS
from server.documents.consult_sheets import render_application, render_opinion
from server.workflows.consult_document import application_sheet, opinion_sheet
from video.consults import Consult
from video.errors import NotPermitted, UnknownSubject

routes = Routes("consults")
Sheet = TypeVar("Sheet")


@routes.get(CONSULTS + "/{id}/application/pdf", transaction="none", media="application/pdf")
async def show_application(call: Call) -> web.Response:
    """Print the application (远程会诊申请单), for either side's record."""
    async with call.hub.unit_of_work(call.caller, read=True, request_id=call.request.get(REQUEST_ID)) as call.uow:
        consult = await _printed(call, "consults")
        sheet = await application_sheet(call.uow, consult, url=call.hub.settings.url)
    return await _pdf(call, render_application, sheet, f"{consult.number}-{consult.version}")


@routes.get(CONSULTS + "/{id}/opinion/pdf", transaction="none", media="application/pdf")
async def show_opinion(call: Call) -> web.Response:
    """Print the signed opinion (远程会诊意见书): each side files its own, and /v/{code} says whether it is genuine."""
    async with call.hub.unit_of_work(call.caller, read=True, request_id=call.request.get(REQUEST_ID)) as call.uow:
        consult = await _printed(call, "opinions")
        opinion = await call.uow.opinions.get(consult.id)
        if opinion is None or opinion.signed_at is None:
            raise UnknownSubject("opinions", consult.id)
        sheet = await opinion_sheet(call.uow, consult, opinion, url=call.hub.settings.url)
    return await _pdf(call, render_opinion, sheet, opinion.number)


async def _printed(call: Call, collection: str) -> Consult:
    """Return the consult whose paper is printed, audited; a broken glass is for reading and prints nothing."""
    consult, party = await visible_consult(call, lock=False)
    if not is_side(party):
        raise NotPermitted
    call.uow.audit(AuditEntry("print", collection, consult.id, consult.patient_id, basis="consult"))
    return consult


async def _pdf(
    call: Call, render: Callable[[Sheet, Iterable[Path]], bytes], sheet: Sheet, name: str
) -> web.Response:  # fmt: skip
    """Typeset a paper beside the event loop and outside any transaction."""
    data = await call.hub.store.run(render, sheet, FONTS)
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
        "ETag": f'"{hashlib.sha256(data).hexdigest()}"',
    }
    return web.Response(body=data, headers=headers)
