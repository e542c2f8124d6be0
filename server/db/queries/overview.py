"""The township desk's numbers, and the reports that nobody there has read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.orders import OrderState, ReportState
from server.db.tables import imaging, people

READING = ("ready", "claimed", "awaiting-verification", "cancel-requested", "amending")
LOOK_BACK = timedelta(days=30)
o, r, a = imaging.reading_orders.c, imaging.reports.c, imaging.report_reads.c


@dataclass(frozen=True, slots=True)
class Unread:
    """A report that the sender's people have not acknowledged."""

    id: str
    number: str
    edition: int
    order_id: str
    order_number: str
    kind: str
    title: str
    patient_id: str | None
    patient_name: str | None
    impression: str
    positive: bool
    critical: bool
    amend_kind: str | None
    released_at: datetime | None
    preliminary: bool
    version: int


class Overview:
    """What stands on the township's desk."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def numbers(self, organization_ids: Sequence[str]) -> Mapping[str, int]:
        """Return how many orders these organizations have on the way, being read, and given back to them."""
        query = sa.select(o.state, sa.func.count()).where(o.organization_id.in_(organization_ids)).group_by(o.state)
        by_state = {row[0]: int(row[1]) for row in await self._c.execute(query)}
        return {
            "sending": by_state.get("receiving", 0) + by_state.get("quarantined", 0) + by_state.get("unrouted", 0),
            "reading": sum(by_state.get(state, 0) for state in READING),
            "returned": by_state.get(OrderState.RETURNED.value, 0),
        }

    async def unread(self, organization_ids: Sequence[str], *, now: datetime, limit: int = 100) -> list[Unread]:
        """Return released and preliminary reports of the last days nobody of the organization acknowledged.

        One receipt of the organization's is enough; each person's own reading is kept beside it. An amended
        edition is unread until it is acknowledged itself, whoever read the one before it.
        """
        read = sa.exists().where(a.report_id == r.id, a.receipt.is_(True), a.organization_id == o.organization_id)
        query = (
            sa.select(
                imaging.reports, o.number.label("order_number"), o.kind, o.patient_id, o.question,
                people.patients.c.name.label("patient_name"), imaging.studies.c.description,
            )
            .select_from(
                imaging.reports.join(imaging.reading_orders, o.id == r.order_id)
                .outerjoin(people.patients, people.patients.c.id == o.patient_id)
                .outerjoin(imaging.studies, imaging.studies.c.study_instance_uid == o.study_uid)
            )
            .where(
                o.organization_id.in_(organization_ids),
                r.state.in_([ReportState.RELEASED.value, ReportState.PRELIMINARY.value]),
                r.updated_at >= now - LOOK_BACK,
                sa.not_(read),
            )
            .order_by(r.critical.desc(), r.amend_kind.is_(None), r.updated_at.desc())
            .limit(limit)
        )  # fmt: skip
        return [_unread(row) for row in await self._c.execute(query)]


def _unread(row: Any) -> Unread:
    preliminary = row.state == ReportState.PRELIMINARY.value
    impression = str(json.loads(row.body)["impression"]) if row.body else row.impression  # what was signed or issued
    return Unread(
        row.id, row.number, row.edition, row.order_id, row.order_number, row.kind, row.description or row.question[:40],
        row.patient_id, row.patient_name, impression, row.positive, row.critical, row.amend_kind, row.released_at,
        preliminary, row.version,
    )  # fmt: skip
