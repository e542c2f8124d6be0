"""A media worker records what aiortc peers say: whose seat is named, while it is told to, whatever kills it."""

import asyncio
import base64
import io
import json
import time
from pathlib import Path
from typing import Any

import av
import pytest
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

from tests.server.listeners.media_house import INSIDE, House, Refusal, RunningWorker, running_worker
from tests.servers.redis import RunningRedis
from tests.video.rtc.hub import until
from video.rtc.record.reader import TrackReader

KEY = bytes(range(32))


async def record(house: House, folder: Path, **seats: str) -> None:
    key = base64.b64encode(KEY).decode()
    await house.ask("record", on=True, key=key, folder=str(folder), seats=seats)


def manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def tracks(folder: Path) -> dict[str, dict[str, Any]]:
    return {f"{each['seat']}/{each['source']}": each for each in manifest(folder) if each["event"] == "track"}


def webm(path: Path) -> bytes:
    data = path.read_bytes()
    return b"".join(TrackReader(KEY, lambda at, size: data[at : at + size], len(data)).read())


def seconds_of(path: Path, kind: str) -> float:
    """Return how many seconds a decoder gets out of a track."""
    with av.open(io.BytesIO(webm(path)), mode="r") as opened:
        if kind == "audio":
            return sum(frame.samples for frame in opened.decode(audio=0)) / 48_000
        times = [float(frame.time or 0) for frame in opened.decode(video=0)]
    assert times
    return times[-1] - times[0]


async def test_each_track_is_a_file_of_its_own_from_start_to_stop(house: House, worker: RunningWorker) -> None:
    ann = await house.enter("ann", AudioStreamTrack(), VideoStreamTrack())
    bob = await house.enter("bob", AudioStreamTrack())
    await bob.hears("ann/camera")
    await ann.hears("bob/microphone")
    folder = worker.data / "recordings" / "one"
    await record(house, folder, ann="李兰", bob="王珂")
    await asyncio.sleep(4.0)
    asked = time.monotonic()
    await house.ask("record", on=False)
    assert time.monotonic() - asked < 1.0  # what was taken is on the disk by then
    found = tracks(folder)
    assert set(found) == {"ann/microphone", "ann/camera", "bob/microphone"}
    for name, each in found.items():
        kind = "video" if name.endswith("camera") else "audio"
        assert seconds_of(folder / each["file"], kind) == pytest.approx(4.0, abs=0.8)
        assert each["codec"] == ("vp8" if kind == "video" else "opus")
        assert -500 < each["start_ms"] < 1000
    said = [each["event"] for each in manifest(folder)]
    assert said[0] == "recording"
    assert said[-1] == "stopped"
    assert said.count("end") == 3
    sizes = {each["file"]: each["bytes"] for each in manifest(folder) if each["event"] == "end"}
    assert sizes == {path.name: path.stat().st_size for path in folder.glob("*.track")}
    assert "李兰" not in (folder / "manifest.jsonl").read_text(encoding="utf-8")
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


async def test_after_the_word_nothing_more_is_taken(house: House, worker: RunningWorker) -> None:
    ann = await house.enter("ann", AudioStreamTrack())
    bob = await house.enter("bob", AudioStreamTrack())
    await ann.hears("bob/microphone")
    folder = worker.data / "recordings" / "two"
    await record(house, folder, ann="a", bob="b")
    await asyncio.sleep(1.5)
    await house.ask("record", on=False)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    await ann.hears("bob/microphone")
    await bob.hears("ann/microphone")
    await asyncio.sleep(0.7)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    await house.ask("record", on=False)


async def test_whose_seat_is_not_named_is_not_recorded_and_a_muted_source_neither(
    house: House, worker: RunningWorker
) -> None:
    ann = await house.enter("ann", AudioStreamTrack())
    await house.enter("bob", AudioStreamTrack())
    await ann.hears("bob/microphone")
    await house.roster(ann={"publish": [], "receive": True})
    folder = worker.data / "recordings" / "three"
    await record(house, folder, ann="a")
    await asyncio.sleep(1.5)
    await house.roster(ann=INSIDE)
    await asyncio.sleep(2.0)
    await house.ask("record", on=False)
    found = tracks(folder)
    assert set(found) == {"ann/microphone"}
    assert found["ann/microphone"]["start_ms"] > 1200
    assert seconds_of(folder / found["ann/microphone"]["file"], "audio") == pytest.approx(2.0, abs=0.5)


