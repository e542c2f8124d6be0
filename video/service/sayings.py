"""What each frame of a person with a seat does: the room moves, and where it must the consult with it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from video.consults import Consult, ConsultState
from video.errors import NotInside, NotPermitted, UnknownSubject
from video.service import call
from video.service.ground import Act
from video.service.rooms import (
    Ended,
    Outcome,
    Told,
    begun,
    close_class,
    end_all,
    keep,
    led,
    shown_message,
    the_room,
)
from video.signaling import room as rooms
from video.signaling.messages import CLASS, Frame
from video.signaling.seats import SOURCES, Message, Presence, Seat


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
    consult, after = await led(act, outcome.consult, outcome.room)
    await keep(act, outcome.room if outcome.stored else room, after)
    return replace(outcome, consult=consult, room=after, seat=after.seat(seat_id))


Saying = Callable[[Act, Outcome, Frame], Awaitable[Outcome]]


def _me(now: Outcome) -> Seat:
    if now.seat is None:
        raise NotInside
    return now.seat


async def _devices(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    sends = {source for source in SOURCES if frame[source]}
    if sends and _me(now).observes:
        raise NotPermitted  # whoever looks on sends nothing
    return replace(now, room=rooms.switch(now.room, _me(now), sends))


async def _hand(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    return replace(now, room=rooms.raise_hand(now.room, _me(now), up=frame["up"]))


async def _admit(act: Act, now: Outcome, frame: Frame) -> Outcome:
    me = _me(now)
    room = rooms.admit(now.room, me, frame["seat"])
    let_in = room.seat(frame["seat"])
    looks_on = let_in is not None and let_in.observes  # nobody talks yet because somebody looks on
    consult = now.consult if looks_on else await begun(act, now.consult, me.who.person)
    consult = await call.follow(act, consult, two_sided=room.is_two_sided or consult.state is ConsultState.IN_CALL)
    return replace(now, consult=consult, room=rooms.lead(room, consult.host))


async def _mute(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    me, kind = _me(now), frame["kind"]
    room, hit = rooms.silence(now.room, me, frame["seat"], kind)
    message = {"type": "muted", "kind": kind, "by": me.who.name}
    told = (Told(message, tuple(seat.id for seat in hit)),) if hit else ()
    return replace(now, room=room, told=told)


async def _remove(_act: Act, now: Outcome, frame: Frame) -> Outcome:
    gone: tuple[Seat, ...]
    if frame["seat"] == CLASS:
        room, gone = rooms.remove_class(now.room, _me(now))
    else:
        room, one = rooms.remove(now.room, _me(now), frame["seat"])
        gone = (one,)
    return replace(now, room=room, ended=tuple(Ended(seat.id, seat.socket, "removed") for seat in gone))


async def _close_class(act: Act, now: Outcome, _frame: Frame) -> Outcome:
    if _me(now).presence is Presence.WAITING:
        raise NotInside
    closed = await close_class(act, now.consult)
    return replace(now, consult=closed.consult, room=closed.room, ended=closed.ended, stored=True)


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
    return replace(now, consult=closed.consult, room=closed.room, ended=closed.ended, stored=True)


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
        "close-class": _close_class,
    }
)
"""The frames that change a room; media, views and pointers pass through without a row."""
