"""What waits for the worker, in one look: asked twice a second for as long as a hub runs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from server.db.prepared import AnyConnection
from server.db.tables.imaging import instances
from server.db.tables.ledger import audit, deadlines, outbox


@dataclass(frozen=True, slots=True)
class Waiting:
    """Which duties have something to do."""

    relay: bool
    deadlines: bool
    office: bool
    seal: bool
    walk: bool


class Duties:
    """One query about every table that makes work."""

    def __init__(self, connection: AnyConnection) -> None:
        self._c = connection

    async def waiting(self, now: datetime, *, resend: timedelta, long_work: Collection[str]) -> Waiting:
        """Return what is due, owed, unsealed and unwalked.

        Parameters
        ----------
        resend
            After how long a message that nobody acted on counts as lost.
        long_work
            Kinds of deadlines that are the office's.
        """
        o, d = outbox.c, deadlines.c
        sent = sa.or_(o.sent_at.is_(None), o.sent_at <= now - resend)
        owed = sa.and_(o.done_at.is_(None), o.dead_at.is_(None), o.due_at <= now, sent)
        due, kinds = d.due_at <= now, sorted(long_work)
        conditions = (
            sa.exists().where(owed),
            sa.exists().where(due, d.kind.not_in(kinds)),
            sa.exists().where(due, d.kind.in_(kinds)),
            sa.exists().where(audit.c.position.is_(None)),
            sa.exists().where(instances.c.walk.is_(None)),
        )
        row = (await self._c.execute(sa.select(*conditions))).one()
        return Waiting(*(bool(value) for value in row))
