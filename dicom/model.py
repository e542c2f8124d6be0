"""The imaging domain's words as frozen dataclasses; wire tokens are the enums' values (decisions 13)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

StudyUID = NewType("StudyUID", str)
OrderId = NewType("OrderId", str)
ReportId = NewType("ReportId", str)


class Kind(StrEnum):
    """What a centre reads."""

    ECG = "ecg"
    RADIOLOGY = "radiology"
    IMAGING = "imaging"
    LAB = "lab"


class Priority(StrEnum):
    """How soon the answer is needed."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"


class Via(StrEnum):
    """How an object came in."""

    C_STORE = "c-store"
    STOW = "stow"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent an object: the organization, and the AE title or the user that spoke for it."""

    organization_id: str
    ae_title: str | None = None
    user_id: str | None = None
    charset: str | None = None
    default_priority: Priority = Priority.ROUTINE


@dataclass(frozen=True, slots=True)
class Received:
    """A Part 10 object that lies durable in the store and waits for its index row.

    `size` counts bytes of the whole stored object, `dataset_offset` where its data set begins (after the
    meta group, PS3.10 §7.1), `digest` is SHA-256 in hex over the data set's bytes alone, so that one
    object is the same by C-STORE and by STOW-RS.
    """

    key: str
    size: int
    dataset_offset: int
    digest: str
    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    sender: Sender
    via: Via
    upload_id: str | None = None
    order_id: str | None = None
    patient_id: str | None = None
    priority: Priority | None = None


@dataclass(frozen=True, slots=True)
class PersonName:
    """A DICOM PN as shown, and what we did to read it (decisions 10).

    `value` is the decoded text with its groups and components (`Zhang^San=张^三`), `raw` the bytes as they came
    where the declared character set was not believed.
    """

    shown: str
    phonetic: str = ""
    guessed_charset: str | None = None
    raw: bytes = b""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """What the bounded header scan reads before the acknowledgement (decisions 7)."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    patient_id: str = ""
    issuer_of_patient_id: str = ""
    patient_name: PersonName = field(default_factory=lambda: PersonName(""))
    patient_birth_date: str = ""
    patient_sex: str = ""
    accession_number: str = ""
    study_id: str = ""
    study_date: str = ""
    study_time: str = ""
    study_description: str = ""
    referring_physician: str = ""
    modality: str = ""
    series_number: int | None = None
    series_description: str = ""
    body_part: str = ""
    instance_number: int | None = None
    rows: int | None = None
    columns: int | None = None
    number_of_frames: int | None = None
    has_pixels: bool = False
    declared_charset: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """A study as the hub knows it; `patient_id` is ours (matched), `dicom_*` what the objects say."""

    study_instance_uid: str
    organization_id: str
    ae_title: str | None
    patient_id: str | None
    dicom_patient_id: str
    dicom_issuer: str
    dicom_name: str
    dicom_birth_date: str
    dicom_sex: str
    name_guessed: str | None
    accession_number: str
    study_id: str
    study_date: str
    study_time: str
    description: str
    modalities: tuple[str, ...]
    body_part: str
    series_count: int
    instance_count: int
    received_at: datetime
    last_instance_at: datetime
    complete_at: datetime | None
    priority: Priority
    version: int


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person should know about an order; `level` is info, warn, machine or critical."""

    code: str
    level: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence that people can read, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Centre:
    """A reading centre of the county: which kind, which modalities, when (domain.md 0.4)."""

    id: str
    organization_id: str
    kind: Kind
    name: str
    modalities: tuple[str, ...]
    opens: str
    closes: str
    weekdays: tuple[int, ...]
    emergency_round_the_clock: bool
    phone: str
    fallback_centre_id: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A cooperation agreement: the inviter may use these services of the invitee between two dates."""

    id: str
    from_organization_id: str
    to_organization_id: str
    services: tuple[str, ...]
    valid_from: date
    valid_to: date | None
