"""The hub on PostgreSQL: a morning plays through, and a server that hangs or dies loses nothing (reliability R08)."""

import asyncio
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.acknowledged import Book, fresh_objects, keep_sending, lost
from tests.fault.claims import race_for_orders
from tests.fault.machinery import FULL, catches_up, people, person, process_ids, readiness, wrongly_completed
from tests.servers.hub import PROGRAM, RunningHub, running_hub
from tests.servers.postgres import PostgresServer, running_postgres

pytestmark = pytest.mark.postgres
OUTAGE = 15.0 if FULL else 3.0  # seconds
OBJECTS = 200 if FULL else 30


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """Give a server that keeps what it committed when it is killed."""
    with running_postgres(more="") as running:
        yield running


@pytest.fixture(scope="module")
def county_hub(server: PostgresServer) -> Iterator[RunningHub]:
    """Give a hub on that server."""
    with running_hub(LUTONG_DATABASE_URL=server.url()) as running:
        yield running


async def command(hub: RunningHub, *words: str) -> tuple[int, str]:
    """Run one of the hub's own commands in its environment."""
    done = await asyncio.to_thread(
        subprocess.run,
        [str(PROGRAM), *words],
        env={**hub.environment, "LUTONG_DEMO": "1"},
        cwd=hub.data_dir,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=110,
    )
    return done.returncode, done.stdout


async def test_a_morning_plays_through_and_the_audit_chain_is_sound(county_hub: RunningHub) -> None:
    code, said = await command(county_hub, "simulate", "--pause", "0")
    assert code == 0, said
    await catches_up(county_hub, seconds=60)
    await asyncio.sleep(1.5)  # the sealer's second (decisions 5)
    code, said = await command(county_hub, "audit", "verify")
    assert code == 0, said


async def test_of_two_readers_at_two_web_processes_exactly_one_gets_an_order(
    county_hub: RunningHub, tmp_path: Path
) -> None:
    await race_for_orders(county_hub, tmp_path)


@pytest.mark.parametrize("fault", ["hangs", "dies"])
async def test_a_database_that_is_away_loses_nothing_and_the_hub_catches_up(
    county_hub: RunningHub, server: PostgresServer, tmp_path: Path, fault: str
) -> None:
    book = Book(tmp_path / "book.jsonl")
    ids = process_ids(county_hub)
    paths = await asyncio.to_thread(fresh_objects, tmp_path, OBJECTS)
    senders = asyncio.gather(*(keep_sending(county_hub, paths[i::4], book) for i in range(4)))
    await asyncio.sleep(0.2)
    if fault == "hangs":
        server.signal_all(signal.SIGSTOP)
    else:
        await asyncio.to_thread(server.stop_now)
    before = len(book.entries)
    await asyncio.sleep(OUTAGE)
    assert (await asyncio.to_thread(readiness, county_hub))["database"] != "ok"
    assert len(book.entries) <= before + 4, "acknowledged without a database"  # what had been answered already
    if fault == "hangs":
        server.signal_all(signal.SIGCONT)
    else:
        await asyncio.to_thread(server.start)
    await asyncio.wait_for(senders, 100)
    await catches_up(county_hub, seconds=60 + 2 * OUTAGE)
    assert await asyncio.to_thread(lost, county_hub, book) == []
    assert await wrongly_completed(county_hub) == {}
    assert process_ids(county_hub) == ids


async def test_a_page_asked_for_without_a_database_is_told_to_come_again(
    county_hub: RunningHub, server: PostgresServer
) -> None:
    async with people(county_hub.url) as (client,):
        lan = await person(client, county_hub.url, "lilan")
        await asyncio.to_thread(server.stop_now)
        try:
            answer = await lan.asks("GET", "/api/v1/studies")
        finally:
            await asyncio.to_thread(server.start)
        assert answer.code == "503 DATABASE_AWAY"
        assert int(answer.headers["Retry-After"]) > 0
        assert (await lan.asks("GET", "/api/v1/studies")).status == 200
