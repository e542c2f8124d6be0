"""Consults that are open for teaching, as those see them who may look on."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import Caller
from server.accounts.permissions import CARE_ROLES
from server.db.repositories.consults import Consults
from server.db.scope import care_organizations
from server.db.tables import consults as t
from server.db.tables.people import memberships, organizations, users
from video.consults import Consult, ConsultState

S = ConsultState
TO_COME = (S.TRIAGED, S.SLOT_HELD, S.SCHEDULED, S.LOBBY_OPEN, S.WAITING, S.RINGING, S.IN_CALL, S.INTERRUPTED)
MOST = 100
WILD = str.maketrans("", "", "\\%_")  # of LIKE
c, g, u, m = t.consults.c, t.consult_guests.c, users.c, memberships.c


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the staff who may be named to look on."""

    id: str
    name: str
    title: str
    organization_id: str


class ClassBoard:
    """Classes as lists show them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def open_to(self, caller: Caller) -> list[Consult]:
        """Return the classes at which the caller may look on, the next first."""
        named = sa.select(g.consult_id).where(_names(caller))
        query = (
            sa.select(t.consults)
            .where(c.id.in_(named), c.state.in_([state.value for state in TO_COME]))
            .order_by(c.begins_at.is_(None), c.begins_at, c.id)
            .limit(MOST)
        )
        return await Consults(self._c).read((await self._c.execute(query)).all())

    async def is_invited(self, caller: Caller, consult_id: str) -> bool:
        """Tell whether the caller may look on at a consult."""
        return bool(await self._c.scalar(sa.select(sa.exists().where(g.consult_id == consult_id, _names(caller)))))

    async def colleagues(self, text: str, *, limit: int) -> Sequence[Colleague]:
        """Return whoever cares for patients anywhere in the county and has this in her name, by name."""
        like = f"%{text.translate(WILD)}%"
        query = (
            sa.select(u.id, u.name, u.title, sa.func.min(m.organization_id).label("organization_id"))
            .join(memberships, m.user_id == u.id)
            .where(u.name.like(like), u.disabled_at.is_(None), m.role.in_([role.value for role in CARE_ROLES]))
            .group_by(u.id, u.name, u.title)
            .order_by(u.name, u.id)
            .limit(limit)
        )
        return [Colleague(*row) for row in await self._c.execute(query)]

    async def unknown(self, houses: Sequence[str], people: Sequence[str]) -> list[str]:
        """Return which of these houses and persons there are not."""
        o = organizations.c
        there = set(await self._c.scalars(sa.select(o.id).where(o.id.in_(houses))))
        known = set(await self._c.scalars(sa.select(u.id).where(u.id.in_(people), u.disabled_at.is_(None))))
        return [*(key for key in houses if key not in there), *(key for key in people if key not in known)]


def _names(caller: Caller) -> sa.ColumnElement[bool]:
    house = sa.and_(g.kind == "organization", g.guest.in_(care_organizations(caller)))
    return sa.or_(house, sa.and_(g.kind == "user", g.guest == caller.user_id))
