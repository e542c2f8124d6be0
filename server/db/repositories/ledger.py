"""Events, outbox, audit rows, deadlines, tasks for people, idempotency keys, rules and serial numbers."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from dicom.events import Event, StoredEvent
from referral.events import Event as ReferralEvent
from server.accounts.model import AuditEntry, Task
from server.db.prepared import KEYS, AnyConnection, Prepared
from server.db.tables import ledger as t

AnyEvent = Event | ReferralEvent  # of the same shape: domains share nothing


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is due about a subject."""

    kind: str
    subject_id: str
    due_at: datetime
    attempts: int


def _setting(upsert: Any, *, slack: bool) -> Prepared:
    statement = upsert(t.deadlines)
    kept = {name: statement.excluded[name] for name in ("due_at", "attempts", "rule_version")}
    stands = t.deadlines.c
    apart = sa.or_(stands.due_at < sa.bindparam("not_before"), stands.due_at > statement.excluded.due_at)
    where = sa.or_(apart, stands.attempts != 0) if slack else None
    return Prepared(statement.on_conflict_do_update(index_elements=["kind", "subject_id"], set_=kept, where=where))


_AMENDED = Prepared(
    t.audit.update()
    .where(t.audit.c.id == sa.bindparam("record"), t.audit.c.position.is_(None))
    .values(basis=sa.bindparam("now_basis"))
)
_EVENTS, _OUTBOX, AUDITS = Prepared(t.events.insert()), Prepared(t.outbox.insert()), Prepared(t.audit.insert())
_SET = {
    (dialect is sqlite, slack): _setting(dialect.insert, slack=slack)
    for dialect in (sqlite, postgresql)
    for slack in (False, True)
}


