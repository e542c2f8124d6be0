"""What was recorded, as web processes play it: a recording's tracks by its manifest, and any range of one as WebM."""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from video.rtc.record.reader import TrackReader
from video.rtc.record.sealed import Damaged
from video.signaling.seats import RecordedTrack

MANIFEST = "manifest.jsonl"
MILLISECOND = timedelta(milliseconds=1)


class OpenTrack:
    """A track's file, open for one answer."""

    def __init__(self, path: Path, key: str) -> None:
        self._file = os.open(path, os.O_RDONLY)
        try:
            size = os.fstat(self._file).st_size
            self.reader = TrackReader(base64.b64decode(key), lambda at, n: os.pread(self._file, n, at), size)
        except Damaged:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    @property
    def size(self) -> int:
        """Return the bytes of the WebM."""
        return self.reader.size

    def read(self, begin: int, end: int) -> Iterator[bytes]:
        """Give a range of the WebM."""
        return self.reader.read(begin, end)


class Recordings:
    """The recordings of this hub; each has a folder named by its id."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def folder(self, recording_id: str) -> Path:
        """Return where a recording lies."""
        return self._root / recording_id

    def began_at(self, recording_id: str) -> datetime | None:
        """Return the instant at which a recording's clock stood at nought; None before anything was written."""
        for line in self._lines(recording_id):
            if line.get("event") == "recording":
                return datetime.fromisoformat(line["began_at"])
        return None

    def tracks(self, recording_id: str, key: str) -> list[RecordedTrack]:
        """Return the tracks that can be played; one that was damaged or never begun is left out."""
        found = []
        for number, said in enumerate(self._said(recording_id)):
            with suppress(OSError, Damaged), OpenTrack(self.folder(recording_id) / said["file"], key) as track:
                about = track.reader.about
                found.append(
                    RecordedTrack(
                        number, about.name, said["seat"], about.source, about.codec, said["start_ms"],
                        track.reader.milliseconds, track.size,
                    )
                )  # fmt: skip
        return found

    def open(self, recording_id: str, number: int, key: str) -> OpenTrack | None:
        """Return a track by its number, None where there is none."""
        said = self._said(recording_id)
        if not 0 <= number < len(said):
            return None
        with suppress(OSError, Damaged):
            return OpenTrack(self.folder(recording_id) / Path(said[number]["file"]).name, key)
        return None

    def _said(self, recording_id: str) -> list[dict[str, Any]]:
        """Return what the manifest says of each track, its start on the clock of the whole recording.

        A worker that begins anew in the same folder, because another one was killed or somebody came in, counts from
        its own beginning.
        """
        first = began_at = None
        said = []
        for line in self._lines(recording_id):
            if line.get("event") == "recording":
                began_at = datetime.fromisoformat(line["began_at"])
                first = first or began_at
            elif line.get("event") == "track":
                later = (began_at - first) // MILLISECOND if began_at and first else 0
                said.append(line | {"start_ms": line["start_ms"] + later})
        return said

    def _lines(self, recording_id: str) -> list[dict[str, Any]]:
        """Return the manifest's lines; the last one may have been cut."""
        lines = []
        with suppress(OSError):
            for line in (self.folder(recording_id) / MANIFEST).read_text(encoding="utf-8").splitlines():
                with suppress(ValueError):
                    lines.append(json.loads(line))
        return lines
