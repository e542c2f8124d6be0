"""What people say in a room, one frame in one transaction: the room moves, and where it must the consult with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from video.consults import Consult, ConsultState, Teaching
from video.errors import CallOver, ClassFull, TooEarly, UnknownSubject
from video.lifecycle import Fact
from video.model import Urgency
from video.service import call
from video.service.ground import Act, move, rules_for, the_consult
from video.signaling import journal
from video.signaling import room as rooms
from video.signaling.room import Held
from video.signaling.seats import (
    Message,
    Place,
    Recorded,
    Recording,
    Room,
    Seat,
    Visitor,
)
from video.signaling.views import CALLING, OPEN

S = ConsultState
BEFORE = frozenset({S.REQUESTED, S.TRIAGED, S.SLOT_HELD, S.SCHEDULED})
ASKING = (Place.SENDER, Place.PATIENT)
RECORDING = "consult-recording"
"""The deadline after which a recording is destroyed."""
KEEP = timedelta(seconds=60)
"""So long a seat is kept for somebody whose line is gone (lifecycles.md d)."""
ALONE = timedelta(seconds=10)
"""So long a side may be away before the call counts as interrupted: a reload is quicker."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message for some seats; None is everybody inside."""

    message: Mapping[str, Any]
    to: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A socket that has to close, and why."""

    seat: str
    socket: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a frame.

    Parameters
    ----------
    seat
        Whose frame it was, as her seat stands now; None once she is gone.
    answer
        More fields of the answer to it.
    stored
        The room stands in the register already: only what comes after it is new.
    """

    consult: Consult
    room: Room
    seat: Seat | None = None
    answer: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    told: tuple[Told, ...] = ()
    ended: tuple[Ended, ...] = ()
    stored: bool = False


async def come_in(act: Act, consult: Consult, visitor: Visitor, socket: str) -> Outcome:
    """Take a seat; the inviter's side checks in by that, an expert answers a ring by it.

    Raises
    ------
    TooEarly, CallOver, Locked, ClassFull
    """
    if consult.state not in OPEN:
        raise TooEarly(consult.begins_at) if consult.state in BEFORE else CallOver
    before = await the_room(act, consult)
    held = before.seat_of(visitor.person)
    if visitor.invited and held is None:
        await _find_place(act, consult, before)
    room, seat = rooms.enter(before, visitor, socket=socket, new_id=act.new_id, now=act.now)
    if consult.state is S.RINGING and visitor.place is Place.EXPERT:
        consult = await call.answer_ring(act, consult)
        room = rooms.admit_waiting(rooms.lead(room, consult.host), *ASKING)
    elif consult.state is S.LOBBY_OPEN and visitor.place in ASKING:
        consult = await call.check_in(act, consult)
    elif consult.state in CALLING and consult.urgency is Urgency.EMERGENCY and visitor.place is Place.SENDER:
        room = rooms.let_in(room, seat)  # an expert has answered her ring already: she does not knock
    if visitor.invited:
        room = rooms.let_look_on(room, seat)
    consult = await call.follow(act, consult, two_sided=room.is_two_sided or consult.state is S.IN_CALL)
    await keep(act, before, room)
    ended = (Ended(held.id, held.socket, "replaced"),) if held and held.socket not in {"", socket} else ()
    return Outcome(consult, room, room.seat(seat.id), ended=ended)


async def _find_place(act: Act, consult: Consult, room: Room) -> None:
    most = (await rules_for(act, consult.to_organization_id)).class_most
    if len(room.invited()) >= most:
        raise ClassFull(most)


async def lose(act: Act, consult: Consult, seat_id: str, socket: str) -> Outcome:
    """Keep the seat of somebody whose socket is gone."""
    before = await the_room(act, consult)
    seat = before.seat(seat_id)
    room = before if seat is None else rooms.lose(before, seat, socket=socket, now=act.now)
    await keep(act, before, room)
    return Outcome(consult, room)


