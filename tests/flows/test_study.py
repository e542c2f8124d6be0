"""Walk A, a study: from the township's device to the county's specialist and back, against a running hub (design.md 1).

C-STORE → received, durable, indexed, only then acknowledged → complete → matched to patient and order → routed by rule,
with the sentence that says why → worklist → claimed → viewed → drafted, signed, verified → released → back at the
township: screen, PDF, DICOM to its AE → read receipt.
"""

import asyncio
import io
import subprocess
from pathlib import Path

import pydicom

from server.cli.morning import MA as P1
from server.cli.morning import Sample, sample_objects
from server.clock import SystemClock
from tests.flows.county import MA, SHANGHAI, County, Ear, Json, Person, listening, minute, utc
from tests.flows.devices import (
    BASIC_TEXT_SR,
    ENCAPSULATED_PDF,
    ReportShelf,
    data_set,
    device_sends,
    report_shelf,
    written,
)
from tests.servers.hub import PROGRAM, RunningHub
from tests.servers.processes import system_program

FINDINGS = "两肺纹理清晰，未见实变；纵隔居中，心影不大；右侧胸腔未见积液。"
IMPRESSION = "胸部 CT 平扫未见明显异常。"
ROADS = ("studies", "series", "instances")


def address(ds: pydicom.Dataset, *, levels: int = 3) -> str:
    """Return the DICOMweb address of an object."""
    uids = (ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID)
    return "/dicom-web/" + "/".join(f"{road}/{uid}" for road, uid in list(zip(ROADS, uids, strict=True))[:levels])


def ma_of(number: str) -> list[bytes]:
    """Return a CT of 马建国 as the township's device makes it from the order's number: three slices."""
    at = SystemClock().now().astimezone(SHANGHAI)
    made = sample_objects(P1, Sample("CT", "胸部 CT 平扫", 3), accession=number, at=at)
    return [without_padding(content) for content in made]


def without_padding(content: bytes) -> bytes:
    """Return an object without Data Set Trailing Padding, which storescu does not send."""
    ds = pydicom.dcmread(io.BytesIO(content))
    ds.pop("DataSetTrailingPadding", None)
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


