"""A hospital's system feeds the beds: once, in order, nothing overwritten (B09).

What the database has to hold, order, repetition, two at once, is told on SQLite and on PostgreSQL; the rest on SQLite.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from referral.tickets import TicketState
from server.db.engine import Database
from server.db.migrations.run import migrate
from server.patients.identifiers import IdentifierSystem
from server.patients.model import Identifier
from tests.builders.hl7_messages import adt
from tests.builders.hospital_feed import CCU_01, CCU_02, ELSEWHERE, HIS, Hospital, written
from tests.builders.referral_facts import TICKET
from tests.builders.referral_register import BED, HOUR, NOON, hold

SEEDS = range(4)
ARRIVED: dict[str, Any] = {"state": TicketState.ARRIVED, "hold_id": "h1", "bed_id": BED.id}


@pytest.fixture
async def either_hospital(either_database: Database) -> Hospital:
    return await Hospital(either_database).registered()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'feed.db'}"
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
async def hospital(database: Database) -> Hospital:
    return await Hospital(database).registered()


async def test_a_patient_comes_moves_and_leaves(either_hospital: Hospital) -> None:
    assert await either_hospital.say("A01", "1", 0) == "AA"
    assert await either_hospital.board() == {"CCU-01": "occupied 马*财", "CCU-02": "available"}
    assert await either_hospital.say("A02", "2", 1, bed=CCU_02, prior=CCU_01) == "AA"
    assert await either_hospital.board() == {"CCU-01": "to-clean", "CCU-02": "occupied 马*财"}
    assert await either_hospital.say("A03", "3", 2, bed=CCU_02) == "AA"
    assert await either_hospital.board() == {"CCU-01": "to-clean", "CCU-02": "to-clean"}
    assert await either_hospital.tasks() == []


async def test_what_was_sent_again_gets_the_same_answer_and_changes_nothing(either_hospital: Hospital) -> None:
    admission = adt("A01", control_id="1", bed=CCU_01, at=written(0))
    first = await either_hospital.post(admission)
    await either_hospital.say("A03", "2", 1)
    either_hospital.clock.at += timedelta(minutes=5)
    assert await either_hospital.post(admission) == first
    assert (await either_hospital.board())["CCU-01"] == "to-clean"


async def test_a_late_message_is_stale_and_changes_nothing_whatever_number_it_bears(either_hospital: Hospital) -> None:
    assert await either_hospital.say("A03", "2", 1) == "AA"
    assert await either_hospital.say("A01", "1", 0) == "AE STALE_FEED"
    assert (await either_hospital.board())["CCU-01"] == "available"
    assert await either_hospital.tasks() == [], "a late message gives nobody anything to do"


async def test_a_transfer_is_stale_when_either_bed_knows_better(hospital: Hospital) -> None:
    await hospital.say("A01", "1", 0)
    await hospital.say("A08", "2", 9, bed=CCU_01, expected=written(600))
    assert await hospital.say("A02", "3", 5, bed=CCU_02, prior=CCU_01) == "AE STALE_FEED"
    assert await hospital.board() == {"CCU-01": "occupied 马*财", "CCU-02": "available"}


async def test_messages_of_one_second_are_taken_in_the_order_of_their_coming(hospital: Hospital) -> None:
    assert [await hospital.say(trigger, trigger, 0) for trigger in ("A01", "A03", "A13")] == ["AA", "AA", "AA"]
    assert (await hospital.board())["CCU-01"] == "occupied 马*财"


async def test_a_control_id_that_bore_another_message_is_refused(hospital: Hospital) -> None:
    await hospital.say("A01", "1", 0)
    assert await hospital.say("A03", "1", 1) == "AE CONTROL_ID"
    assert (await hospital.board())["CCU-01"] == "occupied 马*财"


DAY = (("A01", "马进财"), ("A03", "马进财"), ("A01", "李玉梅"), ("A03", "李玉梅"), ("A01", "田有福"))


@dataclass
class Told:
    """What a bed is after some messages, worked out by hand: who lies there, how new that is, what was taken."""

    patient: str = ""
    minute: int = 0
    taken: set[int] = field(default_factory=set)

    def answer(self, minute: int) -> str:
        trigger, name = DAY[minute]
        if minute in self.taken:
            return "AA"
        if minute < self.minute:
            return "AE STALE_FEED"
        if self.patient not in {"", name}:
            return "AE BED_TAKEN"
        self.patient, self.minute = name if trigger == "A01" else "", minute
        self.taken.add(minute)
        return "AA"


@pytest.mark.parametrize("seed", SEEDS)
async def test_however_a_day_is_shuffled_and_repeated_each_message_does_what_it_can(
    either_hospital: Hospital, seed: int
) -> None:
    order = [*range(len(DAY))] * 3
    random.Random(seed).shuffle(order)
    told = Told()
    for minute in order:
        trigger, name = DAY[minute]
        assert await either_hospital.say(trigger, str(minute), minute, name=name) == told.answer(minute)
        shown = (await either_hospital.board())["CCU-01"]
        assert shown.startswith("occupied") == bool(told.patient)
        assert told.patient[:1] in shown


async def test_a_name_of_many_at_once_is_taken_once(either_hospital: Hospital) -> None:
    admission = adt("A01", control_id="1", bed=CCU_01, at=written(0))
    answers = await asyncio.gather(*(either_hospital.post(admission) for _ in range(6)))
    assert len(set(answers)) == 1
    assert (await either_hospital.board())["CCU-01"] == "occupied 马*财"


async def test_two_admissions_at_once_into_one_bed_leave_one_patient_and_tell_a_person(
    either_hospital: Hospital,
) -> None:
    said = await asyncio.gather(
        *(either_hospital.say("A01", str(i), 0, name=name) for i, name in enumerate(["马进财", "李玉梅"]))
    )
    assert sorted(said) == ["AA", "AE BED_TAKEN"]
    assert len(await either_hospital.tasks()) == 1


async def test_an_unknown_bed_is_answered_with_words_and_given_to_a_person_once(hospital: Hospital) -> None:
    for control_id in ("1", "2", "2"):
        assert await hospital.say("A01", control_id, 0, bed="CCU^^CCU-99") == "AE UNKNOWN_BED"
    (task,) = await hospital.tasks()
    assert "CCU-99" in task


async def test_a_message_about_an_unknown_bed_is_taken_once_the_bed_is_there(hospital: Hospital) -> None:
    assert await hospital.say("A01", "1", 0, bed="CCU^^CCU-03") == "AE UNKNOWN_BED"
    async with hospital.unit() as uow:
        await uow.board.add_bed(replace(BED, id="C01/CCU-03", label="CCU-03"))
    assert await hospital.say("A01", "1", 0, bed="CCU^^CCU-03") == "AA"


async def test_a_bed_that_is_held_is_not_taken_by_the_feed(hospital: Hospital) -> None:
    async with hospital.unit() as uow:
        await uow.board.keep(hold("h1", "t1"))
    assert await hospital.say("A01", "1", 0) == "AE BED_TAKEN"
    assert (await hospital.board())["CCU-01"] == "held"
    assert len(await hospital.tasks()) == 1


async def test_a_bed_that_is_blocked_stays_blocked_and_one_to_clean_was_cleaned(hospital: Hospital) -> None:
    async with hospital.unit() as uow:
        await uow.board.save_bed(replace(BED, blocked_at=NOON, blocked_reason="氧气维修", version=2))
    assert await hospital.say("A01", "1", 0) == "AE BED_UNSUITABLE"
    await hospital.say("A01", "2", 0, bed=CCU_02)
    await hospital.say("A03", "3", 1, bed=CCU_02)
    assert await hospital.say("A01", "4", 2, bed=CCU_02, name="李玉梅") == "AA"
    assert await hospital.board() == {"CCU-01": "blocked", "CCU-02": "occupied 李*梅"}


async def test_nobody_is_discharged_from_another_patients_bed(hospital: Hospital) -> None:
    await hospital.say("A01", "1", 0)
    assert await hospital.say("A03", "2", 1, name="李玉梅") == "AE BED_TAKEN"
    assert (await hospital.board())["CCU-01"] == "occupied 马*财"


async def test_a_discharge_from_an_empty_bed_is_what_the_board_says_already(hospital: Hospital) -> None:
    assert await hospital.say("A03", "1", 0) == "AA"
    assert (await hospital.board())["CCU-01"] == "available"


async def test_mistakes_are_taken_back(hospital: Hospital) -> None:
    await hospital.say("A01", "1", 0)
    assert await hospital.say("A11", "2", 1) == "AA"
    assert (await hospital.board())["CCU-01"] == "to-clean"
    await hospital.say("A01", "3", 2)
    await hospital.say("A02", "4", 3, bed=CCU_02, prior=CCU_01)
    assert await hospital.say("A12", "5", 4, bed=CCU_01, prior=CCU_02) == "AA"
    assert await hospital.board() == {"CCU-01": "occupied 马*财", "CCU-02": "to-clean"}
    await hospital.say("A03", "6", 5)
    assert await hospital.say("A13", "7", 6) == "AA"
    assert (await hospital.board())["CCU-01"] == "occupied 马*财"


async def test_an_update_says_when_the_bed_is_expected_to_be_free(hospital: Hospital) -> None:
    await hospital.say("A01", "1", 0)
    assert await hospital.say("A08", "2", 1, expected=written(600)) == "AA"
    now = await hospital.look(lambda uow: uow.board.bed(BED.id, NOON))
    assert now.occupancy.expected_end_at == NOON + timedelta(minutes=600)


async def test_a_clock_that_runs_ahead_makes_no_later_message_stale(hospital: Hospital) -> None:
    assert await hospital.say("A01", "1", 60 * 24) == "AE FUTURE"
    assert await hospital.say("A01", "2", 5) == "AA", "a few minutes ahead are no harm"


async def test_a_patient_is_known_by_a_number_never_by_a_name(hospital: Hospital) -> None:
    async with hospital.unit() as uow:
        await uow.patients.add_identifier("p1", Identifier(IdentifierSystem.LOCAL, "880123", "C01"), at=NOON)
    assert await hospital.say("A01", "1", 0, name="马建国") == "AA"
    assert await hospital.say("A01", "2", 0, bed=CCU_02, patient="990000^^^C01^PI", name="马建国") == "AA"
    assert await hospital.board() == {"CCU-01": "occupied p1", "CCU-02": "occupied 马*国"}


async def test_who_arrived_with_a_ticket_is_admitted_and_discharged_on_it(hospital: Hospital) -> None:
    hours = (TICKET.created_at - NOON) / HOUR + 1  # since noon, when the tickets of the register were sent
    hospital.clock.at = NOON + hours * HOUR
    async with hospital.unit() as uow:
        await uow.patients.add_identifier("p1", Identifier(IdentifierSystem.LOCAL, "880123", "C01"), at=NOON)
        await uow.board.keep(hold("h1", "t1", hours, hours + 2))
        sent = replace(TICKET, id="t1", number="R-1", patient_id="p1", version=TICKET.version + 1)
        await uow.tickets.save(replace(sent, **ARRIVED))
    assert await hospital.say("A01", "1", hours * 60) == "AA"
    assert (await hospital.board())["CCU-01"] == "occupied p1"
    assert (await hospital.look(lambda uow: uow.tickets.get("t1"))).state is TicketState.ADMITTED
    assert await hospital.say("A03", "2", hours * 60 + 5) == "AA"
    assert (await hospital.look(lambda uow: uow.tickets.get("t1"))).state is TicketState.DISCHARGED
    assert (await hospital.board())["CCU-01"] == "to-clean"


async def test_who_is_not_registered_or_calls_from_elsewhere_is_refused(database: Database) -> None:
    only_here = replace(HIS, addresses=("loopback",))
    hospital = await Hospital(database).registered(only_here)
    message = adt("A01", control_id="1", bed=CCU_01, at=written(0))
    assert b"UNKNOWN_SENDER" in await hospital.post(message, ELSEWHERE)
    assert b"UNKNOWN_SENDER" in await hospital.post(adt("A01", bed=CCU_01, facility="C02"))
    assert (await hospital.board())["CCU-01"] == "available"
    assert b"MSA|AA|1" in await hospital.post(message)


async def test_nothing_of_a_refused_message_stays(either_hospital: Hospital) -> None:
    await either_hospital.say("A01", "1", 0)
    await either_hospital.say("A02", "2", 3, bed=CCU_02, prior="CCU^^CCU-99")
    async with either_hospital.unit(read=True) as uow:
        beds = await uow.board.beds(NOON, organization_id="C01")
    versions = {one.bed.id: one.bed.feed_version for one in beds}
    assert versions == {"C01/CCU-01": int(NOON.timestamp() * 1_000_000), "C01/CCU-02": 0}
    assert len(await either_hospital.tasks()) == 1
