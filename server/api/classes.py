"""Classes: consults that are open for teaching; found by whoever may look on, opened and closed by both sides.

Whoever looks on is told no patient's name: what is shown here has no place for one.
"""

from collections.abc import Sequence
from datetime import datetime

from pydantic import ConfigDict, Field

from server.accounts.model import AuditEntry
from server.api.consult_bodies import OpenClassBody
from server.api.consult_call import in_the_room
from server.api.consult_views import ConsultDetailView
from server.api.consults import CONSULTS
from server.api.endpoint import Body, Call, Routes, View
from server.api.order_view import Ref
from server.workflows.consults import party_of
from video.consults import Consult, ConsultState
from video.errors import UnknownSubject
from video.model import Service
from video.service import rooms
from video.service.ground import Act
from video.service.rooms import Outcome
from video.signaling.views import OPEN

routes = Routes("classes")
CLASSES = "/api/v1/classes"


class ClassView(View):
    """A class as whoever may look on sees it: who teaches whom, when; never about whom."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    id: str
    number: str
    state: ConsultState
    service: Service
    from_: Ref = Field(serialization_alias="from")
    to: Ref
    specialties: Sequence[str]
    experts: Sequence[Ref]
    begins_at: datetime | None
    open: bool  # the room can be entered now


class ClassPage(View):
    """The classes to come."""

    items: Sequence[ClassView]


class ColleagueView(View):
    """Somebody of the staff of a house."""

    id: str
    name: str
    title: str
    organization: Ref


class ColleaguePage(View):
    """People by name."""

    items: Sequence[ColleagueView]


class ColleaguesQuery(Body):
    """What stands in a name."""

    q: str = Field(default="", max_length=40)


@routes.get(CLASSES, answer=ClassPage)
async def show_list(call: Call) -> ClassPage:
    """List the classes at which the caller may look on, the next first."""
    found = [consult for consult in await call.uow.class_board.open_to(call.caller) if not _takes_part(call, consult)]
    call.uow.audit(AuditEntry("list", "classes", "-"))
    return ClassPage(items=await _views(call, found))


@routes.get(CLASSES + "/colleagues", query=ColleaguesQuery, answer=ColleaguePage)
async def show_colleagues(call: Call) -> ColleaguePage:
    """List staff of the county by name, to be named for a class."""
    people = await call.uow.class_board.colleagues(call.query.q.strip(), limit=30)
    names = await call.uow.centres.names()
    return ColleaguePage(
        items=[
            ColleagueView(
                id=each.id, name=each.name, title=each.title,
                organization=Ref(id=each.organization_id, name=names.get(each.organization_id, each.organization_id)),
            )
            for each in people
        ]
    )  # fmt: skip


@routes.get(CLASSES + "/{id}", answer=ClassView)
async def show(call: Call) -> ClassView:
    """Show one class."""
    consult_id = await call.uow.consult_board.id_of(call.path("id"))
    if not await call.uow.class_board.is_invited(call.caller, consult_id):
        raise UnknownSubject("classes", call.path("id"))
    (view,) = await _views(call, [await call.uow.consults.get(consult_id)])
    call.uow.audit(AuditEntry("open", "classes", consult_id))
    return view


@routes.post(CONSULTS + "/{id}/open-class", body=OpenClassBody, answer=ConsultDetailView, transaction="none")
async def open_class(call: Call) -> ConsultDetailView:
    """Open a consult for teaching with the patient's written word to it, or name others who may look on."""
    body: OpenClassBody = call.body

    async def do(act: Act, consult: Consult) -> Outcome:
        if unknown := await call.uow.class_board.unknown(body.organizations, body.people):
            raise UnknownSubject("guests", ", ".join(unknown))
        return await rooms.open_class(act, consult, body.teaching(by=call.caller.user_id, now=act.now))

    return await in_the_room(call, "open-class", do)


@routes.post(CONSULTS + "/{id}/close-class", answer=ConsultDetailView, transaction="none")
async def close_class(call: Call) -> ConsultDetailView:
    """Close a class: whoever looks on is out at once."""
    return await in_the_room(call, "close-class", rooms.close_class)


def _takes_part(call: Call, consult: Consult) -> bool:
    """Tell whether the caller speaks there herself: then it is a consult of hers, and no class."""
    party = party_of(call.caller, consult)
    return party.expert or party.sender or party.sender_lead


async def _views(call: Call, consults: Sequence[Consult]) -> list[ClassView]:
    houses = await call.uow.centres.names()
    people = await call.uow.centres.people([user for consult in consults for user in consult.experts])
    return [
        ClassView(
            id=each.id, number=each.number, state=each.state, service=each.service,
            from_=Ref(id=each.from_organization_id, name=houses[each.from_organization_id]),
            to=Ref(id=each.to_organization_id, name=houses[each.to_organization_id]),
            specialties=each.application.specialties,
            experts=[Ref(id=user, name=people.get(user, user)) for user in each.experts],
            begins_at=each.begins_at, open=each.state in OPEN,
        )
        for each in consults
    ]  # fmt: skip
