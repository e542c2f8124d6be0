"""A report as PDF/A-2b: Chinese, verifiable by code and QR, the same bytes for the same report."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

import segno
import typst

from server.documents.errors import RenderingFailed
from server.documents.glyphs import FontSet, load_fonts
from server.documents.model import CHINA_STANDARD_TIME, Correction, ReportDocument, ReportKind, Sex, Signature

PDF_STANDARD: Final = "a-2b"

_TITLES: Final = {
    ReportKind.ECG: ("远程心电图诊断报告", "Remote ECG report", "心电所见", "ECG findings"),
    ReportKind.RADIOLOGY: ("远程放射诊断报告", "Remote radiology report", "影像所见", "Imaging findings"),
    ReportKind.IMAGING: ("远程影像诊断报告", "Remote imaging report", "影像所见", "Imaging findings"),
}
_SEXES: Final = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "未知"}
_DISCLAIMER: Final = "本报告仅供临床参考"
_UNKNOWN: Final = "—"


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
    font_set = load_fonts(fonts)
    content, missing = _printable(_content(document), font_set)
    content["fonts"] = list(font_set.families)
    content["heading_fonts"] = list(font_set.heading_families)
    content["note"] = _note(missing)
    inputs = {"report": json.dumps(content, ensure_ascii=False), "qr": qr_svg(document.verification.url)}
    template = resources.files("server.documents").joinpath("templates/report.typ").read_bytes()
    compiler = typst.Compiler(template, font_paths=font_set.loaded, sys_inputs=inputs)
    try:
        rendered = compiler.compile(format="pdf", pdf_standards=PDF_STANDARD)
    except typst.TypstError as error:
        raise RenderingFailed(f"{error.message} {' '.join(error.hints)}".strip()) from error
    return rendered if isinstance(rendered, bytes) else b"".join(rendered or [])


def qr_svg(url: str) -> str:
    """Return a QR code (error correction M, four modules of quiet zone) as SVG."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=4, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def local_time(at: datetime | None) -> str:
    """Return a time as documents show it: to the second, in China Standard Time."""
    return at.astimezone(CHINA_STANDARD_TIME).strftime("%Y-%m-%d %H:%M:%S") if at else _UNKNOWN


def _content(document: ReportDocument) -> dict[str, Any]:
    title, title_english, findings, findings_english = _TITLES[document.kind]
    created = document.created_at.astimezone(UTC)  # the file's own date carries no zone
    parts = ("year", "month", "day", "hour", "minute", "second")
    return {
        "title": title,
        "title_english": title_english,
        "description": f"{document.study.number} v{document.version}",
        "organization": document.organization,
        "created": {part: getattr(created, part) for part in parts},
        "created_text": local_time(created),
        "recognition": document.recognition,
        "preliminary": document.preliminary,
        "patient": {
            "name": document.patient.name,
            "sex": _SEXES[document.patient.sex],
            "age": document.patient.age or _UNKNOWN,
        },
        "study": {"number": document.study.number},
        "details": _details(document),
        "clinical": "\n".join(part for part in (document.study.history, document.study.question) if part),
        "measurements": [
            {"label": item.label, "value": item.value or _UNKNOWN, "unit": item.unit if item.value else ""}
            for item in document.measurements
        ],
        "findings_title": [findings, findings_english],
        "findings": document.findings or _UNKNOWN,
        "impression": document.impression or _UNKNOWN,
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
        ("登记号", "Accession", study.accession_number or _UNKNOWN),
        ("证件号", "ID", patient.identifier or _UNKNOWN),
        ("检查时间", "Performed", local_time(study.performed_at)),
        (
            "申请机构",
            "Requested by",
            " ".join(p for p in (document.requesting_organization, document.requesting_physician) if p),
        ),
        ("报告机构", "Reported by", " ".join(p for p in (document.organization, document.department) if p)),
        ("检查项目", "Examination", study.description or study.modality or _UNKNOWN),
        ("检查方法", "Method", study.method or _UNKNOWN),
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
    waiting = {"name": "待审核", "title": "", "organization": _UNKNOWN, "time": _UNKNOWN}
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


def _printable(value: Any, fonts: FontSet) -> tuple[Any, tuple[str, ...]]:
    """Return the content with every text made printable, and the code points that could not be printed."""
    if isinstance(value, str):
        return fonts.printable(value)
    if isinstance(value, dict):
        pairs = {key: _printable(item, fonts) for key, item in value.items()}
        return {key: kept for key, (kept, _) in pairs.items()}, _joined(missing for _, missing in pairs.values())
    if isinstance(value, list | tuple):
        items = [_printable(item, fonts) for item in value]
        return [kept for kept, _ in items], _joined(missing for _, missing in items)
    return value, ()


def _joined(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for codes in found for code in codes))


def _note(missing: tuple[str, ...]) -> str:
    if not missing:
        return ""
    return f"注：字库未收录 {'、'.join(missing[:8])}{' 等' if len(missing) > 8 else ''}，以 □ 表示，以系统内记录为准。"
