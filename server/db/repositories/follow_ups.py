"""Calls and visits after somebody came home."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from referral.errors import VersionMismatch
from referral.follow_up import Assessment, FollowUp, FollowUpKind, Form, RiskTier
from referral.model import Words
from server.db.dataclass_json import from_json, to_json
from server.db.tables.referral import follow_ups as t

PLAIN = (
    "id", "patient_id", "ticket_id", "organization_id", "due_at", "created_at", "done_at", "done_by", "ended_at",
    "version",
)  # fmt: skip


class FollowUps:
    """What is to be done for patients at home."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def get(self, follow_up_id: str, *, lock: bool = False) -> FollowUp | None:
        """Return one follow-up; with `lock` nobody else changes it until the transaction ends."""
        query = sa.select(t).where(t.c.id == follow_up_id)
        row = (await self._c.execute(query.with_for_update() if lock else query)).first()
        return follow_up_of(row) if row else None

    async def add(self, follow_up: FollowUp) -> None:
        """Store a new follow-up."""
        await self._c.execute(t.insert().values(**_row(follow_up)))

    async def save(self, follow_up: FollowUp) -> None:
        """Store the next version.

        Raises
        ------
        VersionMismatch
            When somebody else stored one meanwhile.
        """
        mine = (t.c.id == follow_up.id, t.c.version == follow_up.version - 1)
        if (await self._c.execute(t.update().where(*mine).values(**_row(follow_up)))).rowcount != 1:
            current = await self._c.scalar(sa.select(t.c.version).where(t.c.id == follow_up.id))
            raise VersionMismatch(int(current or 0))

    async def of_patient(self, patient_id: str) -> list[FollowUp]:
        """Return a patient's follow-ups, newest first."""
        query = sa.select(t).where(t.c.patient_id == patient_id).order_by(t.c.due_at.desc(), t.c.id.desc())
        return [follow_up_of(row) for row in await self._c.execute(query)]

    async def of_ticket(self, ticket_id: str) -> list[FollowUp]:
        """Return the follow-ups that a downward ticket began, oldest first."""
        query = sa.select(t).where(t.c.ticket_id == ticket_id).order_by(t.c.due_at, t.c.id)
        return [follow_up_of(row) for row in await self._c.execute(query)]


def follow_up_of(row: Any) -> FollowUp:
    """Return the follow-up that a row holds."""
    return FollowUp(
        kind=FollowUpKind(row.kind),
        words=Words(row.zh, row.en),
        tier=RiskTier(row.tier),
        form=from_json(Form, row.form) if row.form is not None else None,
        assessment=from_json(Assessment, row.assessment) if row.assessment is not None else None,
        **{name: getattr(row, name) for name in PLAIN},
    )


def _row(follow_up: FollowUp) -> dict[str, Any]:
    return {name: getattr(follow_up, name) for name in PLAIN} | {
        "kind": follow_up.kind.value,
        "state": follow_up.state,
        "zh": follow_up.words.zh,
        "en": follow_up.words.en,
        "tier": follow_up.tier.value,
        "form": to_json(follow_up.form),
        "assessment": to_json(follow_up.assessment),
    }
