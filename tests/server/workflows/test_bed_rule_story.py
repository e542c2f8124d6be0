"""The worked cases E1–E9 of domain.md part 4 once more, through HTTP, with the demo county's real beds."""

import asyncio
from datetime import timedelta

import pytest

from server.accounts.model import Task
from tests.builders.reading_house import Answer, House
from tests.builders.referral_desk import Desk

GENERAL, RESERVED = "骨科-03", "骨科-06"


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


async def test_e1_level_comes_before_every_score(desk: Desk) -> None:
    await desk.leave_free("骨科", GENERAL)
    b, a = await desk.patient(poor=True), await desk.patient()
    desk.house.at("12:00")
    second = await desk.accepted(b, 3, travel_minutes=90)
    desk.house.at("07:55", day=24)
    first = await desk.send(a, 2, travel_minutes=20)
    desk.house.at("08:00", day=24)
    assert (await desk.ticket(first))["place"]["label"] == GENERAL, "Ⅱ is given its bed on sending"
    refused = await desk.asks("zhoumin", second, "hold-bed")
    assert (refused.status, refused.code) == (409, "NO_BED")
    (waiting,) = [t for t in await desk.queue() if t["id"] == second]
    parts = waiting["explanation"]["inputs"]
    assert (parts["ageing"], parts["priority"], parts["distance"], parts["score"]) == (33, 15, 7, 55)
    assert waiting["explanation"]["zh"].startswith("Ⅲ级，55 分：等待 33，优先床类别 15，路程 7")


async def test_e2_a_reserved_bed_is_for_whom_it_is_reserved_and_an_emergency_takes_it(desk: Desk) -> None:
    await desk.leave_free("骨科", RESERVED)
    a, b = await desk.patient(), await desk.patient(poor=True)
    desk.house.at("08:00", day=23)
    overdue = await desk.accepted(a, 3)
    desk.house.at("04:00", day=24)
    poor = await desk.accepted(b, 4)
    desk.house.at("14:00", day=24)
    refused = await desk.asks("zhoumin", overdue, "hold-bed")
    assert refused.code == "NO_BED"
    assert refused.body["position"] == 1, "first in the queue, but the bed is reserved"
    named = await desk.asks("zhoumin", overdue, "hold-bed", {"bed_id": f"C01.{RESERVED}"})
    assert (named.status, named.code) == (422, "NOT_ELIGIBLE")
    await desk.house.pump()
    alarms = [t.zh for t in await desk.house.tasks("C01", "referral-desk") if t.subject_id == overdue]
    assert any("超时" in words for words in alarms), "overdue raises an alarm"
    raised = await desk.does("zhaoning", overdue, "retriage", {"triage_level": 2, "reason": "皮肤发绀"})
    assert raised["place"]["label"] == RESERVED, "as a Ⅱ it takes the reserved bed"
    assert (await desk.asks("zhoumin", poor, "hold-bed")).code == "NO_BED"


async def test_e2_the_poor_patient_gets_the_reserved_bed(desk: Desk) -> None:
    await desk.leave_free("骨科", RESERVED)
    a, b = await desk.patient(), await desk.patient(poor=True)
    await desk.accepted(a, 3)
    desk.house.at("04:00", day=24)
    poor = await desk.accepted(b, 4)
    desk.house.at("14:00", day=24)
    held = await desk.does("zhoumin", poor, "hold-bed")
    assert held["hold"]["bed_id"] == f"C01.{RESERVED}"
    assert "优先床" in held["explanation"]["zh"]


async def test_e3_an_override_is_owed_and_the_next_general_bed_pays_it(desk: Desk) -> None:
    await desk.leave_free("骨科", RESERVED)
    shock, poor = await desk.patient(), await desk.patient(poor=True)
    waiting = await desk.accepted(poor, 3, travel_minutes=60)
    taken = await desk.send(shock, 1)
    assert (await desk.ticket(taken))["place"]["label"] == RESERVED
    page = await desk.house.call("zhoumin", "GET", "/api/v1/beds?org=C01")
    assert page.body["quota"]["debt"] == 1
    occupied = next(label for label, bed in (await desk.beds("骨科")).items() if bed["state"] == "occupied")
    assert (await desk.bed_does(occupied, "vacate")).status == 200
    freed = (await desk.beds("骨科"))[occupied]
    assert (freed["pool"], freed["state"]) == ("reserved", "to-clean"), "relabelled"
    page = await desk.house.call("zhoumin", "GET", "/api/v1/beds?org=C01")
    assert page.body["quota"]["debt"] == 0, "debt always returns to 0"
    assert (await desk.bed_does(occupied, "clean")).status == 200
    await desk.house.pump()
    offered = [t.zh for t in await desk.house.tasks("C01", "referral-desk") if t.kind == "referral-bed"]
    assert any(occupied in words for words in offered), "offered to the next in the queue"
    held = await desk.does("zhoumin", waiting, "hold-bed")
    assert held["hold"]["bed_id"] == f"C01.{occupied}"


