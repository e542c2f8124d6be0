"""Reading orders: rows to frozen orders and back; a lost race is a refusal, never a silent overwrite."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.errors import VersionMismatch
from dicom.model import Flag, Kind, Priority, Reason
from dicom.orders import OrderState, ReadingOrder
from server.db.tables.imaging import reading_orders as t

PLAIN = (
    "id", "number", "version", "organization_id", "created_at", "centre_id", "centre_organization_id", "patient_id",
    "study_uid", "accession", "question", "history", "expected_instances", "unrequested", "requested_by",
    "complete_at", "due_at", "limit_minutes", "paused_at", "paused_seconds", "claimed_by", "claimed_at",
    "claim_expires_at", "reader_id", "return_code", "return_reason", "rule_version", "fee_waiver", "final_at",
)  # fmt: skip


class Orders:
    """Reading orders."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def get(self, order_id: str, *, lock: bool = False) -> ReadingOrder | None:
        """Return an order; with `lock` nobody else moves it until the transaction ends."""
        return await self._one(t.c.id == order_id, lock=lock)

    async def by_study(self, study_uid: str, *, lock: bool = False) -> ReadingOrder | None:
        """Return the order that reads this study."""
        return await self._one(t.c.study_uid == study_uid, lock=lock)

    async def awaiting_study(
        self, organization_id: str, *, accession: str = "", patient_id: str = "", since: datetime | None = None
    ) -> list[ReadingOrder]:
        """Return the organization's orders that wait for images, by accession number or by patient, oldest first."""
        c = t.c
        query = sa.select(t).where(
            c.organization_id == organization_id, c.study_uid.is_(None), c.state == OrderState.RECEIVING.value
        )
        if accession:
            query = query.where(c.accession == accession)
        if patient_id:
            query = query.where(c.patient_id == patient_id)
        if since is not None:
            query = query.where(c.created_at >= since)
        rows = await self._c.execute(query.order_by(c.created_at, c.id).limit(50).with_for_update())
        return [order_of(row) for row in rows]

    async def unrequested(self, organization_id: str, patient_id: str, *, since: datetime) -> list[ReadingOrder]:
        """Return the orders that the hub made itself for a patient's images, oldest first."""
        c = t.c
        query = sa.select(t).where(
            c.organization_id == organization_id,
            c.patient_id == patient_id,
            c.unrequested.is_(True),
            c.created_at >= since,
        )
        rows = await self._c.execute(query.order_by(c.created_at, c.id).limit(50).with_for_update())
        return [order_of(row) for row in rows]

    async def add(self, order: ReadingOrder) -> None:
        """Store a new order."""
        await self._c.execute(t.insert().values(**row_of(order)))

    async def save(self, order: ReadingOrder) -> None:
        """Store the next version of an order.

        Raises
        ------
        VersionMismatch
            When somebody else stored one meanwhile.
        """
        statement = t.update().where(t.c.id == order.id, t.c.version == order.version - 1).values(**row_of(order))
        if (await self._c.execute(statement)).rowcount != 1:
            current = await self._c.scalar(sa.select(t.c.version).where(t.c.id == order.id))
            raise VersionMismatch(int(current or 0))

    async def _one(self, condition: sa.ColumnElement[bool], *, lock: bool) -> ReadingOrder | None:
        query = sa.select(t).where(condition)
        row = (await self._c.execute(query.with_for_update() if lock else query)).first()
        return order_of(row) if row else None


def order_of(row: Any) -> ReadingOrder:
    """Return the order that a row holds."""
    return ReadingOrder(
        kind=Kind(row.kind),
        state=OrderState(row.state),
        priority=Priority(row.priority),
        cancelled_from=OrderState(row.cancelled_from) if row.cancelled_from else None,
        route=Reason(row.route_zh, row.route_en) if row.route_zh else None,
        flags=tuple(Flag(f["code"], f["level"], f["zh"], f["en"]) for f in row.flags),
        **{name: getattr(row, name) for name in PLAIN},
    )


def row_of(order: ReadingOrder) -> dict[str, Any]:
    """Return the row that holds an order."""
    return {name: getattr(order, name) for name in PLAIN} | {
        "kind": order.kind.value,
        "state": order.state.value,
        "priority": order.priority.value,
        "cancelled_from": order.cancelled_from.value if order.cancelled_from else None,
        "route_zh": order.route.zh if order.route else "",
        "route_en": order.route.en if order.route else "",
        "flags": [{"code": f.code, "level": f.level, "zh": f.zh, "en": f.en} for f in order.flags],
    }
