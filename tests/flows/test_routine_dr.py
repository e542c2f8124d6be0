"""Scenario A4, a routine DR: two views, a report sent back, the study returned, the clock paused, final at 11:40."""

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

from server.cli.morning import PEOPLE, chest_object
from tests.flows.county import County, Json, as_registration, minute
from tests.flows.devices import any_syntax_sent, data_set, device_sends, written
from tests.flows.sending import begins, goes_on, stows, uploads

YANG = PEOPLE[6]
WARNING = 0xB000


def changed(content: bytes, change: Callable[[pydicom.Dataset], object]) -> bytes:
    """Return an object after a change."""
    ds = pydicom.dcmread(io.BytesIO(content))
    change(ds)
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def lateral(ds: pydicom.Dataset) -> None:
    """Make the second view of the study."""
    ds.SOPInstanceUID, ds.InstanceNumber, ds.ViewPosition = generate_uid(), 2, "LL"


def right_marker(ds: pydicom.Dataset) -> None:
    """Take the picture again, with the marker on the right side."""
    ds.SOPInstanceUID, ds.InstanceNumber, ds.ImageLaterality = generate_uid(), 3, "R"


def zipped(objects: Sequence[bytes]) -> bytes:
    """Return the objects in one archive, as a folder that is sent in the browser."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(objects):
            archive.writestr(f"DICOM/IM{number}", content)
    return buffer.getvalue()


class Day:
    """The study of 杨生贵, step by step with its minutes."""

    def __init__(self, yunling: County, folder: Path) -> None:
        self.yunling, self.folder = yunling, folder
        self.order: Json = {}
        self.report: Json = {}

    async def at_10_00_two_views_are_uploaded(self) -> None:
        await self.yunling.at("10:00")
        self.lin = await self.yunling.person("helin")
        self.reader, self.reviewer = await self.yunling.person("hazhiyuan"), await self.yunling.person("luoyan")
        patient = await self.yunling.registers(self.lin, as_registration(YANG))
        order = await self.lin.places(patient, "radiology", "routine", question="咳嗽一周", expected_instances=2)
        front = chest_object(YANG, accession=order["number"], at=self.yunling.moment("09:55"))
        self.views = [front, changed(front, lateral)]
        archive = zipped(self.views)
        place = await begins(self.lin, archive, patient_id=patient, order_id=order["id"])
        await goes_on(self.lin, place, archive)
        results = (await self.lin.sees(place))["results"]
        assert [result["code"] for result in results] == ["STORED", "STORED"], results
        self.order = await self.reader.waits_for(order["id"], "ready")
        assert (self.order["instances"], minute(self.order["due_at"])) == (2, "12:00"), "routine DR within two hours"

    async def at_11_05_it_is_reported(self) -> None:
        await self.yunling.at("11:00")
        await self.reader.does(f"/api/v1/reading-orders/{self.order['id']}/claim")
        await self.yunling.at("11:05")
        draft = await self.reader.sees(f"/api/v1/reading-orders/{self.order['id']}/report")
        words = {"findings": "右下肺纹理增多。", "impression": "右下肺炎症可能。"}
        saved = await self.reader.writes(self.order["id"], draft["version"], **words)
        self.report = await self.reader.signs(saved.body["id"])
        assert minute(self.report["signed_at"]) == "11:05"

    async def the_reviewer_sends_it_back(self) -> None:
        await self.yunling.at("11:08")
        path = f"/api/v1/reports/{self.report['id']}/send-back"
        assert await self.reviewer.is_refused(path, {"reason": " "}) == "422 REASON_REQUIRED"
        back = await self.reviewer.does(path, {"reason": "左右标记错误"})
        assert (back["state"], back["sent_back_reason"], back["digest"]) == ("draft", "左右标记错误", None), back
        order = await self.reader.sees(f"/api/v1/reading-orders/{self.order['id']}")
        assert (order["state"], order["claimed_by"]["name"], order["paused_at"]) == ("claimed", "哈志远", None)

    async def at_11_10_the_reader_returns_the_study_and_the_clock_pauses(self) -> None:
        await self.yunling.at("11:10")
        path = f"/api/v1/reading-orders/{self.order['id']}/return"
        body = {"code": "side-marker", "reason": "左右标记错误，请核对后重传"}
        assert await self.reviewer.is_refused(path, body) == "409 NOT_CLAIM_HOLDER"
        returned = await self.reader.does(path, body)
        assert (returned["state"], returned["return"]["code"]) == ("returned", "side-marker")
        assert minute(returned["paused_at"]) == "11:10"
        task = await self.lin.task("被退回", self.order["number"])
        assert "左右标记错误" in task["zh"]
        assert (await self.lin.sees("/api/v1/overview"))["mine"]["returned"] == 1

    async def at_11_25_the_township_sends_the_right_picture(self) -> None:
        await self.yunling.at("11:25")
        content = changed(self.views[0], right_marker)
        assert await device_sends(self.yunling.hub, "T02", written(self.folder, [content], "again")) == [0]
        order = await self.reader.waits_for(self.order["id"], "ready")
        assert (order["instances"], order["paused_at"], order["return"]) == (3, None, None)
        assert order["paused_seconds"] // 60 == 15
        assert minute(order["due_at"]) == "12:15", "a quarter of an hour was the township's"
        assert (await self.lin.sees("/api/v1/tasks?mine=1"))["items"] == [], "nothing waits for T02 any more"

    async def at_11_40_it_is_final(self) -> None:
        await self.yunling.at("11:36")
        await self.reader.does(f"/api/v1/reading-orders/{self.order['id']}/claim")
        draft = await self.reader.sees(f"/api/v1/reading-orders/{self.order['id']}/report")
        assert draft["impression"] == "右下肺炎症可能。", "the draft was kept"
        words = {"findings": "左下肺纹理增多。", "impression": "左下肺炎症可能。"}
        saved = await self.reader.writes(self.order["id"], draft["version"], **words)
        await self.reader.signs(saved.body["id"])
        await self.yunling.at("11:40")
        released = await self.reviewer.verifies(saved.body["id"])
        assert (minute(released["released_at"]), released["critical"]) == ("11:40", False)
        order = await self.lin.sees(f"/api/v1/reading-orders/{self.order['id']}")
        assert (order["state"], minute(order["final_at"])) == ("final", "11:40")
        words_said = [event["name"].partition(".")[2] for event in order["events"]]
        for name in ("report-sent-back", "returned", "late-instance", "final"):
            assert name in words_said, words_said

    async def the_same_instance_again_is_a_duplicate(self) -> None:
        await self.yunling.at("11:50")
        result = await uploads(self.lin, self.views[0], order_id="", patient_id="")
        assert (result["outcome"], result["code"]) == ("duplicate", "DUPLICATE_INSTANCE")
        paths = written(self.folder, self.views, "duplicate")
        assert [o.status for o in await any_syntax_sent(self.yunling.hub, "T02", paths * 5)] == [0] * 10
        assert (await stows(self.lin, self.views[1])).status == 200
        order = await self.lin.sees(f"/api/v1/reading-orders/{self.order['id']}")
        assert (order["instances"], order["state"]) == (3, "final")

    async def the_same_uid_with_other_bytes_is_kept_aside(self) -> None:
        other = changed(self.views[0], lambda ds: setattr(ds, "PixelData", bytes(len(ds.PixelData))))
        (outcome,) = await any_syntax_sent(self.yunling.hub, "T02", written(self.folder, [other], "conflict"))
        assert outcome.status == WARNING
        answer = await stows(self.lin, other)
        assert (answer.status, answer.body["00081199"]["Value"][0]["00081196"]["Value"]) == (202, [WARNING])
        registrar = await self.yunling.person("hanxue")
        task = await registrar.task("uid-conflict")
        assert task["role"] == "registrar"
        await self._the_first_stays()

    async def _the_first_stays(self) -> None:
        ds = pydicom.dcmread(io.BytesIO(self.views[0]))
        path = f"/dicom-web/studies/{ds.StudyInstanceUID}/series/{ds.SeriesInstanceUID}/instances/{ds.SOPInstanceUID}"
        assert data_set(await self.lin.gets(path, "application/dicom")) == data_set(self.views[0])


async def test_a_routine_dr_is_returned_once_and_final_at_11_40(yunling: County, tmp_path: Path) -> None:
    day = Day(yunling, tmp_path)
    await day.at_10_00_two_views_are_uploaded()
    await day.at_11_05_it_is_reported()
    await day.the_reviewer_sends_it_back()
    await day.at_11_10_the_reader_returns_the_study_and_the_clock_pauses()
    await day.at_11_25_the_township_sends_the_right_picture()
    await day.at_11_40_it_is_final()
    await day.the_same_instance_again_is_a_duplicate()
    await day.the_same_uid_with_other_bytes_is_kept_aside()
