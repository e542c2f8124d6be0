"""What web processes ask of a media worker, parsed at the border: one JSON object a request."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from video.rtc.room.model import LIMIT, Connection, Name, Refused, Roster, Seat, Track, Want

MAX_REQUEST = 256 << 10  # bytes; a roster of 200 seats has about 30,000


class Request(BaseModel):
    """What every request has; what a later release says beside it is left out."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    id: int | str
    reply: str = ""
    at: float = 0.0  # seconds of the day of 1970, 0 if not said
    room: str = Field(min_length=1, max_length=64)
    epoch: int


class SeatBody(BaseModel):
    """What one seat may do."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    publish: list[Name] = []
    receive: bool = False
    low: bool = False


class RosterRequest(Request):
    """Who may send and receive from now on, wholly; makes a room that is not there."""

    op: Literal["roster"]
    version: int
    seats: dict[str, SeatBody] = Field(max_length=500)
    host: str | None = None

    def to_domain(self) -> Roster:
        """Return the roster."""
        seats = {
            name: Seat(frozenset(seat.publish), receive=seat.receive, low=seat.low) for name, seat in self.seats.items()
        }
        return Roster(self.version, seats, self.host or "")


class PublishRequest(Request):
    """A seat's offer of what it sends."""

    op: Literal["publish"]
    seat: str
    connection: Literal[Connection.MAIN, Connection.SCREEN]
    sdp: str
    sources: dict[str, str] = Field(max_length=8)


class UnpublishRequest(Request):
    """A publishing connection ends."""

    op: Literal["unpublish"]
    seat: str
    connection: Literal[Connection.MAIN, Connection.SCREEN]


class SubscribeRequest(Request):
    """A seat wants to receive, by a new connection."""

    op: Literal["subscribe"]
    seat: str


class AnswerRequest(Request):
    """A seat's answer to the offer of this version."""

    op: Literal["answer"]
    seat: str
    version: int
    sdp: str


class RestartRequest(Request):
    """A seat's receiving connection is to be offered with other ICE credentials."""

    op: Literal["restart"]
    seat: str


class WantBody(BaseModel):
    """How much of one video."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    limit: Literal["none", "low", "all"] = "all"
    priority: int = 0


class WantRequest(Request):
    """How much of each video a seat wants, by `<seat>/<source>`; of what is not named, all."""

    op: Literal["want"]
    seat: str
    tracks: dict[str, WantBody] = Field(max_length=500)

    def to_domain(self) -> dict[Track, Want]:
        """Return the wishes; a track of a name that nobody can send is nobody's."""
        wants = {}
        for key, want in self.tracks.items():
            seat, _, source = key.rpartition("/")
            if seat and source in set(Name):
                wants[Track(seat, Name(source))] = Want(LIMIT[want.limit], want.priority)
        return wants


class StatsRequest(Request):
    """How everybody's line is."""

    op: Literal["stats"]


class RecordRequest(Request):
    """The room is recorded into a folder, or no more; of whom, and how they are called."""

    op: Literal["record"]
    on: bool
    version: int = 0  # of the room; what is older than what was said last is ignored
    key: str = ""
    folder: str = ""
    seats: dict[str, str] = Field({}, max_length=500)

    def secret(self) -> bytes:
        """Return the recording's key.

        Raises
        ------
        Refused
            It is none.
        """
        try:
            key = base64.b64decode(self.key, validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise Refused("BAD_REQUEST", "the key has 32 bytes, in base64")
        return key

    def path(self, allowed: Sequence[Path]) -> Path:
        """Return the folder.

        Raises
        ------
        Refused
            It is not below one of ours.
        """
        folder = Path(self.folder)
        if not folder.is_absolute() or not any(folder.resolve().is_relative_to(each) for each in allowed):
            raise Refused("BAD_REQUEST", "recordings lie below the hub's own folders")
        return folder.resolve()


class CloseRequest(Request):
    """The room ends."""

    op: Literal["close"]


AnyRequest = Annotated[
    RosterRequest
    | PublishRequest
    | UnpublishRequest
    | SubscribeRequest
    | AnswerRequest
    | RestartRequest
    | WantRequest
    | StatsRequest
    | RecordRequest
    | CloseRequest,
    Field(discriminator="op"),
]
REQUEST: TypeAdapter[AnyRequest] = TypeAdapter(AnyRequest)
