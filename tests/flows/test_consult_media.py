"""Two people in a consult's room hear and see each other through a real hub, whatever dies behind them (issue 4)."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.flows.county import County
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
