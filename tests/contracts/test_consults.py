"""Consults come back as they were, and no expert and no room is promised twice, whoever offers at once."""

import asyncio
import dataclasses
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from server.accounts.model import Caller, Membership, Role
from server.accounts.people import User
from server.accounts.places import Agreement
from server.db.dataclass_json import from_json, to_json
from server.db.engine import Database
from server.db.scope import visible_to
from server.db.tables import consults as table
from server.db.tables import imaging
from tests.builders import consults as known
from tests.builders.consults import APPLICATION, CONSULT, GUO, OPINION, SLOT, TEXT, TODAY, ZHAO
from tests.builders.referral_register import HOUR, NOON, furnish, unit
from tests.contracts.test_patients_repository import insert
from tests.contracts.test_tickets import INSTANTS
from video.consults import (
    Adoption,
    Application,
    Consent,
    Consult,
    ConsultState,
    OpinionText,
    Signature,
    Slot,
    Teaching,
)
from video.errors import SlotTaken, VersionMismatch
from video.model import Adopted, ConsultMode, Service, Urgency
from video.slots import Span

S = ConsultState
DAY = 24 * HOUR
NOTHING = {"box": "", "state": "", "patient": "", "day": ""}
st.register_type_strategy(datetime, INSTANTS)
PEOPLE = {"zhaoning": "赵宁", "guoheng": "郭恒", "linxia": "林夏"}
FULL = replace(
    CONSULT,
    id="full", number="H-9", state=S.CANCELLED, version=7, service=Service.MDT, urgency=Urgency.EMERGENCY,
    mode=ConsultMode.VIDEO, experts=("zhaoning", "guoheng"), rung=2, offered_by="inviter", begins_at=NOON,
    ends_at=NOON + HOUR, in_writing=True, adoption=Adoption(Adopted.PARTLY, "无此药", "lilan", NOON),
    teaching=Teaching(Consent(written=True, by="马建国"), NOON, "lilan", ("T02",), ("maxiaoyan",), NOON + HOUR),
    reason_text="改期", deadline_at=NOON, rule_version=3,
    timeline=MappingProxyType({"requested": NOON, "triaged": NOON, "cancelled": NOON + HOUR}),
)  # fmt: skip


@pytest.fixture
async def register(either_database: Database) -> Database:
    """Give the register with three consultants of C01, two of them on its roster."""
    await furnish(either_database)
    async with unit(either_database) as uow:
        for key, name in PEOPLE.items():
            roles = (Membership("C01", Role.CONSULTANT),)
            await uow.users.add(User(key, key, name, "副主任", NOON, roles), password_hash="-")
        for expert in (ZHAO, GUO):
            await uow.roster.put(expert)
    return either_database


def somebody(role: Role, organization_id: str, user_id: str = "") -> Caller:
    return Caller(user_id or f"{role}@{organization_id}", "某人", "", (Membership(organization_id, role),))


TOWNSHIP, HELIN = somebody(Role.TOWNSHIP_DOCTOR, "T01"), somebody(Role.TOWNSHIP_DOCTOR, "T02")
DESK, ZHAONING = somebody(Role.REFERRAL_DESK, "C01"), somebody(Role.CONSULTANT, "C01", "zhaoning")


def fresh(key: str, **facts: Any) -> Consult:
    named: dict[str, Any] = {"id": key, "number": f"H-{key}", "deadline_at": NOON}
    return replace(CONSULT, **(named | facts))


async def bring(database: Database, *consults: Consult) -> None:
    async with unit(database) as uow:
        for consult in consults:
            await uow.consults.add(consult)


async def test_every_field_of_a_consult_comes_back(register: Database) -> None:
    same = {f.name for f in dataclasses.fields(Consult) if getattr(FULL, f.name) == f.default}
    assert same == set(), "a field that stands at its default proves nothing"
    await bring(register, FULL, fresh("plain"))
    async with unit(register, read=True) as uow:
        assert await uow.consults.get("full") == FULL
        assert await uow.consults.get("plain", lock=True) == fresh("plain")
        assert await uow.consults.get("nobody") is None


