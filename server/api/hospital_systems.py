"""The hospitals' systems with which HL7 v2 is exchanged: `/api/v1/organizations/{id}/hl7-systems`."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from server.accounts.permissions import Relation, require
from server.api.endpoint import Body, Call, Routes, View
from server.hl7.charset import GB_18030, UTF_8
from server.hl7.systems import HospitalSystem
from server.workflows import hospital_systems
from server.workflows.hospital_systems import Wanted

routes = Routes("hl7-systems")
SYSTEMS = "/api/v1/organizations/{id}/hl7-systems"
NAME = r"^[^|^~\\&\x00-\x1f]{1,80}$"  # what stands in MSH-3 and MSH-4, without a separator


class HospitalSystemView(View):
    """A hospital's system, and where messages of ours go to it."""

    id: str
    organization_id: str
    application: str
    facility: str
    description: str
    charset: str
    addresses: Sequence[str]
    host: str | None
    port: int | None
    last_seen_at: datetime | None
    disabled_at: datetime | None
    version: int


class HospitalSystemPage(View):
    """The systems of an organization."""

    items: Sequence[HospitalSystemView]
    next: str | None = None


class NewHospitalSystem(Body):
    """A system that may send, by the names it gives itself (MSH-3, MSH-4), and where it takes messages."""

    application: str = Field(pattern=NAME)
    facility: str = Field(pattern=NAME)
    description: str = Field("", max_length=200)
    charset: str = Field(UTF_8, json_schema_extra={"enum": [UTF_8, GB_18030]}, pattern=f"^({UTF_8}|{GB_18030})$")
    addresses: Sequence[str] = Field((), max_length=20)
    host: str | None = Field(None, max_length=253)
    port: int | None = Field(None, ge=1, le=65535)


@routes.get(SYSTEMS, answer=HospitalSystemPage)
async def listing(call: Call) -> HospitalSystemPage:
    """List an organization's systems."""
    require(call.caller, f"GET {SYSTEMS}", Relation(call.path("id")))
    return HospitalSystemPage(items=[_view(one) for one in await call.uow.exchange.systems(call.path("id"))])


@routes.post(SYSTEMS, body=NewHospitalSystem, answer=HospitalSystemView, creates=True)
async def register(call: Call) -> HospitalSystemView:
    """Register a system of an organization."""
    wanted = Wanted(**call.body.model_dump() | {"addresses": tuple(call.body.addresses)})
    return _view(await hospital_systems.add_system(call.uow, call.path("id"), wanted, now=call.now))


@routes.post(SYSTEMS + "/{system}/disable", answer=HospitalSystemView)
async def disable(call: Call) -> HospitalSystemView:
    """Refuse a system from now on, and send it nothing."""
    system = await hospital_systems.disable_system(call.uow, call.path("id"), call.path("system"), now=call.now)
    return _view(system)


def _view(system: HospitalSystem) -> HospitalSystemView:
    return HospitalSystemView(**{name: getattr(system, name) for name in HospitalSystemView.model_fields})
