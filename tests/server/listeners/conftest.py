"""The gateway is tried on both loops: uvloop serves in production. Media workers share a Redis in each module."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import pytest
import uvloop

from tests.server.listeners.media_house import House, RunningWorker, running_worker
from tests.servers.redis import RunningRedis, running_redis


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Give the listener's own tests one run on each loop."""
    plain = {"asyncio": asyncio.SelectorEventLoop}
    return plain | {"uvloop": uvloop.new_event_loop} if item.path.name == "test_gateway.py" else plain


@pytest.fixture(scope="module")
def redis() -> Iterator[RunningRedis]:
    """Give a Redis of the module's own."""
    with running_redis() as running:
        yield running


@pytest.fixture(scope="module")
def worker(redis: RunningRedis) -> Iterator[RunningWorker]:
    """Give a media worker on it."""
    with running_worker(redis) as running:
        yield running


@pytest.fixture
async def house(redis: RunningRedis, worker: RunningWorker) -> AsyncIterator[House]:
    """Give a room on the worker, with the web process's side of it."""
    async with House(redis) as made:
        await made.place(port=worker.port)
        yield made
