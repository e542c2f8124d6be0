"""Versions of rules as people edit them; a version that is stored never changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.db.tables.ledger import rules as t


class RuleBook:
    """Rules by kind, region and version."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def since(self, kind: str, region: str, version: int) -> datetime | None:
        """Return from when a version holds, the region's own before the general one; None for the defaults."""
        c = t.c
        query = sa.select(c.valid_from).where(c.kind == kind, c.region.in_([region, ""]), c.version == version)
        since: datetime | None = await self._c.scalar(query.order_by(c.region.desc()).limit(1))
        return since

    async def newest(self, kind: str, region: str) -> int:
        """Return the newest version that stands for a region, in force or to come; 0 where there is none."""
        c = t.c
        query = sa.select(sa.func.max(c.version)).where(c.kind == kind, c.region.in_([region, ""]))
        return int(await self._c.scalar(query) or 0)

    async def add(self, kind: str, region: str, version: int, valid_from: datetime, data: Mapping[str, Any]) -> bool:
        """Store a version; False when somebody stored that one meanwhile."""
        row = {"kind": kind, "region": region, "version": version, "valid_from": valid_from, "data": dict(data)}
        statement = self._upsert(t).values(**row).on_conflict_do_nothing()
        return (await self._c.execute(statement)).rowcount == 1
