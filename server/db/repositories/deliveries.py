"""What is sent back to the townships' devices by C-STORE: one row for each report, document and AE title."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.db.tables.imaging import deliveries as t


@dataclass(frozen=True, slots=True)
class Delivery:
    """One document on its way to one AE; `state` is due, sent or failed."""

    id: str
    report_id: str
    ae_title: str
    document: str
    sop_instance_uid: str
    state: str
    attempts: int
    error: str | None
    at: datetime


class Deliveries:
    """What is sent back."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def add(
        self, key: str, report_id: str, ae_title: str, document: str, sop_instance_uid: str, *, at: datetime
    ) -> str | None:
        """Owe one document to one AE; return the row's id, None when it is owed or sent already."""
        statement = self._insert(t).values(
            {"id": key, "report_id": report_id, "ae_title": ae_title, "document": document,
             "sop_instance_uid": sop_instance_uid, "state": "due", "attempts": 0, "at": at}
        )  # fmt: skip
        done = await self._c.execute(
            statement.on_conflict_do_nothing(index_elements=["report_id", "ae_title", "document"])
        )
        return key if done.rowcount == 1 else None

    async def get(self, delivery_id: str) -> Delivery | None:
        """Return one delivery, locked until the transaction ends where the database can."""
        row = (await self._c.execute(sa.select(t).where(t.c.id == delivery_id).with_for_update())).first()
        return _delivery(row) if row else None

    async def of_report(self, report_id: str) -> list[Delivery]:
        """Return where a report went, and how that is."""
        rows = await self._c.execute(sa.select(t).where(t.c.report_id == report_id).order_by(t.c.ae_title))
        return [_delivery(row) for row in rows]

    async def tried(self, delivery_id: str, outcome: str, *, error: str | None, at: datetime) -> None:
        """Count an attempt and what came of it."""
        await self._c.execute(
            t.update()
            .where(t.c.id == delivery_id)
            .values({"state": outcome, "attempts": t.c.attempts + 1, "error": error, "at": at})
        )


def _delivery(row: Any) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in Delivery.__slots__})
