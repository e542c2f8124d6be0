"""Scenarios A8, A12 and A13 and the refusals of domain.md part 3 that concern tickets and beds, on a running hub."""

import asyncio
from datetime import timedelta
from itertools import count

from tests.builders.referral_desk import resident_id
from tests.flows.county import PATIENCE, County, Json, Person, utc
from tests.flows.referring import (
    HEART_FAILURE,
    INFARCT,
    REFERRALS,
    about_bed,
    beds_of,
    commands,
    drafts,
    leaves_free,
    possible,
    refused,
    sees_ticket,
    sends,
    ticket_body,
)

DISSECTION: Json = {"code": "I71.000x001", "system": "ICD-10", "name": "主动脉夹层"}
COLD: Json = {"code": "J06.900", "system": "ICD-10", "name": "急性上呼吸道感染"}
ROUND_PLAN: Json = {
    "discharge_summary": "PCI 术后第 5 天，平稳", "medicines": ["阿司匹林 100 mg"], "cloud_ward": True,
    "inpatient": True,
    "round_plan": "每日 09:00 远程查房，生命体征 + 心电图", "reason_code": "cloud-ward", "risk_tier": "red",
}  # fmt: skip


SERIALS = count(1)


def somebody(name: str, **more: object) -> Json:
    """Return a resident with her card."""
    card = {"system": "resident-id", "value": resident_id(next(SERIALS), "female")}
    return {"name": name, "sex": "female", "birth_date": "1960-01-01", "identifiers": [card], **more}


