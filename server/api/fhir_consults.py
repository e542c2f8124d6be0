"""Consults over FHIR: times as Appointment, signed opinions as DocumentReference; asked and held, for `fhir.py`."""

from collections.abc import Iterable

from aiohttp import web

from server.accounts.errors import Forbidden
from server.accounts.model import AuditEntry
from server.accounts.permissions import may_enter
from server.api.consult_views import is_side
from server.api.endpoint import Call, Routes
from server.api.fhir_answers import MEDIA, ROOT, base_url, bundle, one_of, resource, search_of
from server.fhir import consults
from server.fhir.consults import Around
from server.fhir.search import Search
from server.fhir.words import Resource, fhir_id
from server.workflows.consults import party_of
from video.consults import Consult
from video.errors import UnknownSubject

routes = Routes("fhir")
CONSULTS = "GET /api/v1/consults"


@routes.get("/fhir/Appointment", media=MEDIA)
async def appointments(call: Call) -> web.Response:
    """Search times of consults, offered or booked, that the caller may know of."""
    search = search_of(call, "Appointment")
    call.uow.audit(AuditEntry("search", "slots", "", basis="fhir Appointment"))
    return bundle(call, "Appointment", search, [found for found, _ in await _appointments(call, search)])


@routes.get("/fhir/Appointment/{id}", media=MEDIA)
async def appointment(call: Call) -> web.Response:
    """Show one time of a consult."""
    found, consult = _first(await _appointments(call, one_of(call)), "slots", call)
    call.uow.audit(AuditEntry("read", "consults", consult.id, consult.patient_id, basis="fhir Appointment"))
    return resource(found)


@routes.get("/fhir/DocumentReference", media=MEDIA)
async def documents(call: Call) -> web.Response:
    """Search signed opinions of consults that the caller may know of."""
    search = search_of(call, "DocumentReference")
    call.uow.audit(AuditEntry("search", "opinions", "", basis="fhir DocumentReference"))
    return bundle(call, "DocumentReference", search, [found for found, _ in await _documents(call, search)])


@routes.get("/fhir/DocumentReference/{id}", media=MEDIA)
async def document(call: Call) -> web.Response:
    """Show one signed opinion as a document; its PDF is fetched where it says, by whoever belongs to a side."""
    found, consult = _first(await _documents(call, one_of(call)), "opinions", call)
    call.uow.audit(AuditEntry("read", "opinions", consult.id, consult.patient_id, basis="fhir DocumentReference"))
    return resource(found)


async def found_consults(call: Call, kind: str, search: Search) -> list[tuple[Resource, Consult]]:
    """Return consults as ServiceRequest or Encounter; none for a role that reads no consults elsewhere either."""
    try:
        may_enter(call.caller, CONSULTS)
    except Forbidden:
        return []
    found = await call.uow.fhir_consults.consults(call.caller, kind, search, now=call.now)
    arounds = await _arounds(call, [one.consult for one in found])
    if kind == "Encounter":
        return [
            (consults.encounter(one.consult, around, slot_id=one.slot_id, changed_at=one.changed_at), one.consult)
            for one, around in zip(found, arounds, strict=True)
        ]
    return [
        (consults.service_request(one.consult, around, changed_at=one.changed_at), one.consult)
        for one, around in zip(found, arounds, strict=True)
    ]


async def _appointments(call: Call, search: Search) -> list[tuple[Resource, Consult]]:
    found = await call.uow.fhir_consults.slots(call.caller, search, now=call.now)
    arounds = await _arounds(call, [consult for _, consult in found])
    return [
        (consults.appointment(slot, consult, around, now=call.now), consult)
        for (slot, consult), around in zip(found, arounds, strict=True)
    ]


async def _documents(call: Call, search: Search) -> list[tuple[Resource, Consult]]:
    found = await call.uow.fhir_consults.opinions(call.caller, search, now=call.now)
    arounds = await _arounds(call, [consult for _, consult in found])
    api = base_url(call).removesuffix(ROOT) + "/api/v1/consults"
    return [
        (consults.document_reference(opinion, one, around, pdf_url=f"{api}/{one.id}/opinion/pdf"), one)
        for (opinion, one), around in zip(found, arounds, strict=True)
    ]


async def _arounds(call: Call, found: Iterable[Consult]) -> list[Around]:
    """Return with what each consult is shown: names, and whether the caller belongs to one of its sides."""
    every = list(found)
    places = await call.uow.centres.names() if every else {}
    people = await call.uow.centres.people([user for one in every for user in one.experts])
    return [Around(places, people, is_side(party_of(call.caller, one))) for one in every]


def _first(found: list[tuple[Resource, Consult]], collection: str, call: Call) -> tuple[Resource, Consult]:
    if not found:
        raise UnknownSubject(collection, fhir_id(call.path("id"))[:64])
    return found[0]
