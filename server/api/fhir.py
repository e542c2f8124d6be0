"""FHIR R4, reading: tickets, consults, beds, stays, organizations, patients; the map is server/fhir/STATUS.md."""

from importlib.metadata import version

from aiohttp import web

from referral.errors import UnknownSubject
from referral.wards import BedNow, Ward
from server.accounts import permissions
from server.accounts.model import AuditEntry
from server.accounts.permissions import Relation
from server.api.endpoint import Call, Routes
from server.api.fhir_answers import MEDIA, base_url, bundle, one_of, resource, search_of
from server.api.fhir_consults import found_consults
from server.fhir import capability, people, places, stays, tickets
from server.fhir.search import Search
from server.fhir.words import Resource, key_of
from server.workflows import organizations, patients

routes = Routes("fhir")
LOCATION, PATIENT = "GET /fhir/Location", "GET /fhir/Patient/{id}"
MAPS = {"ServiceRequest": tickets.service_request, "Task": tickets.task}


@routes.get("/fhir/metadata", media=MEDIA)
async def metadata(call: Call) -> web.Response:
    """Say what this interface can do (CapabilityStatement)."""
    return resource(capability.capability_statement(base_url(call), version("lutong"), now=call.now))


@routes.get("/fhir/ServiceRequest", media=MEDIA)
async def service_requests(call: Call) -> web.Response:
    """Search what was asked: referral tickets and consults that the caller may know of."""
    return await _search_tickets(call, "ServiceRequest")


@routes.get("/fhir/ServiceRequest/{id}", media=MEDIA)
async def service_request(call: Call) -> web.Response:
    """Show what one ticket or consult asks."""
    return await _one_ticket(call, "ServiceRequest")


@routes.get("/fhir/Task", media=MEDIA)
async def tasks(call: Call) -> web.Response:
    """Search the work on referral tickets that the caller may know of."""
    return await _search_tickets(call, "Task")


@routes.get("/fhir/Task/{id}", media=MEDIA)
async def task(call: Call) -> web.Response:
    """Show the work on one ticket."""
    return await _one_ticket(call, "Task")


@routes.get("/fhir/Encounter", media=MEDIA)
async def encounters(call: Call) -> web.Response:
    """Search stays in beds of the caller's house, and of tickets and consults that she may know of."""
    search = search_of(call, "Encounter")
    call.uow.audit(AuditEntry("search", "encounters", "", basis="fhir"))
    return bundle(call, "Encounter", search, [found for found, _ in await _encounters(call, search)])


@routes.get("/fhir/Encounter/{id}", media=MEDIA)
async def encounter(call: Call) -> web.Response:
    """Show one stay, or the meeting of one consult."""
    found, collection = _first(await _encounters(call, one_of(call)), "encounters", call)
    call.uow.audit(AuditEntry("read", collection, found["id"], _patient_of(found), basis="fhir"))
    return resource(found)


@routes.get("/fhir/Location", media=MEDIA)
async def locations(call: Call) -> web.Response:
    """Search wards and beds of the caller's house, or of one with which there is an agreement."""
    search = search_of(call, "Location")
    shown = sorted(await _locations(call, search), key=lambda pair: pair[0])
    call.uow.audit(AuditEntry("list", "beds", "", basis="fhir"))
    return bundle(call, "Location", search, [found for key, found in shown if key > search.after])


@routes.get("/fhir/Location/{id}", media=MEDIA)
async def location(call: Call) -> web.Response:
    """Show a ward or a bed."""
    key = key_of(call.path("id"))
    bed: BedNow | None = await call.uow.board.bed(key, call.now)
    ward: Ward | None = next((one for one in await call.uow.board.wards() if one.id == key), None)
    owner = bed.bed.organization_id if bed else ward.organization_id if ward else ""
    if not await _shows_board(call, owner):
        raise UnknownSubject("locations", key)
    call.uow.audit(AuditEntry("open", "beds", key[:64], basis="fhir"))
    return resource(places.bed(bed, now=call.now) if bed else places.ward(ward))  # type: ignore[arg-type]  # one is there


@routes.get("/fhir/Organization", media=MEDIA)
async def organizations_found(call: Call) -> web.Response:
    """Search the sites of the medical community."""
    search = search_of(call, "Organization")
    every = [one for one in await call.uow.organizations.all() if one.id > search.after]
    names = search.wanted.get("name", ())
    fitting = [one for one in every if search.fits("_id", one.id) and search.fits("identifier", one.id)]
    named = [one for one in fitting if not names or any(name in one.name for name in names)]
    return bundle(call, "Organization", search, [places.organization(one) for one in named])


