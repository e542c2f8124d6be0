"""Two people in a consult's room hear and see each other through a real hub, whatever dies behind them (issue 4)."""

import asyncio
import io
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import av

from tests.flows.consulting import CONSULTS
from tests.flows.county import County, Json, Person
from tests.flows.room import InRoom, person_in
from tests.flows.talking import Talker, talking
from tests.flows.test_consult_room import in_call, until_state


@asynccontextmanager
async def two_talk(county: County, begins: str) -> AsyncIterator[tuple[InRoom, InRoom, Talker, Talker]]:
    """Give a call in which the township's doctor and the expert hear each other."""
    async with AsyncExitStack() as stack:
        _, here, there = await in_call(county, stack, begins)
        doctor, expert = [await stack.enter_async_context(talking(room)) for room in (here, there)]
        await asyncio.gather(doctor.hears("赵宁/microphone"), expert.hears("李兰/microphone"))
        await asyncio.gather(doctor.hears("赵宁/camera"), expert.hears("李兰/camera"))
        yield here, there, doctor, expert


def pid_of(county: County, role: str) -> int:
    """Return the process of a role of the hub."""
    for status in Path("/proc").glob("[0-9]*/environ"):
        try:
            words = status.read_bytes().split(b"\0")
        except OSError:
            continue
        data = f"LUTONG_DATA_DIR={county.hub.environment['LUTONG_DATA_DIR']}".encode()
        if f"LUTONG_ROLE={role}".encode() in words and data in words:
            return int(status.parent.name)
    raise AssertionError(f"no process of {role}")


async def test_two_see_and_hear_each_other_and_whoever_is_removed_hears_nothing(yunling: County) -> None:
    await yunling.at("08:00")
    async with two_talk(yunling, "09:00") as (here, there, doctor, expert):
        room = await there.sees_room(lambda each: person_in(each, "李兰").get("camera"))
        await there.says("mute", seat="all", kind="microphone")
        await expert.hears_nothing_of("李兰/microphone")
        await expert.hears("李兰/camera")
        await there.says("remove", seat=person_in(room, "李兰")["id"])
        assert await here.ends() == "removed"
        await doctor.hears_nothing_of("赵宁/microphone")
        await expert.hears_nothing_of("李兰/camera")


async def test_a_media_worker_that_is_killed_takes_no_call_with_it(yunling: County) -> None:
    await yunling.at("10:00")
    async with two_talk(yunling, "11:00") as (_, there, doctor, expert):
        before = doctor.epoch
        os.kill(pid_of(yunling, "media-0"), signal.SIGKILL)
        await there.hears("media", lambda frame: frame["epoch"] > before)
        await asyncio.gather(doctor.hears("赵宁/microphone"), expert.hears("李兰/camera"))
        assert (await there.sees_room())["state"] == "in-call"


async def test_a_web_process_that_is_killed_interrupts_no_sound_and_seats_are_kept(yunling: County) -> None:
    await yunling.at("12:00")
    async with two_talk(yunling, "13:00") as (here, there, doctor, expert):
        seat = (await here.sees_room())["me"]
        consult = {"id": (await here.sees_room())["consult_id"]}
        os.kill(pid_of(yunling, "web"), signal.SIGKILL)
        await asyncio.gather(doctor.hears("赵宁/microphone"), expert.hears("李兰/microphone"))
        for room in (here, there):
            while room.closed is None:
                await asyncio.sleep(0.05)
        await asyncio.gather(doctor.hears("赵宁/microphone"), expert.hears("李兰/microphone"))
        async with AsyncExitStack() as stack:
            back = [await _again(stack, yunling, name, consult) for name in ("lilan", "zhaoning")]
            assert (await back[0].sees_room())["me"] == seat
            await until_state(yunling, consult, "in-call")
            await asyncio.gather(doctor.hears("赵宁/microphone"), expert.hears("李兰/microphone"))


async def test_while_somebody_is_awaited_for_long_everybodys_sound_goes_on(yunling: County) -> None:
    await yunling.at("16:00")
    async with two_talk(yunling, "17:00") as (here, there, doctor, expert):
        await here.connection.close()
        await there.sees_room(lambda each: person_in(each, "李兰")["status"] == "away")
        await asyncio.sleep(28)  # what a worker gives a room of which nobody tells it, and more
        await asyncio.gather(doctor.hears("赵宁/microphone"), expert.hears("李兰/microphone"))


