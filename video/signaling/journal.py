"""What happened in a room, for its record: who came and went, who agreed to be recorded, what all looked at. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from video.signaling.seats import Presence, Recorded, Recording, Room, Seat


class Happening(StrEnum):
    """What a note says."""

    CAME = "came"
    AWAY = "away"  # the line is gone, the seat is kept
    BACK = "back"
    LEFT = "left"
    AGREED = "agreed"  # to be recorded
    DECLINED = "declined"  # or withdrew
    LOOKED = "looked"  # something was opened for all, or closed


H = Happening
UID = 64  # characters of a UID at most (PS3.5 9.1)
NAME, HOUSE = 80, 200  # characters that are kept of a person's name or title, and of a house's


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that happened in a room, and who did it.

    Parameters
    ----------
    role
        `host`, `expert`, `sender`, `patient` or `observer`, as she was then.
    subject
        Of `looked`: what, as `subject_of` names it.
    """

    consult_id: str
    at: datetime
    what: Happening
    seat: str
    person: str
    name: str
    role: str
    title: str = ""
    organization: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody's time in a room.

    Parameters
    ----------
    spans
        From when to when she was inside; None while she is.
    cuts
        How often her line was gone.
    """

    person: str
    name: str
    role: str
    title: str
    organization: str
    spans: tuple[tuple[datetime, datetime | None], ...] = ()
    cuts: int = 0
    away: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Something that all looked at together; `until` is None while they do."""

    kind: str
    uid: str
    by: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consented:
    """Somebody's word on a recording that began; `name` is "" and `agreed_at` None where no note was kept of it."""

    person: str
    name: str = ""
    agreed_at: datetime | None = None
    withdrawn_at: datetime | None = None


def changes(before: Room, room: Room, now: datetime) -> Iterator[Note]:
    """Yield what a move of the room is to its record."""
    asked = before.recording is Recording.OFF and room.recording is not Recording.OFF
    for seat in room.seats:
        old = before.seat(seat.id)
        for what in (*_moved(old, seat), *_said(old, seat, asked=asked)):
            yield note(room, seat, what, now)
    for seat in before.seats:
        if seat.admitted and room.seat(seat.id) is None:
            yield note(before, seat, H.LEFT, now)


def note(room: Room, seat: Seat, what: Happening, now: datetime, subject: str = "") -> Note:
    """Return a note about somebody in a room; names of a mile are cut, so that they keep nobody out."""
    role = "host" if room.is_host(seat) else seat.who.place.value
    who = seat.who
    return Note(
        room.consult_id, now, what, seat.id, who.person, who.name[:NAME], role, who.title[:NAME],
        who.organization[:HOUSE], subject,
    )  # fmt: skip


def _moved(old: Seat | None, seat: Seat) -> Iterator[Happening]:
    if not seat.admitted:
        return
    if old is None or not old.admitted:
        yield H.CAME
    elif seat.presence is not old.presence:
        yield H.AWAY if seat.presence is Presence.AWAY else H.BACK


def _said(old: Seat | None, seat: Seat, *, asked: bool) -> Iterator[Happening]:
    if seat.consent is not None and (asked or old is None or old.consent is not seat.consent):
        yield H.AGREED if seat.consent else H.DECLINED


def subject_of(view: Mapping[str, Any] | None) -> str:
    """Return what all look at, without where in it: leafing through a study is no new look."""
    return f"{view.get('kind', '')} {str(view.get('study_uid', ''))[:UID]}".strip() if view else ""


def stays(notes: Sequence[Note]) -> list[Stay]:
    """Return who was there from when to when, in the order in which they came."""
    found: dict[str, Stay] = {}
    for each in notes:
        known = found.get(each.person)
        if known is None and each.what is not H.CAME:
            continue  # of a call that began before notes were kept
        blank = Stay(each.person, each.name, each.role, each.title, each.organization)
        found[each.person] = _after(known or blank, each)
    return list(found.values())


def _after(stay: Stay, said: Note) -> Stay:
    match said.what:
        case H.CAME:
            return replace(stay, role=said.role, spans=(*stay.spans, (said.at, None)), away=None)
        case H.AWAY:
            return replace(stay, cuts=stay.cuts + 1, away=said.at)
        case H.BACK:
            return replace(stay, away=None)
        case H.LEFT:
            *earlier, (since, until) = stay.spans
            if until is not None:
                return stay  # a seat is left once
            # A seat that was given up after a minute was empty from the first second on.
            return replace(stay, role=said.role, spans=(*earlier, (since, stay.away or said.at)), away=None)
        case H.AGREED | H.DECLINED | H.LOOKED:
            return stay


def looks(notes: Sequence[Note]) -> list[Look]:
    """Return what was looked at together, and until when; an empty room looks at nothing."""
    found: list[Look] = []
    inside: set[str] = set()
    for each in notes:
        inside = _inside(inside, each)
        ends = each.what is H.LOOKED or (each.what is H.LEFT and not inside)
        if ends and found and found[-1].until is None:
            found[-1] = replace(found[-1], until=each.at)
        if each.what is H.LOOKED and each.subject:
            kind, _, uid = each.subject.partition(" ")
            found.append(Look(kind, uid, each.name, each.at))
    return found


def _inside(inside: set[str], said: Note) -> set[str]:
    if said.what is H.CAME:
        return inside | {said.seat}
    return inside - {said.seat} if said.what is H.LEFT else inside


def consents(recorded: Recorded, notes: Sequence[Note]) -> list[Consented]:
    """Return who agreed to a recording and when, and who took it back while it ran."""
    found = {person: Consented(person) for person in recorded.consented}
    for each in notes:
        said = found.get(each.person)
        if said is None:
            continue
        if each.what is H.AGREED and each.at <= recorded.started_at:
            found[each.person] = replace(said, name=each.name, agreed_at=each.at)
        elif each.what is H.DECLINED and _while(recorded, each.at):
            found[each.person] = replace(said, withdrawn_at=each.at)
    return sorted(found.values(), key=lambda each: each.agreed_at or recorded.started_at)


def _while(recorded: Recorded, at: datetime) -> bool:
    return recorded.started_at <= at and (recorded.ended_at is None or at <= recorded.ended_at)
