"""A recorded track as the WebM that it is: any range of its bytes, decrypted where they are asked for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from video.rtc.record import webm
from video.rtc.record.sealed import KEY, Damaged, ReadAt, Record, Unsealer
from video.rtc.record.webm import ClusterNote


@dataclass(frozen=True, slots=True)
class About:
    """What the first record says of a track."""

    name: str  # the person's
    source: str
    codec: str
    tracks: bytes


def describe(about: About) -> bytes:
    """Return the first record's plain bytes."""
    said = {"name": about.name, "source": about.source, "codec": about.codec, "tracks": about.tracks.hex()}
    return json.dumps(said, ensure_ascii=False).encode()


class TrackReader:
    """One track's file, whether it was finished or its writer was killed.

    Parameters
    ----------
    key
        The recording's.
    read
        Returns bytes of the file from a place on.
    size
        Of the file.

    Raises
    ------
    Damaged
        It is no recorded track, was changed, or the key is another.
    """

    def __init__(self, key: bytes, read: ReadAt, size: int) -> None:
        self._unsealer = Unsealer(key, read)
        records = self._unsealer.records(size)
        first = next(records, None)
        if first is None:
            raise Damaged("nothing was written")
        said = json.loads(self._unsealer.open(first))
        self.about = About(said["name"], said["source"], said["codec"], bytes.fromhex(said["tracks"]))
        self._records: list[Record] = list(records)
        notes = [ClusterNote(each.begin, each.end, bool(each.flags & KEY), each.size) for each in self._records]
        self._header = webm.header(self.about.tracks, notes)
        self.milliseconds = max((each.end for each in notes), default=0)
        self.size = len(self._header) + sum(each.size for each in notes)

    def read(self, begin: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Give the bytes from `begin` up to before `end`, a cluster at a time.

        Raises
        ------
        Damaged
            A record in this range was changed.
        """
        end = self.size if end is None else min(end, self.size)
        if begin < len(self._header):
            yield self._header[begin:end]
        at = len(self._header)
        for record in self._records:
            if at >= end:
                return
            if begin < at + record.size:
                yield self._unsealer.open(record)[max(0, begin - at) : end - at]
            at += record.size
