"""A consult, an opinion and experts to begin from; a test says what matters with `replace`."""

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from video.consults import (
    Application,
    Consent,
    Consult,
    ConsultState,
    Expert,
    Hours,
    Opinion,
    OpinionText,
    Party,
    Slot,
)
from video.model import ConsultMode, Diagnosis, Service, Urgency

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in the county
TODAY = date(2026, 11, 23)
APPLICATION = Application(
    specialties=("心内",),
    title="副主任",
    chief_complaint="反复胸闷 3 月",
    present_history="活动后加重，休息缓解",
    summary="男，68 岁，高血压 10 年",
    diagnosis=Diagnosis("I20.800x007", "ICD-10 国家临床版 2.0", "稳定型心绞痛"),
    reason="诊断不明",
    purpose="是否需要造影",
    consent=Consent(written=True, by="马建国", at=NOON),
)
CONSULT = Consult(
    "c1", "H-2611-0001-H", ConsultState.REQUESTED, 1, Service.CONSULT, Urgency.ROUTINE, ConsultMode.WRITTEN, "p1",
    "T01", "C01", APPLICATION, NOON, "lilan", timeline=MappingProxyType({"requested": NOON}),
)  # fmt: skip
MORNINGS = tuple(Hours(weekday, "08:00", "10:00") for weekday in range(1, 6))
ZHAO = Expert("zhaoning", "赵宁", "副主任", "C01", ("心内",), date(2014, 7, 1), "110990101000001", MORNINGS, 30)
GUO = Expert("guoheng", "郭恒", "主任", "C01", ("内分泌",), date(2005, 7, 1))
NOVICE = Expert("linxia", "林夏", "住院", "C01", ("心内",), date(2024, 9, 1))
TEXT = OpinionText(
    findings="心电图、心脏超声", diagnosis="稳定型心绞痛", treatment="双抗、他汀，择期造影", refer=True, refer_level=4
)
OPINION = Opinion("c1", "Y-2611-0001-H", 1, OpinionText(), NOON, NOON, "zhaoning")
SLOT = Slot(
    "s1", "c1", NOON + timedelta(hours=3), NOON + timedelta(hours=3, minutes=30), ("expert:zhaoning", "room:T01"),
    NOON + timedelta(minutes=10),
)  # fmt: skip

SENDER = Party("lilan", "李兰", sender=True)
DESK = Party("zhoumin", "周敏", desk=True)
HOST = Party("zhaoning", "赵宁", expert=True, host=True)
COLLEAGUE = Party("guoheng", "郭恒", expert=True)
STRANGER = Party("helin", "何林")
