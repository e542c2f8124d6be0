"""Media workers asked through a real Redis, with stock aiortc peers; in them every codec raises."""

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

from tests.server.listeners.media_house import INSIDE, ROOT, House, Refusal, RunningWorker, running_worker
from tests.servers.redis import RunningRedis, running_redis
from tests.video.rtc.hub import until

pytestmark = pytest.mark.xdist_group("media")


async def test_two_people_hear_and_see_each_other(house: House) -> None:
    ann = await house.enter("ann", AudioStreamTrack(), VideoStreamTrack())
    bob = await house.enter("bob", AudioStreamTrack())
    await ann.hears("bob/microphone")
    await bob.hears("ann/microphone")
    await bob.hears("ann/camera")
    stats = (await house.ask("stats"))["seats"]
    assert set(stats) == {"ann", "bob"}
    assert stats["ann"]["level"] in {"good", "fair"}


async def test_whoever_comes_third_is_offered_to_those_who_talk_already(house: House) -> None:
    ann = await house.enter("ann", AudioStreamTrack())
    bob = await house.enter("bob", AudioStreamTrack())
    await ann.hears("bob/microphone")
    before = len(ann.offers)
    cat = await house.enter("cat", AudioStreamTrack())
    await ann.hears("cat/microphone")
    await bob.hears("cat/microphone")
    await cat.hears("ann/microphone")
    await cat.hears("bob/microphone")
    await ann.hears("bob/microphone")
    assert [each["version"] for each in ann.offers] == list(range(1, before + 2))


async def test_whoever_is_taken_out_of_the_roster_is_not_heard_half_a_second_later(house: House) -> None:
    ann = await house.enter("ann", AudioStreamTrack())
    bob = await house.enter("bob", AudioStreamTrack())
    await ann.hears("bob/microphone")
    await bob.hears("ann/microphone")
    await house.roster(bob=None)
    await asyncio.sleep(0.5)
    before = (ann.heard["bob/microphone"], bob.heard["ann/microphone"])
    await asyncio.sleep(1.0)
    assert (ann.heard["bob/microphone"], bob.heard["ann/microphone"]) == before
    with pytest.raises(Refusal) as seen:
        await house.ask("subscribe", seat="bob")
    assert seen.value.code == "NO_SEAT"


async def test_a_worker_that_is_killed_is_missed_within_two_seconds_and_another_takes_the_room(
    house: House, redis: RunningRedis
) -> None:
    with running_worker(redis) as doomed:
        await house.place(port=doomed.port)
        ann = await house.enter("ann", AudioStreamTrack())
        bob = await house.enter("bob", AudioStreamTrack())
        await ann.hears("bob/microphone")
        doomed.kill()
        killed = time.monotonic()
        while await house.beats():
            await asyncio.sleep(0.05)
        assert time.monotonic() - killed < 2.0
    for person in (ann, bob):
        await person.close()
    with running_worker(redis) as other:
        await house.place(port=other.port)
        house.epoch += 1
        ann, bob = await house.enter("ann", AudioStreamTrack()), await house.enter("bob", AudioStreamTrack())
        await ann.hears("bob/microphone")
        await bob.hears("ann/microphone")
        house.epoch -= 1
        with pytest.raises(Refusal) as seen:
            await house.ask("roster", version=99, seats={})
        assert seen.value.code == "NO_ROOM"
        house.epoch += 1


async def test_media_go_on_while_redis_is_away_and_the_room_is_still_there_when_it_is_back() -> None:
    with running_redis() as redis, running_worker(redis) as worker:
        async with House(redis) as house:
            await house.place(port=worker.port)
            ann = await house.enter("ann", AudioStreamTrack())
            bob = await house.enter("bob", AudioStreamTrack())
            await ann.hears("bob/microphone")
            await bob.hears("ann/microphone")
            await asyncio.to_thread(redis.kill)
            away = time.monotonic()
            before = (ann.heard["bob/microphone"], bob.heard["ann/microphone"])
            await asyncio.sleep(3.0)
            assert ann.heard["bob/microphone"] - before[0] > 100  # 50 a second
            assert bob.heard["ann/microphone"] - before[1] > 100
            await asyncio.to_thread(redis.start_again)
            while not await house.beats():
                assert time.monotonic() - away < 10
                await asyncio.sleep(0.05)
            await house.roster()
            cat = await house.enter("cat", AudioStreamTrack())
            await cat.hears("ann/microphone")
            await ann.hears("cat/microphone")


async def test_a_worker_that_is_told_to_end_says_goodbye(house: House, redis: RunningRedis) -> None:
    with running_worker(redis) as worker:
        await house.place(port=worker.port)
        ann = await house.enter("ann", AudioStreamTrack())
        bob = await house.enter("bob", AudioStreamTrack())
        await bob.hears("ann/microphone")
        assert await asyncio.to_thread(worker.stop) == 0
        assert not await house.beats()
        assert not await house.redis.sismember("lutong:media:workers", house.worker)
        await until(lambda: ann.sending.connectionState == "closed", "the goodbye")


# -- abuse ------------------------------------------------------------------------------------------------------


