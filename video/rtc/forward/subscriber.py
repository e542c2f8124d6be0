"""What one participant receives: sound always, of each video the layer that its line takes, repairs within a budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from video.rtc.forward.allocate import SHARE, Wish, allocate, missing
from video.rtc.forward.estimate import Estimate, Probe, RepairBudget
from video.rtc.forward.layer import Layer, Rate
from video.rtc.forward.publisher import Source
from video.rtc.forward.stream import Stream
from video.rtc.negotiate import Taken
from video.rtc.rtcp import (
    FullIntraRequest,
    Nack,
    PictureLoss,
    ReceiverReport,
    Remb,
    ReportBlock,
    Rtcp,
    SenderReport,
    SourceDescription,
)
from video.rtc.srtp import Buffer
from video.rtc.transport import Transport

REPORT_EVERY = 1.0  # seconds between sender reports
TICK_EVERY = 0.03  # seconds: a hundred receivers that look at every tick cost more than their packets
DECIDE_EVERY = 0.2  # seconds between two looks at the layers
HOLD = 3.0  # seconds after a step down before a step up
LOSSY = 15.0  # seconds after losses in which sound is sent twice
TRIAL = 3.0  # seconds in which a picture that begins, or is back, is on trial
ROUND_TRIP = 0.1  # seconds, before one is measured
SHORTEST = 0.02  # seconds within which the same packet is never sent twice


class Limit(IntEnum):
    """How many layers of a video a receiver may have."""

    NONE = 0  # sound only, by hand
    LOW = 1  # observers, small tiles
    ALL = 99


class Cause(StrEnum):
    """Why a video pauses."""

    LINE = "line"  # the receiver's line is too thin
    LIMIT = "limit"  # it was switched off
    SOURCE = "source"  # its publisher sends none


@dataclass(frozen=True, slots=True)
class VideoPaused:
    """A video stops; the receiver is to be told."""

    mid: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class VideoResumed:
    """A video that had paused, or had not begun, is sent from its next key frame on."""

    mid: str


@dataclass(frozen=True, slots=True)
class LayerChanged:
    """Another layer is sent from its next key frame on."""

    mid: str
    rid: str


Event = VideoPaused | VideoResumed | LayerChanged


class _Tile:
    """One subscribed section."""

    def __init__(self, source: Source, stream: Stream, taken: Taken, limit: Limit, priority: int) -> None:
        self.source, self.stream = source, stream
        self.cname = taken.offered.media.cname
        self.limit, self.priority = limit, priority
        self.layer: Layer | None = None  # decided on
        self.cause: Cause | None = None  # of the pause that was told
        self.hold_until = self.trial_until = float("-inf")


class Subscriber:
    """The forwarder's end of a participant who receives.

    Parameters
    ----------
    transport
        Where it goes to.
    buffer
        The process's buffer for what is sent.
    """

    def __init__(self, transport: Transport, buffer: Buffer) -> None:
        self.estimate = Estimate()
        self.is_connected = False
        self.ended_because = ""
        self.repairs = self.repairs_refused = self.padded = 0
        self._transport, self._buffer = transport, buffer
        self._tiles: dict[str, _Tile] = {}
        self._by_ssrc: dict[int, _Tile] = {}
        self._budget, self._probe = RepairBudget(), Probe()
        self._sent = Rate()
        self._sent_before = 0
        self._events: list[Event] = []
        self._reported_at = self._decided_at = self._ticks_at = float("-inf")
        self._lossy_until = float("-inf")
        self._wanted = 0.0
        transport.media = self

    # -- what is subscribed to ---------------------------------------------------------------------------------

    def subscribe(self, taken: Taken, source: Source, *, limit: Limit = Limit.ALL, priority: int = 0) -> None:
        """Send a source in a section that the subscriber's answer has taken."""
        offered, media = taken.offered, taken.offered.media
        self.unsubscribe(media.mid)
        stream = Stream(
            self._transport,
            self._buffer,
            ssrc=media.ssrc,
            payload_type=offered.payload_type,
            repair_ssrc=media.repair_ssrc if taken.rtx else 0,
            repair_payload_type=offered.repair_payload_type if taken.rtx else 0,
            red_payload_type=offered.red_payload_type if taken.red else 0,
        )
        self._tiles[media.mid] = self._by_ssrc[media.ssrc] = _Tile(source, stream, taken, limit, priority)
        self._decided_at = float("-inf")

    def unsubscribe(self, mid: str) -> None:
        """Send nothing in this section any more."""
        tile = self._tiles.pop(mid, None)
        if tile is not None:
            tile.stream.pause()
            del self._by_ssrc[tile.stream.ssrc]

    def restrict(self, mid: str, limit: Limit, *, priority: int | None = None) -> None:
        """Change how much of a video the receiver may have: hidden, an observer's, audio only by hand.

        Raises
        ------
        KeyError
            No such section is subscribed to.
        """
        tile = self._tiles[mid]
        tile.limit, tile.priority = limit, tile.priority if priority is None else priority
        self._decided_at = float("-inf")

    def sent_bitrate(self, *, now: float) -> float:
        """Return the bits per second that go out to this receiver."""
        return self._sent.bitrate(now=now)

    @property
    def is_starved(self) -> bool:
        """Tell whether a video pauses because the receiver's line is too thin."""
        return any(tile.cause is Cause.LINE for tile in self._tiles.values())

    def take_events(self) -> list[Event]:
        """Return what happened since the last call."""
        events, self._events = self._events, []
        return events

    # -- from the transport ------------------------------------------------------------------------------------

    def connected(self, *, now: float) -> None:
        """See `transport.Media`."""
        self.is_connected = True
        self.tick(now=now)

    def ended(self, reason: str) -> None:
        """See `transport.Media`."""
        self.is_connected, self.ended_because = False, reason
        for tile in self._tiles.values():
            tile.stream.pause()

    def rtp(self, buffer: Buffer, size: int, *, now: float) -> None:
        """See `transport.Media`; we have asked for nothing, so it is dropped."""
        del buffer, size, now
        self._transport.refused += 1

    def rtcp(self, packets: Sequence[Rtcp], *, now: float) -> None:
        """See `transport.Media`."""
        for packet in packets:
            match packet:
                case ReceiverReport(_, reports) | SenderReport(_, _, _, _, _, reports):
                    self._on_reports(reports, now)
                case Nack(_, media, lost) if media in self._by_ssrc:
                    self._on_nack(self._by_ssrc[media].stream, lost, now)
                case PictureLoss(_, media):
                    self._on_picture_loss(media)
                case FullIntraRequest(_, requested):
                    for media, _ in requested:
                        self._on_picture_loss(media)
                case Remb(_, bitrate, ssrcs):
                    self.estimate.on_remb(bitrate + self._audio_beside(ssrcs, now))
                case _:
                    pass

    def _audio_beside(self, ssrcs: Sequence[int], now: float) -> float:
        """Return the bitrate of sound that a REMB leaves out: it is about the streams that it names."""
        beside = [
            each for each in self._tiles.values() if each.source.kind == "audio" and each.stream.ssrc not in ssrcs
        ]
        return sum(rate for tile in beside for rate, _ in tile.source.sent_layers(now=now)[-1:])

    def _on_reports(self, reports: Sequence[ReportBlock], now: float) -> None:
        found = [(self._by_ssrc[block.ssrc], block) for block in reports if block.ssrc in self._by_ssrc]
        for tile, block in found:
            if tile.stream.on_echo(block.last_sr, block.delay_since_last_sr, now=now):
                self.estimate.on_round_trip(tile.stream.round_trip or 0.0)
        running = [(tile, block) for tile, block in found if tile.stream.run is not None]
        videos = [(tile, block) for tile, block in running if tile.source.kind == "video"]
        if running:  # video has the packets that make a share mean something
            fraction = max(block.fraction_lost for _, block in videos or running) / 256
            self.estimate.on_loss(fraction, sent=self._sent.bitrate(now=now), now=now)

    def _on_nack(self, stream: Stream, lost: Sequence[int], now: float) -> None:
        again_after = max(SHORTEST, self.round_trip)
        for number in lost:
            size = stream.size_of(number, now=now, again_after=again_after)
            if not size:
                continue
            if not self._budget.take(size, bitrate=self.estimate.repair_bitrate, now=now):
                self.repairs_refused += 1
                continue
            self._sent.add(stream.repair(number, now=now), now=now)
            self.repairs += 1

    def _on_picture_loss(self, ssrc: int) -> None:
        tile = self._by_ssrc.get(ssrc)
        if tile is not None and tile.stream.run is not None:
            tile.stream.run.layer.wants_keyframe = True

    @property
    def round_trip(self) -> float:
        """The longest round trip of any stream, in seconds: the measured one, before that a guess."""
        return ROUND_TRIP if self.measured_round_trip is None else self.measured_round_trip

    @property
    def measured_round_trip(self) -> float | None:
        """The longest measured round trip of any stream, in seconds, None before one is."""
        measured = [tile.stream.round_trip for tile in self._tiles.values() if tile.stream.round_trip is not None]
        return max(measured, default=None)

    # -- in time -----------------------------------------------------------------------------------------------

    def tick(self, *, now: float) -> None:
        """Decide on layers, try the line, report; call every 20 ms, of which every second does something."""
        if not self.is_connected or now < self._ticks_at:
            return
        self._ticks_at = now + TICK_EVERY
        self._count(now)
        if now - self._decided_at >= DECIDE_EVERY or self._awaits_a_first_picture(now):
            self._decided_at = now
            self._decide(now)
        self._try_line(now)
        if now - self._reported_at >= REPORT_EVERY:
            self._reported_at = now
            self._report(now)

    def _awaits_a_first_picture(self, now: float) -> bool:
        return any(
            tile.layer is None
            and tile.cause in {None, Cause.SOURCE}
            and tile.source.kind == "video"
            and tile.source.sent_layers(now=now)
            for tile in self._tiles.values()
        )

    def _count(self, now: float) -> None:
        total = sum(tile.stream.octets for tile in self._tiles.values())
        self._sent.add(max(0, total - self._sent_before), now=now)
        self._sent_before = total

    def _decide(self, now: float) -> None:
        audio = 0.0
        videos: list[tuple[_Tile, list[tuple[float, Layer]]]] = []
        for tile in self._tiles.values():
            sent = tile.source.sent_layers(now=now)
            if tile.source.kind == "video":
                videos.append((tile, sent))
            elif sent:
                audio += sent[-1][0]
                tile.stream.aim(max((layer for _, layer in sent), key=lambda layer: layer.arrived_at))
        self._double_sound(audio, now)  # out of what `SHARE` leaves
        known = self.estimate.known  # before that the lowest layer goes out untried: nobody waits for a first picture
        wishes = [
            Wish(tile.priority, tuple(rate for rate, _ in sent), tile.limit if known else min(tile.limit, Limit.LOW))
            for tile, sent in videos
        ]
        given = allocate(wishes, audio=audio, estimate=self.estimate.bitrate if known else float("inf"))
        self._wanted = missing(wishes, given, audio=audio)
        for (tile, sent), at in zip(videos, given, strict=True):
            self._apply(tile, [layer for _, layer in sent], at, now)

    def _double_sound(self, audio: float, now: float) -> None:
        """Send sound twice over a line that loses packets and has room: lost sound is not asked for again.

        Of what two copies bring the receiver reports little loss: they go on for a while before it is asked again.
        """
        if self.estimate.is_lossy:
            self._lossy_until = now + LOSSY
        doubled = now < self._lossy_until and 2 * audio <= SHARE * self.estimate.bitrate
        for tile in self._tiles.values():
            if tile.source.kind == "audio":
                tile.stream.is_doubled = doubled

    def _apply(self, tile: _Tile, layers: list[Layer], at: int | None, now: float) -> None:
        """Carry a decision out; after a step down, steps up wait."""
        before = layers.index(tile.layer) if tile.layer in layers else None
        if at is None and before is not None and tile.limit > 0 and not self._is_congested(tile, now):
            at = 0
        if at is not None and now < tile.hold_until and (before is None or at > before):
            at = before
        if at is None or (before is not None and at < before):
            tile.hold_until = now + HOLD if before is not None and tile.limit > 0 else tile.hold_until
        if at is None:
            self._pause(tile, layers)
            return
        was, tile.layer = tile.layer, layers[at]
        tile.stream.aim(tile.layer)
        mid = self._mid_of(tile)
        if was is None:
            tile.trial_until = now + TRIAL
            self._events.append(VideoResumed(mid))
        elif was is not tile.layer:
            self._events.append(LayerChanged(mid, tile.layer.rid))
        tile.cause = None

    def _is_congested(self, tile: _Tile, now: float) -> bool:
        return self.estimate.is_congested(sent=self._sent.bitrate(now=now), on_trial=now < tile.trial_until)

    def _pause(self, tile: _Tile, layers: list[Layer]) -> None:
        cause = Cause.LIMIT if tile.limit <= 0 else Cause.LINE if layers else Cause.SOURCE
        tile.stream.pause()
        if tile.layer is not None or (tile.cause is not cause and cause is not Cause.SOURCE):
            self._events.append(VideoPaused(self._mid_of(tile), cause))
        tile.layer, tile.cause = None, cause

    def _mid_of(self, tile: _Tile) -> str:
        return next(mid for mid, each in self._tiles.items() if each is tile)

    def _try_line(self, now: float) -> None:
        size = self._probe.padding(
            wanted=self._wanted, sent=self._sent.bitrate(now=now), estimate=self.estimate, now=now
        )
        stream = next((each.stream for each in self._tiles.values() if each.stream.repair_payload_type), None)
        while stream is not None and size > 0:
            sent = stream.pad(now=now)
            self._sent.add(sent, now=now)
            self.padded += sent
            size -= sent

    def _report(self, now: float) -> None:
        for tile in self._tiles.values():
            tile.stream.tidy(now=now)
            report = tile.stream.sender_report(now=now)
            if report is not None:
                self._transport.send_rtcp([report, SourceDescription(report.ssrc, tile.cname)])
