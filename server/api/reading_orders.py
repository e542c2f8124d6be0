"""Reading orders: placed by a township, claimed and read by a centre (`/api/v1/reading-orders`)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from dicom.errors import UnknownSubject, VersionMismatch
from dicom.model import Kind, Priority
from dicom.orders import Person, ReadingOrder, ReturnCode
from dicom.routing import NoRoute, Question, Route
from dicom.service import reading as use
from dicom.service.ground import the_order
from dicom.service.reports import begin_draft
from server.accounts import permissions
from server.accounts.errors import NoCareRelation
from server.accounts.model import AuditEntry
from server.accounts.permissions import Relation
from server.api.endpoint import Body, Call, Routes, View
from server.api.order_view import OrderView, Ref, Words, order_views
from server.workflows.imaging import new_id
from server.workflows.reading import person_of, served

routes = Routes("reading-orders")
PLACE = "POST /api/v1/reading-orders"
ORDERS = "/api/v1/reading-orders"
YES = frozenset({"1", "true"})


class PlaceBody(Body):
    """What a township asks for (decisions 12)."""

    patient_id: str = Field(min_length=1, max_length=40)
    kind: Kind
    priority: Priority = Priority.ROUTINE
    question: str = Field("", max_length=4000)
    history: str = Field("", max_length=8000)
    expected_instances: int | None = Field(None, ge=1, le=100_000)
    accession: str | None = Field(None, max_length=16)
    organization_id: str | None = Field(None, max_length=40)


class ListQuery(Body):
    """What a list is asked for; `state` takes several, comma-separated, and `open` for all that are not done."""

    centre: str = ""
    state: str = ""
    mine: str = Field("", pattern="^(|0|1|true|false)$")
    kind: str = ""
    patient: str = ""
    organization: str = ""
    q: str = Field("", max_length=100)
    critical: str = Field("", pattern="^(|0|1|true|false)$")
    cursor: str = Field("", max_length=400)
    limit: int = Field(50, ge=1, le=200)


class ReasonBody(Body):
    """A reason in words."""

    reason: str = Field("", max_length=2000)


class ReturnBody(Body):
    """Why a study goes back."""

    code: ReturnCode = ReturnCode.OTHER
    reason: str = Field("", max_length=2000)


class RouteBody(Body):
    """Which centre a person chose, and why."""

    centre_id: str = Field(min_length=1, max_length=40)
    reason: str = Field("", max_length=2000)


class PreviewBody(Body):
    """What is about to be sent."""

    kind: Kind | None = None
    modality: str = Field("", max_length=16)
    priority: Priority = Priority.ROUTINE
    organization_id: str | None = Field(None, max_length=40)


class PreviewView(View):
    """Where it would go now, why, and how many minutes the centre has; `code` says why it goes nowhere."""

    centre: Ref | None
    limit_minutes: int | None
    reason: Words
    code: str | None
    rule_version: int
    phone: str | None


class HappenedView(View):
    """One thing that happened to an order or its report."""

    at: datetime
    name: str
    state: str
    actor: Ref | None


class ContactView(View):
    """Whom to call about it."""

    name: str
    phone: str


class OrderDetailView(OrderView):
    """An order with everything that happened, and whom to call."""

    events: Sequence[HappenedView]
    contact: ContactView


class CountsView(View):
    """How many orders there are beside the filter; a state's counter bears its word."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"), serialize_by_alias=True)

    all: int
    mine: int
    critical: int
    final_today: int
    receiving: int
    quarantined: int
    unrouted: int
    ready: int
    claimed: int
    awaiting_verification: int
    returned: int
    amending: int


class OrderListView(View):
    """One page and the counters over all that the caller sees."""

    items: Sequence[OrderView]
    next: str | None
    counts: CountsView


Act = Callable[[Any, ReadingOrder, Person], Awaitable[ReadingOrder]]


@routes.post(ORDERS, body=PlaceBody, answer=OrderView, creates=True)
async def place(call: Call) -> OrderView:
    """Place an order before or with the images."""
    body, uow = call.body, call.uow
    organization = _sending_organization(call, body.organization_id)
    if not await uow.patients.is_visible(call.caller, body.patient_id, now=call.now):
        raise NoCareRelation
    command = use.PlaceOrder(
        organization, body.patient_id, body.kind, body.priority, body.question, body.history,
        body.expected_instances, body.accession or "",
    )  # fmt: skip
    order = await use.place_order(uow, command, by=call.caller.user_id, order_id=new_id(), now=call.now)
    return await answer(call, order, "place")


