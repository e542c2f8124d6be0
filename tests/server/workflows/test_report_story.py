"""Preliminary reports, amendments, receipts, and the way back to the township's devices."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pydicom
import pydicom.filebase

from server.accounts.places import AeTitle
from server.workflows.delivery import Address
from tests.builders.reading_house import House


async def test_a_preliminary_report_is_marked_and_replaced(house: House) -> None:
    order_id = await house.ready_order(priority="emergency")
    await house.command("hazhiyuan", order_id, "claim")
    report_id = (await house.write("hazhiyuan", order_id, impression="初看未见气胸")).body["id"]
    issued = await house.about("hazhiyuan", report_id, "issue-preliminary")
    assert issued.status == 200, issued.body
    await house.write("hazhiyuan", order_id, impression="还在想")
    seen = await house.call("lilan", "GET", f"/api/v1/reports/{report_id}")
    assert (seen.body["preliminary"], seen.body["impression"]) == (True, "初看未见气胸"), (
        "what was issued, not the draft"
    )
    unread = await house.call("lilan", "GET", "/api/v1/reports?unread=1")
    assert [(r["preliminary"], r["impression"]) for r in unread.body["items"]] == [(True, "初看未见气胸")]
    assert (await house.order("lilan", order_id))["state"] == "claimed"
    house.clock.at += timedelta(hours=13)
    await house.pump()
    assert "preliminary-late" in {t.kind for t in await house.tasks("C01", "reviewing-physician")}


async def test_an_issued_report_is_amended_by_another_edition_and_read_again(house: House) -> None:
    order_id, report_id = await house.released_report()
    await house.about("lilan", report_id, "read")
    path = f"/api/v1/reading-orders/{order_id}/report"
    edit = await house.call("hazhiyuan", "PUT", path, {"impression": "改"}, If_Match='"9"')
    assert (edit.status, edit.code) == (409, "NOT_CLAIM_HOLDER"), "an issued report is not edited"
    unsaid = await house.about("hazhiyuan", report_id, "amend", {"kind": "correction", "reason": ""})
    assert (unsaid.status, unsaid.code) == (422, "REASON_REQUIRED")
    amended = await house.about("hazhiyuan", report_id, "amend", {"kind": "correction", "reason": "左右写反"})
    assert (amended.status, amended.body["edition"], amended.body["state"]) == (200, 2, "draft"), amended.body
    assert (await house.order("lilan", order_id))["state"] == "amending"
    still = await house.call("lilan", "GET", path)
    assert (still.body["id"], still.body["state"]) == (report_id, "released"), "the first stays until the second is out"

    second = amended.body["id"]
    await house.write("hazhiyuan", order_id, impression="左侧未见气胸")
    assert (await house.about("hazhiyuan", second, "sign")).status == 200
    assert (await house.about("luoyan", second, "verify")).status == 200
    first = await house.call("lilan", "GET", f"/api/v1/reports/{report_id}")
    assert first.body["state"] == "superseded"
    assert [e["edition"] for e in first.body["editions"]] == [1, 2]
    unread = await house.call("lilan", "GET", "/api/v1/reports?unread=1")
    assert [(r["id"], r["amend_kind"]) for r in unread.body["items"]] == [(second, "correction")]


async def test_the_signed_bytes_are_kept_and_signed_by_two(house: House) -> None:
    order_id, report_id = await house.released_report()
    async with house.hub.unit_of_work(read=True) as uow:
        report = await uow.reports.get(report_id)
        signatures = await uow.reports.signatures(report_id)
    assert report is not None
    assert report.body is not None
    assert hashlib.sha256(report.body.encode()).hexdigest() == report.digest
    assert json.loads(report.body)["impression"] == "未见气胸"
    assert [(s.user_id, s.role, s.digest == report.digest) for s in signatures] == [
        ("hazhiyuan", "author", True),
        ("luoyan", "reviewer", True),
    ]
    happened = [e["name"] for e in (await house.order("lilan", order_id))["events"]]
    assert happened == [
        "reading-orders.created",
        "reading-orders.images-arrived",
        "reading-orders.receiving",
        "reading-orders.completed",
        "reading-orders.claimed",
        "reading-orders.report-signed",
        "reports.signed",
        "reading-orders.final",
        "reports.released",
    ]


async def test_documents_go_back_to_the_device_and_are_tried_again(house: House) -> None:
    tried: list[tuple[Address, bytes]] = []
    answers = ["status 0xa700 no room", "status 0xa700 no room", None, None]

    async def send(address: Address, data: bytes) -> str | None:
        tried.append((address, data))
        return answers.pop(0)

    house.hub.office.send = send
    async with house.hub.unit_of_work() as uow:
        entity = await uow.organizations.ae_title("T01")
        assert entity is not None
        await uow.organizations.save_ae_title(_with_address(entity))
    _, report_id = await house.released_report()
    await house.pump()
    await house.long_work()
    async with house.hub.unit_of_work(read=True) as uow:
        assert {d.state for d in await uow.deliveries.of_report(report_id)} == {"due"}
    house.clock.at += timedelta(seconds=10)
    await house.long_work()
    async with house.hub.unit_of_work(read=True) as uow:
        assert [(d.state, d.attempts) for d in await uow.deliveries.of_report(report_id)] == [("sent", 2)] * 2
    assert {a.ae_title for a, _ in tried} == {"T01"}
    objects = [pydicom.dcmread(pydicom.filebase.DicomBytesIO(data)) for _, data in tried]
    assert len({ds.SOPInstanceUID for ds in objects}) == 2, "the same object again, not another one"
    assert {ds.Modality for ds in objects} == {"DOC", "SR"}
    assert {ds.StudyInstanceUID for ds in objects} == {objects[0].StudyInstanceUID}


async def test_what_never_arrives_becomes_a_persons_task(house: House) -> None:
    async def send(_address: Address, _data: bytes) -> str | None:
        return "connection refused"

    house.hub.office.send = send
    async with house.hub.unit_of_work() as uow:
        entity = await uow.organizations.ae_title("T01")
        assert entity is not None
        await uow.organizations.save_ae_title(_with_address(entity))
    _, report_id = await house.released_report()
    await house.pump()
    for _ in range(12):
        await house.long_work()
        house.clock.at += timedelta(hours=1)
    async with house.hub.unit_of_work(read=True) as uow:
        assert {(d.state, d.attempts) for d in await uow.deliveries.of_report(report_id)} == {("failed", 10)}
    assert "delivery-failed" in {t.kind for t in await house.tasks("T01", "technician")}


def _with_address(entity: AeTitle) -> AeTitle:
    return replace(entity, host="127.0.0.1", port=11113)


async def test_a_critical_finding_is_shown_before_it_is_signed(house: House) -> None:
    first = await house.ready_order(study=1)
    second = await house.ready_order(study=2)
    await house.command("hazhiyuan", second, "claim")
    await house.write("hazhiyuan", second, impression="张力性气胸", critical=True)
    listed = await house.orders("luoyan")
    assert [o["id"] for o in listed] == [second, first], "first inside its level"
    assert listed[0]["flags"][-1]["zh"] == "危急值"
    assert [t.kind for t in await house.tasks("T01", "township-doctor")] == ["critical-value"]
    counts = (await house.call("luoyan", "GET", "/api/v1/reading-orders")).body["counts"]
    assert (counts["all"], counts["critical"], counts["mine"], counts["ready"]) == (2, 1, 0, 1)
    await house.write("hazhiyuan", second, impression="未见气胸", critical=False)
    assert await house.tasks("T01", "township-doctor") == []
