"""The opinion of a consult: written together, signed (`/api/v1/consults/{id}/opinion`, `…/sign`)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from server.accounts.model import AuditEntry
from server.api.consult_bodies import OpinionBody, SignOpinionBody
from server.api.consult_views import ConsultDetailView
from server.api.consults import CONSULTS, answer, visible_consult
from server.api.endpoint import REQUEST_ID, Call, Routes, View
from server.api.order_view import CommandView, Ref, command_views
from server.api.refusals import on_record
from server.workflows.consults import act_of
from server.workflows.sessions import confirm_password
from video.consults import Consult, Opinion, OpinionText, Party
from video.errors import UnknownSubject
from video.lifecycle import consult_commands
from video.model import TEMPLATE, Document, Side
from video.service import opinions

routes = Routes("consults")


class OpinionSignatureView(View):
    """Who signed, as whom, when; void where the words changed since."""

    user: Ref
    role: str
    method: str
    digest: str
    at: datetime
    voided_at: datetime | None


class OpinionView(View):
    """An opinion: the inviter decides what is done and is liable for it. It is no diagnosis."""

    consult_id: str
    document: Document
    template: str
    liable: Side
    number: str | None
    version: int
    findings: str
    diagnosis: str
    differential: str
    further_tests: str
    treatment: str
    refer: bool | None
    refer_level: int | None
    insufficient: bool
    limits: str
    updated_at: datetime | None
    updated_by: Ref | None
    signed_at: datetime | None
    digest: str | None
    signatures: Sequence[OpinionSignatureView]
    commands: Sequence[CommandView]


@routes.get(CONSULTS + "/{id}/opinion", answer=OpinionView)
async def show(call: Call) -> OpinionView:
    """Show the opinion: to its experts from the first word, to the inviter once it is signed."""
    consult, party = await visible_consult(call, lock=False)
    opinion = await call.uow.opinions.get(consult.id)
    writes = party.expert or party.lead
    if not writes and (opinion is None or opinion.signed_at is None):
        raise UnknownSubject("opinions", consult.id)
    call.uow.audit(AuditEntry("open", "opinions", consult.id, consult.patient_id, basis="consult"))
    return await _view(call, consult, party, opinion)


@routes.add("PUT", CONSULTS + "/{id}/opinion", body=OpinionBody, answer=OpinionView)
async def write(call: Call) -> OpinionView:
    """Keep what an expert writes; autosave, with the opinion's version in If-Match, 0 before the first word."""
    expected = call.if_match
    consult, party = await visible_consult(call, heed=False)
    with on_record(call, "write-opinion", "consults", consult.id, consult.patient_id):
        act = act_of(call.uow, party, call.now)
        written = await opinions.write(act, consult, call.body.text(), expected=expected)
    call.uow.audit(AuditEntry("write-opinion", "opinions", consult.id, consult.patient_id, basis="consult"))
    return await _view(call, consult, party, written)


@routes.post(CONSULTS + "/{id}/sign", body=SignOpinionBody, answer=ConsultDetailView, transaction="none")
async def sign(call: Call) -> ConsultDetailView:
    """Sign the opinion, having proven again who one is; the host's word sends it to the inviter."""
    hub, request_id = call.hub, call.request.get(REQUEST_ID)
    async with hub.unit_of_work(call.caller, read=True, request_id=request_id) as call.uow:
        await visible_consult(call, lock=False)
    method = await _proven(call)
    async with hub.unit_of_work(call.caller, request_id=request_id) as call.uow:
        call.now = hub.clock.now()
        consult, party = await visible_consult(call)
        with on_record(call, "sign", "consults", consult.id, consult.patient_id):
            act, seen = act_of(call.uow, party, call.now), call.body.opinion_version
            signed = await opinions.sign(act, consult, method, seen=seen)
        return await answer(call, signed, "sign")


async def _proven(call: Call) -> str:
    """Make sure that the person who signs is the one who signed in; return how."""
    request_id = call.request.get(REQUEST_ID)
    return await confirm_password(
        lambda: call.hub.unit_of_work(call.caller, request_id=request_id), call.hub.passwords, call.caller,
        call.body.password, call.body.otp, clock=call.hub.clock.now,
    )  # fmt: skip


async def _view(call: Call, consult: Consult, party: Party, opinion: Opinion | None) -> OpinionView:
    signatures = await call.uow.opinions.signatures(consult.id)
    users = [each.user_id for each in signatures] + ([opinion.updated_by] if opinion else [])
    names = await call.uow.centres.people(users)
    return OpinionView(
        consult_id=consult.id,
        document=Document.OPINION,
        template=TEMPLATE,
        liable=Side.INVITER,
        version=opinion.version if opinion else 0,
        updated_by=Ref(id=opinion.updated_by, name=names.get(opinion.updated_by, "")) if opinion else None,
        signatures=[
            OpinionSignatureView(
                user=Ref(id=each.user_id, name=names.get(each.user_id, each.user_id)), role=each.role,
                method=each.method, digest=each.digest, at=each.at, voided_at=each.voided_at,
            )
            for each in signatures
        ],
        commands=command_views(consult_commands(consult, party, now=call.now)),
        **asdict(opinion.text if opinion else OpinionText()),
        **_facts(opinion),
    )  # fmt: skip


def _facts(opinion: Opinion | None) -> dict[str, Any]:
    return {name: getattr(opinion, name, None) for name in ("number", "updated_at", "signed_at", "digest")}
