"""Referral tickets: rows to frozen tickets and back; one live ticket per patient and department by a unique key."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from referral.errors import DuplicateReferral, VersionMismatch
from referral.model import Diagnosis, Direction, Level, Needs, Pathway
from referral.ports import Message, StoredRanking, Waiting
from referral.tickets import HomePlan, Outcome, Package, Ticket, TicketState
from server.db.dataclass_json import from_json, instant_text, to_json
from server.db.prepared import KEYS
from server.db.repositories.neighbours import facts_columns, facts_of
from server.db.savepoint import is_conflict, savepoint
from server.db.tables import people
from server.db.tables.referral import bed_rankings, ticket_messages
from server.db.tables.referral import tickets as t

PLAIN = (
    "id", "number", "version", "patient_id", "episode_id", "from_organization_id", "to_organization_id",
    "outside_name", "department", "reason_code", "travel_minutes", "created_at", "created_by", "recorded_at",
    "waiting_since", "deadline_at", "paused_at", "paused_seconds", "info_rounds", "question", "acknowledged_at",
    "acknowledged_by", "handler_id", "expected_arrival_at", "bed_id", "hold_id", "in_bay", "earmark", "based_on",
    "bounce_of", "predecessor_id", "successor_id", "reason_text", "decision_code", "unscheduled_reason",
    "manual_rank", "manual_reason", "rule_version",
)  # fmt: skip
FAR = datetime(9999, 1, 1, tzinfo=UTC)
S = TicketState
WAITING = (S.SENT, S.RECEIVED, S.INFO_NEEDED, S.ACCEPTED)
# For ten thousand rows: looked up here, an enum's member takes a tenth of what its call takes.
STATES = {state.value: state for state in S}
LEVELS = {level.value: level for level in Level}
WITH_RECEIVER = {Direction.DOWN: S.TAKEN_OVER}


class Tickets:
    """Referral tickets, their conversation and their rankings."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def get(self, ticket_id: str, *, lock: bool = False) -> Ticket | None:
        """Return a ticket; with `lock` nobody else moves it until the transaction ends."""
        query = sa.select(t).where(t.c.id == ticket_id)
        row = (await self._c.execute(query.with_for_update() if lock else query)).first()
        return ticket_of(row) if row else None

    async def live_of(self, patient_id: str, department: str, direction: Direction) -> Ticket | None:
        """Return the patient's ticket to a department that is on its way."""
        found = await self._many(t.c.live_key == live_key(patient_id, department, direction))
        return next(iter(found), None)

    async def of_patient(self, patient_id: str) -> list[Ticket]:
        """Return every ticket of a patient, newest first."""
        return await self._many(t.c.patient_id == patient_id, order=(t.c.created_at.desc(), t.c.id.desc()))

    async def waiting_at(self, organization_id: str, department: str, on: date) -> list[Waiting]:
        """Return what waits there for an answer or for a bed, the longest wait first."""
        query = (
            sa.select(
                t.c.id, t.c.number, t.c.state, t.c.level, t.c.department, sa.cast(t.c.needs, sa.Text),
                t.c.travel_minutes, t.c.waiting_since, t.c.manual_rank, t.c.manual_reason, *facts_columns(on),
            )
            .join(people.patients, people.patients.c.id == t.c.patient_id)
            .where(waiting(organization_id))
        )  # fmt: skip
        if department:
            query = query.where(t.c.department == department)
        query = query.order_by(sa.func.coalesce(t.c.waiting_since, t.c.created_at), t.c.id)
        return [_waiting(*row) for row in (await self._c.execute(query)).tuples()]

    async def many(self, ticket_ids: Sequence[str]) -> dict[str, Ticket]:
        """Return id -> ticket of those that exist."""
        wanted = sorted(set(ticket_ids))
        found: dict[str, Ticket] = {}
        for start in range(0, len(wanted), KEYS):
            found |= {ticket.id: ticket for ticket in await self._many(t.c.id.in_(wanted[start : start + KEYS]))}
        return found

    async def add(self, ticket: Ticket) -> None:
        """Store a new ticket.

        Raises
        ------
        DuplicateReferral
            When the patient has a live one to that department.
        """
        statement = self._upsert(t).values(**row_of(ticket)).on_conflict_do_nothing(index_elements=["live_key"])
        if (await self._c.execute(statement)).rowcount != 1:
            raise await self._duplicate(ticket)

    async def save(self, ticket: Ticket) -> None:
        """Store the next version.

        Raises
        ------
        VersionMismatch
            When somebody else stored one meanwhile.
        DuplicateReferral
            When it becomes live beside another of the patient's to that department.
        """
        statement = t.update().where(t.c.id == ticket.id, t.c.version == ticket.version - 1).values(**row_of(ticket))
        try:
            async with savepoint(self._c):
                changed = (await self._c.execute(statement)).rowcount
        except sa.exc.IntegrityError as error:
            if not is_conflict(error):
                raise
            raise await self._duplicate(ticket) from error
        if changed != 1:
            current = await self._c.scalar(sa.select(t.c.version).where(t.c.id == ticket.id))
            raise VersionMismatch(int(current or 0))

    async def add_message(self, message: Message) -> None:
        """Store a line of the conversation."""
        await self._c.execute(ticket_messages.insert().values(**_fields(message, Message)))

    async def messages(self, ticket_id: str) -> list[Message]:
        """Return the conversation, oldest first."""
        m = ticket_messages.c
        rows = await self._c.execute(sa.select(ticket_messages).where(m.ticket_id == ticket_id).order_by(m.at, m.id))
        return [Message(*row) for row in rows]

    async def keep_ranking(self, ranking: StoredRanking) -> None:
        """Keep why a ticket stood where it stood."""
        row = _fields(ranking, StoredRanking) | {"inputs": dict(ranking.inputs)}
        await self._c.execute(bed_rankings.insert().values(**row))

    async def rankings(self, ticket_id: str) -> list[StoredRanking]:
        """Return what was kept, newest first."""
        r = bed_rankings.c
        query = sa.select(bed_rankings).where(r.ticket_id == ticket_id).order_by(r.at.desc(), r.id.desc())
        return [StoredRanking(*row) for row in await self._c.execute(query)]

    async def _many(
        self, *conditions: sa.ColumnElement[bool], order: Sequence[sa.ColumnElement[Any]] = ()
    ) -> list[Ticket]:
        rows = await self._c.execute(sa.select(t).where(*conditions).order_by(*order))
        return [ticket_of(row) for row in rows]

    async def _duplicate(self, ticket: Ticket) -> DuplicateReferral:
        other = await self.live_of(ticket.patient_id, ticket.department, ticket.direction)
        return DuplicateReferral(other.id, other.number) if other else DuplicateReferral("", "")


