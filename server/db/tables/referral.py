"""Referral tickets with their conversation, plans at home and visits; what a ticket needs beside the beds."""

import sqlalchemy as sa

from server.db.tables.schema import Id, Instant, Json, Text, Word, table

Digest = sa.String(64)
Maybe = sa.JSON(none_as_null=True)

tickets = table(
    "tickets",
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", Word, nullable=False, unique=True),
    sa.Column("direction", Word, nullable=False),  # up, down, lateral
    sa.Column("state", Word, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # optimistic lock
    sa.Column("patient_id", Id, sa.ForeignKey("patients.id"), nullable=False),
    sa.Column("episode_id", Id, nullable=False, index=True),
    sa.Column("from_organization_id", Id, nullable=False),
    sa.Column("to_organization_id", Id, nullable=True),  # null: outside the network
    sa.Column("outside_name", Text, nullable=False),
    sa.Column("department", Word, nullable=False),
    sa.Column("level", sa.Integer, nullable=False),  # 1..4
    sa.Column("pathway", Word, nullable=True),
    sa.Column("reason_code", Word, nullable=False),
    sa.Column("diagnosis_code", Word, nullable=False),
    sa.Column("diagnosis_system", Word, nullable=False),
    sa.Column("diagnosis_name", Text, nullable=False),
    sa.Column("travel_minutes", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", Id, nullable=False),
    sa.Column("recorded_at", Instant, nullable=True),
    sa.Column("waiting_since", Instant, nullable=True),
    sa.Column("deadline_at", Instant, nullable=True),
    sa.Column("paused_at", Instant, nullable=True),
    sa.Column("paused_seconds", sa.Integer, nullable=False),
    sa.Column("info_rounds", sa.Integer, nullable=False),
    sa.Column("question", Text, nullable=False),
    sa.Column("acknowledged_at", Instant, nullable=True),
    sa.Column("acknowledged_by", Id, nullable=True),
    sa.Column("handler_id", Id, nullable=True),
    sa.Column("expected_arrival_at", Instant, nullable=True),
    sa.Column("bed_id", Id, nullable=True),
    sa.Column("hold_id", Id, nullable=True),
    sa.Column("in_bay", sa.Boolean, nullable=False),
    sa.Column("earmark", Text, nullable=False),
    sa.Column("based_on", Id, nullable=True, index=True),
    sa.Column("bounce_of", Id, nullable=True),
    sa.Column("predecessor_id", Id, nullable=True),
    sa.Column("successor_id", Id, nullable=True),
    sa.Column("cancelled_from", Word, nullable=True),
    sa.Column("reason_text", Text, nullable=False),
    sa.Column("decision_code", Word, nullable=False),
    sa.Column("unscheduled_reason", Text, nullable=False),
    sa.Column("manual_rank", sa.Integer, nullable=True),
    sa.Column("manual_reason", Text, nullable=False),
    sa.Column("rule_version", sa.Integer, nullable=False),
    # What follows is worked out from the ticket when it is stored, so that a list need not open it.
    sa.Column("live_key", Text, nullable=True, unique=True),  # patient, direction, department while one is on its way
    sa.Column("due_at", Instant, nullable=False),  # deadline_at, or far away
    sa.Column("accepted_at", Instant, nullable=True),  # from then on the receiver reads the record
    sa.Column("ended_at", Instant, nullable=True),  # null while anything can still happen
    # The long ones stand last: SQLite reads a row up to the column that is asked for.
    sa.Column("needs", Json, nullable=False),
    sa.Column("package", Json, nullable=False),
    sa.Column("plan", Maybe, nullable=True),
    sa.Column("outcome", Maybe, nullable=True),
    sa.Column("timeline", Json, nullable=False),  # state -> when it was first reached
    sa.Index(None, "patient_id", "to_organization_id"),
)
_LIVE, _ENDED = tickets.c.ended_at.is_(None), tickets.c.ended_at.is_not(None)
sa.Index(  # what the counters of a board look at, so that they need not read whole rows
    "ix_tickets_board",
    tickets.c.to_organization_id, tickets.c.from_organization_id, tickets.c.state, tickets.c.direction,
    tickets.c.level, tickets.c.acknowledged_at, tickets.c.due_at, tickets.c.waiting_since, tickets.c.patient_id,
    tickets.c.id,
    sqlite_where=_LIVE, postgresql_where=_LIVE,
)  # fmt: skip
for _side in ("to", "from"):
    _organization = tickets.c[f"{_side}_organization_id"]
    sa.Index(
        f"ix_tickets_live_{_side}",
        _organization, tickets.c.due_at, tickets.c.id,
        sqlite_where=_LIVE, postgresql_where=_LIVE,
    )  # fmt: skip
    sa.Index(
        f"ix_tickets_ended_{_side}",
        _organization, tickets.c.ended_at, tickets.c.id,
        sqlite_where=_ENDED, postgresql_where=_ENDED,
    )  # fmt: skip

ticket_messages = table(
    "ticket_messages",
    sa.Column("id", Id, primary_key=True),
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("organization_id", Id, nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.Index(None, "ticket_id", "at"),
)

bed_rankings = table(
    "bed_rankings",
    sa.Column("id", Id, primary_key=True),
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("bed_id", Id, nullable=True),
    sa.Column("zh", Text, nullable=False),
    sa.Column("en", Text, nullable=False),
    sa.Column("inputs", Json, nullable=False),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Index(None, "ticket_id", "at"),
)

outward_transfers = table(
    "outward_transfers",  # 外转登记: who goes beyond the county, and who looked at it
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column("cause", Text, nullable=False),
    sa.Column("registered_at", Instant, nullable=False),
    sa.Column("approved", sa.Boolean, nullable=True),  # null until somebody reviewed it
    sa.Column("reason", Text, nullable=False),
    sa.Column("reviewed_by", Id, nullable=True),
    sa.Column("reviewed_at", Instant, nullable=True),
)

patient_links = table(
    "patient_links",
    sa.Column("token_digest", Digest, primary_key=True),  # of the token; the token itself is on paper alone
    sa.Column("kind", Word, nullable=False),  # card, outcome; consult
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), nullable=True, index=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", Id, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant, nullable=True),
    sa.Column("browser_digest", Digest, nullable=True),  # of the cookie of the browser that opened it first
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("consult_id", Id, sa.ForeignKey("consults.id"), nullable=True, index=True),  # where no ticket is
)

cloud_rounds = table(
    "cloud_rounds",
    sa.Column("id", Id, primary_key=True),
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("note", Text, nullable=False),
    sa.Column("vitals", Json, nullable=False),
    sa.Column("orders", Text, nullable=False),
    sa.Column("hospital_signed_by", Id, nullable=True),
    sa.Column("township_signed_by", Id, nullable=True),
    sa.Index(None, "ticket_id", "at"),
)

follow_ups = table(
    "follow_ups",
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", Word, nullable=False),  # call, visit, ecg, review
    sa.Column("state", Word, nullable=False),  # open, done, ended: as the other columns say
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("patient_id", Id, sa.ForeignKey("patients.id"), nullable=False, index=True),
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), nullable=True, index=True),
    sa.Column("organization_id", Id, nullable=False),
    sa.Column("tier", Word, nullable=False),
    sa.Column("zh", Text, nullable=False),
    sa.Column("en", Text, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant, nullable=True),
    sa.Column("done_by", Id, nullable=True),
    sa.Column("ended_at", Instant, nullable=True),
    sa.Column("form", Maybe, nullable=True),
    sa.Column("assessment", Maybe, nullable=True),
    sa.Index(None, "organization_id", "state", "due_at", "id"),
)

travel_times = table(
    "travel_times",  # by road, one row for both ways
    sa.Column("from_organization_id", Id, sa.ForeignKey("organizations.id"), primary_key=True),
    sa.Column("to_organization_id", Id, sa.ForeignKey("organizations.id"), primary_key=True),
    sa.Column("minutes", sa.Integer, nullable=False),
)
