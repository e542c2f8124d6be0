"""What is open and nobody's, or due at no time, is listed within a minute with who was told; mended, it leaves."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from server.tasks import worker
from tests.builders.reading_house import House
from tests.builders.referral_desk import Desk

LISTING = "/api/v1/statistics/ownerless"


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


@pytest.fixture
def either_desk(either_house: House) -> Desk:
    return Desk(either_house)


async def plant(house: House, text: str, **values: Any) -> None:
    """Break a row behind everybody's back."""
    async with house.hub.database.transaction() as connection:
        done = await connection.execute(sa.text(text), values)
        assert done.rowcount >= 1, "something was there to be broken"


async def a_minute_later(house: House) -> None:
    """Let a minute pass, and the worker work."""
    house.clock.at += timedelta(minutes=1)
    await house.pump()


async def listed(house: House, who: str = "weijian") -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the list says, by collection and id."""
    answer = await house.call(who, "GET", LISTING)
    assert answer.status == 200, answer.body
    return {(item["collection"], item["id"]): item for item in answer.body["items"]}


async def test_a_county_at_work_has_nothing_on_the_list(desk: Desk) -> None:
    await desk.house.ready_order()
    await desk.send(await desk.patient(), 2)
    await desk.accepted(await desk.patient())
    await a_minute_later(desk.house)
    assert await listed(desk.house) == {}


async def test_one_of_each_is_listed_within_a_minute_with_who_was_told(either_desk: Desk) -> None:
    desk = either_desk
    timeless = await desk.accepted(await desk.patient())
    held = await desk.accepted(await desk.patient())
    hold = (await desk.does("zhoumin", held, "hold-bed"))["hold"]["id"]
    nobodys = await desk.send(await desk.patient())
    await a_minute_later(desk.house)
    await plant(desk.house, "DELETE FROM deadlines WHERE kind = 'referral' AND subject_id = :t", t=timeless)
    await plant(desk.house, "DELETE FROM deadlines WHERE kind = 'bed-hold' AND subject_id = :h", h=hold)
    await plant(desk.house, "UPDATE tickets SET to_organization_id = 'M01' WHERE id = :t", t=nobodys)
    await plant(desk.house, "UPDATE users SET disabled_at = created_at WHERE id = 'shizhuan'")
    assert {item["told"] for item in (await listed(desk.house)).values()} == {None}, "nobody looked yet"
    await a_minute_later(desk.house)
    found = await listed(desk.house)
    assert set(found) == {("referrals", timeless), ("bed-holds", hold), ("referrals", nobodys)}
    assert found["referrals", timeless]["missing"] == ["deadline"]
    assert found["bed-holds", hold]["missing"] == ["deadline"]
    assert found["referrals", nobodys]["missing"] == ["owner"]
    told = {key: (item["told"]["organization"]["id"], item["told"]["role"]) for key, item in found.items()}
    assert told["referrals", timeless] == ("C01", "medical-affairs")
    assert told["bed-holds", hold] == ("C01", "medical-affairs")
    assert told["referrals", nobodys] == ("B01", "bureau"), "at M01 nobody is left to be told"
    number = found["referrals", timeless]["number"]
    (item,) = [t for t in await desk.house.tasks("C01", "medical-affairs") if t.subject_id == timeless]
    assert (item.kind, number in item.zh, "无期限" in item.zh) == ("ownerless", True, True)
    for _ in range(3):
        await a_minute_later(desk.house)
    again = [t for t in await desk.house.tasks("C01", "medical-affairs") if t.kind == "ownerless"]
    assert len(again) == 2, "told once, not each minute"


async def test_what_is_mended_leaves_the_list_and_a_second_break_is_told_again(desk: Desk) -> None:
    ticket = await desk.send(await desk.patient())
    await desk.does("zhoumin", ticket, "open")
    for _ in range(2):
        await plant(desk.house, "DELETE FROM deadlines WHERE kind = 'referral' AND subject_id = :t", t=ticket)
        await a_minute_later(desk.house)
        assert len([t for t in await desk.house.tasks("C01", "medical-affairs") if t.subject_id == ticket]) == 1
        await desk.does("zhaoning", ticket, "retriage", {"triage_level": 3, "reason": "核对"})
        await a_minute_later(desk.house)
        assert await listed(desk.house) == {}
        assert [t for t in await desk.house.tasks("C01", "medical-affairs") if t.subject_id == ticket] == []


async def test_medical_affairs_sees_its_house_the_bureau_all(desk: Desk) -> None:
    ticket = await desk.send(await desk.patient())
    await plant(desk.house, "DELETE FROM deadlines WHERE kind = 'referral' AND subject_id = :t", t=ticket)
    await a_minute_later(desk.house)
    for who, count in (("weijian", 1), ("admin", 1), ("yiwu", 1), ("haiying", 0)):
        assert len(await listed(desk.house, who)) == count, who
    assert (await desk.house.call("lilan", "GET", LISTING)).status == 403


async def test_a_worker_begins_to_watch_a_hub_that_nobody_seeded(house: House) -> None:
    await plant(house, "DELETE FROM deadlines WHERE kind = 'watch'")
    duty = worker.Worker(house.hub)
    await duty._watch(house.clock.at)  # its loop would run for ever
    async with house.hub.unit_of_work(read=True) as uow:
        assert [d.kind for d in await uow.ledger.due(house.clock.at, only=["watch"])] == ["watch"]
