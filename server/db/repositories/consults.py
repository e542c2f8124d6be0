"""Consults, their opinions and signatures: rows to frozen records and back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.db.dataclass_json import from_json, instant_text, to_json
from server.db.tables import consults as t
from video.consults import (
    Adoption,
    Application,
    Consult,
    ConsultState,
    Opinion,
    OpinionText,
    Signature,
    Teaching,
)
from video.errors import VersionMismatch
from video.model import ConsultMode, Service, Urgency

PLAIN = (
    "id", "number", "version", "patient_id", "from_organization_id", "to_organization_id", "created_at", "created_by",
    "offered_by", "rung", "begins_at", "ends_at", "in_writing", "reason_text", "deadline_at", "rule_version",
)  # fmt: skip
PLAIN_OPINION = (
    "consult_id", "number", "version", "created_at", "updated_at", "updated_by", "signed_at", "digest", "body",
)  # fmt: skip
FAR = datetime(9999, 1, 1, tzinfo=UTC)
ACCEPTED = (ConsultState.TRIAGED, ConsultState.RINGING)  # from the first of these on the invitee answers


class Consults:
    """Consults with their experts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def get(self, consult_id: str, *, lock: bool = False) -> Consult | None:
        """Return a consult; with `lock` nobody else moves it until the transaction ends."""
        query = sa.select(t.consults).where(t.consults.c.id == consult_id)
        rows = (await self._c.execute(query.with_for_update() if lock else query)).all()
        return next(iter(await self.read(rows)), None)

    async def read(self, rows: Sequence[Any]) -> list[Consult]:
        """Return the consults that rows hold, their experts looked up once for all."""
        e = t.consult_experts.c
        query = sa.select(e.consult_id, e.user_id).where(e.consult_id.in_([row.id for row in rows]))
        panels: dict[str, list[str]] = {}
        for consult_id, user_id in await self._c.execute(query.order_by(e.consult_id, e.place)):
            panels.setdefault(consult_id, []).append(user_id)
        return [_consult(row, panels.get(row.id, ())) for row in rows]

    async def add(self, consult: Consult) -> None:
        """Store a new consult."""
        await self._c.execute(t.consults.insert().values(**_row(consult)))
        await self._seat(consult)

    async def save(self, consult: Consult) -> None:
        """Store the next version.

        Raises
        ------
        VersionMismatch
            When somebody else stored one meanwhile.
        """
        c = t.consults.c
        statement = t.consults.update().where(c.id == consult.id, c.version == consult.version - 1)
        if (await self._c.execute(statement.values(**_row(consult)))).rowcount != 1:
            current = await self._c.scalar(sa.select(c.version).where(c.id == consult.id))
            raise VersionMismatch(int(current or 0))
        await self._c.execute(t.consult_experts.delete().where(t.consult_experts.c.consult_id == consult.id))
        await self._seat(consult)
        if consult.teaching is not None:
            await self._invite(consult, consult.teaching)

    async def _invite(self, consult: Consult, teaching: Teaching) -> None:
        """Write down who may look on; nobody, where the class is over."""
        await self._c.execute(t.consult_guests.delete().where(t.consult_guests.c.consult_id == consult.id))
        named = {"organization": teaching.organizations, "user": teaching.people} if teaching.is_open else {}
        guests = [{"consult_id": consult.id, "kind": kind, "guest": g} for kind, keys in named.items() for g in keys]
        if guests:
            await self._c.execute(t.consult_guests.insert(), guests)

    async def _seat(self, consult: Consult) -> None:
        seats = [{"consult_id": consult.id, "user_id": key, "place": at} for at, key in enumerate(consult.experts)]
        if seats:
            await self._c.execute(t.consult_experts.insert(), seats)


