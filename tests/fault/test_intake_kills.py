"""Killed anywhere, at any moment: nothing that was acknowledged is lost (reliability R01, R02).

`make test` runs a few rounds; `make fault` runs the full counts (FAULT_ROUNDS, FAULT_OBJECTS).
"""

import asyncio
import os
import random
import shutil
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.fault.acknowledged import Book, fresh_objects, keep_sending, lost
from tests.servers.hub import RunningHub
from tests.servers.processes import wait_until

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))
PER_ROUND = int(os.environ.get("FAULT_OBJECTS", "40"))
ROLES = ("gateway", "web", "worker", "redis", "up")
CALLS = ("fdatasync", "openat", "sendto", "fsync", "writev", "pwrite64")
FULL = ROUNDS > 3


def role_of(process: psutil.Process) -> str:
    """Return which role a process of the hub plays."""
    line = process.cmdline()
    return "redis" if "redis-server" in " ".join(line) else (line[-1] if line else "")


def process_of(hub: RunningHub, role: str) -> psutil.Process | None:
    """Return the process that plays a role now."""
    children = psutil.Process(hub.process.pid).children(recursive=True)
    return next((p for p in children if role_of(p) == role), None)


def kill(hub: RunningHub, role: str) -> None:
    """Kill one role, or everything at once; what the supervisor does not start again, we do."""
    if role == "up":
        hub.kill()
        hub.start_again()
        return
    process = process_of(hub, role)
    if process is not None:
        process.send_signal(signal.SIGKILL)


async def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(fresh_hub: RunningHub, tmp_path: Path) -> None:
    book = Book(tmp_path / "book.jsonl")
    chance = random.Random(20261122)
    for number in range(ROUNDS):
        paths = await asyncio.to_thread(fresh_objects, tmp_path, PER_ROUND)
        shares = [paths[i::4] for i in range(4)]
        senders = asyncio.gather(*(keep_sending(fresh_hub, share, book) for share in shares))
        await asyncio.sleep(chance.uniform(0.02, 0.4))
        role = ROLES[number % len(ROLES)] if ROUNDS > 1 else "up"
        await asyncio.to_thread(kill, fresh_hub, role)
        await asyncio.wait_for(senders, 120)
    wait_until(fresh_hub.is_ready, seconds=30, what="the hub", log=fresh_hub.log)
    assert len(book.entries) == ROUNDS * PER_ROUND
    assert await asyncio.to_thread(lost, fresh_hub, book) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="strace needs to be root to attach")
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed (apt-get install strace)")
async def test_a_kill_at_each_durable_step_of_storing_loses_nothing(fresh_hub: RunningHub, tmp_path: Path) -> None:
    book = Book(tmp_path / "book.jsonl")
    steps = [(call, when) for call in (CALLS if FULL else CALLS[:2]) for when in range(1, 21 if FULL else 2)]
    killed = 0
    for call, when in steps:
        wait_until(fresh_hub.is_ready, seconds=30, what="the hub", log=fresh_hub.log)
        gateway = process_of(fresh_hub, "gateway")
        assert gateway is not None
        rule = f"inject={call}:signal=KILL:when={when}"
        tracer = subprocess.Popen(
            ["strace", "-f", "-qq", "-e", f"trace={call}", "-e", rule, "-o", "/dev/null", "-p", str(gateway.pid)],
            stderr=subprocess.DEVNULL,
        )
        await asyncio.sleep(0.4)
        try:
            paths = await asyncio.to_thread(fresh_objects, tmp_path, 2)
            await asyncio.wait_for(keep_sending(fresh_hub, paths, book), 60)
        finally:
            tracer.terminate()
            tracer.wait(10)
        killed += not gateway.is_running()
    assert killed >= len(steps) // 2, "the faults were not injected: nothing was tested"
    assert await asyncio.to_thread(lost, fresh_hub, book) == []
