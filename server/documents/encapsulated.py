"""The report's PDF as a DICOM Encapsulated PDF in the study that was read (PS3.3 A.45.1)."""

from __future__ import annotations

from typing import Final

from pydicom.sequence import Sequence as ItemSequence

from server.documents.dicom_header import (
    DOCUMENT_TITLES,
    document_code,
    new_object,
    part10,
    referenced,
)
from server.documents.errors import DocumentRefused
from server.documents.model import ObjectIdentity, ReportDocument

ENCAPSULATED_PDF: Final = "1.2.840.10008.5.1.4.1.1.104.1"


def encapsulated_pdf(document: ReportDocument, pdf: bytes, identity: ObjectIdentity) -> bytes:
    """Return the Part 10 file of an Encapsulated PDF.

    Parameters
    ----------
    document : ReportDocument
        The report; its study and references say what the PDF is about.
    pdf : bytes
        The rendered report.
    identity : ObjectIdentity
        UIDs of the new series and instance, and their time.

    Raises
    ------
    DocumentRefused
        `pdf` is no PDF.
    """
    if not pdf.startswith(b"%PDF-"):
        raise DocumentRefused("not a PDF")
    ds = new_object(document, identity, ENCAPSULATED_PDF, "DOC")
    ds.ConversionType = "WSD"
    ds.BurnedInAnnotation = "YES"
    ds.RecognizableVisualFeatures = "NO"
    ds.AcquisitionDateTime = ""
    ds.DocumentTitle = DOCUMENT_TITLES[document.kind]
    ds.ConceptNameCodeSequence = ItemSequence([document_code(document.kind)])
    ds.VerificationFlag = "VERIFIED" if document.reviewer and not document.preliminary else "UNVERIFIED"
    references = document.study.references
    if references:
        ds.SourceInstanceSequence = ItemSequence([referenced(r.sop_class_uid, r.sop_instance_uid) for r in references])
    ds.MIMETypeOfEncapsulatedDocument = "application/pdf"
    ds.EncapsulatedDocument = pdf if len(pdf) % 2 == 0 else pdf + b"\0"
    ds.EncapsulatedDocumentLength = len(pdf)
    return part10(ds)
