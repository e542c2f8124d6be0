"""Recordings of a media worker: what is taken of each source goes to one thread, which encrypts and appends it.

A recording is a folder with one file a track (`video.rtc.record.sealed`) and `manifest.jsonl`, one JSON object a line:
`recording` (when it began), `track` (file, seat, source, codec, and its start in milliseconds since then), `left-out`,
`end` of a track (its length, records, bytes), `stopped`. Names stand in the encrypted files only.
"""

import asyncio
import json
import os
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from server.clock import Clock
from video.rtc.forward.publisher import Source, Tap
from video.rtc.record.capture import Batch, Capture
from video.rtc.record.recorder import RECORDABLE, RecordedTrack
from video.rtc.record.sealed import SALT
from video.rtc.record.timeline import Wall
from video.rtc.room.model import Track
from video.rtc.room.room import Room

log = structlog.get_logger("media.recording")

FLUSH_EVERY = 0.5  # seconds between two batches to the thread
SYNC_EVERY = 5.0  # seconds between two fsyncs: what a power cut may cost
BEHIND = 60  # batches that the disk may owe before the recording counts as failed
SETTLES = 2.0  # seconds that whoever asked to stop waits for the disk
MANIFEST = "manifest.jsonl"


class _File:
    """A track's file, in the thread that writes."""

    def __init__(self, path: Path, track: RecordedTrack) -> None:
        self.path, self.track = path, track
        self.is_noted = False
        self._file: int | None = None

    def append(self, data: bytes) -> None:
        if not data:
            return
        if self._file is None:
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        _write_all(self._file, data)

    def sync(self) -> None:
        if self._file is not None:
            os.fsync(self._file)

    def close(self) -> int:
        """Close it and return its size."""
        if self._file is None:
            return 0
        os.fsync(self._file)
        size = os.fstat(self._file).st_size
        os.close(self._file)
        self._file = None
        return size


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


