"""The switchboard of one web process: what came of a frame goes to its own sockets, to other processes, to the media.

Between processes go notices, never a room: whoever hears that one has changed reads its row.
"""

import asyncio
import json
import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import structlog

from dicom.events import StoredEvent
from server.api.events import Feed
from server.api.rooms.media import TROUBLE, MediaWorkers, Placed
from server.api.rooms.sockets import Socket, Sockets, unnamed
from server.bootstrap import Hub
from server.workflows import consult_room
from server.workflows.consult_room import Shown
from video.errors import MalformedFrame, MediaAway
from video.service.rooms import Ended, Outcome, Told, shown_message
from video.signaling.seats import Recording
from video.signaling.views import OPEN, roster

log = structlog.get_logger()
CHANNEL = "lutong:room:{}"
PATTERN = "lutong:room:*"
VIEW = "lutong:room:{}:view"
VIEW_KEPT = 6 * 3600  # seconds
NO_ROOM = "NO_ROOM"
TRIAL = "trial"  # the only seat of a room in which somebody tries her way
FOLLOW = 60.0  # seconds with one queue of the feed


class Board:
    """Everybody of this process who sits in a room."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.sockets = Sockets()
        self.media = MediaWorkers(hub.redis)
        self.known: dict[str, Shown] = {}
        self._name = secrets.token_hex(6)
        self._stopping: asyncio.Task[None] | None = None

    # -- what came of something ----------------------------------------------------------------------------------

    async def hand_out(self, outcome: Outcome) -> None:
        """Tell everybody what came of a frame; its transaction is done."""
        consult_id = outcome.consult.id
        self.sockets.tell(consult_id, outcome.told)
        self.sockets.end(consult_id, outcome.ended)
        await self._say(
            consult_id, told=[asdict(each) for each in outcome.told], ended=[asdict(each) for each in outcome.ended]
        )
        await self.refresh(consult_id)
        await self.send_roster(consult_id)

    async def pass_on(self, consult_id: str, told: Told) -> None:
        """Pass a message on that changes no row."""
        self.sockets.tell(consult_id, [told])
        await self._say(consult_id, told=[asdict(told)], same=True)

    async def refresh(self, consult_id: str) -> Shown | None:
        """Read a room and show it to whoever of this process sits in it."""
        async with self.hub.unit_of_work(read=True) as uow:
            shown = await consult_room.seen(uow, consult_id)
        if shown is None:
            return None
        self.known[consult_id] = shown
        for socket in self.sockets.show(shown, await self.view_of(consult_id)):
            await self._come_inside(socket)
        return shown

    async def _come_inside(self, socket: Socket) -> None:
        """Tell somebody who has just been let in what was written, and to begin media."""
        async with self.hub.unit_of_work(read=True) as uow:
            messages = await uow.rooms.messages(socket.consult_id)
        seats = {seat.who.person: seat.id for seat in self.known[socket.consult_id].room.seats}
        shown = [shown_message(each, seats.get(each.person)) for each in messages]
        if socket.observes:  # nor what was written before she came
            seat = self.known[socket.consult_id].room.seat(socket.seat)
            since = seat.since.isoformat() if seat else ""
            shown = [dict(unnamed(each, socket.conceals)) for each in shown if seat and each["at"] >= since]
        socket.send({"type": "chats", "messages": shown})
        await self.begin_media(socket.consult_id)

    # -- media ---------------------------------------------------------------------------------------------------

    async def begin_media(self, consult_id: str) -> None:
        """Give a room a worker, and tell those inside who do not know of it yet."""
        with suppress(MediaAway):
            placed = await self.media.place(consult_id)
            for socket in self.sockets.of(consult_id):
                if socket.inside and socket.epoch != placed.epoch:
                    await self.send_roster(consult_id)
                    socket.epoch = placed.epoch
                    socket.send({"type": "media", "epoch": placed.epoch})

    async def send_roster(self, consult_id: str) -> None:
        """Tell the worker who is in a room; it forwards nothing of anybody else."""
        shown, placed = self.known.get(consult_id), await self.media.place_of(consult_id)
        if shown is None or placed is None:
            return
        if not shown.room.seats:
            await self.media.tell(placed, consult_id, "close")
            return
        await self.media.tell(placed, consult_id, "roster", **self._roster(shown))
        await self.send_record(consult_id)

    def _roster(self, shown: Shown) -> dict[str, Any]:
        host = next((seat.id for seat in shown.room.seats if shown.room.is_host(seat)), None)
        return {
            "version": shown.room.version,
            "host": host,
            "seats": roster(shown.room),
        }

    async def send_record(self, consult_id: str) -> None:
        """Tell the worker whom it records, wholly: those inside, while everybody agrees; else nobody."""
        shown, placed, shelf = self.known.get(consult_id), await self.media.place_of(consult_id), self.hub.recordings
        if shown is None or placed is None or shelf is None:
            return
        if shown.room.recording is not Recording.ON:
            await self.media.tell(placed, consult_id, "record", on=False, version=shown.room.version)
            return
        async with self.hub.unit_of_work(read=True) as uow:
            running = next((each for each in await uow.rooms.recordings(consult_id) if each.ended_at is None), None)
            key = await uow.rooms.key_of(running.id) if running else ""
        if running and key:
            seats = {seat.id: seat.who.name for seat in shown.room.seats if seat.admitted and seat.consent}
            folder = str(shelf.folder(running.id))
            wanted = {"key": key, "folder": folder, "seats": seats, "version": shown.room.version}
            await self.media.tell(placed, consult_id, "record", on=True, **wanted)

    async def ask_media(self, consult_id: str, op: str, **more: Any) -> Mapping[str, Any]:
        """Ask a room's worker; one that does not know the room yet is told who is in it.

        Raises
        ------
        MediaAway
        """
        placed = await self.media.place(consult_id)
        answer = await self.media.ask(placed, consult_id, op, **more)
        if not answer.get("ok") and answer.get("code") == NO_ROOM:
            await self._introduce(placed, consult_id)
            answer = await self.media.ask(placed, consult_id, op, **more)
        return answer

    async def try_way(self, name: str, sdp: str) -> str:
        """Let a worker answer an offer of nothing, in a room of its own that it forgets by itself; return the answer.

        Raises
        ------
        MalformedFrame
            It is no offer.
        MediaAway
        """
        placed = await self.media.anywhere()
        seats = {TRIAL: {"publish": [], "receive": False}}
        made = await self.media.ask(placed, name, "roster", version=1, seats=seats)
        if not made.get("ok"):
            raise MediaAway
        asked = {"seat": TRIAL, "connection": "main", "sdp": sdp, "sources": {}}
        answer = await self.media.ask(placed, name, "publish", **asked)
        if answer.get("code") == "BAD_SDP":
            raise MalformedFrame("sdp", str(answer.get("detail", "")))
        if not answer.get("ok"):
            raise MediaAway
        return str(answer["sdp"])

    async def _introduce(self, placed: Placed, consult_id: str) -> None:
        shown = self.known.get(consult_id) or await self.refresh(consult_id)
        if shown is not None:
            await self.media.ask(placed, consult_id, "roster", **self._roster(shown))

    # -- what all look at ----------------------------------------------------------------------------------------

    async def view_of(self, consult_id: str) -> Mapping[str, Any] | None:
        """Return what all look at together."""
        with suppress(*TROUBLE):
            text = await self.hub.redis.get(VIEW.format(consult_id))
            return json.loads(text) if text else None
        return None

    async def keep_view(self, consult_id: str, view: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """Keep it for whoever comes in later; return what was looked at before, or this where nobody knows."""
        key = VIEW.format(consult_id)
        with suppress(*TROUBLE):
            if view is None:
                before: Any = await self.hub.redis.getdel(key)
            else:
                before = await self.hub.redis.set(key, json.dumps(view), ex=VIEW_KEPT, get=True)
            return json.loads(before) if before else None
        return view

    # -- commands of screens -------------------------------------------------------------------------------------

    async def follow(self, feed: Feed) -> None:
        """Show a room anew when its consult was moved by a command, and close one that has no call any more."""
        while True:
            queue, unsubscribe = await feed.subscribe()
            try:
                await self._follow_for_a_while(queue)
            except Exception:  # the edge: one command that cannot be shown must not end all showing
                log.exception("room.command_failed")
                await asyncio.sleep(0.5)
            finally:
                unsubscribe()

    async def _follow_for_a_while(self, queue: "asyncio.Queue[StoredEvent]") -> None:
        """Follow a queue; it is asked for anew now and then, for the feed lets go of a reader that lags."""
        end = asyncio.get_running_loop().time() + FOLLOW
        while (left := end - asyncio.get_running_loop().time()) > 0:
            try:
                async with asyncio.timeout(left):
                    event = (await queue.get()).event
            except TimeoutError:
                return
            if event.collection == "consults" and self.sockets.of(event.subject_id):
                await self._follow(event.subject_id)

    async def _follow(self, consult_id: str) -> None:
        shown = await self.refresh(consult_id)
        if shown is None or shown.consult.state in OPEN:
            return
        async with self.hub.unit_of_work() as uow:
            outcome = await consult_room.sweep(uow, consult_id, ())
        await self.hand_out(outcome)

    # -- between processes ---------------------------------------------------------------------------------------

    async def _say(self, consult_id: str, **notice: Any) -> None:
        text = json.dumps({"from": self._name, **notice}, default=str)
        with suppress(*TROUBLE):  # the others see the row within a second
            await self.hub.redis.publish(CHANNEL.format(consult_id), text)

    async def listen(self) -> None:
        """Hear other processes and media workers until cancelled."""
        while True:
            try:
                async with self.hub.redis.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.psubscribe(PATTERN)
                    while True:
                        message = await channel.get_message(timeout=30)
                        if message is not None:
                            await self._hear(
                                message["channel"].decode().rpartition(":")[2], json.loads(message["data"])
                            )
            except TROUBLE:
                await asyncio.sleep(0.5)
            except Exception:  # the edge: one notice that cannot be read must not end all hearing
                log.exception("room.notice_failed")

    async def _hear(self, consult_id: str, notice: Mapping[str, Any]) -> None:
        if notice.get("from") == self._name or not self.sockets.of(consult_id):
            return
        if "message" in notice:
            self._from_media(consult_id, notice)
            return
        self.sockets.tell(consult_id, [Told(each["message"], _seats(each["to"])) for each in notice.get("told", ())])
        self.sockets.end(consult_id, [Ended(**each) for each in notice.get("ended", ())])
        if not notice.get("same"):
            await self.refresh(consult_id)

    def _from_media(self, consult_id: str, notice: Mapping[str, Any]) -> None:
        """Pass on what a worker says to these seats, in this life of the room's media."""
        message, to = notice["message"], _seats(notice.get("to")) or ()
        if message.get("type") == "recording" and not message.get("on"):
            self._stopping = asyncio.create_task(self._stop_recording(consult_id), name="recording failed")
        for socket in self.sockets.of(consult_id):
            if socket.inside and socket.seat in to and socket.epoch == notice.get("epoch", socket.epoch):
                socket.send(message)

    async def _stop_recording(self, consult_id: str) -> None:
        """Let the room say what is so: the worker could not go on recording."""
        async with self.hub.unit_of_work() as uow:
            outcome = await consult_room.stop_recording(uow, consult_id)
        await self.hand_out(outcome)


def _seats(to: Collection[str] | None) -> tuple[str, ...] | None:
    return None if to is None else tuple(to)
