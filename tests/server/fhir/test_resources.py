"""Each resource has the structure of R4 (fhir.resources R4B reads it) and says what was known."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from referral.model import IntervalState, Level
from referral.tickets import TicketState
from server.accounts.people import User
from server.accounts.places import Organization, OrganizationKind
from server.fhir import answers, capability, people, places, stays, tickets
from server.fhir.words import fhir_id, key_of
from tests.builders.referral_facts import (
    BAY,
    HOLD,
    OUTCOME,
    PATIENT,
    SENT_AT,
    STAY,
    TICKET,
    WARD,
    bed_now,
    down_ticket,
    ticket,
)

NAMES = {"T01": "石门镇卫生院", "C01": "云岭县人民医院"}
COUNTY = Organization("C01", "云岭县人民医院", OrganizationKind.COUNTY, "990101", SENT_AT, "B01", phone="8888 0120")
DOCTOR = User("lilan", "lilan", "李兰", "执业助理", SENT_AT)


def agreed(resource: dict[str, Any]) -> dict[str, Any]:
    """Return the resource once a reader of R4's structure took it and gave the very same back."""
    model = get_fhir_model_class(resource["resourceType"])
    read = json.loads(model.model_validate(resource).model_dump_json())
    assert read == json.loads(json.dumps(resource))
    return resource


def every_resource() -> dict[str, dict[str, Any]]:
    return {
        "service-request": tickets.service_request(TICKET, NAMES),
        "service-request-down": tickets.service_request(down_ticket(bounce_of="b" * 24), NAMES),
        "task": tickets.task(TICKET, NAMES),
        "task-closed": tickets.task(ticket(state=TicketState.CLOSED, outcome=OUTCOME, successor_id="c" * 24), NAMES),
        "organization": places.organization(COUNTY),
        "ward": places.ward(WARD),
        "bed": places.bed(bed_now(hold=HOLD), now=SENT_AT),
        "bay": places.bed(BAY, now=SENT_AT),
        "hold": stays.encounter(HOLD, "C01"),
        "stay": stays.encounter(replace(STAY, patient_id=None, label="马*财"), "C01"),
        "patient": people.patient(PATIENT),
        "patient-in-plain": people.patient(PATIENT, people.Shown(numbers=True, address=True)),
        "capability": capability.capability_statement("http://hub/fhir", "0.1.0", now=SENT_AT),
        "searchset": answers.searchset(
            "http://hub/fhir", [tickets.task(TICKET, NAMES)], self_url="http://hub/fhir/Task", next_url="http://hub/2"
        ),
        "nothing-found": answers.searchset("http://hub/fhir", [], self_url="http://hub/fhir/Task"),
        "refusal": answers.operation_outcome(404, "NOT_FOUND", "没有找到"),
    }


@pytest.mark.parametrize("name", every_resource())
def test_a_resource_has_r4s_structure(name: str) -> None:
    agreed(every_resource()[name])


@pytest.mark.parametrize("name", ["status", "intent", "subject"])
def test_the_reader_of_r4_notices_when_something_that_must_be_there_is_not(name: str) -> None:
    broken = tickets.service_request(TICKET, NAMES)
    del broken[name]
    with pytest.raises(ValueError, match=name):
        agreed(broken)


def test_a_ticket_of_level_two_is_asked_as_soon_as_possible_of_the_county_by_the_township() -> None:
    asked = tickets.service_request(TICKET, NAMES)
    assert (asked["status"], asked["priority"], asked["authoredOn"]) == ("active", "asap", "2026-11-26T00:33:00Z")
    assert asked["requester"] == {"reference": "Organization/T01", "display": "石门镇卫生院"}
    assert asked["performer"] == [{"reference": "Organization/C01", "display": "云岭县人民医院"}]
    assert asked["reasonCode"][0]["coding"][0]["version"] == "ICD-10 国家临床版 2.0"
    assert asked["supportingInfo"][0]["identifier"]["value"] == "urn:oid:1.2.826.0.1"


@pytest.mark.parametrize(("level", "priority"), list(zip(Level, ["stat", "asap", "urgent", "routine"], strict=True)))
def test_each_level_has_its_priority(level: Level, priority: str) -> None:
    assert tickets.task(ticket(level=level), NAMES)["priority"] == priority


def test_a_redirected_ticket_is_rejected_and_says_where_the_patient_goes_instead() -> None:
    gone = ticket(state=TicketState.REDIRECTED, successor_id="c" * 24, decision_code="no-bed", reason_text="无床")
    work = tickets.task(gone, NAMES)
    assert (work["status"], work["businessStatus"]["text"]) == ("rejected", "已改转他处")
    assert work["statusReason"]["coding"][0]["code"] == "no-bed"
    assert work["output"] == [
        {"type": {"text": "onward referral"}, "valueReference": {"reference": f"ServiceRequest/{'c' * 24}"}}
    ]


