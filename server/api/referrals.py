"""Referral tickets: drafted, listed, opened, edited, talked about (`/api/v1/referrals`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import ConfigDict, Field

from referral.beds import Choice, Ranked, Reception
from referral.errors import NotPermitted, UnknownSubject, VersionMismatch
from referral.model import Diagnosis
from referral.service import desk, drafting
from referral.service.ground import rules_for, the_ticket
from referral.service.queue import Queue, queue_of
from referral.tickets import Party, Ticket
from server.accounts import permissions
from server.accounts.errors import NoCareRelation
from server.accounts.model import AuditEntry
from server.accounts.permissions import Relation
from server.api.endpoint import Body, Call, Routes, View
from server.api.order_view import Ref
from server.api.referral_bodies import EditBody, MessageBody, ReferralBody
from server.api.referral_detail import ReferralDetailView, detail_view
from server.api.referral_views import (
    ExplanationView,
    ReferralView,
    Surroundings,
    knows,
    referral_view,
    surroundings,
)
from server.api.refusals import heed_if_match, on_record
from server.workflows.referrals import act_of, kin_of, party_of

routes = Routes("referrals")
REFERRALS = "/api/v1/referrals"
DRAFT = "POST /api/v1/referrals"


class ListQuery(Body):
    """What a list is asked for; `state` takes several, comma-separated."""

    box: Literal["", "in", "out", "moving", "arrived", "down", "closed", "no-news"] = ""
    state: str = Field(default="", max_length=400)
    department: str = Field(default="", max_length=60)
    patient: str = Field(default="", max_length=40)
    q: str = Field(default="", max_length=100)
    cursor: str = Field(default="", max_length=400)
    limit: int = Field(default=50, ge=1, le=200)


class QueueQuery(Body):
    """Whose queue; the caller's own organization without a name."""

    org: str = Field(default="", max_length=40)
    department: str = Field(default="", max_length=60)
    limit: int = Field(default=200, ge=1, le=1000)
    allotted: bool = False


class ReferralPage(View):
    """One page, and how many lie in each box."""

    items: Sequence[ReferralView]
    next: str | None
    counts: dict[str, int]


class AllottedView(View):
    """Which bed the rule would give a ticket now, or which hold a Ⅰ without a bed may take when a person confirms."""

    ticket_id: str
    bed_id: str | None
    pre_emption_bed_id: str | None
    pre_emption_hold_id: str | None


class QueueView(View):
    """The queue in the rule's order, each with why it stands there; with `allotted`, who would get which bed now."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    organization: Ref
    rule_version: int
    items: Sequence[ReferralView]
    total: int
    allotted: Sequence[AllottedView]


class MessageView(View):
    """A line of the conversation."""

    id: str
    at: datetime
    author: Ref
    organization_id: str
    text: str


class MessagePage(View):
    """The conversation, oldest first."""

    items: Sequence[MessageView]


@routes.post(REFERRALS, body=ReferralBody, answer=ReferralDetailView, creates=True)
async def draft(call: Call) -> ReferralDetailView:
    """Draft a ticket, pre-filled from the record."""
    sender = _sending_organization(call, call.body.from_org)
    if not await call.uow.patients.is_visible(call.caller, call.body.patient_id, now=call.now):
        raise NoCareRelation
    act = act_of(call.uow, Party(call.caller.user_id, call.caller.name, sender=True), call.now)
    ticket = await drafting.draft(act, call.body.draft(sender))
    return await answer(call, ticket, "draft")


@routes.get(REFERRALS, query=ListQuery, answer=ReferralPage)
async def show_list(call: Call) -> ReferralPage:
    """List tickets of a box, the next deadline first."""
    asked = call.query.model_dump(exclude={"cursor", "limit"})
    silence = await _silence(call)
    page = await call.uow.referral_board.page(
        call.caller, asked, now=call.now, silence=silence, cursor=call.query.cursor, limit=call.query.limit
    )
    counts = await call.uow.referral_board.counts(call.caller, now=call.now, silence=silence)
    call.uow.audit(AuditEntry("list", "referrals", asked["box"] or "-"))
    return ReferralPage(items=await views(call, page.tickets), next=page.next, counts=dict(counts))


async def _silence(call: Call) -> timedelta:
    """Return after what time without news a sender asks what became of a patient, by the rule of the caller's place."""
    ours = sorted(permissions.organizations_for(call.caller, DRAFT))
    return (await rules_for(act_of(call.uow, Party(call.caller.user_id), call.now), ours[0] if ours else "")).no_news