async def sweep(act: Act, consult: Consult, silent: Collection[Held]) -> Outcome:
    """Let time pass: seats of the silent are kept for a while, then given up; a call with one side is interrupted.

    Parameters
    ----------
    silent
        Seats with their sockets that nobody has heard of for some seconds; a newer socket keeps its seat.
    """
    before = await the_room(act, consult)
    room = rooms.lose_silent(before, silent, now=act.now)
    room = rooms.expire(room, keep=KEEP, now=act.now)
    if consult.state in CALLING:
        consult, room = await led(act, consult, room)
        lately = replace(room, seats=tuple(_lately_here(seat, act.now) for seat in room.seats))
        consult = await call.follow(act, consult, two_sided=lately.is_two_sided)
    await keep(act, before, room)
    return Outcome(consult, room)


def _lately_here(seat: Seat, now: datetime) -> Seat:
    away = seat.away_since
    return replace(seat, away_since=None) if away is not None and now - away < ALONE else seat


async def led(act: Act, consult: Consult, room: Room) -> tuple[Consult, Room]:
    """Let a call have a host who is there, whatever has just taken one out of it."""
    if consult.state not in CALLING:
        return consult, room
    consult = await _keep_a_host(act, consult, room)
    return consult, rooms.lead(room, consult.host)


async def _keep_a_host(act: Act, consult: Consult, room: Room) -> Consult:
    """Let another expert lead where the host has given her seat up: somebody has to be able to end the call."""
    host = room.seat_of(consult.host)
    others = [seat for seat in room.inside() if seat.who.place is Place.EXPERT]
    if (host is not None and host.admitted) or not others:
        return consult
    return await call.hand_over(act.as_system(), consult, others[0].who.person)


async def close(act: Act, consult: Consult, reason: str) -> Outcome:
    """Empty the room: the call is over, or will not be."""
    before = await the_room(act, consult)
    empty = replace(before, version=before.version + 1, seats=(), locked=False, recording=Recording.OFF)
    room = empty if before.seats else before
    await keep(act, before, room)
    return Outcome(consult, room, ended=tuple(Ended(seat.id, seat.socket, reason) for seat in before.seats))


async def take_away(act: Act, consult: Consult, seat_id: str, reason: str) -> Outcome:
    """Take a seat from somebody who may not sit there any more."""
    before = await the_room(act, consult)
    seat = before.seat(seat_id)
    if seat is None:
        return Outcome(consult, before)
    consult, room = await led(act, consult, rooms.leave(before, seat))
    await keep(act, before, room)
    return Outcome(consult, room, ended=(Ended(seat.id, seat.socket, reason),))


async def admit_all(act: Act, consult: Consult, seat_id: str = "") -> Outcome:
    """Let in somebody who waits, or everybody, without a seat of one's own: the command of a screen.

    Raises
    ------
    UnknownSubject
        When nobody waits: an empty room is no call.
    """
    before = await the_room(act, consult)
    waiting = [seat for seat in before.seats if not seat.admitted and _is_meant(seat, seat_id)]
    if not waiting and (seat_id == "" or before.seat(seat_id) is None):
        raise UnknownSubject("seats", seat_id or "waiting")
    room = before
    for seat in waiting:
        room = rooms.let_in(room, seat)
    if any(not seat.observes for seat in waiting):
        consult = await begun(act, consult, act.by.user_id)
    consult = await call.follow(act, consult, two_sided=room.is_two_sided or consult.state is S.IN_CALL)
    room = rooms.lead(room, consult.host)
    await keep(act, before, room)
    return Outcome(consult, room)


def _is_meant(seat: Seat, seat_id: str) -> bool:
    """Tell whether this seat is named; nobody named means whoever takes part in the call, not who looks on."""
    return seat.id == seat_id if seat_id else not seat.observes


async def open_class(act: Act, consult: Consult, teaching: Teaching) -> Outcome:
    """Open a consult for teaching, or name others; whoever of the class sits there is shown the room anew.

    Raises
    ------
    NotPermitted, IllegalTransition, ConsentRequired, Incomplete
    """
    opened = await move(act, consult, "open-class", Fact(teaching=teaching), **_said_of(teaching))
    return Outcome(opened, await the_room(act, opened))


