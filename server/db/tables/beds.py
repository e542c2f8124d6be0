"""Wards, beds, and what keeps a bed: ranges of time that never overlap on one bed, by the database's own word.

PostgreSQL has an exclusion constraint for it. SQLite has none: there two triggers refuse what overlaps, inside
a writing transaction that is alone (BEGIN IMMEDIATE).
"""

import sqlalchemy as sa

from server.db.tables.schema import Id, Instant, Json, Text, Word, table

OVERLAP = "bed_intervals_overlap"
ONE_HOLD, ONE_OCCUPANCY = "uq_bed_intervals_live_hold", "uq_bed_intervals_live_occupancy"

wards = table(
    "wards",
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False, index=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("department", Word, nullable=False),
    sa.Column("phone", Text, nullable=False),
    sa.Column("capabilities", Json, nullable=False),
    sa.Column("confirmed_at", Instant, nullable=True),
    sa.Column("confirmed_by", Id, nullable=True),
    sa.Column("version", sa.Integer, nullable=False),
)

beds = table(
    "beds",
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
    sa.Column("ward_id", Id, sa.ForeignKey("wards.id"), nullable=False, index=True),
    sa.Column("label", Word, nullable=False),
    sa.Column("department", Word, nullable=False),
    sa.Column("pool", Word, nullable=False),
    sa.Column("kind", Word, nullable=False),
    sa.Column("sex", Word, nullable=False),
    sa.Column("isolation", sa.Boolean, nullable=False),
    sa.Column("monitored", sa.Boolean, nullable=False),
    sa.Column("devices", Json, nullable=False),
    sa.Column("to_clean_since", Instant, nullable=True),
    sa.Column("blocked_reason", Text, nullable=False),
    sa.Column("blocked_until", Instant, nullable=True),
    sa.Column("blocked_at", Instant, nullable=True),
    sa.Column("withdrawn_at", Instant, nullable=True),
    sa.Column("feed_version", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "organization_id", "department"),
)

bed_intervals = table(
    "bed_intervals",
    sa.Column("id", Id, primary_key=True),
    sa.Column("bed_id", Id, sa.ForeignKey("beds.id"), nullable=False),
    sa.Column("kind", Word, nullable=False),  # hold, occupancy
    sa.Column("state", Word, nullable=False),
    sa.Column("begins_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=True),  # null: open
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), nullable=True, index=True),
    sa.Column("patient_id", Id, sa.ForeignKey("patients.id"), nullable=True),
    sa.Column("level", sa.Integer, nullable=True),
    sa.Column("label", Word, nullable=False),  # a walk-in's name as the ward wrote it; never an identifier
    sa.Column("sex", Word, nullable=False),
    sa.Column("expected_end_at", Instant, nullable=True),
    sa.Column("en_route", sa.Boolean, nullable=False),
    sa.Column("by", Id, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("override", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("ends_at IS NULL OR ends_at >= begins_at", name="range"),
    sa.Index(None, "bed_id", "begins_at"),
)
_c = bed_intervals.c
_HOLD = sa.and_(_c.kind == "hold", _c.state == "live")
_OCCUPANCY = sa.and_(_c.kind == "occupancy", _c.state == "live")
sa.Index(ONE_HOLD, _c.ticket_id, unique=True, sqlite_where=_HOLD, postgresql_where=_HOLD)
sa.Index(ONE_OCCUPANCY, _c.patient_id, unique=True, sqlite_where=_OCCUPANCY, postgresql_where=_OCCUPANCY)
_LIVE = _c.state == "live"
sa.Index("ix_bed_intervals_live", _c.bed_id, sqlite_where=_LIVE, postgresql_where=_LIVE)

EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gist"
EXCLUSION = (
    f"ALTER TABLE bed_intervals ADD CONSTRAINT {OVERLAP} EXCLUDE USING gist"
    " (bed_id WITH =, tstzrange(begins_at, ends_at) WITH &&)"
)
# The same as `&&` of `[begins_at, ends_at)`: an empty range overlaps nothing, an open one goes on for ever.
_TRIGGER = """CREATE TRIGGER {name}_{word} BEFORE {event} ON bed_intervals
WHEN NEW.ends_at IS NULL OR NEW.ends_at > NEW.begins_at
BEGIN
  SELECT RAISE(ABORT, '{name}') FROM bed_intervals AS o
  WHERE o.bed_id = NEW.bed_id AND o.id <> NEW.id
    AND (o.ends_at IS NULL OR (o.ends_at > o.begins_at AND o.ends_at > NEW.begins_at))
    AND (NEW.ends_at IS NULL OR o.begins_at < NEW.ends_at);
END"""
TRIGGERS = tuple(
    _TRIGGER.format(name=OVERLAP, word=word, event=event)
    for word, event in (("insert", "INSERT"), ("update", "UPDATE OF bed_id, begins_at, ends_at"))
)


@sa.event.listens_for(bed_intervals, "after_create")
def _keep_from_overlapping(_table: sa.Table, connection: sa.Connection, **_options: object) -> None:
    texts = TRIGGERS if connection.dialect.name == "sqlite" else (EXTENSION, EXCLUSION)
    for text in texts:
        connection.exec_driver_sql(text)


quota_debts = table(
    "quota_debts",  # reserved beds that were used in emergencies, until a general bed is relabelled for them
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, nullable=False),
    sa.Column("department", Word, nullable=False),
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("repaid_at", Instant, nullable=True),
    sa.Column("repaid_bed_id", Id, nullable=True),
    sa.Index(None, "organization_id", "repaid_at", "at"),
)

departments = table(
    "departments",  # what an organization can do, and who is on duty: where to refer to goes by it
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), primary_key=True),
    sa.Column("name", Word, primary_key=True),
    sa.Column("phone", Text, nullable=False),
    sa.Column("devices", Json, nullable=False),
    sa.Column("services", Json, nullable=False),  # pci, thrombolysis, surgery …
    sa.Column("on_duty", Json, nullable=False),  # [{"name", "phone"}]
    sa.Column("confirmed_at", Instant, nullable=True),
    sa.Column("version", sa.Integer, nullable=False),
)
