"""Who may not: strangers with a broken glass, other houses at a board, papers that name another patient's ticket."""

from typing import Any

import pytest
import sqlalchemy as sa

from server.db.tables.ledger import audit
from tests.builders.reading_house import House
from tests.builders.referral_desk import BEDS, REFERRALS, Desk

PLAN = {
    "discharge_summary": "骨折术后", "medicines": ["钙片 1 片 每日一次 3 个月"], "warning_signs": "患肢肿胀",
    "rehabilitation": "扶拐行走", "send": True,
}  # fmt: skip


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


async def home(desk: Desk, patient: str | None = None) -> tuple[str, str]:
    """Bring somebody to C01 and hand him over to T01 again; return the upward and the downward ticket."""
    up = await desk.send(patient or await desk.patient(), 2)
    await desk.does("lilan", up, "depart")
    await desk.does("zhoumin", up, "arrive")
    await desk.does("yangfan", up, "admit")
    down = await desk.does("zhaoning", up, "refer-down", PLAN)
    return up, str(down["id"])


async def breaks_the_glass(desk: Desk, who: str, patient_id: str) -> None:
    """Open a record in an emergency."""
    path = f"/api/v1/patients/{patient_id}/break-glass"
    assert (await desk.house.call(who, "POST", path, {"reason": "急诊抢救，病人昏迷"})).status == 200


async def refusals(desk: Desk, patient_id: str) -> set[tuple[str, str]]:
    """Return what was refused about a patient, by action and code, as the audit has it."""
    async with desk.house.hub.database.transaction() as connection:
        c = audit.c
        asked = sa.select(c.action, c.basis).where(c.patient_id == patient_id, c.outcome == "refused")
        return {(row.action, row.basis) for row in await connection.execute(asked)}


async def test_a_command_of_the_other_direction_is_not_possible_rather_than_not_hers(desk: Desk) -> None:
    _, down = await home(desk)
    for event in ("accept", "open", "hold-bed", "acknowledge"):
        refused = await desk.asks("lilan", down, event)
        assert (event, refused.status, refused.code) == (event, 409, "STATE")
        assert "take-over" in refused.body["legal"]


async def test_a_ticket_is_found_by_the_number_that_is_said_aloud_and_by_nobody_else(desk: Desk) -> None:
    ticket = await desk.ticket(await desk.send(await desk.patient()))
    for spoken in (ticket["number"], ticket["number"].lower().replace("-", " ")):
        seen = await desk.house.call("zhoumin", "GET", f"{REFERRALS}/{spoken}")
        assert (seen.status, seen.body["id"]) == (200, ticket["id"])
        assert (await desk.house.call("helin", "GET", f"{REFERRALS}/{spoken}")).status == 404
    opened = await desk.asks("zhoumin", ticket["number"], "open")
    assert (opened.status, opened.body["id"]) == (200, ticket["id"])
    wrong = ticket["number"][:-1] + ("H" if ticket["number"][-1] != "H" else "J")
    assert (await desk.house.call("zhoumin", "GET", f"{REFERRALS}/{wrong}")).status == 404


async def test_a_broken_glass_lets_nobody_speak_or_act_for_a_house_that_is_not_hers(desk: Desk) -> None:
    patient = await desk.house.register_ma()
    up, down = await home(desk, patient)
    await desk.does("lilan", down, "take-over", {"medicines": True, "equipment": True})
    visit = (await desk.house.call("lilan", "GET", f"/api/v1/follow-ups?ticket={down}")).body["items"][0]
    await breaks_the_glass(desk, "helin", patient)
    seen = await desk.house.call("helin", "GET", f"{REFERRALS}/{down}")
    assert (seen.status, seen.body["package"]) == (200, None)
    for path, body in (
        (f"{REFERRALS}/{up}/messages", {"text": "我是县医院"}),
        (f"{REFERRALS}/{down}/card", {"kind": "card"}),
        (f"/api/v1/follow-ups/{visit['id']}/complete", {"systolic": 130, "diastolic": 80}),
    ):
        answer = await desk.house.call("helin", "POST", path, body)
        assert (path, answer.status) == (path, 403)
    tried = {("message", "FORBIDDEN"), ("link", "FORBIDDEN"), ("complete", "FORBIDDEN")}
    assert await refusals(desk, patient) == tried, "that she tried is kept"
    shown = (await desk.house.call("helin", "GET", f"/api/v1/follow-ups/{visit['id']}")).body
    assert shown["commands"] == []
    village = await desk.house.call(
        "maxiaoyan", "POST", f"/api/v1/follow-ups/{visit['id']}/complete", {"systolic": 130, "diastolic": 80}
    )
    assert village.status == 200, "the village visits for its township"


async def test_another_house_sees_how_a_board_stands_and_nobody_on_it(desk: Desk) -> None:
    ours = await desk.send(await desk.patient(), 2)
    label = (await desk.ticket(ours))["place"]["label"]
    free = next(name for name, bed in (await desk.beds("骨科")).items() if bed["state"] == "available")
    assert (await desk.bed_does(free, "occupy", {"label": "王二小", "sex": "male"})).status == 200
    inside = await desk.beds("骨科")
    assert inside[free]["occupancy"]["label"] == "王二小"
    senders, strangers = await desk.beds("骨科", who="lilan"), await desk.beds("骨科", who="helin")
    assert senders[label]["hold"]["ticket_id"] == ours, "whoever sent the patient knows the bed"
    held = strangers[label]["hold"]
    assert (held["ticket_id"], held["number"], held["patient_name"]) == (None, "", "")
    assert (held["level"], bool(held["expires_at"])) == (2, True)
    for page in (senders, strangers):
        assert page[free]["occupancy"]["label"] == ""
        assert page[free]["occupancy"]["ticket_id"] is None


