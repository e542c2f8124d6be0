"""The hospitals' systems with what was taken of them and what is on its way to them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from referral.model import IntervalKind
from server.accounts.crypto import Cipher
from server.db.tables.beds import bed_intervals
from server.db.tables.exchange import hl7_inbox, hl7_outbox
from server.db.tables.exchange import hl7_systems as t
from server.hl7.systems import HospitalSystem, Outgoing, Taken

BODY = "hl7_outbox.body"
SYSTEM = tuple(HospitalSystem.__slots__)
OUTGOING = tuple(Outgoing.__slots__)


class Exchange:
    """HL7 v2 with the hospitals' systems."""

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._c, self._cipher = connection, cipher
        self._insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def systems(self, organization_id: str) -> list[HospitalSystem]:
        """Return the systems of an organization, switched off ones too."""
        query = sa.select(t).where(t.c.organization_id == organization_id).order_by(t.c.application, t.c.facility)
        return [_system(row) for row in await self._c.execute(query)]

    async def system(self, system_id: str) -> HospitalSystem | None:
        """Return one system."""
        row = (await self._c.execute(sa.select(t).where(t.c.id == system_id))).first()
        return _system(row) if row else None

    async def named(self, application: str, facility: str) -> HospitalSystem | None:
        """Return the system that calls itself so."""
        query = sa.select(t).where(t.c.application == application, t.c.facility == facility)
        row = (await self._c.execute(query)).first()
        return _system(row) if row else None

    async def add_system(self, system: HospitalSystem) -> bool:
        """Store a new system; False when another bears its application and facility."""
        row = {name: getattr(system, name) for name in SYSTEM} | {"addresses": list(system.addresses)}
        statement = self._insert(t).values(**row)
        done = await self._c.execute(statement.on_conflict_do_nothing(index_elements=["application", "facility"]))
        return bool(done.rowcount == 1)

    async def disable(self, system_id: str, at: datetime) -> None:
        """Refuse a system from now on, and send it nothing."""
        change = t.update().where(t.c.id == system_id).values(disabled_at=at, version=t.c.version + 1)
        await self._c.execute(change)

    async def saw(self, system_id: str, at: datetime) -> None:
        """Remember when a system last sent something."""
        await self._c.execute(t.update().where(t.c.id == system_id).values(last_seen_at=at))

    async def taken(self, system_id: str, control_id: str) -> Taken | None:
        """Return the message that was taken under a control id."""
        c = hl7_inbox.c
        query = sa.select(c.digest, c.answer).where(c.system_id == system_id, c.control_id == control_id)
        row = (await self._c.execute(query)).first()
        return Taken(row.digest, bytes(row.answer)) if row else None

    async def take(self, system_id: str, control_id: str, taken: Taken, *, trigger: str, at: datetime) -> bool:
        """Write down that a message was taken; False when it was meanwhile, by somebody who has committed."""
        row = {"system_id": system_id, "control_id": control_id, "digest": taken.digest, "answer": taken.answer}
        statement = self._insert(hl7_inbox).values(**row, trigger=trigger, at=at)
        return bool((await self._c.execute(statement.on_conflict_do_nothing())).rowcount == 1)

    async def owe(self, message: Outgoing) -> bool:
        """Owe a message to a system; False when this event's is owed or sent already."""
        row = {name: getattr(message, name) for name in OUTGOING}
        row |= {"body": self._cipher.encrypt(message.body, column=BODY)}
        statement = self._insert(hl7_outbox).values(**row)
        done = await self._c.execute(statement.on_conflict_do_nothing(index_elements=["event_id", "system_id"]))
        return bool(done.rowcount == 1)

    async def outgoing(self, message_id: str) -> Outgoing | None:
        """Return one message of ours."""
        query = sa.select(hl7_outbox).where(hl7_outbox.c.id == message_id)
        row = (await self._c.execute(query)).first()
        return self._outgoing(row) if row else None

    async def is_behind_another(self, message: Outgoing) -> bool:
        """Tell whether an earlier message about the same ticket still waits: a discharge never passes its admission."""
        c = hl7_outbox.c
        query = sa.exists().where(
            c.system_id == message.system_id,
            c.ticket_id == message.ticket_id,
            c.state == "due",
            c.created_at < message.created_at,
        )
        return bool(await self._c.scalar(sa.select(query)))

    async def tried(self, message_id: str, outcome: str, *, error: str, at: datetime) -> None:
        """Count an attempt and what came of it."""
        c = hl7_outbox.c
        change = {"state": outcome, "attempts": c.attempts + 1, "error": error, "at": at}
        await self._c.execute(hl7_outbox.update().where(c.id == message_id).values(change))

    async def beds_of(self, ticket_id: str) -> list[str]:
        """Return the beds in which a ticket's patient lay, the last one first."""
        c = bed_intervals.c
        stays = (c.ticket_id == ticket_id, c.kind == IntervalKind.OCCUPANCY.value)
        query = sa.select(c.bed_id).where(*stays).order_by(c.begins_at.desc(), c.id.desc())
        return [str(bed_id) for bed_id in await self._c.scalars(query)]

    def _outgoing(self, row: Any) -> Outgoing:
        stored = Outgoing(**{name: getattr(row, name) for name in OUTGOING})
        return replace(stored, body=self._cipher.decrypt(stored.body, column=BODY))


def _system(row: Any) -> HospitalSystem:
    return HospitalSystem(**{name: getattr(row, name) for name in SYSTEM} | {"addresses": tuple(row.addresses)})
