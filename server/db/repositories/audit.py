"""The audit table as the sealer and the verifier read it (decisions 5)."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.audit.chain import Head, Link, Record
from server.db.tables.ledger import audit

SEALER_LOCK = 0x4C75_746F  # one sealer at a time on PostgreSQL; SQLite has one writer anyway
_FIELDS = [audit.c[name] for name in Record.__slots__]


class AuditTrail:
    """Audit records in the order of the chain."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def lock(self) -> None:
        """Wait until no other sealer is at work; released by the transaction's end."""
        if self._c.dialect.name == "postgresql":
            await self._c.execute(sa.select(sa.func.pg_advisory_xact_lock(SEALER_LOCK)))

    async def head(self) -> Head:
        """Return the last link of the chain; position 0 when there is none."""
        query = (
            sa.select(audit.c.position, audit.c.digest)
            .where(audit.c.position.is_not(None))
            .order_by(audit.c.position.desc())
            .limit(1)
        )
        row = (await self._c.execute(query)).first()
        return Head(row.position, row.digest or "") if row else Head(0, "")

    async def unsealed(self, *, limit: int) -> list[Record]:
        """Return committed records that are not in the chain yet, oldest first."""
        query = sa.select(*_FIELDS).where(audit.c.position.is_(None)).order_by(audit.c.seq).limit(limit)
        query = query.with_for_update()  # a record that still counts on waits, and then finds itself sealed
        return [Record(*row) for row in await self._c.execute(query)]

    async def count_unsealed(self) -> int:
        """Return how many records wait for the sealer."""
        query = sa.select(sa.func.count()).select_from(audit).where(audit.c.position.is_(None))
        return int(await self._c.scalar(query) or 0)

    async def seal(self, links: Sequence[Link]) -> None:
        """Write places and digests into the rows."""
        if not links:
            return
        statement = (
            audit.update()
            .where(audit.c.seq == sa.bindparam("of"), audit.c.position.is_(None))
            .values(position=sa.bindparam("at_position"), digest=sa.bindparam("with_digest"))
        )
        rows = [{"of": k.record.seq, "at_position": k.position, "with_digest": k.digest} for k in links]
        await self._c.execute(statement, rows)

    async def links(self, *, batch: int = 5000) -> AsyncIterator[Sequence[Link]]:
        """Give the chain in order, in batches."""
        after = 0
        while True:
            query = (
                sa.select(audit.c.position, audit.c.digest, *_FIELDS)
                .where(audit.c.position > after)
                .order_by(audit.c.position)
                .limit(batch)
            )
            found = [Link(row[0], row[1] or "", Record(*row[2:])) for row in await self._c.execute(query)]
            if not found:
                return
            yield found
            after = found[-1].position

    async def of_patient(self, patient_id: str, *, before: int | None = None, limit: int = 200) -> list[Record]:
        """Return who touched a patient's data, the newest first."""
        condition = audit.c.patient_id == patient_id
        if before is not None:
            condition = sa.and_(condition, audit.c.seq < before)
        return await self._records(condition, limit)

    async def latest(self, *, before: int | None = None, limit: int = 200) -> list[Record]:
        """Return the newest records of everything."""
        return await self._records(sa.true() if before is None else audit.c.seq < before, limit)

    async def since(self, actor_id: str, at: datetime) -> int:
        """Return how many records a person has caused since an instant."""
        query = sa.select(sa.func.count()).select_from(audit).where(audit.c.actor_id == actor_id, audit.c.at >= at)
        return int(await self._c.scalar(query) or 0)

    async def _records(self, condition: sa.ColumnElement[bool], limit: int) -> list[Record]:
        query = sa.select(*_FIELDS).where(condition).order_by(audit.c.seq.desc()).limit(limit)
        return [Record(*row) for row in await self._c.execute(query)]
