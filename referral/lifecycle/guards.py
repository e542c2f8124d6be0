"""What comes with an event, and what has to hold before a row of the tables moves a ticket."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from referral.errors import (
    CapabilityUnchecked,
    Incomplete,
    LevelForced,
    NeverDeclined,
    NotPreemptible,
    NotStable,
    ReasonRequired,
    ReferralRefusal,
    RehabPlanRequired,
    SuccessorRequired,
    TooManyQuestions,
)
from referral.model import DeclineCode, Level
from referral.rules import missing, missing_of_plan
from referral.tickets import HomePlan, Outcome, Ticket

MOST_ROUNDS = 2  # so often a ticket is asked for more (lifecycles.md b)


@dataclass(frozen=True, slots=True)
class Fact:
    """What comes with an event.

    Parameters
    ----------
    code, reason, text
        A reason code, a written reason, and the words of a question or an advice.
    level, critical
        The level that a clinician sets; a critical value of the patient is open.
    in_bay
        The emergency bay is the place of reception from now on.
    checked
        What the township confirmed: `medicines` and `equipment` as a whole, or each by its name in the plan.
    """

    by: str = ""
    code: str = ""
    reason: str = ""
    text: str = ""
    level: Level | None = None
    critical: bool = False
    bed_id: str | None = None
    hold_id: str | None = None
    in_bay: bool = False
    successor_id: str | None = None
    plan: HomePlan | None = None
    outcome: Outcome | None = None
    eta: datetime | None = None
    checked: tuple[str, ...] = ()


def has_place(ticket: Ticket, fact: Fact) -> bool:
    """Tell whether a bed or the emergency bay receives the patient; outside the network that is not ours to say."""
    outside = ticket.to_organization_id is None
    return bool(outside or ticket.hold_id or ticket.in_bay or fact.hold_id or fact.in_bay)


def lacking(plan: HomePlan, checked: tuple[str, ...]) -> tuple[str, ...]:
    """Return what nobody confirmed: medicines always, equipment where the plan asks for any."""
    return tuple(
        part
        for part, items in (("medicines", plan.medicines), ("equipment", plan.equipment))
        if part not in checked and not (items and set(items) <= set(checked)) and (items or part == "medicines")
    )


def _incomplete(*names: str) -> Callable[[Ticket, Fact], ReferralRefusal]:
    return lambda _ticket, _fact: Incomplete(names)


def _refusal(kind: type[ReferralRefusal]) -> Callable[[Ticket, Fact], ReferralRefusal]:
    return lambda _ticket, _fact: kind()


def _plan_of(ticket: Ticket, fact: Fact) -> HomePlan:
    return fact.plan or ticket.plan or HomePlan()


def _reasoned(fact: Fact) -> bool:
    coded = bool(fact.code) and fact.code != DeclineCode.OTHER
    return coded or bool(fact.reason.strip())


def _stable(plan: HomePlan) -> bool:
    return not plan.cloud_ward or (plan.stable and bool(plan.round_plan.strip()))


def _told(outcome: Outcome | None) -> bool:
    return outcome is not None and bool(outcome.diagnosis.strip() or outcome.treatment.strip())


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition with its refusal; without one the move is simply not possible now (`STATE`).

    Parameters
    ----------
    of_ticket
        It looks at the ticket alone, so that a screen can grey the button before anybody writes a word.
    """

    holds: Callable[[Ticket, Fact], bool]
    refusal: Callable[[Ticket, Fact], ReferralRefusal] | None = None
    of_ticket: bool = False


GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "complete": Guard(lambda t, _f: not missing(t), lambda t, _f: Incomplete(missing(t)), of_ticket=True),
        "green": Guard(lambda t, _f: t.level.is_green, of_ticket=True),
        "deferrable": Guard(lambda t, _f: not t.level.is_green, _refusal(NeverDeclined), of_ticket=True),
        "place": Guard(has_place, of_ticket=True),
        "place-here": Guard(has_place, _refusal(NeverDeclined), of_ticket=True),
        "hold": Guard(lambda _t, f: bool(f.hold_id and f.bed_id)),
        "held": Guard(lambda t, _f: t.hold_id is not None, of_ticket=True),
        "unheld": Guard(lambda t, _f: t.hold_id is None, of_ticket=True),
        "may-expire": Guard(lambda t, _f: not t.level.is_green, of_ticket=True),
        "yields": Guard(lambda t, _f: not t.level.is_green, _refusal(NotPreemptible), of_ticket=True),
        "bed": Guard(lambda t, f: bool(f.bed_id or t.bed_id), _incomplete("bed_id")),
        "unacknowledged": Guard(lambda t, _f: t.acknowledged_at is None, of_ticket=True),
        "words": Guard(lambda _t, f: bool(f.text.strip() or f.reason.strip()), _refusal(ReasonRequired)),
        "rounds": Guard(lambda t, _f: t.info_rounds < MOST_ROUNDS, _refusal(TooManyQuestions), of_ticket=True),
        "reason": Guard(lambda _t, f: _reasoned(f), _refusal(ReasonRequired)),
        "successor": Guard(lambda _t, f: bool(f.successor_id), _refusal(SuccessorRequired)),
        "outcome": Guard(lambda _t, f: _told(f.outcome), _incomplete("outcome")),
        "stable": Guard(lambda t, f: _stable(_plan_of(t, f)), _refusal(NotStable), of_ticket=True),
        "plan": Guard(
            lambda t, f: not missing_of_plan(_plan_of(t, f)),
            lambda t, f: RehabPlanRequired(missing_of_plan(_plan_of(t, f))),
            of_ticket=True,
        ),
        "capability": Guard(
            lambda t, f: not lacking(_plan_of(t, f), f.checked),
            lambda t, f: CapabilityUnchecked(lacking(_plan_of(t, f), f.checked)),
        ),
        "level": Guard(lambda _t, f: f.level is not None, _incomplete("triage_level")),
        "not-lower": Guard(lambda t, f: f.level is not None and f.level <= t.level, _refusal(LevelForced)),
        "not-forced": Guard(
            lambda _t, f: not f.critical or (f.level is not None and f.level.is_green), _refusal(LevelForced)
        ),
    }
)