async def offered(desk: Person, number: str, within: timedelta, since: str) -> Json:
    """Wait until the desk has been told that a bed is this ticket's."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while loop.time() < end:
        for item in (await desk.sees("/api/v1/tasks?mine=1"))["items"]:
            if item["kind"] == "referral-bed" and number in item["zh"]:
                assert utc(item["created_at"]) - utc(since) <= within
                return dict(item)
        await asyncio.sleep(0.1)
    raise AssertionError(f"nobody was told that a bed is free for {number}")


async def test_a8_what_the_county_cannot_treat_leaves_it_by_the_register(yunling: County) -> None:
    await yunling.at("14:00")
    ning, xue, wu = await yunling.person("zhaoning"), await yunling.person("hanxue"), await yunling.person("yiwu")
    shi = await yunling.person("shizhuan")
    patient = await yunling.registers(xue, somebody("者桂花"))
    out: Json = {"from_org": "C01", "to_org": "M01", "diagnosis": DISSECTION, "summary": "CTA：主动脉夹层 A 型"}
    ticket = await sends(ning, patient, 1, "心外", **out)
    assert ticket["state"] in {"accepted", "bed-held"}, "an emergency is not held up by the review"
    assert ticket["place"] is not None
    await wu.task("外转", ticket["number"])
    reviewed = await commands(
        wu, ticket, "review", {"approved": True, "cause": "beyond-capability", "reason": "县内不能手术"}
    )
    assert reviewed["version"] > ticket["version"]
    assert "reviewed" in {event["name"] for event in (await sees_ticket(ning, ticket))["events"]}
    assert (await commands(shi, ticket, "acknowledge"))["acknowledged_by"]["name"] == "石专"

    routine = await drafts(ning, patient, 3, "心内", **out)
    assert await refused(ning, routine, "send") == "422 REVIEW_REQUIRED"
    await commands(ning, routine, "ask-review", {"reason": "随访瓣膜"})
    assert await refused(ning, routine, "review", {"approved": True, "cause": "x", "reason": "y"}) == "403 FORBIDDEN"
    await commands(wu, routine, "review", {"approved": True, "cause": "needs-equipment", "reason": "同意"})
    assert (await commands(ning, routine, "send"))["state"] == "sent"


async def test_a12_a_stable_patient_moves_to_a_cloud_ward_and_comes_back_by_the_green_channel(yunling: County) -> None:
    await yunling.at("09:00")
    lan, desk, fan = await yunling.person("lilan"), await yunling.person("zhoumin"), await yunling.person("yangfan")
    patient = await yunling.registers(lan, somebody("虎玉梅"))
    ticket = await sends(lan, patient, 2, "神内", diagnosis=INFARCT)
    await commands(lan, ticket, "depart")
    await commands(desk, ticket, "arrive")
    await commands(fan, ticket, "admit")
    await leaves_free(fan, "C01", "神内")
    waits = await sends(lan, await yunling.registers(lan, somebody("苏凤英")), 3, "神内")
    await commands(desk, waits, "open")
    await commands(desk, waits, "accept")
    assert await refused(desk, waits, "hold-bed") == "409 NO_BED"

    home = await moves_to_a_cloud_ward(yunling, ticket, waits)
    await is_seen_by_a_remote_round(yunling, home)
    back = await sends(lan, patient, 1, "CCU", diagnosis=INFARCT, summary="HR 38，晕厥")
    assert back["bounce_of"] == home["id"]
    assert (back["state"], back["place"]["label"][:3]) == ("bed-held", "CCU"), "CCU first"


async def moves_to_a_cloud_ward(yunling: County, ticket: Json, waits: Json) -> Json:
    """Day 5, stable: the hospital proposes, the township takes him into TP-01; the freed bed is offered."""
    yunling.goes_on(days=5)
    await yunling.at("10:00")
    lan, ning = await yunling.person("lilan"), await yunling.person("zhaoning")
    desk, fan = await yunling.person("zhoumin"), await yunling.person("yangfan")
    bed = (await sees_ticket(desk, ticket))["place"]["bed_id"]
    unstable = await commands(ning, ticket, "refer-down", {**ROUND_PLAN, "rehabilitation": "康复", "draft": True})
    assert await refused(ning, unstable, "send") == "422 NOT_STABLE"
    await commands(ning, unstable, "cancel", {"reason": "重写"})
    home = await commands(
        ning, ticket, "refer-down", {**ROUND_PLAN, "rehabilitation": "康复", "stable": True, "send": True}
    )
    assert home["state"] == "handed-over"
    taken = await commands(lan, home, "take-over", {"medicines": True, "equipment": True, "bed_id": "T01.TP-01"})
    assert (taken["state"], taken["place"]["label"]) == ("taken-over", "TP-01")
    assert (await beds_of(lan, "T01"))["TP-01"]["state"] == "occupied"
    freed = next(b for b in (await beds_of(fan, "C01", "神内")).values() if b["id"] == bed)
    assert freed["state"] == "to-clean"
    await about_bed(fan, bed, "clean")
    await offered(desk, waits["number"], timedelta(minutes=1), yunling.moment("10:00").isoformat())
    return home


async def is_seen_by_a_remote_round(yunling: County, home: Json) -> None:
    """Day 6 at 09:00: a round note signed by both, an order entered by the township."""
    yunling.goes_on(days=1)
    await yunling.at("09:00")
    lan, ning = await yunling.person("lilan"), await yunling.person("zhaoning")
    noted = await ning.does(
        f"{REFERRALS}/{home['id']}/rounds", {"note": "无胸痛，继续双抗", "vitals": {"heart_rate": 62}}
    )
    assert (noted["hospital_signed_by"]["name"], noted["township_signed_by"]) == ("赵宁", None)
    signed = await lan.does(f"{REFERRALS}/{home['id']}/rounds/{noted['id']}/sign", {"orders": "明晨复查心电图"})
    assert (signed["township_signed_by"]["name"], signed["orders"]) == ("李兰", "明晨复查心电图")


async def test_a13_the_guide_warns_and_targets_say_why(yunling: County) -> None:
    await yunling.at("11:00")
    lin = await yunling.person("helin")
    patient = await yunling.registers(lin, somebody("田小兰"))
    cold: Json = {"from_org": "T02", "diagnosis": COLD, "summary": "咽痛 2 天，体温 37.4"}
    ticket = await drafts(lin, patient, 4, "呼吸", **cold)
    warned = await lin.asks("POST", f"{REFERRALS}/{ticket['id']}/send", {})
    assert warned.code == "422 WITHIN_BASE_SCOPE"
    assert warned.body["zh"], "it says why"
    sent = await commands(lin, ticket, "send", {"reason": "家属坚持，已沟通"})
    assert (sent["state"], sent["unscheduled_reason"]) == ("sent", "家属坚持，已沟通")
    asked = {
        "from_org": "T02",
        "department": "心内",
        "triage_level": 2,
        "needs": {"department": "心内"},
        "diagnosis": INFARCT,
    }
    offers = (await lin.does(f"{REFERRALS}/suggest-targets", asked))["targets"]
    assert offers[0]["organization"]["id"] == "C01"
    assert all(offer["reason"]["zh"] for offer in offers)
    assert (offers[0]["minutes"], offers[0]["free"] > 0) == (50, True)


async def test_refusals_name_what_to_do(yunling: County) -> None:
    await yunling.at("08:30")
    lan, lin = await yunling.person("lilan"), await yunling.person("helin")
    expired = [{"category": "registered-poverty", "from": "2020-01-01", "to": str(yunling.day - timedelta(days=1))}]
    patient = await yunling.registers(lan, somebody("丁秀珍", assistance=expired))

    empty = await lan.asks("POST", REFERRALS, ticket_body(patient, summary="", diagnosis={"code": "", "name": ""}))
    told = await lan.asks("POST", f"{REFERRALS}/{empty.body['id']}/send", {})
    assert told.code == "422 INCOMPLETE"
    assert set(told.body["missing"]) == {"diagnosis", "summary"}

    no_agreement = await drafts(lin, await yunling.registers(lin, somebody("冶小红")), 3, from_org="T02", to_org="M01")
    assert await refused(lin, no_agreement, "send") == "422 AGREEMENT_REQUIRED"

    unwilling = await drafts(lan, patient, 3, "骨科", consent={"given": False, "by": "丁秀珍", "relation": "本人"})
    assert await refused(lan, unwilling, "send") == "422 CONSENT_REQUIRED"
    await commands(lan, unwilling, "cancel", {"reason": "不同意"})

    await _refused_on_the_way(yunling, patient)


async def _refused_on_the_way(yunling: County, patient: str) -> None:
    lan, desk, fan = await yunling.person("lilan"), await yunling.person("zhoumin"), await yunling.person("yangfan")
    ticket = await sends(lan, patient, 3)
    other = await drafts(lan, patient, 3, "骨科")
    assert other["state"] == "draft", "another department is another ticket"
    assert await refused(lan, ticket, "admit", {}) in {"409 STATE", "403 FORBIDDEN"}
    assert await refused(desk, ticket, "decline", {}) in {"422 REASON_REQUIRED", "409 STATE"}
    await commands(desk, ticket, "open")
    assert await refused(desk, ticket, "decline", {}) == "422 REASON_REQUIRED"
    assert await refused(desk, ticket, "send-outcome", {"diagnosis": "x"}) == "409 STATE", "return before admission"
    illegal = await desk.asks("POST", f"{REFERRALS}/{ticket['id']}/discharge", {})
    assert illegal.code in {"409 STATE", "403 FORBIDDEN"}
    legal = await fan.asks("POST", f"{REFERRALS}/{ticket['id']}/discharge", {})
    assert (legal.code, "accept" in legal.body["legal"]) == ("409 STATE", True), "it names what is legal"
    await commands(desk, ticket, "accept")
    named = await desk.asks("POST", f"{REFERRALS}/{ticket['id']}/hold-bed", {"bed_id": "C01.心内-12"})
    assert named.code == "422 NOT_ELIGIBLE", "the category ended yesterday: for the quota only"
    held = await commands(desk, ticket, "hold-bed")
    assert held["state"] == "bed-held", "care goes on"
    second = await sends(lan, await yunling.registers(lan, somebody("海秀英")), 3, diagnosis=HEART_FAILURE)
    await commands(desk, second, "open")
    await commands(desk, second, "accept")
    taken = await desk.asks("POST", f"{REFERRALS}/{second['id']}/hold-bed", {"bed_id": held["hold"]["bed_id"]})
    assert (taken.code, bool(taken.body["until"])) == ("409 BED_TAKEN", True)
    await commands(lan, ticket, "depart")
    await commands(desk, ticket, "arrive")
    assert await refused(lan, ticket, "cancel", {"reason": "x"}) == "409 STATE", "after the arrival"
    assert "cancel" not in possible(await sees_ticket(lan, ticket))
