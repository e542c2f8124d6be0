"""The first schema."""

from alembic import op

from server.db.tables import everything

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    everything.metadata.create_all(op.get_bind())


def downgrade() -> None:
    everything.metadata.drop_all(op.get_bind())