class Opinions:
    """Opinions, one for each consult, and the signatures on them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def get(self, consult_id: str) -> Opinion | None:
        """Return a consult's opinion."""
        return await self._one(t.consult_opinions.c.consult_id == consult_id)

    async def by_number(self, number: str) -> Opinion | None:
        """Return the opinion of a number."""
        return await self._one(t.consult_opinions.c.number == number)

    async def _one(self, condition: sa.ColumnElement[bool]) -> Opinion | None:
        row = (await self._c.execute(sa.select(t.consult_opinions).where(condition))).first()
        return None if row is None else opinion_of(row)

    async def add(self, opinion: Opinion) -> None:
        """Store the first version.

        Raises
        ------
        VersionMismatch
            When there is one.
        """
        statement = self._upsert(t.consult_opinions).values(**_opinion_row(opinion))
        if (await self._c.execute(statement.on_conflict_do_nothing(index_elements=["consult_id"]))).rowcount != 1:
            raise await self._overtaken(opinion)

    async def save(self, opinion: Opinion) -> None:
        """Store the next version.

        Raises
        ------
        VersionMismatch
            When somebody else stored one meanwhile.
        """
        c = t.consult_opinions.c
        statement = t.consult_opinions.update().where(
            c.consult_id == opinion.consult_id, c.version == opinion.version - 1
        )
        if (await self._c.execute(statement.values(**_opinion_row(opinion)))).rowcount != 1:
            raise await self._overtaken(opinion)

    async def sign(self, signature: Signature) -> None:
        """Store a signature."""
        row = {name: getattr(signature, name) for name in Signature.__slots__}
        await self._c.execute(t.consult_signatures.insert().values(**row))

    async def signatures(self, consult_id: str) -> list[Signature]:
        """Return every signature, void ones too, oldest first."""
        s = t.consult_signatures.c
        query = sa.select(t.consult_signatures).where(s.consult_id == consult_id).order_by(s.at, s.id)
        return [Signature(*row) for row in await self._c.execute(query)]

    async def void(self, consult_id: str, at: datetime, *, besides: str = "") -> None:
        """Mark the standing signatures as void, but those over the bytes of this digest."""
        s = t.consult_signatures.c
        await self._c.execute(
            t.consult_signatures.update()
            .where(s.consult_id == consult_id, s.voided_at.is_(None), s.digest != besides)
            .values(voided_at=at)
        )

    async def _overtaken(self, opinion: Opinion) -> VersionMismatch:
        c = t.consult_opinions.c
        current = await self._c.scalar(sa.select(c.version).where(c.consult_id == opinion.consult_id))
        return VersionMismatch(int(current or 0))


def _consult(row: Any, experts: Sequence[str]) -> Consult:
    return Consult(
        state=ConsultState(row.state),
        service=Service(row.service),
        urgency=Urgency(row.urgency),
        mode=ConsultMode(row.mode),
        application=from_json(Application, row.application),
        adoption=from_json(Adoption, row.adoption) if row.adoption is not None else None,
        teaching=from_json(Teaching, row.teaching) if row.teaching is not None else None,
        experts=tuple(experts),
        timeline=MappingProxyType({state: datetime.fromisoformat(at) for state, at in row.timeline.items()}),
        **{name: getattr(row, name) for name in PLAIN},
    )


def _row(consult: Consult) -> dict[str, Any]:
    accepted = [consult.timeline[state] for state in ACCEPTED if state in consult.timeline]
    return {name: getattr(consult, name) for name in PLAIN} | {
        "state": consult.state.value,
        "service": consult.service.value,
        "urgency": consult.urgency.value,
        "mode": consult.mode.value,
        "application": to_json(consult.application),
        "adoption": to_json(consult.adoption),
        "teaching": to_json(consult.teaching),
        "timeline": {state: instant_text(at) for state, at in consult.timeline.items()},
        "due_at": consult.deadline_at or FAR,
        "accepted_at": min(accepted, default=None),
        "ended_at": None if consult.is_live else consult.timeline.get(consult.state, consult.created_at),
    }


def opinion_of(row: Any) -> Opinion:
    """Return the opinion that a row holds."""
    known = {name: getattr(row, name) for name in PLAIN_OPINION}
    return Opinion(text=from_json(OpinionText, row.text), **known)


def _opinion_row(opinion: Opinion) -> dict[str, Any]:
    return {name: getattr(opinion, name) for name in PLAIN_OPINION} | {"text": to_json(opinion.text)}