async def test_a_recording_begins_with_everybodys_yes_ends_with_one_no_and_plays(yunling: County) -> None:
    await yunling.at("14:00")
    async with two_talk(yunling, "15:00") as (here, there, doctor, expert):
        consult = (await here.sees_room())["consult_id"]
        person = await yunling.person("lilan")
        await there.says("record", on=True)
        await here.sees_room(lambda each: each["recording"] == "asking")
        await doctor.hears("赵宁/camera")
        assert (await person.sees(f"{CONSULTS}/{consult}/recordings"))["items"] == []
        await here.says("consent", recording=True)
        await asyncio.gather(
            *(talker.hears(name) for talker, name in ((doctor, "赵宁/camera"), (expert, "李兰/camera")))
        )
        await asyncio.sleep(3)
        await here.says("consent", recording=False)
        await there.sees_room(lambda each: each["recording"] == "off")
        kept = await _settled(person, f"{CONSULTS}/{consult}/recordings")
        await doctor.hears("赵宁/camera")
        await asyncio.sleep(2)
        (recording,) = (await person.sees(f"{CONSULTS}/{consult}/recordings"))["items"]
        assert recording == kept, "it went on after a withdrawal"
    assert (recording["ended_why"], recording["by"]["name"]) == ("withdrawn", "赵宁")
    _says_whose_it_is_and_who_agreed(recording)
    url = next(each["url"] for each in recording["tracks"] if each["source"] == "camera")
    whole = await person.gets(url, "video/webm")
    part = await person.asks("GET", url, Range="bytes=4-99")
    assert (part.status, part.content) == (206, whole[4:100])
    await _is_one_play(yunling, "/".join([recording["id"], url.rpartition("/")[2]]))
    assert av.open(io.BytesIO(whole)).streams.video[0].codec_context.name == "vp8"
    for folder in Path(yunling.hub.environment["LUTONG_DATA_DIR"], "recordings").iterdir():
        for file in folder.iterdir():
            assert whole[-64:] not in file.read_bytes(), "it lies readable on the disk"
    assert (await (await yunling.person("helin")).asks("GET", url)).status == 404


def _says_whose_it_is_and_who_agreed(recording: Json) -> None:
    """A player finds out from the list what each track is, the record who agreed and who took it back."""
    agreed = {each["name"]: each["withdrawn_at"] for each in recording["consents"] if each["agreed_at"]}
    assert agreed == {"赵宁": None, "李兰": recording["ended_at"]}
    kinds = {"microphone": 'audio/webm; codecs="opus"', "camera": 'video/webm; codecs="vp8"'}
    assert {(each["person"], each["name"], each["source"], each["type"]) for each in recording["tracks"]} == {
        (*who, source, kind) for who in (("lilan", "李兰"), ("zhaoning", "赵宁")) for source, kind in kinds.items()
    }


async def _is_one_play(county: County, track: str) -> None:
    """Ranges of one track, asked for one after the other, are one record of the auditor's."""
    records = (await (await county.person("shenji")).sees("/api/v1/audit?limit=500"))["items"]
    played = [each["actor_id"] for each in records if (each["action"], each["object_id"]) == ("play", track)]
    assert played == ["lilan"]


async def _settled(person: Person, path: str) -> Json:
    """Look at the only recording until its tracks grow no more."""
    before: Json = {}
    for _ in range(60):
        (found,) = (await person.sees(path))["items"]
        if found["tracks"] and found == before:
            return found
        before = found
        await asyncio.sleep(0.5)
    raise AssertionError(f"it is recorded on and on: {before}")


async def _again(stack: AsyncExitStack, county: County, name: str, consult: dict[str, str]) -> InRoom:
    """Come in again as a browser does: until the hub's supervisor has started another web process."""
    from tests.flows.room import in_room

    person = await county.person(name)
    for _ in range(200):
        try:
            return await stack.enter_async_context(in_room(person, consult))
        except (OSError, AssertionError):
            await asyncio.sleep(0.1)
    raise AssertionError("the hub did not come back")
