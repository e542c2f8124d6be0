"""The supervisor under force: told to end in the middle of load, killed, and started twice (decisions 3)."""

import asyncio
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.fault.acknowledged import Book, fresh_objects, keep_sending, lost
from tests.fault.machinery import ROLES, process_ids
from tests.servers.hub import PROGRAM, STOPS_WITHIN, RunningHub, launch
from tests.servers.processes import listens, wait_until

STARTS_WITHIN = 10.0  # seconds, on a machine that started the hub before within five
LIKE_BEFORE = 2.0  # times what the first start took, on a busier one


def everybody(hub: RunningHub) -> list[psutil.Process]:
    """Return every process of the hub but the supervisor, decode children too."""
    return psutil.Process(hub.process.pid).children(recursive=True)


async def test_told_to_end_in_the_middle_of_load_it_ends_in_time_and_keeps_its_word(
    fresh_hub: RunningHub, tmp_path: Path
) -> None:
    book = Book(tmp_path / "book.jsonl")
    paths = await asyncio.to_thread(fresh_objects, tmp_path, 400)
    senders = asyncio.gather(*(keep_sending(fresh_hub, paths[i::4], book) for i in range(4)))
    await asyncio.sleep(0.5)
    children = everybody(fresh_hub)
    fresh_hub.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(fresh_hub.process.wait, STOPS_WITHIN) == 0
    assert [p.pid for p in children if p.is_running()] == []
    await asyncio.to_thread(fresh_hub.start_again)
    await asyncio.wait_for(senders, 60)
    assert len(book.entries) == len(paths)
    assert await asyncio.to_thread(lost, fresh_hub, book) == []


async def test_what_a_killed_role_left_behind_ends_with_the_hub(fresh_hub: RunningHub, tmp_path: Path) -> None:
    paths = await asyncio.to_thread(fresh_objects, tmp_path, 8)
    await asyncio.wait_for(keep_sending(fresh_hub, paths, Book(tmp_path / "book.jsonl")), 60)

    def decoding() -> list[psutil.Process]:
        return [p for p in everybody(fresh_hub) if "server.decode" in p.cmdline()]

    await asyncio.to_thread(wait_until, lambda: bool(decoding()), seconds=30, what="a decode child")
    (child,) = decoding()
    child.suspend()  # as one that never looks at its closed pipe
    child.parent().kill()
    await asyncio.to_thread(wait_until, lambda: child.ppid() == fresh_hub.process.pid, seconds=5, what="the orphan")
    fresh_hub.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(fresh_hub.process.wait, STOPS_WITHIN) == 0
    assert not child.is_running()


async def test_when_the_supervisor_is_killed_everything_ends_and_a_new_one_starts_soon(
    fresh_hub: RunningHub, tmp_path: Path
) -> None:
    book = Book(tmp_path / "book.jsonl")
    paths = await asyncio.to_thread(fresh_objects, tmp_path, 200)
    senders = asyncio.gather(*(keep_sending(fresh_hub, paths[i::4], book) for i in range(4)))
    await asyncio.sleep(0.3)
    children = everybody(fresh_hub)
    before = time.time() - psutil.Process(fresh_hub.process.pid).create_time()
    fresh_hub.process.kill()
    fresh_hub.process.wait()
    wait_until(lambda: not any(p.is_running() for p in children), seconds=STOPS_WITHIN, what="the end of the children")
    began = time.monotonic()
    await asyncio.to_thread(fresh_hub.start_again)
    assert time.monotonic() - began < max(STARTS_WITHIN, LIKE_BEFORE * before)
    await asyncio.wait_for(senders, 60)
    assert await asyncio.to_thread(lost, fresh_hub, book) == []


def test_a_media_worker_that_is_killed_is_started_again(fresh_hub: RunningHub) -> None:
    def workers() -> list[psutil.Process]:
        found = []
        for process in everybody(fresh_hub):
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                found += [process] if process.cmdline()[-3:] == ["media", "--index", "0"] else []
        return found

    port = int(fresh_hub.environment["LUTONG_MEDIA_PORT"])
    wait_until(lambda: listens(port), seconds=30, what="the media port")
    (worker,) = workers()
    worker.kill()
    wait_until(lambda: [p.pid for p in workers()] != [] and worker not in workers(), seconds=30, what="another worker")
    wait_until(lambda: listens(port), seconds=30, what="the media port again")


async def test_a_hub_that_is_started_while_the_killed_one_is_still_ending_waits_or_says_so(
    fresh_hub: RunningHub,
) -> None:
    fresh_hub.process.kill()
    fresh_hub.process.wait()
    again = launch(fresh_hub.environment, fresh_hub.data_dir, fresh_hub.log)
    fresh_hub.process = again
    wait_until(fresh_hub.is_ready, seconds=100, what="the hub", log=fresh_hub.log)


def test_a_second_hub_on_the_same_data_or_ports_is_refused_by_name(hub: RunningHub, tmp_path: Path) -> None:
    same = {**hub.environment}
    elsewhere = same | {"LUTONG_DATA_DIR": str(tmp_path / "d")}
    for environment, named in ((same, str(hub.data_dir)), (elsewhere, str(hub.http_port))):
        done = subprocess.run(
            [str(PROGRAM), "up", "--demo"],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 2
        assert named in done.stderr
        assert "Traceback" not in done.stderr
        assert "LUTONG_HTTP_PORT" in done.stderr
    assert hub.is_ready()
    assert set(process_ids(hub)) == ROLES
