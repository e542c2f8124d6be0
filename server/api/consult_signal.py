"""`/api/v1/consults/{id}/signal`: a person's frames in a consult's room (`video/signaling/messages.py`)."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

import structlog
from aiohttp import WSMsgType, web

from server.accounts.errors import NotSignedIn
from server.accounts.model import SYSTEM
from server.api import auth
from server.api.consults import CONSULTS
from server.api.endpoint import REQUEST_ID, Call, Routes
from server.api.events import FEED
from server.api.patient_links import browser_of
from server.api.rooms.board import Board
from server.api.rooms.keeper import Keeper, forget, say_here
from server.api.rooms.sockets import AWAY, ENDED, Socket
from server.workflows import class_pictures, consult_room, patient_links
from server.workflows.consult_room import Guest
from video.errors import BurnedIn, MalformedFrame, MediaAway, NotPermitted, VideoRefusal
from video.service.rooms import Told
from video.service.sayings import SAYINGS
from video.signaling import messages
from video.signaling.journal import subject_of
from video.signaling.messages import Frame
from video.signaling.seats import PATIENT
from video.signaling.views import may_share
from video.turn import IceServer, ice_servers, turn_urls

routes = Routes("signal")
log = structlog.get_logger()
BOARD = web.AppKey("board", Board)
FIRST_WITHIN = 10.0  # seconds
SILENCE = 45.0  # seconds without a frame
HEARTBEAT = 6.0  # seconds between two pings; half as long for the answer
RATE, BURST = 50.0, 200.0  # frames a second, and at once
REFUSED = 1008  # close code of whoever does not keep to the rules (RFC 6455 §7.4.1)
MAX_TRIALS = 6  # of the way, by one socket
QUALITY_EVERY = 30.0  # seconds between two samples that are kept


@routes.get(CONSULTS + "/{id}/signal", public=True, transaction="none", status=101)
async def signal(call: Call) -> web.WebSocketResponse:
    """Talk into a consult's room: WebSocket, JSON; staff by their session, the patient by the link's cookie."""
    guest = await guest_of(call)
    connection = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=messages.MAX_FRAME, compress=False)
    await connection.prepare(call.request)
    if guest is None:
        return await _turned_away(connection)
    await converse(call.request, Socket(secrets.token_hex(12), call.path("id"), guest, connection))
    return connection


async def converse(request: web.Request, socket: Socket) -> None:
    """Hold one conversation; whatever ends it, its seat is kept for a while and others are told."""
    board = request.app[BOARD]
    writing = asyncio.create_task(socket.write(), name="room socket")
    try:
        await Conversation(board, socket, request).hold()
    finally:
        await _gone(board, socket)
        socket.close(1000)
        await asyncio.wait([writing], timeout=2)
        writing.cancel()


async def _turned_away(connection: web.WebSocketResponse) -> web.WebSocketResponse:
    """Say to a page of ours that its session or link is over: a browser is told nothing of a refused handshake."""
    await connection.send_json({"type": "ended", "reason": "link-over"})
    await connection.close(code=ENDED)
    return connection


async def guest_of(call: Call) -> Guest | None:
    """Return who is at the door, before any frame; None for a page of ours whose session or link is over.

    Raises
    ------
    CsrfFailed
        From another site's page, or a program without a cookie's page and without a token.
    NotSignedIn
        With a token that is none any more.
    """
    request, hub = call.request, call.hub
    caller = None if request.query.get("as") == PATIENT else await auth.authenticate(request, hub)
    if auth.is_bearer(request) and caller is None:
        raise NotSignedIn
    if not auth.is_bearer(request):
        auth.refuse_foreign_page(request, hub)
    if caller is not None:
        return Guest(caller=caller)
    async with hub.unit_of_work(read=True) as uow:
        link = await patient_links.link_of_browser(uow, call.path("id"), browser_of(request))
    return None if link is None else Guest(link=link.token_digest)


async def _gone(board: Board, socket: Socket) -> None:
    board.sockets.discard(socket)
    if not socket.seat:
        return
    await forget(board.hub, socket)
    async with board.hub.unit_of_work() as uow:
        outcome = await consult_room.lose(uow, socket.consult_id, socket.seat, socket.id)
    await board.hand_out(outcome)


class Conversation:
    """One socket from its first frame to its last."""

    def __init__(self, board: Board, socket: Socket, request: web.Request) -> None:
        self._board, self._socket, self._request = board, socket, request
        self._hub = board.hub
        self._left, self._counted_at = BURST, time.monotonic()
        self._sampled_at = 0.0
        self._trials = 0
        self._doubtful: dict[tuple[str, str], bool] = {}

    async def hold(self) -> None:
        """Take frames until the end."""
        within = FIRST_WITHIN
        while not self._socket.connection.closed:
            try:
                received = await self._socket.read(within)
            except TimeoutError:
                self._socket.close(AWAY if self._socket.seat else REFUSED)
                return
            if received.type is not WSMsgType.TEXT:
                return
            if not self._within_rate() or not await self._take(received.data):
                self._socket.close(REFUSED)
                return
            within = SILENCE if self._socket.seat else FIRST_WITHIN

    def _within_rate(self) -> bool:
        now = time.monotonic()
        self._left = min(BURST, self._left + RATE * (now - self._counted_at)) - 1
        self._counted_at = now
        return self._left >= 0

    async def _take(self, data: str) -> bool:
        """Answer one frame; False where the conversation ends for it."""
        try:
            frame = messages.read(data)
        except MalformedFrame as error:
            self._refuse(None, error)
            return False
        try:
            answer = await self._answer(frame)
        except VideoRefusal as refusal:
            self._refuse(frame.id, refusal)
            return True
        except Exception:  # the edge: a fault of ours is logged and said, and the room goes on
            log.exception("room.frame_failed", type=frame.type, request_id=self._request[REQUEST_ID])
            self._socket.send({"type": "error", "id": frame.id, "code": "FAULT", "detail": "系统出错，已记录"})
            return True
        if answer is not None:
            self._socket.send({"type": "ok", "id": frame.id, **answer})
        return True

    def _refuse(self, number: int | None, refusal: VideoRefusal) -> None:
        more = {k: v for k, v in vars(refusal).items() if not k.startswith("_") and isinstance(v, str | int)}
        words = WORDS.get(refusal.code, str(refusal))
        self._socket.send({"type": "error", "id": number, "code": refusal.code, "detail": words, **more})

    async def _answer(self, frame: Frame) -> Mapping[str, Any] | None:
        if frame.type == "join":
            await self._join(frame)
            return None
        if frame.type == "ping":
            self._socket.send({"type": "pong", "id": frame.id, "now": self._hub.clock.now().isoformat()})
            return None
        if frame.type == "probe":
            await self._probe(frame)
            return None
        if not self._socket.seat:
            raise NotPermitted
        if frame.type in SAYINGS:
            await self._say(frame)
            return None
        await self._must_be_inside()
        return await PASSING[frame.type](self, frame)

    async def _join(self, frame: Frame) -> None:
        socket, board = self._socket, self._board
        await say_here(self._hub, socket)
        async with self._hub.unit_of_work(socket.guest.acts_as) as uow:
            outcome = await consult_room.come_in(uow, socket.guest, socket.consult_id, socket.id)
        seat = outcome.seat
        if seat is None:
            return
        socket.consult_id, socket.seat, socket.since = outcome.consult.id, seat.id, outcome.room.version
        socket.observes = seat.observes
        board.sockets.add(socket)
        now = self._hub.clock.now()
        relays = [asdict(each) for each in self._relays(seat.id)]
        socket.send({"type": "welcome", "id": frame.id, "seat": seat.id, "ice_servers": relays, "now": now.isoformat()})
        await board.hand_out(outcome)

    async def _probe(self, frame: Frame) -> None:
        """Let her try by which way media would reach the hub; each trial is a connection of its own."""
        if self._trials >= MAX_TRIALS:
            raise NotPermitted
        sdp = ""
        if frame["sdp"]:
            self._trials += 1
            sdp = await self._board.try_way(f"trial-{self._socket.id}-{self._trials}", frame["sdp"])
        relays = [asdict(each) for each in self._relays(self._socket.id)]
        self._socket.send({"type": "probed", "id": frame.id, "sdp": sdp, "ice_servers": relays})

    def _relays(self, seat_id: str) -> Sequence[IceServer]:
        """Return the TURN servers with credentials of a short life, counted for a seat."""
        settings, now = self._hub.settings, self._hub.clock.now()
        return ice_servers(turn_urls(settings.turn_urls), settings.turn_secret, user=seat_id, now=now)

    async def _say(self, frame: Frame) -> None:
        """Do what changes the room; its author hears that it is done before the room shows it."""
        socket = self._socket
        async with self._hub.unit_of_work(socket.guest.acts_as) as uow:
            outcome = await consult_room.say(uow, socket.guest, socket.consult_id, socket.seat, frame)
        socket.send({"type": "ok", "id": frame.id, **outcome.answer})
        await self._board.hand_out(outcome)

    async def _must_be_inside(self) -> None:
        """Refuse what is only for those inside; the row says so, or what was shown of it a moment ago."""
        if self._socket.inside:
            return
        async with self._hub.unit_of_work(read=True) as uow:
            await consult_room.may_listen(uow, self._socket.guest, self._socket.consult_id, self._socket.seat)

    # -- what changes no row ---------------------------------------------------------------------------------------

    async def publish(self, frame: Frame) -> None:
        """Give an offer to the media worker, and its answer back."""
        answer = await self._ask("publish", connection=frame["connection"], sdp=frame["sdp"],
                                 sources=frame["sources"])  # fmt: skip
        self._socket.send(
            {
                "type": "published", "id": frame.id, "connection": frame["connection"], "epoch": frame["epoch"],
                "sdp": answer["sdp"],
            }
        )  # fmt: skip

    async def to_media(self, frame: Frame) -> Mapping[str, Any]:
        """Pass a frame on to the media worker."""
        await self._ask(frame.type, **{k: v for k, v in frame.fields.items() if k != "epoch"})
        return {}

    async def _ask(self, op: str, **more: Any) -> Mapping[str, Any]:
        answer = await self._board.ask_media(self._socket.consult_id, op, seat=self._socket.seat, **more)
        if not answer.get("ok"):
            code = str(answer.get("code", MediaAway.code))
            log.info("room.media_refused", op=op, code=code, consult_id=self._socket.consult_id)
            raise MalformedFrame("sdp", code) if code == "BAD_SDP" else MediaAway
        return answer

    async def view(self, frame: Frame) -> Mapping[str, Any]:
        """Open, change or end what all look at."""
        self._must_share()
        socket, view = self._socket, await self._checked(frame["view"])
        before = await self._board.keep_view(socket.consult_id, view)
        if subject_of(view) != subject_of(before):
            async with self._hub.unit_of_work(socket.guest.acts_as) as uow:
                await consult_room.note_look(uow, socket.consult_id, socket.seat, view)
        await self._tell_others({"type": "view", "view": view, "by": socket.seat})
        return {}

    async def _checked(self, view: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """Return a view that a class may see: of a picture that may show a name, somebody has said that it does not.

        Raises
        ------
        BurnedIn
        """
        board, consult_id = self._board, self._socket.consult_id
        study = str((view or {}).get("study_uid", ""))
        shown = board.known.get(consult_id)
        if view is None or not study or shown is None or not shown.facts.teaching:
            return view
        subject = (view["kind"], study)
        if subject not in self._doubtful:
            self._doubtful[subject] = view["kind"] == "study" and await self._may_show_a_name(study)
        if not self._doubtful[subject] or view.get("checked") is True:
            return view
        before = await board.view_of(consult_id) or {}
        if before.get("study_uid") == study and before.get("checked") is True:
            return {**view, "checked": True}
        raise BurnedIn

    async def _may_show_a_name(self, study: str) -> bool:
        async with self._hub.unit_of_work(read=True) as uow:
            found = await uow.archive.holding(SYSTEM, study, now=uow.now)
        return found is not None and await class_pictures.study_may_show_a_name(self._hub.viewing, found.instances)

    async def point(self, frame: Frame) -> None:
        """Point at it."""
        self._must_share()
        await self._tell_others({"type": "point", "seat": self._socket.seat, "x": frame["x"], "y": frame["y"]})

    def _must_share(self) -> None:
        shown = self._board.known.get(self._socket.consult_id)
        seat = shown.room.seat(self._socket.seat) if shown else None
        if seat is None or not may_share(seat):
            raise NotPermitted

    async def _tell_others(self, message: Mapping[str, Any]) -> None:
        shown = self._board.known.get(self._socket.consult_id)
        seats = shown.room.inside() if shown else ()
        to = tuple(seat.id for seat in seats if seat.id != self._socket.seat)
        await self._board.pass_on(self._socket.consult_id, Told(message, to))

    async def stats(self, frame: Frame) -> None:
        """Keep a sample of how somebody's line does."""
        now = time.monotonic()
        if now - self._sampled_at < QUALITY_EVERY:
            return
        self._sampled_at = now
        socket = self._socket
        async with self._hub.unit_of_work() as uow:
            quality = consult_room.quality_of(frame)
            await uow.rooms.sample(socket.consult_id, socket.guest.person, uow.now, quality)


