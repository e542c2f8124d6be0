"""Wards and beds: the board, what wards do with their beds, and holds (`/api/v1/beds`, `wards`, `bed-holds`)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from pydantic import AwareDatetime, Field

from referral.errors import UnknownSubject
from referral.model import Pool
from referral.service import furnishing, reception, wards
from referral.service.ground import Act
from referral.tickets import Party
from referral.wards import Bed, Ward
from server.accounts import permissions
from server.accounts.errors import NoCareRelation
from server.accounts.model import AuditEntry
from server.accounts.permissions import Relation
from server.api.bed_views import BedPage, BedView, HoldView, bed_page, bed_view, hold_view
from server.api.endpoint import Body, Call, Routes
from server.api.refusals import heed_if_match, on_record
from server.workflows.referrals import act_of, kin_of, party_of, staff_of

routes = Routes("beds")
BEDS, WARDS, HOLDS = "/api/v1/beds", "/api/v1/wards", "/api/v1/bed-holds"
LONGEST = timedelta(hours=24)


class BoardQuery(Body):
    """Which beds; the caller's own organization without a name."""

    org: str = Field(default="", max_length=40)
    ward: str = Field(default="", max_length=80)
    department: str = Field(default="", max_length=60)
    state: str = Field(default="", max_length=20)


class BlockBody(Body):
    """Why a bed is out of service, and until when."""

    reason: str = Field(default="", max_length=200)
    until: AwareDatetime | None = None


class RelabelBody(Body):
    """The pool a bed goes to, and why."""

    pool: Pool
    reason: str = Field(default="", max_length=200)


class OccupyBody(Body):
    """Who lies down without a ticket."""

    patient_id: str | None = Field(default=None, max_length=40)
    label: str = Field(default="", max_length=20)
    sex: str = Field(default="", pattern="^(|male|female|unknown)$")
    expected_end_at: AwareDatetime | None = None


class ExpectBody(Body):
    """When the patient in a bed is expected to leave."""

    expected_end_at: AwareDatetime | None = None


class MoveBody(Body):
    """The bed a patient moves to."""

    to_bed_id: str = Field(min_length=1, max_length=80)


class ReleaseBody(Body):
    """A reason in words."""

    reason: str = Field(default="", max_length=2000)


class ExtendBody(Body):
    """Until when a hold is prolonged."""

    until: AwareDatetime


class PreEmptBody(Body):
    """The ticket of level Ⅰ that takes the bed."""

    ticket_id: str = Field(min_length=1, max_length=40)


@routes.get(BEDS, query=BoardQuery, answer=BedPage)
async def board(call: Call) -> BedPage:
    """Show the board: wards with the age of their knowledge, beds with who keeps them, the reserved quota."""
    organization_id = await _whose(call, call.query.org)
    call.uow.audit(AuditEntry("list", "beds", organization_id))
    return await bed_page(call, organization_id, call.query)


@routes.get(BEDS + "/{id}", answer=BedView)
async def show(call: Call) -> BedView:
    """Show one bed."""
    await _act_on(call, call.path("id"))
    call.uow.audit(AuditEntry("open", "beds", call.path("id")))
    return await bed_view(call, call.path("id"))


Do = Callable[[Act, str], Awaitable[Any]]


async def _command(call: Call, name: str, do: Do) -> BedView:
    act, bed = await _act_on(call, call.path("id"))
    heed_if_match(call, bed.version)
    with on_record(call, name, "beds", call.path("id")):
        await do(act, call.path("id"))
    call.uow.audit(AuditEntry(name, "beds", call.path("id"), organization_id=bed.organization_id))
    return await bed_view(call, call.path("id"))


@routes.post(BEDS + "/{id}/block", body=BlockBody, answer=BedView)
async def block(call: Call) -> BedView:
    """Take a bed out of service."""
    body = call.body
    return await _command(call, "block", lambda act, b: wards.block(act, b, reason=body.reason, until=body.until))


@routes.post(BEDS + "/{id}/unblock", answer=BedView)
async def unblock(call: Call) -> BedView:
    """Put a bed back into service; it is offered to the queue."""
    return await _command(call, "unblock", wards.unblock)


@routes.post(BEDS + "/{id}/clean", answer=BedView)
async def clean(call: Call) -> BedView:
    """Say that a bed is clean; it is offered to the queue."""
    return await _command(call, "clean", wards.clean)


@routes.post(BEDS + "/{id}/confirm", answer=BedView)
async def confirm(call: Call) -> BedView:
    """Say that what the board shows is true; the ward's knowledge is fresh again."""
    return await _command(call, "confirm", wards.confirm_bed)


@routes.post(BEDS + "/{id}/relabel", body=RelabelBody, answer=BedView)
async def relabel(call: Call) -> BedView:
    """Give a bed to another pool; a debt of the reserved pool is paid with it."""
    body = call.body
    return await _command(call, "relabel", lambda act, b: wards.relabel(act, b, body.pool, body.reason))


@routes.post(BEDS + "/{id}/occupy", body=OccupyBody, answer=BedView)
async def occupy(call: Call) -> BedView:
    """Take somebody in without a ticket."""
    walk_in, patient_id = wards.WalkIn(**call.body.model_dump()), call.body.patient_id
    if patient_id and not await call.uow.patients.is_visible(call.caller, patient_id, now=call.now):
        raise NoCareRelation
    return await _command(call, "occupy", lambda act, b: wards.occupy(act, b, walk_in))


