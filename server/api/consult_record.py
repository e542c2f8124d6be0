"""What stays of a call: what was written in the room, and how each one's line did."""

from collections.abc import Sequence
from datetime import datetime
from statistics import median

from server.accounts.model import AuditEntry
from server.api.consult_recordings import of_my_side
from server.api.consults import CONSULTS
from server.api.endpoint import Call, Routes, View
from video.signaling.seats import PATIENT

routes = Routes("consults")


class RoomMessageView(View):
    """What somebody wrote into the room."""

    id: str
    name: str
    role: str
    text: str
    at: datetime


class LineView(View):
    """How somebody's line did over a call: medians of its samples, one each half minute; None where it said nothing."""

    name: str
    samples: int
    since: datetime
    until: datetime
    rtt_ms: float | None
    loss: float | None
    up_kbit: float | None
    down_kbit: float | None
    freezes: float | None
    audio_only: float


class CallRecordView(View):
    """What stays of a call; `audio_only` of a line is the share of samples without pictures."""

    messages: Sequence[RoomMessageView]
    lines: Sequence[LineView]


@routes.get(CONSULTS + "/{id}/call", answer=CallRecordView)
async def show_call(call: Call) -> CallRecordView:
    """Show what was written in the room and how the lines did."""
    consult = await of_my_side(call)
    messages = await call.uow.rooms.messages(consult.id)
    lines = await _lines(call, consult.id)
    call.uow.audit(AuditEntry("open", "consult-calls", consult.id, consult.patient_id))
    return CallRecordView(
        messages=[RoomMessageView(id=m.id, name=m.name, role=m.role, text=m.text, at=m.at) for m in messages],
        lines=lines,
    )


async def _lines(call: Call, consult_id: str) -> list[LineView]:
    samples: dict[str, list[tuple[datetime, dict[str, float]]]] = {}
    for person, at, body in await call.uow.rooms.quality(consult_id):
        samples.setdefault(person, []).append((at, body))
    names = await call.uow.centres.people(samples) | {PATIENT: "患者"}
    return [_line(names.get(person, person), found) for person, found in samples.items()]


def _line(name: str, found: Sequence[tuple[datetime, dict[str, float]]]) -> LineView:
    def middle(key: str) -> float | None:
        said = [body[key] for _, body in found if body.get(key) is not None]
        return round(median(said), 3) if said else None

    return LineView(
        name=name,
        samples=len(found),
        since=found[0][0],
        until=found[-1][0],
        rtt_ms=middle("rtt_ms"),
        loss=middle("loss"),
        up_kbit=middle("up_kbit"),
        down_kbit=middle("down_kbit"),
        freezes=middle("freezes"),
        audio_only=sum(bool(body.get("audio_only")) for _, body in found) / len(found),
    )
