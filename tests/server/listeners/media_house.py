"""Media workers as they run, asked through a real Redis, and aiortc peers that talk to each other through them."""

import asyncio
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.servers.processes import end, free_port, listens, wait_until
from tests.servers.redis import RunningRedis
from tests.video.rtc.hub import peer, until

ROOT = Path(__file__).parents[3]
# A worker in which to load or to make any codec raises: what cannot be loaded cannot transcode.
WITHOUT_CODECS = """
import faulthandler, sys
faulthandler.enable()
sys.modules.update(dict.fromkeys(("av", "aiortc", "cv2", "PIL", "numpy"), None))
from server.cli import main
sys.exit(main(["media"]))
"""
ENDS_WITHIN = 3.0  # seconds
INSIDE = {"publish": ["microphone", "camera", "screen"], "receive": True}
_numbers = itertools.count(1)


class RunningWorker:
    """A media worker's process."""

    def __init__(self, redis_url: str, *, host: str = "127.0.0.1") -> None:
        self.port = free_port()
        self.data = Path(tempfile.mkdtemp(prefix="lutong-media-"))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LUTONG_")}
        environment |= {
            "LUTONG_BIND": host,
            "LUTONG_DATA_DIR": str(self.data),
            "LUTONG_REDIS_URL": redis_url,
            "LUTONG_MEDIA_PORT": str(self.port),
            "LUTONG_MEDIA_WORKERS": "1",
            "LUTONG_LOG_LEVEL": "warning",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", WITHOUT_CODECS], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL
        )
        wait_until(lambda: self.process.poll() is not None or listens(self.port, host), seconds=30, what="the worker")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """End it in order."""
        return end(self.process, seconds=10)


@contextmanager
def running_worker(redis: RunningRedis, *, host: str = "127.0.0.1") -> Iterator[RunningWorker]:
    """Start a media worker and end it afterwards."""
    worker = RunningWorker(redis.url, host=host)
    try:
        yield worker
    finally:
        worker.stop()
        shutil.rmtree(worker.data)


class Refusal(Exception):
    """A worker's answer that says no."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class House:
    """A web process's side: one room, whose roster it keeps, and the seats in it."""

    def __init__(self, redis: RunningRedis) -> None:
        self.redis = Redis.from_url(redis.url, socket_timeout=5)
        self.room = f"room{next(_numbers)}"
        self.epoch, self.version = 1, 0
        self.worker = ""
        self.candidates: list[tuple[str, str, int]] = []
        self.seats: dict[str, dict[str, Any]] = {}
        self.people: dict[str, Person] = {}
        self.notices: list[dict[str, Any]] = []
        self._listening: asyncio.Task[None] | None = None
        self._is_ending = False
        self._answering: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._listening = asyncio.get_running_loop().create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_ending = True  # a client that takes a cancellation for a failure does not go round again
        for person in self.people.values():
            await person.close()
        tasks = [*self._answering, *filter(None, [self._listening])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=ENDS_WITHIN)
        await self.redis.aclose()

    async def place(self, *, port: int) -> None:
        """Put the room on the worker that listens on this port."""
        for _ in range(200):
            for key in await self.redis.keys("lutong:media:worker:*"):
                beat = json.loads(await self.redis.get(key) or "{}")
                if beat and beat["candidates"][0][2] == port:
                    self.worker, self.candidates = beat["id"], [tuple(each) for each in beat["candidates"]]
                    return
            await asyncio.sleep(0.05)
        raise AssertionError("no heartbeat of this worker")

    async def beats(self) -> bool:
        """Tell whether our worker is heard."""
        with suppress(RedisError):  # a connection of before Redis was away
            return bool(await self.redis.exists(f"lutong:media:worker:{self.worker}"))
        return False

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """Ask our worker for something and return its answer."""
        number = next(_numbers)
        said = {"id": number, "reply": f"reply{number}", "op": op, "room": self.room, "epoch": self.epoch} | fields
        return await self.say(json.dumps(said), f"reply{number}")

    async def say(self, raw: str, reply: str) -> dict[str, Any]:
        """Push a request as it is and wait for the answer."""
        await self.redis.rpush(f"lutong:media:{self.worker}:requests", raw)
        found: Any = await self.redis.blpop([reply], timeout=4)
        assert found is not None, "no answer"
        answer: dict[str, Any] = json.loads(found[1])
        if not answer["ok"]:
            raise Refusal(answer["code"])
        return answer

    async def roster(self, **changed: dict[str, Any] | None) -> None:
        """Change the roster; None takes a seat out."""
        for seat, allowed in changed.items():
            if allowed is None:
                self.seats.pop(seat, None)
            else:
                self.seats[seat] = allowed
        self.version += 1
        await self.ask("roster", version=self.version, seats=self.seats)

    async def enter(self, seat: str, *tracks: MediaStreamTrack) -> "Person":
        """Let somebody in who publishes these tracks and receives everybody."""
        await self.roster(**{seat: INSIDE})
        person = self.people[seat] = Person(self, seat)
        if tracks:
            await person.publish(*tracks)
        await self.ask("subscribe", seat=seat)
        return person

    async def _listen(self) -> None:
        while not self._is_ending:
            with suppress(OSError, RedisError):
                async with self.redis.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.psubscribe("lutong:room:*")
                    async for message in channel.listen():
                        if message["channel"].decode() == f"lutong:room:{self.room}":
                            self._on_notice(json.loads(message["data"]))
            await asyncio.sleep(0.1)

    def _on_notice(self, notice: dict[str, Any]) -> None:
        self.notices.append(notice)
        for seat in notice["to"]:
            if notice["message"]["type"] == "offer" and seat in self.people and notice["epoch"] == self.epoch:
                task = asyncio.get_running_loop().create_task(self.people[seat].answer(notice["message"]))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)

    def told(self, seat: str, kind: str) -> list[dict[str, Any]]:
        """Return the messages of a type to a seat."""
        return [each["message"] for each in self.notices if seat in each["to"] and each["message"]["type"] == kind]


