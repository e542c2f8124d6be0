"""Centres, agreements and names as routing and reading ask for them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.model import Agreement, Centre, Kind
from server.db.tables import people as t

UPWARD = 5  # village, township, county, higher, and one more


class Centres:
    """Centres, agreements, names."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._names: dict[str, str] | None = None

    async def centres(self) -> list[Centre]:
        """Return every centre."""
        return [_centre(row) for row in await self._c.execute(sa.select(t.centres).order_by(t.centres.c.id))]

    async def agreements_of(self, organization_id: str) -> list[Agreement]:
        """Return what an organization agreed with others."""
        c = t.agreements.c
        rows = await self._c.execute(
            sa.select(t.agreements).where(c.from_organization_id == organization_id).order_by(c.id)
        )
        return [
            Agreement(r.id, r.from_organization_id, r.to_organization_id, tuple(r.services), r.valid_from, r.valid_to)
            for r in rows
        ]

    async def names(self) -> Mapping[str, str]:
        """Return the names of organizations by id."""
        if self._names is None:
            rows = await self._c.execute(sa.select(t.organizations.c.id, t.organizations.c.name))
            self._names = {row.id: row.name for row in rows}
        return self._names

    async def region_of(self, organization_id: str) -> str:
        """Return the division whose rules hold for an organization, "" for an unknown one."""
        c = t.organizations.c
        return str(await self._c.scalar(sa.select(c.division).where(c.id == organization_id)) or "")

    async def coordinator_of(self, organization_id: str) -> str:
        """Return the organization whose registrar looks after this one's doubts.

        Its own registrar first, then upward, then those it has agreements with; else it looks after itself.
        """
        m, a, o = t.memberships.c, t.agreements.c, t.organizations.c
        parent = sa.select(o.parent_id).where(o.id == organization_id).scalar_subquery()
        others = sa.select(a.to_organization_id).where(a.from_organization_id == organization_id)
        rows = await self._c.scalars(
            sa.select(m.organization_id)
            .where(
                m.role == "registrar",
                sa.or_(
                    m.organization_id == organization_id, m.organization_id == parent, m.organization_id.in_(others)
                ),
            )
            .distinct()
        )
        found = set(rows)
        if organization_id in found:
            return organization_id
        above = await self._c.scalar(sa.select(parent))
        return str(above) if above in found else min(found, default=organization_id)

    async def owner_of(self, organization_id: str, roles: Sequence[str]) -> tuple[str, str]:
        """Return who takes an item of work: the first of these roles that anybody has here, else upward."""
        here: str | None = organization_id
        for _ in range(UPWARD):
            if here is None:
                break
            held = await self._held(here, roles)
            if held:
                return here, next(role for role in roles if role in held)
            here = await self._c.scalar(sa.select(t.organizations.c.parent_id).where(t.organizations.c.id == here))
        return organization_id, roles[0]

    async def _held(self, organization_id: str, roles: Sequence[str]) -> frozenset[str]:
        m, u = t.memberships.c, t.users.c
        found = await self._c.scalars(
            sa.select(m.role)
            .join(t.users, u.id == m.user_id)
            .where(m.organization_id == organization_id, m.role.in_(roles), u.disabled_at.is_(None))
            .distinct()
        )
        return frozenset(found)

    async def served_by(self, organization_ids: Iterable[str]) -> frozenset[str]:
        """Return the organizations whose doubts these look after: their own, their agreements' partners, children."""
        ours = sorted(organization_ids)
        a, o = t.agreements.c, t.organizations.c
        partners = await self._c.scalars(sa.select(a.from_organization_id).where(a.to_organization_id.in_(ours)))
        children = await self._c.scalars(sa.select(o.id).where(o.parent_id.in_(ours)))
        return frozenset([*ours, *partners, *children])

    async def person_name(self, user_id: str) -> str:
        """Return a user's name, the id for one that is gone."""
        return str(await self._c.scalar(sa.select(t.users.c.name).where(t.users.c.id == user_id)) or user_id)

    async def title_of(self, user_id: str) -> str:
        """Return a user's title, "" for an unknown one."""
        return str(await self._c.scalar(sa.select(t.users.c.title).where(t.users.c.id == user_id)) or "")

    async def people(self, user_ids: Iterable[str]) -> Mapping[str, str]:
        """Return names by user id."""
        c = t.users.c
        rows = await self._c.execute(sa.select(c.id, c.name).where(c.id.in_(sorted(set(user_ids)))))
        return {row.id: row.name for row in rows}

    async def destination(self, organization_id: str) -> list[Any]:
        """Return the organization's AE titles that take reports back: rows of ae_title, host, port."""
        c = t.ae_titles.c
        query = sa.select(c.ae_title, c.host, c.port).where(
            c.organization_id == organization_id, c.host.is_not(None), c.port.is_not(None), c.disabled_at.is_(None)
        )
        return list(await self._c.execute(query.order_by(c.ae_title)))

    async def seen_since(self, since: datetime) -> frozenset[str]:
        """Return the organizations whose devices called after an instant."""
        c = t.ae_titles.c
        rows = await self._c.scalars(sa.select(c.organization_id).where(c.last_seen_at >= since))
        return frozenset(rows)


def _centre(r: Any) -> Centre:
    return Centre(
        r.id, r.organization_id, Kind(r.kind), r.name, tuple(r.modalities), r.opens, r.closes, tuple(r.weekdays),
        r.emergency_round_the_clock, r.phone, r.fallback_centre_id,
    )  # fmt: skip
