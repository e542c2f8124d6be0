"""Beds in numbers: who used the reserved ones and how long, and how long beds were held for nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from referral.model import IntervalKind, IntervalState, Pool
from server.clock import local_date
from server.db.prepared import KEYS
from server.db.queries.referral_numbers import Period
from server.db.tables import beds, people

i, b = beds.bed_intervals.c, beds.beds.c
HOUR = timedelta(hours=1)
WASTED = (IntervalState.EXPIRED.value, IntervalState.RELEASED.value)
ELIGIBLE, OVERRIDE, LENT = "eligible", "override", "lent"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often, and how many hours together."""

    count: int
    hours: float


@dataclass(frozen=True, slots=True)
class BedNumbers:
    """What beds were used for.

    Parameters
    ----------
    reserved
        Use of beds of the reserved pool (`eligible`, `override` in an emergency, `lent`), promises and stays: hours
        inside the period, up to now.
    wasted
        Holds begun in the period that expired or were given back unused (`expired`, `released`), with the hours for
        which they kept a bed from others.
    """

    reserved: Mapping[str, Tally]
    wasted: Mapping[str, Tally]


class BedUse:
    """Counts holds and stays; nobody's name is read."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def of(self, *, since: datetime, until: datetime, now: datetime, organization_id: str = "") -> BedNumbers:
        """Return the numbers of a period; the organization is the beds'."""
        period = Period(since, until, organization_id)
        return BedNumbers(await self._reserved(period, now), await self._wasted(period))

    async def _reserved(self, period: Period, now: datetime) -> dict[str, Tally]:
        ends = min(now, period.until)
        overlaps = (i.begins_at < ends, sa.or_(i.ends_at.is_(None), i.ends_at > period.since))
        columns = (i.begins_at, i.ends_at, i.patient_id, i.override)
        query = sa.select(*columns).join(beds.beds, b.id == i.bed_id).where(b.pool == Pool.RESERVED.value, *overlaps)
        rows = (await self._c.execute(query.where(*_of(period)))).all()
        favoured = await self._favoured([row.patient_id for row in rows if row.patient_id])
        found: dict[str, list[float]] = {ELIGIBLE: [], OVERRIDE: [], LENT: []}
        for row in rows:
            spans = favoured.get(row.patient_id or "", ())
            span = min(row.ends_at or ends, ends) - max(row.begins_at, period.since)
            found[_use(row, spans)].append(span / HOUR)
        return {use: Tally(len(hours), round(sum(hours), 1)) for use, hours in found.items()}

    async def _favoured(self, patient_ids: Sequence[str]) -> dict[str, list[tuple[date, date]]]:
        """Return from which to which day each patient's categories gave bed priority."""
        a, c = people.assistance.c, people.assistance_categories.c
        columns = (a.patient_id, a.valid_from, a.valid_to, c.valid_from.label("begun"), c.valid_to.label("ended"))
        query = sa.select(*columns).join(people.assistance_categories, c.code == a.category)
        wanted, found = sorted(set(patient_ids)), dict[str, list[tuple[date, date]]]()
        for start in range(0, len(wanted), KEYS):
            part = query.where(c.bed_priority.is_(True), a.patient_id.in_(wanted[start : start + KEYS]))
            for row in await self._c.execute(part):
                last = min(row.valid_to or date.max, row.ended or date.max)
                found.setdefault(row.patient_id, []).append((max(row.valid_from, row.begun), last))
        return found

    async def _wasted(self, period: Period) -> dict[str, Tally]:
        begun = (i.begins_at >= period.since, i.begins_at < period.until)
        query = (
            sa.select(i.state, i.begins_at, i.ends_at)
            .join(beds.beds, b.id == i.bed_id)
            .where(i.kind == IntervalKind.HOLD.value, i.state.in_(WASTED), *begun, *_of(period))
        )
        found: dict[str, list[float]] = {state: [] for state in WASTED}
        for row in await self._c.execute(query):
            found[row.state].append((row.ends_at - row.begins_at) / HOUR)
        return {state: Tally(len(hours), round(sum(hours), 1)) for state, hours in found.items()}


def _use(row: Any, spans: Sequence[tuple[date, date]]) -> str:
    """Return why somebody had a reserved bed: an emergency's override, a category on that day, else a loan."""
    if row.override:
        return OVERRIDE
    day = local_date(row.begins_at)
    return ELIGIBLE if any(first <= day <= last for first, last in spans) else LENT


def _of(period: Period) -> list[sa.ColumnElement[bool]]:
    return [b.organization_id == period.organization_id] if period.organization_id else []
