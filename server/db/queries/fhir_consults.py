"""Consults, their times and their signed opinions as FHIR searches for them, page by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import Caller
from server.db.repositories.calendar import slot_of
from server.db.repositories.consults import Consults, opinion_of
from server.db.scope import visible_to
from server.db.tables import consults as t
from server.db.tables import ledger
from server.fhir.consult_status import appointment_status, states_of
from server.fhir.consults import C0045, CONSULT_NOTE, CONSULTATION
from server.fhir.search import Search
from video.consults import Consult, Opinion, Slot, expert_resource

Condition = sa.ColumnElement[bool]
c, o, b, e = t.consults.c, t.consult_opinions.c, t.slot_bookings.c, ledger.events.c


@dataclass(frozen=True, slots=True)
class FoundConsult:
    """A consult, the time that is booked for it, and when anything about it last happened."""

    consult: Consult
    slot_id: str | None
    changed_at: datetime | None


class FhirConsults:
    """What FHIR shows of consults; one more than a page is asked, so that its end is known."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def consults(self, caller: Caller, kind: str, search: Search, *, now: datetime) -> list[FoundConsult]:
        """Return consults by id, as many as a page has and one more.

        Parameters
        ----------
        kind
            `ServiceRequest` or `Encounter`: what `status`, `category` and `class` mean.
        """
        changed = sa.select(sa.func.max(e.at)).where(e.collection == "consults", e.subject_id == c.id).scalar_subquery()
        at_its_time = (b.consult_id == c.id, b.booked_at.is_not(None), b.begins_at == c.begins_at)
        booked = sa.select(sa.func.max(b.slot_id)).where(*at_its_time)
        conditions = [
            visible_to(caller, t.consults, now=now), c.id > search.after,
            *_between(sa.func.coalesce(changed, c.created_at), search.since, search.until), *_asked(kind, search),
        ]  # fmt: skip
        columns = (t.consults, changed.label("changed_at"), booked.scalar_subquery().label("slot_id"))
        query = sa.select(*columns).where(*conditions).order_by(c.id).limit(search.count + 1)
        rows = (await self._c.execute(query)).all()
        found = await Consults(self._c).read(rows)
        return [FoundConsult(one, row.slot_id, row.changed_at) for one, row in zip(found, rows, strict=True)]

    async def slots(self, caller: Caller, search: Search, *, now: datetime) -> list[tuple[Slot, Consult]]:
        """Return times that were offered or booked, by id; looks on while a page is not full of those that fit."""
        found: list[tuple[Slot, Consult]] = []
        after, step = search.after, search.count + 1
        while len(found) <= search.count:
            page = await self._slots(caller, search, after, step, now)
            found += [pair for pair in page if search.fits("status", appointment_status(*pair, now=now))]
            if len(page) < step:
                break
            after = page[-1][0].id
        return found[: search.count + 1]

    async def _slots(
        self, caller: Caller, search: Search, after: str, count: int, now: datetime
    ) -> list[tuple[Slot, Consult]]:
        conditions = [
            visible_to(caller, t.consults, now=now), b.slot_id > after,
            *_between(b.begins_at, search.begins, search.ends),
            *_fitting({"_id": b.slot_id, "patient": c.patient_id, "based-on": c.id, "identifier": c.number}, search),
            *(_with(search.wanted["actor"]) if "actor" in search.wanted else ()),
        ]  # fmt: skip
        joined = t.slot_bookings.join(t.consults, c.id == b.consult_id)
        query = sa.select(b.slot_id).select_from(joined).where(*conditions).group_by(b.slot_id)
        keys = list(await self._c.scalars(query.order_by(b.slot_id).limit(count)))
        rows = (await self._c.execute(sa.select(t.slot_bookings).where(b.slot_id.in_(keys)).order_by(b.resource))).all()
        slots = [slot_of([row for row in rows if row.slot_id == key]) for key in keys]
        asked = sa.select(t.consults).where(c.id.in_({slot.consult_id for slot in slots}))
        consults = {one.id: one for one in await Consults(self._c).read((await self._c.execute(asked)).all())}
        return [(slot, consults[slot.consult_id]) for slot in slots]

    async def opinions(self, caller: Caller, search: Search, *, now: datetime) -> list[tuple[Opinion, Consult]]:
        """Return signed opinions by the consult's id; one that is still written is nobody's document yet."""
        kinds = {CONSULT_NOTE["code"], C0045["code"]}
        conditions = [
            visible_to(caller, t.consults, now=now), o.signed_at.is_not(None), c.id > search.after,
            *_between(o.signed_at, search.since, search.until), *_between(o.signed_at, search.begins, search.ends),
            *_fitting(
                {"_id": c.id, "patient": c.patient_id, "custodian": c.to_organization_id, "identifier": o.number},
                search,
            ),
            *_constant(search, "status", {"current"}), *_constant(search, "type", kinds),
        ]  # fmt: skip
        joined = t.consult_opinions.join(t.consults, c.id == o.consult_id)
        query = sa.select(t.consults).select_from(joined).where(*conditions).order_by(c.id).limit(search.count + 1)
        consults = await Consults(self._c).read((await self._c.execute(query)).all())
        written = sa.select(t.consult_opinions).where(o.consult_id.in_([one.id for one in consults]))
        opinions = {row.consult_id: opinion_of(row) for row in await self._c.execute(written)}
        return [(opinions[one.id], one) for one in consults]


