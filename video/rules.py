"""Deadlines of a consult as rows: when the next person is late, who that is, and who hears of it when she is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from video.consults import Consult, ConsultState
from video.errors import OutOfRange
from video.model import Side, Urgency, Words
from video.working_time import WorkingTime

CONSULT = "consult"
S = ConsultState

# What holds where a county wrote no row. lifecycles.md (d) and domain.md 2.1, 2.2 give those without a mark; [P] is
# our own proposal. Lists are by urgency: emergency, urgent; routine is counted in working days.
DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "answer_minutes": [10, 120],
        "answer_working_days": 2,
        "arrange_minutes": [10, 120],  # from triage to a time or an answer in writing [P]
        "arrange_working_days": 2,  # [P]
        "ring_seconds": 60,
        "slot_hold_minutes": 10,
        "lobby_minutes": 15,  # before the slot
        "late_minutes": 10,  # after it: somebody has not come
        "call_minutes": 120,  # a call so long is asked about [P]
        "interrupted_minutes": 15,
        "opinion_hours": [2, 24],  # emergency, any other
        "adoption_working_days": 1,
        "close_hours": 72,  # [P]
        "consent_hours": 24,  # an emergency's written consent follows [P]
        "recording_days": 1095,  # then it is destroyed [P]
        "expert_years": 3,
        "class_most": 50,  # who look on at once [P]
        "longest_slot_minutes": 240,  # [P]
        "most_offers": 3,
        "rungs_minutes": [5, 15, 60],  # pause after each rung of the ladder, emergency and urgent [P]
        "rungs_hours": [4, 24, 72],  # the same for routine ones [P]
        "opens": "08:00",
        "closes": "18:00",
        "holidays": [],
        "workdays": [],  # days of a week-end that are worked (调休)
    }
)


@dataclass(frozen=True, slots=True)
class ConsultRules:
    """How long everybody has; a row of the rule kind `consult` read into spans of time."""

    version: int
    answer: Mapping[Urgency, timedelta]  # routine: `answer_days`
    answer_days: float
    arrange: Mapping[Urgency, timedelta]
    arrange_days: float
    ring: timedelta
    slot_hold: timedelta
    lobby: timedelta
    late: timedelta
    call: timedelta
    interrupted: timedelta
    opinion_emergency: timedelta
    opinion: timedelta
    adoption_days: float
    close: timedelta
    consent: timedelta
    recording: timedelta
    expert_years: int
    class_most: int
    longest_slot: timedelta
    most_offers: int
    hurried_rungs: tuple[timedelta, ...]
    rungs: tuple[timedelta, ...]
    working: WorkingTime


def consult_rules(version: int, row: Mapping[str, Any]) -> ConsultRules:
    """Return the rules of a row; what it does not name is the default's.

    Raises
    ------
    OutOfRange
        When a rung has no pause, or an offer could never be chosen.
    ValueError
        When a list has not one number for each urgency.
    """
    data = {**DEFAULTS, **row}
    emergency, other = data["opinion_hours"]
    for name in ("slot_hold_minutes", "longest_slot_minutes", "most_offers", "ring_seconds"):
        if data[name] <= 0:
            raise OutOfRange(name, "> 0")
    return ConsultRules(
        version=version,
        answer=_by_urgency(data["answer_minutes"]),
        answer_days=float(data["answer_working_days"]),
        arrange=_by_urgency(data["arrange_minutes"]),
        arrange_days=float(data["arrange_working_days"]),
        ring=timedelta(seconds=data["ring_seconds"]),
        slot_hold=timedelta(minutes=data["slot_hold_minutes"]),
        lobby=timedelta(minutes=data["lobby_minutes"]),
        late=timedelta(minutes=data["late_minutes"]),
        call=timedelta(minutes=data["call_minutes"]),
        interrupted=timedelta(minutes=data["interrupted_minutes"]),
        opinion_emergency=timedelta(hours=emergency),
        opinion=timedelta(hours=other),
        adoption_days=float(data["adoption_working_days"]),
        close=timedelta(hours=data["close_hours"]),
        consent=timedelta(hours=data["consent_hours"]),
        recording=timedelta(days=data["recording_days"]),
        expert_years=int(data["expert_years"]),
        class_most=int(data["class_most"]),
        longest_slot=timedelta(minutes=data["longest_slot_minutes"]),
        most_offers=int(data["most_offers"]),
        hurried_rungs=_pauses("rungs_minutes", data["rungs_minutes"], timedelta(minutes=1)),
        rungs=_pauses("rungs_hours", data["rungs_hours"], timedelta(hours=1)),
        working=WorkingTime(
            time.fromisoformat(data["opens"]),
            time.fromisoformat(data["closes"]),
            frozenset(date.fromisoformat(day) for day in data["holidays"]),
            frozenset(date.fromisoformat(day) for day in data["workdays"]),
        ),
    )


def _by_urgency(minutes: Sequence[float]) -> Mapping[Urgency, timedelta]:
    pairs = zip((Urgency.EMERGENCY, Urgency.URGENT), minutes, strict=True)
    return MappingProxyType({urgency: timedelta(minutes=each) for urgency, each in pairs})


def _pauses(name: str, numbers: Sequence[float], unit: timedelta) -> tuple[timedelta, ...]:
    if not numbers or min(numbers) <= 0:
        raise OutOfRange(name, "> 0")
    return tuple(unit * number for number in numbers)


def next_deadline(consult: Consult, rules: ConsultRules, *, now: datetime) -> datetime | None:
    """Return when the next person is late, None for a terminal consult only.

    Notes
    -----
    A deadline that stands is kept; `decide` clears it where a new wait begins. What the clock itself does (an offer
    ends, a lobby opens) is due at that time too.
    """
    if not consult.is_live:
        return None
    return consult.deadline_at or _wait(consult, rules, now)


def _wait(consult: Consult, rules: ConsultRules, now: datetime) -> datetime:
    begins = consult.begins_at or now
    hurried = consult.urgency is Urgency.EMERGENCY
    ends: Mapping[ConsultState, datetime] = {
        S.REQUESTED: _answer(consult, rules.answer, rules.answer_days, rules, now),
        S.TRIAGED: _answer(consult, rules.arrange, rules.arrange_days, rules, now),
        S.RINGING: now + rules.ring,
        S.SLOT_HELD: now + rules.slot_hold,
        S.SCHEDULED: begins - rules.lobby,
        S.LOBBY_OPEN: begins + rules.late,
        S.WAITING: max(begins, now) + rules.late,
        S.IN_CALL: now + rules.call,
        S.INTERRUPTED: now + rules.interrupted,
        S.DOCUMENTING: now + (rules.opinion_emergency if hurried else rules.opinion),
        S.SIGNED: rules.working.after(now, rules.adoption_days),
        S.ADOPTED: now + rules.close,
    }
    return ends[consult.state]


def _answer(
    consult: Consult, minutes: Mapping[Urgency, timedelta], days: float, rules: ConsultRules, now: datetime
) -> datetime:
    span = minutes.get(consult.urgency)
    return rules.working.after(now, days) if span is None else now + span


DESK = ("referral-desk", "medical-affairs", "consultant")
EXPERTS = ("consultant", "medical-affairs", "referral-desk")
SENDERS = ("township-doctor", "family-doctor", "consultant", "referral-desk", "medical-affairs")
LEAD = ("medical-affairs",)
AT_EXPERTS = frozenset({S.WAITING, S.IN_CALL, S.INTERRUPTED, S.DOCUMENTING})
AT_SENDER = frozenset({S.SIGNED, S.ADOPTED})


def owner_of(consult: Consult) -> tuple[str, tuple[str, ...]]:
    """Return who has to act next: an organization, and the roles to try there in their order.

    Of offered slots the side that did not offer them chooses. For a terminal consult it is the inviter, who reads how
    it ended.
    """
    chooses = consult.state is S.SLOT_HELD and consult.offered_by == Side.INVITEE
    if chooses or consult.state in AT_SENDER or not consult.is_live:
        return consult.from_organization_id, SENDERS
    return consult.to_organization_id, EXPERTS if consult.state in AT_EXPERTS else DESK


STATE_ZH: Mapping[ConsultState, str] = MappingProxyType(
    {
        S.REQUESTED: "待受理",
        S.TRIAGED: "待安排",
        S.RINGING: "呼叫中",
        S.SLOT_HELD: "待选时间",
        S.SCHEDULED: "已约时间",
        S.LOBBY_OPEN: "候诊开放，无人接通",
        S.WAITING: "候诊中",
        S.IN_CALL: "通话中",
        S.INTERRUPTED: "通话中断，请打电话",
        S.DOCUMENTING: "待写意见",
        S.SIGNED: "意见待采纳",
        S.ADOPTED: "待结案",
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


def escalation(consult: Consult, step: int, rules: ConsultRules) -> Rung:
    """Return who is told when a deadline passed for the `step`-th time, from 0; nobody is decided over by a clock.

    Step 0 reminds the owner; step 1 also medical affairs there, and the other side; from step 2 on medical affairs of
    both sides, who have to telephone.
    """
    organization, roles = owner_of(consult)
    at_sender = organization == consult.from_organization_id
    other = consult.to_organization_id if at_sender else consult.from_organization_id
    other_roles = DESK if at_sender else SENDERS
    ladder: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...] = (
        ((organization, roles),),
        ((organization, roles), (organization, LEAD), (other, other_roles)),
        ((organization, LEAD), (other, LEAD), (other, other_roles)),
    )
    at = min(step, len(ladder) - 1)
    pauses = rules.rungs if consult.urgency is Urgency.ROUTINE else rules.hurried_rungs
    return Rung(ladder[at], pauses[min(at, len(pauses) - 1)], _late(consult, at))


def _late(consult: Consult, step: int) -> Words:
    zh = ("已超时，请处理", "超时仍无人处理，请立即处理", "超时已久，请医务科电话协调")[step]
    en = ("is late", "is still waiting: answer now", "waits on: medical affairs, telephone")[step]
    return Words(f"{consult.number} {STATE_ZH[consult.state]}：{zh}", f"{consult.number} {consult.state.value}: {en}")
