"""Places: `/api/v1/organizations` and the AE titles they call from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from dicom.model import Kind, Priority
from server.accounts.permissions import Relation, require
from server.accounts.places import AeTitle, Centre, Organization, OrganizationKind
from server.api.endpoint import Body, Call, Routes, View
from server.workflows import organizations
from server.workflows.delivery import Address

routes = Routes("organizations")
PRIORITIES = f"^({'|'.join(Priority)})$"


class CentreView(View):
    """A diagnostic centre of an organization."""

    id: str
    kind: Kind
    name: str
    modalities: Sequence[str]
    opens: str
    closes: str
    weekdays: Sequence[int]
    emergency_round_the_clock: bool
    phone: str


class OrganizationView(View):
    """An organization with its centres."""

    id: str
    name: str
    kind: OrganizationKind
    division: str
    parent_id: str | None
    record_area: str
    phone: str
    beds: int | None
    closed_at: datetime | None
    centres: Sequence[CentreView]
    version: int


class OrganizationPage(View):
    """Every organization."""

    items: Sequence[OrganizationView]
    next: str | None = None


class AeTitleView(View):
    """An application entity of an organization."""

    ae_title: str
    organization_id: str
    description: str
    charset: str | None
    default_priority: Priority
    addresses: Sequence[str]
    host: str | None
    port: int | None
    last_seen_at: datetime | None
    disabled_at: datetime | None
    version: int


class AeTitlePage(View):
    """The application entities of an organization."""

    items: Sequence[AeTitleView]
    next: str | None = None


class EchoView(View):
    """Whether a device answered, and what to look at when it did not."""

    answered: bool
    zh: str
    en: str


class OrganizationFields(Body):
    """What an administrator says of an organization."""

    name: str = Field(min_length=1, max_length=100)
    kind: OrganizationKind
    division: str = Field(pattern=r"^[0-9]{6}$")
    parent_id: str | None = None
    record_area: str = Field("", pattern=r"^([0-9]{12})?$")
    phone: str = Field("", max_length=40)
    beds: int | None = Field(None, ge=0, le=10_000)


class NewOrganization(OrganizationFields):
    """A new organization and its id."""

    id: str = Field(pattern=r"^[A-Z][A-Z0-9]{1,15}$")


class NewAeTitle(Body):
    """A device or PACS that may call (PS3.8 §9.3.2), and where reports go back to it."""

    ae_title: str = Field(min_length=1, max_length=16)
    description: str = Field("", max_length=200)
    charset: str | None = Field(None, max_length=40)
    default_priority: str = Field("routine", pattern=PRIORITIES, json_schema_extra={"enum": list(Priority)})
    addresses: Sequence[str] = Field((), max_length=20)
    host: str | None = Field(None, max_length=253)
    port: int | None = Field(None, ge=1, le=65535)


@routes.get("/api/v1/organizations", answer=OrganizationPage)
async def listing(call: Call) -> OrganizationPage:
    """List the organizations with their centres."""
    centres = await call.uow.organizations.centres()
    return OrganizationPage(items=[_view(o, centres) for o in await call.uow.organizations.all()])


@routes.get("/api/v1/organizations/{id}", answer=OrganizationView)
async def one(call: Call) -> OrganizationView:
    """Show an organization."""
    organization = await organizations.get_organization(call.uow, call.path("id"))
    return _view(organization, await call.uow.organizations.centres())


@routes.post("/api/v1/organizations", body=NewOrganization, answer=OrganizationView, creates=True)
async def create(call: Call) -> OrganizationView:
    """Register an organization."""
    fresh = Organization(created_at=call.now, **call.body.model_dump())
    return _view(await organizations.add_organization(call.uow, fresh), [])


@routes.add("PUT", "/api/v1/organizations/{id}", body=OrganizationFields, answer=OrganizationView)
async def change(call: Call) -> OrganizationView:
    """Change an organization; If-Match carries the version that was seen."""
    wanted = Organization(id=call.path("id"), created_at=call.now, **call.body.model_dump())
    after = await organizations.change_organization(call.uow, wanted, seen_version=call.if_match)
    return _view(after, await call.uow.organizations.centres())


@routes.get("/api/v1/organizations/{id}/ae-titles", answer=AeTitlePage)
async def ae_titles(call: Call) -> AeTitlePage:
    """List an organization's AE titles."""
    organization = await organizations.get_organization(call.uow, call.path("id"))
    require(call.caller, "GET /api/v1/organizations/{id}/ae-titles", Relation(organization.id))
    return AeTitlePage(items=[_ae_title(e) for e in await call.uow.organizations.ae_titles(organization.id)])


@routes.post("/api/v1/organizations/{id}/ae-titles", body=NewAeTitle, answer=AeTitleView, creates=True)
async def add_ae_title(call: Call) -> AeTitleView:
    """Register an AE title of an organization."""
    fields: dict[str, Any] = call.body.model_dump() | {"addresses": tuple(call.body.addresses)}
    entity = AeTitle(organization_id=call.path("id"), **fields)
    return _ae_title(await organizations.add_ae_title(call.uow, entity))


@routes.post("/api/v1/organizations/{id}/ae-titles/{ae}/disable", answer=AeTitleView)
async def disable_ae_title(call: Call) -> AeTitleView:
    """Refuse a device from now on."""
    return _ae_title(await organizations.disable_ae_title(call.uow, call.path("id"), call.path("ae"), now=call.now))


@routes.post("/api/v1/organizations/{id}/ae-titles/{ae}/echo", answer=EchoView, transaction="none")
async def echo(call: Call) -> EchoView:
    """Ask a device whether it is there (C-ECHO)."""
    require(call.caller, "POST /api/v1/organizations/{id}/ae-titles/{ae}/echo", Relation(call.path("id")))
    async with call.hub.unit_of_work(call.caller, read=True) as uow:
        entity = await organizations.get_ae_title(uow, call.path("id"), call.path("ae"))
    return await _ask(call, entity)


async def _ask(call: Call, entity: AeTitle) -> EchoView:
    if entity.host is None or entity.port is None or call.hub.echo is None:
        return EchoView(answered=False, zh="没有登记地址和端口，无法呼叫", en="no host and port are registered")
    address = Address(entity.ae_title, entity.host, entity.port, call.hub.settings.ae_title)
    reason = await call.hub.echo(address)
    if reason is None:
        return EchoView(answered=True, zh="连通，C-ECHO 成功", en="reached: C-ECHO succeeded")
    zh = f"没有回应：请查地址、端口、网线和设备的 AE 名（{reason}）"
    return EchoView(answered=False, zh=zh, en=f"no answer: {reason}")


def _view(o: Organization, centres: Sequence[Centre]) -> OrganizationView:
    return OrganizationView(
        id=o.id,
        name=o.name,
        kind=o.kind,
        division=o.division,
        parent_id=o.parent_id,
        record_area=o.record_area,
        phone=o.phone,
        beds=o.beds,
        closed_at=o.closed_at,
        centres=[_centre(c) for c in centres if c.organization_id == o.id],
        version=o.version,
    )


def _centre(c: Centre) -> CentreView:
    return CentreView(**{name: getattr(c, name) for name in CentreView.model_fields})


def _ae_title(e: AeTitle) -> AeTitleView:
    return AeTitleView(**{name: getattr(e, name) for name in AeTitleView.model_fields})
