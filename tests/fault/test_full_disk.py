"""A full disk (R04, R05): each object is stored or refused with 0xA700, and room that comes back is used at once."""

import asyncio
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pydicom
import pytest

from dicom.network.status import Status
from tests.fault.acknowledged import Book, fresh_objects, keep_sending, lost, token
from tests.fault.machinery import FULL, catches_up, process_ids, readiness, sends_at_once
from tests.servers.hub import RunningHub, running_hub

SIZE_MB = 96
OBJECTS, EDGE = 30, 1024  # of two megabytes each: more than the disk takes


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Give a disk of its own that is soon full."""
    if os.geteuid() != 0:
        pytest.skip("a disk that is really full needs root to mount one")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "lutong-test", str(folder)]
    done = subprocess.run(mount, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("a disk that is really full: mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def big_objects(folder: Path, count: int) -> list[Path]:
    """Write objects of two megabytes, five to a study."""
    paths = []
    for number, path in enumerate(fresh_objects(folder, count)):
        ds = pydicom.dcmread(path)
        ds.Rows = ds.Columns = EDGE
        ds.PixelData = bytes([number]) * (EDGE * EDGE * 2)
        ds.save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths


def fill(disk: Path, *, leave_mb: int) -> Path:
    """Put a file on the disk that leaves so much room; return it."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - leave_mb * 1024 * 1024))
    return ballast


async def room_runs_out(hub: RunningHub, disk: Path, folder: Path, *, leave_mb: int, named: str) -> None:
    """Fill the disk, send more than it takes, free it, send again."""
    book, ids = Book(folder / "book.jsonl"), process_ids(hub)
    paths = await asyncio.to_thread(big_objects, folder, OBJECTS)
    bearer = await asyncio.to_thread(token, hub)
    ballast = fill(disk, leave_mb=leave_mb)
    outcomes = await sends_at_once(hub, [paths[i::4] for i in range(4)])
    statuses = Counter(outcome.status for outcome in outcomes)
    assert set(statuses) <= {0, Status.OUT_OF_RESOURCES}, statuses
    assert statuses[Status.OUT_OF_RESOURCES] > 0, "the disk was never full: nothing was tested"
    assert named in (await asyncio.to_thread(readiness, hub)).get("disk", ""), "nobody is told which disk is full"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {bearer}"}) as client:
        for path in ("/healthz", "/dicom-web/studies", "/api/v1/reading-orders", "/"):
            async with client.get(hub.url + path) as answer:
                assert answer.status < 500 or (answer.status, leave_mb) == (507, 0), (path, answer.status)
    for outcome in outcomes:
        book.acknowledged(outcome)
    ballast.unlink()
    await asyncio.wait_for(keep_sending(hub, paths, book), 60)
    assert await asyncio.to_thread(lost, hub, book) == []
    await catches_up(hub, seconds=60)
    assert (await asyncio.to_thread(readiness, hub))["disk"] == "ok"
    assert process_ids(hub) == ids


async def test_a_store_without_room_refuses_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as disk, running_hub(LUTONG_STORAGE_URL=f"file://{disk}") as hub:
        await room_runs_out(hub, disk, tmp_path, leave_mb=24, named="objects")


@pytest.mark.skipif(not FULL, reason="a database on a full disk is tried by `make fault`")
async def test_a_database_without_room_refuses_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    # The path stays short: Redis listens on a socket below it.
    with small_disk(Path(tempfile.mkdtemp(prefix="lutong-")) / "d") as disk:
        store = tmp_path / "objects"
        with running_hub(LUTONG_DATA_DIR=str(disk), LUTONG_STORAGE_URL=f"file://{store}") as hub:
            await room_runs_out(hub, disk, tmp_path, leave_mb=0, named="data")
