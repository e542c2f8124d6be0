"""Wards, beds and intervals; whether a bed is free is for the database to say when the interval is stored."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from referral.errors import BedTaken, PatientHasBed, ReferralRefusal, VersionMismatch
from referral.model import BedKind, IntervalKind, IntervalState, Level, Pool, SexRule
from referral.wards import Bed, BedNow, Interval, Ward
from server.db.savepoint import is_conflict, savepoint
from server.db.tables import beds as t

LIVE, HOLD, OCCUPANCY = IntervalState.LIVE.value, IntervalKind.HOLD.value, IntervalKind.OCCUPANCY.value
PLAIN_BED = (
    "id", "organization_id", "ward_id", "label", "department", "isolation", "monitored", "to_clean_since",
    "blocked_reason", "blocked_until", "blocked_at", "withdrawn_at", "feed_version", "version",
)  # fmt: skip
PLAIN_INTERVAL = (
    "id", "bed_id", "begins_at", "ends_at", "ticket_id", "patient_id", "label", "sex", "expected_end_at", "en_route",
    "by", "reason", "override", "version",
)  # fmt: skip
PLAIN_WARD = ("id", "organization_id", "name", "department", "phone", "confirmed_at", "confirmed_by", "version")


class BedBoard:
    """Wards, beds, and the intervals that keep beds."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._on_sqlite = connection.dialect.name == "sqlite"

    async def wards(self, organization_id: str = "") -> list[Ward]:
        """Return the wards of one organization, or of all."""
        query = sa.select(t.wards).order_by(t.wards.c.organization_id, t.wards.c.name, t.wards.c.id)
        if organization_id:
            query = query.where(t.wards.c.organization_id == organization_id)
        return [_ward(row) for row in await self._c.execute(query)]

    async def beds(
        self, now: datetime, *, organization_id: str = "", ward_id: str = "", department: str = ""
    ) -> list[BedNow]:
        """Return beds with what keeps them now, withdrawn ones left out, by ward and label."""
        asked = {"organization_id": organization_id, "ward_id": ward_id, "department": department}
        conditions = [t.beds.c[name] == value for name, value in asked.items() if value]
        return await self._now(now, t.beds.c.withdrawn_at.is_(None), *conditions)

    async def bed(self, bed_id: str, now: datetime) -> BedNow | None:
        """Return one bed with what keeps it now."""
        return next(iter(await self._now(now, t.beds.c.id == bed_id)), None)

    async def add_ward(self, ward: Ward) -> None:
        """Store a ward."""
        await self._c.execute(t.wards.insert().values(**_ward_row(ward)))

    async def save_ward(self, ward: Ward) -> None:
        """Store the next version of a ward, or raise VersionMismatch."""
        await self._next(t.wards, ward.id, ward.version, _ward_row(ward))

    async def add_bed(self, bed: Bed) -> None:
        """Store a bed."""
        await self._c.execute(t.beds.insert().values(**_bed_row(bed)))

    async def save_bed(self, bed: Bed) -> None:
        """Store the next version of a bed, or raise VersionMismatch."""
        await self._next(t.beds, bed.id, bed.version, _bed_row(bed))

    async def furnish(self, wards: Sequence[Ward], beds: Sequence[Bed], stays: Sequence[Interval]) -> None:
        """Store wards with their beds and whoever lies in them, when a house joins; a refusal ends the transaction."""
        for table, rows in (
            (t.wards, [_ward_row(ward) for ward in wards]),
            (t.beds, [_bed_row(bed) for bed in beds]),
            (t.bed_intervals, [_interval_row(stay) for stay in stays]),
        ):
            if rows:
                await self._c.execute(table.insert(), rows)

    async def keep(self, interval: Interval) -> None:
        """Store a new live interval; refused, the transaction goes on and may try the next bed.

        Raises
        ------
        BedTaken
            When its range overlaps another of the same bed.
        PatientHasBed
            When the patient lies in a bed, or the ticket has a live hold.
        """
        if not await self._insert(_interval_row(interval)):
            raise await self._in_the_way(interval)

    async def change(self, interval: Interval) -> None:
        """Store an interval's next version; refused like `keep`, or with VersionMismatch."""
        try:
            async with savepoint(self._c):
                await self._next(t.bed_intervals, interval.id, interval.version, _interval_row(interval))
        except sa.exc.IntegrityError as error:
            if not is_conflict(error):
                raise
            raise await self._in_the_way(interval) from error

    async def interval(self, interval_id: str) -> Interval | None:
        """Return one interval."""
        return await self._one(t.bed_intervals.c.id == interval_id)

    async def hold_of(self, ticket_id: str) -> Interval | None:
        """Return the ticket's hold that was not ended, expired or not."""
        c = t.bed_intervals.c
        return await self._one(c.ticket_id == ticket_id, c.kind == HOLD, c.state == LIVE)

    async def occupancy_of(self, patient_id: str) -> Interval | None:
        """Return the bed in which a patient lies."""
        c = t.bed_intervals.c
        return await self._one(c.patient_id == patient_id, c.kind == OCCUPANCY, c.state == LIVE)

    async def quota_debt(self, organization_id: str, department: str = "") -> int:
        """Return how many reserved beds were used in emergencies and are owed."""
        query = sa.select(sa.func.count()).where(*_owed(organization_id, department))
        return int(await self._c.scalar(query) or 0)

    async def owe(self, organization_id: str, department: str, ticket_id: str, now: datetime) -> None:
        """Write down one reserved bed that is owed."""
        await self._c.execute(
            t.quota_debts.insert().values(
                id=secrets.token_hex(12),
                organization_id=organization_id,
                department=department,
                ticket_id=ticket_id,
                at=now,
            )
        )

    async def forgive(self, ticket_id: str) -> None:
        """Forget what is owed for a ticket that used no reserved bed in the end; what was paid stays paid."""
        c = t.quota_debts.c
        await self._c.execute(t.quota_debts.delete().where(c.ticket_id == ticket_id, c.repaid_at.is_(None)))

    async def repay(self, organization_id: str, department: str, bed_id: str, now: datetime) -> bool:
        """Write down that the oldest debt was paid with a bed; False when nothing was owed."""
        c = t.quota_debts.c
        oldest = sa.select(c.id).where(*_owed(organization_id, department)).order_by(c.at, c.id).limit(1)
        debt = await self._c.scalar(oldest.with_for_update(skip_locked=True))
        if debt is None:
            return False
        paid = t.quota_debts.update().where(c.id == debt).values(repaid_at=now, repaid_bed_id=bed_id)
        return (await self._c.execute(paid)).rowcount == 1

    async def _insert(self, row: dict[str, Any]) -> bool:
        """Store an interval; False when the database says that another one is in its way."""
        if not self._on_sqlite:  # every conflict is awaited and told without an error: no savepoint, no deadlock
            statement = postgresql.insert(t.bed_intervals).values(**row).on_conflict_do_nothing()
            return (await self._c.execute(statement)).rowcount == 1
        try:
            await self._c.execute(sqlite.insert(t.bed_intervals).values(**row))
        except sa.exc.IntegrityError as error:
            if not is_conflict(error):
                raise
            return False
        return True

    async def _in_the_way(self, interval: Interval) -> ReferralRefusal:
        """Return the refusal that says what stands there; gone since, the bed was taken a moment ago."""
        c = t.bed_intervals.c
        others = [c.id != interval.id, c.state == LIVE, c.kind == interval.kind.value]
        whose = "ticket_id" if interval.kind is IntervalKind.HOLD else "patient_id"
        owner = getattr(interval, whose)
        if owner is not None and (found := await self._one(*others, c[whose] == owner)):
            return PatientHasBed(found.bed_id)
        conditions = [
            c.id != interval.id,
            c.bed_id == interval.bed_id,
            sa.or_(c.ends_at.is_(None), sa.and_(c.ends_at > interval.begins_at, c.ends_at > c.begins_at)),
        ]
        if interval.ends_at is not None:
            conditions.append(c.begins_at < interval.ends_at)
        other = await self._one(*conditions)
        if other is None:
            return BedTaken(interval.bed_id)
        until = other.ends_at.isoformat() if other.ends_at else None
        return BedTaken(interval.bed_id, holder=other.ticket_id or "", until=until)

    async def _next(self, table: sa.Table, key: str, version: int, row: dict[str, Any]) -> None:
        statement = table.update().where(table.c.id == key, table.c.version == version - 1).values(**row)
        if (await self._c.execute(statement)).rowcount != 1:
            current = await self._c.scalar(sa.select(table.c.version).where(table.c.id == key))
            raise VersionMismatch(int(current or 0))

    async def _one(self, *conditions: sa.ColumnElement[bool]) -> Interval | None:
        c = t.bed_intervals.c
        query = sa.select(t.bed_intervals).where(*conditions).order_by(c.begins_at, c.id).limit(1)
        row = (await self._c.execute(query)).first()
        return interval_of(row) if row else None

    async def _now(self, now: datetime, *conditions: sa.ColumnElement[bool]) -> list[BedNow]:
        b, c = t.beds.c, t.bed_intervals.c
        wanted = sa.select(t.beds).where(*conditions)
        rows = await self._c.execute(wanted.order_by(b.organization_id, b.ward_id, b.label, b.id))
        beds = [_bed(row) for row in rows]
        on_the_road = sa.and_(c.kind == HOLD, c.en_route.is_(True), c.level <= int(Level.II))  # `ends_by_the_clock`
        keeping = sa.select(t.bed_intervals).where(
            c.state == LIVE,
            c.begins_at <= now,
            sa.or_(c.ends_at.is_(None), c.ends_at > now, on_the_road),
            c.bed_id.in_(wanted.with_only_columns(b.id)),
        )
        kept: dict[tuple[str, str], Interval] = {
            (row.bed_id, row.kind): interval_of(row) for row in await self._c.execute(keeping)
        }
        return [BedNow(bed, kept.get((bed.id, HOLD)), kept.get((bed.id, OCCUPANCY))) for bed in beds]


