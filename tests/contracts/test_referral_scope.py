"""The receiver of a patient reads the record from acceptance until some days after the end, and nobody else does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from referral.follow_up import FollowUp, FollowUpKind
from referral.model import Direction, Words
from referral.tickets import Ticket, TicketState
from server.accounts.model import Caller, Membership, Role
from server.accounts.places import Organization, OrganizationKind
from server.db.engine import Database
from server.db.scope import visible_to
from server.db.tables import imaging, people, referral
from tests.builders.referral_facts import TICKET
from tests.builders.referral_register import NOON, PLACES, furnish, unit
from tests.contracts.test_patients_repository import insert

S = TicketState
DAY = timedelta(days=1)
UP = {"patient_id": "p1", "department": "scope", "id": "t9", "number": "R-9"}
DOWN = UP | {"direction": Direction.DOWN, "from_organization_id": "C01", "to_organization_id": "T02"}
RECORD = {
    "patients": people.patients.c.id,
    "studies": imaging.studies.c.study_instance_uid,
    "instances": imaging.instances.c.sop_instance_uid,
    "reading_orders": imaging.reading_orders.c.id,
}


def somebody(role: Role, organization_id: str) -> Caller:
    return Caller(f"{role}@{organization_id}", "某人", "", (Membership(organization_id, role),))


DESK, WARD = somebody(Role.REFERRAL_DESK, "C01"), somebody(Role.WARD_NURSE, "C01")
TOWNSHIP, HELIN = somebody(Role.TOWNSHIP_DOCTOR, "T01"), somebody(Role.TOWNSHIP_DOCTOR, "T02")
VILLAGE, VILLAGE_TECHNICIAN = somebody(Role.FAMILY_DOCTOR, "V02"), somebody(Role.TECHNICIAN, "V02")
ELSEWHERE = somebody(Role.FAMILY_DOCTOR, "V01")


@pytest.fixture
async def register(either_database: Database) -> Database:
    """Give the register with a study and an order of p1's at T01, a village below each township, and no ticket."""
    await furnish(either_database)
    async with unit(either_database) as uow:
        for key, above in (("V01", "T01"), ("V02", "T02")):
            village = Organization(key, key, OrganizationKind.VILLAGE, "990101", NOON, parent_id=above)
            await uow.organizations.add(village)
        await uow.connection.execute(referral.tickets.delete())
    await insert(either_database, imaging.studies, study_instance_uid="1.2", organization_id="T01", patient_id="p1")
    await insert(either_database, imaging.series, series_instance_uid="1.2.1", study_instance_uid="1.2")
    await insert(
        either_database, imaging.instances, sop_instance_uid="1.2.1.1", study_instance_uid="1.2",
        series_instance_uid="1.2.1", organization_id="T01",
    )  # fmt: skip
    await insert(either_database, imaging.reading_orders, id="o1", patient_id="p1", organization_id="T01")
    return either_database


async def bring(database: Database, *states: TicketState, **facts: Any) -> Ticket:
    """Store a ticket that has passed these states, a day apart, the last one now."""
    timeline = {state.value: NOON - DAY * (len(states) - 1 - place) for place, state in enumerate(states)}
    ticket = replace(TICKET, **(UP | facts), state=states[-1], timeline=timeline)
    async with unit(database) as uow:
        await uow.tickets.add(ticket)
    return ticket


async def reads(database: Database, caller: Caller, after: timedelta = timedelta()) -> set[str]:
    """Return which parts of p1's record the caller sees."""
    found = set()
    async with unit(database) as uow:
        for name, key in RECORD.items():
            table = key.table
            seen = visible_to(caller, table, now=NOON + after)
            query = sa.select(key).where(seen)
            if name == "patients":
                query = query.where(key == "p1")
            if name == "instances":
                query = query.join(imaging.studies, imaging.studies.c.study_instance_uid == table.c.study_instance_uid)
            if (await uow.connection.execute(query)).first():
                found.add(name)
    return found


async def lists(database: Database, caller: Caller, table: sa.Table) -> set[str]:
    async with unit(database) as uow:
        query = sa.select(table.c.id).where(visible_to(caller, table, now=NOON))
        return set(await uow.connection.scalars(query))


