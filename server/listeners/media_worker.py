"""A media worker's process: the media port with its rooms, and the Redis lists and channels by which it is asked.

What it knows is in its memory and nowhere else. Without Redis nobody can ask anything, and media go on.
"""

import asyncio
import json
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.clock import Clock
from server.listeners.media import MediaListener, MediaOptions
from server.listeners.media_recording import RecordingDesk
from server.listeners.media_rooms import Rooms
from server.listeners.media_wire import MAX_REQUEST, REQUEST
from server.settings import Settings
from video.rtc.dtls import Identity
from video.rtc.room.ground import Ground
from video.rtc.room.model import Refused

log = structlog.get_logger("media")

WORKERS = "lutong:media:workers"
BEAT = 0.5  # seconds
BEAT_HOLDS = 1500  # milliseconds: a worker that has not been heard for so long counts as dead
ASK = 1  # seconds that one look at the requests waits
REPLY_HOLDS = 10  # seconds
STALE = 5.0  # seconds after which whoever asked has given up
ENDS_WITHIN = 2.0  # seconds for each thing that the end waits for
PAUSE = 0.3  # seconds until Redis is tried again
KEPT_NOTICES = 2000  # while Redis is away; offers are made anew by themselves
FULL = 0.9  # of a core, above which no further room is taken
ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared with, not bound to

Away = (OSError, RedisError, TimeoutError)


class MediaWorker:
    """One worker: `run` serves until it is told to stop.

    Parameters
    ----------
    settings
        Where to listen, what to name in candidates, which Redis.
    index
        Which of this machine's workers: its port is the first one's plus this.
    clock
        For the certificate, and for when a recording began.
    """

    def __init__(self, settings: Settings, index: int, clock: Clock) -> None:
        self.id = f"{socket.gethostname()}-{index}-{os.urandom(4).hex()}"  # a successor is another worker
        self.listener = MediaListener(
            MediaOptions(host=settings.bind, port=settings.media_port + index), tick=self._on_tick
        )
        self._settings, self._clock = settings, clock
        self._redis = Redis.from_url(settings.redis, socket_timeout=5, socket_connect_timeout=2)
        self._rooms: Rooms | None = None
        self._desk = RecordingDesk(clock)
        self._beat: dict[str, Any] = {}
        self._load = Load()
        self._offset = 0.0  # Redis' time less ours
        self._is_away = self._is_ending = False
        self._notices: deque[tuple[str, str]] = deque(maxlen=KEPT_NOTICES)
        self._said, self._sending = asyncio.Event(), asyncio.Lock()

    async def run(self, stop: asyncio.Event, ready: Callable[[int], object]) -> None:
        """Serve until `stop` is set, then end every room in order."""
        identity = Identity(now=self._clock.now())
        port = await self.listener.start()
        candidates = tuple((kind, host, port) for host in addresses(self._settings) for kind in ("udp", "tcp"))
        ground = Ground(
            identity, self.listener.port, candidates, self.listener.outgoing, self.listener.send, os.urandom
        )
        folders = [self._settings.data_path, self._settings.objects_path]
        self._rooms = Rooms(ground, self._desk, folders, is_full=lambda: self._load.share > FULL)
        self._beat = {"id": self.id, "candidates": candidates}
        tasks = [
            asyncio.create_task(self._forever(each), name=each.__name__)
            for each in (self._heartbeat, self._take_requests, self._say)
        ]
        ready(port)
        await stop.wait()
        self._is_ending = True  # a client that takes a cancellation for a failure does not go round again
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=ENDS_WITHIN)
        await self._sign_off()
        self._rooms.close(now=asyncio.get_running_loop().time())
        await self._desk.settled()
        self._desk.close()
        await self.listener.stop()
        with suppress(*Away):
            async with asyncio.timeout(ENDS_WITHIN):
                await self._redis.aclose()

    async def _sign_off(self) -> None:
        """Let the web processes place our rooms elsewhere at once."""
        with suppress(*Away):
            async with asyncio.timeout(ENDS_WITHIN), self._pipe() as pipe:
                pipe.delete(self._key()).srem(WORKERS, self.id).delete(self._key("requests"))
                await pipe.execute()

    def _key(self, what: str = "") -> str:
        return f"lutong:media:{self.id}:{what}" if what else f"lutong:media:worker:{self.id}"

    def _pipe(self) -> Any:
        return self._redis.pipeline(transaction=False)  # its type hints are those of a client without a pipeline

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        """Take one step after the other; while Redis is away, try again."""
        while not self._is_ending:
            try:
                await step()
            except Away as error:
                if not self._is_away:
                    log.warning("media.redis_away", why=type(error).__name__)
                self._is_away = True
                await asyncio.sleep(PAUSE)

    # -- heartbeat ---------------------------------------------------------------------------------------------

    async def _heartbeat(self) -> None:
        if self._rooms is None:
            return
        beat = json.dumps(self._beat | {"rooms": len(self._rooms), "load": round(self._load.measure(), 3)})
        async with asyncio.timeout(2), self._pipe() as pipe:
            pipe.set(self._key(), beat, px=BEAT_HOLDS).sadd(WORKERS, self.id).time()
            seconds, micros = (await pipe.execute())[2]
        now = asyncio.get_running_loop().time()
        self._offset = seconds + micros / 1e6 - now
        if self._is_away:
            log.info("media.redis_back")
            self._is_away = False
            self._rooms.keep(now=now)
        self._rooms.close_forgotten(now=now)
        await asyncio.sleep(BEAT)

    # -- requests ----------------------------------------------------------------------------------------------

    async def _take_requests(self) -> None:
        found: Any = await self._redis.blpop([self._key("requests")], timeout=ASK)
        if found is None:
            return
        reply, answer = self._handle(found[1])
        await self._desk.settled()
        self._notices.extend(self._take_notices())
        await self._send(reply, answer)

    def _handle(self, raw: bytes) -> tuple[str, dict[str, Any]]:
        """Do what a request asks; return the list that waits for the answer, and the answer."""
        now = asyncio.get_running_loop().time()
        try:
            request = REQUEST.validate_json(raw if len(raw) <= MAX_REQUEST else b"")
        except ValidationError as error:
            number, reply = return_address(raw)
            return reply, {"id": number, "ok": False, "code": "BAD_REQUEST", "detail": _why(error)}
        if self._rooms is None or (request.at and now + self._offset - request.at > STALE):
            return "", {}
        try:
            return request.reply, {"id": request.id, "ok": True} | self._rooms.handle(request, now=now)
        except Refused as refused:
            return request.reply, {"id": request.id, "ok": False, "code": refused.code, "detail": refused.detail}

    # -- notices -----------------------------------------------------------------------------------------------

    def _on_tick(self, now: float) -> None:
        if self._rooms is None:
            return
        self._rooms.tick(now)
        said = self._take_notices()
        if said:
            self._notices.extend(said)
            self._said.set()

    def _take_notices(self) -> list[tuple[str, str]]:
        if self._rooms is None:
            return []
        return [
            (
                f"lutong:room:{room}",
                json.dumps({"from": self.id, "epoch": epoch, "to": notice.to, "message": notice.message}),
            )
            for room, epoch, notice in self._rooms.take_notices()
        ]

    async def _say(self) -> None:
        await self._said.wait()
        self._said.clear()
        await self._send()

    async def _send(self, reply: str = "", answer: dict[str, Any] | None = None) -> None:
        """Send an answer and, in one turn behind it, all that is to be said: whoever asked hears the answer first."""
        async with self._sending, self._pipe() as pipe:
            said = [*self._notices]
            self._notices.clear()
            if reply:
                pipe.rpush(reply, json.dumps(answer)).expire(reply, REPLY_HOLDS)
            for channel, text in said:
                pipe.publish(channel, text)
            try:
                await pipe.execute()
            except Away:
                self._notices.extendleft(reversed(said))
                self._said.set()
                raise


