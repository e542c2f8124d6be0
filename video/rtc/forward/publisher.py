"""What one participant sends: each packet to its layer, from there to everybody; reports and requests back."""

from collections.abc import Callable, Sequence

from video.rtc import rtp
from video.rtc.forward.layer import Layer
from video.rtc.forward.packet import Forwarded, make, make_audio
from video.rtc.negotiate import Incoming
from video.rtc.payload import CLOCK_RATE, Codec
from video.rtc.rtcp import Nack, PictureLoss, ReceiverReport, Remb, Rtcp, SenderReport, SourceDescription
from video.rtc.rtp import Extension, InvalidRtp, Packet
from video.rtc.srtp import Buffer
from video.rtc.transport import Transport
from video.rtc.twcc import ArrivalLog

REPORT_EVERY = 1.0  # seconds between receiver reports
FEEDBACK_EVERY = 0.1  # seconds between transport-wide feedbacks
MAX_BITRATE = 2_500_000  # bit/s that a publisher is told it may use
MAX_LAYERS = 8  # encodings of one section: further SSRCs are somebody's mistake
MAX_REPAIRS = 64  # SSRCs of retransmissions of one participant
OUR_SSRC = 1  # under which we report: we have no stream of our own there
# The payload types that our offers give to Opus, to rewrite the blocks of RED with.
OPUS_NUMBER = 111


Tap = Callable[[Layer, Forwarded, float], object]


class Source:
    """One published microphone, camera or screen with its layers."""

    def __init__(self, incoming: Incoming) -> None:
        self.incoming = incoming
        self.kind = incoming.kind
        self.codec = next(iter(incoming.codecs.values()))
        self.layers: list[Layer] = []
        self.is_allowed = True
        self.tap: Tap | None = None  # is given every packet before it is forwarded: a recorder
        self.opus_numbers = {number: OPUS_NUMBER for number, codec in incoming.codecs.items() if codec is Codec.OPUS}
        self.level_number = next((n for n, each in incoming.extensions.items() if each is Extension.AUDIO_LEVEL), 0)

    def sent_layers(self, *, now: float) -> list[tuple[float, Layer]]:
        """Return the layers that the publisher sends now, and may, with their bitrates, rising."""
        if not self.is_allowed:
            return []
        rated = [(layer.rate.bitrate(now=now), layer) for layer in self.layers if layer.is_sent(now=now)]
        return sorted(rated, key=lambda each: each[0])

    def allow(self, *, allowed: bool) -> None:
        """Let media of this source pass, or none from this moment on."""
        self.is_allowed = allowed
        if not allowed:
            self.release()

    def release(self) -> None:
        """Let go of everybody who receives or waits for this source."""
        for layer in self.layers:
            for output in (*layer.outputs, *layer.waiting):
                output.pause()