ALL = set(RECORD)
OPEN = [
    (S.SENT, S.ACCEPTED),
    (S.SENT, S.RECEIVED, S.ACCEPTED, S.BED_HELD, S.EN_ROUTE),
    (S.ACCEPTED, S.ADMITTED),
    (S.ACCEPTED, S.CLOSED),
]
SHUT = [(S.DRAFT,), (S.SENT,), (S.SENT, S.RECEIVED), (S.SENT, S.RECEIVED, S.INFO_NEEDED), (S.SENT, S.DECLINED)]


@pytest.mark.parametrize("states", OPEN)
async def test_from_acceptance_on_the_receiver_reads_the_whole_record(
    register: Database, states: tuple[TicketState, ...]
) -> None:
    await bring(register, *states)
    assert [await reads(register, who) for who in (DESK, WARD)] == [ALL, ALL]
    assert await reads(register, HELIN) == set(), "whoever is no party sees nothing"


@pytest.mark.parametrize("states", SHUT)
async def test_before_that_it_reads_nothing_of_it(register: Database, states: tuple[TicketState, ...]) -> None:
    await bring(register, *states)
    assert await reads(register, DESK) == set()


async def test_some_days_after_the_end_it_reads_no_more(register: Database) -> None:
    await bring(register, S.ACCEPTED, S.CLOSED)
    assert await reads(register, DESK, 30 * DAY - timedelta(seconds=1)) == ALL
    assert await reads(register, DESK, 30 * DAY) == set()
    assert await reads(register, TOWNSHIP, 300 * DAY) == ALL, "whose patient it is"


@pytest.mark.parametrize("role", [Role.BUREAU, Role.ADMINISTRATOR, Role.AUDITOR])
async def test_a_role_that_treats_nobody_sees_neither_record_nor_ticket(register: Database, role: Role) -> None:
    await bring(register, S.ACCEPTED)
    for place in PLACES:
        assert await reads(register, somebody(role, place)) == set()
        assert await lists(register, somebody(role, place), referral.tickets) == set()


async def test_whoever_takes_a_patient_over_reads_on_at_home_and_the_village_with_it(register: Database) -> None:
    handed = await bring(register, S.HANDED_OVER, **DOWN)
    assert [await reads(register, who) for who in (HELIN, VILLAGE)] == [set(), set()]
    taken = {**handed.timeline, S.TAKEN_OVER: NOON}
    async with unit(register) as uow:
        await uow.tickets.save(replace(handed, state=S.TAKEN_OVER, timeline=taken, version=handed.version + 1))
    assert [await reads(register, who) for who in (HELIN, VILLAGE)] == [ALL, ALL]
    strangers = (VILLAGE_TECHNICIAN, ELSEWHERE, DESK)
    assert [await reads(register, who) for who in strangers] == [set(), set(), set()]


@pytest.mark.parametrize(("state", "seen"), [(S.DRAFT, False), (S.SENT, True), (S.CLOSED, True)])
async def test_a_ticket_is_the_senders_always_and_the_receivers_once_it_was_sent(
    register: Database, state: TicketState, *, seen: bool
) -> None:
    await bring(register, state)
    assert await lists(register, TOWNSHIP, referral.tickets) == {"t9"}
    assert await lists(register, DESK, referral.tickets) == ({"t9"} if seen else set())
    assert await lists(register, HELIN, referral.tickets) == set()


async def test_a_downward_ticket_is_the_villages_too(register: Database) -> None:
    await bring(register, S.HANDED_OVER, **DOWN)
    callers = (DESK, HELIN, VILLAGE, VILLAGE_TECHNICIAN, ELSEWHERE, TOWNSHIP)
    seen = [bool(await lists(register, caller, referral.tickets)) for caller in callers]
    assert seen == [True, True, True, False, False, False]


async def test_a_follow_up_is_seen_by_who_visits_and_by_who_sent_the_patient_home(register: Database) -> None:
    await bring(register, S.TAKEN_OVER, **DOWN)
    async with unit(register) as uow:
        await uow.follow_ups.add(
            FollowUp("f1", FollowUpKind.CALL, "p1", "t9", "T02", NOON, NOON, Words("电话", "call"))
        )
    callers = (DESK, HELIN, VILLAGE, VILLAGE_TECHNICIAN, ELSEWHERE, TOWNSHIP)
    seen = [bool(await lists(register, caller, referral.follow_ups)) for caller in callers]
    assert seen == [True, True, True, False, False, False]