class Walk:
    """The story, step by step; each step is what somebody does and what she sees then."""

    def __init__(self, yunling: County, folder: Path, shelf: ReportShelf) -> None:
        self.yunling, self.hub, self.folder, self.shelf = yunling, yunling.hub, folder, shelf
        self.objects: list[bytes] = []
        self.order: Json = {}
        self.report: Json = {}

    async def people_come_to_work(self) -> None:
        await self.yunling.at("09:00")
        self.lan, self.he = await self.yunling.person("lilan"), await self.yunling.person("helin")
        self.reader, self.reviewer = await self.yunling.person("hazhiyuan"), await self.yunling.person("luoyan")
        self.admin = await self.yunling.person("admin")

    async def the_township_says_where_reports_go(self) -> None:
        entity = {"ae_title": "T01PACS", "description": "石门镇 PACS", "host": "127.0.0.1", "port": self.shelf.port}
        await self.admin.does("/api/v1/organizations/T01/ae-titles", entity)
        titles = (await self.admin.sees("/api/v1/organizations/T01/ae-titles"))["items"]
        assert ("T01PACS", self.shelf.port) in {(item["ae_title"], item["port"]) for item in titles}

    async def a_study_is_asked_for(self) -> None:
        patient = await self.yunling.registers(self.lan, MA)
        self.order = await self.lan.places(
            patient, "radiology", "urgent", question="咳嗽三周，请排除肺部病变", expected_instances=3
        )
        assert self.order["state"] == "receiving"

    async def the_first_slice_is_durable_when_it_is_acknowledged(self) -> None:
        self.objects = ma_of(self.order["number"])
        self.paths = written(self.folder, self.objects)
        self.slices = [pydicom.dcmread(path) for path in self.paths]
        assert await device_sends(self.hub, "T01", self.paths[:1]) == [0]
        await self._is_served(0)
        order = await self.lan.sees(f"/api/v1/reading-orders/{self.order['id']}")
        assert order["state"] == "receiving", "one of three slices"
        nobody_else = f"/dicom-web/studies?StudyInstanceUID={self.slices[0].StudyInstanceUID}"
        assert await self.he.finds(nobody_else) == [], "柳沟镇 has nothing to do with it"

    async def _is_served(self, number: int) -> None:
        ds = self.slices[number]
        found = await self.lan.finds(f"/dicom-web/instances?SOPInstanceUID={ds.SOPInstanceUID}")
        assert [item["00080018"]["Value"] for item in found] == [[ds.SOPInstanceUID]]
        back = await self.lan.gets(address(ds), "application/dicom")
        assert data_set(back) == data_set(self.objects[number]), "bit for bit"

    async def with_the_last_slice_it_is_complete_matched_and_routed(self, ear: Ear) -> None:
        assert await device_sends(self.hub, "T01", self.paths[1:]) == [0, 0]
        for number in range(3):
            await self._is_served(number)
        self.order = await self.reader.waits_for(self.order["id"], "ready")
        await ear.hears("reading-orders.completed", id=self.order["id"], state="ready", organization="T01")
        assert self.order["study_uid"] == self.slices[0].StudyInstanceUID
        assert (self.order["patient"]["name"], self.order["instances"]) == ("马建国", 3)
        assert self.order["route_reason"]["zh"] == (
            "CT → 放射诊断中心（云岭县人民医院）；协议 T01-C01 有效；当班 08:00–18:00"
        )
        took = (utc(self.order["due_at"]) - utc(self.order["complete_at"])).total_seconds()
        assert (took, self.order["limit_minutes"]) == (120 * 60, 120), "an urgent CT has two hours in this county"

    async def it_lies_in_the_centre_s_worklist(self) -> None:
        page = await self.reader.sees("/api/v1/reading-orders?state=ready")
        assert [item["id"] for item in page["items"]] == [self.order["id"]]
        assert page["items"][0]["centre"]["id"] == "C01-RAD"
        heart = await self.yunling.person("wangke")
        (seen,) = (await heart.sees("/api/v1/reading-orders?state=ready"))["items"]
        assert (seen["patient"]["name"], seen["fee_waiver"]) == ("马*国", None), "a colleague's, not his patient"
        others = await heart.sees("/api/v1/reading-orders?state=ready&centre=C01-ECG")
        assert others["items"] == [], "the ECG centre's worklist is another"
        assert await heart.is_refused(f"/api/v1/reading-orders/{self.order['id']}/claim") == "403 NOT_PERMITTED"

    async def one_reader_claims_it(self) -> None:
        path = f"/api/v1/reading-orders/{self.order['id']}"
        both = await asyncio.gather(
            self.reader.asks("POST", f"{path}/claim"), self.reviewer.asks("POST", f"{path}/claim")
        )
        assert sorted(answer.status for answer in both) == [200, 409], [answer.body for answer in both]
        if both[1].status == 200:
            await self.reviewer.does(f"{path}/release")
            await self.reader.does(f"{path}/claim")
        self.order = await self.lan.sees(path)
        assert (self.order["state"], self.order["claimed_by"]["name"]) == ("claimed", "哈志远")
        assert minute(self.order["claim_expires_at"]) > minute(self.order["complete_at"])

    async def she_looks_at_the_images(self) -> None:
        ds = self.slices[1]
        picture = await self.reader.gets(f"{address(ds)}/rendered", "image/jpeg")
        assert picture.startswith(b"\xff\xd8")
        (metadata,) = await self.reader.finds(f"{address(ds)}/metadata")
        assert metadata["00100010"]["Value"] == [{"Alphabetic": "马建国"}]
        frame = await self.reader.gets(f"{address(ds)}/frames/1", "application/octet-stream")
        assert frame == ds.PixelData

    async def she_writes_and_nobody_overwrites_her(self) -> None:
        order_id = self.order["id"]
        draft = await self.reader.sees(f"/api/v1/reading-orders/{order_id}/report")
        without = await self.reader.asks("PUT", f"/api/v1/reading-orders/{order_id}/report", {"findings": "x"})
        assert without.code == "400 IF_MATCH_REQUIRED"
        first = await self.reader.writes(order_id, draft["version"], findings="两肺")
        assert first.status == 200
        assert first.headers["ETag"] == f'"{first.body["version"]}"'
        stale = await self.reader.writes(order_id, draft["version"], findings="另一个窗口")
        assert stale.code == "412 VERSION"
        other = await self.reviewer.writes(order_id, first.body["version"], findings="别人")
        assert other.code == "409 NOT_CLAIM_HOLDER"
        saved = await self.reader.writes(order_id, first.body["version"], findings=FINDINGS, impression=IMPRESSION)
        self.report = saved.body
        unseen = await self.lan.asks("GET", f"/api/v1/reports/{self.report['id']}")
        assert unseen.status == 404, "a draft is the centre's"

    async def she_signs_with_her_password(self) -> None:
        path = f"/api/v1/reports/{self.report['id']}"
        assert await self.reviewer.is_refused(f"{path}/verify", {"password": self.reviewer.password}) == "422 UNSIGNED"
        assert await self.reader.is_refused(f"{path}/sign", {"password": "not mine"}) == "401 CREDENTIALS"
        self.report = await self.reader.signs(self.report["id"])
        assert (self.report["state"], len(self.report["digest"])) == ("signed", 64)
        assert (await self.lan.sees(f"/api/v1/reading-orders/{self.order['id']}"))["state"] == "awaiting-verification"

    async def only_a_second_physician_of_her_rank_may_verify(self) -> None:
        path = f"/api/v1/reports/{self.report['id']}/verify"
        assert await self.reader.is_refused(path, {"password": self.reader.password}) == "403 FORBIDDEN"
        junior = await _junior_reviewer(self.yunling, self.admin)
        assert await junior.is_refused(path, {"password": junior.password}) == "422 TITLE"

    async def it_is_released(self, ear: Ear) -> None:
        released = await self.reviewer.verifies(self.report["id"])
        self.report = released
        assert (released["state"], released["author"]["name"], released["verifier"]["name"]) == (
            "released",
            "哈志远",
            "罗燕",
        )
        assert released["digest"]
        await ear.hears("reports.released", id=released["id"], organization="T01")
        order = await self.lan.sees(f"/api/v1/reading-orders/{self.order['id']}")
        assert order["state"] == "final"
        words = [event["name"] for event in order["events"]]
        expected = ["created", "images-arrived", "completed", "claimed", "report-signed", "final"]
        short = [name.partition(".")[2] for name in words if name.startswith("reading-orders.")]
        assert [name for name in short if name in expected] in (expected, [*expected[:4], *expected[3:]]), words

    async def it_is_on_paper(self) -> None:
        pdf = await self.lan.gets(f"/api/v1/reports/{self.report['id']}/pdf", "application/pdf")
        assert pdf == await self.reviewer.gets(f"/api/v1/reports/{self.report['id']}/pdf", "application/pdf")
        code = self.report["verification_code"]
        await _paper_says(pdf, self.folder, FINDINGS, IMPRESSION, "马建国", "哈志远", "罗燕", code)
        async with self.yunling.http.get(f"{self.hub.url}/v/{code}", headers={"Accept": "application/json"}) as answer:
            genuine = await answer.json()
        assert (genuine["digest_valid"], genuine["superseded"]) == (True, False)
        assert genuine["number"] == self.report["number"]
        assert "马建国" not in str(genuine), "anybody may ask; the name is masked"
        async with self.yunling.http.get(f"{self.hub.url}/v/NOSUCHCODE00") as answer:
            assert answer.status == 404

    async def it_is_back_in_the_township_s_archive(self) -> None:
        paper = await self.shelf.holds(ENCAPSULATED_PDF)
        pdf = await self.lan.gets(f"/api/v1/reports/{self.report['id']}/pdf", "application/pdf")
        assert paper.EncapsulatedDocument[: len(pdf)] == pdf
        text = await self.shelf.holds(BASIC_TEXT_SR)
        said = {
            item.get("TextValue", "") for block in text.ContentSequence for item in block.get("ContentSequence", [])
        }
        assert {FINDINGS, IMPRESSION} <= said | {item.get("TextValue", "") for item in text.ContentSequence}
        for ds in (paper, text):
            assert (str(ds.PatientName), ds.StudyInstanceUID) == ("马建国", self.order["study_uid"])
            assert (ds.AccessionNumber, ds.PatientSex) == (self.order["number"], "M")

    async def it_is_read(self) -> None:
        path = f"/api/v1/reports/{self.report['id']}"
        unread = (await self.lan.sees("/api/v1/reports?unread=1"))["items"]
        assert [(item["id"], item["impression"]) for item in unread] == [(self.report["id"], IMPRESSION)]
        assert (await self.lan.sees("/api/v1/overview"))["unread"] == 1
        shown = await self.lan.sees(path)
        assert (shown["findings"], shown["impression"]) == (FINDINGS, IMPRESSION)
        assert (await self.he.asks("GET", path)).status == 404, "not 柳沟镇's"
        await self.lan.does(f"{path}/read")
        assert (await self.lan.sees("/api/v1/overview"))["unread"] == 0
        receipts = (await self.reviewer.sees(path))["reads"]
        assert ("李兰", "T01", True) in {(r["user"]["name"], r["organization_id"], r["receipt"]) for r in receipts}


