"""FHIR over HTTP: the same tickets, beds and patients as REST shows, to the same people, in R4."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from server.api.resources import endpoints
from server.fhir.capability import SEARCHES
from server.fhir.words import fhir_id
from tests.builders.reading_house import Answer, House, reading_house
from tests.builders.referral_desk import Desk

PLAIN, HELD = "骨科-02", "骨科-03"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with reading_house(tmp_path) as house:
        house.at("08:00")
        yield Desk(house)


async def look(house: House, who: str, path: str, **headers: str) -> Answer:
    answer = await house.call(who, "GET", f"/fhir/{path}", **headers)
    assert answer.headers["Content-Type"] == "application/fhir+json; charset=utf-8"
    get_fhir_model_class(answer.body["resourceType"]).model_validate(answer.body)
    return answer


async def found(house: House, who: str, path: str) -> list[dict[str, Any]]:
    answer = await look(house, who, path)
    assert (answer.status, answer.body["type"]) == (200, "searchset"), answer.body
    return [entry["resource"] for entry in answer.body.get("entry", [])]


async def test_a_ticket_is_asked_and_worked_on_before_the_eyes_of_both_sides(desk: Desk) -> None:
    house, patient_id = desk.house, await desk.patient()
    ticket_id = await desk.send(patient_id, 3)
    for who in ("lilan", "zhoumin"):
        (asked,) = await found(house, who, f"ServiceRequest?patient=Patient/{patient_id}")
        assert (asked["id"], asked["status"], asked["priority"]) == (ticket_id, "active", "urgent")
        assert asked["performer"][0]["reference"] == "Organization/C01"
    work = (await look(house, "zhoumin", f"Task/{ticket_id}")).body
    assert (work["status"], work["businessStatus"]["coding"][0]["code"]) == ("requested", "sent")
    house.at("08:20")
    await desk.does("zhoumin", ticket_id, "open")
    await desk.does("zhoumin", ticket_id, "accept")
    answer = await look(house, "lilan", f"Task/{ticket_id}")
    assert (answer.body["status"], answer.body["lastModified"]) == ("accepted", "2026-11-23T00:20:00Z")
    assert answer.headers["ETag"] == f'W/"{answer.body["meta"]["versionId"]}"'


async def test_tasks_are_found_by_status_by_whose_they_are_and_by_when_they_changed(desk: Desk) -> None:
    house = desk.house
    first = await desk.send(await desk.patient(), 3)
    house.at("09:00")
    second = await desk.accepted(await desk.patient(), 3)

    async def ids(query: str) -> list[str]:
        return [one["id"] for one in await found(house, "zhoumin", f"Task?{query}")]

    assert await ids("status=requested") == [first]
    assert await ids("status=accepted") == [second]
    assert await ids("business-status=sent") == [first]
    assert sorted(await ids("status=requested,accepted&owner=Organization/C01")) == sorted([first, second])
    assert await ids("owner=T01") == []
    assert await ids("_lastUpdated=ge2026-11-23T00:30:00Z") == [second]
    assert await ids("_lastUpdated=lt2026-11-23T00:30:00Z") == [first]
    assert await ids(f"_id={first}") == [first]
    number = (await desk.ticket(first))["number"]
    assert await ids(f"identifier=urn:lutong:ticket-number|{number}") == [first]


async def test_a_search_is_read_page_by_page_by_its_next_links(desk: Desk) -> None:
    house = desk.house
    sent = {await desk.send(await desk.patient(), 4) for _ in range(3)}
    seen: list[str] = []
    path = "/fhir/Task?_count=2&colour=red"
    while path:
        answer = await house.call("zhoumin", "GET", path)
        links = {link["relation"]: link["url"] for link in answer.body["link"]}
        assert "colour" not in links["self"]
        seen += [entry["resource"]["id"] for entry in answer.body["entry"]]
        path = links.get("next", "").partition("127.0.0.1")[2].lstrip(":0123456789")
    assert seen == sorted(sent)


async def test_whoever_may_not_know_of_a_ticket_finds_nothing(desk: Desk) -> None:
    house, patient_id = desk.house, await desk.patient()
    ticket_id = await desk.send(patient_id, 3)
    draft_id = (await desk.draft(await desk.patient())).body["id"]
    assert await found(house, "helin", "Task") == []
    refused = await look(house, "helin", f"Task/{ticket_id}")
    assert (refused.status, refused.body["issue"][0]["code"]) == (404, "not-found")
    assert (await look(house, "zhoumin", f"ServiceRequest/{draft_id}")).status == 404, "a draft is the sender's"
    assert (await look(house, "lilan", f"ServiceRequest/{draft_id}")).body["status"] == "draft"
    assert (await look(house, "admin", "Task")).status == 403
    assert (await look(house, "", "Task")).body["issue"][0]["code"] == "login"


async def test_a_held_bed_is_occupied_with_its_own_state_and_a_planned_encounter(desk: Desk) -> None:
    house, patient_id = desk.house, await desk.patient()
    await desk.leave_free("骨科", HELD)
    ticket_id = await desk.send(patient_id, 2)
    beds = {one["name"]: one for one in await found(house, "lilan", "Location?organization=C01&_count=200")}
    held = beds.get(HELD) or (await look(house, "lilan", "Location/C01.-9aa8--79d1--2d-03")).body
    assert held["operationalStatus"]["code"] == "O"
    assert {"url": "urn:lutong:extension:raw-state", "valueCode": "held"} in held["extension"]
    (planned,) = await found(house, "zhoumin", f"Encounter?patient={patient_id}&status=planned")
    assert planned["location"][0]["location"]["reference"] == f"Location/{held['id']}"
    assert planned["basedOn"][0]["reference"] == f"ServiceRequest/{ticket_id}"
    for name in ("depart", "arrive"):
        await desk.does("lilan" if name == "depart" else "zhoumin", ticket_id, name)
    await desk.does("yangfan", ticket_id, "admit")
    (stay,) = await found(house, "lilan", f"Encounter?patient={patient_id}&status=in-progress")
    assert (stay["serviceProvider"]["reference"], stay["class"]["code"]) == ("Organization/C01", "IMP")
    assert (await look(house, "yangfan", f"Encounter/{stay['id']}")).body == stay
    assert await found(house, "helin", "Encounter?status=in-progress&service-provider=C01") == []


async def test_beds_are_searched_by_ward_and_operational_status(desk: Desk) -> None:
    house = desk.house
    await desk.leave_free("骨科", HELD)
    board = await house.call("yangfan", "GET", "/api/v1/beds?department=骨科")
    (ward_id,) = {bed["ward_id"] for bed in board.body["items"]}
    ward = (await look(house, "yangfan", f"Location/{fhir_id(ward_id)}")).body
    assert ward["physicalType"]["coding"][0]["code"] == "wa"
    free = await found(house, "yangfan", f"Location?partof={ward['id']}&operational-status=U")
    assert [one["name"] for one in free] == [HELD]
    closed = await found(house, "yangfan", f"Location?partof={ward['id']}&status=suspended")
    assert {one["operationalStatus"]["code"] for one in closed} == {"C"}


async def test_the_board_of_a_stranger_is_not_shown(desk: Desk) -> None:
    refused = await look(desk.house, "helin", "Location?organization=T01")
    assert (refused.status, refused.body["issue"][0]["details"]["coding"][0]["code"]) == (403, "NO_CARE_RELATION")
    assert (await look(desk.house, "yangfan", "Location/nowhere")).status == 404


async def test_a_patient_is_shown_masked_to_whom_a_care_relation_gives_the_record(desk: Desk) -> None:
    patient_id = await desk.patient(phone="13800000187")
    shown = (await look(desk.house, "lilan", f"Patient/{patient_id}")).body
    assert "13800000187" not in str(shown)
    assert "_value" in shown["identifier"][-1]
    refused = await look(desk.house, "helin", f"Patient/{patient_id}")
    assert (refused.status, refused.body["issue"][0]["code"]) == (403, "forbidden")


async def test_organizations_are_found_by_name_and_read_by_id(desk: Desk) -> None:
    (county,) = await found(desk.house, "helin", "Organization?name=人民医院")
    assert county == (await look(desk.house, "helin", "Organization/C01")).body
    assert (await look(desk.house, "helin", "Organization/X99")).status == 404


@pytest.mark.parametrize("path", ["Task?_lastUpdated=soon", "Task?_count=many"])
async def test_a_malformed_search_is_an_outcome_that_names_the_parameter(desk: Desk, path: str) -> None:
    refused = await look(desk.house, "lilan", path)
    assert (refused.status, refused.body["issue"][0]["code"]) == (400, "invalid")
    assert path.partition("?")[2].partition("=")[0] in refused.body["issue"][0]["diagnostics"]


async def test_a_strict_caller_is_told_of_what_is_not_searched_by(desk: Desk) -> None:
    assert (await look(desk.house, "lilan", "Task?colour=red", Prefer="handling=strict")).status == 400
    assert (await look(desk.house, "lilan", "Immunization")).status == 404


async def test_the_statement_names_what_is_answered_and_nothing_else(desk: Desk) -> None:
    stated = (await look(desk.house, "admin", "metadata")).body
    offered = {
        (one["type"], interaction["code"])
        for one in stated["rest"][0]["resource"]
        for interaction in one["interaction"]
    }
    paths = [e.path.split("/")[2:] for e in endpoints() if e.path.startswith("/fhir/") and e.path != "/fhir/metadata"]
    assert offered == {(path[0], "read" if len(path) > 1 else "search-type") for path in paths}
    assert {kind for kind, _ in offered} == set(SEARCHES)