class Publisher:
    """The forwarder's end of a participant who sends.

    Parameters
    ----------
    transport
        Where it comes from.
    incoming
        What was negotiated.
    """

    def __init__(self, transport: Transport, incoming: Sequence[Incoming]) -> None:
        self.sources = {each.mid: Source(each) for each in incoming}
        self.is_connected = False
        self.ended_because = ""
        self.max_bitrate = MAX_BITRATE
        self._transport = transport
        self._layers: dict[int, tuple[Source, Layer]] = {}
        self._repairs: dict[int, tuple[Source, Layer]] = {}
        self._arrivals = ArrivalLog()
        self._arrival_number = 0
        self._numbers: dict[Extension, int] = {}
        self._reported_at = self._fed_back_at = float("-inf")
        transport.media = self
        for source in self.sources.values():
            self._learn(source)

    def renew(self, incoming: Sequence[Incoming]) -> None:
        """Take what a later offer on the same transport says: a section that stays keeps its layers."""
        for mid in self.sources.keys() - {each.mid for each in incoming}:
            self._drop(self.sources.pop(mid))
        for each in incoming:
            source = self.sources.get(each.mid)
            if source is not None and (source.incoming.codecs, source.incoming.rids) == (each.codecs, each.rids):
                source.incoming = each
            else:
                if source is not None:
                    self._drop(source)
                source = self.sources[each.mid] = Source(each)
            self._learn(source)

    def _drop(self, source: Source) -> None:
        source.release()
        for known in (self._layers, self._repairs):
            for ssrc in [ssrc for ssrc, (owner, _) in known.items() if owner is source]:
                del known[ssrc]

    def _learn(self, source: Source) -> None:
        """Take the SSRCs that signalling names, and the numbers of the extensions (RFC 8843: same in a bundle)."""
        incoming = source.incoming
        self._numbers.update({extension: number for number, extension in incoming.extensions.items()})
        if "transport-cc" in incoming.feedback:
            self._arrival_number = self._numbers.get(Extension.TRANSPORT_CC, 0)
        if incoming.rids:
            return
        for ssrc in incoming.ssrcs[:MAX_LAYERS]:
            if ssrc not in self._layers:
                self._add_layer(source, ssrc, "")
        for repair, ssrc in incoming.repair_ssrcs.items():
            if ssrc in self._layers:
                self._repairs[repair] = self._layers[ssrc]

    def _add_layer(self, source: Source, ssrc: int, rid: str) -> Layer:
        layer = Layer(ssrc, rid, CLOCK_RATE[source.codec])
        source.layers.append(layer)
        self._layers[ssrc] = (source, layer)
        return layer

    # -- from the transport ------------------------------------------------------------------------------------

    def connected(self, *, now: float) -> None:
        """See `transport.Media`."""
        self.is_connected = True
        self._reported_at = now

    def ended(self, reason: str) -> None:
        """See `transport.Media`."""
        self.is_connected, self.ended_because = False, reason
        for source in self.sources.values():
            source.release()

    def rtp(self, buffer: Buffer, size: int, *, now: float) -> None:
        """See `transport.Media`."""
        view = buffer.view
        try:
            packet = rtp.parse(view, size)
        except InvalidRtp:
            self._transport.refused += 1
            return
        extensions = dict(rtp.extensions_of(view, packet)) if packet.profile else {}
        if self._arrival_number and (number := extensions.get(self._arrival_number)) is not None and len(number) == 2:
            self._arrivals.arrived(int.from_bytes(number), now=now)
        known = self._layers.get(packet.ssrc)
        if known is None and packet.ssrc not in self._repairs:
            known = self._meet(packet, extensions)
        if known is not None:
            self._on_media(*known, packet, view, extensions, now=now)
        elif packet.ssrc in self._repairs:
            self._on_repair(packet, view, now)

    def _meet(self, packet: Packet, extensions: dict[int, bytes]) -> tuple[Source, Layer] | None:
        """Find out what an unknown SSRC is: by MID and RID, or by a payload type that only one section has."""
        source = self.sources.get(self._text(extensions, Extension.MID))
        if source is None:
            wanted = [each for each in self.sources.values() if packet.payload_type in each.incoming.codecs]
            source = wanted[0] if len(wanted) == 1 else None
        if source is None or len(source.layers) >= MAX_LAYERS:
            return None
        repaired = self._text(extensions, Extension.REPAIRED_RID)
        if packet.payload_type in source.incoming.repairs:
            layer = next((each for each in source.layers if repaired and each.rid == repaired), None)
            if layer is not None and len(self._repairs) < MAX_REPAIRS:
                self._repairs[packet.ssrc] = (source, layer)
            return None
        rid = self._text(extensions, Extension.RID)
        if source.incoming.rids and rid not in source.incoming.rids:
            return None
        self._replace(source, rid)
        return source, self._add_layer(source, packet.ssrc, rid)

    def _replace(self, source: Source, rid: str) -> None:
        """An encoding that begins again under another SSRC takes the place of the old one."""
        for layer in [each for each in source.layers if each.rid == rid and rid]:
            source.layers.remove(layer)
            self._layers.pop(layer.ssrc, None)

    def _text(self, extensions: dict[int, bytes], extension: Extension) -> str:
        return extensions.get(self._numbers.get(extension, 0), b"").decode("ascii", "replace")

    def _on_media(
        self,
        source: Source,
        layer: Layer,
        packet: Packet,
        view: memoryview,
        extensions: dict[int, bytes],
        *,
        now: float,
    ) -> None:
        codec = source.incoming.codecs.get(packet.payload_type)
        if codec is None:
            return
        index = layer.take_index(packet.sequence_number, size=packet.end - packet.start, now=now)
        if index is None or not source.is_allowed:
            return
        data = bytes(view[packet.start : packet.end])
        self._forward(source, layer, codec, data, packet, index, extensions.get(source.level_number), now)

    def _on_repair(self, packet: Packet, view: memoryview, now: float) -> None:
        """Take what was sent again (RFC 4588 §4): the first two bytes are the number that it had."""
        source, layer = self._repairs[packet.ssrc]
        if packet.end - packet.start < 2 or packet.payload_type not in source.incoming.repairs:
            return  # padding alone: a publisher's own try of its line
        number = int.from_bytes(view[packet.start : packet.start + 2])
        index = layer.take_index(number, size=packet.end - packet.start - 2, now=now)
        if index is None or not source.is_allowed:
            return
        packet.payload_type, packet.sequence_number = source.incoming.repairs[packet.payload_type], number
        packet.start += 2
        data = bytes(view[packet.start : packet.end])
        self._forward(source, layer, source.incoming.codecs[packet.payload_type], data, packet, index, None, now)

    @staticmethod
    def _forward(  # noqa: PLR0917  # called once per packet: keywords would cost
        source: Source,
        layer: Layer,
        codec: Codec,
        data: bytes,
        packet: Packet,
        index: int,
        level: bytes | None,
        now: float,
    ) -> None:
        if source.kind == "audio":
            made = make_audio(
                codec,
                data,
                source.opus_numbers,
                index=index,
                timestamp=packet.timestamp,
                marker=packet.marker,
                level=level,
                now=now,
            )
        else:
            made = make(codec, data, index=index, timestamp=packet.timestamp, marker=packet.marker, level=None, now=now)
        if made is None:
            return
        layer.keep(made, now=now)
        if source.tap is not None:
            source.tap(layer, made, now)
        if made.keyframe:
            layer.wants_keyframe = False
            for output in tuple(layer.waiting):
                output.start(layer, made, now=now)
        for output in tuple(layer.outputs):
            output.send(made)

    def rtcp(self, packets: Sequence[Rtcp], *, now: float) -> None:
        """See `transport.Media`."""
        for packet in packets:
            if isinstance(packet, SenderReport) and packet.ssrc in self._layers:
                self._layers[packet.ssrc][1].on_report(packet, now=now)

    # -- back to the publisher ---------------------------------------------------------------------------------

    def tick(self, *, now: float) -> None:
        """Send what is due: requests, feedback, reports; call every 20 to 50 ms."""
        if not self.is_connected:
            return
        packets: list[Rtcp] = []
        for ssrc, (source, layer) in self._layers.items():
            if source.kind != "video":
                continue
            if "nack" in source.incoming.feedback and (lost := layer.due_nacks(now=now)):
                packets.append(Nack(OUR_SSRC, ssrc, lost))
            if layer.keyframe_due(now=now):
                packets.append(PictureLoss(OUR_SSRC, ssrc))
        if self._arrival_number and now - self._fed_back_at >= FEEDBACK_EVERY:
            self._fed_back_at = now
            feedback = self._arrivals.feedback(OUR_SSRC, next(iter(self._layers), 0))
            packets += [feedback] if feedback is not None else []
        if now - self._reported_at >= REPORT_EVERY:
            self._reported_at = now
            packets = [*self._reports(now), *packets]
        self._transport.send_rtcp(packets)

    def _reports(self, now: float) -> list[Rtcp]:
        blocks = [block for _, layer in self._layers.values() if (block := layer.block(now=now)) is not None]
        reports: list[Rtcp] = [ReceiverReport(OUR_SSRC, tuple(blocks[:31])), SourceDescription(OUR_SSRC, "lutong")]
        videos = [ssrc for ssrc, (source, _) in self._layers.items() if "goog-remb" in source.incoming.feedback]
        if videos:
            reports.append(Remb(OUR_SSRC, self.max_bitrate, tuple(videos)))
        return reports
