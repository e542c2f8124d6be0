"""The two papers of a consult for tests, with every field written: 马建国 of the township, 赵宁 of the county."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from server.documents.consult_model import (
    AdoptionLines,
    ApplicationSheet,
    OpinionSheet,
    Participant,
    SheetPatient,
    SheetSignature,
    Sides,
)
from server.documents.model import Sex
from tests.builders.consults import APPLICATION, NOON
from video.consults import Consent, OpinionText, Vitals
from video.model import Adopted, ConsultMode, Service, Urgency

PATIENT: Final = SheetPatient(
    name="马建国",
    sex=Sex.MALE,
    age="68岁",
    birth_date=date(1958, 3, 4),
    identifier_type="居民身份证",
    identifier="9901**********0035",
    record_number="99010110010100023",
    phone="13800000187",
    assistance=("低保",),
)
SIDES: Final = Sides(inviter="石门镇卫生院", invitee="云岭县人民医院")
ASKED: Final = replace(
    APPLICATION,
    department="全科",
    phone="13800000101",
    visit_number="Z20261123-04",
    ward="一病区",
    bed="07床",
    insurance="城乡居民",
    past_history="高血压 10 年",
    allergies="青霉素",
    examination="双肺呼吸音清",
    vitals=Vitals(NOON, 150, 90, 88, 18, 97, 36.6),
    results="心电图 V4–V6 ST 压低",
    treatment="硝酸甘油舌下含服后缓解",
    wanted_times=(NOON + timedelta(hours=3), NOON + timedelta(hours=4), NOON + timedelta(hours=5)),
    fee="免收：县域医共体内",
    consent=Consent(written=True, by="马小军", relation="儿子", at=NOON, document="纸质存卷"),
    approval="全科同意；医务科海英同意",
)
APPLICATION_SHEET: Final = ApplicationSheet(
    number="H-2611-0012-K",
    version=3,
    service=Service.CONSULT,
    urgency=Urgency.URGENT,
    mode=ConsultMode.VIDEO,
    sides=SIDES,
    patient=PATIENT,
    application=ASKED,
    doctor="李兰",
    expert="赵宁",
    studies=("12导联心电图 2026-11-23",),
    reports=("报告 E-2611-0387-K，第 1 版",),
    submitted_at=NOON,
    changed_at=NOON,
    url="https://lutong.yunling.example/consults/c1",
)
OPINION_SHEET: Final = OpinionSheet(
    number="Y-2611-0007-A",
    application_number="H-2611-0012-K",
    service=Service.CONSULT,
    mode=ConsultMode.VIDEO,
    sides=SIDES,
    patient=PATIENT,
    participants=(
        Participant(
            name="赵宁", title="副主任", specialties=("心内",), licence="110990101000001", practising_since="2014-07-01"
        ),
        Participant(
            name="郭恒", title="主任", specialties=("内分泌",), licence="110990101000002", practising_since="2005-07-01"
        ),
    ),
    text=OpinionText(
        findings="心电图、心脏超声",
        diagnosis="稳定型心绞痛",
        differential="胃食管反流",
        further_tests="择期冠脉CTA",
        treatment="阿司匹林100mg每日一次",
        refer=True,
        refer_level=4,
        limits="未查肌钙蛋白",
    ),
    signatures=(
        SheetSignature(name="郭恒", role="expert", signed_at=NOON + timedelta(minutes=29)),
        SheetSignature(name="赵宁", role="host", signed_at=NOON + timedelta(minutes=31)),
    ),
    began_at=NOON,
    ended_at=NOON + timedelta(minutes=25),
    adoption=AdoptionLines(what=Adopted.PARTLY, reason="本院无此药", by="李兰", at=NOON + timedelta(hours=1)),
    outcome="已结案",
    created_at=NOON + timedelta(hours=1),
    code="Y-2611-0007-A-9F86D081884C",
    url="https://lutong.yunling.example/v/Y-2611-0007-A-9F86D081884C",
    digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
)  # fmt: skip
