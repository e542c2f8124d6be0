"""A hospital's system calls over a real socket: its message is durable before the answer; ours reach it in order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from referral.events import Event
from referral.model import IntervalState
from server.db.engine import Database
from server.db.migrations.run import migrate
from server.db.tables.exchange import hl7_outbox
from server.hl7.acknowledgement import acknowledge
from server.hl7.adt import Adt, Place, parse_adt
from server.hl7.errors import BadValue, UnsupportedEvent
from server.hl7.message import read
from server.hl7.mllp import Framer, frame
from server.hl7.systems import NoAnswer
from server.listeners.mllp import MllpOptions, MllpServer, send_message
from server.workflows import adt_outbox
from server.workflows.adt_inbox import AdtInbox
from server.workflows.hospital_systems import Wanted, add_system
from tests.builders.hl7_messages import adt
from tests.builders.hospital_feed import CCU_01, Hand, Hospital, written
from tests.builders.referral_register import BED, NOON, SECOND_BED, stay

QUICK = MllpOptions(port=0, grace=2.0, first_within=0.3, answer_within=5.0)


@pytest.fixture
async def hospital(tmp_path: Path) -> AsyncIterator[Hospital]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'feed.db'}"
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    yield await Hospital(database).registered()
    await database.close()


@pytest.fixture
async def port(hospital: Hospital) -> AsyncIterator[int]:
    server = MllpServer(QUICK, AdtInbox(hospital.unit, hospital.clock))
    yield await server.start()
    await server.stop()


async def test_what_is_acknowledged_stands_on_the_board(hospital: Hospital, port: int) -> None:
    answer = await send_message("127.0.0.1", port, adt("A01", control_id="1", bed=CCU_01, at=written(0)))
    assert b"MSA|AA|1" in answer
    assert (await hospital.board())["CCU-01"] == "occupied 马*财"


async def test_one_connection_carries_many_messages_and_each_its_answer(hospital: Hospital, port: int) -> None:
    day = [adt("A01", control_id="1", bed=CCU_01, at=written(0)), b"what is this", adt("A04", control_id="2")]
    day.append(adt("A03", control_id="3", bed=CCU_01, at=written(1), charset="GBK"))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(map(frame, day)))
    framer, answers = Framer(), list[bytes]()
    while len(answers) < len(day):
        answers += framer.receive(await reader.read(4096))
    writer.close()
    said = [read(answer) for answer in answers]
    assert [(one.text("MSA", 1), one.text("ERR", 5)) for one in said] == [
        ("AA", ""), ("AR", "NOT_HL7"), ("AR", "EVENT"), ("AA", ""),
    ]  # fmt: skip
    assert (await hospital.board())["CCU-01"] == "to-clean"


async def test_a_sender_that_lost_the_answer_sends_again_and_gets_the_same(hospital: Hospital, port: int) -> None:
    admission = adt("A01", control_id="1", bed=CCU_01, at=written(0))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(frame(admission))
    await writer.drain()
    writer.transport.abort()
    del reader
    first = await send_message("127.0.0.1", port, admission)
    assert await send_message("127.0.0.1", port, admission) == first


async def test_a_connection_that_asks_for_nothing_is_ended_and_so_is_one_without_end(port: int) -> None:
    for sent in (b"", b"\x0b" + b"x" * (1 << 20) + b"yy"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
            async with asyncio.timeout(5):
                await reader.readexactly(1)
        writer.close()


class Away:
    """An inbox whose database cannot be reached."""

    def __init__(self, inner: AdtInbox) -> None:
        self.inner = inner

    async def receive(self, raw: bytes, address: str) -> bytes:
        raise ConnectionError(address, len(raw))

    def not_now(self, raw: bytes) -> bytes:
        return self.inner.not_now(raw)


async def test_while_nothing_can_be_stored_nothing_is_acknowledged_and_the_sender_is_told(hospital: Hospital) -> None:
    server = MllpServer(QUICK, Away(AdtInbox(hospital.unit, hospital.clock)))
    port = await server.start()
    answer = read(await send_message("127.0.0.1", port, adt("A01", control_id="1")))
    await server.stop()
    assert (answer.text("MSA", 1), answer.text("MSA", 2), answer.text("ERR", 5)) == ("AE", "1", "LATER")


# -- ours to them -------------------------------------------------------------------------------------------------


@dataclass
class His:
    """A hospital's system that listens; `answers` are what it says to each message, then it says yes."""

    answers: list[Callable[[bytes], bytes]] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer()
        while data := await reader.read(4096):
            for raw in framer.receive(data):
                self.heard.append(raw)
                writer.write((self.answers.pop(0) if self.answers else said_yes)(raw))
        writer.close()

    @property
    def said(self) -> list[Adt]:
        return [parse_adt(read(raw)) for raw in self.heard]


