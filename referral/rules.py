"""Deadlines of a ticket as rows: when the next person is late, who that is, and who hears of it when she is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from referral.errors import OutOfRange
from referral.model import Direction, Level, Words
from referral.tickets import HomePlan, Ticket, TicketState
from referral.working_time import SHANGHAI, WorkingTime

REFERRAL = "referral"
S = TicketState

# What holds where a county wrote no row. lifecycles.md (b) gives those without a mark; [K] general knowledge,
# [L] seen elsewhere, [P] our own proposal. Lists are by level Ⅰ, Ⅱ, Ⅲ, Ⅳ.
DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "draft_hours": 24,  # [P]
        "open_minutes": [5, 30, 30, 30],
        "decide_minutes": [5, 10, 30, 240],  # Ⅲ, Ⅳ [K]; Ⅰ, Ⅱ only where a level rose while it was looked at [P]
        "acknowledge_minutes": [5, 10, 10, 10],
        "info_minutes": [10, 10, 60, 1440],  # [P]
        "depart_minutes": [30, 60, 120, 240],  # [P]
        "arrival_grace_minutes": 30,
        "hold_beyond_eta_minutes": 60,  # [P]
        "admit_minutes": [10, 30, 120, 240],  # [P]
        "stay_days": 14,  # [P]: a stay without news is asked about
        "outcome_hours": 48,
        "close_hours": 48,
        "cancel_minutes": 15,  # as a reading order's
        "handed_over_working_days": 1,
        "visit_days": 7,  # the first visit at home; its follow-up is due when its ticket is
        "first_visit_done_days": 3,  # [P]
        "bounce_days": 30,  # [P]
        "afterwards_hours": 24,  # what an emergency was spared is made good [P]
        "review_hours": 24,  # an outward transfer [P]
        "offer_minutes": 15,  # a freed bed waits for its ticket's desk [P]
        "block_review_hours": 24,  # a bed blocked without an end [P]
        "board_shift_hours": 12,  # a shift confirms its board [P]
        "no_news_hours": 48,  # so long the sender of a patient who is there heard nothing
        "rungs_minutes": [5, 15, 60],  # pause after each rung of the ladder, at Ⅰ and Ⅱ [P]
        "rungs_hours": [4, 24, 72],  # the same at Ⅲ and Ⅳ, and on the way home [P]
        "step_down": {"CCU": "心内"},  # where a patient of a department goes next [P]
        "consent_levels": [],  # levels that are not sent before the consent is written
        "opens": "08:00",
        "closes": "18:00",
        "holidays": [],
        "workdays": [],  # days of a week-end that are worked (调休)
    }
)

ByLevel = Mapping[Level, timedelta]


@dataclass(frozen=True, slots=True)
class ReferralRules:
    """How long everybody has; a row of the rule kind `referral` read into spans of time."""

    version: int
    draft: timedelta
    open: ByLevel
    decide: ByLevel
    acknowledge: ByLevel
    info: ByLevel
    depart: ByLevel
    arrival_grace: timedelta
    hold_beyond_eta: timedelta
    admit: ByLevel
    stay: timedelta
    outcome: timedelta
    close: timedelta
    cancel: timedelta
    handed_over: float  # working days
    visit: timedelta
    first_visit_done: timedelta
    bounce: timedelta
    afterwards: timedelta
    review: timedelta
    offer: timedelta
    block_review: timedelta
    board_shift: timedelta
    no_news: timedelta
    green_rungs: tuple[timedelta, ...]
    rungs: tuple[timedelta, ...]
    consent_levels: frozenset[Level]
    step_down: Mapping[str, str]
    working: WorkingTime


def referral_rules(version: int, row: Mapping[str, Any]) -> ReferralRules:
    """Return the rules of a row; what it does not name is the default's.

    Raises
    ------
    OutOfRange
        When a rung of the ladder has no pause: it would ring without end.
    ValueError
        When a list has not one number for each level.
    """
    data = {**DEFAULTS, **row}
    return ReferralRules(
        version=version,
        draft=timedelta(hours=data["draft_hours"]),
        open=_by_level(data["open_minutes"]),
        decide=_by_level(data["decide_minutes"]),
        acknowledge=_by_level(data["acknowledge_minutes"]),
        info=_by_level(data["info_minutes"]),
        depart=_by_level(data["depart_minutes"]),
        arrival_grace=timedelta(minutes=data["arrival_grace_minutes"]),
        hold_beyond_eta=timedelta(minutes=data["hold_beyond_eta_minutes"]),
        admit=_by_level(data["admit_minutes"]),
        stay=timedelta(days=data["stay_days"]),
        outcome=timedelta(hours=data["outcome_hours"]),
        close=timedelta(hours=data["close_hours"]),
        cancel=timedelta(minutes=data["cancel_minutes"]),
        handed_over=float(data["handed_over_working_days"]),
        visit=timedelta(days=data["visit_days"]),
        first_visit_done=timedelta(days=data["first_visit_done_days"]),
        bounce=timedelta(days=data["bounce_days"]),
        afterwards=timedelta(hours=data["afterwards_hours"]),
        review=timedelta(hours=data["review_hours"]),
        offer=timedelta(minutes=data["offer_minutes"]),
        block_review=timedelta(hours=data["block_review_hours"]),
        board_shift=timedelta(hours=data["board_shift_hours"]),
        no_news=timedelta(hours=data["no_news_hours"]),
        green_rungs=_pauses("rungs_minutes", data["rungs_minutes"], timedelta(minutes=1)),
        rungs=_pauses("rungs_hours", data["rungs_hours"], timedelta(hours=1)),
        consent_levels=frozenset(Level(level) for level in data["consent_levels"]),
        step_down=dict(data["step_down"]),
        working=_working_time(data),
    )


def _by_level(minutes: Sequence[float]) -> ByLevel:
    return {level: timedelta(minutes=each) for level, each in zip(Level, minutes, strict=True)}


def _pauses(name: str, numbers: Sequence[float], unit: timedelta) -> tuple[timedelta, ...]:
    if not numbers or min(numbers) <= 0:
        raise OutOfRange(name, "> 0")
    return tuple(unit * number for number in numbers)


def _working_time(data: Mapping[str, Any]) -> WorkingTime:
    return WorkingTime(
        time.fromisoformat(data["opens"]),
        time.fromisoformat(data["closes"]),
        frozenset(date.fromisoformat(day) for day in data["holidays"]),
        frozenset(date.fromisoformat(day) for day in data["workdays"]),
    )


def missing(ticket: Ticket) -> tuple[str, ...]:
    """Return what a ticket lacks to be sent, by the names of the interface; an emergency needs the least.

    An emergency goes with patient, diagnosis or summary, department and receiver; the rest is written while moving.
    """
    diagnosed, told = bool(ticket.diagnosis.code.strip()), bool(ticket.package.summary.strip())
    home = ticket.direction is Direction.DOWN
    hurried = ticket.level.is_green and not home
    needed = {
        "patient_id": bool(ticket.patient_id),
        "to_org": bool(ticket.to_organization_id or ticket.outside_name.strip()),
        "department": home or bool(ticket.department.strip() or ticket.needs.department.strip()),
        "diagnosis": diagnosed or (hurried and (told or bool(ticket.diagnosis.name.strip()))),
        "reason_code": hurried or bool(ticket.reason_code.strip()),
        "summary": hurried or home or told,
    }
    return tuple(name for name, there in needed.items() if not there)


def missing_of_plan(plan: HomePlan) -> tuple[str, ...]:
    """Return what a way home lacks; who stays an inpatient under daily rounds needs no rehabilitation plan yet."""
    needed = {
        "discharge_summary": bool(plan.discharge_summary.strip()),
        "medicines": any(medicine.strip() for medicine in plan.medicines),
        "warning_signs": plan.cloud_ward or bool(plan.warning_signs.strip()),
        "rehabilitation": plan.cloud_ward or bool(plan.rehabilitation.strip()),
    }
    return tuple(name for name, there in needed.items() if not there)


def next_deadline(ticket: Ticket, rules: ReferralRules, *, now: datetime, targets: ByLevel) -> datetime | None:
    """Return when the next person is late, None for a terminal ticket only.

    Parameters
    ----------
    targets
        How long a bed may be waited for by the rule of the beds; asked only of a ticket that waits for one.

    Notes
    -----
    A deadline that stands is kept; `decide` clears it where a new wait begins. It may lie in the past: a ticket that
    waited too long already is late at once. An unanswered alarm of the green channel comes before everything else.
    """
    if not ticket.is_live:
        return None
    stands = ticket.deadline_at or _wait(ticket, rules, now, targets)
    accepted_at = ticket.timeline.get(S.ACCEPTED.value)
    rings = ticket.level.is_green and ticket.acknowledged_at is None and ticket.deadline_at is None
    if rings and ticket.state in {S.ACCEPTED, S.BED_HELD, S.EN_ROUTE}:
        return min(stands, (accepted_at or now) + rules.acknowledge[ticket.level])
    return stands


def _wait(ticket: Ticket, rules: ReferralRules, now: datetime, targets: ByLevel) -> datetime:
    """Return the deadline of the state, counted from when it began, or from `now` where it can begin anew."""
    level = ticket.level
    since = ticket.timeline.get(ticket.state.value, now)
    paused = timedelta(seconds=ticket.paused_seconds)
    expected = ticket.expected_arrival_at or now + timedelta(minutes=ticket.travel_minutes)
    ends: Mapping[TicketState, datetime] = {
        S.DRAFT: now + rules.draft,
        S.SENT: since + rules.open[level],
        S.RECEIVED: since + rules.decide[level] + paused,
        S.INFO_NEEDED: (ticket.paused_at or now) + rules.info[level],
        S.ACCEPTED: _bed_or_departure(ticket, rules, now, targets),
        S.BED_HELD: now + rules.depart[level],
        S.EN_ROUTE: max(expected, now) + rules.arrival_grace,
        S.ARRIVED: since + rules.admit[level],
        S.ADMITTED: since + rules.stay,
        S.DISCHARGED: since + rules.outcome,
        S.OUTCOME_SENT: since + rules.close,
        S.CANCEL_REQUESTED: now + rules.cancel,
        S.HANDED_OVER: rules.working.after(now, rules.handed_over),
        S.TAKEN_OVER: min(since + rules.visit, _planned_visit(ticket) or since + rules.visit),
        S.FIRST_VISIT_DONE: since + rules.first_visit_done,
    }
    return ends[ticket.state]


def waits_for_bed(ticket: Ticket) -> bool:
    """Tell whether an accepted ticket has no place yet: neither a held bed nor the bay."""
    return ticket.state is S.ACCEPTED and not ticket.in_bay and not ticket.hold_id


def _bed_or_departure(ticket: Ticket, rules: ReferralRules, now: datetime, targets: ByLevel) -> datetime:
    if waits_for_bed(ticket):
        return (ticket.waiting_since or now) + targets.get(ticket.level, timedelta())
    return now + rules.depart[ticket.level]


def _planned_visit(ticket: Ticket) -> datetime | None:
    """Return the end of the day that the hospital named for the first visit."""
    if ticket.plan is None or ticket.plan.first_visit_due is None:
        return None
    return datetime.combine(ticket.plan.first_visit_due + timedelta(days=1), time(0), SHANGHAI)


SENDERS = ("township-doctor", "family-doctor", "consultant", "referral-desk", "medical-affairs")
HOSPITAL = ("consultant", "referral-desk", "medical-affairs")
DESK = ("referral-desk", "consultant", "township-doctor", "medical-affairs")
WARD = ("ward-nurse", "consultant", "township-doctor", "referral-desk")
TREATING = ("consultant", "township-doctor", "ward-nurse", "referral-desk")
TOWNSHIP = ("township-doctor", "family-doctor", "referral-desk", "medical-affairs")
FAMILY = ("family-doctor", "township-doctor", "medical-affairs")
LEAD = ("medical-affairs",)

AT_SENDER = frozenset({S.DRAFT, S.INFO_NEEDED, S.OUTCOME_SENT})
DEPARTING = frozenset({S.ACCEPTED, S.BED_HELD})

ROLES_OF: Mapping[TicketState, tuple[str, ...]] = MappingProxyType(
    {
        S.SENT: DESK,
        S.RECEIVED: DESK,
        S.ACCEPTED: DESK,
        S.BED_HELD: DESK,
        S.EN_ROUTE: DESK,
        S.ARRIVED: WARD,
        S.ADMITTED: TREATING,
        S.DISCHARGED: TREATING,
        S.CANCEL_REQUESTED: DESK,
        S.HANDED_OVER: TOWNSHIP,
        S.TAKEN_OVER: FAMILY,
        S.FIRST_VISIT_DONE: FAMILY,
    }
)


def owner_of(ticket: Ticket) -> tuple[str, tuple[str, ...]]:
    """Return the organization and the roles, in their order, that have to act next.

    Outside the network nobody of ours can act at the receiver: the sender keeps such a ticket. For a terminal ticket
    it is the sender, who learns how it ended.
    """
    sender = (ticket.from_organization_id, HOSPITAL if ticket.direction is Direction.DOWN else SENDERS)
    if ticket.state in AT_SENDER or not ticket.receives or not ticket.is_live or _has_to_depart(ticket):
        return sender
    return ticket.receives, ROLES_OF[ticket.state]


def _has_to_depart(ticket: Ticket) -> bool:
    answered = ticket.acknowledged_at is not None or not ticket.level.is_green
    return ticket.state in DEPARTING and bool(ticket.in_bay or ticket.hold_id) and answered


STATE_ZH: Mapping[TicketState, str] = MappingProxyType(
    {
        S.DRAFT: "未提交",
        S.SENT: "待打开",
        S.RECEIVED: "待答复",
        S.INFO_NEEDED: "待补资料",
        S.ACCEPTED: "待床位",
        S.BED_HELD: "已留床待出发",
        S.EN_ROUTE: "在途",
        S.ARRIVED: "已到院待入院",
        S.ADMITTED: "在院",
        S.DISCHARGED: "待回传结局",
        S.OUTCOME_SENT: "结局待阅",
        S.CANCEL_REQUESTED: "待确认取消",
        S.HANDED_OVER: "下转待接手",
        S.TAKEN_OVER: "待首次随访",
        S.FIRST_VISIT_DONE: "待结案",
    }
)
"""What a live state is called where it is late."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder: who is told, after how long the next rung follows, and the words.

    Parameters
    ----------
    told
        Organizations with the roles to try there, in their order.
    pause
        From this rung to the next; the last one repeats.
    """

    told: tuple[tuple[str, tuple[str, ...]], ...]
    pause: timedelta
    words: Words


def escalation(ticket: Ticket, step: int, rules: ReferralRules | None = None) -> Rung:
    """Return who is told when a deadline passed for the `step`-th time, from 0; nothing ever decides by itself.

    Step 0 reminds the owner; step 1 rings everybody there who could answer, medical affairs too, and the other side;
    from step 2 on medical affairs of both sides, who have to telephone.
    """
    rules = rules or referral_rules(0, {})
    organization, roles = owner_of(ticket)
    other = ticket.receives if organization == ticket.from_organization_id else ticket.from_organization_id
    other_roles = DESK if other == ticket.receives else SENDERS
    ladder: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...] = (
        ((organization, roles),),
        (*((organization, (role,)) for role in dict.fromkeys((*roles, *LEAD))), (other, other_roles)),
        ((organization, LEAD), (other, LEAD), (other, other_roles)),
    )
    at = min(step, len(ladder) - 1)
    pauses = rules.green_rungs if ticket.level.is_green and ticket.direction is not Direction.DOWN else rules.rungs
    told = tuple((where, who) for where, who in ladder[at] if where)
    return Rung(told, pauses[min(at, len(pauses) - 1)], _late(ticket, at))


def _late(ticket: Ticket, step: int) -> Words:
    zh = ("已超时，请处理", "超时仍无人处理，请立即处理", "超时已久，请医务科电话协调")[step]
    en = ("is late", "is still waiting: answer now", "waits on: medical affairs, telephone")[step]
    return Words(f"{ticket.number} {STATE_ZH[ticket.state]}：{zh}", f"{ticket.number} {ticket.state.value}: {en}")
