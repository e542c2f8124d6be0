"""`lutong simulate`: a morning in the demo county against the running hub, by DICOM and HTTP only.

Everything goes through the doors that people and devices have: sign-in, REST, C-STORE, DICOMweb. It ends with
studies in every state, so that each screen has something to show.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp

from dicom.ecg.synthesis import EcgRecipe
from server.bootstrap import make_clock
from server.cli.actors import Actor, Json, Refused
from server.cli.morning import MA, PEOPLE, Person, Sample, chest_object, ecg_object, sample_objects
from server.cli.referral_scene import play_referrals
from server.clock import Clock
from server.listeners.scu import Destination, send
from server.settings import Loaded, Settings
from server.workflows.demo import PASSWORD

COUNTY = ZoneInfo("Asia/Shanghai")
INFERIOR = EcgRecipe(rate_bpm=52, pr_ms=180, qt_ms=410, st_mv={"II": 0.3, "III": 0.3, "aVF": 0.3})
NORMAL = EcgRecipe(rate_bpm=74)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a township asks of a centre."""

    kind: str
    priority: str
    question: str
    expected: int = 1


class Morning:
    """The day's script; each step says what it does."""

    def __init__(
        self, settings: Settings, http: aiohttp.ClientSession, clock: Clock, files: Path | None, pause: float
    ) -> None:
        self.settings, self.clock, self.files, self.pause = settings, clock, files, pause
        self._http = http
        self._seed = 0

    async def person(self, username: str) -> Actor:
        """Return an actor who has signed in."""
        return await Actor(username, self._http, self.settings.url).sign_in(username)

    def device_time(self) -> datetime:
        """Return the time on a device in the county: local, as its objects carry it."""
        return self.clock.now().astimezone(COUNTY)

    async def say(self, text: str) -> None:
        """Tell what happens, then wait so that people can watch."""
        sys.stdout.write(f"  {self.device_time():%H:%M:%S}  {text}\n")
        sys.stdout.flush()
        await asyncio.sleep(self.pause)

    async def register(self, doctor: Actor, who: Person) -> str:
        """Register a resident, or find them when a morning was played before."""
        found = await doctor.get(f"/api/v1/patients?q={who.resident_id}")
        if found["items"] and found["items"][0].get("visible", True):
            return str(found["items"][0]["id"])
        body: Json = {
            "name": who.name,
            "sex": who.sex,
            "birth_date": who.birth_date,
            "identifiers": [{"system": "resident-id", "value": who.resident_id}],
        }
        if who.phone:
            body["phone"] = who.phone
        if who.poverty:
            body["assistance"] = [{"category": "registered-poverty", "from": "2020-01-01"}]
        return str((await doctor.post("/api/v1/patients", body))["id"])

    async def order(self, doctor: Actor, who: Person, ask: Ask) -> Json:
        """Ask a centre to read; the resident is registered first when need be."""
        body = {
            "patient_id": await self.register(doctor, who),
            "kind": ask.kind,
            "priority": ask.priority,
            "question": ask.question,
            "history": "",
            "expected_instances": ask.expected,
        }
        return await doctor.post("/api/v1/reading-orders", body)

    async def send(self, ae_title: str, objects: list[bytes]) -> None:
        """Send objects by C-STORE, as the clinic's device would."""
        with tempfile.TemporaryDirectory(prefix="lutong-morning-") as folder:
            files = []
            for number, content in enumerate(objects):
                files.append(Path(folder) / f"{number}.dcm")
                await asyncio.to_thread(files[-1].write_bytes, content)
            gateway = Destination(self.settings.bind, self.settings.dicom_port, self.settings.ae_title, ae_title)
            outcomes = await send(gateway, files)
        bad = [outcome for outcome in outcomes if outcome.status not in (0, 0xB000)]
        if bad:
            raise Refused(f"C-STORE from {ae_title}: {bad[0]}")

    async def reaches(self, doctor: Actor, order_id: str, *states: str) -> Json:
        """Wait until an order is in one of the states."""
        state = ""
        for _ in range(240):
            order = await doctor.get(f"/api/v1/reading-orders/{order_id}")
            state = order["state"]
            if state in states:
                return order
            await asyncio.sleep(0.25)
        raise Refused(f"order {order_id} stayed in {state}, expected {' or '.join(states)}")

    async def ecg(self, doctor: Actor, who: Person, ask: Ask, *, ae_title: str, recipe: EcgRecipe = NORMAL) -> Json:
        """Order and send an ECG; return the order when it can be claimed."""
        order = await self.order(doctor, who, ask)
        self._seed += 1
        content = ecg_object(who, recipe, accession=order["number"], at=self.device_time(), seed=self._seed)
        await self.send(ae_title, [content])
        return await self.reaches(doctor, order["id"], "ready")

    async def read(self, reader: Actor, order: Json, findings: str, impression: str, **ticks: bool) -> Json:
        """Claim, write and sign; return the report awaiting its second signature."""
        claimed = await reader.post(f"/api/v1/reading-orders/{order['id']}/claim")
        path = f"/api/v1/reading-orders/{claimed['id']}/report"
        draft = await reader.get(path)
        body = {"findings": findings, "impression": impression, "positive": False, "critical": False} | ticks
        saved = await reader.call("PUT", path, body, if_match=draft["version"])
        return await reader.post(f"/api/v1/reports/{saved['id']}/sign", {"password": PASSWORD})

    async def verify(self, reviewer: Actor, report: Json) -> Json:
        """Give the second signature."""
        return await reviewer.post(f"/api/v1/reports/{report['id']}/verify", {"password": PASSWORD})