def said_yes(raw: bytes) -> bytes:
    return frame(acknowledge(read(raw), control_id="h", now=NOON))


def said_later(raw: bytes) -> bytes:
    return frame(acknowledge(read(raw), BadValue("忙"), control_id="h", now=NOON))


def said_never(raw: bytes) -> bytes:
    return frame(acknowledge(read(raw), UnsupportedEvent("不收"), control_id="h", now=NOON))


@dataclass
class Happened:
    id: str
    at: datetime
    event: Event


@dataclass
class Sending:
    """The worker's side: what it needs of the hub."""

    hospital: Hospital
    send_hl7: adt_outbox.Send | None = send_message

    @property
    def clock(self) -> Hand:
        return self.hospital.clock

    def unit_of_work(self, **more: Any) -> Any:
        return self.hospital.unit(**more)

    async def tell(self, handler: Any, key: str, subject_id: str, minutes: float) -> None:
        at = NOON + timedelta(minutes=minutes)
        event = Event("referrals", "moved", subject_id, 1, "-", ("C01",))
        async with self.hospital.unit() as uow:
            await handler(uow, Happened(key, at, event), at)

    async def send_what_is_due(self) -> int:
        async with self.hospital.unit(read=True) as uow:
            due = await uow.ledger.due(self.clock.at, only=adt_outbox.LONG_WORK.keys())
        for deadline in due:
            await adt_outbox.send(self, deadline.subject_id)
        return len(due)

    async def states(self) -> list[tuple[str, str, int]]:
        async with self.hospital.unit(read=True) as uow:
            c = hl7_outbox.c
            query = sa.select(c.trigger, c.state, c.attempts).where(c.ticket_id == "t1").order_by(c.created_at, c.id)
            rows = await uow.connection.execute(query)
            return [(row.trigger, row.state, row.attempts) for row in rows]


@pytest.fixture
async def his() -> AsyncIterator[tuple[His, int]]:
    system = His()
    server = await asyncio.start_server(system.serve, "127.0.0.1", 0)
    yield system, server.sockets[0].getsockname()[1]
    server.close()


async def lie_in(hospital: Hospital) -> None:
    """Let the patient of ticket t1 lie in CCU-01."""
    async with hospital.unit() as uow:
        await uow.board.keep(replace(stay("s1", "p1"), ticket_id="t1"))


async def listening(hospital: Hospital, port: int, charset: str = "UNICODE UTF-8") -> Sending:
    wanted = Wanted("HIS-IN", "C01", "县医院 HIS", charset, (), "127.0.0.1", port)
    async with hospital.unit() as uow:
        await add_system(uow, "C01", wanted, now=NOON)
    return Sending(hospital)