def waiting(organization_id: str) -> sa.ColumnElement[bool]:
    """Return the condition of the tickets that wait somewhere for an answer or for a bed."""
    answered = t.c.state.in_([state.value for state in WAITING])
    in_a_bay = sa.and_(t.c.in_bay.is_(True), t.c.state.in_([S.EN_ROUTE.value, S.ARRIVED.value]))
    upward = t.c.direction != Direction.DOWN.value
    return sa.and_(
        t.c.to_organization_id == organization_id, t.c.ended_at.is_(None), upward, sa.or_(answered, in_a_bay)
    )


def _waiting(*row: Any) -> Waiting:
    key, spoken, state, level, department, needs, *rest = row
    minutes, since, rank, reason, *patient = rest
    facts = facts_of(*patient)
    return Waiting(
        key, spoken, STATES[state], LEVELS[level], department, _needs(needs), minutes, since, facts, rank, reason
    )


@lru_cache(maxsize=4096)
def _needs(stored: str) -> Needs:
    """Return what a bed has to offer; ten thousand tickets want few different things."""
    return from_json(Needs, json.loads(stored))


def live_key(patient_id: str, department: str, direction: Direction) -> str:
    """Return what only one ticket on its way may have: upward and lateral ones are one group."""
    group = "home" if direction is Direction.DOWN else "onward"
    return f"{patient_id}:{group}:{department}"


def ticket_of(row: Any) -> Ticket:
    """Return the ticket that a row holds."""
    known = row._asdict()  # one look for all names: asked for one by one they take half of the time
    return Ticket(
        direction=Direction(row.direction),
        state=TicketState(row.state),
        level=Level(row.level),
        pathway=Pathway(row.pathway) if row.pathway else None,
        diagnosis=Diagnosis(row.diagnosis_code, row.diagnosis_system, row.diagnosis_name),
        needs=from_json(Needs, row.needs),
        package=from_json(Package, row.package),
        plan=from_json(HomePlan, row.plan) if row.plan is not None else None,
        outcome=from_json(Outcome, row.outcome) if row.outcome is not None else None,
        cancelled_from=TicketState(row.cancelled_from) if row.cancelled_from else None,
        timeline=MappingProxyType({state: datetime.fromisoformat(at) for state, at in row.timeline.items()}),
        **{name: known[name] for name in PLAIN},
    )


def row_of(ticket: Ticket) -> dict[str, Any]:
    """Return the row that holds a ticket."""
    accepted = ticket.timeline.get(WITH_RECEIVER.get(ticket.direction, S.ACCEPTED))
    return {name: getattr(ticket, name) for name in PLAIN} | {
        "direction": ticket.direction.value,
        "state": ticket.state.value,
        "level": int(ticket.level),
        "pathway": ticket.pathway.value if ticket.pathway else None,
        "diagnosis_code": ticket.diagnosis.code,
        "diagnosis_system": ticket.diagnosis.system,
        "diagnosis_name": ticket.diagnosis.name,
        "needs": to_json(ticket.needs),
        "package": to_json(ticket.package),
        "plan": to_json(ticket.plan),
        "outcome": to_json(ticket.outcome),
        "cancelled_from": ticket.cancelled_from.value if ticket.cancelled_from else None,
        "timeline": {state: instant_text(at) for state, at in ticket.timeline.items()},
        "live_key": live_key(ticket.patient_id, ticket.department, ticket.direction) if ticket.is_on_its_way else None,
        "due_at": ticket.deadline_at or FAR,
        "accepted_at": accepted,
        "ended_at": None if ticket.is_live else ticket.timeline.get(ticket.state, ticket.created_at),
    }


def _fields(value: Any, kind: type) -> dict[str, Any]:
    return {name: getattr(value, name) for name in kind.__slots__}  # type: ignore[attr-defined]
