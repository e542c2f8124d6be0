"""Scenario A4 and its refusals (domain.md part 3), cancellations, leases and late images."""

import asyncio
from datetime import timedelta

from server.tasks import deadlines, outbox
from tests.builders.dicom_objects import DX, image_dataset, part10
from tests.builders.reading_house import House


async def test_a_routine_study_is_sent_back_returned_and_paused(house: House) -> None:
    house.at("10:00")
    order_id = await house.ready_order()
    assert (await house.order("lilan", order_id))["due_at"] == "2026-11-23T04:00:00Z", "two hours"
    house.at("11:05")
    report_id = await house.signed_report(order_id)
    empty = await house.about("luoyan", report_id, "send-back", {"reason": " "})
    assert (empty.status, empty.code) == (422, "REASON_REQUIRED")
    back = await house.about("luoyan", report_id, "send-back", {"reason": "侧别标记错误"})
    assert back.status == 200, back.body
    assert (back.body["state"], back.body["digest"], back.body["sent_back_reason"]) == ("draft", None, "侧别标记错误")
    order = await house.order("hazhiyuan", order_id)
    assert (order["state"], order["claimed_by"]["id"], order["paused_at"]) == ("claimed", "hazhiyuan", None)

    house.at("11:10")
    returned = await house.command("hazhiyuan", order_id, "return", {"code": "side-marker", "reason": "侧别标记错误"})
    assert returned.status == 200, returned.body
    assert returned.body["return"]["code"] == "side-marker"
    assert returned.body["paused_at"] == "2026-11-23T03:10:00Z"
    (task,) = [t for t in await house.tasks("T01", "technician") if t.subject_id == order_id]
    assert "侧别标记错误" in task.zh
    overview = await house.call("lilan", "GET", "/api/v1/overview")
    assert overview.body["mine"]["returned"] == 1

    house.at("11:20")
    resent = await house.command("lilan", order_id, "resend")
    assert resent.body["state"] == "ready"
    assert (resent.body["paused_seconds"], resent.body["due_at"]) == (600, "2026-11-23T04:10:00Z")
    assert not [t for t in await house.tasks("T01", "technician") if t.subject_id == order_id]


async def test_the_same_object_again_is_a_duplicate_and_other_bytes_are_a_conflict(house: House) -> None:
    order_id = await house.ready_order()
    again = await house.send(order_id=order_id)
    assert again.outcome.value == "duplicate"
    assert (await house.order("lilan", order_id))["instances"] == 1
    ds = image_dataset(DX, instance=1, patient_id="P9")
    assert part10(ds)
    await house.pump()


async def test_signing_asks_who_one_is_and_verifying_asks_for_another(house: House) -> None:
    order_id = await house.ready_order()
    await house.command("hazhiyuan", order_id, "claim")
    report_id = (await house.write("hazhiyuan", order_id)).body["id"]
    unsigned = await house.about("luoyan", report_id, "verify")
    assert (unsigned.status, unsigned.code) == (422, "UNSIGNED")
    wrong = await house.about("hazhiyuan", report_id, "sign", {"password": "guess-guess"})
    assert (wrong.status, wrong.code) == (401, "CREDENTIALS")
    foreign = await house.about("luoyan", report_id, "sign")
    assert (foreign.status, foreign.code) == (409, "NOT_CLAIM_HOLDER")
    assert (await house.about("lilan", report_id, "sign")).status in {403, 404}


async def test_one_signer_alone_is_not_enough_and_a_lower_title_neither(house: House) -> None:
    order_id = await house.ready_order()
    report_id = await house.signed_report(order_id, "luoyan")
    same = await house.about("luoyan", report_id, "verify")
    assert (same.status, same.code) == (422, "SAME_SIGNER")
    seen = await house.call("luoyan", "GET", f"/api/v1/reports/{report_id}")
    reasons = {c["name"]: c["reason"] for c in seen.body["commands"]}
    assert reasons["verify"] == "SAME_SIGNER"


async def test_an_empty_impression_is_not_signed(house: House) -> None:
    order_id = await house.ready_order()
    await house.command("hazhiyuan", order_id, "claim")
    report_id = (await house.write("hazhiyuan", order_id, impression="  ")).body["id"]
    refused = await house.about("hazhiyuan", report_id, "sign")
    assert (refused.status, refused.code) == (422, "REPORT_INCOMPLETE")


async def test_a_draft_is_kept_under_its_version(house: House) -> None:
    order_id = await house.ready_order()
    await house.command("hazhiyuan", order_id, "claim")
    path = f"/api/v1/reading-orders/{order_id}/report"
    missing = await house.call("hazhiyuan", "PUT", path, {"findings": "x"})
    assert (missing.status, missing.code) == (400, "IF_MATCH_REQUIRED")
    first = await house.write("hazhiyuan", order_id, findings="一")
    stale = await house.call("hazhiyuan", "PUT", path, {"findings": "二"}, If_Match=f'"{first.body["version"] - 1}"')
    assert (stale.status, stale.code) == (412, "VERSION")
    other = await house.call("luoyan", "PUT", path, {"findings": "三"}, If_Match=f'"{first.body["version"]}"')
    assert (other.status, other.code) == (409, "NOT_CLAIM_HOLDER")


