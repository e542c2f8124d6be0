"""B2: the order of a county's queue, 10,000 open tickets, and the reason of each; `python -m tests.bench.queue_order`.

A person waits for it, so the floors are absolute: order and reasons 50 ms, and 10 ms is the goal for the order. The
sentences are made anew in every repetition: what the rule keeps once made is forgotten before each.
"""

import gc
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from referral.beds import Claim, allocate, bed_rules, rank, reasons
from referral.model import Level, Needs, Pool
from referral.wards import Bed, BedNow
from server.clock import SystemClock

TICKETS, BEDS, FREE, REPETITIONS = 10_000, 312, 24, 31
NOW = datetime(2026, 11, 23, 0, 37, tzinfo=UTC)
RULES = bed_rules(1, {})
DEPARTMENTS = ("心内", "呼吸", "神内", "骨科", "普外", "产科", "儿科", "CCU")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: milliseconds on the clock on the wall, and of the processor."""

    what: str
    wall: list[float]
    cpu: list[float]
    target: str

    @property
    def line(self) -> str:
        """Return the row as Markdown: median (min..max)."""
        shown = [f"{statistics.median(ms):.1f} ({min(ms):.1f}..{max(ms):.1f})" for ms in (self.wall, self.cpu)]
        return f"| {self.what} | {' | '.join(shown)} | {self.target} |"


def queue(seed: int) -> list[Claim]:
    """Return a county's open tickets: mostly Ⅲ and Ⅳ, a third with priority, some overdue at each level."""
    draw = random.Random(seed)
    return [
        Claim(
            ticket_id=f"{draw.getrandbits(64):016x}",
            level=draw.choices(list(Level), [1, 3, 40, 56])[0],
            bed_priority=draw.random() < 0.3,
            provisional=draw.random() < 0.05,
            waiting_since=NOW - timedelta(seconds=draw.random() * 80 * 3600),
            travel_minutes=draw.randrange(180),
            needs=Needs(draw.choice(DEPARTMENTS)),
            sex=draw.choice(["male", "female"]),
            age=draw.randrange(90),
        )
        for _ in range(TICKETS)
    ]


def board() -> list[BedNow]:
    """Return the county hospital's beds, all in use but two dozen."""
    beds = [
        Bed(f"C01/{n}", "C01", "w", str(n), DEPARTMENTS[n % 8], Pool.RESERVED if n % 20 == 0 else Pool.GENERAL)
        for n in range(BEDS)
    ]
    return [BedNow(bed) for bed in beds[:FREE]]


def measured(what: str, work: Callable[[], object], target: str) -> Row:
    """Return how long a piece of work takes; what it makes is thrown away outside the measurement."""
    wall, cpu = [], []
    for _ in range(REPETITIONS):
        for kept in (reasons.score_words, reasons.overdue_words, reasons.at_once_words):
            kept.cache_clear()
        gc.collect()
        began, used = time.perf_counter(), time.thread_time()
        made = work()
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.thread_time() - used) * 1000)
        del made
    return Row(what, wall, cpu, target)


def table() -> str:
    """Measure and return the section."""
    claims, beds = queue(1), board()
    rows = [
        measured("order", lambda: rank(claims, RULES, now=NOW), "goal <= 10"),
        measured("order + reasons", lambda: [(r, r.sentence) for r in rank(claims, RULES, now=NOW)], "<= 50"),
        measured("order + reasons with inputs", lambda: [r.explanation for r in rank(claims, RULES, now=NOW)], "<= 50"),
        measured(f"allocation to {FREE} free beds", lambda: allocate(claims, beds, RULES, now=NOW), ""),
    ]
    head = (
        f"{SystemClock().now():%Y-%m-%d}, `python -m tests.bench.queue_order` ({REPETITIONS} repetitions), "
        f"{TICKETS} tickets, one core of {os.cpu_count()}, {platform.platform(terse=True)}, "
        f"Python {platform.python_version()}. Milliseconds, median (min..max)."
    )
    columns = ["| what | wall ms | CPU ms | target ms |", "|---|--:|--:|---|"]
    return "\n".join(["## B2 queue order", "", head, "", *columns, *(row.line for row in rows)]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