async def test_a_ward_lays_nobody_down_whose_record_is_closed_to_it(desk: Desk) -> None:
    free = next(name for name, bed in (await desk.beds("骨科")).items() if bed["state"] == "available")
    stranger = await desk.patient(by="helin")
    for patient_id in (stranger, "nobody-at-all"):
        answer = await desk.bed_does(free, "occupy", {"patient_id": patient_id})
        assert (answer.status, answer.code) == (403, "NO_CARE_RELATION")


async def test_a_ticket_is_based_on_none_of_another_patient(desk: Desk) -> None:
    theirs = await desk.send(await desk.patient(), 3)
    for key in (theirs, "0" * 24):
        answer = await desk.draft(await desk.patient(by="helin"), by="helin", based_on=key)
        assert (answer.status, answer.code) == (404, "NOT_FOUND")


@pytest.mark.parametrize("level", [1, 3])
async def test_nobody_is_sent_to_a_house_that_does_not_exist(desk: Desk, level: int) -> None:
    answer = await desk.draft(await desk.patient(), level, to_org="C99")
    assert (answer.status, answer.code) == (404, "NOT_FOUND")


async def test_follow_ups_go_to_the_township_or_a_village_of_it(desk: Desk) -> None:
    _, down = await home(desk)
    said: dict[str, Any] = {"medicines": True, "equipment": True}
    for elsewhere in ("T02", "X99"):
        answer = await desk.asks("lilan", down, "take-over", said | {"family_doctor_org": elsewhere})
        assert (answer.status, answer.code) == (404, "NOT_FOUND")
    taken = await desk.does("lilan", down, "take-over", said | {"family_doctor_org": "V0101"})
    assert taken["state"] == "taken-over"


async def test_nobody_is_taken_over_into_a_bed_that_waits_to_be_cleaned(desk: Desk) -> None:
    _, down = await home(desk)
    assert (await desk.bed_does("TP-01", "block", {"reason": "漏水"}, org="T01")).status == 200
    said = {"medicines": True, "equipment": True, "bed_id": "T01.TP-01"}
    answer = await desk.asks("lilan", down, "take-over", said)
    assert (answer.status, answer.code) == (422, "BED_UNSUITABLE")


async def test_an_order_on_a_round_is_the_townships_to_enter(desk: Desk) -> None:
    up = (await home(desk))[0]
    down = await desk.ticket(up, "zhaoning")
    assert down["id"] == up
    ward = PLAN | {"cloud_ward": True, "stable": True, "round_plan": "每日 09:00", "inpatient": True}
    first = next(t for t in (await desk.house.call("zhaoning", "GET", f"{REFERRALS}?box=down")).body["items"])
    await desk.does("zhaoning", first["id"], "cancel", {"reason": "改云病房"})
    cloud = await desk.does("zhaoning", up, "refer-down", ward)
    await desk.does("lilan", cloud["id"], "take-over", {"medicines": True, "equipment": True, "bed_id": "T01.TP-01"})
    path = f"{REFERRALS}/{cloud['id']}/rounds"
    answer = await desk.house.call("zhaoning", "POST", path, {"note": "平稳", "orders": "停双抗"})
    assert answer.status == 403
    assert (await desk.house.call("zhaoning", "POST", path, {"note": "平稳"})).status == 201


async def test_if_match_is_honoured_on_beds_holds_and_follow_ups(desk: Desk) -> None:
    bed = next(b for b in (await desk.beds("骨科")).values() if b["state"] == "available")
    path = f"{BEDS}/{bed['id']}/block"
    old = await desk.house.call("yangfan", "POST", path, {"reason": "维修"}, If_Match='"999"')
    assert (old.status, old.code) == (412, "VERSION")
    assert (
        await desk.house.call("yangfan", "POST", path, {"reason": "维修"}, If_Match=f'"{bed["version"]}"')
    ).status == 200
    held = await desk.send(await desk.patient(), 2)
    hold = (await desk.ticket(held))["place"]["hold_id"]
    path = f"/api/v1/bed-holds/{hold}/release"
    assert (await desk.house.call("zhoumin", "POST", path, {}, If_Match='"999"')).status == 412
    _, down = await home(desk)
    await desk.does("lilan", down, "take-over", {"medicines": True, "equipment": True})
    visit = (await desk.house.call("lilan", "GET", f"/api/v1/follow-ups?ticket={down}")).body["items"][0]
    path = f"/api/v1/follow-ups/{visit['id']}/complete"
    assert (
        await desk.house.call("lilan", "POST", path, {"systolic": 130, "diastolic": 80}, If_Match='"999"')
    ).status == 412


@pytest.mark.parametrize("name", ["depart", "extend", "block", "draft"])
async def test_a_time_without_a_zone_is_malformed(desk: Desk, name: str) -> None:
    ticket = await desk.send(await desk.patient(), 2)
    naive = "2026-11-23T12:00:00"
    hold = (await desk.ticket(ticket))["place"]["hold_id"]
    free = next(b["id"] for b in (await desk.beds("骨科")).values() if b["state"] == "available")
    who, path, body = {
        "depart": ("lilan", f"{REFERRALS}/{ticket}/depart", {"expected_arrival_at": naive}),
        "extend": ("zhoumin", f"/api/v1/bed-holds/{hold}/extend", {"until": naive}),
        "block": ("yangfan", f"{BEDS}/{free}/block", {"reason": "维修", "until": naive}),
        "draft": ("lilan", REFERRALS, {"patient_id": await desk.patient(), "triage_level": 3, "written_at": naive}),
    }[name]
    answer = await desk.house.call(who, "POST", path, body)
    assert (answer.status, answer.code) == (400, "MALFORMED")
