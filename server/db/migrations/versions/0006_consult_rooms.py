"""Rooms of consults: their seats, what is written in them, who has been rung, and the patient's link to one."""

import sqlalchemy as sa
from alembic import op

from server.db.tables.schema import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consults", sa.Column("rung", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "consult_rooms",
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", Instant(timezone=True), nullable=False),
        sa.Column("seated", sa.Boolean(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_consult_rooms_consult_id")),
        sa.PrimaryKeyConstraint("consult_id", name=op.f("pk_consult_rooms")),
    )
    op.create_index(op.f("ix_consult_rooms_seated"), "consult_rooms", ["seated"], unique=False)
    op.create_table(
        "consult_messages",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_consult_messages_consult_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consult_messages")),
        sa.UniqueConstraint("consult_id", "person", "key", name=op.f("uq_consult_messages_consult_id_person_key")),
    )
    op.create_index(op.f("ix_consult_messages_consult_id_at"), "consult_messages", ["consult_id", "at"], unique=False)
    op.create_table(
        "consult_recordings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("started_at", Instant(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("destroy_after", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(length=40), nullable=False),
        sa.Column("destroyed_at", Instant(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("consented", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_consult_recordings_consult_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consult_recordings")),
    )
    op.create_index(op.f("ix_consult_recordings_consult_id"), "consult_recordings", ["consult_id"])
    op.create_table(
        "consult_quality",
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_consult_quality_consult_id")),
        sa.PrimaryKeyConstraint("consult_id", "person", "at", name=op.f("pk_consult_quality")),
    )
    with op.batch_alter_table("patient_links") as links:
        links.alter_column("ticket_id", existing_type=sa.String(length=40), nullable=True)
        links.add_column(sa.Column("consult_id", sa.String(length=40), nullable=True))
        links.create_foreign_key(op.f("fk_patient_links_consult_id"), "consults", ["consult_id"], ["id"])
        links.create_index(op.f("ix_patient_links_consult_id"), ["consult_id"])


def downgrade() -> None:
    op.execute("DELETE FROM patient_links WHERE ticket_id IS NULL")
    with op.batch_alter_table("patient_links") as links:
        links.drop_index(op.f("ix_patient_links_consult_id"))
        links.drop_constraint(op.f("fk_patient_links_consult_id"), type_="foreignkey")
        links.drop_column("consult_id")
        links.alter_column("ticket_id", existing_type=sa.String(length=40), nullable=False)
    op.drop_table("consult_quality")
    op.drop_table("consult_recordings")
    op.drop_table("consult_messages")
    op.drop_table("consult_rooms")
    with op.batch_alter_table("consults") as consults:
        consults.drop_column("rung")
