"""What tickets ask about organizations, roads and patients, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from referral.ports import PatientFacts
from server.accounts.model import Membership, Role, Task
from server.accounts.people import User
from server.accounts.places import Agreement
from server.db.engine import Database
from server.db.tables import imaging
from server.patients.model import Assistance, AssistanceCategory
from tests.builders.referral_register import NOON, furnish, person, unit
from tests.contracts.test_patients_repository import insert

TODAY = NOON.date()
DAY = timedelta(days=1)
POOR = AssistanceCategory("registered-poverty", "脱贫户", "registered poverty", True, date(2014, 1, 1), TODAY + 9 * DAY)
OTHER = replace(POOR, code="other", bed_priority=False)


@pytest.fixture
async def register(either_database: Database) -> Database:
    await furnish(either_database)
    return either_database


async def test_a_place_is_known_by_kind_region_and_name(register: Database) -> None:
    async with unit(register, read=True) as uow:
        kinds = [await uow.neighbours.kind_of(key) for key in ("T01", "C01", "nowhere")]
        assert kinds == ["township", "county", ""]
        assert await uow.neighbours.region_of("T01") == "990101"
        assert await uow.neighbours.names() == {"T01": "T01", "T02": "T02", "C01": "C01"}


async def test_the_departments_of_a_place_are_its_wards_and_what_it_wrote_down(register: Database) -> None:
    async with unit(register) as uow:
        for name in ("CCU", "卒中"):
            await uow.capabilities.put("C01", name, phone="", devices=(), services=(), on_duty=(), at=NOON)
        told = [await uow.neighbours.departments_of(key) for key in ("C01", "T01")]
    assert told == [["CCU", "卒中"], []]


async def test_an_agreement_holds_both_ways_in_its_time_and_for_its_service(register: Database) -> None:
    wanted = Agreement("a", "T01", "C01", ("imaging", "referral"), TODAY, TODAY + DAY)
    async with unit(register) as uow:
        await uow.organizations.add_agreement(wanted)
        await uow.organizations.add_agreement(Agreement("b", "T02", "C01", ("imaging",), TODAY))
        asked = [("T01", "C01", 0), ("C01", "T01", 1), ("T01", "C01", -1), ("T01", "C01", 2), ("T02", "C01", 0)]
        told = [await uow.neighbours.agreed(a, b, TODAY + days * DAY) for a, b, days in asked]
    assert told == [True, True, False, False, False]


async def test_a_road_is_as_long_back_as_there(register: Database) -> None:
    async with unit(register) as uow:
        assert await uow.neighbours.travel_minutes("T01", "C01") is None
        await uow.neighbours.set_travel_minutes("T01", "C01", 50)
        await uow.neighbours.set_travel_minutes("C01", "T01", 42)
        roads = [("T01", "C01"), ("C01", "T01"), ("T02", "C01")]
        assert [await uow.neighbours.travel_minutes(a, b) for a, b in roads] == [42, 42, None]


async def test_an_item_of_work_goes_to_the_first_role_that_anybody_has(register: Database) -> None:
    async with unit(register) as uow:
        zhou = User("zhou", "zhou", "周敏", "", NOON, memberships=(Membership("C01", Role.REFERRAL_DESK),))
        await uow.users.add(zhou, password_hash="x")
        owner = await uow.neighbours.owner_of("C01", ("consultant", "referral-desk"))
    assert owner == ("C01", "referral-desk")


async def test_priority_needs_a_category_that_holds_on_the_day_and_gives_it(register: Database) -> None:
    held = {
        "holds": (Assistance(POOR.code, TODAY, TODAY),),
        "from-tomorrow": (Assistance(POOR.code, TODAY + DAY),),
        "until-yesterday": (Assistance(POOR.code, date(2020, 1, 1), TODAY - DAY),),
        "gives-none": (Assistance(OTHER.code, date(2020, 1, 1)),),
        "one-of-two": (Assistance(OTHER.code, date(2020, 1, 1)), Assistance(POOR.code, date(2020, 1, 1))),
        "unknown-papers": (),
    }
    async with unit(register) as uow:
        for category in (POOR, OTHER):
            await uow.patients.put_category(category)
        for key, assistance in held.items():
            known = replace(person(key, "王某"), assistance=assistance, provisional=key == "unknown-papers")
            await uow.patients.add(known)
    async with unit(register, read=True) as uow:
        facts = await uow.neighbours.patients([*held, "nobody"], TODAY)
        later = await uow.neighbours.patients([*held], TODAY + 10 * DAY)  # the category itself is over
        one = await uow.neighbours.patient("holds", TODAY)
        assert await uow.neighbours.patient("nobody", TODAY) is None
    assert {key for key, fact in facts.items() if fact.bed_priority} == {"holds", "one-of-two"}
    assert not any(fact.bed_priority for fact in later.values())
    assert one == facts["holds"] == PatientFacts("holds", "male", date(1968, 3, 5), bed_priority=True)
    assert facts["unknown-papers"] == PatientFacts(
        "unknown-papers", "male", date(1968, 3, 5), bed_priority=False, provisional=True
    )


async def test_a_critical_value_is_open_until_somebody_answered_for_it(register: Database) -> None:
    await insert(register, imaging.reading_orders, id="o1", organization_id="T01", patient_id="p1")
    item = Task("k", "critical-value", "reading-orders", "o1", "T01", "township-doctor", NOON, "危急值", "x", NOON)
    async with unit(register) as uow:
        assert not await uow.neighbours.has_open_critical_value("p1")
        await uow.ledger.open_task(replace(item, id="other", kind="returned"), dedupe_key="other")
        assert not await uow.neighbours.has_open_critical_value("p1")
        await uow.ledger.open_task(item, dedupe_key="k")
        assert await uow.neighbours.has_open_critical_value("p1")
        assert not await uow.neighbours.has_open_critical_value("p2")
        await uow.ledger.close_tasks("reading-orders", "o1", kinds=("critical-value",), by="lilan", at=NOON)
        assert not await uow.neighbours.has_open_critical_value("p1")