def _said_of(teaching: Teaching) -> dict[str, str]:
    """Return what is said with an opening: the class itself keeps the last names, and the paper that it stands on."""
    consent = teaching.consent
    return {
        "organizations": ",".join(teaching.organizations), "people": ",".join(teaching.people),
        "consent_by": consent.by, "consent_relation": consent.relation, "consent_document": consent.document,
    }  # fmt: skip


async def close_class(act: Act, consult: Consult) -> Outcome:
    """Close the class: whoever looks on is out at once.

    Raises
    ------
    NotPermitted, IllegalTransition
    """
    closed = await move(act, consult, "close-class", Fact())
    before = await the_room(act, closed)
    room, gone = rooms.end_class(before)
    await keep(act, before, room)
    return Outcome(closed, room, ended=tuple(Ended(seat.id, seat.socket, "class-over") for seat in gone))


async def end_all(act: Act, consult: Consult) -> Outcome:
    """End the call for everybody."""
    ended = await call.end(act, consult)
    closed = await close(act, ended, "ended")
    return replace(closed, consult=ended)


async def the_room(act: Act, consult: Consult) -> Room:
    """Return a consult's room, led by the consult's host."""
    return rooms.lead(await act.uow.rooms.get(consult.id), consult.host)


async def keep(act: Act, before: Room, room: Room) -> None:
    """Store a room that has changed, and what of the call is recorded from now on."""
    if room == before:
        return
    await act.uow.rooms.put(room, act.now)
    await act.uow.rooms.note(tuple(journal.changes(before, room, act.now)))
    was, runs = (each.recording is Recording.ON for each in (before, room))
    if was and not runs:
        await act.uow.rooms.end_recording(room.consult_id, act.now, _why_ended(before, room))
    elif runs and not was:
        await _begin_recording(act, room)


async def _begin_recording(act: Act, room: Room) -> None:
    consult = await the_consult(act, room.consult_id)
    until = act.now + (await rules_for(act, consult.to_organization_id)).recording
    consented = tuple(seat.who.person for seat in room.seats if seat.admitted and not seat.observes)
    recorded = Recorded(act.new_id(), room.consult_id, act.now, room.host, consented, until)
    await act.uow.rooms.begin_recording(recorded)
    await act.uow.ledger.set_deadline(RECORDING, recorded.id, until)


def _why_ended(before: Room, room: Room) -> str:
    if not room.seats:
        return "ended"
    if any(seat.consent is False for seat in room.seats):
        return "withdrawn"
    return "stopped" if room.recording is Recording.OFF and len(room.seats) >= len(before.seats) else "left"


async def stop_recording(act: Act, consult: Consult) -> Outcome:
    """End the recording by itself: the disk failed, the call goes on."""
    before = await the_room(act, consult)
    off = Recording.OFF
    room = before if before.recording is off else replace(before, version=before.version + 1, recording=off)
    await keep(act, before, room)
    return Outcome(consult, room)


async def destroy_recording(act: Act, recording_id: str) -> None:
    """Destroy a recording that has been kept for long enough."""
    await act.uow.rooms.destroy_recording(recording_id, act.now)
    await act.uow.ledger.clear_deadline(RECORDING, recording_id)


async def begun(act: Act, consult: Consult, person: str) -> Consult:
    """Begin the call with the first person who is let in; the expert who does it leads where the host is not there."""
    if consult.state is not S.WAITING:
        return consult
    consult = await call.begin(act, consult)
    host = (await act.uow.rooms.get(consult.id)).seat_of(consult.host)
    if host is None and person in consult.experts[1:]:
        return await call.hand_over(act.as_system(), consult, person)
    return consult


def shown_message(message: Message, seat_id: str | None) -> dict[str, Any]:
    """Return a message as frames show it."""
    return {
        "id": message.id,
        "key": message.key,
        "seat": seat_id,
        "person": message.person,
        "name": message.name,
        "role": message.role,
        "text": message.text,
        "at": message.at.isoformat(),
    }
