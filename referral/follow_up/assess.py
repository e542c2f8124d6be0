"""What follows from a visit: controlled or not, urgent or not, when next, and what a person should consider."""

from dataclasses import dataclass
from datetime import date

from referral.follow_up.form import Adherence, Form
from referral.follow_up.rules import FollowUpRules, RiskTier, follow_up_rules, months_after
from referral.model import Words


@dataclass(frozen=True, slots=True)
class Care:
    """What is known of the patient beside the form: age in years, risk tier, and the registers he is on."""

    age: int | None = None
    tier: RiskTier = RiskTier.YELLOW
    hypertension: bool = False
    diabetes: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a visit asks for: a stable code and the words; a person decides."""

    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Assessment:
    """What follows from a visit.

    Parameters
    ----------
    controlled
        控制满意; None where nothing of it was measured.
    urgent
        Refer in an emergency now.
    next_due
        Day of the next contact, None after a death.
    """

    controlled: bool | None
    urgent: bool
    next_due: date | None
    suggestions: tuple[Suggestion, ...] = ()


EMERGENCY = Suggestion("refer-emergency", Words("立即急诊上转", "refer up in an emergency now"))
REFER = Suggestion("refer", Words("建议上转，2 周内随访转诊结果", "refer up; follow the transfer within two weeks"))
ADJUST = Suggestion(
    "adjust", Words("控制不满意：调整用药，2 周内复访", "not controlled: adjust, see again in two weeks")
)
ADHERE = Suggestion("adherence", Words("未规律服药：核对用药", "medicines not taken regularly: go through them"))


def assess(
    form: Form, previous: Form | None = None, *, care: Care | None = None, rules: FollowUpRules | None = None
) -> Assessment:
    """Return what follows from a visit (domain.md 2.7, A3).

    The first uncontrolled visit asks for an adjustment and a visit in two weeks; the second in a row, a hard adverse
    reaction or a new complication for a referral, whose outcome is followed within two weeks.

    Parameters
    ----------
    previous
        The visit before.
    """
    rules, care = rules or follow_up_rules(0, {}), care or Care()
    controlled = _controlled(form, care, rules)
    urgent = _is_urgent(form, care, rules)
    if form.condition == "died":
        return Assessment(controlled, urgent=False, next_due=None)
    twice = controlled is False and previous is not None and _controlled(previous, care, rules) is False
    refer = twice or form.adverse_reaction or form.new_complication
    found = (
        (EMERGENCY, urgent),
        (REFER, refer and not urgent),
        (ADJUST, controlled is False and not refer and not urgent),
        (ADHERE, form.adherence is not Adherence.REGULAR),
    )
    soon = urgent or refer or controlled is False
    months = rules.interval(care.tier, registered=care.hypertension or care.diabetes)
    next_due = form.on + rules.uncontrolled if soon else months_after(form.on, months)
    return Assessment(controlled, urgent, next_due, tuple(suggestion for suggestion, holds in found if holds))


def _controlled(form: Form, care: Care, rules: FollowUpRules) -> bool | None:
    """Judge what was measured; the wider limit of the old is not for the red tier [P]: after an infarction 140/90."""
    old = care.age is not None and care.age >= rules.old_from and care.tier is not RiskTier.RED
    systolic, diastolic = rules.pressure_old if old else rules.pressure
    found: list[bool] = []
    if form.systolic is not None and form.diastolic is not None:
        found.append(form.systolic < systolic and form.diastolic < diastolic)
    if form.glucose is not None and care.diabetes:
        found.append(form.glucose < rules.fasting_glucose)
    return all(found) if found else None


def _is_urgent(form: Form, care: Care, rules: FollowUpRules) -> bool:
    """Tell whether the forms of hypertension and diabetes ask for an urgent transfer."""
    return bool(form.dangers) or _urgent_pressure(form, rules) or _urgent_glucose(form, care, rules)


def _urgent_pressure(form: Form, rules: FollowUpRules) -> bool:
    systolic, diastolic = form.systolic or 0, form.diastolic or 0
    high = rules.pressure if form.pregnant else rules.urgent_pressure
    return systolic >= high[0] or diastolic >= high[1]


def _urgent_glucose(form: Form, care: Care, rules: FollowUpRules) -> bool:
    low, high = rules.urgent_glucose
    if form.glucose is not None and not low < form.glucose < high:
        return True
    ill = (form.heart_rate or 0) > rules.urgent_heart_rate or (form.temperature or 0.0) > rules.urgent_temperature
    return care.diabetes and ill
