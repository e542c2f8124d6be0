"""What is to be done for a patient who came home, by when, and how late it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from referral.follow_up.assess import Assessment
from referral.follow_up.form import Form
from referral.follow_up.rules import FollowUpRules, RiskTier, follow_up_rules, months_after
from referral.model import Words
from referral.tickets import Ticket
from referral.working_time import SHANGHAI


class FollowUpKind(StrEnum):
    """What is to be done."""

    CALL = "call"
    VISIT = "visit"
    ECG = "ecg"
    REVIEW = "review"


WORDS: Mapping[FollowUpKind, Words] = MappingProxyType(
    {
        FollowUpKind.CALL: Words("电话随访", "call"),
        FollowUpKind.VISIT: Words("当面随访", "face visit"),
        FollowUpKind.ECG: Words("复查心电图", "ECG"),
        FollowUpKind.REVIEW: Words("分层随访", "visit by risk tier"),
    }
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something to be done for a patient by a day; it is open until it is done or no longer needed."""

    id: str
    kind: FollowUpKind
    patient_id: str
    ticket_id: str | None
    organization_id: str
    due_at: datetime
    created_at: datetime
    words: Words
    tier: RiskTier = RiskTier.YELLOW
    done_at: datetime | None = None
    done_by: str | None = None
    ended_at: datetime | None = None  # no longer needed: back in hospital, died
    form: Form | None = None
    assessment: Assessment | None = None
    version: int = 1

    @property
    def state(self) -> Literal["open", "done", "ended"]:
        """Return `open`, `done` or `ended`: it follows from what happened, nobody sets it."""
        if self.done_at is not None:
            return "done"
        return "open" if self.ended_at is None else "ended"

    def rung(self, now: datetime, rules: FollowUpRules) -> int:
        """Return how late it is: 0 in time, 1 on the overdue list, 2 the township's lead is told."""
        if self.state != "open":
            return 0
        late = (now.astimezone(SHANGHAI).date() - self.due_at.astimezone(SHANGHAI).date()).days
        return int(late >= rules.overdue_days) + int(late >= rules.lead_days)


def tier_of(code: str, wanted: str, rules: FollowUpRules) -> RiskTier:
    """Return the tier of a diagnosis: what the hospital wrote, but red where the rule says that it stays red."""
    if rules.names("red", code):
        return RiskTier.RED
    return RiskTier(wanted) if wanted in set(RiskTier) else RiskTier.YELLOW


def is_registered(code: str, rules: FollowUpRules) -> bool:
    """Tell whether a diagnosis puts a patient on the register of hypertension or type 2 diabetes."""
    return rules.names("hypertension", code) or rules.names("diabetes", code)


def plan_of(
    ticket: Ticket,
    *,
    new_id: Callable[[], str],
    now: datetime,
    organization_id: str = "",
    rules: FollowUpRules | None = None,
) -> list[FollowUp]:
    """Return what follows when a downward ticket is taken over, earliest first (domain.md A2).

    A call within three days, a face visit by the ticket's own deadline (seven days, or the hospital's day), the first
    visit by risk tier, and after an infarction an ECG at one month. Who stays in a township bed needs no call.

    Parameters
    ----------
    new_id
        Returns a fresh id.
    organization_id
        Whose family doctor follows; the receiver without one.
    """
    rules = rules or follow_up_rules(0, {})
    code = ticket.diagnosis.code
    plan = ticket.plan
    tier = tier_of(code, plan.risk_tier if plan else "", rules)
    dues = {FollowUpKind.VISIT: max(now, (ticket.deadline_at or now).astimezone(now.tzinfo))}
    if plan is None or not (plan.inpatient or plan.cloud_ward):
        dues[FollowUpKind.CALL] = now + rules.call
    dues[FollowUpKind.REVIEW] = _in_months(now, rules.interval(tier, registered=is_registered(code, rules)))
    if rules.names("ecg", code):
        dues[FollowUpKind.ECG] = _in_months(now, rules.ecg_months)
    where = organization_id or ticket.receives
    return [
        FollowUp(new_id(), kind, ticket.patient_id, ticket.id, where, due_at, now, WORDS[kind], tier)
        for kind, due_at in sorted(dues.items(), key=lambda due: (due[1], list(FollowUpKind).index(due[0])))
    ]


def _in_months(now: datetime, months: int) -> datetime:
    local = now.astimezone(SHANGHAI)
    return datetime.combine(months_after(local.date(), months), local.timetz()).astimezone(now.tzinfo)
