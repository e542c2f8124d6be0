"""What is asked is asked again, what is done is off the list, what is owed is owed once, and nobody visits the dead."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders.reading_house import House
from tests.builders.referral_desk import Desk
from tests.server.workflows.test_referral_rights_story import PLAN, home

SAID = {"medicines": True, "equipment": True}
RESERVED = "骨科-06"


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


async def open_kinds(desk: Desk, ticket_id: str, *roles: tuple[str, str]) -> list[str]:
    """Return the kinds of what is open about a ticket for these roles."""
    found = [task for place, role in roles for task in await desk.house.tasks(place, role)]
    return [task.kind for task in found if task.subject_id == ticket_id]


async def debt(desk: Desk) -> int:
    """Return how many reserved beds C01 owes."""
    return int((await desk.house.call("zhoumin", "GET", "/api/v1/beds?org=C01")).body["quota"]["debt"])


async def follow_ups(desk: Desk, ticket_id: str, state: str = "open") -> list[dict[str, Any]]:
    """Return a ticket's follow-ups."""
    page = await desk.house.call("lilan", "GET", f"/api/v1/follow-ups?ticket={ticket_id}&state={state}")
    return list(page.body["items"])


async def test_a_way_home_that_is_handed_over_again_is_asked_again(desk: Desk) -> None:
    _, down = await home(desk)
    doctor = ("T01", "township-doctor")
    assert "referral-take-over" in await open_kinds(desk, down, doctor)
    await desk.does("lilan", down, "ask", {"text": "哪天拆线？"})
    asked = [task for role in ("consultant", "referral-desk") for task in await desk.house.tasks("C01", role)]
    assert any(task.kind == "referral-info" and task.subject_id == down for task in asked)
    await desk.does("zhaoning", down, "answer", {"text": "12 月 3 日"})
    await desk.does("lilan", down, "decline", {"code": "no-capability", "reason": "缺药"})
    await desk.does("zhaoning", down, "send")
    assert "referral-take-over" in await open_kinds(desk, down, doctor)
    await desk.does("lilan", down, "ask", {"text": "药到了吗？"})
    asked = [task for role in ("consultant", "referral-desk") for task in await desk.house.tasks("C01", role)]
    assert any(task.kind == "referral-info" and task.subject_id == down for task in asked)


async def test_what_was_late_is_off_the_list_once_it_is_done(desk: Desk) -> None:
    ticket = await desk.send(await desk.patient(), 3)
    desk.house.clock.at += timedelta(minutes=35)
    await desk.house.pump()
    role = ("C01", "referral-desk")
    assert "referral-late" in await open_kinds(desk, ticket, role)
    await desk.does("zhoumin", ticket, "open")
    assert "referral-late" not in await open_kinds(desk, ticket, role)
    await desk.does("zhaoning", ticket, "retriage", {"triage_level": 2, "reason": "发绀"})
    assert "referral-answer" not in await open_kinds(desk, ticket, role), "the system has answered"


async def test_an_unanswered_alarm_is_no_wait_beyond_the_target(desk: Desk) -> None:
    await desk.leave_free("骨科")
    ticket = await desk.send(await desk.patient(), 2)
    asked = ("C01", "consultant"), ("C01", "referral-desk")
    desk.house.clock.at += timedelta(minutes=11)
    await desk.house.pump()
    assert "referral-late" in await open_kinds(desk, ticket, *asked)
    assert "referral-retriage" not in await open_kinds(desk, ticket, *asked)
    for _ in range(16):
        desk.house.clock.at += timedelta(minutes=10)
        desk.house.forget_sessions()
        await desk.house.pump()
    assert "referral-retriage" in await open_kinds(desk, ticket, *asked)


async def test_a_new_triage_and_a_written_consent_end_what_asked_for_them(desk: Desk) -> None:
    ticket = await desk.accepted(await desk.patient(), 3)
    desk.house.clock.at += timedelta(hours=25)
    desk.house.forget_sessions()
    await desk.house.pump()
    assert "referral-retriage" in await open_kinds(desk, ticket, ("C01", "consultant"), ("C01", "referral-desk"))
    assert "referral-consent" in await open_kinds(desk, ticket, ("T01", "township-doctor"))
    await desk.does("zhaoning", ticket, "retriage", {"triage_level": 3, "reason": "无变化"})
    why = [event["data"].get("reason") for event in (await desk.ticket(ticket))["events"]]
    assert why.count("无变化") == 1, "why a level was set is kept"
    assert "referral-retriage" not in await open_kinds(desk, ticket, ("C01", "consultant"), ("C01", "referral-desk"))
    seen = await desk.ticket(ticket)
    body = {
        "summary": "跌倒后髋痛", "diagnosis": seen["diagnosis"],
        "consent": {"given": True, "by": "马建国", "relation": "本人"},
    }  # fmt: skip
    path = f"/api/v1/referrals/{ticket}"
    assert (await desk.house.call("lilan", "PUT", path, body, If_Match=f'"{seen["version"]}"')).status == 200
    assert "referral-consent" not in await open_kinds(desk, ticket, ("T01", "township-doctor"))


WELL = {"respiratory_rate": 16, "spo2": 97, "systolic": 125, "diastolic": 80, "heart_rate": 72, "temperature": 36.8}
WARM = {"temperature": 38.5}  # one point more, and still a low risk
WORSE = {"respiratory_rate": 25, "systolic": 90, "heart_rate": 95}  # seven: high


