"""The report as DICOM: an Encapsulated PDF and a text SR, in the study that was read."""

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from server.documents.encapsulated import encapsulated_pdf
from server.documents.errors import DocumentRefused
from server.documents.model import Correction, InstanceReference, ObjectIdentity
from server.documents.structured import text_sr
from tests.builders.report_documents import STUDY_UID, at, ecg_report

PDF = b"%PDF-1.7\n% a stand-in of odd length\n%%EOF"
IDENTITY = ObjectIdentity(
    series_instance_uid=f"{STUDY_UID}.990", sop_instance_uid=f"{STUDY_UID}.990.1", created_at=at(8, 31)
)
needs_dcmtk = pytest.mark.skipif(shutil.which("dsrdump") is None, reason="left out: DCMTK is not installed")


def read(data: bytes) -> pydicom.FileDataset:
    return pydicom.dcmread(io.BytesIO(data))


def texts(item: Dataset) -> list[tuple[str, str]]:
    found = [(item.ConceptNameCodeSequence[0].CodeMeaning, item.TextValue)] if "TextValue" in item else []
    for child in item.get("ContentSequence", []):
        found += texts(child)
    return found


@pytest.mark.parametrize("data", [encapsulated_pdf(ecg_report(), PDF, IDENTITY), text_sr(ecg_report(), IDENTITY)])
def test_it_belongs_to_the_patient_and_the_study_in_a_series_of_its_own(data: bytes) -> None:
    ds = read(data)
    assert (str(ds.PatientName), ds.PatientID, ds.IssuerOfPatientID) == ("马建国", "T01-0001", "T01")
    assert (ds.PatientBirthDate, ds.PatientSex) == ("19580312", "M")
    assert ds.SpecificCharacterSet == "ISO_IR 192"
    assert ds.StudyInstanceUID == STUDY_UID
    assert ds.SeriesInstanceUID == f"{STUDY_UID}.990"
    assert ds.SOPInstanceUID == ds.file_meta.MediaStorageSOPInstanceUID == f"{STUDY_UID}.990.1"
    assert ds.SOPClassUID == ds.file_meta.MediaStorageSOPClassUID
    assert (ds.ContentDate, ds.ContentTime, ds.TimezoneOffsetFromUTC) == ("20261102", "083100", "+0800")
    assert ds.AccessionNumber == "A0001"


def test_the_pdf_comes_out_of_its_capsule_byte_for_byte() -> None:
    ds = read(encapsulated_pdf(ecg_report(), PDF, IDENTITY))
    assert ds.SOPClassUID == "1.2.840.10008.5.1.4.1.1.104.1"
    assert ds.EncapsulatedDocument[: ds.EncapsulatedDocumentLength] == PDF
    assert ds.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert ds.DocumentTitle == "远程心电图诊断报告"
    assert ds.VerificationFlag == "VERIFIED"
    assert ds.SourceInstanceSequence[0].ReferencedSOPInstanceUID == f"{STUDY_UID}.1.1"


def test_what_is_no_pdf_is_not_encapsulated() -> None:
    with pytest.raises(DocumentRefused):
        encapsulated_pdf(ecg_report(), b"<html>", IDENTITY)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert text_sr(ecg_report(), IDENTITY) == text_sr(ecg_report(), IDENTITY)
    assert encapsulated_pdf(ecg_report(), PDF, IDENTITY) == encapsulated_pdf(ecg_report(), PDF, IDENTITY)


def test_the_text_says_what_the_physicians_wrote_and_who_they_are() -> None:
    ds = read(text_sr(ecg_report(), IDENTITY))
    assert ds.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.11"
    said = texts(ds)
    assert ("Finding", ecg_report().findings.replace("\n", "\r\n")) in said
    assert ("Impression", ecg_report().impression.replace("\n", "\r\n")) in said
    assert ("Impression", "危急值") in said
    assert ds.ConceptNameCodeSequence[0].CodeValue == "11524-6"
    assert (ds.CompletionFlag, ds.VerificationFlag, ds.PreliminaryFlag) == ("COMPLETE", "VERIFIED", "FINAL")
    (verifying,) = ds.VerifyingObserverSequence
    assert str(verifying.VerifyingObserverName) == "陈岳"
    assert verifying.VerificationDateTime == "20261102083100+0800"
    assert str(ds.AuthorObserverSequence[0].PersonName) == "王珂"


