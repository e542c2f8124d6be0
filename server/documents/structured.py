"""The report as a text SR: Basic Text SR after TID 2000, for workstations that show no PDF (PS3.3 A.35.1).

Written by hand rather than with a library: references to ECG waveforms and to images of which we hold no dataset are
the ordinary case here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as ItemSequence

from server.documents.dicom_header import (
    code,
    date_time,
    document_code,
    hierarchical,
    new_object,
    part10,
    person_name,
    plain,
    referenced,
    referenced_request,
    short,
)
from server.documents.model import InstanceReference, ObjectIdentity, ReportDocument, Signature

BASIC_TEXT_SR: Final = "1.2.840.10008.5.1.4.1.1.88.11"

# PS3.16 CID 7001 (headings) and CID 7002 (elements).
_FINDINGS: Final = ("121070", "DCM", "Findings")
_FINDING: Final = ("121071", "DCM", "Finding")
_IMPRESSIONS: Final = ("121072", "DCM", "Impressions")
_IMPRESSION: Final = ("121073", "DCM", "Impression")
_HISTORY: Final = ("121060", "DCM", "History")
_PROCEDURES: Final = ("121064", "DCM", "Current Procedure Descriptions")
_PROCEDURE: Final = ("121065", "DCM", "Procedure Description")

_WAVEFORMS: Final = "1.2.840.10008.5.1.4.1.1.9."
_NEITHER_IMAGE_NOR_WAVEFORM: Final = (
    "1.2.840.10008.5.1.4.1.1.11.",
    "1.2.840.10008.5.1.4.1.1.66",
    "1.2.840.10008.5.1.4.1.1.88.",
    "1.2.840.10008.5.1.4.1.1.104.",
)


def text_sr(document: ReportDocument, identity: ObjectIdentity) -> bytes:
    """Return the Part 10 file of a Basic Text SR.

    A report that was reviewed and is not preliminary is COMPLETE and VERIFIED, the reviewer being the verifying
    observer; any other is PARTIAL or unverified as it stands. A corrected version names its predecessor.

    Parameters
    ----------
    document : ReportDocument
        The report and what it is about.
    identity : ObjectIdentity
        UIDs of the new series and instance, and their time.
    """
    ds = new_object(document, identity, BASIC_TEXT_SR, "SR")
    verified = document.reviewer is not None and not document.preliminary
    ds.ReferencedPerformedProcedureStepSequence = ItemSequence([])
    ds.PerformedProcedureCodeSequence = ItemSequence([])
    ds.CompletionFlag = "PARTIAL" if document.preliminary else "COMPLETE"
    ds.PreliminaryFlag = "PRELIMINARY" if document.preliminary else "FINAL"
    ds.VerificationFlag = "VERIFIED" if verified else "UNVERIFIED"
    if document.reviewer is not None and verified:
        ds.VerifyingObserverSequence = ItemSequence([_verifying(document.reviewer)])
    ds.AuthorObserverSequence = ItemSequence([_author(document.reporter)])
    ds.ReferencedRequestSequence = referenced_request(document.study)
    _relate(ds, document)
    ds.ValueType = "CONTAINER"
    ds.ConceptNameCodeSequence = ItemSequence([document_code(document.kind)])
    ds.ContinuityOfContent = "SEPARATE"
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "2000"
    ds.ContentTemplateSequence = ItemSequence([template])
    ds.ContentSequence = ItemSequence(list(_content(document)))
    return part10(ds)


def _relate(ds: Dataset, document: ReportDocument) -> None:
    study, correction = document.study, document.correction
    if study.references:
        ds.CurrentRequestedProcedureEvidenceSequence = hierarchical(study.study_instance_uid, study.references)
    if correction is not None and correction.replaced_sop_instance_uid:
        predecessor = InstanceReference(
            sop_class_uid=BASIC_TEXT_SR,
            sop_instance_uid=correction.replaced_sop_instance_uid,
            series_instance_uid=correction.replaced_series_instance_uid,
        )
        ds.PredecessorDocumentsSequence = hierarchical(study.study_instance_uid, [predecessor])


def _verifying(signature: Signature) -> Dataset:
    item = Dataset()
    item.VerifyingObserverName = person_name(signature.name)
    item.VerifyingObserverIdentificationCodeSequence = ItemSequence([])
    item.VerifyingOrganization = short(signature.organization, 64)
    item.VerificationDateTime = date_time(signature.signed_at)
    return item


def _author(signature: Signature) -> Dataset:
    item = Dataset()
    item.ObserverType = "PSN"
    item.PersonName = person_name(signature.name)
    item.InstitutionName = short(signature.organization, 64)
    item.InstitutionCodeSequence = ItemSequence([])
    item.PersonIdentificationCodeSequence = ItemSequence([])
    return item


def _content(document: ReportDocument) -> Iterator[Dataset]:
    """Yield the children of the root in the order of TID 2000."""
    language = _item("HAS CONCEPT MOD", "CODE", ("121049", "DCM", "Language of Content Item and Descendants"))
    language.ConceptCodeSequence = ItemSequence([code("zh-CN", "RFC5646", "Chinese (China)")])
    yield language
    yield from _observer(document.reporter)
    if document.study.question or document.study.history:
        asked = "\n".join(part for part in (document.study.history, document.study.question) if part)
        yield _section(_HISTORY, [_text(_HISTORY, asked)])
    if document.study.method:
        yield _section(_PROCEDURES, [_text(_PROCEDURE, document.study.method)])
    finding = _text(_FINDING, document.findings)
    if document.study.references:
        finding.ContentSequence = ItemSequence([_evidence(reference) for reference in document.study.references])
    yield _section(_FINDINGS, [finding])
    yield _section(_IMPRESSIONS, [_text(_IMPRESSION, document.impression), *_marks(document)])


def _observer(signature: Signature) -> Iterator[Dataset]:
    """Yield the observation context of the reporting physician (PS3.16 TID 1002, 1003)."""
    kind = _item("HAS OBS CONTEXT", "CODE", ("121005", "DCM", "Observer Type"))
    kind.ConceptCodeSequence = ItemSequence([code("121006", "DCM", "Person")])
    yield kind
    name = _item("HAS OBS CONTEXT", "PNAME", ("121008", "DCM", "Person Observer Name"))
    name.PersonName = person_name(signature.name)
    yield name
    where = _item("HAS OBS CONTEXT", "TEXT", ("121009", "DCM", "Person Observer's Organization Name"))
    where.TextValue = plain(signature.organization)
    yield where


def _marks(document: ReportDocument) -> Iterator[Dataset]:
    if document.critical:
        yield _text(_IMPRESSION, "危急值")
    yield _text(_IMPRESSION, "阳性" if document.positive else "阴性")
    if document.correction is not None:
        correction = document.correction
        yield _text(
            _IMPRESSION, f"{correction.kind}：替代第 {correction.replaces_version} 版。原因：{correction.reason}"
        )


def _section(name: tuple[str, str, str], children: Sequence[Dataset]) -> Dataset:
    item = _item("CONTAINS", "CONTAINER", name)
    item.ContinuityOfContent = "SEPARATE"
    item.ContentSequence = ItemSequence(children)
    return item


def _text(name: tuple[str, str, str], value: str) -> Dataset:
    item = _item("CONTAINS", "TEXT", name)
    # Text Value is type 1: an empty section still says that it is empty.
    item.TextValue = plain(value) or "—"
    return item


def _evidence(reference: InstanceReference) -> Dataset:
    """Return the image, waveform or other composite object that a finding was read from."""
    item = Dataset()
    item.RelationshipType = "INFERRED FROM"
    item.ValueType = _value_type(reference.sop_class_uid)
    item.ReferencedSOPSequence = ItemSequence([referenced(reference.sop_class_uid, reference.sop_instance_uid)])
    return item


def _value_type(sop_class_uid: str) -> str:
    if sop_class_uid.startswith(_WAVEFORMS):
        return "WAVEFORM"
    return "COMPOSITE" if sop_class_uid.startswith(_NEITHER_IMAGE_NOR_WAVEFORM) else "IMAGE"


def _item(relationship: str, value_type: str, name: tuple[str, str, str]) -> Dataset:
    item = Dataset()
    item.RelationshipType = relationship
    item.ValueType = value_type
    item.ConceptNameCodeSequence = ItemSequence([code(*name)])
    return item
