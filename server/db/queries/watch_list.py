"""Who was told that something open is nobody's, or due at no time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.db.tables.ledger import tasks


@dataclass(frozen=True, slots=True)
class Told:
    """An organization and a role there that have the item of work, and since when."""

    organization_id: str
    role: str
    at: datetime


class WatchList:
    """Looks up the open items of one kind by what they are about."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def told(self, kind: str) -> Mapping[tuple[str, str], Told]:
        """Return who has the open item of this kind about each subject: (collection, id) -> who."""
        c = tasks.c
        query = sa.select(c.subject_kind, c.subject_id, c.organization_id, c.role, c.created_at)
        rows = await self._c.execute(query.where(c.kind == kind, c.done_at.is_(None)).order_by(c.created_at.desc()))
        return {(row.subject_kind, row.subject_id): Told(row.organization_id, row.role, row.created_at) for row in rows}
