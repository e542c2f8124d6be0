"""What A1 refuses or sets aside, each by its name (domain.md part 3, refusals): at the door, never in silence."""

import re
from pathlib import Path

import pydicom

from dicom.ecg.synthesis import EcgRecipe
from server.cli.morning import PEOPLE, chest_object, ecg_object
from tests.builders.ecg_objects import INFERIOR_INFARCTION
from tests.flows.county import MA, County, Json, Person, as_registration
from tests.flows.devices import device_sends, written
from tests.flows.sending import uploads

HU, HAI, SU, YANG, YE, WANG = (PEOPLE[place] for place in (1, 3, 4, 6, 7, 9))


def with_id(number: str, **more: object) -> Json:
    """Return a registration under a resident ID."""
    return {"name": "苏有财", "sex": "male", "identifiers": [{"system": "resident-id", "value": number}]} | more


async def test_the_register_refuses_numbers_that_cannot_be_and_an_emergency_goes_on_without(yunling: County) -> None:
    await yunling.at("08:00")
    lan = await yunling.person("lilan")
    assert await lan.is_refused("/api/v1/patients", with_id("990101195803120036")) == "422 ID_CHECKSUM"
    assert await lan.is_refused("/api/v1/patients", with_id("990101201802290014")) == "422 ID_DATE"
    assert (
        await lan.is_refused("/api/v1/patients", with_id("990101195803120035", sex="female")) == "422 ID_SEX_MISMATCH"
    )
    leap = await lan.does("/api/v1/patients", with_id("990101202002290053", name="马小宝"))
    assert leap["birth_date"] == "2020-02-29"
    borrowed = with_id("990101202002290053", name="丁一")
    assert await lan.is_refused("/api/v1/patients", borrowed) == "422 IDENTITY_CONFLICT", "mistyped or borrowed card"
    nobody = await lan.does("/api/v1/patients", {"name": "无名氏", "sex": "male"})
    assert (nobody["provisional"], nobody["identifiers"][0]["system"]) == (True, "temporary")
    order = await lan.places(nobody["id"], "ecg", "emergency")
    assert order["state"] == "receiving"
    assert len((await lan.sees("/api/v1/patients?q=马小宝"))["items"]) == 1, "nothing was merged, nothing doubled"


async def test_another_patients_images_are_kept_from_the_reader_until_a_registrar_decides(
    yunling: County, tmp_path: Path
) -> None:
    await yunling.at("09:00")
    lan, zhiyuan = await yunling.person("lilan"), await yunling.person("hazhiyuan")
    registrar = await yunling.person("hanxue")
    hu = await yunling.registers(lan, as_registration(HU))
    order = await lan.places(hu, "radiology", "emergency", expected_instances=1)
    content = chest_object(HAI, accession=order["number"], at=yunling.moment("09:01"))
    study = str(pydicom.dcmread(written(tmp_path, [content], "other")[0]).StudyInstanceUID)
    assert await device_sends(yunling.hub, "T01", [tmp_path / "other-1.dcm"]) == [0]
    aside = await lan.order_of(study, "quarantined")
    assert aside["id"] == order["id"]
    assert "NAME_MISMATCH" in {flag["code"] for flag in aside["flags"]}
    assert await zhiyuan.finds(f"/dicom-web/studies?StudyInstanceUID={study}") == []
    assert (await zhiyuan.asks("GET", f"/api/v1/reading-orders/{order['id']}")).status == 404
    assert (await lan.finds(f"/dicom-web/studies?StudyInstanceUID={study}"))[0]["00100010"], "the sender sees it"
    task = await registrar.task("核对病人", order["number"])
    assert task["subject"] == {"kind": "reading-orders", "id": order["id"]}
    path = f"/api/v1/studies/{study}/match"
    assert await registrar.is_refused(path, {"patient_id": hu, "reason": ""}) == "422 REASON_REQUIRED"
    matched = await registrar.does(path, {"patient_id": hu, "reason": "电话核对：设备上选错了人，图像是虎占山的"})
    assert matched["state"] == "ready"
    seen = await zhiyuan.waits_for(order["id"], "ready")
    assert seen["patient"]["name"] == "虎占山"
    assert not [t for t in (await registrar.sees("/api/v1/tasks?mine=1"))["items"] if t["id"] == task["id"]]


