"""Studies as pages show them: with the order that reads each, newest first."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.errors import MalformedQuery
from dicom.model import Study
from dicom.orders import ReadingOrder
from dicom.ports import InstanceRecord
from server.accounts.crypto import Cipher
from server.accounts.model import Caller
from server.db.repositories.orders import order_of
from server.db.repositories.studies import Studies, instance_record
from server.db.scope import visible_to
from server.db.tables import imaging as t


@dataclass(frozen=True, slots=True)
class Line:
    """A study, its order if there is one yet, and how much room it takes."""

    study: Study
    order: ReadingOrder | None
    bytes: int


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A series with the instances that the caller may see."""

    uid: str
    number: int | None
    modality: str
    description: str
    instances: tuple[InstanceRecord, ...]


class StudyPages:
    """Reads for the pages about studies."""

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._c, self._studies = connection, Studies(connection, cipher)

    async def page(
        self,
        caller: Caller,
        *,
        now: datetime,
        states: Sequence[str] = (),
        patient: str = "",
        organization: str = "",
        cursor: str = "",
        limit: int = 50,
    ) -> tuple[list[Line], str | None]:
        """Return one page and what continues it."""
        s, o = t.studies.c, t.reading_orders.c
        query = sa.select(t.studies).where(visible_to(caller, t.studies, now=now))
        if states:
            joined = sa.select(o.study_uid).where(o.study_uid == s.study_instance_uid)
            wanted = sa.exists(joined.where(o.state.in_(states)))
            query = query.where(sa.or_(wanted, ~sa.exists(joined)) if "receiving" in states else wanted)
        if patient:
            query = query.where(s.patient_id == patient)
        if organization:
            query = query.where(s.organization_id == organization)
        if cursor:
            at, uid = _position(cursor)
            query = query.where(sa.or_(s.received_at < at, sa.and_(s.received_at == at, s.study_instance_uid < uid)))
        query = query.order_by(s.received_at.desc(), s.study_instance_uid.desc()).limit(limit + 1)
        rows = (await self._c.execute(query)).all()
        lines = await self._lines(rows[:limit])
        return lines, _cursor(rows[limit - 1]) if len(rows) > limit else None

    async def one(self, caller: Caller, study_uid: str, *, now: datetime) -> tuple[Line, list[SeriesLine]] | None:
        """Return a study with its series, None when it is not the caller's to see."""
        seen = visible_to(caller, t.studies, now=now)
        query = sa.select(t.studies).where(t.studies.c.study_instance_uid == study_uid, seen)
        rows = (await self._c.execute(query)).all()
        if not rows:
            return None
        (line,) = await self._lines(rows)
        return line, await self._series(caller, study_uid, now)

    async def _lines(self, rows: Sequence[Any]) -> list[Line]:
        uids = [r.study_instance_uid for r in rows]
        o, i = t.reading_orders.c, t.instances.c
        orders = await self._c.execute(sa.select(t.reading_orders).where(o.study_uid.in_(uids)))
        by_study = {r.study_uid: order_of(r) for r in orders}
        sums = sa.select(i.study_instance_uid, sa.func.sum(i.size)).where(i.study_instance_uid.in_(uids))
        sizes = {r[0]: int(r[1]) for r in await self._c.execute(sums.group_by(i.study_instance_uid))}
        return [
            Line(self._studies.of_row(r), by_study.get(u), sizes.get(u, 0)) for r, u in zip(rows, uids, strict=True)
        ]

    async def _series(self, caller: Caller, study_uid: str, now: datetime) -> list[SeriesLine]:
        e, i = t.series.c, t.instances.c
        series = await self._c.execute(
            sa.select(t.series).where(e.study_instance_uid == study_uid).order_by(e.number, e.series_instance_uid)
        )
        rows = await self._c.execute(
            sa.select(t.instances)
            .join(t.studies, t.studies.c.study_instance_uid == i.study_instance_uid)
            .where(i.study_instance_uid == study_uid, visible_to(caller, t.instances, now=now))
            .order_by(i.number, i.sop_instance_uid)
        )
        found: dict[str, list[InstanceRecord]] = {}
        for row in rows:
            found.setdefault(row.series_instance_uid, []).append(instance_record(row))
        return [
            SeriesLine(r.series_instance_uid, r.number, r.modality, r.description, tuple(found[r.series_instance_uid]))
            for r in series
            if r.series_instance_uid in found
        ]

    async def prior_ecg(self, study: Study, sop_classes: str) -> str | None:
        """Return the patient's ECG before this one, None when there is none or nobody knows whose it is."""
        if study.patient_id is None:
            return None
        s, i = t.studies.c, t.instances.c
        has_ecg = sa.exists().where(
            i.study_instance_uid == s.study_instance_uid, i.sop_class_uid.like(f"{sop_classes}%")
        )
        query = (
            sa.select(s.study_instance_uid)
            .where(s.patient_id == study.patient_id, s.received_at < study.received_at, has_ecg)
            .order_by(s.received_at.desc())
            .limit(1)
        )
        found: str | None = await self._c.scalar(query)
        return found


def _cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(f"{row.received_at.isoformat()}|{row.study_instance_uid}".encode()).decode()


def _position(cursor: str) -> tuple[datetime, str]:
    try:
        at, _, uid = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        return datetime.fromisoformat(at).astimezone(UTC), uid
    except (binascii.Error, ValueError) as error:
        raise MalformedQuery("the cursor is none of ours") from error
