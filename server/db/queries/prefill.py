"""What the record knows of a patient who is about to be referred: reports and studies of the last days."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.orders import ReportState
from server.accounts.model import Caller
from server.db.scope import visible_to
from server.db.tables import imaging

o, r, s = imaging.reading_orders.c, imaging.reports.c, imaging.studies.c
READABLE = (ReportState.RELEASED.value, ReportState.PRELIMINARY.value)


@dataclass(frozen=True, slots=True)
class RecentReport:
    """A report as a form quotes it: what was signed, not what somebody is writing."""

    id: str
    number: str
    kind: str
    title: str
    impression: str
    positive: bool
    critical: bool
    preliminary: bool
    at: datetime
    study_uid: str | None


@dataclass(frozen=True, slots=True)
class RecentStudy:
    """A study of the last days, read or not."""

    uid: str
    title: str
    modalities: tuple[str, ...]
    received_at: datetime


class Prefill:
    """Looks up what a new ticket can begin with; all of it is what the caller may see."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def reports(
        self, caller: Caller, patient_id: str, *, since: datetime, now: datetime, limit: int = 20
    ) -> list[RecentReport]:
        """Return readable reports since then, a critical one first, then the newest."""
        query = (
            sa.select(imaging.reports, o.kind, o.question, o.study_uid, s.description)
            .select_from(
                imaging.reports.join(imaging.reading_orders, o.id == r.order_id).outerjoin(
                    imaging.studies, s.study_instance_uid == o.study_uid
                )
            )
            .where(
                o.patient_id == patient_id,
                r.state.in_(READABLE),
                r.updated_at >= since,
                visible_to(caller, imaging.reading_orders, now=now),
            )
            .order_by(r.critical.desc(), r.updated_at.desc(), r.id)
            .limit(limit)
        )
        return [_report(row) for row in await self._c.execute(query)]

    async def studies(
        self, caller: Caller, patient_id: str, *, since: datetime, now: datetime, limit: int = 20
    ) -> list[RecentStudy]:
        """Return the patient's studies since then, the newest first."""
        query = (
            sa.select(s.study_instance_uid, s.description, s.modalities, s.received_at)
            .where(s.patient_id == patient_id, s.received_at >= since, visible_to(caller, imaging.studies, now=now))
            .order_by(s.received_at.desc(), s.study_instance_uid)
            .limit(limit)
        )
        rows = await self._c.execute(query)
        return [RecentStudy(row[0], row.description, tuple(row.modalities or ()), row.received_at) for row in rows]


def _report(row: Any) -> RecentReport:
    impression = str(json.loads(row.body)["impression"]) if row.body else row.impression
    return RecentReport(
        row.id, row.number, row.kind, row.description or row.question[:40], impression, row.positive, row.critical,
        row.state == ReportState.PRELIMINARY.value, row.released_at or row.updated_at, row.study_uid,
    )  # fmt: skip
