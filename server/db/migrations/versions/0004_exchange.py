"""HL7 v2 with the hospitals' systems: who they are, what was taken of them, what is on its way to them."""

import sqlalchemy as sa
from alembic import op

from server.db.tables.schema import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hl7_systems",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.String(length=40), nullable=False),
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("facility", sa.String(length=80), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("charset", sa.String(length=40), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("port", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("last_seen_at", Instant(timezone=True), nullable=True),
        sa.Column("disabled_at", Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_hl7_systems_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hl7_systems")),
        sa.UniqueConstraint("application", "facility", name=op.f("uq_hl7_systems_application_facility")),
    )
    op.create_index(op.f("ix_hl7_systems_organization_id"), "hl7_systems", ["organization_id"], unique=False)
    op.create_table(
        "hl7_inbox",
        sa.Column("system_id", sa.String(length=40), nullable=False),
        sa.Column("control_id", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("trigger", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["hl7_systems.id"], name=op.f("fk_hl7_inbox_system_id")),
        sa.PrimaryKeyConstraint("system_id", "control_id", name=op.f("pk_hl7_inbox")),
    )
    op.create_table(
        "hl7_outbox",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("system_id", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.String(length=40), nullable=False),
        sa.Column("trigger", sa.String(length=40), nullable=False),
        sa.Column("control_id", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("charset", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["hl7_systems.id"], name=op.f("fk_hl7_outbox_system_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hl7_outbox")),
        sa.UniqueConstraint("event_id", "system_id", name=op.f("uq_hl7_outbox_event_id_system_id")),
    )
    op.create_index(
        op.f("ix_hl7_outbox_system_id_ticket_id_state"), "hl7_outbox", ["system_id", "ticket_id", "state"], unique=False
    )


def downgrade() -> None:
    op.drop_table("hl7_outbox")
    op.drop_table("hl7_inbox")
    op.drop_table("hl7_systems")
