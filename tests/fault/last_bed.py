"""One bed and many tickets that want it: accepted tickets by the hundred, and two web processes (B01)."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle

import aiohttp

from referral.tickets import TicketState
from server.clock import SystemClock
from server.db.engine import Database
from server.db.unit_of_work import SqlUnitOfWork
from tests.builders.referral_register import CIPHER
from tests.fault.machinery import second_web
from tests.flows.county import Answer, Json, Person
from tests.flows.referring import REFERRALS, beds_of, commands, leaves_free, sends
from tests.servers.hub import RunningHub

WARD, BED = "骨科", "骨科-02"
BED_ID = f"C01.{BED}"
WHO: Json = {"sex": "female", "birth_date": "1960-01-01", "identifiers": []}


def database_url(hub: RunningHub) -> str:
    """Return the address of the hub's database."""
    data = hub.environment["LUTONG_DATA_DIR"]
    return hub.environment.get("LUTONG_DATABASE_URL") or f"sqlite+aiosqlite:///{data}/lutong.db"


@asynccontextmanager
async def crowd(*urls: str) -> AsyncIterator[list[aiohttp.ClientSession]]:
    """Give a client for each address that opens as many connections as it is asked for."""
    clients = [
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=120, sock_connect=60)
        )
        for _ in urls
    ]
    try:
        yield clients
    finally:
        for client in clients:
            await client.close()


@dataclass(slots=True)
class Race:
    """The last bed of a ward, and desks at two web processes.

    Parameters
    ----------
    latencies
        Seconds of each claim, from the start to the answer.
    made
        How many twins of the first ticket there are.
    """

    hub: RunningHub
    desks: Sequence[Person]
    nurse: Person
    doctor: Person
    tickets: list[str] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    made: int = 0

    async def gather_tickets(self, count: int) -> None:
        """Let that many accepted tickets wait: one goes the whole way, the others are its twins."""
        if not self.tickets:
            somebody = WHO | {"name": f"王秀{secrets.choice('兰梅英珍')}{secrets.token_hex(2)}"}  # one live ticket each
            patient = (await self.doctor.does("/api/v1/patients", somebody))["id"]
            ticket = await sends(self.doctor, patient, 3, WARD)
            for name in ("open", "accept"):
                await commands(self.desks[0], ticket, name)
            self.tickets.append(str(ticket["id"]))
        self.tickets += await twins(self.hub, self.tickets[0], len(self.tickets), count)
        self.made = max(self.made, count)

    async def run(self, *, named: float = 1.0) -> Counter[str]:
        """Claim the bed for every ticket at once; return what was told, by `status CODE`.

        Parameters
        ----------
        named
            The share of claims that name the bed; the others leave the choice to the rule.
        """
        answers = await self.claim(named=named)
        for answer in answers:
            assert answer.status == 200 or answer.body["detail"], answer.body
        await self._held_by([t for t, a in zip(self.tickets, answers, strict=True) if a.status == 200])
        return Counter(answer.code.strip() if answer.status != 200 else "200" for answer in answers)

    async def claim(self, *, named: float = 1.0) -> list[Answer]:
        """Claim the bed for every ticket at once; return what was answered, ticket by ticket."""
        start = asyncio.Event()
        share = int(len(self.tickets) * named)
        desks = cycle(self.desks)
        claims = [
            asyncio.create_task(self._claim(next(desks), ticket, start, named=n < share))
            for n, ticket in enumerate(self.tickets)
        ]
        await asyncio.sleep(0)
        start.set()
        return list(await asyncio.gather(*claims))

    async def _claim(self, desk: Person, ticket: str, start: asyncio.Event, *, named: bool) -> Answer:
        await start.wait()
        began = time.perf_counter()
        answer = await desk.asks("POST", f"{REFERRALS}/{ticket}/hold-bed", {"bed_id": BED_ID} if named else {})
        self.latencies.append(time.perf_counter() - began)
        return answer

    async def _held_by(self, winners: Sequence[str]) -> None:
        """Compare the board with who was told that the bed is hers, and give the bed back."""
        bed = (await beds_of(self.nurse, "C01", WARD))[BED]
        assert ([bed["hold"]["ticket_id"]] if bed["hold"] else []) == list(winners), (bed["hold"], winners)
        await self.give_back(winners)

    async def give_back(self, winners: Sequence[str]) -> None:
        """Release the bed for the next round."""
        for ticket in winners:
            await self.desks[0].does(f"{REFERRALS}/{ticket}/release-hold", {"reason": "下一轮"})

    def quantile(self, share: float) -> float:
        """Return a quantile of the claims' seconds."""
        return sorted(self.latencies)[min(len(self.latencies) - 1, int(len(self.latencies) * share))]


async def twins(hub: RunningHub, ticket_id: str, first: int, count: int) -> list[str]:
    """Store copies of an accepted ticket under other departments of the sender's wish: `first` to `count` - 1."""
    keys = [f"{ticket_id[:16]}{n:06d}" for n in range(first, count)]
    async with beside(hub) as uow:
        ticket = await uow.tickets.get(ticket_id)
        assert ticket is not None
        for n, key in enumerate(keys, start=first):
            twin = replace(ticket, id=key, number=f"{ticket.number}/{n}", department=f"{ticket.department}/{n}")
            await uow.tickets.add(twin)
    return keys


async def take_away(hub: RunningHub, keys: Sequence[str]) -> None:
    """End tickets, whatever they are in, so that the next race is among its own."""
    async with beside(hub) as uow:
        for ticket in (await uow.tickets.many(keys)).values():
            if ticket.is_live:
                await uow.tickets.save(replace(ticket, state=TicketState.CANCELLED, version=ticket.version + 1))


@asynccontextmanager
async def beside(hub: RunningHub) -> AsyncIterator[SqlUnitOfWork]:
    """Open a transaction on the hub's database from outside."""
    database = Database(database_url(hub))
    try:
        async with SqlUnitOfWork(database, SystemClock(), services={"cipher": CIPHER}) as uow:
            yield uow
    finally:
        await database.close()


@asynccontextmanager
async def race_for_last_bed(hub: RunningHub, *, sabotage: str = "") -> AsyncIterator[Race]:
    """Give the race on a hub between its own web process and a second one.

    Parameters
    ----------
    sabotage
        A fault that is planted into both web processes; the hub's own then stays out of the race.
    """
    with ExitStack() as stack:
        other = stack.enter_context(second_web(hub, sabotage=sabotage))
        one = stack.enter_context(second_web(hub, sabotage=sabotage)) if sabotage else hub.url
        async with race_between(hub, one, other) as race:
            yield race


@asynccontextmanager
async def race_between(hub: RunningHub, one: str, other: str) -> AsyncIterator[Race]:
    """Give the race between two web processes: a desk at each, one free bed in the ward."""
    async with crowd(one, other) as (here, there):
        desks = [await Person("zhoumin", here, one).sign_in(), await Person("hanxue", there, other).sign_in()]
        nurse = await Person("yangfan", here, hub.url).sign_in()  # who prepares goes to the process without a fault
        await leaves_free(nurse, "C01", WARD, BED)
        race = Race(hub, desks, nurse, await Person("lilan", here, hub.url).sign_in())
        yield race
        await take_away(hub, race.tickets)
