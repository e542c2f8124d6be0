"""One track from packets to the bytes of its file."""

from collections.abc import Iterable, Sequence

from video.rtc.payload import Codec
from video.rtc.record.capture import Batch
from video.rtc.record.reader import About, describe
from video.rtc.record.sealed import KEY, Sealer
from video.rtc.record.timeline import Wall
from video.rtc.record.track import Cluster, TrackWriter

RECORDABLE = {Codec.OPUS, Codec.RED, Codec.VP8}  # what WebM holds


class RecordedTrack:
    """What is appended to a track's file; used by the thread that writes and by nobody else.

    Parameters
    ----------
    key
        The recording's, 32 bytes.
    salt
        Of this file, 16 random bytes.
    wall
        The publisher's clock.
    name, source
        Whose it is and what, kept in the file, where nobody reads it without the key.
    codec
        Opus or VP8.
    """

    def __init__(self, key: bytes, salt: bytes, wall: Wall, *, name: str, source: str, codec: Codec) -> None:
        self.kind = "video" if codec is Codec.VP8 else "audio"
        self.codec = Codec.VP8 if codec is Codec.VP8 else Codec.OPUS
        self.writer = TrackWriter(self.kind, wall)
        self.milliseconds = 0
        self._sealer = Sealer(key, salt)
        self._name, self._source = name, source

    @property
    def records(self) -> int:
        """How many records there are."""
        return self._sealer.records

    def feed(self, batches: Sequence[Batch], *, now: float) -> bytes:
        """Take what came; return what is to be appended, whole records only."""
        return self._seal(self.writer.feed(batches, now=now))

    def finish(self) -> bytes:
        """Return the rest."""
        return self._seal(self.writer.finish())

    def _seal(self, clusters: Iterable[Cluster]) -> bytes:
        pieces = []
        for cluster in clusters:
            if not self._sealer.records:
                about = About(self._name, self._source, str(self.codec), self.writer.tracks)
                pieces += [self._sealer.header, self._sealer.seal(describe(about))]
            flags = KEY if cluster.key else 0
            pieces.append(self._sealer.seal(cluster.coded, begin=cluster.begin, end=cluster.end, flags=flags))
            self.milliseconds = cluster.end
        return b"".join(pieces)