def _owed(organization_id: str, department: str) -> Sequence[sa.ColumnElement[bool]]:
    c = t.quota_debts.c
    owed = [c.organization_id == organization_id, c.repaid_at.is_(None)]
    return [*owed, c.department == department] if department else owed


def interval_of(row: Any) -> Interval:
    """Return the interval that a row holds."""
    return Interval(
        kind=IntervalKind(row.kind),
        state=IntervalState(row.state),
        level=Level(row.level) if row.level is not None else None,
        **{name: getattr(row, name) for name in PLAIN_INTERVAL},
    )


def _interval_row(interval: Interval) -> dict[str, Any]:
    return {name: getattr(interval, name) for name in PLAIN_INTERVAL} | {
        "kind": interval.kind.value,
        "state": interval.state.value,
        "level": int(interval.level) if interval.level is not None else None,
    }


def _bed(row: Any) -> Bed:
    return Bed(
        pool=Pool(row.pool),
        kind=BedKind(row.kind),
        sex=SexRule(row.sex),
        devices=tuple(row.devices),
        **{name: getattr(row, name) for name in PLAIN_BED},
    )


def _bed_row(bed: Bed) -> dict[str, Any]:
    words = {"pool": bed.pool.value, "kind": bed.kind.value, "sex": bed.sex.value, "devices": list(bed.devices)}
    return {name: getattr(bed, name) for name in PLAIN_BED} | words


def _ward(row: Any) -> Ward:
    return Ward(capabilities=tuple(row.capabilities), **{name: getattr(row, name) for name in PLAIN_WARD})


def _ward_row(ward: Ward) -> dict[str, Any]:
    return {name: getattr(ward, name) for name in PLAIN_WARD} | {"capabilities": list(ward.capabilities)}