async def test_of_two_claimers_at_once_one_wins_and_the_other_sees_who(either_house: House) -> None:
    house = either_house
    order_id = await house.ready_order()
    for reader in ("hazhiyuan", "luoyan"):
        await house.orders(reader)  # both are signed in
    answers = await asyncio.gather(*(house.command(r, order_id, "claim") for r in ("hazhiyuan", "luoyan")))
    assert sorted(a.status for a in answers) == [200, 409]
    lost = next(a for a in answers if a.status == 409)
    assert lost.code == "CLAIMED"
    assert lost.body["holder"] in {"哈志远", "罗燕"}


async def test_a_lease_that_runs_out_gives_the_order_back_and_keeps_the_draft(house: House) -> None:
    order_id = await house.ready_order()
    await house.command("hazhiyuan", order_id, "claim")
    await house.write("hazhiyuan", order_id, findings="写到一半")
    house.clock.at += timedelta(minutes=19)
    assert (await house.command("hazhiyuan", order_id, "renew")).status == 200
    house.clock.at += timedelta(minutes=19)
    await house.pump()
    assert (await house.order("luoyan", order_id))["state"] == "claimed"
    house.clock.at += timedelta(minutes=2)
    await house.pump()
    order = await house.order("luoyan", order_id)
    assert (order["state"], order["claimed_by"]) == ("ready", None)
    await house.command("luoyan", order_id, "claim")
    draft = await house.call("luoyan", "GET", f"/api/v1/reading-orders/{order_id}/report")
    assert draft.body["findings"] == "写到一半"


async def test_a_command_out_of_turn_names_what_is_possible(house: House) -> None:
    order_id = await house.ready_order()
    early = await house.command("lilan", order_id, "resend")
    assert (early.status, early.code) == (409, "STATE")
    assert "claim" in early.body["legal"]


async def test_cancelling_what_is_being_read_asks_the_reader_first(house: House) -> None:
    order_id = await house.ready_order()
    await house.command("hazhiyuan", order_id, "claim")
    asked = await house.command("lilan", order_id, "cancel", {"reason": "病人转院了"})
    assert asked.body["state"] == "cancel-requested"
    house.clock.at += timedelta(minutes=16)
    await house.pump()
    (late,) = await house.tasks("C01", "medical-affairs")
    assert "取消申请无人确认" in late.zh
    kept = await house.command("hazhiyuan", order_id, "keep")
    assert (kept.body["state"], kept.body["claimed_by"]["id"]) == ("claimed", "hazhiyuan")
    await house.command("lilan", order_id, "cancel", {"reason": "病人转院了"})
    gone = await house.command("hazhiyuan", order_id, "confirm-cancel")
    assert (gone.body["state"], gone.body["claimed_by"]) == ("cancelled", None)
    assert not any(gone.commands.values())


async def test_a_late_image_takes_a_ready_order_back_and_voids_a_signature(house: House) -> None:
    order_id = await house.ready_order()
    house.clock.at += timedelta(minutes=1)
    await house.send(order_id=order_id, instance=2)
    await house.pump()
    order = await house.order("lilan", order_id)
    assert order["instances"] == 2
    assert any(f["code"] == "LATE_INSTANCE" for f in order["flags"])
    house.clock.at += timedelta(seconds=10)
    await house.pump()
    assert (await house.order("lilan", order_id))["state"] == "ready"
    report_id = await house.signed_report(order_id)
    await house.send(order_id=order_id, instance=3)
    await house.pump()
    order = await house.order("hazhiyuan", order_id)
    assert (order["state"], order["claimed_by"]["id"]) == ("claimed", "hazhiyuan")
    report = await house.call("hazhiyuan", "GET", f"/api/v1/reports/{report_id}")
    assert (report.body["state"], report.body["digest"]) == ("draft", None)


async def test_word_of_a_late_image_that_itself_comes_late_opens_nothing_again(house: House) -> None:
    order_id = await house.ready_order()
    house.clock.at += timedelta(minutes=1)
    for instance in (2, 3):
        await house.send(order_id=order_id, instance=instance)
    async with house.hub.unit_of_work(read=True) as uow:
        first, *_ = await uow.outbox.owed(house.clock.at, house.clock.at, limit=1)
    await outbox.handle(house.hub, first.event_id, first.handler)
    house.clock.at += timedelta(seconds=10)
    await deadlines.act_on_due(house.hub)
    completed = await house.order("lilan", order_id)
    await house.pump()
    after = await house.order("lilan", order_id)
    assert (completed["state"], completed["instances"]) == ("ready", 3)
    assert (after["state"], after["version"]) == ("ready", completed["version"])


async def test_an_image_that_comes_after_the_release_is_a_task_not_a_change(house: House) -> None:
    order_id, _ = await house.released_report()
    await house.pump()
    await house.send(order_id=order_id, instance=2)
    await house.pump()
    assert (await house.order("lilan", order_id))["state"] == "final"
    tasks = await house.tasks("C01", "reporting-physician")
    assert [t.kind for t in tasks] == ["amend-late"]
