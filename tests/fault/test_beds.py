"""The last bed (B01; targets B1): of many who claim it at once at two web processes one has it, all others hear why.

`make test` runs a few rounds of 50; `make fault` runs 50, 200 and 1,000 at once, 1,000 rounds or ten minutes of each.
"""

import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext

import aiohttp
import pytest
import sqlalchemy as sa

from server.db.engine import Database
from server.db.tables.beds import OVERLAP
from tests.fault.bed_crashes import STEPS, crash
from tests.fault.bed_histories import CLIENTS, Desk, History, OneBed, fresh_history, step
from tests.fault.last_bed import Race, crowd, database_url, race_between, race_for_last_bed
from tests.fault.linearizable import linearization
from tests.fault.machinery import FULL, rows, web_process
from tests.fault.swallowed import swallowing
from tests.flows.county import Json, Person
from tests.flows.referring import REFERRALS, ticket_body
from tests.servers.hub import RunningHub, running_hub
from tests.servers.postgres import PostgresServer, running_postgres

AT_ONCE = (50, 200, 1000) if FULL else (50,)
ROUNDS, SECONDS = (1000, 600.0) if FULL else (3, 60.0)
HISTORIES, EACH = (200, 200) if FULL else (2, 20)  # of eight clients with so many requests each
TRIES = 50 if FULL else 3  # answers that are swallowed
# At which system call a process is killed: what SQLite writes and syncs, what is sent to PostgreSQL.
SENT = "write,writev,sendto,sendmsg"
KILLS = {
    "sqlite": [("admit", "fdatasync", 1)],
    "postgresql": [("hold-bed", SENT, 30)],
}
if FULL:
    KILLS = {
        "sqlite": [(step, call, n) for step in STEPS for call in ("pwrite64", "fdatasync") for n in range(1, 13)],
        "postgresql": [(step, SENT, n) for step in STEPS for n in (*range(2, 80, 5), *range(80, 130, 2))],  # to its end
    }
LOST_WITHIN = 8  # rounds
FLOOR = 1.0  # seconds: targets B1
NAMED = (1.0, 0.0, 0.5)  # the share of claims that name the bed, round after round
TURNLESS = "import asyncio; from server.db.together import Turns; Turns.has_waited = lambda *_: asyncio.sleep(0)"
ALONE = f"""{TURNLESS}; from contextlib import contextmanager; from server.db.direct import DirectConnection
DirectConnection.transaction = contextmanager(lambda self, begin: (yield))"""
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
Web = tuple[str, "subprocess.Popen[bytes]"]
pytestmark = pytest.mark.timeout(3600 if FULL else 240)


@contextmanager
def hub_on(request: pytest.FixtureRequest, database: str) -> Iterator[RunningHub]:
    """Run a hub on SQLite, or on a PostgreSQL database of this name."""
    with ExitStack() as stack:
        settings = {}
        if request.param == "postgres":
            durable = stack.enter_context(running_postgres(more="")) if FULL else None
            server: PostgresServer = durable or request.getfixturevalue("postgres_server")
            server.sql(f"CREATE DATABASE {database}")
            settings["LUTONG_DATABASE_URL"] = server.url(database)
        yield stack.enter_context(running_hub(**settings))


@pytest.fixture(scope="module", params=BOTH)
def county_hub(request: pytest.FixtureRequest) -> Iterator[RunningHub]:
    """Give a hub on each database."""
    with hub_on(request, "last_bed") as running:
        yield running


@pytest.fixture(params=BOTH)
def spoilt_hub(request: pytest.FixtureRequest) -> Iterator[RunningHub]:
    """Give a hub of its own on each database to the test that takes the constraint out and leaves it out."""
    with hub_on(request, "lost_bed") as running:
        yield running


async def rounds(race: Race, count: int, shares: Sequence[float] = NAMED) -> int:
    """Race for the bed round after round; return how many rounds there were."""
    await race.gather_tickets(count)
    race.latencies.clear()
    begun = time.monotonic()
    for number in range(ROUNDS):
        named = shares[number % len(shares)]
        codes = await race.run(named=named)
        assert codes == {code: n for code, n in expected(count, named, codes).items() if n}, (
            f"round {number}, {named:.0%} named the bed: {codes}"
        )
        if time.monotonic() > begun + SECONDS:
            break
    return number + 1


@pytest.fixture
def second(county_hub: RunningHub) -> Iterator[Web]:
    """Give a second web process; a history kills it."""
    with web_process(county_hub) as running:
        yield running


def kind_of(hub: RunningHub) -> str:
    """Return on which database a hub runs."""
    return "postgresql" if "postgresql" in database_url(hub) else "sqlite"


def somebody(name: str) -> Json:
    """Return a registration of somebody who has no papers with her."""
    return {"name": name, "sex": "female", "birth_date": "1960-01-01", "identifiers": []}


def expected(count: int, named: float, codes: Counter[str]) -> dict[str, int]:
    """Return what a round of claims has to be told: one winner; whoever named the bed hears that it is taken."""
    by_name = int(count * named)
    won = "409 BED_TAKEN" if codes["409 BED_TAKEN"] == by_name - 1 else "409 NO_BED"
    others = {"409 BED_TAKEN": by_name, "409 NO_BED": count - by_name}
    others[won] -= 1
    return {"200": 1, **others}


@pytest.mark.parametrize("count", AT_ONCE)
async def test_of_many_who_claim_the_last_bed_at_once_one_has_it_and_all_others_hear_why(
    county_hub: RunningHub, second: Web, count: int
) -> None:
    async with race_between(county_hub, county_hub.url, second[0]) as race:
        done = await rounds(race, count)
    p50, p99 = race.quantile(0.5), race.quantile(0.99)
    print(f"\n{kind_of(county_hub)}: {count} at once, {done} rounds: p50 {p50:.3f} s, p99 {p99:.3f} s")
    if FULL:
        assert p99 <= FLOOR


