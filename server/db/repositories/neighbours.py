"""Whom a ticket concerns: organizations, agreements, roads, and what the rules may know of a patient."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from referral.ports import PatientFacts
from server.db.prepared import KEYS
from server.db.repositories.centres import Centres
from server.db.tables import people as t
from server.db.tables.beds import departments, wards
from server.db.tables.imaging import reading_orders, reports, studies
from server.db.tables.ledger import tasks
from server.db.tables.referral import travel_times

SERVICE = "referral"


class Neighbours:
    """Organizations, agreements, travel, patients, critical values."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._places = Centres(connection)
        self._upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def region_of(self, organization_id: str) -> str:
        """Return the division whose rules hold for an organization."""
        return await self._places.region_of(organization_id)

    async def kind_of(self, organization_id: str) -> str:
        """Return `village`, `township`, `county`, `higher` or `bureau`, "" for an unknown one."""
        c = t.organizations.c
        return str(await self._c.scalar(sa.select(c.kind).where(c.id == organization_id)) or "")

    async def is_under(self, organization_id: str, above: str) -> bool:
        """Tell whether an organization is the other one, or lies right below it."""
        c = t.organizations.c
        found = sa.exists().where(c.id == organization_id, sa.or_(c.id == above, c.parent_id == above))
        return bool(await self._c.scalar(sa.select(found)))

    async def departments_of(self, organization_id: str) -> Sequence[str]:
        """Return the departments of an organization by name: those of its wards, and those that it wrote down."""
        w, d = wards.c, departments.c
        of_wards = sa.select(w.department).where(w.organization_id == organization_id)
        written = sa.select(d.name).where(d.organization_id == organization_id)
        return sorted(await self._c.scalars(of_wards.union(written)))

    async def names(self) -> Mapping[str, str]:
        """Return the names of organizations by id."""
        return await self._places.names()

    async def agreed(self, from_organization_id: str, to_organization_id: str, on: date) -> bool:
        """Tell whether an agreement in force covers referral from one to the other, or back home."""
        a = t.agreements.c
        there = sa.and_(a.from_organization_id == from_organization_id, a.to_organization_id == to_organization_id)
        back = sa.and_(a.from_organization_id == to_organization_id, a.to_organization_id == from_organization_id)
        in_force = (a.valid_from <= on, sa.or_(a.valid_to.is_(None), a.valid_to >= on))
        rows = await self._c.scalars(sa.select(a.services).where(sa.or_(there, back), *in_force))
        return any(SERVICE in services for services in rows)

    async def invites_under(self, inviter: str, invitee: str, service: str, on: date) -> bool:
        """Tell whether an agreement in force lets one organization ask another for a service."""
        a = t.agreements.c
        parties = (a.from_organization_id == inviter, a.to_organization_id == invitee)
        in_force = (a.valid_from <= on, sa.or_(a.valid_to.is_(None), a.valid_to >= on))
        return any(
            service in services for services in await self._c.scalars(sa.select(a.services).where(*parties, *in_force))
        )

    async def leads(self, user_id: str, organization_id: str) -> bool:
        """Tell whether somebody is medical affairs of an organization, or of the one right above it."""
        m, o = t.memberships.c, t.organizations.c
        above = sa.select(o.parent_id).where(o.id == organization_id).scalar_subquery()
        here = sa.or_(m.organization_id == organization_id, m.organization_id == above)
        works = sa.and_(t.users.c.id == m.user_id, t.users.c.disabled_at.is_(None))
        found = sa.exists().where(m.user_id == user_id, m.role == "medical-affairs", here, works)
        return bool(await self._c.scalar(sa.select(found)))

    async def leaders(self, organization_id: str) -> Sequence[tuple[str, str]]:
        """Return id and name of whoever is medical affairs of an organization, or of the one right above it."""
        m, o, u = t.memberships.c, t.organizations.c, t.users.c
        above = sa.select(o.parent_id).where(o.id == organization_id).scalar_subquery()
        here = sa.or_(m.organization_id == organization_id, m.organization_id == above)
        query = sa.select(u.id, u.name).join(t.memberships, m.user_id == u.id)
        found = (
            query.where(m.role == "medical-affairs", here, u.disabled_at.is_(None)).distinct().order_by(u.name, u.id)
        )
        return [(row.id, row.name) for row in await self._c.execute(found)]

    async def not_of(self, patient_id: str, study_uids: Sequence[str], report_ids: Sequence[str]) -> Sequence[str]:
        """Return which of these studies and reports are none of a patient's: another's, nobody's, or unknown."""
        s, r, o = studies.c, reports.c, reading_orders.c
        named = s.study_instance_uid
        of_her = sa.select(named).where(named.in_(study_uids), s.patient_id == patient_id)
        read = sa.select(r.id).join(reading_orders, o.id == r.order_id)
        of_hers = read.where(r.id.in_(report_ids), o.patient_id == patient_id)
        known = {*await self._c.scalars(of_her), *await self._c.scalars(of_hers)} if study_uids or report_ids else set()
        return [key for key in (*study_uids, *report_ids) if key not in known]

    async def travel_minutes(self, a: str, b: str) -> int | None:
        """Return the minutes by road between two organizations, None when nobody wrote them down."""
        c = travel_times.c
        first, second = sorted((a, b))
        query = sa.select(c.minutes).where(c.from_organization_id == first, c.to_organization_id == second)
        minutes = await self._c.scalar(query)
        return None if minutes is None else int(minutes)

    async def set_travel_minutes(self, a: str, b: str, minutes: int) -> None:
        """Write down how long the road between two organizations takes, in both directions."""
        first, second = sorted((a, b))
        row = {"from_organization_id": first, "to_organization_id": second, "minutes": minutes}
        statement = self._upsert(travel_times).values(**row)
        keys = ["from_organization_id", "to_organization_id"]
        await self._c.execute(statement.on_conflict_do_update(index_elements=keys, set_={"minutes": minutes}))

    async def owner_of(self, organization_id: str, roles: Sequence[str]) -> tuple[str, str]:
        """Return the organization and the role that take an item of work: the first that anybody has, here or above."""
        return await self._places.owner_of(organization_id, roles)

    async def patient(self, patient_id: str, on: date) -> PatientFacts | None:
        """Return what the rules may know of a patient on a day."""
        return (await self.patients([patient_id], on)).get(patient_id)

    async def patients(self, patient_ids: Sequence[str], on: date) -> Mapping[str, PatientFacts]:
        """Return the same for many."""
        query = sa.select(*facts_columns(on))
        wanted = sorted(set(patient_ids))
        found: dict[str, PatientFacts] = {}
        for start in range(0, len(wanted), KEYS):
            part = query.where(t.patients.c.id.in_(wanted[start : start + KEYS]))
            found |= {row[0]: facts_of(*row) for row in (await self._c.execute(part)).tuples()}
        return found

    async def has_open_critical_value(self, patient_id: str) -> bool:
        """Tell whether a critical value of the patient is open: declared, and nobody has answered for it."""
        o, open_item = reading_orders.c, tasks.c
        query = sa.exists().where(
            open_item.kind == "critical-value",
            open_item.subject_kind == "reading-orders",
            open_item.done_at.is_(None),
            open_item.subject_id.in_(sa.select(o.id).where(o.patient_id == patient_id)),
        )
        return bool(await self._c.scalar(sa.select(query)))


def facts_columns(on: date) -> tuple[sa.ColumnElement[Any], ...]:
    """Return what of a patient's row the rules may know, as `facts_of` takes it.

    Provisional is whose papers nobody has seen yet, and for whom nobody wrote down a category, current or past.
    """
    p = t.patients.c
    unknown = sa.and_(p.provisional.is_(True), sa.not_(sa.exists().where(t.assistance.c.patient_id == p.id)))
    return p.id, p.sex, p.birth_date, _has_priority(on), unknown.label("unknown")


def facts_of(*row: Any) -> PatientFacts:
    """Return what the columns hold."""
    key, sex, born, priority, unknown = row
    return PatientFacts(key, sex, born, bool(priority), bool(unknown))


def _has_priority(on: date) -> sa.ColumnElement[bool]:
    """Return whether a patient's row has a category that gives bed priority on a day; both days count."""
    a, c = t.assistance.c, t.assistance_categories.c
    return sa.exists().where(
        a.patient_id == t.patients.c.id,
        a.category == c.code,
        c.bed_priority.is_(True),
        *(begins <= on for begins in (a.valid_from, c.valid_from)),
        *(sa.or_(ends.is_(None), ends >= on) for ends in (a.valid_to, c.valid_to)),
    )
