"""Histories of one bed: eight clients at two web processes claim, release, admit, discharge; one is killed (B02).

Each request is written down with when it was sent and when it was answered; `linearizable.py` then looks for an order
of them that one bed could have had. A request without an answer may have been carried out, or not.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf

import aiohttp

from tests.fault.last_bed import BED_ID, Race, take_away, twins
from tests.fault.linearizable import Operation
from tests.flows.county import Person
from tests.flows.referring import BEDS, REFERRALS

CLIENTS = 8
Act = Callable[[], Awaitable[None]]
WEIGHTS = {"claim": 40, "release": 18, "arrive": 14, "admit": 14, "discharge": 8, "clean": 8}
BODIES = {"claim": {"bed_id": BED_ID}, "release": {"reason": "换床"}}
COMMANDS = {"claim": "hold-bed", "release": "release-hold"}
JUMP = 3 * 3600.0  # seconds: longer than a hold of a ticket from 42 minutes away


@dataclass(frozen=True, slots=True)
class OneBed:
    """The sequential bed with its tickets, as lifecycles.md (b) and (c) have them at level Ⅲ.

    Parameters
    ----------
    phase, holder
        `free`, `held` and `in` by a ticket, `dirty`.
    arrived
        Tickets whose patients are at the door.
    late
        Tickets whose hold ran out and of whom the worker may know or not.
    gone
        Tickets whose patients lay in the bed, or lie in it.
    """

    phase: str = "free"
    holder: str = ""
    arrived: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


def step(bed: OneBed, operation: Operation) -> Iterator[OneBed]:
    """Tell to what an operation with its result leads; without an answer it is granted or refused."""
    if operation.result != "refused":
        yield from granted(bed, operation.name, operation.subject)
    if operation.result != "ok":
        yield from refused(bed, operation.name, operation.subject)


def granted(bed: OneBed, name: str, ticket: str) -> Iterator[OneBed]:
    """Return what follows when the operation is carried out; nothing when it cannot be."""
    mine = bed.phase == "held" and bed.holder == ticket
    late, known = ticket in bed.late, replace(bed, late=bed.late - {ticket})
    if name == "jump":
        yield replace(bed, phase="free", holder="", late=bed.late | {bed.holder}) if bed.phase == "held" else bed
    elif name == "claim" and ticket not in bed.gone:
        anew = mine and ticket not in bed.arrived  # on the way she may hold it anew; at the door she has it
        if bed.phase == "free" or anew:
            yield replace(known, phase="held", holder=ticket)
    elif name == "release" and (mine or late):
        yield replace(known, phase="free", holder="") if mine else known
    elif name == "arrive" and (mine or late) and ticket not in bed.arrived | bed.gone:
        yield replace(bed, arrived=bed.arrived | {ticket})
    elif name == "admit" and ticket in bed.arrived and (mine or (late and bed.phase == "free")):
        at_rest = replace(known, arrived=bed.arrived - {ticket}, gone=bed.gone | {ticket})
        yield replace(at_rest, phase="in", holder=ticket)
    elif (name, bed.phase) in {("discharge", "in"), ("clean", "dirty")} and bed.holder == ticket:
        yield replace(bed, phase="dirty" if name == "discharge" else "free", holder="")


def refused(bed: OneBed, name: str, ticket: str) -> Iterator[OneBed]:
    """Return the bed as it stays when the operation may be refused: when it cannot be carried out."""
    late = ticket in bed.late
    if name == "jump" or (any(True for _ in granted(bed, name, ticket)) and not late):
        return
    yield bed
    if late:  # the worker has acted meanwhile
        yield replace(bed, late=bed.late - {ticket})


@dataclass(slots=True)
class Desk:
    """A web process as the clients use it."""

    url: str
    desk: Person
    nurse: Person
    alive: bool = True


@dataclass(slots=True)
class History:
    """One recorded history."""

    race: Race
    desks: Sequence[Desk]
    tickets: list[str]
    spare: list[str]
    chance: random.Random
    operations: list[Operation] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    used: set[str] = field(default_factory=set)
    winner: str = ""
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _in_flight: int = 0

    async def record(self, each: int, *, jumps: int, kill_after: int = 0, kill: Act | None = None) -> list[Operation]:
        """Let every client send so many requests; return what was recorded.

        Parameters
        ----------
        jumps
            How often the clock jumps beyond every hold in between.
        kill_after, kill
            After so many requests a process is killed by calling `kill`.
        """
        self._open.set()
        clients = [asyncio.create_task(self._client(f"client {n}", each)) for n in range(CLIENTS)]
        total = CLIENTS * each
        marks: list[tuple[int, Act]] = []
        marks += [(total * (n + 1) // (jumps + 1), self._jump) for n in range(jumps)]
        marks += [(kill_after, kill)] if kill else []
        for mark, act in sorted(marks, key=lambda pair: pair[0]):
            while len(self.operations) < mark and not all(client.done() for client in clients):
                await asyncio.sleep(0.005)
            await act()
        await asyncio.gather(*clients)
        return self.operations

    async def _client(self, name: str, each: int) -> None:
        for _ in range(each):
            await self._open.wait()
            await self._ask(name)

    async def _ask(self, client: str) -> None:
        (what,) = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        likely = what != "claim" and self.chance.random() < 0.7  # else nobody would ever get as far as the bed
        ticket = self.winner if likely and self.winner else self.chance.choice(self.tickets)
        place = self.chance.choice([desk for desk in self.desks if desk.alive])
        path = f"{BEDS}/{BED_ID}/clean" if what == "clean" else f"{REFERRALS}/{ticket}/{COMMANDS.get(what, what)}"
        person = place.nurse if what in {"admit", "discharge", "clean"} else place.desk
        self._in_flight += 1
        invoked, result, code = time.perf_counter(), None, "lost"
        try:
            answer = await person.asks("POST", path, BODIES.get(what, {}))
            code = "200" if answer.status == 200 else answer.code
            result = "ok" if answer.status == 200 else "refused" if answer.status < 500 else None
        except (aiohttp.ClientError, OSError):
            assert not place.alive, "a process that was not killed gave no answer"
        finally:
            self._in_flight -= 1
        returned = time.perf_counter() if result else inf
        self.used.add(ticket)
        self.codes[f"{what}: {code}"] += 1
        self.operations.append(Operation(client, what, "" if what == "clean" else ticket, result, invoked, returned))
        if (what, result) == ("claim", "ok"):
            self.winner = ticket
        if (what, result) == ("admit", "ok") and self.spare and ticket in self.tickets:
            self.tickets[self.tickets.index(ticket)] = self.spare.pop()

    async def _jump(self) -> None:
        """Let the clock jump while nobody asks anything: two processes look at it within 50 ms of each other."""
        self._open.clear()
        while self._in_flight:
            await asyncio.sleep(0.005)
        invoked = time.perf_counter()
        hub = self.race.hub
        hub.set_clock(hub.clock_offset() + JUMP)
        await asyncio.sleep(0.15)
        self.operations.append(Operation("clock", "jump", "", "ok", invoked, time.perf_counter()))
        for place in self.desks:
            if place.alive:
                await place.desk.sign_in()
                await place.nurse.sign_in()
        self._open.set()

    async def tidy(self) -> None:
        """End every ticket, and clean the bed: what comes next begins with a free one, and with nobody ahead."""
        place = next(desk for desk in self.desks if desk.alive)
        doctor = await self.race.doctor.sign_in()
        for ticket in sorted(self.used):
            await doctor.asks("POST", f"{REFERRALS}/{ticket}/die", {"reason": "演练结束"})
        await place.nurse.asks("POST", f"{BEDS}/{BED_ID}/clean", {})
        bed = await place.nurse.sees(f"{BEDS}/{BED_ID}")
        assert bed["state"] == "available", bed
        await take_away(self.race.hub, [*self.tickets, *self.spare])


async def fresh_history(race: Race, desks: Sequence[Desk], seed: int) -> History:
    """Begin a history with tickets of its own."""
    first = race.made
    race.made += 2 * CLIENTS + 8
    keys = await twins(race.hub, race.tickets[0], first, race.made)
    return History(race, desks, keys[:CLIENTS], keys[CLIENTS:], random.Random(seed))
