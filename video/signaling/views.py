"""What each person is shown of a room, and what the media worker is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from video.consults import ConsultState
from video.signaling.room import is_patient
from video.signaling.seats import Place, Room, Seat

S = ConsultState
OPEN = frozenset({S.LOBBY_OPEN, S.WAITING, S.RINGING, S.IN_CALL, S.INTERRUPTED})
"""States in which a room can be entered."""
CALLING = frozenset({S.IN_CALL, S.INTERRUPTED})

UNNAMED = "患者"
"""What an observer reads where the patient's name stands."""
MAY_HOST = ("mute", "remove", "lock", "hand-over", "record", "end")
MAY_SHARE = ("view",)
SEEN_BY_ALL = (
    "kind", "study_uid", "series_uid", "instance_uid", "frame", "window", "zoom", "pan", "invert", "seq", "checked",
)  # fmt: skip
PICTURES = frozenset({"study", "ecg"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a room shows of its consult, as JSON values; `patient` is None where nobody may know."""

    number: str
    state: ConsultState
    begins_at: datetime | None
    organization: str  # the invitee
    phone: str
    patient: Mapping[str, Any] | None
    experts: tuple[Mapping[str, str], ...]  # {name, title, organization}
    teaching: bool = False


def room_view(room: Room, facts: Facts, me: Seat, view: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the room as somebody inside sees it."""
    host = next((seat for seat in room.seats if room.is_host(seat)), None)
    return {
        "consult_id": room.consult_id,
        "number": facts.number,
        "version": room.version,
        "state": facts.state.value,
        "me": me.id,
        "host": host.id if host else None,
        "locked": room.locked,
        "teaching": facts.teaching,
        "patient": None if me.observes else facts.patient,
        "begins_at": _at(facts.begins_at),
        "recording": room.recording.value,
        "view": view_for(me, view),
        "seats": [_seat_view(room, seat, me) for seat in room.seats if seat.admitted or me.who.place is Place.EXPERT],
        "may": may(room, me, teaching=facts.teaching),
    }


def view_for(me: Seat, view: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return what all look at as one may know of it: whoever only looks on knows of pictures, and of no report."""
    return seen_by_all(view) if me.observes else view


def seen_by_all(view: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return what of a view a class may know."""
    if view is None:
        return None
    return {key: view[key] for key in SEEN_BY_ALL if key in view} if view.get("kind") in PICTURES else None


def lobby_view(room: Room, facts: Facts) -> dict[str, Any]:
    """Return what somebody who waits is told: who, when and what now."""
    return {
        "number": facts.number,
        "state": facts.state.value,
        "organization": facts.organization,
        "phone": facts.phone,
        "experts": [dict(expert) for expert in facts.experts],
        "begins_at": _at(facts.begins_at),
        "host_here": any(room.is_host(seat) for seat in room.inside()),
    }


def may(room: Room, seat: Seat, *, teaching: bool = False) -> list[str]:
    """Return what somebody inside may do beyond speaking."""
    found = []
    if seat.who.place is Place.EXPERT:
        found.append("admit")
    if room.is_host(seat):
        found += MAY_HOST
    if may_share(seat):
        found += MAY_SHARE
    if teaching and (room.is_host(seat) or seat.who.place in {Place.SENDER, Place.PATIENT}):
        found.append("close-class")
    return [*found, "chat"]


def may_share(seat: Seat) -> bool:
    """Tell whether somebody opens studies for all."""
    return seat.admitted and seat.who.place in {Place.EXPERT, Place.SENDER}


def roster(room: Room) -> dict[str, dict[str, Any]]:
    """Return what a media worker is told: whose sources are forwarded, who receives.

    A seat whose socket is gone keeps its media: a web process that dies takes no call with it.
    """
    return {
        seat.id: {
            "publish": sorted(seat.forwarded),
            "receive": True,
            "low": seat.observes,
        }
        for seat in room.seats
        if seat.admitted
    }


def _seat_view(room: Room, seat: Seat, me: Seat) -> dict[str, Any]:
    hidden = is_patient(seat) and me.observes
    return {
        "id": seat.id,
        "user_id": None if is_patient(seat) else seat.who.person,
        "name": UNNAMED if hidden else seat.who.name,
        "role": "host" if room.is_host(seat) else seat.who.place.value,
        "title": seat.who.title,
        "organization": seat.who.organization,
        "status": seat.presence.value,
        **{source: source in seat.sends for source in ("microphone", "camera", "screen")},
        "silenced": sorted(seat.silenced),
        "hand": seat.hand,
        "consent": seat.consent,
        "since": _at(seat.since),
    }


def _at(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
