"""The rule of the beds (domain.md 4): one order, pools, holds and quota, each answer with its sentence. Pure."""

from referral.beds.allocation import Allotted, Alternative, Reception, Waiting, allocate
from referral.beds.claims import Claim
from referral.beds.fit import Misfit, pool_order, unfit
from referral.beds.holds import hold_time
from referral.beds.order import Key, Ranked, rank
from referral.beds.pools import COUNTY, Choice, Confirmations, House, candidates, chosen, is_override, refuse_taken
from referral.beds.pre_emption import may_pre_empt, pre_emptable
from referral.beds.quota import QuotaNow, quota, quota_now, repays
from referral.beds.reasons import Explanation
from referral.beds.rules import BED_PRIORITY, DEFAULTS, BedRules, bed_rules

__all__ = [
    "BED_PRIORITY",
    "COUNTY",
    "DEFAULTS",
    "Allotted",
    "Alternative",
    "BedRules",
    "Choice",
    "Claim",
    "Confirmations",
    "Explanation",
    "House",
    "Key",
    "Misfit",
    "QuotaNow",
    "Ranked",
    "Reception",
    "Waiting",
    "allocate",
    "bed_rules",
    "candidates",
    "chosen",
    "explain",
    "hold_time",
    "is_override",
    "may_pre_empt",
    "pool_order",
    "pre_emptable",
    "quota",
    "quota_now",
    "rank",
    "refuse_taken",
    "repays",
    "unfit",
]


def explain(answer: Ranked | Allotted, given: Choice | None = None) -> Explanation:
    """Return why an answer of the rule is what it is, as a patient's family could be shown.

    Parameters
    ----------
    given
        The bed that a ranked ticket got: its sentence and inputs follow those of the order.
    """
    why = answer.explanation
    if given is None:
        return why
    bed = given.explanation
    return Explanation(f"{why.zh}；{bed.zh}", f"{why.en}; {bed.en}", {**why.inputs, **bed.inputs}, why.rule_version)
