"""Consults over FHIR: the same requests, times and opinions as REST shows, to the same people, in R4."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.workflows import demo
from tests.builders.reading_house import House, reading_house
from tests.builders.referral_desk import Desk
from tests.flows.consulting import CONSULTS, OPINION, application
from tests.server.api.test_fhir import found, look

Json = dict[str, Any]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with reading_house(tmp_path) as house:
        house.at("10:00")
        yield house


def slot(hour: int, minute: int = 0) -> Json:
    """Return half an hour of the county's day."""
    return {
        "begins_at": f"2026-11-23T{hour:02}:{minute:02}:00+08:00",
        "ends_at": f"2026-11-23T{hour:02}:{minute + 29}:00+08:00",
    }


async def applied(house: House, **more: Any) -> Json:
    body = application(await house.register_ma(), mode="video", wanted_times=["2026-11-23T15:00:00+08:00"], **more)
    answer = await house.call("lilan", "POST", CONSULTS, body)
    assert answer.status == 201, answer.body
    return dict(answer.body)


async def does(house: House, who: str, consult: Json, name: str, body: Json | None = None) -> Json:
    answer = await house.call(who, "POST", f"{CONSULTS}/{consult['id']}/{name}", body)
    assert answer.status == 200, answer.body
    return dict(answer.body)


async def offered(house: House, *slots: Json) -> Json:
    consult = await applied(house)
    await does(house, "zhoumin", consult, "triage", {"experts": ["zhaoning"]})
    return await does(house, "zhoumin", consult, "offer-slots", {"slots": list(slots)})


async def signed(house: House) -> Json:
    consult = await applied(house)
    await does(house, "zhoumin", consult, "triage", {"experts": ["zhaoning"]})
    await does(house, "zhaoning", consult, "answer-in-writing")
    written = await house.call("zhaoning", "PUT", f"{CONSULTS}/{consult['id']}/opinion", OPINION, If_Match='"0"')
    assert written.status == 200, written.body
    return await does(house, "zhaoning", consult, "sign", {"password": demo.PASSWORD, "opinion_version": 1})


async def ids(house: House, who: str, path: str) -> list[str]:
    return [one["id"] for one in await found(house, who, path)]


async def test_a_consult_is_asked_for_before_the_eyes_of_both_sides(house: House) -> None:
    consult = await applied(house, urgency="urgent")
    for who in ("lilan", "zhoumin"):
        (asked,) = await found(house, who, "ServiceRequest?category=http://snomed.info/sct|11429006")
        assert (asked["id"], asked["status"], asked["priority"]) == (consult["id"], "active", "urgent")
        assert asked["requester"]["reference"] == "Organization/T01"
        assert {"text": "是否需要造影，用药如何调整"} in asked["note"]
    await does(house, "zhoumin", consult, "refuse", {"reason": "请转门诊"})
    assert (await look(house, "lilan", f"ServiceRequest/{consult['id']}")).body["status"] == "revoked"
    assert (await look(house, "lilan", f"Encounter/{consult['id']}")).body["status"] == "cancelled"


async def test_requests_of_both_kinds_are_found_together_page_by_page(house: House) -> None:
    desk = Desk(house)
    tickets = {await desk.send(await desk.patient(), 4) for _ in range(2)}
    consults = {(await applied(house))["id"] for _ in range(2)}
    assert set(await ids(house, "zhoumin", "ServiceRequest?category=3457005")) == tickets
    assert set(await ids(house, "zhoumin", "ServiceRequest?category=11429006")) == consults
    seen: list[str] = []
    path = "/fhir/ServiceRequest?_count=1"
    while path:
        answer = await house.call("zhoumin", "GET", path)
        seen += [entry["resource"]["id"] for entry in answer.body["entry"]]
        links = {link["relation"]: link["url"] for link in answer.body["link"]}
        path = links.get("next", "").partition("127.0.0.1")[2].lstrip(":0123456789")
    assert seen == sorted(tickets | consults)


async def test_a_time_is_proposed_booked_and_given_back(house: House) -> None:
    consult = await offered(house, slot(15), slot(16))
    times = {
        one["id"]: one for one in await found(house, "lilan", f"Appointment?based-on=ServiceRequest/{consult['id']}")
    }
    assert {one["status"] for one in times.values()} == {"proposed"}
    first, second = (kept["id"] for kept in consult["slots"])
    assert (times[first]["start"], times[first]["minutesDuration"]) == ("2026-11-23T07:00:00Z", 29)
    consult = await does(house, "lilan", consult, "choose-slot", {"slot_id": first})
    assert await ids(house, "zhaoning", "Appointment?status=booked&actor=Practitioner/zhaoning") == [first]
    assert await ids(house, "zhaoning", f"Appointment?status=cancelled&patient={consult['patient']['id']}") == [second]
    assert await ids(house, "zhaoning", "Appointment?actor=guoheng") == []
    planned = (await look(house, "zhoumin", f"Encounter/{consult['id']}")).body
    assert (planned["class"]["code"], planned["status"]) == ("VR", "planned")
    assert planned["appointment"] == [{"reference": f"Appointment/{first}"}]
    await does(house, "zhaoning", consult, "answer-in-writing")
    assert (await look(house, "lilan", f"Appointment/{first}")).body["status"] == "cancelled"
    assert await ids(house, "lilan", "Encounter?class=VR&status=in-progress") == [consult["id"]]
    assert consult["id"] not in await ids(house, "lilan", "Encounter?class=IMP&status=in-progress&_count=200")


