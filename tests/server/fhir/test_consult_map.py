"""Consults in FHIR: the signed status map, R4's codes and structure, and no word of the patient to a broken glass."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from server.fhir import consult_status, consults
from server.fhir.consults import Around
from tests.builders.consults import CONSULT, NOON, OPINION, SLOT, TEXT
from tests.golden import golden
from tests.server.fhir.test_resources import agreed
from video.consults import TERMINAL, Consult, Slot
from video.consults import ConsultState as S
from video.lifecycle import CONSULT_TABLE

PAGE = Path(__file__).parents[3] / "server" / "fhir" / "STATUS.md"
REQUEST_STATUS = {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}
APPOINTMENT_STATUS = {
    "proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "entered-in-error", "checked-in",
    "waitlist",
}  # fmt: skip
ENCOUNTER_STATUS = {
    "planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error", "unknown",
}  # fmt: skip
ROWS = consult_status.CONSULTS
NAMES = {"T01": "石门镇卫生院", "C01": "云岭县人民医院"}
SIDE = Around(NAMES, {"zhaoning": "赵宁"}, named=True)
GLASS = replace(SIDE, named=False)
PANEL = replace(CONSULT, experts=("zhaoning", "guoheng"), version=4)
BOOKED = replace(SLOT, booked_at=NOON)


def reached(**at: int) -> MappingProxyType[str, Any]:
    return MappingProxyType({name.replace("_", "-"): NOON + timedelta(minutes=minutes) for name, minutes in at.items()})


def test_the_map_is_the_one_that_was_signed() -> None:
    golden("video/fhir-status.txt", consult_status.render())


def test_the_published_page_says_what_the_code_does() -> None:
    page = PAGE.read_text(encoding="utf-8").splitlines()
    assert [row for line in consult_status.render().splitlines() if (row := f"| {line} |") not in page] == []


def test_there_is_one_row_for_each_state_that_the_table_reaches_and_no_other() -> None:
    reached = {state for row in CONSULT_TABLE for state in (*row.sources, row.to) if isinstance(state, S)}
    assert [row.state for row in ROWS] == list(S), "each once, in the order of the life cycle"
    assert reached == set(S)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.state)
def test_every_code_is_one_of_r4s_required_value_sets(row: consult_status.ConsultRow) -> None:
    assert row.service_request in REQUEST_STATUS
    assert row.appointment in APPOINTMENT_STATUS | {"-"}
    assert {row.encounter, row.in_writing} <= ENCOUNTER_STATUS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.state)
def test_what_is_over_is_over_everywhere(row: consult_status.ConsultRow) -> None:
    answered = row.state in {S.SIGNED, S.ADOPTED}
    assert (row.service_request in {"completed", "revoked"}) == (row.state in TERMINAL or answered)
    assert (row.in_writing in {"finished", "cancelled"}) == (row.state in TERMINAL or answered)


@pytest.mark.parametrize(
    ("slot", "consult", "status"),
    [
        (SLOT, replace(CONSULT, state=S.SLOT_HELD), "proposed"),
        (replace(SLOT, held_until=NOON), replace(CONSULT, state=S.TRIAGED), "cancelled"),
        (replace(SLOT, released_at=NOON), replace(CONSULT, state=S.SCHEDULED), "cancelled"),
        (BOOKED, replace(CONSULT, state=S.SCHEDULED), "booked"),
        (BOOKED, replace(CONSULT, state=S.WAITING), "arrived"),
        (BOOKED, replace(CONSULT, state=S.IN_CALL, timeline=reached(in_call=5)), "fulfilled"),
        (replace(BOOKED, released_at=NOON), replace(CONSULT, state=S.SLOT_HELD), "cancelled"),
        (
            replace(BOOKED, released_at=NOON + timedelta(hours=1)),
            replace(CONSULT, state=S.CLOSED, timeline=reached(in_call=5, closed=60)),
            "fulfilled",
        ),
        (
            replace(BOOKED, released_at=NOON),
            replace(CONSULT, state=S.CLOSED, timeline=reached(in_call=5, closed=60)),
            "cancelled",
        ),
        (
            replace(BOOKED, released_at=NOON + timedelta(minutes=10)),
            replace(CONSULT, state=S.NO_SHOW, timeline=reached(no_show=10)),
            "noshow",
        ),
        (
            replace(BOOKED, released_at=NOON),
            replace(CONSULT, state=S.NO_SHOW, timeline=reached(no_show=10)),
            "cancelled",
        ),
        (replace(BOOKED, released_at=NOON), replace(CONSULT, state=S.CANCELLED), "cancelled"),
    ],
)
def test_a_time_says_whether_it_was_kept(slot: Slot, consult: Consult, status: str) -> None:
    assert consult_status.appointment_status(slot, consult, now=NOON + timedelta(seconds=1)) == status


def every_resource(around: Around) -> dict[str, dict[str, Any]]:
    signed = replace(OPINION, text=TEXT, version=3, signed_at=NOON, digest="9f86", body="{}")
    written = replace(PANEL, state=S.DOCUMENTING, in_writing=True, timeline=reached(documenting=1))
    met = replace(PANEL, state=S.DOCUMENTING, timeline=reached(in_call=1, documenting=25))
    return {
        "service-request": consults.service_request(PANEL, around),
        "proposed": consults.appointment(SLOT, replace(PANEL, state=S.SLOT_HELD), around, now=NOON),
        "booked": consults.appointment(BOOKED, replace(PANEL, state=S.SCHEDULED), around, now=NOON),
        "planned": consults.encounter(PANEL, around),
        "met": consults.encounter(met, around, slot_id="s1"),
        "in-writing": consults.encounter(written, around),
        "opinion": consults.document_reference(signed, met, around, pdf_url="https://hub/opinion/pdf"),
    }


@pytest.mark.parametrize("name", every_resource(SIDE))
def test_a_resource_has_r4s_structure(name: str) -> None:
    agreed(every_resource(SIDE)[name])


@pytest.mark.parametrize("name", every_resource(GLASS))
def test_whoever_only_broke_the_glass_reads_no_word_about_the_patient(name: str) -> None:
    shown = str(agreed(every_resource(GLASS)[name]))
    for word in ("心绞痛", "造影", "诊断不明", "I20"):
        assert word not in shown


def test_a_meeting_is_virtual_and_lasts_from_the_call_to_the_writing() -> None:
    met = every_resource(SIDE)["met"]
    assert (met["class"]["code"], met["status"]) == ("VR", "finished")
    assert met["period"] == {"start": "2026-11-23T04:01:00Z", "end": "2026-11-23T04:25:00Z"}
    assert met["appointment"] == [{"reference": "Appointment/s1"}]
    assert "period" not in every_resource(SIDE)["planned"]
    assert every_resource(SIDE)["in-writing"]["status"] == "in-progress"


def test_an_opinion_is_a_consult_note_of_its_host_and_says_that_it_is_no_diagnosis() -> None:
    opinion = every_resource(SIDE)["opinion"]
    assert [code["code"] for code in opinion["type"]["coding"]] == ["11488-4", "C0045"]
    assert opinion["authenticator"]["display"] == "赵宁"
    assert "不是诊断报告" in opinion["description"]
    assert opinion["content"][0]["attachment"]["url"] == "https://hub/opinion/pdf"