async def play(morning: Morning) -> None:
    """Play the morning once."""
    lan, lin = await morning.person("lilan"), await morning.person("helin")
    ke, yue = await morning.person("wangke"), await morning.person("chenyue")
    zhiyuan, yan = await morning.person("hazhiyuan"), await morning.person("luoyan")
    await morning.say("李兰 在石门镇登记马建国，送急诊心电：胸痛 50 分钟")
    heart = await morning.ecg(
        lan, MA, Ask("ecg", "emergency", "胸痛 50 分钟，请排除急性心肌梗死"), ae_title="T01", recipe=INFERIOR
    )
    await morning.say(f"心电 {heart['number']} 已到心电中心，{heart['route_reason']['zh']}")
    chest = await _chest(morning, lan)
    await _routine(morning, lan, lin)
    await morning.say("王珂 领取马建国的心电，写报告、签名")
    report = await morning.read(
        ke,
        heart,
        "窦性心动过缓，52 次/分；II、III、aVF 导联 ST 段抬高约 0.3 mV，I、aVL 对应性压低。",
        "急性下壁心肌梗死，建议加做右胸导联，立即启动胸痛绿色通道。",
        positive=True,
        critical=True,
    )
    await morning.say("陈岳 复核，报告签发，回到石门镇")
    await morning.verify(yue, report)
    await morning.say("罗燕 领取马建国的胸片，报告，哈志远 正看别的片子")
    await _radiology(morning, chest, zhiyuan, yan)
    await _stranger(morning)
    await morning.say("李兰 读了心电报告，回执已记下")
    await lan.post(f"/api/v1/reports/{report['id']}/read", {})
    await play_referrals(morning, heart, report)
    await morning.say("早晨演完了：每个页面上都有活儿。")


async def _chest(morning: Morning, doctor: Actor) -> Json:
    await morning.say("马建国 的胸部 DR：设备把姓名写成 GBK，却说是 ISO_IR 100")
    order = await morning.order(doctor, MA, Ask("radiology", "emergency", "胸痛 1 小时，除外气胸、纵隔增宽"))
    at = morning.device_time()
    await morning.send("T01", [chest_object(MA, accession=order["number"], at=at, gbk_under_latin=True)])
    return await morning.reaches(doctor, order["id"], "ready")


async def _routine(morning: Morning, lan: Actor, lin: Actor) -> None:
    await morning.say("石门镇、柳沟镇的平诊陆续到：CT、超声、心电")
    plans = (
        (
            lin,
            "T02",
            PEOPLE[1],
            Sample("CT", "头颅 CT 平扫", 3),
            Ask("radiology", "urgent", "摔倒后头痛，除外出血", 3),
        ),
        (lan, "T01", PEOPLE[2], Sample("CT", "上腹部 CT 平扫", 6), Ask("radiology", "routine", "上腹痛两周", 6)),
        (lan, "T01", PEOPLE[7], Sample("US", "产科超声"), Ask("imaging", "routine", "孕 24 周，常规产检")),
        (lin, "T02", PEOPLE[6], Sample("CT", "胸部 CT 平扫", 2), Ask("radiology", "routine", "咳嗽一月", 2)),
    )
    for doctor, ae_title, who, sample, ask in plans:
        order = await morning.order(doctor, who, ask)
        at, number = morning.device_time(), order["number"]
        await morning.send(ae_title, sample_objects(who, sample, accession=number, at=at, files=morning.files))
    for doctor, ae_title, who in ((lan, "T01", PEOPLE[4]), (lin, "T02", PEOPLE[5]), (lan, "T01", PEOPLE[9])):
        await morning.ecg(doctor, who, Ask("ecg", "routine", "体检"), ae_title=ae_title)


async def _radiology(morning: Morning, chest: Json, reader: Actor, reviewer: Actor) -> None:
    report = await morning.read(
        reader, chest, "两肺纹理清晰，未见气胸线；纵隔不宽；心影不大；膈面光整。", "心肺膈未见明显异常；未见气胸。"
    )
    await morning.verify(reviewer, report)
    waiting = await reader.get("/api/v1/reading-orders?state=ready")
    radiology = [item for item in waiting["items"] if item["kind"] == "radiology"]
    if len(radiology) > 1:  # one is being read, another goes back
        await reader.post(f"/api/v1/reading-orders/{radiology[0]['id']}/claim")
        claimed = await reviewer.post(f"/api/v1/reading-orders/{radiology[-1]['id']}/claim")
        reason = {"code": "side-marker", "reason": "侧别标记错误，请核对后重传"}
        await reviewer.post(f"/api/v1/reading-orders/{claimed['id']}/return", reason)
        await morning.say("罗燕 退回一份：侧别标记错误；计时暂停，写明原因")


async def _stranger(morning: Morning) -> None:
    await morning.say("一份没有登记过的心电：先放在待核对，等人来认")
    stranger = Person("王五", "male", "19710101", 77)
    await morning.send("T02", [ecg_object(stranger, NORMAL, accession="", at=morning.device_time(), seed=99)])


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--files", type=Path, help="a folder of real DICOM files to use instead of the samples")
    parser.add_argument("--pause", type=float, default=1.5, help="seconds between the steps")
    parser.set_defaults(run=run, demo=True)


def run(loaded: Loaded, arguments: argparse.Namespace) -> int:
    """Play a morning; 1 when the hub refused or is not there."""

    async def body() -> None:
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(ssl=False)) as http:
            clock = make_clock(loaded.settings)
            await play(Morning(loaded.settings, http, clock, files=arguments.files, pause=arguments.pause))

    try:
        asyncio.run(body())
    except (Refused, aiohttp.ClientError, OSError) as error:
        sys.stderr.write(f"lutong simulate: {error}\n  is the hub running with the demo county (make run)?\n")
        return 1
    return 0
