"""What the fault tests share: a hub's rows and processes, devices that send at once, a second web process."""

import asyncio
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import sqlalchemy as sa

from server.db.engine import Database
from server.listeners.scu import Destination, Outcome, send
from tests.flows.county import Person
from tests.servers.hub import RunningHub
from tests.servers.processes import end, free_port, wait_until

FULL = int(os.environ.get("FAULT_ROUNDS", "3")) > 3  # `make fault`, not `make test`
ROLES = frozenset({"redis", "web", "gateway", "worker"})
OPEN_STUDIES = "SELECT count(*) FROM studies WHERE complete_at IS NULL"
OPEN_OUTBOX = "SELECT count(*) FROM outbox WHERE done_at IS NULL"
ORDERLESS = (
    "SELECT count(*) FROM studies WHERE study_instance_uid NOT IN "
    "(SELECT study_uid FROM reading_orders WHERE study_uid IS NOT NULL)"
)
COMPLETIONS = (
    "SELECT subject_id, name FROM events"
    " WHERE collection = 'studies' AND name IN ('completed', 'extended') ORDER BY seq"
)


async def rows(hub: RunningHub, sql: str) -> list[tuple[Any, ...]]:
    """Read the hub's database from outside, whichever it is."""
    data = hub.environment["LUTONG_DATA_DIR"]
    url = hub.environment.get("LUTONG_DATABASE_URL") or f"sqlite+aiosqlite:///{data}/lutong.db"
    database = Database(url)
    try:
        async with database.reading() as connection:
            return [tuple(row) for row in await connection.execute(sa.text(sql))]
    finally:
        await database.close()


async def backlog(hub: RunningHub) -> dict[str, int]:
    """Return what the hub still owes: studies to complete, orders to make, messages to handle."""
    counts = {}
    for what, sql in (("studies", OPEN_STUDIES), ("orders", ORDERLESS), ("outbox", OPEN_OUTBOX)):
        ((counts[what],),) = await rows(hub, sql)
    return counts


async def catches_up(hub: RunningHub, *, seconds: float) -> float:
    """Wait until nothing is owed; return how many seconds that took."""
    loop = asyncio.get_running_loop()
    begin, owed = loop.time(), {"": 1}
    while any(owed.values()):
        assert loop.time() < begin + seconds, f"still owed after {seconds:.0f} s: {owed}"
        await asyncio.sleep(0.25)
        owed = await backlog(hub)
    return loop.time() - begin


async def wrongly_completed(hub: RunningHub) -> dict[str, list[str]]:
    """Return the story of each study that was not called complete once, and once more after images that came late.

    A device that sends again after an outage may bring a study's last image when its quiet period has passed.
    """
    stories: dict[str, list[str]] = {uid: [] for (uid,) in await rows(hub, "SELECT study_instance_uid FROM studies")}
    for uid, name in await rows(hub, COMPLETIONS):
        stories.setdefault(uid, []).append(name)
    right = re.compile(r"completed( (extended )+completed)*")
    return {uid: story for uid, story in stories.items() if not right.fullmatch(" ".join(story))}


def family(hub: RunningHub) -> dict[str, psutil.Process]:
    """Return the hub's long-lived processes by role; decode children may come and go (decisions 3)."""
    roles = {}
    for process in psutil.Process(hub.process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            line = process.cmdline()
            role = "redis" if "redis-server" in " ".join(line[:1]) else line[-1] if line else ""
            if role in ROLES:
                roles[role] = process
    return roles


def process_ids(hub: RunningHub) -> dict[str, int]:
    """Return the process id of each role; the worker is the last to be there, after the hub is ready."""
    wait_until(lambda: len(family(hub)) == len(ROLES), seconds=60, what="every role", log=hub.log)
    return {role: process.pid for role, process in family(hub).items()}


def resident_bytes(hub: RunningHub, role: str) -> int:
    """Return how much memory a role holds now."""
    return int(family(hub)[role].memory_info().rss)


async def sends(hub: RunningHub, paths: Sequence[Path], calling: str = "T01") -> list[Outcome]:
    """Send files over one association, as one device does."""
    return await send(Destination("127.0.0.1", hub.dicom_port, "LUTONG", calling, patience=60), list(paths))


async def sends_at_once(hub: RunningHub, shares: Sequence[Sequence[Path]]) -> list[Outcome]:
    """Send shares of files over as many associations at once."""
    return [outcome for part in await asyncio.gather(*(sends(hub, share) for share in shares)) for outcome in part]


def readiness(hub: RunningHub) -> dict[str, str]:
    """Return what /readyz says of each thing the hub needs."""
    try:
        with urllib.request.urlopen(f"{hub.url}/readyz", timeout=20) as answer:
            return dict(json.load(answer)["checks"])
    except urllib.error.HTTPError as unready:
        return dict(json.load(unready)["checks"])


@asynccontextmanager
async def people(*urls: str) -> AsyncIterator[list[aiohttp.ClientSession]]:
    """Give a client for each address, closed at the end."""
    clients = [aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) for _ in urls]
    try:
        yield clients
    finally:
        for client in clients:
            await client.close()


async def person(client: aiohttp.ClientSession, url: str, username: str) -> Person:
    """Return somebody who is signed in at a web process."""
    return await Person(username, client, url).sign_in()


def answers(url: str) -> bool:
    """Tell whether a web process answers."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def second_web(hub: RunningHub, *, sabotage: str = "") -> Iterator[str]:
    """Run one more web process on the hub's database; give its address.

    Parameters
    ----------
    sabotage
        Statements that the process runs before it serves: a planted fault.
    """
    with web_process(hub, sabotage=sabotage) as (url, _process):
        yield url


@contextmanager
def web_process(hub: RunningHub, *, sabotage: str = "") -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Run one more web process on the hub's database; give its address and the process, which may be killed."""
    port = free_port()
    redis = f"unix://{hub.data_dir / 'run' / 'redis.sock'}"
    environment = {**hub.environment, "LUTONG_HTTP_PORT": str(port), "LUTONG_DEMO": "1", "LUTONG_REDIS_URL": redis}
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import sys; {sabotage or 'pass'}\nfrom server.cli import main; sys.exit(main(['web']))",
        ],
        env=environment,
        cwd=hub.data_dir,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(url), seconds=60, what="a second web process")
        yield url, process
    finally:
        end(process, seconds=15)
