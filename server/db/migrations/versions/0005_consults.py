"""Consults: who may be invited, what was asked, written and signed, and the calendar that promises nobody twice."""

import sqlalchemy as sa
from alembic import op

from server.db.tables.schema import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TRIGGER = """CREATE TRIGGER slot_bookings_overlap_{word} BEFORE {event} ON slot_bookings
WHEN NEW.released_at IS NULL
BEGIN
  SELECT RAISE(ABORT, 'slot_bookings_overlap') FROM slot_bookings AS o
  WHERE o.resource = NEW.resource AND o.slot_id <> NEW.slot_id AND o.released_at IS NULL
    AND o.ends_at > NEW.begins_at AND o.begins_at < NEW.ends_at;
END"""


def upgrade() -> None:
    op.create_table(
        "experts",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.String(length=40), nullable=False),
        sa.Column("specialties", sa.JSON(), nullable=False),
        sa.Column("practising_since", sa.Date(), nullable=False),
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_experts_organization_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_experts_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_experts")),
    )
    op.create_index(op.f("ix_experts_organization_id"), "experts", ["organization_id"])

    op.create_table(
        "consults",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("urgency", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("from_organization_id", sa.String(length=40), nullable=False),
        sa.Column("to_organization_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("offered_by", sa.String(length=40), nullable=False),
        sa.Column("begins_at", Instant(timezone=True), nullable=True),
        sa.Column("ends_at", Instant(timezone=True), nullable=True),
        sa.Column("in_writing", sa.Boolean(), nullable=False),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("deadline_at", Instant(timezone=True), nullable=True),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("accepted_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("application", sa.JSON(), nullable=False),
        sa.Column("adoption", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("timeline", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_organization_id"], ["organizations.id"], name=op.f("fk_consults_from_organization_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_consults_patient_id")),
        sa.ForeignKeyConstraint(
            ["to_organization_id"], ["organizations.id"], name=op.f("fk_consults_to_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consults")),
        sa.UniqueConstraint("number", name=op.f("uq_consults_number")),
    )
    op.create_index(
        op.f("ix_consults_from_organization_id_due_at_id"),
        "consults",
        ["from_organization_id", "due_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_consults_patient_id_to_organization_id"),
        "consults",
        ["patient_id", "to_organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_consults_to_organization_id_due_at_id"),
        "consults",
        ["to_organization_id", "due_at", "id"],
        unique=False,
    )

    op.create_table(
        "consult_experts",
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_consult_experts_consult_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consult_experts_user_id")),
        sa.PrimaryKeyConstraint("consult_id", "user_id", name=op.f("pk_consult_experts")),
    )
    op.create_index(op.f("ix_consult_experts_user_id"), "consult_experts", ["user_id"])

    op.create_table(
        "consult_opinions",
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("updated_at", Instant(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("signed_at", Instant(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_consult_opinions_consult_id")),
        sa.PrimaryKeyConstraint("consult_id", name=op.f("pk_consult_opinions")),
        sa.UniqueConstraint("number", name=op.f("uq_consult_opinions_number")),
    )
    op.create_table(
        "consult_signatures",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("voided_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_consult_signatures_consult_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consult_signatures_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consult_signatures")),
    )
    op.create_index(
        op.f("ix_consult_signatures_consult_id_at"), "consult_signatures", ["consult_id", "at"], unique=False
    )

    op.create_table(
        "slot_bookings",
        sa.Column("slot_id", sa.String(length=40), nullable=False),
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("begins_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.Column("held_until", Instant(timezone=True), nullable=False),
        sa.Column("booked_at", Instant(timezone=True), nullable=True),
        sa.Column("released_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_slot_bookings_range")),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_slot_bookings_consult_id")),
        sa.PrimaryKeyConstraint("slot_id", "resource", name=op.f("pk_slot_bookings")),
    )
    op.create_index(op.f("ix_slot_bookings_consult_id"), "slot_bookings", ["consult_id"])
    op.create_index(
        op.f("ix_slot_bookings_resource_begins_at"), "slot_bookings", ["resource", "begins_at"], unique=False
    )
    _keep_slots_from_overlapping()


def _keep_slots_from_overlapping() -> None:
    """Let the database itself refuse two times of one expert or one room that overlap."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            "ALTER TABLE slot_bookings ADD CONSTRAINT slot_bookings_overlap EXCLUDE USING gist"
            " (resource WITH =, tstzrange(begins_at, ends_at) WITH &&) WHERE (released_at IS NULL)"
        )
        return
    for word, event in (("insert", "INSERT"), ("update", "UPDATE OF resource, begins_at, ends_at, released_at")):
        op.execute(_TRIGGER.format(word=word, event=event))


def downgrade() -> None:
    op.drop_table("slot_bookings")
    op.drop_table("consult_signatures")
    op.drop_table("consult_opinions")
    op.drop_table("consult_experts")
    op.drop_table("consults")
    op.drop_table("experts")