async def test_who_comes_later_is_recorded_from_then_on_and_who_leaves_has_a_file_that_ends(
    house: House, worker: RunningWorker
) -> None:
    await house.enter("ann", AudioStreamTrack())
    folder = worker.data / "recordings" / "four"
    await record(house, folder, ann="a", bob="b")
    await asyncio.sleep(1.0)
    bob = await house.enter("bob", AudioStreamTrack())
    await bob.hears("ann/microphone")
    await asyncio.sleep(1.0)
    await house.roster(bob=None)
    await until(lambda: any(each["event"] == "end" for each in manifest(folder)), "the end of the track")
    assert tracks(folder)["bob/microphone"]["start_ms"] >= 900
    await house.ask("close")
    await until(lambda: manifest(folder)[-1]["event"] == "stopped", "the end of the recording")


async def test_what_was_said_until_five_seconds_before_a_kill_is_there(house: House, redis: RunningRedis) -> None:
    with running_worker(redis) as doomed:
        await house.place(port=doomed.port)
        await house.enter("ann", AudioStreamTrack(), VideoStreamTrack())
        bob = await house.enter("bob")
        await bob.hears("ann/camera")
        folder = doomed.data / "recordings" / "five"
        await record(house, folder, ann="a")
        began = time.monotonic()
        await asyncio.sleep(8.0)
        doomed.kill()
        lasted = time.monotonic() - began
        for name, each in tracks(folder).items():
            kind = "video" if name.endswith("camera") else "audio"
            assert seconds_of(folder / each["file"], kind) > lasted - 4.0
        assert set(tracks(folder)) == {"ann/camera", "ann/microphone"}
        for person in house.people.values():
            await person.close()
        house.people.clear()


async def test_a_worker_that_is_told_to_end_finishes_its_recordings(house: House, redis: RunningRedis) -> None:
    with running_worker(redis) as worker:
        await house.place(port=worker.port)
        await house.enter("ann", AudioStreamTrack())
        folder = worker.data / "recordings" / "six"
        await record(house, folder, ann="a")
        await asyncio.sleep(2.0)
        assert await asyncio.to_thread(worker.stop) == 0
        assert [each["event"] for each in manifest(folder)][-2:] == ["end", "stopped"]


async def test_a_folder_or_key_that_cannot_be_is_refused(house: House, worker: RunningWorker) -> None:
    await house.roster(ann=INSIDE)
    good = base64.b64encode(KEY).decode()
    for key, folder in (
        ("", worker.data / "recordings"),
        (good[:-8], worker.data / "recordings"),
        (good, Path("/etc/recordings")),
        (good, Path("recordings")),
        (good, worker.data / ".." / "elsewhere"),
    ):
        with pytest.raises(Refusal) as seen:
            await house.ask("record", on=True, key=key, folder=str(folder), seats={})
        assert seen.value.code == "BAD_REQUEST"


async def test_a_disk_that_takes_nothing_ends_the_recording_and_not_the_call(
    house: House, worker: RunningWorker
) -> None:
    house.seats["ann"] = INSIDE
    ann = await house.enter("ann", AudioStreamTrack())
    bob = await house.enter("bob", AudioStreamTrack())
    await bob.hears("ann/microphone")
    in_the_way = worker.data / "in-the-way"
    in_the_way.write_text("a file where a folder is to be")
    await house.ask("roster", version=house.version + 1, seats=house.seats, host="ann")
    await record(house, in_the_way, ann="a")
    await until(lambda: bool(house.told("ann", "recording")), "the word to the host")
    assert house.told("ann", "recording") == [{"type": "recording", "on": False, "why": "disk"}]
    await ann.hears("bob/microphone")