Passing = Callable[[Conversation, Frame], Awaitable[Mapping[str, Any] | None]]
PASSING: Mapping[str, Passing] = MappingProxyType(
    {
        "publish": Conversation.publish,
        "unpublish": Conversation.to_media,
        "subscribe": Conversation.to_media,
        "answer": Conversation.to_media,
        "restart": Conversation.to_media,
        "want": Conversation.to_media,
        "view": Conversation.view,
        "point": Conversation.point,
        "stats": Conversation.stats,
    }
)
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "TOO_EARLY": "会诊室还没开放，请稍后再进 (the lobby is not open yet)",
        "OVER": "通话已结束，会诊室已关闭 (the call is over)",
        "ROOM_LOCKED": "主持专家已锁定会诊室，请打电话联系 (the host has locked the room)",
        "NOT_ADMITTED": "还在候诊，请等专家接入 (wait until an expert lets you in)",
        "FORBIDDEN": "这一步要由主持专家来做 (the host does this)",
        "NOT_FOUND": "没有这个会诊，或链接已失效 (no such consult, or the link has ended)",
        "MEDIA_AWAY": "音视频暂时连不上，正在重试；文字可以继续 (media are away, text goes on)",
        "STATE": "现在不能这样做 (not possible now)",
        "CLASS_FULL": "旁听的人已满，请稍后再进 (as many look on as may)",
        "BURNED_IN": "图上可能印着病人的姓名，旁听的人会看到；请看过再给大家看 (the picture may show a name)",
        "MALFORMED": "消息格式不对 (the frame is malformed)",
    }
)


async def keep_rooms(app: web.Application) -> AsyncIterator[None]:
    """Run the rooms of this process while the app runs."""
    board = app[BOARD]
    running = [
        asyncio.create_task(board.listen(), name="room notices"),
        asyncio.create_task(board.follow(app[FEED]), name="room commands"),
        asyncio.create_task(board.media.listen(), name="media answers"),
        asyncio.create_task(Keeper(board, secrets.token_hex(6)).run(), name="room keeper"),
    ]
    yield
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def leave_sockets(app: web.Application) -> None:
    """Let go of every socket when the process ends in order: whoever is in a call comes in by another one."""
    for socket in app[BOARD].sockets:
        with suppress(ConnectionError):
            socket.close(1012)
