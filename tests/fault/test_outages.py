"""Redis and the worker fall away while devices send (R09, R10): intake goes on, and every study gets its order once."""

import asyncio
import random
import signal
from pathlib import Path

import pytest
from redis import Redis

from tests.fault.acknowledged import Book, fresh_objects, keep_sending, lost
from tests.fault.machinery import FULL, catches_up, family, wrongly_completed
from tests.servers.hub import RunningHub
from tests.servers.processes import wait_until

ROUNDS = 12 if FULL else 3
OBJECTS = 100 if FULL else 30
WITHIN = 90.0  # seconds: a message that was lost with its worker is sent again after 30 (server/tasks/outbox.py)


def flush(hub: RunningHub) -> None:
    """Forget everything that Redis holds: the queue, what is unacknowledged, Celery's own bindings."""
    with Redis(unix_socket_path=str(hub.data_dir / "run" / "redis.sock")) as client:
        client.flushall()


def fault(hub: RunningHub, number: int) -> None:
    """Do one of the three, in turn; a role that is on its way up is waited for."""
    wait_until(lambda: {"redis", "worker"} <= family(hub).keys(), seconds=60, what="the roles", log=hub.log)
    if number % 3 == 0:
        family(hub)["redis"].send_signal(signal.SIGKILL)
    elif number % 3 == 1:
        family(hub)["worker"].send_signal(signal.SIGKILL)
    else:
        flush(hub)


async def test_without_redis_or_worker_intake_goes_on_and_each_study_gets_its_order_once(
    fresh_hub: RunningHub, tmp_path: Path
) -> None:
    book, chance = Book(tmp_path / "book.jsonl"), random.Random(9)
    for number in range(ROUNDS):
        paths = await asyncio.to_thread(fresh_objects, tmp_path, OBJECTS)
        sending = asyncio.gather(*(keep_sending(fresh_hub, paths[i::4], book) for i in range(4)))
        await asyncio.sleep(chance.uniform(0.05, 0.4))
        await asyncio.to_thread(fault, fresh_hub, number)
        await asyncio.wait_for(sending, 60)
        # The handlers of what just came are at work now: the second fault meets them in mid job.
        await asyncio.sleep(chance.uniform(0.05, 0.4))
        await asyncio.to_thread(fault, fresh_hub, number + 1)
    await catches_up(fresh_hub, seconds=WITHIN)
    assert await wrongly_completed(fresh_hub) == {}
    assert len(book.entries) == ROUNDS * OBJECTS
    assert await asyncio.to_thread(lost, fresh_hub, book) == []


@pytest.mark.skipif(not FULL, reason="a hanging Redis is tried by `make fault`")
async def test_a_redis_that_hangs_stops_no_device(fresh_hub: RunningHub, tmp_path: Path) -> None:
    book, redis = Book(tmp_path / "book.jsonl"), family(fresh_hub)["redis"]
    paths = await asyncio.to_thread(fresh_objects, tmp_path, OBJECTS)
    redis.send_signal(signal.SIGSTOP)
    try:
        await asyncio.wait_for(keep_sending(fresh_hub, paths, book), 60)
        assert len(book.entries) == OBJECTS
    finally:
        redis.send_signal(signal.SIGCONT)
    await catches_up(fresh_hub, seconds=WITHIN)
    assert await wrongly_completed(fresh_hub) == {}