@routes.post(BEDS + "/{id}/expect", body=ExpectBody, answer=BedView)
async def expect(call: Call) -> BedView:
    """Say when the patient in a bed is expected to leave."""
    at = call.body.expected_end_at
    return await _command(call, "expect", lambda act, b: wards.expect(act, b, at))


@routes.post(BEDS + "/{id}/vacate", answer=BedView)
async def vacate(call: Call) -> BedView:
    """Let whoever lies in a bed out; it waits to be cleaned."""
    return await _command(call, "vacate", wards.vacate)


@routes.post(BEDS + "/{id}/move", body=MoveBody, answer=BedView)
async def move(call: Call) -> BedView:
    """Move whoever lies in a bed to another one."""
    target = call.body.to_bed_id
    return await _command(call, "move", lambda act, b: wards.move_patient(act, b, target))


@routes.post(WARDS + "/{id}/confirm", answer=BedPage)
async def confirm_ward(call: Call) -> BedPage:
    """Say for a shift that a ward's board is true."""
    ward = await _ward(call, call.path("id"))
    heed_if_match(call, ward.version)
    act = act_of(call.uow, staff_of(call.caller, ward.organization_id), call.now)
    with on_record(call, "confirm", "wards", ward.id):
        await wards.confirm_ward(act, ward)
    call.uow.audit(AuditEntry("confirm", "wards", ward.id, organization_id=ward.organization_id))
    return await bed_page(call, ward.organization_id, BoardQuery(ward=ward.id))


@routes.post(HOLDS + "/{id}/release", body=ReleaseBody, answer=HoldView)
async def release(call: Call) -> HoldView:
    """Give a held bed back."""
    hold_id, reason = call.path("id"), call.body.reason
    act, ticket = await _hold(call)
    with on_record(call, "release", "bed-holds", hold_id, ticket.patient_id):
        await reception.release_hold(act, ticket, reason=reason or "released")
    return await _answer(call, hold_id, ticket.patient_id, "release")


@routes.post(HOLDS + "/{id}/extend", body=ExtendBody, answer=HoldView)
async def extend(call: Call) -> HoldView:
    """Prolong a live hold, by a day at most."""
    act, ticket = await _hold(call)
    with on_record(call, "extend", "bed-holds", call.path("id"), ticket.patient_id):
        await reception.extend_hold(act, call.path("id"), min(call.body.until, call.now + LONGEST))
    return await _answer(call, call.path("id"), ticket.patient_id, "extend")


@routes.post(HOLDS + "/{id}/pre-empt", body=PreEmptBody, answer=HoldView)
async def pre_empt(call: Call) -> HoldView:
    """Let a ticket of level Ⅰ take a hold of Ⅲ or Ⅳ; the caller is the person who confirms it."""
    act, ticket = await _hold(call)
    with on_record(call, "pre-empt", "bed-holds", call.path("id"), ticket.patient_id):
        taken = await reception.pre_empt(act, call.path("id"), call.body.ticket_id)
    hold = taken.hold
    return await _answer(call, hold.id if hold else call.path("id"), ticket.patient_id, "pre-empt")


async def _answer(call: Call, hold_id: str, patient_id: str, action: str) -> HoldView:
    call.uow.audit(AuditEntry(action, "bed-holds", hold_id, patient_id))
    return await hold_view(call, hold_id)


async def _hold(call: Call) -> tuple[Act, Any]:
    """Return an act of the caller on a hold's ticket, and the ticket, locked; what it may is the table's to say."""
    looking = act_of(call.uow, Party(call.caller.user_id), call.now)
    hold, ticket = await reception.the_hold(looking, call.path("id"))
    call.now = call.hub.clock.now()  # whoever waited for the lock acts now
    party = party_of(call.caller, ticket, await kin_of(call.uow, call.caller))
    if not (party.desk or party.lead):
        raise UnknownSubject("bed-holds", call.path("id"))
    heed_if_match(call, hold.version)
    return act_of(call.uow, party, call.now), ticket


async def _act_on(call: Call, bed_id: str) -> tuple[Act, Bed]:
    """Return an act of the caller on a bed of hers, and the bed.

    Raises
    ------
    UnknownSubject
        When there is no such bed, or it is another organization's.
    """
    bed = await call.uow.board.bed(bed_id, call.now)
    if bed is None or bed.bed.organization_id not in call.caller.organizations:
        raise UnknownSubject("beds", bed_id)
    return act_of(call.uow, staff_of(call.caller, bed.bed.organization_id), call.now), bed.bed


async def _ward(call: Call, ward_id: str) -> Ward:
    ward = await furnishing.the_ward(act_of(call.uow, Party(call.caller.user_id), call.now), ward_id)
    if ward.organization_id not in call.caller.organizations:
        raise UnknownSubject("wards", ward_id)
    return ward


async def _whose(call: Call, wanted: str) -> str:
    """Return the organization whose board is asked for: her own, or one with which there is an agreement."""
    ours = sorted(permissions.organizations_for(call.caller, "GET /api/v1/beds"))
    if not wanted:
        return ours[0] if ours else ""
    for organization_id in ours:
        if wanted == organization_id or await call.uow.neighbours.agreed(organization_id, wanted, call.now.date()):
            return wanted
    permissions.require(call.caller, "GET /api/v1/beds", Relation(organization_id=wanted))
    return wanted
