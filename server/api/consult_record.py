"""What stays of a call: who was there, what was written and looked at, and how each one's line did."""

from collections.abc import Sequence
from datetime import datetime
from statistics import median

from server.accounts.model import AuditEntry
from server.api.consult_recordings import names_of, of_my_side
from server.api.consults import CONSULTS
from server.api.endpoint import Call, Routes, View
from video.consults import Consult
from video.signaling import journal
from video.signaling.journal import Look, Stay

routes = Routes("consults")


class RoomMessageView(View):
    """What somebody wrote into the room."""

    id: str
    name: str
    role: str
    text: str
    at: datetime


class RoomSpanView(View):
    """From when to when somebody was inside; `until` is None while she is."""

    since: datetime
    until: datetime | None


class RoomStayView(View):
    """Somebody who was in the call; `cuts` is how often her line was gone."""

    person: str
    name: str
    role: str
    title: str
    organization: str
    spans: Sequence[RoomSpanView]
    cuts: int


class LookView(View):
    """What all looked at together; `label` is its kind of images and what the study says of itself."""

    kind: str
    study_uid: str
    label: str
    by: str
    since: datetime
    until: datetime | None


class LineView(View):
    """How somebody's line did over a call: medians of its samples, one each half minute; None where it said nothing."""

    person: str
    name: str
    samples: int
    since: datetime
    until: datetime
    rtt_ms: float | None
    loss: float | None
    up_kbit: float | None
    down_kbit: float | None
    freezes: float | None
    frozen: float
    audio_only: float


class CallRecordView(View):
    """What stays of a call; of a line's samples `audio_only` had no pictures, in `frozen` they stood still."""

    people: Sequence[RoomStayView]
    looks: Sequence[LookView]
    messages: Sequence[RoomMessageView]
    lines: Sequence[LineView]


@routes.get(CONSULTS + "/{id}/call", answer=CallRecordView)
async def show_call(call: Call) -> CallRecordView:
    """Show who was in the room, what was written and looked at there, and how the lines did."""
    consult = await of_my_side(call)
    messages = await call.uow.rooms.messages(consult.id)
    notes = await call.uow.rooms.notes(consult.id)
    call.uow.audit(AuditEntry("open", "consult-calls", consult.id, consult.patient_id))
    return CallRecordView(
        people=[_stay(each) for each in journal.stays(notes)],
        looks=[await _look(call, each, consult.patient_id) for each in journal.looks(notes)],
        messages=[RoomMessageView(id=m.id, name=m.name, role=m.role, text=m.text, at=m.at) for m in messages],
        lines=await _lines(call, consult),
    )


def _stay(stay: Stay) -> RoomStayView:
    return RoomStayView(
        person=stay.person, name=stay.name, role=stay.role, title=stay.title, organization=stay.organization,
        spans=[RoomSpanView(since=since, until=until) for since, until in stay.spans], cuts=stay.cuts,
    )  # fmt: skip


async def _look(call: Call, look: Look, patient_id: str) -> LookView:
    """Return a look; whoever opened it named the study, so of another patient's nothing is said."""
    study = await call.uow.studies.get(look.uid) if look.uid else None
    if study is not None and study.patient_id != patient_id:
        study = None
    label = " ".join(filter(None, ("/".join(study.modalities), study.description))) if study else ""
    return LookView(
        kind=look.kind, study_uid=look.uid, label=label, by=look.by, since=look.since, until=look.until
    )  # fmt: skip


async def _lines(call: Call, consult: Consult) -> list[LineView]:
    samples: dict[str, list[tuple[datetime, dict[str, float]]]] = {}
    for person, at, body in await call.uow.rooms.quality(consult.id):
        samples.setdefault(person, []).append((at, body))
    names = await names_of(call, consult, samples)
    return [_line(person, names.get(person, person), found) for person, found in samples.items()]


def _line(person: str, name: str, found: Sequence[tuple[datetime, dict[str, float]]]) -> LineView:
    def middle(key: str) -> float | None:
        said = [body[key] for _, body in found if body.get(key) is not None]
        return round(median(said), 3) if said else None

    return LineView(
        person=person,
        name=name,
        samples=len(found),
        since=found[0][0],
        until=found[-1][0],
        rtt_ms=middle("rtt_ms"),
        loss=middle("loss"),
        up_kbit=middle("up_kbit"),
        down_kbit=middle("down_kbit"),
        freezes=middle("freezes"),
        frozen=sum(bool(body.get("freezes")) for _, body in found) / len(found),
        audio_only=sum(bool(body.get("audio_only")) for _, body in found) / len(found),
    )
