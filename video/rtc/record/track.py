"""Packets of one source into frames, and frames into clusters: in order, without holes inside a picture."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from video.rtc import payload
from video.rtc.forward.packet import Forwarded
from video.rtc.record import webm
from video.rtc.record.capture import Batch
from video.rtc.record.timeline import Timeline, Wall
from video.rtc.record.webm import Frame

HOLD_VIDEO = 0.6  # seconds that a hole may still be filled by a retransmission
HOLD_AUDIO = 0.1  # seconds; lost sound is not asked for again
MUTED = 50  # pieces of sound in a row that nobody loses: they were not to pass
SPAN = 1000  # milliseconds of a cluster, after which the next one begins: what a kill may cost


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster ready to be written; `at` is when its first frame was taken, by our clock."""

    coded: bytes
    begin: int
    end: int
    key: bool


class TrackWriter:
    """Makes clusters of what is taken of one source.

    Parameters
    ----------
    kind
        "audio" (Opus) or "video" (VP8).
    wall
        Its publisher's clock.
    """

    def __init__(self, kind: str, wall: Wall) -> None:
        self.started_at: float | None = None  # when the first frame was taken, by our clock
        self.tracks = b""  # the WebM element that describes the track, with the first frame
        self.lost = 0  # frames, or pieces of sound, that never came whole
        self._kind, self._wall = kind, wall
        self._timeline: Timeline | None = None
        self._run = 0
        self._kept: dict[int, tuple[float, Forwarded]] = {}
        self._next: int | None = None
        self._frames: list[Frame] = []
        self._last = -1  # milliseconds of the last frame

    def feed(self, batches: Sequence[Batch], *, now: float) -> Iterator[Cluster]:
        """Take what came; give the clusters that are full."""
        for batch in batches:
            if batch.run != self._run or self._timeline is None:
                yield from self._begin(batch)
            else:
                self._timeline.on_report(batch.report, batch.report_at)
            self._kept.update((packet.index, (at, packet)) for at, packet in batch.packets)
        yield from self._assemble(now)

    def finish(self) -> Iterator[Cluster]:
        """Give what is left, whole or not."""
        yield from self._assemble(float("inf"))
        if self._frames:
            yield self._close()

    def _begin(self, batch: Batch) -> Iterator[Cluster]:
        """Begin another encoding, which has its own numbers and its own clock."""
        if self._kept:
            yield from self._assemble(float("inf"))
        self._run, self._kept, self._next = batch.run, {}, None
        self._timeline = Timeline(self._wall, batch.clock_rate)
        self._timeline.on_report(batch.report, batch.report_at)

    # -- frames ------------------------------------------------------------------------------------------------

    def _assemble(self, now: float) -> Iterator[Cluster]:
        take = self._take_picture if self._kind == "video" else self._take_sound
        for index in sorted(self._kept):
            if index not in self._kept:
                continue  # went with the picture before
            if self._next is not None and index < self._next:
                del self._kept[index]  # too late
                continue
            if not take(index, now):
                return
            if self._is_full():
                yield self._close(keep_last=True)

    def _take_sound(self, index: int, now: float) -> bool:
        """Take one packet; False if one before it may still come."""
        at, packet = self._kept[index]
        if self._next is not None and index != self._next:
            if now - at < HOLD_AUDIO:
                return False
            self.lost += index - self._next if index - self._next < MUTED else 0
        del self._kept[index]
        self._next = index + 1
        coded = packet.body[packet.payload_at :]
        if coded:
            self._add(packet, at, key=True, coded=coded)
        return True

    def _take_picture(self, index: int, now: float) -> bool:
        """Take the picture that begins with this packet; False if more of it may still come."""
        at, packet = self._kept[index]
        if self._next is None and not packet.keyframe:
            del self._kept[index]  # a picture that nobody can decode without the one before
            return True
        pieces = [index]
        while not packet.marker:
            following = self._kept.get(pieces[-1] + 1)
            if following is None or following[1].timestamp != packet.timestamp:
                break
            pieces.append(pieces[-1] + 1)
            packet = following[1]
        if not packet.marker or (self._next is not None and index != self._next):
            return self._give_up(pieces, at, now)
        parts = [self._kept.pop(each)[1] for each in pieces]
        self._next = pieces[-1] + 1
        coded = b"".join(_coded(part) for part in parts)
        if coded:
            self._add(parts[0], at, key=parts[0].keyframe, coded=coded)
        return True

    def _give_up(self, pieces: list[int], at: float, now: float) -> bool:
        """Let a picture go that has a hole, once it is not filled in time: what follows waits for a key frame."""
        if now - at < HOLD_VIDEO:
            return False
        self.lost += 1
        self._next = None
        if not self._kept[pieces[0]][1].keyframe or not self._is_whole(pieces):
            for each in pieces:
                del self._kept[each]
            return True
        return self._take_picture(pieces[0], now)

    def _is_whole(self, pieces: list[int]) -> bool:
        return bool(self._kept[pieces[-1]][1].marker)

    @property
    def wants_keyframe(self) -> bool:
        """Tell whether pictures came and none can be begun with."""
        return self._kind == "video" and self._next is None and self._run > 0

    # -- clusters ----------------------------------------------------------------------------------------------

    def _add(self, packet: Forwarded, arrived_at: float, *, key: bool, coded: bytes) -> None:
        if self._timeline is None:
            return
        time = self._timeline.time_of(packet.timestamp, arrived_at)
        if self.started_at is None:
            self.started_at = time
            self.tracks = webm.audio_track() if self._kind == "audio" else webm.video_track(*size_of(coded))
        at = max(round(1000 * (time - self.started_at)), self._last + 1)
        self._last = at
        self._frames.append(Frame(at, key, coded))

    def _is_full(self) -> bool:
        """Tell whether the last frame begins another cluster: after a second, and with each key frame of a video."""
        if len(self._frames) < 2:
            return False
        last = self._frames[-1]
        return last.at - self._frames[0].at >= SPAN or (self._kind == "video" and last.key)

    def _close(self, *, keep_last: bool = False) -> Cluster:
        frames, self._frames = (self._frames[:-1], self._frames[-1:]) if keep_last else (self._frames, [])
        key = frames[0].key
        return Cluster(webm.cluster(frames), frames[0].at, frames[-1].at + (20 if self._kind == "audio" else 33), key)


def _coded(packet: Forwarded) -> bytes:
    data = packet.body[packet.payload_at :]
    return data[payload.vp8_frame_at(data) :]


def size_of(keyframe: bytes) -> tuple[int, int]:
    """Return width and height that a VP8 key frame says (RFC 6386 §9.1), one by one for what is none."""
    if len(keyframe) < 10 or keyframe[3:6] != b"\x9d\x01\x2a":
        return 1, 1
    width, height = struct.unpack_from("<HH", keyframe, 6)
    return width & 0x3FFF, height & 0x3FFF