@routes.get("/fhir/Organization/{id}", media=MEDIA)
async def organization(call: Call) -> web.Response:
    """Show one site."""
    return resource(places.organization(await organizations.get_organization(call.uow, key_of(call.path("id")))))


@routes.get("/fhir/Patient/{id}", media=MEDIA)
async def patient(call: Call) -> web.Response:
    """Show a patient with whom the caller has a care relation; numbers are masked, each look is audited."""
    found = await patients.open_patient(call.uow, key_of(call.path("id")), now=call.now, route=PATIENT)
    return resource(people.patient(found))


async def _search_tickets(call: Call, kind: str) -> web.Response:
    search = search_of(call, kind)
    call.uow.audit(AuditEntry("search", "referrals", "", basis=f"fhir {kind}"))
    return bundle(call, kind, search, [found for found, _ in await _asked(call, kind, search)])


async def _one_ticket(call: Call, kind: str) -> web.Response:
    found, collection = _first(await _asked(call, kind, one_of(call)), "referrals", call)
    call.uow.audit(AuditEntry("read", collection, found["id"], _patient_of(found), basis=f"fhir {kind}"))
    return resource(found)


async def _asked(call: Call, kind: str, search: Search) -> list[tuple[Resource, str]]:
    """Return tickets, and of what is asked consults too, by id, each with its collection."""
    found = await call.uow.fhir_search.tickets(call.caller, kind, search, now=call.now)
    names = await call.uow.neighbours.names() if found else {}
    shown = [(MAPS[kind](one.ticket, names, changed_at=one.changed_at), "referrals") for one in found]
    if kind == "ServiceRequest":
        shown += [(asked, "consults") for asked, _ in await found_consults(call, kind, search)]
    return _by_id(shown, search)


async def _encounters(call: Call, search: Search) -> list[tuple[Resource, str]]:
    """Return stays and consults by id, each with its collection."""
    found = await call.uow.fhir_search.stays(call.caller, search, now=call.now)
    shown = [(stays.encounter(one.interval, one.organization_id, in_bay=one.in_bay), "encounters") for one in found]
    shown += [(held, "consults") for held, _ in await found_consults(call, "Encounter", search)]
    return _by_id(shown, search)


def _by_id(shown: list[tuple[Resource, str]], search: Search) -> list[tuple[Resource, str]]:
    """Return one page and one more: each kind was asked for so many, in the order of its keys."""
    return sorted(shown, key=lambda pair: key_of(pair[0]["id"]))[: search.count + 1]


def _patient_of(found: Resource) -> str | None:
    who: str = (found.get("for") or found.get("subject") or {}).get("reference", "")
    return key_of(who.removeprefix("Patient/")) or None


async def _locations(call: Call, search: Search) -> list[tuple[str, Resource]]:
    """Return wards and beds with our keys: of the organizations that were asked for, else of the caller's own."""
    ours = sorted(permissions.organizations_for(call.caller, LOCATION))
    shown: list[tuple[str, Resource]] = []
    for owner in search.wanted.get("organization", tuple(ours)):
        if not await _shows_board(call, owner):
            permissions.require(call.caller, LOCATION, Relation(owner))
        shown += [(ward.id, places.ward(ward)) for ward in await call.uow.board.wards(owner)]
        beds = await call.uow.board.beds(call.now, organization_id=owner)
        shown += [(one.bed.id, places.bed(one, now=call.now)) for one in beds]
    return [(key, found) for key, found in shown if _fits(search, key, found)]


def _fits(search: Search, key: str, found: Resource) -> bool:
    above = key_of(found.get("partOf", {}).get("reference", "").removeprefix("Location/"))
    operational = found.get("operationalStatus", {}).get("code", "")
    pairs = (("_id", key), ("status", found["status"]), ("operational-status", operational), ("partof", above))
    return all(search.fits(name, value) for name, value in pairs)


async def _shows_board(call: Call, owner: str) -> bool:
    """Tell whether an organization's board is the caller's to see: her own, or one with which there is an agreement."""
    for ours in permissions.organizations_for(call.caller, LOCATION):
        if owner == ours or (owner and await call.uow.neighbours.agreed(ours, owner, call.now.date())):
            return True
    return False


def _first(found: list[tuple[Resource, str]], collection: str, call: Call) -> tuple[Resource, str]:
    if not found:
        raise UnknownSubject(collection, call.path("id")[:64])
    return found[0]
