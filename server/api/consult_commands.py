"""What people do with a consult: `POST /api/v1/consults/{id}/{command}`; each answers with the consult anew."""

from collections.abc import Awaitable, Callable

from server.api.consult_bodies import AdoptBody, ChooseBody, OfferBody, PanelBody, ReasonBody, RescheduleBody
from server.api.consult_views import ConsultDetailView
from server.api.consults import CONSULTS, answer, visible_consult
from server.api.endpoint import Call, Routes
from server.api.refusals import on_record
from server.workflows.consults import act_of
from video.consults import Consult
from video.service import desk, opinions
from video.service.ground import Act

routes = Routes("consults")
Do = Callable[[Act, Consult], Awaitable[Consult]]


async def command(call: Call, name: str, do: Do) -> ConsultDetailView:
    """Do what somebody commands; a refusal stays on record."""
    consult, party = await visible_consult(call)
    with on_record(call, name, "consults", consult.id, consult.patient_id):
        moved = await do(act_of(call.uow, party, call.now), consult)
    return await answer(call, moved, name)


@routes.post(CONSULTS + "/{id}/triage", body=PanelBody, answer=ConsultDetailView)
async def triage(call: Call) -> ConsultDetailView:
    """Take a consult on and name its experts, the host first."""
    experts = call.body.experts
    return await command(call, "triage", lambda act, c: desk.triage(act, c, experts))


@routes.post(CONSULTS + "/{id}/refuse", body=ReasonBody, answer=ConsultDetailView)
async def refuse(call: Call) -> ConsultDetailView:
    """Refuse a consult with the reason that the inviter is told."""
    reason = call.body.reason
    return await command(call, "refuse", lambda act, c: desk.refuse(act, c, reason))


@routes.post(CONSULTS + "/{id}/offer-slots", body=OfferBody, answer=ConsultDetailView)
async def offer_slots(call: Call) -> ConsultDetailView:
    """Offer times; each is kept for the experts and the inviter's room until one is chosen or ten minutes are over."""
    spans = call.body.spans
    return await command(call, "offer-slots", lambda act, c: desk.offer(act, c, spans))


@routes.post(CONSULTS + "/{id}/choose-slot", body=ChooseBody, answer=ConsultDetailView)
async def choose_slot(call: Call) -> ConsultDetailView:
    """Choose one of the offered times; that confirms it."""
    slot_id = call.body.slot_id
    return await command(call, "choose-slot", lambda act, c: desk.choose(act, c, slot_id))


@routes.post(CONSULTS + "/{id}/answer-in-writing", answer=ConsultDetailView)
async def answer_in_writing(call: Call) -> ConsultDetailView:
    """Answer without a call: the experts write."""
    return await command(call, "answer-in-writing", desk.answer_in_writing)


@routes.post(CONSULTS + "/{id}/reschedule", body=RescheduleBody, answer=ConsultDetailView)
async def reschedule(call: Call) -> ConsultDetailView:
    """Give a time back and offer others; the other side chooses."""
    body = call.body
    return await command(call, "reschedule", lambda act, c: desk.reschedule(act, c, body.spans, body.reason))


@routes.post(CONSULTS + "/{id}/cancel", body=ReasonBody, answer=ConsultDetailView)
async def cancel(call: Call) -> ConsultDetailView:
    """Call a consult off before it began."""
    reason = call.body.reason
    return await command(call, "cancel", lambda act, c: desk.cancel(act, c, reason))


@routes.post(CONSULTS + "/{id}/adopt", body=AdoptBody, answer=ConsultDetailView)
async def adopt(call: Call) -> ConsultDetailView:
    """Say what the inviter made of the opinion: adopted, partly or not, with the reason."""
    body = call.body
    return await command(call, "adopt", lambda act, c: opinions.adopt(act, c, body.adopted, body.reason))


@routes.post(CONSULTS + "/{id}/close", answer=ConsultDetailView)
async def close(call: Call) -> ConsultDetailView:
    """Close a consult whose opinion was adopted or not."""
    return await command(call, "close", desk.close)


@routes.post(CONSULTS + "/{id}/close-without-opinion", body=ReasonBody, answer=ConsultDetailView)
async def close_without_opinion(call: Call) -> ConsultDetailView:
    """Close a consult to which nobody writes an opinion, with the reason."""
    reason = call.body.reason
    return await command(call, "close-without-opinion", lambda act, c: opinions.close_without(act, c, reason))