@pytest.mark.parametrize(("hours", "winner", "score"), [(12, "B", 22), (18, "A", 32)])
async def test_e4_favour_is_bounded_by_the_wait(desk: Desk, hours: int, winner: str, score: int) -> None:
    await desk.leave_free("骨科", GENERAL)
    a, b = await desk.patient(), await desk.patient(poor=True)
    desk.house.at(f"{20 - hours:02d}:00")
    first = await desk.accepted(a, 3, travel_minutes=24)
    desk.house.at("14:00")
    second = await desk.accepted(b, 3, travel_minutes=60)
    desk.house.at("20:00")
    scores = {t["id"]: t["explanation"]["inputs"]["score"] for t in await desk.queue()}
    assert (scores[first], scores[second]) == (score, 30)
    tickets = {"A": first, "B": second}
    loser = tickets.pop(winner)
    assert (await desk.asks("zhoumin", next(iter(tickets.values())), "hold-bed")).code == "NO_BED"
    assert (await desk.does("zhoumin", loser, "hold-bed"))["hold"]["bed_id"] == f"C01.{GENERAL}"


async def test_e5_overdue_goes_first_in_its_level(desk: Desk) -> None:
    await desk.leave_free("骨科", GENERAL)
    a, b = await desk.patient(), await desk.patient(poor=True)
    first = await desk.accepted(a, 3, travel_minutes=12)
    desk.house.at("23:00")
    second = await desk.accepted(b, 3, travel_minutes=120)
    desk.house.at("09:00", day=24)
    assert [t["id"] for t in await desk.queue()] == [first, second]
    sentence = (await desk.queue())[0]["explanation"]["zh"]
    assert "超过 24 时目标" in sentence
    assert (await desk.asks("zhoumin", second, "hold-bed")).code == "NO_BED"
    assert (await desk.does("zhoumin", first, "hold-bed"))["state"] == "bed-held"


async def test_e6_poverty_gives_no_points_at_level_two(desk: Desk) -> None:
    await desk.leave_free("骨科")
    a, b = await desk.patient(), await desk.patient(poor=True)
    desk.house.at("08:00")
    first = await desk.send(a, 2, travel_minutes=24)
    desk.house.at("08:10")
    second = await desk.send(b, 2, travel_minutes=24)
    desk.house.at("08:30")
    assert [t["id"] for t in await desk.queue()] == [first, second]
    scores = [t["explanation"]["inputs"]["score"] for t in await desk.queue()]
    assert scores == [12, 8]
    assert (await desk.bed_does(GENERAL, "unblock")).status == 200
    assert (await desk.ticket(first))["place"]["label"] == GENERAL, "a freed bed goes to the first at Ⅱ at once"


async def test_e7_at_level_four_the_bound_is_twenty_seven_hours(desk: Desk) -> None:
    await desk.leave_free("骨科", GENERAL)
    a, b = await desk.patient(), await desk.patient(poor=True)
    first = await desk.accepted(a, 4, travel_minutes=0)
    desk.house.at("04:00", day=24)
    second = await desk.accepted(b, 4, travel_minutes=24)
    desk.house.at("20:00", day=25)
    scores = {t["id"]: t["explanation"]["inputs"]["score"] for t in await desk.queue()}
    assert (scores[first], scores[second]) == (33, 39)
    assert (await desk.asks("zhoumin", first, "hold-bed")).code == "NO_BED"
    assert (await desk.does("zhoumin", second, "hold-bed"))["hold"]["bed_id"] == f"C01.{GENERAL}"


async def test_e8_a_dying_patient_is_never_refused_for_lack_of_a_bed(desk: Desk) -> None:
    await desk.leave_free("骨科")
    dying = await desk.send(await desk.patient(poor=True), 1)
    ticket = await desk.ticket(dying)
    assert (ticket["state"], ticket["place"]["kind"]) == ("accepted", "bay")
    assert "急诊抢救位" in ticket["explanation"]["zh"]
    asked = await desk.asks("zhoumin", dying, "hold-bed")
    assert (asked.status, asked.body["received_in"], asked.body["hold"]) == (200, "emergency-bay", None)
    assert (await desk.does("lilan", dying, "depart"))["state"] == "en-route"


