"""The one clock (decisions 2): nothing else in the project asks what time it is."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991


def local_date(now: datetime) -> date:
    """Return the day it is in the county; ages, validities and agreements count in days of it."""
    return now.astimezone(CHINA).date()


class Clock(Protocol):
    """Tells the server's time, aware UTC."""

    def now(self) -> datetime:
        """Return the current instant."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant, aware UTC."""
        return datetime.now(UTC)


class OffsetClock:
    """The machine's clock plus the seconds written in a file: scenarios run to the minute with it.

    Only a demo on loopback may use it; `server.settings` refuses it elsewhere. The file is read again at
    most every 50 ms; an absent or unreadable file means no offset.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at = 0.0
        self._offset = timedelta()

    def now(self) -> datetime:
        """Return the current instant moved by the file's offset, aware UTC."""
        tick = time.monotonic()
        if tick - self._read_at > 0.05:
            self._read_at = tick
            try:
                self._offset = timedelta(seconds=float(self._file.read_text(encoding="ascii").strip() or 0))
            except (OSError, ValueError):
                self._offset = timedelta()
        return datetime.now(UTC) + self._offset
