"""Working time of a county: Monday to Friday 08:00–18:00 in Shanghai, less its holidays (decisions 18)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # one zone without summer time since 1991


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When an office works.

    Parameters
    ----------
    opens, closes
        Clock times in Shanghai.
    holidays
        Days off beside the week-end.
    workdays
        Days of a week-end that are worked to make up for a holiday (调休).
    """

    opens: time = time(8)
    closes: time = time(18)
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    @property
    def day(self) -> timedelta:
        """Return how long one working day is."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)

    def works_on(self, day: date) -> bool:
        """Tell whether the office works on a day."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def after(self, start: datetime, days: float) -> datetime:
        """Return the instant at which so many working days have passed since `start` (aware), as UTC of its zone.

        One working day from Monday 10:00 is Tuesday 10:00; from Saturday it is Monday's closing time.
        """
        left = self.day * days
        local = start.astimezone(SHANGHAI)
        while True:
            begins, ends = (datetime.combine(local.date(), clock, SHANGHAI) for clock in (self.opens, self.closes))
            begins = max(begins, local)
            if self.works_on(local.date()) and begins < ends:
                if left <= ends - begins:
                    return (begins + left).astimezone(start.tzinfo)
                left -= ends - begins
            local = datetime.combine(local.date() + timedelta(days=1), time(0), SHANGHAI)
