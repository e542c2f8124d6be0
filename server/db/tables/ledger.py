"""What happened and what is owed: events, outbox, audit, deadlines, tasks for people, idempotency, rules."""

import sqlalchemy as sa

from server.db.tables.schema import Id, Instant, Json, Serial, Text, Word, table

events = table(
    "events",
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("id", Id, nullable=False, unique=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("collection", Word, nullable=False),
    sa.Column("name", Word, nullable=False),
    sa.Column("subject_id", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", Word, nullable=False),
    sa.Column("organization_id", Id, nullable=True),
    sa.Column("audience", Text, nullable=False),  # ",T01,C01,": the organizations that may hear of it
    sa.Column("actor_id", Id, nullable=True),
    sa.Column("data", Json, nullable=False),
    sa.Index(None, "collection", "subject_id"),
)

outbox = table(
    "outbox",
    sa.Column("event_id", Id, sa.ForeignKey("events.id"), primary_key=True),
    sa.Column("handler", Word, primary_key=True),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("sent_at", Instant, nullable=True),
    sa.Column("done_at", Instant, nullable=True),
    sa.Column("dead_at", Instant, nullable=True),
    sa.Column("error", Text, nullable=True),
    sa.Index(None, "done_at", "dead_at", "due_at"),
)

deadlines = table(
    "deadlines",
    sa.Column("kind", Word, primary_key=True),
    sa.Column("subject_id", sa.String(64), primary_key=True),
    sa.Column("due_at", Instant, nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("rule_version", sa.Integer, nullable=True),
)

tasks = table(
    "tasks",
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", Word, nullable=False),
    sa.Column("subject_kind", Word, nullable=False),
    sa.Column("subject_id", sa.String(64), nullable=False),
    sa.Column("organization_id", Id, nullable=False, index=True),
    sa.Column("role", Word, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("zh", Text, nullable=False),
    sa.Column("en", Text, nullable=False),
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant, nullable=True),
    sa.Column("done_by", Id, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, default=1),
)

audit = table(
    "audit",
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("id", Id, nullable=False, unique=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor_id", Id, nullable=True),
    sa.Column("organization_id", Id, nullable=True),
    sa.Column("action", Word, nullable=False),
    sa.Column("object_kind", Word, nullable=False),
    sa.Column("object_id", sa.String(64), nullable=False),
    sa.Column("patient_id", Id, nullable=True, index=True),
    sa.Column("outcome", Word, nullable=False),
    sa.Column("basis", Text, nullable=True),
    sa.Column("request_id", Id, nullable=True),
    sa.Column("position", Serial, nullable=True, unique=True),  # place in the chain, set by the sealer
    sa.Column("digest", sa.String(64), nullable=True),
)

idempotency = table(
    "idempotency",
    sa.Column("user_id", Id, primary_key=True),
    sa.Column("key", sa.String(128), primary_key=True),
    sa.Column("route", sa.String(160), nullable=False),
    sa.Column("request_digest", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("headers", Json, nullable=False),
    sa.Column("body", Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

rules = table(
    "rules",
    sa.Column("kind", Word, primary_key=True),
    sa.Column("region", Word, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("valid_from", Instant, nullable=False),
    sa.Column("data", Json, nullable=False),
)

serials = table(
    "serials",
    sa.Column("series", Word, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