@pytest.mark.parametrize("kind", [Application, OpinionText, Adoption])
def test_what_lies_in_json_comes_back_equal_whatever_it_holds(kind: type) -> None:
    @given(st.from_type(kind))
    def both_ways(value: Any) -> None:
        stored = to_json(value)
        assert from_json(kind, stored) == value
        assert from_json(kind, stored | {"of_a_later_release": 1}) == value

    both_ways()


async def test_the_next_version_is_stored_with_its_experts_and_an_overtaken_one_refused(register: Database) -> None:
    await bring(register, fresh("a", experts=("zhaoning",)))
    moved = fresh("a", version=2, state=S.TRIAGED, experts=("guoheng", "zhaoning"))
    async with unit(register) as uow:
        await uow.consults.save(moved)
    with pytest.raises(VersionMismatch) as refused:
        async with unit(register) as uow:
            await uow.consults.save(replace(moved, experts=()))
    assert refused.value.current == 2
    async with unit(register, read=True) as uow:
        assert await uow.consults.get("a") == moved


async def test_an_opinion_is_one_and_its_signatures_stand_over_its_bytes_alone(register: Database) -> None:
    await bring(register, fresh("c1"))
    signed = replace(OPINION, version=2, text=TEXT, body="{}", digest="d2", signed_at=NOON)
    by = [Signature(key, "c1", user, "expert", "otp", digest, NOON) for key, user, digest in SIGNED]
    async with unit(register) as uow:
        assert await uow.opinions.get("c1") is None
        await uow.opinions.add(OPINION)
        with pytest.raises(VersionMismatch):
            await uow.opinions.add(OPINION)
        await uow.opinions.save(signed)
        with pytest.raises(VersionMismatch) as refused:
            await uow.opinions.save(signed)
        for signature in by:
            await uow.opinions.sign(signature)
        await uow.opinions.void("c1", NOON + HOUR, besides="d2")
    assert refused.value.current == 2
    async with unit(register, read=True) as uow:
        assert await uow.opinions.get("c1") == signed
        assert await uow.opinions.signatures("c1") == [replace(by[0], voided_at=NOON + HOUR), by[1]]


SIGNED = (("s1", "guoheng", "d1"), ("s2", "zhaoning", "d2"))


async def test_the_roster_holds_consultants_who_are_there(register: Database) -> None:
    async with unit(register) as uow:
        assert await uow.roster.get("zhaoning") == replace(ZHAO, title="副主任")
        assert await uow.roster.get("linxia") is None
        assert [expert.id for expert in await uow.roster.all(organization_id="C01")] == ["zhaoning", "guoheng"]
        assert [expert.id for expert in await uow.roster.all(specialty="内分泌")] == ["guoheng"]
        assert await uow.roster.all(organization_id="T01") == []
        assert await uow.roster.may_join("linxia", "C01")
        assert not await uow.roster.may_join("linxia", "T01")
        with pytest.raises(VersionMismatch) as refused:
            await uow.roster.put(ZHAO)
        assert refused.value.current == 1
        later = replace(ZHAO, practising_since=date(2010, 1, 1), version=2)
        await uow.roster.put(later)
        with pytest.raises(VersionMismatch):
            await uow.roster.put(later)
        await uow.users.disable("zhaoning", NOON)
        assert await uow.roster.get("zhaoning") is None


def slot(key: str, begins: float, hours: float = 1, *, consult: str = "a", **facts: Any) -> Slot:
    begins_at = NOON + begins * HOUR
    return replace(SLOT, id=key, consult_id=consult, begins_at=begins_at, ends_at=begins_at + hours * HOUR, **facts)


