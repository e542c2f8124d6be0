"""What every DICOM object that we make of a report shares: patient, study, equipment, codes, Part 10 bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence as ItemSequence
from pydicom.uid import UID, ExplicitVRLittleEndian

from server.documents.model import (
    CHINA_STANDARD_TIME,
    InstanceReference,
    ObjectIdentity,
    ReportDocument,
    ReportKind,
    ReportStudy,
    Sex,
)

CHARACTER_SET: Final = "ISO_IR 192"
MANUFACTURER: Final = "Lutong"

_SEXES: Final = {Sex.MALE: "M", Sex.FEMALE: "F", Sex.UNKNOWN: "O"}
_DOCUMENT_CODES: Final = {
    ReportKind.ECG: ("11524-6", "LN", "EKG study"),
    ReportKind.RADIOLOGY: ("18748-4", "LN", "Diagnostic imaging report"),
    ReportKind.IMAGING: ("18748-4", "LN", "Diagnostic imaging report"),
}
DOCUMENT_TITLES: Final = {
    ReportKind.ECG: "远程心电图诊断报告",
    ReportKind.RADIOLOGY: "远程放射诊断报告",
    ReportKind.IMAGING: "远程影像诊断报告",
}
# Delimiters of Person Name and of multiple values (PS3.5 6.2), as their full-width twins.
_NAME_ESCAPES: Final = str.maketrans({"^": "＾", "=": "＝", "\\": "＼"})


def new_object(document: ReportDocument, identity: ObjectIdentity, sop_class_uid: str, modality: str) -> FileDataset:
    """Return a dataset with patient, study, series, equipment and SOP common modules (PS3.3 C.7, C.12)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(sop_class_uid)
    meta.MediaStorageSOPInstanceUID = UID(identity.sop_instance_uid)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SpecificCharacterSet = CHARACTER_SET
    ds.SOPClassUID = UID(sop_class_uid)
    ds.SOPInstanceUID = UID(identity.sop_instance_uid)
    ds.Modality = modality
    ds.SeriesInstanceUID = identity.series_instance_uid
    ds.SeriesNumber = identity.series_number
    ds.InstanceNumber = identity.instance_number
    ds.SeriesDescription = short(DOCUMENT_TITLES[document.kind], 64)
    ds.Manufacturer = MANUFACTURER
    ds.InstitutionName = short(document.organization, 64)
    ds.InstanceCreationDate, ds.InstanceCreationTime = date_and_time(identity.created_at)
    ds.ContentDate, ds.ContentTime = ds.InstanceCreationDate, ds.InstanceCreationTime
    ds.TimezoneOffsetFromUTC = identity.created_at.astimezone(CHINA_STANDARD_TIME).strftime("%z")
    _identify(ds, document)
    return ds


def _identify(ds: Dataset, document: ReportDocument) -> None:
    patient, study = document.patient, document.study
    ds.PatientName = person_name(patient.name)
    ds.PatientID = short(patient.patient_id, 64)
    if patient.issuer:
        ds.IssuerOfPatientID = short(patient.issuer, 64)
    ds.PatientBirthDate = patient.birth_date.strftime("%Y%m%d") if patient.birth_date else ""
    ds.PatientSex = _SEXES[patient.sex]
    ds.StudyInstanceUID = study.study_instance_uid
    ds.StudyDate, ds.StudyTime = date_and_time(study.performed_at) if study.performed_at else ("", "")
    ds.StudyID = short(study.number, 16)
    ds.AccessionNumber = short(study.accession_number, 16)
    ds.StudyDescription = short(study.description, 64)
    ds.ReferringPhysicianName = person_name(document.requesting_physician)


def person_name(name: str) -> str:
    """Return a name as one component of one group; a Chinese name is not split (PS3.5 6.2.1.2)."""
    return short(name.translate(_NAME_ESCAPES), 64)


def short(text: str, longest: int) -> str:
    """Return a text for LO or SH: one value, one line, no longer than the VR allows."""
    return " ".join(text.replace("\\", "＼").split())[:longest]


def plain(text: str) -> str:
    """Return a text for UT or ST: line breaks as CR LF (PS3.5 6.1.3), no other control characters."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\r\n".join("".join(c for c in line if c.isprintable() or c == "\t") for line in lines)


def date_and_time(at: datetime) -> tuple[str, str]:
    """Return DA and TM in the zone that Timezone Offset From UTC names."""
    local = at.astimezone(CHINA_STANDARD_TIME)
    return local.strftime("%Y%m%d"), local.strftime("%H%M%S")


def date_time(at: datetime) -> str:
    """Return DT with its offset."""
    return at.astimezone(CHINA_STANDARD_TIME).strftime("%Y%m%d%H%M%S%z")


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """Return one item of a code sequence (PS3.3 8.8)."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def document_code(kind: ReportKind) -> Dataset:
    """Return the LOINC document type of a report (PS3.16 CID 7000)."""
    return code(*_DOCUMENT_CODES[kind])


def referenced(sop_class_uid: str, sop_instance_uid: str) -> Dataset:
    """Return a SOP Instance Reference (PS3.3 10.8)."""
    item = Dataset()
    item.ReferencedSOPClassUID = sop_class_uid
    item.ReferencedSOPInstanceUID = sop_instance_uid
    return item


def hierarchical(study_instance_uid: str, references: Sequence[InstanceReference]) -> ItemSequence:
    """Return a hierarchical SOP Instance Reference of one study (PS3.3 C.17.2.1)."""
    by_series: dict[str, list[Dataset]] = {}
    for reference in references:
        item = referenced(reference.sop_class_uid, reference.sop_instance_uid)
        by_series.setdefault(reference.series_instance_uid, []).append(item)
    study = Dataset()
    study.StudyInstanceUID = study_instance_uid
    study.ReferencedSeriesSequence = ItemSequence([_series(uid, items) for uid, items in by_series.items()])
    return ItemSequence([study])


def _series(series_instance_uid: str, items: Sequence[Dataset]) -> Dataset:
    series = Dataset()
    series.SeriesInstanceUID = series_instance_uid
    series.ReferencedSOPSequence = ItemSequence(items)
    return series


def referenced_request(study: ReportStudy) -> ItemSequence:
    """Return what was asked (PS3.3 C.17.2, Referenced Request Sequence)."""
    item = Dataset()
    item.StudyInstanceUID = study.study_instance_uid
    item.ReferencedStudySequence = ItemSequence([])
    item.AccessionNumber = short(study.accession_number, 16)
    item.PlacerOrderNumberImagingServiceRequest = ""
    item.FillerOrderNumberImagingServiceRequest = short(study.number, 64)
    item.RequestedProcedureID = short(study.number, 16)
    item.RequestedProcedureDescription = short(study.description, 64)
    item.RequestedProcedureCodeSequence = ItemSequence([])
    return ItemSequence([item])


def part10(ds: FileDataset) -> bytes:
    """Return the bytes of the Part 10 file."""
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()