async def _junior_reviewer(yunling: County, admin: Person) -> Person:
    """Let the administrator open an account for a reviewer of low title, and her sign in."""
    password = "lutong-demo-2026"
    roles = [{"organization_id": "C01", "role": "reviewing-physician", "centre_id": "C01-RAD"}]
    account = {"username": "xiaoding", "name": "小丁", "title": "住院", "password": password, "roles": roles}
    await admin.does("/api/v1/users", account)
    return await yunling.person("xiaoding", password)


async def _paper_says(pdf: bytes, folder: Path, *words: str) -> None:
    assert pdf.startswith(b"%PDF-")
    paper = folder / "report.pdf"
    paper.write_bytes(pdf)
    pdftotext = system_program("pdftotext", "poppler-utils")
    process = await asyncio.create_subprocess_exec(pdftotext, paper, "-", stdout=asyncio.subprocess.PIPE)
    text = "".join((await process.communicate())[0].decode().split())
    assert [word for word in words if "".join(word.split()) not in text] == [], text


def audit_is_sound(hub: RunningHub) -> str:
    """Run `lutong audit verify` as the auditor does; return what it printed."""
    done = subprocess.run(
        [PROGRAM, "audit", "verify"],
        env={name: value for name, value in hub.environment.items() if name != "LUTONG_CLOCK_FILE"},  # not a demo
        cwd=hub.data_dir,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_a_study_travels_to_the_county_and_its_report_comes_back(yunling: County, tmp_path: Path) -> None:
    with report_shelf("T01PACS") as shelf:
        walk = Walk(yunling, tmp_path, shelf)
        await walk.people_come_to_work()
        await walk.the_township_says_where_reports_go()
        await walk.a_study_is_asked_for()
        await walk.the_first_slice_is_durable_when_it_is_acknowledged()
        async with listening(walk.reader) as county_ear, listening(walk.lan) as township_ear:
            await walk.with_the_last_slice_it_is_complete_matched_and_routed(county_ear)
            await walk.it_lies_in_the_centre_s_worklist()
            await walk.one_reader_claims_it()
            await walk.she_looks_at_the_images()
            await walk.she_writes_and_nobody_overwrites_her()
            await walk.she_signs_with_her_password()
            await walk.only_a_second_physician_of_her_rank_may_verify()
            await walk.it_is_released(township_ear)
        await walk.it_is_on_paper()
        await walk.it_is_back_in_the_township_s_archive()
        await walk.it_is_read()
        await asyncio.sleep(1.5)  # the sealer chains what is written within a second
        assert "the audit chain is sound" in audit_is_sound(yunling.hub)


def test_the_objects_of_the_device_are_readable() -> None:
    assert {pydicom.dcmread(io.BytesIO(content)).Modality for content in ma_of("R-2611-0001-K")} == {"CT"}
