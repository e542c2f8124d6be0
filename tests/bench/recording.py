"""V7: what recording costs beside forwarding: CPU for each packet, taken, assembled, encrypted and on the disk.

`python -m tests.bench.recording`: a minute of a call of one person, 1 Mbit/s of video and sound, as fast as it goes.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

from tests.video.rtc.participant import vp8
from video.rtc.forward import packet
from video.rtc.forward.layer import Layer
from video.rtc.forward.packet import Forwarded
from video.rtc.forward.publisher import Source
from video.rtc.negotiate import Incoming
from video.rtc.payload import Codec
from video.rtc.record.capture import Capture
from video.rtc.record.recorder import RecordedTrack
from video.rtc.record.timeline import Wall

SECONDS = 60
PARTS = 4  # packets of a picture


def video() -> list[tuple[float, Forwarded]]:
    """Return a minute of pictures, 30 a second, 120 packets of 1,040 bytes."""
    made = []
    for number in range(30 * SECONDS):
        at = number / 30
        for part in range(PARTS):
            data = vp8(number, key=number % 300 == 0, first=part == 0, body=os.urandom(1040))
            marker = part == PARTS - 1
            index = PARTS * number + part
            each = packet.make(Codec.VP8, data, index=index, timestamp=3000 * number, marker=marker, level=None, now=at)
            made.append((at, each))
    return made


def audio() -> list[tuple[float, Forwarded]]:
    """Return a minute of sound, 50 packets of 80 bytes a second."""
    return [
        (
            n / 50,
            packet.make(Codec.OPUS, os.urandom(80), index=n, timestamp=960 * n, marker=False, level=None, now=n / 50),
        )
        for n in range(50 * SECONDS)
    ]


def record(codec: Codec, packets: list[tuple[float, Forwarded]], path: Path) -> tuple[float, float]:
    """Record a track; return the CPU seconds on the forwarder's loop and those of the writer."""
    kind = "video" if codec is Codec.VP8 else "audio"
    source = Source(Incoming("0", kind, {96: codec}, "", {}, {}, (), {}, (), "", frozenset()))
    source.layers = [layer := Layer(1, "", 90_000 if kind == "video" else 48_000)]
    capture, track = (
        Capture(source, now=0.0),
        RecordedTrack(os.urandom(32), os.urandom(16), Wall(), name="", source="", codec=codec),
    )
    taking = writing = 0.0
    flushed = 0.0
    with path.open("wb", buffering=0) as file:
        begun = time.process_time()
        for at, each in packets:
            capture.take(layer, each, at)
            if at - flushed >= 0.5:
                flushed, taken = at, time.process_time()
                taking += taken - begun
                file.write(track.feed(capture.batches(now=at), now=at))
                begun = time.process_time()
                writing += begun - taken
        taking += time.process_time() - begun
        begun = time.process_time()
        file.write(track.finish())
        os.fsync(file.fileno())
        writing += time.process_time() - begun
    return taking, writing


def main() -> None:
    """Measure five times, and print medians."""
    rows: dict[str, list[tuple[float, float, int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(5):
            for name, codec, packets in (("VP8, 1 Mbit/s", Codec.VP8, video()), ("Opus", Codec.OPUS, audio())):
                path = Path(folder) / "track"
                taking, writing = record(codec, packets, path)
                rows.setdefault(name, []).append((taking, writing, len(packets)))
    print(f"| recorded | packets/s | µs of the loop / packet | µs of the writer | together |\n|---|{'--:|' * 4}")
    for name, found in rows.items():
        count = found[0][2]
        taking, writing = (1e6 * statistics.median(each[at] for each in found) / count for at in (0, 1))
        print(f"| {name} | {count // SECONDS} | {taking:.1f} | {writing:.1f} | {taking + writing:.1f} |")


if __name__ == "__main__":
    main()
