"""When a frame was taken, on one clock for all tracks: by the publisher's sender reports, so that lips stay in step."""

from video.rtc.rtcp import NTP_EPOCH, SenderReport

SET = 1.0  # seconds
_HALF = 0x80000000


class Wall:
    """How a publisher's wall clock goes with ours; shared by all that it sends.

    A report needs the time of its way: the shortest way seen says best how the two clocks go with each other. A second
    beyond it the publisher's clock was set.
    """

    def __init__(self) -> None:
        self._offset: float | None = None

    def ours(self, report: SenderReport, arrived_at: float) -> float:
        """Return by our clock when the report's timestamp was."""
        theirs = report.ntp / (1 << 32) - NTP_EPOCH
        offset = arrived_at - theirs
        if self._offset is None or offset < self._offset or offset > self._offset + SET:
            self._offset = offset
        return theirs + self._offset


class Timeline:
    """The clock of one encoding: an RTP timestamp to our time, as the packets came until there is a report."""

    def __init__(self, wall: Wall, clock_rate: int) -> None:
        self._wall, self._rate = wall, clock_rate
        self._report: SenderReport | None = None
        self._timestamp = 0
        self._time: float | None = None

    def on_report(self, report: SenderReport | None, arrived_at: float) -> None:
        """Take the newest sender report, which may be the one known already."""
        if report is None or report is self._report:
            return
        self._report = report
        self._timestamp, self._time = report.timestamp, self._wall.ours(report, arrived_at)

    def time_of(self, timestamp: int, arrived_at: float) -> float:
        """Return when, by our clock, what has this timestamp was taken."""
        if self._time is None:
            self._time = arrived_at
        else:
            self._time += ((timestamp - self._timestamp + _HALF & 0xFFFFFFFF) - _HALF) / self._rate
        self._timestamp = timestamp
        return self._time
