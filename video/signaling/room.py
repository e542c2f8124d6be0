"""How a room moves: pure functions from a room to the next one; what is refused is refused by name."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from video.errors import Locked, NotInside, NotPermitted, UnknownSubject
from video.signaling.seats import PATIENT, Place, Recording, Room, Seat, Visitor

Held = tuple[str, str]
"""A seat's id, and the socket that held it."""


def enter(room: Room, visitor: Visitor, *, socket: str, new_id: Callable[[], str], now: datetime) -> tuple[Room, Seat]:
    """Take a seat: her own one again, or a new one, before the door unless she is an expert.

    Returns
    -------
    tuple of Room and Seat
        A socket that held the seat before is replaced by this one.

    Raises
    ------
    Locked
        When the host has locked the room and she has no seat in it.
    """
    held = room.seat_of(visitor.person)
    if held is not None:
        seat = replace(held, who=visitor, socket=socket, away_since=None)
        return _with(room, seat), seat
    expert = visitor.place is Place.EXPERT
    if room.locked and not expert:
        raise Locked
    seat = Seat(new_id(), visitor, now, socket=socket, admitted=expert)
    host = room.host or (visitor.person if expert else "")
    return _settle(replace(room, version=room.version + 1, host=host, seats=(*room.seats, seat))), seat


def leave(room: Room, seat: Seat) -> Room:
    """Give a seat up; hanging up is not finishing, and she may come again."""
    return _settle(_without(room, seat))


def lose(room: Room, seat: Seat, *, socket: str, now: datetime) -> Room:
    """Keep the seat of somebody whose socket is gone; one who only waited keeps none."""
    if seat.socket != socket:
        return room  # another one holds it by now
    if not seat.admitted:
        return _without(room, seat)
    return _settle(_with(room, replace(seat, socket="", away_since=now, hand=False)))


def lose_silent(room: Room, silent: Collection[Held], *, now: datetime) -> Room:
    """Take note of seats whose web process has not been heard: the sockets that held them are gone."""
    for seat_id, socket in silent:
        seat = room.seat(seat_id)
        if seat is not None and seat.away_since is None:
            room = lose(room, seat, socket=socket, now=now)
    return room


def expire(room: Room, *, keep: timedelta, now: datetime) -> Room:
    """Give up the seats of those who have been away for too long."""
    for seat in room.seats:
        if seat.away_since is not None and now - seat.away_since >= keep:
            room = leave(room, seat)
    return room


def admit(room: Room, by: Seat, seat_id: str) -> Room:
    """Let in somebody who waits.

    Raises
    ------
    NotPermitted, UnknownSubject
    """
    _require(by.admitted and by.who.place is Place.EXPERT)
    return let_in(room, _seat(room, seat_id))


def let_in(room: Room, seat: Seat) -> Room:
    """Open the door for a seat."""
    if seat.admitted:
        return room
    again = tuple(person for person in room.sent_out if person != seat.who.person)
    return _settle(_with(replace(room, sent_out=again), replace(seat, admitted=True)))


def let_look_on(room: Room, seat: Seat) -> Room:
    """Let in somebody of the class: her name was the admission, unless the host has sent her out since."""
    return room if seat.who.person in room.sent_out else let_in(room, seat)


def admit_waiting(room: Room, *places: Place) -> Room:
    """Let in everybody of these who waits: whoever rang is let in by the expert who answers."""
    for seat in room.seats:
        if not seat.admitted and seat.who.place in places:
            room = let_in(room, seat)
    return room


def switch(room: Room, seat: Seat, sends: Collection[str]) -> Room:
    """Take what she sends now; what she switches on herself is silenced no more.

    Raises
    ------
    NotInside
    """
    _inside(seat)
    on = frozenset(sends)
    return _with(room, replace(seat, sends=on, silenced=seat.silenced - (on - seat.sends)))


def silence(room: Room, by: Seat, seat_id: str, source: str) -> tuple[Room, tuple[Seat, ...]]:
    """Switch a source of somebody off, or of everybody else (`all`); return who is affected.

    Raises
    ------
    NotPermitted, UnknownSubject
    """
    _require(room.is_host(by))
    wanted = room.seats if seat_id == "all" else (_seat(room, seat_id),)
    hit = tuple(seat for seat in wanted if seat.id != by.id and source in seat.sends)
    for seat in hit:
        quiet = replace(seat, sends=seat.sends - {source}, silenced=seat.silenced | {source})
        room = _with(room, quiet)
    return room, hit


