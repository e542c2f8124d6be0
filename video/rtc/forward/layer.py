"""One encoding that comes in: what has arrived, what is missing, what the reports about it say."""

from collections import deque
from typing import Protocol

from video.rtc.forward.packet import Forwarded
from video.rtc.rtcp import ReportBlock, SenderReport
from video.rtc.rtp import Sequence

HISTORY = 1024  # packets kept for retransmission
MAX_GAP = 200  # packets missing at once that are asked for; beyond it only a key frame helps
NACK_AGAIN = 0.08  # seconds until a packet is asked for once more
NACK_TRIES = 8
KEYFRAME_EVERY = 0.4  # seconds between two requests for a key frame
WINDOW = 1.0  # seconds that a bitrate is measured over
SILENT = 1.5  # seconds without a packet after which an encoding counts as not sent


class Output(Protocol):
    """Somebody that a layer's packets go to."""

    def send(self, packet: Forwarded) -> None:
        """Take a packet."""
        ...

    def start(self, layer: "Layer", packet: Forwarded, *, now: float) -> None:
        """Begin with this key frame of the layer that was waited for; `send` of it follows."""
        ...

    def pause(self) -> None:
        """Take nothing more, and wait for nothing."""
        ...


class Rate:
    """Bits per second over the last second, in slots of a tenth."""

    def __init__(self) -> None:
        self._slots: deque[list[float]] = deque()  # begin, bytes
        self._since: float | None = None

    def add(self, size: int, *, now: float) -> None:
        """Count a packet."""
        if self._since is None:
            self._since = now
        if self._slots and now - self._slots[-1][0] < WINDOW / 10:
            self._slots[-1][1] += size
        else:
            self._slots.append([now, size])

    def bitrate(self, *, now: float) -> float:
        """Return bits per second; soon after the start, over what has passed but not less than a fifth of a second."""
        while self._slots and now - self._slots[0][0] > WINDOW:
            self._slots.popleft()
        if self._since is None or not self._slots:
            return 0.0
        return 8 * sum(size for _, size in self._slots) / min(WINDOW, max(now - self._since, WINDOW / 5))


class Layer:
    """One incoming encoding of a source; audio and video without simulcast have one.

    Parameters
    ----------
    ssrc
        Its SSRC.
    rid
        Its RID, "" without simulcast.
    clock_rate
        Timestamp units per second.
    """

    def __init__(self, ssrc: int, rid: str, clock_rate: int) -> None:
        self.ssrc, self.rid, self.clock_rate = ssrc, rid, clock_rate
        self.sequence = Sequence()
        self.rate = Rate()
        self.newest: Forwarded | None = None
        self.arrived_at = 0.0
        self.report: SenderReport | None = None
        self.report_at = 0.0
        self.outputs: list[Output] = []  # that forward this layer now
        self.waiting: list[Output] = []  # that will, from its next key frame on
        self.wants_keyframe = False
        self.loss = 0.0  # of the last report
        self._history: list[Forwarded | None] = [None] * HISTORY
        self._missing: dict[int, list[float]] = {}  # index: when to ask again, how often asked
        self._asked_at = -KEYFRAME_EVERY
        self._first = 0
        self._received = self._expected_before = self._received_before = 0
        self._transit: float | None = None
        self._jitter = 0.0

    # -- arrivals ----------------------------------------------------------------------------------------------

    def take_index(self, number: int, *, size: int, now: float) -> int | None:
        """Return the extended number of a packet that is new, None for a second copy or one that is too old.

        `size` is that of the payload: bitrates are of payloads everywhere, as REMB's are.
        """
        highest = self.sequence.highest
        index = self.sequence.extend(number)
        if highest is None:
            self._first = index
        elif index > highest:
            self._note_gap(highest + 1, index, now)
        elif index <= highest - HISTORY or self.kept(index) is not None:
            return None
        self._missing.pop(index, None)
        self._received += 1
        self.arrived_at = now
        self.rate.add(size, now=now)
        return index

    def _note_gap(self, begin: int, end: int, now: float) -> None:
        if end - begin > MAX_GAP:
            self._missing.clear()
            self.wants_keyframe = True
            return
        for index in range(begin, end):
            self._missing[index] = [now, 0]

    def keep(self, packet: Forwarded, *, now: float) -> None:
        """Keep a packet for retransmission, and follow the jitter (RFC 3550 A.8)."""
        self._history[packet.index % HISTORY] = packet
        if self.newest is not None and packet.index < self.newest.index:
            return
        transit = now * self.clock_rate - packet.timestamp
        if self._transit is not None and self.newest is not None and packet.timestamp != self.newest.timestamp:
            step = abs((transit - self._transit + 0x80000000) % 0x100000000 - 0x80000000)
            self._jitter += (step - self._jitter) / 16
        self._transit, self.newest = transit, packet

    def kept(self, index: int) -> Forwarded | None:
        """Return a packet that has been forwarded and is still kept."""
        packet = self._history[index % HISTORY]
        return packet if packet is not None and packet.index == index else None

    def is_sent(self, *, now: float) -> bool:
        """Tell whether the publisher sends this encoding at present."""
        return self.newest is not None and now - self.arrived_at < SILENT

    # -- what the publisher is told ----------------------------------------------------------------------------

    def due_nacks(self, *, now: float) -> tuple[int, ...]:
        """Return the sequence numbers to ask for now; what was asked for often enough is given up."""
        due = sorted(index for index, (at, _) in self._missing.items() if at <= now)
        for index in due:
            asked = self._missing[index]
            asked[0], asked[1] = now + NACK_AGAIN, asked[1] + 1
            if asked[1] >= NACK_TRIES:
                del self._missing[index]
        return tuple(index & 0xFFFF for index in due)

    def keyframe_due(self, *, now: float) -> bool:
        """Tell whether to ask for a key frame now: somebody needs one, and not more often than the throttle."""
        if not (self.wants_keyframe or self.waiting) or now - self._asked_at < KEYFRAME_EVERY:
            return False
        self._asked_at = now
        return True

    def on_report(self, report: SenderReport, *, now: float) -> None:
        """Take the publisher's sender report."""
        self.report, self.report_at = report, now

    def block(self, *, now: float) -> ReportBlock | None:
        """Return the report block about this encoding (RFC 3550 A.3), None before anything has come."""
        highest = self.sequence.highest
        if highest is None:
            return None
        expected = highest - self._first + 1
        in_interval = expected - self._expected_before
        lost = max(0, in_interval - (self._received - self._received_before))
        self._expected_before, self._received_before = expected, self._received
        last_sr = delay = 0
        if self.report is not None:
            last_sr = self.report.ntp >> 16 & 0xFFFFFFFF
            delay = int((now - self.report_at) * 65536) & 0xFFFFFFFF
        fraction = min(255, 256 * lost // in_interval) if in_interval > 0 else 0
        self.loss = fraction / 256
        extended = highest - 0x10000 & 0xFFFFFFFF
        return ReportBlock(self.ssrc, fraction, expected - self._received, extended, int(self._jitter), last_sr, delay)