async def test_an_upload_for_the_wrong_patient_is_told_at_once(yunling: County) -> None:
    await yunling.at("09:10")
    lan = await yunling.person("lilan")
    su = await yunling.registers(lan, as_registration(SU))
    order = await lan.places(su, "ecg", "routine")
    other = ecg_object(HAI, INFERIOR_INFARCTION, accession=order["number"], at=yunling.moment("09:09"), seed=2)
    result = await uploads(lan, other, patient_id=su, order_id=order["id"])
    assert result["code"] == "NAME_MISMATCH"
    assert (await lan.waits_for(order["id"], "quarantined"))["number"] == order["number"]


async def test_an_incomplete_ecg_is_never_dropped_it_is_flagged(yunling: County, tmp_path: Path) -> None:
    await yunling.at("09:15")
    lan, ke = await yunling.person("lilan"), await yunling.person("wangke")
    patient = await yunling.registers(lan, as_registration(WANG))
    order = await lan.places(patient, "ecg", "emergency", expected_instances=1)
    short = EcgRecipe(duration_s=6.0, flat_leads=("V5",))
    content = ecg_object(WANG, short, accession=order["number"], at=yunling.moment("09:14"), seed=4)
    assert await device_sends(yunling.hub, "T01", written(tmp_path, [content], "short")) == [0]
    await ke.waits_for(order["id"], "ready")
    flags = await ke.sees_flags(order["id"], "warn")
    assert {"ECG_INCOMPLETE"} <= {flag["code"] for flag in flags}, flags


async def test_what_no_centre_reads_becomes_a_task_of_a_person(yunling: County, tmp_path: Path) -> None:
    await yunling.at("09:20")
    lan, registrar = await yunling.person("lilan"), await yunling.person("hanxue")
    patient = await yunling.registers(lan, as_registration(YANG))
    order = await lan.places(patient, "imaging", "urgent", expected_instances=1)
    content = chest_object(YANG, accession=order["number"], at=yunling.moment("09:19"))
    ds = pydicom.dcmread(written(tmp_path, [content])[0])
    ds.Modality = "XX"
    ds.save_as(tmp_path / "unknown.dcm")
    assert await device_sends(yunling.hub, "T01", [tmp_path / "unknown.dcm"]) == [0]
    unrouted = await lan.waits_for(order["id"], "unrouted")
    assert unrouted["route_reason"]["zh"] == "没有中心读 XX，请人工指定"
    task = await registrar.task("指定中心", order["number"])
    assert re.match(r"指定中心：R-\d{4}-\d{4}-[A-Z]，没有中心读 XX", task["zh"]), task["zh"]
    routed = await registrar.does(
        f"/api/v1/reading-orders/{order['id']}/route", {"centre_id": "C01-RAD", "reason": "电话商定由放射科看"}
    )
    assert (routed["state"], routed["centre"]["id"]) == ("ready", "C01-RAD")
    assert routed["route_reason"]["zh"].startswith("韩雪指定 → 放射诊断中心：电话商定")


async def test_who_wrote_the_report_does_not_verify_it(yunling: County, tmp_path: Path) -> None:
    await yunling.at("09:30")
    lan, yue = await yunling.person("lilan"), await yunling.person("chenyue")
    patient = await yunling.registers(lan, as_registration(YE))
    order = await lan.places(patient, "ecg", "emergency", expected_instances=1)
    content = ecg_object(YE, INFERIOR_INFARCTION, accession=order["number"], at=yunling.moment("09:29"), seed=3)
    await device_sends(yunling.hub, "T01", written(tmp_path, [content], "ecg"))
    await yue.waits_for(order["id"], "ready")
    await yue.does(f"/api/v1/reading-orders/{order['id']}/claim")
    draft = await yue.sees(f"/api/v1/reading-orders/{order['id']}/report")
    path = f"/api/v1/reports/{draft['id']}"
    assert await yue.is_refused(f"{path}/verify", {"password": yue.password}) == "422 UNSIGNED"
    assert await yue.is_refused(f"{path}/sign", {"password": yue.password}) == "422 REPORT_INCOMPLETE"
    assert (await yue.writes(order["id"], draft["version"], findings="窦性心律", impression="正常")).status == 200
    signed = await yue.signs(draft["id"])
    commands = {c["name"]: c["reason"] for c in signed["commands"] if not c["allowed"]}
    assert commands["verify"] == "SAME_SIGNER", "the button says why"
    assert await yue.is_refused(f"{path}/verify", {"password": yue.password}) == "422 SAME_SIGNER"
    assert (await lan.asks("GET", path)).status == 404, "not issued"


