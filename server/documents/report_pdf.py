"""A report as PDF/A-2b: Chinese, verifiable by code and QR, the same bytes for the same report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from server.documents.glyphs import load_fonts
from server.documents.model import Correction, ReportDocument, ReportKind, Sex, Signature
from server.documents.typesetting import UNKNOWN, file_date, local_time, qr_svg, typeset

_TITLES: Final = {
    ReportKind.ECG: ("远程心电图诊断报告", "Remote ECG report", "心电所见", "ECG findings"),
    ReportKind.RADIOLOGY: ("远程放射诊断报告", "Remote radiology report", "影像所见", "Imaging findings"),
    ReportKind.IMAGING: ("远程影像诊断报告", "Remote imaging report", "影像所见", "Imaging findings"),
}
_SEXES: Final = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "未知"}
_DISCLAIMER: Final = "本报告仅供临床参考"


def render_report_pdf(document: ReportDocument, fonts: Iterable[Path]) -> bytes:
    """Return the report as a PDF/A-2b file.

    A character that no font has is printed as □ and named in a note at the foot: a report comes out in any case.

    Parameters
    ----------
    document : ReportDocument
        What to print; `created_at` is the only date of the file, so equal documents give equal bytes.
    fonts : iterable of Path
        Directories with fonts, the preferred first; nothing else on the machine is used.

    Raises
    ------
    FontMissing
        No Chinese font in the directories.
    RenderingFailed
        The typesetter refused.
    """
    return typeset(["report.typ"], _content(document), qr_svg(document.verification.url), load_fonts(fonts))


def _content(document: ReportDocument) -> dict[str, Any]:
    title, title_english, findings, findings_english = _TITLES[document.kind]
    return {
        "title": title,
        "title_english": title_english,
        "description": f"{document.study.number} v{document.version}",
        "organization": document.organization,
        "created": file_date(document.created_at),
        "created_text": local_time(document.created_at),
        "recognition": document.recognition,
        "preliminary": document.preliminary,
        "patient": {
            "name": document.patient.name,
            "sex": _SEXES[document.patient.sex],
            "age": document.patient.age or UNKNOWN,
        },
        "study": {"number": document.study.number},
        "details": _details(document),
        "clinical": "\n".join(part for part in (document.study.history, document.study.question) if part),
        "measurements": [
            {"label": item.label, "value": item.value or UNKNOWN, "unit": item.unit if item.value else ""}
            for item in document.measurements
        ],
        "findings_title": [findings, findings_english],
        "findings": document.findings or UNKNOWN,
        "impression": document.impression or UNKNOWN,
        "positive": document.positive,
        "critical": document.critical,
        "correction": _correction(document.correction),
        "signatures": _signatures(document),
        "disclaimer": _DISCLAIMER,
        "version": str(document.version),
        "verification": {
            "code": document.verification.code,
            "digest": document.verification.digest,
            "method": document.verification.method,
        },
    }


def _details(document: ReportDocument) -> list[tuple[str, str, str]]:
    study, patient = document.study, document.patient
    lines = [
        ("检查号", "Exam No.", study.number),
        ("登记号", "Accession", study.accession_number or UNKNOWN),
        ("证件号", "ID", patient.identifier or UNKNOWN),
        ("检查时间", "Performed", local_time(study.performed_at)),
        (
            "申请机构",
            "Requested by",
            " ".join(p for p in (document.requesting_organization, document.requesting_physician) if p),
        ),
        ("报告机构", "Reported by", " ".join(p for p in (document.organization, document.department) if p)),
        ("检查项目", "Examination", study.description or study.modality or UNKNOWN),
        ("检查方法", "Method", study.method or UNKNOWN),
    ]
    optional = [
        ("检查部位", "Body part", study.body_part),
        ("健康档案号", "Record No.", patient.record_number),
    ]
    return lines + [line for line in optional if line[2]]


def _correction(correction: Correction | None) -> dict[str, str] | None:
    if correction is None:
        return None
    replaced = f"本版替代第 {correction.replaces_version} 版，原版保留备查"
    return {
        "headline": f"{correction.kind}报告",
        "text": f"{replaced}。{correction.kind}时间 {local_time(correction.corrected_at)}。原因：{correction.reason}",
    }


def _signatures(document: ReportDocument) -> list[dict[str, Any]]:
    waiting = {"name": "待审核", "title": "", "organization": UNKNOWN, "time": UNKNOWN}
    reviewer = _signature(document.reviewer) if document.reviewer else waiting
    return [
        {"role": ("报告医师", "Reported by"), **_signature(document.reporter)},
        {"role": ("审核医师", "Verified by"), **reviewer},
    ]


def _signature(signature: Signature) -> dict[str, str]:
    return {
        "name": signature.name,
        "title": signature.title,
        "organization": signature.organization,
        "time": local_time(signature.signed_at),
    }
