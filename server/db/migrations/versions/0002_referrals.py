"""Referrals and beds: tickets, the board, what is owed and what is due at home."""

import sqlalchemy as sa
from alembic import op

from server.db.tables.schema import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TRIGGER = """CREATE TRIGGER bed_intervals_overlap_{word} BEFORE {event} ON bed_intervals
WHEN NEW.ends_at IS NULL OR NEW.ends_at > NEW.begins_at
BEGIN
  SELECT RAISE(ABORT, 'bed_intervals_overlap') FROM bed_intervals AS o
  WHERE o.bed_id = NEW.bed_id AND o.id <> NEW.id
    AND (o.ends_at IS NULL OR (o.ends_at > o.begins_at AND o.ends_at > NEW.begins_at))
    AND (NEW.ends_at IS NULL OR o.begins_at < NEW.ends_at);
END"""


def upgrade() -> None:
    op.create_table(
        "departments",
        sa.Column("organization_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("devices", sa.JSON(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("on_duty", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_departments_organization_id")),
        sa.PrimaryKeyConstraint("organization_id", "name", name=op.f("pk_departments")),
    )
    op.create_table(
        "travel_times",
        sa.Column("from_organization_id", sa.String(length=40), nullable=False),
        sa.Column("to_organization_id", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_organization_id"], ["organizations.id"], name=op.f("fk_travel_times_from_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_organization_id"], ["organizations.id"], name=op.f("fk_travel_times_to_organization_id")
        ),
        sa.PrimaryKeyConstraint("from_organization_id", "to_organization_id", name=op.f("pk_travel_times")),
    )
    op.create_table(
        "wards",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("capabilities", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", Instant(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_wards_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wards")),
    )
    op.create_index(op.f("ix_wards_organization_id"), "wards", ["organization_id"], unique=False)
    op.create_table(
        "beds",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.String(length=40), nullable=False),
        sa.Column("ward_id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("pool", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sex", sa.String(length=40), nullable=False),
        sa.Column("isolation", sa.Boolean(), nullable=False),
        sa.Column("monitored", sa.Boolean(), nullable=False),
        sa.Column("devices", sa.JSON(), nullable=False),
        sa.Column("to_clean_since", Instant(timezone=True), nullable=True),
        sa.Column("blocked_reason", sa.Text(), nullable=False),
        sa.Column("blocked_until", Instant(timezone=True), nullable=True),
        sa.Column("blocked_at", Instant(timezone=True), nullable=True),
        sa.Column("withdrawn_at", Instant(timezone=True), nullable=True),
        sa.Column("feed_version", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_beds_organization_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"], name=op.f("fk_beds_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beds")),
    )
    op.create_index(op.f("ix_beds_organization_id_department"), "beds", ["organization_id", "department"], unique=False)
    op.create_index(op.f("ix_beds_ward_id"), "beds", ["ward_id"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("episode_id", sa.String(length=40), nullable=False),
        sa.Column("from_organization_id", sa.String(length=40), nullable=False),
        sa.Column("to_organization_id", sa.String(length=40), nullable=True),
        sa.Column("outside_name", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("pathway", sa.String(length=40), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("diagnosis_code", sa.String(length=40), nullable=False),
        sa.Column("diagnosis_system", sa.String(length=40), nullable=False),
        sa.Column("diagnosis_name", sa.Text(), nullable=False),
        sa.Column("travel_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=True),
        sa.Column("waiting_since", Instant(timezone=True), nullable=True),
        sa.Column("deadline_at", Instant(timezone=True), nullable=True),
        sa.Column("paused_at", Instant(timezone=True), nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("info_rounds", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("acknowledged_at", Instant(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=40), nullable=True),
        sa.Column("handler_id", sa.String(length=40), nullable=True),
        sa.Column("expected_arrival_at", Instant(timezone=True), nullable=True),
        sa.Column("bed_id", sa.String(length=40), nullable=True),
        sa.Column("hold_id", sa.String(length=40), nullable=True),
        sa.Column("in_bay", sa.Boolean(), nullable=False),
        sa.Column("earmark", sa.Text(), nullable=False),
        sa.Column("based_on", sa.String(length=40), nullable=True),
        sa.Column("bounce_of", sa.String(length=40), nullable=True),
        sa.Column("predecessor_id", sa.String(length=40), nullable=True),
        sa.Column("successor_id", sa.String(length=40), nullable=True),
        sa.Column("cancelled_from", sa.String(length=40), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("decision_code", sa.String(length=40), nullable=False),
        sa.Column("unscheduled_reason", sa.Text(), nullable=False),
        sa.Column("manual_rank", sa.Integer(), nullable=True),
        sa.Column("manual_reason", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("live_key", sa.Text(), nullable=True),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("accepted_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("package", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("timeline", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_tickets_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("live_key", name=op.f("uq_tickets_live_key")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
    )
    op.create_index(op.f("ix_tickets_based_on"), "tickets", ["based_on"], unique=False)
    op.create_index(
        "ix_tickets_board",
        "tickets",
        [
            "to_organization_id",
            "from_organization_id",
            "state",
            "direction",
            "level",
            "acknowledged_at",
            "due_at",
            "waiting_since",
            "patient_id",
            "id",
        ],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_tickets_ended_from",
        "tickets",
        ["from_organization_id", "ended_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_ended_to",
        "tickets",
        ["to_organization_id", "ended_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_tickets_episode_id"), "tickets", ["episode_id"], unique=False)
    op.create_index(
        "ix_tickets_live_from",
        "tickets",
        ["from_organization_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_tickets_live_to",
        "tickets",
        ["to_organization_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        op.f("ix_tickets_patient_id_to_organization_id"), "tickets", ["patient_id", "to_organization_id"], unique=False
    )
    op.create_table(
        "bed_intervals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("bed_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("begins_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=True),
        sa.Column("ticket_id", sa.String(length=40), nullable=True),
        sa.Column("patient_id", sa.String(length=40), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("sex", sa.String(length=40), nullable=False),
        sa.Column("expected_end_at", Instant(timezone=True), nullable=True),
        sa.Column("en_route", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= begins_at", name=op.f("ck_bed_intervals_range")),
        sa.ForeignKeyConstraint(["bed_id"], ["beds.id"], name=op.f("fk_bed_intervals_bed_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_bed_intervals_patient_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_bed_intervals_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_intervals")),
    )
    op.create_index(op.f("ix_bed_intervals_bed_id_begins_at"), "bed_intervals", ["bed_id", "begins_at"], unique=False)
    op.create_index(
        "ix_bed_intervals_live",
        "bed_intervals",
        ["bed_id"],
        unique=False,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_index(op.f("ix_bed_intervals_ticket_id"), "bed_intervals", ["ticket_id"], unique=False)
    op.create_index(
        "uq_bed_intervals_live_hold",
        "bed_intervals",
        ["ticket_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'hold' AND state = 'live'"),
        postgresql_where=sa.text("kind = 'hold' AND state = 'live'"),
    )
    op.create_index(
        "uq_bed_intervals_live_occupancy",
        "bed_intervals",
        ["patient_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'occupancy' AND state = 'live'"),
        postgresql_where=sa.text("kind = 'occupancy' AND state = 'live'"),
    )
    op.create_table(
        "bed_rankings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("bed_id", sa.String(length=40), nullable=True),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_bed_rankings_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_rankings")),
    )
    op.create_index(op.f("ix_bed_rankings_ticket_id_at"), "bed_rankings", ["ticket_id", "at"], unique=False)
    op.create_table(
        "cloud_rounds",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("vitals", sa.JSON(), nullable=False),
        sa.Column("orders", sa.Text(), nullable=False),
        sa.Column("hospital_signed_by", sa.String(length=40), nullable=True),
        sa.Column("township_signed_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_cloud_rounds_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cloud_rounds")),
    )
    op.create_index(op.f("ix_cloud_rounds_ticket_id_at"), "cloud_rounds", ["ticket_id", "at"], unique=False)
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.String(length=40), nullable=True),
        sa.Column("organization_id", sa.String(length=40), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=40), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("form", sa.JSON(), nullable=True),
        sa.Column("assessment", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_follow_ups_patient_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_follow_ups_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    op.create_index(
        op.f("ix_follow_ups_organization_id_state_due_at_id"),
        "follow_ups",
        ["organization_id", "state", "due_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_follow_ups_patient_id"), "follow_ups", ["patient_id"], unique=False)
    op.create_index(op.f("ix_follow_ups_ticket_id"), "follow_ups", ["ticket_id"], unique=False)
    op.create_table(
        "outward_transfers",
        sa.Column("ticket_id", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("registered_at", Instant(timezone=True), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=40), nullable=True),
        sa.Column("reviewed_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_outward_transfers_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_outward_transfers")),
    )
    op.create_table(
        "patient_links",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", Instant(timezone=True), nullable=True),
        sa.Column("browser_digest", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_patient_links_ticket_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_patient_links")),
    )
    op.create_index(op.f("ix_patient_links_ticket_id"), "patient_links", ["ticket_id"], unique=False)
    op.create_table(
        "quota_debts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("repaid_at", Instant(timezone=True), nullable=True),
        sa.Column("repaid_bed_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_quota_debts_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_debts")),
    )
    op.create_index(
        op.f("ix_quota_debts_organization_id_repaid_at_at"),
        "quota_debts",
        ["organization_id", "repaid_at", "at"],
        unique=False,
    )
    op.create_table(
        "ticket_messages",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("author_id", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_messages_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_messages")),
    )
    op.create_index(op.f("ix_ticket_messages_ticket_id_at"), "ticket_messages", ["ticket_id", "at"], unique=False)

    _keep_beds_from_overlapping()


def _keep_beds_from_overlapping() -> None:
    """Let the database itself refuse two ranges of one bed that overlap."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            "ALTER TABLE bed_intervals ADD CONSTRAINT bed_intervals_overlap EXCLUDE USING gist"
            " (bed_id WITH =, tstzrange(begins_at, ends_at) WITH &&)"
        )
        return
    for word, event in (("insert", "INSERT"), ("update", "UPDATE OF bed_id, begins_at, ends_at")):
        op.execute(_TRIGGER.format(word=word, event=event))


def downgrade() -> None:
    op.drop_table("ticket_messages")
    op.drop_table("quota_debts")
    op.drop_table("patient_links")
    op.drop_table("outward_transfers")
    op.drop_table("follow_ups")
    op.drop_table("cloud_rounds")
    op.drop_table("bed_rankings")
    op.drop_table("bed_intervals")
    op.drop_table("tickets")
    op.drop_table("beds")
    op.drop_table("wards")
    op.drop_table("travel_times")
    op.drop_table("departments")
