"""Consults with their experts and opinions, and the calendar in which no expert and no room is promised twice.

PostgreSQL has an exclusion constraint for it. SQLite has none: there two triggers refuse what overlaps, inside
a writing transaction that is alone (BEGIN IMMEDIATE).
"""

import sqlalchemy as sa

from server.db.tables.schema import Id, Instant, Json, Serial, Text, Word, table

Maybe = sa.JSON(none_as_null=True)
OVERLAP = "slot_bookings_overlap"

experts = table(
    "experts",  # who may be invited: a physician's credentials and hours (国卫医发〔2018〕25号)
    sa.Column("user_id", Id, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False, index=True),
    sa.Column("specialties", Json, nullable=False),
    sa.Column("practising_since", sa.Date, nullable=False),
    sa.Column("licence", Word, nullable=False),
    sa.Column("hours", Json, nullable=False),  # [{"weekday", "opens", "closes"}]
    sa.Column("slot_minutes", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

consults = table(
    "consults",
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", Word, nullable=False, unique=True),
    sa.Column("state", Word, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # optimistic lock
    sa.Column("service", Word, nullable=False),  # consult, mdt, ward-round
    sa.Column("urgency", Word, nullable=False),
    sa.Column("mode", Word, nullable=False),  # as it was wished
    sa.Column("patient_id", Id, sa.ForeignKey("patients.id"), nullable=False),
    sa.Column("from_organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
    sa.Column("to_organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", Id, nullable=False),
    sa.Column("offered_by", Word, nullable=False),  # inviter, invitee, ""
    sa.Column("rung", sa.Integer, nullable=False, server_default="0"),  # experts rung so far, 0 while nobody is
    sa.Column("begins_at", Instant, nullable=True),
    sa.Column("ends_at", Instant, nullable=True),
    sa.Column("in_writing", sa.Boolean, nullable=False),
    sa.Column("reason_text", Text, nullable=False),
    sa.Column("deadline_at", Instant, nullable=True),
    sa.Column("rule_version", sa.Integer, nullable=False),
    # What follows is worked out from the consult when it is stored, so that a list need not open it.
    sa.Column("due_at", Instant, nullable=False),  # deadline_at, or far away
    sa.Column("accepted_at", Instant, nullable=True),  # from then on the invitee reads the record
    sa.Column("ended_at", Instant, nullable=True),  # null while anything can still happen
    # The long ones stand last: SQLite reads a row up to the column that is asked for.
    sa.Column("application", Json, nullable=False),
    sa.Column("adoption", Maybe, nullable=True),
    sa.Column("timeline", Json, nullable=False),  # state -> when it was first reached
    sa.Column("teaching", Maybe, nullable=True),  # who may look on, and the patient's word to it
    sa.Index(None, "patient_id", "to_organization_id"),
    sa.Index(None, "to_organization_id", "due_at", "id"),
    sa.Index(None, "from_organization_id", "due_at", "id"),
)

consult_experts = table(
    "consult_experts",
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),  # 0 is the host
    sa.Index(None, "user_id"),
)

consult_guests = table(
    "consult_guests",  # who may look on at a class that is open
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), primary_key=True),
    sa.Column("kind", Word, primary_key=True),  # organization, user
    sa.Column("guest", Id, primary_key=True),
    sa.Index(None, "guest", "kind"),
)

consult_opinions = table(
    "consult_opinions",  # a document of its own, never a report
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), primary_key=True),
    sa.Column("number", Word, nullable=False, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("updated_by", Id, nullable=False),
    sa.Column("signed_at", Instant, nullable=True),
    sa.Column("digest", sa.String(64), nullable=True),
    sa.Column("text", Json, nullable=False),
    sa.Column("body", Text, nullable=True),  # the signed bytes
)

