"""Searches of FHIR: tickets and stays that the caller may know of, page by page, with when each last changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from referral.model import BedKind, IntervalKind, IntervalState
from referral.tickets import Ticket
from referral.wards import Interval
from server.accounts.model import Caller
from server.db.repositories.bed_board import interval_of
from server.db.repositories.tickets import ticket_of
from server.db.scope import care_organizations, visible_to
from server.db.tables import beds, ledger, referral
from server.fhir.search import Search
from server.fhir.status import TABLES, encounter_status
from server.fhir.tickets import REFERRAL

Condition = sa.ColumnElement[bool]
t, e = referral.tickets.c, ledger.events.c
i, b = beds.bed_intervals.c, beds.beds.c
TICKET_COLUMNS = {
    "_id": t.id, "patient": t.patient_id, "requester": t.from_organization_id, "performer": t.to_organization_id,
    "owner": t.to_organization_id, "identifier": t.number,
}  # fmt: skip
STAY_COLUMNS = {"_id": i.id, "service-provider": b.organization_id, "location": i.bed_id}


@dataclass(frozen=True, slots=True)
class FoundTicket:
    """A ticket, and when anything about it last happened."""

    ticket: Ticket
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundStay:
    """What keeps a bed, whose the bed is, and whether it is a bay; of a hold the patient whom it awaits."""

    interval: Interval
    organization_id: str
    in_bay: bool


class FhirSearch:
    """Tickets and stays as FHIR searches for them; one more than a page is asked, so that its end is known."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def tickets(self, caller: Caller, kind: str, search: Search, *, now: datetime) -> list[FoundTicket]:
        """Return tickets by id, as many as a page has and one more.

        Parameters
        ----------
        kind
            `ServiceRequest` or `Task`: what `status` means.
        """
        changed = sa.select(sa.func.max(e.at)).where(e.collection == "referrals", e.subject_id == t.id)
        at = sa.func.coalesce(changed.scalar_subquery(), t.created_at)
        conditions = [visible_to(caller, referral.tickets, now=now), t.id > search.after, *_between(at, search)]
        conditions += _fitting(TICKET_COLUMNS, search)
        conditions += [_of_status(column, search) for column in _status_columns(kind, search)]
        if not search.fits("category", REFERRAL["code"]):
            conditions.append(sa.false())
        query = sa.select(referral.tickets, changed.scalar_subquery().label("changed_at")).where(*conditions)
        rows = await self._c.execute(query.order_by(t.id).limit(search.count + 1))
        return [FoundTicket(ticket_of(row), row.changed_at) for row in rows]

    async def stays(self, caller: Caller, search: Search, *, now: datetime) -> list[FoundStay]:
        """Return what keeps or kept beds of the caller's house, or is kept for a ticket that she may know of."""
        patient = sa.func.coalesce(i.patient_id, t.patient_id)
        seen = sa.or_(
            b.organization_id.in_(care_organizations(caller)),
            sa.and_(t.id.is_not(None), visible_to(caller, referral.tickets, now=now)),
        )
        at = sa.case((i.state == "live", i.begins_at), else_=sa.func.coalesce(i.ends_at, i.begins_at))
        conditions = [seen, i.id > search.after, *_between(at, search), *_fitting(STAY_COLUMNS, search)]
        if "patient" in search.wanted:
            conditions.append(patient.in_(search.wanted["patient"]))
        if "class" in search.wanted:
            conditions.append(_of_class(search.wanted["class"]))
        if "status" in search.wanted:
            conditions.append(_of_encounter(search.wanted["status"]))
        joined = beds.bed_intervals.join(beds.beds, b.id == i.bed_id).outerjoin(referral.tickets, t.id == i.ticket_id)
        columns = (beds.bed_intervals, patient.label("whose"), b.organization_id, b.kind.label("bed_kind"))
        query = sa.select(*columns).select_from(joined).where(*conditions).order_by(i.id).limit(search.count + 1)
        return [_stay(row) for row in await self._c.execute(query)]


def _stay(row: Any) -> FoundStay:
    interval = replace(interval_of(row), patient_id=row.whose)
    return FoundStay(interval, row.organization_id, row.bed_kind == BedKind.BAY.value)


def _between(at: sa.ColumnElement[Any], search: Search) -> list[Condition]:
    since = [] if search.since is None else [at >= sa.literal(search.since, t.created_at.type)]
    return since if search.until is None else [*since, at < sa.literal(search.until, t.created_at.type)]


def _fitting(columns: dict[str, Any], search: Search) -> list[Condition]:
    return [columns[name].in_(values) for name, values in search.wanted.items() if name in columns]


def _status_columns(kind: str, search: Search) -> Sequence[tuple[str, str]]:
    """Return (search parameter, column of the status map) of what was asked."""
    status = "service_request" if kind == "ServiceRequest" else "task"
    return [pair for pair in (("status", status), ("business-status", "state")) if pair[0] in search.wanted]


def _of_status(column: tuple[str, str], search: Search) -> Condition:
    """Return the condition of the states that show one of the values, by the published map."""
    parameter, name = column
    wanted = search.wanted[parameter]
    return sa.or_(
        sa.false(),
        *(
            sa.and_(t.direction == direction.value, t.state == row.state.value)
            for direction, rows in TABLES.items()
            for row in rows
            if str(getattr(row, name)) in wanted
        ),
    )


def _of_class(wanted: Sequence[str]) -> Condition:
    bay = b.kind == BedKind.BAY.value
    return sa.or_(sa.false(), *([bay] if "EMER" in wanted else ()), *([sa.not_(bay)] if "IMP" in wanted else ()))


def _of_encounter(wanted: Sequence[str]) -> Condition:
    pairs = [
        (kind, state) for kind in IntervalKind for state in IntervalState if encounter_status(kind, state) in wanted
    ]
    return sa.or_(sa.false(), *(sa.and_(i.kind == kind.value, i.state == state.value) for kind, state in pairs))
