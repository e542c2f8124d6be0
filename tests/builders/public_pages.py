"""What the public pages of scenario A1 say, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from server.documents.outcome_page import OutcomeAsked
from server.documents.patient_card import Contact, PatientCard, Reception
from tests.builders.referral_documents import at

NONCE: Final = "r4nd0m"
HOSPITAL: Final = "云岭县人民医院"
DESK: Final = Contact(who="县医院转诊台", phone="8888 0120")
DOCTOR: Final = Contact(who="李兰医生", phone="138 0000 0101")
_CARD: Final = PatientCard(
    number="R-2611-0387-K",
    patient_name="马建国",
    reception=Reception.BED,
    organization=HOSPITAL,
    building="2 号楼 5 层",
    department="心血管内科",
    bed="CCU 3 床",
    entrance="1 号门",
    at=at(10, 57),
    contacts=(DESK, DOCTOR),
)
ASKED: Final = OutcomeAsked(
    number="R-2611-0388-M",
    patient="王秀兰",
    sex_age="女 71岁",
    from_organization="石门镇卫生院",
    sent_on=date(2026, 11, 20),
    contact=DOCTOR,
)


def patient_card(**changes: object) -> PatientCard:
    """Return A1's card, with fields changed."""
    return replace(_CARD, **changes)  # type: ignore[arg-type]  # a builder takes any field by name
