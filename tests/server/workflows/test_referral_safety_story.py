"""Nobody at level Ⅰ or Ⅱ is lost between two rules: the clock, a new triage, another department, another house."""

from datetime import timedelta

import pytest

from tests.builders.reading_house import House
from tests.builders.referral_desk import Desk

BED, OTHER = "骨科-03", "骨科-04"
HOURS = timedelta(hours=1)


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


async def rings(desk: Desk, ticket_id: str, kind: str = "referral-green") -> list[str]:
    """Return what rings at the desk of C01 about a ticket."""
    open_ones = await desk.house.tasks("C01", "referral-desk")
    return [task.zh for task in open_ones if task.subject_id == ticket_id and task.kind == kind]


async def critical_value(desk: Desk, patient_id: str) -> None:
    """Declare a critical value of a patient: the reader does so with the report of an order."""
    placed = await desk.house.place("lilan", patient_id, priority="emergency", expected_instances=1)
    assert placed.status == 201, placed.body
    await desk.house.send(order_id=str(placed.body["id"]))
    await desk.house.pump()
    await desk.house.command("hazhiyuan", placed.body["id"], "claim")
    written = await desk.house.write("hazhiyuan", placed.body["id"], positive=True, critical=True)
    signed = await desk.house.about("hazhiyuan", str(written.body["id"]), "sign")
    assert signed.status == 200, signed.body


WAYS = {
    "on the road": [("lilan", "depart")],
    "at the door": [("lilan", "depart"), ("yangfan", "arrive")],
    "at the door before anybody pressed depart": [("yangfan", "arrive")],
    "held on the road": [("zhoumin", "release-hold"), ("lilan", "depart"), ("zhoumin", "hold-bed")],
    "held at the door": [("zhoumin", "release-hold"), ("yangfan", "arrive"), ("zhoumin", "hold-bed")],
}


@pytest.mark.parametrize("way", [pytest.param(way, id=name) for name, way in WAYS.items()])
async def test_a_hold_of_level_two_on_the_road_keeps_its_bed_while_nobody_works_off_deadlines(
    desk: Desk, way: list[tuple[str, str]]
) -> None:
    await desk.leave_free("骨科", BED)
    moving = await desk.send(await desk.patient(), 2)
    for who, name in way:
        await desk.does(who, moving, name)
    other = await desk.accepted(await desk.patient(), 3)
    desk.house.clock.at += 6 * HOURS
    desk.house.forget_sessions()
    assert (await desk.beds("骨科"))[BED]["state"] == "held"
    for answer in (
        await desk.asks("zhoumin", other, "hold-bed", {"bed_id": f"C01.{BED}"}),
        await desk.bed_does(BED, "occupy", {"label": "散客", "sex": "male"}),
        await desk.bed_does(BED, "block", {"reason": "维修"}),
    ):
        assert (answer.status, answer.code) == (409, "BED_TAKEN")
    assert (await desk.asks("zhoumin", other, "hold-bed")).code == "NO_BED"
    await desk.house.pump()
    held = await desk.ticket(moving)
    assert held["place"]["label"] == BED
    assert held["place"]["expires_at"] > desk.house.clock.at.isoformat(), "prolonged"


async def test_who_becomes_level_one_on_the_road_does_not_lose_the_bed_to_the_clock(desk: Desk) -> None:
    await desk.leave_free("骨科", BED)
    moving = await desk.accepted(await desk.patient(), 3)
    await desk.does("zhoumin", moving, "hold-bed")
    await desk.does("lilan", moving, "depart")
    await desk.does("lilan", moving, "retriage", {"triage_level": 1, "reason": "休克"})
    assert (await desk.beds("骨科"))[BED]["hold"]["level"] == 1
    desk.house.clock.at += 6 * HOURS
    desk.house.forget_sessions()
    await desk.house.pump()
    seen = await desk.ticket(moving)
    assert (seen["state"], seen["place"]["label"]) == ("en-route", BED)
    assert await rings(desk, moving, "referral-arrival")


