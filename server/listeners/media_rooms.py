"""The rooms of one media worker: found by consult and epoch, made by their first roster, closed when nobody renews."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import structlog

from server.listeners.media_recording import RecordingDesk
from server.listeners.media_wire import (
    AnswerRequest,
    AnyRequest,
    CloseRequest,
    PublishRequest,
    RecordRequest,
    RestartRequest,
    RosterRequest,
    StatsRequest,
    SubscribeRequest,
    UnpublishRequest,
    WantRequest,
)
from video.rtc.room.ground import Ground
from video.rtc.room.model import Notice, Refused
from video.rtc.room.room import Room

log = structlog.get_logger("media")
FORGOTTEN = 15.0  # seconds without a roster after which nobody keeps a room any more


class Rooms:
    """Every room here.

    Parameters
    ----------
    ground
        What they stand on.
    desk
        Keeps their recordings.
    folders
        Below which recordings may lie.
    is_full
        Tells whether another room would be one too many.
    """

    def __init__(
        self, ground: Ground, desk: RecordingDesk, folders: Sequence[Path], *, is_full: Callable[[], bool]
    ) -> None:
        self._ground, self._is_full = ground, is_full
        self._recorded: dict[str, int] = {}  # of a room, the version by which it is recorded or not
        self._desk, self._folders = desk, [each.resolve() for each in folders]
        self._rooms: dict[str, Room] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    def handle(self, request: AnyRequest, *, now: float) -> dict[str, Any]:
        """Do what is asked; return what the answer says beside that it went well.

        Raises
        ------
        Refused
            With a stable code.
        """
        if isinstance(request, RosterRequest):
            self._room_for(request, now).set_roster(request.to_domain(), now=now)
            return {}
        room = self._rooms.get(request.room)
        if room is None or room.epoch != request.epoch:
            raise Refused("NO_ROOM", "no such room in this epoch: say its roster first")
        match request:
            case PublishRequest():
                sources = request.sources
                return {"sdp": room.publish(request.seat, request.connection, request.sdp, sources, now=now)}
            case AnswerRequest():
                room.answer(request.seat, request.version, request.sdp, now=now)
            case StatsRequest():
                return {"seats": room.stats(now=now)}
            case RecordRequest():
                self._record(room, request, now)
            case CloseRequest():
                self._close(request.room, "asked", now=now)
            case _:
                _connect(room, request, now)
        return {}

    def _room_for(self, request: RosterRequest, now: float) -> Room:
        room = self._rooms.get(request.room)
        if room is not None and room.epoch == request.epoch:
            return room
        if room is not None and room.epoch > request.epoch:
            raise Refused("NO_ROOM", "the room has a later epoch")
        if room is not None:
            self._close(request.room, "epoch", now=now)
        elif self._is_full():
            raise Refused("FULL", "this worker takes no more rooms")
        room = self._rooms[request.room] = Room(request.epoch, self._ground, now=now)
        log.info("room.opened", room=request.room, epoch=request.epoch)
        return room

    def _record(self, room: Room, request: RecordRequest, now: float) -> None:
        """Begin or end a recording; a word that was overtaken by a later no begins nothing."""
        if request.version < self._recorded.get(request.room, 0):
            return
        self._recorded[request.room] = request.version
        if not request.on:
            self._desk.stop(request.room, room, "asked", now=now)
            return
        folder, key = request.path(self._folders), request.secret()
        self._desk.start(request.room, room, folder, key, request.seats, now=now)

    def _close(self, name: str, why: str, *, now: float) -> None:
        room = self._rooms.pop(name)
        self._recorded.pop(name, None)
        self._desk.stop(name, room, why, now=now)
        room.close()
        log.info("room.closed", room=name, why=why)

    # -- in time -----------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Let time pass in every room."""
        for room in self._rooms.values():
            room.tick(now=now)
        for name in self._desk.tick(now=now):
            self._desk.stop(name, self._rooms[name], "disk", now=now)
            self._rooms[name].tell_host({"type": "recording", "on": False, "why": "disk"})

    def close_forgotten(self, *, now: float) -> None:
        """Close the rooms whose roster nobody has renewed."""
        for name in [name for name, room in self._rooms.items() if now - room.renewed_at > FORGOTTEN]:
            self._close(name, "forgotten", now=now)

    def keep(self, *, now: float) -> None:
        """Count none of the time in which nobody could renew."""
        for room in self._rooms.values():
            room.renewed_at = now

    def take_notices(self) -> Iterator[tuple[str, int, Notice]]:
        """Give what every room says, with its name and epoch."""
        for name, room in self._rooms.items():
            for notice in room.take_notices():
                yield name, room.epoch, notice

    def close(self, *, now: float) -> None:
        """End every room."""
        for name in tuple(self._rooms):
            self._close(name, "stop", now=now)


def _connect(
    room: Room, request: UnpublishRequest | SubscribeRequest | RestartRequest | WantRequest, now: float
) -> None:
    match request:
        case UnpublishRequest():
            room.unpublish(request.seat, request.connection, now=now)
        case SubscribeRequest():
            room.subscribe(request.seat, now=now)
        case RestartRequest():
            room.restart(request.seat, now=now)
        case WantRequest():
            room.want(request.seat, request.to_domain())
