"""Studies, series, instances, what was set aside, uploads; reading orders, reports, their versions and signatures."""

import sqlalchemy as sa

from server.db.tables.schema import Id, Instant, Json, Text, Uid, Word, table

studies = table(
    "studies",
    sa.Column("study_instance_uid", Uid, primary_key=True),
    sa.Column("organization_id", Id, nullable=False, index=True),
    sa.Column("ae_title", sa.String(16), nullable=True),
    sa.Column("patient_id", Id, sa.ForeignKey("patients.id"), nullable=True, index=True),
    sa.Column("dicom_patient_id", Text, nullable=False),  # as the object says; encrypted when it is a resident ID
    sa.Column("dicom_patient_index", sa.String(64), nullable=True, index=True),
    sa.Column("dicom_issuer", Text, nullable=False),
    sa.Column("dicom_name", Text, nullable=False),
    sa.Column("dicom_name_key", Text, nullable=False),  # folded for search: pinyin, lower case
    sa.Column("dicom_birth_date", sa.String(8), nullable=False),
    sa.Column("dicom_sex", sa.String(16), nullable=False),
    sa.Column("name_guessed", Word, nullable=True),
    sa.Column("accession_number", Text, nullable=False),
    sa.Column("study_id", Text, nullable=False),
    sa.Column("study_date", sa.String(8), nullable=False),
    sa.Column("study_time", sa.String(16), nullable=False),
    sa.Column("description", Text, nullable=False),
    sa.Column("referring_physician", Text, nullable=False, default=""),
    sa.Column("modalities", Json, nullable=False),
    sa.Column("body_part", Text, nullable=False, default=""),
    sa.Column("series_count", sa.Integer, nullable=False),
    sa.Column("instance_count", sa.Integer, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("last_instance_at", Instant, nullable=False),
    sa.Column("complete_at", Instant, nullable=True),
    sa.Column("priority", Word, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "study_date", "study_instance_uid"),
    sa.Index(None, "accession_number"),
    sa.Index(None, "dicom_name_key"),
)

series = table(
    "series",
    sa.Column("series_instance_uid", Uid, primary_key=True),
    sa.Column("study_instance_uid", Uid, sa.ForeignKey("studies.study_instance_uid"), nullable=False, index=True),
    sa.Column("modality", sa.String(16), nullable=False),
    sa.Column("number", sa.Integer, nullable=True),
    sa.Column("description", Text, nullable=False),
    sa.Column("body_part", Text, nullable=False),
    sa.Column("instance_count", sa.Integer, nullable=False),
)

instances = table(
    "instances",
    sa.Column("sop_instance_uid", Uid, primary_key=True),
    sa.Column("study_instance_uid", Uid, sa.ForeignKey("studies.study_instance_uid"), nullable=False),
    sa.Column("series_instance_uid", Uid, sa.ForeignKey("series.series_instance_uid"), nullable=False, index=True),
    sa.Column("organization_id", Id, nullable=False),  # who sent this instance
    sa.Column("sop_class_uid", Uid, nullable=False),
    sa.Column("transfer_syntax_uid", Uid, nullable=False),
    sa.Column("number", sa.Integer, nullable=True),
    sa.Column("rows", sa.Integer, nullable=True),
    sa.Column("columns", sa.Integer, nullable=True),
    sa.Column("frames", sa.Integer, nullable=True),
    sa.Column("has_pixels", sa.Boolean, nullable=False, default=False),
    sa.Column("store_key", Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("dataset_offset", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("via", Word, nullable=False),
    sa.Column("sent_by", Id, nullable=True),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("duplicates", sa.Integer, nullable=False, default=0),
    sa.Column("walk", Word, nullable=True),  # null until the decode child has walked it: ok, warning
    sa.Column("walk_note", Text, nullable=True),
    sa.Index(None, "study_instance_uid", "series_instance_uid", "number"),
)
sa.Index(
    "ix_instances_unwalked",
    instances.c.received_at,
    sqlite_where=instances.c.walk.is_(None),
    postgresql_where=instances.c.walk.is_(None),
)

second_senders = table(  # of an instance that another organization had sent before, byte for byte (decisions 9)
    "second_senders",
    sa.Column("sop_instance_uid", Uid, sa.ForeignKey("instances.sop_instance_uid"), primary_key=True),
    sa.Column("organization_id", Id, primary_key=True),
    sa.Column("study_instance_uid", Uid, sa.ForeignKey("studies.study_instance_uid"), nullable=False, index=True),
    sa.Column("received_at", Instant, nullable=False),
)

set_aside = table(
    "set_aside",
    sa.Column("id", Id, primary_key=True),
    sa.Column("reason", Word, nullable=False),
    sa.Column("note", Text, nullable=False),
    sa.Column("organization_id", Id, nullable=False, index=True),
    sa.Column("sop_instance_uid", Text, nullable=True),
    sa.Column("study_instance_uid", Text, nullable=True),
    sa.Column("store_key", Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("via", Word, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("resolved_at", Instant, nullable=True),
    sa.Column("resolved_by", Id, nullable=True),
    sa.Column("resolution", Text, nullable=True),
    sa.UniqueConstraint("digest", "reason", "organization_id"),
)

uploads = table(
    "uploads",
    sa.Column("id", Id, primary_key=True),
    sa.Column("user_id", Id, nullable=False, index=True),
    sa.Column("organization_id", Id, nullable=False),
    sa.Column("patient_id", Id, nullable=True),
    sa.Column("order_id", Id, nullable=True),
    sa.Column("priority", Word, nullable=True),
    sa.Column("filename", Text, nullable=False),
    sa.Column("length", sa.BigInteger, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False, default=0),
    sa.Column("state", Word, nullable=False),  # receiving, processing, done, failed
    sa.Column("results", Json, nullable=False),  # [{file, outcome, code?, sop_instance_uid?}]
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, default=1),
)

reading_orders = table(
    "reading_orders",
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", Word, nullable=False, unique=True),
    sa.Column("kind", Word, nullable=False),
    sa.Column("state", Word, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("priority", Word, nullable=False),
    sa.Column("organization_id", Id, nullable=False, index=True),
    sa.Column("centre_id", Id, nullable=True),
    sa.Column("centre_organization_id", Id, nullable=True, index=True),
    sa.Column("patient_id", Id, nullable=True, index=True),
    sa.Column("study_uid", Uid, nullable=True, unique=True),
    sa.Column("accession", Text, nullable=False, default=""),
    sa.Column("question", Text, nullable=False, default=""),
    sa.Column("history", Text, nullable=False, default=""),
    sa.Column("expected_instances", sa.Integer, nullable=True),
    sa.Column("unrequested", sa.Boolean, nullable=False, default=False),
    sa.Column("requested_by", Id, nullable=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("complete_at", Instant, nullable=True),
    sa.Column("due_at", Instant, nullable=True),
    sa.Column("limit_minutes", sa.Integer, nullable=True),
    sa.Column("paused_at", Instant, nullable=True),
    sa.Column("paused_seconds", sa.Integer, nullable=False, default=0),
    sa.Column("claimed_by", Id, nullable=True),
    sa.Column("claimed_at", Instant, nullable=True),
    sa.Column("claim_expires_at", Instant, nullable=True),
    sa.Column("reader_id", Id, nullable=True),  # who signed, so that a report sent back finds its reader
    sa.Column("cancelled_from", Word, nullable=True),
    sa.Column("return_code", Word, nullable=True),
    sa.Column("return_reason", Text, nullable=False, default=""),
    sa.Column("route_zh", Text, nullable=False, default=""),
    sa.Column("route_en", Text, nullable=False, default=""),
    sa.Column("rule_version", sa.Integer, nullable=True),
    sa.Column("fee_waiver", Text, nullable=False, default=""),
    sa.Column("flags", Json, nullable=False),
    sa.Column("final_at", Instant, nullable=True),
    sa.Index(None, "centre_id", "state", "due_at"),
)

reports = table(
    "reports",
    sa.Column("id", Id, primary_key=True),
    sa.Column("order_id", Id, sa.ForeignKey("reading_orders.id"), nullable=False, index=True),
    sa.Column("number", Word, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),  # 1, then one more for each amendment
    sa.Column("state", Word, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # optimistic lock
    sa.Column("findings", Text, nullable=False, default=""),
    sa.Column("impression", Text, nullable=False, default=""),
    sa.Column("positive", sa.Boolean, nullable=False, default=False),
    sa.Column("critical", sa.Boolean, nullable=False, default=False),
    sa.Column("amend_kind", Word, nullable=True),
    sa.Column("amend_reason", Text, nullable=True),
    sa.Column("author_id", Id, nullable=True),
    sa.Column("signed_at", Instant, nullable=True),
    sa.Column("verifier_id", Id, nullable=True),
    sa.Column("released_at", Instant, nullable=True),
    sa.Column("body", Text, nullable=True),  # the signed bytes, canonical JSON
    sa.Column("digest", sa.String(64), nullable=True),
    sa.Column("sent_back_reason", Text, nullable=True),
    sa.Column("verification_code", Word, nullable=True, unique=True),
    sa.Column("pdf_key", Text, nullable=True),
    sa.Column("pdf_digest", sa.String(64), nullable=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.UniqueConstraint("order_id", "edition"),
)

signatures = table(
    "signatures",
    sa.Column("id", Id, primary_key=True),
    sa.Column("report_id", Id, sa.ForeignKey("reports.id"), nullable=False, index=True),
    sa.Column("user_id", Id, nullable=False),
    sa.Column("role", Word, nullable=False),  # author, reviewer
    sa.Column("method", Word, nullable=False),  # password, otp
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("voided_at", Instant, nullable=True),
)

report_reads = table(
    "report_reads",
    sa.Column("report_id", Id, sa.ForeignKey("reports.id"), primary_key=True),
    sa.Column("user_id", Id, primary_key=True),
    sa.Column("organization_id", Id, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("receipt", sa.Boolean, nullable=False, default=False),
)

deliveries = table(
    "deliveries",
    sa.Column("id", Id, primary_key=True),
    sa.Column("report_id", Id, sa.ForeignKey("reports.id"), nullable=False),
    sa.Column("ae_title", sa.String(16), nullable=False),
    sa.Column("document", Word, nullable=False),  # encapsulated-pdf, structured-report
    sa.Column("sop_instance_uid", Uid, nullable=False),
    sa.Column("state", Word, nullable=False),  # due, sent, failed
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("error", Text, nullable=True),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("report_id", "ae_title", "document"),
)