consult_signatures = table(
    "consult_signatures",
    sa.Column("id", Id, primary_key=True),
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), nullable=False),
    sa.Column("user_id", Id, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("role", Word, nullable=False),  # host, expert
    sa.Column("method", Word, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("voided_at", Instant, nullable=True),
    sa.Index(None, "consult_id", "at"),
)

consult_rooms = table(
    "consult_rooms",  # who sits in it; written under the lock of its consult
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("seated", sa.Boolean, nullable=False, index=True),  # somebody has a seat: few of many
    sa.Column("body", Json, nullable=False),
)

consult_messages = table(
    "consult_messages",  # what was written in the room
    sa.Column("id", Id, primary_key=True),
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), nullable=False),
    sa.Column("key", sa.String(64), nullable=False),  # the writer's own name of it
    sa.Column("person", Id, nullable=False),  # a user, or "patient"
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("role", Word, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.UniqueConstraint("consult_id", "person", "key"),
    sa.Index(None, "consult_id", "at"),
)

consult_notes = table(
    "consult_notes",  # what happened in the room: who came and went, agreed to be recorded, opened something for all
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("what", Word, nullable=False),
    sa.Column("seat", Id, nullable=False),
    sa.Column("person", Id, nullable=False),  # a user, or "patient"
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("role", Word, nullable=False),
    sa.Column("title", sa.String(80), nullable=False),
    sa.Column("organization", sa.String(200), nullable=False),
    sa.Column("subject", sa.String(80), nullable=False),
)

consult_recordings = table(
    "consult_recordings",
    sa.Column("id", Id, primary_key=True),
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), nullable=False, index=True),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("by", Id, nullable=False),
    sa.Column("destroy_after", Instant, nullable=False),
    sa.Column("ended_at", Instant, nullable=True),
    sa.Column("ended_why", Word, nullable=False),
    sa.Column("destroyed_at", Instant, nullable=True),
    sa.Column("key", sa.String(200), nullable=False),  # encrypted; "" once it is destroyed
    sa.Column("consented", Json, nullable=False),
)

consult_quality = table(
    "consult_quality",  # how each one's line did, a sample every half minute
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), primary_key=True),
    sa.Column("person", Id, primary_key=True),
    sa.Column("at", Instant, primary_key=True),
    sa.Column("body", Json, nullable=False),  # {rtt_ms, loss, up_kbit, down_kbit, freezes, audio_only}
)

slot_bookings = table(
    "slot_bookings",  # one row for each expert and for the inviter's room of a slot
    sa.Column("slot_id", Id, primary_key=True),
    sa.Column("resource", sa.String(80), primary_key=True),  # expert:<user>, room:<organization>
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), nullable=False, index=True),
    sa.Column("begins_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("held_until", Instant, nullable=False),
    sa.Column("booked_at", Instant, nullable=True),
    sa.Column("released_at", Instant, nullable=True),
    sa.CheckConstraint("ends_at > begins_at", name="range"),
    sa.Index(None, "resource", "begins_at"),
)

EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gist"
EXCLUSION = (
    f"ALTER TABLE slot_bookings ADD CONSTRAINT {OVERLAP} EXCLUDE USING gist"
    " (resource WITH =, tstzrange(begins_at, ends_at) WITH &&) WHERE (released_at IS NULL)"
)
# The same as `&&` of `[begins_at, ends_at)` among what is not given back.
_TRIGGER = """CREATE TRIGGER {name}_{word} BEFORE {event} ON slot_bookings
WHEN NEW.released_at IS NULL
BEGIN
  SELECT RAISE(ABORT, '{name}') FROM slot_bookings AS o
  WHERE o.resource = NEW.resource AND o.slot_id <> NEW.slot_id AND o.released_at IS NULL
    AND o.ends_at > NEW.begins_at AND o.begins_at < NEW.ends_at;
END"""
TRIGGERS = tuple(
    _TRIGGER.format(name=OVERLAP, word=word, event=event)
    for word, event in (("insert", "INSERT"), ("update", "UPDATE OF resource, begins_at, ends_at, released_at"))
)


@sa.event.listens_for(slot_bookings, "after_create")
def _keep_from_overlapping(_table: sa.Table, connection: sa.Connection, **_options: object) -> None:
    texts = TRIGGERS if connection.dialect.name == "sqlite" else (EXTENSION, EXCLUSION)
    for text in texts:
        connection.exec_driver_sql(text)
