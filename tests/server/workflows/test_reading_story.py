"""The walk of a study, told by those who walk it (domain.md A1, A4): in one process, to the minute."""

from datetime import timedelta

from dicom.ecg.synthesis import EcgRecipe
from tests.builders.ecg_objects import INFERIOR_INFARCTION, ecg_part10
from tests.builders.reading_house import MA_ID, House


async def test_a_study_walks_from_the_township_to_the_county_and_back(house: House) -> None:
    house.at("08:19")
    patient = await house.register_ma()
    placed = await house.place("lilan", patient, priority="emergency", expected_instances=1)
    assert placed.status == 201, placed.body
    order_id = placed.body["id"]
    assert placed.body["state"] == "receiving"
    assert placed.body["fee_waiver"] == "海原〔2017〕74号"
    house.at("08:20")
    await house.send(order_id=order_id)
    await house.pump()
    order = await house.order("hazhiyuan", order_id)
    assert (order["state"], order["centre"]["id"]) == ("ready", "C01-RAD")
    assert order["due_at"] == "2026-11-23T00:50:00Z", "30 minutes from the complete arrival"
    assert order["route_reason"]["zh"].startswith("DX → 放射诊断中心（云岭县人民医院）；协议 ")
    assert order["patient"]["name"] == "马建国"

    claimed = await house.command("hazhiyuan", order_id, "claim")
    assert claimed.status == 200, claimed.body
    assert claimed.body["claimed_by"]["name"] == "哈志远"
    lost = await house.command("luoyan", order_id, "claim")
    assert lost.status in {403, 409}

    written = await house.write("hazhiyuan", order_id)
    assert written.status == 200, written.body
    report_id = written.body["id"]
    assert (await house.call("lilan", "GET", f"/api/v1/reports/{report_id}")).status == 404, "a draft is the centre's"
    signed = await house.about("hazhiyuan", report_id, "sign")
    assert signed.status == 200, signed.body
    assert (await house.about("hazhiyuan", report_id, "verify")).status in {403, 422}
    house.at("08:47")
    released = await house.about("luoyan", report_id, "verify")
    assert released.status == 200, released.body
    assert released.body["state"] == "released"
    assert (await house.order("lilan", order_id))["state"] == "final"
    overview = await house.call("lilan", "GET", "/api/v1/overview")
    assert overview.body["unread"] == 1, overview.body
    assert (await house.about("lilan", report_id, "read")).status == 200
    assert (await house.call("lilan", "GET", "/api/v1/overview")).body["unread"] == 0


async def test_a_released_report_is_printed_once_and_can_be_verified_by_anybody(house: House) -> None:
    _, report_id = await house.released_report()
    await house.pump()
    await house.long_work()
    first = await house.call("lilan", "GET", f"/api/v1/reports/{report_id}/pdf")
    assert first.status == 200, first.body
    assert first.body.startswith(b"%PDF")
    again = await house.call("lilan", "GET", f"/api/v1/reports/{report_id}/pdf")
    assert again.body == first.body
    code = (await house.call("lilan", "GET", f"/api/v1/reports/{report_id}")).body["verification_code"]
    public = await house.call("", "GET", f"/v/{code}")
    assert public.body["digest_valid"] is True
    assert public.body["patient"] == "马*国"
    assert (await house.call("", "GET", "/v/NONE")).status == 404


async def test_chest_pain_the_ecg_walks_in_fourteen_minutes(house: House) -> None:
    """Rows 08:16 to 08:31 of scenario A1."""
    house.at("08:16")
    patient = await house.register_ma()
    calm = await house.place("lilan", patient, kind="ecg", priority="emergency", expected_instances=1)
    await house.send_bytes(ecg_part10(number=7, patient_id=MA_ID), order_id=calm.body["id"])
    await house.pump()
    house.at("08:17")
    body = {"kind": "ecg", "priority": "emergency", "expected_instances": 1, "question": "胸痛，起病 07:20"}
    placed = await house.place("lilan", patient, **body)
    order_id = placed.body["id"]
    await house.send_bytes(ecg_part10(INFERIOR_INFARCTION, number=8, patient_id=MA_ID), order_id=order_id)
    await house.pump()
    order = await house.order("lilan", order_id)
    assert (order["state"], order["centre"]["id"]) == ("ready", "C01-ECG")
    assert (order["due_at"], order["limit_minutes"]) == ("2026-11-23T00:32:00Z", 15)
    assert order["fee_waiver"] == "海原〔2017〕74号"
    assert order["contact"] == {"name": "心电诊断中心", "phone": "8888 0131"}
    assert order["number"] == order["accession"]

    house.at("08:18")
    await house.long_work()
    first, second = await house.orders("wangke", "?centre=C01-ECG")
    assert (first["id"], second["id"]) == (order_id, calm.body["id"]), "the suspected one first, though due later"
    (suspected,) = [f for f in first["flags"] if f["level"] == "machine"]
    assert suspected["code"] == "ECG_ST_ELEVATION"
    assert "未经医师确认" in suspected["zh"]

    house.at("08:31")
    report_id = await house.signed_report(order_id, "wangke")
    released = await house.about("chenyue", report_id, "verify")
    assert released.body["state"] == "released", released.body
    assert released.body["author"]["name"] == "王珂"
    assert released.body["verifier"]["name"] == "陈岳"
    assert (await house.order("lilan", order_id))["final_at"] == "2026-11-23T00:31:00Z"


async def test_an_ecg_without_its_leads_is_said_to_be_incomplete_and_read_all_the_same(house: House) -> None:
    await house.register_ma()
    flat = EcgRecipe(flat_leads=("V2", "V3"))
    await house.send_bytes(ecg_part10(flat, patient_id=MA_ID))
    await house.pump()
    house.clock.at += timedelta(seconds=6)
    await house.pump()
    await house.long_work()
    (order,) = await house.orders("wangke")
    assert order["state"] == "ready"
    assert {f["code"]: f["zh"] for f in order["flags"]}["ECG_INCOMPLETE"] == "心电不完整：有平线导联"