async def test_of_many_who_claim_it_out_of_turn_one_has_it_too(county_hub: RunningHub) -> None:
    """The processes let one go on at a time: here they let all, and the database alone decides."""
    async with race_for_last_bed(county_hub, sabotage=TURNLESS) as race:
        await rounds(race, 50)


async def test_every_history_of_one_bed_is_one_that_a_bed_can_have_had(county_hub: RunningHub, second: Web) -> None:
    histories: list[History] = []
    begun = time.monotonic()
    while len(histories) < HISTORIES and time.monotonic() < begun + SECONDS:
        with nullcontext(second) if second[1].poll() is None else web_process(county_hub) as (url, process):
            async with race_between(county_hub, county_hub.url, url) as race:
                await race.gather_tickets(1)
                for last in (False, True):
                    histories.append(await told_history(race, len(histories), process if last else None))
    codes = sum((history.codes for history in histories), Counter[str]())
    asked = sum(len(history.operations) for history in histories)
    unknown = sum(1 for history in histories for operation in history.operations if operation.result is None)
    print(f"\n{len(histories)} histories, {asked} requests, {unknown} without an answer: {dict(codes)}")
    assert {"claim: 200", "claim: 409 BED_TAKEN", "release: 200", "arrive: 200", "admit: 200"} <= codes.keys()


async def told_history(race: Race, seed: int, process: "subprocess.Popen[bytes] | None") -> History:
    """Record one history and check it; a process that is given is killed in the middle."""
    here, there = race.desks
    nurse = await Person("yangfan", there.http, there.url).sign_in()
    desks = [Desk(here.url, here, race.nurse), Desk(there.url, there, nurse)]
    history = await fresh_history(race, desks, seed)

    async def kill() -> None:
        if process is not None:
            desks[1].alive = False
            process.kill()

    after = CLIENTS * EACH // 3
    await history.record(EACH, jumps=1, kill_after=after, kill=kill if process is not None else None)
    order = linearization(history.operations, OneBed(), step)
    assert order is not None, f"seed {seed}:\n" + "\n".join(map(str, history.operations))
    await history.tidy()
    return history


async def test_a_retry_with_the_same_key_after_a_swallowed_answer_finds_the_same_ticket(county_hub: RunningHub) -> None:
    async with crowd("", "") as (client, direct), swallowing(county_hub.url) as line:
        doctor = await Person("lilan", direct, county_hub.url).sign_in()
        through = Person("lilan", client, line, token=doctor.token)
        patient = await doctor.does("/api/v1/patients", somebody(f"卡{time.time_ns()}"))
        for tries in range(TRIES):
            body, key = ticket_body(patient["id"], 3, f"心内 {tries}"), f"swallowed-{time.time_ns()}"
            with pytest.raises(aiohttp.ClientError):
                await through.asks("POST", REFERRALS, body, Idempotency_Key=key)
            again = [await doctor.asks("POST", REFERRALS, body, Idempotency_Key=key) for _ in range(2)]
            assert [answer.status for answer in again] == [201, 201]
            (ticket,) = {answer.body["id"] for answer in again}
            assert again[0].headers["Idempotent-Replayed"] == "true", "the first request had made it"
            kept = await rows(county_hub, f"SELECT id FROM tickets WHERE patient_id = '{patient['id']}'")
            assert len(kept) == tries + 1
            assert (ticket,) in kept


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("strace") is None, reason="needs strace, and to be root")
async def test_a_kill_between_the_bed_and_its_ticket_leaves_both_or_neither(county_hub: RunningHub) -> None:
    async with race_between(county_hub, county_hub.url, county_hub.url) as race:
        await race.gather_tickets(1)
        found = [await crash(race, *point) for point in KILLS[kind_of(county_hub)]]
    states = Counter(f"{one.command}: {one.state}{'' if one.killed else ', lived'}" for one in found)
    print(f"\n{len(found)} kills: {dict(states)}")
    assert sum(one.killed for one in found) >= len(found) // 2, "the faults were not injected: nothing was tested"


async def test_without_the_databases_word_the_same_race_is_lost(spoilt_hub: RunningHub) -> None:
    """The planted violation: more than one is told that the bed is hers.

    On PostgreSQL the exclusion constraint is taken out. SQLite's writers stand in a row, so that the triggers alone
    are not missed: there the transaction is taken out too, and each statement is on its own.
    """
    database = Database(database_url(spoilt_hub))
    drops = (
        [f"DROP TRIGGER {OVERLAP}_{word}" for word in ("insert", "update")]
        if database.is_sqlite
        else [f"ALTER TABLE bed_intervals DROP CONSTRAINT {OVERLAP}"]
    )
    async with database.transaction() as connection:
        for statement in drops:
            await connection.execute(sa.text(statement))
    await database.close()
    async with race_for_last_bed(spoilt_hub, sabotage=ALONE if database.is_sqlite else TURNLESS) as race:
        await race.gather_tickets(50)
        for _ in range(LOST_WITHIN):
            answers = await race.claim()
            winners = [t for t, a in zip(race.tickets, answers, strict=True) if a.status == 200]
            print(f"\n{kind_of(spoilt_hub)}, planted: {len(winners)} of {len(answers)} have the bed")
            if len(winners) > 1:
                return
            await race.give_back(winners)
    pytest.fail("nobody took the bed twice: the race above proves nothing")
