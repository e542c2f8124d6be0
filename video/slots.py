"""Times at which an expert can be met: her hours, less what is promised already; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from video.consults import Expert
from video.errors import Incomplete, UnsoundSlot
from video.working_time import SHANGHAI, WorkingTime

LONGEST_LOOK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Span:
    """A range in time, its end not in it."""

    begins_at: datetime
    ends_at: datetime

    def meets(self, other: "Span") -> bool:
        """Tell whether two ranges share an instant."""
        return self.begins_at < other.ends_at and other.begins_at < self.ends_at


def check_offer(spans: Sequence[Span], *, now: datetime, most: int, longest: timedelta) -> None:
    """Refuse an offer that nobody could choose from.

    Raises
    ------
    Incomplete
        When it has no slot.
    UnsoundSlot
        When it has too many, or one in the past, of no length, too long, or across another.
    """
    if not spans:
        raise Incomplete(["slots"])
    for at, span in enumerate(spans):
        too_long = span.ends_at - span.begins_at > longest
        if span.begins_at <= now or span.ends_at <= span.begins_at or too_long:
            raise UnsoundSlot(span.begins_at.isoformat())
        if any(span.meets(other) for other in spans[:at]):
            raise UnsoundSlot(span.begins_at.isoformat())
    if len(spans) > most:
        raise UnsoundSlot(f"> {most}")


def open_slots(
    expert: Expert, since: datetime, until: datetime, busy: Sequence[Span], working: WorkingTime
) -> list[Span]:
    """Return the expert's slots between two instants that nobody has, oldest first; holidays have none."""
    end = min(until, since + LONGEST_LOOK)
    return [
        span
        for day in _days(since, end)
        if working.works_on(day) or day.isoweekday() > FRIDAY
        for span in _of_day(expert, day)
        if since <= span.begins_at and span.ends_at <= end and not any(span.meets(other) for other in busy)
    ]


FRIDAY = 5  # whoever wrote down hours on a week-end means them


def _days(since: datetime, until: datetime) -> Iterator[date]:
    day, last = since.astimezone(SHANGHAI).date(), until.astimezone(SHANGHAI).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _of_day(expert: Expert, day: date) -> Iterator[Span]:
    length = timedelta(minutes=expert.slot_minutes)
    for hours in expert.hours:
        if hours.weekday != day.isoweekday():
            continue
        begins, closes = (datetime.combine(day, time.fromisoformat(at), SHANGHAI) for at in (hours.opens, hours.closes))
        while begins + length <= closes:
            yield Span(begins, begins + length)
            begins += length
