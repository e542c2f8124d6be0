"""The room of a consult and its seats; frozen facts. A seat belongs to a person and not to a socket."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SOURCES = ("microphone", "camera", "screen")
PATIENT = "patient"
"""Who sits on the patient's seat: whoever came by the patient's link."""


class Place(StrEnum):
    """What somebody is in a room; the host is one of the experts and may change."""

    EXPERT = "expert"
    SENDER = "sender"
    PATIENT = "patient"
    OBSERVER = "observer"


class Presence(StrEnum):
    """How a seat stands."""

    WAITING = "waiting"  # before the door
    INSIDE = "inside"
    AWAY = "away"  # its socket is gone; the seat is kept


class Recording(StrEnum):
    """How far a recording is: it runs only with everybody's consent."""

    OFF = "off"
    ASKING = "asking"
    ON = "on"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who comes in, as the hub knows her.

    Parameters
    ----------
    person
        A user's id, or `PATIENT`.
    invited
        Named to look on at a class: she comes in by herself, and goes when the class ends.
    """

    person: str
    name: str
    place: Place
    title: str = ""
    organization: str = ""
    invited: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's seat.

    Parameters
    ----------
    socket
        The connection that holds it now, "" while she is away.
    sends
        Which of her sources she sends.
    silenced
        Which of them the host has silenced, until she switches them on herself.
    consent
        To being recorded; None until she said.
    """

    id: str
    who: Visitor
    since: datetime
    socket: str = ""
    admitted: bool = False
    away_since: datetime | None = None
    sends: frozenset[str] = frozenset()
    silenced: frozenset[str] = frozenset()
    hand: bool = False
    consent: bool | None = None

    @property
    def presence(self) -> Presence:
        """Return how it stands."""
        if not self.admitted:
            return Presence.WAITING
        return Presence.AWAY if self.away_since is not None else Presence.INSIDE

    @property
    def is_inside(self) -> bool:
        """Tell whether she is in the room and here."""
        return self.presence is Presence.INSIDE

    @property
    def observes(self) -> bool:
        """Tell whether she only looks on."""
        return self.who.place is Place.OBSERVER

    @property
    def forwarded(self) -> frozenset[str]:
        """Return which of her sources others receive; an observer only looks on."""
        speaks = self.admitted and not self.observes
        return self.sends - self.silenced if speaks else frozenset()


@dataclass(frozen=True, slots=True)
class Room:
    """A consult's room.

    Parameters
    ----------
    version
        One more with each change.
    host
        The person who leads; an expert.
    sent_out
        Persons of the class whom the host sent out: they knock if they come again.
    """

    consult_id: str
    version: int = 0
    host: str = ""
    locked: bool = False
    recording: Recording = Recording.OFF
    seats: tuple[Seat, ...] = ()
    sent_out: tuple[str, ...] = ()

    def seat(self, seat_id: str) -> Seat | None:
        """Return a seat by its id."""
        return next((seat for seat in self.seats if seat.id == seat_id), None)

    def seat_of(self, person: str) -> Seat | None:
        """Return a person's seat."""
        return next((seat for seat in self.seats if seat.who.person == person), None)

    def is_host(self, seat: Seat) -> bool:
        """Tell whether somebody leads the room."""
        return seat.who.place is Place.EXPERT and seat.who.person == self.host

    def inside(self) -> Iterator[Seat]:
        """Yield who is in the room and here."""
        return (seat for seat in self.seats if seat.is_inside)

    def invited(self) -> tuple[Seat, ...]:
        """Return the seats of the class."""
        return tuple(seat for seat in self.seats if seat.who.invited)

    def has_side(self, *places: Place) -> bool:
        """Tell whether somebody of these is in the room and here."""
        return any(seat.who.place in places for seat in self.inside())

    @property
    def is_two_sided(self) -> bool:
        """Tell whether an expert and somebody of the inviter's side are here: whether this is a call."""
        return self.has_side(Place.EXPERT) and self.has_side(Place.SENDER, Place.PATIENT)


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote into the room; it is part of the consult's record."""

    id: str
    consult_id: str
    key: str  # the writer's own, so that a retry writes nothing twice
    person: str
    name: str
    role: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """One stretch of a call that was recorded, from everybody's yes to its end.

    Parameters
    ----------
    consented
        Who had agreed when it began: persons.
    ended_why
        `withdrawn`, `stopped`, `left` or `ended`.
    destroy_after
        So long it is kept; then its key is destroyed, and with it all that anybody could hear or see.
    """

    id: str
    consult_id: str
    started_at: datetime
    by: str
    consented: tuple[str, ...]
    destroy_after: datetime
    ended_at: datetime | None = None
    ended_why: str = ""
    destroyed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordedTrack:
    """One track of a recording.

    Parameters
    ----------
    number
        Its place in the manifest, from 0.
    start_ms
        When it begins, on the recording's clock.
    """

    number: int
    name: str
    seat: str
    source: str
    codec: str
    start_ms: int
    milliseconds: int
    size: int
