"""The walk of new objects finds what cannot be followed, and only that."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.decode.check import MAX_DEPTH, check, check_object
from server.storage.decoding import DecodePool
from server.workflows.viewing import walk_new
from tests.builders.dicom_objects import TRANSFER_SYNTAXES, ct_study, image_part10
from tests.builders.small_hub import FROM_T01, SmallHub, small_hub

SHARED = Path(os.environ.get("SHARED", "../shared")) / "data" / "dicom"


@pytest.mark.parametrize("syntax", TRANSFER_SYNTAXES)
def test_a_sound_object_of_every_syntax_passes(tmp_path: Path, syntax: str) -> None:
    path = tmp_path / "object"
    path.write_bytes(image_part10(transfer_syntax=syntax))
    assert check_object(str(path)) is None


def test_an_object_that_ends_early_is_told_apart_from_its_sound_neighbours(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("sound", "short", "gone")]
    paths[0].write_bytes(image_part10())
    paths[1].write_bytes(image_part10()[:-20])
    found, _ = check(str(paths[0]), [str(path) for path in paths[1:]])
    sound, short, gone = found["notes"]
    assert sound is None
    assert short.startswith("a value reaches beyond its place")
    assert gone.startswith("FileNotFoundError")


def test_sequences_nested_without_end_are_left_early(tmp_path: Path) -> None:
    path = tmp_path / "object"
    open_sequence = b"\x08\x00\x15\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    path.write_bytes(image_part10()[:-20] + open_sequence * (MAX_DEPTH * 4))
    (note,) = check(str(path))[0]["notes"]
    assert note


@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference objects are not there (SHARED)")
def test_of_the_reference_objects_only_malformed_ones_are_noted() -> None:
    folders = (
        p for p in SHARED.iterdir() if p.is_dir() and p.name not in {"malformed", "video_source", "worklist_dump"}
    )
    objects = [str(p) for folder in folders for p in folder.rglob("*") if p.is_file()]
    notes = check(objects[0], objects[1:])[0]["notes"]
    assert {path: note for path, note in zip(objects, notes, strict=True) if note} == {}


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[SmallHub]:
    async with small_hub(tmp_path) as running:
        yield running


async def test_new_instances_are_walked_once_by_a_child_that_stands_back(hub: SmallHub) -> None:
    await asyncio.gather(*(hub.intake.receive_part10(hub.stage(data), FROM_T01) for data in ct_study(slices=3)))
    pool = DecodePool(1, nice=10)
    try:
        assert await walk_new(lambda: hub.unit(read=True), hub.unit, hub.store, pool) == 3
        assert await walk_new(lambda: hub.unit(read=True), hub.unit, hub.store, pool) == 0
    finally:
        await pool.close()