@routes.get(ORDERS, query=ListQuery, answer=OrderListView)
async def show_list(call: Call) -> OrderListView:
    """List orders, the most urgent first."""
    asked = _filter(call)
    looked_after = await served(call.uow, call.caller)
    page = await call.uow.worklist.page(
        call.caller, looked_after, asked, now=call.now, cursor=call.query.cursor, limit=call.query.limit
    )
    counts = await call.uow.worklist.counts(call.caller, looked_after, asked, now=call.now)
    items = await order_views(call.uow, page.lines, call.caller, now=call.now)
    call.uow.audit(AuditEntry("list", "reading-orders", asked.centre or "-"))
    return OrderListView(items=items, next=page.next, counts=CountsView.model_validate(counts))


@routes.get(ORDERS + "/{id}", answer=OrderDetailView)
async def show(call: Call) -> OrderDetailView:
    """Show one order with what happened to it."""
    line = await _line(call)
    view = (await order_views(call.uow, [line], call.caller, now=call.now))[0]
    order = line.order
    call.uow.audit(AuditEntry("open", "reading-orders", order.id, order.patient_id))
    return OrderDetailView(
        **{name: getattr(view, name) for name in OrderView.model_fields},
        events=await _happened(call, line),
        contact=await _contact(call, order),
    )


@routes.post(ORDERS + "/{id}/claim", answer=OrderView)
async def claim(call: Call) -> OrderView:
    """Take an order to read it; one winner."""

    async def act(uow: Any, order: ReadingOrder, person: Person) -> ReadingOrder:
        claimed = await use.claim(uow, order, person, now=call.now)
        await begin_draft(uow, claimed, report_id=new_id(), by=person.user_id, now=call.now)
        return claimed

    return await _command(call, "claim", act)


@routes.post(ORDERS + "/{id}/renew", answer=OrderView)
async def renew(call: Call) -> OrderView:
    """Keep a claim alive."""
    return await _command(call, "renew", lambda uow, o, p: use.renew(uow, o, p, now=call.now))


@routes.post(ORDERS + "/{id}/release", answer=OrderView)
async def release(call: Call) -> OrderView:
    """Give an order back to the worklist; the draft stays."""
    return await _command(call, "release", lambda uow, o, p: use.release(uow, o, p, now=call.now))


@routes.post(ORDERS + "/{id}/return", body=ReturnBody, answer=OrderView)
async def return_to_sender(call: Call) -> OrderView:
    """Send a study back with a reason; the clock pauses."""
    code, reason = call.body.code.value, call.body.reason
    return await _command(
        call, "return", lambda uow, o, p: use.return_order(uow, o, p, code=code, reason=reason, now=call.now)
    )


@routes.post(ORDERS + "/{id}/resend", answer=OrderView)
async def resend(call: Call) -> OrderView:
    """Send a returned order again; the clock runs on."""
    return await _command(call, "resend", lambda uow, o, p: use.resend(uow, o, p, now=call.now))


@routes.post(ORDERS + "/{id}/route", body=RouteBody, answer=OrderView)
async def route(call: Call) -> OrderView:
    """Name the centre for an order that found none."""
    centre_id, reason = call.body.centre_id, call.body.reason
    return await _command(
        call, "route", lambda uow, o, p: use.route_by_hand(uow, o, p, centre_id=centre_id, reason=reason, now=call.now)
    )


@routes.post(ORDERS + "/{id}/cancel", body=ReasonBody, answer=OrderView)
async def cancel(call: Call) -> OrderView:
    """Cancel, or ask the reader to agree where somebody has begun."""
    reason = call.body.reason
    return await _command(call, "cancel", lambda uow, o, p: use.cancel(uow, o, p, reason=reason, now=call.now))


@routes.post(ORDERS + "/{id}/confirm-cancel", answer=OrderView)
async def confirm_cancel(call: Call) -> OrderView:
    """Agree to a cancellation."""
    return await _command(call, "confirm-cancel", lambda uow, o, p: use.confirm_cancel(uow, o, p, now=call.now))


@routes.post(ORDERS + "/{id}/keep", answer=OrderView)
async def keep(call: Call) -> OrderView:
    """Go on in spite of a cancellation asked for."""
    return await _command(call, "keep", lambda uow, o, p: use.keep(uow, o, p, now=call.now))


