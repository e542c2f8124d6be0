"""A process that is killed while it takes objects in has lost nothing that it acknowledged (R01, R02)."""

import asyncio
import json
import os
import random
import sys
from pathlib import Path

import sqlalchemy as sa

from server.db.tables import imaging
from server.workflows.intake import sweep
from tests.builders.small_hub import small_hub

ROOT = Path(__file__).parents[3]
TAKER = """
import asyncio, itertools, json, os, sys
from pathlib import Path
from tests.builders.dicom_objects import image_dataset, part10
from tests.builders.small_hub import FROM_T01, small_hub

async def main(folder, round_):
    async with small_hub(folder) as hub:
        numbers = itertools.count(round_ * 100_000)
        async def send():
            for number in numbers:
                data = part10(image_dataset(study=1 + number % 3, instance=1 + number, size=16))
                taken = await hub.intake.receive_part10(hub.stage(data), FROM_T01)
                header, digest = taken.entry.header, taken.entry.received.digest
                os.write(1, json.dumps([header.sop_instance_uid, digest]).encode() + b"\\n")
        await asyncio.gather(*(send() for _ in range(6)))

asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""


async def killed_after(folder: Path, round_: int, seconds: float) -> list[list[str]]:
    """Let a process take objects in, kill it, and return what it acknowledged."""
    taker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", TAKER, str(folder), str(round_), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    out = taker.stdout
    assert out is not None
    first = await out.readline()
    await asyncio.sleep(seconds)
    taker.kill()
    lines = [first, *(await out.read()).split(b"\n")]
    await taker.wait()
    return [json.loads(line) for line in lines if line.strip().endswith(b"]")]


async def test_what_was_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    seed = random.Random(7)
    acknowledged: list[list[str]] = []
    for round_ in range(4):
        acknowledged += await killed_after(tmp_path, round_, seed.uniform(0.05, 0.4))
    assert acknowledged
    async with small_hub(tmp_path) as hub:
        rows = {r.sop_instance_uid: r for r in await hub.rows(sa.select(imaging.instances))}
        for uid, digest in acknowledged:
            row = rows[uid]
            assert row.digest == digest
            assert hub.store.path(row.store_key).stat().st_size == row.size
        counted = await hub.rows(sa.select(imaging.studies.c.study_instance_uid, imaging.studies.c.instance_count))
        for uid, count in counted:
            assert count == sum(r.study_instance_uid == uid for r in rows.values())
        for path in hub.store.path("").rglob("*"):
            os.utime(path, (1, 1))
        await sweep(hub.store, lambda: hub.unit(read=True), hub.unit)
        files = {p for p in hub.store.path("").rglob("*") if p.is_file() and p.name != ".swept"}
        assert files == {hub.store.path(r.store_key) for r in rows.values()}
