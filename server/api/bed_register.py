"""Wards, beds and roads as an administrator writes them down (`POST /api/v1/wards`, `beds`, `PUT travel-times`)."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from referral.model import BedKind, Pool, SexRule
from referral.service import furnishing
from referral.service.ground import Act
from referral.service.wards import the_bed
from referral.tickets import Party
from referral.wards import Ward, bed_id
from server.accounts import permissions
from server.accounts.model import AuditEntry
from server.accounts.permissions import Relation
from server.api.bed_views import BedView, WardView, bed_view
from server.api.endpoint import Body, Call, Routes, View
from server.workflows.referrals import act_of

routes = Routes("beds")
WARDS, BEDS, ROADS = "/api/v1/wards", "/api/v1/beds", "/api/v1/travel-times"
DEPARTMENTS = "/api/v1/departments"
LABEL = r"^[^\s./?#%]{1,24}$"


class WardBody(Body):
    """A ward; beds are found by its department, `CCU`, `心内`."""

    organization_id: str = Field(min_length=1, max_length=40)
    name: str = Field(pattern=LABEL)
    department: str = Field(min_length=1, max_length=60)
    phone: str = Field(default="", max_length=30)
    capabilities: Sequence[str] = Field(default=(), max_length=40)


class NewBedBody(Body):
    """A bed of a ward; `label` is what stands on its door."""

    ward_id: str = Field(min_length=1, max_length=80)
    label: str = Field(pattern=LABEL)
    pool: Pool = Pool.GENERAL
    kind: BedKind = BedKind.BED
    sex: SexRule = SexRule.BOTH
    isolation: bool = False
    monitored: bool = False
    devices: Sequence[str] = Field(default=(), max_length=20)


class WithdrawBody(Body):
    """Why a bed is taken off the board for good."""

    reason: str = Field(default="", max_length=200)


class DepartmentBody(Body):
    """What a department can do today, and who is on duty: where to refer to goes by it."""

    organization_id: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=40)
    phone: str = Field(default="", max_length=30)
    devices: Sequence[str] = Field(default=(), max_length=40)
    services: Sequence[str] = Field(default=(), max_length=40)
    on_duty: Sequence[str] = Field(default=(), max_length=20)


class DepartmentView(View):
    """A department as it was written down."""

    organization_id: str
    name: str
    phone: str
    devices: Sequence[str]
    services: Sequence[str]
    on_duty: Sequence[str]
    confirmed_at: datetime


class RoadBody(Body):
    """How long the road between two organizations takes, in both directions."""

    between: tuple[str, str]
    minutes: int = Field(ge=0, le=2880)


class RoadView(View):
    """A road."""

    between: Sequence[str]
    minutes: int


@routes.post(WARDS, body=WardBody, answer=WardView, creates=True)
async def add_ward(call: Call) -> WardView:
    """Add a ward to an organization."""
    body = call.body
    act = _act(call, "POST /api/v1/wards", body.organization_id)
    key = bed_id(body.organization_id, body.name)
    described = (body.name, body.department, body.phone, tuple(body.capabilities))
    ward = await furnishing.add_ward(act, Ward(key, body.organization_id, *described))
    call.uow.audit(AuditEntry("add", "wards", ward.id, organization_id=ward.organization_id))
    plain = {name: getattr(ward, name) for name in WardView.model_fields if name not in {"stale", "counts"}}
    return WardView(**plain, stale=True, counts={})


@routes.post(BEDS, body=NewBedBody, answer=BedView, creates=True)
async def add_bed(call: Call) -> BedView:
    """Add a bed to a ward."""
    looking = act_of(call.uow, Party(call.caller.user_id), call.now)
    ward = await furnishing.the_ward(looking, call.body.ward_id)
    act = _act(call, "POST /api/v1/beds", ward.organization_id)
    fields = call.body.model_dump(exclude={"ward_id"}) | {"devices": tuple(call.body.devices)}
    bed = await furnishing.add_bed(act, ward, furnishing.NewBed(**fields))
    call.uow.audit(AuditEntry("add", "beds", bed.id, organization_id=bed.organization_id))
    return await bed_view(call, bed.id)


@routes.post(BEDS + "/{id}/withdraw", body=WithdrawBody)
async def withdraw(call: Call) -> None:
    """Take a bed off the board for good."""
    looking = act_of(call.uow, Party(call.caller.user_id), call.now)
    bed = await the_bed(looking, call.path("id"))
    act = _act(call, "POST /api/v1/beds/{id}/withdraw", bed.bed.organization_id)
    await furnishing.withdraw(act, bed.bed.id, call.body.reason)
    call.uow.audit(AuditEntry("withdraw", "beds", bed.bed.id, organization_id=bed.bed.organization_id))


@routes.add("PUT", ROADS, body=RoadBody, answer=RoadView)
async def set_road(call: Call) -> RoadView:
    """Write down how long a road takes; targets and the rule of the beds look at it."""
    one, other = call.body.between
    await call.uow.neighbours.set_travel_minutes(one, other, call.body.minutes)
    call.uow.audit(AuditEntry("write", "travel-times", f"{one}-{other}"))
    return RoadView(between=sorted((one, other)), minutes=call.body.minutes)


@routes.add("PUT", DEPARTMENTS, body=DepartmentBody, answer=DepartmentView)
async def write_department(call: Call) -> DepartmentView:
    """Write down what a department can do today, and who is on duty."""
    body = call.body
    permissions.require(call.caller, "PUT /api/v1/departments", Relation(organization_id=body.organization_id))
    await call.uow.capabilities.put(**body.model_dump(), at=call.now)
    key = bed_id(body.organization_id, body.name)
    call.uow.audit(AuditEntry("write", "departments", key, organization_id=body.organization_id))
    return DepartmentView(**body.model_dump(), confirmed_at=call.now)


def _act(call: Call, route: str, organization_id: str) -> Act:
    permissions.require(call.caller, route, Relation(organization_id=organization_id))
    return act_of(call.uow, Party(call.caller.user_id, call.caller.name), call.now)
