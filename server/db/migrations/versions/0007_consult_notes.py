"""What happened in a consult's room: who came and went, agreed to be recorded, opened something for all."""

import sqlalchemy as sa
from alembic import op

from server.db.tables.schema import Instant, Serial

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consult_notes",
        sa.Column("seq", Serial, autoincrement=True, nullable=False),
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("seat", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("organization", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_consult_notes_consult_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_consult_notes")),
    )
    op.create_index(op.f("ix_consult_notes_consult_id"), "consult_notes", ["consult_id"], unique=False)


def downgrade() -> None:
    op.drop_table("consult_notes")