async def keep(database: Database, *slots: Slot, now: datetime = NOON) -> None:
    async with unit(database) as uow:
        for each in slots:
            await uow.calendar.keep(each, now)


async def test_whoever_is_a_consultant_and_on_no_roster_may_be_put_there(register: Database) -> None:
    async with unit(register) as uow:
        assert await uow.roster.candidates("C01") == [("linxia", "林夏")]
        assert await uow.roster.candidates("T01") == []
        await uow.users.disable("linxia", NOON)
        assert await uow.roster.candidates("C01") == []


async def test_a_time_is_kept_on_both_sides_and_given_back(register: Database) -> None:
    await bring(register, fresh("a"), fresh("b"))
    first, second = slot("s1", 1), slot("s2", 2)
    await keep(register, second, first)
    async with unit(register) as uow:
        assert await uow.calendar.of("a") == [first, second]
        await uow.calendar.book("s1", NOON)
        await uow.calendar.release("a", NOON, besides="s1")
        assert await uow.calendar.of("a") == [replace(first, booked_at=NOON)]
        assert await uow.calendar.busy(["room:T01"], NOON, NOON + DAY, NOON + DAY) == [
            Span(first.begins_at, first.ends_at)
        ]
        assert await uow.calendar.busy(["room:T02"], NOON, NOON + DAY, NOON) == []
        await uow.calendar.release("a", NOON)
        assert await uow.calendar.of("a") == []
    await keep(register, slot("s3", 1, consult="b"))


OTHERS = {"expert": ("expert:zhaoning", "room:T02"), "room": ("expert:guoheng", "room:T01")}


@pytest.mark.parametrize("whose", OTHERS)
async def test_neither_the_expert_nor_the_room_is_promised_twice(register: Database, whose: str) -> None:
    await bring(register, fresh("a"), fresh("b"))
    await keep(register, slot("s1", 1))
    for begins, hours in ((1, 1), (0.5, 1), (1.5, 1), (0, 3), (1.25, 0.5)):
        with pytest.raises(SlotTaken) as refused:
            await keep(register, slot("s2", begins, hours, consult="b", resources=OTHERS[whose]))
        assert refused.value.resource in SLOT.resources
    await keep(register, *(slot(f"n{at}", at, consult="b", resources=OTHERS[whose]) for at in (0, 2)))
    await keep(register, slot("other", 1, consult="b", resources=("expert:guoheng", "room:T02")))


async def test_an_offer_that_is_over_keeps_nobody_out_though_nobody_swept_it(register: Database) -> None:
    await bring(register, fresh("a"), fresh("b"))
    await keep(register, slot("s1", 1), slot("s2", 3, booked_at=NOON))
    late = NOON + timedelta(minutes=10)
    with pytest.raises(SlotTaken):
        await keep(register, slot("s3", 1, consult="b"), now=late - timedelta(seconds=1))
    await keep(register, slot("s3", 1, consult="b"), now=late)
    with pytest.raises(SlotTaken):
        await keep(register, slot("s4", 3, consult="b"), now=NOON + DAY)
    async with unit(register) as uow:
        assert [each.id for each in await uow.calendar.of("a")] == ["s2"]
        assert [each.id for each in await uow.calendar.of("b")] == ["s3"]


async def _race(database: Database, count: int = 12) -> Sequence[bool]:
    """Let many desks offer one expert's hour at once; each by a room of its own."""

    async def offers(at: int) -> bool:
        try:
            await keep(database, slot(f"r{at}", 1, consult=f"c{at}", resources=("expert:zhaoning", f"room:{at}")))
        except SlotTaken:
            return False
        return True

    await bring(database, *(fresh(f"c{at}") for at in range(count)))
    return await asyncio.gather(*map(offers, range(count)))


async def test_of_many_who_offer_one_hour_at_once_exactly_one_has_it(register: Database) -> None:
    told = await _race(register)
    assert sum(told) == 1
    async with unit(register, read=True) as uow:
        query = sa.select(sa.func.count()).select_from(table.slot_bookings)
        assert await uow.connection.scalar(query) == 2, "whoever was refused keeps nothing, her room neither"


