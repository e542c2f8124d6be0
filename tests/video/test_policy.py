"""Who may invite and answer, what an application, a consent and an opinion have to hold."""

from dataclasses import replace
from datetime import date

import pytest

from tests.builders.consults import APPLICATION, NOON, NOVICE, TEXT, ZHAO
from video.consults import Application, Consent, OpinionText
from video.errors import ConsentRequired, InviterTitle
from video.model import ConsultMode, Diagnosis, Service, Urgency
from video.policy import check_consent, check_inviter, missing, missing_of_opinion

ROUTINE = {"service": Service.CONSULT, "urgency": Urgency.ROUTINE, "mode": ConsultMode.WRITTEN}


@pytest.mark.parametrize(("kind", "title"), [("township", "执业助理"), ("village", "乡村医生"), ("county", "主治")])
def test_whoever_practises_there_invites(kind: str, title: str) -> None:
    check_inviter(kind, title)


@pytest.mark.parametrize(("kind", "title"), [("county", "执业助理"), ("higher", "乡村医生"), ("township", "")])
def test_a_hospital_does_not_invite_through_its_assistants(kind: str, title: str) -> None:
    with pytest.raises(InviterTitle):
        check_inviter(kind, title)


def test_without_written_consent_only_an_approved_emergency_goes_on() -> None:
    check_consent(APPLICATION, Urgency.ROUTINE)
    spoken = replace(APPLICATION, consent=Consent(by="马建国"))
    for urgency in (Urgency.ROUTINE, Urgency.URGENT):
        with pytest.raises(ConsentRequired) as refused:
            check_consent(spoken, urgency)
        assert refused.value.missing == ("written",)
    with pytest.raises(ConsentRequired) as refused:
        check_consent(replace(spoken, consent=Consent(approved_by="haiying")), Urgency.EMERGENCY)
    assert refused.value.missing == ("approval_reason",)
    approved = Consent(approved_by="haiying", approval_reason="昏迷，家属未到")
    check_consent(replace(spoken, consent=approved), Urgency.EMERGENCY)


def test_an_invitation_carries_reason_purpose_time_summary_specialty_and_title() -> None:
    assert missing(APPLICATION, **ROUTINE) == ()  # type: ignore[arg-type]  # one keyword each
    assert missing(Application(), service=Service.CONSULT, urgency=Urgency.ROUTINE, mode=ConsultMode.VIDEO) == (
        "specialties", "title", "chief_complaint", "present_history", "summary", "diagnosis", "reason", "purpose",
        "wanted_times",
    )  # fmt: skip
    by_name = replace(APPLICATION, title="", expert_id="zhaoning", diagnosis=Diagnosis(name="心绞痛"))
    assert missing(by_name, **ROUTINE) == ("diagnosis",)  # type: ignore[arg-type]
    hurried = Application(specialties=("心内",), summary="胸痛 40 分钟", purpose="要不要溶栓")
    assert missing(hurried, service=Service.CONSULT, urgency=Urgency.EMERGENCY, mode=ConsultMode.VIDEO) == ()
    assert missing(APPLICATION, service=Service.MDT, urgency=Urgency.URGENT, mode=ConsultMode.WRITTEN) == (
        "specialties",
    )
    video = replace(APPLICATION, wanted_times=(NOON,))
    assert missing(video, service=Service.WARD_ROUND, urgency=Urgency.ROUTINE, mode=ConsultMode.VIDEO) == ()


def test_an_opinion_says_whether_to_refer_or_that_the_data_do_not_suffice() -> None:
    assert missing_of_opinion(TEXT) == ()
    assert missing_of_opinion(OpinionText()) == ("findings", "diagnosis", "treatment", "refer")
    assert missing_of_opinion(replace(TEXT, refer_level=None)) == ("refer_level",)
    unsure = OpinionText(findings="心电图一份，基线漂移", insufficient=True, refer=False)
    assert missing_of_opinion(unsure) == ("limits",)
    assert missing_of_opinion(replace(unsure, limits="请复查 12 导联")) == ()


def test_years_are_completed_ones() -> None:
    assert ZHAO.years(date(2026, 6, 30)) == 11
    assert ZHAO.years(date(2026, 7, 1)) == 12
    assert NOVICE.years(date(2026, 11, 23)) == 2
