"""Numbers without names: referrals and beds of a period, and what is open and nobody's (`/api/v1/statistics`)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import ConfigDict, Field

from server.accounts import permissions
from server.accounts.model import AuditEntry
from server.accounts.permissions import Relation, Scope
from server.api.endpoint import Body, Call, Routes, View
from server.api.order_view import Ref
from server.api.problems import BadRequest
from server.clock import CHINA, local_date
from server.workflows.watch import OWNERLESS

routes = Routes("statistics")
REFERRALS, OPEN_ITEMS = "/api/v1/statistics/referrals", "/api/v1/statistics/ownerless"
MONTH = timedelta(days=30)
LONGEST = timedelta(days=3 * 366)


class PeriodQuery(Body):
    """From which to which day, both included; the last thirty days where nothing is said."""

    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    organization: str = Field(default="", max_length=40)


class ShareView(View):
    """A part of a whole; `rate` is null where there is no whole."""

    part: int
    whole: int
    rate: float | None


class StageView(View):
    """How long a stage took, minutes by nearest rank."""

    stage: str
    tickets: int
    p50_minutes: float
    p90_minutes: float


class TallyView(View):
    """How often, and how many hours together."""

    count: int
    hours: float


class OutOfOrderView(View):
    """Beds that a person held against the rule's order, and those without a written reason."""

    holds: int
    without_reason: int


class ReferralNumbersView(View):
    """What referrals and beds of a period came to."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True, json_schema_serialization_defaults_required=True)

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    organization: str | None
    funnel: dict[str, dict[str, int]]
    stages: Sequence[StageView]
    declines: dict[str, int]
    reserved_beds: dict[str, TallyView]
    hold_waste: dict[str, TallyView]
    bounce_backs: ShareView
    in_county: ShareView
    out_of_order: OutOfOrderView


class ToldView(View):
    """Who was told, and when."""

    organization: Ref
    role: str
    at: datetime


class OwnerlessItemView(View):
    """Something open that lacks an owner, a deadline, or both; `told` is null until the next look."""

    collection: str
    id: str
    number: str
    organization: Ref
    missing: Sequence[str]
    told: ToldView | None


class OwnerlessView(View):
    """The list that has to be empty."""

    items: Sequence[OwnerlessItemView]


@routes.get(REFERRALS, query=PeriodQuery, answer=ReferralNumbersView)
async def referral_numbers(call: Call) -> ReferralNumbersView:
    """Count referrals and beds of a period: a house its own, the bureau the county's or one house's."""
    first, last = _days(call)
    organization_id = _whose(call)
    call.uow.audit(AuditEntry("read", "statistics", f"referrals {organization_id or 'all'}"))
    span = {"since": _midnight(first), "until": _midnight(last + timedelta(days=1))}
    tickets = await call.uow.referral_numbers.of(**span, organization_id=organization_id)
    beds = await call.uow.bed_use.of(**span, organization_id=organization_id, now=call.now)
    return _numbers(tickets, beds, first=first, last=last, organization=organization_id or None)


def _numbers(tickets: Any, beds: Any, **asked: Any) -> ReferralNumbersView:
    return ReferralNumbersView(
        **asked,
        funnel=tickets.funnel,
        stages=[
            StageView(stage=s.stage, tickets=s.tickets, p50_minutes=s.p50, p90_minutes=s.p90) for s in tickets.stages
        ],
        declines=tickets.declines,
        reserved_beds={use: TallyView(count=t.count, hours=t.hours) for use, t in beds.reserved.items()},
        hold_waste={state: TallyView(count=t.count, hours=t.hours) for state, t in beds.wasted.items()},
        bounce_backs=_share(tickets.bounced),
        in_county=_share(tickets.in_county),
        out_of_order=OutOfOrderView(holds=tickets.out_of_order, without_reason=tickets.unreasoned),
    )


def _share(share: Any) -> ShareView:
    return ShareView(part=share.part, whole=share.whole, rate=None if share.rate is None else round(share.rate, 4))


@routes.get(OPEN_ITEMS, answer=OwnerlessView)
async def ownerless(call: Call) -> OwnerlessView:
    """List what is open and nobody's, or due at no time, with who was told; empty is how it has to be."""
    found = await call.uow.ownerless.list()
    told = await call.uow.watch_list.told(OWNERLESS)
    numbers = await call.uow.referral_board.numbers([v.id for v in found if v.collection == "referrals"])
    names = await call.uow.centres.names()
    call.uow.audit(AuditEntry("list", "statistics", OWNERLESS))
    seen = [v for v in found if _may_see(call, v, told.get((v.collection, v.id)))]
    return OwnerlessView(items=[_item(v, told.get((v.collection, v.id)), numbers, names) for v in seen])


def _may_see(call: Call, violation: Any, told: Any) -> bool:
    """Tell whether it is the caller's: everything the bureau's, else her house's or what she was told about."""
    route = f"GET {OPEN_ITEMS}"
    if Scope.ANY in permissions.granted_by(call.caller, route):
        return True
    ours = permissions.organizations_for(call.caller, route)
    return violation.organization_id in ours or (told is not None and told.organization_id in ours)


def _item(violation: Any, told: Any, numbers: Any, names: Any) -> OwnerlessItemView:
    where = violation.organization_id
    return OwnerlessItemView(
        collection=violation.collection,
        id=violation.id,
        number=numbers.get(violation.id, ""),
        organization=Ref(id=where, name=names.get(where, where)),
        missing=violation.missing,
        told=ToldView(
            organization=Ref(id=told.organization_id, name=names.get(told.organization_id, told.organization_id)),
            role=told.role,
            at=told.at,
        ) if told else None,
    )  # fmt: skip


def _days(call: Call) -> tuple[date, date]:
    """Return the days asked for.

    Raises
    ------
    BadRequest
        When they are the wrong way round, or more than three years.
    """
    last = call.query.last or local_date(call.now)
    first = call.query.first or last - MONTH
    if not timedelta(0) <= last - first <= LONGEST:
        raise BadRequest("PERIOD", "日期要先后有序，最多三年 (from before to, three years at most)")
    return first, last


def _whose(call: Call) -> str:
    """Return whose numbers: "" is everybody's, the bureau's to ask."""
    route, wanted = f"GET {REFERRALS}", str(call.query.organization)
    if Scope.ANY in permissions.granted_by(call.caller, route):
        return wanted
    wanted = wanted or min(permissions.organizations_for(call.caller, route), default="")
    permissions.require(call.caller, route, Relation(organization_id=wanted))
    return wanted


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), CHINA)
