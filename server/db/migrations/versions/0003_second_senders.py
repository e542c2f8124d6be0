"""Organizations that sent the very bytes of an instance that another had sent before."""

import sqlalchemy as sa
from alembic import op

from server.db.tables.schema import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_senders",
        sa.Column("sop_instance_uid", sa.String(length=64), nullable=False),
        sa.Column("organization_id", sa.String(length=40), nullable=False),
        sa.Column("study_instance_uid", sa.String(length=64), nullable=False),
        sa.Column("received_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sop_instance_uid"],
            ["instances.sop_instance_uid"],
            name=op.f("fk_second_senders_sop_instance_uid"),
        ),
        sa.ForeignKeyConstraint(
            ["study_instance_uid"],
            ["studies.study_instance_uid"],
            name=op.f("fk_second_senders_study_instance_uid"),
        ),
        sa.PrimaryKeyConstraint("sop_instance_uid", "organization_id", name=op.f("pk_second_senders")),
    )
    op.create_index(
        op.f("ix_second_senders_study_instance_uid"), "second_senders", ["study_instance_uid"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_second_senders_study_instance_uid"), table_name="second_senders")
    op.drop_table("second_senders")