def remove(room: Room, by: Seat, seat_id: str) -> tuple[Room, Seat]:
    """Send somebody out; she has to be admitted again.

    Raises
    ------
    NotPermitted, UnknownSubject
    """
    _require(room.is_host(by) and by.id != seat_id)
    seat = _seat(room, seat_id)
    if seat.who.invited:
        room = replace(room, sent_out=(*room.sent_out, seat.who.person))
    return leave(room, seat), seat


def remove_class(room: Room, by: Seat) -> tuple[Room, tuple[Seat, ...]]:
    """Send the whole class out; whoever of it comes again knocks.

    Raises
    ------
    NotPermitted
    """
    _require(room.is_host(by))
    gone = room.invited()
    for seat in gone:
        room, _ = remove(room, by, seat.id)
    return room, gone


def end_class(room: Room) -> tuple[Room, tuple[Seat, ...]]:
    """Empty the class's seats: nobody looks on any more."""
    gone = room.invited()
    for seat in gone:
        room = leave(room, seat)
    return replace(room, sent_out=()), gone


def lock(room: Room, by: Seat, *, on: bool) -> Room:
    """Keep the door shut for whoever has no seat, experts excepted.

    Raises
    ------
    NotPermitted
    """
    _require(room.is_host(by))
    return replace(room, version=room.version + 1, locked=on)


def hand_over(room: Room, by: Seat, seat_id: str) -> Room:
    """Make another expert the host.

    Raises
    ------
    NotPermitted, UnknownSubject
    """
    seat = _seat(room, seat_id)
    _require(room.is_host(by) and seat.is_inside and seat.who.place is Place.EXPERT)
    return lead(room, seat.who.person)


def lead(room: Room, person: str) -> Room:
    """Make somebody the host."""
    return room if room.host == person else replace(room, version=room.version + 1, host=person)


def raise_hand(room: Room, seat: Seat, *, up: bool) -> Room:
    """Raise or lower a hand.

    Raises
    ------
    NotInside
    """
    _inside(seat)
    return _with(room, replace(seat, hand=up))


def consent(room: Room, seat: Seat, *, given: bool) -> Room:
    """Take somebody's word on being recorded; a withdrawal stops the recording.

    Raises
    ------
    NotInside, NotPermitted
    """
    _inside(seat)
    _require(not seat.observes)
    room = _with(room, replace(seat, consent=given))
    if not given and room.recording is not Recording.OFF:
        return replace(room, recording=Recording.OFF)
    return _settle(room)


def record(room: Room, by: Seat, *, on: bool) -> Room:
    """Ask everybody for a recording, or end it; the host's own wish is her consent.

    Raises
    ------
    NotPermitted
    """
    _require(room.is_host(by))
    if not on:
        return replace(room, version=room.version + 1, recording=Recording.OFF)
    seats = tuple(replace(seat, consent=True if seat.id == by.id else None) for seat in room.seats)
    return _settle(replace(room, version=room.version + 1, recording=Recording.ASKING, seats=seats))


def _settle(room: Room) -> Room:
    """Let the recording follow who is there: nobody is recorded who has not said yes, and a no ends it.

    Whoever only looks on sends nothing: she is neither recorded nor asked.
    """
    if room.recording is Recording.OFF:
        return room
    here = [seat for seat in room.seats if seat.admitted and not seat.observes]
    every = bool(here) and all(seat.consent for seat in here)
    wanted = Recording.ON if every else Recording.ASKING
    if not here or not any(seat.who.place is Place.EXPERT for seat in here):
        wanted = Recording.OFF
    return replace(room, recording=wanted)


def _with(room: Room, seat: Seat) -> Room:
    seats = tuple(seat if each.id == seat.id else each for each in room.seats)
    return room if seats == room.seats else replace(room, version=room.version + 1, seats=seats)


def _without(room: Room, seat: Seat) -> Room:
    seats = tuple(each for each in room.seats if each.id != seat.id)
    return replace(room, version=room.version + 1, seats=seats)


def _seat(room: Room, seat_id: str) -> Seat:
    seat = room.seat(seat_id)
    if seat is None:
        raise UnknownSubject("seats", seat_id)
    return seat


def _inside(seat: Seat) -> None:
    if not seat.admitted:
        raise NotInside


def _require(allowed: bool) -> None:  # noqa: FBT001  # one sentence of a condition
    if not allowed:
        raise NotPermitted


def is_patient(seat: Seat) -> bool:
    """Tell whether this is the patient's seat."""
    return seat.who.person == PATIENT
