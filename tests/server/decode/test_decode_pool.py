"""Decoding happens in children with limits: real files are shown, hostile ones cost a child at most."""

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pydicom
import pytest
from PIL import Image

from dicom.errors import NotDecodable
from server.storage.decoding import DecodePool
from tests.builders import malformed_objects
from tests.builders.dicom_objects import CT, GBK_UNDER_LATIN1, TRANSFER_SYNTAXES, US, image_part10


@pytest.fixture
async def pool() -> AsyncIterator[DecodePool]:
    pool = DecodePool(1)
    yield pool
    await pool.close()


@pytest.fixture
def keep(tmp_path: Path) -> Path:
    return tmp_path / "object"


@pytest.mark.parametrize("syntax", TRANSFER_SYNTAXES)
async def test_every_syntax_is_rendered_and_comes_out_uncompressed(pool: DecodePool, keep: Path, syntax: str) -> None:
    keep.write_bytes(image_part10(CT, transfer_syntax=syntax))
    plain = image_part10(CT)
    answer = await pool.run("plain", keep, frame=0)
    assert answer.body == pydicom.dcmread(io.BytesIO(plain)).PixelData
    picture = Image.open(io.BytesIO((await pool.run("render", keep, frame=0, viewport=[16, 64])).body))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (16, 16), "L")


async def test_a_window_changes_the_picture_and_png_is_exact(pool: DecodePool, keep: Path) -> None:
    keep.write_bytes(image_part10(CT))
    pictures = [
        Image.open(io.BytesIO((await pool.run("render", keep, frame=0, window=w, encoding="png")).body)).tobytes()
        for w in ([40, 400], [-600, 1500])
    ]
    assert pictures[0] != pictures[1]


async def test_colour_stays_colour(pool: DecodePool, keep: Path) -> None:
    keep.write_bytes(image_part10(US))
    assert Image.open(io.BytesIO((await pool.run("render", keep, frame=0)).body)).mode == "RGB"


async def test_the_walk_says_names_in_utf_8_and_where_frames_lie(pool: DecodePool, keep: Path) -> None:
    data = image_part10(CT, name=GBK_UNDER_LATIN1)
    keep.write_bytes(data)
    answer = await pool.run("walk", keep, base="/studies/1/series/2/instances/3")
    metadata, table = (json.loads(line) for line in answer.body.split(b"\n"))
    assert metadata["00100010"]["Value"] == [{"Alphabetic": "马建国"}]
    assert metadata["7FE00010"]["BulkDataURI"].endswith("/instances/3/bulkdata/7FE00010")
    ((offset, length),) = table["frames"][0]
    assert data[offset : offset + length] == pydicom.dcmread(io.BytesIO(data)).PixelData


@pytest.mark.parametrize("name", sorted(malformed_objects.ALL))
async def test_hostile_objects_are_refused_and_the_pool_goes_on(pool: DecodePool, keep: Path, name: str) -> None:
    hostile = keep.with_name("hostile")
    hostile.write_bytes(malformed_objects.ALL[name]())
    for job, arguments in (("walk", {"base": ""}), ("render", {"frame": 0})):
        try:
            async with asyncio.timeout(30):
                await pool.run(job, hostile, **arguments)
        except NotDecodable:
            continue
    keep.write_bytes(image_part10(CT))
    assert (await pool.run("render", keep, frame=0)).body.startswith(b"\xff\xd8")


async def test_a_killed_child_is_replaced(pool: DecodePool, keep: Path) -> None:
    keep.write_bytes(image_part10(CT))
    await pool.run("plain", keep, frame=0)
    (child,) = pool._alive
    assert b"lutong\0decode" in Path(f"/proc/{child.pid}/cmdline").read_bytes()
    os.kill(child.pid, 9)
    seen = [await asyncio.gather(pool.run("plain", keep, frame=0), return_exceptions=True) for _ in range(3)]
    assert len([answer for (answer,) in seen if isinstance(answer, NotDecodable)]) <= 1
    assert child not in pool._alive


async def test_a_frame_that_is_not_there_is_refused(pool: DecodePool, keep: Path) -> None:
    keep.write_bytes(image_part10(CT))
    with pytest.raises(NotDecodable):
        await pool.run("render", keep, frame=7)


async def test_a_child_that_nobody_needs_is_ended_and_another_comes(keep: Path) -> None:
    keep.write_bytes(image_part10(CT))
    pool = DecodePool(1, rest=0.2)
    await pool.run("plain", keep, frame=0)
    (child,) = pool._alive
    await asyncio.sleep(0.5)
    assert (child.returncode, pool._alive) == (-9, set())
    await pool.run("plain", keep, frame=0)
    await pool.close()
