"""What a room is told and what it says: the roster, wishes, tracks, notices, refusals."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from video.rtc.forward.publisher import Source, Tap
from video.rtc.forward.subscriber import Limit


class Connection(StrEnum):
    """The connections of a seat."""

    MAIN = "main"
    SCREEN = "screen"
    SUBSCRIBE = "subscribe"


class Name(StrEnum):
    """What a seat may send."""

    MICROPHONE = "microphone"
    CAMERA = "camera"
    SCREEN = "screen"


KIND = {Name.MICROPHONE: "audio", Name.CAMERA: "video", Name.SCREEN: "video"}
NAMES = {
    Connection.MAIN: frozenset({Name.MICROPHONE, Name.CAMERA}),
    Connection.SCREEN: frozenset({Name.SCREEN}),
}
PRIORITY = {Name.MICROPHONE: 0, Name.CAMERA: 0, Name.SCREEN: 1}  # what is shown counts before who shows it
LIMIT = {"none": Limit.NONE, "low": Limit.LOW, "all": Limit.ALL}


class Refused(ValueError):
    """A request that a room does not fulfil; `code` is stable, the text is for the log."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


class Track(NamedTuple):
    """One source of one seat."""

    seat: str
    source: Name


@dataclass(frozen=True, slots=True)
class Seat:
    """What one seat may do: `publish` is forwarded of it now, `low` has the lowest layer of each video only."""

    publish: frozenset[Name] = frozenset()
    receive: bool = False
    low: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """Who may send and receive, wholly: a seat that is absent has no connection. The host is told everybody's line."""

    version: int
    seats: Mapping[str, Seat]
    host: str = ""


@dataclass(frozen=True, slots=True)
class Want:
    """How much of a video a receiver wants, and how it counts beside others."""

    limit: Limit
    priority: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to some seats."""

    to: tuple[str, ...]
    message: dict[str, Any]


class Recorder(Protocol):
    """Takes what passes in a room."""

    def tap(self, track: Track, source: Source, stream: str, *, now: float) -> Tap | None:
        """Return what is given each packet of a source, the same for the same source; None records none of it."""
        ...

    def keep(self, sources: Collection[Source], *, now: float) -> None:
        """Finish whatever is not among these."""
        ...
