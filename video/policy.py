"""Who may invite, who may answer, and what consent it takes (国卫医发〔2018〕25号; domain.md 2.1)."""

from collections.abc import Sequence
from datetime import date

from video.consults import Application, Consent, Expert, OpinionText
from video.errors import ConsentRequired, ExpertExperience, ExpertSpecialty, Incomplete, InviterTitle
from video.model import ConsultMode, Service, Urgency

ASSISTANTS = frozenset({"执业助理", "乡村医生"})
PRIMARY = frozenset({"village", "township"})
SMALLEST_MDT = 2


def check_inviter(kind: str, title: str) -> None:
    """Refuse a hospital's invitation that no practising physician makes; a primary house may through its assistants.

    Raises
    ------
    InviterTitle
    """
    if not title.strip() or (title in ASSISTANTS and kind not in PRIMARY):
        raise InviterTitle


def check_consent(application: Application, urgency: Urgency) -> None:
    """Refuse what nobody agreed to: written consent, or for an emergency who approved going on and why.

    Raises
    ------
    ConsentRequired
    """
    consent = application.consent
    if consent.written and consent.by.strip():
        return
    if urgency is not Urgency.EMERGENCY:
        raise ConsentRequired([name for name, there in _paper(application).items() if not there])
    needed = {"approved_by": consent.approved_by, "approval_reason": consent.approval_reason}
    if lacking := [name for name, value in needed.items() if not value.strip()]:
        raise ConsentRequired(lacking)


def check_class(consent: Consent, named: Sequence[str]) -> None:
    """Refuse a class to which the patient has not agreed in writing, whatever the urgency, or to which nobody is named.

    Raises
    ------
    ConsentRequired, Incomplete
    """
    needed = {"written": consent.written, "by": bool(consent.by.strip())}
    if lacking := [name for name, there in needed.items() if not there]:
        raise ConsentRequired(lacking)
    if not named:
        raise Incomplete(["people"])


def _paper(application: Application) -> dict[str, bool]:
    return {"written": application.consent.written, "by": bool(application.consent.by.strip())}


def is_consented(application: Application) -> bool:
    """Tell whether the patient's written word is there."""
    return all(_paper(application).values())


def missing(application: Application, *, service: Service, urgency: Urgency, mode: ConsultMode) -> tuple[str, ...]:
    """Return what an invitation lacks, by the names of the interface; an emergency needs the least."""
    a = application
    hurried = urgency is Urgency.EMERGENCY
    diagnosed = bool(a.diagnosis.code.strip() and a.diagnosis.name.strip())
    timeless = hurried or mode is ConsultMode.WRITTEN
    needed = {
        "specialties": any(each.strip() for each in a.specialties),
        "title": hurried or bool(a.title.strip() or a.expert_id),
        "chief_complaint": hurried or bool(a.chief_complaint.strip()),
        "present_history": hurried or bool(a.present_history.strip()),
        "summary": bool(a.summary.strip()),
        "diagnosis": hurried or diagnosed,
        "reason": hurried or bool(a.reason.strip()),
        "purpose": bool(a.purpose.strip()),
        "wanted_times": timeless or bool(a.wanted_times),
    }
    found = [name for name, there in needed.items() if not there]
    if service is Service.MDT and "specialties" not in found and len(set(a.specialties)) < SMALLEST_MDT:
        found.insert(0, "specialties")
    return tuple(found)


def missing_of_opinion(text: OpinionText) -> tuple[str, ...]:
    """Return what an opinion lacks to be signed; where the data do not suffice it says so instead of guessing."""
    guessed = text.insufficient
    needed = {
        "findings": bool(text.findings.strip()),
        "diagnosis": guessed or bool(text.diagnosis.strip()),
        "treatment": guessed or bool(text.treatment.strip()),
        "limits": not guessed or bool(text.limits.strip()),
        "refer": text.refer is not None,
        "refer_level": not text.refer or text.refer_level is not None,
    }
    return tuple(name for name, there in needed.items() if not there)


def check_experience(experts: Sequence[Expert], on: date, least: int) -> None:
    """Refuse whoever has not worked independently for long enough.

    Raises
    ------
    ExpertExperience
    """
    for expert in experts:
        if expert.years(on) < least:
            raise ExpertExperience(expert.id, expert.years(on), least)


def check_specialty(experts: Sequence[Expert], wanted: Sequence[str], *, whole: bool) -> None:
    """Refuse an expert of another specialty; with `whole` also a panel that leaves a wanted one out.

    Raises
    ------
    ExpertSpecialty
    """
    for expert in experts:
        if not set(expert.specialties) & set(wanted):
            raise ExpertSpecialty(expert.id, wanted)
    covered = {each for expert in experts for each in expert.specialties}
    if whole and (left := [each for each in wanted if each not in covered]):
        raise ExpertSpecialty("", left)


def check_panel(experts: Sequence[Expert], service: Service) -> None:
    """Refuse a panel that is too small: an MDT is more than one physician.

    Raises
    ------
    Incomplete
    """
    if len(experts) < (SMALLEST_MDT if service is Service.MDT else 1):
        raise Incomplete(["experts"])
