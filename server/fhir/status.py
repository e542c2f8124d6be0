"""The published status map: each state of a ticket -> ServiceRequest.status, Task.status and businessStatus (R4).

ServiceRequest is what is asked, Task is the work on it; our own finer state is always Task.businessStatus.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from referral.model import BedState, Direction, IntervalKind, IntervalState, Level
from referral.tickets import TicketState as S


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What one state of a ticket of one direction is in FHIR; `zh` and `en` are words of its businessStatus."""

    state: S
    service_request: str
    task: str
    zh: str
    en: str


UPWARD: Sequence[StatusRow] = (
    StatusRow(S.DRAFT, "draft", "draft", "草稿", "draft"),
    StatusRow(S.SENT, "active", "requested", "已发送", "sent"),
    StatusRow(S.RECEIVED, "active", "received", "对方已打开", "opened by the receiver"),
    StatusRow(S.INFO_NEEDED, "active", "on-hold", "待补充资料", "more information is asked for"),
    StatusRow(S.ACCEPTED, "active", "accepted", "已接收", "accepted"),
    StatusRow(S.BED_HELD, "active", "ready", "已留床", "a bed is held"),
    StatusRow(S.EN_ROUTE, "active", "in-progress", "在途", "on the way"),
    StatusRow(S.ARRIVED, "active", "in-progress", "已到达", "arrived"),
    StatusRow(S.ADMITTED, "active", "in-progress", "已入院", "admitted"),
    StatusRow(S.DISCHARGED, "active", "in-progress", "已出院，待回告", "discharged, the outcome is owed"),
    StatusRow(S.OUTCOME_SENT, "completed", "completed", "结局已回告", "the outcome was sent"),
    StatusRow(S.CANCEL_REQUESTED, "on-hold", "on-hold", "待确认取消", "asked to be cancelled"),
    StatusRow(S.ADVISED, "completed", "completed", "已给意见，不转", "answered with advice"),
    StatusRow(S.DECLINED, "revoked", "rejected", "未接收", "declined"),
    StatusRow(S.REDIRECTED, "revoked", "rejected", "已改转他处", "redirected, a successor exists"),
    StatusRow(S.CLOSED, "completed", "completed", "已结束", "closed"),
    StatusRow(S.CANCELLED, "revoked", "cancelled", "已取消", "cancelled"),
    StatusRow(S.DIED, "revoked", "failed", "病人去世", "the patient died"),
    StatusRow(S.NOT_ARRIVED, "revoked", "failed", "未到", "did not arrive"),
    StatusRow(S.ADMITTED_ELSEWHERE, "revoked", "cancelled", "已在他处住院", "admitted elsewhere"),
)

DOWNWARD: Sequence[StatusRow] = (
    StatusRow(S.DRAFT, "draft", "draft", "草稿", "draft"),
    StatusRow(S.HANDED_OVER, "active", "requested", "已交基层，待接", "handed over, not taken over yet"),
    StatusRow(S.INFO_NEEDED, "active", "on-hold", "待补充资料", "more information is asked for"),
    StatusRow(S.TAKEN_OVER, "active", "accepted", "基层已接，待首访", "taken over, the first visit is due"),
    StatusRow(S.FIRST_VISIT_DONE, "active", "in-progress", "首访已完成", "the first visit is done"),
    StatusRow(S.CLOSED, "completed", "completed", "已结束", "closed"),
    StatusRow(S.CANCELLED, "revoked", "cancelled", "已取消", "cancelled"),
    StatusRow(S.DIED, "revoked", "failed", "病人去世", "the patient died"),
    StatusRow(S.ADMITTED_ELSEWHERE, "revoked", "cancelled", "已在他处住院", "admitted elsewhere"),
)

TABLES: Mapping[Direction, Sequence[StatusRow]] = MappingProxyType(
    {Direction.UP: UPWARD, Direction.LATERAL: UPWARD, Direction.DOWN: DOWNWARD}
)
_ROWS = {(direction, row.state): row for direction, rows in TABLES.items() for row in rows}

PRIORITY: Mapping[Level, str] = MappingProxyType(
    {Level.I: "stat", Level.II: "asap", Level.III: "urgent", Level.IV: "routine"}
)

BED_STATUS: Mapping[BedState, tuple[str, str]] = MappingProxyType(
    {  # HL7 table 0116; R4 has no "reserved": a held bed is occupied, with the extension raw-state = held
        BedState.AVAILABLE: ("U", "Unoccupied"),
        BedState.HELD: ("O", "Occupied"),
        BedState.OCCUPIED: ("O", "Occupied"),
        BedState.TO_CLEAN: ("H", "Housekeeping"),
        BedState.BLOCKED: ("C", "Closed"),
    }
)

_LEFT = (IntervalState.RELEASED, IntervalState.EXPIRED, IntervalState.PRE_EMPTED)


def row_of(direction: Direction, state: S) -> StatusRow:
    """Return the row of a ticket's state; KeyError when the direction has no such state."""
    return _ROWS[direction, state]


def encounter_status(kind: IntervalKind, state: IntervalState) -> str:
    """Return Encounter.status of what keeps a bed: a hold is planned, an occupancy in progress, then finished."""
    if kind is IntervalKind.HOLD:
        return "cancelled" if state in _LEFT else "planned" if state is IntervalState.LIVE else "finished"
    return "in-progress" if state is IntervalState.LIVE else "finished"


def render() -> str:
    """Return the map as the text that a person signs: first the tickets, then the beds."""
    lines = ["direction | state | ServiceRequest.status | Task.status | Task.businessStatus | 中文"]
    for name, rows in (("up, lateral", UPWARD), ("down", DOWNWARD)):
        lines += [
            f"{name} | {row.state} | {row.service_request} | {row.task} | {row.state} ({row.en}) | {row.zh}"
            for row in rows
        ]
    lines += ["", "bed | Location.operationalStatus (v2-0116)"]
    lines += [f"{state} | {code} {name}" for state, (code, name) in BED_STATUS.items()]
    lines += ["", "interval | Encounter.status"]
    lines += [f"{kind} {state} | {encounter_status(kind, state)}" for kind, state in _INTERVALS]
    return "\n".join([*lines, ""])


_INTERVALS = (
    *((IntervalKind.HOLD, state) for state in (IntervalState.LIVE, IntervalState.CONSUMED, *_LEFT)),
    *((IntervalKind.OCCUPANCY, state) for state in (IntervalState.LIVE, IntervalState.ENDED)),
)
