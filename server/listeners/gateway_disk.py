"""Where the gateway's event loop meets the disk: a small pool of threads, and one object on its way to a file.

A slow disk stops one association, never the loop. Nothing else in the gateway uses a thread.
"""

import asyncio
import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import ParamSpec, Protocol, TypeVar

from dicom.ports import StagedFile

P = ParamSpec("P")
T = TypeVar("T")
SEGMENT = 256 * 1024
_IOV = 512  # buffers of one writev; the system's bound is 1024
_KEPT = 64  # free segments kept for the next object


class StagingArea(Protocol):
    """The store of objects (`dicom.ports.InstanceStore`), as far as receiving needs it; called from threads."""

    def create(self) -> StagedFile:
        """Return a new empty file; its name has nothing to do with what a peer sent."""
        ...

    def discard(self, key: str) -> None:
        """Remove a file that intake never saw; an unknown key is no error."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """A durable staged object; `digest` is SHA-256 in hex of the data set alone."""

    key: str
    size: int
    dataset_offset: int
    digest: str


class ObjectWriter:
    """One object on its way to a staged file. The methods block and are called from the disk pool."""

    def __init__(self, area: StagingArea, head: bytes) -> None:
        self._area = area
        self._head = head
        self._file: StagedFile | None = None
        self._size = 0
        self._hash = hashlib.sha256()
        self._over = False
        self._lock = threading.Lock()  # a discard may overtake a write that still waits for a thread

    def write(self, slices: Sequence[memoryview]) -> None:
        """Append slices of the data set."""
        with self._lock:
            self._write(slices)

    def finish(self, slices: Sequence[memoryview]) -> Written:
        """Append the last slices and make the file durable."""
        with self._lock:
            file = self._write(slices)
            os.fdatasync(file.fd)
            self._over = True
            self._file = None
            os.close(file.fd)
            return Written(file.key, self._size, len(self._head), self._hash.hexdigest())

    def discard(self) -> None:
        """Remove what was written; writes that still come are refused."""
        with self._lock:
            self._over = True
            file, self._file = self._file, None
            if file is not None:
                os.close(file.fd)
                self._area.discard(file.key)

    def _write(self, slices: Sequence[memoryview]) -> StagedFile:
        if self._over:
            raise ObjectGivenUp
        if self._file is None:
            self._file = self._area.create()
            self._append(self._file.fd, [memoryview(self._head), *slices])
        else:
            self._append(self._file.fd, slices)
        for data in slices:
            self._hash.update(data)
        return self._file

    def _append(self, fd: int, slices: Sequence[memoryview]) -> None:
        remaining = iter(slices)
        while batch := list(islice(remaining, _IOV)):
            expected = sum(map(len, batch))
            written = os.writev(fd, batch)
            if written < expected:  # a full disk says so with a short write first
                _write_rest(fd, batch, written)
            self._size += expected


class ObjectGivenUp(Exception):
    """The object was discarded while this write still waited."""


def _write_rest(fd: int, batch: Sequence[memoryview], written: int) -> None:
    for data in batch:
        if written >= len(data):
            written -= len(data)
            continue
        rest, written = data[written:], 0
        while rest:
            rest = rest[os.write(fd, rest) :]


class Disk:
    """The threads that write, and the receive buffers that travel with what they write."""

    def __init__(self, area: StagingArea, *, threads: int = 8) -> None:
        self.area = area
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="disk")
        self._free: list[bytearray] = []

    def run(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[T]":
        """Run a blocking job in the pool; the result arrives in the running loop."""
        return asyncio.wrap_future(self._pool.submit(job, *args, **kwargs))

    def start(self, job: Callable[[], None]) -> None:
        """Run a blocking job in the pool that nobody waits for."""
        self._pool.submit(job)

    def take_segment(self) -> bytearray:
        """Return a receive buffer."""
        return self._free.pop() if self._free else bytearray(SEGMENT)

    def give_back(self, segments: Sequence[bytearray]) -> None:
        """Take back buffers that no slice refers to any more."""
        self._free.extend(segments[: max(0, _KEPT - len(self._free))])

    def close(self) -> None:
        """Let the jobs at hand finish and end the threads."""
        self._pool.shutdown(wait=True)
