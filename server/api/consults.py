"""Consults: applied for, listed, opened, written on (`/api/v1/consults`)."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from server.accounts import permissions
from server.accounts.errors import NoCareRelation
from server.accounts.model import AuditEntry
from server.accounts.permissions import Relation
from server.api.consult_bodies import ApplicationBody, ConsultBody
from server.api.consult_views import ConsultDetailView, ConsultPage, consult_views, detail_view
from server.api.endpoint import Body, Call, Routes, View
from server.api.order_view import Ref
from server.api.refusals import heed_if_match, on_record
from server.workflows.consults import act_of, party_of
from video.consults import Consult, Party
from video.errors import UnknownSubject, VersionMismatch
from video.service import applying
from video.service.applying import Wanted
from video.service.ground import the_consult

routes = Routes("consults")
CONSULTS = "/api/v1/consults"
APPLY = "POST /api/v1/consults"


class ListQuery(Body):
    """What a list is asked for; `state` takes several, comma-separated; `mine` is what the caller answers herself.

    With `day`, those whose time begins on that day of the county and was not called off: a schedule.
    """

    box: Literal["", "in", "out", "mine", "closed"] = ""
    state: str = Field(default="", max_length=400)
    patient: str = Field(default="", max_length=40)
    day: date | None = None
    cursor: str = Field(default="", max_length=400)
    limit: int = Field(default=50, ge=1, le=200)


class ApproversQuery(Body):
    """For which inviting house; "" is the caller's own."""

    org: str = Field(default="", max_length=40)


class ApproverPage(View):
    """People by name."""

    items: Sequence[Ref]


@routes.get(CONSULTS, query=ListQuery, answer=ConsultPage)
async def show_list(call: Call) -> ConsultPage:
    """List consults of a box, the next deadline first."""
    asked = call.query.model_dump(exclude={"cursor", "limit"}) | {"day": str(call.query.day or "")}
    page = await call.uow.consult_board.page(
        call.caller, asked, now=call.now, cursor=call.query.cursor, limit=call.query.limit
    )
    call.uow.audit(AuditEntry("list", "consults", asked["box"] or "-"))
    return ConsultPage(items=await consult_views(call, page.consults), next=page.next)


@routes.post(CONSULTS, body=ConsultBody, answer=ConsultDetailView, creates=True)
async def apply(call: Call) -> ConsultDetailView:
    """Apply for a consult: the invitee's desk is told at once."""
    body: ConsultBody = call.body
    inviter = _inviting_organization(call, body.from_org)
    if not await call.uow.patients.is_visible(call.caller, body.patient_id, now=call.now):
        raise NoCareRelation
    act = act_of(call.uow, Party(call.caller.user_id, call.caller.name, sender=True), call.now)
    with on_record(call, "apply", "consults", body.to_org, body.patient_id):
        consult = await applying.apply(act, _wanted(call, inviter))
    return await answer(call, consult, "apply")


@routes.get(CONSULTS + "/approvers", query=ApproversQuery, answer=ApproverPage)
async def show_approvers(call: Call) -> ApproverPage:
    """List who may approve an emergency without written consent: medical affairs, here or in the house above."""
    inviter = _inviting_organization(call, call.query.org)
    return ApproverPage(items=[Ref(id=key, name=name) for key, name in await call.uow.neighbours.leaders(inviter)])


@routes.get(CONSULTS + "/{id}", answer=ConsultDetailView)
async def show(call: Call) -> ConsultDetailView:
    """Show one consult with its application, its times and what happened."""
    consult, _ = await visible_consult(call, lock=False)
    return await answer(call, consult, "open")


@routes.add("PUT", CONSULTS + "/{id}", body=ApplicationBody, answer=ConsultDetailView)
async def edit(call: Call) -> ConsultDetailView:
    """Write on the application, an emergency's consent too; If-Match names the version that was seen."""
    consult, party = await visible_consult(call)
    if call.if_match != consult.version:
        raise VersionMismatch(consult.version)
    with on_record(call, "edit", "consults", consult.id, consult.patient_id):
        changed = await applying.edit(act_of(call.uow, party, call.now), consult, call.body.application())
    return await answer(call, changed, "edit")


async def visible_consult(call: Call, *, lock: bool = True, heed: bool = True) -> tuple[Consult, Party]:
    """Return a consult, locked unless it is only looked at, and what the caller is to it.

    It is named by its id, or by the number that people say aloud.

    Parameters
    ----------
    heed
        An If-Match that was sent names the consult's version, not another one's.

    Raises
    ------
    UnknownSubject
        When there is none, or the caller may not know that there is.
    VersionMismatch
        When an If-Match was sent and is not the version that stands.
    """
    consult_id = await call.uow.consult_board.id_of(call.path("id"))
    if not await call.uow.consult_board.is_visible(call.caller, consult_id, now=call.now):
        if await call.uow.consults.get(consult_id) is not None:  # to the caller there is none; that she tried is kept
            call.uow.audit(AuditEntry("reach", "consults", consult_id, outcome="refused", basis=UnknownSubject.code))
        raise UnknownSubject("consults", consult_id)
    act = act_of(call.uow, Party(call.caller.user_id), call.now)
    consult = await the_consult(act, consult_id, lock=lock)
    if lock and heed:
        heed_if_match(call, consult.version)
    return consult, party_of(call.caller, consult)


async def answer(call: Call, consult: Consult, action: str) -> ConsultDetailView:
    """Return a consult after a command or a look, audited, with the commands that are possible now."""
    call.uow.audit(
        AuditEntry(
            action, "consults", consult.id, consult.patient_id, organization_id=consult.from_organization_id,
            basis="consult",
        )
    )  # fmt: skip
    return await detail_view(call, consult)


def _wanted(call: Call, inviter: str) -> Wanted:
    body: ConsultBody = call.body
    return Wanted(
        body.service, body.urgency, body.mode, body.patient_id, inviter, body.to_org, body.application(),
        call.caller.title,
    )  # fmt: skip


def _inviting_organization(call: Call, wanted: str) -> str:
    """Return for whom the caller asks: the organization named, else her own."""
    if wanted:
        permissions.require(call.caller, APPLY, Relation(organization_id=wanted))
        return wanted
    return min(permissions.organizations_for(call.caller, APPLY))