class Ledger:
    """The tables that every subject shares."""

    def __init__(self, connection: AnyConnection) -> None:
        self._c = connection
        self.next_deadline: datetime | None = None  # the earliest that this transaction has set
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def append_events(
        self,
        events: Sequence[tuple[str, AnyEvent]],
        *,
        actor_id: str,
        at: datetime,
        subscriptions: Mapping[str, Sequence[str]],
    ) -> None:
        """Append events and the outbox rows their subscribers owe."""
        await _EVENTS.run(self._c, [_event_row(key, e, actor_id, at) for key, e in events])
        owed = [
            {"event_id": key, "handler": handler, "due_at": at, "attempts": 0}
            for key, e in events
            for handler in subscriptions.get(e.type, ())
        ]
        await _OUTBOX.run(self._c, owed)

    async def append_audits(
        self, entries: Sequence[AuditEntry], *, actor_id: str, at: datetime, request_id: str | None
    ) -> None:
        """Append audit rows; the sealer chains them afterwards (decisions 5)."""
        await AUDITS.run(self._c, audit_rows(entries, actor_id=actor_id, at=at, request_id=request_id))

    async def amend_audit(self, record: str, *, basis: str) -> bool:
        """Write a new basis into a record that is not in the chain yet; False when it is, or is gone."""
        return await _AMENDED.run(self._c, [{"record": record, "now_basis": basis}]) == 1

    async def events_after(self, seq: int, *, limit: int = 500) -> list[StoredEvent]:
        """Return events in order, after a sequence number."""
        rows = await self._c.execute(
            sa.select(t.events).where(t.events.c.seq > seq).order_by(t.events.c.seq).limit(limit)
        )
        return [_stored(row) for row in rows]

    async def events_of(self, collection: str, subject_id: str) -> list[StoredEvent]:
        """Return everything that happened to one subject, oldest first."""
        rows = await self._c.execute(
            sa.select(t.events)
            .where(t.events.c.collection == collection, t.events.c.subject_id == subject_id)
            .order_by(t.events.c.seq)
        )
        return [_stored(row) for row in rows]

    async def event(self, event_id: str) -> StoredEvent | None:
        """Return one event."""
        row = (await self._c.execute(sa.select(t.events).where(t.events.c.id == event_id))).first()
        return _stored(row) if row else None

    async def last_seq(self) -> int:
        """Return the newest event's sequence number, 0 when there is none."""
        return (await self._c.scalar(sa.select(sa.func.max(t.events.c.seq)))) or 0

    async def set_deadline(
        self,
        kind: str,
        subject_id: str,
        due_at: datetime,
        *,
        rule_version: int | None = None,
        slack: timedelta = timedelta(),
    ) -> None:
        """Set or move a deadline; a job acts when it has passed (decisions 4).

        Parameters
        ----------
        slack
            One that stands at most so much earlier is left as it is.
        """
        self.next_deadline = min(due_at, self.next_deadline or due_at)
        row = {"kind": kind, "subject_id": subject_id, "due_at": due_at, "attempts": 0, "rule_version": rule_version}
        if slack:
            row["not_before"] = due_at - slack
        on_sqlite = self._c.dialect.name == "sqlite"
        statement = _SET[on_sqlite, bool(slack)]
        await statement.run(self._c, [row])

    async def clear_deadline(self, kind: str, subject_id: str) -> None:
        """Forget a deadline that no longer matters."""
        await self._c.execute(
            t.deadlines.delete().where(t.deadlines.c.kind == kind, t.deadlines.c.subject_id == subject_id)
        )

    async def due(
        self, now: datetime, *, only: Collection[str] = (), without: Collection[str] = (), limit: int = 50
    ) -> list[Deadline]:
        """Return deadlines that have passed, of these kinds or of all but those, locked where the database can."""
        c = t.deadlines.c
        query = sa.select(t.deadlines).where(c.due_at <= now, c.kind.not_in(list(without)))
        if only:
            query = query.where(c.kind.in_(list(only)))
        rows = await self._c.execute(query.order_by(c.due_at).limit(limit).with_for_update(skip_locked=True))
        return [Deadline(r.kind, r.subject_id, r.due_at, r.attempts) for r in rows]

    async def take_deadline(self, deadline: Deadline) -> bool:
        """Remove a deadline that still stands as it was read; True when this transaction got it."""
        gone = await self._c.execute(
            t.deadlines.delete().where(
                t.deadlines.c.kind == deadline.kind,
                t.deadlines.c.subject_id == deadline.subject_id,
                t.deadlines.c.due_at == deadline.due_at,
            )
        )
        return gone.rowcount == 1

    async def postpone(self, deadline: Deadline, due_at: datetime) -> None:
        """Try a deadline again later; its action failed and was rolled back."""
        await self._c.execute(
            t.deadlines.update()
            .where(t.deadlines.c.kind == deadline.kind, t.deadlines.c.subject_id == deadline.subject_id)
            .values(due_at=due_at, attempts=t.deadlines.c.attempts + 1)
        )

    async def open_task(self, task: Task, *, dedupe_key: str) -> None:
        """Give a person an item of work; the same key opens it once."""
        row = {
            "id": task.id,
            "kind": task.kind,
            "subject_kind": task.subject_kind,
            "subject_id": task.subject_id,
            "organization_id": task.organization_id,
            "role": task.role,
            "due_at": task.due_at,
            "zh": task.zh,
            "en": task.en,
            "dedupe_key": dedupe_key,
            "created_at": task.created_at,
            "version": 1,
        }
        await self._c.execute(self._upsert(t.tasks).values(**row).on_conflict_do_nothing(index_elements=["dedupe_key"]))

    async def close_tasks(
        self, subject_kind: str, subject_id: str, *, kinds: Sequence[str], by: str, at: datetime
    ) -> None:
        """Mark the open items of these kinds about a subject as done."""
        await self._c.execute(
            t.tasks.update()
            .where(
                t.tasks.c.subject_kind == subject_kind,
                t.tasks.c.subject_id == subject_id,
                t.tasks.c.kind.in_(kinds),
                t.tasks.c.done_at.is_(None),
            )
            .values(done_at=at, done_by=by, version=t.tasks.c.version + 1)
        )

    async def open_tasks(self, *, organization_ids: Sequence[str], roles: Sequence[str]) -> list[Task]:
        """Return the open items of somebody with these roles in these organizations, most urgent first."""
        rows = await self._c.execute(
            sa.select(t.tasks)
            .where(
                t.tasks.c.done_at.is_(None), t.tasks.c.organization_id.in_(organization_ids), t.tasks.c.role.in_(roles)
            )
            .order_by(t.tasks.c.due_at)
            .limit(200)
        )
        return [_task(r) for r in rows]

    async def next_serial(self, series: str) -> int:
        """Return the next number of a series, without gaps inside one transaction."""
        statement = self._upsert(t.serials).values(series=series, last=1)
        statement = statement.on_conflict_do_update(
            index_elements=["series"], set_={"last": t.serials.c.last + 1}
        ).returning(t.serials.c.last)
        return int(await self._c.scalar(statement) or 0)

    async def rule(self, kind: str, region: str, now: datetime) -> tuple[int, dict[str, Any]] | None:
        """Return (version, data) of the rule in force, the region's own before the general one ("")."""
        rows = await self._c.execute(
            sa.select(t.rules)
            .where(t.rules.c.kind == kind, t.rules.c.region.in_([region, ""]), t.rules.c.valid_from <= now)
            .order_by(t.rules.c.region.desc(), t.rules.c.version.desc())
            .limit(1)
        )
        row = rows.first()
        return (row.version, row.data) if row else None

    async def put_rule(
        self, kind: str, region: str, version: int, valid_from: datetime, data: Mapping[str, Any]
    ) -> None:
        """Store a version of a rule; an existing version stays as it is."""
        statement = self._upsert(t.rules).values(
            kind=kind, region=region, version=version, valid_from=valid_from, data=dict(data)
        )
        await self._c.execute(statement.on_conflict_do_nothing())

    async def answer_to(self, user_id: str, key: str) -> Any:
        """Return the stored answer to an idempotency key, or None."""
        return (
            await self._c.execute(
                sa.select(t.idempotency).where(t.idempotency.c.user_id == user_id, t.idempotency.c.key == key)
            )
        ).first()

    async def answered(self, pairs: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Return those of these users' idempotency keys under which an answer is kept."""
        wanted, c, found = sorted({key for _, key in pairs}), t.idempotency.c, set[tuple[str, str]]()
        for start in range(0, len(wanted), KEYS):
            rows = await self._c.execute(sa.select(c.user_id, c.key).where(c.key.in_(wanted[start : start + KEYS])))
            found |= {(user_id, key) for user_id, key in rows.tuples()}
        return frozenset(found & set(pairs))

    async def keep_answer(self, **row: Any) -> None:
        """Keep an answer under its idempotency key, in the same transaction as what it did."""
        await self._c.execute(t.idempotency.insert().values(**row))


def _event_row(key: str, event: AnyEvent, actor_id: str, at: datetime) -> dict[str, Any]:
    return {
        "id": key,
        "at": at,
        "collection": event.collection,
        "name": event.name,
        "subject_id": event.subject_id,
        "version": event.version,
        "state": event.state,
        "organization_id": event.organization_id,
        "audience": f",{','.join(dict.fromkeys(event.audience))},",
        "actor_id": actor_id,
        "data": dict(event.data),
    }


def _stored(row: Any) -> StoredEvent:
    audience = tuple(filter(None, row.audience.split(",")))
    event = Event(
        row.collection, row.name, row.subject_id, row.version, row.state, audience, row.organization_id, row.data
    )
    return StoredEvent(row.seq, row.id, row.at, event, row.actor_id)


def _task(r: Any) -> Task:
    return Task(
        r.id, r.kind, r.subject_kind, r.subject_id, r.organization_id, r.role, r.due_at, r.zh, r.en, r.created_at,
        r.done_at, r.version,
    )  # fmt: skip


def audit_rows(
    entries: Sequence[AuditEntry], *, actor_id: str, at: datetime, request_id: str | None
) -> list[dict[str, Any]]:
    """Return the rows of `AUDITS`."""
    return [
        {
            "id": e.id or secrets.token_hex(12),
            "at": at,
            "actor_id": e.actor_id or actor_id,
            "organization_id": e.organization_id,
            "action": e.action,
            "object_kind": e.object_kind,
            "object_id": e.object_id,
            "patient_id": e.patient_id,
            "outcome": e.outcome,
            "basis": e.basis,
            "request_id": request_id,
        }
        for e in entries
    ]