async def test_an_offer_that_is_over_is_no_proposal_any_more(house: House) -> None:
    consult = await offered(house, slot(15))
    house.at("10:11")
    assert await ids(house, "lilan", "Appointment?status=proposed") == []
    assert await ids(house, "lilan", "Appointment?status=cancelled") == [consult["slots"][0]["id"]]


async def test_times_are_searched_by_day_and_a_page_is_full_of_those_that_fit(house: House) -> None:
    consult = await offered(house, slot(15), slot(16), slot(17))
    kept = [one["id"] for one in consult["slots"]]
    await does(house, "lilan", consult, "choose-slot", {"slot_id": kept[1]})
    assert await ids(house, "lilan", "Appointment?status=booked&_count=1") == [kept[1]]
    assert await ids(house, "lilan", "Appointment?date=ge2026-11-23T16:30:00%2B08:00") == [kept[2]]
    assert len(await ids(house, "lilan", "Appointment?date=2026-11-23")) == 3
    assert await ids(house, "lilan", "Appointment?date=2026-11-24") == []
    refused = await look(house, "lilan", "Appointment?date=soon")
    assert (refused.status, "date" in refused.body["issue"][0]["diagnostics"]) == (400, True)


async def test_an_opinion_is_a_document_once_it_is_signed_and_its_pdf_is_where_it_says(house: House) -> None:
    consult = await signed(house)
    for who in ("lilan", "zhaoning"):
        (opinion,) = await found(house, who, f"DocumentReference?patient={consult['patient']['id']}&type=11488-4")
        assert (opinion["id"], opinion["docStatus"]) == (consult["id"], "final")
        assert opinion["authenticator"]["identifier"]["value"] == "zhaoning"
        path = "/api/v1/" + opinion["content"][0]["attachment"]["url"].partition("/api/v1/")[2]
        assert (await house.call(who, "GET", path)).body.startswith(b"%PDF")
    assert await ids(house, "lilan", "DocumentReference?type=18842-5") == []
    assert await ids(house, "lilan", "DocumentReference?date=2026-11-23&status=current") == [consult["id"]]
    assert await ids(house, "lilan", "DocumentReference?_lastUpdated=gt2026-11-24") == []
    assert await ids(house, "lilan", "ServiceRequest?status=completed&category=11429006") == [consult["id"]]
    assert await ids(house, "lilan", "Encounter?status=finished&class=VR") == [consult["id"]]


async def test_what_is_still_written_is_nobodys_document(house: House) -> None:
    consult = await applied(house)
    await does(house, "zhoumin", consult, "triage", {"experts": ["zhaoning"]})
    await does(house, "zhaoning", consult, "answer-in-writing")
    await house.call("zhaoning", "PUT", f"{CONSULTS}/{consult['id']}/opinion", OPINION, If_Match='"0"')
    assert await found(house, "zhaoning", "DocumentReference") == []
    assert (await look(house, "zhaoning", f"DocumentReference/{consult['id']}")).status == 404


async def test_whoever_may_not_know_of_a_consult_finds_nothing(house: House) -> None:
    consult = await signed(house)
    for kind in ("ServiceRequest", "Encounter", "DocumentReference"):
        assert (await look(house, "helin", f"{kind}/{consult['id']}")).status == 404
    for kind in ("ServiceRequest?category=11429006", "Encounter?class=VR", "Appointment", "DocumentReference"):
        assert await found(house, "helin", kind) == []
    for kind in ("ServiceRequest?category=11429006", "Encounter?class=VR"):
        assert await found(house, "yangfan", kind) == [], "a ward nurse reads no consults elsewhere either"
    for kind in ("Appointment", "DocumentReference"):
        assert (await look(house, "yangfan", kind)).status == 403
        assert (await look(house, "", kind)).body["issue"][0]["code"] == "login"


async def test_who_sits_in_the_house_on_neither_side_reads_no_word_about_the_patient(house: House) -> None:
    consult = await signed(house)
    for kind in ("ServiceRequest", "Encounter", "DocumentReference"):
        shown = str((await look(house, "guoheng", f"{kind}/{consult['id']}")).body)
        for word in ("心绞痛", "造影", "诊断不明"):
            assert word not in shown
    pdf = await house.call("guoheng", "GET", f"{CONSULTS}/{consult['id']}/opinion/pdf")
    assert pdf.status == 403