async def test_a_signaller_that_swaps_the_fingerprint_gets_no_media_and_the_seat_is_told(house: House) -> None:
    bob = await house.enter("bob", AudioStreamTrack())
    ann = await house.enter("ann")
    eve = await house.enter("eve")
    eve.sending.addTrack(AudioStreamTrack())
    await eve.sending.setLocalDescription(await eve.sending.createOffer())
    offer = eve.sending.localDescription.sdp
    begin = offer.index("a=fingerprint:sha-256 ") + 22
    await eve.take_answer(offer.replace(offer[begin : begin + 95], ":".join(["00"] * 32)), {"0": "microphone"})
    await until(lambda: bool(house.told("eve", "gone")), "the word")
    assert "certificate" in house.told("eve", "gone")[0]["why"]
    await ann.hears("bob/microphone")
    assert ann.heard["eve/microphone"] == 0
    assert bob.heard["eve/microphone"] == 0


FORGED = int(os.environ.get("MEDIA_FORGED", "6000"))  # datagrams; MEDIA_FORGED=100000 is ten seconds of 10,000


async def test_forged_datagrams_are_dropped_and_the_call_goes_on(house: House, worker: RunningWorker) -> None:
    ann = await house.enter("ann", AudioStreamTrack())
    bob = await house.enter("bob", AudioStreamTrack())
    await ann.hears("bob/microphone")
    await bob.hears("ann/microphone")
    before = (ann.heard["bob/microphone"], bob.heard["ann/microphone"])
    began = time.monotonic()
    sent = await asyncio.to_thread(_forge, worker.port, FORGED)
    seconds = time.monotonic() - began
    await asyncio.sleep(0.3)
    assert sent == FORGED
    for heard, was in ((ann.heard["bob/microphone"], before[0]), (bob.heard["ann/microphone"], before[1])):
        assert heard - was > 0.8 * 50 * seconds
    await ann.hears("bob/microphone")
    assert worker.process.poll() is None
    resident = int(Path(f"/proc/{worker.process.pid}/statm").read_text().split()[1]) * 4096
    assert resident < 200 << 20


def _forge(port: int, count: int) -> int:
    """Send media, DTLS, checks and noise of nobody, 10,000 a second."""
    dice, sent = random.Random(6), 0
    firsts = (0x80, 0x90, 0x81, 22, 20, 0, 1, 255)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forger:
        forger.connect(("127.0.0.1", port))
        began = time.monotonic()
        while sent < count:
            first = firsts[sent % len(firsts)]
            noise = bytes((first, dice.choice((96, 111, 200, 201, 254)))) + dice.randbytes(dice.randrange(0, 1200))
            try:
                forger.send(noise)
            except ConnectionRefusedError:
                return -1
            sent += 1
            ahead = sent / 10_000 - (time.monotonic() - began)
            if ahead > 0.01:
                time.sleep(ahead)
    return sent


@pytest.mark.parametrize(
    "wrong",
    [
        {"op": "dance"},
        {"op": "roster", "version": "x", "seats": {}},
        {"op": "publish", "seat": "a", "connection": "subscribe", "sdp": "", "sources": {}},
        {},
    ],
)
async def test_a_request_that_does_not_parse_is_refused_by_name(house: House, wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal) as seen:
        await house.say(json.dumps({"id": 1, "reply": "bad", "room": "r", "epoch": 1} | wrong), "bad")
    assert seen.value.code == "BAD_REQUEST"


async def test_what_is_no_request_at_all_does_not_stop_the_worker(house: House) -> None:
    for raw in ("", "[]", "null", "{", "\x00\xff", "9" * 300_000, json.dumps({"reply": 7})):
        await house.redis.rpush(f"lutong:media:{house.worker}:requests", raw)
    with pytest.raises(Refusal) as seen:
        await house.ask("stats")
    assert seen.value.code == "NO_ROOM"


async def test_a_request_that_is_older_than_five_seconds_is_dropped(house: House) -> None:
    await house.roster(ann=INSIDE)
    seconds, _ = await house.redis.time()
    late = {"id": 1, "reply": "late", "op": "close", "room": house.room, "epoch": 1, "at": seconds - 6}
    await house.redis.rpush(f"lutong:media:{house.worker}:requests", json.dumps(late))
    assert await house.ask("stats", at=seconds + 0.0)
    assert await house.redis.llen("late") == 0


async def test_a_room_that_ends_lets_everybody_go(house: House) -> None:
    ann = await house.enter("ann", AudioStreamTrack())
    await until(lambda: ann.sending.connectionState == "connected", "the connection")
    await house.ask("close")
    await until(lambda: ann.sending.connectionState == "closed", "the goodbye")
    with pytest.raises(Refusal) as seen:
        await house.ask("stats")
    assert seen.value.code == "NO_ROOM"


def test_a_worker_of_which_there_is_none_says_what_to_do() -> None:
    environment = {**os.environ, "LUTONG_MEDIA_WORKERS": "2"}
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", "media", "--index", "2"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "LUTONG_MEDIA_WORKERS" in done.stderr
