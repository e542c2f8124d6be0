"""A Redis server of the test run's own, on a free port, that can be taken away and brought back."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from server.supervisor import redis_binary
from tests.servers.processes import end, free_port, listens, wait_until


class RunningRedis:
    """A Redis server that keeps nothing on disk."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.process = self._start()

    @property
    def url(self) -> str:
        """Return its address."""
        return f"redis://127.0.0.1:{self.port}"

    def _start(self) -> "subprocess.Popen[bytes]":
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        process = subprocess.Popen([redis_binary(), *options], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        wait_until(lambda: listens(self.port), seconds=20, what="Redis")
        return process

    def kill(self) -> None:
        """Take it away at once, with all that it holds."""
        self.process.kill()
        self.process.wait()

    def start_again(self) -> None:
        """Bring an empty one back at the same address."""
        self.process = self._start()


@contextmanager
def running_redis() -> Iterator[RunningRedis]:
    """Start a Redis server and end it afterwards."""
    server = RunningRedis(free_port())
    try:
        yield server
    finally:
        end(server.process, seconds=10)