async def test_without_the_constraint_the_same_race_promises_one_hour_to_many(register: Database) -> None:
    async with unit(register) as uow:
        if uow.connection.dialect.name == "sqlite":
            for word in ("insert", "update"):
                await uow.connection.execute(sa.text(f"DROP TRIGGER {table.OVERLAP}_{word}"))
        else:
            await uow.connection.execute(sa.text(f"ALTER TABLE slot_bookings DROP CONSTRAINT {table.OVERLAP}"))
    assert sum(await _race(register)) > 1


async def boxes(database: Database, caller: Caller, **asked: str) -> list[str]:
    async with unit(database, read=True) as uow:
        page = await uow.consult_board.page(caller, NOTHING | asked, now=NOON, cursor="", limit=50)
        return [consult.id for consult in page.consults]


async def test_each_side_lists_its_own_the_next_deadline_first(register: Database) -> None:
    over = fresh("over", state=S.REFUSED, timeline={"requested": NOON, "refused": NOON}, deadline_at=None)
    mine = fresh("mine", experts=("guoheng", "zhaoning"), state=S.TRIAGED)
    await bring(register, fresh("late", deadline_at=NOON + HOUR), mine, over)
    assert await boxes(register, DESK, box="in") == ["mine", "late"]
    assert await boxes(register, TOWNSHIP, box="out") == ["mine", "late"]
    assert await boxes(register, TOWNSHIP, box="in") == []
    assert await boxes(register, ZHAONING, box="mine") == ["mine"]
    assert await boxes(register, DESK, box="closed") == ["over"]
    assert await boxes(register, DESK, state="triaged,refused") == ["mine", "over"]
    assert await boxes(register, DESK, patient="p2") == []
    assert await boxes(register, HELIN) == []
    assert await boxes(register, somebody(Role.BUREAU, "C01")) == []


async def test_a_list_goes_on_where_it_ended(register: Database) -> None:
    await bring(register, *(fresh(f"k{at}", deadline_at=NOON + at * HOUR) for at in range(5)))
    found, cursor = [], ""
    for _ in range(3):
        async with unit(register, read=True) as uow:
            page = await uow.consult_board.page(DESK, NOTHING, now=NOON, cursor=cursor, limit=2)
        found += [consult.id for consult in page.consults]
        cursor = page.next or ""
    assert (found, cursor) == ([f"k{at}" for at in range(5)], "")
    async with unit(register, read=True) as uow:
        assert len((await uow.consult_board.page(DESK, NOTHING, now=NOON, cursor="?", limit=9)).consults) == 5


async def reads(database: Database, caller: Caller, after: timedelta = timedelta()) -> bool:
    """Tell whether the caller sees p1's study."""
    async with unit(database) as uow:
        query = sa.select(imaging.studies).where(visible_to(caller, imaging.studies, now=NOON + after))
        return (await uow.connection.execute(query)).first() is not None


async def test_the_invitee_reads_the_record_from_when_it_took_the_consult_on(register: Database) -> None:
    await insert(register, imaging.studies, study_instance_uid="1.2", organization_id="T01", patient_id="p1")
    await bring(register, fresh("a"))
    assert [await reads(register, who) for who in (TOWNSHIP, ZHAONING, HELIN)] == [True, False, False]
    taken = MappingProxyType({"requested": NOON, "triaged": NOON})
    async with unit(register) as uow:
        await uow.consults.save(fresh("a", version=2, state=S.TRIAGED, timeline=taken))
    assert [await reads(register, who) for who in (ZHAONING, HELIN)] == [True, False]
    closed = fresh("a", version=3, state=S.CLOSED, timeline={**taken, "closed": NOON})
    async with unit(register) as uow:
        await uow.consults.save(closed)
    assert [await reads(register, ZHAONING, days * DAY) for days in (29, 31)] == [True, False]


