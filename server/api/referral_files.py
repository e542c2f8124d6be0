"""The national referral forms as PDF: filled from a ticket, or empty for work on paper when the line is down."""

import hashlib
from typing import Literal

from aiohttp import web

from server.accounts.model import AuditEntry
from server.api.endpoint import REQUEST_ID, Body, Call, Routes
from server.api.referrals import REFERRALS, concerns, visible_ticket
from server.bootstrap import FONTS
from server.documents.referral_form import render_out_form, render_return_form
from server.documents.referral_model import OutForm, Printing, ReturnForm
from server.workflows.referral_document import FormKind, kind_of, print_form

routes = Routes("referrals")


class FormQuery(Body):
    """Which form; a ticket's own without a name."""

    kind: Literal["", "out", "return"] = ""


@routes.get(REFERRALS + "/blank-form", query=FormQuery, transaction="none", media="application/pdf")
async def blank_form(call: Call) -> web.Response:
    """Print an empty form to write on while the line is down; its ticket is written later with both times."""
    kind = FormKind(call.query.kind or FormKind.OUT)
    async with call.hub.unit_of_work(call.caller, read=True, request_id=call.request.get(REQUEST_ID)) as uow:
        uow.audit(AuditEntry("print", "referral-forms", f"blank {kind}"))
    form = OutForm() if kind is FormKind.OUT else ReturnForm()
    return await _pdf(call, form, Printing(at=call.now, by=call.caller.name), f"blank-{kind}")


@routes.get(REFERRALS + "/{id}/form", query=FormQuery, transaction="none", media="application/pdf")
async def show_form(call: Call) -> web.Response:
    """Print a ticket's form: 转出单, or 回转单 of a way home or an outcome; each print says which one it is."""
    async with call.hub.unit_of_work(call.caller, request_id=call.request.get(REQUEST_ID)) as call.uow:
        ticket, party = await visible_ticket(call, lock=False)
        concerns(ticket, party)
        kind = FormKind(call.query.kind or kind_of(ticket))
        url, by = call.hub.settings.url, call.caller.name
        form, printing = await print_form(call.uow, ticket, kind, by=by, url=url, now=call.now)
    return await _pdf(call, form, printing, f"{ticket.number}-{kind}")


async def _pdf(call: Call, form: OutForm | ReturnForm, printing: Printing, name: str) -> web.Response:
    """Typeset a form beside the event loop and outside any transaction."""
    if isinstance(form, OutForm):
        data = await call.hub.store.run(render_out_form, form, printing, FONTS)
    else:
        data = await call.hub.store.run(render_return_form, form, printing, FONTS)
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
        "ETag": f'"{hashlib.sha256(data).hexdigest()}"',
    }
    return web.Response(body=data, headers=headers)
