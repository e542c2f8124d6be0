"""What a released report says, in plain values: the input of every document builder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

CHINA_STANDARD_TIME: Final = timezone(timedelta(hours=8))
"""Asia/Shanghai has had no other offset since 1991: documents show times in it."""


class ReportKind(StrEnum):
    """Which centre reported: decides titles and the name of the findings section."""

    ECG = "ecg"
    RADIOLOGY = "radiology"
    IMAGING = "imaging"


class Sex(StrEnum):
    """As registered (REST words)."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPatient:
    """The patient as the report names them.

    Attributes
    ----------
    name : str
        In full: the report belongs to the patient.
    age : str
        As it shall be printed, e.g. ``68岁``; counted at the time of the study by the caller.
    identifier : str
        Resident ID already masked (``9901**********0035``); never the full number.
    patient_id, issuer : str
        Local Patient ID and its issuer, as the DICOM objects of the study carry them.
    record_number : str
        Health record number; empty when there is none.
    """

    name: str
    sex: Sex
    age: str
    identifier: str
    patient_id: str
    issuer: str = ""
    birth_date: date | None = None
    record_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed, in which capacity, when (aware)."""

    name: str
    title: str
    organization: str
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceReference:
    """One instance that the report is about."""

    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Why this version replaces an earlier one.

    Attributes
    ----------
    replaces_version : int
        The version that stands no more; it is kept.
    kind : str
        In words, e.g. ``更正`` or ``补充``.
    replaced_sop_instance_uid : str
        The text SR of the earlier version, in this study; empty when it had none.
    replaced_series_instance_uid : str
        Its series.
    """

    replaces_version: int
    kind: str
    reason: str
    corrected_at: datetime
    replaced_sop_instance_uid: str = ""
    replaced_series_instance_uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineMeasurement:
    """A number that a machine measured, printed apart from what the physician wrote; value None prints as "—"."""

    label: str
    value: str | None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStudy:
    """The study that was read.

    Attributes
    ----------
    number : str
        Examination number as people say it (检查号).
    description, body_part, method : str
        What was done, where on the body, and how.
    performed_at : datetime or None
        Aware.
    question, history : str
        What the township asked and told.
    references : tuple of InstanceReference
        The instances read.
    """

    study_instance_uid: str
    number: str
    accession_number: str = ""
    description: str = ""
    body_part: str = ""
    method: str = ""
    modality: str = ""
    performed_at: datetime | None = None
    question: str = ""
    history: str = ""
    references: tuple[InstanceReference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How a reader checks a printed copy.

    Attributes
    ----------
    code : str
        Verification code printed in plain.
    url : str
        Public page that the QR code opens, code included; no patient data in it.
    digest : str
        Hex digest of the signed bytes, with its algorithm in front, e.g. ``sha256:9f…``.
    method : str
        How it was signed, in words (``本机密钥签名，仅证明完整性``).
    """

    code: str
    url: str
    digest: str
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDocument:
    """One version of a report.

    Attributes
    ----------
    report_id, version : str, int
        Which report, which version.
    organization, department : str
        Who reports (the name at the top of the page).
    requesting_organization, requesting_physician : str
        Who asked.
    findings, impression : str
        影像所见 or 心电所见, and 诊断意见; line breaks are kept.
    positive, critical : bool
        As the physician marked them.
    reporter, reviewer : Signature
        报告医师 and 审核医师; reviewer None only on a preliminary report.
    preliminary : bool
        临时报告: marked on every page.
    recognition : str
        Mutual-recognition mark (e.g. ``县HR``); empty for none.
    created_at : datetime
        Aware; the document's date, the same again gives the same bytes.
    """

    report_id: str
    version: int
    kind: ReportKind
    organization: str
    requesting_organization: str
    patient: ReportPatient
    study: ReportStudy
    findings: str
    impression: str
    positive: bool
    critical: bool
    reporter: Signature
    reviewer: Signature | None
    verification: Verification
    created_at: datetime
    preliminary: bool = False
    department: str = ""
    requesting_physician: str = ""
    recognition: str = ""
    correction: Correction | None = None
    measurements: tuple[MachineMeasurement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectIdentity:
    """UIDs, numbers and the moment of a new object.

    Attributes
    ----------
    series_instance_uid, sop_instance_uid : str
        New, in the study that was read.
    series_number, instance_number : int
        Numbers people see in a viewer.
    created_at : datetime
        Aware.
    """

    series_instance_uid: str
    sop_instance_uid: str
    created_at: datetime
    series_number: int = 990
    instance_number: int = 1
