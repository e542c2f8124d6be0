"""The published status map of consults: each state -> ServiceRequest, Appointment and Encounter (R4).

An Encounter of a consult is virtual (class VR), whether people meet in a call or the experts answer in writing; the
two columns differ while the opinion is written. An Appointment is a time that was offered or booked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from video.consults import Consult, Slot
from video.consults import ConsultState as S
from video.model import Urgency


@dataclass(frozen=True, slots=True)
class ConsultRow:
    """What one state of a consult is in FHIR.

    Parameters
    ----------
    appointment
        Status of the time that the consult has in this state, "-" where it has none; one that was given back is
        cancelled whatever the state.
    encounter, in_writing
        Status of the Encounter of a call, and of an answer in writing.
    """

    state: S
    service_request: str
    appointment: str
    encounter: str
    in_writing: str
    zh: str
    en: str


CONSULTS: Sequence[ConsultRow] = (
    ConsultRow(S.REQUESTED, "active", "-", "planned", "planned", "待受理", "to be answered"),
    ConsultRow(S.TRIAGED, "active", "-", "planned", "planned", "已受理，待安排", "taken on, to be arranged"),
    ConsultRow(S.RINGING, "active", "booked", "planned", "planned", "呼叫专家中", "experts are rung"),
    ConsultRow(S.SLOT_HELD, "active", "proposed", "planned", "planned", "待选时间", "times are offered"),
    ConsultRow(S.SCHEDULED, "active", "booked", "planned", "planned", "已约时间", "scheduled"),
    ConsultRow(S.LOBBY_OPEN, "active", "booked", "planned", "planned", "候诊开放", "the lobby is open"),
    ConsultRow(S.WAITING, "active", "arrived", "arrived", "arrived", "候诊中", "waiting to be let in"),
    ConsultRow(S.IN_CALL, "active", "fulfilled", "in-progress", "in-progress", "通话中", "in the call"),
    ConsultRow(S.INTERRUPTED, "active", "fulfilled", "in-progress", "in-progress", "通话中断", "interrupted"),
    ConsultRow(S.DOCUMENTING, "active", "fulfilled", "finished", "in-progress", "写意见", "the opinion is written"),
    ConsultRow(S.SIGNED, "completed", "fulfilled", "finished", "finished", "意见已签发，待采纳", "to be adopted"),
    ConsultRow(S.ADOPTED, "completed", "fulfilled", "finished", "finished", "已填采纳情况", "the inviter has decided"),
    ConsultRow(S.CLOSED, "completed", "fulfilled", "finished", "finished", "已结案", "closed"),
    ConsultRow(S.REFUSED, "revoked", "-", "cancelled", "cancelled", "已拒绝", "refused"),
    ConsultRow(S.CANCELLED, "revoked", "cancelled", "cancelled", "cancelled", "已取消", "cancelled"),
    ConsultRow(S.NO_SHOW, "revoked", "noshow", "cancelled", "cancelled", "未到", "nobody came"),
)
ROWS: Mapping[S, ConsultRow] = MappingProxyType({row.state: row for row in CONSULTS})
PRIORITY: Mapping[Urgency, str] = MappingProxyType(
    {Urgency.EMERGENCY: "stat", Urgency.URGENT: "urgent", Urgency.ROUTINE: "routine"}
)


def encounter_status(consult: Consult) -> str:
    """Return Encounter.status of a consult: of its call, or of the answer in writing."""
    row = ROWS[consult.state]
    return row.in_writing if consult.in_writing else row.encounter


def appointment_status(slot: Slot, consult: Consult, *, now: datetime) -> str:
    """Return Appointment.status of a time: an offer that is over and a time given back before the call are cancelled.

    A booked time is kept until the consult is over; if people met by then, it was fulfilled.
    """
    if slot.booked_at is None:
        return "proposed" if slot.keeps(now) else "cancelled"
    back, met, missed = (slot.released_at, *map(consult.timeline.get, (S.IN_CALL, S.NO_SHOW)))
    if met is not None and (back is None or back >= met):
        return "fulfilled"
    if back is None:
        return ROWS[consult.state].appointment
    return "noshow" if missed is not None and back >= missed else "cancelled"


def states_of(status: str, column: str) -> frozenset[S]:
    """Return the states that show a status in a column of the map."""
    return frozenset(row.state for row in CONSULTS if getattr(row, column) == status)


def render() -> str:
    """Return the map as the text that a person signs."""
    lines = ["state | ServiceRequest.status | Appointment.status | Encounter.status | in writing | 中文"]
    lines += [
        f"{row.state} ({row.en}) | {row.service_request} | {row.appointment} | {row.encounter} | {row.in_writing}"
        f" | {row.zh}"
        for row in CONSULTS
    ]
    return "\n".join([*lines, ""])