@pytest.mark.parametrize("charset", ["UNICODE UTF-8", "GB 18030-2000"])
async def test_admission_transfer_and_discharge_of_a_ticket_reach_the_hospital_in_order(
    hospital: Hospital, his: tuple[His, int], charset: str
) -> None:
    system, port = his
    sending = await listening(hospital, port, charset)
    await lie_in(hospital)
    await sending.tell(adt_outbox.on_admitted, "e1", "t1", 0)
    await sending.tell(adt_outbox.on_bed_occupied, "e1b", BED.id, 0)
    async with hospital.unit() as uow:
        first = await uow.board.occupancy_of("p1")
        assert first is not None
        at = NOON + timedelta(minutes=1)
        await uow.board.change(replace(first, state=IntervalState.ENDED, ends_at=at, version=2))
        await uow.board.keep(replace(first, id="s2", bed_id=SECOND_BED.id, begins_at=at, version=1))
    await sending.tell(adt_outbox.on_bed_occupied, "e2", SECOND_BED.id, 1)
    await sending.tell(adt_outbox.on_discharged, "e3", "t1", 2)
    for minute in range(3):
        hospital.clock.at = NOON + timedelta(minutes=2 + minute)
        await sending.send_what_is_due()
    ccu_1, ccu_2 = Place("CCU", "", "CCU-01"), Place("CCU", "", "CCU-02")
    assert [(one.trigger, one.place, one.came_from) for one in system.said] == [
        ("A01", ccu_1, None), ("A02", ccu_2, ccu_1), ("A03", ccu_2, None),
    ]  # fmt: skip
    assert {(one.person.name, one.visit) for one in system.said} == {("马建国", "R-1")}
    assert [state for _, state, _ in await sending.states()] == ["sent"] * 3
    assert await sending.send_what_is_due() == 0


async def test_the_same_event_is_told_once(hospital: Hospital, his: tuple[His, int]) -> None:
    sending = await listening(hospital, his[1])
    await lie_in(hospital)
    for _ in range(2):
        await sending.tell(adt_outbox.on_admitted, "e1", "t1", 0)
    await sending.send_what_is_due()
    assert len(his[0].heard) == 1


async def test_where_no_system_takes_messages_nothing_is_owed(hospital: Hospital) -> None:
    sending = Sending(hospital)  # the registered system has no address of its own
    await lie_in(hospital)
    await sending.tell(adt_outbox.on_admitted, "e1", "t1", 0)
    assert await sending.states() == []


async def test_a_hospital_that_is_busy_is_asked_again_and_a_discharge_never_passes_its_admission(
    hospital: Hospital, his: tuple[His, int]
) -> None:
    system, port = his
    system.answers = [said_later]
    sending = await listening(hospital, port)
    await lie_in(hospital)
    await sending.tell(adt_outbox.on_admitted, "e1", "t1", 0)
    await sending.tell(adt_outbox.on_discharged, "e2", "t1", 2)
    hospital.clock.at = NOON + timedelta(minutes=2)
    await sending.send_what_is_due()
    assert await sending.states() == [("A01", "due", 1), ("A03", "due", 0)]
    for minute in (3, 4):
        hospital.clock.at = NOON + timedelta(minutes=minute)
        await sending.send_what_is_due()
    assert [one.trigger for one in system.said] == ["A01", "A01", "A03"]
    assert len({read(raw).text("MSH", 10) for raw in system.heard}) == 2, "the same message keeps its control id"


async def test_a_message_that_the_hospital_never_takes_goes_to_a_person(
    hospital: Hospital, his: tuple[His, int]
) -> None:
    his[0].answers = [said_never]
    sending = await listening(hospital, his[1])
    await lie_in(hospital)
    await sending.tell(adt_outbox.on_admitted, "e1", "t1", 0)
    await sending.send_what_is_due()
    assert await sending.states() == [("A01", "failed", 1)]
    (task,) = await hospital.tasks()
    assert "A01" in task


async def test_a_hospital_that_is_not_there_is_tried_until_a_person_is_told(hospital: Hospital) -> None:
    sending = await listening(hospital, 1)
    await lie_in(hospital)
    await sending.tell(adt_outbox.on_admitted, "e1", "t1", 0)
    for _ in range(adt_outbox.TRIES):
        assert await sending.send_what_is_due() == 1
        hospital.clock.at += adt_outbox.LONGEST_PAUSE
    assert await sending.states() == [("A01", "failed", adt_outbox.TRIES)]
    assert await sending.send_what_is_due() == 0
    assert len(await hospital.tasks()) == 1


async def test_a_peer_that_closes_without_a_word_gave_no_answer(his: tuple[His, int]) -> None:
    his[0].answers = [lambda _raw: b"not a frame"]
    with pytest.raises(NoAnswer):
        await send_message("127.0.0.1", his[1], adt(), within=0.3)
