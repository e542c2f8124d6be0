"""The call of a consult by commands: rung for, checked in, begun, ended, missed; and the patient's link to it."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from server.api.consult_bodies import AdmitSeatBody, LinkBody, NoShowBody, RingBody
from server.api.consult_commands import command
from server.api.consult_signal import BOARD
from server.api.consult_views import ConsultDetailView
from server.api.consults import CONSULTS, answer, visible_consult
from server.api.endpoint import REQUEST_ID, Call, Routes, View
from server.api.refusals import on_record
from server.patients.model import Patient
from server.workflows import patient_links
from server.workflows.consults import act_of
from video.consults import Consult
from video.errors import NotPermitted
from video.lifecycle import permit
from video.service import call as calls
from video.service import rooms
from video.service.ground import Act
from video.service.rooms import Outcome

routes = Routes("consults")
InRoom = Callable[[Act, Consult], Awaitable[Outcome]]


class ConsultLinkView(View):
    """The patient's link, said this once: a later one ends it."""

    url: str
    expires_at: datetime
    sent: bool  # by short message, where that was asked


@routes.post(CONSULTS + "/{id}/ring", body=RingBody, answer=ConsultDetailView)
async def ring(call: Call) -> ConsultDetailView:
    """Ring for an expert at once, for an emergency: each has a minute, then the next one is rung."""
    experts = call.body.experts
    return await command(call, "ring", lambda act, c: calls.ring(act, c, experts))


@routes.post(CONSULTS + "/{id}/check-in", answer=ConsultDetailView)
async def check_in(call: Call) -> ConsultDetailView:
    """Say that the patient and her doctor are there."""
    return await command(call, "check-in", calls.check_in)


@routes.post(CONSULTS + "/{id}/admit", body=AdmitSeatBody, answer=ConsultDetailView, transaction="none")
async def admit(call: Call) -> ConsultDetailView:
    """Let in somebody who waits, or everybody; the first one begins the call."""
    seat = call.body.seat
    return await in_the_room(call, "admit", lambda act, c: rooms.admit_all(act, c, seat))


@routes.post(CONSULTS + "/{id}/end", answer=ConsultDetailView, transaction="none")
async def end(call: Call) -> ConsultDetailView:
    """End the call for all; the experts write."""
    return await in_the_room(call, "end", rooms.end_all)


@routes.post(CONSULTS + "/{id}/no-show", body=NoShowBody, answer=ConsultDetailView)
async def no_show(call: Call) -> ConsultDetailView:
    """Say who has not come: for an expert the next one is rung, a patient's consult ends."""
    body = call.body
    return await command(call, "no-show", lambda act, c: calls.no_show(act, c, body.absent, body.reason))


@routes.post(CONSULTS + "/{id}/links", body=LinkBody, answer=ConsultLinkView, transaction="none")
async def make_link(call: Call) -> ConsultLinkView:
    """Make the patient's link to the call, sent to her phone where that is asked; an earlier one ends."""
    async with call.hub.unit_of_work(call.caller, request_id=call.request.get(REQUEST_ID)) as call.uow:
        consult, party = await visible_consult(call)
        with on_record(call, "link", "consults", consult.id, consult.patient_id):
            if not (party.sender or party.sender_lead or party.desk or party.lead or party.expert):
                raise NotPermitted
            token, expires_at = await patient_links.make_for_consult(
                call.uow, consult, by=call.caller.user_id, now=call.now
            )
        patient = await call.uow.patients.get(consult.patient_id)
    url = f"{call.hub.settings.url}/j/{token}"
    return ConsultLinkView(url=url, expires_at=expires_at, sent=await _texted(call, patient, url))


async def _texted(call: Call, patient: Patient, url: str) -> bool:
    """Send the link to the patient's phone; the message names neither her nor an illness."""
    if not call.body.text_patient or not patient.phone:
        return False
    return await call.hub.messages.send(patient.phone, f"【绿通】您的远程会诊链接，请在手机上打开：{url}")


async def in_the_room(call: Call, name: str, do: InRoom) -> ConsultDetailView:
    """Give a command that the room has to hear of at once, after its transaction."""
    async with call.hub.unit_of_work(call.caller, request_id=call.request.get(REQUEST_ID)) as call.uow:
        consult, party = await visible_consult(call)
        with on_record(call, name, "consults", consult.id, consult.patient_id):
            permit(consult, name, party)
            outcome = await do(act_of(call.uow, party, call.now), consult)
        view = await answer(call, outcome.consult, name)
    await call.request.app[BOARD].hand_out(outcome)
    return view
