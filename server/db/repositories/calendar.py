"""The calendar of consults and the roster of experts; whether a time is free is for the database to say."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import Role
from server.db.dataclass_json import from_json, to_json
from server.db.savepoint import is_conflict
from server.db.tables import people
from server.db.tables.consults import experts, slot_bookings
from video.consults import Expert, Hours, Slot
from video.errors import SlotTaken, VersionMismatch
from video.slots import Span

b, x, u, m = slot_bookings.c, experts.c, people.users.c, people.memberships.c


class Calendar:
    """Times that are kept on both sides."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._on_sqlite = connection.dialect.name == "sqlite"

    async def keep(self, slot: Slot, now: datetime) -> None:
        """Keep a time for every resource of a slot; offers that are over are swept out of its way.

        Raises
        ------
        SlotTaken
            When it meets another on one of them.
        """
        over = (b.released_at.is_(None), b.booked_at.is_(None), b.held_until <= now)
        meets = (b.begins_at < slot.ends_at, b.ends_at > slot.begins_at, b.resource.in_(slot.resources))
        await self._c.execute(slot_bookings.update().where(*over, *meets).values(released_at=b.held_until))
        for resource in sorted(slot.resources):  # in one order everywhere, so that two who meet do not wait for ever
            if not await self._insert(_row(slot, resource)):
                raise SlotTaken(resource, slot.begins_at)

    async def of(self, consult_id: str) -> list[Slot]:
        """Return what is kept for a consult, offered or booked, by its beginning; offers that are over too."""
        kept = (b.consult_id == consult_id, b.released_at.is_(None))
        rows = await self._c.execute(sa.select(slot_bookings).where(*kept).order_by(b.begins_at, b.slot_id, b.resource))
        found: dict[str, list[Any]] = {}
        for row in rows:
            found.setdefault(row.slot_id, []).append(row)
        return [slot_of(group) for group in found.values()]

    async def book(self, slot_id: str, now: datetime) -> None:
        """Keep an offered slot until somebody gives it back."""
        await self._c.execute(
            slot_bookings.update().where(b.slot_id == slot_id, b.released_at.is_(None)).values(booked_at=now)
        )

    async def release(self, consult_id: str, now: datetime, *, besides: str = "") -> None:
        """Give back what is kept for a consult, but one slot."""
        kept = (b.consult_id == consult_id, b.slot_id != besides, b.released_at.is_(None))
        await self._c.execute(slot_bookings.update().where(*kept).values(released_at=now))

    async def busy(self, resources: Sequence[str], since: datetime, until: datetime, now: datetime) -> list[Span]:
        """Return when one of these is kept for somebody."""
        kept = (b.released_at.is_(None), sa.or_(b.booked_at.is_not(None), b.held_until > now))
        meets = (b.resource.in_(sorted(resources)), b.begins_at < until, b.ends_at > since)
        query = sa.select(b.begins_at, b.ends_at).where(*kept, *meets).distinct().order_by(b.begins_at, b.ends_at)
        return [Span(*row) for row in await self._c.execute(query)]

    async def _insert(self, row: dict[str, Any]) -> bool:
        """Store a booking; False when the database says that another one is in its way."""
        if not self._on_sqlite:  # the conflict is awaited and told without an error: no savepoint
            statement = postgresql.insert(slot_bookings).values(**row).on_conflict_do_nothing()
            return (await self._c.execute(statement)).rowcount == 1
        try:
            await self._c.execute(sqlite.insert(slot_bookings).values(**row))
        except sa.exc.IntegrityError as error:
            if not is_conflict(error):
                raise
            return False
        return True


class Roster:
    """The experts who may be invited: consultants whose account is open, with their credentials."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def get(self, user_id: str) -> Expert | None:
        """Return an expert, None for an unknown one or one who has left."""
        return next(iter(await self._many(x.user_id == user_id)), None)

    async def all(self, *, organization_id: str = "", specialty: str = "") -> list[Expert]:
        """Return the experts of an organization or a specialty, by organization and name."""
        conditions = [x.organization_id == organization_id] if organization_id else []
        found = await self._many(*conditions)
        return [expert for expert in found if not specialty or specialty in expert.specialties]

    async def may_join(self, user_id: str, organization_id: str) -> bool:
        """Tell whether somebody is a consultant of an organization, her account open."""
        query = sa.select(u.id).join(people.memberships, m.user_id == u.id)
        held = (m.role == Role.CONSULTANT.value, m.organization_id == organization_id, u.disabled_at.is_(None))
        return await self._c.scalar(query.where(u.id == user_id, *held)) is not None

    async def candidates(self, organization_id: str) -> list[tuple[str, str]]:
        """Return id and name of the consultants of an organization who stand on no roster."""
        query = sa.select(u.id, u.name).join(people.memberships, m.user_id == u.id)
        held = (m.role == Role.CONSULTANT.value, m.organization_id == organization_id, u.disabled_at.is_(None))
        found = query.where(*held, u.id.not_in(sa.select(x.user_id))).distinct().order_by(u.name, u.id)
        return [(row.id, row.name) for row in await self._c.execute(found)]

    async def put(self, expert: Expert) -> None:
        """Store an expert's next version; version 1 is a new one.

        Raises
        ------
        VersionMismatch
            When somebody else stored one meanwhile, or a new one stands there already.
        """
        row = {
            "user_id": expert.id,
            "organization_id": expert.organization_id,
            "specialties": list(expert.specialties),
            "practising_since": expert.practising_since,
            "licence": expert.licence,
            "hours": [to_json(hours) for hours in expert.hours],
            "slot_minutes": expert.slot_minutes,
            "version": expert.version,
        }
        known = (x.user_id == expert.id, x.version == expert.version - 1)
        fresh = self._upsert(experts).values(**row).on_conflict_do_nothing(index_elements=["user_id"])
        statement = fresh if expert.version == 1 else experts.update().where(*known).values(**row)
        if (await self._c.execute(statement)).rowcount != 1:
            current = await self._c.scalar(sa.select(x.version).where(x.user_id == expert.id))
            raise VersionMismatch(int(current or 0))

    async def _many(self, *conditions: sa.ColumnElement[bool]) -> list[Expert]:
        consultant = sa.exists().where(
            m.user_id == x.user_id, m.organization_id == x.organization_id, m.role == Role.CONSULTANT.value
        )
        query = (
            sa.select(experts, u.name, u.title)
            .join(people.users, u.id == x.user_id)
            .where(u.disabled_at.is_(None), consultant, *conditions)
            .order_by(x.organization_id, u.name, u.id)
        )
        return [_expert(row) for row in await self._c.execute(query)]


def _expert(row: Any) -> Expert:
    return Expert(
        row.user_id, row.name, row.title, row.organization_id, tuple(row.specialties), row.practising_since,
        row.licence, tuple(from_json(Hours, hours) for hours in row.hours), row.slot_minutes, row.version,
    )  # fmt: skip


def _row(slot: Slot, resource: str) -> dict[str, Any]:
    return {
        "slot_id": slot.id,
        "resource": resource,
        "consult_id": slot.consult_id,
        "begins_at": slot.begins_at,
        "ends_at": slot.ends_at,
        "held_until": slot.held_until,
        "booked_at": slot.booked_at,
        "released_at": slot.released_at,
    }


def slot_of(rows: Sequence[Any]) -> Slot:
    """Return the slot of its rows, one for each resource."""
    first = rows[0]
    return Slot(
        first.slot_id, first.consult_id, first.begins_at, first.ends_at, tuple(row.resource for row in rows),
        first.held_until, first.booked_at, first.released_at,
    )  # fmt: skip
