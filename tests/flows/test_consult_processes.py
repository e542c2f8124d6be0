"""A room across two web processes: what one hears the other shows, and a killed one leaves its seats to the other."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

from tests.fault.machinery import web_process
from tests.flows.county import County, Person
from tests.flows.room import in_room, person_in
from tests.flows.talking import talking
from tests.flows.test_consult_room import in_call


def at(person: Person, url: str) -> Person:
    """Return somebody at another web process."""
    return replace(person, url=url)


async def test_two_web_processes_are_one_room_and_a_killed_one_is_noticed(yunling: County) -> None:
    await yunling.at("08:00")
    with web_process(yunling.hub) as (url, process):
        async with AsyncExitStack() as stack:
            consult, first, there = await in_call(yunling, stack, "09:00")
            doctor = at(await yunling.person("lilan"), url)
            here = await stack.enter_async_context(in_room(doctor, consult))
            assert await first.ends() == "replaced", "the other process's socket holds the seat now"
            speaking, hearing = [await stack.enter_async_context(talking(each)) for each in (here, there)]
            await asyncio.gather(hearing.hears("李兰/microphone"), speaking.hears("赵宁/microphone"))
            await here.says("chat", key="1", text="这边")
            assert (await there.hears("chat"))["message"]["text"] == "这边"
            await there.connection.send_json({"type": "point", "x": 0.5, "y": 0.25})
            assert (await here.hears("point"))["x"] == 0.5
            process.kill()
            await there.sees_room(lambda each: person_in(each, "李兰")["status"] == "away")
            await hearing.hears("李兰/microphone")  # media live on while signalling is away
            back = await stack.enter_async_context(in_room(await yunling.person("lilan"), consult))
            await back.sees_room(lambda each: each["state"] == "in-call")
            await there.sees_room(lambda each: person_in(each, "李兰")["status"] == "inside")
