"""What time does in rooms: seats of the silent, calls with one side, rights that have ended, workers that have died.

Every web process says each second which of its sockets are there; one process at a time judges a room by that. A web
process that is killed says nothing any more, and its seats are kept or given up by another one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import replace

import structlog

from server.api.rooms.board import Board
from server.api.rooms.media import TROUBLE, text_of
from server.api.rooms.sockets import Socket
from server.bootstrap import Hub
from server.clock import SystemClock
from server.workflows import consult_room, sessions
from server.workflows.consult_room import Shown
from video.signaling.room import Held

log = structlog.get_logger()
EVERY = 1.0  # seconds
RENEW_EVERY = 5  # turns between two rosters, and two looks for rooms that nobody keeps
SILENT_AFTER = 3.0  # seconds without a word of a seat's process
HERE = "lutong:room:{}:here"  # socket -> unix seconds
KEEPER = "lutong:room:{}:keeper"
KEPT_MS = 2500
HERE_KEPT = 3600  # seconds
Word = bytes | bytearray | memoryview | str | int | float


class Keeper:
    """Looks after every open room, one process at a time."""

    def __init__(self, board: Board, name: str) -> None:
        self._board, self._name = board, name
        self._hub: Hub = board.hub
        self._turn = 0
        self._open: Collection[str] = ()

    async def run(self) -> None:
        """Look each second until cancelled; saying who is here waits for no row, so that a slow disk takes no seat."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._each_second(self._say_who_is_here))
            group.create_task(self._each_second(self._look))

    async def _each_second(self, do: Callable[[], Awaitable[None]]) -> None:
        while True:
            begun = time.monotonic()
            try:
                await do()
            except TROUBLE:  # Redis or the disk is away: the calls go on, the rooms are judged later
                log.warning("rooms.not_judged")
            except Exception:  # the edge: one turn that fails must not end all turns
                log.exception("rooms.keeper_failed")
            await asyncio.sleep(max(0.05, EVERY - (time.monotonic() - begun)))

    async def _look(self) -> None:
        board = self._board
        self._turn += 1
        await self._send_out_unwelcome()
        if self._turn % RENEW_EVERY == 0:
            async with self._hub.unit_of_work(read=True) as uow:
                self._open = await uow.rooms.open_ids()
            for consult_id in board.sockets.consults:
                await board.refresh(consult_id)  # a notice may have been lost
        for consult_id in {*board.sockets.consults, *self._open}:
            await board.begin_media(consult_id)
            if await self._is_mine(consult_id):
                await self._judge(consult_id)

    async def _say_who_is_here(self) -> None:
        now = SystemClock().now().timestamp()
        for consult_id in self._board.sockets.consults:
            seats: dict[Word, Word] = {
                socket.id: str(now) for socket in self._board.sockets.of(consult_id) if socket.seat
            }
            if seats:
                await self._hub.redis.hset(HERE.format(consult_id), mapping=seats)
                await self._hub.redis.expire(HERE.format(consult_id), HERE_KEPT)

    async def _is_mine(self, consult_id: str) -> bool:
        key = KEEPER.format(consult_id)
        if await self._hub.redis.set(key, self._name, nx=True, px=KEPT_MS):
            return True
        if await self._hub.redis.get(key) != self._name.encode():
            return False
        await self._hub.redis.pexpire(key, KEPT_MS)
        return True

    async def _judge(self, consult_id: str) -> None:
        renew = self._turn % RENEW_EVERY == 0
        shown = None if renew else self._board.known.get(consult_id)
        shown = shown or await self._board.refresh(consult_id)
        if shown is None:
            return
        silent = await self._silent(shown)
        if consult_room.needs_sweep(shown, silent, self._hub.clock.now()):
            async with self._hub.unit_of_work() as uow:
                outcome = await consult_room.sweep(uow, consult_id, silent)
            if outcome.room != shown.room or outcome.consult != shown.consult:
                await self._board.hand_out(outcome)
        if renew:  # while somebody is awaited too: a worker ends a room that nobody keeps
            await self._board.send_roster(consult_id)
        if not self._board.sockets.of(consult_id) and not (self._board.known[consult_id].room.seats):
            self._board.known.pop(consult_id, None)

    async def _silent(self, shown: Shown) -> list[Held]:
        """Return the seats whose sockets have not been heard of, each with the socket that held it."""
        here = await self._hub.redis.hgetall(HERE.format(shown.consult.id))
        heard = {text_of(socket): float(at) for socket, at in here.items()}
        least = SystemClock().now().timestamp() - SILENT_AFTER
        return [
            (seat.id, seat.socket) for seat in shown.room.seats if seat.socket and heard.get(seat.socket, 0.0) < least
        ]

    async def _send_out_unwelcome(self) -> None:
        """Send out whose session or link has ended, or to whom the consult is nothing any more (C02)."""
        seated = [socket for socket in self._board.sockets if socket.seat]
        if not seated:
            return
        thorough = self._turn % RENEW_EVERY == 0
        async with self._hub.unit_of_work(read=True) as uow:
            unwelcome = [
                socket for socket in seated if not await consult_room.is_welcome(uow, socket, thorough=thorough)
            ]
        for socket in unwelcome:
            async with self._hub.unit_of_work() as uow:
                outcome = await consult_room.send_out(uow, socket.consult_id, socket.seat, "link-over")
            await self._board.hand_out(outcome)
            socket.end("link-over")
        await self._keep_sessions(seated)

    async def _keep_sessions(self, seated: Collection[Socket]) -> None:
        """Write down that whoever sits in a call uses her session: nobody is idle who speaks."""
        now = self._hub.clock.now()
        for socket in seated:
            caller = socket.guest.caller
            if caller is not None and caller.session_id and sessions.is_due_to_be_seen(caller, now):
                async with self._hub.unit_of_work(caller) as uow:
                    await uow.sessions.seen(caller.session_id, now)
                socket.guest = consult_room.Guest(caller=replace(caller, seen_at=now))


async def say_here(hub: Hub, socket: Socket) -> None:
    """Say at once that a socket is there, before anybody judges its seat."""
    with suppress(*TROUBLE):
        await hub.redis.hset(HERE.format(socket.consult_id), socket.id, str(SystemClock().now().timestamp()))


async def forget(hub: Hub, socket: Socket) -> None:
    """Say that a socket is gone, so that nobody waits for its process's silence."""
    with suppress(*TROUBLE):
        await hub.redis.hdel(HERE.format(socket.consult_id), socket.id)