class Load:
    """How much of its core this process takes, smoothed over some seconds."""

    def __init__(self) -> None:
        self.share = 0.0
        self._busy, self._at = time.process_time(), time.monotonic()

    def measure(self) -> float:
        """Return the share, by what has passed since the last call."""
        busy, at = time.process_time(), time.monotonic()
        if at > self._at:
            self.share += 0.3 * (min(1.0, (busy - self._busy) / (at - self._at)) - self.share)
            self._busy, self._at = busy, at
        return self.share


def return_address(raw: bytes) -> tuple[int | str | None, str]:
    """Return the number of a request that does not parse and the list that waits for its answer, as far as they go."""
    try:
        said = json.loads(raw) if len(raw) <= MAX_REQUEST else {}
    except ValueError:
        said = {}
    number, reply = (said.get("id"), said.get("reply")) if isinstance(said, dict) else (None, None)
    return number if isinstance(number, int | str) else None, reply if isinstance(reply, str) else ""


def _why(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(each) for each in first['loc'])}: {first['msg']}"


def addresses(settings: Settings) -> list[str]:
    """Return the addresses that candidates name: those of the setting, else the one that we listen on.

    Behind an address that means all of them, the one that this machine's packets to elsewhere leave by.
    """
    named = [each.strip() for each in settings.media_address.split(",") if each.strip()]
    if named:
        return named
    if settings.bind not in ANYWHERE:
        return [settings.bind]
    family, elsewhere = (socket.AF_INET6, "2001:db8::1") if ":" in settings.bind else (socket.AF_INET, "192.0.2.1")
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((elsewhere, 9))  # sends nothing: the kernel only looks for the way
        except OSError:
            return ["127.0.0.1"]
        return [str(probe.getsockname()[0])]


async def serve(settings: Settings, index: int, clock: Clock) -> None:
    """Serve one worker until SIGTERM."""
    worker = MediaWorker(settings, index, clock)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def ready(port: int) -> None:
        log.info("media.ready", port=port, worker=worker.id)

    await worker.run(stop, ready)
