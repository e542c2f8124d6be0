"""Rooms, what is written and recorded in them, and how lines did: kept equal on both databases."""

import base64
from dataclasses import replace

import pytest

from server.db.engine import Database
from server.patients.links import PatientLink
from server.workflows.consults import act_of
from tests.builders.consults import CONSULT, HOST, NOON
from tests.builders.referral_register import HOUR, unit
from tests.contracts.test_consults import register
from video.consults import ConsultState, Teaching
from video.service.sayings import say
from video.signaling import journal
from video.signaling.journal import Happening, Note, stays
from video.signaling.messages import Frame
from video.signaling.seats import PATIENT, Message, Place, Recorded, Recording, Room, Seat, Visitor

__all__ = ["register"]  # the fixture
LI = Seat(
    "s1", Visitor("lilan", "李兰", Place.SENDER, "执业助理", "石门镇卫生院"), NOON, socket="w1", admitted=True,
    away_since=NOON + HOUR, sends=frozenset({"camera", "microphone"}), silenced=frozenset({"camera"}), hand=True,
    consent=True,
)  # fmt: skip
ROOM = Room("c1", 7, "zhaoning", locked=True, recording=Recording.ON, seats=(LI,))
MESSAGE = Message("m1", "c1", "k1", "lilan", "李兰", "sender", "血压 90/60", NOON)
CLASS = Teaching(CONSULT.application.consent, NOON, "lilan", ("T02",))
RECORDED = Recorded("r1", "c1", NOON, "zhaoning", ("lilan", "zhaoning"), NOON + 9 * HOUR)


@pytest.fixture
async def rooms(register: Database) -> Database:  # a fixture that another one asks for
    """Give the register with a consult."""
    async with unit(register) as uow:
        await uow.consults.add(CONSULT)
    return register


async def test_a_room_comes_back_as_it_was_and_an_empty_one_where_nobody_has_been(rooms: Database) -> None:
    async with unit(rooms) as uow:
        assert await uow.rooms.get("c1") == Room("c1")
        await uow.rooms.put(ROOM, NOON)
    async with unit(rooms) as uow:
        assert await uow.rooms.get("c1") == ROOM
        assert await uow.rooms.open_ids() == ["c1"]
        await uow.rooms.put(replace(ROOM, version=8, seats=()), NOON)
        assert await uow.rooms.open_ids() == []


async def test_a_message_is_written_once_whatever_its_writer_sends_again(rooms: Database) -> None:
    async with unit(rooms) as uow:
        assert await uow.rooms.write(MESSAGE) == (MESSAGE, True)
        assert await uow.rooms.write(replace(MESSAGE, id="m2", text="别的")) == (MESSAGE, False)
        other = replace(MESSAGE, id="m3", person=PATIENT, at=NOON + HOUR)
        assert (await uow.rooms.write(other))[1]
        assert await uow.rooms.messages("c1") == [MESSAGE, other]


async def test_one_recording_runs_and_its_key_is_the_hubs_alone_until_it_is_destroyed(rooms: Database) -> None:
    async with unit(rooms) as uow:
        await uow.rooms.begin_recording(RECORDED)
        key = await uow.rooms.key_of("r1")
        assert len(base64.b64decode(key)) == 32
        await uow.rooms.end_recording("c1", NOON + HOUR, "withdrawn")
        await uow.rooms.begin_recording(replace(RECORDED, id="r2", started_at=NOON + HOUR))
        assert await uow.rooms.key_of("r2") != key
    async with unit(rooms) as uow:
        ended = replace(RECORDED, ended_at=NOON + HOUR, ended_why="withdrawn")
        assert (await uow.rooms.recordings("c1"))[0] == ended
        assert (await uow.rooms.recordings("c1"))[1].ended_at is None
        await uow.rooms.destroy_recording("r1", NOON + 9 * HOUR)
        assert await uow.rooms.key_of("r1") == ""
        assert (await uow.rooms.recordings("c1"))[0].destroyed_at == NOON + 9 * HOUR


async def test_what_happened_comes_back_in_its_order_though_it_was_one_instant(rooms: Database) -> None:
    notes = [
        Note("c1", NOON, what, "s1", PATIENT, "马建国", "patient", subject=subject)
        for what, subject in ((Happening.CAME, ""), (Happening.LOOKED, "study 1.2.3"), (Happening.AGREED, ""))
    ]
    async with unit(rooms) as uow:
        await uow.rooms.note(notes)
        await uow.rooms.note(())
    async with unit(rooms) as uow:
        assert await uow.rooms.notes("c1") == notes
        assert await uow.rooms.notes("c2") == []


@pytest.mark.parametrize(("word", "left"), [("end", ["s0", "s1", "s2"]), ("close-class", ["s2"])])
async def test_whoever_is_there_when_it_ends_leaves_once_and_whoever_was_away_had_gone_before(
    rooms: Database, word: str, left: list[str]
) -> None:
    looking = replace(LI, id="s2", who=Visitor("helin", "何林", Place.OBSERVER, invited=True), sends=frozenset())
    leading = Seat("s0", Visitor("zhaoning", "赵宁", Place.EXPERT), NOON, socket="w0", admitted=True)
    here = [replace(each, away_since=None) for each in (leading, LI, looking)]
    room = Room("c1", 7, "zhaoning", seats=(leading, LI, looking))
    calling = replace(CONSULT, state=ConsultState.IN_CALL, version=2, experts=("zhaoning",), teaching=CLASS)
    notes = [journal.note(room, seat, Happening.CAME, NOON) for seat in here]
    notes += [journal.note(room, seat, Happening.AWAY, NOON + HOUR) for seat in here[1:]]
    async with unit(rooms) as uow:
        await uow.consults.save(calling)
        await uow.rooms.put(room, NOON)
        await uow.rooms.note(notes)
    async with unit(rooms) as uow:
        await say(act_of(uow, HOST, NOON + 2 * HOUR), calling, "s0", Frame(word, 1, {}))
    async with unit(rooms) as uow:
        said = await uow.rooms.notes("c1")
    assert [each.seat for each in said if each.what is Happening.LEFT] == left
    assert {each.person: each.spans for each in stays(said)}["helin"] == ((NOON, NOON + HOUR),)


async def test_samples_of_lines_are_kept_by_person_and_instant(rooms: Database) -> None:
    async with unit(rooms) as uow:
        await uow.rooms.sample("c1", "lilan", NOON, {"rtt_ms": 80})
        await uow.rooms.sample("c1", "lilan", NOON, {"rtt_ms": 90})
        await uow.rooms.sample("c1", PATIENT, NOON, {"loss": 0.1})
        assert await uow.rooms.quality("c1") == [("lilan", NOON, {"rtt_ms": 80}), (PATIENT, NOON, {"loss": 0.1})]


async def test_a_link_to_a_consult_is_found_by_it_and_ended_by_the_next(rooms: Database) -> None:
    first = PatientLink("d1", "consult", None, NOON, "lilan", NOON + HOUR, consult_id="c1")
    async with unit(rooms) as uow:
        await uow.patient_links.renew(first)
        assert await uow.patient_links.to_consult("c1") == [first]
        await uow.patient_links.renew(replace(first, token_digest="d2", created_at=NOON + HOUR))
        assert [link.token_digest for link in await uow.patient_links.to_consult("c1")] == ["d2"]
        ended = await uow.patient_links.get("d1")
        assert ended is not None
        assert ended.revoked_at == NOON + HOUR
