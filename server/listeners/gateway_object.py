"""The object that a peer is sending: receive buffers, batches of slices, and the thread jobs that write them."""

import asyncio
from collections.abc import Callable

from server.listeners.gateway_disk import Disk, ObjectWriter, Written

BATCH = 1024 * 1024  # bytes gathered before a thread writes them; with twice that under way reading stops
_BATCH_SLICES = 2000  # a flood of tiny fragments is written early: each slice costs some 200 bytes
_LEAST_ROOM = 32 * 1024  # a segment with less room than this is full
_COPY_BELOW = 2048  # a short read is copied rather than letting it hold a whole segment


class ObjectStream:
    """Receive buffers of one peer and the way of its objects to the disk.

    Received bytes stay in the segment the socket was read into: slices of it are written by a thread. A segment
    returns to the pool when its batch is on disk, and at once when no slice refers to it.

    Parameters
    ----------
    disk
        Threads and segments.
    on_failed
        Told when a write failed before the object was complete.
    on_written
        Told when a batch is on disk: reading may go on.
    """

    def __init__(self, disk: Disk, *, on_failed: Callable[[Exception], None], on_written: Callable[[], None]) -> None:
        self._disk = disk
        self._on_failed = on_failed
        self._on_written = on_written
        self._segment: bytearray | None = None
        self._filled = 0
        self._retired: list[bytearray] = []
        self._batch: list[memoryview] = []
        self._batch_size = 0
        self._writer: ObjectWriter | None = None
        self._job: asyncio.Future[None] | None = None

    @property
    def full(self) -> bool:
        """Whether the disk is so far behind that reading has to stop."""
        return self._job is not None and self._batch_size >= BATCH

    def buffer(self) -> memoryview:
        """Return room for the next read."""
        if self._segment is not None and len(self._segment) - self._filled < _LEAST_ROOM:
            self._retired.append(self._segment)
            self._segment = None
        if self._segment is None:
            self._segment, self._filled = self._disk.take_segment(), 0
        return memoryview(self._segment)[self._filled :]

    def received(self, size: int) -> memoryview:
        """Return the bytes that were read into the last `buffer`."""
        if self._segment is None:
            return memoryview(b"")
        start = self._filled
        data = memoryview(self._segment)[start : start + size]
        if size < _COPY_BELOW and start == 0:
            return memoryview(bytes(data))
        self._filled = start + size
        return data

    def begin(self, head: bytes) -> None:
        """Start a new object with what stands before its data set."""
        self._writer = ObjectWriter(self._disk.area, head)

    def append(self, data: memoryview) -> None:
        """Gather a slice of the data set."""
        self._batch.append(data)
        self._batch_size += len(data)

    def settle(self, *, held: bool) -> None:
        """Pass on what was gathered, and let go of segments; `held` says that unread events refer to them."""
        if self._job is None and (self._batch_size >= BATCH or len(self._batch) >= _BATCH_SLICES):
            self.flush(held=held)
        if self._batch or held:
            return
        if self._segment is not None:
            self._retired.append(self._segment)
            self._segment = None
        if self._retired:
            self._disk.give_back(self._retired)
            self._retired = []

    def flush(self, *, held: bool) -> None:
        """Write what was gathered, if no write is under way: a stalled peer is not to hold memory."""
        if self._job is None and self._batch and self._writer is not None:
            batch, segments = self._take(held=held)
            self._job = self._disk.run(self._writer.write, batch)
            self._job.add_done_callback(lambda job: self._on_job_done(job, segments))

    async def finish(self, *, held: bool) -> Written:
        """Write the rest and make the object durable; `held` as in `settle`."""
        writer, job = self._writer, self._job
        self._writer = None
        if writer is None:
            raise RuntimeError("no object was begun")
        batch, segments = self._take(held=held)
        try:
            if job is not None:
                await job
            return await self._disk.run(writer.finish, batch)
        except Exception:
            await self._disk.run(writer.discard)
            raise
        finally:
            batch.clear()
            self._disk.give_back(segments)

    def discard(self) -> None:
        """Give up the object, if one is being received."""
        writer, self._writer = self._writer, None
        self._batch, self._batch_size = [], 0
        if writer is not None:
            self._disk.start(writer.discard)

    def _take(self, *, held: bool) -> tuple[list[memoryview], list[bytearray]]:
        batch, self._batch, self._batch_size = self._batch, [], 0
        segments, self._retired = self._retired, []
        if self._segment is not None:
            segments.append(self._segment)
            self._segment = None
        # Slices that wait as events refer to these segments too: then they are left to the garbage collector.
        return batch, [] if held else segments

    def _on_job_done(self, job: "asyncio.Future[None]", segments: list[bytearray]) -> None:
        self._job = None
        error = job.exception()
        self._disk.give_back(segments)
        if self._writer is None:
            return  # finished or given up meanwhile: `finish` has seen the error
        if isinstance(error, Exception):
            self.discard()
            self._on_failed(error)
        else:
            self._on_written()
