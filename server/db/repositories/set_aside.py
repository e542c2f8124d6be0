"""What was kept aside: objects that cannot be read, and other bytes under a known UID."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import Caller
from server.db.scope import visible_to
from server.db.tables import imaging as t
from server.db.tables import people


@dataclass(frozen=True, slots=True)
class SetAside:
    """One object kept aside, why, and whether a person has dealt with it."""

    id: str
    reason: str
    note: str
    organization_id: str
    sop_instance_uid: str | None
    study_instance_uid: str | None
    size: int
    digest: str
    via: str
    at: datetime
    resolved_at: datetime | None
    resolution: str | None


class SetAsides:
    """The rows of what was kept aside."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def add(self, **row: Any) -> bool:
        """Keep one row; False when the same bytes were kept for the same reason already."""
        done = await self._c.execute(self._insert(t.set_aside).values(**row).on_conflict_do_nothing())
        return bool(done.rowcount)

    async def desk_for(self, organization_id: str, role: str) -> str:
        """Return the nearest organization, upward from this one, in which somebody has the role; else this one."""
        o, m = people.organizations.c, people.memberships.c
        current: str | None = organization_id
        for _ in range(5):
            found = await self._c.scalar(
                sa.select(m.user_id).where(m.organization_id == current, m.role == role).limit(1)
            )
            if found or current is None:
                break
            current = await self._c.scalar(sa.select(o.parent_id).where(o.id == current))
        return current or organization_id

    async def page(self, caller: Caller, *, now: datetime, open_only: bool = True, limit: int = 100) -> list[SetAside]:
        """Return what the caller's organizations sent and we could not take, newest first."""
        query = sa.select(t.set_aside).where(visible_to(caller, t.set_aside, now=now))
        if open_only:
            query = query.where(t.set_aside.c.resolved_at.is_(None))
        rows = await self._c.execute(query.order_by(t.set_aside.c.at.desc()).limit(limit))
        return [_item(row) for row in rows]

    async def get(self, item_id: str, caller: Caller, *, now: datetime) -> SetAside | None:
        """Return one item, when it is the caller's to see."""
        query = sa.select(t.set_aside).where(t.set_aside.c.id == item_id, visible_to(caller, t.set_aside, now=now))
        row = (await self._c.execute(query)).first()
        return _item(row) if row else None

    async def resolve(self, item_id: str, *, by: str, at: datetime, resolution: str) -> None:
        """Write what a person decided; the bytes stay."""
        await self._c.execute(
            t.set_aside.update()
            .where(t.set_aside.c.id == item_id)
            .values(resolved_at=at, resolved_by=by, resolution=resolution)
        )


def _item(r: Any) -> SetAside:
    return SetAside(
        r.id, r.reason, r.note, r.organization_id, r.sop_instance_uid, r.study_instance_uid, r.size, r.digest, r.via,
        r.at, r.resolved_at, r.resolution,
    )  # fmt: skip
