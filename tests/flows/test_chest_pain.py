"""Scenario A1, chest pain, to the minute: registered, ECG and DR sent, routed, read by two, back at the township."""

from datetime import datetime
from pathlib import Path

import pydicom

from server.cli.morning import MA as P1
from server.cli.morning import PEOPLE, chest_object, ecg_object
from tests.builders.ecg_objects import INFERIOR_INFARCTION
from tests.flows.county import MA, County, Json, as_registration, minute
from tests.flows.devices import device_sends, written
from tests.flows.sending import begins, goes_on

OLD = PEOPLE[5]  # a routine ECG that waits when the emergency comes
WAIVER = "海原〔2017〕74号"


class Morning:
    """The morning of 马建国; each step is a row of the table, with its minute."""

    def __init__(self, yunling: County, folder: Path) -> None:
        self.yunling, self.hub, self.folder = yunling, yunling.hub, folder
        self.heart: Json = {}
        self.chest: Json = {}

    async def at_08_05_a_routine_ecg_waits(self) -> None:
        await self.yunling.at("08:05")
        self.lan, self.lin = await self.yunling.person("lilan"), await self.yunling.person("helin")
        self.ke, self.yue = await self.yunling.person("wangke"), await self.yunling.person("chenyue")
        patient = await self.yunling.registers(self.lin, as_registration(OLD))
        order = await self.lin.places(patient, "ecg", "routine", expected_instances=1)
        content = ecg_object(
            OLD, INFERIOR_INFARCTION, accession=order["number"], at=self.yunling.moment("08:04"), seed=5
        )
        await device_sends(self.hub, "T02", written(self.folder, [content], "routine"))
        self.routine = await self.ke.waits_for(order["id"], "ready")
        assert minute(self.routine["due_at"]) == "08:35"

    async def at_08_12_the_patient_is_registered(self) -> None:
        await self.yunling.at("08:12")
        self.patient_id = await self.yunling.registers(self.lan, MA)
        record = await self.lan.sees(f"/api/v1/patients/{self.patient_id}")
        assert (record["record_number"], record["masked_id"]) == ("99010110010100023", "9901**********0035")
        assert [(a["category"], a["active"]) for a in record["assistance"]] == [("registered-poverty", True)]
        assert await self.lan.is_refused("/api/v1/patients", MA) == "409 PATIENT_EXISTS"
        for words in ("马建国", "majianguo", "mjg", "990101195803120035", "0035", "13800000187"):
            found = (await self.lan.sees(f"/api/v1/patients?q={words}"))["items"]
            assert [item["id"] for item in found] == [self.patient_id], words
        page = await self.lan.asks("GET", f"/api/v1/patients/{self.patient_id}")
        assert b"990101195803120035" not in page.content, "masked on the wire"

    async def at_08_17_the_ecg_is_uploaded(self) -> None:
        await self.yunling.at("08:17")
        order = await self.lan.places(
            self.patient_id, "ecg", "emergency", question="胸痛，07:20 起", history="BP 92/58，SpO₂ 94%"
        )
        assert order["fee_waiver"] == WAIVER, "fee 0"
        content = ecg_object(
            P1, INFERIOR_INFARCTION, accession=order["number"], at=self.yunling.moment("08:16"), seed=1
        )
        place = await begins(self.lan, content, patient_id=self.patient_id, order_id=order["id"])
        await goes_on(self.lan, place, content, upto=len(content) * 4 // 10)
        await goes_on(self.lan, place, content)  # the browser was closed at 40 %; it goes on from there
        (result,) = (await self.lan.sees(place))["results"]
        assert (result["outcome"], result["code"]) == ("stored", "STORED")
        self.heart = await self.ke.waits_for(order["id"], "ready")
        assert (self.heart["centre"]["id"], minute(self.heart["due_at"])) == ("C01-ECG", "08:32")
        assert self.heart["route_reason"]["zh"] == (
            "ECG → 心电诊断中心（云岭县人民医院）；协议 T01-C01 有效；急诊全天值班"
        )

    async def at_08_18_it_is_on_top_of_the_worklist(self) -> None:
        await self.yunling.at("08:18")
        page = await self.ke.sees("/api/v1/reading-orders?state=ready&centre=C01-ECG")
        assert [item["id"] for item in page["items"]] == [self.heart["id"], self.routine["id"]]
        flags = await self.ke.sees_flags(self.heart["id"], "machine")
        said = {flag["code"]: flag["zh"] for flag in flags}
        assert said["ECG_ST_ELEVATION"] == "机器提示疑似ST段抬高（II、III、aVF），未经医师确认", said

    async def at_08_20_the_chest_picture_comes(self) -> None:
        await self.yunling.at("08:20")
        order = await self.lan.places(
            self.patient_id, "radiology", "emergency", question="胸痛 1 小时，除外气胸", expected_instances=1
        )
        content = chest_object(P1, accession=order["number"], at=self.yunling.moment("08:19"), gbk_under_latin=True)
        paths = written(self.folder, [content], "chest")
        assert await device_sends(self.hub, "T01", paths) == [0]
        self.zhiyuan, self.luoyan = await self.yunling.person("hazhiyuan"), await self.yunling.person("luoyan")
        self.chest = await self.zhiyuan.waits_for(order["id"], "ready")
        assert (self.chest["centre"]["id"], minute(self.chest["due_at"])) == ("C01-RAD", "08:50")
        assert (self.chest["patient"]["name"], self.chest["dicom_patient"]["name"]) == ("马建国", "马建国")
        assert [flag["code"] for flag in self.chest["flags"]] == ["NAME_GUESSED"]
        await self._the_bytes_stay(pydicom.dcmread(paths[0]))

    async def _the_bytes_stay(self, ds: pydicom.Dataset) -> None:
        (found,) = await self.zhiyuan.finds(f"/dicom-web/studies?StudyInstanceUID={ds.StudyInstanceUID}")
        assert found["00100010"]["Value"] == [{"Alphabetic": "马建国"}]
        path = f"/dicom-web/studies/{ds.StudyInstanceUID}/series/{ds.SeriesInstanceUID}/instances/{ds.SOPInstanceUID}"
        back = await self.zhiyuan.gets(path, "application/dicom")
        assert "马建国".encode("gbk") in back, "the original bytes are kept"
        assert b"ISO_IR 100" in back

    async def at_08_31_the_ecg_is_reported_by_two(self) -> None:
        await self.yunling.at("08:24")
        report = await self.ke.reads_and_signs(
            self.heart["id"],
            "窦性心动过缓；II、III、aVF 导联 ST 段抬高 0.3 mV。",
            "急性下壁心肌梗死",
            positive=True,
            critical=True,
        )
        await self.yunling.at("08:31")
        released = await self.yue.verifies(report["id"])
        assert (minute(released["released_at"]), released["critical"]) == ("08:31", True)
        assert (released["author"]["name"], released["verifier"]["name"]) == ("王珂", "陈岳")
        for person in (self.lan, self.ke):
            copy = await person.sees(f"/api/v1/reports/{report['id']}")
            assert (copy["impression"], copy["digest"]) == ("急性下壁心肌梗死", released["digest"])
        order = await self.lan.sees(f"/api/v1/reading-orders/{self.heart['id']}")
        assert (order["state"], minute(order["final_at"])) == ("final", "08:31")
        took = datetime.fromisoformat(order["final_at"]) - datetime.fromisoformat(order["complete_at"])
        assert 13 <= took.total_seconds() // 60 <= 14, "14 minutes after the upload"
        assert order["final_at"] < order["due_at"]
        self.report_id = report["id"]

    async def nobody_edits_what_was_issued(self) -> None:
        path = f"/api/v1/reports/{self.report_id}"
        issued = await self.lan.sees(path)
        written_over = await self.ke.writes(self.heart["id"], issued["version"], findings="改", impression="改")
        assert written_over.status == 409, written_over.body
        assert await self.ke.is_refused(f"{path}/amend", {"kind": "correction", "reason": ""}) == "422 REASON_REQUIRED"
        assert (await self.lan.sees(path))["impression"] == "急性下壁心肌梗死"

    async def at_08_47_the_chest_report_is_issued(self) -> None:
        await self.yunling.at("08:40")
        report = await self.zhiyuan.reads_and_signs(
            self.chest["id"], "两肺纹理清晰，未见气胸线；纵隔不宽。", "未见气胸；心肺未见明显异常。"
        )
        await self.yunling.at("08:47")
        released = await self.luoyan.verifies(report["id"])
        assert minute(released["released_at"]) == "08:47"
        order = await self.lan.sees(f"/api/v1/reading-orders/{self.chest['id']}")
        assert minute(order["final_at"]) == "08:47" < minute(order["due_at"]), "within 30 minutes"
        unread = (await self.lan.sees("/api/v1/reports?unread=1"))["items"]
        assert [item["order_id"] for item in unread] == [self.heart["id"], self.chest["id"]], "the critical one first"


async def test_chest_pain_is_read_in_time_and_by_two(yunling: County, tmp_path: Path) -> None:
    morning = Morning(yunling, tmp_path)
    await morning.at_08_05_a_routine_ecg_waits()
    await morning.at_08_12_the_patient_is_registered()
    await morning.at_08_17_the_ecg_is_uploaded()
    await morning.at_08_18_it_is_on_top_of_the_worklist()
    await morning.at_08_20_the_chest_picture_comes()
    await morning.at_08_31_the_ecg_is_reported_by_two()
    await morning.nobody_edits_what_was_issued()
    await morning.at_08_47_the_chest_report_is_issued()