async def test_a_site_without_an_agreement_is_told_and_its_images_wait_for_a_person(
    yunling: County, tmp_path: Path
) -> None:
    await yunling.at("09:40")
    admin = await yunling.person("admin")
    place = {"id": "T03", "name": "黑山镇卫生院", "kind": "township", "division": "990101", "parent_id": "C01"}
    await admin.does("/api/v1/organizations", place)
    await admin.does("/api/v1/organizations/T03/ae-titles", {"ae_title": "T03", "addresses": ["loopback"]})
    password = "lutong-demo-2026"
    roles = [{"organization_id": "T03", "role": "township-doctor"}]
    account = {"username": "xinren", "name": "新人", "title": "主治", "password": password, "roles": roles}
    await admin.does("/api/v1/users", account)
    doctor = await yunling.person("xinren", password)
    patient = await yunling.registers(doctor, as_registration(HAI))
    asked = {"patient_id": patient, "kind": "radiology", "priority": "routine"}
    assert await doctor.is_refused("/api/v1/reading-orders", asked) == "422 AGREEMENT_REQUIRED"
    content = chest_object(HAI, accession="", at=yunling.moment("09:39"))
    paths = written(tmp_path, [content], "t03")
    assert await device_sends(yunling.hub, "T03", paths) == [0]
    unrouted = await doctor.order_of(str(pydicom.dcmread(paths[0]).StudyInstanceUID), "unrouted")
    assert unrouted["patient"]["name"] == "海小军"
    assert unrouted["route_reason"]["zh"] == "DX：没有有效的合作协议包含这项服务，请人工指定"
    registrar = await yunling.person("hanxue")
    await registrar.task("指定中心", unrouted["number"])


async def test_another_township_opens_a_record_only_by_breaking_the_glass(yunling: County) -> None:
    await yunling.at("10:00")
    lan, lin = await yunling.person("lilan"), await yunling.person("helin")
    patient = await yunling.registers(lan, MA)
    path = f"/api/v1/patients/{patient}"
    assert (await lin.asks("GET", path)).code == "403 NO_CARE_RELATION"
    (card,) = (await lin.sees("/api/v1/patients?q=990101195803120035"))["items"]
    assert (card["visible"], card["name"], card["assistance"]) == (False, "马*国", None)
    assert await lin.is_refused(f"{path}/break-glass", {"reason": ""}) == "422 REASON_REQUIRED"
    await lin.does(f"{path}/break-glass", {"reason": "转来的胸痛病人昏迷，需要知道用药"})
    assert (await lin.sees(path))["name"] == "马建国"
    reviewer = await yunling.person("yiwu")
    task = await reviewer.task("何林", "请复核")
    assert (task["role"], task["subject"]["id"]) == ("medical-affairs", patient)
    auditor = await yunling.person("shenji")
    assert ("read", "refused") in await _records(auditor, patient)
    assert ("break-glass", "success") in await _records(auditor, patient)
    await yunling.at("14:30")
    assert (await lin.asks("GET", path)).code == "403 NO_CARE_RELATION", "four hours, no more"


async def _records(auditor: Person, patient_id: str) -> set[tuple[str, str]]:
    page = await auditor.sees(f"/api/v1/audit?patient={patient_id}&limit=500")
    return {(item["action"], item["outcome"]) for item in page["items"]}
