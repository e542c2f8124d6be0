"""The outbox rows: what is owed for an event, sent, done, failed or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.db.prepared import Prepared
from server.db.tables.ledger import outbox

GIVE_UP_AFTER = 12
LONGEST_PAUSE = 600  # seconds


@dataclass(frozen=True, slots=True)
class Owed:
    """One handler's work for one event."""

    event_id: str
    handler: str
    attempts: int


_SENT = Prepared(
    outbox.update()
    .where(outbox.c.event_id == sa.bindparam("of"), outbox.c.handler == sa.bindparam("by"))
    .values(sent_at=sa.bindparam("at"))
)


class Outbox:
    """Messages that leave only after the transaction that caused them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def owed(self, now: datetime, sent_before: datetime, *, limit: int) -> list[Owed]:
        """Return what is due and was not sent, or was sent so long ago that it must have been lost."""
        rows = await self._c.execute(
            sa.select(outbox.c.event_id, outbox.c.handler, outbox.c.attempts)
            .where(
                outbox.c.done_at.is_(None),
                outbox.c.dead_at.is_(None),
                outbox.c.due_at <= now,
                sa.or_(outbox.c.sent_at.is_(None), outbox.c.sent_at <= sent_before),
            )
            .order_by(outbox.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [Owed(*row) for row in rows]

    async def mark_sent(self, rows: Sequence[Owed], *, at: datetime) -> None:
        """Remember that the messages were handed to the broker."""
        await _SENT.run(self._c, [{"of": row.event_id, "by": row.handler, "at": at} for row in rows])

    async def mark_unsent(self, rows: Sequence[Owed]) -> None:
        """Take back `mark_sent`: the broker was away."""
        for row in rows:
            await self._c.execute(outbox.update().where(*_is(row.event_id, row.handler)).values(sent_at=None))

    async def take(self, event_id: str, handler: str) -> Owed | None:
        """Return the row when its work is still open, locked for this transaction."""
        row = (
            await self._c.execute(
                sa.select(outbox.c.event_id, outbox.c.handler, outbox.c.attempts)
                .where(*_is(event_id, handler), outbox.c.done_at.is_(None), outbox.c.dead_at.is_(None))
                .with_for_update()
            )
        ).first()
        return Owed(*row) if row else None

    async def mark_done(self, event_id: str, handler: str, *, at: datetime) -> None:
        """Mark the work as done."""
        await self._c.execute(outbox.update().where(*_is(event_id, handler)).values(done_at=at, error=None))

    async def mark_failed(self, event_id: str, handler: str, *, error: str, now: datetime) -> None:
        """Try again later, doubling the pause; after the last attempt a person has to look."""
        row = await self.take(event_id, handler)
        if row is None:
            return
        attempts = row.attempts + 1
        pause = timedelta(seconds=min(LONGEST_PAUSE, 2**attempts))
        dead = now if attempts >= GIVE_UP_AFTER else None
        await self._c.execute(
            outbox.update()
            .where(*_is(event_id, handler))
            .values(attempts=attempts, due_at=now + pause, sent_at=None, error=error, dead_at=dead)
        )

    async def backlog(self) -> tuple[int, int]:
        """Return (open, given up)."""
        row = (
            await self._c.execute(
                sa.select(
                    sa.func.count().filter(outbox.c.dead_at.is_(None)),
                    sa.func.count().filter(outbox.c.dead_at.is_not(None)),
                ).where(outbox.c.done_at.is_(None))
            )
        ).one()
        return int(row[0]), int(row[1])


def _is(event_id: str, handler: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return outbox.c.event_id == event_id, outbox.c.handler == handler
