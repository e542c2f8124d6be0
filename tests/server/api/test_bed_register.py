"""Wards and beds come into being by REST: an installation without the demo county has none."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders.reading_house import House, reading_house
from tests.builders.referral_desk import Desk

WARD = {"organization_id": "T02", "name": "外科", "department": "外科", "phone": "8802 0130"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with reading_house(tmp_path) as running:
        yield running


async def test_an_administrator_adds_a_ward_with_a_bed_that_a_ticket_can_have(house: House) -> None:
    assert (await house.call("lilan", "POST", "/api/v1/wards", WARD)).status == 403
    ward = await house.call("admin", "POST", "/api/v1/wards", WARD)
    assert (ward.status, ward.body["id"], ward.body["stale"]) == (201, "T02.外科", True), ward.body
    assert (await house.call("admin", "POST", "/api/v1/wards", WARD)).status == 409
    bed = {"ward_id": "T02.外科", "label": "外科-01", "sex": "female", "devices": ["oxygen"]}
    added = await house.call("admin", "POST", "/api/v1/beds", bed)
    assert (added.status, added.body["id"], added.body["state"]) == (201, "T02.外科-01", "available"), added.body
    again = await house.call("admin", "POST", "/api/v1/beds", bed)
    assert (again.status, again.code) == (409, "STATE")
    bad = await house.call("admin", "POST", "/api/v1/beds", bed | {"label": "a/b"})
    assert (bad.status, bad.code) == (400, "MALFORMED"), "a label stands in addresses"
    desk = Desk(house)
    ticket = await desk.send(await desk.patient(sex="female"), 2, to_org="T02", department="外科")
    assert (await desk.ticket(ticket))["place"]["label"] == "外科-01"
    refused = await house.call("admin", "POST", "/api/v1/beds/T02.外科-01/withdraw", {"reason": "报废"})
    assert (refused.status, refused.code) == (409, "BED_TAKEN"), "somebody has it promised"


async def test_a_withdrawn_bed_leaves_the_board_and_the_quota_s_base(house: House) -> None:
    before = await house.call("zhoumin", "GET", "/api/v1/beds?org=C01")
    free = next(b["id"] for b in before.body["items"] if b["state"] == "available" and b["kind"] == "bed")
    assert (await house.call("yiwu", "POST", f"/api/v1/beds/{free}/withdraw", {})).code == "REASON_REQUIRED"
    gone = await house.call("yiwu", "POST", f"/api/v1/beds/{free}/withdraw", {"reason": "改作库房"})
    assert gone.status == 204, gone.body
    after = await house.call("zhoumin", "GET", "/api/v1/beds?org=C01")
    assert after.body["quota"]["total"] == before.body["quota"]["total"] - 1
    assert free not in {b["id"] for b in after.body["items"]}


async def test_a_road_is_known_in_both_directions(house: House) -> None:
    written = await house.call("admin", "PUT", "/api/v1/travel-times", {"between": ["T02", "T01"], "minutes": 35})
    assert written.body == {"between": ["T01", "T02"], "minutes": 35}
    desk = Desk(house)
    drafted = await desk.draft(await desk.patient(), 3, to_org="T02", department="全科", travel_minutes=None)
    assert drafted.body["travel_minutes"] == 35


async def test_a_doctor_on_duty_is_named_where_to_refer_to(house: House) -> None:
    asked = {
        "from_org": "T01",
        "department": "骨科",
        "triage_level": 3,
        "needs": {"department": "骨科"},
        "diagnosis": {},
    }
    body = {"organization_id": "C01", "name": "骨科", "services": ["trauma"], "on_duty": ["韩雪"]}
    assert (await house.call("lilan", "PUT", "/api/v1/departments", body)).status == 403
    written = await house.call("yiwu", "PUT", "/api/v1/departments", body)
    assert (written.status, written.body["on_duty"]) == (200, ["韩雪"]), written.body
    offers = await house.call("lilan", "POST", "/api/v1/referrals/suggest-targets", asked)
    assert "韩雪" in offers.body["targets"][0]["reason"]["zh"]


async def test_outside_the_network_the_sender_keeps_the_book(house: House) -> None:
    desk = Desk(house)
    drafted = await desk.draft(await desk.patient(), 3, to_org=None, outside_name="省人民医院")
    ticket = drafted.body["id"]
    await desk.does("lilan", ticket, "ask-review", {"reason": "病人要求"})
    await desk.does("haiying", ticket, "review", {"approved": True, "cause": "patient-wish", "reason": "同意"})
    seen = drafted.body
    for command in ("send", "open", "accept", "depart", "arrive"):
        seen = await desk.does("lilan", ticket, command)
    assert seen["state"] == "arrived"
    done = await desk.does("lilan", ticket, "treat-and-release", {"text": "门诊处理"})
    assert done["state"] == "discharged"
    told = await desk.does("lilan", ticket, "send-outcome", {"diagnosis": "骨折复位", "treatment": "石膏"})
    assert told["state"] == "outcome-sent"


async def test_a_bed_offers_what_its_ward_may_do_and_no_more(house: House) -> None:
    desk = Desk(house)
    await desk.leave_free("骨科", "骨科-03")
    before = await desk.beds("骨科")
    walk_in = next(bed for bed in before.values() if bed["state"] == "occupied" and not bed["occupancy"]["ticket_id"])
    assert offered(walk_in)["vacate"] == (True, None)
    ticket = await desk.accepted(await desk.patient(), 3)
    for who, event in (("zhoumin", "hold-bed"), ("yangfan", "arrive"), ("yangfan", "admit")):
        await desk.does(who, ticket, event)
    bed = (await desk.beds("骨科"))["骨科-03"]
    assert offered(bed)["vacate"] == (False, "STATE"), "he is discharged on his ticket"
    assert offered(bed)["move"] == (True, None)
    refused = await desk.bed_does("骨科-03", "vacate")
    assert (refused.status, refused.code) == (409, "STATE")


def offered(bed: dict[str, Any]) -> dict[str, tuple[bool, str | None]]:
    return {command["name"]: (command["allowed"], command["reason"]) for command in bed["commands"]}


@pytest.mark.parametrize(("event", "body"), [("expect", {}), ("vacate", {}), ("move", {"to_bed_id": "C01.骨科-04"})])
async def test_an_empty_bed_says_what_cannot_be_done_in_it(house: House, event: str, body: dict[str, str]) -> None:
    refused = await Desk(house).bed_does("骨科-03", event, body)
    assert (refused.status, refused.code) == (409, "STATE")
    assert event in refused.body["detail"]
