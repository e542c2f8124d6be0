"""Before a ticket is written: where the patient could go and why, and what the record knows already."""

from typing import Any

import pytest

from tests.builders.reading_house import MA_ID, Answer, House
from tests.builders.referral_desk import FRACTURE, Desk

SUGGEST = "/api/v1/referrals/suggest-targets"
COLD = {"code": "J06.900", "system": "ICD-10", "name": "急性上呼吸道感染"}


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


async def ask(desk: Desk, who: str = "lilan", **more: Any) -> Answer:
    """Ask where to send somebody with a broken hip at level Ⅲ."""
    body: dict[str, Any] = {"department": "骨科", "triage_level": 3, "needs": {}, "diagnosis": FRACTURE}
    return await desk.house.call(who, "POST", SUGGEST, body | more)


async def target(desk: Desk, organization: str = "C01", **more: Any) -> dict[str, Any]:
    """Return what is said of one place."""
    answer = await ask(desk, **more)
    assert answer.status == 200, answer.body
    return next(t for t in answer.body["targets"] if t["organization"]["id"] == organization)


async def prefill(desk: Desk, patient_id: str, who: str = "lilan") -> Answer:
    """Ask what the record knows."""
    return await desk.house.call(who, "GET", f"/api/v1/referrals/prefill?patient_id={patient_id}")


async def test_the_county_hospital_is_offered_first_with_beds_road_age_and_reason(desk: Desk) -> None:
    await desk.leave_free("骨科", "骨科-03", "骨科-06")
    answer = await ask(desk)
    first = answer.body["targets"][0]
    assert first["organization"] == {"id": "C01", "name": "云岭县人民医院", "phone": "8888 0120"}
    assert (first["minutes"], first["agreed"], first["lacking"]) == (42, True, [])
    assert first["free"] == 1, "骨科-06 is reserved, and nobody was named"
    for words in ("有骨科", "空床 1", "42 分钟"):
        assert words in first["reason"]["zh"]
    assert all(t["organization"]["id"] not in {"T01", "B01", "V0101"} for t in answer.body["targets"])
    names = {d["organization_id"]: d["names"] for d in answer.body["departments"]}
    assert "骨科" in names["C01"]


async def test_free_beds_are_counted_for_this_patient(desk: Desk) -> None:
    await desk.leave_free("骨科", "骨科-03", "骨科-06")
    man, poor = await desk.patient(), await desk.patient(poor=True)
    assert (await target(desk, patient_id=man))["free"] == 1
    assert (await target(desk, patient_id=poor))["free"] == 2, "the reserved bed is hers too"
    await desk.accepted(man)
    await desk.does("zhoumin", (await desk.queue())[0]["id"], "hold-bed")
    assert (await target(desk, patient_id=poor))["free"] == 1, "one is promised now"


async def test_a_bed_for_women_is_no_bed_for_a_man(desk: Desk) -> None:
    beds = await desk.beds("心内")
    free = [b for b in beds.values() if b["state"] == "available" and b["pool"] == "general"]
    women = [b for b in free if b["sex"] == "female"]
    assert women, "the demo county has one"
    man, woman = await desk.patient(), await desk.patient(sex="female")
    for_men = await target(desk, department="心内", patient_id=man)
    for_women = await target(desk, department="心内", patient_id=woman)
    assert for_women["free"] == for_men["free"] + len(women) - sum(b["sex"] == "male" for b in free)


async def test_old_knowledge_is_shown_as_old_until_a_shift_confirms(desk: Desk) -> None:
    await desk.house.call("yangfan", "POST", "/api/v1/wards/C01.骨科/confirm")
    fresh = await target(desk)
    assert (fresh["stale"], fresh["age_minutes"]) == (False, 0)
    desk.house.at("11:00")
    old = await target(desk)
    assert (old["stale"], old["age_minutes"]) == (True, 180)
    assert "3 小时前" in old["reason"]["zh"]
    await desk.house.call("yangfan", "POST", "/api/v1/wards/C01.骨科/confirm")
    assert (await target(desk))["stale"] is False


async def test_what_is_lacking_is_said_and_comes_last(desk: Desk) -> None:
    answer = await ask(desk, department="CCU", triage_level=1, needs={"icu": True, "devices": ["ventilator"]})
    offered = {t["organization"]["id"]: t for t in answer.body["targets"]}
    assert answer.body["targets"][0]["organization"]["id"] == "C01"
    assert offered["T02"]["lacking"], "a township has no CCU"
    assert offered["T02"]["lacking"][0] == "CCU"
    nowhere = await target(desk, needs={"devices": ["ECMO"]})
    assert nowhere["lacking"] == ["ECMO"]


async def test_the_guide_says_what_a_township_treats_itself(desk: Desk) -> None:
    kept = await ask(desk, diagnosis=COLD, department="内科")
    assert kept.body["scope"]["within"] is True
    assert kept.body["scope"]["zh"]
    assert (await ask(desk, diagnosis={"name": "不明"})).body["scope"] is None
    hospital = await ask(desk, who="zhaoning", diagnosis=COLD, department="内科")
    assert hospital.status == 200


