"""HL7 v2 with the hospitals' systems: who they are, what was taken of them, what is on its way to them."""

import sqlalchemy as sa

from server.db.tables.schema import Id, Instant, Json, Text, Word, table

hl7_systems = table(
    "hl7_systems",
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False, index=True),
    sa.Column("application", sa.String(80), nullable=False),  # MSH-3
    sa.Column("facility", sa.String(80), nullable=False),  # MSH-4
    sa.Column("description", Text, nullable=False),
    sa.Column("charset", Word, nullable=False),
    sa.Column("addresses", Json, nullable=False),  # networks it may call from; empty = any
    sa.Column("host", Text, nullable=True),  # where it takes messages of ours
    sa.Column("port", sa.Integer, nullable=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("last_seen_at", Instant, nullable=True),
    sa.Column("disabled_at", Instant, nullable=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.UniqueConstraint("application", "facility"),
)

hl7_inbox = table(
    "hl7_inbox",  # one row for each message that was acknowledged; the same again gets the same answer
    sa.Column("system_id", Id, sa.ForeignKey("hl7_systems.id"), primary_key=True),
    sa.Column("control_id", sa.String(200), primary_key=True),  # MSH-10
    sa.Column("digest", sa.String(64), nullable=False),  # of the message; what it said stands in the rows it changed
    sa.Column("trigger", Word, nullable=False),
    sa.Column("answer", sa.LargeBinary, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

hl7_outbox = table(
    "hl7_outbox",
    sa.Column("id", Id, primary_key=True),
    sa.Column("system_id", Id, sa.ForeignKey("hl7_systems.id"), nullable=False),
    sa.Column("event_id", Id, nullable=False),
    sa.Column("ticket_id", Id, nullable=False),
    sa.Column("trigger", Word, nullable=False),
    sa.Column("control_id", Word, nullable=False),
    sa.Column("body", Text, nullable=False),  # encrypted
    sa.Column("charset", Word, nullable=False),
    sa.Column("state", Word, nullable=False),  # due, sent, failed
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("event_id", "system_id"),
    sa.Index(None, "system_id", "ticket_id", "state"),
)
