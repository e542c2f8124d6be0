"""Reports for tests: the ECG of scenario A1, ready to be printed or sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from server.documents.model import (
    InstanceReference,
    MachineMeasurement,
    ReportDocument,
    ReportKind,
    ReportPatient,
    ReportStudy,
    Sex,
    Signature,
    Verification,
)

STUDY_UID = "1.2.826.0.1.3680043.10.990101.1.1"


def at(hour: int, minute: int) -> datetime:
    """Return a time of the scenario's morning, given in China Standard Time."""
    return datetime(2026, 11, 2, hour - 8, minute, tzinfo=UTC)


PATIENT: Final = ReportPatient(
    name="马建国",
    sex=Sex.MALE,
    age="68岁",
    identifier="9901**********0035",
    patient_id="T01-0001",
    issuer="T01",
    birth_date=date(1958, 3, 12),
    record_number="99010110010100023",
)

STUDY: Final = ReportStudy(
    study_instance_uid=STUDY_UID,
    number="E-2611-0387-K",
    accession_number="A0001",
    description="12导联心电图",
    method="静息12导联同步，10 s，25 mm/s，10 mm/mV",
    modality="ECG",
    performed_at=at(8, 16),
    question="请协助判读，是否急性心肌梗死？",
    history="胸痛 1 小时（07:20 起），伴大汗，BP 92/58 mmHg，SpO₂ 94%。",
    references=(
        InstanceReference(
            sop_class_uid="1.2.840.10008.5.1.4.1.1.9.1.1",
            sop_instance_uid=f"{STUDY_UID}.1.1",
            series_instance_uid=f"{STUDY_UID}.1",
        ),
    ),
)

MEASUREMENTS: Final = tuple(
    MachineMeasurement(label=label, value=value, unit=unit)
    for label, value, unit in (
        ("心率", "52", "次/分"),
        ("PR 间期", "180", "ms"),
        ("QRS 时限", "92", "ms"),
        ("QT/QTc", "430/400", "ms"),
        ("QRS 电轴", "50", "°"),
        ("ST Ⅱ", "0.30", "mV"),
        ("ST Ⅲ", "0.30", "mV"),
        ("RV5+SV1", None, "mV"),
    )
)


def ecg_report(**changes: object) -> ReportDocument:
    """Return the released report of scenario A1; any field can be changed by name."""
    document = ReportDocument(
        report_id="4f0c3a52-7d1e-4b7e-9a39-7d5f6c0b1a11",
        version=1,
        kind=ReportKind.ECG,
        organization="云岭县人民医院",
        department="心电诊断中心",
        requesting_organization="石门镇卫生院",
        requesting_physician="李兰",
        patient=PATIENT,
        study=STUDY,
        findings="窦性心动过缓，心率 52 次/分，电轴不偏。\n"
        "Ⅱ、Ⅲ、aVF 导联 ST 段弓背向上抬高 0.3 mV，Ⅰ、aVL 导联 ST 段压低 0.15 mV，对应导联改变明显。\n"
        "PR 间期 180 ms，QRS 时限 92 ms，未见病理性 Q 波。",
        impression="1. 窦性心动过缓\n"
        "2. 急性下壁心肌梗死（超急性期/急性期），建议加做右室导联 V3R–V5R 与后壁导联，立即转诊",
        positive=True,
        critical=True,
        reporter=Signature(name="王珂", title="主治医师", organization="云岭县人民医院", signed_at=at(8, 29)),
        reviewer=Signature(name="陈岳", title="副主任医师", organization="云岭县人民医院", signed_at=at(8, 31)),
        verification=Verification(
            code="7QK4-M2XN-9F",
            url="https://lutong.example/v/7QK4M2XN9F",
            digest="sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            method="签名方式：本机密钥（仅证明内容未被改动，不是 CA 电子签名）",
        ),
        created_at=at(8, 31),
        recognition="县HR",
        measurements=MEASUREMENTS,
    )
    return replace(document, **changes)  # type: ignore[arg-type]  # a builder takes any field by name