class _Folder:
    """A recording's folder, in the thread that writes."""

    def __init__(self, path: Path, room: str, began_at: datetime, began: float) -> None:
        self._path, self._room = path, room
        self._began_at, self._began = began_at, began
        self._files: dict[str, _File] = {}
        self._manifest = -1
        self._synced_at = began

    def open(self) -> None:
        """Make the folder, and begin or go on with the manifest."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._manifest = os.open(self._path / MANIFEST, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.note("recording", room=self._room, began_at=self._began_at.isoformat())
        os.fsync(self._manifest)

    def note(self, event: str, **said: Any) -> None:
        """Append a line to the manifest."""
        _write_all(self._manifest, json.dumps({"event": event} | said, ensure_ascii=False).encode() + b"\n")

    def begin(self, name: str, track: RecordedTrack) -> None:
        """Take a track, whose file appears with its first cluster."""
        self._files[name] = _File(self._path / name, track)

    def feed(self, batches: Mapping[str, list[Batch]], now: float, who: Mapping[str, Track]) -> None:
        """Append what came to each file."""
        for name, came in batches.items():
            file = self._files[name]
            file.append(file.track.feed(came, now=now))
            self._note_start(file, who[name])
        if now - self._synced_at >= SYNC_EVERY:
            self._synced_at = now
            for file in self._files.values():
                file.sync()
            os.fsync(self._manifest)

    def _note_start(self, file: _File, who: Track) -> None:
        started = file.track.writer.started_at
        if file.is_noted or started is None:
            return
        file.is_noted = True
        start = round(1000 * (started - self._began))
        codec = str(file.track.codec)
        self.note("track", file=file.path.name, seat=who.seat, source=str(who.source), codec=codec, start_ms=start)

    def end(self, name: str, who: Track) -> None:
        """Finish a track's file."""
        file = self._files.pop(name)
        file.append(file.track.finish())
        self._note_start(file, who)
        size = file.close()
        if size:
            track = file.track
            said = {"milliseconds": track.milliseconds, "records": track.records, "bytes": size}
            self.note("end", file=name, lost=track.writer.lost, **said)

    def close(self, why: str) -> None:
        """Say that it stopped, and let go."""
        self.note("stopped", why=why)
        os.fsync(self._manifest)
        os.close(self._manifest)
        folder = os.open(self._path, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


class Recording:
    """A room's recording, on the loop: captures there, jobs for the thread here.

    Parameters
    ----------
    folder
        Where to.
    key
        The recording's, 32 bytes.
    names
        Whose seats are recorded, and what they are called.
    thread
        Writes.
    """

    def __init__(self, folder: Path, key: bytes, names: Mapping[str, str], thread: ThreadPoolExecutor) -> None:
        self.path, self.key, self.names = folder, key, dict(names)
        self.jobs: list[Future[None]] = []
        self._thread = thread
        self._folder: _Folder | None = None
        self._captures: dict[Source, tuple[str, Track, Capture, RecordedTrack]] = {}
        self._walls: dict[str, Wall] = {}
        self._count = 0
        self._token = os.urandom(3).hex()  # a worker that goes on in the same folder names its files otherwise

    def begin(self, room: str, began_at: datetime, *, now: float) -> None:
        """Make the folder."""
        self._folder = _Folder(self.path, room, began_at, now)
        self._do(self._folder.open)

    def _do(self, job: Any, *arguments: Any) -> None:
        self.jobs.append(self._thread.submit(job, *arguments))

    def tap(self, track: Track, source: Source, stream: str, *, now: float) -> Tap | None:
        """See `room.model.Recorder`."""
        known = self._captures.get(source)
        if known is not None:
            return known[2].take
        if track.seat not in self.names or self._folder is None:
            return None
        if source.codec not in RECORDABLE:
            self._do(_left_out, self._folder, track, str(source.codec))
            return None
        self._count += 1
        file = f"{self._count:03d}-{self._token}.track"
        wall = self._walls.setdefault(stream, Wall())
        salt = os.urandom(SALT)
        name = self.names[track.seat]
        recorded = RecordedTrack(self.key, salt, wall, name=name, source=str(track.source), codec=source.codec)
        capture = Capture(source, now=now)
        self._captures[source] = (file, track, capture, recorded)
        self._do(self._folder.begin, file, recorded)
        return capture.take

    def keep(self, sources: Collection[Source], *, now: float) -> None:
        """See `room.model.Recorder`."""
        for source in [each for each in self._captures if each not in sources]:
            self._finish(source, now)

    def _finish(self, source: Source, now: float) -> None:
        file, track, capture, _ = self._captures.pop(source)
        source.tap = None
        if self._folder is not None:
            self._do(self._folder.feed, {file: capture.batches(now=now)}, now, {file: track})
            self._do(self._folder.end, file, track)

    def flush(self, *, now: float) -> None:
        """Hand on what was taken.

        Raises
        ------
        OSError
            The disk did not take what was handed on before.
        """
        for job in [job for job in self.jobs if job.done()]:
            self.jobs.remove(job)
            job.result()
        if len(self.jobs) > BEHIND:
            raise OSError("the disk is a minute behind")
        came = {}
        for file, _, capture, recorded in self._captures.values():
            came[file] = capture.batches(now=now)
            if came[file] and recorded.writer.wants_keyframe:
                capture.want_keyframe()
        if self._folder is not None and self._captures:
            self._do(self._folder.feed, came, now, {file: track for file, track, _, _ in self._captures.values()})

    def stop(self, why: str, *, now: float) -> None:
        """Take nothing more from this moment on; all of it is on the disk when the jobs are done."""
        for source in tuple(self._captures):
            self._finish(source, now)
        folder, self._folder = self._folder, None
        if folder is not None:
            self._do(folder.close, why)


def _left_out(folder: _Folder, track: Track, codec: str) -> None:
    folder.note("left-out", seat=track.seat, source=str(track.source), codec=codec)


class RecordingDesk:
    """Every recording of a worker."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "recording")
        self._recordings: dict[str, Recording] = {}
        self._stopping: list[tuple[str, Recording]] = []
        self._flushed_at = 0.0

    def start(self, name: str, room: Room, folder: Path, key: bytes, names: Mapping[str, str], *, now: float) -> None:
        """Record a room, or change whose seats are recorded."""
        known = self._recordings.get(name)
        if known is not None and (known.path, known.key, known.names) == (folder, key, dict(names)):
            return
        self.stop(name, room, "anew", now=now)
        recording = self._recordings[name] = Recording(folder, key, names, self._thread)
        recording.begin(name, self._clock.now(), now=now)
        room.record(recording, now=now)
        log.info("recording.started", room=name, folder=str(folder))

    def stop(self, name: str, room: Room, why: str, *, now: float) -> None:
        """Record a room no more."""
        recording = self._recordings.pop(name, None)
        if recording is None:
            return
        room.record(None, now=now)
        recording.stop(why, now=now)
        self._stopping.append((name, recording))
        log.info("recording.stopped", room=name, why=why)

    async def settled(self) -> None:
        """Wait until what stopped is on the disk."""
        stopping, self._stopping = self._stopping, []
        jobs = [asyncio.wrap_future(job) for _, recording in stopping for job in recording.jobs]
        if not jobs:
            return
        done, _ = await asyncio.wait(jobs, timeout=SETTLES)
        failures = [str(job.exception()) for job in done if job.exception() is not None]
        if failures:
            log.error("recording.incomplete", rooms=[name for name, _ in stopping], why=failures[0])

    def tick(self, *, now: float) -> list[str]:
        """Hand on what was taken; return the rooms whose recording the disk does not take."""
        if now - self._flushed_at < FLUSH_EVERY:
            return []
        self._flushed_at = now
        failed = []
        for name, recording in self._recordings.items():
            try:
                recording.flush(now=now)
            except OSError as error:
                log.exception("recording.failed", room=name, why=error.strerror or str(error))
                failed.append(name)
        return failed

    def close(self) -> None:
        """Wait for the disk."""
        self._thread.shutdown()
