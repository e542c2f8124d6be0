"""A report as the document builders want it: plain values gathered from order, study, patient and signatures."""

import uuid
from datetime import datetime
from typing import Any

from dicom.model import Kind
from dicom.orders import AmendKind, ReadingOrder, Report, ReportState
from server.clock import local_date
from server.documents.model import (
    CHINA_STANDARD_TIME,
    Correction,
    InstanceReference,
    ObjectIdentity,
    ReportDocument,
    ReportKind,
    ReportPatient,
    ReportStudy,
    Sex,
    Signature,
    Verification,
)
from server.patients.identifiers import masked

PDF, SR = "encapsulated-pdf", "structured-report"
NAMESPACE = uuid.UUID("0d0d6f5e-2b1c-5c0a-9a7e-3f1e6f2d9b10")
KINDS = {Kind.ECG: ReportKind.ECG, Kind.RADIOLOGY: ReportKind.RADIOLOGY}
AMENDED = {AmendKind.ADDENDUM: "补充", AmendKind.CORRECTION: "更正", AmendKind.IDENTITY_ERROR: "身份更正"}
METHOD = "本机密钥签名，仅证明完整性"


def uid_of(report_id: str, document: str, level: str) -> str:
    """Return the UID of a document's series or instance: the same report gives the same one (PS3.5 B.2)."""
    return f"2.25.{uuid.uuid5(NAMESPACE, f'{report_id}/{document}/{level}').int}"


def identity_of(report: Report, document: str) -> ObjectIdentity:
    """Return UIDs and time of a DICOM document of a report."""
    return ObjectIdentity(
        series_instance_uid=uid_of(report.id, document, "series"),
        sop_instance_uid=uid_of(report.id, document, "instance"),
        created_at=report.released_at or report.updated_at,
        series_number=990 if document == PDF else 991,
        instance_number=report.edition,
    )


async def document_of(uow: Any, report: Report, order: ReadingOrder, *, url: str) -> ReportDocument:
    """Return everything that is printed on one edition of a report."""
    names = await uow.centres.names()
    centre = next((c for c in await uow.centres.centres() if c.id == order.centre_id), None)
    here = names.get(order.centre_organization_id or "", order.centre_organization_id or "")
    code = report.verification_code or ""
    return ReportDocument(
        report_id=report.id,
        version=report.edition,
        kind=KINDS.get(order.kind, ReportKind.IMAGING),
        organization=here,
        department=centre.name if centre else "",
        requesting_organization=names.get(order.organization_id, order.organization_id),
        requesting_physician=await uow.centres.person_name(order.requested_by) if order.requested_by else "",
        patient=await _patient(uow, order),
        study=await _study(uow, order),
        findings=report.text.findings,
        impression=report.text.impression,
        positive=report.text.positive,
        critical=report.text.critical,
        reporter=await _signature(uow, report.author_id or "", here, report.signed_at or report.updated_at),
        reviewer=await _signature(uow, report.verifier_id, here, report.released_at) if report.verifier_id else None,
        verification=Verification(
            code=code, url=f"{url}/v/{code}", digest=f"sha256:{report.digest or ''}", method=METHOD
        ),
        created_at=report.released_at or report.updated_at,
        preliminary=report.state is ReportState.PRELIMINARY,
        correction=await _correction(uow, report),
    )


async def _patient(uow: Any, order: ReadingOrder) -> ReportPatient:
    patient = await uow.patients.get(order.patient_id) if order.patient_id else None
    study = await uow.matching.study(order.study_uid) if order.study_uid else None
    at = order.complete_at or order.created_at
    age = patient.age(local_date(at)) if patient else None
    return ReportPatient(
        name=patient.name if patient else "",
        sex=Sex(patient.sex.value) if patient else Sex.UNKNOWN,
        age=f"{age}岁" if age is not None else "",
        identifier=masked(patient.resident_id) if patient and patient.resident_id else "",
        patient_id=study.dicom_patient_id if study else order.patient_id or "",
        issuer=study.dicom_issuer if study else "",
        birth_date=patient.birth_date if patient else None,
        record_number=(patient.record_number if patient else None) or "",
    )


async def _study(uow: Any, order: ReadingOrder) -> ReportStudy:
    study = await uow.matching.study(order.study_uid) if order.study_uid else None
    instances = await uow.studies.instances(order.study_uid) if order.study_uid else []
    return ReportStudy(
        study_instance_uid=order.study_uid or "",
        number=order.number,
        accession_number=(study.accession_number if study else "") or order.accession,
        description=study.description if study else "",
        body_part=study.body_part if study else "",
        modality=study.modalities[0] if study and study.modalities else "",
        performed_at=performed_at(study.study_date, study.study_time) if study else None,
        question=order.question,
        history=order.history,
        references=tuple(
            InstanceReference(
                sop_class_uid=i.sop_class_uid,
                sop_instance_uid=i.sop_instance_uid,
                series_instance_uid=i.series_instance_uid,
            )
            for i in instances
        ),
    )


def performed_at(day: str, clock: str) -> datetime | None:
    """Return when a study was made by its own words (DICOM DA and TM, local time), None when they say nothing."""
    digits = clock.replace(":", "").partition(".")[0].ljust(6, "0")
    try:
        found = datetime.strptime(day.replace(".", "") + digits[:6], "%Y%m%d%H%M%S")  # noqa: DTZ007  # zone follows
    except ValueError:
        return None
    return found.replace(tzinfo=CHINA_STANDARD_TIME)


async def _signature(uow: Any, user_id: str, organization: str, at: datetime | None) -> Signature:
    name, title = await uow.centres.person_name(user_id), await uow.centres.title_of(user_id)
    return Signature(name=name, title=title, organization=organization, signed_at=at or uow.now)


async def _correction(uow: Any, report: Report) -> Correction | None:
    if report.amend_kind is None:
        return None
    earlier = next((e for e in await uow.reports.editions(report.order_id) if e.edition == report.edition - 1), None)
    return Correction(
        replaces_version=report.edition - 1,
        kind=AMENDED[report.amend_kind],
        reason=report.amend_reason or "",
        corrected_at=report.released_at or report.updated_at,
        replaced_sop_instance_uid=uid_of(earlier.id, SR, "instance") if earlier else "",
        replaced_series_instance_uid=uid_of(earlier.id, SR, "series") if earlier else "",
    )
