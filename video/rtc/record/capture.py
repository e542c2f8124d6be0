"""What is taken of a source while it is forwarded: packets put aside, in batches; of simulcast the best layer."""

from dataclasses import dataclass

from video.rtc.forward.layer import Layer
from video.rtc.forward.packet import Forwarded
from video.rtc.forward.publisher import Source
from video.rtc.rtcp import SenderReport

KEYFRAME_EVERY = 10.0  # seconds: where a player can jump to
BETTER = 1.3  # times the bitrate for which another layer is changed to


@dataclass(frozen=True, slots=True)
class Batch:
    """Packets of one encoding with the time at which each arrived; `run` rises with each change of encoding."""

    run: int
    clock_rate: int
    report: SenderReport | None
    report_at: float
    packets: list[tuple[float, Forwarded]]


class Capture:
    """The tap of one source; costs the forwarder an append for each packet.

    Parameters
    ----------
    source
        What is recorded; it gets this as its tap.
    now
        Seconds of the loop's clock.
    """

    def __init__(self, source: Source, *, now: float) -> None:
        self.source = source
        self._layer: Layer | None = None
        self._run = 0
        self._packets: list[tuple[float, Forwarded]] = []
        self._done: list[Batch] = []
        self._asked_at = now
        self.want_keyframe()

    def want_keyframe(self) -> None:
        """Ask for a picture to begin with."""
        if self.source.kind == "video":
            for layer in self.source.layers if self._layer is None else [self._layer]:
                layer.wants_keyframe = True

    def take(self, layer: Layer, packet: Forwarded, now: float) -> None:
        """See `publisher.Tap`."""
        if layer is not self._layer and not self._change(layer, packet, now):
            return
        self._packets.append((now, packet if packet.primary is None else packet.primary))

    def _change(self, layer: Layer, packet: Forwarded, now: float) -> bool:
        """Change to this encoding if it can be begun with and is better, or the one at hand is no longer sent."""
        if not packet.keyframe:
            return False
        before = self._layer
        if before is not None and self._goes_on(before, now) and not self._is_better(layer, before, now):
            return False
        self._put_aside()
        self._layer = layer
        self._run += 1
        return True

    def _goes_on(self, layer: Layer, now: float) -> bool:
        return layer.is_sent(now=now) and layer in self.source.layers

    @staticmethod
    def _is_better(layer: Layer, before: Layer, now: float) -> bool:
        return layer.rate.bitrate(now=now) >= BETTER * before.rate.bitrate(now=now)

    def _put_aside(self) -> None:
        layer = self._layer
        if layer is not None and self._packets:
            report_at = layer.report_at
            self._done.append(Batch(self._run, layer.clock_rate, layer.report, report_at, self._packets))
            self._packets = []

    def batches(self, *, now: float) -> list[Batch]:
        """Return what was taken since the last call, and ask for a key frame where one is due."""
        if now - self._asked_at >= KEYFRAME_EVERY:
            self._asked_at = now
            self.want_keyframe()
        self._put_aside()
        done, self._done = self._done, []
        return done