async def test_a_consult_is_asked_for_under_an_agreement_and_approved_by_who_is_responsible(register: Database) -> None:
    async with unit(register) as uow:
        await uow.organizations.add_agreement(Agreement("x", "T01", "C01", ("consult",), TODAY, TODAY))
        head = User("haiying", "haiying", "海英", "主治", NOON, (Membership("T01", Role.MEDICAL_AFFAIRS),))
        await uow.users.add(head, password_hash="-")
        ways = [("T01", "C01", "consult", TODAY), ("C01", "T01", "consult", TODAY), ("T01", "C01", "ecg", TODAY)]
        assert [await uow.neighbours.invites_under(*way) for way in ways] == [True, False, False]
        assert not await uow.neighbours.invites_under("T01", "C01", "consult", date(2030, 1, 1))
        assert await uow.neighbours.leads("haiying", "T01")
        assert not await uow.neighbours.leads("haiying", "T02")
        assert await uow.neighbours.leaders("T01") == [("haiying", "海英")]
        assert await uow.neighbours.leaders("T02") == []
        await uow.users.disable("haiying", NOON)
        assert not await uow.neighbours.leads("haiying", "T01"), "her account is closed"
        assert await uow.neighbours.leaders("T01") == []


async def test_another_patients_pictures_and_what_nobody_knows_are_named(register: Database) -> None:
    for uid, patient in (("1.2", "p1"), ("1.3", "p2"), ("1.4", None)):
        await insert(register, imaging.studies, study_instance_uid=uid, organization_id="T01", patient_id=patient)
    for key, patient in (("o1", "p1"), ("o2", "p2")):
        await insert(register, imaging.reading_orders, id=key, number=key, organization_id="T01", patient_id=patient)
        await insert(register, imaging.reports, id=f"r-{key}", order_id=key, number=key, edition=1)
    async with unit(register, read=True) as uow:
        named = (("1.2", "1.3", "1.4", "9.9"), ("r-o1", "r-o2", "none"))
        assert await uow.neighbours.not_of("p1", *named) == ["1.3", "1.4", "9.9", "r-o2", "none"]
        assert await uow.neighbours.not_of("p1", ("1.2",), ("r-o1",)) == []
        assert await uow.neighbours.not_of("p1", (), ()) == []


async def test_a_day_lists_what_begins_on_it_in_the_county_and_was_not_called_off(register: Database) -> None:
    begins = {"a": NOON, "b": NOON - 13 * HOUR, "c": NOON + 11.9 * HOUR, "d": NOON + 12 * HOUR, "off": NOON}
    states = {"off": S.CANCELLED}
    await bring(
        register,
        *(
            fresh(key, state=states.get(key, S.SCHEDULED), begins_at=at, ends_at=at + HOUR)
            for key, at in begins.items()
        ),
        fresh("no-time"),
    )
    async with unit(register, read=True) as uow:
        asked = NOTHING | {"day": str(TODAY)}
        page = await uow.consult_board.page(DESK, asked, now=NOON, cursor="", limit=50)
    assert sorted(each.id for each in page.consults) == ["a", "c"]


async def test_a_consult_without_an_owner_or_a_time_is_found(register: Database) -> None:
    await bring(register, fresh("a"), fresh("b", state=S.SIGNED), fresh("over", state=S.CLOSED))
    async with unit(register) as uow:
        await uow.ledger.set_deadline("consult", "b", NOON)
        found = {each.id: each for each in await uow.ownerless.list() if each.collection == "consults"}
    assert found["a"].missing == ("deadline",)
    assert (found["b"].missing, found["b"].organization_id) == (("owner",), "T01")
    assert set(found) == {"a", "b"}


def test_the_builders_noon_is_the_registers() -> None:
    assert known.NOON == NOON == datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    assert CONSULT.application == APPLICATION