@pytest.mark.parametrize("state", ["bed-held", "en-route", "arrived"])
async def test_a_rise_to_level_one_rings_wherever_the_patient_is(desk: Desk, state: str) -> None:
    ticket = await desk.accepted(await desk.patient(), 3)
    await desk.does("zhoumin", ticket, "hold-bed")
    if state != "bed-held":
        await desk.does("lilan", ticket, "depart")
    if state == "arrived":
        await desk.does("zhoumin", ticket, "arrive")
    raised = await desk.does("zhaoning", ticket, "retriage", {"triage_level": 1, "reason": "室颤"})
    assert raised["state"] == state
    wards = [t.kind for t in await desk.house.tasks("C01", "ward-nurse") if t.subject_id == ticket]
    assert "referral-ward" in wards, "the ward prepares"
    assert bool(await rings(desk, ticket)) is (state != "arrived"), "who is there needs no alarm at the desk"


async def test_who_rises_to_level_one_on_the_road_without_a_bed_gets_one(desk: Desk) -> None:
    await desk.leave_free("骨科", BED)
    moving = await desk.accepted(await desk.patient(), 3)
    await desk.does("zhoumin", moving, "hold-bed")
    await desk.does("lilan", moving, "depart")
    await desk.does("zhoumin", moving, "release-hold", {"reason": "误留"})
    raised = await desk.does("lilan", moving, "retriage", {"triage_level": 1, "reason": "休克"})
    assert (raised["state"], raised["place"]["label"]) == ("en-route", BED)


async def test_who_rises_a_second_time_rings_a_second_time(desk: Desk) -> None:
    ticket = await desk.send(await desk.patient(), 2)
    await desk.does("zhoumin", ticket, "acknowledge")
    assert not await rings(desk, ticket)
    await desk.does("zhaoning", ticket, "retriage", {"triage_level": 3, "reason": "好转"})
    raised = await desk.does("zhaoning", ticket, "retriage", {"triage_level": 1, "reason": "休克"})
    assert await rings(desk, ticket)
    assert raised["acknowledged_at"] is None
    assert (await desk.does("zhoumin", ticket, "acknowledge"))["acknowledged_by"]["name"] == "周敏"
    assert not await rings(desk, ticket)


async def test_an_alarm_is_silent_once_a_doctor_has_lowered_the_level(desk: Desk) -> None:
    ticket = await desk.send(await desk.patient(), 2)
    assert await rings(desk, ticket)
    await desk.does("zhaoning", ticket, "retriage", {"triage_level": 3, "reason": "已稳定"})
    assert not await rings(desk, ticket), "nobody could acknowledge it any more"


async def test_a_critical_value_that_opens_before_sending_makes_an_emergency_of_a_draft(desk: Desk) -> None:
    patient = await desk.house.register_ma()
    refused = {"given": False, "by": "马建国", "relation": "本人"}
    drafted = await desk.draft(patient, 3, consent=refused)
    await critical_value(desk, patient)
    sent = await desk.does("lilan", drafted.body["id"], "send")
    assert (sent["triage_level"], sent["state"] in {"accepted", "bed-held"}) == (2, True)


async def test_a_critical_value_that_opens_while_a_ticket_waits_opens_the_green_channel(desk: Desk) -> None:
    patient = await desk.house.register_ma()
    waiting = await desk.send(patient, 3)
    await critical_value(desk, patient)
    await desk.house.pump()
    seen = await desk.ticket(waiting)
    assert (seen["triage_level"], seen["state"] in {"accepted", "bed-held"}) == (2, True)


async def test_a_dying_patient_is_admitted_though_another_house_still_shows_him_in_its_bed(desk: Desk) -> None:
    first = await desk.send(await desk.patient(), 2)
    await desk.does("lilan", first, "depart")
    await desk.does("zhoumin", first, "arrive")
    await desk.does("yangfan", first, "admit")
    bed = (await desk.ticket(first))["place"]["bed_id"]
    patient = (await desk.ticket(first))["patient"]["id"]
    on = await desk.send(patient, 1, by="zhaoning", from_org="C01", to_org="M01", department="心外")
    await desk.does("zhaoning", on, "depart")
    await desk.does("shizhuan", on, "arrive")
    beds = await desk.beds("心外", org="M01", who="shizhuan")
    target = (await desk.ticket(on, "shizhuan"))["place"]["bed_id"] or next(iter(beds.values()))["id"]
    admitted = await desk.asks("shizhuan", on, "admit", {"bed_id": target})
    assert admitted.status == 200, admitted.body
    assert (await desk.beds("骨科"))[bed.split(".")[1]]["state"] == "to-clean"
    await desk.does("zhaoning", first, "discharge", {"text": "转市中心医院"})
    there = await desk.beds("心外", org="M01", who="shizhuan")
    assert there[target.split(".")[1]]["state"] == "occupied", "the discharge here empties no bed there"
