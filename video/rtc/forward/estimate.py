"""What a receiver's line takes: by what the receiver says of it, by its losses, and by trying."""

START = 300_000.0  # bit/s before the receiver has said anything: sound and a low layer
FLOOR = 30_000.0  # bit/s
LOSS_FLOOR = 250_000.0  # bit/s that losses alone do not take us below: a radio link loses without being full
CEILING = 20_000_000.0  # bit/s
HEAVY, LIGHT = 0.10, 0.02  # losses above which we go down and below which we go up (libwebrtc's bounds)
CLIMB = 1.5  # per report without losses
SHOWN = 1.5  # of what arrived without losses is believed
CLIMB_EVERY = 0.9  # seconds
DESCEND_EVERY = 0.3  # seconds
QUEUE = 0.1  # seconds of waiting on the way that show a full line
THIRD = 0.3  # of losses, over some reports, that no radio link has: a line cut short without a queue
SMOOTH = 0.2  # of the newest report in what is usual
THROUGH, HARDLY = 0.6, 0.45  # of what is sent: a receiver whose estimate is below it does not get it
REPAIRS = 0.15  # of the estimate that retransmissions may take
PROBE = 1.5  # seconds that a try lasts
FIRST_WAIT, LAST_WAIT = 5.0, 60.0  # seconds between two tries, doubled after each that failed
BOLD, CAREFUL = 2.0, 1.25  # of the estimate that a try goes to; careful once the line has shown its end


class Estimate:
    """The bandwidth of one receiver.

    REMB is the receiver's own estimate, made from delays; losses in its reports are the second witness. The smaller
    one holds. Before either has said anything, `known` is False.
    """

    def __init__(self) -> None:
        self.known = False
        self.loss = 0.0  # of the last report
        self._remb: float | None = None
        self._shortest = self._usual_loss = 0.0
        self._queued = 0  # reports in a row that saw a queue
        self._by_loss = START
        self._climbed_at = self._descended_at = float("-inf")

    @property
    def bitrate(self) -> float:
        """Bits per second, all streams together."""
        return max(FLOOR, min(self._by_loss, CEILING if self._remb is None else self._remb))

    def on_remb(self, bitrate: float) -> None:
        """Take the receiver's estimate; the first one also lifts ours, which was only a guess."""
        if self._remb is None:
            self._by_loss = max(self._by_loss, bitrate)
        self._remb, self.known = float(bitrate), True

    def on_round_trip(self, seconds: float) -> None:
        """Take the round trip of another report; what it is longer than the shortest is a queue on the way."""
        self._shortest = min(seconds, self._shortest or seconds)
        self._queued = self._queued + 1 if seconds > self._shortest + QUEUE else 0

    @property
    def repair_bitrate(self) -> float:
        """What the share of retransmissions is taken of: a radio link has room for what it loses, a full line not."""
        return max(self.bitrate, LOSS_FLOOR) if self.is_lossy and self._usual_loss < THIRD else self.bitrate

    @property
    def is_lossy(self) -> bool:
        """Tell whether the line loses packets without being full: a radio link."""
        return self.loss >= LIGHT and not self._queued

    def is_congested(self, *, sent: float, on_trial: bool = False) -> bool:
        """Tell whether a low estimate is to be believed while `sent` bit/s go out.

        A receiver takes a hiccup of its scheduler for a full line, says little of a line that little was sent over,
        and loses a share of a radio link's packets without one. A line that is full makes a queue, which two reports
        in a row see, or lets much less through than is sent: less than half by the receiver's word alone, more if a
        queue or a third of losses say the same. Before the receiver has said what it takes there is only a guess of
        ours, which is no witness. Of a picture on trial, which begins or is back, less is enough: it would take the
        sound with it.
        """
        if self._queued >= (1 if on_trial else 2):
            return True
        seen = self._queued > 0 or self._usual_loss >= THIRD
        if self._remb is None:
            return seen
        return self.bitrate < (THROUGH if seen or on_trial else HARDLY) * sent

    def on_loss(self, fraction: float, *, sent: float, now: float) -> None:
        """Take a report: what share was lost while `sent` bit/s went out."""
        if not self.known and fraction < LIGHT:  # what has got through already is better than our guess
            self._by_loss = max(self._by_loss, SHOWN * sent)
        self.loss, self.known = fraction, True
        self._usual_loss += SMOOTH * (fraction - self._usual_loss)
        if fraction > HEAVY and now - self._descended_at >= DESCEND_EVERY:
            floor = LOSS_FLOOR if self._remb is not None else FLOOR
            self._by_loss = max(min(self._by_loss, floor), self._by_loss * (1 - fraction / 2))
            self._descended_at = now
        elif fraction < LIGHT and now - self._climbed_at >= CLIMB_EVERY:
            shown = SHOWN * sent if self._remb is None else max(SHOWN * sent, self._remb)
            self._by_loss = min(CEILING, max(self._by_loss, min(self._by_loss * CLIMB, shown)))
            self._climbed_at = now


class RepairBudget:
    """Keeps retransmissions within their share of the estimate: a full line is not filled with what it lost."""

    def __init__(self) -> None:
        self._bits = REPAIRS * START
        self._at: float | None = None

    def take(self, size: int, *, bitrate: float, now: float) -> bool:
        """Take `size` bytes if they fit, at most a second's share at once."""
        share = REPAIRS * bitrate
        elapsed = 0.0 if self._at is None else now - self._at
        self._bits, self._at = min(share, self._bits + share * elapsed), now
        if 8 * size > self._bits:
            return False
        self._bits -= 8 * size
        return True


class Probe:
    """Tries whether the line takes more: by padding, never by a layer that would choke the sound if it did not."""

    def __init__(self) -> None:
        self._until: float | None = None
        self._before = 0.0
        self._next = 0.0
        self._wait = FIRST_WAIT
        self._factor = BOLD
        self._padded_at = 0.0

    def padding(self, *, wanted: float, sent: float, estimate: Estimate, now: float) -> int:
        """Return how many bytes of padding to send now, `wanted` bit/s being what the next layer needs."""
        if self._until is None:
            if not estimate.known or wanted <= estimate.bitrate or now < self._next:
                return 0
            self._until, self._before, self._padded_at = now + PROBE, estimate.bitrate, now
        failed = estimate.loss > 0.05 or estimate.bitrate < 0.9 * self._before
        if failed or now >= self._until:
            self._finish(succeeded=not failed and estimate.bitrate > 1.05 * self._before, now=now)
            return 0
        target = min(1.05 * wanted, self._factor * self._before)
        elapsed, self._padded_at = min(0.2, now - self._padded_at), now
        return max(0, int((target - sent) * elapsed / 8))

    def _finish(self, *, succeeded: bool, now: float) -> None:
        self._until = None
        if succeeded:
            self._wait, self._next = FIRST_WAIT, now
            return
        self._factor = CAREFUL
        self._next, self._wait = now + self._wait, min(2 * self._wait, LAST_WAIT)
