"""Follow-up at home: what is due, what a visit may say, and what follows from it."""

from referral.follow_up.assess import Assessment, Care, Suggestion, assess
from referral.follow_up.form import Adherence, Danger, Form, Mode, check
from referral.follow_up.plan import FollowUp, FollowUpKind, is_registered, plan_of, tier_of
from referral.follow_up.rules import DEFAULTS, FOLLOW_UP, FollowUpRules, RiskTier, follow_up_rules, months_after

__all__ = [
    "DEFAULTS",
    "FOLLOW_UP",
    "Adherence",
    "Assessment",
    "Care",
    "Danger",
    "FollowUp",
    "FollowUpKind",
    "FollowUpRules",
    "Form",
    "Mode",
    "RiskTier",
    "Suggestion",
    "assess",
    "check",
    "follow_up_rules",
    "is_registered",
    "months_after",
    "plan_of",
    "tier_of",
]