async def test_only_who_sends_and_may_see_the_patient_asks(desk: Desk) -> None:
    patient = await desk.patient()
    stranger = await ask(desk, who="helin", patient_id=patient)
    assert (stranger.status, stranger.code) == (403, "NO_CARE_RELATION")
    assert "诊疗关系" in stranger.body["detail"], "she is told what to do, not an id"
    assert (await ask(desk, from_org="T02")).status == 403
    assert (await ask(desk, who="weijian")).status == 403
    trail = await desk.house.call("shenji", "GET", "/api/v1/audit?limit=200")
    assert not any(r["action"] == "suggest" and r["patient_id"] == patient for r in trail.body["items"])
    await ask(desk, patient_id=patient)
    trail = await desk.house.call("shenji", "GET", "/api/v1/audit?limit=200")
    assert any(r["action"] == "suggest" and r["patient_id"] == patient for r in trail.body["items"])


async def test_the_record_fills_a_new_ticket(desk: Desk) -> None:
    order_id, report_id = await desk.house.released_report()
    order = await desk.house.order("lilan", order_id)
    patient = await desk.house.register_ma()
    known = await prefill(desk, patient)
    assert known.status == 200
    assert known.body["report_ids"] == [report_id]
    assert order["study_uid"] in known.body["study_uids"]
    assert known.body["reports"][0]["impression"] == "未见气胸"
    assert "未见气胸" in known.body["summary"]
    assert known.body["diagnosis_name"] == "", "a report that found nothing names no diagnosis"
    assert known.body["assistance"] == ["registered-poverty"]
    assert (known.body["track"], known.body["vitals"]) == (None, None)
    trail = await desk.house.call("shenji", "GET", "/api/v1/audit?limit=200")
    assert any(r["action"] == "prefill" and r["patient_id"] == patient for r in trail.body["items"])


async def test_what_somebody_still_writes_is_not_quoted_and_old_reports_are_left_out(desk: Desk) -> None:
    _, report_id = await desk.house.released_report()
    patient = await desk.house.register_ma()
    await desk.house.ready_order(study=2)
    (second,) = [o for o in await desk.house.orders("hazhiyuan") if o["state"] == "ready"]
    await desk.house.command("hazhiyuan", second["id"], "claim")
    await desk.house.write("hazhiyuan", second["id"], impression="草稿里的字")
    known = await prefill(desk, patient)
    assert known.body["report_ids"] == [report_id]
    assert "草稿" not in known.body["summary"]
    desk.house.at("09:00", day=30)
    later = await prefill(desk, patient)
    assert later.body["report_ids"] == []


async def test_a_positive_report_suggests_the_diagnosis(desk: Desk) -> None:
    order_id = await desk.house.ready_order()
    await desk.house.command("hazhiyuan", order_id, "claim")
    report = await desk.house.write("hazhiyuan", order_id, impression="左侧气胸，压缩 30%\n建议转诊", positive=True)
    await desk.house.about("hazhiyuan", report.body["id"], "sign")
    await desk.house.about("luoyan", report.body["id"], "verify")
    known = await prefill(desk, await desk.house.register_ma())
    assert known.body["diagnosis_name"] == "左侧气胸，压缩 30%"


async def test_an_open_ticket_is_shown_to_be_tracked_with_its_vitals(desk: Desk) -> None:
    patient = await desk.patient(allergies="青霉素")
    vitals = {"systolic": 92, "diastolic": 58, "heart_rate": 52, "spo2": 94}
    drafted = await desk.draft(patient, vitals=vitals, medicines=["氨氯地平 5 mg"])
    known = await prefill(desk, patient)
    assert known.body["allergies"] == "青霉素"
    assert known.body["track"]["number"] == drafted.body["number"]
    assert known.body["vitals"]["systolic"] == 92
    assert known.body["medicines"] == ["氨氯地平 5 mg"]
    desk.house.at("09:00", day=24)
    old = await prefill(desk, patient)
    assert old.body["vitals"] is None, "vital signs of yesterday are none"


async def test_a_stay_that_is_over_is_nothing_to_track(desk: Desk) -> None:
    patient = await desk.patient()
    ticket = await desk.send(patient, 2)
    for who, command in (("lilan", "depart"), ("zhoumin", "arrive"), ("yangfan", "admit")):
        await desk.does(who, ticket, command)
    assert (await prefill(desk, patient)).body["track"]["id"] == ticket
    await desk.does("yangfan", ticket, "discharge", {"text": "出院"})
    assert (await prefill(desk, patient)).body["track"] is None, "whoever falls ill again is sent again"


async def test_nothing_is_told_of_a_stranger(desk: Desk) -> None:
    patient = await desk.patient()
    for who, code in (("helin", "NO_CARE_RELATION"), ("weijian", "FORBIDDEN")):
        refused = await prefill(desk, patient, who)
        assert (refused.status, refused.code) == (403, code)
    assert (await prefill(desk, "nobody")).status == 403
    assert MA_ID not in str((await prefill(desk, patient)).body)


async def test_a_department_that_the_receiver_has_not_is_refused_and_those_it_has_are_named(desk: Desk) -> None:
    drafted = await desk.draft(await desk.patient(), 3, to_org="M01", department="骨科")
    refused = await desk.asks("lilan", drafted.body["id"], "send")
    assert (refused.status, refused.code, refused.body["department"]) == (422, "NO_DEPARTMENT", "骨科")
    assert "心内" in refused.body["departments"]
    assert refused.body["detail"].startswith("接收机构没有骨科，有：")


async def test_an_emergency_is_received_at_the_door_whatever_department_was_written(desk: Desk) -> None:
    ticket = await desk.ticket(await desk.send(await desk.patient(), 1, department="卒中"))
    assert (ticket["state"], ticket["place"]["kind"]) == ("accepted", "bay")
