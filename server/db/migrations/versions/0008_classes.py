"""Consults that are open for teaching, and who may look on at them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consults", sa.Column("teaching", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "consult_guests",
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("guest", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_consult_guests_consult_id")),
        sa.PrimaryKeyConstraint("consult_id", "kind", "guest", name=op.f("pk_consult_guests")),
    )
    op.create_index(op.f("ix_consult_guests_guest_kind"), "consult_guests", ["guest", "kind"], unique=False)


def downgrade() -> None:
    op.drop_table("consult_guests")
    op.drop_column("consults", "teaching")  # a copy of the table would leave what refers to it without one