class Person:
    """A seat with stock aiortc peers, which decode what they get: `heard` counts whose frames came."""

    def __init__(self, house: House, seat: str) -> None:
        self.house, self.seat = house, seat
        self.sending = peer()
        self.receiving: RTCPeerConnection | None = None
        self.heard: Counter[str] = Counter()
        self.offers: list[dict[str, Any]] = []
        self._turn = asyncio.Lock()
        self._names: dict[str, str] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def publish(self, *tracks: MediaStreamTrack) -> None:
        """Publish by the main connection."""
        sources = {}
        for mid, track in enumerate(tracks):
            self.sending.addTrack(track)
            sources[str(mid)] = "microphone" if track.kind == "audio" else "camera"
        await self.sending.setLocalDescription(await self.sending.createOffer())
        await self.take_answer(self.sending.localDescription.sdp, sources)

    async def take_answer(self, offer: str, sources: dict[str, str]) -> None:
        """Send an offer, and take the answer."""
        answer = await self.house.ask("publish", seat=self.seat, connection="main", sdp=offer, sources=sources)
        await self.sending.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))

    async def answer(self, offer: dict[str, Any]) -> None:
        """Answer an offer, one after the other."""
        async with self._turn:
            self.offers.append(offer)
            if self.receiving is None:
                self.receiving = peer()
                self.receiving.on("track", self._watch)
            self._names = {each["mid"]: f"{each['seat']}/{each['source']}" for each in offer["tracks"]}
            await self.receiving.setRemoteDescription(RTCSessionDescription(offer["sdp"], "offer"))
            await self.receiving.setLocalDescription(await self.receiving.createAnswer())
            said = {"version": offer["version"], "sdp": self.receiving.localDescription.sdp}
            with suppress(Refusal):  # whoever was taken out meanwhile
                await self.house.ask("answer", seat=self.seat, **said)

    def _watch(self, track: MediaStreamTrack) -> None:
        assert self.receiving is not None
        mid = next(each.mid for each in self.receiving.getTransceivers() if each.receiver.track is track)
        self._tasks.append(asyncio.get_running_loop().create_task(self._count(track, self._names[str(mid)])))

    async def _count(self, track: MediaStreamTrack, name: str) -> None:
        with suppress(MediaStreamError):
            while True:
                await track.recv()
                self.heard[name] += 1

    async def hears(self, name: str, *, seconds: float = 15.0) -> None:
        """Wait until more of a source comes."""
        before = self.heard[name]
        await until(lambda: self.heard[name] >= before + 10, f"{self.seat} hears {name}", seconds=seconds)

    async def close(self) -> None:
        """Leave without a word to the worker but DTLS's."""
        for connection in filter(None, [self.sending, self.receiving]):
            closing = asyncio.create_task(connection.close())
            await asyncio.wait([closing], timeout=ENDS_WITHIN)  # aiortc waits for ever for a handshake that was refused
            closing.cancel()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=ENDS_WITHIN)
