"""One stream that goes out to one receiver: rewritten so that it never breaks, whichever layer it comes from.

Rewriting is a constant per run, the stretch between two switches: number, timestamp and picture id of any packet of
the run follow from the packet, so that a retransmission needs no memory per receiver but when it was last sent.
"""

import struct
from collections import deque
from dataclasses import dataclass

from video.rtc.forward.layer import HISTORY, Layer
from video.rtc.forward.packet import SEND_TIME_AT, Forwarded
from video.rtc.rtcp import SenderReport
from video.rtc.rtp import HEADER, absolute_send_time
from video.rtc.srtp import Buffer
from video.rtc.transport import Transport

_FIXED = struct.Struct(">BBHII")
_M32 = 0xFFFFFFFF
_PADDING = 255  # bytes of a packet of padding alone
RUNS = 4  # whose packets may still be asked for
REPORTS = 8  # sender reports that a round trip can be measured by


@dataclass(slots=True)
class Run:
    """A stretch of one layer: what is added to its numbers; `first` and `last` bound it in the layer's index."""

    layer: Layer
    first: int
    sequence: int
    timestamp: int
    picture: int
    tl0: int
    last: int | None = None


class Stream:
    """An outgoing RTP stream.

    Parameters
    ----------
    transport
        The receiver's transport.
    buffer
        The process's buffer for what is sent.
    ssrc, payload_type
        As our offer says.
    repair_ssrc, repair_payload_type
        Of RTX (RFC 4588); 0 if the receiver did not take it.
    red_payload_type
        Of RED; 0 if the receiver did not take it.
    first
        The first sequence number.
    """

    def __init__(
        self,
        transport: Transport,
        buffer: Buffer,
        *,
        ssrc: int,
        payload_type: int,
        repair_ssrc: int = 0,
        repair_payload_type: int = 0,
        red_payload_type: int = 0,
        first: int = 1,
    ) -> None:
        self.ssrc, self.payload_type = ssrc, payload_type
        self.repair_ssrc, self.repair_payload_type = repair_ssrc, repair_payload_type
        self.red_payload_type = red_payload_type
        self.run: Run | None = None
        self.target: Layer | None = None  # whose next key frame is waited for
        self.packets = self.octets = 0
        self.round_trip: float | None = None
        self.is_doubled = False  # each packet goes out once more behind the next one
        self._before: Forwarded | None = None
        self._transport = transport
        self._buffer = buffer
        self._runs: deque[Run] = deque(maxlen=RUNS)
        self._next = first  # sequence number
        self._timestamp = 0  # the last one sent
        self._timestamp_at: float | None = None
        self._picture = self._tl0 = -1  # the last ones sent
        self._repair_sequence = 0
        self._repaired_at: dict[int, float] = {}
        self._reported_at: dict[int, float] = {}

    # -- runs --------------------------------------------------------------------------------------------------

    def aim(self, layer: Layer) -> None:
        """Change to this layer at its next key frame; until then the one at hand goes on."""
        if layer is self.target:
            return
        self._stop_waiting()
        if self.run is None or layer is not self.run.layer:
            self.target = layer
            layer.waiting.append(self)

    def pause(self) -> None:
        """Send nothing until `aim` is called again."""
        self._stop_waiting()
        self.end()

    def start(self, layer: Layer, packet: Forwarded, *, now: float) -> None:
        """See `layer.Output`."""
        self._stop_waiting()
        self.begin(layer, packet, now=now)

    def _stop_waiting(self) -> None:
        if self.target is not None:
            self.target.waiting.remove(self)
            self.target = None

    def begin(self, layer: Layer, packet: Forwarded, *, now: float) -> None:
        """Go on with this layer from this packet, as if it had always been the one; `send` of it follows."""
        before = self.run
        self.end()
        timestamp = self._timestamp_for(layer, packet, before, now)
        self.run = Run(
            layer,
            packet.index,
            sequence=self._next - packet.index,
            timestamp=timestamp - packet.timestamp,
            picture=self._picture + 1 - packet.picture_id,
            tl0=self._tl0 + 1 - packet.tl0picidx,
        )
        self._runs.append(self.run)
        layer.outputs.append(self)

    def end(self) -> None:
        """Send nothing more of this layer; what has been sent of it can still be sent again."""
        run, self.run = self.run, None
        if run is None:
            return
        run.layer.outputs.remove(self)
        newest = run.layer.newest
        highest = run.layer.sequence.highest
        if newest is None or highest is None or newest.index < run.first:
            return
        run.last = highest
        self._next = highest + run.sequence + 1 & 0xFFFF
        self._timestamp, self._timestamp_at = newest.timestamp + run.timestamp & _M32, run.layer.arrived_at
        self._picture, self._tl0 = newest.picture_id + run.picture, newest.tl0picidx + run.tl0

    def _timestamp_for(self, layer: Layer, packet: Forwarded, before: Run | None, now: float) -> int:
        """Return the outgoing timestamp of a run's first packet.

        Two encodings of one camera have each their own zero; sender reports tie both to one clock (RFC 3550 §6.4.1).
        Without them, what has passed by our clock counts.
        """
        if self._timestamp_at is None:
            return packet.timestamp
        elapsed = max(1, int((now - self._timestamp_at) * layer.clock_rate))
        ours = self._timestamp + elapsed & _M32
        if before is None or before.layer.report is None or layer.report is None:
            return ours
        old, new = before.layer.report, layer.report
        between = ((new.ntp - old.ntp) * layer.clock_rate) >> 32
        aligned = old.timestamp + between - new.timestamp + packet.timestamp + before.timestamp & _M32
        drift = (aligned - ours + 0x80000000 & _M32) - 0x80000000
        ahead = (aligned - self._timestamp & _M32) < 0x80000000
        return aligned if ahead and abs(drift) < layer.clock_rate else ours  # a second apart: reports of two clocks

    # -- packets -----------------------------------------------------------------------------------------------

    def send(self, packet: Forwarded) -> None:
        """Forward a packet of the layer of this run."""
        run, srtp = self.run, self._transport.srtp
        if run is None or srtp is None or packet.index < run.first:
            return
        payload_type = self.payload_type
        if packet.red:
            if self.red_payload_type:
                payload_type = self.red_payload_type
            elif packet.primary is not None:
                packet = packet.primary
        buffer = self._buffer
        size = self._compose(packet, run, payload_type)
        size = srtp.protect(buffer, size)
        if size:
            self._transport.transmit(buffer.view[:size])
            self.packets += 1
            self.octets += len(packet.body) - packet.payload_at
        if self.is_doubled:
            self._double(packet, run, payload_type)

    def _double(self, packet: Forwarded, run: Run, payload_type: int) -> None:
        """Send the packet before this one again, the same bytes: a receiver that has it drops it as a replay."""
        before, self._before = self._before, packet
        srtp = self._transport.srtp
        if before is None or before.index != packet.index - 1 or before.index < run.first or srtp is None:
            return
        size = srtp.protect(self._buffer, self._compose(before, run, payload_type))
        if size:
            self._transport.transmit(self._buffer.view[:size])
            self.octets += len(before.body) - before.payload_at

    def _compose(self, packet: Forwarded, run: Run, payload_type: int) -> int:
        view, body = self._buffer.view, packet.body
        size = HEADER + len(body)
        view[HEADER:size] = body
        _FIXED.pack_into(
            view,
            0,
            0x90,
            packet.marker | payload_type,
            packet.index + run.sequence & 0xFFFF,
            packet.timestamp + run.timestamp & _M32,
            self.ssrc,
        )
        if packet.picture_at:
            picture = packet.picture_id + run.picture
            if packet.wide:
                view[packet.picture_at] = 0x80 | picture >> 8 & 0x7F
                view[packet.picture_at + 1] = picture & 0xFF
            else:
                view[packet.picture_at] = picture & 0x7F
        if packet.tl0_at:
            view[packet.tl0_at] = packet.tl0picidx + run.tl0 & 0xFF
        return size

    def size_of(self, number: int, *, now: float, again_after: float) -> int:
        """Return how large a retransmission of this sequence number would be; 0 if it cannot or must not be.

        Nothing is sent again while the stream is paused, nor the same packet twice within a round trip: the second
        request was on its way before the first answer could arrive.
        """
        found = self._find(number)
        if found is None or self.run is None or now - self._repaired_at.get(number, -again_after) < again_after:
            return 0
        return HEADER + 2 + len(found[1].body)

    def repair(self, number: int, *, now: float) -> int:
        """Send a packet again, as RTX where it was taken (RFC 4588 §4); return its size."""
        found, srtp = self._find(number), self._transport.srtp
        if found is None or srtp is None:
            return 0
        run, packet = found
        self._repaired_at[number] = now
        size = self._compose(packet, run, self.payload_type)
        view = self._buffer.view
        view[SEND_TIME_AT : SEND_TIME_AT + 3] = absolute_send_time(now)
        if self.repair_payload_type:
            at = HEADER + packet.payload_at
            view[at + 2 : size + 2] = bytes(view[at:size])
            view[at : at + 2] = number.to_bytes(2)
            size += 2
            self._repair_header(packet.marker | self.repair_payload_type, packet.timestamp + run.timestamp, 0x90)
        size = srtp.protect(self._buffer, size)
        self._transport.transmit(self._buffer.view[:size])
        return size

    def pad(self, *, now: float) -> int:
        """Send a packet of padding alone on the RTX stream: it carries nothing and shows what the line takes."""
        srtp, newest = self._transport.srtp, None if self.run is None else self.run.layer.newest
        if srtp is None or not self.repair_payload_type:
            return 0
        view = self._buffer.view
        view[HEADER : HEADER + 8] = b"\xbe\xde\x00\x01\x22" + absolute_send_time(now)
        view[HEADER + 8 : HEADER + 7 + _PADDING] = bytes(_PADDING - 1)
        view[HEADER + 7 + _PADDING] = _PADDING
        timestamp = self._timestamp if newest is None or self.run is None else newest.timestamp + self.run.timestamp
        self._repair_header(self.repair_payload_type, timestamp, 0xB0)
        size = srtp.protect(self._buffer, HEADER + 8 + _PADDING)
        self._transport.transmit(self._buffer.view[:size])
        return size

    def _repair_header(self, second: int, timestamp: int, first: int) -> None:
        self._repair_sequence = self._repair_sequence + 1 & 0xFFFF
        _FIXED.pack_into(self._buffer.view, 0, first, second, self._repair_sequence, timestamp & _M32, self.repair_ssrc)

    def _find(self, number: int) -> tuple[Run, Forwarded] | None:
        """Return the packet that went out under this number and the run that it belongs to."""
        for run in reversed(self._runs):
            highest = run.layer.sequence.highest or 0
            index = highest - (highest + run.sequence - number & 0xFFFF)
            if index < run.first or (run.last is not None and index > run.last) or index <= highest - HISTORY:
                continue
            packet = run.layer.kept(index)
            return None if packet is None else (run, packet)
        return None

    # -- reports -----------------------------------------------------------------------------------------------

    def sender_report(self, *, now: float) -> SenderReport | None:
        """Return the report of this stream (RFC 3550 §6.4.1), in the publisher's wall time: lips stay in step.

        None while nothing is sent, or before the publisher has said what time its timestamps are.
        """
        run = self.run
        if run is None or run.layer.report is None:
            return None
        told, since = run.layer.report, now - run.layer.report_at
        ntp = told.ntp + int(since * (1 << 32)) & 0xFFFFFFFFFFFFFFFF
        timestamp = told.timestamp + int(since * run.layer.clock_rate) + run.timestamp & _M32
        self._reported_at[ntp >> 16 & _M32] = now
        if len(self._reported_at) > REPORTS:
            del self._reported_at[next(iter(self._reported_at))]
        return SenderReport(self.ssrc, ntp, timestamp, self.packets, self.octets)

    def on_echo(self, last_sr: int, delay: int, *, now: float) -> bool:
        """Measure the round trip by the report that the receiver names (RFC 3550 §6.4.1); False if it is no other."""
        sent_at = self._reported_at.pop(last_sr, None)  # named again it says nothing new
        if sent_at is None:
            return False
        self.round_trip = max(0.0, now - sent_at - delay / 65536)
        return True

    def tidy(self, *, now: float) -> None:
        """Forget retransmissions that no request will name again."""
        self._repaired_at = {number: at for number, at in self._repaired_at.items() if now - at < 2.0}