def _asked(kind: str, search: Search) -> list[Condition]:
    columns: Mapping[str, Mapping[str, Any]] = {
        "ServiceRequest": {"requester": c.from_organization_id, "performer": c.to_organization_id},
        "Encounter": {"service-provider": c.to_organization_id},
    }
    shared = {"_id": c.id, "patient": c.patient_id, "identifier": c.number}
    status: Mapping[str, Callable[[Sequence[str]], Condition]] = {"ServiceRequest": _of_request, "Encounter": _of_call}
    return [
        *_fitting({**shared, **columns[kind]}, search),
        *([status[kind](search.wanted["status"])] if "status" in search.wanted else ()),
        *_constant(search, "category", {CONSULTATION["code"]}),
        *_constant(search, "class", {"VR"}),
        *_constant(search, "location", set()),
    ]


def _of_request(wanted: Sequence[str]) -> Condition:
    return c.state.in_(_states(wanted, "service_request"))


def _of_call(wanted: Sequence[str]) -> Condition:
    called = sa.and_(c.in_writing.is_(False), c.state.in_(_states(wanted, "encounter")))
    return sa.or_(called, sa.and_(c.in_writing.is_(True), c.state.in_(_states(wanted, "in_writing"))))


def _states(wanted: Sequence[str], column: str) -> list[str]:
    return sorted(state.value for status in wanted for state in states_of(status, column))


def _with(actors: Sequence[str]) -> list[Condition]:
    """Return the condition of times that keep an expert or a patient."""
    kept = t.slot_bookings.alias()
    seated = sa.exists().where(kept.c.slot_id == b.slot_id, kept.c.resource.in_([expert_resource(a) for a in actors]))
    return [sa.or_(seated, c.patient_id.in_(actors))]


def _between(at: Any, since: datetime | None, until: datetime | None) -> list[Condition]:
    lower = [] if since is None else [at >= sa.literal(since, c.created_at.type)]
    return lower if until is None else [*lower, at < sa.literal(until, c.created_at.type)]


def _fitting(columns: Mapping[str, Any], search: Search) -> list[Condition]:
    return [columns[name].in_(values) for name, values in search.wanted.items() if name in columns]


def _constant(search: Search, name: str, shown: set[str]) -> list[Condition]:
    """Return what a parameter asks of rows that all show the same codes: nothing, or that there is none."""
    return [] if name not in search.wanted or shown & set(search.wanted[name]) else [sa.false()]
