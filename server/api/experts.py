"""Experts who may be invited and the times at which they can be met (`/api/v1/experts`, `/api/v1/slots`)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from pydantic import AwareDatetime, Field

from server.accounts import permissions
from server.accounts.permissions import Allowed, Relation
from server.api.consult_bodies import ExpertBody, HoursBody
from server.api.endpoint import Body, Call, Routes, View
from server.api.order_view import Ref
from server.clock import local_date
from server.workflows.consults import act_of, put_expert
from video.consults import Expert, Hours, Party, expert_resource, room_resource
from video.service.ground import rules_for
from video.slots import LONGEST_LOOK, open_slots

routes = Routes("consults")
LOOK = timedelta(days=7)
PUT = "PUT /api/v1/experts/{id}"


class ExpertsQuery(Body):
    """Of which house, of which specialty; "" asks for all."""

    org: str = Field(default="", max_length=40)
    specialty: str = Field(default="", max_length=60)


class SlotsQuery(ExpertsQuery):
    """Which expert, from when until when, and which house's room has to be free too."""

    expert: str = Field(default="", max_length=40)
    room: str = Field(default="", max_length=40)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class ExpertView(View):
    """An expert with her credentials.

    `may_answer` says whether she has worked independently for long enough, `may_edit` whether the caller may change it.
    """

    id: str
    name: str
    title: str
    organization: Ref
    specialties: Sequence[str]
    practising_since: date
    years: int
    may_answer: bool
    licence: str
    hours: Sequence[HoursBody]
    slot_minutes: int
    version: int
    may_edit: bool


class CandidatesQuery(Body):
    """Of which house."""

    org: str = Field(min_length=1, max_length=40)


class CandidatePage(View):
    """People by name."""

    items: Sequence[Ref]


class ExpertPage(View):
    """Experts by organization and name."""

    items: Sequence[ExpertView]


class OpenSlotView(View):
    """A time that nobody has yet."""

    expert: Ref
    begins_at: datetime
    ends_at: datetime


class OpenSlotPage(View):
    """Times by expert, oldest first."""

    items: Sequence[OpenSlotView]


@routes.get("/api/v1/experts", query=ExpertsQuery, answer=ExpertPage)
async def show_experts(call: Call) -> ExpertPage:
    """List the experts who may be invited."""
    found = await call.uow.roster.all(organization_id=call.query.org, specialty=call.query.specialty)
    return ExpertPage(items=[await _view(call, expert) for expert in found])


@routes.get("/api/v1/experts/candidates", query=CandidatesQuery, answer=CandidatePage)
async def show_candidates(call: Call) -> CandidatePage:
    """List the consultants of a house who do not stand on the roster yet."""
    permissions.require(call.caller, PUT, Relation(organization_id=call.query.org))
    found = await call.uow.roster.candidates(call.query.org)
    return CandidatePage(items=[Ref(id=key, name=name) for key, name in found])


@routes.add("PUT", "/api/v1/experts/{id}", body=ExpertBody, answer=ExpertView)
async def put(call: Call) -> ExpertView:
    """Put a consultant on the roster (If-Match 0), or write down her credentials and hours anew."""
    body: ExpertBody = call.body
    permissions.require(call.caller, PUT, Relation(organization_id=body.organization_id))
    hours = tuple(Hours(each.weekday, each.opens, each.closes) for each in body.hours)
    expert = Expert(
        call.path("id"), "", "", body.organization_id, tuple(body.specialties), body.practising_since, body.licence,
        hours, body.slot_minutes, call.if_match + 1,
    )  # fmt: skip
    return await _view(call, await put_expert(call.uow, expert))


@routes.get("/api/v1/slots", query=SlotsQuery, answer=OpenSlotPage)
async def show_slots(call: Call) -> OpenSlotPage:
    """List times at which experts can be met; with `room`, only those at which that house's room is free too."""
    asked: SlotsQuery = call.query
    experts = await call.uow.roster.all(organization_id=asked.org, specialty=asked.specialty)
    wanted = [expert for expert in experts if not asked.expert or expert.id == asked.expert]
    found = [slot for expert in wanted for slot in await _open(call, expert)]
    return OpenSlotPage(items=found)


async def _open(call: Call, expert: Expert) -> list[OpenSlotView]:
    since = max(call.query.since or call.now, call.now)
    until = min(call.query.until or since + LOOK, since + LONGEST_LOOK)
    rooms = [room_resource(call.query.room)] if call.query.room else []
    busy = await call.uow.calendar.busy([expert_resource(expert.id), *rooms], since, until, call.now)
    rules = await rules_for(act_of(call.uow, Party(call.caller.user_id), call.now), expert.organization_id)
    name = Ref(id=expert.id, name=expert.name)
    return [
        OpenSlotView(expert=name, begins_at=span.begins_at, ends_at=span.ends_at)
        for span in open_slots(expert, since, until, busy, rules.working)
    ]


async def _view(call: Call, expert: Expert) -> ExpertView:
    names = await call.uow.centres.names()
    rules = await rules_for(act_of(call.uow, Party(call.caller.user_id), call.now), expert.organization_id)
    years = expert.years(local_date(call.now))
    return ExpertView(
        id=expert.id,
        name=expert.name,
        title=expert.title,
        organization=Ref(id=expert.organization_id, name=names.get(expert.organization_id, expert.organization_id)),
        specialties=expert.specialties,
        practising_since=expert.practising_since,
        years=years,
        may_answer=years >= rules.expert_years,
        licence=expert.licence,
        hours=[HoursBody.of(hours) for hours in expert.hours],
        slot_minutes=expert.slot_minutes,
        version=expert.version,
        may_edit=isinstance(permissions.decide(call.caller, PUT, Relation(expert.organization_id)), Allowed),
    )
