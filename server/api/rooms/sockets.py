"""The sockets of this process: each has one seat, its own pace, and hears of a room only what it may."""

import asyncio
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMessage, web

from server.workflows.consult_room import Guest, Shown
from video.service.rooms import Ended, Told
from video.signaling.seats import Place, Seat
from video.signaling.views import UNNAMED, lobby_view, room_view, seen_by_all

MAX_QUEUED = 1000  # frames that a slow reader may owe; then she comes in anew
ENDED = 4000  # close code of whoever is not to come in again by herself
AWAY = 1013  # close code of one who shall try again (RFC 6455, IANA)


@dataclass(slots=True, eq=False)
class Socket:
    """One connection.

    Parameters
    ----------
    since
        The version of the room with which it took its seat: an older one knows nothing of it.
    observes
        Its person only looks on, and is told no patient's name: `conceals`.
    shown
        The version of the room that it was shown last, -1 before the first, with what of its consult is shown.
    epoch
        The life of the room's media that it was told of.
    """

    id: str
    consult_id: str
    guest: Guest
    connection: web.WebSocketResponse
    seat: str = ""
    inside: bool = False
    since: int = 0
    observes: bool = False
    conceals: str = ""
    shown: tuple[int, str, bool] = (-1, "", False)
    epoch: int = 0
    _outgoing: "asyncio.Queue[str | None]" = field(default_factory=lambda: asyncio.Queue(MAX_QUEUED))
    _code: int = 0

    def send(self, message: Mapping[str, Any]) -> None:
        """Queue a frame; a reader that owes too many is let go and comes in anew."""
        try:
            self._outgoing.put_nowait(json.dumps(message, ensure_ascii=False, separators=(",", ":")))
        except asyncio.QueueFull:
            self.close(AWAY)

    def may_hear(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a frame as its person may hear it."""
        return nameless(message, self.conceals) if self.observes else message

    def close(self, code: int) -> None:
        """End the connection after what is queued; the first who ends it says why."""
        self._code = self._code or code
        with suppress(asyncio.QueueFull):
            self._outgoing.put_nowait(None)
            return
        self._outgoing.get_nowait()
        self._outgoing.put_nowait(None)

    def end(self, reason: str) -> None:
        """Say why it is over, and end."""
        self.send({"type": "ended", "reason": reason})
        self.close(ENDED)

    async def write(self) -> None:
        """Write what is queued, until the end."""
        with suppress(ConnectionError):
            while (text := await self._outgoing.get()) is not None:
                await self.connection.send_str(text)
        await self.connection.close(code=self._code or 1000)

    async def read(self, within: float) -> WSMessage:
        """Return the next frame."""
        async with asyncio.timeout(within):
            return await self.connection.receive()


class Sockets:
    """All of them, by consult."""

    def __init__(self) -> None:
        self._by_consult: dict[str, dict[str, Socket]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._by_consult.values()))

    @property
    def consults(self) -> tuple[str, ...]:
        """Return the consults that have one."""
        return tuple(self._by_consult)

    def add(self, socket: Socket) -> None:
        """Take one in."""
        self._by_consult.setdefault(socket.consult_id, {})[socket.id] = socket

    def discard(self, socket: Socket) -> None:
        """Let one go."""
        here = self._by_consult.get(socket.consult_id, {})
        here.pop(socket.id, None)
        if not here:
            self._by_consult.pop(socket.consult_id, None)

    def of(self, consult_id: str) -> tuple[Socket, ...]:
        """Return those of a consult."""
        return tuple(self._by_consult.get(consult_id, {}).values())

    def __iter__(self) -> Iterator[Socket]:
        return (socket for here in tuple(self._by_consult.values()) for socket in tuple(here.values()))

    def show(self, shown: Shown, view: Mapping[str, Any] | None) -> list[Socket]:
        """Show a room to everybody who has not seen this version; return who has just come inside."""
        fresh = []
        for socket in self.of(shown.consult.id):
            mark = (shown.room.version, shown.consult.state.value, shown.facts.teaching)
            if mark[0] < max(socket.since, socket.shown[0]):
                continue
            seat = _seat_of(shown, socket)
            if seat is None:  # what should have told it was lost: it comes in anew, or hears why not
                socket.close(AWAY)
                continue
            if socket.shown == mark:
                continue
            socket.shown, socket.observes, socket.conceals = mark, seat.observes, _name_in(shown)
            if not seat.admitted:
                socket.send({"type": "lobby", "lobby": lobby_view(shown.room, shown.facts)})
                continue
            socket.send({"type": "room", "room": room_view(shown.room, shown.facts, seat, view)})
            if not socket.inside:
                socket.inside = True
                fresh.append(socket)
        return fresh

    def tell(self, consult_id: str, told: Collection[Told]) -> None:
        """Pass messages on: to these seats, or to everybody inside."""
        for each in told:
            for socket in self.of(consult_id):
                if socket.inside if each.to is None else socket.seat in each.to:
                    socket.send(socket.may_hear(each.message))

    def end(self, consult_id: str, ended: Collection[Ended]) -> None:
        """Close what has to close; it is named by its socket, for a seat may have another one by now."""
        for each in ended:
            for socket in self.of(consult_id):
                if socket.id == each.socket:
                    socket.end(each.reason)


def nameless(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a frame as whoever only looks on hears it: the patient has no name, in others' words neither."""
    if message.get("type") == "view":
        return {**message, "view": seen_by_all(message["view"])}
    written = message.get("message")
    if message.get("type") != "chat" or written is None:
        return message
    return {**message, "message": unnamed(written, name)}


def unnamed(written: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a message without the patient's name: as its author and in its words."""
    text = written["text"].replace(name, UNNAMED) if name else written["text"]
    author = UNNAMED if written["role"] == Place.PATIENT.value else written["name"]
    return {**written, "name": author, "text": text}


def _name_in(shown: Shown) -> str:
    return str((shown.facts.patient or {}).get("name", ""))


def _seat_of(shown: Shown, socket: Socket) -> Seat | None:
    seat = shown.room.seat(socket.seat)
    return seat if seat is not None and seat.socket == socket.id else None
