"""Referral forms for tests: the tickets of scenarios A1 and A2, ready to be printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from referral.model import Direction, Level
from server.documents.model import Sex
from server.documents.referral_model import FormExtras, FormPatient, FormRoute, OutForm, Printing, ReturnForm


def at(hour: int, minute: int, *, day: int = 23) -> datetime:
    """Return a time of November 2026, given in China Standard Time."""
    return datetime(2026, 11, day, hour - 8, minute, tzinfo=UTC)


PATIENT: Final = FormPatient(
    name="马建国",
    sex=Sex.MALE,
    age="68岁",
    record_number="99010110010100023",
    case_number="20261123-0417",
    address="云岭县石门镇石门村3组",
    phone="13800000187",
)
UPWARD: Final = FormRoute(
    from_organization="石门镇卫生院",
    doctor="李兰",
    doctor_phone="13800000101",
    to_organization="云岭县人民医院",
    department="心血管内科CCU",
    receiving_doctor="赵宁",
    on=date(2026, 11, 23),
)
HOMEWARD: Final = FormRoute(
    from_organization="云岭县人民医院",
    doctor="赵宁",
    doctor_phone="88880117",
    to_organization="石门镇卫生院",
    department="全科",
    receiving_doctor="李兰",
    on=date(2026, 12, 1),
)
EXTRAS: Final = FormExtras(
    number="R-2611-0387-K",
    receiving_url="https://lutong.yunling.example/referrals/0193f2c4-7d1e-7a52-9c64-5b1a2c3d4e5f",
    direction=Direction.UP,
    level=Level.I,
    pathway="胸痛",
    diagnosis="急性下壁心肌梗死",
    icd10="I21.1",
    transport="救护车 云A·12012",
    escort="李兰、护士杨敏",
    expected_arrival=at(9, 32),
    place="CCU-03",
    held_until=at(10, 57),
    entrance="1号门扫码",
    desk_phone="8888 0120",
    attention="未用硝酸酯类；右室导联待做。",
    studies=("心电图 E-2611-0387-K 2026-11-23 08:16", "胸部正位片 X-2611-0412-A 2026-11-23 08:20"),
)
_OUT: Final = OutForm(
    patient=PATIENT,
    route=UPWARD,
    impression="急性下壁心肌梗死（I21.1）",
    present_history="2026-11-23 07:20 起胸痛，08:16 心电图 II、III、aVF ST 段抬高 0.27–0.34 mV，心率 52 次/分，"
    "血压 92/58 mmHg，血氧 94%。本院无急诊介入条件，经县医院赵宁会诊建议立即转诊。",
    past_history="高血压 12 年，无药物过敏史。",
    treatment="08:26 吸氧、建立静脉通路；08:31 阿司匹林 300 mg、替格瑞洛 180 mg 嚼服；未用硝酸酯类。",
    extras=EXTRAS,
)
_RETURN: Final = ReturnForm(
    patient=PATIENT,
    route=HOMEWARD,
    diagnosis="急性下壁心肌梗死，PCI术后",
    results="冠脉造影：右冠近段闭塞，植入支架 1 枚。出院前超声心动图 LVEF 52%。",
    treatment_and_plan="急诊 PCI，住院 8 天。\n阿司匹林 100 mg 每日一次，替格瑞洛 90 mg 每日两次，至少 12 个月。\n"
    "康复：第 1 周平地步行每日 2 次、每次 10 分，逐周加 5 分；1 个月复查心电图。",
    extras=FormExtras(
        number="R-2612-0009-T",
        receiving_url="https://lutong.yunling.example/referrals/0193f2c4-0000-7a52-9c64-5b1a2c3d4e5f",
        direction=Direction.DOWN,
        diagnosis="急性下壁心肌梗死",
        icd10="I21.1",
        first_visit_due=date(2026, 12, 8),
        desk_phone="8888 0120",
        attention="胸痛超过 15 分钟、晕倒、黑便：立即打 120。",
    ),
)
FIRST_PRINT: Final = Printing(at=at(8, 35), by="李兰")


def out_form(**changes: object) -> OutForm:
    """Return A1's outgoing form, with fields changed."""
    return replace(_OUT, **changes)  # type: ignore[arg-type]  # a builder takes any field by name


def return_form(**changes: object) -> ReturnForm:
    """Return A2's return form, with fields changed."""
    return replace(_RETURN, **changes)  # type: ignore[arg-type]  # a builder takes any field by name