@routes.post(ORDERS + "/preview-route", body=PreviewBody, answer=PreviewView, transaction="read")
async def preview_route(call: Call) -> PreviewView:
    """Say where a study would go now, and why, before anything is sent."""
    organization, body = _sending_organization(call, call.body.organization_id), call.body
    modalities = (body.modality,) if body.modality else ()
    decided = await use.preview(call.uow, Question(organization, body.priority, modalities, body.kind), now=call.now)
    return _preview(decided)


def _preview(decided: Route | NoRoute) -> PreviewView:
    centre = decided.centre if isinstance(decided, Route) else None
    return PreviewView(
        centre=Ref(id=centre.id, name=centre.name) if centre else None,
        limit_minutes=decided.limit_minutes if isinstance(decided, Route) else None,
        reason=Words(zh=decided.reason.zh, en=decided.reason.en),
        code=decided.code if isinstance(decided, NoRoute) else None,
        rule_version=decided.rule_version,
        phone=centre.phone if centre else None,
    )


async def _command(call: Call, name: str, act: Act) -> OrderView:
    order, person = await visible_order(call, call.path("id"))
    return await answer(call, await act(call.uow, order, person), name)


async def visible_order(call: Call, order_id: str, *, lock: bool = True) -> tuple[ReadingOrder, Person]:
    """Return an order, locked unless it is only looked at, and what the caller is to it.

    Raises
    ------
    UnknownSubject
        When there is none, or the caller may not know that there is.
    VersionMismatch
        When an If-Match was sent and is not the version that stands.
    """
    looked_after = await served(call.uow, call.caller)
    if await call.uow.worklist.one(call.caller, looked_after, order_id, now=call.now) is None:
        raise UnknownSubject("reading-orders", order_id)
    order = await the_order(call.uow, order_id, lock=lock)
    if "If-Match" in call.request.headers and call.if_match != order.version:
        raise VersionMismatch(order.version)
    return order, person_of(call.caller, order, looked_after)


async def answer(call: Call, order: ReadingOrder, action: str) -> OrderView:
    """Return an order after a command, audited, with the commands that are possible now."""
    call.uow.audit(
        AuditEntry(action, "reading-orders", order.id, order.patient_id, organization_id=order.organization_id)
    )
    looked_after = await served(call.uow, call.caller)
    line = await call.uow.worklist.one(call.caller, looked_after, order.id, now=call.now)
    if line is None:
        raise UnknownSubject("reading-orders", order.id)
    return (await order_views(call.uow, [line], call.caller, now=call.now))[0]


async def _line(call: Call) -> Any:
    looked_after = await served(call.uow, call.caller)
    line = await call.uow.worklist.one(call.caller, looked_after, call.path("id"), now=call.now)
    if line is None:
        raise UnknownSubject("reading-orders", call.path("id"))
    return line


def _sending_organization(call: Call, wanted: str | None) -> str:
    """Return for whom the caller sends: the organization named, else her own."""
    ours = sorted(permissions.organizations_for(call.caller, PLACE))
    if wanted is not None:
        permissions.require(call.caller, PLACE, Relation(organization_id=wanted))
        return wanted
    return ours[0] if ours else permissions.require(call.caller, PLACE, Relation()).membership.organization_id


def _filter(call: Call) -> Any:
    q = call.query
    states = tuple(word for word in q.state.split(",") if word)
    return call.uow.worklist.filter(
        centre=q.centre, states=states, mine=q.mine in YES, kind=q.kind, patient=q.patient, organization=q.organization,
        q=q.q, critical=q.critical in YES,
    )  # fmt: skip


async def _happened(call: Call, line: Any) -> list[HappenedView]:
    stored = await call.uow.ledger.events_of("reading-orders", line.order.id)
    if line.report_id:
        stored += await call.uow.ledger.events_of("reports", line.report_id)
    names = await call.uow.centres.people([s.actor_id for s in stored if s.actor_id])
    return [
        HappenedView(
            at=s.at,
            name=s.event.type,
            state=s.event.state,
            actor=Ref(id=s.actor_id, name=names[s.actor_id]) if s.actor_id in names else None,
        )
        for s in sorted(stored, key=lambda s: s.seq)
        if s.event.name != "saved"
    ]


async def _contact(call: Call, order: ReadingOrder) -> ContactView:
    """Return whom to call: the centre for the sender, the sender for everybody else."""
    centre = next((c for c in await call.uow.centres.centres() if c.id == order.centre_id), None)
    if centre is not None and order.organization_id in call.caller.organizations:
        return ContactView(name=centre.name, phone=centre.phone)
    place = await call.uow.organizations.get(order.organization_id)
    return ContactView(name=place.name if place else order.organization_id, phone=place.phone if place else "")
