"""What people say in a room, one frame in one transaction: the room moves, and where it must the consult with it."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from video.consults import Consult, ConsultState
from video.errors import CallOver, NotInside, NotPermitted, TooEarly, UnknownSubject
from video.model import Urgency
from video.service import call
from video.service.ground import Act, rules_for, the_consult
from video.signaling import journal
from video.signaling import room as rooms
from video.signaling.messages import Frame
from video.signaling.room import Held
from video.signaling.seats import (
    SOURCES,
    Message,
    Place,
    Presence,
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
    """

    consult: Consult
    room: Room
    seat: Seat | None = None
    answer: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    told: tuple[Told, ...] = ()
    ended: tuple[Ended, ...] = ()


async def come_in(act: Act, consult: Consult, visitor: Visitor, socket: str) -> Outcome:
    """Take a seat; the inviter's side checks in by that, an expert answers a ring by it.

    Raises
    ------
    TooEarly, CallOver, Locked
    """
    if consult.state not in OPEN:
        raise TooEarly(consult.begins_at) if consult.state in BEFORE else CallOver
    before = await the_room(act, consult)
    held = before.seat_of(visitor.person)
    room, seat = rooms.enter(before, visitor, socket=socket, new_id=act.new_id, now=act.now)
    if consult.state is S.RINGING and visitor.place is Place.EXPERT:
        consult = await call.answer_ring(act, consult)
        room = rooms.admit_waiting(rooms.lead(room, consult.host), *ASKING)
    elif consult.state is S.LOBBY_OPEN and visitor.place in ASKING:
        consult = await call.check_in(act, consult)
    elif consult.state in CALLING and consult.urgency is Urgency.EMERGENCY and visitor.place is Place.SENDER:
        room = rooms.let_in(room, seat)  # an expert has answered her ring already: she does not knock
    consult = await call.follow(act, consult, two_sided=room.is_two_sided or consult.state is S.IN_CALL)
    await keep(act, before, room)
    ended = (Ended(held.id, held.socket, "replaced"),) if held and held.socket not in {"", socket} else ()
    return Outcome(consult, room, room.seat(seat.id), ended=ended)


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
        consult, room = await _led(act, consult, room)
        lately = replace(room, seats=tuple(_lately_here(seat, act.now) for seat in room.seats))
        consult = await call.follow(act, consult, two_sided=lately.is_two_sided)
    await keep(act, before, room)
    return Outcome(consult, room)


def _lately_here(seat: Seat, now: datetime) -> Seat:
    away = seat.away_since
    return replace(seat, away_since=None) if away is not None and now - away < ALONE else seat


async def _led(act: Act, consult: Consult, room: Room) -> tuple[Consult, Room]:
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
    consult, room = await _led(act, consult, rooms.leave(before, seat))
    await keep(act, before, room)
    return Outcome(consult, room, ended=(Ended(seat.id, seat.socket, reason),))


async def say(act: Act, consult: Consult, seat_id: str, frame: Frame) -> Outcome:
    """Do what a frame of somebody with a seat says.

    Raises
    ------
    VideoRefusal
        By name: who may not, what is not possible now.
    """
    room = await the_room(act, consult)
    seat = room.seat(seat_id)
    if seat is None:
        raise UnknownSubject("seats", seat_id)
    outcome = await SAYINGS[frame.type](act, Outcome(consult, room, seat), frame)
    consult, after = await _led(act, outcome.consult, outcome.room)
    await keep(act, room, after)
    return replace(outcome, consult=consult, room=after, seat=after.seat(seat_id))


async def admit_all(act: Act, consult: Consult, seat_id: str = "") -> Outcome:
    """Let in somebody who waits, or everybody, without a seat of one's own: the command of a screen.

    Raises
    ------
    UnknownSubject
        When nobody waits: an empty room is no call.
    """
    before = await the_room(act, consult)
    waiting = [seat for seat in before.seats if not seat.admitted and seat_id in {"", seat.id}]
    if not waiting and (seat_id == "" or before.seat(seat_id) is None):
        raise UnknownSubject("seats", seat_id or "waiting")
    room = before
    for seat in waiting:
        room = rooms.let_in(room, seat)
    consult = await _begun(act, consult, act.by.user_id)
    consult = await call.follow(act, consult, two_sided=room.is_two_sided or consult.state is S.IN_CALL)
    room = rooms.lead(room, consult.host)
    await keep(act, before, room)
    return Outcome(consult, room)


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
    consented = tuple(seat.who.person for seat in room.seats if seat.admitted)
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