async def test_e9_a_new_level_one_takes_the_hold_of_a_three_who_keeps_the_wait(desk: Desk) -> None:
    await desk.leave_free("骨科", RESERVED)
    three = await desk.accepted(await desk.patient(poor=True), 3)
    held = await desk.does("zhoumin", three, "hold-bed")
    moving = await desk.does("lilan", three, "depart")
    desk.house.at("08:20")
    one = await desk.send(await desk.patient(), 1)
    assert (await desk.ticket(one))["place"]["kind"] == "bay", "the system proposes, a person confirms"
    tasks = [t for t in await desk.house.tasks("C01", "referral-desk") if t.kind == "referral-preempt"]
    assert [t.subject_id for t in tasks] == [one]
    taken = await desk.house.call(
        "zhoumin", "POST", f"/api/v1/bed-holds/{held['hold']['id']}/pre-empt", {"ticket_id": one}
    )
    assert taken.status == 200, taken.body
    assert (await desk.ticket(one))["place"]["label"] == RESERVED
    bumped = await desk.ticket(three)
    assert (bumped["state"], bumped["place"]["kind"]) == ("en-route", "bay")
    assert bumped["waiting_since"] == moving["waiting_since"], "the time waited is kept"
    phoned = [t.zh for t in await desk.house.tasks("T01", "township-doctor") if t.subject_id == three]
    assert any("电话告知" in words for words in phoned), "the sender is told to phone"
    again = await desk.house.call(
        "zhoumin", "POST", f"/api/v1/bed-holds/{taken.body['id']}/pre-empt", {"ticket_id": three}
    )
    assert again.code == "NOT_PREEMPTIBLE"


async def lends(desk: Desk) -> None:
    """Let every free reserved bed be lent."""
    async with desk.house.hub.unit_of_work() as uow:
        version, row = await uow.ledger.rule("bed-priority", "990101", desk.house.clock.at) or (0, {})
        changed = row | {"lending": True, "lending_keeps": {"township": 0, "county": 0}}
        await uow.ledger.put_rule("bed-priority", "990101", version + 1, desk.house.clock.at, changed)


async def loans(desk: Desk) -> list[Task]:
    return [task for task in await desk.house.tasks("C01", "referral-desk") if task.kind == "referral-loan"]


async def test_a_reserved_bed_that_is_lent_is_asked_back_within_a_day(desk: Desk) -> None:
    await lends(desk)
    await desk.leave_free("骨科", RESERVED)
    ticket = await desk.accepted(await desk.patient(), 3)
    held = await desk.does("zhoumin", ticket, "hold-bed")
    assert held["hold"]["bed_id"] == f"C01.{RESERVED}"
    (loan,) = await loans(desk)
    assert loan.subject_id == ticket
    assert loan.due_at == desk.house.clock.at + timedelta(hours=24)
    await desk.does("yangfan", ticket, "arrive")
    await desk.does("yangfan", ticket, "admit")
    assert len(await loans(desk)) == 1, "somebody else's patient lies in it"
    await desk.bed_does(GENERAL, "unblock")
    assert (await desk.bed_does(RESERVED, "move", {"to_bed_id": f"C01.{GENERAL}"})).status == 200
    assert await loans(desk) == []


async def test_a_loan_that_is_given_back_unused_is_asked_for_no_more_and_the_next_one_is(desk: Desk) -> None:
    await lends(desk)
    await desk.leave_free("骨科", RESERVED)
    ticket = await desk.accepted(await desk.patient(), 3)
    await desk.does("zhoumin", ticket, "hold-bed")
    await desk.does("zhoumin", ticket, "release-hold", {"reason": "明天再来"})
    assert await loans(desk) == []
    await desk.does("zhoumin", ticket, "hold-bed")
    assert len(await loans(desk)) == 1


async def test_a_retry_hears_its_answer_though_the_bed_is_somebody_elses_by_now(desk: Desk) -> None:
    await desk.leave_free("骨科", GENERAL)
    first, second = [await desk.accepted(await desk.patient(), 3) for _ in range(2)]
    bed = {"bed_id": f"C01.{GENERAL}"}

    async def claims(ticket: str, key: str) -> Answer:
        path = f"/api/v1/referrals/{ticket}/hold-bed"
        return await desk.house.call("zhoumin", "POST", path, bed, Idempotency_Key=key)

    granted = await claims(first, "一")
    assert granted.status == 200
    await desk.does("zhoumin", first, "release-hold", {"reason": "明天再来"})
    assert (await claims(second, "二")).status == 200
    again = await claims(first, "一")
    assert (again.status, again.body) == (200, granted.body)
    other = await claims(first, "三")
    assert other.code == "BED_TAKEN"
    rows = (await desk.house.call("shenji", "GET", "/api/v1/audit?limit=500")).body["items"]
    kept = [row for row in rows if (row["action"], row["outcome"]) == ("hold-bed", "refused")]
    assert [(row["object_id"], row["basis"]) for row in kept] == [(first, "BED_TAKEN")]


async def test_a_path_that_names_nothing_spoils_nobodys_claim(either_house: House) -> None:
    desk = Desk(either_house)
    await desk.leave_free("骨科", GENERAL)
    ticket = await desk.accepted(await desk.patient(), 3)
    bed = {"bed_id": f"C01.{GENERAL}"}
    odd, other, good = await asyncio.gather(
        *(desk.asks("zhoumin", key, "hold-bed", bed) for key in ("a%00b", "no-such-ticket", ticket))
    )
    assert [answer.status for answer in (odd, other, good)] == [400, 404, 200]
