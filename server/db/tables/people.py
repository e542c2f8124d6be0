"""Organizations, centres, AE titles, agreements, users, memberships, sessions, grants."""

import sqlalchemy as sa

from server.db.tables.schema import Id, Instant, Json, Text, Word, table

organizations = table(
    "organizations",
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("kind", Word, nullable=False),  # village township county higher bureau
    sa.Column("division", Word, nullable=False),
    sa.Column("parent_id", Id, nullable=True),
    sa.Column("record_area", sa.String(12), nullable=False, default=""),  # what its record numbers begin with
    sa.Column("phone", Text, nullable=False, default=""),
    sa.Column("beds", sa.Integer, nullable=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("closed_at", Instant, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, default=1),
)

centres = table(
    "centres",
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
    sa.Column("kind", Word, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("modalities", Json, nullable=False),
    sa.Column("opens", sa.String(5), nullable=False),
    sa.Column("closes", sa.String(5), nullable=False),
    sa.Column("weekdays", Json, nullable=False),
    sa.Column("emergency_round_the_clock", sa.Boolean, nullable=False),
    sa.Column("phone", Text, nullable=False, default=""),
    sa.Column("fallback_centre_id", Id, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, default=1),
)

ae_titles = table(
    "ae_titles",
    sa.Column("ae_title", sa.String(16), primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
    sa.Column("description", Text, nullable=False, default=""),
    sa.Column("charset", Word, nullable=True),
    sa.Column("default_priority", Word, nullable=False, default="routine"),
    sa.Column("addresses", Json, nullable=False),  # networks it may call from; empty = any
    sa.Column("host", Text, nullable=True),  # where reports are sent back by C-STORE
    sa.Column("port", sa.Integer, nullable=True),
    sa.Column("last_seen_at", Instant, nullable=True),
    sa.Column("disabled_at", Instant, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, default=1),
)

agreements = table(
    "agreements",
    sa.Column("id", Id, primary_key=True),
    sa.Column("from_organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
    sa.Column("to_organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
    sa.Column("services", Json, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, default=1),
)

users = table(
    "users",
    sa.Column("id", Id, primary_key=True),
    sa.Column("username", sa.String(64), nullable=False, unique=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("title", Word, nullable=False, default=""),
    sa.Column("phone", Text, nullable=False, default=""),
    sa.Column("password_hash", Text, nullable=False),
    sa.Column("otp_secret", Text, nullable=True),  # encrypted
    sa.Column("otp_last_step", sa.Integer, nullable=True),
    sa.Column("disabled_at", Instant, nullable=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, default=1),
)

sign_in_attempts = table(
    "sign_in_attempts",  # for known and unknown names alike, so that a lock tells nobody who exists
    sa.Column("name_index", sa.String(64), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("locked_until", Instant, nullable=True),
)

memberships = table(
    "memberships",
    sa.Column("user_id", Id, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), primary_key=True),
    sa.Column("role", Word, primary_key=True),
    sa.Column("centre_id", Id, primary_key=True, default=""),
)

sessions = table(
    "sessions",
    sa.Column("id", Id, primary_key=True),
    sa.Column("token_digest", sa.String(64), nullable=False, unique=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("csrf", Word, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("ended_at", Instant, nullable=True),
)

access_grants = table(
    "access_grants",
    sa.Column("id", Id, primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("organization_id", Id, nullable=False),
    sa.Column("patient_id", Id, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("granted_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("reviewed_at", Instant, nullable=True),
    sa.Column("reviewed_by", Id, nullable=True),
    sa.Column("review", Text, nullable=True),
    sa.Index(None, "patient_id", "user_id"),
)

patients = table(
    "patients",
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False, index=True),
    sa.Column("record_number", sa.String(17), nullable=True, unique=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("pinyin", Text, nullable=False),  # every reading, space-separated, lower case
    sa.Column("initials", Text, nullable=False),
    sa.Column("sex", Word, nullable=False),
    sa.Column("birth_date", sa.Date, nullable=True),
    sa.Column("phone", Text, nullable=True),  # encrypted
    sa.Column("phone_index", sa.String(64), nullable=True, index=True),
    sa.Column("address", Text, nullable=True),  # encrypted
    sa.Column("allergies", Text, nullable=False, default=""),
    sa.Column("provisional", sa.Boolean, nullable=False, default=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", Id, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Index(None, "pinyin"),
    sa.Index(None, "initials"),
    sa.Index(None, "name"),
)

patient_identifiers = table(
    "patient_identifiers",
    sa.Column("id", Id, primary_key=True),
    sa.Column("patient_id", Id, sa.ForeignKey("patients.id"), nullable=False, index=True),
    sa.Column("system", Word, nullable=False),
    sa.Column("issuer", Word, nullable=False, default=""),
    sa.Column("value", Text, nullable=False),  # encrypted
    sa.Column("value_index", sa.String(64), nullable=False),  # blind index
    sa.Column("tail_index", sa.String(64), nullable=True, index=True),  # blind index of the last four
    sa.Column("created_at", Instant, nullable=False),
    sa.UniqueConstraint("system", "issuer", "value_index"),
)

assistance = table(
    "assistance",
    sa.Column("id", Id, primary_key=True),
    sa.Column("patient_id", Id, sa.ForeignKey("patients.id"), nullable=False, index=True),
    sa.Column("category", Word, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=True),
)

assistance_categories = table(
    "assistance_categories",
    sa.Column("code", Word, primary_key=True),
    sa.Column("zh", Text, nullable=False),
    sa.Column("en", Text, nullable=False),
    sa.Column("bed_priority", sa.Boolean, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=True),
)