@routes.get(REFERRALS + "/queue", query=QueueQuery, answer=QueueView)
async def show_queue(call: Call) -> QueueView:
    """Show an organization's queue in the rule's order, each with why it stands there."""
    organization_id = _own_queue(call, call.query.org)
    act = act_of(call.uow, Party(call.caller.user_id), call.now)
    queue = await queue_of(act, organization_id, call.query.department)
    shown = await _in_order(call, queue.ranked[: call.query.limit])
    call.uow.audit(AuditEntry("list", "referrals", f"queue {organization_id}"))
    names = await call.uow.centres.names()
    return QueueView(
        organization=Ref(id=organization_id, name=names.get(organization_id, organization_id)),
        rule_version=queue.rules.version, items=shown, total=len(queue.ranked),
        allotted=allotted_of(queue) if call.query.allotted else (),
    )  # fmt: skip


@routes.get(REFERRALS + "/{id}", answer=ReferralDetailView)
async def show(call: Call) -> ReferralDetailView:
    """Show one ticket with its package, what happened, its clocks, and why it stands where it stands."""
    ticket, _ = await visible_ticket(call, lock=False)
    return await answer(call, ticket, "open", looked=True)


@routes.add("PUT", REFERRALS + "/{id}", body=EditBody, answer=ReferralDetailView)
async def edit(call: Call) -> ReferralDetailView:
    """Write details while the patient is moving; If-Match names the version that was seen."""
    ticket, party = await visible_ticket(call)
    if call.if_match != ticket.version:
        raise VersionMismatch(ticket.version)
    with on_record(call, "edit", "referrals", ticket.id, ticket.patient_id):
        changed = await drafting.edit(act_of(call.uow, party, call.now), ticket, _edited(ticket, call.body))
    return await answer(call, changed, "edit")


@routes.get(REFERRALS + "/{id}/messages", answer=MessagePage)
async def messages(call: Call) -> MessagePage:
    """Show the conversation about a ticket."""
    ticket, _ = await visible_ticket(call, lock=False)
    found = await call.uow.tickets.messages(ticket.id)
    names = await call.uow.centres.people([m.author_id for m in found])
    call.uow.audit(AuditEntry("read", "referrals", ticket.id, ticket.patient_id))
    return MessagePage(items=[_message(m, names) for m in found])


@routes.post(REFERRALS + "/{id}/messages", body=MessageBody, answer=MessageView, creates=True)
async def say(call: Call) -> MessageView:
    """Add a line to the conversation; both sides see it at once."""
    ticket, party = await visible_ticket(call)
    with on_record(call, "message", "referrals", ticket.id, ticket.patient_id):
        concerns(ticket, party)
        message = await desk.say(act_of(call.uow, party, call.now), ticket, call.body.text)
    call.uow.audit(AuditEntry("message", "referrals", ticket.id, ticket.patient_id))
    return _message(message, {call.caller.user_id: call.caller.name})


def _message(message: Any, names: Mapping[str, str]) -> MessageView:
    return MessageView(
        id=message.id,
        at=message.at,
        author=Ref(id=message.author_id, name=names.get(message.author_id, message.author_id)),
        organization_id=message.organization_id,
        text=message.text,
    )


def _edited(ticket: Ticket, body: EditBody) -> Ticket:
    return replace(
        ticket,
        package=body.package(),
        diagnosis=Diagnosis(**body.diagnosis.model_dump()),
        reason_code=str(body.reason_code) or ticket.reason_code,
        pathway=body.pathway or ticket.pathway,
        needs=body.needs.needs(ticket.department),
        expected_arrival_at=body.expected_arrival_at or ticket.expected_arrival_at,
        plan=body.plan.plan() if body.plan else ticket.plan,
    )