def test_the_ecg_is_its_evidence_as_a_waveform() -> None:
    ds = read(text_sr(ecg_report(), IDENTITY))
    (study,) = ds.CurrentRequestedProcedureEvidenceSequence
    assert study.StudyInstanceUID == STUDY_UID
    assert study.ReferencedSeriesSequence[0].SeriesInstanceUID == f"{STUDY_UID}.1"
    findings = next(i for i in ds.ContentSequence if i.ConceptNameCodeSequence[0].CodeValue == "121070")
    evidence = findings.ContentSequence[0].ContentSequence[0]
    assert (evidence.ValueType, evidence.RelationshipType) == ("WAVEFORM", "INFERRED FROM")


def test_images_of_several_series_are_grouped() -> None:
    references = tuple(
        InstanceReference(
            sop_class_uid="1.2.840.10008.5.1.4.1.1.2", sop_instance_uid=f"1.2.{n}.9", series_instance_uid=f"1.2.{n % 2}"
        )
        for n in range(5)
    )
    document = ecg_report(study=replace(ecg_report().study, references=references))
    (study,) = read(text_sr(document, IDENTITY)).CurrentRequestedProcedureEvidenceSequence
    assert [len(series.ReferencedSOPSequence) for series in study.ReferencedSeriesSequence] == [3, 2]


def test_a_preliminary_report_is_partial_and_unverified() -> None:
    ds = read(text_sr(ecg_report(preliminary=True, reviewer=None), IDENTITY))
    assert (ds.CompletionFlag, ds.VerificationFlag, ds.PreliminaryFlag) == ("PARTIAL", "UNVERIFIED", "PRELIMINARY")
    assert "VerifyingObserverSequence" not in ds


def test_a_corrected_version_names_its_predecessor() -> None:
    correction = Correction(
        replaces_version=1,
        kind="更正",
        reason="左右标记有误",
        corrected_at=at(9, 10),
        replaced_sop_instance_uid="1.2.3.4",
        replaced_series_instance_uid="1.2.3",
    )
    ds = read(text_sr(ecg_report(version=2, correction=correction), IDENTITY))
    series = ds.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0]
    assert series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == "1.2.3.4"
    assert any("更正：替代第 1 版" in text for _, text in texts(ds))


@pytest.mark.parametrize("name", ["A^B=C\\D", "名" * 200, " \n\t"])
def test_hostile_names_stay_one_name(name: str) -> None:
    document = ecg_report(patient=replace(ecg_report().patient, name=name, patient_id=name))
    ds = read(text_sr(document, IDENTITY))
    assert len(str(ds.PatientName)) <= 64
    assert "^" not in str(ds.PatientName)


@needs_dcmtk
@pytest.mark.peer
@pytest.mark.parametrize("preliminary", [False, True])
def test_dcmtk_reads_the_structured_report_without_complaint(tmp_path: Path, *, preliminary: bool) -> None:
    path = tmp_path / "report.dcm"
    reviewer = None if preliminary else ecg_report().reviewer
    path.write_bytes(text_sr(ecg_report(preliminary=preliminary, reviewer=reviewer), IDENTITY))
    tool = shutil.which("dsrdump")
    assert tool is not None
    done = subprocess.run([tool, "+U8", "+Pl", path], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    # DCMTK 3.6 says of every UTF-8 object that its VR checker does not know the character set; nothing else may come.
    complaints = [line for line in done.stderr.decode().splitlines() if "VR checker does not support" not in line]
    assert complaints == []
    assert "急性下壁心肌梗死" in done.stdout.decode()
