"""B2: what a person waits for at a county's board, 10,000 open tickets, through HTTP; `python -m tests.bench.board`."""

import asyncio
import gc
import random
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from referral.model import Level, Needs
from referral.tickets import Ticket, TicketState
from server.db.repositories.tickets import row_of
from server.db.tables import people, referral
from tests.bench.queue_order import DEPARTMENTS
from tests.builders.reading_house import House, reading_house
from tests.builders.tickets import ticket_in

TICKETS, REPETITIONS = 10_000, 40
PAGES = {
    "queue, first 50": ("zhoumin", "/api/v1/referrals/queue?limit=50"),
    "incoming, first 50, with counters": ("zhoumin", "/api/v1/referrals?box=in&limit=50"),
    "sent, first 50, with counters": ("lilan", "/api/v1/referrals?box=out&limit=50"),
    "bed board, 312 beds": ("zhoumin", "/api/v1/beds?org=C01"),
}


async def fill(house: House) -> None:
    """Store a county's open tickets, each of another patient."""
    draw, now = random.Random(1), house.clock.at
    tickets = [_ticket(n, draw, house) for n in range(TICKETS)]
    row = {
        "organization_id": "T01", "pinyin": "bing ren", "initials": "br", "sex": "male", "created_at": now,
        "allergies": "", "provisional": False, "version": 1,
    }  # fmt: skip
    residents = [row | {"id": t.patient_id, "name": f"病人{n}"} for n, t in enumerate(tickets)]
    async with house.hub.unit_of_work() as uow:
        await uow.connection.execute(people.patients.insert(), residents)
        await uow.connection.execute(referral.tickets.insert(), [row_of(t) for t in tickets])


def _ticket(number: int, draw: random.Random, house: House) -> Ticket:
    state = draw.choice([TicketState.SENT, TicketState.RECEIVED, TicketState.ACCEPTED])
    department = draw.choice(DEPARTMENTS)
    since = house.clock.at - timedelta(minutes=draw.randrange(72 * 60))
    return replace(
        ticket_in(state),
        id=f"t{number:06d}",
        number=f"R-{number}",
        patient_id=f"p{number:06d}",
        level=draw.choices(list(Level), [1, 3, 40, 56])[0],
        department=department,
        needs=Needs(department),
        from_organization_id="T01",
        to_organization_id="C01",
        travel_minutes=draw.randrange(120),
        waiting_since=since,
        created_at=since,
        deadline_at=since + timedelta(hours=24),
        timeline=MappingProxyType({"draft": since, state.value: since}),
    )


async def measure() -> list[str]:
    """Return one line for each page: milliseconds, median and 95th percentile."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        async with reading_house(Path(folder)) as house:
            await fill(house)
            gc.collect()
            gc.freeze()  # as `lutong web` does
            for what, (who, path) in PAGES.items():
                took = []
                for _ in range(REPETITIONS):
                    began = time.perf_counter()
                    answer = await house.call(who, "GET", path)
                    took.append((time.perf_counter() - began) * 1000)
                    assert answer.status == 200, answer.body
                p95 = statistics.quantiles(took, n=20)[-1]
                lines.append(f"| {what} | {statistics.median(took):.0f} | {p95:.0f} | p95 <= 200 |")
    return lines


def table() -> str:
    """Measure and return the section."""
    lines = asyncio.run(measure())
    head = ["## B2 · the board through HTTP, SQLite", "", "| page | median ms | p95 ms | target |", "|---|--:|--:|---|"]
    return "\n".join([*head, *lines, ""])


if __name__ == "__main__":
    print(table())
    sys.exit(0)