async def visible_ticket(call: Call, *, lock: bool = True) -> tuple[Ticket, Party]:
    """Return a ticket, locked unless it is only looked at, and what the caller is to it.

    It is named by its id, or by the number that people say aloud.

    Raises
    ------
    UnknownSubject
        When there is none, or the caller may not know that there is.
    VersionMismatch
        When an If-Match was sent and is not the version that stands.
    """
    ticket_id = await call.uow.referral_board.id_of(call.path("id"))
    if not await call.uow.referral_board.is_visible(call.caller, ticket_id, now=call.now):
        if await call.uow.tickets.get(ticket_id) is not None:  # to the caller there is none; that she tried is kept
            call.uow.audit(AuditEntry("reach", "referrals", ticket_id, outcome="refused", basis=UnknownSubject.code))
        raise UnknownSubject("referrals", ticket_id)
    kin = await kin_of(call.uow, call.caller)
    act = act_of(call.uow, Party(call.caller.user_id), call.now)
    ticket = await the_ticket(act, ticket_id, lock=lock)
    if lock:
        call.now = call.hub.clock.now()  # whoever waited for the lock acts now
        heed_if_match(call, ticket.version)
    return ticket, party_of(call.caller, ticket, kin)


def concerns(ticket: Ticket, party: Party) -> None:
    """Refuse whoever may look at a ticket and belongs to neither side: a broken glass is for reading.

    Raises
    ------
    NotPermitted
    """
    if not knows(ticket, party):
        raise NotPermitted


async def views(
    call: Call, tickets: Sequence[Ticket], reasons: Mapping[str, ExplanationView] | None = None
) -> list[ReferralView]:
    """Return tickets as the wire shows them, names looked up once for all."""
    around = await around_of(call, tickets)
    around.why = reasons or {}
    return [referral_view(ticket, around) for ticket in tickets]


async def _in_order(call: Call, ranked: Sequence[Ranked]) -> list[ReferralView]:
    keys = [each.claim.ticket_id for each in ranked]
    found = await call.uow.tickets.many(keys)
    return await views(call, [found[key] for key in keys], why_of(ranked))


async def around_of(call: Call, tickets: Sequence[Ticket]) -> Surroundings:
    """Return what these tickets are shown with."""
    kin = await kin_of(call.uow, call.caller)
    found: Surroundings = await surroundings(call.uow, tickets, call.caller, kin, call.now)
    return found


def why_of(shown: Sequence[Ranked]) -> dict[str, ExplanationView]:
    """Return why each of these tickets stands where it stands."""
    found = {}
    for ranked in shown:
        reason = ranked.explanation
        found[ranked.claim.ticket_id] = ExplanationView(
            position=ranked.position, zh=reason.zh, en=reason.en, inputs=dict(reason.inputs),
            rule_version=reason.rule_version,
        )  # fmt: skip
    return found


def allotted_of(queue: Queue) -> list[AllottedView]:
    """Return who would get which bed now: what a person who chooses otherwise is told beforehand."""
    found = []
    for ticket_id, place in queue.allotted().items():
        proposal = place.pre_emption if isinstance(place, Reception) else None
        hold = proposal.hold if proposal is not None else None
        found.append(
            AllottedView(
                ticket_id=ticket_id,
                bed_id=place.bed.bed.id if isinstance(place, Choice) else None,
                pre_emption_bed_id=hold.bed_id if hold is not None else None,
                pre_emption_hold_id=hold.id if hold is not None else None,
            )
        )
    return found


async def answer(call: Call, ticket: Ticket, action: str, *, looked: bool = False) -> ReferralDetailView:
    """Return a ticket after a command or a look, audited, with the commands that are possible now."""
    call.uow.audit(
        AuditEntry(
            action, "referrals", ticket.id, ticket.patient_id, organization_id=ticket.from_organization_id,
            basis="referral" if looked else None,
        )
    )  # fmt: skip
    return await detail_view(call, ticket, await around_of(call, [ticket]))


def _sending_organization(call: Call, wanted: str | None) -> str:
    """Return for whom the caller sends: the organization named, else her own."""
    ours = sorted(permissions.organizations_for(call.caller, DRAFT))
    if wanted:
        permissions.require(call.caller, DRAFT, Relation(organization_id=wanted))
        return wanted
    return ours[0] if ours else permissions.require(call.caller, DRAFT, Relation()).membership.organization_id


def _own_queue(call: Call, wanted: str) -> str:
    """Return the organization whose queue is asked for: one of the caller's."""
    route = "GET /api/v1/referrals/queue"
    ours = sorted(permissions.organizations_for(call.caller, route))
    if wanted:
        permissions.require(call.caller, route, Relation(organization_id=wanted))
        return wanted
    return ours[0] if ours else permissions.require(call.caller, route, Relation()).membership.organization_id
