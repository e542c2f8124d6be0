"""What stands beside a ticket: the register of transfers beyond the county, remote rounds, the patient's links."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from referral.ports import Outward, Round
from server.db.tables.referral import cloud_rounds, outward_transfers, patient_links
from server.patients.links import PatientLink


class OutwardTransfers:
    """The register of transfers beyond the county (外转登记审核)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def register(self, ticket_id: str, cause: str, now: datetime) -> None:
        """Enter a ticket once; a second time changes the cause of what is not reviewed yet."""
        t = outward_transfers
        statement = self._upsert(t).values(ticket_id=ticket_id, cause=cause, registered_at=now, reason="")
        unreviewed = t.c.reviewed_at.is_(None)
        await self._c.execute(
            statement.on_conflict_do_update(index_elements=["ticket_id"], set_={"cause": cause}, where=unreviewed)
        )

    async def of(self, ticket_id: str) -> Outward | None:
        """Return what the register says of a ticket."""
        t = outward_transfers
        row = (await self._c.execute(sa.select(t).where(t.c.ticket_id == ticket_id))).first()
        return Outward(*row) if row else None

    async def review(self, ticket_id: str, *, approved: bool, cause: str, reason: str, by: str, now: datetime) -> None:
        """Write a reviewer's verdict, entering the ticket where it is not."""
        verdict = {"cause": cause, "approved": approved, "reason": reason, "reviewed_by": by, "reviewed_at": now}
        statement = self._upsert(outward_transfers).values(ticket_id=ticket_id, registered_at=now, **verdict)
        await self._c.execute(statement.on_conflict_do_update(index_elements=["ticket_id"], set_=verdict))


class CloudRounds:
    """Remote rounds of cloud wards (云病房)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def add(self, entry: Round) -> None:
        """Store a round."""
        await self._c.execute(cloud_rounds.insert().values(**_round_row(entry)))

    async def save(self, entry: Round) -> None:
        """Store who signed it since; what was written stays."""
        signed = {"hospital_signed_by": entry.hospital_signed_by, "township_signed_by": entry.township_signed_by}
        await self._c.execute(cloud_rounds.update().where(cloud_rounds.c.id == entry.id).values(**signed))

    async def get(self, round_id: str) -> Round | None:
        """Return one round."""
        row = (await self._c.execute(sa.select(cloud_rounds).where(cloud_rounds.c.id == round_id))).first()
        return Round(*row) if row else None

    async def of(self, ticket_id: str) -> list[Round]:
        """Return the rounds of a ticket, oldest first."""
        c = cloud_rounds.c
        rows = await self._c.execute(sa.select(cloud_rounds).where(c.ticket_id == ticket_id).order_by(c.at, c.id))
        return [Round(*row) for row in rows]


class PatientLinks:
    """Links that somebody without an account holds in the hand."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def add(self, link: PatientLink) -> None:
        """Store a new link."""
        row = {name: getattr(link, name) for name in PatientLink.__slots__}
        await self._c.execute(patient_links.insert().values(**row))

    async def renew(self, link: PatientLink) -> None:
        """Store a new link of a kind; every earlier one of that kind to the same place ends with it."""
        await self.revoke(link.ticket_id or link.consult_id or "", link.kind, link.created_at)
        await self.add(link)

    async def get(self, token_digest: str) -> PatientLink | None:
        """Return the link whose token has this digest, also one that is over."""
        t = patient_links
        row = (await self._c.execute(sa.select(t).where(t.c.token_digest == token_digest))).first()
        return PatientLink(*row) if row else None

    async def bind(self, token_digest: str, browser_digest: str) -> bool:
        """Bind a link to the first browser that opened it; False when another one did."""
        t = patient_links
        mine = sa.or_(t.c.browser_digest.is_(None), t.c.browser_digest == browser_digest)
        statement = t.update().where(t.c.token_digest == token_digest, mine).values(browser_digest=browser_digest)
        return (await self._c.execute(statement)).rowcount == 1

    async def count_try(self, token_digest: str) -> int:
        """Count one failed try; return how many there were."""
        t = patient_links
        statement = t.update().where(t.c.token_digest == token_digest).values(tries=t.c.tries + 1)
        return int(await self._c.scalar(statement.returning(t.c.tries)) or 0)

    async def revoke(self, subject_id: str, kind: str, at: datetime) -> None:
        """End every link of this kind that leads to a ticket or a consult."""
        c = patient_links.c
        leads = sa.or_(c.ticket_id == subject_id, c.consult_id == subject_id)
        over = patient_links.update().where(leads, c.kind == kind, c.revoked_at.is_(None))
        await self._c.execute(over.values(revoked_at=at))

    async def to_consult(self, consult_id: str) -> list[PatientLink]:
        """Return the links to a consult that are not revoked."""
        t = patient_links
        query = sa.select(t).where(t.c.consult_id == consult_id, t.c.revoked_at.is_(None))
        return [PatientLink(*row) for row in await self._c.execute(query)]


def _round_row(entry: Round) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Round.__slots__} | {"vitals": dict(entry.vitals)}