async def _begun(act: Act, consult: Consult, person: str) -> Consult:
    """Begin the call with the first person who is let in; the expert who does it leads where the host is not there."""
    if consult.state is not S.WAITING:
        return consult
    consult = await call.begin(act, consult)
    host = (await act.uow.rooms.get(consult.id)).seat_of(consult.host)
    if host is None and person in consult.experts[1:]:
        return await call.hand_over(act.as_system(), consult, person)
    return consult


# -- what each frame does -----------------------------------------------------------------------------------------

Saying = Callable[[Act, Outcome, Frame], Awaitable[Outcome]]


def _me(now: Outcome) -> Seat:
    if now.seat is None:
        raise NotInside
    return now.seat


async def _devices(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    sends = {source for source in SOURCES if frame[source]}
    return replace(now, room=rooms.switch(now.room, _me(now), sends))


async def _hand(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    return replace(now, room=rooms.raise_hand(now.room, _me(now), up=frame["up"]))


async def _admit(act: Act, now: Outcome, frame: Frame) -> Outcome:
    me = _me(now)
    room = rooms.admit(now.room, me, frame["seat"])
    consult = await _begun(act, now.consult, me.who.person)
    consult = await call.follow(act, consult, two_sided=room.is_two_sided or consult.state is S.IN_CALL)
    return replace(now, consult=consult, room=rooms.lead(room, consult.host))


async def _mute(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    me, kind = _me(now), frame["kind"]
    room, hit = rooms.silence(now.room, me, frame["seat"], kind)
    message = {"type": "muted", "kind": kind, "by": me.who.name}
    told = (Told(message, tuple(seat.id for seat in hit)),) if hit else ()
    return replace(now, room=room, told=told)


async def _remove(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    room, gone = rooms.remove(now.room, _me(now), frame["seat"])
    return replace(now, room=room, ended=(Ended(gone.id, gone.socket, "removed"),))


async def _lock(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    return replace(now, room=rooms.lock(now.room, _me(now), on=frame["on"]))


async def _hand_over(act: Act, now: Outcome, frame: Frame) -> Outcome:
    room = rooms.hand_over(now.room, _me(now), frame["seat"])
    consult = await call.hand_over(act, now.consult, room.host)
    return replace(now, consult=consult, room=room)


async def _record(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    return replace(now, room=rooms.record(now.room, _me(now), on=frame["on"]))


async def _consent(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    return replace(now, room=rooms.consent(now.room, _me(now), given=frame["recording"]))


async def _chat(act: Act, now: Outcome, frame: Frame) -> Outcome:
    me = _me(now)
    if me.presence is Presence.WAITING:
        raise NotInside
    role = "host" if now.room.is_host(me) else me.who.place.value
    wanted = Message(
        act.new_id(), now.consult.id, frame["key"], me.who.person, me.who.name, role, frame["text"].strip(), act.now
    )
    written, fresh = await act.uow.rooms.write(wanted)
    shown = shown_message(written, me.id)
    told = (Told({"type": "chat", "message": shown}),) if fresh else ()
    return replace(now, answer={"message": shown}, told=told)


async def _leave(_act: Act, now: Outcome, _frame: Frame) -> Outcome:
    me = _me(now)
    return replace(now, room=rooms.leave(now.room, me), ended=(Ended(me.id, me.socket, "left"),))


async def _end(act: Act, now: Outcome, _frame: Frame) -> Outcome:
    if not now.room.is_host(_me(now)):
        raise NotPermitted
    closed = await end_all(act, now.consult)
    return replace(now, consult=closed.consult, room=closed.room, ended=closed.ended)


SAYINGS: Mapping[str, Saying] = MappingProxyType(
    {
        "devices": _devices,
        "hand": _hand,
        "admit": _admit,
        "mute": _mute,
        "remove": _remove,
        "lock": _lock,
        "hand-over": _hand_over,
        "record": _record,
        "consent": _consent,
        "chat": _chat,
        "leave": _leave,
        "end": _end,
    }
)
"""The frames that change a room; media, views and pointers pass through without a row."""


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
