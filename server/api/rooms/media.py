"""The media workers behind Redis: which of them has a room, and what is asked of it.

A worker shows that it lives by a key that ends by itself. A room stands on one worker; when that one is gone the room
is given to another, one epoch on, and everybody begins media anew.
"""

import asyncio
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.clock import SystemClock
from video.errors import MediaAway

log = structlog.get_logger()
WORKERS = "lutong:media:workers"
ALIVE = "lutong:media:worker:{}"
REQUESTS = "lutong:media:{}:requests"
PLACE = "lutong:room:{}:place"
PLACED_FOR = 24 * 3600  # seconds
PATIENCE = 3.0  # seconds for an answer
TROUBLE = (OSError, TimeoutError, RedisError)
# Whoever saw the place that she replaces writes it; of two web processes at once one does.
REPLACE = """local now = redis.call('GET', KEYS[1])
if (now or '') ~= ARGV[1] then return now end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return ARGV[2]"""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a room's media are; `epoch` is one more with each worker."""

    worker: str
    epoch: int


class MediaWorkers:
    """What this process asks of media workers."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._replies = f"lutong:web:{secrets.token_hex(8)}:replies"
        self._waiting: dict[str, asyncio.Future[Mapping[str, Any]]] = {}

    async def place_of(self, consult_id: str) -> Placed | None:
        """Return where a room is, if its worker lives."""
        with suppress(*TROUBLE):
            text = await self._redis.get(PLACE.format(consult_id))
            placed = _placed(text)
            if placed is not None and await self._redis.exists(ALIVE.format(placed.worker)):
                return placed
        return None

    async def place(self, consult_id: str) -> Placed:
        """Return where a room is; one whose worker is gone is given to the worker with the least to do.

        Raises
        ------
        MediaAway
            When no worker lives, or Redis is away.
        """
        try:
            return await self._place(consult_id)
        except TROUBLE as error:
            raise MediaAway from error

    async def anywhere(self) -> Placed:
        """Return a worker for what no room's people share: a trial of the way.

        Raises
        ------
        MediaAway
        """
        try:
            return Placed(await self._least_busy(), 1)
        except TROUBLE as error:
            raise MediaAway from error

    async def _place(self, consult_id: str) -> Placed:
        key = PLACE.format(consult_id)
        text = await self._redis.get(key)
        placed = _placed(text)
        if placed is not None and await self._redis.exists(ALIVE.format(placed.worker)):
            return placed
        worker = await self._least_busy()
        epoch = placed.epoch + 1 if placed else int(_unix_seconds())
        wanted = json.dumps({"worker": worker, "epoch": epoch})
        before = text_of(text)
        stands = await self._redis.eval(REPLACE, 1, key, before, wanted, str(PLACED_FOR))
        found = _placed(stands)
        if found is None:
            raise MediaAway
        return found

    async def _least_busy(self) -> str:
        alive = []
        for member in await self._redis.smembers(WORKERS):
            worker = text_of(member)
            text = await self._redis.get(ALIVE.format(worker))
            if text is None:
                await self._redis.srem(WORKERS, worker)
                continue
            said = json.loads(text)
            alive.append((float(said.get("load", 0)), int(said.get("rooms", 0)), worker))
        if not alive:
            raise MediaAway
        return min(alive)[2]

    async def ask(self, placed: Placed, consult_id: str, op: str, **more: Any) -> Mapping[str, Any]:
        """Ask the worker of a room, and return its answer (`ok` says whether it did).

        Raises
        ------
        MediaAway
            When no answer comes in time.
        """
        number = secrets.token_hex(8)
        future: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            await self._push(placed, consult_id, op, id=number, reply=self._replies, **more)
            async with asyncio.timeout(PATIENCE):
                return await future
        except TROUBLE as error:
            raise MediaAway from error
        finally:
            self._waiting.pop(number, None)

    async def tell(self, placed: Placed, consult_id: str, op: str, **more: Any) -> None:
        """Tell the worker of a room without waiting; what is lost is told again by the next roster."""
        with suppress(*TROUBLE):
            await self._push(placed, consult_id, op, **more)

    async def _push(self, placed: Placed, consult_id: str, op: str, **more: Any) -> None:
        request = {"id": "", "op": op, "room": consult_id, "epoch": placed.epoch, "at": _unix_seconds(), **more}
        await self._redis.rpush(REQUESTS.format(placed.worker), json.dumps(request))

    async def listen(self) -> None:
        """Take answers until cancelled."""
        while True:
            try:
                found = await self._redis.blpop([self._replies], timeout=2)
                if found is not None:
                    self._answered(json.loads(found[1]))
            except TROUBLE:
                await asyncio.sleep(0.5)
            except Exception:  # the edge: one answer that cannot be read must not end all answers
                log.exception("media.answer_failed")

    def _answered(self, answer: Mapping[str, Any]) -> None:
        future = self._waiting.get(str(answer.get("id")))
        if future is not None and not future.done():
            future.set_result(answer)


def _unix_seconds() -> float:
    return SystemClock().now().timestamp()


def text_of(value: bytes | str | None) -> str:
    """Return what Redis gave as text."""
    return value.decode() if isinstance(value, bytes) else value or ""


def _placed(text: bytes | str | None) -> Placed | None:
    if not text:
        return None
    said = json.loads(text)
    return Placed(str(said["worker"]), int(said["epoch"]))
