"""A hospital's system is registered over REST, feeds the board that people see, and hears of what they do."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.hl7.acknowledgement import acknowledge
from server.hl7.adt import parse_adt
from server.hl7.message import read
from server.hl7.mllp import Framer, frame
from server.listeners.mllp import send_message
from server.workflows.adt_inbox import AdtInbox
from tests.builders.hl7_messages import adt
from tests.builders.reading_house import House, reading_house
from tests.builders.referral_desk import Desk

SYSTEMS = "/api/v1/organizations/C01/hl7-systems"
HIS = {"application": "HIS", "facility": "C01", "description": "县医院 HIS"}
FREE = "骨科-03"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with reading_house(tmp_path) as house:
        house.at("08:00")
        yield Desk(house)


async def said(house: House, raw: bytes) -> str:
    answer = read(await AdtInbox(house.hub.unit_of_work, house.hub.clock).receive(raw, "127.0.0.1"))
    return f"{answer.text('MSA', 1)} {answer.text('ERR', 5)}".strip()


async def test_only_an_administrator_registers_a_system_and_each_name_once(desk: Desk) -> None:
    house = desk.house
    assert (await house.call("zhoumin", "POST", SYSTEMS, HIS)).status == 403
    made = await house.call("admin", "POST", SYSTEMS, HIS)
    assert (made.status, made.body["charset"]) == (201, "UNICODE UTF-8")
    assert (await house.call("admin", "POST", SYSTEMS, HIS)).status == 409
    for ill_formed in ({"application": "A|B"}, {"charset": "KLINGON"}):
        assert (await house.call("admin", "POST", SYSTEMS, HIS | ill_formed)).status == 400
    for wrong in ({"facility": "X", "addresses": ["everywhere"]}, {"facility": "X", "host": "10.0.0.1"}):
        assert (await house.call("admin", "POST", SYSTEMS, HIS | wrong)).status == 422
    (listed,) = (await house.call("zhoumin", "GET", SYSTEMS)).body["items"]
    assert listed["id"] == made.body["id"]
    assert (await house.call("lilan", "GET", SYSTEMS)).status == 403


async def test_a_registered_system_feeds_the_board_until_it_is_switched_off(desk: Desk) -> None:
    house = desk.house
    await desk.leave_free("骨科", FREE)
    admission = adt("A01", at="20261123080000", bed=f"骨科^^{FREE}")
    assert await said(house, admission) == "AR UNKNOWN_SENDER"
    made = await house.call("admin", "POST", SYSTEMS, HIS)
    assert await said(house, admission) == "AA"
    bed = (await desk.beds("骨科"))[FREE]
    assert (bed["state"], bed["occupancy"]["label"]) == ("occupied", "马*财")
    system = (await house.call("zhoumin", "GET", SYSTEMS)).body["items"][0]
    assert system["last_seen_at"] == "2026-11-23T00:00:00Z"
    off = await house.call("admin", "POST", f"{SYSTEMS}/{made.body['id']}/disable")
    assert off.body["disabled_at"] is not None
    assert (
        await said(house, adt("A03", control_id="2", at="20261123080100", bed=f"骨科^^{FREE}")) == "AR UNKNOWN_SENDER"
    )


async def test_a_message_that_was_not_done_is_an_item_of_the_ward(desk: Desk) -> None:
    house = desk.house
    await house.call("admin", "POST", SYSTEMS, HIS)
    assert await said(house, adt("A01", at="20261123080000", bed="骨科^^骨科-99")) == "AE UNKNOWN_BED"
    items = (await house.call("yangfan", "GET", "/api/v1/tasks")).body["items"]
    assert [one["kind"] for one in items if one["kind"] == "bed-feed"] == ["bed-feed"]


async def test_admission_and_discharge_of_a_ticket_reach_the_hospitals_system(desk: Desk) -> None:
    house = desk.house
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer()
        while data := await reader.read(4096):
            for raw in framer.receive(data):
                heard.append(raw)
                writer.write(frame(acknowledge(read(raw), control_id="h", now=house.hub.clock.now())))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    address = {"host": "127.0.0.1", "port": server.sockets[0].getsockname()[1], "charset": "GB 18030-2000"}
    await house.call("admin", "POST", SYSTEMS, HIS | address)
    house.hub.send_hl7 = send_message
    await desk.leave_free("骨科", FREE)
    ticket_id = await desk.send(await desk.patient(), 2)
    for who, name in (("lilan", "depart"), ("zhoumin", "arrive"), ("yangfan", "admit")):
        await desk.does(who, ticket_id, name)
    await house.pump()
    await house.long_work()
    house.at("11:00")
    await desk.does("yangfan", ticket_id, "discharge")
    await house.pump()
    await house.long_work()
    server.close()
    messages = [parse_adt(read(raw)) for raw in heard]
    number = (await desk.ticket(ticket_id))["number"]
    assert [(one.trigger, one.place.bed if one.place else "", one.visit) for one in messages] == [
        ("A01", FREE, number), ("A03", FREE, number),
    ]  # fmt: skip
    assert messages[0].person.numbers[0].kind == "NI"
