"""A referral on paper: the national form from a real ticket, its code, its count of prints, and the empty one."""

import re
import shutil
import subprocess
import unicodedata
from typing import Any

import pytest

from server.bootstrap import FONTS
from server.documents.referral_form import receiving_code
from server.workflows.referral_document import FormKind, print_form
from tests.builders.reading_house import House
from tests.builders.referral_desk import Desk

pytestmark = [
    pytest.mark.skipif(
        not any(next(directory.glob("Noto*"), None) for directory in FONTS if directory.is_dir()),
        reason="left out: no Chinese font (make setup places one)",
    ),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="left out: poppler-utils is not installed"),
]
PACKAGE: dict[str, Any] = {
    "present_history": "晨起跌倒，右髋剧痛不能站立", "past_history": "高血压 12 年", "treatment": "制动、止痛",
    "allergies": "青霉素", "medicines": ["氨氯地平 5 mg"],
    "transport": {"mode": "ambulance", "vehicle": "云A·12012", "escort": "李兰"},
}  # fmt: skip
HOME: dict[str, Any] = {
    "to_org": "T01", "discharge_summary": "内固定术后", "results": "X 线：位置满意", "case_number": "20261123-0417",
    "medicines": ["钙片 每日一次"], "warning_signs": "患肢肿胀立即就诊", "rehabilitation": "每日抬腿 20 次",
    "first_visit_due": "2026-12-01", "send": True,
}  # fmt: skip


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


def text_of(pdf: bytes) -> str:
    """Return the words of a PDF as they are read, without spaces."""
    words = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words.decode()))


async def form(desk: Desk, ticket_id: str, query: str = "", who: str = "lilan") -> str:
    """Print a form; return its words."""
    answer = await desk.house.call(who, "GET", f"/api/v1/referrals/{ticket_id}/form{query}")
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.body.startswith(b"%PDF")
    return text_of(answer.body)


async def test_the_outgoing_form_says_what_the_ticket_says(desk: Desk) -> None:
    patient = await desk.patient(address="云岭县石门镇", phone="13800000199")
    ticket = await desk.accepted(patient, **PACKAGE)
    held = await desk.does("zhoumin", ticket, "hold-bed")
    words = await form(desk, ticket)
    for part in (
        "双向转诊(转出)单", held["number"], held["patient"]["name"], "66岁", "石门镇卫生院", "云岭县人民医院", "骨科",
        "股骨颈骨折(S72.000x001)", "跌倒后髋痛", "晨起跌倒,右髋剧痛不能站立", "高血压12年", "过敏:青霉素", "制动、止痛",
        "用药:氨氯地平5mg", "救护车云A·12012", "[III级急症]", held["place"]["label"], "李兰", "周敏", "8888"[:4],
        "第1次打印",
    ):  # fmt: skip
        assert unicodedata.normalize("NFKC", part).replace(" ", "") in words, part


async def test_the_code_leads_to_the_ticket_and_carries_its_number_as_a_fragment(desk: Desk) -> None:
    ticket = await desk.accepted(await desk.patient())
    number = (await desk.ticket(ticket))["number"]
    async with desk.house.hub.unit_of_work() as uow:
        stored = await uow.tickets.get(ticket)
        assert stored is not None
        printed, _ = await print_form(
            uow, stored, FormKind.OUT, by="李兰", url="https://lutong.yunling.example", now=desk.house.clock.at
        )
    assert receiving_code(printed.extras) == f"https://lutong.yunling.example/referrals/{ticket}#{number}"


async def test_each_print_says_which_one_it_is_and_stands_in_history_and_audit(desk: Desk) -> None:
    ticket = await desk.accepted(await desk.patient())
    for times, who in ((1, "lilan"), (2, "zhoumin"), (3, "lilan")):
        assert f"第{times}次打印" in await form(desk, ticket, "?kind=out", who)
    printed = [e for e in (await desk.ticket(ticket))["events"] if e["name"] == "printed"]
    assert [(e["data"]["times"], e["data"]["form"]) for e in printed] == [(1, "out"), (2, "out"), (3, "out")]
    trail = await desk.house.call("shenji", "GET", "/api/v1/audit?limit=200")
    assert sum(r["action"] == "print" and r["object_id"] == ticket for r in trail.body["items"]) == 3


async def test_the_way_home_is_the_return_form(desk: Desk) -> None:
    ticket = await desk.accepted(await desk.patient())
    await desk.does("zhoumin", ticket, "hold-bed")
    await desk.does("zhoumin", ticket, "arrive")
    await desk.does("yangfan", ticket, "admit")
    home = await desk.does("zhaoning", ticket, "refer-down", HOME)
    words = await form(desk, home["id"], who="zhaoning")
    for part in (
        "双向转诊(回转)单", home["number"], "云岭县人民医院", "石门镇卫生院", "20261123-0417", "X线:位置满意",
        "内固定术后", "带药:钙片每日一次", "康复:每日抬腿20次", "患肢肿胀立即就诊", "首次随访不晚于2026-12-01",
    ):  # fmt: skip
        assert part in words, part
    wrong = await desk.house.call("zhaoning", "GET", f"/api/v1/referrals/{home['id']}/form?kind=out")
    assert (wrong.status, wrong.code) == (409, "STATE")


async def test_an_outcome_comes_back_as_a_return_form_and_nothing_does_before(desk: Desk) -> None:
    ticket = await desk.accepted(await desk.patient())
    early = await desk.house.call("zhoumin", "GET", f"/api/v1/referrals/{ticket}/form?kind=return")
    assert (early.status, early.code) == (409, "STATE")
    await desk.does("zhoumin", ticket, "hold-bed")
    await desk.does("zhoumin", ticket, "arrive")
    await desk.does("zhaoning", ticket, "treat-and-release", {"reason": "保守治疗"})
    await desk.does(
        "zhaoning", ticket, "send-outcome", {"diagnosis": "右髋挫伤", "treatment": "冷敷", "advice": "卧床"}
    )
    words = await form(desk, ticket, "?kind=return", "zhoumin")
    for part in ("双向转诊(回转)单", "右髋挫伤", "冷敷", "卧床", "赵宁"):
        assert part in words, part
    assert re.search("石门镇卫生院.*现转回贵单位.*赵宁.*云岭县人民医院", words), "from the hospital, to the township"


async def test_who_may_not_know_the_ticket_prints_nothing(desk: Desk) -> None:
    ticket = await desk.accepted(await desk.patient())
    assert (await desk.house.call("helin", "GET", f"/api/v1/referrals/{ticket}/form")).status == 404
    assert (await desk.house.call("weijian", "GET", f"/api/v1/referrals/{ticket}/form")).status == 403
    assert (await desk.house.call("lilan", "GET", f"/api/v1/referrals/{ticket}/form?kind=x")).status == 400


@pytest.mark.parametrize(("kind", "title"), [("", "双向转诊(转出)单"), ("return", "双向转诊(回转)单")])
async def test_an_empty_form_is_printed_for_work_on_paper(desk: Desk, kind: str, title: str) -> None:
    answer = await desk.house.call("lilan", "GET", f"/api/v1/referrals/blank-form?kind={kind}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
    words = text_of(answer.body)
    assert title in words
    assert "R-26" not in words, "no ticket is behind it"
    assert (await desk.house.call("weijian", "GET", "/api/v1/referrals/blank-form")).status == 403