def test_the_sender_reads_the_outcome_from_the_task() -> None:
    work = tickets.task(ticket(state=TicketState.OUTCOME_SENT, outcome=OUTCOME), NAMES)
    assert work["status"] == "completed"
    assert work["output"][0]["valueString"] == "急性前壁心肌梗死\nPCI\n双抗一年"


def test_a_receiver_outside_the_network_stands_by_its_name() -> None:
    outside = ticket(to_organization_id=None, outside_name="省人民医院")
    assert tickets.task(outside, NAMES)["owner"] == {"display": "省人民医院"}


def test_a_ticket_that_came_back_names_the_downward_one() -> None:
    back = tickets.service_request(ticket(bounce_of="d" * 24), NAMES)
    assert {"reference": f"ServiceRequest/{'d' * 24}"} in [e.get("valueReference") for e in back["extension"]]


def test_a_held_bed_is_occupied_for_others_with_its_own_state_and_until_when() -> None:
    held = places.bed(bed_now(hold=HOLD), now=SENT_AT)
    assert held["operationalStatus"]["code"] == "O"
    assert [list(e.values())[1] for e in held["extension"]] == ["held", "2026-11-26T03:33:00Z"]


def test_an_expired_hold_holds_nothing() -> None:
    free = places.bed(bed_now(hold=HOLD), now=SENT_AT + timedelta(hours=3))
    assert free["operationalStatus"]["code"] == "U"
    assert free["extension"][0]["valueCode"] == "available"


def test_a_bed_says_nothing_of_who_is_in_it() -> None:
    said = json.dumps(places.bed(bed_now(stay=STAY), now=SENT_AT))
    assert TICKET.patient_id not in said
    assert TICKET.id not in said


@pytest.mark.parametrize(
    ("facts", "status", "operational"),
    [
        ({"to_clean_since": SENT_AT}, "active", "H"),
        ({"blocked_at": SENT_AT, "blocked_reason": "检修"}, "suspended", "C"),
        ({"withdrawn_at": SENT_AT}, "inactive", "U"),
        ({}, "active", "U"),
    ],
)
def test_a_beds_two_statuses(facts: dict[str, Any], status: str, operational: str) -> None:
    shown = places.bed(bed_now(**facts), now=SENT_AT)
    assert (shown["status"], shown["operationalStatus"]["code"]) == (status, operational)


def test_a_live_hold_is_a_planned_encounter_in_a_reserved_place_and_nobody_has_come() -> None:
    planned = stays.encounter(HOLD, "C01")
    assert (planned["status"], planned["location"][0]["status"]) == ("planned", "reserved")
    assert "period" not in planned


def test_a_stay_that_ended_is_finished_and_says_when() -> None:
    until = SENT_AT + timedelta(hours=4)
    over = stays.encounter(replace(STAY, state=IntervalState.ENDED, ends_at=until), "C01")
    assert (over["status"], over["period"]["end"]) == ("finished", "2026-11-26T04:33:00Z")
    assert over["basedOn"] == [{"reference": f"ServiceRequest/{TICKET.id}"}]


def test_a_masked_patient_carries_no_digit_of_a_number_as_if_it_were_one() -> None:
    shown = people.patient(PATIENT)
    said = json.dumps(shown, ensure_ascii=False)
    assert "990101196803050011" not in said
    assert "13800000187" not in said
    assert "石门村三组" not in said
    assert shown["identifier"][1]["_value"]["extension"][0]["valueCode"] == "masked"
    assert shown["telecom"] == [{"system": "phone", "value": "138****0187"}]


def test_who_may_see_numbers_gets_them_with_their_systems() -> None:
    shown = people.patient(PATIENT, people.Shown(numbers=True, address=True))
    assert {"system": "urn:oid:2.16.156.10011.1.3", "value": "990101196803050011"} in shown["identifier"]
    assert shown["address"] == [{"text": "石门村三组"}]


@pytest.mark.parametrize("key", ["C01/心内-01", "C01/CCU-03", "T01", "ab12" * 6, "a-b--c", "急诊"])
def test_every_key_of_ours_has_an_id_of_r4_and_comes_back(key: str) -> None:
    made = fhir_id(key)
    assert made.replace("-", "").replace(".", "").isascii()
    assert len(made) <= 64
    assert key_of(made) == key


@pytest.mark.parametrize("strange", ["-110000-", "-d800-", "-0-", "-41-", "--", "-zz-", ""])
def test_an_id_that_is_none_of_ours_stays_as_it_came(strange: str) -> None:
    assert key_of(strange) == strange
