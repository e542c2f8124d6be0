"""Follow-ups as the township lists them: the next due first, and how many are late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.errors import MalformedQuery
from dicom.numbers import SHANGHAI
from referral.follow_up import FollowUp
from server.accounts.model import Caller
from server.db.repositories.follow_ups import follow_up_of
from server.db.scope import visible_to
from server.db.tables.referral import follow_ups

f = follow_ups.c
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Due:
    """What a list shows, and how many of everything that is open are late."""

    items: Sequence[FollowUp]
    overdue: int


class FollowUpList:
    """Follow-ups that the caller may see."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def page(self, caller: Caller, asked: Mapping[str, Any], *, now: datetime) -> Due:
        """Return the first `limit` follow-ups that fit, the next due first.

        Parameters
        ----------
        asked
            `due_before` (a day, inclusive, or an instant), `state` (`open`, `done`, `ended`, `overdue`), `patient`,
            `ticket`, `limit`; "" asks for nothing.

        Raises
        ------
        MalformedQuery
            When `due_before` is neither a day nor an instant.
        """
        seen, late = visible_to(caller, follow_ups, now=now), self._late(now)
        found: list[tuple[object, sa.ColumnElement[bool]]] = [
            (asked["state"] == "overdue", late),
            (asked["state"] not in {"", "overdue"}, f.state == asked["state"]),
            (asked["patient"], f.patient_id == asked["patient"]),
            (asked["ticket"], f.ticket_id == asked["ticket"]),
        ]
        conditions = [seen, *(condition for wanted, condition in found if wanted)]
        if asked["due_before"]:
            conditions.append(f.due_at < _end_of(asked["due_before"]))
        query = sa.select(follow_ups).where(*conditions).order_by(f.due_at, f.id).limit(asked["limit"])
        items = [follow_up_of(row) for row in await self._c.execute(query)]
        overdue = await self._c.scalar(sa.select(sa.func.count()).select_from(follow_ups).where(seen, late))
        return Due(items, int(overdue or 0))

    async def one(self, caller: Caller, follow_up_id: str, *, now: datetime) -> FollowUp | None:
        """Return one follow-up, None when the caller may not know of it."""
        query = sa.select(follow_ups).where(f.id == follow_up_id, visible_to(caller, follow_ups, now=now))
        row = (await self._c.execute(query)).first()
        return follow_up_of(row) if row else None

    @staticmethod
    def _late(now: datetime) -> sa.ColumnElement[bool]:
        """Late is what was due on an earlier day of the county (domain.md A3)."""
        today = datetime.combine(now.astimezone(SHANGHAI).date(), time(0), SHANGHAI)
        return sa.and_(f.state == OPEN, f.due_at < today)


def _end_of(text: str) -> datetime:
    """Return the instant before which something is due: of a day its end in the county."""
    try:
        if len(text) == len("2026-11-23"):
            return datetime.combine(date.fromisoformat(text), time.max, SHANGHAI)
        return datetime.fromisoformat(text).astimezone(SHANGHAI)
    except ValueError as error:
        raise MalformedQuery(text) from error