async def test_a_point_more_on_the_road_is_no_new_triage_and_a_class_of_risk_is(desk: Desk) -> None:
    ticket = await desk.send(await desk.patient(), 3)
    asked = ("C01", "consultant"), ("C01", "referral-desk")
    for vitals, kinds in ((WELL, 0), (WELL | WARM, 0), (WELL | WARM | WORSE, 1)):
        seen = await desk.ticket(ticket)
        body = {"summary": "跌倒后髋痛", "diagnosis": seen["diagnosis"], "vitals": vitals}
        path = f"/api/v1/referrals/{ticket}"
        assert (await desk.house.call("lilan", "PUT", path, body, If_Match=f'"{seen["version"]}"')).status == 200
        assert (await open_kinds(desk, ticket, *asked)).count("referral-retriage") == kinds, vitals


async def test_a_bed_that_is_blocked_without_an_end_is_asked_about(desk: Desk) -> None:
    bed = next(name for name, bed in (await desk.beds("骨科")).items() if bed["state"] == "available")
    await desk.bed_does(bed, "block", {"reason": "漏水"})
    desk.house.clock.at += timedelta(hours=25)
    desk.house.forget_sessions()
    await desk.house.pump()
    asked = [t for t in await desk.house.tasks("C01", "ward-nurse") if t.subject_id == f"C01.{bed}"]
    assert [task.kind for task in asked] == ["bed-block"]
    await desk.bed_does(bed, "unblock")
    assert not [t for t in await desk.house.tasks("C01", "ward-nurse") if t.subject_id == f"C01.{bed}"]


async def test_a_reserved_bed_that_nobody_lay_in_is_owed_to_nobody(desk: Desk) -> None:
    await desk.leave_free("骨科", RESERVED)
    ticket = await desk.send(await desk.patient(), 2)
    assert ((await desk.ticket(ticket))["place"]["label"], await debt(desk)) == (RESERVED, 1)
    await desk.does("zhoumin", ticket, "release-hold", {"reason": "等普通床"})
    assert await debt(desk) == 0
    await desk.does("zhoumin", ticket, "hold-bed")
    assert await debt(desk) == 1, "and once, however often it is held"


async def test_who_is_laid_into_a_reserved_bed_without_a_hold_owes_it_too(desk: Desk) -> None:
    await desk.leave_free("骨科")
    ticket = await desk.send(await desk.patient(), 2)
    await desk.does("lilan", ticket, "depart")
    await desk.does("zhoumin", ticket, "arrive")
    assert (await desk.ticket(ticket))["place"]["kind"] == "bay"
    assert (await desk.bed_does("骨科-03", "unblock")).status == 200
    freed = (await desk.ticket(ticket))["place"]["label"]
    assert freed == "骨科-03", "offered at once"
    assert (await desk.bed_does(RESERVED, "unblock")).status == 200
    await desk.does("yangfan", ticket, "admit", {"bed_id": f"C01.{RESERVED}"})
    assert await debt(desk) == 1


async def test_whoever_comes_back_into_hospital_is_visited_no_more_and_can_go_home_again(desk: Desk) -> None:
    up, down = await home(desk)
    await desk.does("lilan", down, "take-over", SAID)
    assert await follow_ups(desk, down)
    await desk.does("yangfan", up, "discharge", {"text": "出院"})
    patient = (await desk.ticket(up))["patient"]["id"]
    again = await desk.send(patient, 2)
    assert (await desk.ticket(again))["bounce_of"] == down
    await desk.does("lilan", again, "depart")
    await desk.does("zhoumin", again, "arrive")
    await desk.does("yangfan", again, "admit")
    assert await follow_ups(desk, down) == []
    roles = ("T01", "family-doctor"), ("T01", "township-doctor")
    assert "referral-visit" in await open_kinds(desk, down, *roles), "the old way home is to be ended"
    await desk.does("lilan", down, "admitted-elsewhere", {"reason": "再次入院"})
    assert await open_kinds(desk, down, *roles) == []
    second = await desk.does("zhaoning", again, "refer-down", PLAN)
    assert second["state"] == "handed-over"


async def test_nobody_is_sent_to_visit_the_dead(desk: Desk) -> None:
    up, down = await home(desk)
    await desk.does("lilan", down, "take-over", SAID)
    assert await follow_ups(desk, down)
    await desk.does("yangfan", up, "discharge", {"text": "出院"})
    await desk.does("lilan", down, "die", {"reason": "猝死"})
    assert await follow_ups(desk, down) == []
    assert not [t for t in await desk.house.tasks("T01", "family-doctor") if t.kind.startswith("follow-up")]


async def test_a_cloud_ward_needs_no_rehabilitation_plan_yet(desk: Desk) -> None:
    up, down = await home(desk)
    await desk.does("zhaoning", down, "cancel", {"reason": "改云病房"})
    ward = {"discharge_summary": "术后平稳", "medicines": ["阿司匹林"], "round_plan": "每日 09:00", "send": True}
    proposed = await desk.does("zhaoning", up, "refer-down", ward | {"cloud_ward": True, "stable": True})
    assert proposed["state"] == "handed-over"


async def test_visits_are_due_by_the_countys_own_rule(desk: Desk) -> None:
    rule = "/api/v1/rules/follow-up"
    newest = (await desk.house.call("admin", "GET", rule)).body
    changed = {"data": newest["data"] | {"call_days": 1, "urgent_pressure": [170, 105]}}
    put = await desk.house.call("admin", "PUT", rule, changed, If_Match=f'"{newest["newest"]}"')
    assert put.status == 200, put.body
    _, down = await home(desk)
    await desk.does("lilan", down, "take-over", SAID)
    call = next(visit for visit in await follow_ups(desk, down) if visit["kind"] == "call")
    assert datetime.fromisoformat(call["due_at"]) == desk.house.clock.at + timedelta(days=1)
    assert call["urgent_from"] == {"systolic": 170, "diastolic": 105}, "the device asks by the county's numbers too"
    assert call["urgent_from_pregnant"] == {"systolic": 140, "diastolic": 90}
